//! The compiled part of the Python package `grinfi`, imported there as `grinfi._native`.
//!
//! It is small on purpose: it sends, pages, reads rows, checks filters, raises and runs the sandbox, all with the core of the
//! Rust crate.
//! What people see (resources, records, errors) is plain typed Python beside it, most of it generated.
//!
//! A fork may come at any time in another thread. So what every call passes makes nothing once and for all at its first use, as
//! `intern!` does: a process that is copied in the middle of that waits for it for ever.

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

/// The compiled part of `grinfi`; its interface is no promise.
// It is built and tested with the global lock of the interpreter alone, so a free-threaded one takes the lock for it.
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

/// Refuses any interpreter of the process but the first: what is kept between calls, such as types and runtime, is for one.
fn claim(py: Python<'_>) -> PyResult<()> {
    static OWNER: AtomicI64 = AtomicI64::new(-1);
    // SAFETY: both need a thread that is attached to an interpreter, as this one is; no reference is kept.
    let this = unsafe { ffi::PyInterpreterState_GetID(ffi::PyInterpreterState_Get()) };
    if this < 0 {
        return Err(PyErr::fetch(py));
    }
    match OWNER.compare_exchange(-1, this, Ordering::Relaxed, Ordering::Relaxed) {
        Err(owner) if owner != this => Err(PyImportError::new_err(
            "grinfi works in one interpreter of a process, and another one has it already",
        )),
        _ => Ok(()),
    }
}
