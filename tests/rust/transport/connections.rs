//! Connections: certificates, proxies, headers, connection pools.

use grinfi::Client;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::support::{
    KEY, builder,
    fault_server::{FaultServer, Response},
    tls,
};

/// Starts a TLS server with a private certificate authority. Returns its URL and the certificate of the authority as PEM.
async fn tls_server() -> (String, String) {
    let (acceptor, pem) = tls::acceptor(&[]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let _ = stream.read(&mut [0; 4096]).await;
                let response =
                    b"HTTP/1.1 200 X\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
                let _ = stream.write_all(response).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    (url, pem)
}

#[tokio::test]
async fn trusts_configured_root_certificates() {
    let (url, ca) = tls_server().await;
    builder(&url).root_certificates(ca).build().unwrap().users().current().await.unwrap();
    let error = builder(&url).build().unwrap().lists().create("Autumn").await.unwrap_err();
    assert!(error.is_connect() && !error.is_unknown_outcome(), "{error:?}");
    assert!(format!("{error:?}").to_lowercase().contains("certificate"), "{error:?}");
}

#[tokio::test]
async fn sends_requests_through_a_proxy() {
    let proxy = FaultServer::start([Response::json(200, "{}")]).await;
    let url = proxy.base_url.replace("http://", "http://robin:pass@");
    let client = builder("http://api.example.com").proxy(url).build().unwrap();
    client.users().current().await.unwrap();
    let arrived = proxy.arrived();
    assert_eq!(arrived[0].target, "http://api.example.com/id/api/users/current");
    assert_eq!(arrived[0].header("proxy-authorization"), Some("Basic cm9iaW46cGFzcw=="));
    // A tunnel for HTTPS shows the proxy only the host.
    let client = builder("https://api.example.com").proxy(&proxy.base_url).build().unwrap();
    assert!(client.users().current().await.unwrap_err().is_connect());
    let tunnel = &proxy.arrived()[1];
    assert_eq!((tunnel.method.as_str(), tunnel.target.as_str()), ("CONNECT", "api.example.com:443"));
    assert_eq!(tunnel.header("authorization"), None);
}

#[tokio::test]
async fn sends_headers_and_user_agent_with_every_attempt() {
    let server = FaultServer::start([Response::html(503), Response::json(200, "{}")]).await;
    let client = builder(&server.base_url)
        .user_agent_suffix("my-sync/1.2")
        .header("Team-ID", "134")
        .pool_max_idle_per_host(0)
        .build()
        .unwrap();
    client.users().current().await.unwrap();
    let arrived = server.arrived();
    assert_eq!(arrived.len(), 2);
    for request in arrived {
        let agent = request.header("user-agent").unwrap();
        assert!(agent.starts_with("grinfi-rust/") && agent.ends_with(" my-sync/1.2"), "{agent}");
        assert_eq!(request.header("team-id"), Some("134"));
    }
}

#[tokio::test]
async fn custom_http_client_keeps_key_headers_and_retries() {
    let server = FaultServer::start([Response::html(503), Response::json(200, "{}")]).await;
    let http = reqwest::Client::builder().user_agent("mine").build().unwrap();
    let client = builder(&server.base_url).http_client(http).header("team-id", "134").build().unwrap();
    client.users().current().await.unwrap();
    let request = &server.arrived()[1];
    assert_eq!(request.header("user-agent"), Some("mine"));
    assert_eq!(request.header("team-id"), Some("134"));
    assert_eq!(request.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
}

#[tokio::test]
async fn rate_limit_pause_applies_to_one_key() {
    let server = FaultServer::start([Response::too_many("100"), Response::json(200, "{}")]).await;
    let never = grinfi::RetryPolicy::never();
    let first = builder(&server.base_url).retry(never).build().unwrap();
    let other = "eyJhbGciOiJub25lIn0.eyJzcGVjaWZpY190ZWFtX2lkIjo1NTl9.c2VjcmV0";
    let second = Client::builder().api_key(other).base_url(&server.base_url).build().unwrap();
    assert!(first.users().current().await.unwrap_err().is_rate_limited());
    // The pause applies only to the first key.
    second.users().current().await.unwrap();
    assert_eq!(server.arrived()[1].header("authorization"), Some(format!("Bearer {other}").as_str()));
}
