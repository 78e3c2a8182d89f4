use grinfi::{
    automations::Enrolled,
    filter::{automation, enrollment, task},
    models::{
        AutomationNode, AutomationUpdate, AutomationWorkspaceUpdate, ContactSource, NewContact, Schedule,
        Timeblock,
        enums::AutomationStatus,
        ids::{AutomationId, SenderProfileId},
    },
    selection::Selection,
};
use grinfi_sandbox::{Mode, Seed};
use serde_json::{Value, from_value, json};

use super::{Tour, UNKNOWN_UUID};

in_both_modes!(
    automations_are_created_and_archived,
    contacts_move_through_automation_on_the_clock,
    manual_task_pauses_automation_until_completed,
    stopped_automation_sends_nothing,
    automation_messages_wait_for_working_hours
);

pub(super) const OPERATIONS: &[&str] = &[
    "listFlows",
    "createFlow",
    "getFlow",
    "updateFlow",
    "deleteFlow",
    "startFlow",
    "stopFlow",
    "archiveFlow",
    "unarchiveFlow",
    "cloneFlow",
    "listFlowVersions",
    "createFlowVersion",
    "getFlowVersion",
    "deleteFlowVersion",
    "validateFlowNode",
    "validateContactSource",
    "listFlowWorkspaces",
    "createFlowWorkspace",
    "updateFlowWorkspace",
    "deleteFlowWorkspace",
    "getFlowNodeStatistics",
    "getFlowContactSourceStatistics",
    "getFlowMetrics",
    "listFlowLeads",
    "deleteFlowLeadHistory",
    "addLeadToFlow",
    "addNewLeadToFlow",
    "cancelLeadFromFlows",
    "cancelLeadFromAllFlows",
];

const MAKING: usize = 20;

fn mornings() -> Schedule {
    let morning = Timeblock { dow: Some(1), min: Some(540), max: Some(720) };
    let mut mornings = Schedule::new(vec![morning], "Europe/Berlin");
    mornings.use_contact_timezone = Some(false);
    mornings
}

/// Returns a schedule in which nothing has to wait.
fn at_any_time() -> Schedule {
    let day = |dow| Timeblock { dow: Some(dow), min: Some(0), max: Some(1440) };
    Schedule::new((1..=7).map(day).collect(), "Europe/Berlin")
}

/// Returns a sequence of nodes, numbered from 1, with an end node.
fn line(steps: &[(&str, Value)]) -> Vec<AutomationNode> {
    let time = "2026-02-03T15:55:04.000000Z";
    let edge = |id: usize| json!([{"node_id": id, "branch_id": 1}]);
    let last = steps.len() + 1;
    (1..=last)
        .map(|id| {
            let (kind, payload) = steps.get(id - 1).cloned().unwrap_or(("end", json!([])));
            from_value(json!({
                "id": id, "type": kind, "automation": "auto", "payload": payload,
                "before": if id == 1 { json!([]) } else { edge(id - 1) },
                "after": if id == last { json!([]) } else { edge(id + 1) },
                "created_at": time, "updated_at": time,
            }))
            .unwrap()
        })
        .collect()
}

fn source(sender: &SenderProfileId) -> ContactSource {
    from_value(
        json!({"id": 1, "after_id": 1, "rotation_strategy": "fair", "sender_profiles": [sender.as_str()]}),
    )
    .unwrap()
}

async fn automations_are_created_and_archived(mode: Mode) {
    let tour = Tour::in_mode(Seed::Demo, mode).await;
    let sender = tour.client.sender_profiles().list().page().await.unwrap().data[0].uuid.clone();
    let workspace = tour
        .ok("createFlowWorkspace", async |c| c.automation_workspaces().create("Autumn", None).await)
        .await
        .uuid;
    let changes = AutomationWorkspaceUpdate { name: Some("Winter".into()), ..Default::default() };
    tour.ok("updateFlowWorkspace", async |c| c.automation_workspaces().update(&workspace, &changes).await)
        .await;
    let all = tour.ok("listFlowWorkspaces", async |c| c.automation_workspaces().list().await).await;
    assert_eq!(all[0].name.as_deref(), Some("Winter"));
    let create =
        async |c: &grinfi::Client| c.automations().create("Fair", mornings()).workspace(&workspace).await;
    let flow = tour.ok("createFlow", create).await.uuid;
    let unsaved = async |c: &grinfi::Client| c.automations().start(&flow).await;
    assert!(tour.fails("startFlow", 422, unsaved).await.fields().contains_key("automation_version_uuid"));
    let save = async |c: &grinfi::Client| {
        c.automation_versions()
            .save(&flow, line(&[("linkedin_visit_profile", json!([]))]), [source(&sender)])
            .await
    };
    tour.ok("createFlowVersion", save).await;
    tour.ok("createFlowVersion", save).await;
    let versions = tour.ok("listFlowVersions", async |c| c.automation_versions().list(&flow).await).await;
    let newest = versions[0].uuid.as_ref().unwrap().clone();
    let present = async || tour.client.automations().get(&flow).await.unwrap().automation_version_uuid;
    assert_eq!(present().await.as_ref().map(|it| it.as_str()), Some(newest.as_str()));
    let version =
        tour.ok("getFlowVersion", async |c| c.automation_versions().get(newest.as_str()).await).await;
    assert_eq!(version["nodes"].as_array().unwrap().len(), 2);
    tour.ok("deleteFlowVersion", async |c| c.automation_versions().delete(newest.as_str()).await).await;
    assert_eq!(present().await.as_ref().map(|it| it.as_str()), versions[1].uuid.as_deref());
    let node = &line(&[])[0];
    tour.ok("validateFlowNode", async |c| c.automation_versions().validate_node(node).await).await;
    let options = json!({"a": 1}).as_object().unwrap().clone();
    let check = async |c: &grinfi::Client| {
        c.automation_versions().validate_contact_source(1, "manual", options.clone()).await
    };
    tour.ok("validateContactSource", check).await;

    tour.ok("startFlow", async |c| c.automations().start(&flow).await).await;
    tour.ok("stopFlow", async |c| c.automations().stop(&flow).await).await;
    tour.ok("archiveFlow", async |c| c.automations().archive(&flow).await).await;
    let archived = automation::status().eq(AutomationStatus::Archived);
    let page =
        tour.ok("listFlows", async |c| c.automations().list().filter(archived.clone()).page().await).await;
    assert_eq!((page.total, &page.data[0].uuid), (Some(1), &flow));
    tour.ok("unarchiveFlow", async |c| c.automations().unarchive(&flow).await).await;
    let changes = AutomationUpdate { name: Some("Fair 2".into()), ..Default::default() };
    tour.ok("updateFlow", async |c| c.automations().update(&flow, &changes).await).await;
    assert_eq!(
        tour.ok("getFlow", async |c| c.automations().get(&flow).await).await.status,
        Some(AutomationStatus::Off)
    );
    let copy = tour.ok("cloneFlow", async |c| c.automations().copy(&flow, "Copy").await).await;
    assert_eq!(
        (copy.status, copy.automation_workspace_uuid.as_ref()),
        (Some(AutomationStatus::Draft), Some(&workspace))
    );
    assert!(copy.automation_version_uuid.is_some() && copy.uuid != flow);
    tour.ok("deleteFlowWorkspace", async |c| c.automation_workspaces().delete(&workspace).await).await;
    assert!(tour.client.automations().get(&flow).await.unwrap().automation_workspace_uuid.is_none());
    tour.ok("deleteFlow", async |c| c.automations().delete(&flow).await).await;

    tour.fails("getFlow", 404, async |c| c.automations().get(&flow).await).await;
    tour.fails("updateFlow", 404, async |c| c.automations().update(&flow, &changes).await).await;
    tour.fails("deleteFlow", 404, async |c| c.automations().delete(&flow).await).await;
    tour.fails("stopFlow", 404, async |c| c.automations().stop(&flow).await).await;
    tour.fails("archiveFlow", 404, async |c| c.automations().archive(&flow).await).await;
    tour.fails("unarchiveFlow", 404, async |c| c.automations().unarchive(&flow).await).await;
    let lost = async |c: &grinfi::Client| c.automations().copy(&flow, "Copy").await;
    assert!(tour.fails("cloneFlow", 422, lost).await.fields().contains_key("automation_uuid"));
    tour.fails("createFlowVersion", 404, save).await;
    tour.fails("listFlowVersions", 404, async |c| c.automation_versions().list(&flow).await).await;
    tour.fails("getFlowVersion", 404, async |c| c.automation_versions().get(newest.as_str()).await).await;
    tour.fails("deleteFlowVersion", 404, async |c| c.automation_versions().delete(newest.as_str()).await)
        .await;
    // The workspace was deleted.
    assert!(tour.fails("createFlow", 422, create).await.fields().contains_key("automation_workspace_uuid"));
    let changes = AutomationWorkspaceUpdate { order: Some(1), ..Default::default() };
    tour.fails("updateFlowWorkspace", 404, async |c| {
        c.automation_workspaces().update(&workspace, &changes).await
    })
    .await;
    tour.fails("deleteFlowWorkspace", 404, async |c| c.automation_workspaces().delete(&workspace).await)
        .await;
    tour.locked("listFlows", async |c| c.automations().list().page().await).await;
    tour.locked("createFlowWorkspace", async |c| c.automation_workspaces().create("x", None).await).await;
    tour.locked("listFlowWorkspaces", async |c| c.automation_workspaces().list().await).await;
    tour.locked("validateFlowNode", async |c| c.automation_versions().validate_node(node).await).await;
    tour.locked("validateContactSource", check).await;
    tour.done(&OPERATIONS[..MAKING]);
}

async fn running(tour: &Tour, steps: &[(&str, Value)]) -> AutomationId {
    let sender = tour.client.sender_profiles().list().page().await.unwrap().data[0].uuid.clone();
    let flow = tour.client.automations().create("Fair", at_any_time()).await.unwrap().uuid;
    tour.client.automation_versions().save(&flow, line(steps), [source(&sender)]).await.unwrap();
    tour.client.automations().start(&flow).await.unwrap();
    flow
}

async fn contacts_move_through_automation_on_the_clock(mode: Mode) {
    let tour = Tour::in_mode(Seed::Empty, mode).await;
    let tag = tour.client.tags().create("Greeted").await.unwrap().uuid;
    let message = json!({"template": "Hi {{first_name}}!", "attachments": [], "template_uuid": null});
    let flow = running(
        &tour,
        &[
            ("util_timer", json!({"wait_time": 3600})),
            ("linkedin_send_message", message),
            ("gs_add_tag", json!({"tag_uuid": tag.as_str()})),
        ],
    )
    .await;
    let ada = tour.contact("ada").await;
    tour.ok("addLeadToFlow", async |c| c.automations().add_contact(&flow, &ada).await).await;
    let list = tour.client.lists().create("New").await.unwrap().uuid;
    let bo =
        NewContact { linkedin_id: Some("bo".into()), first_name: Some("Bo".into()), ..Default::default() };
    let add = async |c: &grinfi::Client| {
        c.automations().add_new_contact(&flow, &list, bo.clone()).skip_if_exists(true).await
    };
    assert!(matches!(tour.ok("addNewLeadToFlow", add).await, Enrolled::Added));
    assert!(!matches!(tour.ok("addNewLeadToFlow", add).await, Enrolled::Added));

    let metrics = async |c: &grinfi::Client| c.automations().metrics([&flow]).await;
    let before = &tour.ok("getFlowMetrics", metrics).await[&flow];
    assert_eq!((before.contacts_count, before.in_progress_contacts_count), (Some(2), Some(2)));
    tour.wait(3599);
    assert!(tour.sandbox.outbox().is_empty());
    tour.wait(1);
    let texts: Vec<String> = tour.sandbox.outbox().into_iter().map(|it| it.text).collect();
    assert_eq!(texts, ["Hi ada!", "Hi Bo!"]);
    tour.wait(2);
    let after = &tour.ok("getFlowMetrics", metrics).await[&flow];
    assert_eq!((after.finished_contacts_count, after.in_progress_contacts_count), (Some(2), Some(0)));
    let contact = tour.client.contacts().get(&ada).await.unwrap();
    assert_eq!(contact.tags.as_deref(), Some(std::slice::from_ref(&tag)));
    let closed = task::contact_uuid().eq(&ada);
    assert_eq!(tour.client.tasks().list().filter(closed).count().await.unwrap(), 3);
    let nodes = async |c: &grinfi::Client| c.automations().node_statistics(&flow, [1, 2]).await;
    let nodes = tour.ok("getFlowNodeStatistics", nodes).await;
    assert_eq!(nodes[&2].statuses["closed"], 2);
    let sources = async |c: &grinfi::Client| c.automations().contact_source_statistics(&flow, [1]).await;
    let sources = tour.ok("getFlowContactSourceStatistics", sources).await;
    assert_eq!(sources[&1]["statuses"]["finished"], 2);
    let theirs = enrollment::automation_uuid().eq(&flow);
    let page = tour
        .ok("listFlowLeads", async |c| c.automations().enrollments().filter(theirs.clone()).page().await)
        .await;
    assert_eq!(page.total, Some(2));

    // A canceled contact does not continue.
    let cy = tour.contact("cy").await;
    let dee = tour.contact("dee").await;
    tour.client.contacts().bulk(Selection::ids([&cy, &dee])).add_to_automation(&flow).await.unwrap();
    tour.ok("cancelLeadFromFlows", async |c| c.automations().cancel_contact(&cy, [&flow]).await).await;
    tour.ok("cancelLeadFromAllFlows", async |c| c.automations().cancel_contact_from_all(&dee).await).await;
    tour.wait(7200);
    assert_eq!(tour.sandbox.outbox().len(), 2);
    tour.ok("deleteFlowLeadHistory", async |c| c.automations().delete_contact_history(&ada).await).await;
    let matching = task::contact_uuid().eq(&ada);
    assert_eq!(tour.client.tasks().list().filter(matching).count().await.unwrap(), 0);

    tour.fails("addLeadToFlow", 404, async |c| c.automations().add_contact(&flow, UNKNOWN_UUID).await).await;
    let lost =
        async |c: &grinfi::Client| c.automations().add_new_contact(&flow, UNKNOWN_UUID, bo.clone()).await;
    assert!(tour.fails("addNewLeadToFlow", 422, lost).await.fields().contains_key("list_uuid"));
    tour.fails("cancelLeadFromFlows", 404, async |c| {
        c.automations().cancel_contact(UNKNOWN_UUID, [&flow]).await
    })
    .await;
    tour.fails("cancelLeadFromAllFlows", 404, async |c| {
        c.automations().cancel_contact_from_all(UNKNOWN_UUID).await
    })
    .await;
    tour.fails("deleteFlowLeadHistory", 404, async |c| {
        c.automations().delete_contact_history(UNKNOWN_UUID).await
    })
    .await;
    tour.fails("getFlowNodeStatistics", 404, async |c| {
        c.automations().node_statistics(UNKNOWN_UUID, [1]).await
    })
    .await;
    let nowhere =
        async |c: &grinfi::Client| c.automations().contact_source_statistics(UNKNOWN_UUID, [1]).await;
    tour.fails("getFlowContactSourceStatistics", 404, nowhere).await;
    tour.locked("getFlowMetrics", metrics).await;
    tour.locked("listFlowLeads", async |c| c.automations().enrollments().page().await).await;
    tour.done(&OPERATIONS[MAKING..]);
}

async fn manual_task_pauses_automation_until_completed(mode: Mode) {
    let tour = Tour::in_mode(Seed::Empty, mode).await;
    let message = json!({"template": "Called.", "attachments": [], "template_uuid": null});
    let flow =
        running(&tour, &[("phone_call_phone", json!({"note": "x"})), ("linkedin_send_message", message)])
            .await;
    let ada = tour.contact("ada").await;
    tour.client.automations().add_contact(&flow, &ada).await.unwrap();
    tour.wait(86_400);
    let open = task::contact_uuid().eq(&ada);
    let call = tour.client.tasks().list().filter(open).page().await.unwrap().data.remove(0);
    assert!(call.note.unwrap().contains("complete the task"));
    assert!(tour.sandbox.outbox().is_empty());
    tour.client.tasks().close(&call.uuid).await.unwrap();
    assert_eq!(tour.sandbox.outbox().len(), 1);
}

async fn stopped_automation_sends_nothing(mode: Mode) {
    let tour = Tour::in_mode(Seed::Empty, mode).await;
    let message = json!({"template": "Hi", "attachments": [], "template_uuid": null});
    let flow =
        running(&tour, &[("util_timer", json!({"wait_time": 60})), ("linkedin_send_message", message)]).await;
    let ada = tour.contact("ada").await;
    tour.client.automations().add_contact(&flow, &ada).await.unwrap();
    tour.client.automations().stop(&flow).await.unwrap();
    tour.wait(3600);
    assert!(tour.sandbox.outbox().is_empty());
    tour.client.automations().start(&flow).await.unwrap();
    assert_eq!(tour.sandbox.outbox().len(), 1);
    tour.wait(3600);
    assert_eq!(tour.sandbox.outbox().len(), 1);
}

async fn automation_messages_wait_for_working_hours(mode: Mode) {
    let tour = Tour::in_mode(Seed::Empty, mode).await;
    let message = json!({"template": "Hi", "attachments": [], "template_uuid": null});
    let flow = running(&tour, &[("linkedin_send_message", message)]).await;
    let hours = AutomationUpdate { schedule: Some(mornings()), ..Default::default() };
    tour.client.automations().update(&flow, &hours).await.unwrap();
    // A Tuesday afternoon; the task is scheduled for the next Monday, 09:00 in Berlin.
    let ada = tour.contact("ada").await;
    tour.client.automations().add_contact(&flow, &ada).await.unwrap();
    let open = task::contact_uuid().eq(&ada);
    let held = tour.client.tasks().list().filter(open).page().await.unwrap().data.remove(0);
    assert_eq!(held.schedule_at.unwrap().to_rfc3339(), "2026-02-09T08:00:00+00:00");
    tour.wait(24 * 3600);
    assert!(tour.sandbox.outbox().is_empty());
    // A new schedule applies at once, also to waiting tasks.
    let hours = AutomationUpdate { schedule: Some(at_any_time()), ..Default::default() };
    tour.client.automations().update(&flow, &hours).await.unwrap();
    assert_eq!(tour.sandbox.outbox().len(), 1);
}
