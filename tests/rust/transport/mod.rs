//! Tests of the transport: retries, timeouts, rate limit, connections, telemetry.

mod blocking;
mod connections;
mod fault_matrix;
mod http2;
mod interceptors;
mod limits;
mod random_faults;
mod send_once;
mod telemetry;
mod transfers;
