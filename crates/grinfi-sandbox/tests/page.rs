//! Web page.
// Helpers of tests may panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use grinfi_sandbox::Fault;
use serde_json::{Value, json};
use support::{TestServer, uuid};

async fn page(server: &TestServer, path: &str) -> (u16, String) {
    let response = server.client.get(format!("{}{path}", server.sandbox.base_url())).send().await.unwrap();
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    (response.status().as_u16(), response.text().await.unwrap())
}

async fn submit(server: &TestServer, form: &str) -> (u16, String) {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let request = client.post(format!("{}/", server.sandbox.base_url())).body(form.to_owned());
    let response = request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    let location = response.headers().get("location").map(|it| it.to_str().unwrap().to_owned());
    (response.status().as_u16(), location.unwrap_or(response.text().await.unwrap()))
}

#[tokio::test]
async fn page_shows_logs_and_escapes_markup() {
    let server = TestServer::demo().await;
    let attack = "<script>alert('x')</script>\"><img src=x>";
    let sender = server.uuids("/flows/api/sender-profiles").await[0].clone();
    let lead = uuid(&server.newest_contact().await);
    let body = json!({"sender_profile_uuid": sender, "lead_uuid": lead, "text": attack});
    server.post("/flows/api/linkedin-messages", body).await.expect(201);
    server
        .post(&format!("/leads/api/lists?a={attack}"), json!({"name": 7, "x": attack}))
        .await
        .expect_invalid(&["name"]);
    server.sandbox.add_fault(Fault::html(502).body(attack)).unwrap();
    server.sandbox.tenant().snapshot(attack).await.unwrap();
    let body = json!({"name": attack, "event": "contact_created", "request_method": "POST", "target_url": "https://example.com/<b>?token=secret"});
    server.sandbox.tenant().clear_faults();
    server.post("/integrations/api/webhooks", body).await.expect(201);
    let list = server.create_list().await;
    server.upsert(&list, json!({"linkedin_id": "new-one", "first_name": attack})).await;
    server.control("POST", "/clock/advance", json!({"seconds": 10})).await.expect(200);
    let (status, html) = page(&server, "/").await;
    assert_eq!(status, 200);
    for markup in ["<script", "<img", "<b>"] {
        assert!(!html.contains(markup), "{markup}");
    }
    assert!(html.matches("&lt;script&gt;").count() >= 4, "{html}");
    for shown in ["The name must be a string.", "/name", "createList", "$GRINFI_API_KEY", "Outbox", "blocked"]
    {
        assert!(html.contains(shown), "{shown}");
    }
    for secret in [server.sandbox.key(), "token=secret\""] {
        assert!(!html.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn page_selects_tenant_and_rejects_unknown_one() {
    let server = TestServer::empty().await;
    server.with_key("other", "GET", "/nowhere-at-all", Value::Null).await.expect_not_found();
    let id = server.sandbox.tenant_of("other").unwrap().id().to_owned();
    let (_, own) = page(&server, "/").await;
    assert!(own.contains(&format!("/?tenant={id}\"")) && !own.contains("nowhere-at-all"));
    let (_, other) = page(&server, &format!("/?tenant={id}")).await;
    assert!(other.contains("nowhere-at-all"));
    let (status, html) = page(&server, "/?tenant=%3Cb%3E").await;
    assert!(status == 404 && html.contains("Tenant not found"), "{html}");
    server.request("PUT", "/").send().await.map(|response| assert_eq!(response.status(), 405)).unwrap();
}

#[tokio::test]
async fn forms_move_the_clock_and_reset() {
    let server = TestServer::demo().await;
    let own = format!("/?tenant={}", server.sandbox.tenant().id());
    assert_eq!(submit(&server, "do=advance&seconds=60").await, (303, own.clone()));
    assert_eq!(server.sandbox.clock().now().to_rfc3339(), "2026-02-03T15:56:04+00:00");
    assert_eq!(submit(&server, "do=resume").await.0, 303);
    assert!(!server.sandbox.clock().is_frozen());
    assert_eq!(submit(&server, "do=freeze").await.0, 303);
    assert!(server.sandbox.clock().is_frozen());
    assert_eq!(submit(&server, "do=set&time=2027-01-01T00%3A00%3A00Z").await.0, 303);
    assert_eq!(server.sandbox.clock().now().to_rfc3339(), "2027-01-01T00:00:00+00:00");
    server.create_list().await;
    assert_eq!(submit(&server, "do=reset").await.0, 303);
    assert!(server.sandbox.requests().is_empty());
    for (wrong, message) in [
        ("do=advance&seconds=-1", "The seconds must be"),
        ("do=set&time=noon", "The time must look like"),
        ("do=explode", "is unknown"),
        ("", "is unknown"),
    ] {
        let (status, html) = submit(&server, wrong).await;
        assert!(status == 422 && html.contains(message), "{wrong}: {html}");
    }
    let foreign =
        server.client.post(format!("{}/", server.sandbox.base_url())).header("origin", "https://example.com");
    assert_eq!(foreign.body("do=reset").send().await.unwrap().status(), 403);
}
