//! The two sides of every comparison that `cargo xtask bench` makes: servers, and subjects that call them. Each runs in a
//! process of its own, so that the time and the memory of one are not counted to another.

#![recursion_limit = "256"]

use anyhow::Result;
use clap::{Parser, Subcommand};

mod contact;
mod server;
mod subjects;
mod usage;

use subjects::{call, decode, load, quota, stream, write};

/// Counts what is allocated; the counting costs every subject the same.
#[global_allocator]
static ALLOCATOR: &stats_alloc::StatsAlloc<std::alloc::System> = &stats_alloc::INSTRUMENTED_SYSTEM;

/// The sides of a comparison.
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
    /// Make one small call again and again.
    Call(call::Arguments),
    /// Use a quota as callers do.
    RateLimit(quota::Arguments),
    /// Read a long listing, and watch the memory.
    Stream(stream::Arguments),
    /// Write many contacts, some of which fail.
    Write(write::Arguments),
    /// Search as fast as a server answers.
    Load(load::Arguments),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    match Arguments::parse().side {
        Side::Serve(arguments) => server::run(arguments).await,
        Side::Decode(arguments) => decode::run(arguments).await,
        Side::Call(arguments) => call::run(arguments).await,
        Side::RateLimit(arguments) => quota::run(arguments).await,
        Side::Stream(arguments) => stream::run(arguments).await,
        Side::Write(arguments) => write::run(arguments).await,
        Side::Load(arguments) => load::run(arguments).await,
    }
}
