//! What became of contacts in numbers, and their enrichment.

use std::{collections::BTreeMap, future::IntoFuture};

use chrono::{DateTime, Utc};
use grinfi_raw::{
    enums::LeadMetric,
    ids::{AutomationId, ContactId},
    types::{EnrichLeadsAdvancedBody, GetLeadMetricsBody},
};

use crate::{
    client::Client,
    error::{Error, Result},
    filter::Filter,
    page::BoxFuture,
    resources::{companies::check_narrow, contacts::Contacts, untyped_response, validate},
};

impl Contacts {
    /// Counts what was sent and what came back within a period, for the whole team (`getLeadMetrics`), by awaiting what
    /// this returns: each metric by its name.
    ///
    /// The API also takes a filter and a grouping here and ignores both without an error, so neither can be given. For
    /// counts by automation or sender profile there are the group counts of tasks and of LinkedIn messages.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without metrics, for an unknown one, or for a period that ends before it begins.
    pub fn metrics(
        &self,
        from: impl Into<DateTime<Utc>>,
        to: impl Into<DateTime<Utc>>,
        metrics: impl IntoIterator<Item = LeadMetric>,
    ) -> ContactMetrics {
        let body = GetLeadMetricsBody::new(metrics.into_iter().collect(), from.into(), to.into());
        ContactMetrics { client: self.client.clone(), body }
    }

    /// Has contacts enriched (`enrichLeadsAdvanced`). This spends credits; the work is queued.
    ///
    /// # Errors
    ///
    /// [`Error::is_out_of_credits`] if there are none left; [`Error::is_invalid_input`] without contacts.
    pub async fn enrich(&self, uuids: impl IntoIterator<Item = impl Into<ContactId>>) -> Result<()> {
        let uuids = validate::id_texts::<ContactId>("uuids", uuids)?;
        self.start_enrichment(EnrichLeadsAdvancedBody { uuids, ..Default::default() }).await
    }

    /// The same for the contacts that match. A wide filter can spend many credits; [`count`](Self::count) tells how wide
    /// it is.
    ///
    /// # Errors
    ///
    /// As [`enrich`](Self::enrich); a filter without conditions is refused.
    pub async fn enrich_matching(&self, filter: Filter<Self>) -> Result<()> {
        let filter = check_narrow(&filter)?;
        self.start_enrichment(EnrichLeadsAdvancedBody { filter, ..Default::default() }).await
    }

    async fn start_enrichment(&self, body: EnrichLeadsAdvancedBody) -> Result<()> {
        untyped_response::done(&self.client, self.client.raw().enrich_leads_advanced(&body)).await
    }
}

/// Counts about to be asked for, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct ContactMetrics {
    client: Client,
    body: GetLeadMetricsBody,
}

impl ContactMetrics {
    /// Names an automation to count for; can be called several times. The API is known to answer with totals of the
    /// team all the same.
    pub fn automation(mut self, automation_uuid: impl Into<AutomationId>) -> Self {
        self.body.flows.push(automation_uuid.into().into());
        self
    }
}

impl IntoFuture for ContactMetrics {
    type Output = Result<BTreeMap<String, i64>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            if self.body.period_from > self.body.period_to {
                return Err(Error::input("period_to", "the period ends before it begins"));
            }
            if self.body.metrics.is_empty() {
                return Err(Error::input("metrics", "there are none"));
            }
            for (index, metric) in self.body.metrics.iter().enumerate() {
                validate::listed(&format!("metrics[{index}]"), metric.as_str(), LeadMetric::LISTED)?;
            }
            for (index, automation) in self.body.flows.iter().enumerate() {
                validate::id(&format!("flows[{index}]"), automation)?;
            }
            let answer = self.client.call(self.client.raw().get_lead_metrics(&self.body)).await?;
            Ok(answer.total.unwrap_or_default())
        })
    }
}
