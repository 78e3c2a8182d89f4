//! Control API: tenants, seeds, snapshots, clock, limits, request log.
// Helpers of tests may panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use grinfi_sandbox::{Error, Sandbox, Seed};
use serde_json::{Value, json};
use support::{TestResponse, TestServer, UNKNOWN_UUID, uuid};

const LISTS: &str = "/leads/api/lists";
const USER: &str = "/id/api/users/current";

async fn names(server: &TestServer) -> Vec<String> {
    let listed = server.get(LISTS).await.expect(200);
    listed["data"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn tenants_are_isolated() {
    let server = TestServer::empty().await;
    let list = json!({"name": "Mine"});
    let mine = server.with_key("key-one", "POST", LISTS, list).await.expect(201);
    for key in ["key-two", server.sandbox.key()] {
        assert_eq!(server.with_key(key, "GET", LISTS, Value::Null).await.expect(200)["total"], 0);
        let path = format!("{LISTS}/{}", uuid(&mine));
        server.with_key(key, "DELETE", &path, Value::Null).await.expect_not_found();
    }
    assert_eq!(server.with_key("key-one", "GET", LISTS, Value::Null).await.expect(200)["total"], 1);
    // Logs, limits, clocks and faults are separate too.
    let one = server.sandbox.tenant_of("key-one").unwrap();
    assert_eq!(one.requests().len(), 2);
    assert!(server.sandbox.requests().iter().all(|request| request.method != "POST"));
    one.set_rate_limit(Some(0)).await.unwrap();
    one.clock().advance(Duration::from_secs(5));
    one.add_fault(grinfi_sandbox::Fault::status(503)).unwrap();
    server.with_key("key-two", "GET", USER, Value::Null).await.expect(200);
    assert_ne!(one.clock().now(), server.sandbox.clock().now());
    // The list of tenants contains no keys.
    let tenants = server.control("GET", "/tenants", Value::Null).await.expect(200);
    assert_eq!(tenants.as_array().unwrap().len(), 3);
    assert!(!tenants.to_string().contains("key-"));
    let other = format!("/tenants/{}/requests", one.id());
    assert_eq!(server.control("GET", &other, Value::Null).await.expect(200).as_array().unwrap().len(), 2);
    server.control("GET", "/tenants/nowhere/outbox", Value::Null).await.expect_not_found();
}

#[tokio::test]
async fn accepts_only_given_keys() {
    let sandbox = Sandbox::builder().key("own").only_keys(["other"]).start().await.unwrap();
    let server = TestServer { sandbox, client: reqwest::Client::new() };
    for key in ["own", "other"] {
        server.with_key(key, "GET", USER, Value::Null).await.expect(200);
    }
    server.with_key("third", "GET", USER, Value::Null).await.expect_error(401, "auth_exception", &[]);
    assert!(matches!(server.sandbox.tenant_of("third"), Err(Error::Rejected(_))));
    assert!(matches!(server.sandbox.tenant_of("a b"), Err(Error::Key)));
    assert_eq!(server.sandbox.tenants().len(), 2);
    assert!(matches!(Sandbox::builder().only_keys(["a b"]).start().await, Err(Error::Key)));
}

#[tokio::test]
async fn removed_tenant_is_created_again() {
    let server = TestServer::empty().await;
    server.create_list().await;
    server.control("DELETE", "/tenant", Value::Null).await.expect(204);
    assert_eq!(names(&server).await, [""; 0]);
}

#[tokio::test]
async fn seeds_resets_and_restores_snapshots() {
    let server = TestServer::demo().await;
    let demo = names(&server).await;
    assert_eq!(demo.len(), 3);
    let list = uuid(&server.post(LISTS, json!({"name": "One"})).await.expect(201));
    server.control("POST", "/snapshot", json!({"name": "one"})).await.expect(200);
    server.sandbox.clock().advance(Duration::from_secs(60));
    let second = uuid(&server.post(LISTS, json!({"name": "Two"})).await.expect(201));
    server.delete(&format!("{LISTS}/{list}")).await.expect(204);
    server.control("POST", "/restore", json!({"name": "one"})).await.expect(200);
    assert_eq!(names(&server).await.len(), 4);
    server.get(&format!("{LISTS}/{list}")).await.expect(200);
    // The clock is restored, and later responses are byte-identical.
    assert_eq!(server.sandbox.clock().now().to_rfc3339(), "2026-02-03T15:55:04+00:00");
    server.sandbox.clock().advance(Duration::from_secs(60));
    assert_eq!(uuid(&server.post(LISTS, json!({"name": "Two"})).await.expect(201)), second);
    server.control("POST", "/restore", json!({"name": "two"})).await.expect_invalid(&["name"]);
    server.control("DELETE", "/snapshots/two", Value::Null).await.expect_invalid(&["name"]);
    for wrong in ["", "a/b"] {
        server.control("POST", "/snapshot", json!({"name": wrong})).await.expect_invalid(&["name"]);
    }
    // Later resets return to the new seed.
    server.control("POST", "/seed", json!({"seed": "none"})).await.expect(200);
    assert_eq!(names(&server).await, [""; 0]);
    server.create_list().await;
    server.sandbox.clock().advance(Duration::from_secs(60));
    let received = server.control("POST", "/reset", Value::Null).await.expect(200);
    assert_eq!((received["contacts"].as_u64(), received["requests"].as_u64()), (Some(0), Some(0)));
    assert_eq!(names(&server).await, [""; 0]);
    assert_eq!(server.sandbox.clock().now().to_rfc3339(), "2026-02-03T15:55:04+00:00");
    server.control("POST", "/restore", json!({"name": "one"})).await.expect(200);
    assert_eq!(names(&server).await.len(), 4);
    for wrong in [json!("full"), json!(-1), json!(1.5), json!(null), json!([])] {
        server.control("POST", "/seed", json!({"seed": wrong})).await.expect_invalid(&["seed"]);
    }
}

#[tokio::test]
async fn exported_tenant_loads_elsewhere() {
    let server = TestServer::demo().await;
    server.create_list().await;
    server.control("POST", "/snapshot", json!({"name": "s"})).await.expect(200);
    let now = server.control("GET", "/export", Value::Null).await.expect(200);
    let snapshot = server.control("GET", "/snapshots/s", Value::Null).await.expect(200);
    assert_eq!(now, snapshot);
    let other = TestServer::empty().await;
    other.control("POST", "/load", json!({"state": now})).await.expect(200);
    assert_eq!(names(&other).await, names(&server).await);
    let (one, two) = (server.newest_contact().await, other.newest_contact().await);
    assert_eq!(one, two);
    // An invalid document is rejected with the reason, and changes nothing.
    let as_it_was = other.control("GET", "/export", Value::Null).await.expect(200);
    for (pointer, value, expected) in [
        ("/store", json!(1), "the field `store` is missing"),
        ("/store/lists", json!(null), "store.lists"),
        ("/store/lists/rows/0/0", json!("another"), "store.lists has another record with the key"),
        ("/store/lists/rows/1/1", json!(0), "store.lists: LIST rows are out of order"),
        ("/store/lists/rows/1/0", now["store"]["lists"]["rows"][0][0].clone(), "is a duplicate"),
        ("/store/lists/rows/0/2", json!([]), "another number of columns"),
        ("/store/lists/created", json!(u64::MAX), "too many rows"),
        ("/store/lists/schema", json!("LISTS"), "\"LISTS\" is not a type of record"),
        ("/store/lists/schema", json!("TAG"), "store.lists contains records of another type"),
        ("/store/messages/index", json!(null), "store.messages contains records of another type"),
        ("/store/team", json!({}), "store.team.id is missing"),
        ("/store/ids/state", json!(-1), "store.ids.state"),
        ("/store/jobs/jobs", json!([[["2026-02-03T12:00:00Z", 1], {"job": "dance"}]]), "dance"),
        ("/store/outbox", json!([{"uuid": "x"}]), "store.outbox[0]"),
        ("/at", json!("noon"), "at: "),
        ("/clock/ahead_us", json!("x"), "clock.ahead_us"),
    ] {
        let mut state = now.clone();
        *state.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
        let rejected = other.control("POST", "/load", json!({"state": state})).await;
        let message = rejected.body["message"].as_str().unwrap_or_default().to_owned();
        rejected.expect_invalid(&["state"]);
        assert!(message.contains(expected), "{pointer}: {message}");
    }
    for (part, message) in
        [("automations", "store.automations is missing"), ("contacts", "store.contacts is missing")]
    {
        let mut state = now.clone();
        state["store"].as_object_mut().unwrap().remove(part);
        let rejected = other.control("POST", "/load", json!({"state": state})).await;
        assert!(rejected.body["message"].as_str().unwrap().contains(message), "{:?}", rejected.body);
    }
    let mut state = now.clone();
    state["store"]["flow"] = json!([]);
    let rejected = other.control("POST", "/load", json!({"state": state})).await;
    assert!(rejected.body["message"].as_str().unwrap().contains("store.flow is unknown"));
    assert_eq!(other.control("GET", "/export", Value::Null).await.expect(200), as_it_was);
    other.control("GET", "/snapshots/none", Value::Null).await.expect_invalid(&["name"]);
}

#[tokio::test]
async fn clock_is_set_advanced_frozen_and_resumed() {
    let server = TestServer::empty().await;
    let clock = async |page: &str, body: Value| {
        server.control("POST", &format!("/clock/{page}"), body).await.expect(200)
    };
    let received = clock("set", json!({"time": "2027-01-01T00:00:00Z"})).await;
    assert_eq!(received, json!({"now": "2027-01-01T00:00:00Z", "frozen": true}));
    assert_eq!(clock("advance", json!({"seconds": 1.5})).await["now"], "2027-01-01T00:00:01.500Z");
    assert_eq!(server.get(USER).await.expect(200)["id"], 20);
    let list = server.post(LISTS, json!({"name": "x"})).await.expect(201);
    assert_eq!(list["created_at"], "2027-01-01T00:00:01.500000Z");
    assert_eq!(clock("resume", Value::Null).await["frozen"], false);
    assert_eq!(clock("freeze", json!({})).await["frozen"], true);
    assert!(server.sandbox.clock().is_frozen());
    for (page, body, field) in [
        ("set", json!({"time": "noon"}), "time"),
        ("set", json!({}), "time"),
        ("set", json!({"time": "2027-01-01", "zone": "UTC"}), "zone"),
        ("advance", json!({"seconds": -1}), "seconds"),
        ("advance", json!({"seconds": "1"}), "seconds"),
        ("advance", json!({"seconds": 1e300}), "seconds"),
        ("freeze", json!({"seconds": 1}), "seconds"),
    ] {
        server.control("POST", &format!("/clock/{page}"), body).await.expect_invalid(&[field]);
    }
}

#[tokio::test]
async fn changes_limits_at_runtime() {
    let server = TestServer::empty().await;
    let limits = |body: Value| server.control("PUT", "/limits", body);
    assert_eq!(limits(json!({"requests_per_minute": 1})).await.expect(200)["requests_per_minute"], 1);
    server.get(USER).await.expect(200);
    server.get(USER).await.expect_error(429, "too_many_requests", &[]);
    server.control("POST", "/clock/advance", json!({"seconds": 60})).await.expect(200);
    server.get(USER).await.expect(200);
    assert_eq!(
        limits(json!({"requests_per_minute": null})).await.expect(200)["requests_per_minute"],
        Value::Null
    );
    for _ in 0..5 {
        server.get(USER).await.expect(200);
    }
    assert_eq!(limits(json!({"credits": 1})).await.expect(200)["credits"], 1);
    let lead =
        server.upsert(&server.create_list().await, json!({"linkedin_id": "ada", "first_name": "Ada"})).await;
    let enrich = || server.put("/leads/api/leads/advanced-enrichment", json!({"uuids": [uuid(&lead)]}));
    enrich().await.expect(200);
    enrich().await.expect_error(402, "payment_required", &[]);
    limits(json!({"credits": -1})).await.expect_invalid(&["credits"]);
    limits(json!({"requests_per_minute": -1})).await.expect_invalid(&["requests_per_minute"]);
    limits(json!({"requests_per_hour": 1})).await.expect_invalid(&["requests_per_hour"]);
}

#[tokio::test]
async fn log_contains_reasons_of_rejections() {
    let server = TestServer::demo().await;
    server.post("/leads/api/leads/upsert", json!({"lead": {}, "list_uuid": UNKNOWN_UUID})).await;
    server.get("/flows/api/linkedin-messages?filter[q]=Hi").await.expect_invalid(&["filter.q"]);
    server.get(&format!("{LISTS}/{UNKNOWN_UUID}")).await.expect_not_found();
    let log = server.control("GET", "/requests", Value::Null).await.expect(200);
    assert_eq!(log[0]["status"], 422);
    assert_eq!(log[0]["operation"], "upsertContact");
    assert_eq!(log[0]["reasons"][0]["in"], "body");
    let pointers: Vec<&str> =
        log[0]["reasons"].as_array().unwrap().iter().map(|it| it["pointer"].as_str().unwrap()).collect();
    assert!(pointers.contains(&"/list_uuid"), "{log}");
    assert_eq!(log[1]["reasons"][0]["in"], "query");
    assert_eq!(log[1]["reasons"][0]["pointer"], "/filter/q");
    assert_eq!((log[2]["status"].as_u64(), log[2]["message"].as_str()), (Some(404), Some("List not found.")));
    assert_eq!(log[2]["at"], "2026-02-03T15:55:04Z");
    server.control("DELETE", "/requests", Value::Null).await.expect(204);
    assert!(server.sandbox.requests().is_empty());
}

#[tokio::test]
async fn curl_command_repeats_request() {
    let server = TestServer::empty().await;
    server.post(LISTS, json!({"name": "It's \"mine\" & $HOME \\ ✓"})).await.expect(201);
    let line = server.sandbox.requests()[0].curl.clone();
    assert!(!line.contains(server.sandbox.key()));
    let mut shell = tokio::process::Command::new("sh");
    shell.arg("-c").arg(&line).env("GRINFI_API_KEY", server.sandbox.key());
    let received = shell.output().await.unwrap();
    assert!(received.status.success(), "{line}: {}", String::from_utf8_lossy(&received.stderr));
    let made: Value = serde_json::from_slice(&received.stdout).unwrap();
    assert_eq!(made["name"], "It's \"mine\" & $HOME \\ ✓");
    assert_eq!(names(&server).await.len(), 2);
}

#[tokio::test]
async fn control_api_names_unknown_fields() {
    let server = TestServer::empty().await;
    let index = server.control("GET", "", Value::Null).await.expect(200);
    assert!(index["endpoints"].as_array().unwrap().len() > 25);
    for page in index["endpoints"].as_array().unwrap() {
        let (method, path) = (page["method"].as_str().unwrap(), page["path"].as_str().unwrap());
        let path = path.strip_prefix("/_sandbox").unwrap().replace(['{', '}'], "");
        // Without effect: each request has an unknown field or name.
        let response = server.control(method, &path, json!({"nonsense": 1})).await;
        assert!([404, 422].contains(&response.status), "{method} {path}: {response:?}");
    }
    server.control("GET", "/outbox?limit=3", Value::Null).await.expect_invalid(&["limit"]);
    server.control("POST", "/outbox", Value::Null).await.expect_error(405, "method_not_allowed", &[]);
    server.control("GET", "/secrets", Value::Null).await.expect_not_found();
}

#[tokio::test]
async fn rejects_other_origins() {
    let server = TestServer::empty().await;
    let url = format!("{}/_sandbox/reset", server.sandbox.base_url());
    let foreign = server.client.post(&url).header("origin", "https://example.com").send().await.unwrap();
    TestResponse::of(foreign).await.expect_error(403, "access_denied", &[]);
    let tricked = server.client.post(&url).header("host", "example.com").send().await.unwrap();
    TestResponse::of(tricked).await.expect_error(403, "access_denied", &[]);
    let own = server.client.post(&url).header("origin", server.sandbox.base_url()).send().await.unwrap();
    TestResponse::of(own).await.expect(200);
}

#[tokio::test]
async fn outbox_can_be_cleared() {
    let server = TestServer::demo().await;
    let sender = server.uuids("/flows/api/sender-profiles").await[0].clone();
    let lead = uuid(&server.newest_contact().await);
    let body = json!({"sender_profile_uuid": sender, "lead_uuid": lead, "text": "Hi"});
    server.post("/flows/api/linkedin-messages", body).await.expect(201);
    server.control("POST", "/clock/advance", json!({"seconds": 60})).await.expect(200);
    assert_eq!(server.control("GET", "/outbox", Value::Null).await.expect(200)[0]["text"], "Hi");
    server.control("DELETE", "/outbox", Value::Null).await.expect(204);
    assert!(server.sandbox.outbox().is_empty());
}

#[tokio::test]
async fn tenants_do_not_block_each_other() {
    let server = TestServer::with(Seed::Empty, None).await;
    // Concurrent creation: each key has one tenant, which contains every list.
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..40 {
        let url = format!("{}{LISTS}", server.sandbox.base_url());
        let (client, key) = (server.client.clone(), format!("key-{}", number % 4));
        tasks.spawn(async move {
            client.post(url).bearer_auth(key).json(&json!({"name": "x"})).send().await.unwrap().status()
        });
    }
    while let Some(status) = tasks.join_next().await {
        assert_eq!(status.unwrap(), 201);
    }
    assert_eq!(server.sandbox.tenants().len(), 5);
    for number in 0..4 {
        let listed = server.with_key(&format!("key-{number}"), "GET", LISTS, Value::Null).await.expect(200);
        assert_eq!(listed["total"], 10);
    }
}
