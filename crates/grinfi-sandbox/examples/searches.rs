//! Measures searches per second on one connection: 10,000 contacts, a filter on two fields, a page of 20.
//!
//! `cargo run --release -p grinfi-sandbox --example searches`
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement for people")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use grinfi_sandbox::{Sandbox, Seed};
use serde_json::{Value, json};

struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
    key: String,
}

impl Connection {
    fn post(&mut self, path: &str, body: &Value) -> Vec<u8> {
        let body = body.to_string();
        let (host, key) = (&self.host, &self.key);
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.get_mut().write_all(head.as_bytes()).unwrap();
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).unwrap();
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        body
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let started = Instant::now();
    let sandbox = runtime.block_on(Sandbox::builder().seed(Seed::Empty).rate_limit(None).start()).unwrap();
    println!("started in {:?}", started.elapsed());
    let host = sandbox.base_url().trim_start_matches("http://").to_owned();
    let stream = TcpStream::connect(&host).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut connection = Connection { stream: BufReader::new(stream), host, key: sandbox.key().to_owned() };
    let list = connection.post("/leads/api/lists", &json!({"name": "People"}));
    let list: Value = serde_json::from_slice(&list).unwrap();
    let filled = Instant::now();
    for batch in 0..100 {
        let leads: Vec<Value> = (0..100)
            .map(|number| {
                let number = batch * 100 + number;
                json!({
                    "linkedin_id": format!("person-{number}"), "first_name": format!("Person {number}"),
                    "company_name": format!("Company {}", number % 50), "position": format!("Position {}", number % 7),
                    "headline": "Works on things that are worth it", "raw_address": "Berlin, Germany",
                })
            })
            .collect();
        connection.post("/leads/api/leads", &json!({"list_uuid": list["uuid"], "leads": leads}));
    }
    println!("10,000 contacts in {:?}", filled.elapsed());
    for (name, body) in [
        (
            "two fields, 200 of 10,000 met",
            json!({"company_name": "company 7", "created_at": {">=": "2020-01-01"}}),
        ),
        ("two fields, 1,429 met", json!({"position": "position 3", "created_at": {">=": "2020-01-01"}})),
        ("two fields, all met", json!({"list_uuid": list["uuid"], "created_at": {">=": "2020-01-01"}})),
    ] {
        let body = json!({"filter": body, "limit": 20});
        let (begun, mut searches, mut bytes) = (Instant::now(), 0u32, 0);
        while begun.elapsed() < Duration::from_secs(2) {
            bytes = connection.post("/leads/api/leads/search", &body).len();
            searches += 1;
        }
        let rate = f64::from(searches) / begun.elapsed().as_secs_f64();
        println!("{name}: {rate:.0} searches a second, {bytes} bytes each");
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("{}", status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or("memory unknown"));
}
