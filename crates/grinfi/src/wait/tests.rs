use std::{
    cell::{Cell, RefCell},
    sync::Mutex,
};

use super::*;
use crate::error::ErrorKind;

const SECOND: Duration = Duration::from_secs(1);

/// When each look came, in seconds, until one of them shows it.
async fn looks(wait: &Wait, shown: u32) -> (Result<(u32, Progress)>, Vec<f64>) {
    let began = Instant::now();
    let times = RefCell::new(Vec::new());
    let result = until(wait, "the job", || async {
        times.borrow_mut().push(began.elapsed().as_secs_f64());
        let count = u32::try_from(times.borrow().len()).unwrap();
        Ok(Look::new((count == shown).then_some(count)).count(count.into(), Some(shown.into())))
    })
    .await;
    (result, times.into_inner())
}

#[tokio::test(start_paused = true)]
async fn looks_come_further_and_further_apart_and_each_is_told_of() {
    let told: Arc<Mutex<Vec<Option<u64>>>> = Arc::default();
    let noted = told.clone();
    let wait = Wait::new()
        .max_pause(Duration::from_secs(2))
        .on_progress(move |progress| noted.lock().unwrap().push(progress.done));
    let (result, times) = looks(&wait, 5).await;
    let (came, progress) = result.unwrap();
    // The clock of the tests counts whole milliseconds.
    let expected = [0.0, 1.0, 2.5, 4.5, 6.5];
    assert!(times.iter().zip(expected).all(|(is, should)| (is - should).abs() < 0.01), "{times:?}");
    assert_eq!((came, progress.looks, progress.done, progress.total), (5, 5, Some(5), Some(5)));
    assert_eq!(*told.lock().unwrap(), [Some(1), Some(2), Some(3), Some(4), Some(5)]);
}

#[tokio::test(start_paused = true)]
async fn there_is_an_end_in_time_and_in_looks() {
    let (result, times) = looks(&Wait::new().limit(Duration::from_secs(4)), 100).await;
    let error = result.unwrap_err();
    assert!(error.is_still_running() && !error.is_retryable(), "{error:?}");
    assert_eq!((times.len(), error.progress().unwrap().done), (3, Some(3)));
    assert!(
        error.to_string().contains("4 s") && error.to_string().contains("wait again to continue"),
        "{error}"
    );

    let (result, times) = looks(&Wait::new().max_looks(2), 100).await;
    assert!(result.unwrap_err().to_string().contains("2 looks"));
    assert_eq!(times.len(), 2);

    let (result, times) = looks(&Wait::new().max_looks(0), 100).await;
    assert_eq!((result.unwrap_err().field(), times.len()), (Some("max_looks"), 0));
}

#[tokio::test(start_paused = true)]
async fn a_look_that_takes_too_long_is_broken_off() {
    let began = Instant::now();
    let error =
        until::<(), _>(&Wait::new().limit(SECOND), "the job", std::future::pending).await.unwrap_err();
    assert!(error.is_still_running() && began.elapsed() < 2 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_failure_in_passing_is_looked_past_and_any_other_is_not() {
    let count = Cell::new(0);
    let fail = |kind: ErrorKind| {
        count.set(count.get() + 1);
        let look = if count.get() < 3 { Err(Error::new(kind, "no")) } else { Ok(Look::new(Some(()))) };
        async { look }
    };
    until(&Wait::new(), "the job", || fail(ErrorKind::Connect)).await.unwrap();
    assert_eq!(count.get(), 3);
    count.set(0);
    let error = until(&Wait::new(), "the job", || fail(ErrorKind::JobFailed)).await.unwrap_err();
    assert_eq!((error.is_job_failed(), count.get()), (true, 1));
    count.set(0);
    let error = until(&Wait::new().max_looks(2), "the job", || fail(ErrorKind::Timeout)).await.unwrap_err();
    assert!(error.is_still_running() && std::error::Error::source(&error).is_some());
}

#[tokio::test(start_paused = true)]
async fn pauses_of_any_length_stay_below_the_longest() {
    let wait = Wait::new().first_pause(Duration::MAX).max_pause(SECOND);
    assert_eq!((wait.pause(1), wait.pause(u32::MAX)), (SECOND, SECOND));
    let (result, _) = looks(&Wait::new().limit(Duration::MAX), 3).await;
    assert!(result.is_ok());
}
