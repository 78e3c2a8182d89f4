//! Contacts: found, made, changed, matched, searched.

mod support;

use serde_json::{Value, json};
use support::{NOBODY, World, uuid};

const SEARCH: &str = "/leads/api/leads/search";
const UPSERT: &str = "/leads/api/leads/upsert";
const CREATE: &str = "/leads/api/leads";
const FIND: &str = "/leads/api/leads/lookup-one";

async fn total(world: &World, filter: Value) -> u64 {
    let body = world.post(SEARCH, json!({"filter": filter.clone(), "limit": 1})).await.expect(200);
    let counted = world.post("/leads/api/leads/count", json!({"filter": filter})).await.expect(200);
    assert_eq!(body["total"], counted["total"]);
    body["total"].as_u64().unwrap_or(u64::MAX)
}

#[tokio::test]
async fn search_shows_contacts_with_their_surroundings() {
    let world = World::demo().await;
    let body = world.post(SEARCH, json!({"limit": 1000})).await.expect(200);
    assert_eq!(body["total"], 250);
    assert!(body.get("has_more").is_none());
    let items = body["data"].as_array().unwrap();
    assert_eq!(items.len(), 250);
    assert!(items.iter().all(|item| item["lead"]["uuid"].is_string() && item["markers"] == json!([])));
    assert!(items.iter().any(|item| item["custom_fields"] == json!([])));
    assert!(items.iter().any(|item| item["custom_fields"]["persona"] == "decider"));
    assert!(items.iter().any(|item| item["flows"][0]["status"] == "in_progress"));
    let flat = world.post(SEARCH, json!({"disable_aggregation": true})).await.expect(200);
    assert_eq!(flat["data"].as_array().unwrap().len(), 20);
    let contact = flat["data"][0].as_object().unwrap();
    assert_eq!(contact.len(), 47);
    assert!(contact["uuid"].is_string() && contact["posts"].is_null());
}

#[tokio::test]
async fn search_filters() {
    let world = World::demo().await;
    assert_eq!(total(&world, json!({"company_name": "examplecorp"})).await, 32);
    assert_eq!(total(&world, json!({"company_name": ["ExampleCorp", "Fictive Foods"]})).await, 63);
    let mailed = total(&world, json!({"work_email": "is_not_null"})).await;
    assert_eq!(mailed + total(&world, json!({"work_email": "is_null"})).await, 250);
    assert_eq!(total(&world, json!({"connections_number": {">=": 100, "<": "130"}})).await, 10);
    assert_eq!(total(&world, json!({"q": "contact007@"})).await, 1);
    assert_eq!(total(&world, json!({"q": "ada almond", "company_name": "ExampleCorp"})).await, 1);
    assert_eq!(total(&world, json!({})).await, 250);
    let tag = &world.uuids("/leads/api/tags").await[0];
    assert_eq!(total(&world, json!({"tags": tag})).await, 50);
    let recent = json!({"created_at": {">": "2026-02-02 15:55:04"}});
    assert_eq!(total(&world, recent).await, 23);
}

#[tokio::test]
async fn search_refuses_as_the_api_does() {
    let world = World::demo().await;
    for key in ["updated_at", "nickname"] {
        let answer = world.post(SEARCH, json!({"filter": {key: "2026-02-03"}})).await;
        assert_eq!(answer.body["message"], format!("Undefined column: {key}"));
        answer.refuses(500, "server_error", &[]);
    }
    world.post(SEARCH, json!({"limit": 0})).await.invalid(&["limit"]);
    world.post(SEARCH, json!({"limit": "x", "offset": -1})).await.invalid(&["limit", "offset"]);
    world.post(SEARCH, json!({"offset": 9981})).await.invalid(&["offset"]);
    world.post(SEARCH, json!({"order_field": "x"})).await.invalid(&["order_field"]);
    let granted = world.post(SEARCH, json!({"limit": 5000})).await.expect(200);
    assert_eq!(granted["limit"], 1000);
}

#[tokio::test]
async fn pages_are_disjoint_and_complete_in_any_order() {
    let world = World::demo().await;
    for (field, direction) in
        [("created_at", "desc"), ("company_name", "asc"), ("work_email", "desc"), ("has_premium", "asc")]
    {
        let page = |limit: usize, offset: usize| {
            let body = json!({
                "limit": limit, "offset": offset, "order_field": field, "order_type": direction,
                "disable_aggregation": true,
            });
            world.post(SEARCH, body)
        };
        let whole = page(1000, 0).await.expect(200);
        let mut pieces: Vec<Value> = Vec::new();
        loop {
            let piece = page(70, pieces.len()).await.expect(200);
            assert_eq!(piece["total"], 250);
            let rows = piece["data"].as_array().unwrap();
            if rows.is_empty() {
                break;
            }
            pieces.extend(rows.iter().cloned());
        }
        assert_eq!(&pieces, whole["data"].as_array().unwrap(), "{field} {direction}");
    }
}

#[tokio::test]
async fn one_contact_is_shown_changed_and_removed() {
    let world = World::demo().await;
    let contact = world.a_contact().await;
    let path = format!("/leads/api/leads/{}", uuid(&contact));
    let shown = world.get(&path).await.expect(200);
    assert_eq!(shown["lead"], contact);
    assert!(shown.get("flows").is_some() && shown.get("custom_fields").is_some());

    world.sandbox.clock().advance(std::time::Duration::from_secs(5));
    let change = json!({
        "first_name": "Zoë", "position": null, "work_email": "new@example.com", "pipeline_stage_uuid": NOBODY,
        "custom_fields": {"persona": "x"}, "linkedin": "https://www.linkedin.com/in/Zoe-New/",
    });
    let changed = world.put(&path, change).await.expect(200);
    assert_eq!(changed["name"], format!("Zoë {}", contact["last_name"].as_str().unwrap()));
    assert_eq!(changed["position"], Value::Null);
    assert_eq!(changed["linkedin"], "zoe-new");
    for dropped in ["work_email", "pipeline_stage_uuid", "created_at"] {
        assert_eq!(changed[dropped], contact[dropped]);
    }
    assert_eq!(changed["updated_at"], "2026-02-03T15:55:09.000000Z");
    world.put(&path, json!({"first_name": 7, "linkedin": "a b"})).await.invalid(&["first_name", "linkedin"]);

    world.delete(&path).await.expect(204);
    world.get(&path).await.missing();
    world.put(&path, json!({})).await.missing();
    world.delete(&path).await.missing();
    assert_eq!(total(&world, json!({})).await, 249);
}

#[tokio::test]
async fn counting_takes_ids_all_or_a_filter() {
    let world = World::demo().await;
    let path = "/leads/api/leads/count";
    let contact = uuid(&world.a_contact().await);
    assert_eq!(world.post(path, json!({"all": true})).await.expect(200), json!({"total": 250}));
    let ids = json!({"ids": [contact, NOBODY]});
    assert_eq!(world.post(path, ids).await.expect(200)["total"], 1);
    assert_eq!(world.post(path, json!({})).await.expect(200)["total"], 250);
    world.post(path, json!({"ids": [1]})).await.invalid(&["ids.0"]);
    world.post(path, json!({"filter": {"x": 1}})).await.refuses(500, "server_error", &[]);
}

#[tokio::test]
async fn upsert_matches_by_the_first_that_is_known() {
    // One contact for each way of matching, in the order of the ways.
    let contacts = [
        json!({"linkedin_id": "by-member", "ln_member_id": "77"}),
        json!({"linkedin_id": "ACoAAA1", "first_name": "Ln"}),
        json!({"linkedin_id": "ACwAAA1", "first_name": "Sn"}),
        json!({"linkedin_id": "by-nickname"}),
        json!({"linkedin_id": "by-work", "work_email": "work@example.com"}),
        json!({"linkedin_id": "by-home", "personal_email": "home@example.com"}),
        json!({"linkedin_id": "by-name", "first_name": "Ada", "last_name": "Ivers", "company_name": "ExampleCorp"}),
    ];
    // What finds each of them but the last, which its name and company find.
    let ways = [
        ("ln_member_id", "77"),
        ("ln_id", "ACoAAA1"),
        ("sn_id", "ACwAAA1"),
        ("linkedin", "By-Nickname"),
        ("work_email", "WORK@example.com"),
        ("personal_email", "home@example.com"),
    ];
    for at in 0..contacts.len() {
        // A match also writes, so that each way is tried in a world of its own.
        let world = World::empty().await;
        let list = world.a_list().await;
        let mut known = Vec::new();
        for contact in &contacts {
            known.push(uuid(&world.upsert(&list, contact.clone()).await));
        }
        let mut lead = json!({"first_name": "ada", "last_name": "IVERS", "company_name": "examplecorp"});
        for (name, value) in ways.iter().skip(at) {
            lead[*name] = json!(value);
        }
        let found = world.post(CREATE, json!({"list_uuid": list, "leads": [lead]})).await.expect(200);
        assert_eq!(known.iter().position(|it| *it == uuid(&found[0])), Some(at));
    }
}

#[tokio::test]
async fn every_form_of_a_profile_is_one_contact() {
    let world = World::empty().await;
    let list = world.a_list().await;
    let first = world.upsert(&list, json!({"linkedin_id": "jürgen-m"})).await;
    assert_eq!(first["linkedin"], "jürgen-m");
    for form in [
        "https://www.linkedin.com/in/j%C3%BCrgen-m/",
        "de.linkedin.com/in/jürgen-m?trk=x",
        "http://linkedin.com/in/JÜRGEN-M",
    ] {
        let again = world.upsert(&list, json!({"linkedin_id": form})).await;
        assert_eq!(uuid(&again), uuid(&first), "{form}");
    }
    assert_eq!(world.upsert(&list, json!({"linkedin_id": "ACoAAA1"})).await["ln_id"], "ACoAAA1");
    assert_eq!(world.upsert(&list, json!({"linkedin_id": "ACwAAA1"})).await["sn_id"], "ACwAAA1");
}

#[tokio::test]
async fn a_plain_email_is_neither_stored_nor_matched() {
    let world = World::empty().await;
    let list = world.a_list().await;
    let first = world.upsert(&list, json!({"linkedin_id": "a", "email": "one@example.com"})).await;
    assert_eq!((&first["work_email"], &first["personal_email"]), (&Value::Null, &Value::Null));
    let second = world.upsert(&list, json!({"linkedin_id": "b", "email": "one@example.com"})).await;
    assert_ne!(uuid(&first), uuid(&second));
    world.post(FIND, json!({"email": "one@example.com"})).await.missing();
}

#[tokio::test]
async fn upsert_updates_moves_and_fills_custom_fields_only_if_allowed() {
    let world = World::empty().await;
    let (list, other) = (world.a_list().await, world.a_list().await);
    let field = json!({"name": "persona", "object": "lead"});
    world.post("/leads/api/custom-fields", field).await.expect(201);
    let upsert = |lead: Value, list: &str, more: Value| {
        let mut body = json!({"lead": lead, "list_uuid": list});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        world.post(UPSERT, body)
    };
    let custom = json!({"custom_fields": {"persona": "buyer", "unheard_of": "x"}});
    let lead = json!({"linkedin_id": "ada", "first_name": "Ada"});
    let first = upsert(lead.clone(), &list, custom).await.expect(200);
    let path = format!("/leads/api/leads/{}", uuid(&first));
    assert_eq!(world.get(&path).await.expect(200)["custom_fields"], json!({"persona": "buyer"}));

    let renamed = json!({"linkedin_id": "ada", "first_name": "Eda"});
    let frozen = json!({"update_if_exists": false, "custom_fields": {"persona": "user"}});
    let same = upsert(renamed.clone(), &other, frozen).await.expect(200);
    assert_eq!(same, first);
    assert_eq!(world.get(&path).await.expect(200)["custom_fields"]["persona"], "buyer");

    let updated = upsert(renamed, &other, json!({"custom_fields": {"persona": null}})).await.expect(200);
    assert_eq!((updated["name"].as_str(), &updated["list_uuid"]), (Some("Eda"), &first["list_uuid"]));
    assert_eq!(world.get(&path).await.expect(200)["custom_fields"], json!([]));
    let moved = upsert(lead, &other, json!({"move_to_list": true})).await.expect(200);
    assert_eq!(moved["list_uuid"], json!(other));
}

#[tokio::test]
async fn upsert_refuses_what_is_missing_or_unknown() {
    let world = World::empty().await;
    let list = world.a_list().await;
    world.post(UPSERT, json!({})).await.invalid(&["lead.linkedin_id", "list_uuid"]);
    let stranger = json!({"lead": {"linkedin_id": "a"}, "list_uuid": NOBODY});
    world.post(UPSERT, stranger).await.invalid(&["list_uuid"]);
    let wrong = json!({"lead": {"linkedin_id": "https://example.com/in/a"}, "list_uuid": list});
    world.post(UPSERT, wrong).await.invalid(&["lead.linkedin_id"]);
    let wrong = json!({"lead": {"linkedin_id": 7}, "list_uuid": list, "move_to_list": "x"});
    world.post(UPSERT, wrong).await.invalid(&["lead.linkedin_id", "move_to_list"]);
    assert_eq!(total(&world, json!({})).await, 0);
}

#[tokio::test]
async fn many_contacts_are_made_in_their_order_or_none() {
    let world = World::empty().await;
    let list = world.a_list().await;
    let leads = json!([
        {"linkedin_id": "ada", "first_name": "Ada", "email": "ada@example.com", "raw_address": "Berlin"},
        {"first_name": "Bo", "last_name": "Lind", "company_name": "ExampleCorp", "position": "CTO"},
        {"linkedin_id": "ADA", "position": "CEO"},
    ]);
    let made = world.post(CREATE, json!({"list_uuid": list, "leads": leads})).await.expect(200);
    assert_eq!(made.as_array().unwrap().len(), 3);
    assert_eq!((&made[0]["list_uuid"], made[1]["name"].as_str()), (&json!(list), Some("Bo Lind")));
    assert_eq!((uuid(&made[2]), made[2]["position"].as_str()), (uuid(&made[0]), Some("CEO")));
    assert_eq!(total(&world, json!({})).await, 2);

    let half = json!({"list_uuid": list, "leads": [{"linkedin_id": "new"}, {"position": "x"}, 7]});
    world.post(CREATE, half).await.invalid(&["leads.1.linkedin_id", "leads.2"]);
    world.post(CREATE, json!({"list_uuid": NOBODY})).await.invalid(&["list_uuid", "leads"]);
    assert_eq!(total(&world, json!({})).await, 2);
}

#[tokio::test]
async fn one_contact_is_found_by_handle_email_or_name() {
    let world = World::demo().await;
    let wanted = json!({"q": "contact007@example.com"});
    let body = json!({"filter": wanted, "disable_aggregation": true});
    let contact = world.post(SEARCH, body).await.expect(200)["data"][0].clone();
    let nickname = contact["linkedin"].as_str().unwrap();
    for given in [
        json!({"linkedin_id": nickname}),
        json!({"linkedin_id": format!("https://www.linkedin.com/in/{nickname}/")}),
        json!({"linkedin_id": contact["ln_id"]}),
        json!({"email": "Contact007@example.com"}),
        json!({"name": contact["name"], "company_name": contact["company_name"]}),
        json!({"linkedin_id": "nobody-at-all", "email": "contact007@example.com"}),
    ] {
        assert_eq!(world.post(FIND, given.clone()).await.expect(200), contact, "{given}");
    }
    world.post(FIND, json!({"linkedin_id": "nobody-at-all"})).await.missing();
    world.post(FIND, json!({"name": "Ada"})).await.invalid(&["linkedin_id"]);
    world.post(FIND, json!({"linkedin_id": "https://example.com/x"})).await.invalid(&["linkedin_id"]);
}

#[tokio::test]
async fn mass_actions_change_the_chosen() {
    let world = World::demo().await;
    let path = "/leads/api/leads/mass-action";
    let contact = world.a_contact().await;
    let id = uuid(&contact);
    let act = |kind: &str, filter: Value, payload: Value| {
        world.put(path, json!({"type": kind, "filter": filter, "payload": payload}))
    };
    let ids = json!({"ids": [id]});
    let tags = world.uuids("/leads/api/tags").await;
    act("contact_replace_tags", ids.clone(), json!({"tag_uuids": []})).await.expect(200);
    act("contact_add_tags", ids.clone(), json!({"tag_uuid": tags[0]})).await.expect(200);
    act("contact_add_tags", ids.clone(), json!({"tag_uuid": tags[0]})).await.expect(200);
    assert_eq!(world.a_contact().await["tags"], json!([tags[0]]));
    act("contact_remove_tags", ids.clone(), json!({"tag_uuid": tags[0]})).await.expect(200);
    assert_eq!(world.a_contact().await["tags"], json!([]));
    let list = world.a_list().await;
    act("contact_change_list", json!({"all": true, "excludeIds": [id]}), json!({"list_uuid": list}))
        .await
        .expect(200);
    assert_eq!(total(&world, json!({"list_uuid": list})).await, 249);
    act("contact_delete", json!({"all": true, "excludeIds": [id]}), json!({})).await.expect(200);
    assert_eq!(total(&world, json!({})).await, 1);

    act("contact_add_tags", ids.clone(), json!({"tag_uuid": NOBODY})).await.invalid(&["payload.tag_uuid"]);
    act("contact_dance", json!({}), json!({})).await.invalid(&["type", "filter"]);
    act("contact_export_csv", ids, json!({})).await.expect(200);
}
