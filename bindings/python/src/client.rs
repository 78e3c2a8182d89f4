//! The client: settings in, calls out. Every call is there twice: to wait for, and to be awaited.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use grinfi::{ClientBuilder, Error, Order, RequestOptions, raw::Operation, request::Request};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyType};
use serde_json::{Map, Value};

use crate::{
    answer::Answer,
    block::block_on,
    composed::{Awaited, Composed, Outcome, Waits},
    download::Download,
    errors,
    filters::Listing,
    later::later,
    logging,
    pages::Pages,
    process::Here,
    settings::{Otherwise, Settings},
    upload::File,
    waiting::Waiting,
};

/// A client for one key. The key stays on this side: Python cannot read it back.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Client {
    shared: Arc<Shared>,
    options: RequestOptions,
}

struct Shared {
    settings: ClientBuilder,
    client: Mutex<Here<grinfi::Client>>,
}

impl Shared {
    /// No Python runs while the lock is held: a thread that waits for it may hold the interpreter.
    fn client(&self) -> Result<grinfi::Client, Error> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = client.get() {
            return Ok(client.clone());
        }
        let new = self.settings.clone().build()?;
        client.put(new.clone());
        Ok(new)
    }
}

/// What goes into a request: parameters of the path by name, of the query in order, a body of JSON text.
type Path = Vec<(String, String)>;
type Query = Vec<(String, String)>;

#[pymethods]
impl Client {
    #[new]
    fn new(py: Python<'_>, settings: Settings) -> PyResult<Self> {
        let settings = settings.builder()?;
        let client = settings.clone().build().map_err(|error| errors::raise(py, &error))?;
        let shared = Shared { settings, client: Mutex::new(Here::new(client)) };
        Ok(Self { shared: Arc::new(shared), options: RequestOptions::new() })
    }

    /// A client that shares all but some options with this one.
    fn with_options(&self, py: Python<'_>, otherwise: Otherwise) -> PyResult<Self> {
        let options = otherwise.options()?.map_err(|error| errors::raise(py, &error))?;
        Ok(Self { shared: self.shared.clone(), options: self.options.clone().and(options) })
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

    /// Calls a described operation and reads the whole answer, which has to be JSON if `wants_body`.
    fn call(
        &self,
        py: Python<'_>,
        operation: &str,
        path: Path,
        query: Query,
        body: Option<&str>,
        wants_body: bool,
    ) -> PyResult<Answer> {
        wait(py, self.calling(py, operation, &path, query, body, wants_body)?)
    }

    /// The same, to be awaited.
    fn call_later<'py>(
        &self,
        py: Python<'py>,
        operation: &str,
        path: Path,
        query: Query,
        body: Option<&str>,
        wants_body: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        later(py, self.calling(py, operation, &path, query, body, wants_body)?)
    }

    /// Sends a request to an endpoint that may not be described.
    fn request(
        &self,
        py: Python<'_>,
        method: &str,
        path: String,
        query: Query,
        body: Option<&str>,
    ) -> PyResult<Answer> {
        wait(py, self.requesting(py, method, path, query, body)?)
    }

    /// The same, to be awaited.
    fn request_later<'py>(
        &self,
        py: Python<'py>,
        method: &str,
        path: String,
        query: Query,
        body: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        later(py, self.requesting(py, method, path, query, body)?)
    }

    /// What the core makes of several calls; `call` is its name and arguments.
    fn composed(&self, py: Python<'_>, call: &str) -> PyResult<Outcome> {
        wait(py, self.composing(py, call)?)
    }

    /// The same, to be awaited.
    fn composed_later<'py>(&self, py: Python<'py>, call: &str) -> PyResult<Bound<'py, PyAny>> {
        later(py, self.composing(py, call)?)
    }

    /// Starts waiting for a job; `call` is what to wait for.
    fn wait_for(&self, py: Python<'_>, call: &str, waits: Waits) -> PyResult<Waiting> {
        read_call::<Awaited>(call)?.start(self.client(py)?, &waits)
    }

    /// Starts uploading an attachment.
    fn upload_attachment(&self, py: Python<'_>, file: File) -> PyResult<Waiting> {
        let client = self.client(py)?;
        Ok(Waiting::new(|tell| {
            let file = file.outgoing(py, tell);
            Box::pin(async move {
                let attachments = client.attachments();
                Ok(Outcome::of(&file.send(|upload| attachments.upload_from(upload)).await?))
            })
        }))
    }

    /// Starts uploading a CSV file.
    fn upload_csv(&self, py: Python<'_>, file: File) -> PyResult<Waiting> {
        let client = self.client(py)?;
        Ok(Waiting::new(|tell| {
            let file = file.outgoing(py, tell);
            Box::pin(async move {
                let imports = client.file_imports();
                Ok(Outcome::of(&file.send(|upload| imports.upload_from(upload)).await?))
            })
        }))
    }

    /// Starts the download of an export.
    fn download(&self, py: Python<'_>, file_name: String) -> PyResult<Download> {
        wait(py, downloading(self.client(py)?, file_name))
    }

    /// The same, to be awaited.
    fn download_later<'py>(&self, py: Python<'py>, file_name: String) -> PyResult<Bound<'py, PyAny>> {
        later(py, downloading(self.client(py)?, file_name))
    }

    /// The pages of a listing, whose rows are records of the class `record`. `filter` is an object that `check_filter` made,
    /// `order` a column with `asc` or `desc`; without `limit` a page is as large as the API makes it;
    /// `complete` misses and repeats none, from the cursor `since` on; so many pages are fetched ahead as `prefetch` says.
    #[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
    #[pyo3(signature = (
        operation, *, record, path = vec![], query = vec![], filter = None, order = None, limit = None, offset = 0,
        max_items = None, complete = false, since = None, prefetch = 0
    ))]
    fn pages(
        &self,
        py: Python<'_>,
        operation: &str,
        record: Py<PyType>,
        path: Path,
        query: Query,
        filter: Option<&str>,
        order: Option<(String, String)>,
        limit: Option<u32>,
        offset: u64,
        max_items: Option<u64>,
        complete: bool,
        since: Option<&str>,
        prefetch: usize,
    ) -> PyResult<Pages> {
        let raised = |error| errors::raise(py, &error);
        let (described, request) = self.described(py, operation, &path)?;
        let mut request = filled(py, request, query, None)?;
        let limit = limit.or(described.paging.map(|paging| paging.page_size)).unwrap_or(1);
        let filter: Map<String, Value> = match filter {
            Some(filter) => serde_json::from_str(filter).map_err(|error| unwritable(py, &error))?,
            None => Map::new(),
        };
        if complete {
            let time = Listing::by_operation(operation)?.time.ok_or_else(|| {
                PyValueError::new_err(format!("`{operation}` has no time to be read completely by"))
            })?;
            let raised = |error| errors::raise_as(py, &error, &[("cursor", "since")]);
            if let Some(since) = since {
                request = request.resume(&since.parse().map_err(raised)?);
            }
            let pages = request.complete(time, filter, limit, max_items).map_err(raised)?;
            return Ok(Pages::new(pages.prefetch(prefetch), described.id, record));
        }
        if let Some((column, direction)) = order {
            let order = if direction == "asc" { Order::Asc } else { Order::Desc };
            request = request.order_by(column, order);
        }
        // Where the filter is one JSON text it must be there, if only as an empty object.
        let needed = described.filter == Some(grinfi::raw::operation::FilterStyle::JsonString);
        if !filter.is_empty() || needed {
            request = request.filter(&filter).map_err(raised)?;
        }
        let pages = request.pages(limit, offset, max_items).map_err(raised)?;
        Ok(Pages::new(pages.prefetch(prefetch), described.id, record))
    }
}

impl Client {
    /// The client of this process; after a fork a new one, with connections of its own.
    fn client(&self, py: Python<'_>) -> PyResult<grinfi::Client> {
        logging::look(py)?;
        Ok(self
            .shared
            .client()
            .map_err(|error| errors::raise(py, &error))?
            .with_options(self.options.clone()))
    }

    fn described(
        &self,
        py: Python<'_>,
        operation: &str,
        path: &[(String, String)],
    ) -> PyResult<(&'static Operation, Request)> {
        let path: Vec<(&str, &str)> =
            path.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let request =
            self.client(py)?.operation(operation, &path).map_err(|error| errors::raise(py, &error))?;
        let described = Operation::by_id(operation)
            .ok_or_else(|| PyValueError::new_err(format!("`{operation}` is not in the API description")))?;
        Ok((described, request))
    }

    fn calling(
        &self,
        py: Python<'_>,
        operation: &str,
        path: &[(String, String)],
        query: Query,
        body: Option<&str>,
        wants_body: bool,
    ) -> PyResult<impl Future<Output = Result<Answer, Error>> + Send + 'static> {
        let (described, request) = self.described(py, operation, path)?;
        let request = filled(py, request, query, body)?;
        Ok(async move { Answer::new(request.send().await?, Some(described), wants_body) })
    }

    fn requesting(
        &self,
        py: Python<'_>,
        method: &str,
        path: String,
        query: Query,
        body: Option<&str>,
    ) -> PyResult<impl Future<Output = Result<Answer, Error>> + Send + 'static> {
        let method = method.parse().map_err(|_| {
            errors::plain(py, "InvalidInputError", &format!("method: `{method}` is no HTTP method"))
        })?;
        let request = filled(py, self.client(py)?.request(method, path), query, body)?;
        Ok(async move { Answer::new(request.send().await?, None, false) })
    }

    fn composing(
        &self,
        py: Python<'_>,
        call: &str,
    ) -> PyResult<impl Future<Output = Result<Outcome, Error>> + Send + 'static> {
        Ok(read_call::<Composed>(call)?.run(self.client(py)?))
    }
}

fn read_call<T: serde::de::DeserializeOwned>(call: &str) -> PyResult<T> {
    serde_json::from_str(call).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// Waits for a call, and raises what it fails with.
fn wait<T: Send>(py: Python<'_>, call: impl Future<Output = Result<T, Error>> + Send) -> PyResult<T> {
    block_on(py, call)?.map_err(|error| errors::raise(py, &error))
}

async fn downloading(client: grinfi::Client, file_name: String) -> Result<Download, Error> {
    Ok(Download::new(client.file_exports().download(&file_name).await?))
}

fn filled(py: Python<'_>, request: Request, query: Query, body: Option<&str>) -> PyResult<Request> {
    let request = query.into_iter().fold(request, |request, (name, value)| request.query(name, value));
    match body {
        Some(body) => {
            let body: Value = serde_json::from_str(body).map_err(|error| unwritable(py, &error))?;
            Ok(request.json(&body))
        }
        None => Ok(request),
    }
}

/// JSON that Python wrote can hold what no JSON can, half a surrogate pair for instance.
fn unwritable(py: Python<'_>, error: &serde_json::Error) -> PyErr {
    errors::plain(py, "InvalidInputError", &format!("it cannot be sent as JSON: {error}"))
}
