//! Mass actions on contacts and companies.

pub(crate) mod job;

use grinfi_raw::{
    Nullable,
    enums::{CompanyAction, ContactAction, ObjectKind},
    ids::{AutomationId, CompanyId, ContactId, CustomFieldId, ListId, PipelineStageId, TagId},
    types::{CompaniesMassActionBody, LeadsMassActionBody},
};
use serde_json::{Map, Value, json};

use crate::{
    client::Client,
    error::{Error, Result},
    resources::{
        bulk::job::{CompaniesJob, ContactsJob, Goal},
        companies::Companies,
        contacts::Contacts,
        custom_fields::values::CustomValues,
        selection::Selection,
        untyped_response, validate,
    },
};

impl Contacts {
    /// Starts a mass action on contacts (`leadsMassAction`); nothing happens before one of its methods is called.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let contacts = client.contacts().search().limit(2).page().await?.data;
    /// use grinfi::selection::Selection;
    ///
    /// let list = client.lists().create("Autumn fair").await?.uuid;
    /// let both = Selection::ids(contacts.iter().map(|contact| &contact.uuid));
    /// let moving = client.contacts().bulk(both).change_list(&list).await?;
    /// moving.wait(&grinfi::jobs::Wait::new()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn bulk(&self, selection: Selection<ContactId>) -> BulkContacts {
        BulkContacts { client: self.client.clone(), selection, confirm_all: false }
    }
}

impl Companies {
    /// Starts a mass action on companies (`companiesMassAction`); nothing happens before one of its methods is called.
    pub fn bulk(&self, selection: Selection<CompanyId>) -> BulkCompanies {
        BulkCompanies { client: self.client.clone(), selection, confirm_all: false }
    }
}

/// Contacts to run one mass action on (`leadsMassAction`).
///
/// The API does it in the background: success means accepted, not done. Where the effect can be seen, the method answers with
/// a [`ContactsJob`] that can be waited on. Every method fails with
/// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for an empty selection or an id that is none,
/// [`Error::is_validation`](crate::Error::is_validation) if the API refuses it, and
/// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the answer was lost.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until one of the actions is called"]
pub struct BulkContacts {
    client: Client,
    selection: Selection<ContactId>,
    confirm_all: bool,
}

/// An id under its name on the wire, checked.
fn one(field: &str, id: impl AsRef<str>) -> Result<Value> {
    validate::id(field, &id)?;
    Ok(json!({field: id.as_ref()}))
}

/// Ids under their name on the wire, at least one and each checked.
fn many<I: AsRef<str> + Into<String>>(
    field: &str,
    ids: impl IntoIterator<Item = impl Into<I>>,
) -> Result<Value> {
    Ok(json!({field: validate::id_texts::<I>(field, ids)?}))
}

/// Checks that deleting everything is meant.
fn check_confirmed<I: AsRef<str>>(selection: &Selection<I>, confirmed: bool) -> Result<()> {
    selection.to_json()?;
    match selection {
        Selection::All | Selection::AllBut(_) if !confirmed => Err(Error::input(
            "confirm_all",
            "deleting every record of the team must be confirmed; set `confirm_all`, or select records by their ids",
        )),
        _ => Ok(()),
    }
}

fn payload(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(payload) => payload,
        _ => Map::new(),
    }
}

impl BulkContacts {
    fn job(&self, goal: Goal<Contacts>) -> ContactsJob {
        ContactsJob::new(self.client.clone(), self.selection.clone(), goal)
    }

    async fn run(&self, type_: ContactAction, values: Value) -> Result<()> {
        let mut body = LeadsMassActionBody::new(self.selection.to_json()?, type_);
        body.payload = payload(values);
        untyped_response::done(&self.client, self.client.raw().leads_mass_action(&body)).await
    }

    /// Adds a tag.
    ///
    /// # Errors
    ///
    /// As all [actions](BulkContacts).
    pub async fn add_tag(&self, tag_uuid: impl Into<TagId>) -> Result<ContactsJob> {
        let tag = tag_uuid.into();
        validate::tag("tag_uuid", &tag)?;
        self.run(ContactAction::ContactAddTags, one("tag_uuid", &tag)?).await?;
        Ok(self.job(Goal::<Contacts>::tagged([tag])))
    }

    /// Takes a tag away.
    ///
    /// # Errors
    ///
    /// As all [actions](BulkContacts).
    pub async fn remove_tag(&self, tag_uuid: impl Into<TagId>) -> Result<ContactsJob> {
        let tag = tag_uuid.into();
        validate::tag("tag_uuid", &tag)?;
        self.run(ContactAction::ContactRemoveTags, one("tag_uuid", &tag)?).await?;
        Ok(self.job(Goal::<Contacts>::untagged(tag)))
    }

    /// Gives the contacts these tags and no others. Waiting sees these come, not the others go.
    ///
    /// # Errors
    ///
    /// As all [actions](BulkContacts).
    pub async fn replace_tags(
        &self,
        tag_uuids: impl IntoIterator<Item = impl Into<TagId>>,
    ) -> Result<ContactsJob> {
        let tags = validate::tags("tag_uuids", tag_uuids)?;
        self.run(ContactAction::ContactReplaceTags, json!({"tag_uuids": tags})).await?;
        Ok(self.job(Goal::<Contacts>::tagged(tags)))
    }

    /// Moves the contacts to a list.
    ///
    /// # Errors
    ///
    /// As all [actions](BulkContacts).
    pub async fn change_list(&self, list_uuid: impl Into<ListId>) -> Result<ContactsJob> {
        let list = list_uuid.into();
        self.run(ContactAction::ContactChangeList, one("list_uuid", &list)?).await?;
        Ok(self.job(Goal::in_list(list)))
    }

    /// Moves the contacts to a pipeline stage: the way that works, since an update of a contact drops the stage without
    /// a word.
    ///
    /// # Errors
    ///
    /// As all [actions](BulkContacts).
    pub async fn change_pipeline_stage(
        &self,
        pipeline_stage_uuid: impl Into<PipelineStageId>,
    ) -> Result<ContactsJob> {
        let stage = pipeline_stage_uuid.into();
        self.run(ContactAction::ContactChangePipelineStage, one("pipeline_stage_uuid", &stage)?).await?;
        Ok(self.job(Goal::<Contacts>::at_stage(stage)))
    }

    /// Sets the value of a custom field, or clears it with [`Nullable::Null`].
    ///
    /// # Errors
    ///
    /// As all [actions](BulkContacts).
    pub async fn change_custom_field(
        &self,
        custom_field_uuid: impl Into<CustomFieldId>,
        value: impl Into<Nullable<String>>,
    ) -> Result<()> {
        let field = custom_field_uuid.into();
        validate::id("custom_field_uuid", &field)?;
        let values = json!({"custom_field_uuid": field.as_str(), "value": value.into()});
        self.run(ContactAction::ContactChangeCustomField, values).await
    }

    /// Sets the value of a custom field by its name. A name that contacts have no field for is refused, as in an
    /// [update](crate::contacts::UpdateContact::custom_field).
    ///
    /// # Errors
    ///
    /// As all [actions](BulkContacts); also [`Error::is_invalid_input`](crate::Error::is_invalid_input) for an unknown name and
    /// for a value that is a list or an object.
    pub async fn set_custom_field(&self, name: impl Into<String>, value: impl Into<Value>) -> Result<()> {
        let mut custom = CustomValues::default();
        custom.set(name, value);
        self.selection.to_json()?;
        for field in custom.resolve(&self.client, &ObjectKind::Lead).await? {
            self.change_custom_field(field.id, field.value).await?;
        }
        Ok(())
    }

    /// Enrolls the contacts in an automation. If it is running, it can send to all of them at once. Who is in is listed by
    /// [`Automations::enrollments`](crate::automations::Automations::enrollments).
    ///
    /// # Errors
    ///
    /// As all [actions](BulkContacts).
    pub async fn add_to_automation(&self, automation_uuid: impl Into<AutomationId>) -> Result<()> {
        self.run(ContactAction::ContactAddToFlow, one("flow_uuid", automation_uuid.into())?).await
    }

    /// Takes the contacts out of automations.
    ///
    /// # Errors
    ///
    /// As all [actions](BulkContacts).
    pub async fn cancel_from_automations(
        &self,
        automation_uuids: impl IntoIterator<Item = impl Into<AutomationId>>,
    ) -> Result<()> {
        let automations = many::<AutomationId>("flow_uuids", automation_uuids)?;
        self.run(ContactAction::ContactCancelFromFlows, automations).await
    }

    /// Confirms that [`delete`](Self::delete) may delete every contact of the team, or every one but a few.
    pub fn confirm_all(mut self) -> Self {
        self.confirm_all = true;
        self
    }

    /// Deletes the contacts.
    ///
    /// # Errors
    ///
    /// As all [actions](BulkContacts); also [`Error::is_invalid_input`](crate::Error::is_invalid_input) for
    /// [`Selection::All`] and [`Selection::AllBut`] without [`confirm_all`](Self::confirm_all).
    pub async fn delete(&self) -> Result<ContactsJob> {
        check_confirmed(&self.selection, self.confirm_all)?;
        self.run(ContactAction::ContactDelete, Value::Null).await?;
        Ok(self.job(Goal::Gone))
    }

    /// Exports the contacts to a CSV file. [`FileExports::contacts`](crate::file_exports::FileExports::contacts) does the same and tells
    /// the export's id.
    ///
    /// # Errors
    ///
    /// As all [actions](BulkContacts).
    pub async fn export_csv(&self) -> Result<()> {
        self.run(ContactAction::ContactExportCsv, Value::Null).await
    }

    /// Marks the conversations with the contacts as read.
    ///
    /// # Errors
    ///
    /// As all [actions](BulkContacts).
    pub async fn mark_read(&self) -> Result<()> {
        self.run(ContactAction::ContactMarkRead, Value::Null).await
    }
}

/// Companies to run one mass action on (`companiesMassAction`).
///
/// The API may do it in the background: success means accepted. Each method answers with a [`CompaniesJob`] that can be
/// waited on. Every method fails with [`Error::is_invalid_input`](crate::Error::is_invalid_input) for an empty selection or an id that
/// is none, [`Error::is_validation`](crate::Error::is_validation) if the API refuses it, and
/// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the answer was lost.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until one of the actions is called"]
pub struct BulkCompanies {
    client: Client,
    selection: Selection<CompanyId>,
    confirm_all: bool,
}

impl BulkCompanies {
    fn job(&self, goal: Goal<Companies>) -> CompaniesJob {
        CompaniesJob::new(self.client.clone(), self.selection.clone(), goal)
    }

    async fn run(&self, type_: CompanyAction, values: Value) -> Result<()> {
        let mut body = CompaniesMassActionBody::new(self.selection.to_json()?, type_);
        body.payload = payload(values);
        untyped_response::done(&self.client, self.client.raw().companies_mass_action(&body)).await
    }

    /// Adds a tag.
    ///
    /// # Errors
    ///
    /// As all [actions](BulkCompanies).
    pub async fn add_tag(&self, tag_uuid: impl Into<TagId>) -> Result<CompaniesJob> {
        let tag = tag_uuid.into();
        validate::tag("tag_uuid", &tag)?;
        self.run(CompanyAction::CompanyAddTags, one("tag_uuid", &tag)?).await?;
        Ok(self.job(Goal::<Companies>::tagged([tag])))
    }

    /// Takes a tag away.
    ///
    /// # Errors
    ///
    /// As all [actions](BulkCompanies).
    pub async fn remove_tag(&self, tag_uuid: impl Into<TagId>) -> Result<CompaniesJob> {
        let tag = tag_uuid.into();
        validate::tag("tag_uuid", &tag)?;
        self.run(CompanyAction::CompanyRemoveTags, one("tag_uuid", &tag)?).await?;
        Ok(self.job(Goal::<Companies>::untagged(tag)))
    }

    /// Gives the companies these tags and no others. Waiting sees these come, not the others go.
    ///
    /// # Errors
    ///
    /// As all [actions](BulkCompanies).
    pub async fn replace_tags(
        &self,
        tag_uuids: impl IntoIterator<Item = impl Into<TagId>>,
    ) -> Result<CompaniesJob> {
        let tags = validate::tags("tag_uuids", tag_uuids)?;
        self.run(CompanyAction::CompanyReplaceTags, json!({"tag_uuids": tags})).await?;
        Ok(self.job(Goal::<Companies>::tagged(tags)))
    }

    /// Moves the companies to a pipeline stage.
    ///
    /// # Errors
    ///
    /// As all [actions](BulkCompanies).
    pub async fn change_pipeline_stage(
        &self,
        pipeline_stage_uuid: impl Into<PipelineStageId>,
    ) -> Result<CompaniesJob> {
        let stage = pipeline_stage_uuid.into();
        self.run(CompanyAction::CompanyChangePipelineStage, one("pipeline_stage_uuid", &stage)?).await?;
        Ok(self.job(Goal::<Companies>::at_stage(stage)))
    }

    /// Confirms that [`delete`](Self::delete) may delete every company of the team, or every one but a few.
    pub fn confirm_all(mut self) -> Self {
        self.confirm_all = true;
        self
    }

    /// Deletes the companies.
    ///
    /// # Errors
    ///
    /// As all [actions](BulkCompanies); also [`Error::is_invalid_input`](crate::Error::is_invalid_input) for
    /// [`Selection::All`] and [`Selection::AllBut`] without [`confirm_all`](Self::confirm_all).
    pub async fn delete(&self) -> Result<CompaniesJob> {
        check_confirmed(&self.selection, self.confirm_all)?;
        self.run(CompanyAction::CompanyDelete, Value::Null).await?;
        Ok(self.job(Goal::Gone))
    }
}
