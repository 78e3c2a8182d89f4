//! Metrics and enrichment of contacts.

use std::{collections::BTreeMap, future::IntoFuture};

use chrono::{DateTime, Utc};
use grinfi_raw::{
    enums::ContactMetric,
    ids::{AutomationId, ContactId},
    types::{EnrichContactsAdvancedBody, GetContactMetricsBody},
};

use crate::{
    client::Client,
    error::{Error, Result},
    filter::Filter,
    page::BoxFuture,
    resources::{companies::check_narrow, contacts::Contacts, validate},
};

impl Contacts {
    /// Counts sent messages and replies within a period for the whole team (`getLeadMetrics`), by name of the metric.
    /// Returns a builder; await it to send the request.
    ///
    /// The API accepts a filter and a grouping here and ignores both without an error, so neither can be set. The group
    /// counts of tasks and of LinkedIn messages count by automation or sender profile.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without metrics, for an unknown one, or for a period that ends before it begins.
    pub fn metrics(
        &self,
        from: impl Into<DateTime<Utc>>,
        to: impl Into<DateTime<Utc>>,
        metrics: impl IntoIterator<Item = ContactMetric>,
    ) -> ContactMetrics {
        let body = GetContactMetricsBody::new(metrics.into_iter().collect(), from.into(), to.into());
        ContactMetrics { client: self.client.clone(), body }
    }

    /// Queues the enrichment of contacts (`enrichLeadsAdvanced`). This spends credits.
    ///
    /// # Errors
    ///
    /// [`Error::is_out_of_credits`] without credits; [`Error::is_invalid_input`] without contacts.
    pub fn enrich(&self, uuids: impl IntoIterator<Item = impl Into<ContactId>>) -> BoxFuture<Result<()>> {
        let this = self.clone();
        let uuids = validate::id_texts::<ContactId>("uuids", uuids);
        Box::pin(async move {
            this.start_enrichment(EnrichContactsAdvancedBody { uuids: uuids?, ..Default::default() }).await
        })
    }

    /// Queues the enrichment of the contacts that match a filter (`enrichLeadsAdvanced`). A wide filter can spend many
    /// credits; [`count`](Self::count) counts the matches.
    ///
    /// # Errors
    ///
    /// As [`enrich`](Self::enrich); also [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a filter
    /// without conditions.
    pub fn enrich_matching(&self, filter: Filter<Self>) -> BoxFuture<Result<()>> {
        let this = self.clone();
        Box::pin(async move {
            let filter = check_narrow(&filter)?;
            this.start_enrichment(EnrichContactsAdvancedBody { filter, ..Default::default() }).await
        })
    }

    async fn start_enrichment(&self, body: EnrichContactsAdvancedBody) -> Result<()> {
        self.client.call(self.client.raw().enrich_leads_advanced(&body).ignore_body()).await
    }
}

/// Builder for a request of metrics. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct ContactMetrics {
    client: Client,
    body: GetContactMetricsBody,
}

impl ContactMetrics {
    /// Adds an automation to count for. Can be called several times. The API may nevertheless return totals of the
    /// team.
    pub fn automation(mut self, automation_uuid: impl Into<AutomationId>) -> Self {
        self.body.automations.push(automation_uuid.into().into());
        self
    }
}

impl IntoFuture for ContactMetrics {
    type Output = Result<BTreeMap<String, i64>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            if self.body.period_from > self.body.period_to {
                return Err(Error::input("period_to", "must not be before the start of the period"));
            }
            if self.body.metrics.is_empty() {
                return Err(Error::input("metrics", "must not be empty"));
            }
            for (index, metric) in self.body.metrics.iter().enumerate() {
                validate::listed(&format!("metrics[{index}]"), metric.as_str(), ContactMetric::LISTED)?;
            }
            for (index, automation) in self.body.automations.iter().enumerate() {
                validate::id(&format!("automations[{index}]"), automation)?;
            }
            let answer = self.client.call(self.client.raw().get_lead_metrics(&self.body)).await?;
            Ok(answer.total.unwrap_or_default())
        })
    }
}
