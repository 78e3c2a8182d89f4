//! The body of a request: its bytes up to a limit, and the JSON map in them.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, HttpBody};
use serde_json::Value;

use crate::record::Record;
use crate::refusal::Refusal;

/// The largest body of a call of the API that is read.
// assumed: body-limit
pub(crate) const LIMIT: usize = 2 * 1024 * 1024;
/// How much of a larger one is let in and dropped. A client that is still writing when the connection closes sees
/// a broken pipe instead of the 413.
const DROPPED: usize = 64 * 1024 * 1024;

/// Reads a body of at most so many bytes.
///
/// # Errors
/// 413 for more; 400 for one that breaks off.
pub(crate) async fn read(mut body: Body, most: usize) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let mut length = 0usize;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(frame) = frame else { return Err(Refusal::bad_request("The body broke off.")) };
        let Ok(data) = frame.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length <= most {
            bytes.extend_from_slice(&data);
        } else if length > most.max(DROPPED) {
            break;
        }
    }
    if length > most { Err(Refusal::too_large(most)) } else { Ok(bytes) }
}

/// Reads the JSON map of a body. No body and PHP's empty map, `[]`, are the empty map.
///
/// # Errors
/// 400 for anything else that is no map.
pub(crate) fn map(bytes: &[u8]) -> Result<Record, Refusal> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Record::new());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(Value::Array(items)) if items.is_empty() => Ok(Record::new()),
        Ok(_) => Err(Refusal::bad_request("The body must be a JSON object.")),
        Err(error) => Err(Refusal::bad_request(format!("The body is not JSON: {error}."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_a_map_or_nothing() {
        assert!(map(b"").unwrap().is_empty());
        assert!(map(b" \n").unwrap().is_empty());
        assert!(map(b"[]").unwrap().is_empty());
        assert_eq!(map(br#"{"a": 1}"#).unwrap().len(), 1);
        let deep = "[".repeat(100_000);
        for wrong in ["{", "1", "[1]", "null", "{\"a\":}", "\u{feff}{}", &deep] {
            assert_eq!(map(wrong.as_bytes()).unwrap_err().status, 400);
        }
        assert_eq!(map(b"\xff").unwrap_err().status, 400);
    }
}
