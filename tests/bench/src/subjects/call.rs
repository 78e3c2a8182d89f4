//! One small call, again and again: what a call costs beside bare reqwest. The instructions are counted from outside, by
//! running two numbers of calls; what both have in common falls out.

use std::time::Duration;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use futures_util::{StreamExt, stream::FuturesUnordered};
use serde::Deserialize;
use serde_json::json;
use stats_alloc::Region;

use super::{bare, builder};
use crate::usage::Meter;

/// How to call, and how often.
#[derive(Debug, Args)]
pub struct Arguments {
    subject: Subject,
    base_url: String,
    #[arg(long)]
    calls: u64,
    /// Make all of them at once, and leave it to the client to let some go at a time.
    #[arg(long)]
    at_once: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Subject {
    /// reqwest and serde.
    Reqwest,
    /// The generated client by itself.
    Raw,
    /// The client with everything on: retries, a quota that is never used up, spans that nobody reads.
    Grinfi,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "what is decoded is what costs")]
struct User {
    uuid: String,
    id: i64,
    team_id: i64,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    created_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// Makes the calls, and prints what one of them cost.
pub async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { subject, base_url, calls, at_once } = arguments;
    match subject {
        Subject::Reqwest => {
            let http = bare(Duration::from_secs(60))?;
            let url = format!("{base_url}/id/api/users/current");
            measure(calls, at_once, async || {
                let user: User = http.get(&url).send().await?.error_for_status()?.json().await?;
                Ok(user.uuid)
            })
            .await
        }
        Subject::Raw => {
            let http = bare(Duration::from_secs(60))?;
            let client = grinfi_raw::Client::with_http_client(&base_url, http);
            measure(calls, at_once, async || match client.get_current_user().await {
                Ok(user) => Ok(user.uuid.unwrap_or_default()),
                Err(error) => bail!("{error}"),
            })
            .await
        }
        Subject::Grinfi => {
            let quota = grinfi::RateLimit::default().requests(u32::MAX);
            let client = builder(&base_url).rate_limit(quota).build()?;
            measure(calls, at_once, async || {
                Ok(client.users().current().await?.uuid.clone().unwrap_or_default())
            })
            .await
        }
    }
}

async fn measure(calls: u64, at_once: bool, call: impl AsyncFn() -> Result<String>) -> Result<()> {
    // The connection and everything made once.
    for _ in 0..10 {
        call().await?;
    }
    let region = Region::new(super::super::ALLOCATOR);
    let meter = Meter::start()?;
    let mut letters = 0;
    if at_once {
        let mut all: FuturesUnordered<_> = (0..calls).map(|_| call()).collect();
        while let Some(answer) = all.next().await {
            letters += answer?.len();
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
