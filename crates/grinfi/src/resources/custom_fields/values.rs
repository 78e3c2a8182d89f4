//! Values of custom fields by name.

use grinfi_raw::{Nullable, enums::ObjectKind, ids::CustomFieldId};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    client::Client,
    error::{Error, Result},
    resources::{custom_fields::names, validate},
};

/// Values by field name.
#[derive(Debug, Clone, Default)]
pub(crate) struct CustomValues(Map<String, Value>);

/// Value of an existing custom field, created by
/// [`CustomFields::by_name`](crate::custom_fields::CustomFields::by_name).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct NamedValue {
    /// The name of the field.
    pub name: String,
    /// Its id.
    pub id: CustomFieldId,
    /// The value as the API stores it: a text, or null to clear it.
    pub value: Nullable<String>,
}

impl CustomValues {
    pub(crate) fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.0.insert(name.into(), value.into());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Checks the format of the names, and that each value is a text, a number, a boolean or null: the API stores
    /// texts.
    pub(crate) fn check(&self) -> Result<()> {
        self.0.iter().try_for_each(|(name, value)| {
            validate::custom_field(name)?;
            text(name, value).map(drop)
        })
    }

    /// Looks up the fields.
    pub(crate) async fn resolve(&self, client: &Client, object: &ObjectKind) -> Result<Vec<NamedValue>> {
        self.check()?;
        let names: Vec<&str> = self.0.keys().map(String::as_str).collect();
        let ids = names::ids(client, object, &names).await?;
        self.0
            .iter()
            .zip(ids)
            .map(|((name, value), id)| Ok(NamedValue { name: name.clone(), id, value: text(name, value)? }))
            .collect()
    }

    /// Returns the values for a request that sets them by name, after checking that all names exist.
    pub(crate) async fn by_name(self, client: &Client) -> Result<Map<String, Value>> {
        // It is not known whether null clears a value in an upsert.
        if let Some((name, _)) = self.0.iter().find(|(_, value)| value.is_null()) {
            let message = "must not be null; clear the field with an update";
            return Err(Error::input(format!("custom_fields.{name}"), message));
        }
        self.resolve(client, &ObjectKind::Contact).await?;
        Ok(self.0)
    }
}

impl From<Map<String, Value>> for CustomValues {
    fn from(values: Map<String, Value>) -> Self {
        Self(values)
    }
}

/// Returns a value as the API stores it.
pub(crate) fn text(name: &str, value: &Value) -> Result<Nullable<String>> {
    Ok(match value {
        Value::Null => Nullable::Null,
        Value::String(text) => Nullable::Value(text.clone()),
        Value::Number(_) | Value::Bool(_) => Nullable::Value(value.to_string()),
        Value::Array(_) | Value::Object(_) => {
            let message = "must be a text, a number, a boolean or null, got a list or an object";
            return Err(Error::input(format!("custom_fields.{name}"), message));
        }
    })
}
