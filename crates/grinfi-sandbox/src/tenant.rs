//! Tenants: the data, clock, rate limit, faults and logs of one API key.

mod core;
mod delivery;
mod export;
mod handle;
mod state;
#[cfg(test)]
mod tests;

pub(crate) use core::{Environment, TenantCore};
pub use handle::Tenant;
