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
    /// The API wraps a contact in different ways from one operation to the next; here it is always a
    /// [`Contact`], with its extras where the API gave any.
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

/// By what a contact is looked up.
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
    /// Searches contacts (`searchContacts`). One search reaches 10,000 rows; a stream that meets that end says so with an
    /// error of [`ErrorKind::Listing`].
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
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_lead(uuid.as_str())).await
    }

    /// Looks up one contact (`findOneContact`) with its custom fields; `None` if there is none.
    ///
    /// One request, and a second one (`getLead`) if the response to the first carries no custom fields.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a blank value, a LinkedIn name that is none and an email address that is none.
    pub async fn lookup(&self, by: Lookup) -> Result<Option<Contact>> {
        let mut body = FindOneContactBody::default();
        match by {
            Lookup::Linkedin(linkedin_id) => {
                body.linkedin_id = Some(linkedin::own("linkedin_id", &linkedin_id)?.into());
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
        let found = match self.client.call(self.client.raw().find_one_contact(&body)).await {
            Ok(contact) if contact.custom_fields.is_none() => self.get(&contact.uuid).await,
            found => found,
        };
        match found {
            Ok(contact) => Ok(Some(contact)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Deletes a contact (`deleteLead`). The API does it in the background; [`wait_until_deleted`](Self::wait_until_deleted)
    /// waits for it.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`] if the API refuses it.
    pub async fn delete(&self, uuid: impl Into<ContactId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().delete_lead(uuid.as_str())).await
    }

    /// Waits until a contact that was deleted is gone: until it is found neither by its id (`getLead`) nor in a count
    /// (`countContacts`). A contact that nobody deleted is waited for until the limit.
    ///
    /// # Errors
    ///
    /// [`Error::is_still_running`] if it is still there at the limit; call this again to go on waiting.
    pub async fn wait_until_deleted(&self, uuid: impl Into<ContactId>, wait: &Wait) -> Result<Progress> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        let look = || async {
            match self.get(&uuid).await {
                Ok(_) => return Ok(Look::new(None).count(0, Some(1))),
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error),
            }
            let left = self.count(filter::contact::uuid().eq(&uuid)).await?;
            Ok(Look::new((left == 0).then_some(())).count(u64::from(left == 0), Some(1)))
        };
        wait::until(wait, "deleting the contact", look).await.map(|((), progress)| progress)
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
            .ok_or_else(|| Error::new(ErrorKind::Decode, "the answer carries no total"))
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
        columns::of::<Self>(columns::fields_of::<grinfi_raw::types::Lead>())
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
