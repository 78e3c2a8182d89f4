//! What automations came to: the queue, and the funnel.

use std::{collections::BTreeMap, future::IntoFuture};

use grinfi_raw::{
    Nullable,
    ids::AutomationId,
    types::{
        GetFlowContactSourceStatisticsBody, GetFlowMetricsBody, GetFlowNodeStatisticsBody,
        GetFlowNodeStatisticsResponseValue,
    },
};
use serde_json::{Map, Value};

use crate::{
    client::Client,
    error::{Error, ErrorKind, Result},
    models::AutomationMetrics,
    page::BoxFuture,
    resources::{automations::Automations, untyped_response, validate},
};

/// What became of a step of an automation, and what followed from it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct NodeStatistics {
    /// How many tasks of the step are in each status.
    pub statuses: BTreeMap<String, i64>,
    /// How often each thing followed, a reply for instance.
    pub conversions: BTreeMap<String, i64>,
    /// How many contacts took each branch.
    pub branches: BTreeMap<String, i64>,
}

impl Automations {
    /// Counts the contacts and the queued tasks of several automations (`getFlowMetrics`).
    ///
    /// `task_counts` is the queue, not what was sent. For that there are the counts of
    /// [`Tasks::group_counts`](crate::tasks::Tasks::group_counts) and [`node_statistics`](Self::node_statistics).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for no ids at all.
    pub async fn metrics(
        &self,
        uuids: impl IntoIterator<Item = impl Into<AutomationId>>,
    ) -> Result<BTreeMap<AutomationId, AutomationMetrics>> {
        let body = GetFlowMetricsBody::new(validate::id_texts::<AutomationId>("uuids", uuids)?);
        self.client.call(self.client.raw().get_flow_metrics(&body)).await.map(untyped_response::by_id)
    }

    /// Counts what became of the tasks of each step, and what followed from them (`getFlowNodeStatistics`): the true funnel of
    /// an automation. The ids are those of the steps in the automation's version.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for no ids at all; [`Error::is_validation`] if the API refuses one.
    pub fn node_statistics(
        &self,
        uuid: impl Into<AutomationId>,
        node_ids: impl IntoIterator<Item = i64>,
    ) -> GetNodeStatistics {
        GetNodeStatistics {
            client: self.client.clone(),
            uuid: uuid.into(),
            body: GetFlowNodeStatisticsBody::new(node_ids.into_iter().collect()),
        }
    }

    /// Counts the contacts of each source by status, how they were added, and what followed
    /// (`getFlowContactSourceStatistics`). What is counted is not described, so it comes as JSON.
    ///
    /// # Errors
    ///
    /// As [`node_statistics`](Self::node_statistics).
    pub async fn contact_source_statistics(
        &self,
        uuid: impl Into<AutomationId>,
        contact_source_ids: impl IntoIterator<Item = i64>,
    ) -> Result<BTreeMap<i64, Map<String, Value>>> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        let ids: Vec<i64> = contact_source_ids.into_iter().collect();
        check_numbers("contact_source_ids", &ids)?;
        let body = GetFlowContactSourceStatisticsBody::new(ids);
        let call = self.client.raw().get_flow_contact_source_statistics(uuid.as_str(), &body);
        let counts = self.client.call(call).await?;
        counts.into_iter().map(|(id, counts)| Ok((number(&id)?, counts))).collect()
    }
}

/// Statistics of steps about to be asked for, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct GetNodeStatistics {
    client: Client,
    uuid: AutomationId,
    body: GetFlowNodeStatisticsBody,
}

impl GetNodeStatistics {
    /// Narrows what is counted, by an object as the API has it.
    pub fn filter(mut self, filter: Map<String, Value>) -> Self {
        self.body.filter = Some(Nullable::Value(filter));
        self
    }
}

impl IntoFuture for GetNodeStatistics {
    type Output = Result<BTreeMap<i64, NodeStatistics>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::id("uuid", &self.uuid)?;
            check_numbers("node_ids", &self.body.node_ids)?;
            let call = self.client.raw().get_flow_node_statistics(self.uuid.as_str(), &self.body);
            let nodes = self.client.call(call).await?;
            nodes.into_iter().map(|(id, node)| Ok((number(&id)?, node.into()))).collect()
        })
    }
}

fn check_numbers(field: &str, ids: &[i64]) -> Result<()> {
    if ids.is_empty() { Err(Error::input(field, "there are none")) } else { Ok(()) }
}

fn number(id: &str) -> Result<i64> {
    id.parse().map_err(|source| {
        Error::new(ErrorKind::Decode, "the answer has a key that is not the number of a node")
            .with_source(source)
    })
}

impl From<GetFlowNodeStatisticsResponseValue> for NodeStatistics {
    fn from(node: GetFlowNodeStatisticsResponseValue) -> Self {
        Self {
            statuses: node.node_statuses.unwrap_or_default(),
            conversions: node.node_conversions.unwrap_or_default(),
            branches: node.node_branches.unwrap_or_default(),
        }
    }
}
