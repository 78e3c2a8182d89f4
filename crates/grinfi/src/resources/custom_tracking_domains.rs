//! Domains that links and the tracking pixel of emails lead through.

use grinfi_raw::{ids::CustomTrackingDomainId, options, types::CreateCustomTrackingDomainBody};

use crate::{
    client::Client,
    error::{Error, Result},
    models::CustomTrackingDomain,
    page::{BoxFuture, Page},
    resources::{macros::handle, validate},
    search::{Listed, Query, Search},
};

handle! {
    /// Domains that links and the tracking pixel of emails lead through. Undocumented: the shape of a record is inferred.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// let domain = client.custom_tracking_domains().create("track.example.com").await?;
    /// for domain in client.custom_tracking_domains().list().stream().collect().await? {
    ///     println!("{} {:?}", domain.uuid, domain.domain);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    CustomTrackingDomains
}

impl Client {
    /// Domains that links and the tracking pixel of emails lead through.
    #[must_use]
    pub fn custom_tracking_domains(&self) -> CustomTrackingDomains {
        CustomTrackingDomains::new(self.clone())
    }
}

impl CustomTrackingDomains {
    /// Lists the domains (`listCustomTrackingDomains`, undocumented). They take no filter.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a domain (`getCustomTrackingDomain`, undocumented). The response also carries the state of the DNS entries, in
    /// fields whose names are not known; [`Client::operation`] gives the response as JSON.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn get(&self, uuid: impl Into<CustomTrackingDomainId>) -> Result<CustomTrackingDomain> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_custom_tracking_domain(uuid.as_str())).await
    }

    /// Registers a domain, such as `track.example.com` (`createCustomTrackingDomain`, undocumented). It works once its DNS
    /// entries are set.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a blank name and for one with a scheme or a path;
    /// [`Error::is_unknown_outcome`] if the response was lost: look for the domain with [`list`](Self::list).
    pub async fn create(&self, domain: impl Into<String>) -> Result<CustomTrackingDomain> {
        let domain = domain.into();
        validate::text("domain", &domain)?;
        if domain.contains(['/', ':', '@']) || domain.contains(char::is_whitespace) {
            let message =
                format!("`domain` must be a domain name without a scheme or a path, got {domain:?}");
            return Err(Error::input("domain", message));
        }
        let body = CreateCustomTrackingDomainBody::new(domain);
        self.client.call(self.client.raw().create_custom_tracking_domain(&body)).await
    }
}

impl Listed for CustomTrackingDomains {
    type Item = CustomTrackingDomain;
    const OPERATION: &'static str = "listCustomTrackingDomains";

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<CustomTrackingDomain>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let (limit, offset) = query.window();
            client
                .call(client.raw().list_custom_tracking_domains_with_options(
                    options::ListCustomTrackingDomains {
                        limit,
                        offset,
                        order_field,
                        order_type: order_type.as_ref(),
                        ..Default::default()
                    },
                ))
                .await
        })
    }
}
