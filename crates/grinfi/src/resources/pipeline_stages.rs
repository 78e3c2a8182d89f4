//! Stages of the pipelines of contacts and companies.

use std::future::IntoFuture;

use grinfi_raw::{
    enums::{ObjectKind, PipelineStageCategory},
    ids::PipelineStageId,
    types::CreatePipelineStageBody,
};
use serde_json::json;

use crate::{
    call::Call,
    client::Client,
    error::Result,
    models::{PipelineStage, PipelineStageUpdate},
    page::BoxFuture,
    resources::{macros::handle, validate},
    search::Unpaged,
};

handle! {
    /// Stages of the pipelines. Contacts and companies have one pipeline each.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// use grinfi::models::enums::ObjectKind;
    ///
    /// for stage in client.pipeline_stages().list(ObjectKind::Contact).await? {
    ///     println!("{} {:?} {:?}", stage.uuid, stage.category, stage.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    PipelineStages
}

impl Client {
    /// Stages of the pipelines of contacts and companies.
    #[must_use]
    pub fn pipeline_stages(&self) -> PipelineStages {
        PipelineStages::new(self.clone())
    }
}

impl PipelineStages {
    /// Lists the stages of one pipeline (`listPipelineStages`): that of contacts, [`ObjectKind::Contact`](grinfi_raw::enums::ObjectKind::Contact), or that of companies.
    ///
    /// The API requires the pipeline as a JSON text in `filter`, and supports no pages, order or further filter.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for an object that the API does not know, such as
    /// `contact`.
    pub fn list(&self, object: ObjectKind) -> Unpaged<PipelineStage> {
        let filter = json!({"object": object.as_str()}).to_string();
        let request =
            validate::object(&object).and_then(|()| self.client.operation("listPipelineStages", &[]));
        Unpaged::new(&self.client, request.map(|request| request.query("filter", &filter)), move |client| {
            let filter = filter.clone();
            Box::pin(async move { client.call(client.raw().list_pipeline_stages(&filter)).await })
        })
    }

    /// Creates a stage in one of the pipelines (`createPipelineStage`). Returns a builder; await it to send the
    /// request.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
    pub fn create(
        &self,
        object: ObjectKind,
        category: PipelineStageCategory,
        name: impl Into<String>,
    ) -> CreatePipelineStage {
        let body = CreatePipelineStageBody::new(category, name, object);
        CreatePipelineStage { client: self.client.clone(), body }
    }

    /// Changes a stage (`updatePipelineStage`). Fields that are `None` stay unchanged; a stage cannot move to the other
    /// pipeline.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if no changes are given;
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn update(
        &self,
        uuid: impl Into<PipelineStageId>,
        changes: &PipelineStageUpdate,
    ) -> Call<PipelineStage> {
        self.client.try_call(|| {
            let uuid = uuid.into();
            validate::changes(changes)?;
            validate::optional_text("name", changes.name.as_deref())?;
            Ok(self.client.raw().update_pipeline_stage(uuid.as_str(), changes))
        })
    }

    /// Deletes a stage (`deletePipelineStage`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn delete(&self, uuid: impl Into<PipelineStageId>) -> Call<()> {
        self.client.call(self.client.raw().delete_pipeline_stage(uuid.into().as_str()))
    }
}

/// Builder for a new stage. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreatePipelineStage {
    client: Client,
    body: CreatePipelineStageBody,
}

impl CreatePipelineStage {
    /// Sets the position within the pipeline.
    pub fn order(mut self, order: i64) -> Self {
        self.body.order = Some(order);
        self
    }
}

impl IntoFuture for CreatePipelineStage {
    type Output = Result<PipelineStage>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::object(&self.body.object)?;
            validate::text("name", &self.body.name)?;
            self.client.call(self.client.raw().create_pipeline_stage(&self.body)).await
        })
    }
}
