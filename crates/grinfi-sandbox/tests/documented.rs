//! Documented mode, compared with observed mode.
// Helpers of tests may panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use grinfi_sandbox::{Clock, Mode, Sandbox, Seed};
use reqwest::Client;
use serde_json::{Value, json};

use support::TestServer;

async fn server(mode: Mode, seed: Seed) -> TestServer {
    let clock = Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap());
    let builder = Sandbox::builder().seed(seed).rate_limit(None).clock(clock).mode(mode);
    TestServer { sandbox: builder.start().await.unwrap(), client: Client::new() }
}

async fn both(seed: Seed) -> [TestServer; 2] {
    [server(Mode::Observed, seed).await, server(Mode::Documented, seed).await]
}

/// Returns the reasons of the last request in the log.
fn reasons(server: &TestServer) -> Value {
    let last = server.sandbox.requests().pop().unwrap();
    last.reasons.iter().map(|it| json!([it.part, it.pointer])).collect()
}

#[tokio::test]
async fn contacts_are_unwrapped_and_envelopes_complete() {
    let [observed, documented] = both(Seed::Demo).await;
    let ask = json!({"limit": 1, "filter": {"company_name": "ExampleCorp"}});
    let seen = observed.post("/leads/api/leads/search", ask.clone()).await.expect(200);
    let page = documented.post("/leads/api/leads/search", ask).await.expect(200);
    assert_eq!(seen["data"][0]["lead"], page["data"][0]);
    assert_eq!(seen["total"], page["total"]);
    let one = format!("/leads/api/leads/{}", page["data"][0]["uuid"].as_str().unwrap());
    assert_eq!(observed.get(&one).await.expect(200)["lead"], documented.get(&one).await.expect(200));

    let list = documented.uuids("/leads/api/lists").await.pop().unwrap();
    let source = json!({"type": "csv_leads", "list_uuid": list});
    for server in [&observed, &documented] {
        server.post("/leads/api/data-sources", source.clone()).await.expect(201);
    }
    let bare = observed.get("/leads/api/data-sources").await.expect(200);
    let page = documented.get("/leads/api/data-sources?limit=1").await.expect(200);
    assert_eq!(
        (bare.as_array().unwrap().len(), &page["has_more"], &page["total"]),
        (1, &json!(false), &json!(1))
    );
    assert_eq!((&bare[0]["payload"], &page["data"][0]["payload"]), (&json!([]), &json!({})));
}

#[tokio::test]
async fn rejects_undocumented_input_with_pointer() {
    let [observed, documented] = both(Seed::Demo).await;
    // Observed mode accepts each of them, or responds differently.
    for (method, path, body, seen, place) in [
        ("POST", "/leads/api/leads/search", json!({"limit": "5"}), 200, json!([["body", "/limit"]])),
        (
            "POST",
            "/leads/api/leads/search",
            json!({"filter": {"shade": 1}}),
            500,
            json!([["body", "/filter/shade"]]),
        ),
        ("POST", "/leads/api/leads/search", json!([]), 200, json!([["body", ""]])),
        ("GET", "/flows/api/tasks?limit=", Value::Null, 200, json!([["query", "/limit"]])),
        (
            "GET",
            "/flows/api/tasks?filter[executed_at_from]=2026-01-01",
            Value::Null,
            500,
            json!([["query", "/filter/executed_at_from"]]),
        ),
        ("GET", "/browsers/api/linkedin-browsers/none", Value::Null, 404, json!([["path", "/id"]])),
        (
            "POST",
            "/flows/api/flow-versions/validate-node",
            json!({"id": 1, "type": "end"}),
            500,
            json!([["body", "/before"], ["body", "/after"]]),
        ),
        (
            "POST",
            "/flows/api/ai-templates",
            json!({"name": "x", "type": "email"}),
            500,
            json!([["body", "/is_public"]]),
        ),
    ] {
        let message = observed.with_key(observed.sandbox.key(), method, path, body.clone()).await;
        assert_eq!(message.status, seen, "{path} {body}: {message:?}");
        let message = documented.with_key(documented.sandbox.key(), method, path, body.clone()).await;
        assert_eq!(message.status, 422, "{path} {body}: {message:?}");
        assert_eq!(message.body["error"]["reason"], "validation_error");
        assert_eq!(reasons(&documented), place, "{path} {body}");
        let field = message.body["error"]["data"].as_object().unwrap().values().next().unwrap();
        assert_eq!(field[0], message.body["message"]);
    }
    // Both modes ignore undocumented properties, as OpenAPI specifies.
    for server in [&observed, &documented] {
        server.get("/flows/api/tasks?status=closed&order-field=x").await.expect(200);
        server.post("/leads/api/tags", json!({"name": "x", "shade": 7})).await.expect(201);
    }
    let text = documented.request("POST", "/leads/api/tags").header("content-type", "text/plain").body("{}");
    assert_eq!(text.send().await.unwrap().status(), 415);
}

#[tokio::test]
async fn applies_documented_defaults() {
    let [observed, documented] = both(Seed::Empty).await;
    let hook = json!({"name": "x", "event": "contact_created", "target_url": "http://127.0.0.1:9/"});
    assert_eq!(observed.post("/integrations/api/webhooks", hook.clone()).await.status, 422);
    let made = documented.post("/integrations/api/webhooks", hook).await.expect(201);
    assert_eq!(made["request_method"], "POST");
    for name in ["a", "b"] {
        for server in [&observed, &documented] {
            server.post("/leads/api/lists", json!({"name": name})).await.expect(201);
            server.sandbox.clock().advance(std::time::Duration::from_secs(1));
        }
    }
    let first = async |server: &TestServer| {
        server.get("/leads/api/lists").await.expect(200)["data"][0]["name"].clone()
    };
    assert_eq!((first(&observed).await, first(&documented).await), (json!("b"), json!("a")));
    assert_eq!(documented.get("/leads/api/custom-fields").await.status, 200);

    let far = json!({"offset": 10_000});
    assert_eq!(observed.post("/leads/api/leads/search", far.clone()).await.status, 422);
    assert_eq!(documented.post("/leads/api/leads/search", far).await.status, 200);

    let template = json!({"name": "x", "type": "email", "is_public": 0});
    for (server, after) in [(&observed, 200), (&documented, 404)] {
        let made = server.post("/flows/api/ai-templates", template.clone()).await.expect(201);
        let path = format!("/flows/api/ai-templates/{}", made["uuid"].as_str().unwrap());
        assert_eq!(server.delete(&path).await.status, 204);
        assert_eq!(server.get(&path).await.status, after);
    }
}

#[tokio::test]
async fn validates_forms() {
    let documented = server(Mode::Documented, Seed::Empty).await;
    let form = |field: &'static str| {
        let file = reqwest::multipart::Part::bytes(b"a,b\n1,2\n".to_vec()).file_name("a.csv");
        reqwest::multipart::Form::new().part("file", file).text(field, "csv_leads")
    };
    let upload =
        |form| documented.request("POST", "/leads/api/file-imports/upload-csv").multipart(form).send();
    assert_eq!(upload(form("type")).await.unwrap().status(), 200);
    assert_eq!(upload(form("kind")).await.unwrap().status(), 422);
    assert_eq!(reasons(&documented), json!([["body", "/type"]]));
}

#[tokio::test]
async fn tenant_keeps_its_mode() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tenants");
    let start =
        async |mode| Sandbox::builder().data(&file).seed(Seed::Empty).mode(mode).start().await.unwrap();
    let client = Client::new();
    let sandbox = start(Mode::Documented).await;
    let templates = format!("{}/flows/api/ai-templates", sandbox.base_url());
    let template = json!({"name": "x", "type": "email", "is_public": 0});
    let made = client.post(&templates).bearer_auth(sandbox.key()).json(&template).send().await.unwrap();
    let made: Value = made.json().await.unwrap();
    let deleted = format!("{templates}/{}", made["uuid"].as_str().unwrap());
    assert_eq!(client.delete(deleted).bearer_auth(sandbox.key()).send().await.unwrap().status(), 204);
    // As after a kill: the actions are replayed, in their mode.
    let torn = folder.path().join("torn");
    std::fs::copy(&file, &torn).unwrap();
    let again = Sandbox::builder().data(&torn).mode(Mode::Observed).start().await.unwrap();
    assert_eq!(again.tenant().mode(), Mode::Documented);
    let listed = client.get(format!("{}/flows/api/ai-templates", again.base_url())).bearer_auth(again.key());
    let listed: Value = listed.send().await.unwrap().json().await.unwrap();
    assert_eq!(listed["total"], 0);
}
