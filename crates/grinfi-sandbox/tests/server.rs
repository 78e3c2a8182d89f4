//! The server around the operations: keys, routes, limits, bodies, the log.

mod support;

use std::time::Duration;

use grinfi_sandbox::{OPERATIONS, Sandbox, Seed, is_implemented};
use serde_json::json;
use support::{Answer, NOBODY, World};

const USER: &str = "/id/api/users/current";

#[tokio::test]
async fn without_the_key_nothing_is_told() {
    let only = Sandbox::builder().only_keys([] as [&str; 0]).start().await.unwrap();
    let world = World { sandbox: only, client: reqwest::Client::new() };
    for path in [USER, "/nowhere", "/leads/api/tags"] {
        let url = format!("{}{path}", world.sandbox.base_url());
        let keyless = world.client.get(&url).send().await.unwrap();
        Answer::of(keyless).await.refuses(401, "auth_exception", &[]);
        let wrong = world.client.get(&url).bearer_auth("wrong").send().await.unwrap();
        Answer::of(wrong).await.refuses(401, "auth_exception", &[]);
    }
    world.get(USER).await.expect(200);
}

#[tokio::test]
async fn the_user_and_the_team_are_integers() {
    let world = World::empty().await;
    let user = world.get(USER).await.expect(200);
    assert_eq!(user["id"], 20);
    assert_eq!(user["created_at"], "2026-02-03T15:55:04.000000Z");
    let senders = world.get("/flows/api/sender-profiles").await.expect(200);
    assert_eq!(senders["data"][0]["team_id"], 134);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_told_apart() {
    let world = World::demo().await;
    world.get("/nowhere").await.missing();
    world.get("/leads/api/leads/").await.missing();
    let wrong = world.request("PATCH", "/leads/api/lists").send().await.unwrap();
    assert_eq!(wrong.headers()["allow"], "GET, POST");
    Answer::of(wrong).await.refuses(405, "method_not_allowed", &[]);
}

#[tokio::test]
async fn every_operation_is_there() {
    let world = World::empty().await;
    for operation in OPERATIONS {
        if !is_implemented(operation.id) {
            // One that nobody has taken up yet; `every_operation_is_implemented` knows which.
            continue;
        }
        let mut path = operation.path.replace("{id}", "7");
        for name in ["{uuid}", "{flowUuid}", "{leadUuid}"] {
            path = path.replace(name, NOBODY);
        }
        let request = world.request(operation.method, &path).json(&json!({}));
        let answer = Answer::of(request.send().await.unwrap()).await;
        // Two fields are taken for granted, and without them the API fails.
        let fails = ["createAiTemplate", "validateFlowNode"].contains(&operation.id);
        let expected = if fails { answer.status == 500 } else { matches!(answer.status, 200 | 404 | 422) };
        assert!(expected, "{}: {answer:?}", operation.id);
    }
}

#[tokio::test]
async fn the_rate_limit_is_a_sliding_minute() {
    let world = World::with(Seed::Empty, Some(3)).await;
    for _ in 0..2 {
        world.get(USER).await.expect(200);
    }
    world.sandbox.clock().advance(Duration::from_millis(20_500));
    world.get("/nowhere").await.missing();
    let refused = world.request("GET", USER).send().await.unwrap();
    assert_eq!(refused.headers()["retry-after"], "40");
    Answer::of(refused).await.refuses(429, "too_many_requests", &[]);
    world.sandbox.clock().advance(Duration::from_secs(39));
    world.get(USER).await.refuses(429, "too_many_requests", &[]);
    // Two places are free again, and the refused requests took none.
    world.sandbox.clock().advance(Duration::from_secs(1));
    world.get(USER).await.expect(200);
    world.get(USER).await.expect(200);
    world.get(USER).await.refuses(429, "too_many_requests", &[]);
    // Keyless requests and the sandbox's own pages are not counted.
    let outbox = format!("{}/_sandbox/outbox", world.sandbox.base_url());
    assert_eq!(world.client.get(outbox).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn by_default_300_are_granted() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = reqwest::Client::new();
    let url = format!("{}{USER}", sandbox.base_url());
    let mut refused = 0;
    for _ in 0..301 {
        let status = client.get(&url).bearer_auth(sandbox.key()).send().await.unwrap().status();
        refused += usize::from(status == 429);
    }
    assert_eq!(refused, 1);
}

#[tokio::test]
async fn bodies_that_are_no_map_are_refused() {
    let world = World::empty().await;
    for body in ["{", "[1]", "\"text\"", "nul"] {
        let request = world.request("POST", "/leads/api/lists").body(body);
        Answer::of(request.send().await.unwrap()).await.refuses(400, "bad_request", &[]);
    }
    let nothing = world.request("POST", "/leads/api/lists").send().await.unwrap();
    Answer::of(nothing).await.invalid(&["name"]);
}

#[tokio::test]
async fn large_bodies_are_refused_and_the_server_lives_on() {
    let world = World::empty().await;
    let request = world.request("POST", "/leads/api/lists").body(vec![b' '; 5 * 1024 * 1024]);
    Answer::of(request.send().await.unwrap()).await.refuses(413, "payload_too_large", &[]);
    let request = world.request("POST", "/leads/api/lists").body(vec![b' '; 2 * 1024 * 1024]);
    Answer::of(request.send().await.unwrap()).await.invalid(&["name"]);
    world.get(USER).await.expect(200);
}

#[tokio::test]
async fn the_log_has_what_was_asked_and_no_key() {
    let world = World::empty().await;
    world.get("/leads/api/lists?limit=5&filter[q]=a").await.expect(200);
    world.post("/leads/api/lists", json!({"name": "x"})).await.expect(201);
    let keyless = format!("{}/leads/api/tags", world.sandbox.base_url());
    world.client.get(keyless).send().await.unwrap();
    let log = world.sandbox.requests();
    let lines: Vec<(&str, &str, u16)> =
        log.iter().map(|it| (it.method.as_str(), it.path.as_str(), it.status)).collect();
    let wanted = [
        ("GET", "/leads/api/lists", 200),
        ("POST", "/leads/api/lists", 201),
        ("GET", "/leads/api/tags", 401),
    ];
    assert_eq!(lines, wanted);
    assert!(log[0].query.starts_with("limit=5&filter"), "{}", log[0].query);
    assert_eq!(log[1].body, r#"{"name":"x"}"#);
    let url = format!("{}/_sandbox/requests", world.sandbox.base_url());
    let page = world.client.get(url).send().await.unwrap().text().await.unwrap();
    assert!(!page.contains(world.sandbox.key()));
    let page: serde_json::Value = serde_json::from_str(&page).unwrap();
    assert_eq!(page.as_array().unwrap().len(), 3);
    assert_eq!(page[1]["status"], 201);
}

#[tokio::test]
async fn own_pages_are_only_those() {
    let world = World::empty().await;
    world.get("/_sandbox/secrets").await.missing();
    world.post("/_sandbox/outbox", json!({})).await.refuses(405, "method_not_allowed", &[]);
}

#[tokio::test]
async fn a_sandbox_stops_when_it_is_told_or_dropped() {
    let stopped = Sandbox::start().await.unwrap();
    let url = format!("{}{USER}", stopped.base_url());
    // An idle connection must not hold it up.
    let client = reqwest::Client::new();
    client.get(&url).send().await.unwrap();
    stopped.shutdown().await;
    assert!(reqwest::get(&url).await.is_err());

    let dropped = Sandbox::start().await.unwrap();
    let url = format!("{}{USER}", dropped.base_url());
    drop(dropped);
    let mut refused = false;
    for _ in 0..1000 {
        tokio::task::yield_now().await;
        refused = reqwest::get(&url).await.is_err();
        if refused {
            break;
        }
    }
    assert!(refused);
}

#[tokio::test]
async fn settings_without_sense_are_errors() {
    use grinfi_sandbox::Error;
    let sandbox = Sandbox::start().await.unwrap();
    let port = sandbox.base_url().rsplit(':').next().unwrap().parse().unwrap();
    assert!(matches!(Sandbox::builder().port(port).start().await, Err(Error::Bind { .. })));
    for key in ["", "with blank", "ключ"] {
        assert!(matches!(Sandbox::builder().key(key).start().await, Err(Error::Key)));
    }
}
