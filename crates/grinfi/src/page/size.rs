//! A page size that gives way to what the API grants.

use super::{BoxFuture, Page};
use crate::error::{Error, Result};

/// A refusal of fewer rows than these is not about their number.
const SMALLEST: u32 = 10;

/// How many rows to ask for at a time.
///
/// It shrinks when the envelope names a smaller size than was asked for, when the API refuses the number as such, and, where
/// one page is read after the other, when two on end come equally short. It does not grow again: what was granted a page ago
/// is what is granted.
#[derive(Debug)]
pub(crate) struct PageSize {
    size: u32,
    /// How many rows came instead, the last time.
    short: Option<u32>,
}

impl PageSize {
    pub(crate) fn new(size: u32) -> Self {
        Self { size, short: None }
    }

    pub(crate) fn get(&self) -> u32 {
        self.size
    }

    /// Gets a page of this size, or of `at_most` rows. Asking again for a smaller one repeats nothing but a read.
    pub(crate) async fn fetch<T>(
        &mut self,
        at_most: u64,
        fetch: impl Fn(u32) -> BoxFuture<Result<Page<T>>>,
    ) -> Result<Page<T>> {
        loop {
            let limit = u32::try_from(at_most).unwrap_or(u32::MAX).min(self.size);
            match fetch(limit).await {
                Ok(page) => {
                    self.believe(limit, &page);
                    return Ok(page);
                }
                Err(error) if limit > SMALLEST && is_about_the_size(&error) => {
                    self.size = named(&error, limit).unwrap_or(limit / 2);
                }
                Err(error) => return Err(error.release_body()),
            }
        }
    }

    /// Takes the size that the envelope names, if it is what came of asking for more.
    fn believe<T>(&mut self, asked: u32, page: &Page<T>) {
        let received = u32::try_from(page.data.len()).unwrap_or(u32::MAX);
        let said = page.limit.and_then(|limit| u32::try_from(limit).ok());
        if let Some(said) = said.filter(|said| *said > 0 && (received..asked).contains(said)) {
            self.size = said;
        }
    }

    /// Takes note of how many rows came of asking for `asked`, where one page is read after the other.
    pub(crate) fn learn(&mut self, asked: u64, received: u64) {
        let received = u32::try_from(received).ok().filter(|received| u64::from(*received) < asked);
        let before = std::mem::replace(&mut self.short, received.filter(|received| *received > 0));
        if before.is_some() && before == self.short {
            self.size = self.size.min(received.unwrap_or(self.size));
        }
    }
}

/// Whether the API refuses the page size and nothing else.
fn is_about_the_size(error: &Error) -> bool {
    if !matches!(error.status(), Some(400 | 422)) {
        return false;
    }
    let fields = error.fields();
    if fields.is_empty() {
        let words = error.message().split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        return words.into_iter().any(|word| word.eq_ignore_ascii_case("limit"));
    }
    fields.len() == 1 && fields.contains_key("limit")
}

/// The largest size that the refusal names: "The limit may not be greater than 100."
fn named(error: &Error, asked: u32) -> Option<u32> {
    let said = error.fields().get("limit").into_iter().flatten().map(String::as_str).chain([error.message()]);
    said.flat_map(|text| text.split(|c: char| !c.is_ascii_digit()))
        .filter_map(|number| number.parse().ok())
        .filter(|number| (1..asked).contains(number))
        .max()
}
