//! Acceptance tests: the crates as their users meet them, over real sockets. Everything listens on loopback.

mod bad_input;
mod decoding;
mod journey;
mod listings;
mod once;
mod raw;
mod records;
mod resources;
mod sandbox;
mod secrets;
mod servers;
mod support;
mod transport;
mod traps;
mod wire;
