//! The client, with one accessor for each resource.

use std::{fmt, sync::Arc, time::Duration};

use crate::{
    config::ClientBuilder,
    error::Result,
    field_names::FieldNames,
    options::RequestOptions,
    retry::RetryPolicy,
    transport::{HttpTransport, RawTransport},
};

/// Client for one API key.
///
/// Cheap to clone; clones share connections and the [rate limit](crate::RateLimit). Every future of this crate is cancel-safe:
/// dropping it cancels the request in flight and starts nothing more. The API may still execute a request that it has received.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    raw: grinfi_raw::Client,
    transport: Arc<HttpTransport>,
    base_url: String,
    options: Arc<RequestOptions>,
    field_names: Arc<FieldNames>,
}

impl Client {
    pub(crate) fn new(transport: Arc<HttpTransport>, base_url: String, options: RequestOptions) -> Self {
        Self::with_names(transport, base_url, options, Arc::default())
    }

    fn with_names(
        transport: Arc<HttpTransport>,
        base_url: String,
        options: RequestOptions,
        field_names: Arc<FieldNames>,
    ) -> Self {
        let options = Arc::new(options);
        let sender = RawTransport { transport: transport.clone(), options: options.clone() };
        let raw = grinfi_raw::Client::with_transport(&base_url, transport.http.clone(), Arc::new(sender));
        Self { inner: Arc::new(Inner { raw, transport, base_url, options, field_names }) }
    }

    /// Returns a builder.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Creates a client from the environment variables `GRINFI_API_KEY` and, if set, `GRINFI_BASE_URL`.
    ///
    /// # Errors
    ///
    /// As [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self> {
        ClientBuilder::from_env().build()
    }

    /// Returns a client whose calls use these options, on top of those of this client. It shares connections, rate limit and
    /// key. Cheap enough for a single call.
    #[must_use]
    pub fn with_options(&self, options: RequestOptions) -> Self {
        let inner = &*self.inner;
        let options = inner.options.merged(options);
        Self::with_names(inner.transport.clone(), inner.base_url.clone(), options, inner.field_names.clone())
    }

    /// Returns the base URL of the API.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.inner.base_url
    }

    /// Returns the id of the team of the API key, which is encoded in the key.
    #[must_use]
    pub fn team_id(&self) -> Option<i64> {
        self.inner.transport.key.team_id()
    }

    /// Returns the generated client, which has a method for each operation of the API.
    ///
    /// Its calls go through the same transport when they are awaited, with the same key, retries and rate limit. Their errors
    /// are [`grinfi_raw::Error`], which converts into [`Error`](crate::Error); [`call`](Self::call) returns that itself.
    #[must_use]
    pub fn raw(&self) -> &grinfi_raw::Client {
        &self.inner.raw
    }

    /// Returns the deadline of the calls of this client.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.inner.options.deadline.unwrap_or(self.inner.transport.deadline)
    }

    /// Returns the retry policy of the calls of this client.
    pub(crate) fn retry(&self) -> &RetryPolicy {
        self.inner.options.retry.as_ref().unwrap_or(&self.inner.transport.retry)
    }

    pub(crate) fn options(&self) -> &RequestOptions {
        &self.inner.options
    }

    pub(crate) fn transport(&self) -> &HttpTransport {
        &self.inner.transport
    }

    /// Returns the cache of custom field ids by name.
    pub(crate) fn field_names(&self) -> &FieldNames {
        &self.inner.field_names
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.inner.base_url)
            .field("team_id", &self.team_id())
            .finish()
    }
}
