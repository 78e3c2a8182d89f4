//! Reading a long listing: the memory that it takes, and what fetching ahead brings where answers take their time.

use std::time::Duration;

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};
use serde_json::json;

use super::builder;
use crate::usage::{Meter, memory_mb};

/// How to read, and how much.
#[derive(Debug, Args)]
pub struct Arguments {
    subject: Subject,
    base_url: String,
    /// How many contacts there are.
    #[arg(long)]
    rows: u64,
    /// How many a page.
    #[arg(long, default_value_t = 100)]
    limit: u32,
    /// How many pages to fetch ahead.
    #[arg(long, default_value_t = 0)]
    prefetch: usize,
    /// How long the reader works on each page, in milliseconds, doing something else than computing.
    #[arg(long, default_value_t = 0)]
    work: u64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Subject {
    /// By offset.
    Stream,
    /// By time.
    Complete,
}

/// Reads everything once, and prints what it took.
pub async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { subject, base_url, rows, limit, prefetch, work } = arguments;
    let client = builder(&base_url).build()?;
    let before = memory_mb()?;
    let meter = Meter::start()?;
    let search = client.contacts().search().limit(limit).prefetch(prefetch);
    let mut items = match subject {
        Subject::Stream => search.stream(),
        Subject::Complete => search.complete(),
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
