//! A change between two descriptions, and the list of changes.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::rules::{ChangeKind, Direction, Verdict};

/// The part of a description that a location belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    /// The whole description.
    Document,
    /// An operation, by its `operationId`, or `GET /path` without one.
    Operation(String),
    /// A component schema.
    Schema(String),
    /// A parameter, request body or response that operations share, with its section of the components.
    Shared(&'static str, String),
}

impl Owner {
    /// The reference to it, if it is a component.
    pub fn reference(&self) -> Option<String> {
        match self {
            Self::Document | Self::Operation(_) => None,
            Self::Schema(name) => Some(format!("#/components/schemas/{name}")),
            Self::Shared(section, name) => Some(format!("#/components/{section}/{name}")),
        }
    }
}

/// The location of a change.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Location {
    /// The part of the description.
    pub owner: Owner,
    /// The path within the owner: `query parameter limit`, `request body .filter`, `.tags[]`; empty for the owner itself.
    pub path: String,
}

impl Location {
    /// The owner itself.
    pub fn of(owner: Owner) -> Self {
        Self { owner, path: String::new() }
    }

    /// A location one step below this one.
    pub fn at(&self, step: &str) -> Self {
        Self { owner: self.owner.clone(), path: format!("{}{step}", self.path) }
    }

    /// Another part of the same owner.
    pub fn part(&self, part: impl Into<String>) -> Self {
        Self { owner: self.owner.clone(), path: part.into() }
    }
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.owner {
            Owner::Document => f.write_str("the description")?,
            Owner::Operation(id) => f.write_str(id)?,
            Owner::Schema(name) => write!(f, "schema {name}")?,
            Owner::Shared(section, name) => write!(f, "{} {name}", shared(section))?,
        }
        if !self.path.is_empty() {
            write!(f, ", {}", self.path)?;
        }
        Ok(())
    }
}

/// The singular name of a section of the components.
pub fn shared(section: &str) -> &'static str {
    match section {
        "parameters" => "shared parameter",
        "requestBodies" => "shared request body",
        _ => "shared response",
    }
}

/// The effect of a change in one direction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// The direction.
    pub direction: Direction,
    /// The verdict.
    pub verdict: Verdict,
    /// The reason.
    pub reason: &'static str,
    /// For a component schema: the operations that use it in this direction.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub operations: BTreeSet<String>,
}

/// A change.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// The worst verdict.
    pub verdict: Verdict,
    /// The kind.
    pub kind: ChangeKind,
    /// The location.
    pub place: Location,
    /// The old value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// The new value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// The effect in each direction in which it is sent.
    pub judged: Vec<Judged>,
}

/// Collects changes. A change that is found once for each direction becomes one entry.
#[derive(Debug, Default)]
pub struct Changes {
    list: Vec<Change>,
    known: HashMap<(ChangeKind, Location, Option<String>, Option<String>), usize>,
}

impl Changes {
    /// Adds a change in a direction.
    pub fn note(
        &mut self,
        direction: Direction,
        kind: ChangeKind,
        place: &Location,
        old: Option<String>,
        new: Option<String>,
    ) {
        let (verdict, reason) = kind.judge(direction);
        let judged = Judged { direction, verdict, reason, operations: BTreeSet::new() };
        let place = &place.part(place.path.trim_end());
        let key = (kind, place.clone(), old.clone(), new.clone());
        match self.known.get(&key) {
            Some(index) => {
                let change = &mut self.list[*index];
                if !change.judged.contains(&judged) {
                    change.judged.push(judged);
                    change.verdict = change.verdict.max(verdict);
                }
            }
            None => {
                self.known.insert(key, self.list.len());
                self.list.push(Change {
                    verdict,
                    kind,
                    place: place.clone(),
                    old,
                    new,
                    judged: vec![judged],
                });
            }
        }
    }

    /// The changes, worst first, otherwise in the order found.
    pub fn into_list(self) -> Vec<Change> {
        let mut list = self.list;
        list.sort_by_key(|change| std::cmp::Reverse(change.verdict));
        list
    }
}
