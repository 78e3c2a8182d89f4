//! The compiled module of the Python package `grinfi`, `grinfi._native`.
//!
//! It wraps the Rust crate: sending requests, reading listings and records, validating filters, raising errors and running the
//! sandbox. The public interface (clients, resources, errors) is typed Python, most of it generated.
//!
//! Another thread may fork at any time. So code that runs in every call does not initialize anything lazily under a lock, as
//! `intern!` does: a process that is forked during the initialization would wait for that lock forever.

use std::sync::atomic::{AtomicI64, Ordering};

use pyo3::{exceptions::PyImportError, ffi, prelude::*};

mod asyncio;
mod block_on;
mod client;
mod download;
mod errors;
mod filters;
mod linkedin;
mod logging;
mod options;
mod pages;
mod process;
mod progress;
mod record;
mod resource_calls;
mod response;
mod runtime;
mod sandbox;
mod shutdown;
mod upload;

/// The compiled module of `grinfi`. Private: its interface can change in any version.
// Only tested with the global interpreter lock, which a free-threaded interpreter enables for it.
#[pymodule(gil_used = true)]
mod _native {
    use super::*;

    #[pymodule_export]
    use super::{
        client::Client,
        download::Download,
        filters::{check_filter, check_order, listing},
        linkedin::{linkedin_company, linkedin_field, linkedin_profile},
        pages::Pages,
        progress::ProgressCall,
        record::{Attribute, RecordCore, Shape, Table, TableBuilder},
        resource_calls::Job,
        response::Response,
        sandbox::{Sandbox, Tenant, run_sandbox},
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let py = module.py();
        claim(py)?;
        asyncio::prepare(py);
        shutdown::register(py)?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}

/// Refuses a second interpreter in one process, since types and the runtime are kept in static variables.
fn claim(py: Python<'_>) -> PyResult<()> {
    static OWNER: AtomicI64 = AtomicI64::new(-1);
    // SAFETY: this thread is attached to an interpreter, as both functions require, and no reference is kept.
    let this = unsafe { ffi::PyInterpreterState_GetID(ffi::PyInterpreterState_Get()) };
    if this < 0 {
        return Err(PyErr::fetch(py));
    }
    match OWNER.compare_exchange(-1, this, Ordering::Relaxed, Ordering::Relaxed) {
        Err(owner) if owner != this => Err(PyImportError::new_err(
            "grinfi can only be used in one interpreter of a process, and another one has imported it",
        )),
        _ => Ok(()),
    }
}
