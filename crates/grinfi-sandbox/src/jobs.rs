//! Jobs that are due later on the tenant's clock, as data.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Work that is due at a later time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub(crate) enum Job {
    /// Start sending a LinkedIn message: `new` becomes `in_progress`.
    StartMessage { uuid: String },
    /// Finish sending a LinkedIn message: `in_progress` becomes `done`.
    FinishMessage { uuid: String },
    /// Move an enrolled contact to a node of its automation.
    EnterNode { enrollment: String, node: i64 },
    /// Run a task.
    RunTask { uuid: String },
    /// End the wait of a trigger.
    ExpireTrigger { task: String },
    /// Write the file of an export.
    WriteExport { uuid: String },
    /// Finish an enrichment.
    FinishEnrichment { uuid: String },
}

/// Jobs by due time; jobs with the same due time keep the order in which they were added.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct JobQueue {
    #[serde(with = "as_list")]
    jobs: BTreeMap<(DateTime<Utc>, u64), Job>,
    added: u64,
}

impl JobQueue {
    pub(crate) fn add(&mut self, at: DateTime<Utc>, job: Job) {
        self.added += 1;
        self.jobs.insert((at, self.added), job);
    }

    /// Returns when the next job is due.
    pub(crate) fn next_due(&self) -> Option<DateTime<Utc>> {
        self.jobs.first_key_value().map(|((at, _), _)| *at)
    }

    /// Removes and returns the first job that is due by `now`, with its due time.
    pub(crate) fn pop_due(&mut self, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Job)> {
        let entry = self.jobs.first_entry()?;
        let at = entry.key().0;
        (at <= now).then(|| (at, entry.remove()))
    }
}

/// Serializes the map as a list of pairs, since JSON keys must be strings.
mod as_list {
    use super::{BTreeMap, DateTime, Deserialize, Job, Serialize, Utc};

    type Jobs = BTreeMap<(DateTime<Utc>, u64), Job>;

    pub(super) fn serialize<S: serde::Serializer>(jobs: &Jobs, to: S) -> Result<S::Ok, S::Error> {
        jobs.iter().collect::<Vec<_>>().serialize(to)
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Jobs, D::Error> {
        Ok(Vec::deserialize(from)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pops_jobs_in_order_of_due_time() {
        let at = |second: u32| format!("2026-02-03T12:00:{second:02}Z").parse::<DateTime<Utc>>().unwrap();
        let job = |uuid: &str| Job::RunTask { uuid: uuid.to_owned() };
        let mut queue = JobQueue::default();
        for (second, uuid) in [(3, "late"), (1, "first"), (1, "second")] {
            queue.add(at(second), job(uuid));
        }
        let json = serde_json::to_string(&queue).unwrap();
        let mut queue: JobQueue = serde_json::from_str(&json).unwrap();
        assert_eq!(queue.pop_due(at(0)), None);
        let due: Vec<_> = std::iter::from_fn(|| queue.pop_due(at(2))).collect();
        assert_eq!(due, [(at(1), job("first")), (at(1), job("second"))]);
        assert_eq!(queue.pop_due(at(3)), Some((at(3), job("late"))));
    }
}
