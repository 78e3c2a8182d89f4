//! From a request to a value: what the generated methods begin and end with.

use bytes::Bytes;
use futures_util::{future, stream};
use progenitor_client::{ClientHooks, OperationInfo};
use reqwest::{Request, Response, StatusCode, Url, header::HeaderMap};
use serde::de::DeserializeOwned;

use crate::{ByteStream, Client, ClientInfo, Error, ResponseValue};

/// The body of a response whose transport has read it already, among the response's extensions. The response itself is empty
/// then, and is spared being put together anew.
#[derive(Debug, Clone)]
pub struct ReadBody(pub Bytes);

/// Takes a response apart: status, headers and the whole body.
///
/// # Errors
///
/// If the connection breaks before the end of the body.
pub async fn whole(mut response: Response) -> reqwest::Result<(StatusCode, HeaderMap, Bytes)> {
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let body = match response.extensions_mut().remove::<ReadBody>() {
        Some(ReadBody(body)) => body,
        None => response.bytes().await?,
    };
    Ok((status, headers, body))
}

/// Sends the request of an operation. What else is done with each request is the transport's.
pub(crate) async fn send(
    client: &Client,
    request: Request,
    operation_id: &'static str,
) -> reqwest::Result<Response> {
    client.exec(request, &OperationInfo { operation_id }).await
}

/// The error that a response is which is no success.
pub(crate) async fn refused<E: DeserializeOwned>(response: Response) -> Error<E> {
    if !(400..=599).contains(&response.status().as_u16()) {
        return Error::UnexpectedResponse(response);
    }
    match decode(response).await {
        Ok(said) => Error::ErrorResponse(said),
        Err(error) => error,
    }
}

/// The answer that a response is.
pub(crate) async fn decode<T: DeserializeOwned, E>(response: Response) -> Result<ResponseValue<T>, Error<E>> {
    let (status, headers, body) = whole(response).await.map_err(Error::ResponseBodyError)?;
    // Checked for UTF-8 once and not text by text, which takes a seventh off the whole. What is none may still be read, if
    // it stands where nobody looks.
    let decoded = match std::str::from_utf8(&body) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(&body),
    };
    match decoded {
        Ok(value) => Ok(ResponseValue::new(value, status, headers)),
        Err(error) => Err(Error::InvalidResponsePayload(body, error)),
    }
}

/// A response as a file that is handed over as it comes.
pub(crate) fn as_stream(mut response: Response) -> ResponseValue<ByteStream> {
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let body = match response.extensions_mut().remove::<ReadBody>() {
        Some(ReadBody(body)) => ByteStream::new(Box::pin(stream::once(future::ready(Ok(body))))),
        None => ByteStream::new(Box::pin(response.bytes_stream())),
    };
    ResponseValue::new(body, status, headers)
}

/// Where an operation is: the base URL with the path of the operation behind it. The base is parsed once for all requests.
pub(crate) fn url(client: &Client, path: &str) -> Result<Url, String> {
    let Some(base) = client.inner().base(client.baseurl()) else {
        return Err(format!("`{}` is no base URL", client.baseurl()));
    };
    let mut url = base.clone();
    let prefix = base.path().trim_end_matches('/');
    if prefix.is_empty() {
        url.set_path(path);
    } else {
        url.set_path(&format!("{prefix}{path}"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hooks;

    #[test]
    fn the_path_stands_behind_the_base() {
        for (base, expected) in [
            ("http://127.0.0.1:8787", "http://127.0.0.1:8787/leads/api/leads/a%2Fb"),
            ("https://example.com/", "https://example.com/leads/api/leads/a%2Fb"),
            ("https://example.com/proxy", "https://example.com/proxy/leads/api/leads/a%2Fb"),
            ("https://example.com/proxy/", "https://example.com/proxy/leads/api/leads/a%2Fb"),
        ] {
            let client = Client::new(base, Hooks::default());
            let url = url(&client, "/leads/api/leads/a%2Fb").unwrap();
            assert_eq!(url.as_str(), expected);
        }
        let client = Client::new("nowhere", Hooks::default());
        let error = url(&client, "/leads").unwrap_err();
        assert_eq!(error, "`nowhere` is no base URL");
    }
}
