//! What is planned: jobs by the moment at which they are due.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ops;
use crate::store::Store;

/// Something that is done later, on the sandbox's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub(crate) enum Job {
    /// A message on LinkedIn is on its way.
    TakeMessage { uuid: String },
    /// A message on LinkedIn has gone out.
    FinishMessage { uuid: String },
    /// A contact comes to a node of a flow.
    Step { place: String, node: i64 },
    /// A task is carried out.
    Task { uuid: String },
    /// A trigger has waited long enough.
    Expire { task: String },
    /// An export is written.
    Export { uuid: String },
    /// A contact or a company is enriched.
    Enrich { uuid: String },
}

impl Job {
    pub(crate) fn run(self, store: &mut Store) {
        match self {
            Job::TakeMessage { uuid } => ops::linkedin_messages::take(store, &uuid),
            Job::FinishMessage { uuid } => ops::linkedin_messages::finish(store, &uuid),
            Job::Step { place, node } => ops::engine::step(store, &place, node),
            Job::Task { uuid } => ops::engine::carry_out(store, &uuid),
            Job::Expire { task } => ops::engine::expire(store, &task),
            Job::Export { uuid } => ops::file_exports::write(store, &uuid),
            Job::Enrich { uuid } => ops::enrichment::finish(store, &uuid),
        }
    }
}

/// The jobs that are planned; of those due at one moment the one planned first comes first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Agenda {
    #[serde(with = "kept")]
    jobs: BTreeMap<(DateTime<Utc>, u64), Job>,
    planned: u64,
}

impl Agenda {
    pub(crate) fn add(&mut self, at: DateTime<Utc>, job: Job) {
        self.planned += 1;
        self.jobs.insert((at, self.planned), job);
    }

    /// When the first job is due.
    pub(crate) fn next(&self) -> Option<DateTime<Utc>> {
        self.jobs.first_key_value().map(|((at, _), _)| *at)
    }

    /// Takes the first job that is due by `now`.
    pub(crate) fn take_due(&mut self, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Job)> {
        let entry = self.jobs.first_entry()?;
        let at = entry.key().0;
        (at <= now).then(|| (at, entry.remove()))
    }
}

/// The jobs as a list: JSON has texts alone as keys.
mod kept {
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
    fn jobs_come_in_the_order_of_their_moments() {
        let at = |second: u32| format!("2026-02-03T12:00:{second:02}Z").parse::<DateTime<Utc>>().unwrap();
        let job = |uuid: &str| Job::Task { uuid: uuid.to_owned() };
        let mut agenda = Agenda::default();
        for (second, uuid) in [(3, "late"), (1, "first"), (1, "second")] {
            agenda.add(at(second), job(uuid));
        }
        let kept = serde_json::to_string(&agenda).unwrap();
        let mut agenda: Agenda = serde_json::from_str(&kept).unwrap();
        assert_eq!(agenda.take_due(at(0)), None);
        let taken: Vec<_> = std::iter::from_fn(|| agenda.take_due(at(2))).collect();
        assert_eq!(taken, [(at(1), job("first")), (at(1), job("second"))]);
        assert_eq!(agenda.take_due(at(3)), Some((at(3), job("late"))));
    }
}
