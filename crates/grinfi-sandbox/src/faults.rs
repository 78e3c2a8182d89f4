//! Fault rules: failures of requests, to test clients.

mod active;
mod rule;
#[cfg(test)]
mod tests;

pub use active::ActiveFault;
pub(crate) use active::{FaultPlan, Faults};
pub use rule::{Fault, LatencyClock};
pub(crate) use rule::{FaultEffect, Replacement};
