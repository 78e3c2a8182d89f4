//! The key appears nowhere that a person or a log could see it.

use grinfi::models::{
    WebhookUpdate,
    enums::{HttpMethod, WebhookEvent},
};
use grinfi_raw::types;
use grinfi_sandbox::Seed;

use crate::support::{
    KEY, builder, client,
    fault_server::{Answer, FaultServer},
    sandbox,
};

fn assert_silent(shown: &str) {
    for part in KEY.split('.') {
        assert!(!shown.contains(part), "the key shows in: {shown}");
    }
}

#[tokio::test]
async fn no_debug_and_no_error_shows_the_key() {
    // A server that echoes what it got, as some proxies' error pages do.
    let echo = format!(r#"{{"message": "Authorization: Bearer {KEY} is bad"}}"#);
    let server = FaultServer::start([Answer::json(400, &echo)]).await;
    let client = client(&server.base_url);
    let error = client.users().current().await.unwrap_err();
    assert_eq!(server.arrived()[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert_silent(&format!("{error} {error:?} {}", String::from_utf8_lossy(error.body().unwrap())));
    assert_silent(&format!("{client:?} {:?} {:?}", builder("http://127.0.0.1:1"), client.raw()));
    assert_silent(&format!("{:?}", client.request(http::Method::GET, "/x")));
    assert_silent(&format!("{:?}", client.linkedin_messages().send("s", "c", "t")));
}

#[tokio::test]
async fn no_debug_shows_the_target_of_a_webhook() {
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
async fn no_decode_error_shows_a_value_of_the_record() {
    let row = r#"{"uuid": "c", "team_id": "jane@example.com"}"#;
    let page = format!(r#"{{"data": [{row}], "total": 1}}"#);
    let answers = [row, page.as_str(), page.as_str()].map(|body| Answer::json(200, body));
    let server = FaultServer::start(answers).await;
    let client = client(&server.base_url);
    let one = client.contacts().get("c").await.unwrap_err();
    let all = client.contacts().search().page().await.unwrap_err();
    let kept =
        client.contacts().search().keep_undecodable().page().await.unwrap().data.remove(0).unwrap_err();
    assert_eq!(one.json_path(), Some("$.team_id"));
    assert!(one.to_string().contains("expected a whole number, found a string"), "{one}");
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
async fn an_error_shows_no_ids_of_the_path_and_no_query() {
    let server = FaultServer::start([Answer::Hangup]).await;
    let client = client(&server.base_url);
    let error = client.contacts().get("1b5a-private-id").await.unwrap_err();
    assert_eq!(error.path(), Some("/leads/api/leads/{uuid}"));
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("1b5a-private-id"), "{shown}");
}

#[tokio::test]
async fn a_hand_made_request_shows_a_template_in_place_of_its_path() {
    let server = FaultServer::start([Answer::json(404, "{}")]).await;
    for (path, shown) in [
        ("/leads/api/leads/1b5a-private-id", "/leads/api/leads/{uuid}"),
        ("/extra/api/things/1b5a-private-id", "/extra/api/things/{id}"),
    ] {
        // The base URL may have a path of its own.
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
async fn a_connection_error_names_the_address_and_nothing_else() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let client = client(&format!("http://127.0.0.1:{port}"));
    let error = client.contacts().get("1b5a-private-id").await.unwrap_err();
    assert!(error.to_string().contains(&format!("no connection to the API at 127.0.0.1:{port}")), "{error}");
    assert!(!format!("{error:?}").contains("1b5a"), "{error:?}");
}
