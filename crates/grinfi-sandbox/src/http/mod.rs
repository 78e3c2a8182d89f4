//! The server's own part of an answer: from the bytes of a request to a call of an operation, and back.

mod auth;
mod body;
mod call;
mod connection;
mod form;
mod limit;
mod query;
mod route;
mod server;

pub(crate) use auth::{is_key, key};
pub(crate) use body::{LIMIT, map as body_map, read as read_body};
pub(crate) use call::{digest, read_call};
pub(crate) use connection::{Cut, Door};
pub(crate) use limit::Limit;
pub(crate) use query::read as read_query;
pub(crate) use route::{Parameters, meet};
pub(crate) use server::{Shared, app, refuse, write};
