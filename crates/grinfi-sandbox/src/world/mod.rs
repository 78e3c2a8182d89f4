//! A world: what one key sees, apart from every other.

mod act;
mod document;
mod handle;
mod happening;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, RwLock};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::sync::Notify;

pub(crate) use act::{Act, Request, seed_word};
pub use handle::World;
pub use happening::Happening;

use crate::clock::{Clock, Face};
use crate::events::WebhookCall;
use crate::fault::Faults;
use crate::http::{self, Limit};
use crate::ids::Ids;
use crate::journal::{Entry, Journal, Kept};
use crate::locks::{lock, read, write};
use crate::log::Log;
use crate::mode::Mode;
use crate::ops::{self, Call, Reply};
use crate::record::set;
use crate::refusal::Refusal;
use crate::seed::{self, Seed};
use crate::store::Store;
use crate::webhooks::{Courier, Deliveries, keep_delivering};

/// The credits that enrichment spends, among those of the team.
const CREDITS: &str = "advanced_enrichment";

/// What the worlds of one sandbox share.
#[derive(Debug)]
pub(crate) struct House {
    pub(crate) base_url: String,
    /// `None` keeps nothing.
    pub(crate) journal: Option<Journal>,
    pub(crate) courier: Courier,
    pub(crate) runtime: Handle,
}

/// How a world begins, and where a reset leads back to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Start {
    #[serde(with = "seed_word")]
    pub(crate) seed: Seed,
    pub(crate) number: u64,
    pub(crate) rate_limit: Option<u32>,
    #[serde(default)]
    pub(crate) mode: Mode,
    pub(crate) face: Face,
}

/// A world as it was at some moment: everything an operation can see.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Saved {
    pub(crate) at: DateTime<Utc>,
    pub(crate) face: Face,
    pub(crate) store: Store,
}

/// Everything of a world that is kept.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Whole {
    pub(crate) id: String,
    pub(crate) start: Start,
    pub(crate) rate_limit: Option<u32>,
    pub(crate) snapshots: BTreeMap<String, Saved>,
    pub(crate) now: Saved,
    /// The number of the last journal entry that has led to this.
    pub(crate) entries: u64,
}

pub(crate) struct Inner {
    pub(crate) id: String,
    pub(crate) house: Arc<House>,
    pub(crate) clock: Clock,
    pub(crate) state: RwLock<State>,
    /// Counts what comes, also while others are at work on the state. Changed with the state held.
    pub(crate) limit: Mutex<Limit>,
    pub(crate) log: Mutex<Log>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) deliveries: Mutex<Deliveries>,
    /// Held by the one who makes calls of webhooks.
    pub(crate) delivering: tokio::sync::Mutex<()>,
    /// Something was done, and there may be calls of webhooks to make.
    pub(crate) stirred: Arc<Notify>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Whoever waits for something to happen here waits for nothing.
        self.stirred.notify_one();
    }
}

/// What acts change, under one lock.
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) start: Start,
    pub(crate) snapshots: BTreeMap<String, Saved>,
    /// The number of the last journal entry about it.
    entries: u64,
    /// Its key has a new world by now, or none.
    ended: bool,
}

/// An act that is done, and may not be kept yet.
#[must_use = "what is not kept must not be answered"]
pub(crate) struct Done {
    outcome: Result<Reply, Refusal>,
    kept: Option<Kept>,
}

impl Done {
    /// What it came to, once it is kept.
    pub(crate) async fn answer(self) -> Result<Reply, Refusal> {
        if let Some(kept) = self.kept {
            kept.wait().await.map_err(|why| Refusal::not_kept(&why))?;
        }
        self.outcome
    }
}

impl Inner {
    /// A world at its start.
    pub(crate) fn begin(
        id: String,
        house: Arc<House>,
        clock: Clock,
        start: Start,
        at: DateTime<Utc>,
        entries: u64,
    ) -> Inner {
        let state = State {
            store: seeded(start.seed, start.number, at),
            start,
            snapshots: BTreeMap::new(),
            entries,
            ended: false,
        };
        let limit = Limit::new(state.start.rate_limit);
        Inner::of(id, house, clock, state, limit)
    }

    /// A world as it was kept.
    pub(crate) fn back(house: Arc<House>, clock: Clock, whole: Whole) -> Inner {
        let Whole { id, start, rate_limit, snapshots, now, entries } = whole;
        clock.show(now.face);
        let limit = Limit::new(rate_limit);
        let state = State { store: now.store, start, snapshots, entries, ended: false };
        Inner::of(id, house, clock, state, limit)
    }

    fn of(id: String, house: Arc<House>, clock: Clock, state: State, limit: Limit) -> Inner {
        Inner {
            id,
            house,
            clock,
            state: RwLock::new(state),
            limit: Mutex::new(limit),
            log: Mutex::default(),
            faults: Mutex::default(),
            deliveries: Mutex::default(),
            delivering: tokio::sync::Mutex::default(),
            stirred: Arc::default(),
        }
    }

    /// A copy of everything that is kept, as of one moment.
    pub(crate) fn whole(&self) -> Whole {
        let state = read(&self.state);
        Whole {
            id: self.id.clone(),
            start: state.start.clone(),
            rate_limit: lock(&self.limit).requests(),
            snapshots: state.snapshots.clone(),
            now: self.saved_now(&state),
            entries: state.entries,
        }
    }

    fn saved(&self) -> Saved {
        self.saved_now(&read(&self.state))
    }

    fn saved_now(&self, state: &State) -> Saved {
        Saved { at: self.clock.now(), face: self.clock.face(), store: state.store.clone() }
    }

    /// How true it is to the description.
    pub(crate) fn mode(&self) -> Mode {
        read(&self.state).start.mode
    }

    /// The number of the last journal entry about it.
    pub(crate) fn entries(&self) -> u64 {
        read(&self.state).entries
    }

    /// Ends the world: nothing more can be done to it.
    pub(crate) fn end(&self) {
        write(&self.state).ended = true;
    }

    /// Calls an operation. `request` is kept if the operation may change something.
    pub(crate) fn call(&self, handler: ops::Handler, call: &Call, request: Option<Request>) -> Done {
        if let ops::Handler::Looks(look) = handler
            && let Some(outcome) = self.look(look, call)
        {
            return Done { outcome, kept: None };
        }
        if let ops::Handler::Deliveries(look) = handler {
            let deliveries = lock(&self.deliveries).all();
            return Done { outcome: look(&deliveries, call), kept: None };
        }
        self.stirring(request.is_some(), |state| {
            let now = self.clock.now();
            let outcome = state.call(now, handler, call);
            (now, request.map(Act::Call), outcome)
        })
    }

    /// Answers a call beside others; `None` if there is something to be done first.
    fn look(
        &self,
        look: fn(&Store, &Call) -> Result<Reply, Refusal>,
        call: &Call,
    ) -> Option<Result<Reply, Refusal>> {
        let state = read(&self.state);
        let is_due = state.store.next_job().is_some_and(|at| at <= self.clock.now());
        if state.ended || is_due || state.store.mode != state.start.mode {
            return None;
        }
        let answered = catch_unwind(AssertUnwindSafe(|| look(&state.store, call)));
        Some(answered.unwrap_or_else(|_| Err(Refusal::server_error())))
    }

    /// Does anything but a call.
    pub(crate) fn act(&self, act: Act) -> Done {
        self.stirring(true, |state| {
            if matches!(act, Act::Reset) {
                self.clock.show(state.start.face);
            }
            let now = self.clock.now();
            let outcome = state.act(now, &act, &self.clock, &self.limit);
            (now, outcome.is_ok().then_some(act), outcome)
        })
    }

    /// Takes the calls of webhooks that are due.
    pub(crate) fn take_calls(&self) -> Vec<WebhookCall> {
        let mut taken = Vec::new();
        // Not waited for: should it not be kept, a call is made again.
        drop(self.change(true, |state| {
            let now = self.clock.now();
            taken = state.take_calls(now);
            (now, (!taken.is_empty()).then_some(Act::Took), Ok(Reply::no_content()))
        }));
        taken
    }

    /// Makes its calls of webhooks from now on.
    pub(crate) fn keep_delivering(self: &Arc<Self>) {
        self.house.runtime.spawn(keep_delivering(Arc::downgrade(self)));
    }

    /// Moves the clock by hand, and keeps where to.
    pub(crate) fn move_clock(&self, moved: impl FnOnce(&Clock)) -> Done {
        self.stirring(true, |_| {
            moved(&self.clock);
            (self.clock.now(), Some(Act::Clock), Ok(Reply::no_content()))
        })
    }

    /// The same as [`Inner::change`], of which webhooks may come.
    fn stirring(
        &self,
        keeps: bool,
        work: impl FnOnce(&mut State) -> (DateTime<Utc>, Option<Act>, Result<Reply, Refusal>),
    ) -> Done {
        // What only reads moves nothing but what was due, and whoever delivers is woken for that by the clock.
        let mut stirs = keeps;
        let done = self.change(keeps, |state| {
            let outcome = work(state);
            stirs |= !state.store.calls.is_empty();
            outcome
        });
        if stirs {
            self.stirred.notify_one();
        }
        done
    }

    /// Does something under the lock, and writes it down before the lock is open again, so that acts stand in the
    /// journal in the order in which they were done.
    fn change(
        &self,
        keeps: bool,
        work: impl FnOnce(&mut State) -> (DateTime<Utc>, Option<Act>, Result<Reply, Refusal>),
    ) -> Done {
        let mut state = write(&self.state);
        if state.ended {
            return Done { outcome: Err(Refusal::not_found("World")), kept: None };
        }
        let journal = self.house.journal.as_ref().filter(|_| keeps);
        if let Some(Err(why)) = journal.map(Journal::works) {
            return Done { outcome: Err(Refusal::not_kept(&why)), kept: None };
        }
        let (at, act, outcome) = work(&mut state);
        let kept = journal.zip(act).map(|(journal, act)| {
            state.entries = journal.next();
            journal.add(&Entry::Act {
                number: state.entries,
                world: self.id.clone(),
                at,
                face: self.clock.face(),
                act,
                digest: http::digest(&outcome),
            })
        });
        drop(state);
        Done { outcome, kept }
    }

    /// Does again what was kept; what it comes to, as [`http::digest`] has it. `None` if this world has it already.
    pub(crate) fn again(&self, number: u64, at: DateTime<Utc>, act: &Act, face: Face) -> Option<u32> {
        let mut state = write(&self.state);
        if number <= state.entries {
            return None;
        }
        state.entries = number;
        let outcome = match act {
            Act::Call(request) => match http::read_call(request, state.start.mode) {
                Ok((handler, call)) => state.call(at, handler, &call),
                Err(refusal) => Err(refusal),
            },
            act => state.act(at, act, &self.clock, &self.limit),
        };
        self.clock.show(face);
        Some(http::digest(&outcome))
    }
}

impl State {
    fn call(&mut self, now: DateTime<Utc>, handler: ops::Handler, call: &Call) -> Result<Reply, Refusal> {
        self.store.mode = self.start.mode;
        let answered = self.store.turn(now, |store| ops::run(handler, store, call));
        // A panic of an operation is that request's 500 and nobody else's.
        answered.unwrap_or_else(|| Err(Refusal::server_error()))
    }

    fn act(
        &mut self,
        now: DateTime<Utc>,
        act: &Act,
        clock: &Clock,
        limit: &Mutex<Limit>,
    ) -> Result<Reply, Refusal> {
        match act {
            Act::Call(_) => return Err(Refusal::server_error()),
            Act::Reset => {
                let Start { seed, number, rate_limit, .. } = self.start;
                self.store = seeded(seed, number, now);
                *lock(limit) = Limit::new(rate_limit);
            }
            Act::Seed { seed, number } => {
                (self.start.seed, self.start.number) = (*seed, *number);
                self.store = seeded(*seed, *number, now);
            }
            Act::Snapshot { name } => {
                let saved = Saved { at: now, face: clock.face(), store: self.store.clone() };
                self.snapshots.insert(name.clone(), saved);
            }
            Act::Restore { name } => {
                let saved = self.snapshots.get(name).ok_or_else(|| unknown_snapshot(name))?;
                Self::load(&mut self.store, saved, clock);
            }
            Act::DropSnapshot { name } => {
                self.snapshots.remove(name).ok_or_else(|| unknown_snapshot(name))?;
            }
            Act::Load { saved } => Self::load(&mut self.store, saved, clock),
            Act::RateLimit { requests } => *lock(limit) = Limit::new(*requests),
            Act::ClearOutbox => self.store.outbox.clear(),
            Act::Credits { credits } => {
                if let Some(all) = self.store.team.get_mut("credits").and_then(Value::as_object_mut) {
                    set(all, CREDITS, *credits);
                }
            }
            Act::Happen { happening } => {
                let answered = self.store.turn(now, |store| happening.run(store));
                return answered.unwrap_or_else(|| Err(Refusal::server_error()));
            }
            Act::Took => drop(self.take_calls(now)),
            Act::Clock => {}
        }
        Ok(Reply::no_content())
    }

    /// The credits that enrichment has left.
    pub(crate) fn credits(&self) -> i64 {
        let credits = self.store.team.get("credits").and_then(|all| all.get(CREDITS));
        credits.and_then(Value::as_i64).unwrap_or_default()
    }

    /// Does what is due.
    pub(crate) fn settle(&mut self, now: DateTime<Utc>) {
        self.store.turn(now, Store::settle);
    }

    fn take_calls(&mut self, now: DateTime<Utc>) -> Vec<WebhookCall> {
        let taken = self.store.turn(now, |store| {
            store.settle();
            std::mem::take(&mut store.calls)
        });
        taken.unwrap_or_default()
    }

    fn load(store: &mut Store, saved: &Saved, clock: &Clock) {
        *store = saved.store.clone();
        // A clock that ran goes on running where it is by now: its past cannot be had back.
        if saved.face.is_frozen() {
            clock.show(saved.face);
        }
    }
}

fn unknown_snapshot(name: &str) -> Refusal {
    Refusal::invalid("name", format!("There is no snapshot {name:?}."))
}

/// The same seed, number and time make the same store.
fn seeded(seed: Seed, number: u64, now: DateTime<Utc>) -> Store {
    let mut store = Store::new(Clock::fixed(now));
    store.ids = Ids::from_number(number);
    store.turn(now, |store| seed::fill_from(store, seed, number));
    store
}

/// What the control pages tell of a world.
pub(crate) fn summary(world: &Inner) -> serde_json::Value {
    let mut state = write(&world.state);
    state.settle(world.clock.now());
    json!({
        "id": world.id,
        "mode": state.start.mode,
        "seed": state.start.seed.to_string(),
        "seed_number": state.start.number,
        "now": world.clock.now(),
        "frozen": world.clock.is_frozen(),
        "rate_limit": lock(&world.limit).requests(),
        "credits": state.credits(),
        "contacts": state.store.contacts.table().len(),
        "outbox": state.store.outbox.len(),
        "snapshots": state.snapshots.keys().collect::<Vec<_>>(),
        "requests": lock(&world.log).count(),
        "faults": lock(&world.faults).all().len(),
        "deliveries": lock(&world.deliveries).all().len(),
    })
}

#[cfg(test)]
mod tests;
