//! Undocumented operations, and undocumented fields of described operations.

use grinfi::{
    filter::{contact, outbound_request, task},
    models::{
        LlmUpdate, NewContact,
        enums::{
            LlmOwner, LlmProvider, OutboundRequestExecutor, OutboundRequestStatus, TaskGroup, WebhookEvent,
        },
    },
    raw::{OPERATIONS, Operation, operation::Effect},
};

use crate::support::{
    client,
    conversation::{Conversation, refused, show},
    description::UUID,
    fault_server::{FaultServer, Response},
};

#[tokio::test]
async fn sends_language_model_operations_as_described() {
    let mut talk = Conversation::default();
    let all = talk.call("listLlms", async |c| c.llms().list().await).await;
    assert_eq!(all[0].uuid, UUID);
    let llm = talk.call("getLlm", async |c| c.llms().get("l-1").await).await;
    assert_eq!(llm.provider, Some(LlmProvider::Openai));
    talk.call("createLlm", async |c| {
        c.llms().create("Claude", LlmProvider::Anthropic, "hush").owner(LlmOwner::Customer).await
    })
    .await;
    let changes = LlmUpdate { name: Some("Claude 2".into()), ..Default::default() };
    talk.call("updateLlm", async |c| c.llms().update("l-1", &changes).await).await;
    talk.call("deleteLlm", async |c| c.llms().delete("l-1").await).await;
    assert_eq!(refused(async |c| c.llms().create(" ", LlmProvider::Xai, "x").await).await, "name");
    let tokenless = refused(async |c| c.llms().create("x", LlmProvider::Xai, "").await).await;
    assert_eq!(tokenless, "provider_api_token");
    assert_eq!(refused(async |c| c.llms().update("l", &LlmUpdate::default()).await).await, "changes");
    assert_eq!(refused(async |c| c.llms().delete("").await).await, "uuid");
    let shown = format!("{:?}", client("http://127.0.0.1:9").llms().create("x", LlmProvider::Xai, "hush"));
    assert!(!shown.contains("hush"), "{shown}");
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn sends_tracking_domain_operations_as_described() {
    let mut talk = Conversation::default();
    let page = talk
        .call("listCustomTrackingDomains", async |c| c.custom_tracking_domains().list().page().await)
        .await;
    assert_eq!(page.data[0].uuid, UUID);
    talk.call("getCustomTrackingDomain", async |c| c.custom_tracking_domains().get("d-1").await).await;
    talk.call("createCustomTrackingDomain", async |c| {
        c.custom_tracking_domains().create("track.example.com").await
    })
    .await;
    for domain in ["", "https://track.example.com", "track.example.com/x", "a b"] {
        assert_eq!(refused(async |c| c.custom_tracking_domains().create(domain).await).await, "domain");
    }
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn sends_outbound_request_operations_as_described() {
    let mut talk = Conversation::default();
    let failed = outbound_request::status().eq(OutboundRequestStatus::Failed)
        & outbound_request::executor_type().eq(OutboundRequestExecutor::Webhook)
        & outbound_request::executor_key().eq("contact_replied_linkedin_message");
    let page = talk
        .call("listOutboundRequests", async |c| {
            c.outbound_requests().list().filter(failed.clone()).page().await
        })
        .await;
    assert_eq!(page.data[0].executor_type, Some(OutboundRequestExecutor::Webhook));
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn debug_output_hides_url_of_outbound_request() {
    let row = r#"{"data": [{"request_url": "https://example.com/hook?token=hush", "retry_count": "2"}]}"#;
    let server = FaultServer::start([Response::json(200, row)]).await;
    let page = client(&server.base_url).outbound_requests().list().page().await.unwrap();
    assert!(!format!("{page:?}").contains("hush"), "{page:?}");
    assert_eq!(page.data[0].retry_count, Some(2));
    assert!(page.data[0].request_url.as_ref().unwrap().expose().ends_with("hush"));
}

#[tokio::test]
async fn sends_undocumented_fields_of_described_operations() {
    let server = FaultServer::start([Response::json(201, r#"{"uuid": "u"}"#)]).await;
    let client = client(&server.base_url);
    let message = client.linkedin_messages().send("s-1", "c-1", "Hi");
    message.subject("Hello").messenger_type("sales_navigator").await.unwrap();
    let import = client.file_imports().contacts("i-1", [("Mail", "work_email")]).list("l-1");
    let import = import.data_source("d-1").update_existing(false).move_to_list(true);
    import.skip_first_row(true).await.unwrap();
    let people = contact::list_uuid().eq("l-1");
    client.file_exports().contacts_matching(people, ["first_name", "work_email"]).await.unwrap();
    let person = NewContact { linkedin_id: Some("jane-example".into()), ..Default::default() };
    client.automations().add_new_contact("a-1", "l-1", person).contact_source(2).await.unwrap();
    let hook = client.webhooks().create("W", WebhookEvent::AccountExported, "https://example.com/hook");
    hook.await.unwrap();
    let hook = client.webhooks().create("W", WebhookEvent::SenderProfileIssue, "https://example.com/hook");
    hook.await.unwrap();
    let shown: Vec<String> = server.arrived().iter().map(show).collect();
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[tokio::test]
async fn rejects_subject_that_is_too_long() {
    let long = "x".repeat(512);
    let send = async |c: grinfi::Client| c.linkedin_messages().send("s", "c", "Hi").subject(&*long).await;
    assert_eq!(refused(send).await, "subject");
}

#[tokio::test]
async fn decodes_counts_from_object_or_rows() {
    for body in [
        r#"{"unknown": 2, "": 1}"#,
        r#"{"data": [{"value": "unknown", "count": 2}, {"value": null, "count": 1}]}"#,
    ] {
        let server = FaultServer::start([Response::json(200, body)]).await;
        let client = client(&server.base_url);
        let failed = task::automation_error_code().is_not_null();
        let counts = client.tasks().group_counts(TaskGroup::AutomationErrorCode, failed).await.unwrap();
        assert_eq!((counts["unknown"], counts[""]), (2, 1), "{body}");
    }
}

#[tokio::test]
async fn sends_operations_without_method_by_request() {
    let answer = Response::json(200, r#"{"data": []}"#);
    let server = FaultServer::start([answer]).await;
    let client = client(&server.base_url);
    let render = client.operation("legacyRenderAiTemplate", &[("uuid", "t-1")]).unwrap();
    render.json(&serde_json::json!({"variables": {}})).send().await.unwrap();
    let ask = client.operation("askAi", &[]).unwrap();
    ask.json(&serde_json::json!({"question": "Why?"})).send().await.unwrap();
    let activities = client.request(http::Method::GET, "/leads/api/activities");
    activities.query("filter[object]", "lead").query("filter[q]", "email").send().await.unwrap();
    let lines: Vec<String> =
        server.arrived().iter().map(|it| format!("{} {}", it.method, it.target)).collect();
    assert_eq!(
        lines,
        [
            "POST /ai/api/templates/t-1/render",
            "POST /ai/api/ask",
            "GET /leads/api/activities?filter%5Bobject%5D=lead&filter%5Bq%5D=email"
        ]
    );
}

#[test]
fn does_not_retry_undocumented_non_idempotent_operations() {
    let undocumented: Vec<&Operation> = OPERATIONS.iter().filter(|it| it.undocumented).collect();
    assert!(undocumented.len() >= 55 && undocumented.len() < OPERATIONS.len());
    assert!(!Operation::by_id("searchContacts").unwrap().undocumented);
    for operation in undocumented {
        let reading = operation.method == "GET"
            || [
                "legacyListFlows",
                "legacyListTasks",
                "getWebhookMetrics",
                "getLlmMetrics",
                "searchContactsByActivity",
            ]
            .contains(&operation.id);
        assert_eq!(operation.effect == Effect::ReadOnly, reading, "{}", operation.id);
    }
    for id in
        ["massRestartTasksFromTop", "retryTask", "skipTask", "createLlm", "legacyEnrichCompanies", "askAi"]
    {
        assert_eq!(Operation::by_id(id).unwrap().effect, Effect::NonIdempotent, "{id}");
    }
}
