//! The same seed, clock and requests give byte-identical responses.
// Helpers of tests may panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use grinfi_sandbox::{Clock, OPERATIONS, Sandbox, Seed};
use serde_json::{Value, json};

struct Script {
    sandbox: Sandbox,
    client: reqwest::Client,
    received: Vec<String>,
}

impl Script {
    async fn start(seed: Seed, number: u64) -> Script {
        let clock = Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap());
        let builder = Sandbox::builder().seed(seed).seed_number(number).rate_limit(None).clock(clock);
        Script {
            sandbox: builder.start().await.unwrap(),
            client: reqwest::Client::new(),
            received: Vec::new(),
        }
    }

    async fn call(&mut self, method: &str, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.sandbox.base_url());
        let request = self.client.request(method.parse().unwrap(), url).bearer_auth(self.sandbox.key());
        let response = request.json(body).send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        self.received.push(format!("{method} {path} {status} {text}"));
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Creates lists, contacts, tags, automations, messages, and calls every operation with suitable bodies.
    async fn run(mut self) -> Vec<String> {
        for round in 0..3 {
            let list = self.call("POST", "/leads/api/lists", &json!({"name": format!("List {round}")})).await;
            let leads: Vec<Value> = (0..20)
                .map(|number| json!({"linkedin_id": format!("p-{round}-{number}"), "first_name": "P"}))
                .collect();
            let body = json!({"list_uuid": list["uuid"], "leads": leads});
            let made = self.call("POST", "/leads/api/leads", &body).await;
            let senders = self.call("GET", "/flows/api/sender-profiles", &Value::Null).await;
            let tag = self
                .call("POST", "/leads/api/tags", &json!({"name": format!("T{round}"), "color": "#fff"}))
                .await;
            let flows = self.call("GET", "/flows/api/flows", &Value::Null).await;
            for lead in made.as_array().unwrap().iter().take(8) {
                let body = json!({
                    "sender_profile_uuid": senders["data"][0]["uuid"], "lead_uuid": lead["uuid"], "text": "Hi {{first_name}}",
                });
                self.call("POST", "/flows/api/linkedin-messages", &body).await;
            }
            let body = json!({"type": "contact_add_tags", "filter": {"all": true}, "payload": {"tag_uuid": tag["uuid"]}});
            self.call("PUT", "/leads/api/leads/mass-action", &body).await;
            for lead in made.as_array().unwrap().iter().skip(10) {
                let flow = flows["data"][0]["uuid"].as_str().unwrap_or("none");
                let path = format!("/flows/api/flows/{flow}/leads/{}", lead["uuid"].as_str().unwrap());
                self.call("POST", &path, &json!({})).await;
            }
            self.sandbox.clock().advance(std::time::Duration::from_secs(4000));
            let uuids = [
                &list["uuid"],
                &made[0]["uuid"],
                &tag["uuid"],
                &flows["data"][0]["uuid"],
                &senders["data"][0]["uuid"],
            ];
            for (at, operation) in OPERATIONS.iter().enumerate() {
                let uuid = uuids[(at + round) % uuids.len()].as_str().unwrap_or("x");
                let path =
                    operation.path.split('/').map(|part| if part.starts_with('{') { uuid } else { part });
                let path = path.collect::<Vec<_>>().join("/");
                let body = json!({
                    "name": format!("N{at}"), "text": "x", "list_uuid": list["uuid"], "lead_uuid": made[1]["uuid"],
                    "uuid": uuid, "filter": {}, "limit": 50, "object": "lead", "object_uuid": made[1]["uuid"],
                });
                self.call(operation.method, &path, &body).await;
            }
        }
        self.received.push(serde_json::to_string(&self.sandbox.outbox()).unwrap());
        self.received.push(self.sandbox.tenant().export(None).unwrap().to_string());
        self.received
    }
}

#[tokio::test]
async fn two_runs_are_byte_identical() {
    let one = Script::start(Seed::Demo, 7).await.run().await;
    let two = Script::start(Seed::Demo, 7).await.run().await;
    assert!(one.len() > 590);
    for (one, two) in one.iter().zip(&two) {
        assert!(one == two, "{one}\n{two}");
    }
    assert_eq!(one.len(), two.len());
    assert!(one.iter().filter(|line| line.contains(" 200 OK") || line.contains(" 201 ")).count() > 150);
    // Another number gives other UUIDs.
    let other = Script::start(Seed::Demo, 8).await.run().await;
    assert!(one[0] != other[0]);
}

#[tokio::test]
async fn two_tenants_get_identical_responses() {
    let script = Script::start(Seed::Contacts(30), 0).await;
    let mut received = Vec::new();
    for key in ["one", "two"] {
        let url = format!("{}/leads/api/lists", script.sandbox.base_url());
        let request = script.client.post(url).bearer_auth(key).json(&json!({"name": "x"}));
        received.push(request.send().await.unwrap().text().await.unwrap());
        let search = script.client.post(format!("{}/leads/api/leads/search", script.sandbox.base_url()));
        received.push(search.bearer_auth(key).json(&json!({})).send().await.unwrap().text().await.unwrap());
    }
    assert_eq!(received[..2], received[2..]);
    assert!(received[1].contains("\"total\":30"), "{}", received[1]);
}
