//! Acceptance tests: the public API of the crates over real sockets on the loopback interface.

mod compatibility;
mod decoding;
mod invalid_input;
mod listings;
mod raw;
mod records;
mod resources;
mod retry_safety;
mod sandbox;
mod secrets;
mod support;
mod transport;
mod traps;
mod wire_format;
mod workflows;
