//! Ten thousand messages under random faults, against a server that keeps a ledger.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::{StreamExt, stream};
use grinfi::RateLimit;

use crate::support::{
    builder,
    fault_server::{Answer, Arrived, FaultServer},
    seed,
};

const SENT: &str = r#"{"uuid": "m", "status": "new"}"#;

/// The texts that went out, with how often.
type Ledger = Arc<Mutex<HashMap<String, u32>>>;

fn text_of(request: &Arrived) -> String {
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    body["text"].as_str().unwrap().to_owned()
}

/// A server that answers with any fault, having sent the message or not.
async fn server(seed: u64, ledger: Ledger) -> FaultServer {
    let mut random = fastrand::Rng::with_seed(seed);
    FaultServer::deciding(move |request| {
        let Some(request) = request else {
            return (random.u8(..100) < 3).then_some(Answer::ResetUnread);
        };
        let (answer, commits) = match random.u32(..1000) {
            0..600 => (Answer::json(201, SENT), true),
            600..610 => (Answer::too_many("0"), false),
            610..660 => {
                // Committed or not, and answered with a status: the API's own, its gateway's, Cloudflare's.
                let statuses = [500, 501, 505, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530];
                (Answer::html(statuses[random.usize(..statuses.len())]), random.bool())
            }
            660..720 => (Answer::Hangup, random.bool()),
            720..780 => (Answer::ResetRead, random.bool()),
            780..840 => (Answer::html(502), random.bool()),
            840..870 => (Answer::html(504), random.bool()),
            870..900 => (Answer::json(503, "{}"), random.bool()),
            900..940 => (Answer::Cut(201, "{\"uuid\":".into()), true),
            940..945 => (Answer::Stall, random.bool()),
            945..950 => (Answer::json(201, ""), true),
            950..955 => (Answer::json(201, "<html>"), true),
            _ => (Answer::json(422, "{}"), false),
        };
        if commits {
            *ledger.lock().unwrap().entry(text_of(request)).or_default() += 1;
        }
        Some(answer)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_message_goes_out_twice_and_every_one_is_accounted_for() {
    const MESSAGES: usize = 10_000;
    let ledger = Ledger::default();
    let server = server(seed(), ledger.clone()).await;
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

    let ledger = ledger.lock().unwrap();
    assert!(ledger.values().all(|times| *times == 1), "a message went out twice");
    let (mut sent, mut not_sent, mut unknown, mut unknown_and_out) = (0, 0, 0, 0);
    for (text, error) in &outcomes {
        let out = ledger.contains_key(text);
        match error {
            None => {
                assert!(out, "{text} is called sent and is not");
                sent += 1;
            }
            Some(error) if error.is_unknown_outcome() => {
                unknown += 1;
                unknown_and_out += usize::from(out);
            }
            Some(error) => {
                assert!(!out, "{text} is out, and called not sent: {error:?}");
                not_sent += 1;
            }
        }
    }
    assert_eq!(sent + not_sent + unknown, MESSAGES);
    assert_eq!(ledger.len(), sent + unknown_and_out);
    // The faults were all there, so the three cases were too.
    assert!(sent > 5000 && not_sent > 300 && unknown > 1000, "{sent} {not_sent} {unknown}");
    assert!(unknown_and_out > 500 && unknown_and_out < unknown, "{unknown_and_out} of {unknown}");
}
