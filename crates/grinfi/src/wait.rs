//! Waiting for what the API does in the background.
//!
//! The API answers to an import, an export or a mass action that it was accepted, and describes nothing to ask how far it
//! is. What can be looked at is the effect: contacts that turn up in a list, a file that is there to be downloaded, records
//! that stand at their new stage. Each thing to wait for says on its page what it looks at, and what that can and cannot
//! tell.
//!
//! By hand this becomes a fixed sleep, which is too short on a bad day, or a loop without an end, which polls the rate limit
//! away. Here the looks come further and further apart, there is always a limit, and reaching it is an error of its own that
//! does not claim that the job failed.

use std::{fmt, future::Future, sync::Arc, time::Duration};

use tokio::time::Instant;

use crate::error::{Error, ErrorKind, Result};

/// How long to wait for a job, how often to look, and whom to tell.
///
/// ```
/// use std::time::Duration;
/// use grinfi::jobs::Wait;
///
/// let patient = Wait::new()
///     .limit(Duration::from_secs(3600))
///     .on_progress(|progress| println!("{:?} of {:?}", progress.done, progress.total));
/// ```
#[derive(Clone)]
#[must_use]
pub struct Wait {
    limit: Duration,
    max_looks: Option<u32>,
    first_pause: Duration,
    max_pause: Duration,
    settle: Duration,
    on_progress: Option<Tell>,
}

type Tell = Arc<dyn Fn(&Progress) + Send + Sync>;

impl Default for Wait {
    fn default() -> Self {
        Self {
            limit: Duration::from_secs(600),
            max_looks: None,
            first_pause: Duration::from_secs(1),
            max_pause: Duration::from_secs(15),
            settle: Duration::from_secs(30),
            on_progress: None,
        }
    }
}

impl Wait {
    /// Ten minutes, first looking after one second and later every fifteen.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how long to wait in all. Default 10 minutes. A look that is under way when the time is up is broken off.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Sets how many times to look at the most. Default: as often as the time allows.
    pub fn max_looks(mut self, looks: u32) -> Self {
        self.max_looks = Some(looks);
        self
    }

    /// Sets the pause after the first look; each is half as long again as the one before. Default 1 s.
    pub fn first_pause(mut self, pause: Duration) -> Self {
        self.first_pause = pause;
        self
    }

    /// Sets the longest pause between two looks. Default 15 s.
    pub fn max_pause(mut self, pause: Duration) -> Self {
        self.max_pause = pause;
        self
    }

    /// Sets how long nothing may have changed until what has no visible end, such as an import, counts as over. Default
    /// 30 s.
    pub fn settle(mut self, settle: Duration) -> Self {
        self.settle = settle;
        self
    }

    /// Calls `tell` after every look. It runs where the waiting does and holds it up, so it should be quick.
    pub fn on_progress(mut self, tell: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        self.on_progress = Some(Arc::new(tell));
        self
    }

    pub(crate) fn settle_time(&self) -> Duration {
        self.settle
    }

    fn pause(&self, looks: u32) -> Duration {
        let exponent = i32::try_from(looks.saturating_sub(1).min(64)).unwrap_or(64);
        let pause = self.first_pause.as_secs_f64() * 1.5_f64.powi(exponent);
        Duration::try_from_secs_f64(pause).unwrap_or(self.max_pause).min(self.max_pause)
    }
}

impl fmt::Debug for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("limit", &self.limit)
            .field("max_looks", &self.max_looks)
            .field("first_pause", &self.first_pause)
            .field("max_pause", &self.max_pause)
            .field("settle", &self.settle)
            .finish_non_exhaustive()
    }
}

/// How far something is that is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Progress {
    /// How many times it was looked at.
    pub looks: u32,
    /// How long it was waited for.
    pub elapsed: Duration,
    /// How much is done, in records, as far as one can see.
    pub done: Option<u64>,
    /// How much there is to do, in records, if that is known.
    pub total: Option<u64>,
    /// The state in the API's words, if it has any.
    pub status: Option<String>,
}

/// What a look at a job showed.
#[derive(Debug)]
pub(crate) struct Look<T> {
    /// What the waiting was for; `None` while it has not come about.
    pub(crate) came: Option<T>,
    pub(crate) done: Option<u64>,
    pub(crate) total: Option<u64>,
    pub(crate) status: Option<String>,
}

impl<T> Look<T> {
    /// It came about, or not yet.
    pub(crate) fn new(came: Option<T>) -> Self {
        Self { came, done: None, total: None, status: None }
    }

    pub(crate) fn count(mut self, done: u64, total: Option<u64>) -> Self {
        (self.done, self.total) = (Some(done), total);
        self
    }

    pub(crate) fn status(mut self, status: Option<String>) -> Self {
        self.status = status;
        self
    }
}

/// Looks until what is waited for has come about, and answers with it and how it went.
///
/// A look that fails in passing (no connection, a time-out, a gateway) is one that showed nothing; any other failure ends the
/// waiting. Cancel-safe: the job does not notice.
pub(crate) async fn until<T, F>(wait: &Wait, what: &str, mut look: impl FnMut() -> F) -> Result<(T, Progress)>
where
    F: Future<Output = Result<Look<T>>>,
{
    if wait.max_looks == Some(0) {
        return Err(Error::input("max_looks", "without a look there is nothing to see"));
    }
    let began = Instant::now();
    let until = began.checked_add(wait.limit);
    let mut progress = Progress::default();
    loop {
        let looked = match until {
            Some(until) => tokio::time::timeout_at(until, look()).await.ok(),
            None => Some(look().await),
        };
        let Some(looked) = looked else {
            progress.elapsed = began.elapsed();
            return Err(Error::still_running(what, &seconds(wait.limit), progress));
        };
        progress.looks += 1;
        progress.elapsed = began.elapsed();
        let failed = match looked {
            Ok(Look { came, done, total, status }) => {
                progress = Progress { done, total, status, ..progress };
                if let Some(tell) = &wait.on_progress {
                    tell(&progress);
                }
                if let Some(came) = came {
                    return Ok((came, progress));
                }
                None
            }
            Err(error) if error.is_retryable() => Some(error),
            Err(error) => return Err(error),
        };
        let pause = wait.pause(progress.looks);
        let limit = if wait.max_looks.is_some_and(|looks| progress.looks >= looks) {
            format!("{} looks", progress.looks)
        } else if until.is_some_and(|until| Instant::now() + pause >= until) {
            seconds(wait.limit)
        } else {
            tokio::time::sleep(pause).await;
            continue;
        };
        let error = Error::still_running(what, &limit, progress);
        return Err(match failed {
            Some(failed) => error.with_source(failed),
            None => error,
        });
    }
}

/// Checks that a job has not failed, as far as its state says so.
pub(crate) fn check_status(what: &str, status: Option<&str>) -> Result<()> {
    match status {
        Some(status @ ("failed" | "error")) => Err(Error::new(
            ErrorKind::JobFailed,
            format!("{what} failed: the API gives its state as `{status}`"),
        )),
        _ => Ok(()),
    }
}

fn seconds(limit: Duration) -> String {
    format!("{} s", limit.as_secs_f64())
}

#[cfg(test)]
mod tests;
