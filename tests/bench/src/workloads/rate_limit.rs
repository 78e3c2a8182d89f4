//! Uses a rate limit with concurrent callers, against a server that counts strictly.

use std::time::{Duration, Instant};

use anyhow::Result;
use backon::{ExponentialBuilder, Retryable};
use clap::{Args, ValueEnum};
use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::json;

use super::{bare, builder};
use crate::usage::Meter;

/// Options of the workload.
#[derive(Debug, Args)]
pub struct Arguments {
    workload: Workload,
    base_url: String,
    /// The number of concurrent callers.
    #[arg(long, default_value_t = 1)]
    callers: usize,
    /// The number of requests per window.
    #[arg(long)]
    rate_limit: u32,
    /// The length of the window, in seconds.
    #[arg(long)]
    window: f64,
    /// The duration in windows.
    #[arg(long)]
    windows: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum Workload {
    /// One request after another; rejected requests are lost.
    Loop,
    /// The same, with a sleep of the average time per request.
    Sleep,
    /// Exponential back-off after a 429 with the crate backon, each caller separately.
    Backon,
    /// The client.
    Grinfi,
}

/// Sends requests until the end, and prints the number of successful ones.
pub async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { workload, base_url, callers, rate_limit, window, windows } = arguments;
    let end = Instant::now() + Duration::from_secs_f64(window * windows);
    let meter = Meter::start()?;
    // Requests that succeeded, and requests that returned an error.
    let ended: Vec<(u64, u64)> = match workload {
        Workload::Grinfi => {
            let limit =
                grinfi::RateLimit::default().requests(rate_limit).window(Duration::from_secs_f64(window));
            let client = builder(&base_url).rate_limit(limit).build()?;
            let calls = (0..callers).map(async |_| {
                let (mut succeeded, mut failed) = (0, 0);
                loop {
                    let users = client.users();
                    let call = users.current();
                    match tokio::time::timeout_at(end.into(), call).await {
                        Err(_) => return (succeeded, failed),
                        Ok(Ok(_)) => succeeded += 1,
                        Ok(Err(_)) => failed += 1,
                    }
                }
            });
            join_all(calls).await
        }
        _ => {
            let http = bare(Duration::from_secs(60))?;
            let pause = Duration::from_secs_f64(window / f64::from(rate_limit));
            // The defaults of the crate, from a second to a minute, except for the number of retries.
            let waits = ExponentialBuilder::default()
                .with_min_delay(Duration::from_secs_f64(window / 60.0))
                .with_max_delay(Duration::from_secs_f64(window))
                .without_max_times()
                .with_jitter();
            let url = format!("{base_url}/id/api/users/current");
            let get = async || http.get(&url).send().await?.error_for_status();
            let rejected = |error: &reqwest::Error| error.status() == Some(StatusCode::TOO_MANY_REQUESTS);
            let calls = (0..callers).map(async |_| {
                let (mut succeeded, mut failed) = (0, 0);
                while Instant::now() < end {
                    let result = match workload {
                        Workload::Backon => {
                            let call = get.retry(waits).when(rejected);
                            tokio::time::timeout_at(end.into(), call).await
                        }
                        _ => tokio::time::timeout_at(end.into(), get()).await,
                    };
                    match result {
                        Ok(Ok(_)) => succeeded += 1,
                        Ok(Err(_)) => failed += 1,
                        Err(_) => {}
                    }
                    if workload == Workload::Sleep {
                        tokio::time::sleep(pause).await;
                    }
                }
                (succeeded, failed)
            });
            join_all(calls).await
        }
    };
    let succeeded: u64 = ended.iter().map(|(succeeded, _)| succeeded).sum();
    let failed: u64 = ended.iter().map(|(_, failed)| failed).sum();
    meter.finish(json!({"succeeded": succeeded, "failed": failed}))
}
