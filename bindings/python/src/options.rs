//! Settings of clients and options of calls, whose types Python has validated.

use std::time::Duration;

use grinfi::{ClientBuilder, Error, RateLimit, RequestOptions, RetryPolicy, raw::operation::Effect};
use pyo3::{exceptions::PyValueError, prelude::*};

/// Settings of a client. `None` means the value from the environment, or the default. Times are in seconds.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Settings {
    api_key: Option<String>,
    base_url: Option<String>,
    connect_timeout: f64,
    timeout: f64,
    deadline: Option<f64>,
    max_retries: u32,
    max_rate_limit_wait: f64,
    /// 0 for no limit.
    requests_per_minute: Option<u32>,
    headers: Vec<(String, String)>,
    proxy: Option<String>,
    root_certificates: Vec<Vec<u8>>,
    user_agent: Option<String>,
}

impl Settings {
    pub(crate) fn builder(self) -> PyResult<ClientBuilder> {
        let own = concat!("grinfi-python/", env!("CARGO_PKG_VERSION"));
        let user_agent = self.user_agent.map_or_else(|| own.to_owned(), |name| format!("{own} {name}"));
        let mut settings = ClientBuilder::from_env()
            .connect_timeout(seconds(self.connect_timeout)?)
            .timeout(seconds(self.timeout)?)
            .user_agent_suffix(user_agent)
            .retry(retry(self.max_retries, Some(seconds(self.max_rate_limit_wait)?)));
        if let Some(api_key) = self.api_key {
            settings = settings.api_key(api_key);
        }
        if let Some(base_url) = self.base_url {
            settings = settings.base_url(base_url);
        }
        if let Some(deadline) = self.deadline {
            settings = settings.deadline(seconds(deadline)?);
        }
        match self.requests_per_minute {
            None => {}
            Some(0) => settings = settings.rate_limit(RateLimit::off()),
            Some(requests) => settings = settings.rate_limit(RateLimit::default().requests(requests)),
        }
        for (name, value) in self.headers {
            settings = settings.header(name, value);
        }
        if let Some(proxy) = self.proxy {
            settings = settings.proxy(proxy);
        }
        Ok(self.root_certificates.into_iter().fold(settings, ClientBuilder::root_certificates))
    }
}

/// Options that replace those of a client. `None` keeps the current one. Times are in seconds.
#[derive(FromPyObject, Default)]
#[pyo3(from_item_all)]
pub(crate) struct Overrides {
    timeout: Option<f64>,
    /// 0 for no deadline.
    deadline: Option<f64>,
    max_retries: Option<u32>,
    max_rate_limit_wait: Option<f64>,
    headers: Vec<(String, String)>,
    effect: Option<String>,
}

impl Overrides {
    pub(crate) fn options(self) -> PyResult<Result<RequestOptions, Error>> {
        let mut options = RequestOptions::new();
        if let Some(limit) = self.timeout {
            options = options.timeout(seconds(limit)?);
        }
        match self.deadline {
            None => {}
            Some(0.0) => options = options.no_deadline(),
            Some(limit) => options = options.deadline(seconds(limit)?),
        }
        let wait = self.max_rate_limit_wait.map(seconds).transpose()?;
        if self.max_retries.is_some() || wait.is_some() {
            let max_retries = self.max_retries.unwrap_or(RetryPolicy::default().max_retries);
            options = options.retry(retry(max_retries, wait));
        }
        if let Some(effect) = self.effect {
            options = options.effect(read_effect(&effect)?);
        }
        for (name, value) in self.headers {
            match options.header(&name, &value) {
                Ok(more) => options = more,
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(options))
    }
}

/// Returns the retry policy. Without retries, the first failure is returned, also a 429.
fn retry(max_retries: u32, max_rate_limit_wait: Option<Duration>) -> RetryPolicy {
    match (max_retries, max_rate_limit_wait) {
        (0, _) => RetryPolicy::never(),
        (max_retries, None) => RetryPolicy::default().max_retries(max_retries),
        (max_retries, Some(wait)) => {
            RetryPolicy::default().max_retries(max_retries).max_rate_limit_wait(wait)
        }
    }
}

fn read_effect(effect: &str) -> PyResult<Effect> {
    match effect {
        "read-only" => Ok(Effect::ReadOnly),
        "idempotent" => Ok(Effect::Idempotent),
        "non-idempotent" => Ok(Effect::NonIdempotent),
        other => Err(PyValueError::new_err(format!("unknown effect `{other}`"))),
    }
}

fn seconds(seconds: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds).map_err(|error| PyValueError::new_err(error.to_string()))
}
