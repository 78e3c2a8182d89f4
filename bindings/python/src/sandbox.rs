//! The sandbox inside the process, and its command line.

use std::sync::{Mutex, MutexGuard, PoisonError};

use grinfi_sandbox::{Seed, cli};
use pyo3::{exceptions::PyValueError, prelude::*};

use crate::{block::block_on, errors, process::Here};

/// A running sandbox.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Sandbox {
    #[pyo3(get)]
    base_url: String,
    #[pyo3(get)]
    key: String,
    sandbox: Mutex<Here<grinfi_sandbox::Sandbox>>,
}

#[pymethods]
impl Sandbox {
    /// Starts a sandbox; port 0 takes a free one.
    #[new]
    #[pyo3(signature = (*, seed, key, port, rate_limit))]
    fn new(
        py: Python<'_>,
        seed: &str,
        key: Option<String>,
        port: u16,
        rate_limit: Option<u32>,
    ) -> PyResult<Self> {
        let seed: Seed = seed.parse().map_err(|_| PyValueError::new_err(format!("`{seed}` is no seed")))?;
        let mut builder = grinfi_sandbox::Sandbox::builder().seed(seed).port(port).rate_limit(rate_limit);
        if let Some(key) = key {
            // Whoever chooses a key wants to see another refused; without one every key has a world of its own.
            builder = builder.key(key.clone()).only_keys([key]);
        }
        let sandbox = block_on(py, builder.start())?.map_err(|error| errors::raise_sandbox(py, &error))?;
        let (base_url, key) = (sandbox.base_url().to_owned(), sandbox.key().to_owned());
        Ok(Self { base_url, key, sandbox: Mutex::new(Here::new(sandbox)) })
    }

    /// What would have been sent, as a JSON array.
    fn outbox(&self, py: Python<'_>) -> PyResult<String> {
        let sandbox = self.lock();
        json(&running(py, &sandbox)?.outbox())
    }

    /// What was asked, as a JSON array.
    fn requests(&self, py: Python<'_>) -> PyResult<String> {
        let sandbox = self.lock();
        json(&running(py, &sandbox)?.requests())
    }

    /// Stops the sandbox; a second time does nothing, and neither does another process.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let sandbox = self.lock().take();
        match sandbox {
            Some(sandbox) => block_on(py, sandbox.shutdown()),
            None => Ok(()),
        }
    }
}

impl Sandbox {
    fn lock(&self) -> MutexGuard<'_, Here<grinfi_sandbox::Sandbox>> {
        self.sandbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn running<'a>(
    py: Python<'_>,
    sandbox: &'a Here<grinfi_sandbox::Sandbox>,
) -> PyResult<&'a grinfi_sandbox::Sandbox> {
    let why = match sandbox.is_foreign() {
        true => "the sandbox runs in the process that started it; ask there",
        false => "the sandbox is closed",
    };
    sandbox.get().ok_or_else(|| errors::plain(py, "SandboxError", why))
}

fn json(rows: &impl serde::Serialize) -> PyResult<String> {
    serde_json::to_string(rows).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// Runs the command line of the sandbox, the program's name first, until it is told to stop. A command line that is not
/// understood is a `ValueError` whose text is for the person who typed it.
#[pyfunction]
pub(crate) fn run_sandbox(py: Python<'_>, args: Vec<String>) -> PyResult<()> {
    // It brings a runtime of its own, which must not start on a thread that drives another.
    let ran = block_on(py, async { tokio::task::spawn_blocking(move || cli::run(args)).await })?;
    match ran {
        Ok(Ok(())) => Ok(()),
        Ok(Err(grinfi_sandbox::Error::Arguments(explained))) => {
            Err(PyValueError::new_err(explained.to_string()))
        }
        Ok(Err(error)) => Err(errors::raise_sandbox(py, &error)),
        Err(_) => Err(errors::plain(py, "SandboxError", "the sandbox broke down")),
    }
}
