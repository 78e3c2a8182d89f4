use grinfi::{
    filter::{outbound_request, task},
    models::{
        LlmUpdate,
        enums::{LlmProvider, OutboundRequestStatus, TaskStatus, WebhookEvent},
        ids::TaskId,
    },
};
use grinfi_sandbox::{Mode, Seed};

use super::{Tour, UNKNOWN_UUID};

pub(super) const OPERATIONS: &[&str] = &[
    "getNote",
    "retryTask",
    "skipTask",
    "massRestartTasksFromTop",
    "listOutboundRequests",
    "listCustomTrackingDomains",
    "createCustomTrackingDomain",
    "getCustomTrackingDomain",
    "listLlms",
    "createLlm",
    "getLlm",
    "updateLlm",
    "deleteLlm",
];

// They do not exist in documented mode.
#[tokio::test]
async fn undocumented_operations() {
    let tour = Tour::in_mode(Seed::Demo, Mode::Observed).await;
    let contact = Tour::demo_contact(0);
    let note = tour.client.notes().create(&contact, "Tall.").await.unwrap();
    let got = tour.ok("getNote", async |c| c.notes().get(&note.uuid).await).await;
    assert_eq!(got.note.as_deref(), Some("Tall."));
    tour.fails("getNote", 404, async |c| c.notes().get(UNKNOWN_UUID).await).await;

    let llm =
        tour.ok("createLlm", async |c| c.llms().create("Claude", LlmProvider::Anthropic, "t").await).await;
    let changes = LlmUpdate { name: Some("Claude 2".into()), ..Default::default() };
    tour.ok("updateLlm", async |c| c.llms().update(&llm.uuid, &changes).await).await;
    let got = tour.ok("getLlm", async |c| c.llms().get(&llm.uuid).await).await;
    assert_eq!((got.name.as_deref(), got.provider), (Some("Claude 2"), Some(LlmProvider::Anthropic)));
    assert_eq!(tour.ok("listLlms", async |c| c.llms().list().await).await.len(), 1);
    tour.ok("deleteLlm", async |c| c.llms().delete(&llm.uuid).await).await;
    tour.fails("getLlm", 404, async |c| c.llms().get(&llm.uuid).await).await;
    tour.fails("updateLlm", 404, async |c| c.llms().update(UNKNOWN_UUID, &changes).await).await;
    tour.fails("deleteLlm", 404, async |c| c.llms().delete(UNKNOWN_UUID).await).await;
    let unknown = async |c: &grinfi::Client| c.llms().create("x", LlmProvider::from("hal"), "t").await;
    assert!(tour.fails("createLlm", 422, unknown).await.fields().contains_key("provider"));
    tour.locked("listLlms", async |c| c.llms().list().await).await;

    let create = async |c: &grinfi::Client| c.custom_tracking_domains().create("track.example.com").await;
    let domain = tour.ok("createCustomTrackingDomain", create).await;
    tour.fails("createCustomTrackingDomain", 422, create).await;
    let get = async |c: &grinfi::Client| c.custom_tracking_domains().get(&domain.uuid).await;
    let got = tour.ok("getCustomTrackingDomain", get).await;
    assert_eq!(got.domain.as_deref(), Some("track.example.com"));
    let list = async |c: &grinfi::Client| c.custom_tracking_domains().list().page().await;
    assert_eq!(tour.ok("listCustomTrackingDomains", list).await.total, Some(1));
    tour.fails("getCustomTrackingDomain", 404, async |c| c.custom_tracking_domains().get(UNKNOWN_UUID).await)
        .await;
    tour.locked("listCustomTrackingDomains", list).await;
    tour.done(&[&OPERATIONS[..1], &OPERATIONS[5..]].concat());
}

#[tokio::test]
async fn single_tasks_and_restart_from_top() {
    let tour = Tour::in_mode(Seed::Demo, Mode::Observed).await;
    let sender = tour.client.sender_profiles().list().page().await.unwrap().data[0].uuid.clone();
    let due = tour.clock.now() + chrono::Duration::days(30);
    let task = tour.client.tasks().create(Tour::demo_contact(0), &sender, "Hi", due).await.unwrap();
    let status = async |uuid: &TaskId| tour.client.tasks().get(uuid).await.unwrap().status;
    tour.client.tasks().cancel(&task.uuid).await.unwrap();
    tour.ok("retryTask", async |c| c.tasks().retry(&task.uuid).await).await;
    // It runs at once.
    assert_eq!(status(&task.uuid).await, Some(TaskStatus::Closed));
    let task = tour.client.tasks().create(Tour::demo_contact(1), &sender, "Hi", due).await.unwrap();
    tour.ok("skipTask", async |c| c.tasks().skip(&task.uuid).await).await;
    assert_eq!(status(&task.uuid).await, Some(TaskStatus::Skipped));
    tour.fails("retryTask", 404, async |c| c.tasks().retry(UNKNOWN_UUID).await).await;
    tour.fails("skipTask", 404, async |c| c.tasks().skip(UNKNOWN_UUID).await).await;

    tour.wait(7 * 86_400);
    let closed = task::status().eq(TaskStatus::Closed);
    let done = tour.client.tasks().list().filter(closed.clone() & task::automation_uuid().is_not_null());
    let automation = done.page().await.unwrap().data[0].automation_uuid.clone().unwrap();
    let before = tour.sandbox.outbox().len();
    let restart = async |c: &grinfi::Client| c.tasks().restart_from_top(&automation, closed.clone(), 1).await;
    let result = tour.ok("massRestartTasksFromTop", restart).await.unwrap();
    assert!(result["count"].as_u64().unwrap() > 0);
    tour.wait(7 * 86_400);
    assert!(tour.sandbox.outbox().len() > before);
    let nowhere =
        async |c: &grinfi::Client| c.tasks().restart_from_top(UNKNOWN_UUID, closed.clone(), 1).await;
    assert!(
        tour.fails("massRestartTasksFromTop", 422, nowhere).await.fields().contains_key("automation_uuid")
    );

    let hook = tour.client.webhooks().create("W", WebhookEvent::ContactCreated, "https://example.com/hook");
    hook.await.unwrap();
    tour.contact("jane-example").await;
    tour.sandbox.tenant().deliver().await;
    let failed = outbound_request::status().eq(OutboundRequestStatus::Failed);
    let list = async |c: &grinfi::Client| c.outbound_requests().list().filter(failed.clone()).page().await;
    let page = tour.ok("listOutboundRequests", list).await;
    assert_eq!(page.data[0].executor_key.as_deref(), Some("contact_created"));
    tour.locked("listOutboundRequests", list).await;
    tour.done(&OPERATIONS[1..5]);
}
