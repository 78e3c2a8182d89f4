//! Contacts, `leads` on the wire.

use std::future::IntoFuture;

use chrono::{DateTime, Utc};
use grinfi_raw::{
    Nullable,
    ids::{ContactId, ListId},
    types::{
        CountContactsBody, CreateLeadsBody, FindOneContactBody, SearchContactsBody, UpsertContactBody,
        UpsertLeadFields,
    },
};
use serde_json::{Map, Value};

use super::{check, check_id, check_text, handle};
use crate::{
    client::Client,
    complete::Complete,
    error::{Error, Kind, Result},
    filter::Filter,
    model::{Contact, ContactUpdate, NewContact},
    page::{BoxFuture, Page},
    search::{Listed, Query, Search},
};

handle! {
    /// Contacts, `leads` on the wire.
    ///
    /// The API wraps a contact in different ways from one operation to the next; here it is always a
    /// [`Contact`], with its extras where the API gave any.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// use grinfi::{Order, filter::contact, model::NewContact};
    ///
    /// let list = client.lists().create("Autumn fair").await?.uuid;
    /// let new = NewContact {
    ///     linkedin_id: Some("jane-roe-example".into()),
    ///     first_name: Some("Jane".into()),
    ///     company_name: Some("ExampleCorp".into()),
    ///     ..Default::default()
    /// };
    /// client.contacts().upsert(&list, new).await?;
    ///
    /// let mut found = client
    ///     .contacts()
    ///     .search()
    ///     .filter(contact::company_name().eq("ExampleCorp") & contact::list_uuid().eq(&list))
    ///     .order_by(contact::created_at(), Order::Desc)
    ///     .stream();
    /// while let Some(contact) = found.next().await.transpose()? {
    ///     println!("{} {:?}", contact.uuid, contact.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    Contacts
}

/// By what a contact is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lookup {
    /// LinkedIn nickname, profile URL or member id.
    Linkedin(String),
    /// Email address.
    Email(String),
    /// Full name together with the company's name.
    NameAndCompany {
        /// The full name.
        name: String,
        /// The name of the company.
        company_name: String,
    },
}

impl Lookup {
    /// By LinkedIn nickname, profile URL or member id.
    pub fn linkedin(linkedin_id: impl Into<String>) -> Self {
        Self::Linkedin(linkedin_id.into())
    }

    /// By email address.
    pub fn email(email: impl Into<String>) -> Self {
        Self::Email(email.into())
    }

    /// By full name together with the company's name.
    pub fn name_and_company(name: impl Into<String>, company_name: impl Into<String>) -> Self {
        Self::NameAndCompany { name: name.into(), company_name: company_name.into() }
    }
}

impl Contacts {
    /// Searches contacts (`searchContacts`). One search reaches 10,000 rows; a stream that meets that end says so with an
    /// error of [`Kind::Listing`].
    pub fn search(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a contact (`getLead`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn get(&self, uuid: impl Into<ContactId>) -> Result<Contact> {
        let uuid = uuid.into();
        check_id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_lead(uuid.as_str())).await
    }

    /// Looks up one contact (`findOneContact`); `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a blank value.
    pub async fn look_up(&self, by: Lookup) -> Result<Option<Contact>> {
        let mut body = FindOneContactBody::default();
        match by {
            Lookup::Linkedin(linkedin_id) => {
                check_text("linkedin_id", &linkedin_id)?;
                body.linkedin_id = Some(linkedin_id.into());
            }
            Lookup::Email(email) => {
                check_text("email", &email)?;
                body.email = Some(email.into());
            }
            Lookup::NameAndCompany { name, company_name } => {
                check_text("name", &name)?;
                check_text("company_name", &company_name)?;
                body.name = Some(name.into());
                body.company_name = Some(company_name.into());
            }
        }
        match self.client.call(self.client.raw().find_one_contact(&body)).await {
            Ok(contact) => Ok(Some(contact)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Creates contacts in a list, or updates those that are there already (`createLeads`). The answer is in the order of
    /// the request.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for no contacts at all, or for one without anything to be known by;
    /// [`Error::is_validation`] if the API refuses one; [`Error::is_unknown_outcome`] if the answer was lost.
    pub async fn create_many(
        &self,
        list_uuid: impl Into<ListId>,
        contacts: Vec<NewContact>,
    ) -> Result<Vec<Contact>> {
        let list_uuid = list_uuid.into();
        check_id("list_uuid", &list_uuid)?;
        if contacts.is_empty() {
            return Err(Error::input("contacts", "there are none"));
        }
        for (index, contact) in contacts.iter().enumerate() {
            check_known_by(&format!("contacts[{index}]"), contact)?;
        }
        let body = CreateLeadsBody { list_uuid, leads: contacts };
        self.client.call(self.client.raw().create_leads(&body)).await
    }

    /// Creates a contact in a list, or updates the one that is there already (`upsertContact`).
    ///
    /// The API matches by the first of: member id, `ln_id`, `sn_id`, LinkedIn nickname, work email, personal email, name
    /// with company. `linkedin_id` is required here and takes a nickname, a profile URL or a member id. A plain `email`
    /// may not be stored.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without a `linkedin_id`; [`Error::is_validation`] if the API refuses it;
    /// [`Error::is_unknown_outcome`] if the answer was lost.
    pub fn upsert(&self, list_uuid: impl Into<ListId>, contact: NewContact) -> Upsert {
        Upsert {
            client: self.client.clone(),
            list_uuid: list_uuid.into(),
            contact,
            custom_fields: Map::new(),
            update_if_exists: None,
            move_to_list: None,
        }
    }

    /// Changes a contact (`updateLead`). What is `None` stays; [`Nullable::Null`] clears.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] if nothing would change; [`Error::is_not_found`] if there is none with this id.
    pub async fn update(&self, uuid: impl Into<ContactId>, changes: &ContactUpdate) -> Result<Contact> {
        let uuid = uuid.into();
        check_id("uuid", &uuid)?;
        check::changes(changes)?;
        self.client.call(self.client.raw().update_lead(uuid.as_str(), changes)).await
    }

    /// Deletes a contact (`deleteLead`). The API does it in the background.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`] if the API refuses it.
    pub async fn delete(&self, uuid: impl Into<ContactId>) -> Result<()> {
        let uuid = uuid.into();
        check_id("uuid", &uuid)?;
        self.client.call(self.client.raw().delete_lead(uuid.as_str())).await
    }

    /// Counts contacts (`countContacts`): those that match, or all for [`Filter::all`].
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for conditions that cannot be said together.
    pub async fn count(&self, filter: Filter<Self>) -> Result<u64> {
        let filter = filter.to_json()?;
        let all = filter.is_empty().then_some(true);
        let body = CountContactsBody { all, filter, ..Default::default() };
        let answer = self.client.call(self.client.raw().count_contacts(&body)).await?;
        answer
            .total
            .and_then(|total| u64::try_from(total).ok())
            .ok_or_else(|| Error::new(Kind::Decode, "the answer carries no total"))
    }
}

/// Checks that there is something to know a new contact by.
fn check_known_by(field: &str, contact: &NewContact) -> Result<()> {
    let given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    let given_id =
        |id: &Option<Nullable<String>>| matches!(id, Some(Nullable::Value(id)) if !id.trim().is_empty());
    let known = given(&contact.linkedin_id)
        || given_id(&contact.linkedin)
        || given_id(&contact.ln_id)
        || given_id(&contact.sn_id)
        || given(&contact.email)
        || given(&contact.first_name)
        || given(&contact.last_name);
    if known { Ok(()) } else { Err(Error::input(field, "neither a LinkedIn id, an email nor a name")) }
}

/// The fields of a new contact as the operations take them that want a LinkedIn id; empty if there is none.
pub(super) fn upsert_fields(contact: NewContact) -> UpsertLeadFields {
    // Taken apart by name, so that a field added to the description cannot be forgotten here.
    let NewContact {
        about,
        company_name,
        domain,
        email,
        first_name,
        headline,
        last_name,
        linkedin,
        linkedin_id,
        ln_id,
        position,
        raw_address,
        sn_id,
    } = contact;
    UpsertLeadFields {
        about,
        company_name,
        domain,
        email,
        first_name,
        headline,
        last_name,
        linkedin,
        linkedin_id: linkedin_id.unwrap_or_default(),
        ln_id,
        position,
        raw_address,
        sn_id,
    }
}

/// An upsert in the making, done by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct Upsert {
    client: Client,
    list_uuid: ListId,
    contact: NewContact,
    custom_fields: Map<String, Value>,
    update_if_exists: Option<bool>,
    move_to_list: Option<bool>,
}

impl Upsert {
    /// Sets a custom field by its name. A name that the team has no field for is dropped by the API without an error.
    pub fn custom_field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.custom_fields.insert(name.into(), value.into());
        self
    }

    /// Whether a contact that is there already is updated. The API's default is yes.
    pub fn update_if_exists(mut self, update: bool) -> Self {
        self.update_if_exists = Some(update);
        self
    }

    /// Whether a contact that is there already moves to the list. The API's default is no.
    pub fn move_to_list(mut self, move_to_list: bool) -> Self {
        self.move_to_list = Some(move_to_list);
        self
    }
}

impl IntoFuture for Upsert {
    type Output = Result<Contact>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            check_id("list_uuid", &self.list_uuid)?;
            for name in self.custom_fields.keys() {
                check::custom_field(name)?;
            }
            let lead = upsert_fields(self.contact);
            check_text("linkedin_id", &lead.linkedin_id)?;
            let body = UpsertContactBody {
                lead,
                list_uuid: self.list_uuid,
                custom_fields: self.custom_fields,
                update_if_exists: self.update_if_exists,
                move_to_list: self.move_to_list,
            };
            self.client.call(self.client.raw().upsert_contact(&body)).await
        })
    }
}

impl Complete for Contacts {
    const TIME: &'static str = "created_at";

    fn time(row: &Contact) -> Option<DateTime<Utc>> {
        row.created_at
    }
}

impl Listed for Contacts {
    type Item = Contact;
    const OPERATION: &'static str = "searchContacts";

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<Contact>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let body = SearchContactsBody {
                order_field: order_field.map(str::to_owned),
                order_type,
                limit: Some(query.limit.into()),
                offset: i64::try_from(query.offset).ok(),
                disable_aggregation: None,
                filter: query.filter,
            };
            client.call(client.raw().search_contacts(&body)).await
        })
    }
}
