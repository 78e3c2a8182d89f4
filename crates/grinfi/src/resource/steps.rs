//! A call that takes several requests: what was done when one of them fails.

use crate::error::{Error, PartlyDone, Result};

/// The steps of a call, by the names that an error calls them by.
pub(super) struct Steps {
    names: Vec<String>,
    done: usize,
}

impl Steps {
    pub(super) fn new(names: impl IntoIterator<Item = String>) -> Self {
        Self { names: names.into_iter().collect(), done: 0 }
    }

    /// Takes the next step. If it is the first one that fails nothing has been done, and its error says all; later ones say
    /// what was done before.
    pub(super) async fn take<T>(&mut self, step: impl Future<Output = Result<T>>) -> Result<T> {
        match step.await {
            Ok(value) => {
                self.done += 1;
                Ok(value)
            }
            Err(cause) => Err(self.failed(cause)),
        }
    }

    /// Says more of the step that was taken last: which record came of it.
    pub(super) fn describe(&mut self, name: String) {
        if let Some(last) = self.done.checked_sub(1).and_then(|last| self.names.get_mut(last)) {
            *last = name;
        }
    }

    fn failed(&self, cause: Error) -> Error {
        if self.done == 0 {
            return cause;
        }
        let mut rest = self.names[self.done.min(self.names.len())..].iter().cloned();
        let failed = rest.next().unwrap_or_default();
        let partly = PartlyDone { done: self.names[..self.done].to_vec(), failed, left: rest.collect() };
        Error::partly(partly, cause)
    }
}
