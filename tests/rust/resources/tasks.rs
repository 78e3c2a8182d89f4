use chrono::{DateTime, Duration, NaiveDate};
use grinfi::{
    filter::{Filter, task},
    models::enums::{TaskGroup, TaskStatus},
};
use serde_json::json;

use crate::support::{
    conversation::{Conversation, failing, refused},
    description::UUID,
    fault_server::Response,
};

fn at() -> DateTime<chrono::Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).unwrap()
}

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let sent = task::status().eq(TaskStatus::Closed)
        & task::type_().eq("linkedin_send_message")
        & task::executed_at().between(at(), at() + Duration::days(7));
    let page = talk.call("listTasks", async |c| c.tasks().list().filter(sent.clone()).page().await).await;
    assert_eq!(page.data[0].uuid, UUID);
    talk.call("getTask", async |c| c.tasks().get("t-1").await).await;
    let created = talk
        .call("createTask", async |c| {
            let create = c.tasks().create("c-1", "s-1", "Hello, Jane", at()).type_("linkedin_send_message");
            create.note("by hand").timezone("Europe/Berlin").await
        })
        .await;
    assert_eq!(created.uuid, UUID);
    talk.call("completeTask", async |c| c.tasks().close("t-1").await).await;
    talk.call("cancelTask", async |c| c.tasks().cancel("t-1").await).await;
    talk.call("failTask", async |c| c.tasks().fail("t-1").await).await;
    talk.call("continueAutomation", async |c| c.tasks().continue_automation("c-1").await).await;
    let date = NaiveDate::from_ymd_opt(2026, 4, 3).unwrap();
    let day = talk
        .answered("getTasksSchedule", Response::json(200, r#"[{"hour": 9}]"#), async |c| {
            c.tasks().schedule("s-1", date).await
        })
        .await;
    assert_eq!(day, Some(json!([{"hour": 9}])));
    talk.call("massCancelTasks", async |c| c.tasks().cancel_many(["t-1", "t-2"]).await).await;
    talk.call("massCompleteTasks", async |c| c.tasks().close_many(["t-1"]).await).await;
    talk.call("massRetryTasks", async |c| c.tasks().retry_many(["t-1"]).await).await;
    talk.call("massSkipTasks", async |c| c.tasks().skip_many(["t-1"]).await).await;
    let counts = talk
        .answered("groupCountTasks", Response::json(200, r#"{"f-1": 12}"#), async |c| {
            c.tasks().group_counts(TaskGroup::AutomationUuid, sent.clone()).await
        })
        .await;
    assert_eq!(counts["f-1"], 12);
    let counts = talk
        .answered("groupCountTasks", Response::json(200, "[]"), async |c| {
            c.tasks().group_counts(TaskGroup::Type, Filter::all()).await
        })
        .await;
    assert!(counts.is_empty());
    talk.call("retryTask", async |c| c.tasks().retry("t-1").await).await;
    talk.call("skipTask", async |c| c.tasks().skip("t-1").await).await;
    let failed = task::status().eq(TaskStatus::Failed) & task::automation_error_code().eq("unknown");
    let restarted = talk
        .answered("massRestartTasksFromTop", Response::json(200, r#"{"count": 2}"#), async |c| {
            c.tasks().restart_from_top("a-1", failed.clone(), 1).sender_profile("s-1").await
        })
        .await;
    assert_eq!(restarted, Some(json!({"count": 2})));
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject_or_ignore() {
    let none: [&str; 0] = [];
    assert_eq!(refused(async |c| c.tasks().create("c-1", "s-1", " ", at()).await).await, "text");
    assert_eq!(refused(async |c| c.tasks().create("", "s-1", "Hi", at()).await).await, "contact_uuid");
    assert_eq!(
        refused(async |c| c.tasks().create("c", "s", "Hi", at()).timezone("").await).await,
        "timezone"
    );
    assert_eq!(refused(async |c| c.tasks().close("a/b").await).await, "uuid");
    assert_eq!(refused(async |c| c.tasks().cancel_many(none).await).await, "uuids");
    assert_eq!(refused(async |c| c.tasks().retry_many(none).await).await, "uuids");
    assert_eq!(refused(async |c| c.tasks().close_many(["t", ""]).await).await, "uuids[1]");
    assert_eq!(refused(async |c| c.tasks().skip_many(none).await).await, "uuids");
    assert_eq!(refused(async |c| c.tasks().continue_automation("").await).await, "contact_uuid");
    assert_eq!(refused(async |c| c.tasks().retry("").await).await, "uuid");
    assert_eq!(refused(async |c| c.tasks().skip("a b").await).await, "uuid");
    // It would send the first messages to everyone again.
    let everyone = refused(async |c| c.tasks().restart_from_top("a-1", Filter::all(), 1).await).await;
    assert_eq!(everyone, "filter");
    let old = json!({"executed_at_from": "2026-01-01"});
    let error = Filter::<grinfi::tasks::Tasks>::from_json(old.as_object().unwrap()).unwrap_err();
    assert!(error.to_string().contains("executed_at().ge"), "{error}");
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(404, async |c| c.tasks().get("t-1").await).await.is_not_found());
    assert!(failing(422, async |c| c.tasks().continue_automation("c-1").await).await.is_validation());
}

#[tokio::test]
async fn does_not_retry_sends_after_lost_response() {
    use crate::support::{client, fault_server::FaultServer};
    let server = FaultServer::start([Response::html(502)]).await;
    let client = client(&server.base_url);
    assert!(client.tasks().create("c", "s", "Hi", at()).await.unwrap_err().is_unknown_outcome());
    assert!(client.tasks().retry_many(["t"]).await.unwrap_err().is_unknown_outcome());
    assert!(client.linkedin_messages().retry("m").await.unwrap_err().is_unknown_outcome());
    assert!(client.tasks().retry("t").await.unwrap_err().is_unknown_outcome());
    assert!(client.tasks().skip("t").await.unwrap_err().is_unknown_outcome());
    let failed = task::status().eq(TaskStatus::Failed);
    let restart = client.tasks().restart_from_top("a", failed, 1).await;
    assert!(restart.unwrap_err().is_unknown_outcome());
    assert_eq!(server.arrived().len(), 6);
}
