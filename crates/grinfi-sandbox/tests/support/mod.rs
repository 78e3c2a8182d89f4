//! Sandbox with a frozen clock, and an HTTP client for it.
// Each test file uses some of these helpers. Helpers of tests may panic.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use grinfi_sandbox::{Clock, Sandbox, Seed};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;

pub struct TestServer {
    pub sandbox: Sandbox,
    pub client: Client,
}

/// Response: status and JSON, null without a body.
#[derive(Debug)]
pub struct TestResponse {
    pub status: u16,
    pub body: Value,
}

impl TestServer {
    pub async fn demo() -> TestServer {
        TestServer::with(Seed::Demo, None).await
    }

    pub async fn empty() -> TestServer {
        TestServer::with(Seed::Empty, None).await
    }

    pub async fn with(seed: Seed, rate_limit: Option<u32>) -> TestServer {
        let clock = Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap());
        let builder = Sandbox::builder().seed(seed).rate_limit(rate_limit).clock(clock);
        let sandbox = builder.start().await.unwrap();
        TestServer { sandbox, client: Client::new() }
    }

    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let url = format!("{}{path}", self.sandbox.base_url());
        self.client.request(method, url).bearer_auth(self.sandbox.key())
    }

    pub async fn get(&self, path: &str) -> TestResponse {
        TestResponse::of(self.request("GET", path).send().await.unwrap()).await
    }

    pub async fn delete(&self, path: &str) -> TestResponse {
        TestResponse::of(self.request("DELETE", path).send().await.unwrap()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> TestResponse {
        TestResponse::of(self.request("POST", path).json(&body).send().await.unwrap()).await
    }

    pub async fn put(&self, path: &str, body: Value) -> TestResponse {
        TestResponse::of(self.request("PUT", path).json(&body).send().await.unwrap()).await
    }

    /// Sends a request to the control API for the default tenant.
    pub async fn control(&self, method: &str, page: &str, body: Value) -> TestResponse {
        let url = format!("{}/_sandbox{page}", self.sandbox.base_url());
        let request = self.client.request(Method::from_bytes(method.as_bytes()).unwrap(), url);
        let request = if body.is_null() { request } else { request.json(&body) };
        TestResponse::of(request.send().await.unwrap()).await
    }

    /// Sends a request with another key.
    pub async fn with_key(&self, key: &str, method: &str, path: &str, body: Value) -> TestResponse {
        let url = format!("{}{path}", self.sandbox.base_url());
        let request =
            self.client.request(Method::from_bytes(method.as_bytes()).unwrap(), url).bearer_auth(key);
        let request = if body.is_null() { request } else { request.json(&body) };
        TestResponse::of(request.send().await.unwrap()).await
    }

    /// Returns the UUIDs of a listing.
    pub async fn uuids(&self, path: &str) -> Vec<String> {
        let listed = self.get(path).await.expect(200);
        listed["data"].as_array().unwrap().iter().map(|it| it["uuid"].as_str().unwrap().to_owned()).collect()
    }

    pub async fn create_list(&self) -> String {
        let body = serde_json::json!({"name": "People"});
        uuid(&self.post("/leads/api/lists", body).await.expect(201))
    }

    /// Upserts a contact and returns it.
    pub async fn upsert(&self, list: &str, lead: Value) -> Value {
        let body = serde_json::json!({"lead": lead, "list_uuid": list});
        self.post("/leads/api/leads/upsert", body).await.expect(200)
    }

    /// Returns the newest contact of the demo data, unwrapped.
    pub async fn newest_contact(&self) -> Value {
        let body = serde_json::json!({"limit": 1, "disable_aggregation": true});
        self.post("/leads/api/leads/search", body).await.expect(200)["data"][0].clone()
    }
}

impl TestResponse {
    pub async fn of(response: Response) -> TestResponse {
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
        TestResponse { status, body }
    }

    /// Returns the body of a response with that status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// Checks an error response: status, reason, and a message for each of the fields.
    #[track_caller]
    pub fn expect_error(self, status: u16, reason: &str, fields: &[&str]) {
        let body = self.expect(status);
        assert_eq!(body["code"], status);
        assert_eq!(body["error"]["reason"], reason, "{body}");
        assert!(!body["message"].as_str().unwrap().is_empty());
        assert_eq!(body["message"], body["error"]["message"]);
        let data = body["error"]["data"].as_object().unwrap();
        let named: Vec<&str> = data.keys().map(String::as_str).collect();
        assert_eq!(named, fields, "{body}");
        assert!(data.values().all(|messages| messages[0].is_string()));
    }

    #[track_caller]
    pub fn expect_invalid(self, fields: &[&str]) {
        self.expect_error(422, "validation_error", fields);
    }

    #[track_caller]
    pub fn expect_not_found(self) {
        self.expect_error(404, "not_found", &[]);
    }
}

pub fn uuid(record: &Value) -> String {
    record["uuid"].as_str().unwrap().to_owned()
}

/// UUID that no record has.
pub const UNKNOWN_UUID: &str = "ffffffff-0000-4000-8000-000000000000";
