//! The workloads, one module for each comparison.

use std::time::Duration;

use anyhow::Result;
use grinfi::{Client, ClientBuilder, RateLimit};

pub mod call;
pub mod decode;
pub mod handwritten;
pub mod load;
pub mod rate_limit;
pub mod stream;
pub mod write;

/// The API key of all servers.
pub const KEY: &str = "bench.bench.bench";

/// A client with all features except the rate limit, whose waiting would dominate the results.
pub fn builder(base_url: &str) -> ClientBuilder {
    Client::builder().api_key(KEY).base_url(base_url).rate_limit(RateLimit::off())
}

/// A hand-written reqwest client.
pub fn bare(timeout: Duration) -> Result<reqwest::Client> {
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {KEY}").parse()?);
    Ok(reqwest::Client::builder().default_headers(headers).timeout(timeout).build()?)
}
