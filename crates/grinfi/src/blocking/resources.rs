//! The daily part of each resource.

use super::{Client, Listing};
use crate::{
    error::Result,
    filter::Filter,
    models::{
        Automation, Contact, ContactUpdate, LinkedinMessage, List, NewContact, SenderProfile, User,
        ids::{AutomationId, ContactId, ListId, SenderProfileId},
    },
    resources::{self, contacts::Lookup},
};

macro_rules! cover {
    ($(#[$doc:meta])* $module:ident::$name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name {
            client: Client,
            inner: resources::$module::$name,
        }

        impl $name {
            pub(super) fn new(client: &Client) -> Self {
                Self { client: client.clone(), inner: resources::$module::$name::new(client.asynchronous().clone()) }
            }
        }
    };
}

cover! {
    /// The user behind the key.
    users::Users
}

impl Users {
    /// Who the key belongs to.
    ///
    /// # Errors
    ///
    /// As [`resource::Users::current`](crate::users::Users::current).
    pub fn current(&self) -> Result<User> {
        self.client.wait(self.inner.current())
    }
}

cover! {
    /// Contacts.
    contacts::Contacts
}

impl Contacts {
    /// Searches contacts.
    pub fn search(&self) -> Listing<crate::contacts::Contacts> {
        Listing::new(&self.client, self.inner.search())
    }

    /// Counts contacts.
    ///
    /// # Errors
    ///
    /// As [`count`](crate::contacts::Contacts::count) of the async client.
    pub fn count(&self, filter: Filter<crate::contacts::Contacts>) -> Result<u64> {
        self.client.wait(self.inner.count(filter))
    }

    /// Gets a contact.
    ///
    /// # Errors
    ///
    /// As [`get`](crate::contacts::Contacts::get) of the async client.
    pub fn get(&self, uuid: impl Into<ContactId>) -> Result<Contact> {
        self.client.wait(self.inner.get(uuid))
    }

    /// Looks a contact up.
    ///
    /// # Errors
    ///
    /// As [`lookup`](crate::contacts::Contacts::lookup) of the async client.
    pub fn lookup(&self, by: Lookup) -> Result<Option<Contact>> {
        self.client.wait(self.inner.lookup(by))
    }

    /// Creates contacts in a list.
    ///
    /// # Errors
    ///
    /// As [`create_many`](crate::contacts::Contacts::create_many) of the async client.
    pub fn create_many(
        &self,
        list_uuid: impl Into<ListId>,
        contacts: Vec<NewContact>,
    ) -> Result<Vec<Contact>> {
        self.client.wait(self.inner.create_many(list_uuid, contacts))
    }

    /// Creates a contact in a list, or updates the one that is there already.
    ///
    /// # Errors
    ///
    /// As [`upsert`](crate::contacts::Contacts::upsert) of the async client.
    pub fn upsert(&self, list_uuid: impl Into<ListId>, contact: NewContact) -> Result<Contact> {
        self.client.wait(self.inner.upsert(list_uuid, contact))
    }

    /// Changes a contact.
    ///
    /// # Errors
    ///
    /// As [`update`](crate::contacts::Contacts::update) of the async client.
    pub fn update(&self, uuid: impl Into<ContactId>, changes: &ContactUpdate) -> Result<Contact> {
        self.client.wait(self.inner.update(uuid, changes))
    }

    /// Deletes a contact.
    ///
    /// # Errors
    ///
    /// As [`delete`](crate::contacts::Contacts::delete) of the async client.
    pub fn delete(&self, uuid: impl Into<ContactId>) -> Result<()> {
        self.client.wait(self.inner.delete(uuid))
    }
}

cover! {
    /// Lists of contacts.
    lists::Lists
}

impl Lists {
    /// Lists the lists.
    pub fn list(&self) -> Listing<crate::lists::Lists> {
        Listing::new(&self.client, self.inner.list())
    }

    /// Gets a list.
    ///
    /// # Errors
    ///
    /// As [`get`](crate::lists::Lists::get) of the async client.
    pub fn get(&self, uuid: impl Into<ListId>) -> Result<List> {
        self.client.wait(self.inner.get(uuid))
    }

    /// Creates a list.
    ///
    /// # Errors
    ///
    /// As [`create`](crate::lists::Lists::create) of the async client.
    pub fn create(&self, name: &str) -> Result<List> {
        self.client.wait(self.inner.create(name))
    }

    /// Renames a list.
    ///
    /// # Errors
    ///
    /// As [`update`](crate::lists::Lists::update) of the async client.
    pub fn update(&self, uuid: impl Into<ListId>, name: &str) -> Result<List> {
        self.client.wait(self.inner.update(uuid, name))
    }

    /// Deletes a list.
    ///
    /// # Errors
    ///
    /// As [`delete`](crate::lists::Lists::delete) of the async client.
    pub fn delete(&self, uuid: impl Into<ListId>) -> Result<()> {
        self.client.wait(self.inner.delete(uuid))
    }
}

cover! {
    /// LinkedIn messages.
    linkedin_messages::LinkedinMessages
}

impl LinkedinMessages {
    /// Lists the messages.
    pub fn list(&self) -> Listing<crate::linkedin_messages::LinkedinMessages> {
        Listing::new(&self.client, self.inner.list())
    }

    /// Sends a message to a contact.
    ///
    /// # Errors
    ///
    /// As [`send`](crate::linkedin_messages::LinkedinMessages::send) of the async client.
    pub fn send(
        &self,
        sender_profile_uuid: impl Into<SenderProfileId>,
        contact_uuid: impl Into<ContactId>,
        text: impl Into<String>,
    ) -> Result<LinkedinMessage> {
        self.client.wait(self.inner.send(sender_profile_uuid, contact_uuid, text))
    }

    /// Sends a message to a contact and, when its outcome is unknown, looks for it.
    ///
    /// # Errors
    ///
    /// As [`once`](crate::linkedin_messages::SendLinkedinMessage::once) of the async client.
    pub fn send_once(
        &self,
        sender_profile_uuid: impl Into<SenderProfileId>,
        contact_uuid: impl Into<ContactId>,
        text: impl Into<String>,
    ) -> Result<LinkedinMessage> {
        self.client.wait(self.inner.send(sender_profile_uuid, contact_uuid, text).once())
    }
}

cover! {
    /// Automations.
    automations::Automations
}

impl Automations {
    /// Lists the automations.
    pub fn list(&self) -> Listing<crate::automations::Automations> {
        Listing::new(&self.client, self.inner.list())
    }

    /// Gets an automation.
    ///
    /// # Errors
    ///
    /// As [`get`](crate::automations::Automations::get) of the async client.
    pub fn get(&self, uuid: impl Into<AutomationId>) -> Result<Automation> {
        self.client.wait(self.inner.get(uuid))
    }

    /// Starts an automation.
    ///
    /// # Errors
    ///
    /// As [`start`](crate::automations::Automations::start) of the async client.
    pub fn start(&self, uuid: impl Into<AutomationId>) -> Result<Automation> {
        self.client.wait(self.inner.start(uuid))
    }

    /// Stops an automation.
    ///
    /// # Errors
    ///
    /// As [`stop`](crate::automations::Automations::stop) of the async client.
    pub fn stop(&self, uuid: impl Into<AutomationId>) -> Result<Automation> {
        self.client.wait(self.inner.stop(uuid))
    }

    /// Enrolls a contact.
    ///
    /// # Errors
    ///
    /// As [`add_contact`](crate::automations::Automations::add_contact) of the async client.
    pub fn add_contact(
        &self,
        uuid: impl Into<AutomationId>,
        contact_uuid: impl Into<ContactId>,
    ) -> Result<()> {
        self.client.wait(self.inner.add_contact(uuid, contact_uuid))
    }
}

cover! {
    /// Sender profiles.
    sender_profiles::SenderProfiles
}

impl SenderProfiles {
    /// Lists the sender profiles.
    pub fn list(&self) -> Listing<crate::sender_profiles::SenderProfiles> {
        Listing::new(&self.client, self.inner.list())
    }

    /// Gets a sender profile.
    ///
    /// # Errors
    ///
    /// As [`get`](crate::sender_profiles::SenderProfiles::get) of the async client.
    pub fn get(&self, uuid: impl Into<SenderProfileId>) -> Result<SenderProfile> {
        self.client.wait(self.inner.get(uuid))
    }
}
