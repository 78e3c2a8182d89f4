//! The programs that `cargo xtask bench` runs: a server, and the workloads that call it. Each runs in its own process, so that
//! time and memory are measured separately.

#![recursion_limit = "256"]

use anyhow::Result;
use clap::{Parser, Subcommand};

mod contact;
mod server;

mod usage;
mod workloads;

use workloads::{call, decode, load, rate_limit, stream, write};

/// Counts allocations; the overhead is the same for every workload.
#[global_allocator]
static ALLOCATOR: &stats_alloc::StatsAlloc<std::alloc::System> = &stats_alloc::INSTRUMENTED_SYSTEM;

/// What to run.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    side: Side,
}

#[derive(Debug, Subcommand)]
enum Side {
    /// Serve until standard input ends; the first line of the output is the base URL.
    Serve(server::Arguments),
    /// Read a listing of contacts.
    Decode(decode::Arguments),
    /// Send one small request repeatedly.
    Call(call::Arguments),
    /// Use a rate limit with concurrent callers.
    RateLimit(rate_limit::Arguments),
    /// Read a long listing and measure the memory.
    Stream(stream::Arguments),
    /// Write many contacts to a server with failures.
    Write(write::Arguments),
    /// Search as fast as a server responds.
    Load(load::Arguments),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    match Arguments::parse().side {
        Side::Serve(arguments) => server::run(arguments).await,
        Side::Decode(arguments) => decode::run(arguments).await,
        Side::Call(arguments) => call::run(arguments).await,
        Side::RateLimit(arguments) => rate_limit::run(arguments).await,
        Side::Stream(arguments) => stream::run(arguments).await,
        Side::Write(arguments) => write::run(arguments).await,
        Side::Load(arguments) => load::run(arguments).await,
    }
}
