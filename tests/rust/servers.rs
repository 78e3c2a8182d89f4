//! Servers that are newer than this client, and older ones. A sandbox answers behind a relay that speaks of it as a later
//! description would have it: with fields, enumeration values and an operation that nobody here has heard of, and without
//! fields that were optional.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::{Arc, Mutex},
};

use futures_util::StreamExt;
use grinfi::{
    Client,
    filter::{contact, sender_profile},
    models::{ContactUpdate, List, NewContact, enums::SenderProfileStatus},
};
use grinfi_sandbox::{Sandbox, Seed};
use serde_json::{Value, json};

use crate::support::fault_server::{Answer, Arrived, FaultServer};

/// What a relay does to each answer.
type Change = fn(&mut Value);

/// A sandbox, a relay before it, and a client for the relay.
struct Relay {
    server: FaultServer,
    sandbox: Sandbox,
    client: Client,
    /// What the sandbox said, before it was changed.
    said: Arc<Mutex<Vec<Value>>>,
}

impl Relay {
    async fn start(change: Change) -> Self {
        let sandbox = Sandbox::builder().seed(Seed::Demo).rate_limit(None).start().await.unwrap();
        let said: Arc<Mutex<Vec<Value>>> = Arc::default();
        let (behind, noted) = (sandbox.base_url().trim_start_matches("http://").to_owned(), said.clone());
        let server = FaultServer::deciding(move |request| {
            let request = request?;
            if request.target == "/leads/api/tags/colors" {
                return Some(Answer::json(200, r##"{"data": ["#ff5733"], "has_more": false}"##));
            }
            // Where it waits, another thread has to do this one's work: the sandbox's, for instance.
            let (status, body) = tokio::task::block_in_place(|| forward(&behind, request));
            let Ok(mut json) = serde_json::from_str::<Value>(&body) else {
                return Some(Answer::Whole(status, Vec::new(), body));
            };
            noted.lock().unwrap().push(json.clone());
            change(&mut json);
            Some(Answer::json(status, &json.to_string()))
        })
        .await;
        let client = Client::builder().api_key(sandbox.key()).base_url(&server.base_url).build().unwrap();
        Self { server, sandbox, client, said }
    }

    fn last_said(&self) -> Value {
        self.said.lock().unwrap().last().unwrap().clone()
    }
}

/// Sends a request on, and waits for the whole answer.
fn forward(to: &str, request: &Arrived) -> (u16, String) {
    let mut stream = TcpStream::connect(to).unwrap();
    let mut head =
        format!("{} {} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n", request.method, request.target);
    for name in ["authorization", "content-type"] {
        if let Some(value) = request.header(name) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", request.body.len()));
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&request.body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let text = String::from_utf8(answer).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let body = match head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        true => unchunked(body),
        false => body.to_owned(),
    };
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body)
}

fn unchunked(mut rest: &str) -> String {
    let mut out = String::new();
    while let Some((size, tail)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        if size == 0 {
            break;
        }
        out.push_str(&tail[..size]);
        rest = &tail[size + 2..];
    }
    out
}

/// Visits every object of an answer that is a record.
fn records(node: &mut Value, visit: &mut dyn FnMut(&mut serde_json::Map<String, Value>)) {
    match node {
        Value::Object(map) => {
            map.values_mut().for_each(|child| records(child, visit));
            if map.contains_key("uuid") {
                visit(map);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| records(item, visit)),
        _ => {}
    }
}

/// A server of a later version.
fn newer(answer: &mut Value) {
    records(answer, &mut |record| {
        record.insert("introduced_later".into(), json!({"since": "2.1.0", "list": [1, null, "x"]}));
        if record.contains_key("status") {
            record.insert("status".into(), json!("hibernating"));
        }
    });
    if let Some(envelope) = answer.as_object_mut().filter(|envelope| envelope.contains_key("data")) {
        envelope.insert("cursor".into(), json!("later"));
    }
}

/// A server that leaves out whatever may be left out of a record.
fn sparing(answer: &mut Value) {
    const KEPT: [&str; 3] = ["uuid", "name", "first_name"];
    records(answer, &mut |record| record.retain(|name, _| KEPT.contains(&name.as_str())));
}

fn person(number: usize) -> NewContact {
    NewContact {
        linkedin_id: Some(format!("relay-{number}-example")),
        first_name: Some(format!("Person {number}")),
        ..Default::default()
    }
}

// The relay waits for the sandbox, which needs a thread of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_newer_server_loses_nothing() {
    let relay = Relay::start(newer).await;
    let client = &relay.client;

    // Typed calls work as ever, writing, reading and listing.
    let list = client.lists().create("Autumn").await.unwrap().uuid;
    let created = client.contacts().create_many(&list, (0..23).map(person).collect()).await.unwrap();
    assert_eq!(created.len(), 23);
    let found =
        client.contacts().search().filter(contact::list_uuid().eq(&list)).limit(10).stream().collect();
    assert_eq!(found.await.unwrap().len(), 23);
    let changes =
        ContactUpdate { headline: Some(grinfi::models::Nullable::Value("CTO".into())), ..Default::default() };
    let updated = client.contacts().update(&created[0].uuid, &changes).await.unwrap();
    assert_eq!(updated.headline.as_deref(), Some("CTO"));

    // A value that is not listed arrives as itself and goes back as itself.
    let profile = client.sender_profiles().list().page().await.unwrap().data.remove(0);
    let status = profile.status.unwrap();
    assert_eq!(status, SenderProfileStatus::Other("hibernating".into()));
    let none = client.sender_profiles().list().filter(sender_profile::status().eq(status)).page().await;
    assert!(none.unwrap().data.is_empty(), "the sandbox has no profile of that status");
    let asked = relay.server.arrived().pop().unwrap().target;
    assert!(asked.contains("filter%5Bstatus%5D=hibernating"), "{asked}");

    // A field that the types do not have is in the answer as it came: of one record, and of every row.
    let path = [("uuid", list.as_str())];
    let answer = client.operation("getList", &path).unwrap().send().await.unwrap();
    let mut expected = relay.last_said();
    newer(&mut expected);
    assert_eq!(answer.json::<Value>().unwrap(), expected);
    assert_eq!(expected["introduced_later"]["since"], "2.1.0");
    let mut pages = client.operation("listLists", &[]).unwrap().pages(1, 0, None).unwrap();
    let mut rows = 0;
    while let Some(page) = pages.next().await.transpose().unwrap() {
        for row in page.data {
            let list: List = serde_json::from_str(row.get()).unwrap();
            let row: Value = serde_json::from_str(row.get()).unwrap();
            assert_eq!(list.uuid, *row["uuid"].as_str().unwrap());
            assert_eq!(row["introduced_later"]["list"], json!([1, null, "x"]));
            rows += 1;
        }
    }
    assert_eq!(rows, client.lists().list().count().await.unwrap());

    // An operation that the description does not have is called by its path, with the key and all.
    let colors = client.request(http::Method::GET, "/leads/api/tags/colors").send().await.unwrap();
    assert_eq!(colors.json::<Value>().unwrap()["data"], json!(["#ff5733"]));
    let asked = relay.server.arrived().pop().unwrap();
    assert!(asked.header("authorization").is_some_and(|key| key.ends_with(relay.sandbox.key())));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_leaves_out_what_is_optional_loses_no_record() {
    let relay = Relay::start(sparing).await;
    let client = &relay.client;
    let list = client.lists().create("Autumn").await.unwrap();
    assert_eq!((list.name.as_deref(), list.created_at), (Some("Autumn"), None));
    let created = client.contacts().create_many(&list.uuid, (0..23).map(person).collect()).await.unwrap();
    assert_eq!(created[3].first_name.as_deref(), Some("Person 3"));
    assert_eq!(created[3].created_at, None);
    let found = client.contacts().search().filter(contact::list_uuid().eq(&list.uuid)).limit(10).stream();
    assert_eq!(found.collect().await.unwrap().len(), 23);
    let profile = client.sender_profiles().list().page().await.unwrap().data.remove(0);
    assert_eq!(profile.status, None);
    let stages = client
        .pipeline_stages()
        .list(grinfi::models::enums::ObjectKind::Contact)
        .stream()
        .collect()
        .await
        .unwrap();
    assert!(!stages.is_empty() && stages.iter().all(|stage| stage.category.is_none()));
}
