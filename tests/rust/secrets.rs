//! Errors and debug output contain no API key, no ids and no record values.

use grinfi::models::{
    WebhookUpdate,
    enums::{HttpMethod, WebhookEvent},
};
use grinfi_raw::types;
use grinfi_sandbox::Seed;

use crate::support::{
    KEY, builder, client,
    fault_server::{FaultServer, Response},
    sandbox,
};

fn assert_key_hidden(shown: &str) {
    for part in KEY.split('.') {
        assert!(!shown.contains(part), "contains the key: {shown}");
    }
}

#[tokio::test]
async fn debug_and_errors_hide_the_key() {
    // The server echoes the key, as the error pages of some proxies do.
    let echo = format!(r#"{{"message": "Authorization: Bearer {KEY} is bad"}}"#);
    let server = FaultServer::start([Response::json(400, &echo)]).await;
    let client = client(&server.base_url);
    let error = client.users().current().await.unwrap_err();
    assert_eq!(server.arrived()[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert_key_hidden(&format!("{error} {error:?} {}", String::from_utf8_lossy(error.body().unwrap())));
    assert_key_hidden(&format!("{client:?} {:?} {:?}", builder("http://127.0.0.1:1"), client.raw()));
    assert_key_hidden(&format!("{:?}", client.request(http::Method::GET, "/x")));
    assert_key_hidden(&format!("{:?}", client.linkedin_messages().send("s", "c", "t")));
}

#[tokio::test]
async fn debug_hides_webhook_targets() {
    const TARGET: &str = "https://example.com/hook?token=hush-token";
    let (_sandbox, client) = sandbox(Seed::Empty).await;
    let webhooks = client.webhooks();
    let create = webhooks.create("Replies", WebhookEvent::ContactCreated, TARGET);
    let ensure = webhooks.ensure("Replies", WebhookEvent::ContactCreated, TARGET);
    let changes = WebhookUpdate { target_url: Some(TARGET.into()), ..Default::default() };
    let body = types::CreateWebhookBody::new(WebhookEvent::ContactCreated, "Replies", TARGET.into());
    let test = types::TestWebhookBody::new("contact_created", HttpMethod::Post, TARGET.into(), "w");
    let shown = format!("{create:?} {ensure:?} {changes:?} {body:?} {test:?}");
    let ensured = ensure.await.unwrap();
    let listed = webhooks.list().await.unwrap();
    assert_eq!(ensured.webhook.target_url.as_ref().unwrap().expose(), TARGET);
    assert_eq!(listed[0].target_url, ensured.webhook.target_url);
    let shown = format!("{shown} {ensured:?} {listed:?}");
    assert!(!shown.contains("hush"), "{shown}");
}

#[tokio::test]
async fn decode_errors_hide_record_values() {
    let row = r#"{"uuid": "c", "team_id": "jane@example.com"}"#;
    let page = format!(r#"{{"data": [{row}], "total": 1}}"#);
    let responses = [row, page.as_str(), page.as_str()].map(|body| Response::json(200, body));
    let server = FaultServer::start(responses).await;
    let client = client(&server.base_url);
    let one = client.contacts().get("c").await.unwrap_err();
    let all = client.contacts().search().page().await.unwrap_err();
    let kept =
        client.contacts().search().keep_undecodable().page().await.unwrap().data.remove(0).unwrap_err();
    assert_eq!(one.json_path(), Some("$.team_id"));
    assert!(one.to_string().contains("expected an integer, found a string"), "{one}");
    let errors: [&dyn std::error::Error; 3] = [&one, &all, &kept];
    for error in errors {
        let mut next = Some(error);
        while let Some(current) = next {
            let shown = format!("{current} {current:?}");
            assert!(!shown.contains("jane"), "{shown}");
            next = current.source();
        }
    }
    assert!(kept.record().contains("jane@example.com"));
}

#[tokio::test]
async fn errors_hide_ids_of_the_path() {
    let server = FaultServer::start([Response::Hangup]).await;
    let client = client(&server.base_url);
    let error = client.contacts().get("1b5a-private-id").await.unwrap_err();
    assert_eq!(error.path(), Some("/leads/api/leads/{uuid}"));
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("1b5a-private-id"), "{shown}");
}

#[tokio::test]
async fn custom_requests_show_a_path_template() {
    let server = FaultServer::start([Response::json(404, "{}")]).await;
    for (path, shown) in [
        ("/leads/api/leads/1b5a-private-id", "/leads/api/leads/{uuid}"),
        ("/extra/api/things/1b5a-private-id", "/extra/api/things/{id}"),
    ] {
        // The base URL may contain a path.
        for base in ["", "/gateway"] {
            let client = client(&format!("{}{base}", server.base_url));
            let request = client.request(http::Method::GET, path);
            assert!(!format!("{request:?}").contains("1b5a"), "{request:?}");
            let error = request.send().await.unwrap_err();
            assert_eq!(error.path(), Some(shown));
            assert!(!format!("{error} {error:?}").contains("1b5a"), "{error:?}");
        }
    }
}

#[tokio::test]
async fn connection_error_shows_only_the_address() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let client = client(&format!("http://127.0.0.1:{port}"));
    let error = client.contacts().get("1b5a-private-id").await.unwrap_err();
    assert!(error.to_string().contains(&format!("cannot connect to the API at 127.0.0.1:{port}")), "{error}");
    assert!(!format!("{error:?}").contains("1b5a"), "{error:?}");
}
