//! Lists, tags, pipeline stages, custom fields and sender profiles.

mod support;

use serde_json::{Value, json};
use support::{TestServer, UNKNOWN_UUID, uuid};

#[tokio::test]
async fn creates_renames_and_deletes_lists() {
    let server = TestServer::demo().await;
    let path = "/leads/api/lists";
    let made = server.post(path, json!({"name": "CMO Germany"})).await.expect(201);
    assert_eq!(made["team_id"], 134);
    let own = format!("{path}/{}", uuid(&made));
    assert_eq!(server.get(&own).await.expect(200), made);
    let renamed = server.put(&own, json!({"name": "CMO Austria"})).await.expect(200);
    assert_eq!(renamed["name"], "CMO Austria");
    let listed = server.get(&format!("{path}?filter[q]=austria")).await.expect(200);
    assert_eq!(listed, json!({"data": [renamed], "limit": 20, "offset": 0, "total": 1}));
    let ordered = server.get(&format!("{path}?order_field=name&order_type=asc")).await.expect(200);
    let names: Vec<&Value> = ordered["data"].as_array().unwrap().iter().map(|list| &list["name"]).collect();
    assert_eq!(names, ["CMO Austria", "Conference guests", "CTO Germany", "Newsletter readers"]);

    server.post(path, json!({"name": ""})).await.expect_invalid(&["name"]);
    server.put(&own, json!({})).await.expect_invalid(&["name"]);
    server.delete(&own).await.expect(204);
    server.get(&own).await.expect_not_found();
    server.put(&own, json!({"name": "x"})).await.expect_not_found();
    server.delete(&own).await.expect_not_found();
    server.get(&format!("{path}?limit=0")).await.expect_invalid(&["limit"]);
    server.get(&format!("{path}?filter[x]=1")).await.expect_error(500, "server_error", &[]);
}

#[tokio::test]
async fn deleted_list_keeps_contacts() {
    let server = TestServer::demo().await;
    let contact = server.newest_contact().await;
    let list = contact["list_uuid"].as_str().unwrap();
    server.delete(&format!("/leads/api/lists/{list}")).await.expect(204);
    assert_eq!(server.newest_contact().await["list_uuid"], json!(list));
}

#[tokio::test]
async fn tag_listing_has_only_data() {
    let server = TestServer::demo().await;
    let made = server.post("/leads/api/tags", json!({"name": "Warm", "color": "#fff"})).await.expect(201);
    let listed = server.get("/leads/api/tags").await.expect(200);
    assert_eq!(listed.as_object().unwrap().len(), 1);
    assert_eq!(listed["data"][0], made);
    assert_eq!(listed["data"].as_array().unwrap().len(), 3);
    server.post("/leads/api/tags", json!({"color": 7})).await.expect_invalid(&["name", "color"]);
}

#[tokio::test]
async fn filters_pipeline_stages_by_text_brackets_or_none() {
    let server = TestServer::empty().await;
    let path = "/leads/api/pipeline-stages";
    let listed = |filter: &str| {
        let request = server.request("GET", path).query(&[("filter", filter)]);
        async move { support::TestResponse::of(request.send().await.unwrap()).await }
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
        let stages = server.get(&format!("{path}{query}")).await.expect(200);
        stages["data"].as_array().unwrap().len()
    };
    let (both, of_contacts) = (count("").await, count("?filter[object]=lead").await);
    assert_eq!(of_contacts, types.len());
    assert!(both > of_contacts);
    assert_eq!(count("?filter[object]=lead&filter[type]=custom").await, 1);
    assert_eq!(listed("{}").await.expect(200)["data"].as_array().unwrap().len(), both);
    listed("lead").await.expect_invalid(&["filter"]);
    listed(r#"{"object":"lead","x":1}"#).await.expect_error(500, "server_error", &[]);
}

#[tokio::test]
async fn custom_fields_are_validated() {
    let server = TestServer::empty().await;
    let path = "/leads/api/custom-fields";
    let made = server.post(path, json!({"name": "persona", "object": "lead"})).await.expect(201);
    assert_eq!((made["user_id"].as_u64(), made["order"].as_u64()), (Some(20), Some(1)));
    assert_eq!(server.get(path).await.expect(200), json!({"data": [made]}));
    for name in ["1st", "two words", "naïve", "a-b"] {
        server.post(path, json!({"name": name, "object": "lead"})).await.expect_invalid(&["name"]);
    }
    server.post(path, json!({"name": "persona", "object": "lead"})).await.expect_invalid(&["name"]);
    server.post(path, json!({"name": "persona", "object": "deal"})).await.expect_invalid(&["object"]);
    server.post(path, json!({"name": "persona", "object": "company"})).await.expect(201);
    for number in 1..100 {
        let body = json!({"name": format!("f{number}"), "object": "lead"});
        server.post(path, body).await.expect(201);
    }
    server.post(path, json!({"name": "one_more", "object": "lead"})).await.expect_invalid(&["object"]);
    let page = server.get(&format!("{path}?limit=2&order_field=order&order_type=asc")).await.expect(200);
    assert_eq!(page["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn sets_and_clears_custom_values() {
    let server = TestServer::demo().await;
    let lead = uuid(&server.newest_contact().await);
    let field = json!({"name": "budget", "object": "lead"});
    let field = uuid(&server.post("/leads/api/custom-fields", field).await.expect(201));
    let set = |value: Value| {
        let body = json!({
            "custom_field_uuid": field, "object_type": "lead", "object_uuid": lead, "value": value,
        });
        server.post("/leads/api/custom-field-values", body)
    };
    let first = set(json!("10k")).await.expect(201);
    assert_eq!((first["value"].as_str(), &first["object_uuid"]), (Some("10k"), &json!(lead)));
    let path = format!("/leads/api/leads/{lead}");
    assert_eq!(server.get(&path).await.expect(200)["custom_fields"]["budget"], "10k");
    let cleared = set(Value::Null).await.expect(201);
    assert_eq!((&cleared["uuid"], &cleared["value"]), (&first["uuid"], &Value::Null));
    assert!(server.get(&path).await.expect(200)["custom_fields"].get("budget").is_none());
    set(json!(7)).await.expect_invalid(&["value"]);
    let strangers =
        json!({"custom_field_uuid": UNKNOWN_UUID, "object_type": "lead", "object_uuid": UNKNOWN_UUID});
    let response = server.post("/leads/api/custom-field-values", strangers).await;
    response.expect_invalid(&["custom_field_uuid", "object_uuid"]);
}

#[tokio::test]
async fn creates_and_lists_sender_profiles() {
    let server = TestServer::demo().await;
    let path = "/flows/api/sender-profiles";
    let body = json!({
        "first_name": "Tess", "last_name": "Tester", "assignee_user_id": 20,
        "linkedin_schedule": {"timezone": "UTC", "timeblocks": []},
    });
    let made = server.post(path, body).await.expect(201);
    assert_eq!(
        (made["status"].as_str(), made["schedule"]["timezone"].as_str()),
        (Some("enabled"), Some("UTC"))
    );
    assert_eq!(server.get(&format!("{path}/{}", uuid(&made))).await.expect(200), made);
    let listed = server.get(&format!("{path}?filter[q]=TESS&filter[status]=enabled")).await.expect(200);
    assert_eq!((listed["total"].as_u64(), &listed["has_more"]), (Some(1), &json!(false)));
    server.post(path, json!({"assignee_user_id": "20"})).await.expect_invalid(&[
        "first_name",
        "last_name",
        "assignee_user_id",
    ]);
    server.get(&format!("{path}/{UNKNOWN_UUID}")).await.expect_not_found();
}
