//! Waiting for bulk actions.
//!
//! The API returns no id for a bulk action and describes no way to query its progress. Only its effect is visible: this
//! compares the number of selected records with the number of those that the action has reached.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicBool, Ordering},
};

use grinfi_raw::ids::{PipelineStageId, TagId};

use crate::{
    client::Client,
    error::Result,
    filter::Filter,
    page::BoxFuture,
    resources::{bulk::operations::BulkOperations, selection::Selection},
    wait::{self, Look, Progress, Wait},
};

/// Visible effect of a bulk action.
#[derive(Debug)]
pub(crate) enum Goal<R> {
    /// Every selected record matches each of these filters.
    Match(Vec<Filter<R>>),
    /// No selected record has this tag, that is, none matches the filter.
    Untagged(TagId, Filter<R>),
    /// No selected record exists.
    Deleted,
}

impl<R> Clone for Goal<R> {
    fn clone(&self) -> Self {
        match self {
            Self::Match(filters) => Self::Match(filters.clone()),
            Self::Untagged(tag, filter) => Self::Untagged(tag.clone(), filter.clone()),
            Self::Deleted => Self::Deleted,
        }
    }
}

impl<R: BulkOperations> Goal<R> {
    pub(crate) fn tagged(tags: impl IntoIterator<Item = TagId>) -> Self {
        Self::Match(tags.into_iter().map(R::with_tag).collect())
    }

    pub(crate) fn untagged(tag: TagId) -> Self {
        Self::Untagged(tag.clone(), R::with_tag(tag))
    }

    pub(crate) fn at_stage(stage: PipelineStageId) -> Self {
        Self::Match(vec![R::at_stage(stage)])
    }
}

/// A bulk action that the API accepted. Dropping it without waiting does not cancel the action.
#[derive(Debug)]
pub struct BulkJob<R: BulkOperations> {
    client: Client,
    selection: Selection<R::Id>,
    goal: Goal<R>,
}

impl<R: BulkOperations> Clone for BulkJob<R> {
    fn clone(&self) -> Self {
        let Self { client, selection, goal } = self;
        Self { client: client.clone(), selection: selection.clone(), goal: goal.clone() }
    }
}

impl<R: BulkOperations> BulkJob<R> {
    pub(crate) fn new(client: Client, selection: Selection<R::Id>, goal: Goal<R>) -> Self {
        Self { client, selection, goal }
    }

    /// Waits until the action has reached every selected record. Each check sends two counts (`countContacts`,
    /// `searchCompanies`).
    ///
    /// Counts may lag behind the records. Waiting therefore ends only when all selected ids are counted. If the very first
    /// count finds nothing left to do, the records themselves are read to confirm it (`getLead`, `getCompany`, at most 100
    /// records). An id without a record is waited for until the limit.
    ///
    /// This cannot detect that the API gave up on some records (waiting then ends at the limit), or that someone else made the
    /// same change (which counts as done). With [`Selection::All`], records that are added meanwhile count too.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let contact = client.contacts().search().page().await?.data.remove(0).uuid.clone();
    /// # let list = client.lists().create("Autumn fair").await?.uuid;
    /// use grinfi::jobs::Wait;
    ///
    /// let job = client.contacts().move_to_list(&contact, &list).await?;
    /// let wait = Wait::new().on_progress(|progress| println!("{:?} of {:?}", progress.done, progress.total));
    /// match job.wait(&wait).await {
    ///     Ok(progress) => assert_eq!(progress.done, Some(1)),
    ///     Err(error) if error.is_still_running() => println!("{error}"), // Wait again, or later.
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_still_running`](crate::Error::is_still_running) at the limit; call this again to continue waiting. Otherwise
    /// the error of a count.
    pub fn wait(&self, wait: &Wait) -> BoxFuture<Result<Progress>> {
        let (check, wait) =
            (Check { job: self.clone(), is_pending_seen: AtomicBool::new(false) }, wait.clone());
        Box::pin(async move {
            let look = || check.run();
            wait::until(&wait, "the bulk action", look).await.map(|((), progress)| progress)
        })
    }
}

/// Number of selected records that are read where counts alone are not conclusive.
const MAX_READS: usize = 100;

/// Checks how far a bulk action is.
struct Check<R: BulkOperations> {
    job: BulkJob<R>,
    /// Whether an earlier check counted records that the action had not reached yet.
    is_pending_seen: AtomicBool,
}

impl<R: BulkOperations> Check<R> {
    async fn run(&self) -> Result<Look<()>> {
        let selected = match &self.job.selection {
            Selection::Ids(ids) => {
                Some(ids.iter().map(AsRef::as_ref).collect::<HashSet<&str>>().len() as u64)
            }
            _ => None,
        };
        let found = self.count(Filter::all()).await?;
        let total = selected.unwrap_or(found);
        let (done, is_done) = match &self.job.goal {
            Goal::Match(filters) => {
                let mut done = found;
                for filter in filters {
                    done = done.min(self.count(filter.clone()).await?);
                }
                (done, total > 0 && done >= total)
            }
            Goal::Untagged(_, filter) => {
                let matching = self.count(filter.clone()).await?;
                let is_complete = total > 0 && found >= total;
                (found.saturating_sub(matching), is_complete && self.is_zero(matching).await?)
            }
            Goal::Deleted => {
                let is_done = self.is_zero(found).await?;
                let look = Look::new(is_done.then_some(()));
                return Ok(match selected {
                    Some(selected) => look.count(selected.saturating_sub(found), Some(selected)),
                    None => look,
                });
            }
        };
        Ok(Look::new(is_done.then_some(())).count(done, Some(total)))
    }

    /// Counts the selected records that match.
    async fn count(&self, filter: Filter<R>) -> Result<u64> {
        let client = &self.job.client;
        match &self.job.selection {
            Selection::Ids(ids) => R::count(client, filter & R::with_ids(ids)).await,
            Selection::All => R::count(client, filter).await,
            Selection::AllBut(ids) => {
                let excluded = R::count(client, filter.clone() & R::with_ids(ids)).await?;
                Ok(R::count(client, filter).await?.saturating_sub(excluded))
            }
        }
    }

    /// Returns whether no record is left for the action. A count of zero is trusted only if an earlier one was higher, or if the
    /// records themselves confirm it: counts may lag behind a record that was just created.
    async fn is_zero(&self, count: u64) -> Result<bool> {
        if count > 0 {
            self.is_pending_seen.store(true, Ordering::Relaxed);
            return Ok(false);
        }
        let Selection::Ids(ids) = &self.job.selection else { return Ok(true) };
        if self.is_pending_seen.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let step = ids.len().div_ceil(MAX_READS).max(1);
        for id in ids.iter().step_by(step) {
            if self.is_pending(id).await? {
                return Ok(false);
            }
        }
        self.is_pending_seen.store(true, Ordering::Relaxed);
        Ok(true)
    }

    /// Returns whether the action has yet to reach a record: whether it still has the tag, or still exists.
    async fn is_pending(&self, id: &R::Id) -> Result<bool> {
        match R::tags(&self.job.client, id).await {
            Ok(tags) => Ok(match &self.job.goal {
                Goal::Untagged(tag, _) => tags.contains(tag),
                _ => true,
            }),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }
}
