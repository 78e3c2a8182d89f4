//! Creating contacts: one matched and updated if it is there, or many at once.

use std::{collections::BTreeMap, future::IntoFuture};

use grinfi_raw::{
    Nullable,
    enums::ObjectKind,
    ids::ListId,
    types::{CreateLeadsBody, UpsertContactBody, UpsertLeadFields},
};
use serde_json::{Map, Value};

use super::{
    check, check_id,
    contact_update::own_name,
    contacts::Contacts,
    custom_values::{self, CustomValues},
    steps::Steps,
    subject::Subject,
};
use crate::{
    client::Client,
    error::{Error, Kind, Result},
    linkedin,
    model::{Contact, NewContact},
    page::BoxFuture,
};

impl Contacts {
    /// Creates a contact in a list, or updates the one that is there already (`upsertContact`), by awaiting what this
    /// returns.
    ///
    /// The API matches by the first of: member id, `ln_id`, `sn_id`, LinkedIn nickname, work email, personal email, name
    /// with company. `linkedin_id` is required here and takes a nickname, a profile's address in [any form](crate::linkedin)
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
    /// refused. They are remembered for ten minutes, see [`CustomFields::forget_names`](crate::CustomFields::forget_names).
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
            check_id("list_uuid", &self.list_uuid)?;
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
    /// The API takes none with a creation of many, so each costs a request of its own afterwards
    /// (`upsertCustomFieldValue`). For contacts with a `linkedin_id` an [upsert](Contacts::upsert) of each is cheaper where
    /// there is more than one field.
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
            check_id("list_uuid", &body.list_uuid)?;
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
            let mut names = vec!["creating the contacts".to_owned()];
            if !values.is_empty() {
                names.push("matching the answer with the contacts".to_owned());
            }
            for (index, values) in &values {
                names.extend(
                    values
                        .iter()
                        .map(|value| format!("{} of contacts[{index}]", custom_values::step(&value.name))),
                );
            }
            let mut steps = Steps::new(names);
            let created = steps.take(client.call(client.raw().create_leads(body))).await?;
            if values.is_empty() {
                return Ok(created);
            }
            let ids: Vec<&str> = created.iter().map(|contact| contact.uuid.as_str()).collect();
            steps.describe(format!("the contacts were created ({}), which", ids.join(", ")));
            steps.take(async { check_answer(&body.leads, &created) }).await?;
            for (index, values) in values {
                let subject = Subject::contact(&created[index].uuid);
                custom_values::write_all(&mut steps, client, &subject, values).await?;
            }
            Ok(created)
        })
    }
}

/// Checks that the answer is about the contacts that were asked for, place by place, before a value goes to one of them.
fn check_answer(asked: &[NewContact], created: &[Contact]) -> Result<()> {
    if asked.len() != created.len() {
        let message = format!("the API answered with {} contacts for {}", created.len(), asked.len());
        return Err(Error::new(Kind::Decode, message));
    }
    for (index, (asked, created)) in asked.iter().zip(created).enumerate() {
        let other = [(&asked.first_name, &created.first_name), (&asked.last_name, &created.last_name)]
            .into_iter()
            .any(|(asked, is)| matches!((asked, is), (Some(asked), Some(is)) if asked.trim() != is.trim()));
        if other {
            let message = format!("the API answered with another contact in place of contacts[{index}]");
            return Err(Error::new(Kind::Decode, message));
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
        check::optional_email("work_email", contact.work_email.as_deref())?;
        check::optional_email("personal_email", contact.personal_email.as_deref())?;
        check::optional_email("email", contact.email.as_deref())
    };
    checked().map_err(|error| error.of(prefix))
}

/// The same for the fields of an upsert, whose LinkedIn id must be there.
pub(super) fn check_upsert(lead: &mut UpsertLeadFields) -> Result<()> {
    lead.linkedin_id = linkedin::own("linkedin_id", &lead.linkedin_id)?;
    own_name("linkedin", &mut lead.linkedin)?;
    own_name("ln_id", &mut lead.ln_id)?;
    own_name("sn_id", &mut lead.sn_id)?;
    check::optional_email("work_email", lead.work_email.as_deref())?;
    check::optional_email("personal_email", lead.personal_email.as_deref())?;
    check::optional_email("email", lead.email.as_deref())
}

/// The fields of a new contact as the operations take them that want a LinkedIn id; empty if there is none. They go over by their
/// names on the wire, so that one that the description gains need not be named here, and one that such an operation does not
/// take is refused and not forgotten.
pub(super) fn upsert_fields(contact: &NewContact) -> Result<UpsertLeadFields> {
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
