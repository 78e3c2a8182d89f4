//! Decoding of responses.

use std::fmt;

use bytes::Bytes;
use futures_util::{future, stream};
use reqwest::{Response, StatusCode, header::HeaderMap};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    ByteStream, Error,
    call::{ReadBody, ResponseInfo},
};

/// Decoder of the responses of one operation.
pub struct Decoder<T> {
    kind: Kind<T>,
}

enum Kind<T> {
    Body(fn(&[u8]) -> Result<T, serde_json::Error>),
    Stream(fn(ByteStream) -> T),
}

impl<T> Decoder<T> {
    /// Decoder of the whole body.
    pub(crate) fn body(decode: fn(&[u8]) -> Result<T, serde_json::Error>) -> Self {
        Self { kind: Kind::Body(decode) }
    }

    /// Decodes a response.
    ///
    /// # Errors
    ///
    /// If the status is not a success, the connection breaks before the end of the body, or the body does not decode.
    pub async fn decode(self, mut response: Response) -> Result<(T, ResponseInfo), Error> {
        let status = response.status();
        if !status.is_success() {
            let (status, headers, body) = read(response).await.map_err(Error::of_body)?;
            return Err(Error::of_status(status, headers, body));
        }
        match self.kind {
            Kind::Body(decode) => {
                let (status, headers, body) = read(response).await.map_err(Error::of_body)?;
                match decode(&body) {
                    Ok(value) => Ok((value, ResponseInfo { status, headers })),
                    Err(source) => Err(Error::decode(status, headers, body, source)),
                }
            }
            Kind::Stream(of) => {
                let headers = std::mem::take(response.headers_mut());
                let stream = match response.extensions_mut().remove::<ReadBody>() {
                    Some(ReadBody(body)) => ByteStream::new(Box::pin(stream::once(future::ready(Ok(body))))),
                    None => ByteStream::new(Box::pin(response.bytes_stream())),
                };
                Ok((of(stream), ResponseInfo { status, headers }))
            }
        }
    }
}

impl<T: DeserializeOwned> Decoder<T> {
    /// Decoder of a JSON body.
    pub(crate) fn json() -> Self {
        Self::body(json)
    }
}

impl Decoder<()> {
    /// Decoder that ignores the body.
    pub(crate) fn empty() -> Self {
        Self::body(|_| Ok(()))
    }
}

impl Decoder<Option<Value>> {
    pub(crate) fn json_or_empty() -> Self {
        Self::body(|body| if body.trim_ascii().is_empty() { Ok(None) } else { json(body).map(Some) })
    }
}

impl Decoder<ByteStream> {
    /// Decoder that returns the body as it arrives.
    pub(crate) fn stream() -> Self {
        Self { kind: Kind::Stream(|stream| stream) }
    }
}

impl<T> fmt::Debug for Decoder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder").finish_non_exhaustive()
    }
}

/// Decodes JSON.
pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    // Validating UTF-8 once rather than for each string saves a seventh of the time. Invalid UTF-8 may still decode, where it
    // is in a field that is skipped.
    match std::str::from_utf8(body) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(body),
    }
}

/// Reads a response: status, headers and the whole body.
///
/// # Errors
///
/// If the connection breaks before the end of the body.
pub async fn read(mut response: Response) -> reqwest::Result<(StatusCode, HeaderMap, Bytes)> {
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let body = match response.extensions_mut().remove::<ReadBody>() {
        Some(ReadBody(body)) => body,
        None => response.bytes().await?,
    };
    Ok((status, headers, body))
}
