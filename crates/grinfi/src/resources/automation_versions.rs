//! The versions of automations: the graph of steps and where its contacts come from.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::IntoFuture,
};

use chrono::Utc;
use grinfi_raw::{
    Nullable,
    ids::{AutomationId, AutomationVersionId},
    types::{CreateFlowVersionBody, ValidateContactSourceBody},
};
use serde_json::{Map, Value};

use crate::{
    client::Client,
    error::{Error, Result},
    models::{AutomationNode, AutomationVersion, ContactSource},
    page::BoxFuture,
    resources::{macros::handle, untyped_response, validate},
    search::Unpaged,
};

handle! {
    /// The versions of automations: the graph of steps, and where its contacts come from.
    ///
    /// An automation in three calls; a started one sends, in the name of its sender profiles:
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let sender = client.sender_profiles().list().page().await?.data.remove(0).uuid;
    /// use grinfi::models::{AutomationNode, ContactSource, Schedule};
    /// use serde_json::{from_value, json};
    ///
    /// let mornings: Schedule = from_value(json!({"timezone": "Europe/Berlin",
    ///     "timeblocks": [{"dow": 1, "min": 540, "max": 720}]}))?;
    /// let automation = client.automations().create("Autumn fair", mornings).await?.uuid;
    ///
    /// let nodes: Vec<AutomationNode> = from_value(json!([
    ///     {"id": 2, "type": "linkedin_visit_profile", "payload": [],
    ///      "before": [], "after": [{"node_id": 1, "branch_id": 1}]},
    ///     {"id": 1, "type": "end", "payload": [],
    ///      "before": [{"node_id": 2, "branch_id": 1}], "after": []},
    /// ]))?;
    /// let source: ContactSource =
    ///     from_value(json!({"id": 1, "after_id": 2, "rotation_strategy": "fair", "sender_profiles": [sender]}))?;
    /// client.automation_versions().save(&automation, nodes, [source]).await?;
    /// client.automations().start(&automation).await?;
    /// assert_eq!(client.automation_versions().list(&automation).await?.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    AutomationVersions
}

impl Client {
    /// The versions of automations.
    #[must_use]
    pub fn automation_versions(&self) -> AutomationVersions {
        AutomationVersions::new(self.clone())
    }
}

impl AutomationVersions {
    /// All versions of an automation (`listFlowVersions`); they come at once, without pages.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is no such automation.
    pub fn list(&self, automation_uuid: impl Into<AutomationId>) -> Unpaged<AutomationVersion> {
        let automation = automation_uuid.into();
        let request = validate::id("automation_uuid", &automation)
            .and_then(|()| self.client.operation("listFlowVersions", &[("flowUuid", automation.as_str())]));
        Unpaged::new(&self.client, request, move |client| {
            let automation = automation.clone();
            Box::pin(async move { client.call(client.raw().list_flow_versions(automation.as_str())).await })
        })
    }

    /// Gets a version (`getFlowVersion`). Its form is not described, so it comes as JSON; an empty payload of a step comes as
    /// `[]`.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn get(&self, uuid: impl Into<AutomationVersionId>) -> Result<Map<String, Value>> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_flow_version(uuid.as_str())).await
    }

    /// Saves a new version of an automation (`createFlowVersion`). The description leaves the answer open; it is handed on as
    /// it came.
    ///
    /// What saving requires and nobody cares for is filled in: `created_at` and `updated_at` with now, `automation` with its
    /// only value. And what would be refused, or run but not open in the web editor, is told beforehand: no steps or no
    /// sources, a number given twice, a link to a step that is not there or that only one side knows of, a branch that leads to
    /// two steps, does not end in an `end` step, or is missing (1 and 0 of `rule_filter`, 1 and 2 of an A/B test, of triggers
    /// and of the search for an email), a source without its entry step, branches that meet again where none is named as
    /// [`first_common_node`](SaveVersion::first_common_node), A/B shares that do not sum to 100.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for these, naming the step; [`Error::is_validation`] for what the API finds besides;
    /// [`Error::is_unknown_outcome`] if the answer was lost.
    pub fn save(
        &self,
        automation_uuid: impl Into<AutomationId>,
        nodes: impl IntoIterator<Item = AutomationNode>,
        contact_sources: impl IntoIterator<Item = ContactSource>,
    ) -> SaveVersion {
        let (nodes, contact_sources) = (nodes.into_iter().collect(), contact_sources.into_iter().collect());
        let mut body = CreateFlowVersionBody::new(contact_sources, nodes);
        body.first_common_node_id = Some(Nullable::Null);
        SaveVersion { client: self.client.clone(), automation: automation_uuid.into(), body }
    }

    /// Deletes a version (`deleteFlowVersion`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn delete(&self, uuid: impl Into<AutomationVersionId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().delete_flow_version(uuid.as_str())).await
    }

    /// Has the API check one step without saving it (`validateFlowNode`).
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`] with what is wrong, if it is not valid.
    pub async fn validate_node(&self, node: &AutomationNode) -> Result<()> {
        validate::text("node.type", &node.type_)?;
        self.client.call(self.client.raw().validate_flow_node(node)).await
    }

    /// Has the API check one source of contacts without saving it (`validateContactSource`): its number, its type such as
    /// `manual`, and the options of the type.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`] with what is wrong, if it is not valid.
    pub async fn validate_contact_source(
        &self,
        id: i64,
        kind: &str,
        options: Map<String, Value>,
    ) -> Result<()> {
        validate::text("kind", kind)?;
        let mut body = ValidateContactSourceBody::new(id);
        body.type_ = Some(kind.to_owned());
        body.options = options;
        untyped_response::done(&self.client, self.client.raw().validate_contact_source(&body)).await
    }
}

/// A version about to be saved, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct SaveVersion {
    client: Client,
    automation: AutomationId,
    body: CreateFlowVersionBody,
}

impl SaveVersion {
    /// Names the step where the branches meet again. Without it the graph counts as linear.
    pub fn first_common_node(mut self, id: i64) -> Self {
        self.body.first_common_node_id = Some(Nullable::Value(id));
        self
    }
}

impl IntoFuture for SaveVersion {
    type Output = Result<Option<Value>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::id("automation_uuid", &self.automation)?;
            check_graph(&self.body)?;
            let now = Utc::now();
            for node in &mut self.body.nodes {
                node.automation.get_or_insert_with(|| "auto".to_owned());
                node.created_at.get_or_insert(now);
                node.updated_at.get_or_insert(now);
            }
            let call = self.client.raw().create_flow_version(self.automation.as_str(), &self.body);
            untyped_response::json(&self.client, call).await
        })
    }
}

/// Checks that the steps hang together.
fn check_graph(body: &CreateFlowVersionBody) -> Result<()> {
    if body.nodes.is_empty() {
        return Err(Error::input("nodes", "there are none"));
    }
    if body.contact_sources.is_empty() {
        return Err(Error::input("contact_sources", "there are none"));
    }
    let mut nodes: BTreeMap<i64, &AutomationNode> = BTreeMap::new();
    for (index, node) in body.nodes.iter().enumerate() {
        validate::text(&format!("nodes[{index}].type"), &node.type_)?;
        if nodes.insert(node.id, node).is_some() {
            return Err(Error::input(format!("nodes[{index}].id"), format!("{} is taken twice", node.id)));
        }
    }
    for (index, node) in body.nodes.iter().enumerate() {
        for (side, edges) in [("before", &node.before), ("after", &node.after)] {
            for edge in edges {
                let field = format!("nodes[{index}].{side}");
                let Some(other) = nodes.get(&edge.node_id) else {
                    return Err(Error::input(field, format!("there is no step {}", edge.node_id)));
                };
                let back = if side == "before" { &other.after } else { &other.before };
                if !back.iter().any(|back| back.node_id == node.id && back.branch_id == edge.branch_id) {
                    let message = format!(
                        "step {} does not know of this link by branch {}; links stand on both sides",
                        edge.node_id, edge.branch_id
                    );
                    return Err(Error::input(field, message));
                }
            }
        }
        if node.type_ == "rule_ab_test" {
            check_shares(index, node)?;
        }
        check_branches(index, node)?;
    }
    let meeting = body.nodes.iter().find(|node| node.before.len() > 1);
    if let (Some(meeting), None | Some(Nullable::Null)) = (meeting, &body.first_common_node_id) {
        let message = format!("branches meet again at step {}, and it has to name where they do", meeting.id);
        return Err(Error::input("first_common_node_id", message));
    }
    let mut sources = BTreeSet::new();
    for (index, source) in body.contact_sources.iter().enumerate() {
        let field = |name: &str| format!("contact_sources[{index}].{name}");
        if let Some(id) = source.id.filter(|id| !sources.insert(*id)) {
            return Err(Error::input(field("id"), format!("{id} is taken twice")));
        }
        match source.after_id {
            Some(Nullable::Value(id)) if nodes.contains_key(&id) => {}
            Some(Nullable::Value(id)) => {
                return Err(Error::input(field("after_id"), format!("there is no step {id}")));
            }
            _ => return Err(Error::input(field("after_id"), "it names the step that contacts enter at")),
        }
        for profile in &source.sender_profiles {
            validate::id(&field("sender_profiles"), profile)?;
        }
    }
    match body.first_common_node_id {
        Some(Nullable::Value(id)) if !nodes.contains_key(&id) => {
            Err(Error::input("first_common_node_id", format!("there is no step {id}")))
        }
        _ => Ok(()),
    }
}

/// The branches that a step of a type must have; `None` where that is up to its payload or not known.
fn required_branches(kind: &str) -> Option<&'static [i64]> {
    match kind {
        "rule_filter" => Some(&[1, 0]),
        "rule_ab_test" | "email_search_waterflow" => Some(&[1, 2]),
        trigger if trigger.starts_with("trigger_") => Some(&[1, 2]),
        _ => None,
    }
}

/// Checks that each branch of a step leads somewhere, to one step, and ends in an `end` step.
fn check_branches(index: usize, node: &AutomationNode) -> Result<()> {
    let refused = |message: String| Err(Error::input(format!("nodes[{index}].after"), message));
    if node.type_ == "end" {
        return if node.after.is_empty() {
            Ok(())
        } else {
            refused("nothing comes after the end".to_owned())
        };
    }
    if node.after.is_empty() {
        return refused("a branch ends here, and has to end in an `end` step".to_owned());
    }
    let mut branches = BTreeSet::new();
    if let Some(edge) = node.after.iter().find(|edge| !branches.insert(edge.branch_id)) {
        return refused(format!("branch {} leads to two steps", edge.branch_id));
    }
    match required_branches(&node.type_) {
        Some(required) => match required.iter().find(|branch| !branches.contains(branch)) {
            Some(missing) => refused(format!("branch {missing} of `{}` leads nowhere", node.type_)),
            None => Ok(()),
        },
        None if is_linear(&node.type_) && branches != BTreeSet::from([1]) => {
            refused(format!("`{}` does not branch, and goes on by branch 1", node.type_))
        }
        None => Ok(()),
    }
}

/// Whether a step of a type is known to go on in one way only.
fn is_linear(kind: &str) -> bool {
    matches!(
        kind,
        "linkedin_send_connection_request"
            | "linkedin_send_message"
            | "linkedin_send_inmail"
            | "linkedin_visit_profile"
            | "linkedin_like_latest_post"
            | "linkedin_comment_latest_post"
            | "linkedin_endorse_skills"
            | "linkedin_withdraw_connection_request"
            | "email_send_message"
            | "util_timer"
            | "gs_add_tag"
            | "gs_remove_tag"
            | "gs_change_list"
            | "gs_change_pipeline_stage"
            | "gs_change_sender_profile"
    )
}

/// Checks that the shares of an A/B test sum to 100, as far as they are numbers.
fn check_shares(index: usize, node: &AutomationNode) -> Result<()> {
    let branches =
        node.payload.as_ref().and_then(|payload| payload.get("branches")).and_then(Value::as_array);
    let shares: Option<Vec<f64>> = branches
        .map(|branches| branches.iter().map(|branch| branch.get("value").and_then(Value::as_f64)).collect())
        .unwrap_or_default();
    match shares {
        Some(shares) if (shares.iter().sum::<f64>() - 100.0).abs() > 1e-6 => {
            let field = format!("nodes[{index}].payload.branches");
            Err(Error::input(field, format!("the values sum to {}, not 100", shares.iter().sum::<f64>())))
        }
        _ => Ok(()),
    }
}
