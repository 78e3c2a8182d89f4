//! Creation of contacts: one that is updated if it exists, or many at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::IntoFuture,
};

use grinfi_raw::{
    Nullable,
    enums::ObjectKind,
    ids::ListId,
    types::{CreateContactsBody, UpsertContactBody, UpsertContactFields},
};
use serde_json::{Map, Value};

use crate::{
    client::Client,
    error::{Error, ErrorKind, Result, Step},
    linkedin,
    models::{Contact, NewContact},
    page::BoxFuture,
    resources::{
        contacts::{Contacts, update::own_name},
        custom_fields::{
            values::{CustomValues, NamedValue},
            writes::{self, FieldsOf, Write},
        },
        multi_step::Steps,
        validate,
    },
};

impl Contacts {
    /// Creates a contact in a list, or updates the existing one (`upsertContact`). Returns a builder; await it to send
    /// the request.
    ///
    /// The API looks for an existing contact by the first of these that is set: member id, `ln_id`, `sn_id`, LinkedIn
    /// nickname, work email, personal email, name together with company. One request sets everything, including custom fields; looking up their names takes two more,
    /// at most once in ten minutes. `linkedin_id` is required and accepts a nickname, a profile URL in [any
    /// form](crate::linkedin) or a member id. A plain `email` may not be stored; `work_email` and `personal_email` are.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without a `linkedin_id`, for an invalid LinkedIn name and for an unknown custom
    /// field; [`Error::is_validation`] if the API rejects it; [`Error::is_unknown_outcome`] if the response was lost.
    pub fn upsert(&self, list_uuid: impl Into<ListId>, contact: NewContact) -> Upsert {
        Upsert {
            client: self.client.clone(),
            list_uuid: list_uuid.into(),
            contact,
            custom: CustomValues::default(),
            update_if_exists: None,
            move_to_list: None,
        }
    }

    /// Creates contacts in a list, or updates the existing ones (`createLeads`), and returns them in the same order.
    /// Returns a builder; await it to send the request.
    ///
    /// LinkedIn names are accepted in [any form](crate::linkedin).
    ///
    /// # Requests
    ///
    /// One request creates the contacts. Values of [custom fields](CreateContacts::custom_field) are written
    /// afterwards: a value that several contacts share takes one request for all of them (`leadsMassAction`, which the
    /// API runs in the background), another value one request (`upsertCustomFieldValue`), and a contact with a LinkedIn
    /// name at most one for all its values (`upsertContact`). Values that the response to the creation contains are
    /// skipped. So 1,000 contacts with LinkedIn names and any number of values take at most 1,001 requests, and 3 if
    /// two values are the same for all. Looking up the names of custom fields takes two more, at most once in ten
    /// minutes. For many different values, [importing a file](crate::file_imports::FileImports) takes two requests.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without contacts, for one without an identifying field, for an invalid LinkedIn
    /// name, and for an unknown custom field; [`Error::is_validation`] if the API rejects one;
    /// [`Error::is_unknown_outcome`] if the response was lost; [`Error::is_partial`] if the contacts were created and a
    /// custom field could not be set.
    pub fn create_many(&self, list_uuid: impl Into<ListId>, contacts: Vec<NewContact>) -> CreateContacts {
        let body = CreateContactsBody::new(contacts, list_uuid);
        CreateContacts { client: self.client.clone(), body, custom: BTreeMap::new() }
    }
}

/// Builder for an upsert. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct Upsert {
    client: Client,
    list_uuid: ListId,
    contact: NewContact,
    custom: CustomValues,
    update_if_exists: Option<bool>,
    move_to_list: Option<bool>,
}

impl Upsert {
    /// Sets a custom field by its name. Can be called several times.
    ///
    /// The API drops unknown names without an error, so names are looked up first and unknown ones are rejected. They
    /// are cached for ten minutes, see
    /// [`CustomFields::forget_names`](crate::custom_fields::CustomFields::forget_names).
    pub fn custom_field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.custom.set(name, value);
        self
    }

    /// Sets whether an existing contact is updated. The API's default is yes.
    pub fn update_if_exists(mut self, update: bool) -> Self {
        self.update_if_exists = Some(update);
        self
    }

    /// Sets whether an existing contact moves to the list. The API's default is no.
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
            validate::id("list_uuid", &self.list_uuid)?;
            let mut lead = upsert_fields(&self.contact)?;
            check_upsert(&mut lead)?;
            let mut body = UpsertContactBody::new(lead, self.list_uuid);
            body.custom_fields = self.custom.by_name(&self.client).await?;
            body.update_if_exists = self.update_if_exists;
            body.move_to_list = self.move_to_list;
            self.client.call(self.client.raw().upsert_contact(&body)).await
        })
    }
}

/// Builder for new contacts. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateContacts {
    client: Client,
    body: CreateContactsBody,
    custom: BTreeMap<usize, CustomValues>,
}

impl CreateContacts {
    /// Sets a custom field, by its name, of the contact at this index. Can be called several times.
    ///
    /// The API accepts none in a creation of many, so they are written afterwards; see
    /// [`create_many`](Contacts::create_many) for the number of requests.
    pub fn custom_field(mut self, index: usize, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.custom.entry(index).or_default().set(name, value);
        self
    }
}

impl IntoFuture for CreateContacts {
    type Output = Result<Vec<Contact>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { client, body, custom } = &mut self;
            validate::id("list_uuid", &body.list_uuid)?;
            if body.contacts.is_empty() {
                return Err(Error::input("contacts", "must not be empty"));
            }
            for (index, contact) in body.contacts.iter_mut().enumerate() {
                let field = format!("contacts[{index}]");
                check_known_by(&field, contact)?;
                check_new(&field, contact)?;
            }
            let mut values = Vec::new();
            for (index, custom) in std::mem::take(custom) {
                if index >= body.contacts.len() {
                    let message = format!("no contact at index {index}");
                    return Err(Error::input("custom_fields", message));
                }
                values.push((index, custom.resolve(client, &ObjectKind::Contact).await?));
            }
            let created = client.call(client.raw().create_leads(body)).await?;
            if values.is_empty() {
                return Ok(created);
            }
            let ids = || created.iter().map(|contact| contact.uuid.as_str());
            let done = vec![Step::new("create the contacts", ids()).done()];
            let matched = check_answer(&body.contacts, &created);
            if matched.is_err() {
                let rest = values.iter().flat_map(|(_, values)| values).map(|value| &value.name);
                let rest: BTreeSet<&String> = rest.collect();
                let rest = rest.into_iter().map(|name| writes::step_of(name, [""; 0]));
                let matching = Step::new("match the response with the contacts", ids());
                Steps::new(done, [matching].into_iter().chain(rest)).take(async { matched }).await?;
                return Ok(created);
            }
            let record = |(index, values): (usize, Vec<NamedValue>)| FieldsOf {
                uuid: created[index].uuid.to_string(),
                linkedin_id: linkedin_name(&body.contacts[index]),
                shown: created[index].custom_fields.clone(),
                values,
            };
            let records = values.into_iter().map(record).collect();
            let writes = writes::plan(&ObjectKind::Contact, Some(&body.list_uuid), records);
            let mut steps = Steps::new(done, writes.iter().map(Write::step));
            writes::run(client, &ObjectKind::Contact, &mut steps, writes).await?;
            Ok(created)
        })
    }
}

/// Returns the name by which an upsert finds a contact that was just created.
fn linkedin_name(contact: &NewContact) -> Option<String> {
    let given = |id: &Option<Nullable<String>>| match id {
        Some(Nullable::Value(id)) => Some(id.clone()),
        _ => None,
    };
    let NewContact { linkedin_id, linkedin, ln_id, sn_id, .. } = contact;
    linkedin_id.clone().or_else(|| given(ln_id)).or_else(|| given(sn_id)).or_else(|| given(linkedin))
}

/// Checks that the response contains the requested contacts in the same order, before values are written to them.
fn check_answer(asked: &[NewContact], created: &[Contact]) -> Result<()> {
    if asked.len() != created.len() {
        let message = format!("the API returned {} contacts for {}", created.len(), asked.len());
        return Err(Error::new(ErrorKind::Decode, message));
    }
    for (index, (asked, created)) in asked.iter().zip(created).enumerate() {
        let other = [(&asked.first_name, &created.first_name), (&asked.last_name, &created.last_name)]
            .into_iter()
            .any(|(asked, is)| matches!((asked, is), (Some(asked), Some(is)) if asked.trim() != is.trim()));
        if other {
            let message = format!("the API returned a different contact for contacts[{index}]");
            return Err(Error::new(ErrorKind::Decode, message));
        }
    }
    Ok(())
}

/// Checks that a new contact has an identifying field.
fn check_known_by(field: &str, contact: &NewContact) -> Result<()> {
    let given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    let given_id =
        |id: &Option<Nullable<String>>| matches!(id, Some(Nullable::Value(id)) if !id.trim().is_empty());
    let known = given(&contact.linkedin_id)
        || given_id(&contact.linkedin)
        || given_id(&contact.ln_id)
        || given_id(&contact.sn_id)
        || given(&contact.work_email)
        || given(&contact.personal_email)
        || given(&contact.email)
        || given(&contact.first_name)
        || given(&contact.last_name);
    if known { Ok(()) } else { Err(Error::input(field, "must contain a LinkedIn id, an email or a name")) }
}

/// Normalizes the LinkedIn names of a new contact, and checks its email.
fn check_new(prefix: &str, contact: &mut NewContact) -> Result<()> {
    let mut checked = || {
        if let Some(id) = &mut contact.linkedin_id {
            *id = linkedin::normalize_field("linkedin_id", id)?;
        }
        own_name("linkedin", &mut contact.linkedin)?;
        own_name("ln_id", &mut contact.ln_id)?;
        own_name("sn_id", &mut contact.sn_id)?;
        validate::optional_email("work_email", contact.work_email.as_deref())?;
        validate::optional_email("personal_email", contact.personal_email.as_deref())?;
        validate::optional_email("email", contact.email.as_deref())
    };
    checked().map_err(|error| error.of(prefix))
}

/// As `check_contact`, for the fields of an upsert, which requires a LinkedIn id.
pub(crate) fn check_upsert(lead: &mut UpsertContactFields) -> Result<()> {
    lead.linkedin_id = linkedin::normalize_field("linkedin_id", &lead.linkedin_id)?;
    own_name("linkedin", &mut lead.linkedin)?;
    own_name("ln_id", &mut lead.ln_id)?;
    own_name("sn_id", &mut lead.sn_id)?;
    validate::optional_email("work_email", lead.work_email.as_deref())?;
    validate::optional_email("personal_email", lead.personal_email.as_deref())?;
    validate::optional_email("email", lead.email.as_deref())
}

/// Converts a new contact to the fields of an operation that requires a LinkedIn id. They are converted by their wire
/// names, so that new fields need no code here, and fields that the operation does not accept are rejected instead of
/// dropped.
pub(crate) fn upsert_fields(contact: &NewContact) -> Result<UpsertContactFields> {
    let unfit = |error: serde_json::Error| Error::input("contact", error);
    let mut given: Map<String, Value> =
        serde_json::to_value(contact).and_then(serde_json::from_value).map_err(unfit)?;
    given.entry("linkedin_id").or_insert_with(|| "".into());
    let fields: UpsertContactFields = serde_json::from_value(Value::Object(given.clone())).map_err(unfit)?;
    let taken = serde_json::to_value(&fields).map_err(unfit)?;
    match given.keys().find(|name| taken.get(name).is_none()) {
        Some(name) => Err(Error::input(name, "is not supported by this operation")),
        None => Ok(fields),
    }
}
