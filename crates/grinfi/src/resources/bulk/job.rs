//! Waiting for mass actions.
//!
//! The API says no more of a mass action than that it was accepted: no id comes back, and nothing is described that tells
//! how far it is. What can be seen is its effect, in counts of the records that were selected and of those that already
//! are as they should be. Two counts a look.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicBool, Ordering},
};

use grinfi_raw::ids::{CompanyId, ContactId, ListId, PipelineStageId, TagId};

use crate::{
    client::Client,
    error::Result,
    filter::{self, Filter, Filterable},
    resources::{companies::Companies, contacts::Contacts, selection::Selection},
    wait::{self, Look, Progress, Wait},
};

/// How one sees that a mass action is done.
#[derive(Debug, Clone)]
pub(crate) enum Goal<R> {
    /// All selected records match each of these.
    Match(Vec<Filter<R>>),
    /// None has this tag, which is what the filter matches.
    Untagged(TagId, Filter<R>),
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
    pub(crate) fn new(client: Client, selection: Selection<ContactId>, goal: Goal<Contacts>) -> Self {
        Self { client, selection, goal }
    }

    /// Waits until the effect is there: until each selected contact is as the action makes it, by two counts for each look
    /// (`countContacts`).
    ///
    /// A count that lags behind never ends the waiting: all ids must be counted, and where none is left to count at the first
    /// look, the contacts themselves are read (`getLead`, at most 100 of them). So an id that there is no contact for is
    /// waited for until the limit.
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
    /// use grinfi::jobs::Wait;
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
        let contacts = &Contacts::new(self.client.clone());
        let chosen = |ids: &[ContactId]| filter::contact::uuid().in_(ids.iter().cloned());
        let count = |filter| contacts.count(filter);
        let left = |id: &ContactId| {
            let id = id.clone();
            async move { is_left(contacts.get(id).await, self.goal.tag(), |contact| &contact.tags) }
        };
        let looking = Looking::new(&self.selection, &self.goal);
        let look = || looking.look(chosen, count, left);
        wait::until(wait, "the mass action", look).await.map(|((), progress)| progress)
    }
}

impl CompaniesJob {
    pub(crate) fn new(client: Client, selection: Selection<CompanyId>, goal: Goal<Companies>) -> Self {
        Self { client, selection, goal }
    }

    /// Waits until the effect is there: until each selected company that exists (`searchCompanies`) is as the action makes
    /// it. What that can and cannot tell is the same as for [contacts](ContactsJob::wait).
    ///
    /// # Errors
    ///
    /// As for [contacts](ContactsJob::wait).
    pub async fn wait(&self, wait: &Wait) -> Result<Progress> {
        let companies = &Companies::new(self.client.clone());
        let chosen = |ids: &[CompanyId]| filter::company::uuid().in_(ids.iter().cloned());
        let count = |filter| companies.search().filter(filter).count();
        let left = |id: &CompanyId| {
            let id = id.clone();
            async move { is_left(companies.get(id).await, self.goal.tag(), |company| &company.tags) }
        };
        let looking = Looking::new(&self.selection, &self.goal);
        let look = || looking.look(chosen, count, left);
        wait::until(wait, "the mass action", look).await.map(|((), progress)| progress)
    }
}

/// How many of the selected records are read one by one where counts alone prove nothing.
const READ: usize = 100;

/// Looks at a mass action: counts what is selected, and what of it is done.
///
/// Counts can lag behind the records, so that none of a record that was just made means nothing. An action is done when all
/// selected ids are counted. Where the count that ends the waiting is zero, it must have been more at an earlier look, or the
/// records themselves must show that it is true.
struct Looking<'a, I, R> {
    selection: &'a Selection<I>,
    goal: &'a Goal<R>,
    /// Whether an earlier look counted records that the action had yet to reach.
    seen: AtomicBool,
}

impl<'a, I: AsRef<str>, R: Filterable> Looking<'a, I, R> {
    fn new(selection: &'a Selection<I>, goal: &'a Goal<R>) -> Self {
        Self { selection, goal, seen: AtomicBool::new(false) }
    }

    /// Counts once. `left` says of one record whether the action has yet to reach it.
    async fn look<F, G>(
        &self,
        chosen: impl Fn(&[I]) -> Filter<R>,
        count: impl Fn(Filter<R>) -> F,
        left: impl Fn(&I) -> G,
    ) -> Result<Look<()>>
    where
        F: Future<Output = Result<u64>>,
        G: Future<Output = Result<bool>>,
    {
        let of_selection = async |filter: Filter<R>| match self.selection {
            Selection::Ids(ids) => count(filter & chosen(ids)).await,
            Selection::All => count(filter).await,
            Selection::AllBut(ids) => {
                let left_out = count(filter.clone() & chosen(ids)).await?;
                Ok(count(filter).await?.saturating_sub(left_out))
            }
        };
        let asked = match self.selection {
            Selection::Ids(ids) => {
                Some(ids.iter().map(AsRef::as_ref).collect::<HashSet<&str>>().len() as u64)
            }
            _ => None,
        };
        let there = of_selection(Filter::all()).await?;
        let total = asked.unwrap_or(there);
        let (done, is_done) = match self.goal {
            Goal::Match(filters) => {
                let mut done = there;
                for filter in filters {
                    done = done.min(of_selection(filter.clone()).await?);
                }
                (done, total > 0 && done >= total)
            }
            Goal::Untagged(_, filter) => {
                let matching = of_selection(filter.clone()).await?;
                let is_reached = total > 0 && there >= total;
                (there.saturating_sub(matching), is_reached && self.is_none(matching, &left).await?)
            }
            Goal::Gone => {
                let is_done = self.is_none(there, &left).await?;
                let look = Look::new(is_done.then_some(()));
                return Ok(match asked {
                    Some(asked) => look.count(asked.saturating_sub(there), Some(asked)),
                    None => look,
                });
            }
        };
        Ok(Look::new(is_done.then_some(())).count(done, Some(total)))
    }

    /// Whether the action has reached all records, if a count says so.
    async fn is_none<G: Future<Output = Result<bool>>>(
        &self,
        count: u64,
        left: &impl Fn(&I) -> G,
    ) -> Result<bool> {
        if count > 0 {
            self.seen.store(true, Ordering::Relaxed);
            return Ok(false);
        }
        let Selection::Ids(ids) = self.selection else { return Ok(true) };
        if self.seen.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let step = ids.len().div_ceil(READ).max(1);
        for id in ids.iter().step_by(step) {
            if left(id).await? {
                return Ok(false);
            }
        }
        self.seen.store(true, Ordering::Relaxed);
        Ok(true)
    }
}

/// Whether a record has a tag, or is there at all if no tag is named.
fn is_left<T>(
    found: Result<T>,
    tag: Option<&TagId>,
    tags: impl Fn(&T) -> &Option<Vec<TagId>>,
) -> Result<bool> {
    match found {
        Ok(record) => Ok(tag.is_none_or(|tag| tags(&record).iter().flatten().any(|has| has == tag))),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(error),
    }
}

impl<R> Goal<R> {
    /// The tag that the action takes away.
    fn tag(&self) -> Option<&TagId> {
        match self {
            Self::Untagged(tag, _) => Some(tag),
            _ => None,
        }
    }
}

impl Goal<Contacts> {
    pub(crate) fn tagged(tags: impl IntoIterator<Item = TagId>) -> Self {
        Self::Match(tags.into_iter().map(|tag| filter::contact::tags().eq(tag)).collect())
    }

    pub(crate) fn untagged(tag: TagId) -> Self {
        Self::Untagged(tag.clone(), filter::contact::tags().eq(tag))
    }

    pub(crate) fn in_list(list: ListId) -> Self {
        Self::Match(vec![filter::contact::list_uuid().eq(list)])
    }

    pub(crate) fn at_stage(stage: PipelineStageId) -> Self {
        Self::Match(vec![filter::contact::pipeline_stage_uuid().eq(stage)])
    }
}

impl Goal<Companies> {
    pub(crate) fn tagged(tags: impl IntoIterator<Item = TagId>) -> Self {
        Self::Match(tags.into_iter().map(|tag| filter::company::tags().eq(tag)).collect())
    }

    pub(crate) fn untagged(tag: TagId) -> Self {
        Self::Untagged(tag.clone(), filter::company::tags().eq(tag))
    }

    pub(crate) fn at_stage(stage: PipelineStageId) -> Self {
        Self::Match(vec![filter::company::lead_status_uuid().eq(stage)])
    }
}
