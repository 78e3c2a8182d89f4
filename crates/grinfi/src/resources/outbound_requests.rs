//! The log of requests that the vendor made to other servers.

use grinfi_raw::options;

use crate::{
    client::Client,
    error::Result,
    models::OutboundRequest,
    page::{BoxFuture, Page},
    resources::macros::handle,
    search::{Listed, Query, Search},
};

handle! {
    /// Log of the requests that the vendor made to other servers: calls of webhooks, of automations and of enrichment.
    ///
    /// The log shows which webhook calls never arrived. Undocumented: the shape of an entry is inferred.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// use grinfi::{
    ///     filter::outbound_request,
    ///     models::enums::{OutboundRequestExecutor, OutboundRequestStatus},
    /// };
    ///
    /// let failed = outbound_request::status().eq(OutboundRequestStatus::Failed)
    ///     & outbound_request::executor_type().eq(OutboundRequestExecutor::Webhook);
    /// let mut failed = client.outbound_requests().list().filter(failed).stream();
    /// while let Some(request) = failed.next().await.transpose()? {
    ///     println!("{:?} {:?} {:?}", request.created_at, request.executor_key, request.errors);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    OutboundRequests
}

impl Client {
    /// Log of the requests that the vendor made to other servers.
    #[must_use]
    pub fn outbound_requests(&self) -> OutboundRequests {
        OutboundRequests::new(self.clone())
    }
}

impl OutboundRequests {
    /// Lists the requests (`listOutboundRequests`, undocumented), newest first unless another order is set.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }
}

impl Listed for OutboundRequests {
    type Item = OutboundRequest;
    const OPERATION: &'static str = "listOutboundRequests";

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<OutboundRequest>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let (limit, offset) = query.window();
            let filter = query.brackets();
            client
                .call(client.raw().list_outbound_requests_with_options(options::ListOutboundRequests {
                    filter: filter.as_ref(),
                    limit,
                    offset,
                    order_field,
                    order_type: order_type.as_ref(),
                    ..Default::default()
                }))
                .await
        })
    }
}
