//! Changes to a company, including custom fields and the pipeline stage.

use std::future::IntoFuture;

use grinfi_raw::{
    enums::ObjectKind,
    ids::{CompanyId, PipelineStageId},
};
use serde_json::Value;

use crate::{
    client::Client,
    error::{Error, Result, Step},
    linkedin,
    models::{Company, CompanyUpdate},
    page::BoxFuture,
    resources::{
        companies::{Companies, CompaniesJob},
        custom_fields::{
            values::CustomValues,
            writes::{self, FieldsOf, Write},
        },
        multi_step::Steps,
        selection::Selection,
        validate,
    },
};

impl Companies {
    /// Changes a company. Returns a builder; await it to send the requests. In `changes`, fields that are `None` stay
    /// unchanged; custom fields and the pipeline stage are set on the builder.
    ///
    /// The API's own update (`updateCompany`) accepts no custom fields. Here they are set by their ids
    /// (`upsertCustomFieldValue`), and the stage by a bulk action on this company (`companiesMassAction`), as for
    /// contacts.
    ///
    /// # Requests
    ///
    /// In this order: one for the fields; one for each custom field; one for the stage; and one to read the company,
    /// unless only fields were changed. Looking up the names of custom fields takes two more, at most once in ten
    /// minutes.
    ///
    /// Everything is validated before the first request. If one fails after others took effect, the error is
    /// [partial](Error::is_partial), and its [steps](Error::partial_failure) contain what was done; repeating the whole
    /// update is safe. Dropping the future keeps what was done.
    ///
    /// Returns the company after the change. A new stage may not be visible in it yet.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] if no changes are given, for an invalid LinkedIn name, and for an unknown custom
    /// field; [`Error::is_not_found`] if there is no company with this id; [`Error::is_partial`] as above.
    pub fn update(&self, uuid: impl Into<CompanyId>, changes: &CompanyUpdate) -> UpdateCompany {
        UpdateCompany {
            client: self.client.clone(),
            uuid: uuid.into(),
            changes: changes.clone(),
            custom: CustomValues::default(),
            stage: None,
        }
    }

    /// Moves a company to a pipeline stage with a bulk action on this company (`companiesMassAction`). The job can be
    /// waited for.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`] if the API rejects it; [`Error::is_unknown_outcome`] if the response was lost.
    pub fn move_to_stage(
        &self,
        uuid: impl Into<CompanyId>,
        pipeline_stage_uuid: impl Into<PipelineStageId>,
    ) -> BoxFuture<Result<CompaniesJob>> {
        let uuid = uuid.into();
        let is_valid = validate::id("uuid", &uuid);
        let run = self.bulk(Selection::ids([uuid])).change_pipeline_stage(pipeline_stage_uuid);
        Box::pin(async move {
            is_valid?;
            run.await
        })
    }
}

/// Builder for changes to a company. Await it to send it.
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
            validate::id("uuid", &*uuid)?;
            validate::optional_text("name", changes.name.as_deref())?;
            if let Some(name) = &mut changes.linkedin {
                *name = linkedin::normalize_company_field("linkedin", name)?;
            }
            let fields = validate::changes(changes).is_ok();
            if !fields && custom.is_empty() && stage.is_none() {
                return Err(Error::input("changes", "no changes given"));
            }
            if let Some(stage) = stage {
                validate::id("pipeline_stage_uuid", stage)?;
            }
            let values = custom.resolve(client, &ObjectKind::Company).await?;
            // No response contains the custom fields of a company, so there is nothing to compare with.
            let wanted = FieldsOf { uuid: uuid.to_string(), linkedin_id: None, shown: None, values };
            let writes = writes::plan(&ObjectKind::Company, None, vec![wanted]);

            let step = |name: &str| Step::new(name, [uuid.as_str()]);
            let mut names: Vec<Step> = fields.then(|| step("update the fields")).into_iter().collect();
            names.extend(writes.iter().map(Write::step));
            names.extend(stage.is_some().then(|| step("change the pipeline stage")));
            let only_fields = names.len() == 1 && fields;
            names.push(step("read the company"));

            let mut steps = Steps::new(Vec::new(), names);
            if fields {
                let call = client.call(client.raw().update_company(uuid.as_str(), changes));
                let updated = steps.take(call).await?;
                if only_fields {
                    return Ok(updated.into());
                }
            }
            writes::run(client, &ObjectKind::Company, &mut steps, writes).await?;
            let companies = Companies::new(client.clone());
            if let Some(stage) = stage.take() {
                steps.take(companies.move_to_stage(&*uuid, stage)).await?;
            }
            steps.take(companies.get(&*uuid)).await
        })
    }
}
