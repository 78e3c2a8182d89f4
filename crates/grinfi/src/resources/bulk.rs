//! Bulk actions: one action on many contacts or companies, which the API runs in the background.
//!
//! [`Contacts::bulk`](crate::contacts::Contacts::bulk) and [`Companies::bulk`](crate::companies::Companies::bulk) start one.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = grinfi_sandbox::Sandbox::start().await?;
//! # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
//! # let contacts = client.contacts().search().limit(2).page().await?.data;
//! use grinfi::{jobs::Wait, selection::Selection};
//!
//! let list = client.lists().create("Autumn fair").await?.uuid;
//! let selection = Selection::ids(contacts.iter().map(|contact| &contact.uuid));
//! let job = client.contacts().bulk(selection).change_list(&list).await?;
//! job.wait(&Wait::new()).await?;
//! # Ok(())
//! # }
//! ```

pub(crate) mod job;
pub(crate) mod operations;

use grinfi_raw::ids::{PipelineStageId, TagId};
use serde_json::{Map, Value, json};

pub use job::BulkJob;
pub(crate) use job::Goal;

use crate::{
    client::Client,
    error::{Error, Result},
    page::BoxFuture,
    resources::{bulk::operations::BulkOperations, selection::Selection, validate},
};

/// Contacts or companies to run one bulk action on (`leadsMassAction`, `companiesMassAction`).
///
/// The API runs the action in the background: a successful call means that it was accepted. Where the effect is visible, the
/// method returns a [`BulkJob`] to wait for.
///
/// # Errors
///
/// Every action fails with [`Error::is_invalid_input`] for an empty selection or an invalid id, [`Error::is_validation`] if the
/// API rejects it, and [`Error::is_unknown_outcome`] if the response was lost.
#[derive(Debug)]
#[must_use = "nothing is sent until one of the actions is called"]
pub struct Bulk<R: BulkOperations> {
    pub(crate) client: Client,
    pub(crate) selection: Selection<R::Id>,
    confirm_all: bool,
}

impl<R: BulkOperations> Clone for Bulk<R> {
    fn clone(&self) -> Self {
        let Self { client, selection, confirm_all } = self;
        Self { client: client.clone(), selection: selection.clone(), confirm_all: *confirm_all }
    }
}

/// Returns an id under its wire name, after checking it.
pub(crate) fn id_payload(field: &str, id: impl AsRef<str>) -> Result<Value> {
    validate::id(field, &id)?;
    Ok(json!({field: id.as_ref()}))
}

impl<R: BulkOperations> Bulk<R> {
    pub(crate) fn new(client: Client, selection: Selection<R::Id>) -> Self {
        Self { client, selection, confirm_all: false }
    }

    /// Sends an action. An error in the payload is returned before anything is sent.
    pub(crate) fn run(&self, action: R::Action, payload: Result<Value>) -> BoxFuture<Result<()>> {
        let (client, selection) = (self.client.clone(), self.selection.to_json());
        Box::pin(async move {
            let payload = match payload? {
                Value::Object(payload) => payload,
                _ => Map::new(),
            };
            R::bulk(&client, selection?, action, payload).await
        })
    }

    /// Sends an action whose effect is visible.
    pub(crate) fn start(
        &self,
        action: R::Action,
        payload: Result<Value>,
        goal: Goal<R>,
    ) -> BoxFuture<Result<BulkJob<R>>> {
        let job = BulkJob::new(self.client.clone(), self.selection.clone(), goal);
        let run = self.run(action, payload);
        Box::pin(async move { run.await.map(|()| job) })
    }

    /// Adds a tag.
    ///
    /// # Errors
    ///
    /// As all [actions](Bulk#errors).
    pub fn add_tag(&self, tag_uuid: impl Into<TagId>) -> BoxFuture<Result<BulkJob<R>>> {
        let tag = tag_uuid.into();
        let payload = validate::tag("tag_uuid", &tag).and_then(|()| id_payload("tag_uuid", &tag));
        self.start(R::ADD_TAGS, payload, Goal::tagged([tag]))
    }

    /// Removes a tag.
    ///
    /// # Errors
    ///
    /// As all [actions](Bulk#errors).
    pub fn remove_tag(&self, tag_uuid: impl Into<TagId>) -> BoxFuture<Result<BulkJob<R>>> {
        let tag = tag_uuid.into();
        let payload = validate::tag("tag_uuid", &tag).and_then(|()| id_payload("tag_uuid", &tag));
        self.start(R::REMOVE_TAGS, payload, Goal::untagged(tag))
    }

    /// Replaces all tags by these. Waiting checks that these were added, not that the others were removed.
    ///
    /// # Errors
    ///
    /// As all [actions](Bulk#errors).
    pub fn replace_tags(
        &self,
        tag_uuids: impl IntoIterator<Item = impl Into<TagId>>,
    ) -> BoxFuture<Result<BulkJob<R>>> {
        let tags = validate::tags("tag_uuids", tag_uuids);
        let goal = Goal::tagged(tags.iter().flatten().cloned());
        self.start(R::REPLACE_TAGS, tags.map(|tags| json!({"tag_uuids": tags})), goal)
    }

    /// Moves the records to a pipeline stage. For contacts this is the way that works: an update drops the stage without an
    /// error.
    ///
    /// # Errors
    ///
    /// As all [actions](Bulk#errors).
    pub fn change_pipeline_stage(
        &self,
        pipeline_stage_uuid: impl Into<PipelineStageId>,
    ) -> BoxFuture<Result<BulkJob<R>>> {
        let stage = pipeline_stage_uuid.into();
        self.start(R::CHANGE_PIPELINE_STAGE, id_payload("pipeline_stage_uuid", &stage), Goal::at_stage(stage))
    }

    /// Allows [`delete`](Self::delete) to delete every record of the team, or every one except a few.
    pub fn confirm_all(mut self) -> Self {
        self.confirm_all = true;
        self
    }

    /// Deletes the records.
    ///
    /// # Errors
    ///
    /// As all [actions](Bulk#errors); also [`Error::is_invalid_input`] for [`Selection::All`] and [`Selection::AllBut`] without
    /// [`confirm_all`](Self::confirm_all).
    pub fn delete(&self) -> BoxFuture<Result<BulkJob<R>>> {
        let payload = self.selection.to_json().and_then(|_| match self.selection {
            Selection::All | Selection::AllBut(_) if !self.confirm_all => Err(Error::input(
                "confirm_all",
                "must be set to delete every record of the team; or select records by their ids",
            )),
            _ => Ok(Value::Null),
        });
        self.start(R::DELETE, payload, Goal::Deleted)
    }
}
