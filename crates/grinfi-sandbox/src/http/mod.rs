//! The server's own part of an answer: from the bytes of a request to a call of an operation, and back.

mod auth;
mod body;
mod form;
mod limit;
mod log;
mod query;
mod route;
mod server;

pub(crate) use limit::Limit;
pub(crate) use log::Log;
pub use log::LoggedRequest;
pub(crate) use server::{Shared, app, lock};
