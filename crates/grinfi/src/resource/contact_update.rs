//! Changing a contact, what the update of the API drops included.

use std::future::IntoFuture;

use grinfi_raw::{
    Nullable,
    enums::ObjectKind,
    ids::{ContactId, ListId, PipelineStageId},
};
use serde_json::Value;

use super::{
    check, check_id,
    contacts::Contacts,
    custom_values::{self, CustomValues},
    steps::Steps,
    subject::{Selection, Subject},
};
use crate::{
    client::Client,
    error::{Error, Result},
    linkedin,
    model::{Contact, ContactUpdate},
    page::BoxFuture,
};

impl Contacts {
    /// Changes a contact, by awaiting what this returns. In `changes`, what is `None` stays and [`Nullable::Null`] clears;
    /// custom fields, the pipeline stage and the list are set on the builder.
    ///
    /// The API's own update (`updateLead`) takes custom fields, a stage and a list and drops them without a word. Here they go
    /// the ways that work: custom fields one by one by their ids (`upsertCustomFieldValue`), stage and list by a mass action
    /// on this one contact (`leadsMassAction`), which the API carries out in the background.
    ///
    /// So an update can take several requests, in this order: the fields, the custom fields, the stage, the list. Everything
    /// that can be checked is checked before the first of them. If one fails after others took effect, the error is
    /// [partial](Error::is_partial) and [says](Error::partly_done) what was done and what was not; repeating the whole update
    /// then does no harm. Dropping the future half-way leaves what was done.
    ///
    /// The answer is the contact as it is afterwards; a new stage or list may not show in it yet.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let contact = client.contacts().search().page().await?.data.remove(0).uuid.clone();
    /// # client.custom_fields().create("lead".into(), "buyer_persona").await?;
    /// # let stage = client.pipeline_stages().list("lead".into()).await?.remove(0).uuid;
    /// use grinfi::model::ContactUpdate;
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
    /// [`Error::is_invalid_input`] if nothing would change, for a LinkedIn name that is none, and for a custom field that
    /// contacts do not have; [`Error::is_not_found`] if there is no contact with this id; [`Error::is_partial`] as above.
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

    /// Moves a contact to a pipeline stage, by a mass action on it alone (`leadsMassAction`): the way that works, since an
    /// update drops the stage. The API does it in the background and takes ids that are not there without a word; what this
    /// returns can be waited on.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`] if the API refuses it; [`Error::is_unknown_outcome`] if the answer was lost.
    pub async fn move_to_stage(
        &self,
        uuid: impl Into<ContactId>,
        pipeline_stage_uuid: impl Into<PipelineStageId>,
    ) -> Result<super::ContactsJob> {
        let uuid = uuid.into();
        check_id("uuid", &uuid)?;
        self.bulk(Selection::ids([uuid])).change_pipeline_stage(pipeline_stage_uuid).await
    }

    /// Moves a contact to a list, by a mass action on it alone (`leadsMassAction`). The API does it in the background and
    /// takes ids that are not there without a word; what this returns can be waited on.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`] if the API refuses it; [`Error::is_unknown_outcome`] if the answer was lost.
    pub async fn move_to_list(
        &self,
        uuid: impl Into<ContactId>,
        list_uuid: impl Into<ListId>,
    ) -> Result<super::ContactsJob> {
        let uuid = uuid.into();
        check_id("uuid", &uuid)?;
        self.bulk(Selection::ids([uuid])).change_list(list_uuid).await
    }
}

/// Changes to a contact about to be made, by awaiting it.
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
    /// Sets a custom field by its name; can be called several times. The API keeps all values as texts.
    ///
    /// A name that contacts have no field for is refused. Names are looked up once and remembered for ten minutes, see
    /// [`CustomFields::forget_names`](crate::CustomFields::forget_names).
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
            check_id("uuid", &*uuid)?;
            check_names(changes)?;
            let fields = check::changes(changes).is_ok();
            if !fields && custom.is_empty() && stage.is_none() && list.is_none() {
                return Err(Error::input("changes", "there are none"));
            }
            if let Some(stage) = stage {
                check_id("pipeline_stage_uuid", stage)?;
            }
            if let Some(list) = list {
                check_id("list_uuid", list)?;
            }
            let values = custom.resolve(client, &ObjectKind::Lead).await?;

            let mut names: Vec<String> = fields.then(|| "the fields".to_owned()).into_iter().collect();
            names.extend(values.iter().map(|value| custom_values::step(&value.name)));
            names.extend(stage.is_some().then(|| "the pipeline stage".to_owned()));
            names.extend(list.is_some().then(|| "the list".to_owned()));
            let only_fields = names.len() == 1 && fields;
            names.push("reading the contact".to_owned());

            let mut steps = Steps::new(names);
            if fields {
                let call = client.call(client.raw().update_lead(uuid.as_str(), changes));
                let updated = steps.take(call).await?;
                if only_fields {
                    return Ok(updated);
                }
            }
            let subject = Subject::contact(uuid);
            custom_values::write_all(&mut steps, client, &subject, values).await?;
            let contacts = Contacts::new(client.clone());
            if let Some(stage) = stage.take() {
                steps.take(contacts.move_to_stage(&*uuid, stage)).await?;
            }
            if let Some(list) = list.take() {
                steps.take(contacts.move_to_list(&*uuid, list)).await?;
            }
            steps.take(contacts.get(&*uuid)).await
        })
    }
}

/// Brings the LinkedIn names into their one form, and looks at what the API would store as it is.
fn check_names(changes: &mut ContactUpdate) -> Result<()> {
    for (field, name) in
        [("linkedin", &mut changes.linkedin), ("ln_id", &mut changes.ln_id), ("sn_id", &mut changes.sn_id)]
    {
        own_name(field, name)?;
    }
    check::optional_email("email", changes.email.as_deref())
}

/// Brings a LinkedIn name that stands under `field` into its one form; blank is none.
pub(super) fn own_name(field: &str, name: &mut Option<Nullable<String>>) -> Result<()> {
    if let Some(Nullable::Value(name)) = name {
        *name = linkedin::own(field, name)?;
    }
    Ok(())
}
