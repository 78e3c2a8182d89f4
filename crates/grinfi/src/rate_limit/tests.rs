use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use http::{HeaderMap, HeaderValue};
use tokio::time::{Instant, advance, sleep, timeout};

use super::{Limiter, Patience, Permit, RateLimit, for_key, told};
use crate::{auth::ApiKey, retry::RetryPolicy};

const MINUTE: Duration = Duration::from_secs(60);
const CAP: Duration = Duration::from_secs(120);
const EVER: Patience = Patience { pause: Duration::from_secs(100_000), streak: Duration::ZERO };

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
    permit.answered(None, CAP);
    permit.accepted();
    waited
}

/// The limiter of an invented key, as a client gets it.
fn shared(name: &str, rate_limit: Option<RateLimit>) -> Arc<Limiter> {
    for_key(&ApiKey::new(format!("{name}.a.b")).unwrap(), "http://127.0.0.1:1", rate_limit)
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
    let limiter = Arc::new(Limiter::new(RateLimit::default()));
    let start = Instant::now();
    for _ in 0..300 {
        let (mut permit, waited) = leave(&limiter).await;
        assert_eq!(waited, Duration::ZERO);
        permit.answered(None, CAP);
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    let (_, waited) = leave(&limiter).await;
    assert!(waited > MINUTE && waited < MINUTE + Duration::from_millis(100), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn callers_go_in_the_order_in_which_they_came() {
    let limiter = Arc::new(Limiter::new(RateLimit::default().requests(3).concurrency(2)));
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut handles = Vec::new();
    for number in 0..20 {
        let (limiter, order) = (limiter.clone(), order.clone());
        handles.push(tokio::spawn(async move {
            let (mut permit, _) = leave(&limiter).await;
            order.lock().unwrap().push(number);
            sleep(Duration::from_millis(20 - number)).await;
            permit.answered(None, CAP);
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
    let limiter = Arc::new(Limiter::new(RateLimit::off().concurrency(2)));
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
    let limiter = Arc::new(Limiter::new(RateLimit::default().requests(1)));
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
    let limiter = Arc::new(Limiter::new(RateLimit::default().requests(1)));
    leave(&limiter).await.0.answered(None, CAP);
    let mut buffered: Vec<_> = (0..50).map(|_| Box::pin(limiter.place(limiter.ticket(), EVER))).collect();
    for place in &mut buffered {
        assert!(futures_util::FutureExt::now_or_never(place.as_mut()).is_none());
    }
    let (_, waited) = leave(&limiter).await;
    assert!(waited < MINUTE + Duration::from_secs(3), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_429_makes_everybody_wait_and_one_goes_ahead() {
    let limiter = Arc::new(Limiter::new(RateLimit::default()));
    let mut volley = Vec::new();
    for _ in 0..10 {
        volley.push(leave(&limiter).await.0);
    }
    for permit in &mut volley {
        permit.answered(None, CAP);
        permit.refused(Some(Duration::from_secs(20)), &RetryPolicy::default());
    }
    drop(volley);
    let start = Instant::now();
    let mut handles = Vec::new();
    for _ in 0..10 {
        let limiter = limiter.clone();
        handles.push(tokio::spawn(async move {
            let (mut permit, waited) = leave(&limiter).await;
            sleep(Duration::from_secs(1)).await;
            permit.answered(None, CAP);
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
async fn backs_off_within_the_window_after_429s_that_ask_for_no_wait() {
    let limiter = Arc::new(Limiter::new(RateLimit::default()));
    let policy = RetryPolicy::default();
    let (first, second) = (leave(&limiter).await.0, leave(&limiter).await.0);
    first.refused(None, &policy);
    second.refused(None, &policy);
    drop((first, second));
    let mut waits = Vec::new();
    for _ in 0..6 {
        let (permit, waited) = leave(&limiter).await;
        waits.push(waited.as_secs());
        permit.refused(None, &policy);
    }
    // A volley counts once. Together they reach past the end of the window.
    assert_eq!(waits, [1, 2, 4, 8, 15, 15]);
    leave(&limiter).await.0.accepted();
    let (permit, waited) = leave(&limiter).await;
    assert_eq!(waited, Duration::ZERO);
    permit.refused(None, &policy);
    drop(permit);
    assert_eq!(leave(&limiter).await.1.as_secs(), 1, "a success starts the back-off anew");
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_of_zero_gets_the_back_off_as_its_floor() {
    for policy in [RetryPolicy::default(), RetryPolicy::default().base_delay(Duration::ZERO)] {
        let limiter = Arc::new(Limiter::new(RateLimit::default()));
        leave(&limiter).await.0.refused(Some(Duration::ZERO), &policy);
        let mut waits = Vec::new();
        for _ in 0..5 {
            let (permit, waited) = leave(&limiter).await;
            waits.push(waited.as_millis());
            permit.refused(Some(Duration::ZERO), &policy);
        }
        match policy.base_delay.is_zero() {
            true => assert_eq!(waits, [100; 5]),
            false => assert_eq!(waits, [500, 1000, 2000, 4000, 8000]),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_longer_than_a_callers_patience_fails_every_such_caller_at_once() {
    let limiter = Arc::new(Limiter::new(RateLimit::default()));
    let (permit, _) = leave(&limiter).await;
    // Longer than the policy's own cap: the other callers of the key are told, too.
    permit.refused(Some(Duration::from_secs(300)), &RetryPolicy::default());
    drop(permit);
    for _ in 0..3 {
        let patience = Patience { pause: CAP, streak: Duration::ZERO };
        let refused = limiter.place(limiter.ticket(), patience).await.unwrap_err();
        assert_eq!((refused.pause.as_secs(), refused.waited), (300, Duration::ZERO));
    }
    advance(Duration::from_secs(181)).await;
    assert_eq!(leave(&limiter).await.1.as_secs(), 119);
}

#[tokio::test(start_paused = true)]
async fn gives_up_when_the_key_is_rate_limited_for_too_long_without_a_break() {
    let limiter = Arc::new(Limiter::new(RateLimit::default()));
    let start = Instant::now();
    let patience = Patience { pause: CAP, streak: Duration::from_secs(300) };
    let mut sent = 0;
    while let Ok((permit, _)) = limiter.place(limiter.ticket(), patience).await {
        sent += 1;
        permit.refused(None, &RetryPolicy::default());
    }
    assert!(start.elapsed() > Duration::from_secs(280) && start.elapsed() <= Duration::from_secs(300));
    assert_eq!(sent, 24, "one request goes ahead after each pause");
}

/// One process on a key that others use, too: reads through a limiter of its own until all are done.
async fn process(server: Arc<Mutex<VecDeque<Instant>>>, reads: usize) -> (usize, Duration) {
    let limiter = Arc::new(Limiter::new(RateLimit::default()));
    let start = Instant::now();
    let patience = Patience { pause: CAP, streak: RetryPolicy::default().max_rate_limit_wait };
    let read = async || {
        let ticket = limiter.ticket();
        for refusals in 0.. {
            let (mut permit, _) = limiter.place(ticket, patience).await.unwrap();
            sleep(Duration::from_millis(20)).await;
            let is_taken = {
                // Strict: in no 60 seconds, both ends included, more than 300.
                let mut window = server.lock().unwrap();
                while window.front().is_some_and(|first| first.elapsed() > MINUTE) {
                    window.pop_front();
                }
                let is_taken = window.len() < 300;
                if is_taken {
                    window.push_back(Instant::now());
                }
                is_taken
            };
            permit.answered(None, CAP);
            if is_taken {
                permit.accepted();
                return refusals;
            }
            permit.refused(None, &RetryPolicy::default());
        }
        0
    };
    let refusals: Vec<usize> = futures_util::future::join_all((0..reads).map(|_| read())).await;
    (refusals.iter().sum(), start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn two_processes_on_one_key_both_finish() {
    let server = Arc::default();
    let (first, second) = tokio::join!(process(Arc::clone(&server), 250), process(server, 250));
    for (refusals, took) in [first, second] {
        assert!(took < 2 * MINUTE, "{took:?}");
        assert!(refusals < 80, "{refusals}");
    }
}

#[tokio::test(start_paused = true)]
async fn rate_limit_headers_are_believed_up_to_the_cap() {
    let headers = |remaining, reset| {
        HeaderMap::from_iter([
            (http::HeaderName::from_static("x-ratelimit-remaining"), HeaderValue::from_static(remaining)),
            (http::HeaderName::from_static("x-ratelimit-reset"), HeaderValue::from_static(reset)),
        ])
    };
    let read = |remaining, reset| told(&headers(remaining, reset), std::time::SystemTime::UNIX_EPOCH);
    let limiter = Arc::new(Limiter::new(RateLimit::default()));
    let (mut permit, _) = leave(&limiter).await;
    permit.answered(read("2", "10"), CAP);
    assert_eq!(leave(&limiter).await.1, Duration::ZERO);
    assert_eq!(leave(&limiter).await.1, Duration::ZERO);
    let (mut permit, waited) = leave(&limiter).await;
    assert!(waited >= Duration::from_secs(10) && waited < Duration::from_secs(11), "{waited:?}");

    permit.answered(read("0", "3000"), CAP);
    let (_, waited) = leave(&limiter).await;
    assert!(waited >= CAP && waited < CAP + Duration::from_secs(1), "{waited:?}");

    let off = Arc::new(Limiter::new(RateLimit::off()));
    leave(&off).await.0.answered(read("0", "3000"), CAP);
    assert_eq!(leave(&off).await.1, Duration::ZERO, "with the rate limit off they are ignored");
}

#[tokio::test(start_paused = true)]
async fn off_counts_nothing_and_still_pauses() {
    let limiter = Arc::new(Limiter::new(RateLimit::off()));
    let mut held = Vec::new();
    for _ in 0..1000 {
        let (permit, waited) = leave(&limiter).await;
        assert_eq!(waited, Duration::ZERO);
        held.push(permit);
    }
    held[0].refused(Some(Duration::from_secs(3)), &RetryPolicy::default());
    assert_eq!(leave(&limiter).await.1.as_secs(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_key_has_one_limiter_for_as_long_as_somebody_holds_it() {
    let first = shared("registry", Some(RateLimit::default().requests(7)));
    assert!(Arc::ptr_eq(&first, &shared("registry", None)));
    assert!(!Arc::ptr_eq(&first, &shared("another", None)));
    assert!(format!("{first:?}").contains("requests: Some(7)"));
    // Whoever sets it, sets it for all.
    shared("registry", Some(RateLimit::off()));
    assert!(format!("{first:?}").contains("requests: None"));
    drop(first);
    assert!(format!("{:?}", shared("registry", None)).contains("requests: Some(300)"));
}
