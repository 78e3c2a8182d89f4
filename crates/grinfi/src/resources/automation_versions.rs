//! Versions of automations: the graph of steps and the sources of contacts.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::IntoFuture,
};

use chrono::Utc;
use grinfi_raw::{
    Nullable,
    ids::{AutomationId, AutomationVersionId},
    types::{CreateAutomationVersionBody, ValidateContactSourceBody},
};
use serde_json::{Map, Value};

use crate::{
    call::Call,
    client::Client,
    error::{Error, Result},
    models::{AutomationNode, AutomationVersion, ContactSource},
    page::BoxFuture,
    resources::{macros::handle, validate},
    search::Unpaged,
};

handle! {
    /// Versions of automations: the graph of steps and the sources of contacts.
    ///
    /// An automation in three calls. Once started, it sends messages from its sender profiles:
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
    /// Versions of automations.
    #[must_use]
    pub fn automation_versions(&self) -> AutomationVersions {
        AutomationVersions::new(self.clone())
    }
}

impl AutomationVersions {
    /// Lists all versions of an automation (`listFlowVersions`), without pages.
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

    /// Gets a version (`getFlowVersion`). Its format is not described, so it is returned as JSON; an empty payload of a
    /// step is `[]`.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn get(&self, uuid: impl Into<AutomationVersionId>) -> Call<Map<String, Value>> {
        self.client.call(self.client.raw().get_flow_version(uuid.into().as_str()))
    }

    /// Saves a new version of an automation (`createFlowVersion`). The response is not described, so it is returned as
    /// JSON. Returns a builder; await it to send the request.
    ///
    /// Required fields with only one sensible value are filled in: `created_at` and `updated_at` with the current time,
    /// `automation` with its only value. The graph is validated before it is sent, for errors that the API rejects and
    /// for those that it accepts but that the web editor cannot open: no steps or no sources, a duplicate number, a
    /// link to a missing step or one that only one side names, a branch that leads to two steps, does not end in an
    /// `end` step or is missing (1 and 0 of `rule_filter`; 1 and 2 of an A/B test, of triggers and of the search for an
    /// email), a source without its entry step, branches that merge without a
    /// [`first_common_node`](SaveVersion::first_common_node), and A/B shares that do not sum to 100.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for these, with the step; [`Error::is_validation`] for other errors that the API
    /// finds; [`Error::is_unknown_outcome`] if the response was lost.
    pub fn save(
        &self,
        automation_uuid: impl Into<AutomationId>,
        nodes: impl IntoIterator<Item = AutomationNode>,
        contact_sources: impl IntoIterator<Item = ContactSource>,
    ) -> SaveVersion {
        let (nodes, contact_sources) = (nodes.into_iter().collect(), contact_sources.into_iter().collect());
        let mut body = CreateAutomationVersionBody::new(contact_sources, nodes);
        body.first_common_node_id = Some(Nullable::Null);
        SaveVersion { client: self.client.clone(), automation: automation_uuid.into(), body }
    }

    /// Deletes a version (`deleteFlowVersion`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn delete(&self, uuid: impl Into<AutomationVersionId>) -> Call<()> {
        self.client.call(self.client.raw().delete_flow_version(uuid.into().as_str()))
    }

    /// Validates one step without saving it (`validateFlowNode`).
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`] with the details if it is not valid.
    pub fn validate_node(&self, node: &AutomationNode) -> Call<()> {
        self.client.try_call(|| {
            validate::text("node.type", &node.type_)?;
            Ok(self.client.raw().validate_flow_node(node))
        })
    }

    /// Validates one source of contacts without saving it (`validateContactSource`): its number, its type such as
    /// `manual`, and the options of the type.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`] with the details if it is not valid.
    pub fn validate_contact_source(&self, id: i64, kind: &str, options: Map<String, Value>) -> Call<()> {
        self.client.try_call(|| {
            validate::text("kind", kind)?;
            let mut body = ValidateContactSourceBody::new(id);
            body.type_ = Some(kind.to_owned());
            body.options = options;
            Ok(self.client.raw().validate_contact_source(&body).ignore_body())
        })
    }
}

/// Builder for a new version. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct SaveVersion {
    client: Client,
    automation: AutomationId,
    body: CreateAutomationVersionBody,
}

impl SaveVersion {
    /// Sets the step where the branches merge. Without it the graph counts as linear.
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
            self.client.call(call.json()).await
        })
    }
}

/// Checks that the steps are connected.
fn check_graph(body: &CreateAutomationVersionBody) -> Result<()> {
    if body.nodes.is_empty() {
        return Err(Error::input("nodes", "must not be empty"));
    }
    if body.contact_sources.is_empty() {
        return Err(Error::input("contact_sources", "must not be empty"));
    }
    let mut nodes: BTreeMap<i64, &AutomationNode> = BTreeMap::new();
    for (index, node) in body.nodes.iter().enumerate() {
        validate::text(&format!("nodes[{index}].type"), &node.type_)?;
        if nodes.insert(node.id, node).is_some() {
            return Err(Error::input(format!("nodes[{index}].id"), format!("duplicate id {}", node.id)));
        }
    }
    for (index, node) in body.nodes.iter().enumerate() {
        for (side, edges) in [("before", &node.before), ("after", &node.after)] {
            for edge in edges {
                let field = format!("nodes[{index}].{side}");
                let Some(other) = nodes.get(&edge.node_id) else {
                    return Err(Error::input(field, format!("unknown step {}", edge.node_id)));
                };
                let back = if side == "before" { &other.after } else { &other.before };
                if !back.iter().any(|back| back.node_id == node.id && back.branch_id == edge.branch_id) {
                    let message = format!(
                        "step {} has no matching link for branch {}; both steps must contain the link",
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
        let message = format!("must be set, since branches merge at step {}", meeting.id);
        return Err(Error::input("first_common_node_id", message));
    }
    let mut sources = BTreeSet::new();
    for (index, source) in body.contact_sources.iter().enumerate() {
        let field = |name: &str| format!("contact_sources[{index}].{name}");
        if let Some(id) = source.id.filter(|id| !sources.insert(*id)) {
            return Err(Error::input(field("id"), format!("duplicate id {id}")));
        }
        match source.after_id {
            Some(Nullable::Value(id)) if nodes.contains_key(&id) => {}
            Some(Nullable::Value(id)) => {
                return Err(Error::input(field("after_id"), format!("unknown step {id}")));
            }
            _ => return Err(Error::input(field("after_id"), "must be the step that contacts enter at")),
        }
        for profile in &source.sender_profiles {
            validate::id(&field("sender_profiles"), profile)?;
        }
    }
    match body.first_common_node_id {
        Some(Nullable::Value(id)) if !nodes.contains_key(&id) => {
            Err(Error::input("first_common_node_id", format!("unknown step {id}")))
        }
        _ => Ok(()),
    }
}

/// Returns the branches that a step of a type must have; `None` if they depend on the payload or are unknown.
fn required_branches(kind: &str) -> Option<&'static [i64]> {
    match kind {
        "rule_filter" => Some(&[1, 0]),
        "rule_ab_test" | "email_search_waterflow" => Some(&[1, 2]),
        trigger if trigger.starts_with("trigger_") => Some(&[1, 2]),
        _ => None,
    }
}

/// Checks that each branch of a step leads to one step and ends in an `end` step.
fn check_branches(index: usize, node: &AutomationNode) -> Result<()> {
    let invalid = |message: String| Err(Error::input(format!("nodes[{index}].after"), message));
    if node.type_ == "end" {
        return if node.after.is_empty() {
            Ok(())
        } else {
            invalid("must be empty after an `end` step".to_owned())
        };
    }
    if node.after.is_empty() {
        return invalid("must not be empty: each branch must end in an `end` step".to_owned());
    }
    let mut branches = BTreeSet::new();
    if let Some(edge) = node.after.iter().find(|edge| !branches.insert(edge.branch_id)) {
        return invalid(format!("branch {} leads to two steps", edge.branch_id));
    }
    match required_branches(&node.type_) {
        Some(required) => match required.iter().find(|branch| !branches.contains(branch)) {
            Some(missing) => invalid(format!("branch {missing} of `{}` has no next step", node.type_)),
            None => Ok(()),
        },
        None if is_linear(&node.type_) && branches != BTreeSet::from([1]) => {
            invalid(format!("`{}` has a single branch, with the number 1", node.type_))
        }
        None => Ok(()),
    }
}

/// Returns whether a step of a type is known to have a single successor.
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

/// Checks that the shares of an A/B test sum to 100, if they are numbers.
fn check_shares(index: usize, node: &AutomationNode) -> Result<()> {
    let branches =
        node.payload.as_ref().and_then(|payload| payload.get("branches")).and_then(Value::as_array);
    let shares: Option<Vec<f64>> = branches
        .map(|branches| branches.iter().map(|branch| branch.get("value").and_then(Value::as_f64)).collect())
        .unwrap_or_default();
    match shares {
        Some(shares) if (shares.iter().sum::<f64>() - 100.0).abs() > 1e-6 => {
            let field = format!("nodes[{index}].payload.branches");
            Err(Error::input(field, format!("values must sum to 100, got {}", shares.iter().sum::<f64>())))
        }
        _ => Ok(()),
    }
}
