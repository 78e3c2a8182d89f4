//! The requests a world has seen, without their headers, and why some were refused: a key is never kept.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::refusal::{Place, Refusal};

const MOST_REQUESTS: usize = 10_000;
/// Bodies kept, all together; the oldest requests give way.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// What stands in the place of a key, and names the variable that a shell has it in.
const REDACTED: &str = "$GRINFI_API_KEY";
/// Shorter keys than this are no secrets, and to put something in their place would garble what they are part of.
const SHORTEST_SECRET: usize = 16;

/// One request and how it was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// Counts the requests of its world, from 1.
    pub number: u64,
    /// When it came, on the world's clock.
    pub at: DateTime<Utc>,
    /// The method, upper case.
    pub method: String,
    /// The path, as it was sent.
    pub path: String,
    /// The query, as it was sent, without its question mark; empty if there was none.
    pub query: String,
    /// The body as text; empty if there was none or it was too large.
    pub body: String,
    /// The `operationId` of the operation it called; none if it called none.
    pub operation: Option<String>,
    /// The status of the answer; 0 if a fault ended the connection instead.
    pub status: u16,
    /// Why it was refused, in a sentence; none if it was not.
    pub message: Option<String>,
    /// What was wrong with it, place by place.
    pub reasons: Vec<Reason>,
    /// The numbers of the fault rules that it met with.
    pub faults: Vec<u64>,
    /// The same request as a command; the key is left to the variable `GRINFI_API_KEY`.
    pub curl: String,
}

/// One thing that was wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Reason {
    /// In what part of the request: `path`, `query` or `body`.
    #[serde(rename = "in")]
    pub part: &'static str,
    /// Where in that part, as a JSON pointer (RFC 6901): `/lead/linkedin_id`.
    pub pointer: String,
    /// What is wrong there.
    pub message: String,
}

/// How a request ended.
#[derive(Debug, Default)]
pub(crate) struct End<'a> {
    pub(crate) operation: Option<&'static str>,
    pub(crate) body: &'a [u8],
    pub(crate) content_type: Option<&'a str>,
    pub(crate) status: u16,
    pub(crate) refusal: Option<&'a Refusal>,
    pub(crate) faults: Vec<u64>,
    /// Kept out of everything that is noted.
    pub(crate) key: &'a str,
}

/// The last requests, in the order of their arrival.
#[derive(Debug, Default)]
pub(crate) struct Log {
    lines: VecDeque<Line>,
    arrived: u64,
    bytes: usize,
}

#[derive(Debug)]
struct Line {
    request: LoggedRequest,
    content_type: Option<String>,
    /// Of a body that is no text.
    binary: bool,
    ended: bool,
}

impl Log {
    /// Notes a request that has arrived; its number, for [`Log::ended`].
    pub(crate) fn arrived(
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
        self.lines.push_back(Line { request, content_type: None, binary: false, ended: false });
        self.trim();
        self.arrived
    }

    /// Notes what a request held and how it ended.
    pub(crate) fn ended(&mut self, number: u64, end: &End<'_>) {
        let body = redact(String::from_utf8_lossy(end.body).into_owned(), end.key);
        // The lines are in the order of their numbers.
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
            if let Some(refusal) = end.refusal {
                let part = if request.method == "GET" { "query" } else { "body" };
                request.message = Some(redact(refusal.message.clone(), end.key));
                request.reasons = reasons(refusal, part);
            }
        }
        self.trim();
    }

    /// The requests that have ended; their curl lines go to `base_url`.
    pub(crate) fn requests(&self, base_url: &str) -> Vec<LoggedRequest> {
        let ended = self.lines.iter().filter(|line| line.ended);
        ended.map(|line| LoggedRequest { curl: line.curl(base_url), ..line.request.clone() }).collect()
    }

    /// How many requests have ended and are not forgotten.
    pub(crate) fn count(&self) -> usize {
        self.lines.iter().filter(|line| line.ended).count()
    }

    pub(crate) fn clear(&mut self) {
        // Requests that are being answered keep their lines.
        self.lines.retain(|line| !line.ended);
        self.bytes = 0;
    }

    fn trim(&mut self) {
        while self.lines.len() > MOST_REQUESTS || self.bytes > MOST_BYTES {
            let Some(oldest) = self.lines.pop_front() else { return };
            self.bytes -= oldest.request.body.len();
        }
    }
}

impl Line {
    fn curl(&self, base_url: &str) -> String {
        let LoggedRequest { method, path, query, body, .. } = &self.request;
        let mark = if query.is_empty() { "" } else { "?" };
        let url = quote(&format!("{base_url}{path}{mark}{query}"));
        // Brackets in a query are curl's own language, unless it is told to leave them alone.
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

/// A word of a POSIX shell.
fn quote(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn redact(text: String, key: &str) -> String {
    match key.len() >= SHORTEST_SECRET && text.contains(key) {
        true => text.replace(key, REDACTED),
        false => text,
    }
}

fn reasons(refusal: &Refusal, part: &'static str) -> Vec<Reason> {
    let part = match refusal.place {
        Some(Place::Path) => "path",
        Some(Place::Query) => "query",
        Some(Place::Body) => "body",
        None => part,
    };
    let reasons = refusal.fields.each();
    reasons.map(|fault| Reason { part, pointer: fault.pointer, message: fault.message.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "a-key-that-is-long-enough";

    fn arrive(log: &mut Log, method: &str, path: &str, query: &str) -> u64 {
        log.arrived("2026-02-03T12:00:00Z".parse().unwrap(), method, path, query, KEY)
    }

    fn end(log: &mut Log, number: u64, body: &[u8], status: u16) {
        log.ended(number, &End { body, status, key: KEY, ..End::default() });
    }

    #[test]
    fn requests_stay_in_the_order_of_arrival() {
        let mut log = Log::default();
        let first = arrive(&mut log, "GET", "/a", "x=1");
        let second = arrive(&mut log, "POST", "/b", "");
        end(&mut log, second, b"{}", 201);
        assert_eq!(log.requests("").len(), 1);
        end(&mut log, first, b"", 200);
        let seen: Vec<(String, u16)> = log.requests("").into_iter().map(|it| (it.path, it.status)).collect();
        assert_eq!(seen, [("/a".to_owned(), 200), ("/b".to_owned(), 201)]);
    }

    #[test]
    fn the_log_is_bounded_and_can_be_cleared() {
        let mut log = Log::default();
        for _ in 0..MOST_REQUESTS + 5 {
            let number = arrive(&mut log, "GET", "/", "");
            end(&mut log, number, b"", 200);
        }
        assert_eq!(log.requests("").len(), MOST_REQUESTS);
        let large = vec![b'x'; MOST_BYTES / 2 + 1];
        for _ in 0..2 {
            let number = arrive(&mut log, "POST", "/", "");
            end(&mut log, number, &large, 200);
        }
        assert_eq!(log.requests("").len(), 1);
        end(&mut log, 1, b"long gone", 200);
        assert_eq!(log.requests("").len(), 1);
        let open = arrive(&mut log, "GET", "/open", "");
        log.clear();
        assert!(log.requests("").is_empty());
        end(&mut log, open, b"1", 200);
        assert_eq!(log.requests("").len(), 1);
    }

    #[test]
    fn a_refusal_is_explained_place_by_place() {
        let mut log = Log::default();
        let mut faults = crate::refusal::Faults::default();
        faults.missing("leads.0.linkedin_id");
        faults.missing("a/b~c");
        let refusal = faults.finish().unwrap_err();
        for (method, part) in [("POST", "body"), ("GET", "query")] {
            let number = arrive(&mut log, method, "/a", "");
            log.ended(number, &End { status: 422, refusal: Some(&refusal), key: KEY, ..End::default() });
            let line = log.requests("").pop().unwrap();
            assert_eq!(line.message.as_deref(), Some("The leads.0.linkedin_id field is required."));
            let pointers: Vec<&str> = line.reasons.iter().map(|reason| reason.pointer.as_str()).collect();
            assert_eq!(pointers, ["/leads/0/linkedin_id", "/a~1b~0c"]);
            assert!(line.reasons.iter().all(|reason| reason.part == part));
        }
    }

    #[test]
    fn the_key_stands_nowhere() {
        let mut log = Log::default();
        let number = arrive(&mut log, "POST", &format!("/{KEY}"), &format!("token={KEY}"));
        end(&mut log, number, format!("{{\"key\":\"{KEY}\"}}").as_bytes(), 200);
        assert!(!format!("{:?}", log.requests("http://x")).contains(KEY));
        // What is too short to be a secret is left alone.
        let number = log.arrived(Utc::now(), "GET", "/kayak", "", "k");
        log.ended(number, &End { status: 200, key: "k", ..End::default() });
        assert_eq!(log.requests("").pop().unwrap().path, "/kayak");
    }

    #[test]
    fn the_curl_line_is_one_a_shell_reads() {
        let mut log = Log::default();
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
