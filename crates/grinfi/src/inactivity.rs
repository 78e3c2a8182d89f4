//! Inactivity timeouts: an attempt may take any time as long as it makes progress.
//!
//! An upload makes progress when the connection accepts a part of the body, a response when a part of it arrives. A timeout
//! on the whole attempt would end every long transfer.

use std::{
    fmt,
    future::{Future, poll_fn},
    io,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use reqwest::{Body, Request, Response};
use tokio::time::{Instant, Sleep, sleep_until};

/// Maximum size of a part of an upload, in bytes. Bodies up to this size are sent in one part.
const UPLOAD_CHUNK: usize = 64 * 1024;
/// Maximum number of bytes of an upload in buffers of the operating system after its last part was written.
const MAX_BUFFERED: u64 = 2 * 1024 * 1024;
/// Bytes in those buffers that extend the wait for the response by one timeout.
const BUFFERED_PER_TIMEOUT: u64 = 512 * 1024;

/// Inactivity timer of one attempt: expires after a timeout without progress.
#[derive(Debug, Clone)]
pub(crate) struct InactivityTimer {
    timeout: Duration,
    started: Instant,
    /// When the timer expires, in microseconds after the start of the attempt.
    expires: Arc<AtomicU64>,
}

/// Error of an attempt without progress for this long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InactivityTimeout(pub(crate) Duration);

impl InactivityTimer {
    pub(crate) fn new(timeout: Duration) -> Self {
        let expires = Arc::new(AtomicU64::new(micros(timeout)));
        Self { timeout, started: Instant::now(), expires }
    }

    /// Records progress, which restarts the timeout.
    pub(crate) fn progress(&self) {
        self.expire_after(self.timeout);
    }

    /// Records that the last part of an upload of `length` bytes was written.
    fn sent(&self, length: u64) {
        let extra = length.min(MAX_BUFFERED) as f64 / BUFFERED_PER_TIMEOUT as f64;
        self.expire_after(self.timeout.mul_f64(1.0 + extra));
    }

    fn expire_after(&self, wait: Duration) {
        self.expires.store(micros(self.started.elapsed()).saturating_add(micros(wait)), Ordering::Relaxed);
    }

    /// Returns `None` if the time is not representable.
    fn expires_at(&self) -> Option<Instant> {
        self.started.checked_add(Duration::from_micros(self.expires.load(Ordering::Relaxed)))
    }

    /// Awaits `work` while it makes progress.
    pub(crate) async fn watch<F: Future>(&self, work: F) -> Result<F::Output, InactivityTimeout> {
        let Some(first) = self.expires_at() else { return Ok(work.await) };
        let (mut work, mut timer) = (pin!(work), pin!(sleep_until(first)));
        poll_fn(|cx| {
            if let Poll::Ready(output) = work.as_mut().poll(cx) {
                return Poll::Ready(Ok(output));
            }
            loop {
                ready!(timer.as_mut().poll(cx));
                match self.expires_at() {
                    Some(at) if at <= Instant::now() => {
                        return Poll::Ready(Err(InactivityTimeout(self.timeout)));
                    }
                    Some(at) => timer.as_mut().reset(at),
                    None => return Poll::Pending,
                }
            }
        })
        .await
    }

    /// Wraps the body of `request` to record the progress of the upload. Small bodies are unchanged.
    pub(crate) fn track(&self, request: &mut Request) {
        let body = request.body_mut();
        let is_small = |body: &Body| body.as_bytes().is_some_and(|bytes| bytes.len() <= UPLOAD_CHUNK);
        if let Some(inner) = body.take_if(|body| !is_small(body)) {
            let upload = Upload { inner, rest: Bytes::new(), length: 0, inactivity: self.clone() };
            *body = Some(Body::wrap(upload));
        }
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

impl fmt::Display for InactivityTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no progress for {} s", self.0.as_secs_f64())
    }
}

impl std::error::Error for InactivityTimeout {}

/// Request body that records each part that the connection accepts.
struct Upload {
    inner: Body,
    /// Remaining bytes of a large frame.
    rest: Bytes,
    length: u64,
    inactivity: InactivityTimer,
}

impl HttpBody for Upload {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<reqwest::Result<Frame<Bytes>>>> {
        let this = &mut *self;
        if this.rest.is_empty() {
            match ready!(Pin::new(&mut this.inner).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => this.rest = data,
                    Err(other) => return Poll::Ready(Some(Ok(other))),
                },
                ended => {
                    this.inactivity.sent(this.length);
                    return Poll::Ready(ended);
                }
            }
        }
        let part = this.rest.split_to(this.rest.len().min(UPLOAD_CHUNK));
        this.length += part.len() as u64;
        if this.is_end_stream() {
            // The connection does not poll again.
            this.inactivity.sent(this.length);
        } else {
            this.inactivity.progress();
        }
        Poll::Ready(Some(Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (inner, rest) = (self.inner.size_hint(), self.rest.len() as u64);
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower() + rest);
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

/// Returns a response whose body fails after `timeout` without data, or at the deadline.
pub(crate) fn with_timeouts(response: Response, timeout: Duration, deadline: Option<Instant>) -> Response {
    let response = http::Response::from(response);
    let with_timer = |inner| Body::wrap(Download { inner, timeout, deadline, timer: None });
    response.map(with_timer).into()
}

/// Response body that fails after a timeout without data.
struct Download {
    inner: Body,
    timeout: Duration,
    deadline: Option<Instant>,
    /// Runs only while the reader waits, so that a slow reader does not count as inactivity of the server.
    timer: Option<Pin<Box<Sleep>>>,
}

impl HttpBody for Download {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(cx) {
            this.timer = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        if this.timer.is_none() {
            let idle = Instant::now().checked_add(this.timeout);
            let at = idle.into_iter().chain(this.deadline).min();
            this.timer = at.map(|at| Box::pin(sleep_until(at)));
        }
        let Some(timer) = &mut this.timer else { return Poll::Pending };
        ready!(timer.as_mut().poll(cx));
        let is_past_deadline = this.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        let message = if is_past_deadline {
            "the deadline ended the transfer".to_owned()
        } else {
            InactivityTimeout(this.timeout).to_string()
        };
        Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::TimedOut, message).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};
    use tokio::time::sleep;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn expires_only_without_progress() {
        let inactivity = InactivityTimer::new(10 * SECOND);
        let progress = inactivity.clone();
        let steady = async move {
            for _ in 0..20 {
                sleep(4 * SECOND).await;
                progress.progress();
            }
        };
        assert!(inactivity.watch(steady).await.is_ok(), "expired despite steady progress");
        let started = Instant::now();
        let inactivity = InactivityTimer::new(10 * SECOND);
        assert!(inactivity.watch(std::future::pending::<()>()).await.is_err());
        assert_eq!(started.elapsed(), 10 * SECOND);
    }

    async fn parts(body: Body) -> Vec<usize> {
        let mut body = pin!(body);
        let mut lengths = Vec::new();
        while let Some(frame) = poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
            lengths.push(frame.unwrap().into_data().unwrap().len());
        }
        lengths
    }

    #[tokio::test(start_paused = true)]
    async fn splits_a_large_body_and_waits_longer_for_its_response() {
        let inactivity = InactivityTimer::new(10 * SECOND);
        let client = reqwest::Client::new();
        let mut request = client.post("http://127.0.0.1:1").body(vec![0; 200_000]).build().unwrap();
        inactivity.track(&mut request);
        let body = request.body_mut().take().unwrap();
        assert_eq!(body.size_hint().exact(), Some(200_000));
        assert_eq!(parts(body).await, [65_536, 65_536, 65_536, 3_392]);
        let extra = inactivity.expires_at().unwrap() - Instant::now();
        assert!(extra > 13 * SECOND && extra < 14 * SECOND, "{extra:?}");

        let mut small = client.post("http://127.0.0.1:1").body(vec![0; 10]).build().unwrap();
        inactivity.track(&mut small);
        assert!(small.body().unwrap().as_bytes().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn download_times_out_without_data_but_not_for_a_slow_reader() {
        let chunks = stream::iter([4, 4, 4, 4, 20]).then(|wait| async move {
            sleep(wait * SECOND).await;
            Ok::<_, io::Error>(Bytes::from_static(b"row\n"))
        });
        let response: Response = http::Response::new(Body::wrap_stream(chunks)).into();
        let mut rows = with_timeouts(response, 10 * SECOND, None).bytes_stream();
        for _ in 0..4 {
            assert!(rows.next().await.unwrap().is_ok());
            sleep(15 * SECOND).await;
        }
        let error = rows.next().await.unwrap().unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
    }
}
