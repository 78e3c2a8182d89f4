//! The page for people.
// A helper of tests may fail as they do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use grinfi_sandbox::Fault;
use serde_json::{Value, json};
use support::{World, uuid};

async fn page(world: &World, path: &str) -> (u16, String) {
    let answer = world.client.get(format!("{}{path}", world.sandbox.base_url())).send().await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn submit(world: &World, form: &str) -> (u16, String) {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let request = client.post(format!("{}/", world.sandbox.base_url())).body(form.to_owned());
    let answer = request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    let place = answer.headers().get("location").map(|it| it.to_str().unwrap().to_owned());
    (answer.status().as_u16(), place.unwrap_or(answer.text().await.unwrap()))
}

#[tokio::test]
async fn it_shows_what_happened_and_runs_nothing() {
    let world = World::demo().await;
    let attack = "<script>alert('x')</script>\"><img src=x>";
    let sender = world.uuids("/flows/api/sender-profiles").await[0].clone();
    let lead = uuid(&world.a_contact().await);
    let body = json!({"sender_profile_uuid": sender, "lead_uuid": lead, "text": attack});
    world.post("/flows/api/linkedin-messages", body).await.expect(201);
    world
        .post(&format!("/leads/api/lists?a={attack}"), json!({"name": 7, "x": attack}))
        .await
        .invalid(&["name"]);
    world.sandbox.add_fault(Fault::html(502).body(attack)).unwrap();
    world.sandbox.tenant().snapshot(attack).await.unwrap();
    let body = json!({"name": attack, "event": "contact_created", "request_method": "POST", "target_url": "https://example.com/<b>?token=secret"});
    world.sandbox.tenant().clear_faults();
    world.post("/integrations/api/webhooks", body).await.expect(201);
    let list = world.a_list().await;
    world.upsert(&list, json!({"linkedin_id": "new-one", "first_name": attack})).await;
    world.control("POST", "/clock/advance", json!({"seconds": 10})).await.expect(200);
    let (status, html) = page(&world, "/").await;
    assert_eq!(status, 200);
    for markup in ["<script", "<img", "<b>"] {
        assert!(!html.contains(markup), "{markup}");
    }
    assert!(html.matches("&lt;script&gt;").count() >= 4, "{html}");
    for shown in ["The name must be a string.", "/name", "createList", "$GRINFI_API_KEY", "Outbox", "blocked"]
    {
        assert!(html.contains(shown), "{shown}");
    }
    for secret in [world.sandbox.key(), "token=secret\""] {
        assert!(!html.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn worlds_are_chosen_and_unknown_ones_are_said() {
    let world = World::empty().await;
    world.with_key("other", "GET", "/nowhere-at-all", Value::Null).await.missing();
    let id = world.sandbox.tenant_of("other").unwrap().id().to_owned();
    let (_, own) = page(&world, "/").await;
    assert!(own.contains(&format!("/?tenant={id}\"")) && !own.contains("nowhere-at-all"));
    let (_, other) = page(&world, &format!("/?tenant={id}")).await;
    assert!(other.contains("nowhere-at-all"));
    let (status, html) = page(&world, "/?tenant=%3Cb%3E").await;
    assert!(status == 404 && html.contains("World not found"), "{html}");
    world.request("PUT", "/").send().await.map(|answer| assert_eq!(answer.status(), 405)).unwrap();
}

#[tokio::test]
async fn forms_move_the_clock_and_reset() {
    let world = World::demo().await;
    let own = format!("/?tenant={}", world.sandbox.tenant().id());
    assert_eq!(submit(&world, "do=advance&seconds=60").await, (303, own.clone()));
    assert_eq!(world.sandbox.clock().now().to_rfc3339(), "2026-02-03T15:56:04+00:00");
    assert_eq!(submit(&world, "do=resume").await.0, 303);
    assert!(!world.sandbox.clock().is_frozen());
    assert_eq!(submit(&world, "do=freeze").await.0, 303);
    assert!(world.sandbox.clock().is_frozen());
    assert_eq!(submit(&world, "do=set&time=2027-01-01T00%3A00%3A00Z").await.0, 303);
    assert_eq!(world.sandbox.clock().now().to_rfc3339(), "2027-01-01T00:00:00+00:00");
    world.a_list().await;
    assert_eq!(submit(&world, "do=reset").await.0, 303);
    assert!(world.sandbox.requests().is_empty());
    for (wrong, said) in [
        ("do=advance&seconds=-1", "The seconds must be"),
        ("do=set&time=noon", "The time must be"),
        ("do=explode", "does not do this"),
        ("", "does not do this"),
    ] {
        let (status, html) = submit(&world, wrong).await;
        assert!(status == 422 && html.contains(said), "{wrong}: {html}");
    }
    let foreign =
        world.client.post(format!("{}/", world.sandbox.base_url())).header("origin", "https://example.com");
    assert_eq!(foreign.body("do=reset").send().await.unwrap().status(), 403);
}
