use grinfi::models::{AutomationNode, ContactSource};
use serde_json::{Value, from_value, json};

use crate::support::{
    client,
    conversation::{Conversation, failing, refused},
    fault_server::{FaultServer, Response},
};

const THEN: &str = "2026-07-05T10:00:00.000000Z";

/// A graph of a visit and an end step.
fn graph() -> Value {
    json!([
        {"id": 2, "type": "linkedin_visit_profile", "payload": [], "before": [],
         "after": [{"node_id": 1, "branch_id": 1}], "created_at": THEN, "updated_at": THEN},
        {"id": 1, "type": "end", "payload": [], "before": [{"node_id": 2, "branch_id": 1}], "after": [],
         "created_at": THEN, "updated_at": THEN},
    ])
}

fn nodes(graph: Value) -> Vec<AutomationNode> {
    from_value(graph).unwrap()
}

fn source(value: Value) -> ContactSource {
    from_value(value).unwrap()
}

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let versions = talk.call("listFlowVersions", async |c| c.automation_versions().list("f-1").await).await;
    assert_eq!(versions.len(), 1);
    talk.call("createFlowVersion", async |c| {
        let save =
            c.automation_versions().save("f-1", nodes(graph()), [source(json!({"id": 1, "after_id": 2}))]);
        assert_eq!(save.await?, None);
        Ok(())
    })
    .await;
    let version = talk
        .answered("getFlowVersion", Response::json(200, r#"{"uuid": "v-1", "nodes": []}"#), async |c| {
            c.automation_versions().get("v-1").await
        })
        .await;
    assert_eq!(version["uuid"], "v-1");
    talk.call("deleteFlowVersion", async |c| c.automation_versions().delete("v-1").await).await;
    talk.call("validateFlowNode", async |c| c.automation_versions().validate_node(&nodes(graph())[0]).await)
        .await;
    talk.call("validateContactSource", async |c| {
        let options = json!({"a": 1}).as_object().unwrap().clone();
        c.automation_versions().validate_contact_source(1, "manual", options).await
    })
    .await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn fills_in_required_fields_of_versions() {
    let mut bare = graph();
    for node in bare.as_array_mut().unwrap() {
        node.as_object_mut().unwrap().retain(|name, _| !name.ends_with("_at"));
    }
    let server = FaultServer::start([Response::json(201, r#"{"uuid": "v-2"}"#)]).await;
    let saved = client(&server.base_url)
        .automation_versions()
        .save("f-1", nodes(bare), [source(json!({"id": 1, "after_id": 2}))])
        .first_common_node(1)
        .await
        .unwrap();
    assert_eq!(saved, Some(json!({"uuid": "v-2"})));
    let sent: Value = serde_json::from_slice(&server.arrived()[0].body).unwrap();
    assert_eq!(sent["first_common_node_id"], 1);
    for node in sent["nodes"].as_array().unwrap() {
        assert_eq!(node["automation"], "auto");
        assert!(node["created_at"].is_string() && node["updated_at"].is_string());
        assert!(node["before"].is_array() && node["after"].is_array());
    }
}

async fn refused_graph(graph: Value, source_: Value) -> String {
    refused(async |c| c.automation_versions().save("f-1", nodes(graph), [source(source_)]).await).await
}

#[tokio::test]
async fn rejects_disconnected_graph() {
    let entry = json!({"id": 1, "after_id": 2});
    assert_eq!(refused_graph(json!([]), entry.clone()).await, "nodes");
    let none: [ContactSource; 0] = [];
    assert_eq!(
        refused(async |c| c.automation_versions().save("f-1", nodes(graph()), none).await).await,
        "contact_sources"
    );
    assert_eq!(refused_graph(graph(), json!({"id": 1})).await, "contact_sources[0].after_id");
    assert_eq!(refused_graph(graph(), json!({"id": 1, "after_id": 9})).await, "contact_sources[0].after_id");

    let mut twice = graph();
    twice[1]["id"] = json!(2);
    assert_eq!(refused_graph(twice, entry.clone()).await, "nodes[1].id");
    let mut dangling = graph();
    dangling[0]["after"][0]["node_id"] = json!(9);
    assert_eq!(refused_graph(dangling, entry.clone()).await, "nodes[0].after");
    let mut one_sided = graph();
    one_sided[1]["before"] = json!([]);
    assert_eq!(refused_graph(one_sided, entry.clone()).await, "nodes[0].after");
    let mut shares = graph();
    shares[0]["type"] = json!("rule_ab_test");
    shares[0]["payload"] =
        json!({"branches": [{"value": 50, "branch_id": 1}, {"value": 40, "branch_id": 2}]});
    assert_eq!(refused_graph(shares, entry.clone()).await, "nodes[0].payload.branches");
    let astray = async |c: grinfi::Client| {
        let save =
            c.automation_versions().save("f-1", nodes(graph()), [source(json!({"id": 1, "after_id": 2}))]);
        save.first_common_node(9).await
    };
    assert_eq!(refused(astray).await, "first_common_node_id");
}

#[tokio::test]
async fn maps_documented_errors() {
    let node = &nodes(graph())[0];
    assert!(failing(422, async |c| c.automation_versions().validate_node(node).await).await.is_validation());
    assert!(failing(404, async |c| c.automation_versions().get("v-1").await).await.is_not_found());
}
