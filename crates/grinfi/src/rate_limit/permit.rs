//! Permits to send a request, and the wait for one.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

use super::{
    headers::ReportedLimit,
    limiter::Limiter,
    state::{Admission, SentRequest},
};
use crate::retry::RetryPolicy;

/// Future that waits for a [`Permit`]. Dropping it leaves the queue.
pub(crate) struct Acquire {
    limiter: Arc<Limiter>,
    ticket: u64,
    limits: WaitLimits,
    waiting_since: Option<Instant>,
    /// Created only if the call has to wait.
    timer: Option<Pin<Box<Sleep>>>,
}

/// How long a call waits while the key is rate limited.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WaitLimits {
    /// The longest pause that the call waits for.
    pub(crate) max_pause: Duration,
    /// How long the key may be rate limited without a break; zero for no limit.
    pub(crate) max_rate_limit_wait: Duration,
}

/// The key is rate limited for longer than the call waits.
#[derive(Debug)]
pub(crate) struct PauseTooLong {
    /// Remaining time of the pause.
    pub(crate) pause: Duration,
    /// How long the call has waited.
    pub(crate) waited: Duration,
}

impl Acquire {
    pub(super) fn new(limiter: Arc<Limiter>, ticket: u64, limits: WaitLimits) -> Self {
        Self { limiter, ticket, limits, waiting_since: None, timer: None }
    }

    fn waited(&self) -> Duration {
        self.waiting_since.map_or(Duration::ZERO, |waiting_since| waiting_since.elapsed())
    }
}

impl Future for Acquire {
    type Output = Result<(Permit, Duration), PauseTooLong>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            match self.limiter.admit(self.ticket, self.limits, cx.waker()) {
                Admission::Granted(request) => {
                    let permit = Permit { limiter: self.limiter.clone(), request: Some(request) };
                    return Poll::Ready(Ok((permit, self.waited())));
                }
                Admission::PauseTooLong(pause) => {
                    return Poll::Ready(Err(PauseTooLong { pause, waited: self.waited() }));
                }
                Admission::Wait(until) => {
                    self.waiting_since.get_or_insert_with(Instant::now);
                    match &mut self.timer {
                        Some(timer) => timer.as_mut().reset(until),
                        None => self.timer = Some(Box::pin(sleep_until(until))),
                    }
                    if let Some(timer) = &mut self.timer {
                        ready!(timer.as_mut().poll(cx));
                    }
                }
            }
        }
    }
}

impl Drop for Acquire {
    fn drop(&mut self) {
        let ticket = self.ticket;
        self.limiter.with(|state, now, wakers| state.remove_waiter(ticket, now, wakers));
    }
}

/// Permission to send one request, held until the request is done.
///
/// If it is dropped without a response, the request counts as sent, because it may have arrived.
#[derive(Debug)]
pub(crate) struct Permit {
    limiter: Arc<Limiter>,
    request: Option<SentRequest>,
}

impl Permit {
    /// Records a response and the limit that it reports, which is respected for at most `max_reset`.
    pub(crate) fn response_received(&mut self, reported: Option<ReportedLimit>, max_reset: Duration) {
        if let Some(request) = &mut self.request {
            self.limiter.with(|state, now, _| state.response_received(request, reported, max_reset, now));
        }
    }

    /// Records a response other than 429.
    pub(crate) fn accepted(&self) {
        if let Some(request) = &self.request {
            self.limiter.with(|state, _, _| state.accepted(request));
        }
    }

    /// Records a 429, which pauses all calls of the key.
    pub(crate) fn rate_limited(&self, retry_after: Option<Duration>, policy: &RetryPolicy) {
        if let Some(request) = &self.request {
            self.limiter.with(|state, now, _| state.rate_limited(request, retry_after, policy, now));
        }
    }

    /// Records that no connection was made.
    pub(crate) fn not_sent(&mut self) {
        if let Some(request) = &mut self.request {
            self.limiter.with(|state, _, _| state.not_sent(request));
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(request) = self.request.take() {
            self.limiter.with(|state, now, wakers| state.finished(request, now, wakers));
        }
    }
}
