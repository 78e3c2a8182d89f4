//! Contacts, `leads` on the wire.

pub(crate) mod bulk;
pub(crate) mod create;
pub(crate) mod metrics;
pub(crate) mod update;

use chrono::{DateTime, Utc};
use grinfi_raw::{
    ids::ContactId,
    types::{CountContactsBody, FindOneContactBody, SearchContactsBody},
};

use crate::{
    call::Call,
    client::Client,
    complete::Complete,
    error::{Error, ErrorKind, Result},
    filter::{self, Filter},
    linkedin,
    models::Contact,
    page::{BoxFuture, Page},
    resources::{macros::handle, validate},
    search::{Listed, Query, Search, TimeColumn, columns},
    wait::{self, Look, Progress, Wait},
};
pub use bulk::{BulkContacts, ContactsJob};
pub use create::{CreateContacts, Upsert};
pub use metrics::ContactMetrics;
pub use update::UpdateContact;

handle! {
    /// Contacts, `leads` on the wire.
    ///
    /// The API wraps contacts differently per operation. Here they are always a [`Contact`], with the extra fields that
    /// the API returned.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// use grinfi::{Order, filter::contact, models::NewContact};
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

/// Identification of a contact for a lookup.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lookup {
    /// LinkedIn nickname, profile's address in [any form](crate::linkedin) or member id.
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
    /// By LinkedIn nickname, profile's address in [any form](crate::linkedin) or member id.
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

impl Client {
    /// Contacts, `leads` on the wire.
    #[must_use]
    pub fn contacts(&self) -> Contacts {
        Contacts::new(self.clone())
    }
}

impl Contacts {
    /// Searches contacts (`searchContacts`). One search returns at most 10,000 rows; a stream that reaches this limit
    /// fails with [`ErrorKind::Listing`].
    pub fn search(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a contact (`getLead`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn get(&self, uuid: impl Into<ContactId>) -> Call<Contact> {
        self.client.call(self.client.raw().get_lead(uuid.into().as_str()))
    }

    /// Looks up one contact (`findOneContact`) with its custom fields; `None` if it does not exist.
    ///
    /// Sends one request, and a second one (`getLead`) if the first response contains no custom fields.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a blank value, an invalid LinkedIn name and an invalid email address.
    pub fn lookup(&self, by: Lookup) -> BoxFuture<Result<Option<Contact>>> {
        let this = self.clone();
        Box::pin(async move {
            let mut body = FindOneContactBody::default();
            match by {
                Lookup::Linkedin(linkedin_id) => {
                    body.linkedin_id = Some(linkedin::normalize_field("linkedin_id", &linkedin_id)?.into());
                }
                Lookup::Email(email) => {
                    validate::email("email", &email)?;
                    body.email = Some(email.into());
                }
                Lookup::NameAndCompany { name, company_name } => {
                    validate::text("name", &name)?;
                    validate::text("company_name", &company_name)?;
                    body.name = Some(name.into());
                    body.company_name = Some(company_name.into());
                }
            }
            let found = match this.client.call(this.client.raw().find_one_contact(&body)).await {
                Ok(contact) if contact.custom_fields.is_none() => this.get(&contact.uuid).await,
                found => found,
            };
            match found {
                Ok(contact) => Ok(Some(contact)),
                Err(error) if error.is_not_found() => Ok(None),
                Err(error) => Err(error),
            }
        })
    }

    /// Deletes a contact (`deleteLead`). The API deletes it in the background;
    /// [`wait_until_deleted`](Self::wait_until_deleted) waits for that.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`] if the API rejects it.
    pub fn delete(&self, uuid: impl Into<ContactId>) -> Call<()> {
        self.client.call(self.client.raw().delete_lead(uuid.into().as_str()))
    }

    /// Waits until a deleted contact is found neither by its id (`getLead`) nor in a count (`countContacts`).
    ///
    /// # Errors
    ///
    /// [`Error::is_still_running`] if it still exists at the limit; call this again to continue waiting.
    pub fn wait_until_deleted(&self, uuid: impl Into<ContactId>, wait: &Wait) -> BoxFuture<Result<Progress>> {
        let this = self.clone();
        let uuid = uuid.into();
        let wait = wait.clone();
        Box::pin(async move {
            validate::id("uuid", &uuid)?;
            let look = || async {
                match this.get(&uuid).await {
                    Ok(_) => return Ok(Look::new(None).count(0, Some(1))),
                    Err(error) if error.is_not_found() => {}
                    Err(error) => return Err(error),
                }
                let left = this.count(filter::contact::uuid().eq(&uuid)).await?;
                Ok(Look::new((left == 0).then_some(())).count(u64::from(left == 0), Some(1)))
            };
            wait::until(&wait, "deleting the contact", look).await.map(|((), progress)| progress)
        })
    }

    /// Counts the contacts that match a filter (`countContacts`); all of them for [`Filter::all`].
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for conditions that cannot be combined.
    pub fn count(&self, filter: Filter<Self>) -> BoxFuture<Result<u64>> {
        let call = self.client.try_call(|| {
            let filter = filter.to_json()?;
            let all = filter.is_empty().then_some(true);
            let body = CountContactsBody { all, filter, ..Default::default() };
            Ok(self.client.raw().count_contacts(&body))
        });
        Box::pin(async move {
            let total = call.await?.total.and_then(|total| u64::try_from(total).ok());
            total.ok_or_else(|| Error::new(ErrorKind::Decode, "the response has no `total`"))
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
    const DEFAULT_ORDER: Option<TimeColumn<Self::Item>> =
        Some(TimeColumn { name: Self::TIME, read: Self::time });

    fn columns() -> Vec<&'static str> {
        columns::of::<Self>(columns::fields_of::<grinfi_raw::types::Contact>())
    }

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<Contact>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let body = SearchContactsBody {
                order_field: order_field.map(str::to_owned),
                order_type,
                limit: Some(query.limit.into()),
                offset: i64::try_from(query.offset).ok(),
                filter: query.filter,
                ..Default::default()
            };
            client.call(client.raw().search_contacts(&body)).await
        })
    }
}
