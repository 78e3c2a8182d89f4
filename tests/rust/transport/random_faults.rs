//! Ten thousand messages under random faults, against a server that counts them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::{StreamExt, stream};
use grinfi::RateLimit;

use crate::support::{
    builder,
    fault_server::{FaultServer, ReceivedRequest, Response},
    seed,
};

const SENT: &str = r#"{"uuid": "m", "status": "new"}"#;

/// How often each message text was sent.
type SendCounts = Arc<Mutex<HashMap<String, u32>>>;

fn message_text(request: &ReceivedRequest) -> String {
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    body["text"].as_str().unwrap().to_owned()
}

/// Starts a server that returns random faults, with or without sending the message.
async fn server(seed: u64, send_counts: SendCounts) -> FaultServer {
    let mut random = fastrand::Rng::with_seed(seed);
    FaultServer::deciding(move |request| {
        let Some(request) = request else {
            return (random.u8(..100) < 3).then_some(Response::ResetUnread);
        };
        let (response, commits) = match random.u32(..1000) {
            0..600 => (Response::json(201, SENT), true),
            600..610 => (Response::too_many("0"), false),
            610..660 => {
                // Error statuses of the API, its gateway and Cloudflare.
                let statuses = [500, 501, 505, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530];
                (Response::html(statuses[random.usize(..statuses.len())]), random.bool())
            }
            660..720 => (Response::Hangup, random.bool()),
            720..780 => (Response::ResetRead, random.bool()),
            780..840 => (Response::html(502), random.bool()),
            840..870 => (Response::html(504), random.bool()),
            870..900 => (Response::json(503, "{}"), random.bool()),
            900..940 => (Response::Cut(201, "{\"uuid\":".into()), true),
            940..945 => (Response::Stall, random.bool()),
            945..950 => (Response::json(201, ""), true),
            950..955 => (Response::json(201, "<html>"), true),
            _ => (Response::json(422, "{}"), false),
        };
        if commits {
            *send_counts.lock().unwrap().entry(message_text(request)).or_default() += 1;
        }
        Some(response)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sends_no_message_twice_and_reports_every_outcome() {
    const MESSAGES: usize = 10_000;
    let send_counts = SendCounts::default();
    let server = server(seed(), send_counts.clone()).await;
    let client = builder(&server.base_url)
        .rate_limit(RateLimit::off().concurrency(64))
        .timeout(Duration::from_millis(500))
        .build()
        .unwrap();
    let outcomes: Vec<(String, Option<grinfi::Error>)> = stream::iter(0..MESSAGES)
        .map(|number| {
            let client = client.clone();
            async move {
                let text = format!("Message {number}");
                let error = client.linkedin_messages().send("s", "c", text.as_str()).await.err();
                (text, error)
            }
        })
        .buffer_unordered(64)
        .collect()
        .await;

    let send_counts = send_counts.lock().unwrap();
    assert!(send_counts.values().all(|times| *times == 1), "a message was sent twice");
    let (mut sent, mut not_sent, mut unknown, mut unknown_but_sent) = (0, 0, 0, 0);
    for (text, error) in &outcomes {
        let is_sent = send_counts.contains_key(text);
        match error {
            None => {
                assert!(is_sent, "{text} was reported as sent but was not");
                sent += 1;
            }
            Some(error) if error.is_unknown_outcome() => {
                unknown += 1;
                unknown_but_sent += usize::from(is_sent);
            }
            Some(error) => {
                assert!(!is_sent, "{text} was sent but reported as not sent: {error:?}");
                not_sent += 1;
            }
        }
    }
    assert_eq!(sent + not_sent + unknown, MESSAGES);
    assert_eq!(send_counts.len(), sent + unknown_but_sent);
    // All three outcomes occurred.
    assert!(sent > 5000 && not_sent > 300 && unknown > 1000, "{sent} {not_sent} {unknown}");
    assert!(unknown_but_sent > 500 && unknown_but_sent < unknown, "{unknown_but_sent} of {unknown}");
}
