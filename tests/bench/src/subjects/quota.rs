//! Using a quota: callers that want as much as they can get, for a while, against a server that counts strictly.

use std::time::{Duration, Instant};

use anyhow::Result;
use backon::{ExponentialBuilder, Retryable};
use clap::{Args, ValueEnum};
use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::json;

use super::{bare, builder};
use crate::usage::Meter;

/// Who calls, and for how long.
#[derive(Debug, Args)]
pub struct Arguments {
    subject: Subject,
    base_url: String,
    /// How many call at a time.
    #[arg(long, default_value_t = 1)]
    callers: usize,
    /// How many requests are granted in a window.
    #[arg(long)]
    quota: u32,
    /// The length of the window, in seconds.
    #[arg(long)]
    window: f64,
    /// How long to go on, in windows.
    #[arg(long)]
    windows: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum Subject {
    /// One call after another, and what is refused is lost.
    Loop,
    /// The same with a sleep of the time that one call may take of the quota.
    Sleep,
    /// Exponential waits after a refusal, each caller for itself, by the crate of that name.
    Backon,
    /// The client.
    Grinfi,
}

/// Calls until the time is up, and prints how many calls were answered.
pub async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { subject, base_url, callers, quota, window, windows } = arguments;
    let end = Instant::now() + Duration::from_secs_f64(window * windows);
    let meter = Meter::start()?;
    // Calls that succeeded, and calls that ended in an error.
    let ended: Vec<(u64, u64)> = match subject {
        Subject::Grinfi => {
            let limit = grinfi::RateLimit::default().requests(quota).window(Duration::from_secs_f64(window));
            let client = builder(&base_url).rate_limit(limit).build()?;
            let calls = (0..callers).map(async |_| {
                let (mut answered, mut failed) = (0, 0);
                loop {
                    let users = client.users();
                    let call = users.current();
                    match tokio::time::timeout_at(end.into(), call).await {
                        Err(_) => return (answered, failed),
                        Ok(Ok(_)) => answered += 1,
                        Ok(Err(_)) => failed += 1,
                    }
                }
            });
            join_all(calls).await
        }
        _ => {
            let http = bare(Duration::from_secs(60))?;
            let pause = Duration::from_secs_f64(window / f64::from(quota));
            // As the crate has it, from a second to a minute, but for the number of times.
            let waits = ExponentialBuilder::default()
                .with_min_delay(Duration::from_secs_f64(window / 60.0))
                .with_max_delay(Duration::from_secs_f64(window))
                .without_max_times()
                .with_jitter();
            let url = format!("{base_url}/id/api/users/current");
            let get = async || http.get(&url).send().await?.error_for_status();
            let refused = |error: &reqwest::Error| error.status() == Some(StatusCode::TOO_MANY_REQUESTS);
            let calls = (0..callers).map(async |_| {
                let (mut answered, mut failed) = (0, 0);
                while Instant::now() < end {
                    let answer = match subject {
                        Subject::Backon => {
                            let call = get.retry(waits).when(refused);
                            tokio::time::timeout_at(end.into(), call).await
                        }
                        _ => tokio::time::timeout_at(end.into(), get()).await,
                    };
                    match answer {
                        Ok(Ok(_)) => answered += 1,
                        Ok(Err(_)) => failed += 1,
                        Err(_) => {}
                    }
                    if subject == Subject::Sleep {
                        tokio::time::sleep(pause).await;
                    }
                }
                (answered, failed)
            });
            join_all(calls).await
        }
    };
    let answered: u64 = ended.iter().map(|(answered, _)| answered).sum();
    let failed: u64 = ended.iter().map(|(_, failed)| failed).sum();
    meter.finish(json!({"answered": answered, "failed": failed}))
}
