//! Methods that send several requests: records which of them took effect.

use crate::error::{Error, PartialFailure, Result, Step, StepStatus};

/// Steps of a method, in order.
pub(crate) struct Steps {
    steps: Vec<Step>,
    next: usize,
}

impl Steps {
    /// Creates the steps: those that took effect already, and those to run.
    pub(crate) fn new(done: Vec<Step>, rest: impl IntoIterator<Item = Step>) -> Self {
        let next = done.len();
        let mut steps = done;
        steps.extend(rest);
        Self { steps, next }
    }

    /// Runs the next step. If it fails, returns its own error, or a partial one if other steps took effect before.
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
