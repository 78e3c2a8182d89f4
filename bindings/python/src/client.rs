//! The client. Each method that sends requests has a blocking and an asynchronous version.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use grinfi::{ClientBuilder, Error, Order, RequestOptions, raw::Operation, request::Request};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyType};
use serde_json::{Map, Value};

use crate::{
    asyncio::into_asyncio,
    block_on::block_on,
    download::Download,
    errors,
    filters::Listing,
    logging,
    options::{Overrides, Settings},
    pages::Pages,
    process::ProcessLocal,
    progress::ProgressCall,
    resource_calls::{Outcome, ResourceCall, WaitCall, WaitOptions},
    response::Response,
    upload::File,
};

/// A client for one key. Python cannot read the key back.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Client {
    shared: Arc<Shared>,
    options: RequestOptions,
}

struct Shared {
    settings: ClientBuilder,
    client: Mutex<ProcessLocal<grinfi::Client>>,
}

impl Shared {
    /// Returns the client. Runs no Python while the lock is held: a thread that waits for it may hold the interpreter.
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

/// Parameters of the path by name, and of the query in order.
type Path = Vec<(String, String)>;
type Query = Vec<(String, String)>;

#[pymethods]
impl Client {
    #[new]
    fn new(py: Python<'_>, settings: Settings) -> PyResult<Self> {
        let settings = settings.builder()?;
        let client = settings.clone().build().map_err(|error| errors::raise(py, &error))?;
        let shared = Shared { settings, client: Mutex::new(ProcessLocal::new(client)) };
        Ok(Self { shared: Arc::new(shared), options: RequestOptions::new() })
    }

    /// Returns a client with other options that shares everything else with this one.
    fn with_options(&self, py: Python<'_>, overrides: Overrides) -> PyResult<Self> {
        let options = overrides.options()?.map_err(|error| errors::raise(py, &error))?;
        Ok(Self { shared: self.shared.clone(), options: self.options.clone().and(options) })
    }

    /// The base URL of the API.
    #[getter]
    fn base_url(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.client(py)?.base_url().to_owned())
    }

    /// The team that the key is bound to, if the key contains it.
    #[getter]
    fn team_id(&self, py: Python<'_>) -> PyResult<Option<i64>> {
        Ok(self.client(py)?.team_id())
    }

    /// Calls an operation and returns the whole response. With `wants_body`, its body must be JSON.
    fn call(
        &self,
        py: Python<'_>,
        operation: &str,
        path: Path,
        query: Query,
        body: Option<&str>,
        wants_body: bool,
    ) -> PyResult<Response> {
        wait(py, self.calling(py, operation, &path, query, body, wants_body)?)
    }

    /// Asynchronous version of the method above.
    fn call_async<'py>(
        &self,
        py: Python<'py>,
        operation: &str,
        path: Path,
        query: Query,
        body: Option<&str>,
        wants_body: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        into_asyncio(py, self.calling(py, operation, &path, query, body, wants_body)?)
    }

    /// Sends a request to any endpoint.
    fn request(
        &self,
        py: Python<'_>,
        method: &str,
        path: String,
        query: Query,
        body: Option<&str>,
    ) -> PyResult<Response> {
        wait(py, self.requesting(py, method, path, query, body)?)
    }

    /// Asynchronous version of the method above.
    fn request_async<'py>(
        &self,
        py: Python<'py>,
        method: &str,
        path: String,
        query: Query,
        body: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        into_asyncio(py, self.requesting(py, method, path, query, body)?)
    }

    /// Runs a method of the Rust resources; `call` is its name and its arguments as JSON. Returns the result and the responses.
    fn call_resource(&self, py: Python<'_>, call: &str) -> PyResult<(Outcome, Vec<Response>)> {
        wait(py, self.resource_call(py, call)?)
    }

    /// Asynchronous version of [`call_resource`](Self::call_resource).
    fn call_resource_async<'py>(&self, py: Python<'py>, call: &str) -> PyResult<Bound<'py, PyAny>> {
        into_asyncio(py, self.resource_call(py, call)?)
    }

    /// Starts waiting for a job; `call` is its name and its arguments as JSON.
    fn wait_for(&self, py: Python<'_>, call: &str, options: WaitOptions) -> PyResult<ProgressCall> {
        read_call::<WaitCall>(py, call)?.start(self.client(py)?, &options)
    }

    /// Starts uploading an attachment.
    fn upload_attachment(&self, py: Python<'_>, file: File) -> PyResult<ProgressCall> {
        let client = self.client(py)?;
        Ok(ProgressCall::new(|events| {
            let file = file.outgoing(py, events);
            Box::pin(async move {
                let attachments = client.attachments();
                Ok(Outcome::of(&file.send(|upload| attachments.upload_from(upload)).await?))
            })
        }))
    }

    /// Starts uploading a CSV file.
    fn upload_csv(&self, py: Python<'_>, file: File) -> PyResult<ProgressCall> {
        let client = self.client(py)?;
        Ok(ProgressCall::new(|events| {
            let file = file.outgoing(py, events);
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

    /// Asynchronous version of the method above.
    fn download_async<'py>(&self, py: Python<'py>, file_name: String) -> PyResult<Bound<'py, PyAny>> {
        into_asyncio(py, downloading(self.client(py)?, file_name))
    }

    /// Returns an iterator over the pages of a listing, whose rows are records of the class `record`.
    ///
    /// `filter` is an object from `check_filter`, `order` a column with `asc` or `desc`. Without `page_size`, the API chooses the
    /// page size. `complete` returns each row exactly once, from the cursor `since` on. `prefetch` pages are fetched ahead.
    #[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
    #[pyo3(signature = (
        operation, *, record, path = vec![], query = vec![], filter = None, order = None, page_size = None, offset = 0,
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
        page_size: Option<u32>,
        offset: u64,
        max_items: Option<u64>,
        complete: bool,
        since: Option<&str>,
        prefetch: usize,
    ) -> PyResult<Pages> {
        let raised = |error| errors::raise(py, &error);
        let (described, request) = self.described(py, operation, &path)?;
        let mut request = filled(py, request, query, None)?;
        let page_size = page_size.or(described.paging.map(|paging| paging.page_size)).unwrap_or(1);
        let filter: Map<String, Value> = match filter {
            Some(filter) => serde_json::from_str(filter).map_err(|error| unwritable(py, &error))?,
            None => Map::new(),
        };
        if complete {
            let time = Listing::by_operation(operation)?.time.ok_or_else(|| {
                PyValueError::new_err(format!("rows of `{operation}` have no time to order them by"))
            })?;
            let raised = |error| errors::raise_as(py, &error, &[("cursor", "since")]);
            if let Some(since) = since {
                request = request.resume(&since.parse().map_err(raised)?);
            }
            let pages = request.complete(time, filter, page_size, max_items).map_err(raised)?;
            return Ok(Pages::new(pages.prefetch(prefetch), described.id, record));
        }
        if let Some((column, direction)) = order {
            let order = if direction == "asc" { Order::Asc } else { Order::Desc };
            request = request.order_by(column, order);
        }
        // A filter that is one JSON text is required, if only as an empty object.
        let needed = described.filter == Some(grinfi::raw::operation::FilterStyle::JsonString);
        if !filter.is_empty() || needed {
            request = request.filter(&filter).map_err(raised)?;
        }
        let pages = request.pages(page_size, offset, max_items).map_err(raised)?;
        Ok(Pages::new(pages.prefetch(prefetch), described.id, record))
    }
}

impl Client {
    /// Returns the client of this process: after a fork a new one, with its own connections.
    fn client(&self, py: Python<'_>) -> PyResult<grinfi::Client> {
        logging::read_level(py)?;
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
    ) -> PyResult<impl Future<Output = Result<Response, Error>> + Send + 'static> {
        let (described, request) = self.described(py, operation, path)?;
        let request = filled(py, request, query, body)?;
        Ok(async move { Response::new(request.send().await?, Some(described), wants_body) })
    }

    fn requesting(
        &self,
        py: Python<'_>,
        method: &str,
        path: String,
        query: Query,
        body: Option<&str>,
    ) -> PyResult<impl Future<Output = Result<Response, Error>> + Send + 'static> {
        let method = method.parse().map_err(|_| {
            errors::plain(
                py,
                "InvalidInputError",
                &format!("`method` must be an HTTP method, got `{method}`"),
            )
        })?;
        let request = filled(py, self.client(py)?.request(method, path), query, body)?;
        Ok(async move { Response::new(request.send().await?, None, false) })
    }

    fn resource_call(
        &self,
        py: Python<'_>,
        call: &str,
    ) -> PyResult<impl Future<Output = Result<(Outcome, Vec<Response>), Error>> + Send + 'static> {
        Ok(read_call::<ResourceCall>(py, call)?.run(self.client(py)?))
    }
}

fn read_call<T: serde::de::DeserializeOwned>(py: Python<'_>, call: &str) -> PyResult<T> {
    serde_json::from_str(call).map_err(|error| unwritable(py, &error))
}

/// Waits for a call, and raises its error.
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

/// Returns the error for JSON that Python can write but Rust cannot read, such as half a surrogate pair.
fn unwritable(py: Python<'_>, error: &serde_json::Error) -> PyErr {
    errors::plain(py, "InvalidInputError", &format!("the arguments cannot be sent as JSON: {error}"))
}
