//! Reads a long listing: peak memory, and the effect of prefetching with slow responses.

use std::time::Duration;

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};
use serde_json::json;

use super::builder;
use crate::usage::{Meter, memory_mb};

/// Options of the workload.
#[derive(Debug, Args)]
pub struct Arguments {
    workload: Workload,
    base_url: String,
    /// The number of contacts.
    #[arg(long)]
    rows: u64,
    /// The page size.
    #[arg(long, default_value_t = 100)]
    limit: u32,
    /// The number of pages to prefetch.
    #[arg(long, default_value_t = 0)]
    prefetch: usize,
    /// The time that the reader spends on each page, in milliseconds, without using the CPU.
    #[arg(long, default_value_t = 0)]
    work: u64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Workload {
    /// By offset.
    Stream,
    /// By time.
    Complete,
}

/// Reads all contacts once, and prints the cost.
pub async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { workload, base_url, rows, limit, prefetch, work } = arguments;
    let client = builder(&base_url).build()?;
    let before = memory_mb()?;
    let meter = Meter::start()?;
    let search = client.contacts().search().limit(limit).prefetch(prefetch);
    let mut items = match workload {
        Workload::Stream => search.stream(),
        Workload::Complete => search.complete(),
    };
    let mut read = 0;
    while let Some(contact) = items.next().await.transpose()? {
        read += u64::from(!contact.uuid.as_str().is_empty());
        if work > 0 && read.is_multiple_of(limit.into()) {
            tokio::time::sleep(Duration::from_millis(work)).await;
        }
    }
    ensure!(read == rows, "{read} rows of {rows} were read");
    meter.finish(json!({"rows": read, "before_mb": before}))
}
