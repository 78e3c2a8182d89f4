//! Searches as fast as a server responds, with a number of concurrent callers: the same load for every server.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Args;
use futures_util::future::try_join_all;
use serde_json::{Value, json};

use super::bare;
use crate::usage::Meter;

/// Options of the workload.
#[derive(Debug, Args)]
pub struct Arguments {
    base_url: String,
    /// The body of the search.
    #[arg(long)]
    body: String,
    /// The number of concurrent callers, each with its own connection.
    #[arg(long, default_value_t = 4)]
    callers: usize,
    /// The duration in seconds.
    #[arg(long)]
    seconds: f64,
    /// Fail unless a page has this number of rows.
    #[arg(long)]
    rows: Option<usize>,
}

/// Searches, and prints the number of searches.
pub async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { base_url, body, callers, seconds, rows } = arguments;
    let http = bare(Duration::from_secs(60))?;
    let url = format!("{base_url}/leads/api/leads/search");
    let search = async || {
        let call = http.post(&url).header("content-type", "application/json").body(body.clone());
        anyhow::Ok(call.send().await?.error_for_status()?.bytes().await?)
    };
    let first = search().await?;
    let page: Value = serde_json::from_slice(&first).context("the response is not JSON")?;
    let got = page.get("data").and_then(Value::as_array).map_or(0, Vec::len);
    ensure!(rows.is_none_or(|rows| rows == got), "a page of {got} rows, not of {rows:?}");
    let meter = Meter::start()?;
    let (begun, length) = (Instant::now(), Duration::from_secs_f64(seconds));
    let counts = try_join_all((0..callers).map(async |_| {
        let mut count = 0_u64;
        while begun.elapsed() < length {
            ensure!(!search().await?.is_empty(), "the response is empty");
            count += 1;
        }
        Ok(count)
    }))
    .await?;
    meter.finish(json!({"searches": counts.iter().sum::<u64>(), "page_rows": got, "page_bytes": first.len()}))
}
