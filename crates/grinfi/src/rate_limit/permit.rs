//! Waiting for leave to send, and what is held while a request is under way.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

use super::{
    headers::Told,
    limiter::Limiter,
    state::{Admission, Departure},
};
use crate::retry::RetryPolicy;

/// The wait for leave to send. Dropped, it gives its place in the queue up.
pub(crate) struct Place {
    limiter: Arc<Limiter>,
    ticket: u64,
    patience: Patience,
    began: Option<Instant>,
    // Boxed and made only by those who have to wait.
    timer: Option<Pin<Box<Sleep>>>,
}

/// How long a caller waits while the API refuses requests of the key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// The longest pause to wait out.
    pub(crate) pause: Duration,
    /// How long the key may be rate limited without a break; zero sets no limit.
    pub(crate) streak: Duration,
}

/// The API refuses requests of the key for longer than the caller would wait.
#[derive(Debug)]
pub(crate) struct Refused {
    /// How long the pause still lasts.
    pub(crate) pause: Duration,
    /// How long the caller has waited.
    pub(crate) waited: Duration,
}

impl Place {
    pub(super) fn new(limiter: Arc<Limiter>, ticket: u64, patience: Patience) -> Self {
        Self { limiter, ticket, patience, began: None, timer: None }
    }

    fn waited(&self) -> Duration {
        self.began.map_or(Duration::ZERO, |began| began.elapsed())
    }
}

impl Future for Place {
    type Output = Result<(Permit, Duration), Refused>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            match self.limiter.admit(self.ticket, self.patience, cx.waker()) {
                Admission::Go(departure) => {
                    let permit = Permit { limiter: self.limiter.clone(), departure: Some(departure) };
                    return Poll::Ready(Ok((permit, self.waited())));
                }
                Admission::Paused(pause) => {
                    return Poll::Ready(Err(Refused { pause, waited: self.waited() }));
                }
                Admission::Wait(until) => {
                    self.began.get_or_insert_with(Instant::now);
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

impl Drop for Place {
    fn drop(&mut self) {
        let ticket = self.ticket;
        self.limiter.with(|state, now, wake| state.leave(ticket, now, wake));
    }
}

/// Leave to send one request, held while it is under way.
///
/// Dropped without a word of an answer, the request counts as used: it may have arrived.
#[derive(Debug)]
pub(crate) struct Permit {
    limiter: Arc<Limiter>,
    departure: Option<Departure>,
}

impl Permit {
    /// Notes a response, with what it says of the server's limit, which is believed for at most `cap`.
    pub(crate) fn answered(&mut self, told: Option<Told>, cap: Duration) {
        if let Some(departure) = &mut self.departure {
            self.limiter.with(|state, now, _| state.answered(departure, told, cap, now));
        }
    }

    /// It was anything but a 429.
    pub(crate) fn accepted(&self) {
        if let Some(departure) = &self.departure {
            self.limiter.with(|state, _, _| state.accepted(departure));
        }
    }

    /// Notes a 429: every caller of the key pauses.
    pub(crate) fn refused(&self, retry_after: Option<Duration>, policy: &RetryPolicy) {
        if let Some(departure) = &self.departure {
            self.limiter.with(|state, now, _| state.refused(departure, retry_after, policy, now));
        }
    }

    /// No connection came about.
    pub(crate) fn not_sent(&mut self) {
        if let Some(departure) = &mut self.departure {
            self.limiter.with(|state, _, _| state.not_sent(departure));
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(departure) = self.departure.take() {
            self.limiter.with(|state, now, wake| state.over(departure, now, wake));
        }
    }
}
