//! Writes many contacts, some of which fail: the time, and whether each result is correct.

use anyhow::Result;
use clap::Args;
use futures_util::{StreamExt, stream};
use grinfi::{RateLimit, models::NewContact};
use serde_json::json;

use super::builder;
use crate::usage::Meter;

/// The number of contacts, and of concurrent writes.
#[derive(Debug, Args)]
pub struct Arguments {
    base_url: String,
    #[arg(long)]
    contacts: u64,
    #[arg(long)]
    concurrency: usize,
}

/// Writes all contacts, and prints the results.
pub async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { base_url, contacts, concurrency } = arguments;
    let client = builder(&base_url).rate_limit(RateLimit::off()).build()?;
    let meter = Meter::start()?;
    let calls = stream::iter(0..contacts).map(|number| {
        let contact = NewContact { linkedin_id: Some(format!("person-{number}")), ..Default::default() };
        let contacts = client.contacts();
        async move { contacts.upsert("00000002-0000-4000-8000-000000000001", contact).await }
    });
    let (mut written, mut failed, mut unknown) = (0_u64, 0_u64, 0_u64);
    let mut results = calls.buffer_unordered(concurrency);
    while let Some(result) = results.next().await {
        match result {
            Ok(_) => written += 1,
            Err(error) if error.is_unknown_outcome() => unknown += 1,
            Err(_) => failed += 1,
        }
    }
    meter.finish(json!({"written": written, "failed": failed, "unknown": unknown}))
}
