//! The hook that lets another crate own the sending.
//!
//! progenitor's `ClientHooks` can only be implemented where the generated `Client` lives, so it is implemented here, once,
//! and hands every request to a [`Transport`] that may live anywhere.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, OnceLock},
};

use progenitor_client::{ClientHooks, ClientInfo, OperationInfo};

use reqwest::Url;

use crate::{Client, Operation};

/// What a [`Transport`] returns.
pub type TransportFuture<'a> = Pin<Box<dyn Future<Output = reqwest::Result<reqwest::Response>> + Send + 'a>>;

/// Sends requests for a [`Client`].
pub trait Transport: Send + Sync + 'static {
    /// Sends `request`, which is one of `operation`, and answers with the response, whatever its status.
    fn send<'a>(&'a self, request: reqwest::Request, operation: &'static Operation) -> TransportFuture<'a>;
}

/// What a [`Client`] carries to send with. The default sends each request once through the client's own `reqwest::Client`.
#[derive(Default)]
pub struct Hooks {
    transport: Option<Arc<dyn Transport>>,
    /// The base URL, parsed when the first request is made.
    base: OnceLock<Option<Url>>,
}

impl Hooks {
    /// Hooks that send through `transport`.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self { transport: Some(transport), base: OnceLock::new() }
    }

    /// The base URL of the client that carries these; `None` if it is none.
    pub(crate) fn base(&self, base_url: &str) -> Option<&Url> {
        self.base.get_or_init(|| Url::parse(base_url).ok().filter(|url| !url.cannot_be_a_base())).as_ref()
    }
}

impl Clone for Hooks {
    fn clone(&self) -> Self {
        // The clone may be for a client of another base URL.
        Self { transport: self.transport.clone(), base: OnceLock::new() }
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A transport may hold a key.
        f.debug_struct("Hooks").field("transport", &self.transport.is_some()).finish()
    }
}

impl ClientHooks<Hooks> for Client {
    async fn exec(
        &self,
        request: reqwest::Request,
        info: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        match (&self.inner().transport, Operation::by_name(info.operation_id)) {
            (Some(transport), Some(operation)) => transport.send(request, operation).await,
            _ => self.client().execute(request).await,
        }
    }
}
