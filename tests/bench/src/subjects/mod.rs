//! What is compared: a module for each comparison.

use std::time::Duration;

use anyhow::Result;
use grinfi::{Client, ClientBuilder, RateLimit};

pub mod call;
pub mod decode;
pub mod handwritten;
pub mod load;
pub mod quota;
pub mod stream;
pub mod write;

/// The key that every server here takes.
pub const KEY: &str = "bench.bench.bench";

/// A client with everything on but the quota, whose waiting would be all that is measured.
pub fn builder(base_url: &str) -> ClientBuilder {
    Client::builder().api_key(KEY).base_url(base_url).rate_limit(RateLimit::off())
}

/// The client of people who write their own.
pub fn bare(timeout: Duration) -> Result<reqwest::Client> {
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {KEY}").parse()?);
    Ok(reqwest::Client::builder().default_headers(headers).timeout(timeout).build()?)
}
