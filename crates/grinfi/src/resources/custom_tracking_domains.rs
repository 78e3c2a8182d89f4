//! Domains of the links and the tracking pixel of emails.

use grinfi_raw::{ids::CustomTrackingDomainId, types::CreateCustomTrackingDomainBody};

use crate::{
    call::Call,
    client::Client,
    error::Error,
    models::CustomTrackingDomain,
    resources::{
        macros::{fetch, handle},
        validate,
    },
    search::{Listed, Search},
};

handle! {
    /// Domains of the links and the tracking pixel of emails. Undocumented: the fields of a record are inferred.
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
    /// Domains of the links and the tracking pixel of emails.
    #[must_use]
    pub fn custom_tracking_domains(&self) -> CustomTrackingDomains {
        CustomTrackingDomains::new(self.clone())
    }
}

impl CustomTrackingDomains {
    /// Lists the domains (`listCustomTrackingDomains`, undocumented). They support no filter.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a domain (`getCustomTrackingDomain`, undocumented). The response also contains the state of the DNS
    /// entries, in fields of unknown names; [`Client::operation`] returns it as JSON.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn get(&self, uuid: impl Into<CustomTrackingDomainId>) -> Call<CustomTrackingDomain> {
        self.client.call(self.client.raw().get_custom_tracking_domain(uuid.into().as_str()))
    }

    /// Registers a domain, such as `track.example.com` (`createCustomTrackingDomain`, undocumented). It works once its DNS
    /// entries are set.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a blank name and for one with a scheme or a path;
    /// [`Error::is_unknown_outcome`] if the response was lost: look for the domain with [`list`](Self::list).
    pub fn create(&self, domain: impl Into<String>) -> Call<CustomTrackingDomain> {
        self.client.try_call(|| {
            let domain = domain.into();
            validate::text("domain", &domain)?;
            if domain.contains(['/', ':', '@']) || domain.contains(char::is_whitespace) {
                let message = format!("must be a domain name without a scheme or a path, got {domain:?}");
                return Err(Error::input("domain", message));
            }
            let body = CreateCustomTrackingDomainBody::new(domain);
            Ok(self.client.raw().create_custom_tracking_domain(&body))
        })
    }
}

impl Listed for CustomTrackingDomains {
    type Item = CustomTrackingDomain;
    const OPERATION: &'static str = "listCustomTrackingDomains";

    fetch! { list_custom_tracking_domains_with_options(ListCustomTrackingDomains, order) }
}
