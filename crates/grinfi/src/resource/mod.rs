//! A file per resource: its verbs, and how it is listed.

mod automations;
mod contacts;
mod linkedin_messages;
mod lists;
mod sender_profiles;
mod users;

pub use automations::Automations;
pub use contacts::{Contacts, Lookup, Upsert};
pub use linkedin_messages::{LinkedinMessages, SendLinkedinMessage};
pub use lists::Lists;
pub use sender_profiles::SenderProfiles;
pub use users::Users;

use crate::error::{Error, Result};

/// Checks an id that becomes a part of a path: an empty one would reach another operation.
pub(crate) fn check_id(field: &str, id: impl AsRef<str>) -> Result<()> {
    let id = id.as_ref();
    if id.is_empty() {
        return Err(Error::input(field, "the id is empty"));
    }
    if !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        return Err(Error::input(field, format!("`{id}` is no id")));
    }
    Ok(())
}

/// Checks a text that must not be blank.
fn check_text(field: &str, text: &str) -> Result<()> {
    if text.trim().is_empty() { Err(Error::input(field, "it is empty")) } else { Ok(()) }
}

macro_rules! handle {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name {
            client: crate::client::Client,
        }

        impl $name {
            pub(crate) fn new(client: crate::client::Client) -> Self {
                Self { client }
            }
        }
    };
}

use handle;
