//! Sending once: what is found is answered, what is not found stays unknown, and nothing goes out twice.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::future::join_all;
use grinfi::{Client, Error, Outcome, models::LinkedinMessage, send_once::SendLookup};
use serde_json::{Value, json};

use crate::support::{
    builder, client,
    fault_server::{Answer, Arrived, FaultServer},
};

/// The conversations as the server has them.
type Messages = Arc<Mutex<Vec<Value>>>;

/// What the server does with a message.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    /// Takes it, and the answer is lost.
    Taken,
    /// Takes it only after this many listings.
    Late(u32),
    /// Takes it, and answers with this status.
    TakenWith(u16),
    /// Takes it, and answers with success and no body.
    TakenSilently,
    /// Loses it.
    Lost,
    /// Refuses it.
    Refused,
    /// Takes it and says so.
    Answered,
}

fn body(request: &Arrived) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

/// A server with these conversations that treats all messages alike.
async fn server(fate: Fate, messages: Messages) -> FaultServer {
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
            // Not filtered: the client has to look for itself.
            return Some(Answer::json(200, &json!({"data": *messages}).to_string()));
        }
        let mut message = body(request);
        message["uuid"] = format!("m{}", messages.len() + waiting.len()).into();
        message["type"] = "outbox".into();
        message["created_at"] = chrono::Utc::now().to_rfc3339().into();
        let answer = message.to_string();
        Some(match fate {
            Fate::Taken => {
                messages.insert(0, message);
                Answer::Hangup
            }
            Fate::Late(listings) => {
                waiting.push((listings, message));
                Answer::html(504)
            }
            Fate::TakenWith(status) => {
                messages.insert(0, message);
                Answer::html(status)
            }
            Fate::TakenSilently => {
                messages.insert(0, message);
                Answer::json(201, "")
            }
            Fate::Lost => Answer::Hangup,
            Fate::Refused => Answer::json(422, "{}"),
            Fate::Answered => {
                messages.insert(0, message);
                Answer::json(201, &answer)
            }
        })
    })
    .await
}

async fn once(client: &Client, text: &str) -> Result<LinkedinMessage, Error> {
    client.linkedin_messages().send("s", "c", text).once().await
}

fn sends(server: &FaultServer) -> usize {
    server.arrived().iter().filter(|request| request.method == "POST").count()
}

fn old(uuid: &str, minutes: i64) -> Value {
    let time = chrono::Utc::now() - chrono::Duration::minutes(minutes);
    json!({
        "uuid": uuid, "lead_uuid": "c", "sender_profile_uuid": "s", "type": "outbox", "text": "Hello",
        "created_at": time.to_rfc3339(),
    })
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_is_found() {
    let fates = [Fate::Taken, Fate::Late(1), Fate::Late(2), Fate::Answered, Fate::TakenSilently];
    let statuses = [302, 500, 501, 502, 503, 504, 505, 520, 522, 524, 527, 529, 530].map(Fate::TakenWith);
    for fate in fates.into_iter().chain(statuses) {
        // One with the same text is there, from just before.
        let messages: Messages = Arc::new(Mutex::new(vec![old("before", 1)]));
        let server = server(fate, messages.clone()).await;
        let found = once(&client(&server.base_url), "Hello").await.unwrap();
        assert_eq!(found.uuid.to_string(), "m1", "{fate:?}");
        assert_eq!((sends(&server), messages.lock().unwrap().len()), (1, 2), "{fate:?}");
    }
}

#[tokio::test]
async fn what_is_not_found_stays_unknown_and_is_not_sent_again() {
    for fate in [Fate::Lost, Fate::Late(10)] {
        let messages: Messages = Arc::new(Mutex::new(vec![old("before", 1)]));
        let server = server(fate, messages).await;
        let error = once(&client(&server.base_url), "Hello").await.unwrap_err();
        assert!(error.is_unknown_outcome(), "{fate:?}: {error:?}");
        assert_eq!(error.operation(), Some("sendLinkedInMessage"));
        assert_eq!(sends(&server), 1, "{fate:?}");
    }
}

#[tokio::test]
async fn what_is_of_somebody_else_or_of_another_time_is_not_taken_for_it() {
    let mut other_contact = old("a", 0);
    other_contact["lead_uuid"] = "d".into();
    let mut received = old("b", 0);
    received["type"] = "inbox".into();
    let mut other_text = old("c", 0);
    other_text["text"] = "Hello, Jane".into();
    for message in [other_contact, received, other_text, old("d", 60)] {
        let messages = Messages::default();
        let server = server(Fate::Lost, messages.clone()).await;
        let client = client(&server.base_url);
        let (late, held) = (messages.clone(), message.clone());
        // It comes in between the first look and the others.
        let sending = tokio::spawn(async move { once(&client, "Hello").await });
        while sends(&server) == 0 {
            tokio::task::yield_now().await;
        }
        late.lock().unwrap().push(held);
        assert!(sending.await.unwrap().unwrap_err().is_unknown_outcome(), "{message}");
    }
}

#[tokio::test]
async fn says_how_often_and_how_long_it_looked_and_both_can_be_set() {
    let server = server(Fate::Lost, Messages::default()).await;
    let error = once(&client(&server.base_url), "Hello").await.unwrap_err();
    assert_eq!(error.lookups().unwrap().attempts, 5);
    assert!(error.to_string().contains("looked for it 5 times within"), "{error}");
    let send = |lookup| client(&server.base_url).linkedin_messages().send("s", "c", "Hello").lookup(lookup);
    let error = send(SendLookup::new().attempts(2)).once().await.unwrap_err();
    assert_eq!(error.lookups().unwrap().attempts, 2);
    for (lookup, field) in [
        (SendLookup::new().attempts(0), "lookup.attempts"),
        (SendLookup::new().timeout(Duration::ZERO), "lookup.timeout"),
    ] {
        assert_eq!(send(lookup).once().await.unwrap_err().field(), Some(field));
    }
    // The time is limited, too: the next reading would be an hour away.
    let slow = grinfi::RetryPolicy::default()
        .base_delay(Duration::from_secs(3600))
        .max_delay(Duration::from_secs(3600));
    let client = builder(&server.base_url).retry(slow).build().unwrap();
    let error = once(&client, "Hello").await.unwrap_err();
    assert_eq!(error.lookups().unwrap().attempts, 1);
}

#[tokio::test]
async fn looks_at_the_newest_messages_by_an_order_of_its_own() {
    let server = server(Fate::Taken, Messages::default()).await;
    once(&client(&server.base_url), "Hello").await.unwrap();
    for request in server.arrived().iter().filter(|request| request.method == "GET") {
        let query = &request.target;
        assert!(query.contains("order_field=created_at") && query.contains("order_type=desc"), "{query}");
    }
}

#[tokio::test]
async fn a_deadline_leaves_time_to_look() {
    // The response never comes; the message is listed at once.
    let messages = Messages::default();
    let listed = messages.clone();
    let server = FaultServer::deciding(move |request| {
        let request = request?;
        let mut messages = listed.lock().unwrap();
        if request.method == "GET" {
            return Some(Answer::json(200, &json!({"data": *messages}).to_string()));
        }
        let mut message = body(request);
        message["uuid"] = "m0".into();
        messages.push(message);
        Some(Answer::Stall)
    })
    .await;
    let client = builder(&server.base_url).deadline(Duration::from_millis(900)).build().unwrap();
    let found = once(&client, "Hello").await.unwrap();
    assert_eq!((found.uuid.to_string(), sends(&server)), ("m0".to_owned(), 1));
}

#[tokio::test]
async fn waiting_for_an_earlier_send_counts_against_the_deadline() {
    let server = server_that_stalls().await;
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

async fn server_that_stalls() -> FaultServer {
    FaultServer::start([Answer::Stall]).await
}

#[tokio::test]
async fn what_was_refused_is_told_as_that_and_nothing_is_looked_for() {
    let server = server(Fate::Refused, Messages::default()).await;
    assert!(once(&client(&server.base_url), "Hello").await.unwrap_err().is_validation());
    assert_eq!(server.arrived().len(), 2);
    assert_eq!(once(&client(&server.base_url), " ").await.unwrap_err().field(), Some("text"));
    assert_eq!(server.arrived().len(), 2);
}

#[tokio::test]
async fn nothing_is_sent_where_the_conversation_cannot_be_read() {
    let server = FaultServer::start([Answer::json(403, "{}")]).await;
    assert!(once(&client(&server.base_url), "Hello").await.unwrap_err().is_forbidden());
    assert_eq!(sends(&server), 0);
}

#[tokio::test]
async fn equal_messages_at_the_same_time_do_not_find_each_other() {
    let messages = Messages::default();
    let server = server(Fate::Taken, messages.clone()).await;
    let client = client(&server.base_url);
    let found = join_all((0..5).map(|_| once(&client, "Hello"))).await;
    let mut ids: Vec<String> = found.into_iter().map(|message| message.unwrap().uuid.to_string()).collect();
    ids.sort();
    assert_eq!(ids, ["m0", "m1", "m2", "m3", "m4"]);
}

#[tokio::test]
async fn a_deadline_holds_for_all_of_it() {
    let server = server(Fate::Lost, Messages::default()).await;
    let slow = grinfi::RetryPolicy::default().base_delay(std::time::Duration::from_secs(3600));
    let limit = std::time::Duration::from_secs(20);
    let client = builder(&server.base_url).retry(slow).deadline(limit).build().unwrap();
    let error = once(&client, "Hello").await.unwrap_err();
    assert!(error.is_unknown_outcome(), "looks once, and does not wait for nothing: {error:?}");
}

/// Emails as the server has them: the listing, and the texts by the ids of their bodies.
async fn mail_server(fate: Fate, text: &'static str) -> FaultServer {
    let sent: Mutex<Option<Value>> = Mutex::new(None);
    FaultServer::deciding(move |request| {
        let request = request?;
        let mut sent = sent.lock().unwrap();
        if request.target.starts_with("/emails/api/email-bodies/") {
            return Some(Answer::json(200, &json!({"uuid": "b1", "body": text}).to_string()));
        }
        if request.method == "GET" {
            let mut rows = vec![json!({"uuid": "e0", "subject": "The fair", "to_email": "jane@example.com"})];
            rows.extend(sent.clone());
            return Some(Answer::json(200, &json!({"data": rows}).to_string()));
        }
        let mut email = body(request);
        email["uuid"] = "e1".into();
        email["email_body_uuid"] = "b1".into();
        email["type"] = "outbox".into();
        email["created_at"] = chrono::Utc::now().to_rfc3339().into();
        if fate == Fate::Taken {
            *sent = Some(email);
        }
        Some(Answer::Hangup)
    })
    .await
}

async fn mail_once(server: &FaultServer) -> Result<grinfi::models::SentEmail, Error> {
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
async fn an_email_whose_answer_was_lost_is_found_by_subject_address_and_text() {
    let server = mail_server(Fate::Taken, "<html>\n<p>Shall we\n meet?</p><img></html>").await;
    let found = mail_once(&server).await.unwrap();
    assert_eq!(found.email_domain.unwrap().uuid, "e1");
    assert_eq!(sends(&server), 1);
}

#[tokio::test]
async fn an_email_that_is_not_found_stays_unknown_and_is_not_sent_again() {
    for (fate, text) in [(Fate::Lost, ""), (Fate::Taken, "<p>Another text to her in the same minute</p>")] {
        let server = mail_server(fate, text).await;
        let error = mail_once(&server).await.unwrap_err();
        assert!(error.is_unknown_outcome(), "{fate:?}: {error:?}");
        assert_eq!((error.operation(), sends(&server)), (Some("sendEmail"), 1));
    }
}
