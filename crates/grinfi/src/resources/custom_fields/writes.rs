//! Writes values of custom fields with few requests: skips values that are set already, and groups equal ones.

use std::collections::HashMap;

use grinfi_raw::{
    Nullable,
    enums::ObjectKind,
    ids::{CompanyId, ContactId, CustomFieldId, ListId},
    types::{UpsertContactBody, UpsertContactFields},
};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    client::Client,
    error::{Error, ErrorKind, Result, Step},
    resources::{
        contacts::Contacts,
        custom_fields::{
            CustomFields,
            values::{self, NamedValue},
        },
        multi_step::Steps,
        selection::{Selection, Target},
    },
};

/// Values of custom fields for one record.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct FieldsOf {
    /// The id of the record.
    pub(crate) uuid: String,
    /// The LinkedIn name by which an upsert finds the contact.
    #[serde(default)]
    pub(crate) linkedin_id: Option<String>,
    /// The values that the API returned.
    #[serde(default)]
    pub(crate) shown: Option<Map<String, Value>>,
    /// The values to set.
    pub(crate) values: Vec<NamedValue>,
}

/// Values of custom fields for several records, and the steps before and after writing them. For the Python package.
#[doc(hidden)]
#[derive(Debug, Clone, Deserialize)]
pub struct FieldWrites {
    object: ObjectKind,
    #[serde(default)]
    list_uuid: Option<ListId>,
    records: Vec<FieldsOf>,
    before: Vec<Step>,
    after: Vec<Step>,
}

impl FieldWrites {
    /// Writes the values and returns the steps.
    ///
    /// # Errors
    ///
    /// [`Error::is_partial`] if a request failed after others, or after the steps before.
    pub async fn run(self, client: &Client) -> Result<Vec<Step>> {
        let writes = plan(&self.object, self.list_uuid.as_ref(), self.records);
        let own: Vec<Step> = writes.iter().map(Write::step).collect();
        let mut steps = Steps::new(self.before, own.iter().cloned().chain(self.after));
        run(client, &self.object, &mut steps, writes).await?;
        Ok(own.into_iter().map(Step::done).collect())
    }
}

/// One request that writes values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Write {
    /// One value of one record (`upsertCustomFieldValue`).
    One(String, NamedValue),
    /// One value of several contacts (`leadsMassAction`).
    Group(Vec<String>, NamedValue),
    /// Several values of one contact (`upsertContact`), by its LinkedIn name and in its list.
    Upsert { uuid: String, linkedin_id: String, list_uuid: ListId, values: Vec<NamedValue> },
}

type Key = (CustomFieldId, Nullable<String>);

fn key(value: &NamedValue) -> Key {
    (value.id.clone(), value.value.clone())
}

/// Chooses the requests: at most one for each value, and for contacts with a LinkedIn name at most one for each contact.
///
/// The API sets one value of one record, one value of many contacts, or, with a list, all values of a contact in an
/// upsert.
pub(crate) fn plan(object: &ObjectKind, list: Option<&ListId>, mut records: Vec<FieldsOf>) -> Vec<Write> {
    for record in &mut records {
        let shown = record.shown.take().unwrap_or_default();
        record.values.retain(|value| !is_shown(&shown, value));
    }
    records.retain(|record| !record.values.is_empty());
    if *object != ObjectKind::Contact {
        let ones = records.into_iter().flat_map(|record| {
            record.values.into_iter().map(move |value| Write::One(record.uuid.clone(), value))
        });
        return ones.collect();
    }
    let mut sharers: HashMap<Key, usize> = HashMap::new();
    for value in records.iter().flat_map(|record| &record.values) {
        *sharers.entry(key(value)).or_default() += 1;
    }
    let can_upsert = |record: &FieldsOf| {
        list.is_some() && record.linkedin_id.is_some() && record.values.iter().any(is_value)
    };
    let own = |record: &FieldsOf| {
        record.values.iter().filter(|value| is_value(value) && sharers[&key(value)] == 1).count()
    };
    let mut upserted: Vec<bool> =
        records.iter().map(|record| can_upsert(record) && own(record) > 1).collect();
    let all: Vec<bool> = records.iter().map(can_upsert).collect();
    if requests(&records, &all) < requests(&records, &upserted) {
        upserted = all;
    }

    let (mut upserts, mut rest) = (Vec::new(), Vec::new());
    for (mut record, is_upserted) in records.into_iter().zip(upserted) {
        if let (true, Some(linkedin_id), Some(list)) = (is_upserted, record.linkedin_id.take(), list) {
            let (values, cleared) = record.values.into_iter().partition(is_value);
            record.values = cleared;
            let (uuid, list_uuid) = (record.uuid.clone(), list.clone());
            upserts.push(Write::Upsert { uuid, linkedin_id, list_uuid, values });
        }
        rest.push(record);
    }
    upserts.extend(grouped(rest));
    upserts
}

/// Returns whether a value is set and not cleared: it is not known whether null clears a value in an upsert.
fn is_value(value: &NamedValue) -> bool {
    value.value != Nullable::Null
}

/// Returns whether the API returned this value. A value that it did not return may be set nevertheless, so clearing it
/// is not skipped.
fn is_shown(shown: &Map<String, Value>, value: &NamedValue) -> bool {
    let shown = shown.get(&value.name).and_then(|shown| values::text(&value.name, shown).ok());
    shown.is_some_and(|shown| shown == value.value)
}

/// Returns the number of requests to write the values if these records are upserted.
fn requests(records: &[FieldsOf], upserted: &[bool]) -> usize {
    let mut groups: HashMap<Key, ()> = HashMap::new();
    for (record, is_upserted) in records.iter().zip(upserted) {
        for value in record.values.iter().filter(|value| !is_upserted || !is_value(value)) {
            groups.insert(key(value), ());
        }
    }
    groups.len() + upserted.iter().filter(|is_upserted| **is_upserted).count()
}

/// Groups equal values, in the order of their first record.
fn grouped(records: Vec<FieldsOf>) -> Vec<Write> {
    let mut groups: Vec<(NamedValue, Vec<String>)> = Vec::new();
    let mut places: HashMap<Key, usize> = HashMap::new();
    for record in records {
        for value in record.values {
            let place = *places.entry(key(&value)).or_insert(groups.len());
            match groups.get_mut(place) {
                Some((_, ids)) => ids.push(record.uuid.clone()),
                None => groups.push((value, vec![record.uuid.clone()])),
            }
        }
    }
    let write = |(value, mut ids): (NamedValue, Vec<String>)| match (ids.pop(), ids.is_empty()) {
        (Some(id), true) => Write::One(id, value),
        (last, _) => Write::Group(ids.into_iter().chain(last).collect(), value),
    };
    groups.into_iter().map(write).collect()
}

impl Write {
    /// Returns the step of the request.
    pub(crate) fn step(&self) -> Step {
        match self {
            Self::One(uuid, value) => step_of(&value.name, [uuid]),
            Self::Group(uuids, value) => step_of(&value.name, uuids),
            Self::Upsert { uuid, values, .. } => {
                let names: Vec<String> = values.iter().map(|value| format!("`{}`", value.name)).collect();
                Step::new(format!("set custom fields {}", names.join(", ")), [uuid])
            }
        }
    }

    async fn send(self, client: &Client, object: &ObjectKind) -> Result<()> {
        match self {
            Self::One(uuid, value) => {
                let target = match object {
                    ObjectKind::Company => Target::Company(CompanyId::from(uuid)),
                    _ => Target::Contact(ContactId::from(uuid)),
                };
                CustomFields::new(client.clone()).value(value.id, target, value.value).await.map(drop)
            }
            Self::Group(uuids, value) => {
                let bulk = Contacts::new(client.clone()).bulk(Selection::ids(uuids));
                bulk.change_custom_field(value.id, value.value).await
            }
            Self::Upsert { uuid, linkedin_id, list_uuid, values } => {
                let mut body = UpsertContactBody::new(UpsertContactFields::new(linkedin_id), list_uuid);
                body.update_if_exists = Some(true);
                body.custom_fields = values
                    .into_iter()
                    .filter_map(|NamedValue { name, value, .. }| match value {
                        Nullable::Value(text) => Some((name, text.into())),
                        Nullable::Null => None,
                    })
                    .collect();
                let contact = client.call(client.raw().upsert_contact(&body)).await?;
                if contact.uuid == uuid.as_str() {
                    return Ok(());
                }
                let message = format!("the API updated contact {} instead of {uuid}", contact.uuid);
                Err(Error::new(ErrorKind::Decode, message))
            }
        }
    }
}

/// Returns the step that sets one field.
pub(crate) fn step_of<T: Into<String>>(name: &str, ids: impl IntoIterator<Item = T>) -> Step {
    Step::new(format!("set custom field `{name}`"), ids)
}

/// Sends the requests, one step each.
pub(crate) async fn run(
    client: &Client,
    object: &ObjectKind,
    steps: &mut Steps,
    writes: Vec<Write>,
) -> Result<()> {
    for write in writes {
        let sent = async {
            let result = write.send(client, object).await;
            if result.as_ref().is_err_and(|error| error.is_not_found() || error.is_validation()) {
                // The field may have been deleted; the next call lists the names again.
                client.field_names().clear().await;
            }
            result
        };
        steps.take(sent).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str, text: &str) -> NamedValue {
        NamedValue { name: name.into(), id: format!("f-{name}").into(), value: Nullable::Value(text.into()) }
    }

    fn record(number: usize, values: &[(&str, &str)]) -> FieldsOf {
        FieldsOf {
            uuid: format!("c-{number}"),
            linkedin_id: Some(format!("jane-{number}")),
            shown: None,
            values: values.iter().map(|(name, text)| value(name, text)).collect(),
        }
    }

    fn planned(records: Vec<FieldsOf>) -> Vec<Write> {
        plan(&ObjectKind::Contact, Some(&"l-1".into()), records)
    }

    #[test]
    fn equal_values_are_one_request() {
        let writes = planned((0..1000).map(|n| record(n, &[("a", "x"), ("b", ["y", "z"][n % 2])])).collect());
        let sizes: Vec<usize> = writes.iter().map(|write| write.step().ids.len()).collect();
        assert_eq!(sizes, [1000, 500, 500]);
    }

    #[test]
    fn values_of_their_own_are_one_request_for_each_contact() {
        let own = |n: usize| record(n, &[("a", &format!("x{n}")), ("b", &format!("y{n}"))]);
        let writes = planned((0..1000).map(own).collect());
        assert_eq!(writes.len(), 1000);
        assert!(
            writes.iter().all(|write| matches!(write, Write::Upsert { values, .. } if values.len() == 2))
        );
        // Each value is shared by two contacts; bulk actions would take three requests for two contacts.
        let pairs = |n: usize| {
            let text = format!("x{}", n / 2);
            record(n, &[("a", &text), ("b", &text), ("c", &text)])
        };
        assert_eq!(planned((0..1000).map(pairs).collect()).len(), 1000);
        let mixed = |n: usize| record(n, &[("a", "x"), ("b", &format!("y{n}"))]);
        assert_eq!(planned((0..1000).map(mixed).collect()).len(), 1000);
    }

    #[test]
    fn a_contact_without_a_linkedin_name_is_not_upserted() {
        let unknown = FieldsOf { linkedin_id: None, ..record(1, &[("a", "x"), ("b", "y")]) };
        let writes = planned(vec![unknown]);
        assert_eq!(
            writes,
            [Write::One("c-1".into(), value("a", "x")), Write::One("c-1".into(), value("b", "y"))]
        );
    }

    #[test]
    fn values_that_were_shown_are_not_written() {
        let shown = serde_json::json!({"a": "x", "b": 7, "c": null, "d": true, "e": "old"});
        let mut same = record(1, &[("a", "x"), ("b", "7"), ("d", "true"), ("e", "new")]);
        let cleared = |name: &str| NamedValue { value: Nullable::Null, ..value(name, "") };
        // A value that was not returned may be set; one that was returned as null is not.
        same.values.extend([cleared("c"), cleared("f")]);
        same.shown = shown.as_object().cloned();
        let writes = plan(&ObjectKind::Contact, None, vec![same]);
        assert_eq!(
            writes,
            [Write::One("c-1".into(), value("e", "new")), Write::One("c-1".into(), cleared("f"))]
        );
    }

    #[test]
    fn companies_have_no_mass_action_for_values() {
        let both = vec![record(1, &[("a", "x")]), record(2, &[("a", "x")])];
        assert_eq!(plan(&ObjectKind::Company, Some(&"l-1".into()), both).len(), 2);
    }
}
