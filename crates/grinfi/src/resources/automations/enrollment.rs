//! Enrollments: contacts in automations.

use std::future::IntoFuture;

use chrono::{DateTime, Utc};
use grinfi_raw::{
    ids::{AutomationId, ContactId, ListId},
    types::{
        AddNewContactToAutomationBody, CancelContactFromAutomationsBody, ListAutomationContactsBody,
        ListAutomationContactsBodyFilter, UpsertContactFields,
    },
};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    call::Call,
    client::Client,
    error::{Error, Result},
    models::{NewContact, Row},
    page::{BoxFuture, Page},
    resources::{
        automations::Automations,
        contacts::create::{check_upsert, upsert_fields},
        custom_fields::values::CustomValues,
        macros::setters,
        untyped_record, validate,
    },
    search::{Listed, Query, Search},
};

/// Listing of the contacts in automations; see [`Automations::enrollments`].
#[derive(Debug)]
#[non_exhaustive]
pub enum Enrollments {}

/// A contact in an automation.
///
/// The API does not describe these records: a field is `None` if the record does not contain it, and `fields` contains
/// the whole record.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Map<String, Value>")]
#[non_exhaustive]
pub struct Enrollment {
    /// The id of the enrollment.
    pub uuid: Option<String>,
    /// The automation.
    pub automation_uuid: Option<AutomationId>,
    /// The contact.
    pub contact_uuid: Option<ContactId>,
    /// The status.
    pub status: Option<String>,
    /// When the contact was enrolled.
    pub created_at: Option<DateTime<Utc>>,
    /// When the record last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// The whole record.
    pub fields: Map<String, Value>,
}

impl From<Map<String, Value>> for Enrollment {
    fn from(fields: Map<String, Value>) -> Self {
        Self {
            uuid: untyped_record::id(&fields),
            automation_uuid: untyped_record::text(&fields, "flow_uuid").map(Into::into),
            contact_uuid: untyped_record::text(&fields, "lead_uuid").map(Into::into),
            status: untyped_record::text(&fields, "status"),
            created_at: untyped_record::time(&fields, "created_at"),
            updated_at: untyped_record::time(&fields, "updated_at"),
            fields,
        }
    }
}

impl Row for Enrollment {
    fn row_id(&self) -> Option<String> {
        self.uuid.clone()
    }
}

/// Result of enrolling a new contact.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Enrolled {
    /// The contact was enrolled.
    Added,
    /// The contact was not enrolled, for this reason, such as `skipped`.
    LeftOut(String),
}

impl Automations {
    /// Lists the contacts in automations (`listFlowLeads`), by [`filter::enrollment`](crate::filter::enrollment).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let contact = client.contacts().search().page().await?.data.remove(0).uuid.clone();
    /// use grinfi::filter::enrollment;
    ///
    /// let of_contact = enrollment::contact_uuid().eq(&contact);
    /// for enrollment in client.automations().enrollments().filter(of_contact).stream().collect().await? {
    ///     println!("{:?} {:?}", enrollment.automation_uuid, enrollment.status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn enrollments(&self) -> Search<Enrollments> {
        Search::new(self.client.clone())
    }

    /// Creates a contact, or finds the existing one, and enrolls it (`addNewLeadToFlow`). A running automation can send
    /// to the contact at once. Returns a builder; await it to send the request.
    ///
    /// The API also returns 200, with a reason, if the contact was not enrolled. The contact needs a `linkedin_id`: a
    /// nickname, a profile URL or a member id.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without a `linkedin_id`; [`Error::is_validation`] if the API rejects the contact;
    /// [`Error::is_unknown_outcome`] if the response was lost.
    pub fn add_new_contact(
        &self,
        uuid: impl Into<AutomationId>,
        list_uuid: impl Into<ListId>,
        contact: NewContact,
    ) -> AddNewContact {
        AddNewContact {
            client: self.client.clone(),
            uuid: uuid.into(),
            contact,
            body: AddNewContactToAutomationBody::new(UpsertContactFields::new(""), list_uuid),
        }
    }

    /// Removes a contact from some automations (`cancelLeadFromFlows`), for example after a reply. Its history is kept.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without automations, which would not mean all of them.
    pub fn cancel_contact(
        &self,
        contact_uuid: impl Into<ContactId>,
        automation_uuids: impl IntoIterator<Item = impl Into<AutomationId>>,
    ) -> Call<()> {
        self.client.try_call(|| {
            let contact = contact_uuid.into();
            validate::id("contact_uuid", &contact)?;
            let body =
                CancelContactFromAutomationsBody::new(validate::ids("automation_uuids", automation_uuids)?);
            Ok(self.client.raw().cancel_lead_from_flows(contact.as_str(), &body))
        })
    }

    /// Removes a contact from all its automations (`cancelLeadFromAllFlows`). Its history is kept.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the contact does not exist.
    pub fn cancel_contact_from_all(&self, contact_uuid: impl Into<ContactId>) -> Call<()> {
        self.client.try_call(|| {
            let contact = contact_uuid.into();
            validate::id("contact_uuid", &contact)?;
            Ok(self.client.raw().cancel_lead_from_all_flows(contact.as_str()))
        })
    }

    /// Deletes the history of a contact in all automations (`deleteFlowLeadHistory`).
    /// [`cancel_contact`](Self::cancel_contact) removes the contact and keeps the history.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the contact does not exist.
    pub fn delete_contact_history(&self, contact_uuid: impl Into<ContactId>) -> Call<()> {
        self.client.try_call(|| {
            let contact = contact_uuid.into();
            validate::id("contact_uuid", &contact)?;
            Ok(self.client.raw().delete_flow_lead_history(contact.as_str()))
        })
    }
}

/// Builder for the enrollment of a new contact. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct AddNewContact {
    client: Client,
    uuid: AutomationId,
    contact: NewContact,
    body: AddNewContactToAutomationBody,
}

impl AddNewContact {
    /// Sets the value of a custom field, by its name. Can be called several times. Unknown names are rejected, as in an
    /// [upsert](crate::contacts::Upsert::custom_field).
    pub fn custom_field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.body.custom_fields.insert(name.into(), value.into());
        self
    }

    setters! {
        /// Sets whether an existing contact is updated. The API's default is yes.
        update_if_exists(bool) => update_contact_if_exists;
        /// Sets whether an existing contact moves to the list. The API's default is no.
        move_to_list(bool) => move_to_list;
        /// Sets whether an existing contact is skipped.
        skip_if_exists(bool) => skip_if_contact_exists;
        /// Sets the segment of the automation. The API's default is 1.
        segment(i64) => automation_segment_id;
        /// Sets the contact source. Undocumented: taken from a related product.
        contact_source(i64) => contact_source_id;
    }
}

impl IntoFuture for AddNewContact {
    type Output = Result<Enrolled>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::id("uuid", &self.uuid)?;
            validate::id("list_uuid", &self.body.list_uuid)?;
            self.body.contact = upsert_fields(&self.contact)?;
            check_upsert(&mut self.body.contact)?;
            let custom = CustomValues::from(std::mem::take(&mut self.body.custom_fields));
            self.body.custom_fields = custom.by_name(&self.client).await?;
            let call = self.client.raw().add_new_lead_to_flow(self.uuid.as_str(), &self.body);
            let reason = self.client.call(call.json()).await?;
            Ok(match reason.as_ref().and_then(|answer| answer.get("reason")).and_then(Value::as_str) {
                Some(reason) => Enrolled::LeftOut(reason.to_owned()),
                None => Enrolled::Added,
            })
        })
    }
}

impl Listed for Enrollments {
    type Item = Enrollment;
    const OPERATION: &'static str = "listFlowLeads";
    const ORDERED: bool = false;

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<Enrollment>>> {
        Box::pin(async move {
            let values = |field: &str, name: &str| match query.filter.get(field) {
                None => Ok(Vec::new()),
                Some(Value::Array(values)) => values.iter().map(|value| text(name, value)).collect(),
                Some(value) => Ok(vec![text(name, value)?]),
            };
            let filter = ListAutomationContactsBodyFilter {
                automation_uuid: values("flow_uuid", "automation_uuid")?,
                contact_uuid: values("lead_uuid", "contact_uuid")?,
                status: values("status", "status")?,
                ..Default::default()
            };
            let body = ListAutomationContactsBody {
                filter: (!query.filter.is_empty()).then_some(filter),
                limit: Some(query.limit.into()),
                offset: i64::try_from(query.offset).ok(),
                ..Default::default()
            };
            let page = client.call(client.raw().list_flow_leads(&body)).await?;
            Ok(page.map(Into::into))
        })
    }
}

/// Returns the value of a condition. This listing supports no ranges and null tests.
fn text(field: &str, value: &Value) -> Result<String> {
    match value {
        Value::String(text) if text != "is_null" && text != "is_not_null" => Ok(text.clone()),
        _ => Err(Error::input(field, "must be a value: this listing supports no ranges and null tests")),
    }
}
