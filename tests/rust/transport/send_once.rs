//! `once()`: finds messages after an unknown outcome and never sends twice.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::future::join_all;
use grinfi::{Client, Error, Outcome, models::LinkedinMessage, send_once::SendLookup};
use serde_json::{Value, json};

use crate::support::{
    builder, client,
    fault_server::{FaultServer, ReceivedRequest, Response},
};

/// Messages of the server.
type Messages = Arc<Mutex<Vec<Value>>>;

/// How the server handles a message.
#[derive(Debug, Clone, Copy, PartialEq)]
enum SendFault {
    /// Stores it and closes the connection.
    StoredWithoutResponse,
    /// Stores it after this many listings.
    StoredLate(u32),
    /// Stores it and returns this status.
    StoredWithStatus(u16),
    /// Stores it and returns success without a body.
    StoredWithEmptyBody,
    /// Closes the connection without storing it.
    Lost,
    /// Rejects it with 422.
    Rejected,
    /// Stores it and returns it.
    Stored,
}

fn body(request: &ReceivedRequest) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

/// Starts a server with these messages that handles every new message by `fault`.
async fn server(fault: SendFault, messages: Messages) -> FaultServer {
    let mut waiting: Vec<(u32, Value)> = Vec::new();
    FaultServer::deciding(move |request| {
        let request = request?;
        let mut messages = messages.lock().unwrap();
        if request.method == "GET" {
            for (left, message) in &mut waiting {
                *left -= 1;
                if *left == 0 {
                    messages.insert(0, message.clone());
                }
            }
            waiting.retain(|(left, _)| *left > 0);
            // Unfiltered, so that the client has to compare the messages.
            return Some(Response::json(200, &json!({"data": *messages}).to_string()));
        }
        let mut message = body(request);
        message["uuid"] = format!("m{}", messages.len() + waiting.len()).into();
        message["type"] = "outbox".into();
        message["created_at"] = chrono::Utc::now().to_rfc3339().into();
        let stored = message.to_string();
        Some(match fault {
            SendFault::StoredWithoutResponse => {
                messages.insert(0, message);
                Response::Hangup
            }
            SendFault::StoredLate(listings) => {
                waiting.push((listings, message));
                Response::html(504)
            }
            SendFault::StoredWithStatus(status) => {
                messages.insert(0, message);
                Response::html(status)
            }
            SendFault::StoredWithEmptyBody => {
                messages.insert(0, message);
                Response::json(201, "")
            }
            SendFault::Lost => Response::Hangup,
            SendFault::Rejected => Response::json(422, "{}"),
            SendFault::Stored => {
                messages.insert(0, message);
                Response::json(201, &stored)
            }
        })
    })
    .await
}

async fn once(client: &Client, text: &str) -> Result<LinkedinMessage, Error> {
    client.linkedin_messages().send("s", "c", text).once().await
}

fn send_count(server: &FaultServer) -> usize {
    server.arrived().iter().filter(|request| request.method == "POST").count()
}

fn message_from(uuid: &str, minutes: i64) -> Value {
    let time = chrono::Utc::now() - chrono::Duration::minutes(minutes);
    json!({
        "uuid": uuid, "lead_uuid": "c", "sender_profile_uuid": "s", "type": "outbox", "text": "Hello",
        "created_at": time.to_rfc3339(),
    })
}

#[tokio::test]
async fn finds_the_message_after_a_lost_response() {
    let faults = [
        SendFault::StoredWithoutResponse,
        SendFault::StoredLate(1),
        SendFault::StoredLate(2),
        SendFault::Stored,
        SendFault::StoredWithEmptyBody,
    ];
    let statuses =
        [302, 500, 501, 502, 503, 504, 505, 520, 522, 524, 527, 529, 530].map(SendFault::StoredWithStatus);
    for fault in faults.into_iter().chain(statuses) {
        // The conversation already contains a message with the same text.
        let messages: Messages = Arc::new(Mutex::new(vec![message_from("before", 1)]));
        let server = server(fault, messages.clone()).await;
        let found = once(&client(&server.base_url), "Hello").await.unwrap();
        assert_eq!(found.uuid.to_string(), "m1", "{fault:?}");
        assert_eq!((send_count(&server), messages.lock().unwrap().len()), (1, 2), "{fault:?}");
    }
}

#[tokio::test]
async fn missing_message_stays_unknown_and_is_not_resent() {
    for fault in [SendFault::Lost, SendFault::StoredLate(10)] {
        let messages: Messages = Arc::new(Mutex::new(vec![message_from("before", 1)]));
        let server = server(fault, messages).await;
        let error = once(&client(&server.base_url), "Hello").await.unwrap_err();
        assert!(error.is_unknown_outcome(), "{fault:?}: {error:?}");
        assert_eq!(error.operation(), Some("sendLinkedInMessage"));
        assert_eq!(send_count(&server), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn does_not_match_other_messages() {
    let mut other_contact = message_from("a", 0);
    other_contact["lead_uuid"] = "d".into();
    let mut received = message_from("b", 0);
    received["type"] = "inbox".into();
    let mut other_text = message_from("c", 0);
    other_text["text"] = "Hello, Jane".into();
    for message in [other_contact, received, other_text, message_from("d", 60)] {
        let messages = Messages::default();
        let server = server(SendFault::Lost, messages.clone()).await;
        let client = client(&server.base_url);
        let (late, other) = (messages.clone(), message.clone());
        // It appears between the first and the second lookup.
        let sending = tokio::spawn(async move { once(&client, "Hello").await });
        while send_count(&server) == 0 {
            tokio::task::yield_now().await;
        }
        late.lock().unwrap().push(other);
        assert!(sending.await.unwrap().unwrap_err().is_unknown_outcome(), "{message}");
    }
}

#[tokio::test]
async fn reports_and_configures_lookup_attempts_and_timeout() {
    let server = server(SendFault::Lost, Messages::default()).await;
    let error = once(&client(&server.base_url), "Hello").await.unwrap_err();
    assert_eq!(error.lookups().unwrap().attempts, 5);
    assert!(error.to_string().contains("not found by 5 searches within"), "{error}");
    let send = |lookup| client(&server.base_url).linkedin_messages().send("s", "c", "Hello").lookup(lookup);
    let error = send(SendLookup::new().attempts(2)).once().await.unwrap_err();
    assert_eq!(error.lookups().unwrap().attempts, 2);
    for (lookup, field) in [
        (SendLookup::new().attempts(0), "lookup.attempts"),
        (SendLookup::new().timeout(Duration::ZERO), "lookup.timeout"),
    ] {
        assert_eq!(send(lookup).once().await.unwrap_err().field(), Some(field));
    }
    // The timeout ends the lookup, because the next attempt would be an hour later.
    let slow = grinfi::RetryPolicy::default()
        .base_delay(Duration::from_secs(3600))
        .max_delay(Duration::from_secs(3600));
    let client = builder(&server.base_url).retry(slow).build().unwrap();
    let error = once(&client, "Hello").await.unwrap_err();
    assert_eq!(error.lookups().unwrap().attempts, 1);
}

#[tokio::test]
async fn lookup_requests_newest_messages_first() {
    let server = server(SendFault::StoredWithoutResponse, Messages::default()).await;
    once(&client(&server.base_url), "Hello").await.unwrap();
    for request in server.arrived().iter().filter(|request| request.method == "GET") {
        let query = &request.target;
        assert!(query.contains("order_field=created_at") && query.contains("order_type=desc"), "{query}");
    }
}

#[tokio::test]
async fn deadline_reserves_time_for_the_lookup() {
    // The server stores the message but does not respond.
    let messages = Messages::default();
    let listed = messages.clone();
    let server = FaultServer::deciding(move |request| {
        let request = request?;
        let mut messages = listed.lock().unwrap();
        if request.method == "GET" {
            return Some(Response::json(200, &json!({"data": *messages}).to_string()));
        }
        let mut message = body(request);
        message["uuid"] = "m0".into();
        messages.push(message);
        Some(Response::Stall)
    })
    .await;
    let client = builder(&server.base_url).deadline(Duration::from_millis(900)).build().unwrap();
    let found = once(&client, "Hello").await.unwrap();
    assert_eq!((found.uuid.to_string(), send_count(&server)), ("m0".to_owned(), 1));
}

#[tokio::test]
async fn waiting_for_an_earlier_send_counts_against_the_deadline() {
    let server = stalled_server().await;
    let slow = client(&server.base_url);
    let first = tokio::spawn(async move { once(&slow, "Hello").await });
    while server.arrived().is_empty() {
        tokio::task::yield_now().await;
    }
    let client = builder(&server.base_url).deadline(Duration::from_millis(200)).build().unwrap();
    let error = once(&client, "Hello").await.unwrap_err();
    assert!(error.is_timeout() && error.outcome() == Some(Outcome::NotSent), "{error:?}");
    assert_eq!(error.waiting_for(), Some("an earlier send to the same receiver"));
    assert_eq!(server.arrived().len(), 1);
    first.abort();
}

async fn stalled_server() -> FaultServer {
    FaultServer::start([Response::Stall]).await
}

#[tokio::test]
async fn rejected_message_is_not_looked_up() {
    let server = server(SendFault::Rejected, Messages::default()).await;
    assert!(once(&client(&server.base_url), "Hello").await.unwrap_err().is_validation());
    assert_eq!(server.arrived().len(), 2);
    assert_eq!(once(&client(&server.base_url), " ").await.unwrap_err().field(), Some("text"));
    assert_eq!(server.arrived().len(), 2);
}

#[tokio::test]
async fn does_not_send_if_the_conversation_cannot_be_read() {
    let server = FaultServer::start([Response::json(403, "{}")]).await;
    assert!(once(&client(&server.base_url), "Hello").await.unwrap_err().is_forbidden());
    assert_eq!(send_count(&server), 0);
}

#[tokio::test]
async fn concurrent_equal_messages_do_not_match_each_other() {
    let messages = Messages::default();
    let server = server(SendFault::StoredWithoutResponse, messages.clone()).await;
    let client = client(&server.base_url);
    let found = join_all((0..5).map(|_| once(&client, "Hello"))).await;
    let mut ids: Vec<String> = found.into_iter().map(|message| message.unwrap().uuid.to_string()).collect();
    ids.sort();
    assert_eq!(ids, ["m0", "m1", "m2", "m3", "m4"]);
}

#[tokio::test]
async fn deadline_covers_send_and_lookup() {
    let server = server(SendFault::Lost, Messages::default()).await;
    let slow = grinfi::RetryPolicy::default().base_delay(std::time::Duration::from_secs(3600));
    let limit = std::time::Duration::from_secs(20);
    let client = builder(&server.base_url).retry(slow).deadline(limit).build().unwrap();
    let error = once(&client, "Hello").await.unwrap_err();
    assert!(error.is_unknown_outcome(), "expected one lookup without a delay: {error:?}");
}

/// Starts an email server with a listing and a body.
async fn email_server(fault: SendFault, text: &'static str) -> FaultServer {
    let sent: Mutex<Option<Value>> = Mutex::new(None);
    FaultServer::deciding(move |request| {
        let request = request?;
        let mut sent = sent.lock().unwrap();
        if request.target.starts_with("/emails/api/email-bodies/") {
            return Some(Response::json(200, &json!({"uuid": "b1", "body": text}).to_string()));
        }
        if request.method == "GET" {
            let mut rows = vec![json!({"uuid": "e0", "subject": "The fair", "to_email": "jane@example.com"})];
            rows.extend(sent.clone());
            return Some(Response::json(200, &json!({"data": rows}).to_string()));
        }
        let mut email = body(request);
        email["uuid"] = "e1".into();
        email["email_body_uuid"] = "b1".into();
        email["type"] = "outbox".into();
        email["created_at"] = chrono::Utc::now().to_rfc3339().into();
        if fault == SendFault::StoredWithoutResponse {
            *sent = Some(email);
        }
        Some(Response::Hangup)
    })
    .await
}

async fn send_email_once(server: &FaultServer) -> Result<grinfi::models::SentEmail, Error> {
    let from = grinfi::emails::Address::new("Robin Doe", "robin@example.com");
    let to = grinfi::emails::Address::new("Jane Roe", "Jane@example.com");
    client(&server.base_url)
        .emails()
        .send("s", "c", from, to, "The fair")
        .body("<p>Shall we meet?</p>")
        .once()
        .await
}

#[tokio::test]
async fn finds_an_email_by_subject_address_and_text_after_a_lost_response() {
    let server =
        email_server(SendFault::StoredWithoutResponse, "<html>\n<p>Shall we\n meet?</p><img></html>").await;
    let found = send_email_once(&server).await.unwrap();
    assert_eq!(found.email_domain.unwrap().uuid, "e1");
    assert_eq!(send_count(&server), 1);
}

#[tokio::test]
async fn missing_email_stays_unknown_and_is_not_resent() {
    for (fault, text) in [
        (SendFault::Lost, ""),
        (SendFault::StoredWithoutResponse, "<p>Another text to her in the same minute</p>"),
    ] {
        let server = email_server(fault, text).await;
        let error = send_email_once(&server).await.unwrap_err();
        assert!(error.is_unknown_outcome(), "{fault:?}: {error:?}");
        assert_eq!((error.operation(), send_count(&server)), (Some("sendEmail"), 1));
    }
}
