//! Requests of the vendor's own client in observed mode: undocumented operations, and documented ones with other input.
// Helpers of tests may panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;
use std::time::Duration;

use grinfi_sandbox::{Clock, Mode, OPERATIONS, Sandbox};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use support::{TestResponse, TestServer, uuid};

const TASKS: &str = "/flows/api/tasks";
const FLOWS: &str = "/flows/api/flows";

/// Request for an undocumented operation, with or without a body.
struct Call {
    method: &'static str,
    path: String,
    body: Value,
}

fn call(method: &'static str, path: impl Into<String>, body: Value) -> Call {
    Call { method, path: path.into(), body }
}

impl Call {
    async fn send(&self, server: &TestServer) -> TestResponse {
        let request = server.request(self.method, &self.path);
        let request = match &self.body {
            Value::Null => request,
            body => request.json(body),
        };
        TestResponse::of(request.send().await.unwrap()).await
    }

    /// Returns the id of the operation.
    fn operation(&self) -> &'static str {
        let path = self.path.split('?').next().unwrap();
        let meets = |template: &str| {
            let parts = template.split('/').zip(path.split('/'));
            template.split('/').count() == path.split('/').count()
                && parts.into_iter().all(|(wanted, part)| wanted.starts_with('{') || wanted == part)
        };
        let met =
            OPERATIONS.iter().filter(|it| it.undocumented && it.method == self.method && meets(it.path));
        met.min_by_key(|it| it.path.matches('{').count()).map(|it| it.id).unwrap()
    }
}

/// Creates a single task that is due later.
async fn create_task(server: &TestServer) -> String {
    let sender = server.uuids("/flows/api/sender-profiles").await[0].clone();
    let body = json!({
        "lead_uuid": uuid(&server.newest_contact().await), "sender_profile_uuid": sender, "text": "Hi",
        "schedule_at": "2026-03-01T10:00:00.000000Z",
    });
    uuid(&server.post(TASKS, body).await.expect(201))
}

async fn upload_file(server: &TestServer, path: &str, field: &str, text: &str) -> Value {
    let form = Form::new().part(field.to_owned(), Part::text(text.to_owned()).file_name("people.csv"));
    let response = server.request("POST", path).multipart(form).send().await.unwrap();
    let response = TestResponse::of(response).await;
    assert!((200..300).contains(&response.status), "{path}: {response:?}");
    response.body
}

#[tokio::test]
async fn responds_to_every_undocumented_operation() {
    let server = TestServer::demo().await;
    let contact = uuid(&server.newest_contact().await);
    let company = server.uuids("/leads/api/companies").await[0].clone();
    let agent = uuid(&server.post("/flows/api/ai-agents", json!({"name": "A"})).await.expect(201));
    let template = json!({"name": "T", "type": "message", "is_public": 1, "body": "Hi {{first_name}}"});
    let template = uuid(&server.post("/flows/api/ai-templates", template).await.expect(201));
    let hook = json!({"name": "W", "event": "contact_created", "request_method": "POST", "target_url": "https://example.com/h"});
    let hook = uuid(&server.post("/integrations/api/webhooks", hook).await.expect(201));
    let note = json!({"object": "lead", "object_uuid": contact, "note": "Tall."});
    let note = uuid(&server.post("/leads/api/notes", note).await.expect(201));
    let field = json!({"name": "shoe_size", "object": "lead"});
    let field = uuid(&server.post("/leads/api/custom-fields", field).await.expect(201));
    let people = json!({"name": "Jane", "email": "jane@example.com"});
    let blocked = uuid(&server.post("/leads/api/leads-blacklist", people).await.expect(201));
    let firm = json!({"name": "ExampleCorp", "domain": "example.com"});
    let blocked_firm = uuid(&server.post("/leads/api/companies-blacklist", firm).await.expect(201));
    let flow = server.uuids(FLOWS).await[0].clone();
    let llm = json!({"name": "Claude", "provider": "anthropic", "provider_api_token": "a token"});
    let llm = uuid(&call("POST", "/ai/api/llms", llm).send(&server).await.expect(201));
    let domain = json!({"domain": "track.example.com"});
    let domains = "/emails/api/custom-tracking-domains";
    let domain = uuid(&call("POST", domains, domain).send(&server).await.expect(201));
    let asked = json!({"job_type": "ai_template", "messages": [{"role": "user", "content": "Hi"}]});
    call("POST", format!("/ai/api/llms/{llm}/generate"), asked.clone()).send(&server).await.expect(200);
    let entry = server.uuids("/ai/api/llm-logs").await[0].clone();
    let file = uuid(&upload_file(&server, "/leads/api/attachments", "file", "%PDF").await);
    let task = create_task(&server).await;

    let unread = json!({"order_field": "markers.last_messaging_activity_at", "order_type": "desc", "limit": 50, "offset": 0,
        "nested_sort_filter": {"markers.sender_profile_uuid": null},
        "filter": {"elasticQuery": {"bool": {"must": []}}, "leadFilter": {}}});
    let event = json!({"name": "N", "event": "contact_created", "target_url": "https://example.com/n", "request_method": "POST", "filters": "none"});
    let restart = json!({"filter": {"status": "failed"}, "flow_uuid": flow, "flow_origin": "automation", "new_contact_source_id": 1});
    let calls = [
        call("GET", "/ai/api/agents?limit=5&filter[q]=a", Value::Null),
        call("POST", "/ai/api/agents", json!({"name": "B", "system_prompt": "Be brief."})),
        call("GET", format!("/ai/api/agents/{agent}"), Value::Null),
        call("PUT", format!("/ai/api/agents/{agent}"), json!({"name": "C"})),
        call("DELETE", format!("/ai/api/agents/{agent}"), Value::Null),
        call("POST", "/ai/api/ask", json!({"question": "Why?"})),
        call("GET", "/ai/api/llm-logs?limit=5", Value::Null),
        call("GET", format!("/ai/api/llm-logs/{entry}"), Value::Null),
        call("GET", "/ai/api/llms", Value::Null),
        call("POST", "/ai/api/llms", json!({"name": "G", "provider": "google", "provider_api_token": "t"})),
        call("POST", "/ai/api/llms/metrics", json!({"uuids": [llm]})),
        call("GET", format!("/ai/api/llms/{llm}"), Value::Null),
        call("PUT", format!("/ai/api/llms/{llm}"), json!({"name": "Claude 2"})),
        call("POST", format!("/ai/api/llms/{llm}/generate"), asked),
        call("DELETE", format!("/ai/api/llms/{llm}"), Value::Null),
        call("GET", "/ai/api/templates?limit=5", Value::Null),
        call("POST", "/ai/api/templates", json!({"name": "U", "prompt": "Write."})),
        call("GET", format!("/ai/api/templates/{template}"), Value::Null),
        call("PUT", format!("/ai/api/templates/{template}"), json!({"name": "V"})),
        call(
            "POST",
            format!("/ai/api/templates/{template}/render"),
            json!({"variables": {"first_name": "Jane"}}),
        ),
        call("DELETE", format!("/ai/api/templates/{template}"), Value::Null),
        call("GET", "/ai/api/variables?limit=5", Value::Null),
        call("GET", format!("{domains}?limit=5"), Value::Null),
        call("POST", domains, json!({"domain": "links.example.com"})),
        call("GET", format!("{domains}/{domain}"), Value::Null),
        call(
            "POST",
            "/flows/api/flows/list",
            json!({"limit": 100, "offset": 0, "filter": {"status": "in_progress"}}),
        ),
        call("POST", format!("{FLOWS}/{flow}/clone"), json!({"name": "Copy"})),
        call(
            "GET",
            format!(
                "{TASKS}/group-counts?filter[automation]=auto&filter[schedule_at_before]=2027-01-01T00:00:00Z"
            ),
            Value::Null,
        ),
        call(
            "POST",
            format!("{TASKS}/list"),
            json!({"filter": {"status": "in_progress"}, "limit": 100, "order_field": "schedule_at", "order_type": "desc"}),
        ),
        call("PUT", format!("{TASKS}/{task}/retry"), Value::Null),
        call("PUT", format!("{TASKS}/{task}/skip"), Value::Null),
        call("PUT", format!("{TASKS}/mass-restart-from-top"), restart),
        call("GET", "/integrations/c1/api/webhooks", Value::Null),
        call("POST", "/integrations/c1/api/webhooks", event),
        call("POST", "/integrations/c1/api/webhooks/metrics", json!({"uuids": [hook]})),
        call(
            "POST",
            "/integrations/c1/api/webhooks/test",
            json!({"event": "contact_created", "target_url": "https://example.com/h"}),
        ),
        call("GET", format!("/integrations/c1/api/webhooks/{hook}"), Value::Null),
        call("PUT", format!("/integrations/c1/api/webhooks/{hook}"), json!({"name": "X"})),
        call("DELETE", format!("/integrations/c1/api/webhooks/{hook}"), Value::Null),
        call(
            "GET",
            "/integrations/c1/api/request-schedules?filter[status]=failed&filter[executor_type]=webhook&filter[executor_key]=contact_created",
            Value::Null,
        ),
        call("GET", "/leads/api/attachments?limit=5", Value::Null),
        call("GET", format!("/leads/api/attachments/{file}"), Value::Null),
        call("DELETE", format!("/leads/api/attachments/{file}"), Value::Null),
        call("GET", "/leads/api/blacklist/leads?filter[q]=jane", Value::Null),
        call("POST", "/leads/api/blacklist/leads", json!({"personal_email": "john@example.com"})),
        call("DELETE", format!("/leads/api/blacklist/leads/{blocked}"), Value::Null),
        call("GET", "/leads/api/blacklist/companies", Value::Null),
        call("POST", "/leads/api/blacklist/companies", json!({"domain": "example.org"})),
        call("DELETE", format!("/leads/api/blacklist/companies/{blocked_firm}"), Value::Null),
        call("POST", "/leads/api/companies/enrich", json!({"uuids": [company]})),
        call(
            "PUT",
            format!("/leads/api/custom-fields/{field}/values"),
            json!({"object_type": "lead", "object_uuid": contact, "value": "43"}),
        ),
        call("GET", "/leads/api/enrichment-queue/metrics", Value::Null),
        call("GET", format!("/leads/api/notes/{note}"), Value::Null),
        call("POST", "/leads/c1/api/leads/list", unread),
    ];
    let mut called: BTreeSet<&str> = BTreeSet::from(["legacyUploadAttachment"]);
    for call in &calls {
        let response = call.send(&server).await;
        assert!((200..300).contains(&response.status), "{} {}: {response:?}", call.method, call.path);
        called.insert(call.operation());
    }
    let all: BTreeSet<&str> = OPERATIONS.iter().filter(|it| it.undocumented).map(|it| it.id).collect();
    assert_eq!(called, all);
    // In documented mode the same paths are unknown.
    let clock = Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap());
    let documented = Sandbox::builder().mode(Mode::Documented).clock(clock).start().await.unwrap();
    let documented = TestServer { sandbox: documented, client: reqwest::Client::new() };
    for call in &calls {
        let response = call.send(&documented).await;
        assert!(matches!(response.status, 404 | 405), "{} {}: {response:?}", call.method, call.path);
    }
}

#[tokio::test]
async fn alternative_paths_equal_documented_ones() {
    let server = TestServer::demo().await;
    let made = server.post("/ai/api/agents", json!({"name": "Replies"})).await.expect(201);
    assert_eq!(server.get(&format!("/flows/api/ai-agents/{}", uuid(&made))).await.expect(200), made);
    let template = json!({"name": "Hello", "body": "Hi {{ name }}!"});
    let template = uuid(&server.post("/ai/api/templates", template).await.expect(201));
    let rendered = server
        .post(&format!("/ai/api/templates/{template}/render"), json!({"variables": {"name": "Jane"}}))
        .await
        .expect(200);
    assert_eq!(rendered["rendered_body"], "Hi Jane!");
    let contact = uuid(&server.newest_contact().await);
    let field = json!({"name": "shoe_size", "object": "lead"});
    let field = uuid(&server.post("/leads/api/custom-fields", field).await.expect(201));
    let value = json!({"object_type": "lead", "object_uuid": contact, "value": "43"});
    let path = format!("/leads/api/custom-fields/{field}/values");
    assert_eq!(server.put(&path, value).await.expect(201)["value"], "43");
    let flow = server.uuids(FLOWS).await[0].clone();
    let copy = server.post(&format!("{FLOWS}/{flow}/clone"), json!({"name": "Copy"})).await.expect(201);
    assert_eq!((&copy["name"], &copy["status"]), (&json!("Copy"), &json!("draft")));
    let listed = server.post(&format!("{FLOWS}/list"), json!({"filter": {"name": "Copy"}})).await.expect(200);
    assert_eq!(listed["total"], 1);
}

#[tokio::test]
async fn search_index_finds_unread_contacts() {
    let server = TestServer::demo().await;
    let path = "/leads/c1/api/leads/list";
    let unread =
        json!({"limit": 5, "filter": {"elasticQuery": {"range": {"unread_counts.count": {"gt": "0"}}}}});
    assert_eq!(server.post(path, unread.clone()).await.expect(200)["total"], 0);
    let all = server.post(path, json!({"limit": 5})).await.expect(200);
    assert_eq!((&all["total"], all["data"].as_array().unwrap().len()), (&json!(250), 5));
    let contact = uuid(&server.newest_contact().await);
    let sender = server.uuids("/flows/api/sender-profiles").await[0].clone();
    let reply = json!({"kind": "linkedin_reply", "lead_uuid": contact, "sender_profile_uuid": sender, "text": "Yes!"});
    server.control("POST", "/simulate", reply).await.expect(200);
    let found = server.post(path, unread).await.expect(200);
    assert_eq!(found["data"][0]["lead"]["uuid"], contact.as_str());
}

#[tokio::test]
async fn outbound_requests_contain_webhook_calls() {
    let server = TestServer::demo().await;
    let hook = json!({"name": "W", "event": "contact_created", "request_method": "POST", "target_url": "https://example.com/hook"});
    let hook = uuid(&server.post("/integrations/api/webhooks", hook).await.expect(201));
    let list = server.create_list().await;
    server.upsert(&list, json!({"linkedin_id": "jane-example"})).await;
    server.sandbox.tenant().deliver().await;
    let path = "/integrations/c1/api/request-schedules";
    // A target on another machine is blocked.
    let failed = server.get(&format!("{path}?filter[status]=failed")).await.expect(200);
    let entry = &failed["data"][0];
    assert_eq!(
        (&entry["executor_type"], &entry["executor_key"], &entry["request_url"]),
        (&json!("webhook"), &json!("contact_created"), &json!("https://example.com/hook"))
    );
    assert_eq!(server.get(&format!("{path}?filter[status]=done")).await.expect(200)["total"], 0);
    server.get(&format!("{path}?filter[x]=1")).await.expect_error(500, "server_error", &[]);
    let counts =
        server.post("/integrations/c1/api/webhooks/metrics", json!({"uuids": [hook]})).await.expect(200);
    assert_eq!(counts[&hook]["requests_count"], 1);
}

#[tokio::test]
async fn restart_from_top_sends_first_message_again() {
    let server = TestServer::demo().await;
    let running = server.get(&format!("{FLOWS}?filter[status]=on")).await.expect(200)["data"][0].clone();
    let flow = uuid(&running);
    server.sandbox.clock().advance(Duration::from_secs(7 * 86_400));
    let sent = |server: &TestServer| server.sandbox.outbox().len();
    let counted = json!({"filter": {"flow_uuid": flow}, "group_field": "type"});
    let tasks = server.post(&format!("{TASKS}/group-counts"), counted).await.expect(200);
    assert!(!tasks.as_object().unwrap().is_empty(), "the demo's flow has no tasks");
    let before = sent(&server);
    let restart = json!({"filter": {"status": "closed"}, "flow_uuid": flow, "flow_origin": "automation", "new_contact_source_id": 1});
    let restarted = server.put(&format!("{TASKS}/mass-restart-from-top"), restart.clone()).await.expect(200);
    assert!(restarted["count"].as_u64().unwrap() > 0, "{restarted}");
    server.sandbox.clock().advance(Duration::from_secs(7 * 86_400));
    assert!(sent(&server) > before);
    let mut without = restart;
    without.as_object_mut().unwrap().remove("filter");
    server.put(&format!("{TASKS}/mass-restart-from-top"), without).await.expect_invalid(&["filter"]);
}

#[tokio::test]
async fn accepts_activity_filter_in_brackets_or_none() {
    let server = TestServer::demo().await;
    let contact = uuid(&server.newest_contact().await);
    let activity = json!({"object_uuid": contact, "object_type": "lead", "type": "email_sent"});
    server.post("/leads/api/activities", activity).await.expect(201);
    let count = async |query: &str| {
        let listed = server.get(&format!("/leads/api/activities{query}")).await.expect(200);
        listed["data"].as_array().unwrap().len()
    };
    let all = count("?limit=1000").await;
    assert!(all > 0);
    assert_eq!(count("?limit=1000&filter[object]=lead").await, all);
    assert_eq!(count("?limit=1000&filter[object]=company").await, 0);
    assert!(count("?limit=1000&filter[q]=email_sent").await > 0);
}

#[tokio::test]
async fn accepts_task_text_in_payload() {
    let server = TestServer::demo().await;
    let contact = uuid(&server.newest_contact().await);
    let sender = server.uuids("/flows/api/sender-profiles").await[0].clone();
    let body = json!({
        "lead_uuid": contact, "sender_profile_uuid": sender, "type": "linkedin_send_message", "automation": "manual",
        "status": "new", "payload": {"template": "Hello again", "note": null},
        "schedule_at": "2026-02-03T16:00:00.000000Z", "timezone": "UTC",
        "filter": {"all": false, "ids": [contact], "excludeIds": []},
    });
    let task = server.post(TASKS, body.clone()).await.expect(201);
    assert_eq!(task["payload"]["template"], "Hello again");
    let mut wordless = body;
    wordless["payload"] = json!({});
    server.post(TASKS, wordless).await.expect_invalid(&["text"]);
    server.sandbox.clock().advance(Duration::from_secs(7 * 86_400));
    assert!(server.sandbox.outbox().iter().any(|sent| sent.text == "Hello again"));
}

#[tokio::test]
async fn accepts_task_mass_actions_by_filter() {
    let server = TestServer::demo().await;
    let task = create_task(&server).await;
    let filter = json!({"filter": {"status": "in_progress", "flow_origin": "manual"}});
    server.put(&format!("{TASKS}/mass-skip"), filter.clone()).await.expect(200);
    assert_eq!(server.get(&format!("{TASKS}/{task}")).await.expect(200)["status"], "skipped");
    server.put(&format!("{TASKS}/mass-retry"), filter).await.expect(200);
    let codes = json!({"filter": {}, "group_field": "automation_error_code"});
    server.post(&format!("{TASKS}/group-counts"), codes).await.expect(200);
}

#[tokio::test]
async fn imports_file_by_column_mapping() {
    let server = TestServer::demo().await;
    let list = server.create_list().await;
    let upload = async |text: &str| {
        uuid(&upload_file(&server, "/leads/api/file-imports/upload-csv", "file", text).await)
    };
    let found = async || {
        let filter = json!({"filter": {"list_uuid": list}, "disable_aggregation": true});
        server.post("/leads/api/leads/search", filter).await.expect(200)["data"].clone()
    };
    let import = async |file: String, options: Value| {
        let mut body = json!({"list_uuid": list, "column_mapping": {"Mail": "work_email", "Name": "name"}, "skip_first_row": true});
        body.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        server.post(&format!("/leads/api/file-imports/{file}/import-leads"), body).await.expect(200);
    };
    import(upload("Name,Mail\nJane Doe,jane@example.com\n").await, json!({})).await;
    assert_eq!(found().await[0]["name"], "Jane Doe");
    let again = upload("Name,Mail\nJane Roe,jane@example.com\n").await;
    import(again, json!({"update_if_exists": false, "move_to_list": true})).await;
    assert_eq!(found().await[0]["name"], "Jane Doe");
    import(upload("Name,Mail\nJane Roe,jane@example.com\n").await, json!({"update_if_exists": true})).await;
    assert_eq!(found().await[0]["name"], "Jane Roe");
}

#[tokio::test]
async fn exports_by_search_filter_and_fields() {
    let server = TestServer::demo().await;
    let list = server.create_list().await;
    let lead = json!({"linkedin_id": "jane-example", "first_name": "Jane", "last_name": "Doe"});
    server.upsert(&list, lead).await;
    let download = async |kind: &str, body: Value| {
        let export = server.post(&format!("/leads/api/file-exports/{kind}"), body).await.expect(200);
        server.sandbox.clock().advance(Duration::from_secs(2));
        let request = server.request("POST", "/leads/api/file-exports/download");
        let response = request.json(&json!({"uuid": uuid(&export)})).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.text().await.unwrap()
    };
    let some = json!({"filter": {"list_uuid": list}, "fields": ["first_name", "last_name"]});
    assert_eq!(download("leads", some).await, "first_name,last_name\nJane,Doe\n");
    assert_eq!(download("leads", json!({"fields": ["uuid"]})).await.lines().count(), 252);
    assert!(download("companies", json!({"filter": {"q": "example"}})).await.starts_with("uuid,"));
}

#[tokio::test]
async fn counts_without_period_or_filter() {
    let server = TestServer::demo().await;
    let all = server.post("/leads/api/leads/metrics", json!({"filter": {}})).await.expect(200);
    assert!(all["total"].as_object().unwrap().len() > 10, "{all}");
    let some = json!({"metrics": ["email_sent_count"]});
    let some = server.post("/leads/api/leads/metrics", some).await.expect(200);
    assert_eq!(some["total"].as_object().unwrap().len(), 1);
    assert_eq!(server.post("/leads/api/leads/count", json!({})).await.expect(200)["total"], 250);
    let uuids = json!({"uuids": [uuid(&server.newest_contact().await)]});
    server.put("/leads/api/leads/advanced-enrichment", uuids).await.expect(200);
    let filter = json!({"filter": {"name": "unknown"}});
    server.put("/leads/api/leads/advanced-enrichment", filter).await.expect(200);
}

#[tokio::test]
async fn accepts_undocumented_webhook_events() {
    let server = TestServer::demo().await;
    for event in ["account_exported", "sender_profile_issue"] {
        let hook = json!({"name": "W", "event": event, "request_method": "POST", "target_url": "https://example.com/h"});
        assert_eq!(server.post("/integrations/api/webhooks", hook).await.expect(201)["event"], event);
    }
}

#[tokio::test]
async fn enrolls_through_contact_source() {
    let server = TestServer::demo().await;
    let flows = server.get(&format!("{FLOWS}?filter[status]=on")).await.expect(200);
    let flow = uuid(&flows["data"][0]);
    let contact = uuid(&server.newest_contact().await);
    let path = format!("{FLOWS}/{flow}/leads/{contact}");
    server.post(&path, json!({"contact_source_id": 99})).await.expect_invalid(&["contact_source_id"]);
    server.post(&path, json!({"contact_source_id": 1})).await.expect(204);
}

#[tokio::test]
async fn sends_message_with_subject_or_template_only() {
    let server = TestServer::demo().await;
    let contact = server.newest_contact().await;
    let sender = server.uuids("/flows/api/sender-profiles").await[0].clone();
    let send = async |extra: Value| {
        let mut body = json!({"sender_profile_uuid": sender, "lead_uuid": uuid(&contact)});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        server.post("/flows/api/linkedin-messages", body).await
    };
    let mail =
        json!({"text": "Hi", "subject": "x".repeat(511), "linkedin_messenger_type": "sales_navigator"});
    assert_eq!(send(mail).await.expect(201)["subject"], "x".repeat(511));
    send(json!({"text": "Hi", "subject": "x".repeat(512)})).await.expect_invalid(&["subject"]);
    let template = json!({"name": "T", "type": "message", "is_public": 1, "body": "Hi {{first_name}}!"});
    let template = uuid(&server.post("/flows/api/ai-templates", template).await.expect(201));
    let sent = send(json!({"template_uuid": template})).await.expect(201);
    assert_eq!(sent["text"], format!("Hi {}!", contact["first_name"].as_str().unwrap()));
    send(json!({})).await.expect_invalid(&["text"]);
}
