//! An answer of the API with a status of success, as Python reads it.

use grinfi::{Error, raw::Operation, request::Response};
use pyo3::{prelude::*, types::PyBytes};

/// An answer of the API with a status of success.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Answer {
    response: Response,
    operation: Option<&'static Operation>,
}

impl Answer {
    /// An answer; with `wants_body` one without a body of JSON is an error.
    pub(crate) fn new(
        response: Response,
        operation: Option<&'static Operation>,
        wants_body: bool,
    ) -> Result<Self, Error> {
        if wants_body {
            response.json::<serde::de::IgnoredAny>()?;
        }
        Ok(Self { response, operation })
    }
}

#[pymethods]
impl Answer {
    /// The body.
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

    /// The headers, names in lower case; what is no text is left out.
    #[getter]
    fn headers(&self) -> Vec<(String, String)> {
        let headers = self.response.headers().iter();
        headers
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .collect()
    }

    /// What was sent, if the operation is non-idempotent: when, the path and the body.
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

    /// Seconds.
    #[getter]
    fn waited(&self) -> f64 {
        self.response.waited().as_secs_f64()
    }
}
