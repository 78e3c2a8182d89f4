//! Handlers of the control endpoints.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::endpoints::{ENDPOINTS, Endpoint};
use super::input::{Input, nullable};
use crate::call::{ApiResponse, ApiResult};
use crate::clock::Clock;
use crate::faults::Fault;
use crate::prospect_event::ProspectEvent;
use crate::record::parse_time;
use crate::registry::Registry;
use crate::rejection::Rejection;
use crate::seed::Seed;
use crate::tenant::Tenant;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedInput {
    seed: Value,
    #[serde(default)]
    number: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NameInput {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LoadInput {
    state: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TimeInput {
    time: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AdvanceInput {
    seconds: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsInput {
    #[serde(default, deserialize_with = "nullable")]
    requests_per_minute: Option<Option<u32>>,
    #[serde(default)]
    credits: Option<u32>,
}

pub(super) async fn run(endpoint: Endpoint, registry: &Registry, tenant: &Tenant, input: Input) -> ApiResult {
    match endpoint {
        Endpoint::Index => show(input, || {
            let endpoints = ENDPOINTS.iter().map(|(method, path, _, description)| {
                json!({"method": method, "path": format!("/_sandbox{path}"), "description": description})
            });
            json!({"version": env!("CARGO_PKG_VERSION"), "endpoints": endpoints.collect::<Vec<_>>()})
        }),
        Endpoint::Tenants => show(input, || registry.all().iter().map(|tenant| tenant.summary()).collect()),
        Endpoint::Tenant => show(input, || tenant.core().summary()),
        Endpoint::RemoveTenant => {
            input.expect_none()?;
            registry.remove(tenant.id());
            Ok(ApiResponse::no_content())
        }
        Endpoint::Outbox => show(input, || list(tenant.outbox())),
        Endpoint::ClearOutbox => {
            input.expect_none()?;
            tenant.clear_outbox().await?;
            Ok(ApiResponse::no_content())
        }
        Endpoint::Requests => show(input, || list(tenant.requests())),
        Endpoint::ClearRequests => {
            input.expect_none()?;
            tenant.clear_requests();
            Ok(ApiResponse::no_content())
        }
        Endpoint::Reset => {
            input.expect_none()?;
            tenant.reset().await?;
            summary(tenant)
        }
        Endpoint::Seed => {
            let SeedInput { seed, number } = input.read()?;
            let text = seed.as_str().map_or_else(|| seed.to_string(), str::to_owned);
            let seed: Seed = text.parse().map_err(|error| Rejection::invalid("seed", format!("{error}.")))?;
            tenant.seed(seed, number.unwrap_or_default()).await?;
            summary(tenant)
        }
        Endpoint::Snapshots => show(input, || json!(tenant.snapshots())),
        Endpoint::Snapshot => {
            let NameInput { name } = input.read()?;
            if name.is_empty() || name.contains('/') {
                let message = format!("The name must not be empty or contain a slash, got {name:?}.");
                return Err(Rejection::invalid("name", message));
            }
            tenant.snapshot(name).await?;
            Ok(ApiResponse::ok(json!(tenant.snapshots())))
        }
        Endpoint::Export => {
            input.expect_none()?;
            Ok(ApiResponse::ok(tenant.export(None)?))
        }
        Endpoint::ExportSnapshot => {
            let exported = tenant.export(Some(input.parameter("name")))?;
            show(input, || exported)
        }
        Endpoint::DropSnapshot => {
            let name = input.parameter("name").to_owned();
            input.expect_none()?;
            tenant.drop_snapshot(name).await?;
            Ok(ApiResponse::no_content())
        }
        Endpoint::Restore => {
            let NameInput { name } = input.read()?;
            tenant.restore(name).await?;
            summary(tenant)
        }
        Endpoint::Load => {
            let LoadInput { state } = input.read()?;
            tenant.load(state).await?;
            summary(tenant)
        }
        Endpoint::Clock => show(input, || clock(tenant)),
        Endpoint::SetClock => {
            let TimeInput { time } = input.read()?;
            let invalid = || {
                let message = format!("The time must look like 2026-02-03T12:00:00Z, got {time:?}.");
                Rejection::invalid("time", message)
            };
            let time: DateTime<Utc> = parse_time(&time).ok_or_else(invalid)?;
            move_clock(tenant, |clock| clock.set(time)).await
        }
        Endpoint::AdvanceClock => {
            let AdvanceInput { seconds } = input.read()?;
            let step = Duration::try_from_secs_f64(seconds).map_err(|_| {
                let message = format!("The seconds must be a number of at least 0, got {seconds}.");
                Rejection::invalid("seconds", message)
            })?;
            move_clock(tenant, |clock| clock.advance(step)).await
        }
        Endpoint::FreezeClock => {
            input.expect_none()?;
            move_clock(tenant, Clock::freeze).await
        }
        Endpoint::ResumeClock => {
            input.expect_none()?;
            move_clock(tenant, Clock::resume).await
        }
        Endpoint::Faults => show(input, || list(tenant.faults())),
        Endpoint::AddFault => {
            let fault: Fault = input.read()?;
            let id = tenant.add_fault(fault)?;
            let added = tenant.faults().into_iter().find(|fault| fault.id == id);
            Ok(ApiResponse::created(json!(added)))
        }
        Endpoint::ClearFaults => {
            input.expect_none()?;
            tenant.clear_faults();
            Ok(ApiResponse::no_content())
        }
        Endpoint::RemoveFault => {
            let id = input.parameter("id").parse().ok();
            input.expect_none()?;
            match id.is_some_and(|id| tenant.remove_fault(id)) {
                true => Ok(ApiResponse::no_content()),
                false => Err(Rejection::not_found("Fault")),
            }
        }
        Endpoint::Simulate => {
            let event: ProspectEvent = input.read()?;
            Ok(ApiResponse::ok(tenant.simulate(event).await?))
        }
        Endpoint::Deliveries => show(input, || list(tenant.deliveries())),
        Endpoint::Redeliver => {
            let id = input.parameter("id").parse().ok();
            input.expect_none()?;
            let Some(id) = id else { return Err(Rejection::not_found("Delivery")) };
            let delivery = tenant.redeliver(id).await.ok_or_else(|| Rejection::not_found("Delivery"))?;
            Ok(ApiResponse::ok(json!(delivery)))
        }
        Endpoint::Limits => show(input, || limits(tenant)),
        Endpoint::SetLimits => {
            let LimitsInput { requests_per_minute, credits } = input.read()?;
            if let Some(credits) = credits {
                tenant.set_credits(credits).await?;
            }
            if let Some(requests) = requests_per_minute {
                tenant.set_rate_limit(requests).await?;
            }
            Ok(ApiResponse::ok(limits(tenant)))
        }
    }
}

/// Returns the value of an endpoint that takes no input.
fn show(input: Input, value: impl FnOnce() -> Value) -> ApiResult {
    input.expect_none()?;
    Ok(ApiResponse::ok(value()))
}

fn summary(tenant: &Tenant) -> ApiResult {
    Ok(ApiResponse::ok(tenant.core().summary()))
}

fn list(rows: Vec<impl Serialize>) -> Value {
    json!(rows)
}

async fn move_clock(tenant: &Tenant, moved: impl FnOnce(&Clock)) -> ApiResult {
    tenant.core().move_clock(moved).synced().await?;
    // Webhook calls that became due are sent before the response.
    tenant.deliver().await;
    Ok(ApiResponse::ok(clock(tenant)))
}

fn clock(tenant: &Tenant) -> Value {
    json!({"now": tenant.clock().now(), "frozen": tenant.clock().is_frozen()})
}

fn limits(tenant: &Tenant) -> Value {
    json!({"requests_per_minute": tenant.rate_limit(), "credits": tenant.credits()})
}
