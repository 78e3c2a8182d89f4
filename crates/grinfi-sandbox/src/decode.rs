//! Conversion between HTTP requests and operation calls.

use crate::action::RecordedRequest;
use crate::call::{ApiResult, Call, Parameters};
use crate::generated::Operation;
use crate::http::{Form, Route, find_route, parse_form, parse_json_map, parse_query};
use crate::mode::Mode;
use crate::openapi::{self, RequestParts, SentBody};
use crate::operations::{self, Handler};
use crate::rejection::Rejection;

/// Operation of a request and its path parameters.
pub(crate) type Routed = Result<(&'static Operation, Parameters), Rejection>;

/// Returns the handler and the input of the operation that a request calls.
///
/// # Errors
/// The rejection of a request that does not reach a handler.
pub(crate) fn request(request: &RecordedRequest, mode: Mode) -> Result<(Handler, Call), Rejection> {
    let (operation, parameters) = route(&request.method, &request.path, mode)?;
    operation_call(operation, parameters, request, mode)
}

/// Returns the operation of a method and a path.
pub(crate) fn route(method: &str, path: &str, mode: Mode) -> Routed {
    match find_route(method, path, mode) {
        Route::Operation { operation, parameters } => Ok((operation, parameters)),
        Route::OtherMethods(methods) => Err(Rejection::method_not_allowed(method, path, methods.join(", "))),
        Route::Unknown => Err(Rejection::not_found(path)),
    }
}

/// Returns the handler and the input of an operation. In documented mode, validates the request first.
///
/// # Errors
/// 400 for a body that cannot be parsed, 501 for an operation without a handler; in documented mode also the errors of
/// [`openapi::validate`].
pub(crate) fn operation_call(
    operation: &'static Operation,
    parameters: Parameters,
    request: &RecordedRequest,
    mode: Mode,
) -> Result<(Handler, Call), Rejection> {
    let handler = operations::handler(operation.id).ok_or_else(|| Rejection::not_implemented(operation))?;
    let content_type = request.content_type.as_deref();
    let form = match parse_form(content_type, &request.body) {
        _ if request.method == "GET" => Some(Form::default()),
        form => form.transpose()?,
    };
    let mut query = parse_query(&request.query);
    if mode == Mode::Documented {
        let body = match &form {
            Some(form) => {
                SentBody::Form(&form.fields, form.files.iter().map(|file| file.field.as_str()).collect())
            }
            None => SentBody::Bytes(&request.body),
        };
        let parts = RequestParts { parameters: &parameters, query: &query, content_type, body };
        openapi::validate(operation, &parts)?;
    }
    let Form { fields: mut body, files } = match form {
        Some(form) => form,
        None => Form { fields: parse_json_map(&request.body)?, files: Vec::new() },
    };
    if mode == Mode::Documented {
        openapi::add_defaults(operation, &mut query, &mut body);
    }
    Ok((handler, Call { parameters, query, body, files }))
}

/// Returns the result in the shape of the tenant's mode.
pub(crate) fn shape_result(operation: &'static Operation, mode: Mode, result: ApiResult) -> ApiResult {
    match mode {
        Mode::Observed => result,
        Mode::Documented => result
            .map(|response| openapi::shape_response(operation, response))
            .map_err(openapi::shape_rejection),
    }
}
