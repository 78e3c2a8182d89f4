//! Creating contacts: one matched and updated if it is there, or many at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::IntoFuture,
};

use grinfi_raw::{
    Nullable,
    enums::ObjectKind,
    ids::ListId,
    types::{CreateLeadsBody, UpsertContactBody, UpsertLeadFields},
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
    /// Creates a contact in a list, or updates the one that is there already (`upsertContact`), by awaiting what this
    /// returns.
    ///
    /// The API matches by the first of: member id, `ln_id`, `sn_id`, LinkedIn nickname, work email, personal email, name
    /// with company. It is one request, custom fields included, and two more for the names of custom fields once in ten
    /// minutes. `linkedin_id` is required here and takes a nickname, a profile's address in [any form](crate::linkedin)
    /// or a member id. A plain `email` may not be stored; `work_email` and `personal_email` are.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without a `linkedin_id`, for a LinkedIn name that is none and for a custom field that
    /// contacts do not have; [`Error::is_validation`] if the API refuses it; [`Error::is_unknown_outcome`] if the answer was
    /// lost.
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

    /// Creates contacts in a list, or updates those that are there already (`createLeads`), by awaiting what this returns.
    /// The answer is in the order of the request.
    ///
    /// LinkedIn names are taken in [any form](crate::linkedin).
    ///
    /// # Requests
    ///
    /// One creates the contacts. Values of [custom fields](CreateContacts::custom_field) are written after it: a value that
    /// several contacts share takes one request for all of them (`leadsMassAction`, which the API carries out in the
    /// background), any other one request (`upsertCustomFieldValue`), and a contact with a LinkedIn name at most one for all
    /// its values (`upsertContact`). What the response to the creation shows as set is left out. So 1,000 contacts with
    /// LinkedIn names and any number of values take at most 1,001 requests, and 3 if two values are the same for all. The
    /// names of custom fields take two more, once in ten minutes. For many values that differ,
    /// [importing a file](crate::file_imports::FileImports) takes two requests.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for no contacts at all, for one without anything to be known by, for a LinkedIn name that is
    /// none, and for a custom field that contacts do not have; [`Error::is_validation`] if the API refuses
    /// one; [`Error::is_unknown_outcome`] if the answer was lost; [`Error::is_partial`] if the contacts were created and a
    /// custom field could not be set.
    pub fn create_many(&self, list_uuid: impl Into<ListId>, contacts: Vec<NewContact>) -> CreateContacts {
        let body = CreateLeadsBody::new(contacts, list_uuid);
        CreateContacts { client: self.client.clone(), body, custom: BTreeMap::new() }
    }
}

/// An upsert in the making, done by awaiting it.
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
    /// Sets a custom field by its name; can be called several times.
    ///
    /// The API drops a name that it has no field for without a word, so names are looked up first, and an unknown one is
    /// refused. They are remembered for ten minutes, see [`CustomFields::forget_names`](crate::custom_fields::CustomFields::forget_names).
    pub fn custom_field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.custom.set(name, value);
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

/// Contacts about to be created, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateContacts {
    client: Client,
    body: CreateLeadsBody,
    custom: BTreeMap<usize, CustomValues>,
}

impl CreateContacts {
    /// Sets a custom field, by its name, of the contact at this place in the list; can be called several times.
    ///
    /// The API takes none with a creation of many, so they are written after it; see
    /// [`create_many`](Contacts::create_many) for how many requests that takes.
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
            if body.leads.is_empty() {
                return Err(Error::input("contacts", "there are none"));
            }
            for (index, contact) in body.leads.iter_mut().enumerate() {
                let field = format!("contacts[{index}]");
                check_known_by(&field, contact)?;
                check_new(&field, contact)?;
            }
            let mut values = Vec::new();
            for (index, custom) in std::mem::take(custom) {
                if index >= body.leads.len() {
                    let message = format!("there is no contact at {index}");
                    return Err(Error::input("custom_fields", message));
                }
                values.push((index, custom.resolve(client, &ObjectKind::Lead).await?));
            }
            let created = client.call(client.raw().create_leads(body)).await?;
            if values.is_empty() {
                return Ok(created);
            }
            let ids = || created.iter().map(|contact| contact.uuid.as_str());
            let done = vec![Step::new("create the contacts", ids()).done()];
            let matched = check_answer(&body.leads, &created);
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
                linkedin_id: linkedin_name(&body.leads[index]),
                shown: created[index].custom_fields.clone(),
                values,
            };
            let records = values.into_iter().map(record).collect();
            let writes = writes::plan(&ObjectKind::Lead, Some(&body.list_uuid), records);
            let mut steps = Steps::new(done, writes.iter().map(Write::step));
            writes::run(client, &ObjectKind::Lead, &mut steps, writes).await?;
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

/// Checks that the answer is about the contacts that were asked for, place by place, before a value goes to one of them.
fn check_answer(asked: &[NewContact], created: &[Contact]) -> Result<()> {
    if asked.len() != created.len() {
        let message = format!("the API answered with {} contacts for {}", created.len(), asked.len());
        return Err(Error::new(ErrorKind::Decode, message));
    }
    for (index, (asked, created)) in asked.iter().zip(created).enumerate() {
        let other = [(&asked.first_name, &created.first_name), (&asked.last_name, &created.last_name)]
            .into_iter()
            .any(|(asked, is)| matches!((asked, is), (Some(asked), Some(is)) if asked.trim() != is.trim()));
        if other {
            let message = format!("the API answered with another contact in place of contacts[{index}]");
            return Err(Error::new(ErrorKind::Decode, message));
        }
    }
    Ok(())
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
        || given(&contact.work_email)
        || given(&contact.personal_email)
        || given(&contact.email)
        || given(&contact.first_name)
        || given(&contact.last_name);
    if known { Ok(()) } else { Err(Error::input(field, "neither a LinkedIn id, an email nor a name")) }
}

/// Brings the LinkedIn names of a new contact into their one form, and checks its email.
fn check_new(prefix: &str, contact: &mut NewContact) -> Result<()> {
    let mut checked = || {
        if let Some(id) = &mut contact.linkedin_id {
            *id = linkedin::own("linkedin_id", id)?;
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

/// The same for the fields of an upsert, whose LinkedIn id must be there.
pub(crate) fn check_upsert(lead: &mut UpsertLeadFields) -> Result<()> {
    lead.linkedin_id = linkedin::own("linkedin_id", &lead.linkedin_id)?;
    own_name("linkedin", &mut lead.linkedin)?;
    own_name("ln_id", &mut lead.ln_id)?;
    own_name("sn_id", &mut lead.sn_id)?;
    validate::optional_email("work_email", lead.work_email.as_deref())?;
    validate::optional_email("personal_email", lead.personal_email.as_deref())?;
    validate::optional_email("email", lead.email.as_deref())
}

/// The fields of a new contact as the operations take them that want a LinkedIn id; empty if there is none. They go over by their
/// names on the wire, so that one that the description gains need not be named here, and one that such an operation does not
/// take is refused and not forgotten.
pub(crate) fn upsert_fields(contact: &NewContact) -> Result<UpsertLeadFields> {
    let unfit = |error: serde_json::Error| Error::input("contact", error);
    let mut given: Map<String, Value> =
        serde_json::to_value(contact).and_then(serde_json::from_value).map_err(unfit)?;
    given.entry("linkedin_id").or_insert_with(|| "".into());
    let fields: UpsertLeadFields = serde_json::from_value(Value::Object(given.clone())).map_err(unfit)?;
    let taken = serde_json::to_value(&fields).map_err(unfit)?;
    match given.keys().find(|name| taken.get(name).is_none()) {
        Some(name) => Err(Error::input(name, "this operation does not take it")),
        None => Ok(fields),
    }
}
