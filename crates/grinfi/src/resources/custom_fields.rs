//! Custom fields of contacts and companies, and their values.

pub(crate) mod names;
pub(crate) mod values;
pub(crate) mod writes;

use std::future::IntoFuture;

use grinfi_raw::{
    Nullable,
    enums::ObjectKind,
    ids::CustomFieldId,
    types::{CreateCustomFieldBody, UpsertCustomFieldValueBody},
};

use crate::{
    call::Call,
    client::Client,
    error::Result,
    models::{CustomField, CustomFieldUpdate, CustomFieldValue},
    page::BoxFuture,
    resources::{
        macros::{fetch, handle},
        selection::Target,
        validate,
    },
    search::{Listed, Search},
};

handle! {
    /// Custom fields of contacts and companies, and their values.
    ///
    /// The API's own update of a contact drops custom fields without an error, and its upsert drops unknown names. In
    /// this library, [updates](crate::contacts::UpdateContact::custom_field),
    /// [upserts](crate::contacts::Upsert::custom_field) and creations accept values by name, look up the names and
    /// reject unknown ones; [`set_value`](Self::set_value) sets a value by id.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let contact = client.contacts().search().page().await?.data.remove(0).uuid.clone();
    /// use grinfi::models::enums::ObjectKind;
    ///
    /// let persona = client.custom_fields().create(ObjectKind::Contact, "buyer_persona").await?;
    /// client.custom_fields().set_value(&persona.uuid, &contact, "economic buyer").await?;
    /// # Ok(())
    /// # }
    /// ```
    CustomFields
}

impl Client {
    /// Custom fields of contacts and companies, and their values.
    #[must_use]
    pub fn custom_fields(&self) -> CustomFields {
        CustomFields::new(self.clone())
    }
}

impl CustomFields {
    /// Lists the custom fields of contacts and of companies together (`listCustomFields`). The API supports no filter
    /// here.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Creates a field for contacts, [`ObjectKind::Contact`](grinfi_raw::enums::ObjectKind::Contact), or companies (`createCustomField`). Returns a builder; await
    /// it to send the request. A team can have 100 fields of each.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a name that is not `[A-Za-z_][A-Za-z0-9_]*` and
    /// for an object that the API does not know, such as `contact`;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
    pub fn create(&self, object: ObjectKind, name: impl Into<String>) -> CreateCustomField {
        let body = CreateCustomFieldBody::new(name, object);
        CreateCustomField { client: self.client.clone(), body }
    }

    /// Changes a field (`updateCustomField`). Fields that are `None` stay unchanged.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if no changes are given, or for a name as in
    /// [`create`](Self::create); [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn update(
        &self,
        uuid: impl Into<CustomFieldId>,
        changes: &CustomFieldUpdate,
    ) -> BoxFuture<Result<CustomField>> {
        let this = self.clone();
        let call = self.client.try_call(|| {
            validate::changes(changes)?;
            if let Some(name) = &changes.name {
                validate::custom_field(name)?;
            }
            Ok(self.client.raw().update_custom_field(uuid.into().as_str(), changes))
        });
        Box::pin(async move {
            let result = call.await;
            this.forget_names().await;
            result
        })
    }

    /// Deletes a field and its values (`deleteCustomField`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn delete(&self, uuid: impl Into<CustomFieldId>) -> BoxFuture<Result<()>> {
        let this = self.clone();
        let call = self.client.call(self.client.raw().delete_custom_field(uuid.into().as_str()));
        Box::pin(async move {
            let result = call.await;
            this.forget_names().await;
            result
        })
    }

    /// Sets the value of a field for a contact or a company (`upsertCustomFieldValue`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) or [`Error::is_validation`](crate::Error::is_validation) if
    /// there is no such field or target.
    pub fn set_value(
        &self,
        uuid: impl Into<CustomFieldId>,
        target: impl Into<Target>,
        value: impl Into<String>,
    ) -> Call<CustomFieldValue> {
        self.value(uuid.into(), target.into(), Nullable::Value(value.into()))
    }

    /// Clears the value of a field for a contact or a company (`upsertCustomFieldValue` with null).
    ///
    /// # Errors
    ///
    /// As [`set_value`](Self::set_value).
    pub fn clear_value(
        &self,
        uuid: impl Into<CustomFieldId>,
        target: impl Into<Target>,
    ) -> Call<CustomFieldValue> {
        self.value(uuid.into(), target.into(), Nullable::Null)
    }

    /// Clears the cached names of custom fields, so that the next call that sets one by name lists them again.
    ///
    /// Clones of a client share the cache. It is filled when a name is first needed, and refreshed for an unknown name,
    /// after ten minutes, and after a field was created, changed or deleted through the same client. Call this after a
    /// field was renamed or deleted elsewhere: the API would accept an upsert with the old name and drop the value.
    pub async fn forget_names(&self) {
        self.client.field_names().clear().await;
    }

    pub(crate) fn value(
        &self,
        custom_field_uuid: CustomFieldId,
        target: Target,
        value: Nullable<String>,
    ) -> Call<CustomFieldValue> {
        self.client.try_call(|| {
            validate::id("custom_field_uuid", &custom_field_uuid)?;
            let (object_type, object_uuid) = target.parts()?;
            let mut body = UpsertCustomFieldValueBody::new(custom_field_uuid, object_type, object_uuid);
            body.value = Some(value);
            Ok(self.client.raw().upsert_custom_field_value(&body))
        })
    }
}

/// Builder for a new custom field. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateCustomField {
    client: Client,
    body: CreateCustomFieldBody,
}

impl CreateCustomField {
    /// Sets the position among the fields.
    pub fn order(mut self, order: i64) -> Self {
        self.body.order = Some(order);
        self
    }
}

impl IntoFuture for CreateCustomField {
    type Output = Result<CustomField>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::object(&self.body.object)?;
            validate::custom_field(&self.body.name)?;
            let result = self.client.call(self.client.raw().create_custom_field(&self.body)).await;
            self.client.field_names().clear().await;
            result
        })
    }
}

impl Listed for CustomFields {
    type Item = CustomField;
    const OPERATION: &'static str = "listCustomFields";

    fetch! { list_custom_fields_with_options(ListCustomFields, order) }
}
