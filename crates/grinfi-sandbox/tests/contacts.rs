//! Contacts: search, create, update, match, delete.

mod support;

use serde_json::{Value, json};
use support::{TestServer, UNKNOWN_UUID, uuid};

const SEARCH: &str = "/leads/api/leads/search";
const UPSERT: &str = "/leads/api/leads/upsert";
const CREATE: &str = "/leads/api/leads";
const FIND: &str = "/leads/api/leads/lookup-one";

async fn total(server: &TestServer, filter: Value) -> u64 {
    let body = server.post(SEARCH, json!({"filter": filter.clone(), "limit": 1})).await.expect(200);
    let counted = server.post("/leads/api/leads/count", json!({"filter": filter})).await.expect(200);
    assert_eq!(body["total"], counted["total"]);
    body["total"].as_u64().unwrap_or(u64::MAX)
}

#[tokio::test]
async fn search_wraps_contacts() {
    let server = TestServer::demo().await;
    let body = server.post(SEARCH, json!({"limit": 1000})).await.expect(200);
    assert_eq!(body["total"], 250);
    assert!(body.get("has_more").is_none());
    let items = body["data"].as_array().unwrap();
    assert_eq!(items.len(), 250);
    assert!(items.iter().all(|item| item["lead"]["uuid"].is_string() && item["markers"] == json!([])));
    assert!(items.iter().any(|item| item["custom_fields"] == json!([])));
    assert!(items.iter().any(|item| item["custom_fields"]["persona"] == "decider"));
    assert!(items.iter().any(|item| item["flows"][0]["status"] == "in_progress"));
    let flat = server.post(SEARCH, json!({"disable_aggregation": true})).await.expect(200);
    assert_eq!(flat["data"].as_array().unwrap().len(), 20);
    let contact = flat["data"][0].as_object().unwrap();
    assert_eq!(contact.len(), 47);
    assert!(contact["uuid"].is_string() && contact["posts"].is_null());
}

#[tokio::test]
async fn search_filters() {
    let server = TestServer::demo().await;
    assert_eq!(total(&server, json!({"company_name": "examplecorp"})).await, 32);
    assert_eq!(total(&server, json!({"company_name": ["ExampleCorp", "Fictive Foods"]})).await, 63);
    let mailed = total(&server, json!({"work_email": "is_not_null"})).await;
    assert_eq!(mailed + total(&server, json!({"work_email": "is_null"})).await, 250);
    assert_eq!(total(&server, json!({"connections_number": {">=": 100, "<": "130"}})).await, 10);
    assert_eq!(total(&server, json!({"q": "contact007@"})).await, 1);
    assert_eq!(total(&server, json!({"q": "ada almond", "company_name": "ExampleCorp"})).await, 1);
    assert_eq!(total(&server, json!({})).await, 250);
    let tag = &server.uuids("/leads/api/tags").await[0];
    assert_eq!(total(&server, json!({"tags": tag})).await, 50);
    let recent = json!({"created_at": {">": "2026-02-02 15:55:04"}});
    assert_eq!(total(&server, recent).await, 23);
}

#[tokio::test]
async fn search_rejects_like_the_api() {
    let server = TestServer::demo().await;
    for key in ["updated_at", "nickname"] {
        let response = server.post(SEARCH, json!({"filter": {key: "2026-02-03"}})).await;
        assert_eq!(response.body["message"], format!("Undefined column: {key}"));
        response.expect_error(500, "server_error", &[]);
    }
    server.post(SEARCH, json!({"limit": 0})).await.expect_invalid(&["limit"]);
    server.post(SEARCH, json!({"limit": "x", "offset": -1})).await.expect_invalid(&["limit", "offset"]);
    server.post(SEARCH, json!({"offset": 9981})).await.expect_invalid(&["offset"]);
    server.post(SEARCH, json!({"order_field": "x"})).await.expect_invalid(&["order_field"]);
    let granted = server.post(SEARCH, json!({"limit": 5000})).await.expect(200);
    assert_eq!(granted["limit"], 1000);
}

#[tokio::test]
async fn pages_are_disjoint_and_complete() {
    let server = TestServer::demo().await;
    for (field, direction) in
        [("created_at", "desc"), ("company_name", "asc"), ("work_email", "desc"), ("has_premium", "asc")]
    {
        let page = |limit: usize, offset: usize| {
            let body = json!({
                "limit": limit, "offset": offset, "order_field": field, "order_type": direction,
                "disable_aggregation": true,
            });
            server.post(SEARCH, body)
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
async fn gets_updates_and_deletes_contact() {
    let server = TestServer::demo().await;
    let contact = server.newest_contact().await;
    let path = format!("/leads/api/leads/{}", uuid(&contact));
    let shown = server.get(&path).await.expect(200);
    assert_eq!(shown["lead"], contact);
    assert!(shown.get("flows").is_some() && shown.get("custom_fields").is_some());

    server.sandbox.clock().advance(std::time::Duration::from_secs(5));
    let change = json!({
        "first_name": "Zoë", "position": null, "work_email": "new@example.com", "pipeline_stage_uuid": UNKNOWN_UUID,
        "custom_fields": {"persona": "x"}, "linkedin": "https://www.linkedin.com/in/Zoe-New/",
    });
    let changed = server.put(&path, change).await.expect(200);
    assert_eq!(changed["name"], format!("Zoë {}", contact["last_name"].as_str().unwrap()));
    assert_eq!(changed["position"], Value::Null);
    assert_eq!(changed["linkedin"], "zoe-new");
    for dropped in ["work_email", "pipeline_stage_uuid", "created_at"] {
        assert_eq!(changed[dropped], contact[dropped]);
    }
    assert_eq!(changed["updated_at"], "2026-02-03T15:55:09.000000Z");
    server
        .put(&path, json!({"first_name": 7, "linkedin": "a b"}))
        .await
        .expect_invalid(&["first_name", "linkedin"]);

    server.delete(&path).await.expect(204);
    server.get(&path).await.expect_not_found();
    server.put(&path, json!({})).await.expect_not_found();
    server.delete(&path).await.expect_not_found();
    assert_eq!(total(&server, json!({})).await, 249);
}

#[tokio::test]
async fn counts_by_ids_all_or_filter() {
    let server = TestServer::demo().await;
    let path = "/leads/api/leads/count";
    let contact = uuid(&server.newest_contact().await);
    assert_eq!(server.post(path, json!({"all": true})).await.expect(200), json!({"total": 250}));
    let ids = json!({"ids": [contact, UNKNOWN_UUID]});
    assert_eq!(server.post(path, ids).await.expect(200)["total"], 1);
    assert_eq!(server.post(path, json!({})).await.expect(200)["total"], 250);
    server.post(path, json!({"ids": [1]})).await.expect_invalid(&["ids.0"]);
    server.post(path, json!({"filter": {"x": 1}})).await.expect_error(500, "server_error", &[]);
}

#[tokio::test]
async fn upsert_matches_first_known_key() {
    // One contact for each kind of key, in order of matching.
    let contacts = [
        json!({"linkedin_id": "by-member", "ln_member_id": "77"}),
        json!({"linkedin_id": "ACoAAA1", "first_name": "Ln"}),
        json!({"linkedin_id": "ACwAAA1", "first_name": "Sn"}),
        json!({"linkedin_id": "by-nickname"}),
        json!({"linkedin_id": "by-work", "work_email": "work@example.com"}),
        json!({"linkedin_id": "by-home", "personal_email": "home@example.com"}),
        json!({"linkedin_id": "by-name", "first_name": "Ada", "last_name": "Ivers", "company_name": "ExampleCorp"}),
    ];
    // Keys for each of them except the last, which is found by name and company.
    let ways = [
        ("ln_member_id", "77"),
        ("ln_id", "ACoAAA1"),
        ("sn_id", "ACwAAA1"),
        ("linkedin", "By-Nickname"),
        ("work_email", "WORK@example.com"),
        ("personal_email", "home@example.com"),
    ];
    for at in 0..contacts.len() {
        // A match also updates, so each kind uses its own tenant.
        let server = TestServer::empty().await;
        let list = server.create_list().await;
        let mut known = Vec::new();
        for contact in &contacts {
            known.push(uuid(&server.upsert(&list, contact.clone()).await));
        }
        let mut lead = json!({"first_name": "ada", "last_name": "IVERS", "company_name": "examplecorp"});
        for (name, value) in ways.iter().skip(at) {
            lead[*name] = json!(value);
        }
        let found = server.post(CREATE, json!({"list_uuid": list, "leads": [lead]})).await.expect(200);
        assert_eq!(known.iter().position(|it| *it == uuid(&found[0])), Some(at));
    }
}

#[tokio::test]
async fn every_profile_url_matches_same_contact() {
    let server = TestServer::empty().await;
    let list = server.create_list().await;
    let first = server.upsert(&list, json!({"linkedin_id": "jürgen-m"})).await;
    assert_eq!(first["linkedin"], "jürgen-m");
    for form in [
        "https://www.linkedin.com/in/j%C3%BCrgen-m/",
        "de.linkedin.com/in/jürgen-m?trk=x",
        "http://linkedin.com/in/JÜRGEN-M",
    ] {
        let again = server.upsert(&list, json!({"linkedin_id": form})).await;
        assert_eq!(uuid(&again), uuid(&first), "{form}");
    }
    assert_eq!(server.upsert(&list, json!({"linkedin_id": "ACoAAA1"})).await["ln_id"], "ACoAAA1");
    assert_eq!(server.upsert(&list, json!({"linkedin_id": "ACwAAA1"})).await["sn_id"], "ACwAAA1");
}

#[tokio::test]
async fn plain_email_is_ignored() {
    let server = TestServer::empty().await;
    let list = server.create_list().await;
    let first = server.upsert(&list, json!({"linkedin_id": "a", "email": "one@example.com"})).await;
    assert_eq!((&first["work_email"], &first["personal_email"]), (&Value::Null, &Value::Null));
    let second = server.upsert(&list, json!({"linkedin_id": "b", "email": "one@example.com"})).await;
    assert_ne!(uuid(&first), uuid(&second));
    server.post(FIND, json!({"email": "one@example.com"})).await.expect_not_found();
}

#[tokio::test]
async fn upsert_changes_only_what_is_allowed() {
    let server = TestServer::empty().await;
    let (list, other) = (server.create_list().await, server.create_list().await);
    let field = json!({"name": "persona", "object": "lead"});
    server.post("/leads/api/custom-fields", field).await.expect(201);
    let upsert = |lead: Value, list: &str, more: Value| {
        let mut body = json!({"lead": lead, "list_uuid": list});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        server.post(UPSERT, body)
    };
    let custom = json!({"custom_fields": {"persona": "buyer", "unheard_of": "x"}});
    let lead = json!({"linkedin_id": "ada", "first_name": "Ada"});
    let first = upsert(lead.clone(), &list, custom).await.expect(200);
    let path = format!("/leads/api/leads/{}", uuid(&first));
    assert_eq!(server.get(&path).await.expect(200)["custom_fields"], json!({"persona": "buyer"}));

    let renamed = json!({"linkedin_id": "ada", "first_name": "Eda"});
    let frozen = json!({"update_if_exists": false, "custom_fields": {"persona": "user"}});
    let same = upsert(renamed.clone(), &other, frozen).await.expect(200);
    assert_eq!(same, first);
    assert_eq!(server.get(&path).await.expect(200)["custom_fields"]["persona"], "buyer");

    let updated = upsert(renamed, &other, json!({"custom_fields": {"persona": null}})).await.expect(200);
    assert_eq!((updated["name"].as_str(), &updated["list_uuid"]), (Some("Eda"), &first["list_uuid"]));
    assert_eq!(server.get(&path).await.expect(200)["custom_fields"], json!([]));
    let moved = upsert(lead, &other, json!({"move_to_list": true})).await.expect(200);
    assert_eq!(moved["list_uuid"], json!(other));
}

#[tokio::test]
async fn upsert_rejects_missing_and_unknown_fields() {
    let server = TestServer::empty().await;
    let list = server.create_list().await;
    server.post(UPSERT, json!({})).await.expect_invalid(&["lead.linkedin_id", "list_uuid"]);
    let stranger = json!({"lead": {"linkedin_id": "a"}, "list_uuid": UNKNOWN_UUID});
    server.post(UPSERT, stranger).await.expect_invalid(&["list_uuid"]);
    let wrong = json!({"lead": {"linkedin_id": "https://example.com/in/a"}, "list_uuid": list});
    server.post(UPSERT, wrong).await.expect_invalid(&["lead.linkedin_id"]);
    let wrong = json!({"lead": {"linkedin_id": 7}, "list_uuid": list, "move_to_list": "x"});
    server.post(UPSERT, wrong).await.expect_invalid(&["lead.linkedin_id", "move_to_list"]);
    assert_eq!(total(&server, json!({})).await, 0);
}

#[tokio::test]
async fn creates_all_contacts_in_order_or_none() {
    let server = TestServer::empty().await;
    let list = server.create_list().await;
    let leads = json!([
        {"linkedin_id": "ada", "first_name": "Ada", "email": "ada@example.com", "raw_address": "Berlin"},
        {"first_name": "Bo", "last_name": "Lind", "company_name": "ExampleCorp", "position": "CTO"},
        {"linkedin_id": "ADA", "position": "CEO"},
    ]);
    let made = server.post(CREATE, json!({"list_uuid": list, "leads": leads})).await.expect(200);
    assert_eq!(made.as_array().unwrap().len(), 3);
    assert_eq!((&made[0]["list_uuid"], made[1]["name"].as_str()), (&json!(list), Some("Bo Lind")));
    assert_eq!((uuid(&made[2]), made[2]["position"].as_str()), (uuid(&made[0]), Some("CEO")));
    assert_eq!(total(&server, json!({})).await, 2);

    let half = json!({"list_uuid": list, "leads": [{"linkedin_id": "new"}, {"position": "x"}, 7]});
    server.post(CREATE, half).await.expect_invalid(&["leads.1.linkedin_id", "leads.2"]);
    server.post(CREATE, json!({"list_uuid": UNKNOWN_UUID})).await.expect_invalid(&["list_uuid", "leads"]);
    assert_eq!(total(&server, json!({})).await, 2);
}

#[tokio::test]
async fn finds_contact_by_handle_email_or_name() {
    let server = TestServer::demo().await;
    let wanted = json!({"q": "contact007@example.com"});
    let body = json!({"filter": wanted, "disable_aggregation": true});
    let contact = server.post(SEARCH, body).await.expect(200)["data"][0].clone();
    let nickname = contact["linkedin"].as_str().unwrap();
    for given in [
        json!({"linkedin_id": nickname}),
        json!({"linkedin_id": format!("https://www.linkedin.com/in/{nickname}/")}),
        json!({"linkedin_id": contact["ln_id"]}),
        json!({"email": "Contact007@example.com"}),
        json!({"name": contact["name"], "company_name": contact["company_name"]}),
        json!({"linkedin_id": "unknown-at-all", "email": "contact007@example.com"}),
    ] {
        assert_eq!(server.post(FIND, given.clone()).await.expect(200), contact, "{given}");
    }
    server.post(FIND, json!({"linkedin_id": "unknown-at-all"})).await.expect_not_found();
    server.post(FIND, json!({"name": "Ada"})).await.expect_invalid(&["linkedin_id"]);
    server.post(FIND, json!({"linkedin_id": "https://example.com/x"})).await.expect_invalid(&["linkedin_id"]);
}

#[tokio::test]
async fn mass_actions_change_selected_contacts() {
    let server = TestServer::demo().await;
    let path = "/leads/api/leads/mass-action";
    let contact = server.newest_contact().await;
    let id = uuid(&contact);
    let act = |kind: &str, filter: Value, payload: Value| {
        server.put(path, json!({"type": kind, "filter": filter, "payload": payload}))
    };
    let ids = json!({"ids": [id]});
    let tags = server.uuids("/leads/api/tags").await;
    act("contact_replace_tags", ids.clone(), json!({"tag_uuids": []})).await.expect(200);
    act("contact_add_tags", ids.clone(), json!({"tag_uuid": tags[0]})).await.expect(200);
    act("contact_add_tags", ids.clone(), json!({"tag_uuid": tags[0]})).await.expect(200);
    assert_eq!(server.newest_contact().await["tags"], json!([tags[0]]));
    act("contact_remove_tags", ids.clone(), json!({"tag_uuid": tags[0]})).await.expect(200);
    assert_eq!(server.newest_contact().await["tags"], json!([]));
    let list = server.create_list().await;
    act("contact_change_list", json!({"all": true, "excludeIds": [id]}), json!({"list_uuid": list}))
        .await
        .expect(200);
    assert_eq!(total(&server, json!({"list_uuid": list})).await, 249);
    act("contact_delete", json!({"all": true, "excludeIds": [id]}), json!({})).await.expect(200);
    assert_eq!(total(&server, json!({})).await, 1);

    act("contact_add_tags", ids.clone(), json!({"tag_uuid": UNKNOWN_UUID}))
        .await
        .expect_invalid(&["payload.tag_uuid"]);
    act("contact_dance", json!({}), json!({})).await.expect_invalid(&["type", "filter"]);
    act("contact_export_csv", ids, json!({})).await.expect(200);
}
