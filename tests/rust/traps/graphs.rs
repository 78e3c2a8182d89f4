//! Invalid graphs of automations are rejected before they are saved.

use grinfi::{
    Client,
    models::{AutomationNode, ContactSource},
};
use serde_json::{Value, from_value, json};

use crate::support::{
    client,
    conversation::refused,
    fault_server::{FaultServer, Response},
};

/// A step as `(id, type, [(next, branch)])`.
type Step<'a> = (i64, &'a str, &'a [(i64, i64)]);

/// Steps with the links on both sides.
fn graph(steps: &[Step<'_>]) -> Vec<AutomationNode> {
    let before = |id: i64| -> Vec<Value> {
        let links = steps.iter().flat_map(|(from, _, after)| after.iter().map(move |link| (from, link)));
        links
            .filter(|(_, (to, _))| *to == id)
            .map(|(from, (_, branch))| json!({"node_id": from, "branch_id": branch}))
            .collect()
    };
    let node = |(id, kind, after): &Step<'_>| {
        let after: Vec<Value> =
            after.iter().map(|(to, branch)| json!({"node_id": to, "branch_id": branch})).collect();
        from_value(json!({"id": id, "type": kind, "before": before(*id), "after": after})).unwrap()
    };
    steps.iter().map(node).collect()
}

async fn save(client: Client, nodes: Vec<AutomationNode>, meeting: Option<i64>) -> grinfi::Result<()> {
    let source: ContactSource = from_value(json!({"id": 1, "after_id": 1})).unwrap();
    let save = client.automation_versions().save("f-1", nodes, [source]);
    match meeting {
        Some(step) => save.first_common_node(step).await.map(drop),
        None => save.await.map(drop),
    }
}

#[tokio::test]
async fn rejects_branch_with_no_or_two_next_steps() {
    let trigger = "trigger_message_replied";
    for (steps, field) in [
        // A branch without an end step.
        (&[(1, "linkedin_visit_profile", &[][..])][..], "nodes[0].after"),
        (&[(1, "gs_add_tag", &[(2, 1)]), (2, "gs_remove_tag", &[])], "nodes[1].after"),
        // A step after the end step.
        (&[(1, "end", &[(2, 1)]), (2, "end", &[])], "nodes[0].after"),
        // A missing or duplicate branch.
        (&[(1, trigger, &[(2, 1)]), (2, "end", &[])], "nodes[0].after"),
        (&[(1, "rule_filter", &[(2, 1), (3, 2)]), (2, "end", &[]), (3, "end", &[])], "nodes[0].after"),
        (&[(1, "rule_ab_test", &[(2, 1), (3, 1)]), (2, "end", &[]), (3, "end", &[])], "nodes[0].after"),
        (&[(1, "email_search_waterflow", &[(2, 2)]), (2, "end", &[])], "nodes[0].after"),
        // A step with a single branch.
        (&[(1, "linkedin_visit_profile", &[(2, 2)]), (2, "end", &[])], "nodes[0].after"),
        (&[(1, "email_send_message", &[(2, 1), (3, 2)]), (2, "end", &[]), (3, "end", &[])], "nodes[0].after"),
        // Branches that merge without a first common node.
        (
            &[(1, trigger, &[(2, 1), (3, 2)]), (2, "gs_add_tag", &[(3, 1)]), (3, "end", &[])],
            "first_common_node_id",
        ),
    ] {
        assert_eq!(refused(async |c| save(c, graph(steps), None).await).await, field, "{steps:?}");
    }
}

#[tokio::test]
async fn saves_connected_graph() {
    let trigger = "trigger_linkedin_connection_request_accepted";
    let apart: &[Step<'_>] = &[(1, trigger, &[(2, 1), (3, 2)]), (2, "end", &[]), (3, "end", &[])];
    let together: &[Step<'_>] =
        &[(1, "rule_filter", &[(2, 1), (3, 0)]), (2, "linkedin_send_message", &[(3, 1)]), (3, "end", &[])];
    // Unknown step types are left to the API.
    let new: &[Step<'_>] = &[(1, "gs_dance", &[(2, 7), (3, 8)]), (2, "end", &[]), (3, "end", &[])];
    for (steps, meeting) in [(apart, None), (together, Some(3)), (new, None)] {
        let server = FaultServer::start([Response::json(201, "{}")]).await;
        save(client(&server.base_url), graph(steps), meeting).await.unwrap();
        assert_eq!(server.arrived().len(), 1);
    }
}
