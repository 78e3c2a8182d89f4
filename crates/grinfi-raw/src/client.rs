//! The raw client: a base URL, an HTTP client, and optionally a transport that sends in its place.

use std::{fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use reqwest::{Request, Response, Url};

use crate::{Error, Operation};

/// Future of a [`Transport`]. A failure is any error; [`Error`] keeps it as its source.
pub type TransportFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Response, Box<dyn std::error::Error + Send + Sync>>> + Send + 'a>>;

/// Sends the requests of a [`Client`].
pub trait Transport: Send + Sync + 'static {
    /// Sends `request`, which belongs to `operation`, and returns the response.
    ///
    /// A transport may return responses that are not a success; the call then fails with their status.
    fn send<'a>(&'a self, request: Request, operation: &'static Operation) -> TransportFuture<'a>;
}

/// Client with one method for each operation of the API. Cheap to clone.
///
/// The methods build a [`Call`](crate::Call) and send nothing. By default a call is sent once, through `reqwest`, without a
/// key.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    base_url: String,
    /// `None` if the base URL does not parse.
    base: Option<Url>,
    http: reqwest::Client,
    transport: Option<Arc<dyn Transport>>,
}

impl Client {
    /// Creates a client that sends each call once: it follows no redirects and retries nothing. An attempt times out after
    /// 60 s.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up.
    pub fn new(base_url: &str) -> Result<Self, Error> {
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .timeout(Duration::from_secs(60));
        Ok(Self::with_http_client(base_url, builder.build().map_err(Error::request)?))
    }

    /// Creates a client that sends each call once, through `http`.
    #[must_use]
    pub fn with_http_client(base_url: &str, http: reqwest::Client) -> Self {
        Self::build(base_url, http, None)
    }

    /// Creates a client that builds requests with `http` and sends them through `transport`.
    #[must_use]
    pub fn with_transport(base_url: &str, http: reqwest::Client, transport: Arc<dyn Transport>) -> Self {
        Self::build(base_url, http, Some(transport))
    }

    fn build(base_url: &str, http: reqwest::Client, transport: Option<Arc<dyn Transport>>) -> Self {
        let base = Url::parse(base_url).ok().filter(|url| !url.cannot_be_a_base());
        Self { inner: Arc::new(Inner { base_url: base_url.to_owned(), base, http, transport }) }
    }

    /// Returns the base URL.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.inner.base_url
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.inner.http
    }

    /// Returns the URL of an operation. Each `{}` in `template` is replaced by the next of `parameters`, given with its name.
    pub(crate) fn url(
        &self,
        template: &str,
        parameters: &[(&'static str, &dyn fmt::Display)],
    ) -> Result<Url, Error> {
        let Some(base) = &self.inner.base else {
            return Err(Error::invalid(
                "base_url",
                format!("`base_url` is not a URL: {:?}", self.base_url()),
            ));
        };
        let mut path = base.path().trim_end_matches('/').to_owned();
        let mut parameters = parameters.iter();
        for (index, part) in template.split("{}").enumerate() {
            if index > 0
                && let Some((name, value)) = parameters.next()
            {
                path.push_str(&path_parameter(name, value)?);
            }
            path.push_str(part);
        }
        let mut url = base.clone();
        url.set_path(&path);
        Ok(url)
    }

    pub(crate) async fn send(
        &self,
        request: Request,
        operation: &'static Operation,
    ) -> Result<Response, Error> {
        match &self.inner.transport {
            Some(transport) => transport.send(request, operation).await.map_err(Error::transport),
            None => self.http().execute(request).await.map_err(|source| Error::transport(source.into())),
        }
    }
}

/// Checks a path parameter. All of them are ids: UUIDs, integers or short names. An empty one would reach another operation.
fn path_parameter(name: &'static str, value: &dyn fmt::Display) -> Result<String, Error> {
    let value = value.to_string();
    if value.is_empty() {
        return Err(Error::invalid(name, format!("`{name}` must not be empty")));
    }
    if !value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        return Err(Error::invalid(name, format!("`{name}` is not a valid id: {value:?}")));
    }
    Ok(value)
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The HTTP client and the transport may contain a key.
        f.debug_struct("Client").field("base_url", &self.inner.base_url).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appends_the_path_to_the_base_url() {
        for (base, expected) in [
            ("http://127.0.0.1:8787", "http://127.0.0.1:8787/leads/api/lists/a-1/x"),
            ("https://example.com/", "https://example.com/leads/api/lists/a-1/x"),
            ("https://example.com/proxy", "https://example.com/proxy/leads/api/lists/a-1/x"),
            ("https://example.com/proxy/", "https://example.com/proxy/leads/api/lists/a-1/x"),
        ] {
            let url = Client::new(base).unwrap().url("/leads/api/lists/{}/x", &[("uuid", &"a-1")]).unwrap();
            assert_eq!(url.as_str(), expected);
        }
    }

    #[test]
    fn rejects_a_base_url_that_does_not_parse() {
        let error = Client::new("nowhere").unwrap().url("/leads", &[]).unwrap_err();
        assert_eq!(
            (error.field(), error.to_string().as_str()),
            (Some("base_url"), "`base_url` is not a URL: \"nowhere\"")
        );
    }

    #[test]
    fn rejects_path_parameters_that_are_not_ids() {
        for value in ["", "a b", "a/b", "..", "../a?b#c", "ä"] {
            let error =
                Client::new("http://127.0.0.1").unwrap().url("/lists/{}", &[("uuid", &value)]).unwrap_err();
            assert_eq!((error.field(), error.is_invalid_input()), (Some("uuid"), true), "{value}");
        }
    }
}
