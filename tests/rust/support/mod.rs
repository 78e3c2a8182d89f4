//! Shared clients and servers of the tests.

pub mod conversation;
pub mod description;
pub mod fault_server;
pub mod http2_server;
pub mod tls;

use std::time::Duration;

use grinfi::{Client, ClientBuilder, RetryPolicy};
use grinfi_sandbox::{Sandbox, Seed};

/// Well-formed API key that no server accepts by itself.
pub const KEY: &str = "eyJhbGciOiJub25lIn0.eyJzcGVjaWZpY190ZWFtX2lkIjoxMzR9.c2VjcmV0";

/// Returns the seed of randomized tests: fixed by `.cargo/config.toml`, random in `cargo xtask fuzz-tests`.
pub fn seed() -> u64 {
    std::env::var("PROPTEST_RNG_SEED").map_or(1, |seed| seed.parse().unwrap())
}

/// Returns a builder for a client with three attempts and no delay between them.
pub fn builder(base_url: &str) -> ClientBuilder {
    let retry = RetryPolicy::default().max_retries(2).base_delay(Duration::ZERO);
    Client::builder().api_key(KEY).base_url(base_url).retry(retry)
}

/// Returns a client of [`builder`].
pub fn client(base_url: &str) -> Client {
    builder(base_url).build().unwrap()
}

/// Starts a sandbox with this seed and no rate limit, and returns it with a client.
pub async fn sandbox(seed: Seed) -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().seed(seed).rate_limit(None).start().await.unwrap();
    let client = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build().unwrap();
    (sandbox, client)
}
