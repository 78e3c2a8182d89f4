//! What belongs to one process. A fork copies memory but no threads: a connection pool or a server that was copied that way
//! waits for threads that are not there, and so does its destructor.

use std::mem;

/// A value that only the process that made it may use, or even drop.
pub(crate) struct Here<T> {
    process: u32,
    value: Option<T>,
}

impl<T> Here<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { process: std::process::id(), value: Some(value) }
    }

    fn is_here(&self) -> bool {
        self.process == std::process::id()
    }

    /// The value, unless another process made it or it was taken.
    pub(crate) fn get(&self) -> Option<&T> {
        self.value.as_ref().filter(|_| self.is_here())
    }

    /// Takes the value out, unless another process made it.
    pub(crate) fn take(&mut self) -> Option<T> {
        if self.is_here() { self.value.take() } else { None }
    }

    /// Puts a value back.
    pub(crate) fn put(&mut self, value: T) {
        *self = Self::new(value);
    }

    /// Whether another process made the value.
    pub(crate) fn is_foreign(&self) -> bool {
        !self.is_here()
    }
}

impl<T> Drop for Here<T> {
    fn drop(&mut self) {
        if self.is_foreign() {
            mem::forget(self.value.take());
        }
    }
}
