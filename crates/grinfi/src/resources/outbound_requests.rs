//! Log of the requests that the vendor sent to other servers.

use crate::{
    client::Client,
    models::OutboundRequest,
    resources::macros::{fetch, handle},
    search::{Listed, Search},
};

handle! {
    /// Log of the requests that the vendor sent to other servers: calls of webhooks, of automations and of enrichment.
    ///
    /// The log shows which webhook calls failed. Undocumented: the fields of an entry are inferred.
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
    /// Log of the requests that the vendor sent to other servers.
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

    fetch! { list_outbound_requests_with_options(ListOutboundRequests, order, filter) }
}
