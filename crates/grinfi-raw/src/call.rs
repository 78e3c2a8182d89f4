//! A call of an operation: request, operation and decoder, until something sends it.

use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
};

use bytes::Bytes;
use reqwest::{
    Request, RequestBuilder, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value;

use crate::{ByteStream, Client, Error, Operation, response::Decoder};

/// Call of one operation that was built and not sent yet.
///
/// Awaiting it sends it through the transport of its [`Client`]. [`into_parts`](Self::into_parts) is for those that send it
/// in another way, as `grinfi::Client::call` does. It borrows nothing.
#[must_use = "a call does nothing unless it is awaited"]
pub struct Call<T> {
    client: Client,
    operation: &'static Operation,
    request: Result<Request, Error>,
    decoder: Decoder<T>,
}

/// Status and headers of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResponseInfo {
    /// HTTP status.
    pub status: StatusCode,
    /// HTTP headers.
    pub headers: HeaderMap,
}

/// What a [`Call`] consists of.
#[non_exhaustive]
pub struct CallParts<T> {
    /// Request as it is to be sent, without a key.
    pub request: Request,
    /// Operation that the request belongs to.
    pub operation: &'static Operation,
    /// Decoder of the response.
    pub decoder: Decoder<T>,
}

impl<T> Call<T> {
    /// Builds a call.
    pub(crate) fn new(
        client: &Client,
        operation: &'static Operation,
        request: Result<RequestBuilder, Error>,
        decoder: Decoder<T>,
    ) -> Self {
        let request = request.and_then(|builder| builder.build().map_err(Error::request));
        Self { client: client.clone(), operation, request, decoder }
    }

    /// Returns the operation.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Takes the call apart.
    ///
    /// # Errors
    ///
    /// If the request could not be built, for example because of a path parameter that is not an id.
    pub fn into_parts(self) -> Result<CallParts<T>, Error> {
        Ok(CallParts { request: self.request?, operation: self.operation, decoder: self.decoder })
    }

    /// Sends the call and returns the status and the headers of the response with the value.
    ///
    /// # Errors
    ///
    /// As awaiting the call.
    pub async fn with_response(self) -> Result<(T, ResponseInfo), Error> {
        let response = self.client.send(self.request?, self.operation).await?;
        self.decoder.decode(response).await
    }

    fn with_decoder<U>(self, decoder: Decoder<U>) -> Call<U> {
        Call { client: self.client, operation: self.operation, request: self.request, decoder }
    }
}

impl Call<ByteStream> {
    /// Ignores the body of the response: the status is all that matters.
    pub fn ignore_body(self) -> Call<()> {
        self.with_decoder(Decoder::empty())
    }

    /// Decodes the body as JSON of any type, `None` if it is empty.
    pub fn json(self) -> Call<Option<Value>> {
        self.with_decoder(Decoder::json_or_empty())
    }
}

impl<T: Send + 'static> IntoFuture for Call<T> {
    type Output = Result<T, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.with_response().await.map(|(value, _)| value) })
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The request may contain personal data.
        f.debug_struct("Call").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for CallParts<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallParts").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}

/// Sets a header, in place of those of the same name.
pub(crate) fn replace_header(builder: RequestBuilder, name: &str, value: String) -> RequestBuilder {
    match (HeaderName::try_from(name), HeaderValue::try_from(&value)) {
        (Ok(name), Ok(value)) => builder.headers(HeaderMap::from_iter([(name, value)])),
        // Fails when the request is built.
        _ => builder.header(name, value),
    }
}

/// Sets a body of the type `application/x-www-form-urlencoded`.
#[allow(dead_code, reason = "no operation of this API sends a form, those of others do")]
pub(crate) fn form(builder: RequestBuilder, body: &impl serde::Serialize) -> Result<RequestBuilder, Error> {
    use progenitor_client::RequestBuilderExt;

    let failed = |error: progenitor_client::Error<()>| Error::invalid("body", error.to_string());
    RequestBuilderExt::<()>::form_urlencoded(builder, body).map_err(failed)
}

/// Body of a response that a transport has read, among the extensions of the response, whose own body is empty then.
#[derive(Debug, Clone)]
pub struct ReadBody(pub Bytes);
