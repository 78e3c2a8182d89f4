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
mod linkedin;
mod logging;
mod pages;
mod process;
mod record;
mod runtime;
mod sandbox;
mod settings;
mod upload;
mod waiting;

/// The compiled part of `grinfi`; its interface is no promise.
#[pymodule]
mod _native {
    use super::*;

    #[pymodule_export]
    use super::{
        answer::Answer,
        client::Client,
        composed::Job,
        download::Download,
        filters::{check_filter, listing},
        linkedin::{linkedin_company, linkedin_field, linkedin_profile},
        pages::Pages,
        record::{Attribute, RecordCore, Shape},
        sandbox::{Sandbox, World, run_sandbox},
        waiting::Waiting,
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
