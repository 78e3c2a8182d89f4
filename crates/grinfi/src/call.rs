//! Calls: single requests as futures, with options and with their response.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{FutureExt, future::BoxFuture};
use grinfi_raw::ReadBody;
use http::HeaderMap;

use crate::{
    client::Client,
    error::{Error, Result},
    options::{ReplayableBody, RequestOptions},
    request::Response,
};

/// One request to the API, as a future of its decoded response.
///
/// It is sent when it is first polled and borrows nothing, so it can be spawned and joined. Dropping it drops the request in
/// flight; whether the API executes a request that it has received is up to the API.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
/// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
/// use std::time::Duration;
///
/// use grinfi::RequestOptions;
///
/// let options = RequestOptions::new().deadline(Duration::from_secs(5));
/// let (user, response) = client.users().current().options(options).with_response().await?;
/// assert_eq!(response.status(), 200);
/// # Ok(())
/// # }
/// ```
#[must_use = "a call is not sent unless it is awaited"]
pub struct Call<T> {
    state: State<T>,
}

enum State<T> {
    Prepared(Box<Prepared<T>>),
    Sent(BoxFuture<'static, Result<(T, ResponseInfo)>>),
}

struct Prepared<T> {
    client: Client,
    call: Result<grinfi_raw::Call<T>>,
    body: Option<Arc<dyn ReplayableBody>>,
}

/// Status, headers and attempts of a call that succeeded.
#[derive(Debug, Clone)]
pub struct ResponseInfo {
    status: u16,
    headers: HeaderMap,
    attempts: u32,
    waited: Duration,
}

impl ResponseInfo {
    /// Returns the HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns how many attempts the call took, at least 1.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the total time spent waiting for the rate limit and between attempts.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.waited
    }
}

impl<T: Send + 'static> Call<T> {
    fn new(client: &Client, call: Result<grinfi_raw::Call<T>>) -> Self {
        Self { state: State::Prepared(Box::new(Prepared { client: client.clone(), call, body: None })) }
    }

    /// Sets options for this call, on top of those of the client. They have no effect once the call is sent.
    pub fn options(mut self, options: RequestOptions) -> Self {
        if let State::Prepared(prepared) = &mut self.state {
            prepared.client = prepared.client.with_options(options);
        }
        self
    }

    /// Sends the call and returns the status and the headers of the response with the value.
    ///
    /// # Errors
    ///
    /// As awaiting the call.
    pub async fn with_response(self) -> Result<(T, ResponseInfo)> {
        match self.state {
            State::Prepared(prepared) => prepared.send().await,
            State::Sent(sending) => sending.await,
        }
    }

    /// Replaces the body of the request by one that is opened for each attempt.
    pub(crate) fn replayable_body(mut self, body: Arc<dyn ReplayableBody>) -> Self {
        if let State::Prepared(prepared) = &mut self.state {
            prepared.body = Some(body);
        }
        self
    }
}

impl<T> Prepared<T> {
    async fn send(self) -> Result<(T, ResponseInfo)> {
        let parts = self.call?.into_parts().map_err(Error::from)?;
        let (operation, options) = (parts.operation, self.client.options());
        let effect = options.effect.unwrap_or(operation.effect);
        let transport = self.client.transport();
        transport.check_destination(&parts.request)?;
        let (result, context) =
            transport.execute(parts.request, self.body.as_deref(), Some(operation), effect, options).await;
        let response = result?;
        if let Some(log) = &options.responses
            && let Some(ReadBody(body)) = response.extensions().get()
        {
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            log.push(Response::new(status, headers, body.clone(), context.clone(), effect));
        }
        match parts.decoder.decode(response).await {
            Ok((value, response)) => {
                let info = ResponseInfo {
                    status: response.status.as_u16(),
                    headers: response.headers,
                    attempts: context.attempts,
                    waited: context.waited,
                };
                Ok((value, info))
            }
            Err(raw) => {
                let error = Error::from(raw);
                // Only the rows of a listing are decoded one by one later.
                let error = if operation.paging.is_some() { error } else { error.release_body() };
                Err(context.describe(error, effect))
            }
        }
    }
}

impl<T: Send + 'static> Future for Call<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            match &mut self.state {
                State::Sent(sending) => return sending.poll_unpin(cx).map_ok(|(value, _)| value),
                State::Prepared(_) => {
                    // The placeholder is never polled.
                    let placeholder = State::Sent(Box::pin(std::future::pending()));
                    if let State::Prepared(prepared) = std::mem::replace(&mut self.state, placeholder) {
                        self.state = State::Sent(Box::pin(prepared.send()));
                    }
                }
            }
        }
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = match &self.state {
            State::Prepared(prepared) => prepared.call.as_ref().ok().map(|call| call.operation().id),
            State::Sent(_) => None,
        };
        f.debug_struct("Call").field("operation", &operation).finish_non_exhaustive()
    }
}

impl Client {
    /// Prepares a call of the [generated client](Self::raw) that is sent with the key, the retries, the rate limit and the
    /// errors of this client.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// let teams = client.call(client.raw().list_teams()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The call fails with [`Error::is_invalid_input`] if it was built by a client with another base URL, which must not get
    /// the key of this one; and with every error of a call.
    pub fn call<T: Send + 'static>(&self, call: grinfi_raw::Call<T>) -> Call<T> {
        Call::new(self, Ok(call))
    }

    /// Prepares a call whose arguments are validated first.
    pub(crate) fn try_call<T: Send + 'static>(
        &self,
        call: impl FnOnce() -> Result<grinfi_raw::Call<T>>,
    ) -> Call<T> {
        Call::new(self, call())
    }
}
