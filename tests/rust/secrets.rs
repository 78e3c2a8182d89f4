//! The key appears nowhere that a person or a log could see it.

use crate::support::{
    KEY, builder, client,
    fault_server::{Answer, FaultServer},
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
