//! What differs between bulk actions on contacts and on companies.

use grinfi_raw::ids::{PipelineStageId, TagId};
use serde_json::{Map, Value};

use crate::{
    client::Client,
    error::Result,
    filter::{Filter, Filterable},
    page::BoxFuture,
};

/// Operations and filters of the records of a bulk action. Implemented by `Contacts` and `Companies`.
pub trait BulkOperations: Filterable + Sized + Send + Sync + 'static {
    /// The type of the ids.
    type Id: AsRef<str> + Clone + std::fmt::Debug + Send + Sync + 'static;
    /// The type of the actions, as the API names them.
    type Action: Send + 'static;

    #[doc(hidden)]
    const ADD_TAGS: Self::Action;
    #[doc(hidden)]
    const REMOVE_TAGS: Self::Action;
    #[doc(hidden)]
    const REPLACE_TAGS: Self::Action;
    #[doc(hidden)]
    const CHANGE_PIPELINE_STAGE: Self::Action;
    #[doc(hidden)]
    const DELETE: Self::Action;

    /// Sends an action.
    #[doc(hidden)]
    fn bulk(
        client: &Client,
        selection: Map<String, Value>,
        action: Self::Action,
        payload: Map<String, Value>,
    ) -> BoxFuture<Result<()>>;

    /// Counts the records that match a filter.
    #[doc(hidden)]
    fn count(client: &Client, filter: Filter<Self>) -> BoxFuture<Result<u64>>;

    /// Reads the tags of a record.
    #[doc(hidden)]
    fn tags(client: &Client, id: &Self::Id) -> BoxFuture<Result<Vec<TagId>>>;

    #[doc(hidden)]
    fn with_ids(ids: &[Self::Id]) -> Filter<Self>;
    #[doc(hidden)]
    fn with_tag(tag: TagId) -> Filter<Self>;
    #[doc(hidden)]
    fn at_stage(stage: PipelineStageId) -> Filter<Self>;
}
