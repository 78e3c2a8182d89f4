//! Validation of requests and shaping of responses by the OpenAPI description, for the documented mode.

mod description;
mod response_shape;
mod validate;

pub(crate) use response_shape::{shape_rejection, shape_response};
pub(crate) use validate::{RequestParts, SentBody, add_defaults, validate};
