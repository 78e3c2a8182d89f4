//! Bulk actions on contacts.

use grinfi_raw::{
    Nullable,
    enums::{ContactAction, ObjectKind},
    ids::{AutomationId, ContactId, CustomFieldId, ListId, PipelineStageId, TagId},
    types::ContactsMassActionBody,
};
use serde_json::{Map, Value, json};

use super::Contacts;
use crate::{
    client::Client,
    error::Result,
    filter::{self, Filter},
    page::BoxFuture,
    resources::{
        bulk::{Bulk, BulkJob, Goal, id_payload, operations::BulkOperations},
        custom_fields::values::CustomValues,
        selection::Selection,
        validate,
    },
};

/// Contacts to run one bulk action on (`leadsMassAction`). A running automation can send to all contacts that are
/// [added](Self::add_to_automation) at once.
pub type BulkContacts = Bulk<Contacts>;

/// A bulk action on contacts that the API accepted.
pub type ContactsJob = BulkJob<Contacts>;

impl Contacts {
    /// Starts a bulk action on contacts (`leadsMassAction`). Nothing is sent until one of its actions is called.
    pub fn bulk(&self, selection: Selection<ContactId>) -> BulkContacts {
        Bulk::new(self.client.clone(), selection)
    }

    /// Moves a contact to a pipeline stage with a bulk action on this contact (`leadsMassAction`).
    ///
    /// The API runs it in the background and accepts unknown ids without an error; the job can be waited for.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`](crate::Error::is_validation) if the API rejects it;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
    pub fn move_to_stage(
        &self,
        uuid: impl Into<ContactId>,
        pipeline_stage_uuid: impl Into<PipelineStageId>,
    ) -> BoxFuture<Result<ContactsJob>> {
        let uuid = uuid.into();
        let is_valid = validate::id("uuid", &uuid);
        let run = self.bulk(Selection::ids([uuid])).change_pipeline_stage(pipeline_stage_uuid);
        Box::pin(async move {
            is_valid?;
            run.await
        })
    }

    /// Moves a contact to a list with a bulk action on this contact (`leadsMassAction`).
    ///
    /// The API runs it in the background and accepts unknown ids without an error; the job can be waited for.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`](crate::Error::is_validation) if the API rejects it;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
    pub fn move_to_list(
        &self,
        uuid: impl Into<ContactId>,
        list_uuid: impl Into<ListId>,
    ) -> BoxFuture<Result<ContactsJob>> {
        let uuid = uuid.into();
        let is_valid = validate::id("uuid", &uuid);
        let run = self.bulk(Selection::ids([uuid])).change_list(list_uuid);
        Box::pin(async move {
            is_valid?;
            run.await
        })
    }
}

impl BulkContacts {
    /// Moves the contacts to a list.
    ///
    /// # Errors
    ///
    /// As all [actions](Bulk#errors).
    pub fn change_list(&self, list_uuid: impl Into<ListId>) -> BoxFuture<Result<ContactsJob>> {
        let list = list_uuid.into();
        let goal = Goal::Match(vec![filter::contact::list_uuid().eq(&list)]);
        self.start(ContactAction::ContactChangeList, id_payload("list_uuid", &list), goal)
    }

    /// Sets the value of a custom field, or clears it with [`Nullable::Null`](grinfi_raw::Nullable::Null).
    ///
    /// # Errors
    ///
    /// As all [actions](Bulk#errors).
    pub fn change_custom_field(
        &self,
        custom_field_uuid: impl Into<CustomFieldId>,
        value: impl Into<Nullable<String>>,
    ) -> BoxFuture<Result<()>> {
        let (field, value) = (custom_field_uuid.into(), value.into());
        let payload = validate::id("custom_field_uuid", &field)
            .map(|()| json!({"custom_field_uuid": field.as_str(), "value": value}));
        self.run(ContactAction::ContactChangeCustomField, payload)
    }

    /// Sets the value of a custom field by its name. Unknown names are rejected before anything is sent, as in an
    /// [update](crate::contacts::UpdateContact::custom_field).
    ///
    /// # Errors
    ///
    /// As all [actions](Bulk#errors); also [`Error::is_invalid_input`](crate::Error::is_invalid_input) for an unknown name and
    /// for a value that is a list or an object.
    pub fn set_custom_field(
        &self,
        name: impl Into<String>,
        value: impl Into<Value>,
    ) -> BoxFuture<Result<()>> {
        let (bulk, mut custom) = (self.clone(), CustomValues::default());
        custom.set(name, value);
        Box::pin(async move {
            bulk.selection.to_json()?;
            for field in custom.resolve(&bulk.client, &ObjectKind::Contact).await? {
                bulk.change_custom_field(field.id, field.value).await?;
            }
            Ok(())
        })
    }

    /// Adds the contacts to an automation. A running automation can send to all of them at once.
    /// [`Automations::enrollments`](crate::automations::Automations::enrollments) lists who is enrolled.
    ///
    /// # Errors
    ///
    /// As all [actions](Bulk#errors).
    pub fn add_to_automation(&self, automation_uuid: impl Into<AutomationId>) -> BoxFuture<Result<()>> {
        let id = automation_uuid.into();
        let payload = validate::id("automation_uuid", &id).map(|()| json!({"flow_uuid": id}));
        self.run(ContactAction::ContactAddToAutomation, payload)
    }

    /// Removes the contacts from automations.
    ///
    /// # Errors
    ///
    /// As all [actions](Bulk#errors).
    pub fn cancel_from_automations(
        &self,
        automation_uuids: impl IntoIterator<Item = impl Into<AutomationId>>,
    ) -> BoxFuture<Result<()>> {
        let ids = validate::id_texts::<AutomationId>("automation_uuids", automation_uuids);
        self.run(ContactAction::ContactCancelFromAutomations, ids.map(|ids| json!({"flow_uuids": ids})))
    }

    /// Exports the contacts to a CSV file. [`FileExports::contacts`](crate::file_exports::FileExports::contacts) does the same
    /// and returns the id of the export.
    ///
    /// # Errors
    ///
    /// As all [actions](Bulk#errors).
    pub fn export_csv(&self) -> BoxFuture<Result<()>> {
        self.run(ContactAction::ContactExportCsv, Ok(Value::Null))
    }

    /// Marks the conversations with the contacts as read.
    ///
    /// # Errors
    ///
    /// As all [actions](Bulk#errors).
    pub fn mark_read(&self) -> BoxFuture<Result<()>> {
        self.run(ContactAction::ContactMarkRead, Ok(Value::Null))
    }
}

impl BulkOperations for Contacts {
    type Id = ContactId;
    type Action = ContactAction;

    const ADD_TAGS: ContactAction = ContactAction::ContactAddTags;
    const REMOVE_TAGS: ContactAction = ContactAction::ContactRemoveTags;
    const REPLACE_TAGS: ContactAction = ContactAction::ContactReplaceTags;
    const CHANGE_PIPELINE_STAGE: ContactAction = ContactAction::ContactChangePipelineStage;
    const DELETE: ContactAction = ContactAction::ContactDelete;

    fn bulk(
        client: &Client,
        selection: Map<String, Value>,
        action: ContactAction,
        payload: Map<String, Value>,
    ) -> BoxFuture<Result<()>> {
        let client = client.clone();
        Box::pin(async move {
            let mut body = ContactsMassActionBody::new(selection, action);
            body.payload = payload;
            client.call(client.raw().leads_mass_action(&body).ignore_body()).await
        })
    }

    fn count(client: &Client, filter: Filter<Self>) -> BoxFuture<Result<u64>> {
        let contacts = Contacts::new(client.clone());
        Box::pin(async move { contacts.count(filter).await })
    }

    fn tags(client: &Client, id: &ContactId) -> BoxFuture<Result<Vec<TagId>>> {
        let (contacts, id) = (Contacts::new(client.clone()), id.clone());
        Box::pin(
            async move { contacts.get(id).await.map(|contact| contact.tags.clone().unwrap_or_default()) },
        )
    }

    fn with_ids(ids: &[ContactId]) -> Filter<Self> {
        filter::contact::uuid().in_(ids.iter().cloned())
    }

    fn with_tag(tag: TagId) -> Filter<Self> {
        filter::contact::tags().eq(tag)
    }

    fn at_stage(stage: PipelineStageId) -> Filter<Self> {
        filter::contact::pipeline_stage_uuid().eq(stage)
    }
}
