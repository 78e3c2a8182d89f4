//! The Grinfi API as generated from its description: a type for each schema and a method for each of its operations.
//!
//! This is the layer below the [`grinfi`](https://docs.rs/grinfi) crate. The methods of [`Client`] build a [`Call`]: request,
//! operation and decoder. Awaiting a call sends it through the [`Transport`] of its client. The default sends it once, through
//! `reqwest`; `grinfi` has one that authenticates, retries and keeps to the rate limit.
//!
//! ```no_run
//! use grinfi_raw::{Client, types::CreateListBody};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! // Sends no key, so the API responds with 401.
//! let client = Client::new("http://127.0.0.1:8787")?;
//! let list = client.create_list(&CreateListBody::new("Autumn")).await?;
//! println!("{:?}", list.uuid);
//! # Ok(())
//! # }
//! ```
//!
//! Types of requests can be written out as struct literals. To stay compatible with new optional fields, end the literal with
//! `..Default::default()`, or with `..CreateTagBody::new("VIP")` for a type with required fields. Enumerations keep unknown
//! values. An operation with optional parameters has a second method that takes them as a struct of [`options`]:
//! [`Client::list_tasks`] and [`Client::list_tasks_with_options`].
//!
//! Hand-written types cover what the generator cannot express: [`Aggregated`], [`Brackets`], [`GroupCounts`], [`Multipart`],
//! [`Nullable`], [`Page`] and [`Secret`], and the open enumerations in [`enums`].

// The generated code refers to these types by the name of the crate.
extern crate self as grinfi_raw;

mod aggregated;
mod brackets;
mod call;
mod client;
pub mod decoders;
mod error;
#[allow(clippy::all, clippy::unwrap_used, missing_docs, rust_2018_idioms, unreachable_pub)]
mod generated;
mod group_counts;
pub mod ids;
mod multipart;
mod nullable;
mod open_enum;
pub mod operation;
mod page;
pub mod response;
mod secret;

pub use aggregated::{Aggregate, Aggregated};
pub use brackets::Brackets;
pub use call::{Call, CallParts, ReadBody, ResponseInfo};
pub use client::{Client, Transport, TransportFuture};
pub use error::Error;
pub use generated::{
    client::{options, types},
    enums,
};
pub use group_counts::GroupCounts;
pub use multipart::Multipart;
pub use nullable::Nullable;
pub use operation::{OPERATIONS, Operation};
pub use page::Page;
pub use progenitor_client::ByteStream;
pub use secret::Secret;
// The crates whose types are part of public signatures.
pub use {bytes, chrono, reqwest, serde_json};
