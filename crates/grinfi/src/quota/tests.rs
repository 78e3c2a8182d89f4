use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use http::{HeaderMap, HeaderValue};
use tokio::time::{Instant, advance, sleep, timeout};

use super::{Limiter, Permit, Quota, for_key, told};
use crate::{auth::ApiKey, retry::Retry};

const MINUTE: Duration = Duration::from_secs(60);
const EVER: Duration = Duration::from_secs(100_000);

/// A server that counts the strict way: in no 60 seconds, both ends included, more than its limit.
#[derive(Default)]
struct Strict {
    arrivals: Mutex<Vec<Instant>>,
}

impl Strict {
    fn arrive(&self) {
        self.arrivals.lock().unwrap().push(Instant::now());
    }

    /// The most that arrived in any window.
    fn most(&self) -> usize {
        let mut window = VecDeque::new();
        let mut most = 0;
        for arrival in self.arrivals.lock().unwrap().iter() {
            while window.front().is_some_and(|first: &Instant| *arrival - *first > MINUTE) {
                window.pop_front();
            }
            window.push_back(*arrival);
            most = most.max(window.len());
        }
        most
    }

    fn until(&self, end: Instant) -> usize {
        self.arrivals.lock().unwrap().iter().filter(|arrival| **arrival < end).count()
    }
}

async fn leave(limiter: &Arc<Limiter>) -> (Permit, Duration) {
    limiter.place(limiter.ticket(), EVER).await.unwrap()
}

/// One request with these latencies, in milliseconds.
async fn call(limiter: &Arc<Limiter>, server: &Strict, there: u64, back: u64) -> Duration {
    let (mut permit, waited) = leave(limiter).await;
    sleep(Duration::from_millis(there)).await;
    server.arrive();
    sleep(Duration::from_millis(back)).await;
    permit.answered(None);
    permit.accepted();
    waited
}

/// The limiter of an invented key, as a client gets it.
fn shared(name: &str, quota: Option<Quota>) -> Arc<Limiter> {
    for_key(&ApiKey::new(format!("{name}.a.b")).unwrap(), "http://127.0.0.1:1", quota)
}

#[tokio::test(start_paused = true)]
async fn any_mix_of_clones_and_tasks_keeps_to_the_window_and_uses_it_up() {
    for (seed, clients, tasks, latency) in
        [(1, 1, 1, 40), (2, 1, 400, 100), (3, 5, 20, 1500), (4, 40, 5, 300)]
    {
        let server = Arc::new(Strict::default());
        let start = Instant::now();
        let end = start + 10 * MINUTE;
        let keep = shared("mix", None);
        let mut handles = Vec::new();
        for task in 0..clients * tasks {
            // A client of its own for each; the tasks of one client are clones.
            let limiter = if task % tasks == 0 { shared("mix", None) } else { keep.clone() };
            let (server, mut random) = (server.clone(), fastrand::Rng::with_seed(seed * 1000 + task));
            handles.push(tokio::spawn(async move {
                let (mut calls, mut longest) = (0, Duration::ZERO);
                while Instant::now() < end {
                    // Jitter: now and then a request takes twenty times as long to arrive.
                    let slow = if random.u8(..) < 3 { 20 } else { 1 };
                    let (there, back) = (random.u64(0..=latency) * slow, random.u64(0..=latency));
                    longest = longest.max(call(&limiter, &server, there, back).await);
                    calls += 1;
                }
                (calls, longest)
            }));
        }
        let mut calls: Vec<u32> = Vec::new();
        for handle in handles {
            let (count, longest) = handle.await.unwrap();
            calls.push(count);
            // Everybody is served within one round of all.
            let rounds = u32::try_from(clients * tasks / 300).unwrap() + 1;
            assert!(longest <= (MINUTE + Duration::from_secs(10)) * rounds, "{seed}: {longest:?}");
        }
        assert_eq!(server.most(), 300, "{seed}");
        let used = server.until(end);
        assert!(used * 100 >= 3000 * 99, "{seed}: {used} of 3000");
        let (least, most) = (calls.iter().min().unwrap(), calls.iter().max().unwrap());
        if clients * tasks > 300 {
            assert!(most - least <= 2, "{seed}: {least} to {most}");
        }
        drop(keep);
    }
}

#[tokio::test(start_paused = true)]
async fn a_burst_of_the_whole_window_goes_at_once_and_the_next_one_waits() {
    let limiter = Arc::new(Limiter::new(Quota::default()));
    let start = Instant::now();
    for _ in 0..300 {
        let (mut permit, waited) = leave(&limiter).await;
        assert_eq!(waited, Duration::ZERO);
        permit.answered(None);
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    let (_, waited) = leave(&limiter).await;
    assert!(waited > MINUTE && waited < MINUTE + Duration::from_millis(100), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn callers_go_in_the_order_in_which_they_came() {
    let limiter = Arc::new(Limiter::new(Quota::default().requests(3).concurrency(2)));
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut handles = Vec::new();
    for number in 0..20 {
        let (limiter, order) = (limiter.clone(), order.clone());
        handles.push(tokio::spawn(async move {
            let (mut permit, _) = leave(&limiter).await;
            order.lock().unwrap().push(number);
            sleep(Duration::from_millis(20 - number)).await;
            permit.answered(None);
        }));
        tokio::task::yield_now().await;
    }
    for handle in handles {
        handle.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), (0..20).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn no_more_are_under_way_than_allowed() {
    let limiter = Arc::new(Limiter::new(Quota::off().concurrency(2)));
    let (first, _) = leave(&limiter).await;
    let (_second, _) = leave(&limiter).await;
    let third = tokio::spawn({
        let limiter = limiter.clone();
        async move { leave(&limiter).await }
    });
    sleep(Duration::from_secs(1)).await;
    assert!(!third.is_finished());
    drop(first);
    let (_third, waited) = third.await.unwrap();
    assert_eq!(waited, Duration::from_secs(1));
    // Nothing moves: one more may go, for the two may be futures that nobody polls.
    let (_, waited) = leave(&limiter).await;
    assert_eq!(waited, Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn a_waiter_that_is_dropped_gives_its_place_up_and_what_was_sent_stays_counted() {
    let limiter = Arc::new(Limiter::new(Quota::default().requests(1)));
    let (sent, _) = leave(&limiter).await;
    assert!(timeout(Duration::from_secs(1), leave(&limiter)).await.is_err());
    assert_eq!(limiter.counts(), (0, 1, 1, 0));
    // Cancelled on its way: it may arrive yet.
    drop(sent);
    assert_eq!(limiter.counts(), (1, 0, 0, 0));
    let (mut refused, waited) = leave(&limiter).await;
    assert!(waited > MINUTE, "{waited:?}");
    // A connection that never was has used nothing.
    refused.not_sent();
    drop(refused);
    assert_eq!(leave(&limiter).await.1, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_future_that_nobody_polls_does_not_hold_up_the_queue() {
    let limiter = Arc::new(Limiter::new(Quota::default().requests(1)));
    leave(&limiter).await.0.answered(None);
    let mut buffered: Vec<_> = (0..50).map(|_| Box::pin(limiter.place(limiter.ticket(), EVER))).collect();
    for place in &mut buffered {
        assert!(futures_util::FutureExt::now_or_never(place.as_mut()).is_none());
    }
    let (_, waited) = leave(&limiter).await;
    assert!(waited < MINUTE + Duration::from_secs(3), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_429_makes_everybody_wait_and_one_goes_ahead() {
    let limiter = Arc::new(Limiter::new(Quota::default()));
    let mut volley = Vec::new();
    for _ in 0..10 {
        volley.push(leave(&limiter).await.0);
    }
    for permit in &mut volley {
        permit.answered(None);
        permit.refused(Some(Duration::from_secs(20)), &Retry::default());
    }
    drop(volley);
    let start = Instant::now();
    let mut handles = Vec::new();
    for _ in 0..10 {
        let limiter = limiter.clone();
        handles.push(tokio::spawn(async move {
            let (mut permit, waited) = leave(&limiter).await;
            sleep(Duration::from_secs(1)).await;
            permit.answered(None);
            permit.accepted();
            waited.as_secs()
        }));
    }
    let mut waits = Vec::new();
    for handle in handles {
        waits.push(handle.await.unwrap());
    }
    assert_eq!(waits, [20, 21, 21, 21, 21, 21, 21, 21, 21, 21]);
    assert_eq!(start.elapsed().as_secs(), 22);
}

#[tokio::test(start_paused = true)]
async fn pauses_without_a_word_double_and_a_volley_counts_once() {
    let limiter = Arc::new(Limiter::new(Quota::default()));
    let policy = Retry::default();
    let (first, second) = (leave(&limiter).await.0, leave(&limiter).await.0);
    first.refused(None, &policy);
    second.refused(None, &policy);
    drop((first, second));
    let mut waits = Vec::new();
    for _ in 0..5 {
        let (permit, waited) = leave(&limiter).await;
        waits.push(waited.as_millis());
        permit.refused(None, &policy);
    }
    assert_eq!(waits, [500, 1000, 2000, 4000, 8000]);
    let (permit, _) = leave(&limiter).await;
    permit.accepted();
    permit.refused(None, &policy);
    drop(permit);
    assert_eq!(leave(&limiter).await.1.as_millis(), 500);
}

#[tokio::test(start_paused = true)]
async fn a_pause_longer_than_the_callers_patience_is_told_at_once() {
    let limiter = Arc::new(Limiter::new(Quota::default()));
    let (permit, _) = leave(&limiter).await;
    let policy = Retry::default().max_retry_after(Duration::from_secs(300));
    permit.refused(Some(Duration::from_secs(300)), &policy);
    drop(permit);
    let refused = limiter.place(limiter.ticket(), Duration::from_secs(120)).await.unwrap_err();
    assert_eq!((refused.pause.as_secs(), refused.waited), (300, Duration::ZERO));
    advance(Duration::from_secs(181)).await;
    assert_eq!(leave(&limiter).await.1.as_secs(), 119);
}

#[tokio::test(start_paused = true)]
async fn rate_headers_are_learnt_from() {
    let limiter = Arc::new(Limiter::new(Quota::default()));
    let headers = |remaining| {
        HeaderMap::from_iter([
            (http::HeaderName::from_static("x-ratelimit-remaining"), HeaderValue::from_static(remaining)),
            (http::HeaderName::from_static("x-ratelimit-reset"), HeaderValue::from_static("10")),
        ])
    };
    let (mut permit, _) = leave(&limiter).await;
    permit.answered(told(&headers("2"), std::time::SystemTime::UNIX_EPOCH));
    assert_eq!(leave(&limiter).await.1, Duration::ZERO);
    assert_eq!(leave(&limiter).await.1, Duration::ZERO);
    let (_, waited) = leave(&limiter).await;
    assert!(waited >= Duration::from_secs(10) && waited < Duration::from_secs(11), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn off_counts_nothing_and_still_pauses() {
    let limiter = Arc::new(Limiter::new(Quota::off()));
    let mut held = Vec::new();
    for _ in 0..1000 {
        let (permit, waited) = leave(&limiter).await;
        assert_eq!(waited, Duration::ZERO);
        held.push(permit);
    }
    held[0].refused(Some(Duration::from_secs(3)), &Retry::default());
    assert_eq!(leave(&limiter).await.1.as_secs(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_key_has_one_limiter_for_as_long_as_somebody_holds_it() {
    let first = shared("registry", Some(Quota::default().requests(7)));
    assert!(Arc::ptr_eq(&first, &shared("registry", None)));
    assert!(!Arc::ptr_eq(&first, &shared("another", None)));
    assert!(format!("{first:?}").contains("requests: Some(7)"));
    // Whoever sets it, sets it for all.
    shared("registry", Some(Quota::off()));
    assert!(format!("{first:?}").contains("requests: None"));
    drop(first);
    assert!(format!("{:?}", shared("registry", None)).contains("requests: Some(300)"));
}
