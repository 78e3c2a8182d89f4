//! Client for programs without an async runtime: the same resources and methods, which wait for the response.
//!
//! It wraps [`crate::Client`] and runs its connections on a thread of its own. Listings are iterators, and builders have a
//! method `send`. [`Client::wait`] waits for any call of the async client.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let runtime = tokio::runtime::Runtime::new()?;
//! # let sandbox = runtime.block_on(grinfi_sandbox::Sandbox::start())?;
//! use grinfi::{blocking::Client, filter::contact};
//!
//! let client = Client::new(grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()))?;
//! for contact in client.contacts().search().filter(contact::company_name().eq("ExampleCorp")) {
//!     println!("{:?}", contact?.name);
//! }
//! let hot = client.tags().create("Hot").color("#ff5733").send()?;
//! let sender = client.sender_profiles().list().page()?.data.remove(0).uuid;
//! # let contact = client.contacts().search().page()?.data.remove(0).uuid.clone();
//! client.linkedin_messages().send(&sender, &contact, "Thanks for connecting!").once()?;
//! let me = client.users().current()?;
//! # Ok(())
//! # }
//! ```

#[rustfmt::skip]
#[allow(clippy::should_implement_trait, reason = "the async methods have these names")]
mod generated;
mod listing;
mod runtime;

use std::future::{Future, IntoFuture};

pub use generated::*;
pub use listing::{Iter, Listing};

use self::runtime::Runtime;
use crate::{config::ClientBuilder, error::Result, options::RequestOptions, page::Items};

/// Blocking client for one API key.
///
/// Cloning is cheap. Clones share the connections, the rate limit and the thread of the connections, and can be used from
/// several threads at the same time.
#[derive(Debug, Clone)]
pub struct Client {
    client: crate::Client,
    runtime: Runtime,
}

impl Client {
    /// Creates a client with these settings, and a thread for its connections. Nothing is sent.
    ///
    /// # Errors
    ///
    /// As [`ClientBuilder::build`]; also [`Error::is_config`](crate::Error::is_config) if the thread cannot be started.
    pub fn new(builder: ClientBuilder) -> Result<Self> {
        Ok(Self { client: builder.build()?, runtime: Runtime::start()? })
    }

    /// Creates a client from `GRINFI_API_KEY` and `GRINFI_BASE_URL`.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn from_env() -> Result<Self> {
        Self::new(ClientBuilder::from_env())
    }

    /// Returns a client that uses these options for its calls, like [`crate::Client::with_options`].
    #[must_use]
    pub fn with_options(&self, options: RequestOptions) -> Self {
        Self { client: self.client.with_options(options), runtime: self.runtime.clone() }
    }

    /// Returns the async client. Wait for its calls with [`wait`](Self::wait), not in another runtime: its connections belong to
    /// the thread of this client.
    #[must_use]
    pub fn asynchronous(&self) -> &crate::Client {
        &self.client
    }

    /// Waits for a call of the [async client](Self::asynchronous).
    ///
    /// # Errors
    ///
    /// The error of the call. [`Error::is_config`](crate::Error::is_config) inside an async runtime, where waiting would block
    /// all other tasks; nothing is sent then. This includes `spawn_blocking`, which cannot be distinguished.
    pub fn wait<T, F: IntoFuture<Output = Result<T>>>(&self, call: F) -> Result<T> {
        self.runtime.wait(call.into_future())
    }

    /// Iterates over the rows of a listing of the [async client](Self::asynchronous).
    pub fn iter<T>(&self, rows: impl Into<Items<T>>) -> Iter<T> {
        Iter::new(self.clone(), rows.into())
    }

    pub(super) fn block_on<T>(&self, call: impl Future<Output = Result<T>>) -> Result<T> {
        self.runtime.wait(call)
    }
}
