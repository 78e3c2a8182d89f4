//! From a request as it came to the call of an operation.

use super::form::{self, Form};
use super::route::{self, Parameters, Route};
use super::{body, query};
use crate::described::{self, Brought, Sent};
use crate::generated::Operation;
use crate::mode::Mode;
use crate::ops::{self, Call, Handler, Reply};
use crate::refusal::Refusal;
use crate::world::Request;

/// The call that a request makes.
///
/// # Errors
/// What the request is refused with before any operation sees it.
pub(crate) fn read_call(request: &Request, mode: Mode) -> Result<(Handler, Call), Refusal> {
    let (operation, parameters) = routed(&request.method, &request.path, mode)?;
    read(operation, parameters, request, mode)
}

/// The operation that a request leads to, and the parameters of its path.
pub(super) type Routed = Result<(&'static Operation, Parameters), Refusal>;

/// The operation that a method and a path lead to.
pub(super) fn routed(method: &str, path: &str, mode: Mode) -> Routed {
    match route::find(method, path, mode) {
        Route::Operation { operation, parameters } => Ok((operation, parameters)),
        Route::OtherMethods(methods) => Err(Refusal::method_not_allowed(method, path, methods.join(", "))),
        Route::Unknown => Err(Refusal::not_found(path)),
    }
}

pub(super) fn read(
    operation: &'static Operation,
    parameters: Parameters,
    request: &Request,
    mode: Mode,
) -> Result<(Handler, Call), Refusal> {
    let handler = ops::handler(operation.id).ok_or_else(|| Refusal::not_built(operation))?;
    let form = match form::read(request.content_type.as_deref(), &request.body) {
        _ if request.method == "GET" => Some(Form::default()),
        form => form.transpose()?,
    };
    let mut query = query::read(&request.query);
    if mode == Mode::Documented {
        let body = match &form {
            Some(form) => {
                Sent::Form(&form.fields, form.files.iter().map(|file| file.field.as_str()).collect())
            }
            None => Sent::Bytes(&request.body),
        };
        let content_type = request.content_type.as_deref();
        described::checked(
            operation,
            &Brought { parameters: &parameters, query: &query, content_type, body },
        )?;
    }
    let Form { fields: mut body, files } = match form {
        Some(form) => form,
        None => Form { fields: body::map(&request.body)?, files: Vec::new() },
    };
    if mode == Mode::Documented {
        described::with_defaults(operation, &mut query, &mut body);
    }
    Ok((handler, Call { parameters, query, body, files }))
}

/// An answer as the world's mode has it.
pub(super) fn answered(
    operation: &'static Operation,
    mode: Mode,
    outcome: Result<Reply, Refusal>,
) -> Result<Reply, Refusal> {
    match mode {
        Mode::Observed => outcome,
        Mode::Documented => {
            outcome.map(|reply| described::dress(operation, reply)).map_err(described::dress_refusal)
        }
    }
}

/// A checksum of an answer, by which it is known again.
pub(crate) fn digest(outcome: &Result<Reply, Refusal>) -> u32 {
    let (status, body) = match outcome {
        Ok(reply) => (reply.status, reply.text()),
        Err(refusal) => (refusal.status, Some(refusal.body().to_string().into())),
    };
    crc32fast::hash(format!("{status} {}", body.unwrap_or_default()).as_bytes())
}
