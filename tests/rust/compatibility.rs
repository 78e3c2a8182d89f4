//! Compatibility with newer and older servers.
//!
//! A relay in front of a sandbox changes its responses: it adds unknown fields, enumeration values and an operation, or
//! removes optional fields.

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

use crate::support::fault_server::{FaultServer, ReceivedRequest, Response};

/// Changes a response of the sandbox.
type Change = fn(&mut Value);

/// Sandbox, relay in front of it, and client of the relay.
struct Relay {
    server: FaultServer,
    sandbox: Sandbox,
    client: Client,
    /// Unchanged responses of the sandbox.
    responses: Arc<Mutex<Vec<Value>>>,
}

impl Relay {
    async fn start(change: Change) -> Self {
        let sandbox = Sandbox::builder().seed(Seed::Demo).rate_limit(None).start().await.unwrap();
        let responses: Arc<Mutex<Vec<Value>>> = Arc::default();
        let (behind, noted) =
            (sandbox.base_url().trim_start_matches("http://").to_owned(), responses.clone());
        let server = FaultServer::deciding(move |request| {
            let request = request?;
            if request.target == "/leads/api/tags/colors" {
                return Some(Response::json(200, r##"{"data": ["#ff5733"], "has_more": false}"##));
            }
            // Blocks this thread; the sandbox runs on another.
            let (status, body) = tokio::task::block_in_place(|| forward(&behind, request));
            let Ok(mut json) = serde_json::from_str::<Value>(&body) else {
                return Some(Response::Whole(status, Vec::new(), body));
            };
            noted.lock().unwrap().push(json.clone());
            change(&mut json);
            Some(Response::json(status, &json.to_string()))
        })
        .await;
        let client = Client::builder().api_key(sandbox.key()).base_url(&server.base_url).build().unwrap();
        Self { server, sandbox, client, responses }
    }

    fn last_response(&self) -> Value {
        self.responses.lock().unwrap().last().unwrap().clone()
    }
}

/// Forwards a request and returns status and body of the response.
fn forward(to: &str, request: &ReceivedRequest) -> (u16, String) {
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
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    let text = String::from_utf8(response).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let body = match head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        true => decode_chunked(body),
        false => body.to_owned(),
    };
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body)
}

fn decode_chunked(mut rest: &str) -> String {
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

/// Visits every record of a response: every object with a `uuid`.
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

/// Adds unknown fields and enumeration values, as a newer server does.
fn newer(response: &mut Value) {
    records(response, &mut |record| {
        record.insert("introduced_later".into(), json!({"since": "2.1.0", "list": [1, null, "x"]}));
        if record.contains_key("status") {
            record.insert("status".into(), json!("hibernating"));
        }
    });
    if let Some(envelope) = response.as_object_mut().filter(|envelope| envelope.contains_key("data")) {
        envelope.insert("cursor".into(), json!("later"));
    }
}

/// Removes the optional fields of records.
fn omit_optional(response: &mut Value) {
    const KEPT: [&str; 3] = ["uuid", "name", "first_name"];
    records(response, &mut |record| record.retain(|name, _| KEPT.contains(&name.as_str())));
}

fn person(number: usize) -> NewContact {
    NewContact {
        linkedin_id: Some(format!("relay-{number}-example")),
        first_name: Some(format!("Person {number}")),
        ..Default::default()
    }
}

// The relay blocks until the sandbox responds, which needs another thread.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn newer_server_works_and_keeps_unknown_fields() {
    let relay = Relay::start(newer).await;
    let client = &relay.client;

    // Typed methods create, update, read and list records.
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

    // An unknown enumeration value is returned and sent unchanged.
    let profile = client.sender_profiles().list().page().await.unwrap().data.remove(0);
    let status = profile.status.unwrap();
    assert_eq!(status, SenderProfileStatus::Other("hibernating".into()));
    let matches = client.sender_profiles().list().filter(sender_profile::status().eq(status)).page().await;
    assert!(matches.unwrap().data.is_empty(), "the sandbox has no profile with this status");
    let target = relay.server.arrived().pop().unwrap().target;
    assert!(target.contains("filter%5Bstatus%5D=hibernating"), "{target}");

    // The raw response and the raw rows contain unknown fields.
    let path = [("uuid", list.as_str())];
    let response = client.operation("getList", &path).unwrap().send().await.unwrap();
    let mut expected = relay.last_response();
    newer(&mut expected);
    assert_eq!(response.json::<Value>().unwrap(), expected);
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

    // An unknown operation is called by its path, with the API key.
    let colors = client.request(http::Method::GET, "/leads/api/tags/colors").send().await.unwrap();
    assert_eq!(colors.json::<Value>().unwrap()["data"], json!(["#ff5733"]));
    let request = relay.server.arrived().pop().unwrap();
    assert!(request.header("authorization").is_some_and(|key| key.ends_with(relay.sandbox.key())));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn absent_optional_fields_decode_as_none() {
    let relay = Relay::start(omit_optional).await;
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
