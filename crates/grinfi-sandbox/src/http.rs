//! HTTP without the API: keys, bodies, queries, routes, responses and connections.

mod auth;
mod body;
mod connection;
mod form;
mod origin;
mod query;
pub(crate) mod response;
mod route;

pub(crate) use auth::{api_key, is_valid_key};
pub(crate) use body::{MAX_BODY_BYTES, parse_json_map, read_body};
pub(crate) use connection::{ResetHandle, ResettableListener};
pub(crate) use form::{Form, parse_form};
pub(crate) use origin::check_origin;
pub(crate) use query::parse_query;
pub(crate) use route::{Route, find_route, match_template};
