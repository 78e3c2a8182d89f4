//! The sandbox's own pages: worlds, seeds, snapshots, the clock, limits, the log.
// A helper of tests may fail as they do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use grinfi_sandbox::{Error, Sandbox, Seed};
use serde_json::{Value, json};
use support::{Answer, NOBODY, World, uuid};

const LISTS: &str = "/leads/api/lists";
const USER: &str = "/id/api/users/current";

async fn names(world: &World) -> Vec<String> {
    let listed = world.get(LISTS).await.expect(200);
    listed["data"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn keys_do_not_see_each_other() {
    let world = World::empty().await;
    let list = json!({"name": "Mine"});
    let mine = world.with_key("key-one", "POST", LISTS, list).await.expect(201);
    for key in ["key-two", world.sandbox.key()] {
        assert_eq!(world.with_key(key, "GET", LISTS, Value::Null).await.expect(200)["total"], 0);
        let path = format!("{LISTS}/{}", uuid(&mine));
        world.with_key(key, "DELETE", &path, Value::Null).await.missing();
    }
    assert_eq!(world.with_key("key-one", "GET", LISTS, Value::Null).await.expect(200)["total"], 1);
    // Neither do their logs, limits, clocks and faults.
    let one = world.sandbox.tenant_of("key-one").unwrap();
    assert_eq!(one.requests().len(), 2);
    assert!(world.sandbox.requests().iter().all(|request| request.method != "POST"));
    one.set_rate_limit(Some(0)).await.unwrap();
    one.clock().advance(Duration::from_secs(5));
    one.add_fault(grinfi_sandbox::Fault::status(503)).unwrap();
    world.with_key("key-two", "GET", USER, Value::Null).await.expect(200);
    assert_ne!(one.clock().now(), world.sandbox.clock().now());
    // The page of all worlds knows them by what is no key.
    let worlds = world.control("GET", "/tenants", Value::Null).await.expect(200);
    assert_eq!(worlds.as_array().unwrap().len(), 3);
    assert!(!worlds.to_string().contains("key-"));
    let other = format!("/tenants/{}/requests", one.id());
    assert_eq!(world.control("GET", &other, Value::Null).await.expect(200).as_array().unwrap().len(), 2);
    world.control("GET", "/tenants/nowhere/outbox", Value::Null).await.missing();
}

#[tokio::test]
async fn only_the_keys_that_are_named_are_taken() {
    let sandbox = Sandbox::builder().key("own").only_keys(["other"]).start().await.unwrap();
    let world = World { sandbox, client: reqwest::Client::new() };
    for key in ["own", "other"] {
        world.with_key(key, "GET", USER, Value::Null).await.expect(200);
    }
    world.with_key("third", "GET", USER, Value::Null).await.refuses(401, "auth_exception", &[]);
    assert!(matches!(world.sandbox.tenant_of("third"), Err(Error::Rejected(_))));
    assert!(matches!(world.sandbox.tenant_of("a b"), Err(Error::Key)));
    assert_eq!(world.sandbox.tenants().len(), 2);
    assert!(matches!(Sandbox::builder().only_keys(["a b"]).start().await, Err(Error::Key)));
}

#[tokio::test]
async fn a_world_that_is_forgotten_begins_anew() {
    let world = World::empty().await;
    world.a_list().await;
    world.control("DELETE", "/tenant", Value::Null).await.expect(204);
    assert_eq!(names(&world).await, [""; 0]);
}

#[tokio::test]
async fn seeds_resets_and_snapshots() {
    let world = World::demo().await;
    let demo = names(&world).await;
    assert_eq!(demo.len(), 3);
    let list = uuid(&world.post(LISTS, json!({"name": "One"})).await.expect(201));
    world.control("POST", "/snapshot", json!({"name": "one"})).await.expect(200);
    world.sandbox.clock().advance(Duration::from_secs(60));
    let second = uuid(&world.post(LISTS, json!({"name": "Two"})).await.expect(201));
    world.delete(&format!("{LISTS}/{list}")).await.expect(204);
    world.control("POST", "/restore", json!({"name": "one"})).await.expect(200);
    assert_eq!(names(&world).await.len(), 4);
    world.get(&format!("{LISTS}/{list}")).await.expect(200);
    // The clock is back, and so is what comes next: byte by byte the same.
    assert_eq!(world.sandbox.clock().now().to_rfc3339(), "2026-02-03T15:55:04+00:00");
    world.sandbox.clock().advance(Duration::from_secs(60));
    assert_eq!(uuid(&world.post(LISTS, json!({"name": "Two"})).await.expect(201)), second);
    world.control("POST", "/restore", json!({"name": "two"})).await.invalid(&["name"]);
    world.control("DELETE", "/snapshots/two", Value::Null).await.invalid(&["name"]);
    for wrong in ["", "a/b"] {
        world.control("POST", "/snapshot", json!({"name": wrong})).await.invalid(&["name"]);
    }
    // A seed is where a reset leads from then on.
    world.control("POST", "/seed", json!({"seed": "none"})).await.expect(200);
    assert_eq!(names(&world).await, [""; 0]);
    world.a_list().await;
    world.sandbox.clock().advance(Duration::from_secs(60));
    let told = world.control("POST", "/reset", Value::Null).await.expect(200);
    assert_eq!((told["contacts"].as_u64(), told["requests"].as_u64()), (Some(0), Some(0)));
    assert_eq!(names(&world).await, [""; 0]);
    assert_eq!(world.sandbox.clock().now().to_rfc3339(), "2026-02-03T15:55:04+00:00");
    world.control("POST", "/restore", json!({"name": "one"})).await.expect(200);
    assert_eq!(names(&world).await.len(), 4);
    for wrong in [json!("full"), json!(-1), json!(1.5), json!(null), json!([])] {
        world.control("POST", "/seed", json!({"seed": wrong})).await.invalid(&["seed"]);
    }
}

#[tokio::test]
async fn a_world_goes_elsewhere_as_a_document() {
    let world = World::demo().await;
    world.a_list().await;
    world.control("POST", "/snapshot", json!({"name": "s"})).await.expect(200);
    let now = world.control("GET", "/export", Value::Null).await.expect(200);
    let snapshot = world.control("GET", "/snapshots/s", Value::Null).await.expect(200);
    assert_eq!(now, snapshot);
    let other = World::empty().await;
    other.control("POST", "/load", json!({"state": now})).await.expect(200);
    assert_eq!(names(&other).await, names(&world).await);
    let (one, two) = (world.a_contact().await, other.a_contact().await);
    assert_eq!(one, two);
    // What is no world is refused by what is wrong with it, and leaves the world as it was.
    let as_it_was = other.control("GET", "/export", Value::Null).await.expect(200);
    for (pointer, value, said) in [
        ("/store", json!(1), "it has no store"),
        ("/store/lists", json!(null), "store.lists"),
        ("/store/lists/rows/0/0", json!("another"), "store.lists has another record under the key"),
        ("/store/lists/rows/1/1", json!(0), "store.lists: LIST rows out of order"),
        ("/store/lists/rows/1/0", now["store"]["lists"]["rows"][0][0].clone(), "twice"),
        ("/store/lists/rows/0/2", json!([]), "not of its columns"),
        ("/store/lists/made", json!(u64::MAX), "beyond counting"),
        ("/store/lists/schema", json!("LISTS"), "\"LISTS\" is no kind of record"),
        ("/store/lists/schema", json!("TAG"), "store.lists holds other records"),
        ("/store/messages/index", json!(null), "store.messages holds other records"),
        ("/store/team", json!({}), "store.team.id is missing"),
        ("/store/ids/state", json!(-1), "store.ids.state"),
        ("/store/agenda/jobs", json!([[["2026-02-03T12:00:00Z", 1], {"job": "dance"}]]), "dance"),
        ("/store/outbox", json!([{"uuid": "x"}]), "store.outbox[0]"),
        ("/at", json!("noon"), "at: "),
        ("/face/ahead_us", json!("x"), "face.ahead_us"),
    ] {
        let mut state = now.clone();
        *state.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
        let refused = other.control("POST", "/load", json!({"state": state})).await;
        let message = refused.body["message"].as_str().unwrap_or_default().to_owned();
        refused.invalid(&["state"]);
        assert!(message.contains(said), "{pointer}: {message}");
    }
    for (part, said) in [("flows", "store.flows is missing"), ("contacts", "store.contacts is missing")] {
        let mut state = now.clone();
        state["store"].as_object_mut().unwrap().remove(part);
        let refused = other.control("POST", "/load", json!({"state": state})).await;
        assert!(refused.body["message"].as_str().unwrap().contains(said), "{:?}", refused.body);
    }
    let mut state = now.clone();
    state["store"]["flow"] = json!([]);
    let refused = other.control("POST", "/load", json!({"state": state})).await;
    assert!(refused.body["message"].as_str().unwrap().contains("store.flow is not known"));
    assert_eq!(other.control("GET", "/export", Value::Null).await.expect(200), as_it_was);
    other.control("GET", "/snapshots/none", Value::Null).await.invalid(&["name"]);
}

#[tokio::test]
async fn the_clock_is_set_moved_frozen_and_let_go() {
    let world = World::empty().await;
    let clock = async |page: &str, body: Value| {
        world.control("POST", &format!("/clock/{page}"), body).await.expect(200)
    };
    let told = clock("set", json!({"time": "2027-01-01T00:00:00Z"})).await;
    assert_eq!(told, json!({"now": "2027-01-01T00:00:00Z", "frozen": true}));
    assert_eq!(clock("advance", json!({"seconds": 1.5})).await["now"], "2027-01-01T00:00:01.500Z");
    assert_eq!(world.get(USER).await.expect(200)["id"], 20);
    let list = world.post(LISTS, json!({"name": "x"})).await.expect(201);
    assert_eq!(list["created_at"], "2027-01-01T00:00:01.500000Z");
    assert_eq!(clock("resume", Value::Null).await["frozen"], false);
    assert_eq!(clock("freeze", json!({})).await["frozen"], true);
    assert!(world.sandbox.clock().is_frozen());
    for (page, body, field) in [
        ("set", json!({"time": "noon"}), "time"),
        ("set", json!({}), "time"),
        ("set", json!({"time": "2027-01-01", "zone": "UTC"}), "zone"),
        ("advance", json!({"seconds": -1}), "seconds"),
        ("advance", json!({"seconds": "1"}), "seconds"),
        ("advance", json!({"seconds": 1e300}), "seconds"),
        ("freeze", json!({"seconds": 1}), "seconds"),
    ] {
        world.control("POST", &format!("/clock/{page}"), body).await.invalid(&[field]);
    }
}

#[tokio::test]
async fn limits_are_changed_while_it_runs() {
    let world = World::empty().await;
    let limits = |body: Value| world.control("PUT", "/limits", body);
    assert_eq!(limits(json!({"requests_per_minute": 1})).await.expect(200)["requests_per_minute"], 1);
    world.get(USER).await.expect(200);
    world.get(USER).await.refuses(429, "too_many_requests", &[]);
    world.control("POST", "/clock/advance", json!({"seconds": 60})).await.expect(200);
    world.get(USER).await.expect(200);
    assert_eq!(
        limits(json!({"requests_per_minute": null})).await.expect(200)["requests_per_minute"],
        Value::Null
    );
    for _ in 0..5 {
        world.get(USER).await.expect(200);
    }
    assert_eq!(limits(json!({"credits": 1})).await.expect(200)["credits"], 1);
    let lead = world.upsert(&world.a_list().await, json!({"linkedin_id": "ada", "first_name": "Ada"})).await;
    let enrich = || world.put("/leads/api/leads/advanced-enrichment", json!({"uuids": [uuid(&lead)]}));
    enrich().await.expect(200);
    enrich().await.refuses(402, "payment_required", &[]);
    limits(json!({"credits": -1})).await.invalid(&["credits"]);
    limits(json!({"requests_per_minute": -1})).await.invalid(&["requests_per_minute"]);
    limits(json!({"requests_per_hour": 1})).await.invalid(&["requests_per_hour"]);
}

#[tokio::test]
async fn the_log_explains_what_was_refused() {
    let world = World::demo().await;
    world.post("/leads/api/leads/upsert", json!({"lead": {}, "list_uuid": NOBODY})).await;
    world.get("/flows/api/linkedin-messages?filter[q]=Hi").await.invalid(&["filter.q"]);
    world.get(&format!("{LISTS}/{NOBODY}")).await.missing();
    let log = world.control("GET", "/requests", Value::Null).await.expect(200);
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
    world.control("DELETE", "/requests", Value::Null).await.expect(204);
    assert!(world.sandbox.requests().is_empty());
}

#[tokio::test]
async fn a_curl_line_makes_the_same_request() {
    let world = World::empty().await;
    world.post(LISTS, json!({"name": "It's \"mine\" & $HOME \\ ✓"})).await.expect(201);
    let line = world.sandbox.requests()[0].curl.clone();
    assert!(!line.contains(world.sandbox.key()));
    let mut shell = tokio::process::Command::new("sh");
    shell.arg("-c").arg(&line).env("GRINFI_API_KEY", world.sandbox.key());
    let told = shell.output().await.unwrap();
    assert!(told.status.success(), "{line}: {}", String::from_utf8_lossy(&told.stderr));
    let made: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(made["name"], "It's \"mine\" & $HOME \\ ✓");
    assert_eq!(names(&world).await.len(), 2);
}

#[tokio::test]
async fn own_pages_name_what_they_do_not_know() {
    let world = World::empty().await;
    let index = world.control("GET", "", Value::Null).await.expect(200);
    assert!(index["endpoints"].as_array().unwrap().len() > 25);
    for page in index["endpoints"].as_array().unwrap() {
        let (method, path) = (page["method"].as_str().unwrap(), page["path"].as_str().unwrap());
        let path = path.strip_prefix("/_sandbox").unwrap().replace(['{', '}'], "");
        // Without effect: each refuses a field that none knows, or a name that is not there.
        let answer = world.control(method, &path, json!({"nonsense": 1})).await;
        assert!([404, 422].contains(&answer.status), "{method} {path}: {answer:?}");
    }
    world.control("GET", "/outbox?limit=3", Value::Null).await.invalid(&["limit"]);
    world.control("POST", "/outbox", Value::Null).await.refuses(405, "method_not_allowed", &[]);
    world.control("GET", "/secrets", Value::Null).await.missing();
}

#[tokio::test]
async fn pages_of_other_origins_are_kept_out() {
    let world = World::empty().await;
    let url = format!("{}/_sandbox/reset", world.sandbox.base_url());
    let foreign = world.client.post(&url).header("origin", "https://example.com").send().await.unwrap();
    Answer::of(foreign).await.refuses(403, "access_denied", &[]);
    let tricked = world.client.post(&url).header("host", "example.com").send().await.unwrap();
    Answer::of(tricked).await.refuses(403, "access_denied", &[]);
    let own = world.client.post(&url).header("origin", world.sandbox.base_url()).send().await.unwrap();
    Answer::of(own).await.expect(200);
}

#[tokio::test]
async fn an_outbox_can_be_emptied() {
    let world = World::demo().await;
    let sender = world.uuids("/flows/api/sender-profiles").await[0].clone();
    let lead = uuid(&world.a_contact().await);
    let body = json!({"sender_profile_uuid": sender, "lead_uuid": lead, "text": "Hi"});
    world.post("/flows/api/linkedin-messages", body).await.expect(201);
    world.control("POST", "/clock/advance", json!({"seconds": 60})).await.expect(200);
    assert_eq!(world.control("GET", "/outbox", Value::Null).await.expect(200)[0]["text"], "Hi");
    world.control("DELETE", "/outbox", Value::Null).await.expect(204);
    assert!(world.sandbox.outbox().is_empty());
}

#[tokio::test]
async fn worlds_do_not_wait_for_each_other() {
    let world = World::with(Seed::Empty, None).await;
    // Made at once by many tasks: each key has one world, and everybody's list is in it.
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..40 {
        let url = format!("{}{LISTS}", world.sandbox.base_url());
        let (client, key) = (world.client.clone(), format!("key-{}", number % 4));
        tasks.spawn(async move {
            client.post(url).bearer_auth(key).json(&json!({"name": "x"})).send().await.unwrap().status()
        });
    }
    while let Some(status) = tasks.join_next().await {
        assert_eq!(status.unwrap(), 201);
    }
    assert_eq!(world.sandbox.tenants().len(), 5);
    for number in 0..4 {
        let listed = world.with_key(&format!("key-{number}"), "GET", LISTS, Value::Null).await.expect(200);
        assert_eq!(listed["total"], 10);
    }
}
