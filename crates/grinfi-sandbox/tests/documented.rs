//! The sandbox by the description, beside the sandbox as the API has been seen.
// A helper of tests may fail as they do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use grinfi_sandbox::{Clock, Mode, Sandbox, Seed};
use reqwest::Client;
use serde_json::{Value, json};

use support::World;

async fn world(mode: Mode, seed: Seed) -> World {
    let clock = Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap());
    let builder = Sandbox::builder().seed(seed).rate_limit(None).clock(clock).mode(mode);
    World { sandbox: builder.start().await.unwrap(), client: Client::new() }
}

async fn both(seed: Seed) -> [World; 2] {
    [world(Mode::Observed, seed).await, world(Mode::Documented, seed).await]
}

/// The reasons of the last request, as the log has them.
fn reasons(world: &World) -> Value {
    let last = world.sandbox.requests().pop().unwrap();
    last.reasons.iter().map(|it| json!([it.part, it.pointer])).collect()
}

#[tokio::test]
async fn contacts_are_flat_and_pages_whole() {
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
    for world in [&observed, &documented] {
        world.post("/leads/api/data-sources", source.clone()).await.expect(201);
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
async fn what_is_not_as_described_is_refused_with_its_place() {
    let [observed, documented] = both(Seed::Demo).await;
    // Each is let through or answered otherwise by what was seen.
    for (method, path, body, seen, place) in [
        ("POST", "/leads/api/leads/search", json!({"limit": "5"}), 200, json!([["body", "/limit"]])),
        (
            "POST",
            "/leads/api/leads/search",
            json!({"filter": {"colour": 1}}),
            500,
            json!([["body", "/filter/colour"]]),
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
        let said = observed.with_key(observed.sandbox.key(), method, path, body.clone()).await;
        assert_eq!(said.status, seen, "{path} {body}: {said:?}");
        let said = documented.with_key(documented.sandbox.key(), method, path, body.clone()).await;
        assert_eq!(said.status, 422, "{path} {body}: {said:?}");
        assert_eq!(said.body["error"]["reason"], "validation_error");
        assert_eq!(reasons(&documented), place, "{path} {body}");
        let field = said.body["error"]["data"].as_object().unwrap().values().next().unwrap();
        assert_eq!(field[0], said.body["message"]);
    }
    // What nobody describes is ignored by both, as OpenAPI has it.
    for world in [&observed, &documented] {
        world.get("/flows/api/tasks?status=closed&order-field=x").await.expect(200);
        world.post("/leads/api/tags", json!({"name": "x", "colour": 7})).await.expect(201);
    }
    let text = documented.request("POST", "/leads/api/tags").header("content-type", "text/plain").body("{}");
    assert_eq!(text.send().await.unwrap().status(), 415);
}

#[tokio::test]
async fn what_the_description_says_by_itself_holds() {
    let [observed, documented] = both(Seed::Empty).await;
    let hook = json!({"name": "x", "event": "contact_created", "target_url": "http://127.0.0.1:9/"});
    assert_eq!(observed.post("/integrations/api/webhooks", hook.clone()).await.status, 422);
    let made = documented.post("/integrations/api/webhooks", hook).await.expect(201);
    assert_eq!(made["request_method"], "POST");
    for name in ["a", "b"] {
        for world in [&observed, &documented] {
            world.post("/leads/api/lists", json!({"name": name})).await.expect(201);
            world.sandbox.clock().advance(std::time::Duration::from_secs(1));
        }
    }
    let first =
        async |world: &World| world.get("/leads/api/lists").await.expect(200)["data"][0]["name"].clone();
    assert_eq!((first(&observed).await, first(&documented).await), (json!("b"), json!("a")));
    assert_eq!(documented.get("/leads/api/custom-fields").await.status, 200);

    let far = json!({"offset": 10_000});
    assert_eq!(observed.post("/leads/api/leads/search", far.clone()).await.status, 422);
    assert_eq!(documented.post("/leads/api/leads/search", far).await.status, 200);

    let template = json!({"name": "x", "type": "email", "is_public": 0});
    for (world, after) in [(&observed, 200), (&documented, 404)] {
        let made = world.post("/flows/api/ai-templates", template.clone()).await.expect(201);
        let path = format!("/flows/api/ai-templates/{}", made["uuid"].as_str().unwrap());
        assert_eq!(world.delete(&path).await.status, 204);
        assert_eq!(world.get(&path).await.status, after);
    }
}

#[tokio::test]
async fn a_form_is_checked_like_any_body() {
    let documented = world(Mode::Documented, Seed::Empty).await;
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
async fn a_world_keeps_its_mode() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("worlds");
    let start =
        async |mode| Sandbox::builder().data(&file).seed(Seed::Empty).mode(mode).start().await.unwrap();
    let client = Client::new();
    let sandbox = start(Mode::Documented).await;
    let templates = format!("{}/flows/api/ai-templates", sandbox.base_url());
    let template = json!({"name": "x", "type": "email", "is_public": 0});
    let made = client.post(&templates).bearer_auth(sandbox.key()).json(&template).send().await.unwrap();
    let made: Value = made.json().await.unwrap();
    let gone = format!("{templates}/{}", made["uuid"].as_str().unwrap());
    assert_eq!(client.delete(gone).bearer_auth(sandbox.key()).send().await.unwrap().status(), 204);
    // As a kill would leave it: what was done is done again, in the mode in which it was done.
    let torn = folder.path().join("torn");
    std::fs::copy(&file, &torn).unwrap();
    let again = Sandbox::builder().data(&torn).mode(Mode::Observed).start().await.unwrap();
    assert_eq!(again.tenant().mode(), Mode::Documented);
    let listed = client.get(format!("{}/flows/api/ai-templates", again.base_url())).bearer_auth(again.key());
    let listed: Value = listed.send().await.unwrap().json().await.unwrap();
    assert_eq!(listed["total"], 0);
}
