//! Lookup of custom fields by name.
//!
//! The API sets values by the id of a field. Where it takes names, it drops unknown ones without an error, so every name is
//! looked up before anything is sent.

use grinfi_raw::{enums::ObjectKind, ids::CustomFieldId};
use tokio::time::Instant;

use super::CustomFields;
use crate::{
    client::Client,
    error::{Error, Result},
    field_names::Known,
    filter::nearest,
};

/// Returns the ids of fields by name, from the client's cache.
pub(crate) async fn ids(client: &Client, object: &ObjectKind, names: &[&str]) -> Result<Vec<CustomFieldId>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let find = |known: &Known| names.iter().map(|name| id(known, object, name)).collect();
    client.field_names().find(object, names, list(client), find).await
}

async fn list(client: &Client) -> Result<Known> {
    let mut known = Known::new(Instant::now());
    let mut fields = CustomFields::new(client.clone()).list().limit(1000).stream();
    while let Some(field) = fields.next().await.transpose()? {
        if let (Some(object), Some(name)) = (field.object, field.name) {
            known.insert(&object, name, field.uuid);
        }
    }
    Ok(known)
}

fn id(known: &Known, object: &ObjectKind, name: &str) -> Result<CustomFieldId> {
    let field = format!("custom_fields.{name}");
    let owner = if *object == ObjectKind::Company { "companies" } else { "contacts" };
    match known.get(object, name) {
        Some([id]) => Ok(id.clone()),
        Some(ids) => {
            let message = format!("{} custom fields of {owner} have this name; set it by its id", ids.len());
            Err(Error::input(field, message))
        }
        None => {
            let near = nearest(name, &known.names(object)).map(|near| format!("; did you mean `{near}`?"));
            let message = format!("{owner} have no custom field of this name{}", near.unwrap_or_default());
            Err(Error::input(field, message))
        }
    }
}
