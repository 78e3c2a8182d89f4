//! Changing a company, custom fields and the pipeline stage included.

use std::future::IntoFuture;

use grinfi_raw::{
    enums::ObjectKind,
    ids::{CompanyId, PipelineStageId},
};
use serde_json::Value;

use super::{
    CompaniesJob, check, check_id,
    companies::Companies,
    custom_values::{self, CustomValues},
    steps::Steps,
    subject::{Selection, Subject},
};
use crate::{
    client::Client,
    error::{Error, Result},
    linkedin,
    model::{Company, CompanyUpdate},
    page::BoxFuture,
};

impl Companies {
    /// Changes a company, by awaiting what this returns. In `changes`, what is `None` stays; custom fields and the pipeline
    /// stage are set on the builder.
    ///
    /// The API's own update (`updateCompany`) takes no custom fields. Here they go one by one by their ids
    /// (`upsertCustomFieldValue`), and the stage goes by a mass action on this one company (`companiesMassAction`), the way
    /// that works for contacts.
    ///
    /// So an update can take several requests, in this order: the fields, the custom fields, the stage. Everything that can be
    /// checked is checked before the first of them. If one fails after others took effect, the error is
    /// [partial](Error::is_partial) and [says](Error::partly_done) what was done and what was not; repeating the whole update
    /// then does no harm. Dropping the future half-way leaves what was done.
    ///
    /// The answer is the company as it is afterwards; a new stage may not show in it yet.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] if nothing would change, for a LinkedIn name that is none, and for a custom field that
    /// companies do not have; [`Error::is_not_found`] if there is no company with this id; [`Error::is_partial`] as above.
    pub fn update(&self, uuid: impl Into<CompanyId>, changes: &CompanyUpdate) -> UpdateCompany {
        UpdateCompany {
            client: self.client.clone(),
            uuid: uuid.into(),
            changes: changes.clone(),
            custom: CustomValues::default(),
            stage: None,
        }
    }

    /// Moves a company to a pipeline stage, by a mass action on it alone (`companiesMassAction`). What this returns can be
    /// waited on.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`] if the API refuses it; [`Error::is_unknown_outcome`] if the answer was lost.
    pub async fn move_to_stage(
        &self,
        uuid: impl Into<CompanyId>,
        pipeline_stage_uuid: impl Into<PipelineStageId>,
    ) -> Result<CompaniesJob> {
        let uuid = uuid.into();
        check_id("uuid", &uuid)?;
        self.bulk(Selection::ids([uuid])).change_pipeline_stage(pipeline_stage_uuid).await
    }
}

/// Changes to a company about to be made, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct UpdateCompany {
    client: Client,
    uuid: CompanyId,
    changes: CompanyUpdate,
    custom: CustomValues,
    stage: Option<PipelineStageId>,
}

impl UpdateCompany {
    /// Sets a custom field by its name; can be called several times. The API keeps all values as texts.
    ///
    /// A name that companies have no field for is refused. Names are looked up once and remembered for ten minutes, see
    /// [`CustomFields::forget_names`](crate::CustomFields::forget_names).
    pub fn custom_field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.custom.set(name, value);
        self
    }

    /// Clears a custom field by its name.
    pub fn clear_custom_field(self, name: impl Into<String>) -> Self {
        self.custom_field(name, Value::Null)
    }

    /// Moves the company to a pipeline stage.
    pub fn pipeline_stage(mut self, pipeline_stage_uuid: impl Into<PipelineStageId>) -> Self {
        self.stage = Some(pipeline_stage_uuid.into());
        self
    }
}

impl IntoFuture for UpdateCompany {
    type Output = Result<Company>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { client, uuid, changes, custom, stage } = &mut self;
            check_id("uuid", &*uuid)?;
            check::optional_text("name", changes.name.as_deref())?;
            if let Some(name) = &mut changes.linkedin {
                *name = linkedin::own_company("linkedin", name)?;
            }
            let fields = check::changes(changes).is_ok();
            if !fields && custom.is_empty() && stage.is_none() {
                return Err(Error::input("changes", "there are none"));
            }
            if let Some(stage) = stage {
                check_id("pipeline_stage_uuid", stage)?;
            }
            let values = custom.resolve(client, &ObjectKind::Company).await?;

            let mut names: Vec<String> = fields.then(|| "the fields".to_owned()).into_iter().collect();
            names.extend(values.iter().map(|value| custom_values::step(&value.name)));
            names.extend(stage.is_some().then(|| "the pipeline stage".to_owned()));
            let only_fields = names.len() == 1 && fields;
            names.push("reading the company".to_owned());

            let mut steps = Steps::new(names);
            if fields {
                let call = client.call(client.raw().update_company(uuid.as_str(), changes));
                let updated = steps.take(call).await?;
                if only_fields {
                    return Ok(updated.into());
                }
            }
            let subject = Subject::company(uuid);
            custom_values::write_all(&mut steps, client, &subject, values).await?;
            let companies = Companies::new(client.clone());
            if let Some(stage) = stage.take() {
                steps.take(companies.move_to_stage(&*uuid, stage)).await?;
            }
            steps.take(companies.get(&*uuid)).await
        })
    }
}
