//! Calls that take several requests: what was done when one of them fails.

use crate::error::{Error, PartialFailure, Result, Step, StepStatus};

/// The steps of a call, in order.
pub(crate) struct Steps {
    steps: Vec<Step>,
    next: usize,
}

impl Steps {
    /// Returns the steps of a call: those that took effect already, and those to take.
    pub(crate) fn new(done: Vec<Step>, rest: impl IntoIterator<Item = Step>) -> Self {
        let next = done.len();
        let mut steps = done;
        steps.extend(rest);
        Self { steps, next }
    }

    /// Takes the next step. If nothing took effect before it, its own error is returned, else a partial one.
    pub(crate) async fn take<T>(&mut self, step: impl Future<Output = Result<T>>) -> Result<T> {
        match step.await {
            Ok(value) => {
                if let Some(step) = self.steps.get_mut(self.next) {
                    step.status = StepStatus::Done;
                }
                self.next += 1;
                Ok(value)
            }
            Err(cause) => Err(self.failed(cause)),
        }
    }

    fn failed(&mut self, cause: Error) -> Error {
        if self.next == 0 {
            return cause;
        }
        if let Some(step) = self.steps.get_mut(self.next) {
            step.status = if cause.is_unknown_outcome() { StepStatus::Unknown } else { StepStatus::Failed };
        }
        Error::partial(PartialFailure { steps: std::mem::take(&mut self.steps) }, cause)
    }
}
