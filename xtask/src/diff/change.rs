//! One change between two descriptions, and the list of them.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::rules::{Direction, Kind, Verdict};

/// What a place belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    /// The whole description.
    Document,
    /// An operation, by its `operationId` or else `GET /path`.
    Operation(String),
    /// A component schema.
    Schema(String),
    /// A parameter, request body or answer that operations share, by the map of the components that it is in.
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

/// Where something changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Place {
    /// What it belongs to.
    pub owner: Owner,
    /// Where in it: `query parameter limit`, `request body .filter`, `.tags[]`; empty for all of it.
    pub path: String,
}

impl Place {
    /// All of an owner.
    pub fn of(owner: Owner) -> Self {
        Self { owner, path: String::new() }
    }

    /// One step further in.
    pub fn at(&self, step: &str) -> Self {
        Self { owner: self.owner.clone(), path: format!("{}{step}", self.path) }
    }

    /// Another part of the same owner.
    pub fn part(&self, part: impl Into<String>) -> Self {
        Self { owner: self.owner.clone(), path: part.into() }
    }
}

impl std::fmt::Display for Place {
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

/// What is kept in one of the maps of the components.
pub fn shared(section: &str) -> &'static str {
    match section {
        "parameters" => "shared parameter",
        "requestBodies" => "shared request body",
        _ => "shared answer",
    }
}

/// What a change means one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// Which way.
    pub direction: Direction,
    /// The verdict.
    pub verdict: Verdict,
    /// Its reason.
    pub reason: &'static str,
    /// For a component schema: the operations that carry it that way.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub operations: BTreeSet<String>,
}

/// One change.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// The worst of the verdicts.
    pub verdict: Verdict,
    /// What sort it is.
    pub kind: Kind,
    /// Where.
    pub place: Place,
    /// What was there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// What is there now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// What it means, for each direction that the thing travels.
    pub judged: Vec<Judged>,
}

/// Changes as they are found; what is found once for each direction becomes one entry.
#[derive(Debug, Default)]
pub struct Changes {
    list: Vec<Change>,
    known: HashMap<(Kind, Place, Option<String>, Option<String>), usize>,
}

impl Changes {
    /// Notes a change of what travels in `direction`.
    pub fn note(
        &mut self,
        direction: Direction,
        kind: Kind,
        place: &Place,
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

    /// The list, worst first, otherwise in the order found.
    pub fn into_list(self) -> Vec<Change> {
        let mut list = self.list;
        list.sort_by_key(|change| std::cmp::Reverse(change.verdict));
        list
    }
}
