//! Log of a tenant's requests, without headers and keys, and with the reasons of rejections.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::rejection::{Rejection, RequestPart};

const MAX_REQUESTS: usize = 10_000;
/// Most bytes of all bodies together; the oldest requests are dropped.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// Replacement of a key, which is also the shell variable in curl commands.
const REDACTED: &str = "$GRINFI_API_KEY";
/// Shorter keys are not redacted: they are not secret, and may be part of other texts.
const MIN_SECRET_CHARS: usize = 16;

/// Logged request and its response status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// Number of the request within its tenant, counted from 1.
    pub number: u64,
    /// Time of arrival on the tenant's clock.
    pub at: DateTime<Utc>,
    /// HTTP method, upper case.
    pub method: String,
    /// Path as it was sent.
    pub path: String,
    /// Query as it was sent, without the question mark; empty without a query.
    pub query: String,
    /// Body as text; empty without a body or if it was too large.
    pub body: String,
    /// `operationId` of the operation, if the path has one.
    pub operation: Option<String>,
    /// Status of the response; 0 if a fault reset the connection.
    pub status: u16,
    /// Message of the rejection, if the request was rejected.
    pub message: Option<String>,
    /// Invalid values of the request.
    pub reasons: Vec<Reason>,
    /// Ids of the applied fault rules.
    pub faults: Vec<u64>,
    /// The request as a curl command; the key is the variable `GRINFI_API_KEY`.
    pub curl: String,
}

/// Invalid value of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Reason {
    /// Part of the request: `path`, `query` or `body`.
    #[serde(rename = "in")]
    pub part: &'static str,
    /// JSON pointer within that part (RFC 6901): `/lead/linkedin_id`.
    pub pointer: String,
    /// What is invalid.
    pub message: String,
}

/// How a request ended.
#[derive(Debug, Default)]
pub(crate) struct RequestOutcome<'a> {
    pub(crate) operation: Option<&'static str>,
    pub(crate) body: &'a [u8],
    pub(crate) content_type: Option<&'a str>,
    pub(crate) status: u16,
    pub(crate) rejection: Option<&'a Rejection>,
    pub(crate) faults: Vec<u64>,
    /// Redacted from everything that is logged.
    pub(crate) key: &'a str,
}

/// Latest requests in order of arrival.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    lines: VecDeque<LogEntry>,
    arrived: u64,
    bytes: usize,
}

#[derive(Debug)]
struct LogEntry {
    request: LoggedRequest,
    content_type: Option<String>,
    /// Whether the body is not text.
    binary: bool,
    ended: bool,
}

impl RequestLog {
    /// Logs a request and returns its number for [`RequestLog::finished`].
    pub(crate) fn started(
        &mut self,
        at: DateTime<Utc>,
        method: &str,
        path: &str,
        query: &str,
        key: &str,
    ) -> u64 {
        self.arrived += 1;
        let request = LoggedRequest {
            number: self.arrived,
            at,
            method: method.to_owned(),
            path: redact(path.to_owned(), key),
            query: redact(query.to_owned(), key),
            body: String::new(),
            operation: None,
            status: 0,
            message: None,
            reasons: Vec::new(),
            faults: Vec::new(),
            curl: String::new(),
        };
        self.lines.push_back(LogEntry { request, content_type: None, binary: false, ended: false });
        self.trim();
        self.arrived
    }

    /// Completes the entry of a request.
    pub(crate) fn finished(&mut self, number: u64, end: &RequestOutcome<'_>) {
        let body = redact(String::from_utf8_lossy(end.body).into_owned(), end.key);
        // Entries are sorted by number.
        if let Ok(at) = self.lines.binary_search_by_key(&number, |line| line.request.number)
            && let Some(line) = self.lines.get_mut(at)
        {
            self.bytes += body.len();
            line.binary = std::str::from_utf8(end.body).is_err();
            line.content_type = end.content_type.map(str::to_owned);
            line.ended = true;
            let request = &mut line.request;
            request.body = body;
            request.status = end.status;
            request.operation = end.operation.map(str::to_owned);
            request.faults.clone_from(&end.faults);
            if let Some(rejection) = end.rejection {
                let part = if request.method == "GET" { "query" } else { "body" };
                request.message = Some(redact(rejection.message.clone(), end.key));
                request.reasons = reasons(rejection, part);
            }
        }
        self.trim();
    }

    /// Returns the finished requests; their curl commands call `base_url`.
    pub(crate) fn requests(&self, base_url: &str) -> Vec<LoggedRequest> {
        let ended = self.lines.iter().filter(|line| line.ended);
        ended.map(|line| LoggedRequest { curl: line.curl(base_url), ..line.request.clone() }).collect()
    }

    /// Returns the number of finished requests.
    pub(crate) fn count(&self) -> usize {
        self.lines.iter().filter(|line| line.ended).count()
    }

    pub(crate) fn clear(&mut self) {
        // Keeps the entries of open requests.
        self.lines.retain(|line| !line.ended);
        self.bytes = 0;
    }

    fn trim(&mut self) {
        while self.lines.len() > MAX_REQUESTS || self.bytes > MAX_BYTES {
            let Some(oldest) = self.lines.pop_front() else { return };
            self.bytes -= oldest.request.body.len();
        }
    }
}

impl LogEntry {
    fn curl(&self, base_url: &str) -> String {
        let LoggedRequest { method, path, query, body, .. } = &self.request;
        let mark = if query.is_empty() { "" } else { "?" };
        let url = quote(&format!("{base_url}{path}{mark}{query}"));
        // `-g`: curl would interpret brackets in the query.
        let mut line = format!("curl -sS -g -X {method} {url} -H \"Authorization: Bearer {REDACTED}\"");
        if body.is_empty() {
            return line;
        }
        let kind = self.content_type.as_deref().unwrap_or("application/json");
        line.push_str(&format!(" -H {}", quote(&format!("Content-Type: {kind}"))));
        line.push_str(&match self.binary {
            true => " --data-binary @body".to_owned(),
            false => format!(" --data-raw {}", quote(body)),
        });
        line
    }
}

/// Quotes a word for a POSIX shell.
fn quote(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn redact(text: String, key: &str) -> String {
    match key.len() >= MIN_SECRET_CHARS && text.contains(key) {
        true => text.replace(key, REDACTED),
        false => text,
    }
}

fn reasons(rejection: &Rejection, part: &'static str) -> Vec<Reason> {
    let part = match rejection.part {
        Some(RequestPart::Path) => "path",
        Some(RequestPart::Query) => "query",
        Some(RequestPart::Body) => "body",
        None => part,
    };
    let reasons = rejection.fields.each();
    reasons.map(|fault| Reason { part, pointer: fault.pointer, message: fault.message.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "a-key-that-is-long-enough";

    fn arrive(log: &mut RequestLog, method: &str, path: &str, query: &str) -> u64 {
        log.started("2026-02-03T12:00:00Z".parse().unwrap(), method, path, query, KEY)
    }

    fn end(log: &mut RequestLog, number: u64, body: &[u8], status: u16) {
        log.finished(number, &RequestOutcome { body, status, key: KEY, ..RequestOutcome::default() });
    }

    #[test]
    fn log_keeps_order_of_arrival() {
        let mut log = RequestLog::default();
        let first = arrive(&mut log, "GET", "/a", "x=1");
        let second = arrive(&mut log, "POST", "/b", "");
        end(&mut log, second, b"{}", 201);
        assert_eq!(log.requests("").len(), 1);
        end(&mut log, first, b"", 200);
        let seen: Vec<(String, u16)> = log.requests("").into_iter().map(|it| (it.path, it.status)).collect();
        assert_eq!(seen, [("/a".to_owned(), 200), ("/b".to_owned(), 201)]);
    }

    #[test]
    fn log_is_bounded_and_can_be_cleared() {
        let mut log = RequestLog::default();
        for _ in 0..MAX_REQUESTS + 5 {
            let number = arrive(&mut log, "GET", "/", "");
            end(&mut log, number, b"", 200);
        }
        assert_eq!(log.requests("").len(), MAX_REQUESTS);
        let large = vec![b'x'; MAX_BYTES / 2 + 1];
        for _ in 0..2 {
            let number = arrive(&mut log, "POST", "/", "");
            end(&mut log, number, &large, 200);
        }
        assert_eq!(log.requests("").len(), 1);
        end(&mut log, 1, b"dropped", 200);
        assert_eq!(log.requests("").len(), 1);
        let open = arrive(&mut log, "GET", "/open", "");
        log.clear();
        assert!(log.requests("").is_empty());
        end(&mut log, open, b"1", 200);
        assert_eq!(log.requests("").len(), 1);
    }

    #[test]
    fn lists_each_invalid_value_of_rejection() {
        let mut log = RequestLog::default();
        let mut faults = crate::rejection::FieldErrors::default();
        faults.missing("leads.0.linkedin_id");
        faults.missing("a/b~c");
        let rejection = faults.finish().unwrap_err();
        for (method, part) in [("POST", "body"), ("GET", "query")] {
            let number = arrive(&mut log, method, "/a", "");
            log.finished(
                number,
                &RequestOutcome {
                    status: 422,
                    rejection: Some(&rejection),
                    key: KEY,
                    ..RequestOutcome::default()
                },
            );
            let line = log.requests("").pop().unwrap();
            assert_eq!(line.message.as_deref(), Some("The leads.0.linkedin_id field is required."));
            let pointers: Vec<&str> = line.reasons.iter().map(|reason| reason.pointer.as_str()).collect();
            assert_eq!(pointers, ["/leads/0/linkedin_id", "/a~1b~0c"]);
            assert!(line.reasons.iter().all(|reason| reason.part == part));
        }
    }

    #[test]
    fn redacts_key() {
        let mut log = RequestLog::default();
        let number = arrive(&mut log, "POST", &format!("/{KEY}"), &format!("token={KEY}"));
        end(&mut log, number, format!("{{\"key\":\"{KEY}\"}}").as_bytes(), 200);
        assert!(!format!("{:?}", log.requests("http://x")).contains(KEY));
        // Short keys are not redacted.
        let number = log.started(Utc::now(), "GET", "/kayak", "", "k");
        log.finished(number, &RequestOutcome { status: 200, key: "k", ..RequestOutcome::default() });
        assert_eq!(log.requests("").pop().unwrap().path, "/kayak");
    }

    #[test]
    fn curl_command_is_quoted_for_shell() {
        let mut log = RequestLog::default();
        let number = arrive(&mut log, "POST", "/leads/api/lists", "filter[q]=a");
        end(&mut log, number, b"{\"name\":\"O'Neil's $HOME\"}", 201);
        let number = arrive(&mut log, "POST", "/upload", "");
        end(&mut log, number, b"\xff\xfe", 201);
        let lines = log.requests("http://127.0.0.1:1");
        assert_eq!(
            lines[0].curl,
            "curl -sS -g -X POST 'http://127.0.0.1:1/leads/api/lists?filter[q]=a' \
             -H \"Authorization: Bearer $GRINFI_API_KEY\" -H 'Content-Type: application/json' \
             --data-raw '{\"name\":\"O'\\''Neil'\\''s $HOME\"}'"
        );
        assert!(lines[1].curl.ends_with("--data-binary @body"), "{}", lines[1].curl);
    }
}
