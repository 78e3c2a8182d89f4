//! Partial failures: which steps of a call took effect before one failed.

use serde::{Deserialize, Serialize};

/// Steps of a call that failed after some of them took effect.
///
/// The error of the failed step is the source of the error that contains this. No step contains a value of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartialFailure {
    /// All steps, in order.
    pub steps: Vec<Step>,
}

impl PartialFailure {
    /// Returns the steps that took effect. A mass action counts as done once the API accepted it; it runs in the background.
    pub fn done(&self) -> impl Iterator<Item = &Step> {
        self.with(StepStatus::Done)
    }

    /// Returns the step that failed, or whose outcome is unknown.
    #[must_use]
    pub fn failed(&self) -> Option<&Step> {
        self.steps.iter().find(|step| matches!(step.status, StepStatus::Failed | StepStatus::Unknown))
    }

    /// Returns the steps that were not tried.
    pub fn not_tried(&self) -> impl Iterator<Item = &Step> {
        self.with(StepStatus::NotTried)
    }

    fn with(&self, status: StepStatus) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.status == status)
    }

    /// Returns a summary of the steps, with the names of the first ones.
    pub(super) fn summary(&self, cause: &super::Error) -> String {
        let failed = self.failed();
        let result = match failed.map(|step| step.status) {
            Some(StepStatus::Unknown) => "has an unknown outcome",
            _ => "failed",
        };
        let mut text = format!(
            "{} {result}: {cause}; done: {}",
            failed.map_or("a step", |step| &step.name),
            list(self.done())
        );
        if self.not_tried().next().is_some() {
            text.push_str(&format!("; not tried: {}", list(self.not_tried())));
        }
        text
    }
}

/// Returns the first names and the number of the remaining ones.
fn list<'a>(steps: impl Iterator<Item = &'a Step>) -> String {
    const SHOWN: usize = 5;
    let names: Vec<&str> = steps.map(|step| step.name.as_str()).collect();
    match names.len().checked_sub(SHOWN) {
        Some(more @ 1..) => format!("{} and {more} more", names[..SHOWN].join(", ")),
        _ => names.join(", "),
    }
}

/// Step of a call that consists of several requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Step {
    /// Name of the step, such as `create the contacts` or `` set custom field `persona` ``.
    pub name: String,
    /// Ids of the records that the step changes, if they are known.
    pub ids: Vec<String>,
    /// Result of the step.
    pub status: StepStatus,
}

impl Step {
    /// Returns a step that was not tried.
    pub(crate) fn new<T: Into<String>>(name: impl Into<String>, ids: impl IntoIterator<Item = T>) -> Self {
        let ids = ids.into_iter().map(Into::into).collect();
        Self { name: name.into(), ids, status: StepStatus::NotTried }
    }

    /// Returns the same step as one that took effect.
    pub(crate) fn done(mut self) -> Self {
        self.status = StepStatus::Done;
        self
    }
}

/// Result of a [`Step`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepStatus {
    /// The step took effect.
    Done,
    /// The step failed without effect.
    Failed,
    /// The step failed and may have taken effect.
    Unknown,
    /// The step was not tried.
    NotTried,
}

impl StepStatus {
    /// Returns the status as one word: `done`, `failed`, `unknown` or `not_tried`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::NotTried => "not_tried",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, ErrorKind};

    #[test]
    fn summary_counts_the_steps_after_the_fifth() {
        let done = (0..7).map(|number| Step::new(format!("step {number}"), ["c-1"]).done());
        let failed = Step { status: StepStatus::Unknown, ..Step::new("change the list", ["c-1"]) };
        let partial =
            PartialFailure { steps: done.chain([failed, Step::new("read the contact", ["c-1"])]).collect() };
        assert_eq!(
            partial.summary(&Error::new(ErrorKind::Timeout, "no response")),
            "change the list has an unknown outcome: no response; done: step 0, step 1, step 2, step 3, step 4 and 2 more; \
             not tried: read the contact"
        );
    }
}
