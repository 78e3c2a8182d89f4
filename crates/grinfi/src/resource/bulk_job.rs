//! Waiting for mass actions.
//!
//! The API says no more of a mass action than that it was accepted: no id comes back, and nothing is described that tells
//! how far it is. What can be seen is its effect, in counts of the records that were selected and of those that already
//! are as they should be. Two counts a look.

use grinfi_raw::ids::{CompanyId, ContactId, ListId, PipelineStageId, TagId};

use super::{companies::Companies, contacts::Contacts, subject::Selection};
use crate::{
    client::Client,
    error::Result,
    filter::{self, Filter, Filterable},
    wait::{self, Look, Progress, Wait},
};

/// How one sees that a mass action is done.
#[derive(Debug, Clone)]
pub(super) enum Goal<R> {
    /// All selected records match each of these.
    Match(Vec<Filter<R>>),
    /// None matches.
    NoMatch(Filter<R>),
    /// None is there any more.
    Gone,
}

/// A mass action on contacts that the API accepted.
///
/// It need not be waited for: dropping this changes nothing.
#[derive(Debug, Clone)]
pub struct ContactsJob {
    client: Client,
    selection: Selection<ContactId>,
    goal: Goal<Contacts>,
}

/// A mass action on companies that the API accepted.
///
/// It need not be waited for: dropping this changes nothing.
#[derive(Debug, Clone)]
pub struct CompaniesJob {
    client: Client,
    selection: Selection<CompanyId>,
    goal: Goal<Companies>,
}

impl ContactsJob {
    pub(super) fn new(client: Client, selection: Selection<ContactId>, goal: Goal<Contacts>) -> Self {
        Self { client, selection, goal }
    }

    /// Waits until the effect is there: until each selected contact that exists (`countContacts`) is as the action makes it.
    ///
    /// What this cannot tell: that the API gave up on some of them; then the limit is reached. That somebody else did the
    /// same; then it counts as done. And with [`Selection::All`], contacts that come in meanwhile count too.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let contact = client.contacts().search().page().await?.data.remove(0).uuid.clone();
    /// # let list = client.lists().create("Autumn fair").await?.uuid;
    /// use grinfi::Wait;
    ///
    /// let job = client.contacts().move_to_list(&contact, &list).await?;
    /// let wait = Wait::new().on_progress(|progress| println!("{:?} of {:?}", progress.done, progress.total));
    /// match job.wait(&wait).await {
    ///     Ok(progress) => assert_eq!(progress.done, Some(1)),
    ///     Err(error) if error.is_still_running() => println!("{error}"), // wait again, or later
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_still_running`](crate::Error::is_still_running) at the limit; call this again to go on waiting. Otherwise
    /// what a count came to.
    pub async fn wait(&self, wait: &Wait) -> Result<Progress> {
        let contacts = Contacts::new(self.client.clone());
        let chosen = |ids: &[ContactId]| filter::contact::uuid().in_(ids.iter().cloned());
        let count = |filter| contacts.count(filter);
        let look = || look(&self.selection, &self.goal, chosen, count);
        wait::until(wait, "the mass action", look).await.map(|((), progress)| progress)
    }
}

impl CompaniesJob {
    pub(super) fn new(client: Client, selection: Selection<CompanyId>, goal: Goal<Companies>) -> Self {
        Self { client, selection, goal }
    }

    /// Waits until the effect is there: until each selected company that exists (`searchCompanies`) is as the action makes
    /// it. What that can and cannot tell is the same as for [contacts](ContactsJob::wait).
    ///
    /// # Errors
    ///
    /// As for [contacts](ContactsJob::wait).
    pub async fn wait(&self, wait: &Wait) -> Result<Progress> {
        let companies = Companies::new(self.client.clone());
        let chosen = |ids: &[CompanyId]| filter::company::uuid().in_(ids.iter().cloned());
        let count = |filter| companies.search().filter(filter).count();
        let look = || look(&self.selection, &self.goal, chosen, count);
        wait::until(wait, "the mass action", look).await.map(|((), progress)| progress)
    }
}

/// Counts what is selected, and what of it is done.
async fn look<I, R: Filterable, F: Future<Output = Result<u64>>>(
    selection: &Selection<I>,
    goal: &Goal<R>,
    chosen: impl Fn(&[I]) -> Filter<R>,
    count: impl Fn(Filter<R>) -> F,
) -> Result<Look<()>> {
    let of_selection = async |filter: Filter<R>| match selection {
        Selection::Ids(ids) => count(filter & chosen(ids)).await,
        Selection::All => count(filter).await,
        Selection::AllBut(ids) => {
            let left_out = count(filter.clone() & chosen(ids)).await?;
            Ok(count(filter).await?.saturating_sub(left_out))
        }
    };
    let there = of_selection(Filter::all()).await?;
    let (done, total) = match goal {
        Goal::Gone => {
            let asked = match selection {
                Selection::Ids(ids) => Some(ids.len() as u64),
                _ => None,
            };
            let done = asked.map(|asked| asked.saturating_sub(there));
            let look = Look::new((there == 0).then_some(()));
            return Ok(match done {
                Some(done) => look.count(done, asked),
                None => look,
            });
        }
        Goal::NoMatch(filter) => (there.saturating_sub(of_selection(filter.clone()).await?), there),
        Goal::Match(filters) => {
            let mut done = there;
            for filter in filters {
                done = done.min(of_selection(filter.clone()).await?);
            }
            (done, there)
        }
    };
    Ok(Look::new((done >= total).then_some(())).count(done, Some(total)))
}

impl Goal<Contacts> {
    pub(super) fn tagged(tags: impl IntoIterator<Item = TagId>) -> Self {
        Self::Match(tags.into_iter().map(|tag| filter::contact::tags().eq(tag)).collect())
    }

    pub(super) fn untagged(tag: TagId) -> Self {
        Self::NoMatch(filter::contact::tags().eq(tag))
    }

    pub(super) fn in_list(list: ListId) -> Self {
        Self::Match(vec![filter::contact::list_uuid().eq(list)])
    }

    pub(super) fn at_stage(stage: PipelineStageId) -> Self {
        Self::Match(vec![filter::contact::pipeline_stage_uuid().eq(stage)])
    }
}

impl Goal<Companies> {
    pub(super) fn tagged(tags: impl IntoIterator<Item = TagId>) -> Self {
        Self::Match(tags.into_iter().map(|tag| filter::company::tags().eq(tag)).collect())
    }

    pub(super) fn untagged(tag: TagId) -> Self {
        Self::NoMatch(filter::company::tags().eq(tag))
    }

    pub(super) fn at_stage(stage: PipelineStageId) -> Self {
        Self::Match(vec![filter::company::lead_status_uuid().eq(stage)])
    }
}
