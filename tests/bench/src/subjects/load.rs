//! Searching as fast as a server answers, with as many callers as are told: the same load for every server.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Args;
use futures_util::future::try_join_all;
use serde_json::{Value, json};

use super::bare;
use crate::usage::Meter;

/// What to search for, and how long.
#[derive(Debug, Args)]
pub struct Arguments {
    base_url: String,
    /// The body of the search.
    #[arg(long)]
    body: String,
    /// How many search at a time, each on a connection of its own.
    #[arg(long, default_value_t = 4)]
    callers: usize,
    /// How long, in seconds.
    #[arg(long)]
    seconds: f64,
    /// Fail unless a page has so many rows.
    #[arg(long)]
    rows: Option<usize>,
}

/// Searches, and prints how often that was.
pub async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { base_url, body, callers, seconds, rows } = arguments;
    let http = bare(Duration::from_secs(60))?;
    let url = format!("{base_url}/leads/api/leads/search");
    let search = async || {
        let call = http.post(&url).header("content-type", "application/json").body(body.clone());
        anyhow::Ok(call.send().await?.error_for_status()?.bytes().await?)
    };
    let first = search().await?;
    let page: Value = serde_json::from_slice(&first).context("the answer is no JSON")?;
    let got = page.get("data").and_then(Value::as_array).map_or(0, Vec::len);
    ensure!(rows.is_none_or(|rows| rows == got), "a page of {got} rows, not of {rows:?}");
    let meter = Meter::start()?;
    let (begun, length) = (Instant::now(), Duration::from_secs_f64(seconds));
    let counts = try_join_all((0..callers).map(async |_| {
        let mut count = 0_u64;
        while begun.elapsed() < length {
            ensure!(!search().await?.is_empty(), "an empty answer");
            count += 1;
        }
        Ok(count)
    }))
    .await?;
    meter.finish(json!({"searches": counts.iter().sum::<u64>(), "page_rows": got, "page_bytes": first.len()}))
}
