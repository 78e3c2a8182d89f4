//! What a team's work stands in: lists, tags, pipeline stages, custom fields, sender profiles.

mod support;

use serde_json::{Value, json};
use support::{NOBODY, World, uuid};

#[tokio::test]
async fn lists_are_made_renamed_and_deleted() {
    let world = World::demo().await;
    let path = "/leads/api/lists";
    let made = world.post(path, json!({"name": "CMO Germany"})).await.expect(201);
    assert_eq!(made["team_id"], 134);
    let own = format!("{path}/{}", uuid(&made));
    assert_eq!(world.get(&own).await.expect(200), made);
    let renamed = world.put(&own, json!({"name": "CMO Austria"})).await.expect(200);
    assert_eq!(renamed["name"], "CMO Austria");
    let listed = world.get(&format!("{path}?filter[q]=austria")).await.expect(200);
    assert_eq!(listed, json!({"data": [renamed], "limit": 20, "offset": 0, "total": 1}));
    let ordered = world.get(&format!("{path}?order_field=name&order_type=asc")).await.expect(200);
    let names: Vec<&Value> = ordered["data"].as_array().unwrap().iter().map(|list| &list["name"]).collect();
    assert_eq!(names, ["CMO Austria", "Conference guests", "CTO Germany", "Newsletter readers"]);

    world.post(path, json!({"name": ""})).await.invalid(&["name"]);
    world.put(&own, json!({})).await.invalid(&["name"]);
    world.delete(&own).await.expect(204);
    world.get(&own).await.missing();
    world.put(&own, json!({"name": "x"})).await.missing();
    world.delete(&own).await.missing();
    world.get(&format!("{path}?limit=0")).await.invalid(&["limit"]);
    world.get(&format!("{path}?filter[x]=1")).await.refuses(500, "server_error", &[]);
}

#[tokio::test]
async fn a_deleted_list_leaves_its_contacts() {
    let world = World::demo().await;
    let contact = world.a_contact().await;
    let list = contact["list_uuid"].as_str().unwrap();
    world.delete(&format!("/leads/api/lists/{list}")).await.expect(204);
    assert_eq!(world.a_contact().await["list_uuid"], json!(list));
}

#[tokio::test]
async fn tags_have_data_only() {
    let world = World::demo().await;
    let made = world.post("/leads/api/tags", json!({"name": "Warm", "color": "#fff"})).await.expect(201);
    let listed = world.get("/leads/api/tags").await.expect(200);
    assert_eq!(listed.as_object().unwrap().len(), 1);
    assert_eq!(listed["data"][0], made);
    assert_eq!(listed["data"].as_array().unwrap().len(), 3);
    world.post("/leads/api/tags", json!({"color": 7})).await.invalid(&["name", "color"]);
}

#[tokio::test]
async fn pipeline_stages_are_filtered_by_a_text_in_brackets_or_not_at_all() {
    let world = World::empty().await;
    let path = "/leads/api/pipeline-stages";
    let listed = |filter: &str| {
        let request = world.request("GET", path).query(&[("filter", filter)]);
        async move { support::Answer::of(request.send().await.unwrap()).await }
    };
    let stages = listed(r#"{"object": "lead"}"#).await.expect(200);
    let types: Vec<&Value> = stages["data"].as_array().unwrap().iter().map(|stage| &stage["type"]).collect();
    assert_eq!(types, ["new", "approaching", "engaging", "replied", "custom"]);
    assert_eq!(stages.as_object().unwrap().len(), 1);
    assert_eq!(
        listed(r#"{"object":"company","type":"custom"}"#).await.expect(200)["data"][0]["team_id"],
        134
    );
    let count = async |query: &str| {
        let stages = world.get(&format!("{path}{query}")).await.expect(200);
        stages["data"].as_array().unwrap().len()
    };
    let (both, of_contacts) = (count("").await, count("?filter[object]=lead").await);
    assert_eq!(of_contacts, types.len());
    assert!(both > of_contacts);
    assert_eq!(count("?filter[object]=lead&filter[type]=custom").await, 1);
    assert_eq!(listed("{}").await.expect(200)["data"].as_array().unwrap().len(), both);
    listed("lead").await.invalid(&["filter"]);
    listed(r#"{"object":"lead","x":1}"#).await.refuses(500, "server_error", &[]);
}

#[tokio::test]
async fn custom_fields_have_names_and_bounds() {
    let world = World::empty().await;
    let path = "/leads/api/custom-fields";
    let made = world.post(path, json!({"name": "persona", "object": "lead"})).await.expect(201);
    assert_eq!((made["user_id"].as_u64(), made["order"].as_u64()), (Some(20), Some(1)));
    assert_eq!(world.get(path).await.expect(200), json!({"data": [made]}));
    for name in ["1st", "two words", "naïve", "a-b"] {
        world.post(path, json!({"name": name, "object": "lead"})).await.invalid(&["name"]);
    }
    world.post(path, json!({"name": "persona", "object": "lead"})).await.invalid(&["name"]);
    world.post(path, json!({"name": "persona", "object": "deal"})).await.invalid(&["object"]);
    world.post(path, json!({"name": "persona", "object": "company"})).await.expect(201);
    for number in 1..100 {
        let body = json!({"name": format!("f{number}"), "object": "lead"});
        world.post(path, body).await.expect(201);
    }
    world.post(path, json!({"name": "one_more", "object": "lead"})).await.invalid(&["object"]);
    let page = world.get(&format!("{path}?limit=2&order_field=order&order_type=asc")).await.expect(200);
    assert_eq!(page["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn values_of_custom_fields_are_set_and_cleared() {
    let world = World::demo().await;
    let lead = uuid(&world.a_contact().await);
    let field = json!({"name": "budget", "object": "lead"});
    let field = uuid(&world.post("/leads/api/custom-fields", field).await.expect(201));
    let set = |value: Value| {
        let body = json!({
            "custom_field_uuid": field, "object_type": "lead", "object_uuid": lead, "value": value,
        });
        world.post("/leads/api/custom-field-values", body)
    };
    let first = set(json!("10k")).await.expect(201);
    assert_eq!((first["value"].as_str(), &first["object_uuid"]), (Some("10k"), &json!(lead)));
    let path = format!("/leads/api/leads/{lead}");
    assert_eq!(world.get(&path).await.expect(200)["custom_fields"]["budget"], "10k");
    let cleared = set(Value::Null).await.expect(201);
    assert_eq!((&cleared["uuid"], &cleared["value"]), (&first["uuid"], &Value::Null));
    assert!(world.get(&path).await.expect(200)["custom_fields"].get("budget").is_none());
    set(json!(7)).await.invalid(&["value"]);
    let strangers = json!({"custom_field_uuid": NOBODY, "object_type": "lead", "object_uuid": NOBODY});
    let answer = world.post("/leads/api/custom-field-values", strangers).await;
    answer.invalid(&["custom_field_uuid", "object_uuid"]);
}

#[tokio::test]
async fn sender_profiles_are_made_and_listed() {
    let world = World::demo().await;
    let path = "/flows/api/sender-profiles";
    let body = json!({
        "first_name": "Tess", "last_name": "Tester", "assignee_user_id": 20,
        "linkedin_schedule": {"timezone": "UTC", "timeblocks": []},
    });
    let made = world.post(path, body).await.expect(201);
    assert_eq!(
        (made["status"].as_str(), made["schedule"]["timezone"].as_str()),
        (Some("enabled"), Some("UTC"))
    );
    assert_eq!(world.get(&format!("{path}/{}", uuid(&made))).await.expect(200), made);
    let listed = world.get(&format!("{path}?filter[q]=TESS&filter[status]=enabled")).await.expect(200);
    assert_eq!((listed["total"].as_u64(), &listed["has_more"]), (Some(1), &json!(false)));
    world.post(path, json!({"assignee_user_id": "20"})).await.invalid(&[
        "first_name",
        "last_name",
        "assignee_user_id",
    ]);
    world.get(&format!("{path}/{NOBODY}")).await.missing();
}
