//! Request bodies: size limit, and parsing of JSON.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, HttpBody};
use serde_json::Value;

use crate::record::Record;
use crate::rejection::Rejection;

/// Largest body of an API request.
// assumed: body-limit
pub(crate) const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;
/// Bytes that are read and dropped beyond the limit, so that a client that is still writing sees the 413 instead of a
/// broken pipe.
const DROPPED: usize = 64 * 1024 * 1024;

/// Reads a body of at most `most` bytes.
///
/// # Errors
/// 413 for a larger body; 400 for an incomplete one.
pub(crate) async fn read_body(mut body: Body, most: usize) -> Result<Vec<u8>, Rejection> {
    let mut bytes = Vec::new();
    let mut length = 0usize;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(frame) = frame else { return Err(Rejection::bad_request("The body is incomplete.")) };
        let Ok(data) = frame.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length <= most {
            bytes.extend_from_slice(&data);
        } else if length > most.max(DROPPED) {
            break;
        }
    }
    if length > most { Err(Rejection::too_large(most)) } else { Ok(bytes) }
}

/// Parses a JSON object. An empty body and PHP's empty object, `[]`, are an empty object.
///
/// # Errors
/// 400 for anything else.
pub(crate) fn parse_json_map(bytes: &[u8]) -> Result<Record, Rejection> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Record::new());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(Value::Array(items)) if items.is_empty() => Ok(Record::new()),
        Ok(_) => Err(Rejection::bad_request("The body must be a JSON object.")),
        Err(error) => Err(Rejection::bad_request(format!("The body is not JSON: {error}."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_only_json_objects_and_empty_bodies() {
        assert!(parse_json_map(b"").unwrap().is_empty());
        assert!(parse_json_map(b" \n").unwrap().is_empty());
        assert!(parse_json_map(b"[]").unwrap().is_empty());
        assert_eq!(parse_json_map(br#"{"a": 1}"#).unwrap().len(), 1);
        let deep = "[".repeat(100_000);
        for wrong in ["{", "1", "[1]", "null", "{\"a\":}", "\u{feff}{}", &deep] {
            assert_eq!(parse_json_map(wrong.as_bytes()).unwrap_err().status, 400);
        }
        assert_eq!(parse_json_map(b"\xff").unwrap_err().status, 400);
    }
}
