//! Responses of the API with a success status.

use grinfi::{Error, raw::Operation, request};
use pyo3::{prelude::*, types::PyBytes};

/// A response of the API with a success status.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Response {
    response: request::Response,
    operation: Option<&'static Operation>,
}

impl Response {
    /// Wraps a response. With `wants_body`, a response without a JSON body is an error.
    pub(crate) fn new(
        response: request::Response,
        operation: Option<&'static Operation>,
        wants_body: bool,
    ) -> Result<Self, Error> {
        if wants_body {
            response.json::<serde::de::IgnoredAny>()?;
        }
        Ok(Self { response, operation })
    }

    /// Wraps a response to one of the requests of a resource method, which has decoded it.
    pub(crate) fn of_logged(response: request::Response) -> Self {
        Self { operation: response.operation(), response }
    }
}

#[pymethods]
impl Response {
    #[getter]
    fn body<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.response.body())
    }

    #[getter]
    fn operation(&self) -> Option<&'static str> {
        self.operation.map(|operation| operation.id)
    }

    #[getter]
    fn method(&self) -> Option<&'static str> {
        self.operation.map(|operation| operation.method)
    }

    /// The path template.
    #[getter]
    fn path(&self) -> Option<&'static str> {
        self.operation.map(|operation| operation.path)
    }

    #[getter]
    fn status(&self) -> u16 {
        self.response.status()
    }

    /// The headers, with lower-case names, without values that are not text.
    #[getter]
    fn headers(&self) -> Vec<(String, String)> {
        let headers = self.response.headers().iter();
        headers
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .collect()
    }

    /// The request of a non-idempotent operation: its start time, path and body.
    #[getter]
    fn sent<'py>(&self, py: Python<'py>) -> Option<(i64, String, Option<Bound<'py, PyBytes>>)> {
        self.response.sent().map(|sent| {
            let body = sent.body.as_deref().map(|body| PyBytes::new(py, body));
            (sent.started_at.timestamp_micros(), sent.path.clone(), body)
        })
    }

    #[getter]
    fn attempts(&self) -> u32 {
        self.response.attempts()
    }

    /// In seconds.
    #[getter]
    fn waited(&self) -> f64 {
        self.response.waited().as_secs_f64()
    }
}
