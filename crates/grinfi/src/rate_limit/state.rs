//! State of the rate limiter: decides which call may send a request now, and when to try again.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    task::Waker,
    time::Duration,
};

use tokio::time::Instant;

use super::{RateLimit, headers::ReportedLimit, permit::WaitLimits};
use crate::retry::RetryPolicy;

/// Margin between the end of a window and the next use of its slot, for differences between clocks.
const CLOCK_MARGIN: Duration = Duration::from_millis(50);
/// Maximum delay between the end of a request without a response and its arrival at the server.
const MAX_ARRIVAL_DELAY: Duration = Duration::from_secs(5);
/// How long a woken call may take to be polled before others may overtake it; buffered futures may not be polled for long.
const POLL_GRACE: Duration = Duration::from_secs(1);
/// How long no request may complete before one more may be sent.
const STALL_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest pause after a 429.
const MAX_PAUSE: Duration = Duration::from_secs(3600);
/// Shortest pause after a 429.
const MIN_PAUSE: Duration = Duration::from_millis(100);

/// Request that was sent and is not finished.
#[derive(Debug, Clone, Copy)]
pub(super) struct SentRequest {
    number: u64,
    /// Whether it is the single request after a pause.
    is_probe: bool,
    /// Whether it occupies a slot whose window has not started.
    has_open_slot: bool,
}

/// Result of a request for a permit.
#[derive(Debug)]
pub(super) enum Admission {
    Granted(SentRequest),
    /// Try again at this time, or when woken.
    Wait(Instant),
    /// The remaining pause is longer than the call waits.
    PauseTooLong(Duration),
}

struct Waiter {
    waker: Waker,
    woken: Option<Instant>,
}

/// Recovery from the last 429.
#[derive(Clone, Copy, PartialEq)]
enum Recovery {
    /// Not rate limited.
    Healthy,
    /// Rate limited: a single request is sent after the pause.
    Limited,
    /// This request is in flight since then.
    Probing(u64, Instant),
}

pub(super) struct State {
    pub(super) rate_limit: RateLimit,
    /// When each used slot becomes free.
    used_slots: BinaryHeap<Reverse<Instant>>,
    /// Slots of requests that the API may not have counted yet.
    open_slots: u32,
    /// Requests in flight.
    in_flight: u32,
    /// When a request was last sent or finished.
    last_change: Option<Instant>,
    /// Requests sent so far.
    sent: u64,
    /// Number of the first request after the last pause began.
    first_after_pause: u64,
    paused_until: Option<Instant>,
    /// Consecutive volleys of 429 responses. A volley is a 429 and those to requests sent before its pause.
    volleys: u32,
    /// When the first of them arrived.
    limited_since: Option<Instant>,
    recovery: Recovery,
    /// Remaining requests reported by the server, and until when.
    reported: Option<(u32, Instant)>,
    queue: BTreeMap<u64, Waiter>,
}

impl State {
    pub(super) fn new(rate_limit: RateLimit) -> Self {
        Self {
            rate_limit,
            used_slots: BinaryHeap::new(),
            open_slots: 0,
            in_flight: 0,
            last_change: None,
            sent: 0,
            first_after_pause: 0,
            paused_until: None,
            volleys: 0,
            limited_since: None,
            recovery: Recovery::Healthy,
            reported: None,
            queue: BTreeMap::new(),
        }
    }

    /// Decides whether the call with this ticket may send a request. The caller wakes the wakers after releasing the lock.
    pub(super) fn admit(
        &mut self,
        ticket: u64,
        limits: WaitLimits,
        now: Instant,
        waker: &Waker,
        wakers: &mut Vec<Waker>,
    ) -> Admission {
        if let Some(pause) = self.pause_left(now) {
            let limited_for = self.limited_since.map(|since| now + pause - since);
            let is_too_long = !limits.max_rate_limit_wait.is_zero()
                && limited_for.is_some_and(|limited_for| limited_for > limits.max_rate_limit_wait);
            if pause > limits.max_pause || is_too_long {
                self.remove_waiter(ticket, now, wakers);
                return Admission::PauseTooLong(pause);
            }
        }
        let blocked = self.blocked_until(now);
        let is_late = |waiter: &Waiter| waiter.woken.is_some_and(|woken| now >= woken + POLL_GRACE);
        let is_first = self.queue.range(..ticket).all(|(_, waiter)| is_late(waiter));
        match blocked {
            None if is_first => {
                self.queue.remove(&ticket);
                let request = self.send(now);
                self.wake_first(now, wakers);
                Admission::Granted(request)
            }
            None => {
                // At most 64 at a time, because all may belong to one buffer.
                for waiter in self.queue.range_mut(..ticket).map(|(_, waiter)| waiter).take(64) {
                    if waiter.woken.is_none() {
                        waiter.woken = Some(now);
                        wakers.push(waiter.waker.clone());
                    }
                }
                self.add_waiter(ticket, waker);
                Admission::Wait(now + POLL_GRACE)
            }
            Some(until) => {
                self.add_waiter(ticket, waker);
                // Calls behind the first check regularly, because the first may never be polled.
                Admission::Wait(if is_first { until } else { now + POLL_GRACE })
            }
        }
    }

    fn add_waiter(&mut self, ticket: u64, waker: &Waker) {
        let waiter = Waiter { waker: waker.clone(), woken: None };
        self.queue.insert(ticket, waiter);
    }

    /// Removes a call that gave up waiting.
    pub(super) fn remove_waiter(&mut self, ticket: u64, now: Instant, wakers: &mut Vec<Waker>) {
        if self.queue.remove(&ticket).is_some() {
            self.wake_first(now, wakers);
        }
    }

    pub(super) fn wake_first(&mut self, now: Instant, wakers: &mut Vec<Waker>) {
        if let Some(mut first) = self.queue.first_entry() {
            let waiter = first.get_mut();
            waiter.woken.get_or_insert(now);
            wakers.push(waiter.waker.clone());
        }
    }

    fn pause_left(&self, now: Instant) -> Option<Duration> {
        self.paused_until.map(|until| until.saturating_duration_since(now)).filter(|left| !left.is_zero())
    }

    /// Returns the time until which no request may be sent; `None` if one may be sent now.
    fn blocked_until(&mut self, now: Instant) -> Option<Instant> {
        while self.used_slots.peek().is_some_and(|Reverse(free)| *free <= now) {
            self.used_slots.pop();
        }
        self.reported = self.reported.filter(|(_, until)| *until > now);
        let stalled = |since: Instant| Some(since + STALL_TIMEOUT).filter(|until| *until > now);
        let pause = self.paused_until.filter(|until| *until > now);
        let probe = match self.recovery {
            Recovery::Probing(_, since) => stalled(since),
            Recovery::Healthy | Recovery::Limited => None,
        };
        let reported = self.reported.filter(|(left, _)| *left == 0).map(|(_, until)| until);
        let taken = u32::try_from(self.used_slots.len()).unwrap_or(u32::MAX).saturating_add(self.open_slots);
        let count = self.rate_limit.requests.filter(|limit| taken >= *limit).map(|_| {
            // If all slots are open, the next response wakes the call.
            self.used_slots.peek().map_or(now + self.rate_limit.window, |Reverse(free)| *free)
        });
        let full = self.rate_limit.concurrency.is_some_and(|limit| self.in_flight >= limit);
        let concurrency = self.last_change.filter(|_| full).and_then(stalled);
        [pause, probe, reported, count, concurrency].into_iter().flatten().max()
    }

    fn send(&mut self, now: Instant) -> SentRequest {
        self.in_flight += 1;
        self.open_slots += 1;
        self.last_change = Some(now);
        if let Some((left, _)) = &mut self.reported {
            *left = left.saturating_sub(1);
        }
        let is_probe = self.recovery != Recovery::Healthy;
        let number = self.sent;
        self.sent += 1;
        if is_probe {
            self.recovery = Recovery::Probing(number, now);
        }
        SentRequest { number, is_probe, has_open_slot: true }
    }

    /// Ends the open slot of a request: it becomes free at `free_at`, or at once if the request was not sent.
    fn release_slot(&mut self, request: &mut SentRequest, free_at: Option<Instant>) {
        if std::mem::take(&mut request.has_open_slot) {
            self.open_slots = self.open_slots.saturating_sub(1);
            if let Some(free_at) = free_at.filter(|_| self.rate_limit.requests.is_some()) {
                self.used_slots.push(Reverse(free_at));
            }
        }
    }

    /// Records a response. The limit that it reports is undocumented: it is respected for at most `max_reset`, and ignored
    /// if the rate limit is off.
    pub(super) fn response_received(
        &mut self,
        request: &mut SentRequest,
        reported: Option<ReportedLimit>,
        max_reset: Duration,
        now: Instant,
    ) {
        self.release_slot(request, Some(now + self.rate_limit.window + CLOCK_MARGIN));
        if let Some(reported) = reported.filter(|_| self.rate_limit.requests.is_some()) {
            // The server may not have counted requests that are in flight.
            let left = reported.remaining.saturating_sub(self.open_slots);
            self.reported = Some((left, now + reported.reset.min(max_reset) + CLOCK_MARGIN));
        }
    }

    /// Records a response other than 429.
    pub(super) fn accepted(&mut self, request: &SentRequest) {
        if request.number >= self.first_after_pause {
            self.volleys = 0;
            self.limited_since = None;
            self.recovery = Recovery::Healthy;
        }
    }

    /// Records a 429: all calls of the key pause, then a single request is sent.
    pub(super) fn rate_limited(
        &mut self,
        request: &SentRequest,
        retry_after: Option<Duration>,
        policy: &RetryPolicy,
        now: Instant,
    ) {
        // Requests that were sent before the pause belong to the volley that caused it.
        let is_same_volley = request.number < self.first_after_pause;
        if !is_same_volley {
            self.volleys = self.volleys.saturating_add(1);
            self.first_after_pause = self.sent;
            self.limited_since.get_or_insert(now);
        }
        let pause = match retry_after {
            Some(wait) if !wait.is_zero() => wait.max(policy.base_delay).min(MAX_PAUSE),
            _ if is_same_volley => Duration::ZERO,
            // 0 or a date in the past.
            Some(_) => policy.ceiling(self.volleys).max(MIN_PAUSE),
            None => self.unannounced_pause().max(MIN_PAUSE),
        };
        self.paused_until = self.paused_until.max(Some(now + pause));
        self.recovery = Recovery::Limited;
    }

    /// Returns the pause after a 429 without `Retry-After`, which is the normal case of this API: 1/60 of the window,
    /// doubled with each 429 up to a quarter of the window. Other programs may use the key, so the time when the API
    /// accepts requests again is unknown.
    fn unannounced_pause(&self) -> Duration {
        let doubled = 2u32.saturating_pow(self.volleys.saturating_sub(1));
        (self.rate_limit.window / 60).saturating_mul(doubled).min(self.rate_limit.window / 4)
    }

    /// Records that no connection was made, so the API counted nothing.
    pub(super) fn not_sent(&mut self, request: &mut SentRequest) {
        self.release_slot(request, None);
    }

    /// Records the end of a request, with or without a response.
    pub(super) fn finished(&mut self, mut request: SentRequest, now: Instant, wakers: &mut Vec<Waker>) {
        self.release_slot(
            &mut request,
            Some(now + MAX_ARRIVAL_DELAY + self.rate_limit.window + CLOCK_MARGIN),
        );
        self.in_flight = self.in_flight.saturating_sub(1);
        self.last_change = Some(now);
        let probing = matches!(self.recovery, Recovery::Probing(number, _) if number == request.number);
        if request.is_probe && probing {
            // It had no result, so the next request checks again.
            self.recovery = Recovery::Limited;
        }
        self.wake_first(now, wakers);
    }

    #[cfg(test)]
    pub(super) fn sent(&self) -> u64 {
        self.sent
    }

    #[cfg(test)]
    pub(super) fn counts(&self) -> (usize, u32, u32, usize) {
        (self.used_slots.len(), self.open_slots, self.in_flight, self.queue.len())
    }
}
