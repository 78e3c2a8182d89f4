//! Reading a listing: bytes only as the lower bound, and hand-written code as the peer.

use std::time::Duration;

use anyhow::{Result, bail, ensure};
use clap::{Args, ValueEnum};
use grinfi_raw::types::SearchContactsBody;
use serde_json::json;

use super::{bare, builder, handwritten};
use crate::usage::Meter;

/// Options of the workload.
#[derive(Debug, Args)]
pub struct Arguments {
    workload: Workload,
    base_url: String,
    /// The number of contacts; one search returns at most 10,000.
    #[arg(long)]
    rows: u64,
    /// The number of repetitions.
    #[arg(long, default_value_t = 1)]
    times: u64,
    /// The page size.
    #[arg(long, default_value_t = 100)]
    limit: u32,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Workload {
    /// Receive bytes without decoding them.
    Bytes,
    /// reqwest and serde.
    Handwritten,
    /// The generated client.
    Raw,
    /// The client.
    Grinfi,
}

/// Reads all contacts once, and prints the cost.
pub async fn run(arguments: Arguments) -> Result<()> {
    let Arguments { workload, base_url, rows, times, limit } = arguments;
    let http = bare(Duration::from_secs(60))?;
    let raw_client = grinfi_raw::Client::with_http_client(&base_url, http.clone());
    let client = builder(&base_url).build()?;
    let meter = Meter::start()?;
    // Uses each row, so that the compiler does not remove the decoding.
    let (mut all, mut letters) = (0, 0);
    for _ in 0..times {
        let (read, these) = match workload {
            Workload::Bytes => bytes(&http, &base_url, rows, limit).await?,
            Workload::Handwritten => handwritten(&http, &base_url, limit).await?,
            Workload::Raw => raw(&raw_client, limit).await?,
            Workload::Grinfi => grinfi(&client, limit).await?,
        };
        ensure!(read == rows, "{read} rows of {rows} were read");
        all += read;
        letters += these;
    }
    meter.finish(json!({"rows": all, "letters": letters}))
}

async fn post(http: &reqwest::Client, base_url: &str, limit: u32, offset: u64) -> Result<reqwest::Response> {
    let body = json!({"filter": {}, "limit": limit, "offset": offset});
    let response = http.post(format!("{base_url}/leads/api/leads/search")).json(&body).send().await?;
    Ok(response.error_for_status()?)
}

async fn bytes(http: &reqwest::Client, base_url: &str, rows: u64, limit: u32) -> Result<(u64, usize)> {
    let (mut offset, mut letters) = (0, 0);
    while offset < rows {
        letters += post(http, base_url, limit, offset).await?.bytes().await?.len();
        offset += u64::from(limit);
    }
    Ok((offset, letters))
}

async fn handwritten(http: &reqwest::Client, base_url: &str, limit: u32) -> Result<(u64, usize)> {
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
