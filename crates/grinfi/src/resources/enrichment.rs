//! Queue of enrichments.

use chrono::{DateTime, Utc};
use grinfi_raw::options;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    call::Call,
    client::Client,
    error::Result,
    models::{EnrichmentMetrics, Row},
    page::{BoxFuture, Page},
    resources::{macros::handle, untyped_record},
    search::{Listed, Query, Search},
};

handle! {
    /// Queue of enrichments. [`Contacts::enrich`](crate::contacts::Contacts::enrich) and
    /// [`Companies::enrich`](crate::companies::Companies::enrich) start them.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// println!("{:?} this month", client.enrichment().metrics().await?.this_month_count);
    /// # Ok(())
    /// # }
    /// ```
    Enrichment
}

impl Client {
    /// Queue of enrichments.
    #[must_use]
    pub fn enrichment(&self) -> Enrichment {
        Enrichment::new(self.clone())
    }
}

impl Enrichment {
    /// Lists the queue (`listEnrichmentQueue`).
    pub fn queue(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Counts the enrichments of this month (`getEnrichmentMetrics`).
    ///
    /// # Errors
    ///
    /// Errors of the request.
    pub fn metrics(&self) -> Call<EnrichmentMetrics> {
        self.client.call(self.client.raw().get_enrichment_metrics(&Map::new()))
    }
}

/// An entry of the enrichment queue.
///
/// The API does not describe these records: a field is `None` if the record does not contain it, and `fields` contains
/// the whole record.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Map<String, Value>")]
#[non_exhaustive]
pub struct EnrichmentEntry {
    /// The id of the entry.
    pub uuid: Option<String>,
    /// What is enriched: `lead` or `company`.
    pub object_type: Option<String>,
    /// The contact or company.
    pub object_uuid: Option<String>,
    /// The status.
    pub status: Option<String>,
    /// When the entry was queued.
    pub created_at: Option<DateTime<Utc>>,
    /// When the entry last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// The whole record.
    pub fields: Map<String, Value>,
}

impl From<Map<String, Value>> for EnrichmentEntry {
    fn from(fields: Map<String, Value>) -> Self {
        Self {
            uuid: untyped_record::id(&fields),
            object_type: untyped_record::text(&fields, "object_type"),
            object_uuid: untyped_record::text(&fields, "object_uuid"),
            status: untyped_record::text(&fields, "status"),
            created_at: untyped_record::time(&fields, "created_at"),
            updated_at: untyped_record::time(&fields, "updated_at"),
            fields,
        }
    }
}

impl Row for EnrichmentEntry {
    fn row_id(&self) -> Option<String> {
        self.uuid.clone()
    }
}

impl Listed for Enrichment {
    type Item = EnrichmentEntry;
    const OPERATION: &'static str = "listEnrichmentQueue";

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<EnrichmentEntry>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let (limit, offset) = query.window();
            let call = client.raw().list_enrichment_queue_with_options(options::ListEnrichmentQueue {
                limit,
                offset,
                order_field,
                order_type: order_type.as_ref(),
                ..Default::default()
            });
            Ok(client.call(call).await?.map(Into::into))
        })
    }
}
