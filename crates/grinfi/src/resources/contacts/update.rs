//! Changes to a contact, including fields that the API's own update drops.

use std::future::IntoFuture;

use grinfi_raw::{
    Nullable,
    enums::ObjectKind,
    ids::{ContactId, ListId, PipelineStageId},
};
use serde_json::Value;

use crate::{
    client::Client,
    error::{Error, Result, Step},
    linkedin,
    models::{Contact, ContactUpdate},
    page::BoxFuture,
    resources::{
        contacts::Contacts,
        custom_fields::{
            values::{CustomValues, NamedValue},
            writes::{self, FieldsOf, Write},
        },
        multi_step::Steps,
        validate,
    },
};

impl Contacts {
    /// Changes a contact. Returns a builder; await it to send the requests. In `changes`, fields that are `None` stay
    /// unchanged and [`Nullable::Null`](grinfi_raw::Nullable::Null) clears a field; custom fields, the pipeline stage and the list are set on the
    /// builder.
    ///
    /// The API's own update (`updateLead`) accepts custom fields, a stage and a list and drops them without an error.
    /// Here custom fields are set by their ids (`upsertCustomFieldValue`), stage and list by a bulk action on this
    /// contact (`leadsMassAction`), which the API runs in the background.
    ///
    /// # Requests
    ///
    /// In this order: with custom fields, one to read the contact (`getLead`); one for the fields; one for each custom
    /// field whose value differs; one for the stage; one for the list. Without custom fields but with a stage or a
    /// list, a last one reads the contact. Looking up the names of custom fields takes two more, at most once in ten
    /// minutes.
    ///
    /// Everything is validated before the first request. If one fails after others took effect, the error is
    /// [partial](Error::is_partial), and its [steps](Error::partial_failure) contain what was done; repeating the whole
    /// update is safe. Dropping the future keeps what was done.
    ///
    /// Returns the contact after the change. A new stage or list may not be visible in it yet.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let contact = client.contacts().search().page().await?.data.remove(0).uuid.clone();
    /// # client.custom_fields().create("lead".into(), "buyer_persona").await?;
    /// # let stage = client.pipeline_stages().list("lead".into()).await?.remove(0).uuid;
    /// use grinfi::models::ContactUpdate;
    ///
    /// let changes = ContactUpdate { first_name: Some("Jane".into()), ..Default::default() };
    /// let jane = client
    ///     .contacts()
    ///     .update(&contact, &changes)
    ///     .custom_field("buyer_persona", "economic buyer")
    ///     .pipeline_stage(&stage)
    ///     .await?;
    /// assert_eq!(jane.first_name.as_deref(), Some("Jane"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] if no changes are given, for an invalid LinkedIn name, and for an unknown custom
    /// field; [`Error::is_not_found`] if there is no contact with this id; [`Error::is_partial`] as above.
    pub fn update(&self, uuid: impl Into<ContactId>, changes: &ContactUpdate) -> UpdateContact {
        UpdateContact {
            client: self.client.clone(),
            uuid: uuid.into(),
            changes: changes.clone(),
            custom: CustomValues::default(),
            stage: None,
            list: None,
        }
    }
}

/// Builder for changes to a contact. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct UpdateContact {
    client: Client,
    uuid: ContactId,
    changes: ContactUpdate,
    custom: CustomValues,
    stage: Option<PipelineStageId>,
    list: Option<ListId>,
}

impl UpdateContact {
    /// Sets a custom field by its name. Can be called several times. The API stores all values as texts.
    ///
    /// Unknown names are rejected. Names are looked up once and cached for ten minutes, see
    /// [`CustomFields::forget_names`](crate::custom_fields::CustomFields::forget_names).
    pub fn custom_field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.custom.set(name, value);
        self
    }

    /// Clears a custom field by its name.
    pub fn clear_custom_field(self, name: impl Into<String>) -> Self {
        self.custom_field(name, Value::Null)
    }

    /// Moves the contact to a pipeline stage.
    pub fn pipeline_stage(mut self, pipeline_stage_uuid: impl Into<PipelineStageId>) -> Self {
        self.stage = Some(pipeline_stage_uuid.into());
        self
    }

    /// Moves the contact to a list.
    pub fn list(mut self, list_uuid: impl Into<ListId>) -> Self {
        self.list = Some(list_uuid.into());
        self
    }
}

impl IntoFuture for UpdateContact {
    type Output = Result<Contact>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { client, uuid, changes, custom, stage, list } = &mut self;
            validate::id("uuid", &*uuid)?;
            check_names(changes)?;
            let fields = validate::changes(changes).is_ok();
            if !fields && custom.is_empty() && stage.is_none() && list.is_none() {
                return Err(Error::input("changes", "no changes given"));
            }
            if let Some(stage) = stage {
                validate::id("pipeline_stage_uuid", stage)?;
            }
            if let Some(list) = list {
                validate::id("list_uuid", list)?;
            }
            let values = custom.resolve(client, &ObjectKind::Contact).await?;
            let contacts = Contacts::new(client.clone());
            let before = match values.is_empty() {
                true => None,
                false => Some(contacts.get(&*uuid).await?),
            };
            let wanted = FieldsOf {
                uuid: uuid.to_string(),
                linkedin_id: None,
                shown: before.as_ref().and_then(|contact| contact.custom_fields.clone()),
                values: values.clone(),
            };
            let writes = writes::plan(&ObjectKind::Contact, None, vec![wanted]);

            let step = |name: &str| Step::new(name, [uuid.as_str()]);
            let mut names: Vec<Step> = fields.then(|| step("update the fields")).into_iter().collect();
            names.extend(writes.iter().map(Write::step));
            names.extend(stage.is_some().then(|| step("change the pipeline stage")));
            names.extend(list.is_some().then(|| step("change the list")));
            names.push(step("read the contact"));

            let mut steps = Steps::new(Vec::new(), names);
            let mut updated = None;
            if fields {
                updated =
                    Some(steps.take(client.call(client.raw().update_lead(uuid.as_str(), changes))).await?);
            }
            writes::run(client, &ObjectKind::Contact, &mut steps, writes).await?;
            let is_moved = stage.is_some() || list.is_some();
            if let Some(stage) = stage.take() {
                steps.take(contacts.move_to_stage(&*uuid, stage)).await?;
            }
            if let Some(list) = list.take() {
                steps.take(contacts.move_to_list(&*uuid, list)).await?;
            }
            match (before, updated) {
                // The contact as read before, with the new values.
                (Some(before), updated) if before.custom_fields.is_some() => {
                    Ok(with_values(before, updated, values))
                }
                (None, Some(updated)) if !is_moved => Ok(updated),
                _ => steps.take(contacts.get(&*uuid)).await,
            }
        })
    }
}

/// Returns the contact after an update: as it was read before, with its changed fields and custom fields.
fn with_values(mut before: Contact, updated: Option<Contact>, values: Vec<NamedValue>) -> Contact {
    if let Some(updated) = updated {
        before.record = updated.record;
    }
    let shown = before.custom_fields.get_or_insert_default();
    for NamedValue { name, value, .. } in values {
        shown.insert(name, value.into_option().map_or(Value::Null, Value::from));
    }
    before
}

/// Normalizes the LinkedIn names, and checks the email, which the API would store unchecked.
fn check_names(changes: &mut ContactUpdate) -> Result<()> {
    for (field, name) in
        [("linkedin", &mut changes.linkedin), ("ln_id", &mut changes.ln_id), ("sn_id", &mut changes.sn_id)]
    {
        own_name(field, name)?;
    }
    validate::optional_email("email", changes.email.as_deref())
}

/// Normalizes the LinkedIn name of a field.
pub(crate) fn own_name(field: &str, name: &mut Option<Nullable<String>>) -> Result<()> {
    if let Some(Nullable::Value(name)) = name {
        *name = linkedin::normalize_field(field, name)?;
    }
    Ok(())
}
