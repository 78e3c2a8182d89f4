//! Bulk actions on companies.

use grinfi_raw::{
    enums::CompanyAction,
    ids::{CompanyId, PipelineStageId, TagId},
    types::CompaniesMassActionBody,
};
use serde_json::{Map, Value};

use super::Companies;
use crate::{
    client::Client,
    error::Result,
    filter::{self, Filter},
    page::BoxFuture,
    resources::{
        bulk::{Bulk, BulkJob, operations::BulkOperations},
        selection::Selection,
    },
};

/// Companies to run one bulk action on (`companiesMassAction`).
pub type BulkCompanies = Bulk<Companies>;

/// A bulk action on companies that the API accepted.
pub type CompaniesJob = BulkJob<Companies>;

impl Companies {
    /// Starts a bulk action on companies (`companiesMassAction`). Nothing is sent until one of its actions is called.
    pub fn bulk(&self, selection: Selection<CompanyId>) -> BulkCompanies {
        Bulk::new(self.client.clone(), selection)
    }
}

impl BulkOperations for Companies {
    type Id = CompanyId;
    type Action = CompanyAction;

    const ADD_TAGS: CompanyAction = CompanyAction::CompanyAddTags;
    const REMOVE_TAGS: CompanyAction = CompanyAction::CompanyRemoveTags;
    const REPLACE_TAGS: CompanyAction = CompanyAction::CompanyReplaceTags;
    const CHANGE_PIPELINE_STAGE: CompanyAction = CompanyAction::CompanyChangePipelineStage;
    const DELETE: CompanyAction = CompanyAction::CompanyDelete;

    fn bulk(
        client: &Client,
        selection: Map<String, Value>,
        action: CompanyAction,
        payload: Map<String, Value>,
    ) -> BoxFuture<Result<()>> {
        let client = client.clone();
        Box::pin(async move {
            let mut body = CompaniesMassActionBody::new(selection, action);
            body.payload = payload;
            client.call(client.raw().companies_mass_action(&body).ignore_body()).await
        })
    }

    fn count(client: &Client, filter: Filter<Self>) -> BoxFuture<Result<u64>> {
        let companies = Companies::new(client.clone());
        Box::pin(async move { companies.search().filter(filter).count().await })
    }

    fn tags(client: &Client, id: &CompanyId) -> BoxFuture<Result<Vec<TagId>>> {
        let (companies, id) = (Companies::new(client.clone()), id.clone());
        Box::pin(
            async move { companies.get(id).await.map(|company| company.tags.clone().unwrap_or_default()) },
        )
    }

    fn with_ids(ids: &[CompanyId]) -> Filter<Self> {
        filter::company::uuid().in_(ids.iter().cloned())
    }

    fn with_tag(tag: TagId) -> Filter<Self> {
        filter::company::tags().eq(tag)
    }

    fn at_stage(stage: PipelineStageId) -> Filter<Self> {
        filter::company::lead_status_uuid().eq(stage)
    }
}
