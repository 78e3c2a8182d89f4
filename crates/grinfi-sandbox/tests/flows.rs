//! Flows, their versions and the contacts in them.

mod support;

use serde_json::{Value, json};
use support::{NOBODY, World, uuid};

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

async fn a_flow(world: &World) -> String {
    let body = json!({"name": "Outreach", "use_sender_schedule": false, "schedule": schedule()});
    let flow = world.post(FLOWS, body).await.expect(201);
    assert_eq!((flow["status"].as_str(), &flow["flow_version_uuid"]), (Some("draft"), &Value::Null));
    uuid(&flow)
}

#[tokio::test]
async fn a_flow_goes_from_draft_to_archive() {
    let world = World::empty().await;
    let flow = a_flow(&world).await;
    let path = format!("{FLOWS}/{flow}");
    let to = async |verb: &str| world.put(&format!("{FLOWS}/{flow}/{verb}"), json!({})).await;
    to("start").await.invalid(&["flow_version_uuid"]);
    let saved = world.post(&format!("{path}/flow-versions"), version()).await.expect(201);
    assert_eq!(saved["nodes"], version()["nodes"]);
    assert_eq!(world.get(&path).await.expect(200)["flow_version_uuid"], saved["uuid"]);
    for (verb, status) in [("start", "on"), ("stop", "off"), ("archive", "archived"), ("unarchive", "off")] {
        assert_eq!(to(verb).await.expect(200)["status"], status);
        assert_eq!(world.get(&path).await.expect(200)["status"], status);
    }
    let change = json!({"name": "Renamed", "status": "on", "description": "d"});
    let changed = world.put(&path, change).await.expect(200);
    let shown = (changed["name"].as_str(), changed["description"].as_str(), changed["status"].as_str());
    assert_eq!(shown, (Some("Renamed"), Some("d"), Some("off")));
    world.put(&path, json!({"name": ""})).await.invalid(&["name"]);

    world.delete(&path).await.expect(204);
    world.get(&path).await.missing();
    world.delete(&path).await.missing();
    for verb in ["start", "stop", "archive", "unarchive"] {
        to(verb).await.missing();
    }
}

#[tokio::test]
async fn flows_need_a_name_and_a_schedule() {
    let world = World::empty().await;
    world.post(FLOWS, json!({})).await.invalid(&["name", "use_sender_schedule", "schedule"]);
    let body = json!({"name": "x", "use_sender_schedule": true, "schedule": {"timezone": "UTC"}});
    world.post(FLOWS, body).await.invalid(&["schedule.timeblocks"]);
}

#[tokio::test]
async fn flows_are_listed_by_status_and_name() {
    let world = World::demo().await;
    let listed = world.get(&format!("{FLOWS}?filter[status]=on&filter[q]=WELCOME")).await.expect(200);
    assert_eq!((listed["total"].as_u64(), &listed["has_more"]), (Some(1), &json!(false)));
    let first = world.get(&format!("{FLOWS}?limit=1")).await.expect(200);
    assert_eq!((first["total"].as_u64(), &first["has_more"]), (Some(2), &json!(true)));
    assert_eq!(world.uuids(&format!("{FLOWS}?filter[status][]=on&filter[status][]=draft")).await.len(), 2);
    // A flat parameter is no filter.
    assert_eq!(world.uuids(&format!("{FLOWS}?status=on")).await.len(), 2);
    world.get(&format!("{FLOWS}?filter[x]=1")).await.refuses(500, "server_error", &[]);
    world.get(&format!("{FLOWS}?filter=on")).await.invalid(&["filter"]);
}

#[tokio::test]
async fn the_drafted_flow_of_the_demo_can_be_started() {
    let world = World::demo().await;
    let drafts = world.uuids(&format!("{FLOWS}?filter[status]=draft")).await;
    let started = world.put(&format!("{FLOWS}/{}/start", drafts[0]), json!({})).await.expect(200);
    assert_eq!(started["status"], "on");
}

#[tokio::test]
async fn versions_must_be_whole() {
    let world = World::empty().await;
    let flow = a_flow(&world).await;
    let path = format!("{FLOWS}/{flow}/flow-versions");
    world
        .post(&path, json!({"nodes": [], "contact_sources": []}))
        .await
        .invalid(&["nodes", "contact_sources"]);
    for part in ["id", "type", "before", "after", "created_at", "updated_at"] {
        let mut lacking = version();
        lacking["nodes"][0].as_object_mut().unwrap().remove(part);
        world.post(&path, lacking).await.invalid(&[&format!("nodes.0.{part}")]);
    }
    let mut edge = version();
    edge["nodes"][0]["after"] = json!([{"node_id": 1}]);
    world.post(&path, edge).await.invalid(&["nodes.0.after.0.branch_id"]);
    let mut dangling = version();
    dangling["nodes"][0]["after"] = json!([{"node_id": 2, "branch_id": 1}]);
    world.post(&path, dangling).await.invalid(&["nodes.0.after.0.node_id"]);
    let mut twice = version();
    let node = twice["nodes"][0].clone();
    twice["nodes"].as_array_mut().unwrap().push(node);
    world.post(&path, twice).await.invalid(&["nodes.1.id"]);
    world
        .post(&path, json!({"nodes": [1], "contact_sources": [1]}))
        .await
        .invalid(&["nodes.0", "contact_sources.0"]);
    assert_eq!(world.get(&path).await.expect(200), json!([]));
    let first = world.post(&path, version()).await.expect(201);
    let second = world.post(&path, version()).await.expect(201);
    assert_eq!(world.get(&path).await.expect(200), json!([second, first]));
    world.post(&format!("{FLOWS}/{NOBODY}/flow-versions"), version()).await.missing();
    world.get(&format!("{FLOWS}/{NOBODY}/flow-versions")).await.missing();
}

#[tokio::test]
async fn contacts_enter_and_leave_flows() {
    let world = World::demo().await;
    let flow = a_flow(&world).await;
    let lead = uuid(&world.a_contact().await);
    let places = |status: &str| {
        world.post(PLACES, json!({"filter": {"flow_uuid": [flow], "lead_uuid": [lead], "status": [status]}}))
    };
    let add = format!("{FLOWS}/{flow}/leads/{lead}");
    for _ in 0..2 {
        world.post(&add, json!({})).await.expect(204);
    }
    let active = places("in_progress").await.expect(200);
    assert_eq!((active["total"].as_u64(), &active["has_more"]), (Some(1), &json!(false)));
    let place = active["data"][0].as_object().unwrap();
    let names: Vec<&str> = place.keys().map(String::as_str).collect();
    assert_eq!(names, ["uuid", "flow_uuid", "lead_uuid", "status", "created_at", "updated_at"]);
    let shown = world.get(&format!("/leads/api/leads/{lead}")).await.expect(200);
    assert_eq!(shown["flows"][0]["flow_uuid"], json!(flow));

    let cancel = format!("{FLOWS}/leads/{lead}/cancel");
    world.put(&cancel, json!({})).await.invalid(&["flow_uuids"]);
    world.put(&cancel, json!({"flow_uuids": [NOBODY]})).await.expect(204);
    assert_eq!(places("in_progress").await.expect(200)["total"], 1);
    world.put(&cancel, json!({"flow_uuids": [flow]})).await.expect(204);
    assert_eq!(places("canceled").await.expect(200)["total"], 1);
    world.post(&add, json!({})).await.expect(204);
    world.put(&format!("{FLOWS}/leads/{lead}/cancel-all"), json!({})).await.expect(204);
    assert_eq!(places("canceled").await.expect(200)["total"], 2);

    world.delete(&format!("/leads/api/leads/{lead}")).await.expect(204);
    assert_eq!(places("canceled").await.expect(200)["total"], 0);
    world.post(&add, json!({})).await.missing();
    let stranger = format!("{FLOWS}/{NOBODY}/leads/{lead}");
    world.post(&stranger, json!({})).await.missing();
    world.put(&format!("{FLOWS}/leads/{NOBODY}/cancel-all"), json!({})).await.missing();
    world.post(PLACES, json!({"filter": {"team_id": 134}})).await.refuses(500, "server_error", &[]);
}

#[tokio::test]
async fn a_new_contact_enters_a_flow_unless_it_is_there_and_skipped() {
    let world = World::empty().await;
    let (flow, list) = (a_flow(&world).await, world.a_list().await);
    let path = format!("{FLOWS}/{flow}/add-new-lead");
    let body = json!({"lead": {"linkedin_id": "ada", "first_name": "Ada"}, "list_uuid": list});
    world.post(&path, body.clone()).await.expect(204);
    let mut again = body.clone();
    again["skip_if_lead_exists"] = json!(true);
    again["lead"]["first_name"] = json!("Eda");
    assert_eq!(world.post(&path, again.clone()).await.expect(200), json!({"reason": "skipped"}));
    assert_eq!(world.a_contact().await["first_name"], "Ada");
    again["skip_if_lead_exists"] = json!(false);
    world.post(&path, again).await.expect(204);
    assert_eq!(world.a_contact().await["first_name"], "Eda");
    assert_eq!(world.post(PLACES, json!({})).await.expect(200)["total"], 1);
    world.post(&path, json!({})).await.invalid(&["lead.linkedin_id", "list_uuid"]);
    world.post(&format!("{FLOWS}/{NOBODY}/add-new-lead"), body).await.missing();
}
