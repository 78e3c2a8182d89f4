//! A client for programs without an async runtime: the same calls, each of which waits for its end.
//!
//! It is a thin cover over [`crate::Client`], with a thread of its own for the connections. What has no method here is reached
//! with [`Client::wait`], a listing with [`Client::iter`].
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
//! let sender = client.sender_profiles().list().page()?.data.remove(0).uuid;
//! # let contact = client.contacts().search().page()?.data.remove(0).uuid.clone();
//! client.linkedin_messages().send_once(&sender, &contact, "Thanks for connecting!")?;
//! // Anything else of the async client, as it stands there.
//! let users = client.asynchronous().users();
//! let me = client.wait(users.current())?;
//! for tag in client.iter(client.asynchronous().tags().list().stream()) {
//!     println!("{:?}", tag?.name);
//! }
//! # Ok(())
//! # }
//! ```

mod listing;
mod resources;
mod runtime;

use std::future::{Future, IntoFuture};

pub use listing::{Iter, Listing};
pub use resources::{Automations, Contacts, LinkedinMessages, Lists, SenderProfiles, Users};

use self::runtime::Runtime;
use crate::{config::ClientBuilder, error::Result, options::RequestOptions, page::Items};

/// A client for one API key whose calls wait for their end.
///
/// Cloning is cheap, and clones share connections, the rate limit and the thread that the connections live on. Calls from
/// several threads at a time are fine.
#[derive(Debug, Clone)]
pub struct Client {
    client: crate::Client,
    runtime: Runtime,
}

impl Client {
    /// Makes a client with these settings, and a thread for it. Nothing is sent.
    ///
    /// # Errors
    ///
    /// As [`ClientBuilder::build`]; [`Error::is_config`](crate::Error::is_config) too if there can be no thread.
    pub fn new(builder: ClientBuilder) -> Result<Self> {
        Ok(Self { client: builder.build()?, runtime: Runtime::start()? })
    }

    /// A client from `GRINFI_API_KEY` and `GRINFI_BASE_URL`.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn from_env() -> Result<Self> {
        Self::new(ClientBuilder::from_env())
    }

    /// A client whose calls go with these options, as [`crate::Client::with_options`].
    #[must_use]
    pub fn with_options(&self, options: RequestOptions) -> Self {
        Self { client: self.client.with_options(options), runtime: self.runtime.clone() }
    }

    /// The client underneath. Its calls are to be awaited with [`wait`](Self::wait) and not in another runtime, where the
    /// connections would be missed.
    #[must_use]
    pub fn asynchronous(&self) -> &crate::Client {
        &self.client
    }

    /// Waits for a call of the [client underneath](Self::asynchronous).
    ///
    /// # Errors
    ///
    /// What the call comes to. [`Error::is_config`](crate::Error::is_config) inside an async runtime, where waiting would
    /// hold up all other tasks: nothing is sent then. That goes for `spawn_blocking` too, which cannot be told from the
    /// rest.
    pub fn wait<T, F: IntoFuture<Output = Result<T>>>(&self, call: F) -> Result<T> {
        self.runtime.wait(call.into_future())
    }

    /// The rows of any listing of the [client underneath](Self::asynchronous), waited for one after another.
    pub fn iter<T>(&self, rows: impl Into<Items<T>>) -> Iter<T> {
        Iter::new(self.clone(), rows.into())
    }

    /// The user behind the key.
    #[must_use]
    pub fn users(&self) -> Users {
        Users::new(self)
    }

    /// Contacts.
    #[must_use]
    pub fn contacts(&self) -> Contacts {
        Contacts::new(self)
    }

    /// Lists of contacts.
    #[must_use]
    pub fn lists(&self) -> Lists {
        Lists::new(self)
    }

    /// LinkedIn messages.
    #[must_use]
    pub fn linkedin_messages(&self) -> LinkedinMessages {
        LinkedinMessages::new(self)
    }

    /// Automations.
    #[must_use]
    pub fn automations(&self) -> Automations {
        Automations::new(self)
    }

    /// Sender profiles.
    #[must_use]
    pub fn sender_profiles(&self) -> SenderProfiles {
        SenderProfiles::new(self)
    }

    pub(super) fn block_on<T>(&self, call: impl Future<Output = Result<T>>) -> Result<T> {
        self.runtime.wait(call)
    }
}
