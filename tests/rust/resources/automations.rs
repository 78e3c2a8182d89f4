use grinfi::{
    automations::Enrolled,
    filter::{automation, enrollment},
    models::{
        AutomationUpdate, AutomationWorkspaceUpdate, NewContact, Schedule, Timeblock, enums::AutomationStatus,
    },
};
use serde_json::json;

use crate::support::{
    conversation::{Conversation, failing, refused},
    fault_server::Response,
};

fn mornings() -> Schedule {
    let morning = Timeblock { dow: Some(1), min: Some(540), max: Some(720) };
    let mut mornings = Schedule::new(vec![morning], "Europe/Berlin");
    mornings.use_contact_timezone = Some(false);
    mornings
}

fn jane() -> NewContact {
    NewContact { linkedin_id: Some("jane-roe-example".into()), ..Default::default() }
}

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let drafts = automation::status().in_([AutomationStatus::Draft, AutomationStatus::Off]);
    let page =
        talk.call("listFlows", async |c| c.automations().list().filter(drafts.clone()).page().await).await;
    let got = talk.call("getFlow", async |c| c.automations().get("f-1").await).await;
    assert_eq!(got.uuid, page.data[0].uuid);
    let created = talk.call("createFlow", async |c| c.automations().create("Fair", mornings()).await).await;
    assert_eq!(created.uuid, got.uuid);
    talk.call("createFlow", async |c| {
        let create = c.automations().create("Fair", mornings()).description("Autumn").priority(2);
        create.public(true).use_sender_schedule(true).workspace("w-1").await
    })
    .await;
    let changes =
        AutomationUpdate { name: Some("Fair 2".into()), schedule: Some(mornings()), ..Default::default() };
    talk.call("updateFlow", async |c| c.automations().update("f-1", &changes).await).await;
    talk.call("deleteFlow", async |c| c.automations().delete("f-1").await).await;
    talk.call("startFlow", async |c| c.automations().start("f-1").await).await;
    talk.call("stopFlow", async |c| c.automations().stop("f-1").await).await;
    talk.call("archiveFlow", async |c| c.automations().archive("f-1").await).await;
    talk.call("unarchiveFlow", async |c| c.automations().unarchive("f-1").await).await;
    talk.call("cloneFlow", async |c| c.automations().copy("f-1", "Copy").workspace("w-1").await).await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn sends_statistics_operations_as_described() {
    let mut talk = Conversation::default();
    let metrics = talk.call("getFlowMetrics", async |c| c.automations().metrics(["f-1", "f-2"]).await).await;
    assert!(metrics.values().next().unwrap().contacts_count.is_some());

    let answer = json!({"2": {"node_statuses": {"closed": 5}, "node_conversions": [], "node_branches": {"1": 4}},
        "3": {"node_statuses": {}, "node_conversions": {"linkedin_replied": "2", "email_replied": 1}}});
    let nodes = talk
        .answered("getFlowNodeStatistics", Response::json(200, &answer.to_string()), async |c| {
            let filter = json!({"status": "closed"}).as_object().unwrap().clone();
            c.automations().node_statistics("f-1", [2, 3]).filter(filter).await
        })
        .await;
    assert_eq!((nodes[&2].statuses["closed"], nodes[&2].branches["1"]), (5, 4));
    assert!(nodes[&2].conversions.is_empty() && nodes[&3].statuses.is_empty());
    assert_eq!(nodes[&3].conversions["linkedin_replied"], 2);
    let unfit = r#"{"2": {"node_conversions": {"linkedin_replied": "often"}}}"#;
    let error = talk
        .outcome("getFlowNodeStatistics", Response::json(200, unfit), async |c| {
            c.automations().node_statistics("f-1", [2]).await
        })
        .await
        .unwrap_err();
    assert!(error.is_decode(), "a count that cannot be read is told, not dropped");
    let nothing = talk
        .answered("getFlowNodeStatistics", Response::json(200, "[]"), async |c| {
            c.automations().node_statistics("f-1", [9]).await
        })
        .await;
    assert!(nothing.is_empty());

    let sources = talk
        .answered(
            "getFlowContactSourceStatistics",
            Response::json(200, r#"{"1": {"added": 3}}"#),
            async |c| c.automations().contact_source_statistics("f-1", [1]).await,
        )
        .await;
    assert_eq!(sources[&1]["added"], 3);
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn sends_enrollment_operations_as_described() {
    let mut talk = Conversation::default();
    let page = r#"{"data": [{"id": 7, "lead_uuid": "c-1", "flow_uuid": "f-1", "status": "in_progress", "step": 3}],
        "total": 1, "has_more": false}"#;
    let filter = enrollment::automation_uuid().eq(crate::support::description::UUID)
        & enrollment::status().in_(["in_progress", "finished"]);
    let rows = talk
        .answered("listFlowLeads", Response::json(200, page), async |c| {
            c.automations().enrollments().filter(filter.clone()).stream().collect().await
        })
        .await;
    assert_eq!(rows[0].contact_uuid.as_ref().unwrap(), &"c-1");
    assert_eq!((rows[0].status.as_deref(), &rows[0].fields["step"]), (Some("in_progress"), &json!(3)));
    talk.call("addLeadToFlow", async |c| c.automations().add_contact("f-1", "c-1").await).await;
    let added = talk
        .answered("addNewLeadToFlow", Response::json(204, ""), async |c| {
            c.automations().add_new_contact("f-1", "l-1", jane()).await
        })
        .await;
    assert_eq!(added, Enrolled::Added);
    let left_out = talk
        .answered("addNewLeadToFlow", Response::json(200, r#"{"reason": "skipped"}"#), async |c| {
            let add = c.automations().add_new_contact("f-1", "l-1", jane());
            add.update_if_exists(false).move_to_list(true).skip_if_exists(true).segment(2).await
        })
        .await;
    assert_eq!(left_out, Enrolled::LeftOut("skipped".into()));
    talk.call("cancelLeadFromFlows", async |c| c.automations().cancel_contact("c-1", ["f-1", "f-2"]).await)
        .await;
    talk.call("cancelLeadFromAllFlows", async |c| c.automations().cancel_contact_from_all("c-1").await).await;
    talk.call("deleteFlowLeadHistory", async |c| {
        c.automations().delete_contact_history("02dcb6ac-9b15-49f6-8882-fbca91e986ab").await
    })
    .await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn sends_workspace_operations_as_described() {
    let mut talk = Conversation::default();
    let all = talk
        .answered(
            "listFlowWorkspaces",
            Response::json(200, r#"{"data": [{"uuid": "w-1"}], "limit": 20, "total": 1}"#),
            async |c| c.automation_workspaces().list().await,
        )
        .await;
    assert_eq!(all.len(), 1);
    talk.call("createFlowWorkspace", async |c| c.automation_workspaces().create("Autumn", Some(2)).await)
        .await;
    let changes = AutomationWorkspaceUpdate { order: Some(1), ..Default::default() };
    talk.call("updateFlowWorkspace", async |c| c.automation_workspaces().update("w-1", &changes).await).await;
    talk.call("deleteFlowWorkspace", async |c| c.automation_workspaces().delete("w-1").await).await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject_or_ignore() {
    let none: [&str; 0] = [];
    let mut late = mornings();
    late.timeblocks = vec![Timeblock { dow: Some(1), min: Some(1080), max: Some(540) }];
    assert_eq!(refused(async |c| c.automations().create(" ", mornings()).await).await, "name");
    assert_eq!(refused(async |c| c.automations().create("x", late).await).await, "schedule.timeblocks[0]");
    let mut nowhere = mornings();
    nowhere.timezone.clear();
    assert_eq!(refused(async |c| c.automations().create("x", nowhere).await).await, "schedule.timezone");
    let nothing = AutomationUpdate::default();
    assert_eq!(refused(async |c| c.automations().update("f-1", &nothing).await).await, "changes");
    assert_eq!(refused(async |c| c.automations().copy("f-1", "").await).await, "name");
    assert_eq!(refused(async |c| c.automations().metrics(none).await).await, "uuids");
    assert_eq!(refused(async |c| c.automations().metrics(["a/b"]).await).await, "uuids[0]");
    assert_eq!(refused(async |c| c.automations().node_statistics("f-1", []).await).await, "node_ids");
    assert_eq!(
        refused(async |c| c.automations().contact_source_statistics("f-1", []).await).await,
        "contact_source_ids"
    );
    assert_eq!(
        refused(async |c| c.automations().add_new_contact("f", "l", NewContact::default()).await).await,
        "linkedin_id"
    );
    assert_eq!(
        refused(async |c| c
            .automations()
            .add_new_contact("f", "l", jane())
            .custom_field("job title", 1)
            .await)
        .await,
        "custom_fields"
    );
    assert_eq!(refused(async |c| c.automations().cancel_contact("c", none).await).await, "automation_uuids");
    let unset = enrollment::status().is_null();
    assert_eq!(refused(async |c| c.automations().enrollments().filter(unset).page().await).await, "status");
    let by_time = async |c: grinfi::Client| {
        c.automations().enrollments().order_by_name("created_at", grinfi::Order::Asc).page().await
    };
    assert_eq!(refused(by_time).await, "order_by");
    assert_eq!(refused(async |c| c.automation_workspaces().create("", None).await).await, "name");
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(422, async |c| c.automations().start("f-1").await).await.is_validation());
    assert!(failing(404, async |c| c.automations().delete("f-1").await).await.is_not_found());
    assert!(failing(404, async |c| c.automations().delete_contact_history("c-1").await).await.is_not_found());
    assert!(failing(404, async |c| c.automation_workspaces().delete("w-1").await).await.is_not_found());
}
