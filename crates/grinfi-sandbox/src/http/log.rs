//! The requests a sandbox has seen, without their headers: a key is never kept.

use std::collections::VecDeque;

use serde::Serialize;

const MOST_REQUESTS: usize = 10_000;
/// Bodies kept, all together; the oldest requests give way.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// One request and the status it was answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// The method, upper case.
    pub method: String,
    /// The path, as it was sent.
    pub path: String,
    /// The query, as it was sent, without its question mark; empty if there was none.
    pub query: String,
    /// The body as text; empty if there was none or it was too large.
    pub body: String,
    /// The status of the answer.
    pub status: u16,
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
    number: u64,
    request: LoggedRequest,
}

impl Log {
    /// Notes a request that has arrived; its number, for [`Log::answered`].
    pub(super) fn arrived(&mut self, method: &str, path: &str, query: &str) -> u64 {
        self.arrived += 1;
        let request = LoggedRequest {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            body: String::new(),
            status: 0,
        };
        self.lines.push_back(Line { number: self.arrived, request });
        self.trim();
        self.arrived
    }

    /// Notes what a request held and how it was answered.
    pub(super) fn answered(&mut self, number: u64, body: &[u8], status: u16) {
        let body = String::from_utf8_lossy(body).into_owned();
        // The lines are in the order of their numbers.
        if let Ok(at) = self.lines.binary_search_by_key(&number, |line| line.number)
            && let Some(line) = self.lines.get_mut(at)
        {
            self.bytes += body.len();
            line.request.body = body;
            line.request.status = status;
        }
        self.trim();
    }

    /// The requests that have been answered.
    pub(crate) fn requests(&self) -> Vec<LoggedRequest> {
        let answered = self.lines.iter().filter(|line| line.request.status != 0);
        answered.map(|line| line.request.clone()).collect()
    }

    fn trim(&mut self) {
        while self.lines.len() > MOST_REQUESTS || self.bytes > MOST_BYTES {
            let Some(oldest) = self.lines.pop_front() else { return };
            self.bytes -= oldest.request.body.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_stay_in_the_order_of_arrival() {
        let mut log = Log::default();
        let first = log.arrived("GET", "/a", "x=1");
        let second = log.arrived("POST", "/b", "");
        log.answered(second, b"{}", 201);
        assert_eq!(log.requests().len(), 1);
        log.answered(first, b"", 200);
        let seen: Vec<(String, u16)> = log.requests().into_iter().map(|it| (it.path, it.status)).collect();
        assert_eq!(seen, [("/a".to_owned(), 200), ("/b".to_owned(), 201)]);
    }

    #[test]
    fn the_log_is_bounded() {
        let mut log = Log::default();
        for _ in 0..MOST_REQUESTS + 5 {
            let number = log.arrived("GET", "/", "");
            log.answered(number, b"", 200);
        }
        assert_eq!(log.requests().len(), MOST_REQUESTS);
        let large = vec![b'x'; MOST_BYTES / 2 + 1];
        for _ in 0..2 {
            let number = log.arrived("POST", "/", "");
            log.answered(number, &large, 200);
        }
        assert_eq!(log.requests().len(), 1);
        log.answered(1, b"long gone", 200);
        assert_eq!(log.requests().len(), 1);
    }
}
