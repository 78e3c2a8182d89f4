//! The records of the API under the names that people use for them.

use grinfi_raw::{Aggregated, types};

/// A contact, `lead` on the wire, with what the API adds to it where it was asked to: markers, automations, custom fields.
pub type Contact = Aggregated<types::Lead>;
/// A list of contacts.
pub type List = types::List;
/// An automation, `flow` on the wire.
pub type Automation = types::Flow;
/// A LinkedIn message, received or sent.
pub type LinkedinMessage = types::LinkedinMessage;
/// An identity that outreach is sent from.
pub type SenderProfile = types::SenderProfile;
/// The user behind a key.
pub type User = types::User;
/// The fields of a contact to be created.
pub type NewContact = types::CreateLeadFields;
/// The changes to a contact; what is `None` stays as it is.
pub type ContactUpdate = types::UpdateLeadBody;

pub use grinfi_raw::{Nullable, enums, ids};

/// A record that can be told from another.
pub trait Row {
    /// What tells the record from others of its kind; `None` if it came without.
    fn row_id(&self) -> Option<String>;
}

macro_rules! rows {
    ($($record:ty),*) => {
        $(impl Row for $record {
            fn row_id(&self) -> Option<String> {
                Some(self.uuid.to_string())
            }
        })*
    };
}

rows!(Contact, List, Automation, LinkedinMessage, SenderProfile);
