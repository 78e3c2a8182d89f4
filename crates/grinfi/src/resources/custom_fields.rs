//! Custom fields of contacts and companies, and their values.

pub(crate) mod names;
pub(crate) mod values;
pub(crate) mod writes;

use std::future::IntoFuture;

use grinfi_raw::{
    Nullable,
    enums::ObjectKind,
    ids::CustomFieldId,
    options,
    types::{CreateCustomFieldBody, UpsertCustomFieldValueBody},
};

use serde_json::{Map, Value};

use crate::{
    client::Client,
    error::Result,
    models::{CustomField, CustomFieldUpdate, CustomFieldValue},
    page::{BoxFuture, Page},
    resources::{custom_fields::values::CustomValues, macros::handle, selection::Target, validate},
    search::{Listed, Query, Search},
};
pub use values::NamedValue;
pub use writes::FieldWrites;

handle! {
    /// Custom fields of contacts and companies, and their values.
    ///
    /// The API's update of a contact drops custom fields without a word, and its upsert drops names that it does not know.
    /// Here [updates](crate::contacts::UpdateContact::custom_field), [upserts](crate::contacts::Upsert::custom_field) and creations take values
    /// by name, look the names up and refuse unknown ones; [`set_value`](Self::set_value) takes an id.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let contact = client.contacts().search().page().await?.data.remove(0).uuid.clone();
    /// use grinfi::models::enums::ObjectKind;
    ///
    /// let persona = client.custom_fields().create(ObjectKind::Lead, "buyer_persona").await?;
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
    /// Lists the custom fields of contacts and of companies together (`listCustomFields`). The API takes no filter here.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Creates a field for contacts, [`ObjectKind::Lead`], or companies (`createCustomField`), by awaiting what this
    /// returns. A team has at most 100 of either.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a name that is not `[A-Za-z_][A-Za-z0-9_]*` and for
    /// an object that the API does not know, such as `contact`;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the answer was lost.
    pub fn create(&self, object: ObjectKind, name: impl Into<String>) -> CreateCustomField {
        let body = CreateCustomFieldBody::new(name, object);
        CreateCustomField { client: self.client.clone(), body }
    }

    /// Changes a field (`updateCustomField`). What is `None` stays.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if nothing would change, or for a name as in
    /// [`create`](Self::create); [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn update(
        &self,
        uuid: impl Into<CustomFieldId>,
        changes: &CustomFieldUpdate,
    ) -> Result<CustomField> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        validate::changes(changes)?;
        if let Some(name) = &changes.name {
            validate::custom_field(name)?;
        }
        let result = self.client.call(self.client.raw().update_custom_field(uuid.as_str(), changes)).await;
        self.forget_names().await;
        result
    }

    /// Deletes a field (`deleteCustomField`), and its values with it.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn delete(&self, uuid: impl Into<CustomFieldId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        let result = self.client.call(self.client.raw().delete_custom_field(uuid.as_str())).await;
        self.forget_names().await;
        result
    }

    /// Sets the value of a field for a contact or a company (`upsertCustomFieldValue`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) or [`Error::is_validation`](crate::Error::is_validation) if
    /// there is no such field or target.
    pub async fn set_value(
        &self,
        uuid: impl Into<CustomFieldId>,
        target: impl Into<Target>,
        value: impl Into<String>,
    ) -> Result<CustomFieldValue> {
        self.value(uuid.into(), target.into(), Nullable::Value(value.into())).await
    }

    /// Clears the value of a field for a contact or a company (`upsertCustomFieldValue` with null).
    ///
    /// # Errors
    ///
    /// As [`set_value`](Self::set_value).
    pub async fn clear_value(
        &self,
        uuid: impl Into<CustomFieldId>,
        target: impl Into<Target>,
    ) -> Result<CustomFieldValue> {
        self.value(uuid.into(), target.into(), Nullable::Null).await
    }

    /// Looks custom fields up by their names, with values for them (`listCustomFields`, once in ten minutes): what an
    /// [update](crate::contacts::UpdateContact::custom_field) does before it sends anything.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input), naming `custom_fields.{name}`, for a name that there is no
    /// field or more than one for, and for a value that is a list or an object.
    pub async fn by_name(&self, object: ObjectKind, values: Map<String, Value>) -> Result<Vec<NamedValue>> {
        CustomValues::from(values).resolve(&self.client, &object).await
    }

    /// Forgets the names of custom fields, so that the next call that sets one by name reads them anew.
    ///
    /// Clones of a client share them. They are read when a name is first needed, read anew for a name that is not among them,
    /// after ten minutes, and after a field was created, changed or deleted through the same client. What this is for is a
    /// field that was renamed or deleted elsewhere: an upsert with its old name would be taken, and the value dropped by the
    /// API.
    pub async fn forget_names(&self) {
        self.client.field_names().clear().await;
    }

    pub(crate) async fn value(
        &self,
        custom_field_uuid: CustomFieldId,
        target: Target,
        value: Nullable<String>,
    ) -> Result<CustomFieldValue> {
        validate::id("custom_field_uuid", &custom_field_uuid)?;
        let (object_type, object_uuid) = target.parts()?;
        let mut body = UpsertCustomFieldValueBody::new(custom_field_uuid, object_type, object_uuid);
        body.value = Some(value);
        self.client.call(self.client.raw().upsert_custom_field_value(&body)).await
    }
}

/// A custom field about to be created, by awaiting it.
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

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<CustomField>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let (limit, offset) = query.window();
            let call = client.raw().list_custom_fields_with_options(options::ListCustomFields {
                limit,
                offset,
                order_field,
                order_type: order_type.as_ref(),
                ..Default::default()
            });
            client.call(call).await
        })
    }
}
