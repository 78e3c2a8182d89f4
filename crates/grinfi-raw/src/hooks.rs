//! The hook that lets another crate own the sending.
//!
//! progenitor's `ClientHooks` can only be implemented where the generated `Client` lives, so it is implemented here, once,
//! and hands every request to a [`Transport`] that may live anywhere.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use progenitor_client::{ClientHooks, ClientInfo, OperationInfo};

use crate::{Client, Operation};

/// What a [`Transport`] returns.
pub type TransportFuture<'a> = Pin<Box<dyn Future<Output = reqwest::Result<reqwest::Response>> + Send + 'a>>;

/// Sends requests for a [`Client`].
pub trait Transport: Send + Sync + 'static {
    /// Sends `request`, which is one of `operation`, and answers with the response, whatever its status.
    fn send<'a>(&'a self, request: reqwest::Request, operation: &'static Operation) -> TransportFuture<'a>;
}

/// What a [`Client`] carries to send with. The default sends each request once through the client's own `reqwest::Client`.
#[derive(Clone, Default)]
pub struct Hooks {
    transport: Option<Arc<dyn Transport>>,
}

impl Hooks {
    /// Hooks that send through `transport`.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self { transport: Some(transport) }
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
        mut request: reqwest::Request,
        info: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        // The generator adds the version of the description to every request; the API does not ask for it.
        request.headers_mut().remove("api-version");
        match (&self.inner().transport, Operation::by_name(info.operation_id)) {
            (Some(transport), Some(operation)) => transport.send(request, operation).await,
            _ => self.client().execute(request).await,
        }
    }
}
