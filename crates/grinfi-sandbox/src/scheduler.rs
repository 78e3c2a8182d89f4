//! Runs due jobs through their handlers.

use crate::jobs::Job;
use crate::operations::{engine, enrichment, file_exports, linkedin_messages};
use crate::store::Store;

/// Most jobs that one call of [`run_due`] runs; the rest runs with the next call.
const MAX_JOBS: usize = 100_000;

/// Runs every job that is due by the store's clock, each as of its due time.
///
/// The store must be read and changed only after this, so that the result does not depend on when it is read.
pub(crate) fn run_due(store: &mut Store) {
    let now = store.clock.now();
    for _ in 0..MAX_JOBS {
        let Some((at, job)) = store.jobs.pop_due(now) else { break };
        store.as_of(at, |store| run(store, job));
    }
}

/// Runs `work` between the jobs that are due before it and those that it makes due.
pub(crate) fn with_due_jobs<T>(store: &mut Store, work: impl FnOnce(&mut Store) -> T) -> T {
    run_due(store);
    let result = work(store);
    run_due(store);
    result
}

fn run(store: &mut Store, job: Job) {
    match job {
        Job::StartMessage { uuid } => linkedin_messages::start_sending(store, &uuid),
        Job::FinishMessage { uuid } => linkedin_messages::finish_sending(store, &uuid),
        Job::EnterNode { enrollment, node } => engine::enter_node(store, &enrollment, node),
        Job::RunTask { uuid } => engine::run_task(store, &uuid),
        Job::ExpireTrigger { task } => engine::expire_trigger(store, &task),
        Job::WriteExport { uuid } => file_exports::write(store, &uuid),
        Job::FinishEnrichment { uuid } => enrichment::finish(store, &uuid),
    }
}
