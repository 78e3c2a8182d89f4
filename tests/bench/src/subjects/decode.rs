//! Reading a listing: the floor is bytes alone, the peer what a careful person writes by hand.

use std::time::Duration;

use anyhow::{Result, bail, ensure};
use clap::{Args, ValueEnum};
use grinfi_raw::types::SearchContactsBody;
use serde_json::json;

use super::{bare, builder, handwritten};
use crate::usage::Meter;

/// How to read, and how much.
#[derive(Debug, Args)]
pub struct Arguments {
    subject: Subject,
    base_url: String,
    /// How many contacts there are; one search reaches 10,000 of them.
    #[arg(long)]
    rows: u64,
    /// How often to read them all.
    #[arg(long, default_value_t = 1)]
    times: u64,
    /// How many a page.
    #[arg(long, default_value_t = 100)]
    limit: u32,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Subject {
    /// Receive, and decode nothing.
    Bytes,
    /// reqwest and serde.
    Handwritten,
    /// The generated client by itself.
    Raw,
    /// The client.
    Grinfi,
}

/// Reads everything once, and prints what it cost.
pub async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { subject, base_url, rows, times, limit } = arguments;
    let http = bare(Duration::from_secs(60))?;
    let raw_client = grinfi_raw::Client::with_http_client(&base_url, http.clone());
    let client = builder(&base_url).build()?;
    let meter = Meter::start()?;
    // What is read of each row, so that nothing is left out as unused.
    let (mut all, mut letters) = (0, 0);
    for _ in 0..times {
        let (read, these) = match subject {
            Subject::Bytes => bytes(&http, &base_url, rows, limit).await?,
            Subject::Handwritten => by_hand(&http, &base_url, limit).await?,
            Subject::Raw => raw(&raw_client, limit).await?,
            Subject::Grinfi => grinfi(&client, limit).await?,
        };
        ensure!(read == rows, "{read} rows of {rows} were read");
        all += read;
        letters += these;
    }
    meter.finish(json!({"rows": all, "letters": letters}))
}

async fn post(http: &reqwest::Client, base_url: &str, limit: u32, offset: u64) -> Result<reqwest::Response> {
    let body = json!({"filter": {}, "limit": limit, "offset": offset});
    let answer = http.post(format!("{base_url}/leads/api/leads/search")).json(&body).send().await?;
    Ok(answer.error_for_status()?)
}

async fn bytes(http: &reqwest::Client, base_url: &str, rows: u64, limit: u32) -> Result<(u64, usize)> {
    let (mut offset, mut letters) = (0, 0);
    while offset < rows {
        letters += post(http, base_url, limit, offset).await?.bytes().await?.len();
        offset += u64::from(limit);
    }
    Ok((offset, letters))
}

async fn by_hand(http: &reqwest::Client, base_url: &str, limit: u32) -> Result<(u64, usize)> {
    let (mut read, mut letters) = (0, 0);
    loop {
        let page: handwritten::Page = post(http, base_url, limit, read).await?.json().await?;
        for row in &page.data {
            letters += row.lead.name.as_ref().map_or(0, String::len);
        }
        read += page.data.len() as u64;
        if page.data.is_empty() || read >= page.total {
            return Ok((read, letters));
        }
    }
}

async fn raw(client: &grinfi_raw::Client, limit: u32) -> Result<(u64, usize)> {
    let (mut read, mut letters) = (0, 0);
    loop {
        let body = SearchContactsBody {
            order_field: None,
            order_type: None,
            limit: Some(limit.into()),
            offset: Some(i64::try_from(read)?),
            disable_aggregation: None,
            filter: serde_json::Map::new(),
        };
        let page = match client.search_contacts(&body).await {
            Ok(page) => page,
            Err(error) => bail!("{error}"),
        };
        for row in &page.data {
            letters += row.name.as_ref().map_or(0, String::len);
        }
        read += page.data.len() as u64;
        if page.data.is_empty() || page.total.is_some_and(|total| read >= total) {
            return Ok((read, letters));
        }
    }
}

async fn grinfi(client: &grinfi::Client, limit: u32) -> Result<(u64, usize)> {
    let (mut read, mut letters) = (0, 0);
    let mut pages = client.contacts().search().limit(limit).stream();
    while let Some(contact) = pages.next().await.transpose()? {
        letters += contact.name.as_ref().map_or(0, String::len);
        read += 1;
    }
    Ok((read, letters))
}
