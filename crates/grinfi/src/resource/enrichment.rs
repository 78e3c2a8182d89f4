//! The queue of enrichments.

use grinfi_raw::options;
use serde_json::Map;

use super::handle;
use crate::{
    client::Client,
    error::Result,
    model::{EnrichmentEntry, EnrichmentMetrics},
    page::{BoxFuture, Page},
    search::{Listed, Query, Search},
};

handle! {
    /// The queue of enrichments. They are started with [`Contacts::enrich`](crate::Contacts::enrich) and
    /// [`Companies::enrich`](crate::Companies::enrich).
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
    /// The queue of enrichments.
    #[must_use]
    pub fn enrichment(&self) -> Enrichment {
        Enrichment::new(self.clone())
    }
}

impl Enrichment {
    /// Lists what waits for enrichment (`listEnrichmentQueue`). The API does not say what fields an entry has.
    pub fn queue(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// How many enrichments there were this month (`getEnrichmentMetrics`).
    ///
    /// # Errors
    ///
    /// What the call came to.
    pub async fn metrics(&self) -> Result<EnrichmentMetrics> {
        self.client.call(self.client.raw().get_enrichment_metrics(&Map::new())).await
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
            client.call(call).await
        })
    }
}
