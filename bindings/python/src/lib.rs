//! The compiled part of the Python package `grinfi`, imported there as `grinfi._native`.
//!
//! It is small on purpose: it sends, pages, reads rows, checks filters, raises and runs the sandbox, all with the core of the
//! Rust crate.
//! What people see (resources, records, errors) is plain typed Python beside it, most of it generated.

use pyo3::prelude::*;

mod answer;
mod block;
mod client;
mod composed;
mod download;
mod errors;
mod filters;
mod later;
mod logging;
mod pages;
mod process;
mod record;
mod runtime;
mod sandbox;
mod settings;

/// The compiled part of `grinfi`; its interface is no promise.
#[pymodule]
mod _native {
    use super::*;

    #[pymodule_export]
    use super::{
        answer::Answer,
        client::Client,
        download::Download,
        filters::{check_filter, listing},
        pages::Pages,
        record::{Attribute, RecordCore, Shape},
        sandbox::{Sandbox, run_sandbox},
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
