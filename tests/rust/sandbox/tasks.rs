use chrono::{DateTime, NaiveDate, Utc};
use grinfi::{
    filter::{Filter, task},
    models::{
        enums::{TaskGroup, TaskStatus},
        ids::TaskId,
    },
};
use grinfi_sandbox::{Mode, Seed};

use super::{Tour, UNKNOWN_UUID};

in_both_modes!(tasks_run_at_their_time_or_are_ended);

pub(super) const OPERATIONS: &[&str] = &[
    "listTasks",
    "createTask",
    "getTask",
    "completeTask",
    "cancelTask",
    "failTask",
    "continueAutomation",
    "getTasksSchedule",
    "massCancelTasks",
    "massCompleteTasks",
    "massRetryTasks",
    "massSkipTasks",
    "groupCountTasks",
];

async fn tasks_run_at_their_time_or_are_ended(mode: Mode) {
    let tour = Tour::in_mode(Seed::Demo, mode).await;
    let contact = Tour::demo_contact(1);
    let sender = tour.client.sender_profiles().list().page().await.unwrap().data[0].uuid.clone();
    let noon: DateTime<Utc> = "2026-02-03T16:55:04Z".parse().unwrap();
    let create =
        async |c: &grinfi::Client| c.tasks().create(&contact, &sender, "Hi {{first_name}}", noon).await;
    let mut made: Vec<TaskId> = Vec::new();
    for _ in 0..6 {
        made.push(tour.ok("createTask", create).await.uuid);
    }
    let status = async |at: usize| tour.client.tasks().get(&made[at]).await.unwrap().status.unwrap();
    tour.ok("completeTask", async |c| c.tasks().close(&made[0]).await).await;
    tour.ok("cancelTask", async |c| c.tasks().cancel(&made[1]).await).await;
    tour.ok("failTask", async |c| c.tasks().fail(&made[2]).await).await;
    tour.ok("massSkipTasks", async |c| c.tasks().skip_many([&made[3]]).await).await;
    let wanted = [TaskStatus::Closed, TaskStatus::Canceled, TaskStatus::Failed, TaskStatus::Skipped];
    for (at, wanted) in wanted.into_iter().enumerate() {
        assert_eq!(status(at).await, wanted);
    }
    let mine = task::contact_uuid().eq(&contact);
    let day = NaiveDate::from_ymd_opt(2026, 2, 3).unwrap();
    let schedule = async |c: &grinfi::Client| c.tasks().schedule(&sender, day).await;
    let planned = tour.ok("getTasksSchedule", schedule).await.unwrap();
    assert!(
        planned["data"].as_array().unwrap().iter().any(|task| task["uuid"] == made[4].as_str()),
        "{planned}"
    );

    assert!(tour.sandbox.outbox().is_empty());
    tour.wait(3600);
    // The two remaining ones, and those of the running demo automation.
    let sent: Vec<String> =
        tour.sandbox.outbox().into_iter().map(|it| it.text).filter(|it| it == "Hi Bruno").collect();
    assert_eq!(sent.len(), 2);
    let got = tour.ok("getTask", async |c| c.tasks().get(&made[4]).await).await;
    assert_eq!((got.status, got.executed_at), (Some(TaskStatus::Closed), Some(noon)));
    let counts = async |c: &grinfi::Client| c.tasks().group_counts(TaskGroup::Status, mine.clone()).await;
    let counts = tour.ok("groupCountTasks", counts).await;
    assert_eq!((counts["closed"], counts["failed"], counts["skipped"]), (3, 1, 1));
    let closed = task::status().eq(TaskStatus::Closed) & task::executed_at().ge(noon) & mine.clone();
    assert_eq!(
        tour.ok("listTasks", async |c| c.tasks().list().filter(closed.clone()).page().await).await.total,
        Some(2)
    );

    tour.ok("massRetryTasks", async |c| c.tasks().retry_many([&made[2]]).await).await;
    assert_eq!(status(2).await, TaskStatus::Closed);
    let later = noon + chrono::Duration::days(1);
    let two = [
        tour.client.tasks().create(&contact, &sender, "x", later).await.unwrap().uuid,
        tour.client.tasks().create(&contact, &sender, "x", later).await.unwrap().uuid,
    ];
    tour.ok("massCancelTasks", async |c| c.tasks().cancel_many([&two[0]]).await).await;
    tour.ok("massCompleteTasks", async |c| c.tasks().close_many([&two[1]]).await).await;
    tour.ok("continueAutomation", async |c| c.tasks().continue_automation(&contact).await).await;
    assert!(tour.client.contacts().get(&contact).await.unwrap().last_automation_approve_at.is_some());

    let lost = async |c: &grinfi::Client| c.tasks().continue_automation(UNKNOWN_UUID).await;
    assert!(tour.fails("continueAutomation", 422, lost).await.fields().contains_key("contact_uuid"));
    let lost = async |c: &grinfi::Client| c.tasks().create(UNKNOWN_UUID, &sender, "Hi", noon).await;
    assert!(tour.fails("createTask", 422, lost).await.fields().contains_key("contact_uuid"));
    tour.fails("getTask", 404, async |c| c.tasks().get(UNKNOWN_UUID).await).await;
    tour.fails("completeTask", 404, async |c| c.tasks().close(UNKNOWN_UUID).await).await;
    tour.fails("cancelTask", 404, async |c| c.tasks().cancel(UNKNOWN_UUID).await).await;
    tour.fails("failTask", 404, async |c| c.tasks().fail(UNKNOWN_UUID).await).await;
    tour.fails("massCancelTasks", 422, async |c| c.tasks().cancel_many([UNKNOWN_UUID]).await).await;
    tour.fails("massCompleteTasks", 422, async |c| c.tasks().close_many([UNKNOWN_UUID]).await).await;
    tour.fails("massRetryTasks", 422, async |c| c.tasks().retry_many([UNKNOWN_UUID]).await).await;
    tour.fails("massSkipTasks", 422, async |c| c.tasks().skip_many([UNKNOWN_UUID]).await).await;
    let unknown_uuid = async |c: &grinfi::Client| c.tasks().schedule(UNKNOWN_UUID, day).await;
    assert!(
        tour.fails("getTasksSchedule", 422, unknown_uuid).await.fields().contains_key("sender_profile_uuid")
    );
    tour.locked("listTasks", async |c| c.tasks().list().page().await).await;
    tour.locked("groupCountTasks", async |c| c.tasks().group_counts(TaskGroup::Type, Filter::all()).await)
        .await;
    tour.done(OPERATIONS);
}
