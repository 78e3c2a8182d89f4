//! Values that must not outlive a fork. A fork copies memory but no threads: a copied connection pool or server waits for
//! threads that do not exist, and so does its destructor.

use std::mem;

/// A value that only the process that created it may use or drop.
pub(crate) struct ProcessLocal<T> {
    process: u32,
    value: Option<T>,
}

impl<T> ProcessLocal<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { process: std::process::id(), value: Some(value) }
    }

    /// Returns the value, unless it was taken or another process created it.
    pub(crate) fn get(&self) -> Option<&T> {
        self.value.as_ref().filter(|_| !self.is_foreign())
    }

    /// Takes the value out, unless another process created it.
    pub(crate) fn take(&mut self) -> Option<T> {
        if self.is_foreign() { None } else { self.value.take() }
    }

    /// Puts a value in.
    pub(crate) fn put(&mut self, value: T) {
        *self = Self::new(value);
    }

    /// Returns whether another process created the value.
    pub(crate) fn is_foreign(&self) -> bool {
        self.process != std::process::id()
    }
}

impl<T> Drop for ProcessLocal<T> {
    fn drop(&mut self) {
        if self.is_foreign() {
            mem::forget(self.value.take());
        }
    }
}
