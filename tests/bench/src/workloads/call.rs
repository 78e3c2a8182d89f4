//! One small request, repeated, compared with bare reqwest. Instructions are counted from outside for two numbers of requests;
//! the difference excludes the start.

use std::time::Duration;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use futures_util::{StreamExt, stream::FuturesUnordered};
use serde::Deserialize;
use serde_json::json;
use stats_alloc::Region;

use super::{bare, builder};
use crate::usage::Meter;

/// Options of the workload.
#[derive(Debug, Args)]
pub struct Arguments {
    workload: Workload,
    base_url: String,
    #[arg(long)]
    calls: u64,
    /// Send all requests at once, and let the client limit the concurrency.
    #[arg(long)]
    at_once: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Workload {
    /// reqwest and serde.
    Reqwest,
    /// The generated client.
    Raw,
    /// The client with all features: retries, a rate limit that is never reached, spans without a subscriber.
    Grinfi,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "decoding all fields is part of the measurement")]
struct User {
    uuid: String,
    id: i64,
    team_id: i64,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    created_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// Sends the requests, and prints the cost of one.
pub async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { workload, base_url, calls, at_once } = arguments;
    match workload {
        Workload::Reqwest => {
            let http = bare(Duration::from_secs(60))?;
            let url = format!("{base_url}/id/api/users/current");
            measure(calls, at_once, async || {
                let user: User = http.get(&url).send().await?.error_for_status()?.json().await?;
                Ok(user.uuid)
            })
            .await
        }
        Workload::Raw => {
            let http = bare(Duration::from_secs(60))?;
            let client = grinfi_raw::Client::with_http_client(&base_url, http);
            measure(calls, at_once, async || match client.get_current_user().await {
                Ok(user) => Ok(user.uuid.unwrap_or_default()),
                Err(error) => bail!("{error}"),
            })
            .await
        }
        Workload::Grinfi => {
            let rate_limit = grinfi::RateLimit::default().requests(u32::MAX);
            let client = builder(&base_url).rate_limit(rate_limit).build()?;
            measure(calls, at_once, async || {
                Ok(client.users().current().await?.uuid.clone().unwrap_or_default())
            })
            .await
        }
    }
}

async fn measure(calls: u64, at_once: bool, call: impl AsyncFn() -> Result<String>) -> Result<()> {
    // Opens the connection before the measurement.
    for _ in 0..10 {
        call().await?;
    }
    let region = Region::new(super::super::ALLOCATOR);
    let meter = Meter::start()?;
    let mut letters = 0;
    if at_once {
        let mut all: FuturesUnordered<_> = (0..calls).map(|_| call()).collect();
        while let Some(result) = all.next().await {
            letters += result?.len();
        }
    } else {
        for _ in 0..calls {
            letters += call().await?.len();
        }
    }
    let change = region.change();
    let each = |total: usize| total as f64 / calls as f64;
    meter.finish(json!({
        "calls": calls,
        "letters": letters,
        "allocations": each(change.allocations + change.reallocations),
        "allocated_bytes": each(change.bytes_allocated),
    }))
}
