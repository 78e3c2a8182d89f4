//! What each page does.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::input::{Input, given};
use super::pages::{PAGES, Page};
use crate::error::{Error, Refused};
use crate::fault::Fault;
use crate::ops::Reply;
use crate::record::parse_time;
use crate::refusal::Refusal;
use crate::seed::Seed;
use crate::world::{Happening, World, summary};
use crate::worlds::Worlds;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedInput {
    seed: Value,
    #[serde(default)]
    number: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LoadInput {
    state: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Time {
    time: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsInput {
    #[serde(default, deserialize_with = "given")]
    requests_per_minute: Option<Option<u32>>,
    #[serde(default)]
    credits: Option<u32>,
}

pub(super) async fn run(
    page: Page,
    worlds: &Arc<Worlds>,
    world: &World,
    input: Input,
) -> Result<Reply, Refusal> {
    let refused = |error: Error| match error {
        Error::Refused(Refused(refusal)) => *refusal,
        other => Refusal::bad_request(other.to_string()),
    };
    match page {
        Page::Index => told(input, || {
            let pages = PAGES.iter().map(|(method, path, _, about)| {
                json!({"method": method, "path": format!("/_sandbox{path}"), "about": about})
            });
            json!({"version": env!("CARGO_PKG_VERSION"), "pages": pages.collect::<Vec<_>>()})
        }),
        Page::Worlds => told(input, || worlds.all().iter().map(|world| summary(world)).collect()),
        Page::World => told(input, || summary(world.inner())),
        Page::Forget => {
            input.nothing()?;
            worlds.forget(world.id());
            Ok(Reply::no_content())
        }
        Page::Outbox => told(input, || all(world.outbox())),
        Page::ClearOutbox => {
            input.nothing()?;
            world.clear_outbox().await.map_err(refused)?;
            Ok(Reply::no_content())
        }
        Page::Requests => told(input, || all(world.requests())),
        Page::ClearRequests => {
            input.nothing()?;
            world.clear_requests();
            Ok(Reply::no_content())
        }
        Page::Reset => {
            input.nothing()?;
            world.reset().await.map_err(refused)?;
            Ok(Reply::ok(summary(world.inner())))
        }
        Page::Seed => {
            let SeedInput { seed, number } = input.read()?;
            let word = seed.as_str().map_or_else(|| seed.to_string(), str::to_owned);
            let seed: Seed = word.parse().map_err(|error| Refusal::invalid("seed", format!("{error}.")))?;
            world.seed(seed, number.unwrap_or_default()).await.map_err(refused)?;
            Ok(Reply::ok(summary(world.inner())))
        }
        Page::Snapshots => told(input, || json!(world.snapshots())),
        Page::Snapshot => {
            let Named { name } = input.read()?;
            if name.is_empty() || name.contains('/') {
                return Err(Refusal::invalid("name", "The name must not be empty, nor hold a slash."));
            }
            world.snapshot(name).await.map_err(refused)?;
            Ok(Reply::ok(json!(world.snapshots())))
        }
        Page::Export => {
            input.nothing()?;
            world.export(None).map(Reply::ok).map_err(refused)
        }
        Page::ExportSnapshot => {
            let exported = world.export(Some(input.parameter("name"))).map_err(refused)?;
            told(input, || exported)
        }
        Page::DropSnapshot => {
            let name = input.parameter("name").to_owned();
            input.nothing()?;
            world.drop_snapshot(name).await.map_err(refused)?;
            Ok(Reply::no_content())
        }
        Page::Restore => {
            let Named { name } = input.read()?;
            world.restore(name).await.map_err(refused)?;
            Ok(Reply::ok(summary(world.inner())))
        }
        Page::Load => {
            let LoadInput { state } = input.read()?;
            world.load(state).await.map_err(refused)?;
            Ok(Reply::ok(summary(world.inner())))
        }
        Page::Clock => told(input, || clock(world)),
        Page::SetClock => {
            let Time { time } = input.read()?;
            let wrong = || Refusal::invalid("time", "The time must be one such as 2026-02-03T12:00:00Z.");
            let time: DateTime<Utc> = parse_time(&time).ok_or_else(wrong)?;
            moved(world, |clock| clock.set(time)).await
        }
        Page::AdvanceClock => {
            let Advance { seconds } = input.read()?;
            let wrong = |_| Refusal::invalid("seconds", "The seconds must be a number from 0 on.");
            let step = Duration::try_from_secs_f64(seconds).map_err(wrong)?;
            moved(world, |clock| clock.advance(step)).await
        }
        Page::FreezeClock => {
            input.nothing()?;
            moved(world, crate::Clock::freeze).await
        }
        Page::ResumeClock => {
            input.nothing()?;
            moved(world, crate::Clock::resume).await
        }
        Page::Faults => told(input, || all(world.faults())),
        Page::AddFault => {
            let fault: Fault = input.read()?;
            let id = world.add_fault(fault).map_err(refused)?;
            let added = world.faults().into_iter().find(|fault| fault.id == id);
            Ok(Reply::created(json!(added)))
        }
        Page::ClearFaults => {
            input.nothing()?;
            world.clear_faults();
            Ok(Reply::no_content())
        }
        Page::RemoveFault => {
            let id = input.parameter("id").parse().ok();
            input.nothing()?;
            match id.is_some_and(|id| world.remove_fault(id)) {
                true => Ok(Reply::no_content()),
                false => Err(Refusal::not_found("Fault")),
            }
        }
        Page::Happen => {
            let happening: Happening = input.read()?;
            Ok(Reply::ok(world.happen(happening).await.map_err(refused)?))
        }
        Page::Deliveries => told(input, || all(world.deliveries())),
        Page::Redeliver => {
            let id = input.parameter("id").parse().ok();
            input.nothing()?;
            let Some(id) = id else { return Err(Refusal::not_found("Delivery")) };
            let delivery = world.redeliver(id).await.ok_or_else(|| Refusal::not_found("Delivery"))?;
            Ok(Reply::ok(json!(delivery)))
        }
        Page::Limits => told(input, || limits(world)),
        Page::SetLimits => {
            let LimitsInput { requests_per_minute, credits } = input.read()?;
            if let Some(credits) = credits {
                world.set_credits(credits).await.map_err(refused)?;
            }
            if let Some(requests) = requests_per_minute {
                world.set_rate_limit(requests).await.map_err(refused)?;
            }
            Ok(Reply::ok(limits(world)))
        }
    }
}

fn told(input: Input, tell: impl FnOnce() -> Value) -> Result<Reply, Refusal> {
    input.nothing()?;
    Ok(Reply::ok(tell()))
}

fn all(rows: Vec<impl Serialize>) -> Value {
    json!(rows)
}

async fn moved(world: &World, by: impl FnOnce(&crate::Clock)) -> Result<Reply, Refusal> {
    world.inner().move_clock(by).answer().await?;
    // What fell due has been tried when this is answered.
    world.deliver().await;
    Ok(Reply::ok(clock(world)))
}

fn clock(world: &World) -> Value {
    json!({"now": world.clock().now(), "frozen": world.clock().is_frozen()})
}

fn limits(world: &World) -> Value {
    json!({"requests_per_minute": world.rate_limit(), "credits": world.credits()})
}
