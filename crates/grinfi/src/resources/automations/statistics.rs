//! Statistics of automations: the queue and the funnel.

use std::{collections::BTreeMap, future::IntoFuture};

use grinfi_raw::{
    Nullable,
    ids::AutomationId,
    types::{
        GetAutomationContactSourceStatisticsBody, GetAutomationMetricsBody, GetAutomationNodeStatisticsBody,
        GetAutomationNodeStatisticsResponseValue,
    },
};
use serde_json::{Map, Value};

use crate::{
    client::Client,
    error::{Error, ErrorKind, Result},
    models::AutomationMetrics,
    page::BoxFuture,
    resources::{automations::Automations, id_map, validate},
};

/// Statistics of a step of an automation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct NodeStatistics {
    /// Number of tasks by status.
    pub statuses: BTreeMap<String, i64>,
    /// Number of events by name, such as replies.
    pub conversions: BTreeMap<String, i64>,
    /// Number of contacts by branch.
    pub branches: BTreeMap<String, i64>,
}

impl Automations {
    /// Counts the contacts and the queued tasks of several automations (`getFlowMetrics`).
    ///
    /// `task_counts` counts queued tasks, not sent messages. [`Tasks::group_counts`](crate::tasks::Tasks::group_counts)
    /// and [`node_statistics`](Self::node_statistics) count those.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without ids.
    pub fn metrics(
        &self,
        uuids: impl IntoIterator<Item = impl Into<AutomationId>>,
    ) -> BoxFuture<Result<BTreeMap<AutomationId, AutomationMetrics>>> {
        let call = self.client.try_call(|| {
            let body = GetAutomationMetricsBody::new(validate::id_texts::<AutomationId>("uuids", uuids)?);
            Ok(self.client.raw().get_flow_metrics(&body))
        });
        Box::pin(async move { call.await.map(id_map::by_id) })
    }

    /// Counts the tasks of each step by status, and the events that followed (`getFlowNodeStatistics`): the funnel of
    /// an automation. The ids are those of the steps in the version. Returns a builder; await it to send the request.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without ids; [`Error::is_validation`] if the API rejects one.
    pub fn node_statistics(
        &self,
        uuid: impl Into<AutomationId>,
        node_ids: impl IntoIterator<Item = i64>,
    ) -> GetNodeStatistics {
        GetNodeStatistics {
            client: self.client.clone(),
            uuid: uuid.into(),
            body: GetAutomationNodeStatisticsBody::new(node_ids.into_iter().collect()),
        }
    }

    /// Counts the contacts of each source by status, origin and events (`getFlowContactSourceStatistics`). The counts
    /// are not described, so they are returned as JSON.
    ///
    /// # Errors
    ///
    /// As [`node_statistics`](Self::node_statistics).
    pub fn contact_source_statistics(
        &self,
        uuid: impl Into<AutomationId>,
        contact_source_ids: impl IntoIterator<Item = i64>,
    ) -> BoxFuture<Result<BTreeMap<i64, Map<String, Value>>>> {
        let call = self.client.try_call(|| {
            let ids: Vec<i64> = contact_source_ids.into_iter().collect();
            check_numbers("contact_source_ids", &ids)?;
            let body = GetAutomationContactSourceStatisticsBody::new(ids);
            Ok(self.client.raw().get_flow_contact_source_statistics(uuid.into().as_str(), &body))
        });
        Box::pin(async move {
            let counts = call.await?;
            counts.into_iter().map(|(id, counts)| Ok((number(&id)?, counts))).collect()
        })
    }
}

/// Builder for a request of step statistics. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct GetNodeStatistics {
    client: Client,
    uuid: AutomationId,
    body: GetAutomationNodeStatisticsBody,
}

impl GetNodeStatistics {
    /// Sets a filter, as JSON in the API's format.
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
    if ids.is_empty() { Err(Error::input(field, "must not be empty")) } else { Ok(()) }
}

fn number(id: &str) -> Result<i64> {
    id.parse().map_err(|source| {
        Error::new(ErrorKind::Decode, "the response contains a key that is not a number").with_source(source)
    })
}

impl From<GetAutomationNodeStatisticsResponseValue> for NodeStatistics {
    fn from(node: GetAutomationNodeStatisticsResponseValue) -> Self {
        Self {
            statuses: node.node_statuses.unwrap_or_default(),
            conversions: node.node_conversions.unwrap_or_default(),
            branches: node.node_branches.unwrap_or_default(),
        }
    }
}
