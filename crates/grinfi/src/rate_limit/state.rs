//! The rule itself, without waiting: who may go at this instant, and when to ask again.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    task::Waker,
    time::Duration,
};

use tokio::time::Instant;

use super::{RateLimit, headers::Told, place::Patience};
use crate::retry::RetryPolicy;

/// Kept between a place coming free and its next use, for clocks that do not tick alike.
const MARGIN: Duration = Duration::from_millis(50);
/// How much later than its end on this side a request without an answer may be counted by the server.
const STRAGGLER: Duration = Duration::from_secs(5);
/// How long a woken caller may take to come before others pass it: a future in a buffer may not be polled for long.
const UNPOLLED: Duration = Duration::from_secs(1);
/// How long requests may be under way without an answer to any before one more may go.
const STALLED: Duration = Duration::from_secs(5);
/// The longest pause that a 429 is believed.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);
/// The shortest pause after a 429.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

/// What a request that has left gives back when it is over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Departure {
    number: u64,
    /// It went ahead of all others, after a pause.
    probe: bool,
    /// It holds a place of the window that has no end yet.
    held: bool,
}

/// The answer to a caller that wants to go.
#[derive(Debug)]
pub(super) enum Admission {
    Go(Departure),
    /// Not now; ask again at this instant, or when woken.
    Wait(Instant),
    /// The pause lasts this much longer, which is more than the caller would wait.
    Paused(Duration),
}

struct Waiter {
    waker: Waker,
    woken: Option<Instant>,
}

/// What is known since the last 429.
#[derive(Clone, Copy, PartialEq)]
enum Health {
    /// Nothing is wrong.
    Good,
    /// The API refused: one request goes ahead when the pause is over.
    Refused,
    /// It is under way, by its number, since then.
    Probing(u64, Instant),
}

pub(super) struct State {
    pub(super) rate_limit: RateLimit,
    /// When each place that has been used comes free again.
    used: BinaryHeap<Reverse<Instant>>,
    /// Places of requests that may not have been counted yet.
    held: u32,
    /// Requests under way.
    open: u32,
    /// When a request last left or ended.
    moved: Option<Instant>,
    departures: u64,
    /// The number of the first departure after the last pause began.
    after_pause: u64,
    paused_until: Option<Instant>,
    /// How many 429 in a row, a volley counting as one.
    strikes: u32,
    /// When the first of them came.
    limited_since: Option<Instant>,
    health: Health,
    /// What the server says is left, and until when.
    told: Option<(u32, Instant)>,
    queue: BTreeMap<u64, Waiter>,
}

impl State {
    pub(super) fn new(rate_limit: RateLimit) -> Self {
        Self {
            rate_limit,
            used: BinaryHeap::new(),
            held: 0,
            open: 0,
            moved: None,
            departures: 0,
            after_pause: 0,
            paused_until: None,
            strikes: 0,
            limited_since: None,
            health: Health::Good,
            told: None,
            queue: BTreeMap::new(),
        }
    }

    /// Asks for the caller with this ticket. The wakers are to be woken once the lock is given back.
    pub(super) fn admit(
        &mut self,
        ticket: u64,
        patience: Patience,
        now: Instant,
        waker: &Waker,
        wake: &mut Vec<Waker>,
    ) -> Admission {
        if let Some(pause) = self.pause_left(now) {
            let streak = self.limited_since.map(|since| now + pause - since);
            let is_too_long =
                !patience.streak.is_zero() && streak.is_some_and(|streak| streak > patience.streak);
            if pause > patience.pause || is_too_long {
                self.leave(ticket, now, wake);
                return Admission::Paused(pause);
            }
        }
        let blocked = self.blocked_until(now);
        let late = |waiter: &Waiter| waiter.woken.is_some_and(|woken| now >= woken + UNPOLLED);
        let passed_over = self.queue.range(..ticket).all(|(_, waiter)| late(waiter));
        match blocked {
            None if passed_over => {
                self.queue.remove(&ticket);
                let departure = self.depart(now);
                self.wake_first(now, wake);
                Admission::Go(departure)
            }
            None => {
                // Some at a time, all of the same buffer perhaps.
                for waiter in self.queue.range_mut(..ticket).map(|(_, waiter)| waiter).take(64) {
                    if waiter.woken.is_none() {
                        waiter.woken = Some(now);
                        wake.push(waiter.waker.clone());
                    }
                }
                self.enter(ticket, waker);
                Admission::Wait(now + UNPOLLED)
            }
            Some(until) => {
                self.enter(ticket, waker);
                // Whoever is not first looks again now and then, lest the first is never polled.
                Admission::Wait(if passed_over { until } else { now + UNPOLLED })
            }
        }
    }

    fn enter(&mut self, ticket: u64, waker: &Waker) {
        let waiter = Waiter { waker: waker.clone(), woken: None };
        self.queue.insert(ticket, waiter);
    }

    /// A caller goes without having been served.
    pub(super) fn leave(&mut self, ticket: u64, now: Instant, wake: &mut Vec<Waker>) {
        if self.queue.remove(&ticket).is_some() {
            self.wake_first(now, wake);
        }
    }

    pub(super) fn wake_first(&mut self, now: Instant, wake: &mut Vec<Waker>) {
        if let Some(mut first) = self.queue.first_entry() {
            let waiter = first.get_mut();
            waiter.woken.get_or_insert(now);
            wake.push(waiter.waker.clone());
        }
    }

    fn pause_left(&self, now: Instant) -> Option<Duration> {
        self.paused_until.map(|until| until.saturating_duration_since(now)).filter(|left| !left.is_zero())
    }

    /// Until when nobody may go, as far as is known now; `None` if one may.
    fn blocked_until(&mut self, now: Instant) -> Option<Instant> {
        while self.used.peek().is_some_and(|Reverse(free)| *free <= now) {
            self.used.pop();
        }
        self.told = self.told.filter(|(_, until)| *until > now);
        let stalled = |since: Instant| Some(since + STALLED).filter(|until| *until > now);
        let pause = self.paused_until.filter(|until| *until > now);
        let probe = match self.health {
            Health::Probing(_, since) => stalled(since),
            Health::Good | Health::Refused => None,
        };
        let told = self.told.filter(|(left, _)| *left == 0).map(|(_, until)| until);
        let taken = u32::try_from(self.used.len()).unwrap_or(u32::MAX).saturating_add(self.held);
        let count = self.rate_limit.requests.filter(|limit| taken >= *limit).map(|_| {
            // With all places held there is nothing to wait for but an answer, which wakes.
            self.used.peek().map_or(now + self.rate_limit.window, |Reverse(free)| *free)
        });
        let full = self.rate_limit.concurrency.is_some_and(|limit| self.open >= limit);
        let room = self.moved.filter(|_| full).and_then(stalled);
        [pause, probe, told, count, room].into_iter().flatten().max()
    }

    fn depart(&mut self, now: Instant) -> Departure {
        self.open += 1;
        self.held += 1;
        self.moved = Some(now);
        if let Some((left, _)) = &mut self.told {
            *left = left.saturating_sub(1);
        }
        let probe = self.health != Health::Good;
        let number = self.departures;
        self.departures += 1;
        if probe {
            self.health = Health::Probing(number, now);
        }
        Departure { number, probe, held: true }
    }

    /// The server has counted the request by now, or never will if `arrived` is false.
    fn settle(&mut self, departure: &mut Departure, free_at: Option<Instant>) {
        if std::mem::take(&mut departure.held) {
            self.held = self.held.saturating_sub(1);
            if let Some(free_at) = free_at.filter(|_| self.rate_limit.requests.is_some()) {
                self.used.push(Reverse(free_at));
            }
        }
    }

    /// Notes a response. What it says of the server's limit is undocumented: it is believed for at most `cap`, and not at all
    /// where the limit is off.
    pub(super) fn answered(
        &mut self,
        departure: &mut Departure,
        told: Option<Told>,
        cap: Duration,
        now: Instant,
    ) {
        self.settle(departure, Some(now + self.rate_limit.window + MARGIN));
        if let Some(told) = told.filter(|_| self.rate_limit.requests.is_some()) {
            // What is on its way may not have been counted when the server said that.
            let left = told.remaining.saturating_sub(self.held);
            self.told = Some((left, now + told.reset.min(cap) + MARGIN));
        }
    }

    /// The answer was anything but a 429.
    pub(super) fn accepted(&mut self, departure: &Departure) {
        if departure.number >= self.after_pause {
            self.strikes = 0;
            self.limited_since = None;
            self.health = Health::Good;
        }
    }

    /// Notes a 429: every caller of the key pauses, and then one goes ahead.
    pub(super) fn refused(
        &mut self,
        departure: &Departure,
        retry_after: Option<Duration>,
        policy: &RetryPolicy,
        now: Instant,
    ) {
        // Requests that were sent before the pause began belong to the volley that caused it.
        let is_same_volley = departure.number < self.after_pause;
        if !is_same_volley {
            self.strikes = self.strikes.saturating_add(1);
            self.after_pause = self.departures;
            self.limited_since.get_or_insert(now);
        }
        let pause = match retry_after {
            Some(asked) if !asked.is_zero() => asked.max(policy.base_delay).min(LONGEST_PAUSE),
            _ if is_same_volley => Duration::ZERO,
            // 0, or a date in the past.
            Some(_) => policy.ceiling(self.strikes).max(SHORTEST_PAUSE),
            None => self.unannounced_pause().max(SHORTEST_PAUSE),
        };
        self.paused_until = self.paused_until.max(Some(now + pause));
        self.health = Health::Refused;
    }

    /// The pause after a 429 that asks for none, the normal case of this API. Other programs may use the key, so nobody here
    /// knows when the window has room again, only that it has once it is over: 1/60 of the window, doubled with each 429 up
    /// to a quarter of it.
    fn unannounced_pause(&self) -> Duration {
        let doubled = 2u32.saturating_pow(self.strikes.saturating_sub(1));
        (self.rate_limit.window / 60).saturating_mul(doubled).min(self.rate_limit.window / 4)
    }

    /// No connection came about, so nothing was counted.
    pub(super) fn not_sent(&mut self, departure: &mut Departure) {
        self.settle(departure, None);
    }

    /// The request is over, whatever became of it.
    pub(super) fn over(&mut self, mut departure: Departure, now: Instant, wake: &mut Vec<Waker>) {
        self.settle(&mut departure, Some(now + STRAGGLER + self.rate_limit.window + MARGIN));
        self.open = self.open.saturating_sub(1);
        self.moved = Some(now);
        let probing = matches!(self.health, Health::Probing(number, _) if number == departure.number);
        if departure.probe && probing {
            // It came to nothing: the next one goes ahead.
            self.health = Health::Refused;
        }
        self.wake_first(now, wake);
    }

    #[cfg(test)]
    pub(super) fn departures(&self) -> u64 {
        self.departures
    }

    #[cfg(test)]
    pub(super) fn counts(&self) -> (usize, u32, u32, usize) {
        (self.used.len(), self.held, self.open, self.queue.len())
    }
}
