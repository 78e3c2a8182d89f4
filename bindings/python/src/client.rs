//! The client: settings in, calls out.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use grinfi::{
    ClientBuilder, Request, Retry,
    raw::{
        Brackets, Operation,
        operation::{FilterStyle, PagingAt},
    },
};
use pyo3::{exceptions::PyValueError, prelude::*};
use serde_json::{Map, Value, value::RawValue};

use crate::{block::block_on, errors, pages::Pages, process::Here};

/// A client for one key. The key stays on this side: Python cannot read it back.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Client {
    settings: ClientBuilder,
    client: Mutex<Here<grinfi::Client>>,
}

#[pymethods]
impl Client {
    /// Makes a client; what is `None` comes from the environment or is the default. Time limits are in seconds.
    #[new]
    #[pyo3(signature = (*, api_key, base_url, connect_timeout, attempt_timeout, max_retries))]
    fn new(
        py: Python<'_>,
        api_key: Option<String>,
        base_url: Option<String>,
        connect_timeout: f64,
        attempt_timeout: f64,
        max_retries: u32,
    ) -> PyResult<Self> {
        let mut settings = ClientBuilder::from_env()
            .connect_timeout(seconds(connect_timeout)?)
            .attempt_timeout(seconds(attempt_timeout)?)
            .user_agent_suffix(concat!("grinfi-python/", env!("CARGO_PKG_VERSION")))
            .retry(Retry::default().max_retries(max_retries));
        if let Some(api_key) = api_key {
            settings = settings.api_key(api_key);
        }
        if let Some(base_url) = base_url {
            settings = settings.base_url(base_url);
        }
        let client = settings.clone().build().map_err(|error| errors::raise(py, &error))?;
        Ok(Self { settings, client: Mutex::new(Here::new(client)) })
    }

    /// Where the API lives.
    #[getter]
    fn base_url(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.client(py)?.base_url().to_owned())
    }

    /// The team that the key says it is bound to.
    #[getter]
    fn team_id(&self, py: Python<'_>) -> PyResult<Option<i64>> {
        Ok(self.client(py)?.team_id())
    }

    /// Calls an operation and reads the whole answer, which has to be JSON if `wants_body`.
    #[pyo3(signature = (operation, *, path, body, wants_body))]
    fn call(
        &self,
        py: Python<'_>,
        operation: &str,
        path: HashMap<String, String>,
        body: Option<&str>,
        wants_body: bool,
    ) -> PyResult<Answer> {
        let (described, mut request) = self.request(py, operation, &path)?;
        if let Some(body) = body {
            request = request.json(&read(py, body)?);
        }
        let raised = |error| errors::raise(py, &error);
        let response = block_on(py, request.send())?.map_err(raised)?;
        let text = match wants_body {
            true => Some(response.json::<Box<RawValue>>().map_err(raised)?.get().to_owned()),
            false => None,
        };
        let (status, attempts) = (response.status(), response.attempts());
        Ok(Answer {
            text,
            operation: described.id,
            method: described.method,
            path: described.path,
            status,
            attempts,
        })
    }

    /// The pages of a listing. `filter` is an object that `check_filter` made, `order` a column with `asc` or `desc`.
    #[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
    #[pyo3(signature = (operation, *, filter, order, limit, offset, max_items))]
    fn pages(
        &self,
        py: Python<'_>,
        operation: &str,
        filter: Option<&str>,
        order: Option<(String, String)>,
        limit: u32,
        offset: u64,
        max_items: Option<u64>,
    ) -> PyResult<Pages> {
        let (described, mut request) = self.request(py, operation, &HashMap::new())?;
        let mut body = Map::new();
        let in_body = described.paging.is_some_and(|paging| paging.at == PagingAt::Body);
        let filter = filter.map(|filter| read(py, filter)).transpose()?;
        match (filter, described.filter) {
            (None, _) => {}
            (Some(filter), Some(FilterStyle::JsonBody)) => {
                body.insert("filter".to_owned(), filter);
            }
            (Some(Value::Object(filter)), Some(FilterStyle::Brackets)) => {
                request = request.brackets(&Brackets::new("filter", &filter));
            }
            (Some(filter), Some(FilterStyle::JsonString)) => request = request.query("filter", filter),
            (Some(_), _) => return Err(PyValueError::new_err(format!("`{operation}` takes no such filter"))),
        }
        if let Some((column, direction)) = order {
            if in_body {
                body.insert("order_field".to_owned(), column.into());
                body.insert("order_type".to_owned(), direction.into());
            } else {
                request = request.query("order_field", column).query("order_type", direction);
            }
        }
        if in_body {
            request = request.json(&body);
        }
        let pages = request.pages(limit, offset, max_items).map_err(|error| errors::raise(py, &error))?;
        Ok(Pages::new(pages))
    }
}

impl Client {
    /// The client of this process; after a fork a new one, with connections of its own.
    fn client(&self, py: Python<'_>) -> PyResult<grinfi::Client> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = client.get() {
            return Ok(client.clone());
        }
        let new = self.settings.clone().build().map_err(|error| errors::raise(py, &error))?;
        client.put(new.clone());
        Ok(new)
    }

    fn request(
        &self,
        py: Python<'_>,
        operation: &str,
        path: &HashMap<String, String>,
    ) -> PyResult<(&'static Operation, Request)> {
        let path: Vec<(&str, &str)> =
            path.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let request =
            self.client(py)?.operation(operation, &path).map_err(|error| errors::raise(py, &error))?;
        let described = Operation::by_id(operation)
            .ok_or_else(|| PyValueError::new_err(format!("`{operation}` is not in the API description")))?;
        Ok((described, request))
    }
}

fn seconds(seconds: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(seconds).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// Reads JSON that Python wrote. It can hold what no JSON can, half a surrogate pair for instance.
fn read(py: Python<'_>, json: &str) -> PyResult<Value> {
    serde_json::from_str(json).map_err(|error| {
        errors::plain(py, "InvalidInputError", &format!("it cannot be sent as JSON: {error}"))
    })
}

/// An answer of the API with a status of success.
#[pyclass(module = "grinfi._native", frozen, get_all)]
pub(crate) struct Answer {
    /// The body, JSON; `None` where none was wanted.
    text: Option<String>,
    operation: &'static str,
    method: &'static str,
    path: &'static str,
    status: u16,
    attempts: u32,
}
