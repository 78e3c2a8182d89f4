//! From a request as it came to the call of an operation.

use super::form::{self, Form};
use super::route::{self, Parameters, Route};
use super::{body, query};
use crate::generated::Operation;
use crate::ops::{self, Call, Handler, Reply};
use crate::refusal::Refusal;
use crate::world::Request;

/// The call that a request makes.
///
/// # Errors
/// What the request is refused with before any operation sees it.
pub(crate) fn read_call(request: &Request) -> Result<(Handler, Call), Refusal> {
    let (operation, parameters) = routed(&request.method, &request.path)?;
    read(operation, parameters, request)
}

/// The operation that a request leads to, and the parameters of its path.
pub(super) type Routed = Result<(&'static Operation, Parameters), Refusal>;

/// The operation that a method and a path lead to.
pub(super) fn routed(method: &str, path: &str) -> Routed {
    match route::find(method, path) {
        Route::Operation { operation, parameters } => Ok((operation, parameters)),
        Route::OtherMethods(methods) => Err(Refusal::method_not_allowed(method, path, methods.join(", "))),
        Route::Unknown => Err(Refusal::not_found(path)),
    }
}

pub(super) fn read(
    operation: &'static Operation,
    parameters: Parameters,
    request: &Request,
) -> Result<(Handler, Call), Refusal> {
    let handler = ops::handler(operation.id).ok_or_else(|| Refusal::not_built(operation))?;
    let Form { fields: body, files } = match form::read(request.content_type.as_deref(), &request.body) {
        _ if request.method == "GET" => Form::default(),
        Some(form) => form?,
        None => Form { fields: body::map(&request.body)?, files: Vec::new() },
    };
    Ok((handler, Call { parameters, query: query::read(&request.query), body, files }))
}

/// A checksum of an answer, by which it is known again.
pub(crate) fn digest(outcome: &Result<Reply, Refusal>) -> u32 {
    let (status, body) = match outcome {
        Ok(reply) => (reply.status, reply.text()),
        Err(refusal) => (refusal.status, Some(refusal.body().to_string())),
    };
    crc32fast::hash(format!("{status} {}", body.unwrap_or_default()).as_bytes())
}
