//! Automations, their versions and enrollments.

mod support;

use serde_json::{Value, json};
use support::{TestServer, UNKNOWN_UUID, uuid};

const FLOWS: &str = "/flows/api/flows";
const PLACES: &str = "/flows/api/flows-leads/list";

fn schedule() -> Value {
    json!({"timezone": "Europe/Berlin", "timeblocks": [{"dow": 1, "min": 540, "max": 1020}]})
}

fn version() -> Value {
    let time = "2026-02-03T15:55:04.000000Z";
    json!({
        "nodes": [{
            "id": 1, "type": "end", "before": [], "after": [], "automation": "auto", "payload": [],
            "created_at": time, "updated_at": time,
        }],
        "contact_sources": [{"id": 1, "after_id": 1}],
        "first_common_node_id": null,
    })
}

async fn a_flow(server: &TestServer) -> String {
    let body = json!({"name": "Outreach", "use_sender_schedule": false, "schedule": schedule()});
    let flow = server.post(FLOWS, body).await.expect(201);
    assert_eq!((flow["status"].as_str(), &flow["flow_version_uuid"]), (Some("draft"), &Value::Null));
    uuid(&flow)
}

#[tokio::test]
async fn automation_goes_from_draft_to_archive() {
    let server = TestServer::empty().await;
    let flow = a_flow(&server).await;
    let path = format!("{FLOWS}/{flow}");
    let to = async |action: &str| server.put(&format!("{FLOWS}/{flow}/{action}"), json!({})).await;
    to("start").await.expect_invalid(&["flow_version_uuid"]);
    let saved = server.post(&format!("{path}/flow-versions"), version()).await.expect(201);
    assert_eq!(saved["nodes"], version()["nodes"]);
    assert_eq!(server.get(&path).await.expect(200)["flow_version_uuid"], saved["uuid"]);
    for (action, status) in [("start", "on"), ("stop", "off"), ("archive", "archived"), ("unarchive", "off")]
    {
        assert_eq!(to(action).await.expect(200)["status"], status);
        assert_eq!(server.get(&path).await.expect(200)["status"], status);
    }
    let change = json!({"name": "Renamed", "status": "on", "description": "d"});
    let changed = server.put(&path, change).await.expect(200);
    let shown = (changed["name"].as_str(), changed["description"].as_str(), changed["status"].as_str());
    assert_eq!(shown, (Some("Renamed"), Some("d"), Some("off")));
    server.put(&path, json!({"name": ""})).await.expect_invalid(&["name"]);

    server.delete(&path).await.expect(204);
    server.get(&path).await.expect_not_found();
    server.delete(&path).await.expect_not_found();
    for action in ["start", "stop", "archive", "unarchive"] {
        to(action).await.expect_not_found();
    }
}

#[tokio::test]
async fn automation_needs_name_and_schedule() {
    let server = TestServer::empty().await;
    server.post(FLOWS, json!({})).await.expect_invalid(&["name", "use_sender_schedule", "schedule"]);
    let body = json!({"name": "x", "use_sender_schedule": true, "schedule": {"timezone": "UTC"}});
    server.post(FLOWS, body).await.expect_invalid(&["schedule.timeblocks"]);
}

#[tokio::test]
async fn lists_automations_by_status_and_name() {
    let server = TestServer::demo().await;
    let listed = server.get(&format!("{FLOWS}?filter[status]=on&filter[q]=WELCOME")).await.expect(200);
    assert_eq!((listed["total"].as_u64(), &listed["has_more"]), (Some(1), &json!(false)));
    let first = server.get(&format!("{FLOWS}?limit=1")).await.expect(200);
    assert_eq!((first["total"].as_u64(), &first["has_more"]), (Some(2), &json!(true)));
    assert_eq!(server.uuids(&format!("{FLOWS}?filter[status][]=on&filter[status][]=draft")).await.len(), 2);
    // A parameter without brackets is not a filter.
    assert_eq!(server.uuids(&format!("{FLOWS}?status=on")).await.len(), 2);
    server.get(&format!("{FLOWS}?filter[x]=1")).await.expect_error(500, "server_error", &[]);
    server.get(&format!("{FLOWS}?filter=on")).await.expect_invalid(&["filter"]);
}

#[tokio::test]
async fn demo_draft_can_be_started() {
    let server = TestServer::demo().await;
    let drafts = server.uuids(&format!("{FLOWS}?filter[status]=draft")).await;
    let started = server.put(&format!("{FLOWS}/{}/start", drafts[0]), json!({})).await.expect(200);
    assert_eq!(started["status"], "on");
}

#[tokio::test]
async fn rejects_incomplete_versions() {
    let server = TestServer::empty().await;
    let flow = a_flow(&server).await;
    let path = format!("{FLOWS}/{flow}/flow-versions");
    server
        .post(&path, json!({"nodes": [], "contact_sources": []}))
        .await
        .expect_invalid(&["nodes", "contact_sources"]);
    for part in ["id", "type", "before", "after", "created_at", "updated_at"] {
        let mut lacking = version();
        lacking["nodes"][0].as_object_mut().unwrap().remove(part);
        server.post(&path, lacking).await.expect_invalid(&[&format!("nodes.0.{part}")]);
    }
    let mut edge = version();
    edge["nodes"][0]["after"] = json!([{"node_id": 1}]);
    server.post(&path, edge).await.expect_invalid(&["nodes.0.after.0.branch_id"]);
    let mut dangling = version();
    dangling["nodes"][0]["after"] = json!([{"node_id": 2, "branch_id": 1}]);
    server.post(&path, dangling).await.expect_invalid(&["nodes.0.after.0.node_id"]);
    let mut twice = version();
    let node = twice["nodes"][0].clone();
    twice["nodes"].as_array_mut().unwrap().push(node);
    server.post(&path, twice).await.expect_invalid(&["nodes.1.id"]);
    server
        .post(&path, json!({"nodes": [1], "contact_sources": [1]}))
        .await
        .expect_invalid(&["nodes.0", "contact_sources.0"]);
    assert_eq!(server.get(&path).await.expect(200), json!([]));
    let first = server.post(&path, version()).await.expect(201);
    let second = server.post(&path, version()).await.expect(201);
    assert_eq!(server.get(&path).await.expect(200), json!([second, first]));
    server.post(&format!("{FLOWS}/{UNKNOWN_UUID}/flow-versions"), version()).await.expect_not_found();
    server.get(&format!("{FLOWS}/{UNKNOWN_UUID}/flow-versions")).await.expect_not_found();
}

#[tokio::test]
async fn contacts_enroll_and_leave() {
    let server = TestServer::demo().await;
    let flow = a_flow(&server).await;
    let lead = uuid(&server.newest_contact().await);
    let places = |status: &str| {
        server.post(PLACES, json!({"filter": {"flow_uuid": [flow], "lead_uuid": [lead], "status": [status]}}))
    };
    let add = format!("{FLOWS}/{flow}/leads/{lead}");
    for _ in 0..2 {
        server.post(&add, json!({})).await.expect(204);
    }
    let active = places("in_progress").await.expect(200);
    assert_eq!((active["total"].as_u64(), &active["has_more"]), (Some(1), &json!(false)));
    let place = active["data"][0].as_object().unwrap();
    let names: Vec<&str> = place.keys().map(String::as_str).collect();
    assert_eq!(names, ["uuid", "flow_uuid", "lead_uuid", "status", "created_at", "updated_at"]);
    let shown = server.get(&format!("/leads/api/leads/{lead}")).await.expect(200);
    assert_eq!(shown["flows"][0]["flow_uuid"], json!(flow));

    let cancel = format!("{FLOWS}/leads/{lead}/cancel");
    server.put(&cancel, json!({})).await.expect_invalid(&["flow_uuids"]);
    server.put(&cancel, json!({"flow_uuids": [UNKNOWN_UUID]})).await.expect(204);
    assert_eq!(places("in_progress").await.expect(200)["total"], 1);
    server.put(&cancel, json!({"flow_uuids": [flow]})).await.expect(204);
    assert_eq!(places("canceled").await.expect(200)["total"], 1);
    server.post(&add, json!({})).await.expect(204);
    server.put(&format!("{FLOWS}/leads/{lead}/cancel-all"), json!({})).await.expect(204);
    assert_eq!(places("canceled").await.expect(200)["total"], 2);

    server.delete(&format!("/leads/api/leads/{lead}")).await.expect(204);
    assert_eq!(places("canceled").await.expect(200)["total"], 0);
    server.post(&add, json!({})).await.expect_not_found();
    let stranger = format!("{FLOWS}/{UNKNOWN_UUID}/leads/{lead}");
    server.post(&stranger, json!({})).await.expect_not_found();
    server.put(&format!("{FLOWS}/leads/{UNKNOWN_UUID}/cancel-all"), json!({})).await.expect_not_found();
    server.post(PLACES, json!({"filter": {"team_id": 134}})).await.expect_error(500, "server_error", &[]);
}

#[tokio::test]
async fn new_contact_is_enrolled_unless_existing_is_skipped() {
    let server = TestServer::empty().await;
    let (flow, list) = (a_flow(&server).await, server.create_list().await);
    let path = format!("{FLOWS}/{flow}/add-new-lead");
    let body = json!({"lead": {"linkedin_id": "ada", "first_name": "Ada"}, "list_uuid": list});
    server.post(&path, body.clone()).await.expect(204);
    let mut again = body.clone();
    again["skip_if_lead_exists"] = json!(true);
    again["lead"]["first_name"] = json!("Eda");
    assert_eq!(server.post(&path, again.clone()).await.expect(200), json!({"reason": "skipped"}));
    assert_eq!(server.newest_contact().await["first_name"], "Ada");
    again["skip_if_lead_exists"] = json!(false);
    server.post(&path, again).await.expect(204);
    assert_eq!(server.newest_contact().await["first_name"], "Eda");
    assert_eq!(server.post(PLACES, json!({})).await.expect(200)["total"], 1);
    server.post(&path, json!({})).await.expect_invalid(&["lead.linkedin_id", "list_uuid"]);
    server.post(&format!("{FLOWS}/{UNKNOWN_UUID}/add-new-lead"), body).await.expect_not_found();
}
