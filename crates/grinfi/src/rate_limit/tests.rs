use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use http::{HeaderMap, HeaderValue};
use tokio::time::{Instant, advance, sleep, timeout};

use super::{Limiter, Permit, RateLimit, WaitLimits, for_key, reported_limit};
use crate::{auth::ApiKey, retry::RetryPolicy};

const MINUTE: Duration = Duration::from_secs(60);
const MAX_RESET: Duration = Duration::from_secs(120);
const NO_LIMITS: WaitLimits =
    WaitLimits { max_pause: Duration::from_secs(100_000), max_rate_limit_wait: Duration::ZERO };

/// Server that allows at max_per_window 300 requests in any 60 seconds, both ends included.
#[derive(Default)]
struct StrictServer {
    arrivals: Mutex<Vec<Instant>>,
}

impl StrictServer {
    fn arrive(&self) {
        self.arrivals.lock().unwrap().push(Instant::now());
    }

    /// Returns the maximum number of requests in any window.
    fn max_per_window(&self) -> usize {
        let mut window = VecDeque::new();
        let mut maximum = 0;
        for arrival in self.arrivals.lock().unwrap().iter() {
            while window.front().is_some_and(|first: &Instant| *arrival - *first > MINUTE) {
                window.pop_front();
            }
            window.push_back(*arrival);
            maximum = maximum.max(window.len());
        }
        maximum
    }

    fn until(&self, end: Instant) -> usize {
        self.arrivals.lock().unwrap().iter().filter(|arrival| **arrival < end).count()
    }
}

async fn acquire(limiter: &Arc<Limiter>) -> (Permit, Duration) {
    limiter.acquire(limiter.ticket(), NO_LIMITS).await.unwrap()
}

/// Sends one request with these latencies in milliseconds.
async fn call(limiter: &Arc<Limiter>, server: &StrictServer, request_ms: u64, response_ms: u64) -> Duration {
    let (mut permit, waited) = acquire(limiter).await;
    sleep(Duration::from_millis(request_ms)).await;
    server.arrive();
    sleep(Duration::from_millis(response_ms)).await;
    permit.response_received(None, MAX_RESET);
    permit.accepted();
    waited
}

/// Returns the limiter_of limiter of a test key.
fn limiter_of(name: &str, rate_limit: Option<RateLimit>) -> Arc<Limiter> {
    for_key(&ApiKey::new(format!("{name}.a.b")).unwrap(), "http://127.0.0.1:1", rate_limit)
}

#[tokio::test(start_paused = true)]
async fn concurrent_clients_stay_within_the_limit_and_use_it_fully() {
    for (seed, clients, tasks, latency) in
        [(1, 1, 1, 40), (2, 1, 400, 100), (3, 5, 20, 1500), (4, 40, 5, 300)]
    {
        let server = Arc::new(StrictServer::default());
        let start = Instant::now();
        let end = start + 10 * MINUTE;
        let shared_limiter = limiter_of("mix", None);
        let mut handles = Vec::new();
        for task in 0..clients * tasks {
            // The tasks of one client share a clone of its limiter.
            let limiter = if task % tasks == 0 { limiter_of("mix", None) } else { shared_limiter.clone() };
            let (server, mut random) = (server.clone(), fastrand::Rng::with_seed(seed * 1000 + task));
            handles.push(tokio::spawn(async move {
                let (mut calls, mut longest) = (0, Duration::ZERO);
                while Instant::now() < end {
                    // Some requests take twenty times as long to arrive.
                    let slow = if random.u8(..) < 3 { 20 } else { 1 };
                    let (request_ms, response_ms) = (random.u64(0..=latency) * slow, random.u64(0..=latency));
                    longest = longest.max(call(&limiter, &server, request_ms, response_ms).await);
                    calls += 1;
                }
                (calls, longest)
            }));
        }
        let mut calls: Vec<u32> = Vec::new();
        for handle in handles {
            let (count, longest) = handle.await.unwrap();
            calls.push(count);
            // Every call proceeds within one round of all calls.
            let rounds = u32::try_from(clients * tasks / 300).unwrap() + 1;
            assert!(longest <= (MINUTE + Duration::from_secs(10)) * rounds, "{seed}: {longest:?}");
        }
        assert_eq!(server.max_per_window(), 300, "{seed}");
        let used = server.until(end);
        assert!(used * 100 >= 3000 * 99, "{seed}: {used} of 3000");
        let (minimum, maximum) = (calls.iter().min().unwrap(), calls.iter().max().unwrap());
        if clients * tasks > 300 {
            assert!(maximum - minimum <= 2, "{seed}: {minimum} to {maximum}");
        }
        drop(shared_limiter);
    }
}

#[tokio::test(start_paused = true)]
async fn full_burst_is_sent_at_once_and_the_next_request_waits() {
    let limiter = Arc::new(Limiter::new(RateLimit::default()));
    let start = Instant::now();
    for _ in 0..300 {
        let (mut permit, waited) = acquire(&limiter).await;
        assert_eq!(waited, Duration::ZERO);
        permit.response_received(None, MAX_RESET);
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    let (_, waited) = acquire(&limiter).await;
    assert!(waited > MINUTE && waited < MINUTE + Duration::from_millis(100), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn calls_proceed_in_order_of_arrival() {
    let limiter = Arc::new(Limiter::new(RateLimit::default().requests(3).concurrency(2)));
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut handles = Vec::new();
    for number in 0..20 {
        let (limiter, order) = (limiter.clone(), order.clone());
        handles.push(tokio::spawn(async move {
            let (mut permit, _) = acquire(&limiter).await;
            order.lock().unwrap().push(number);
            sleep(Duration::from_millis(20 - number)).await;
            permit.response_received(None, MAX_RESET);
        }));
        tokio::task::yield_now().await;
    }
    for handle in handles {
        handle.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), (0..20).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn limits_concurrent_requests() {
    let limiter = Arc::new(Limiter::new(RateLimit::off().concurrency(2)));
    let (first, _) = acquire(&limiter).await;
    let (_second, _) = acquire(&limiter).await;
    let third = tokio::spawn({
        let limiter = limiter.clone();
        async move { acquire(&limiter).await }
    });
    sleep(Duration::from_secs(1)).await;
    assert!(!third.is_finished());
    drop(first);
    let (_third, waited) = third.await.unwrap();
    assert_eq!(waited, Duration::from_secs(1));
    // No request completes, so one more may start: the two may be futures that are not polled.
    let (_, waited) = acquire(&limiter).await;
    assert_eq!(waited, Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn dropped_waiter_leaves_the_queue_and_dropped_request_stays_counted() {
    let limiter = Arc::new(Limiter::new(RateLimit::default().requests(1)));
    let (sent, _) = acquire(&limiter).await;
    assert!(timeout(Duration::from_secs(1), acquire(&limiter)).await.is_err());
    assert_eq!(limiter.counts(), (0, 1, 1, 0));
    // A canceled request may still arrive.
    drop(sent);
    assert_eq!(limiter.counts(), (1, 0, 0, 0));
    let (mut unsent, waited) = acquire(&limiter).await;
    assert!(waited > MINUTE, "{waited:?}");
    // A request without a connection does not count.
    unsent.not_sent();
    drop(unsent);
    assert_eq!(acquire(&limiter).await.1, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn unpolled_futures_do_not_block_the_queue() {
    let limiter = Arc::new(Limiter::new(RateLimit::default().requests(1)));
    acquire(&limiter).await.0.response_received(None, MAX_RESET);
    let mut buffered: Vec<_> =
        (0..50).map(|_| Box::pin(limiter.acquire(limiter.ticket(), NO_LIMITS))).collect();
    for future in &mut buffered {
        assert!(futures_util::FutureExt::now_or_never(future.as_mut()).is_none());
    }
    let (_, waited) = acquire(&limiter).await;
    assert!(waited < MINUTE + Duration::from_secs(3), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn status_429_pauses_all_calls_and_sends_one_request_first() {
    let limiter = Arc::new(Limiter::new(RateLimit::default()));
    let mut volley = Vec::new();
    for _ in 0..10 {
        volley.push(acquire(&limiter).await.0);
    }
    for permit in &mut volley {
        permit.response_received(None, MAX_RESET);
        permit.rate_limited(Some(Duration::from_secs(20)), &RetryPolicy::default());
    }
    drop(volley);
    let start = Instant::now();
    let mut handles = Vec::new();
    for _ in 0..10 {
        let limiter = limiter.clone();
        handles.push(tokio::spawn(async move {
            let (mut permit, waited) = acquire(&limiter).await;
            sleep(Duration::from_secs(1)).await;
            permit.response_received(None, MAX_RESET);
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
async fn backs_off_after_429_without_retry_after() {
    let limiter = Arc::new(Limiter::new(RateLimit::default()));
    let policy = RetryPolicy::default();
    let (first, second) = (acquire(&limiter).await.0, acquire(&limiter).await.0);
    first.rate_limited(None, &policy);
    second.rate_limited(None, &policy);
    drop((first, second));
    let mut waits = Vec::new();
    for _ in 0..6 {
        let (permit, waited) = acquire(&limiter).await;
        waits.push(waited.as_secs());
        permit.rate_limited(None, &policy);
    }
    // The two concurrent 429 count once. The pauses together exceed the window.
    assert_eq!(waits, [1, 2, 4, 8, 15, 15]);
    acquire(&limiter).await.0.accepted();
    let (permit, waited) = acquire(&limiter).await;
    assert_eq!(waited, Duration::ZERO);
    permit.rate_limited(None, &policy);
    drop(permit);
    assert_eq!(acquire(&limiter).await.1.as_secs(), 1, "a success resets the response_ms-off");
}

#[tokio::test(start_paused = true)]
async fn retry_after_of_zero_uses_the_back_off() {
    for policy in [RetryPolicy::default(), RetryPolicy::default().base_delay(Duration::ZERO)] {
        let limiter = Arc::new(Limiter::new(RateLimit::default()));
        acquire(&limiter).await.0.rate_limited(Some(Duration::ZERO), &policy);
        let mut waits = Vec::new();
        for _ in 0..5 {
            let (permit, waited) = acquire(&limiter).await;
            waits.push(waited.as_millis());
            permit.rate_limited(Some(Duration::ZERO), &policy);
        }
        match policy.base_delay.is_zero() {
            true => assert_eq!(waits, [100; 5]),
            false => assert_eq!(waits, [500, 1000, 2000, 4000, 8000]),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn pause_above_the_limit_of_a_call_fails_it_at_once() {
    let limiter = Arc::new(Limiter::new(RateLimit::default()));
    let (permit, _) = acquire(&limiter).await;
    // Longer than the maximum of the policy, so the other calls of the key fail too.
    permit.rate_limited(Some(Duration::from_secs(300)), &RetryPolicy::default());
    drop(permit);
    for _ in 0..3 {
        let limits = WaitLimits { max_pause: MAX_RESET, max_rate_limit_wait: Duration::ZERO };
        let error = limiter.acquire(limiter.ticket(), limits).await.unwrap_err();
        assert_eq!((error.pause.as_secs(), error.waited), (300, Duration::ZERO));
    }
    advance(Duration::from_secs(181)).await;
    assert_eq!(acquire(&limiter).await.1.as_secs(), 119);
}

#[tokio::test(start_paused = true)]
async fn fails_after_being_rate_limited_for_too_long() {
    let limiter = Arc::new(Limiter::new(RateLimit::default()));
    let start = Instant::now();
    let limits = WaitLimits { max_pause: MAX_RESET, max_rate_limit_wait: Duration::from_secs(300) };
    let mut sent = 0;
    while let Ok((permit, _)) = limiter.acquire(limiter.ticket(), limits).await {
        sent += 1;
        permit.rate_limited(None, &RetryPolicy::default());
    }
    assert!(start.elapsed() > Duration::from_secs(280) && start.elapsed() <= Duration::from_secs(300));
    assert_eq!(sent, 24, "expected one request after each pause");
}

/// Simulates one of several processes that share a key: sends `reads` requests through its own limiter.
async fn process(server: Arc<Mutex<VecDeque<Instant>>>, reads: usize) -> (usize, Duration) {
    let limiter = Arc::new(Limiter::new(RateLimit::default()));
    let start = Instant::now();
    let limits =
        WaitLimits { max_pause: MAX_RESET, max_rate_limit_wait: RetryPolicy::default().max_rate_limit_wait };
    let read = async || {
        let ticket = limiter.ticket();
        for refusals in 0.. {
            let (mut permit, _) = limiter.acquire(ticket, limits).await.unwrap();
            sleep(Duration::from_millis(20)).await;
            let is_taken = {
                // StrictServer: in no 60 seconds, both ends included, more than 300.
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
            permit.response_received(None, MAX_RESET);
            if is_taken {
                permit.accepted();
                return refusals;
            }
            permit.rate_limited(None, &RetryPolicy::default());
        }
        0
    };
    let refusals: Vec<usize> = futures_util::future::join_all((0..reads).map(|_| read())).await;
    (refusals.iter().sum(), start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn two_processes_sharing_a_key_both_finish() {
    let server = Arc::default();
    let (first, second) = tokio::join!(process(Arc::clone(&server), 250), process(server, 250));
    for (refusals, took) in [first, second] {
        assert!(took < 2 * MINUTE, "{took:?}");
        assert!(refusals < 80, "{refusals}");
    }
}

#[tokio::test(start_paused = true)]
async fn respects_rate_limit_headers_up_to_the_maximum() {
    let headers = |remaining, reset| {
        HeaderMap::from_iter([
            (http::HeaderName::from_static("x-ratelimit-remaining"), HeaderValue::from_static(remaining)),
            (http::HeaderName::from_static("x-ratelimit-reset"), HeaderValue::from_static(reset)),
        ])
    };
    let read =
        |remaining, reset| reported_limit(&headers(remaining, reset), std::time::SystemTime::UNIX_EPOCH);
    let limiter = Arc::new(Limiter::new(RateLimit::default()));
    let (mut permit, _) = acquire(&limiter).await;
    permit.response_received(read("2", "10"), MAX_RESET);
    assert_eq!(acquire(&limiter).await.1, Duration::ZERO);
    assert_eq!(acquire(&limiter).await.1, Duration::ZERO);
    let (mut permit, waited) = acquire(&limiter).await;
    assert!(waited >= Duration::from_secs(10) && waited < Duration::from_secs(11), "{waited:?}");

    permit.response_received(read("0", "3000"), MAX_RESET);
    let (_, waited) = acquire(&limiter).await;
    assert!(waited >= MAX_RESET && waited < MAX_RESET + Duration::from_secs(1), "{waited:?}");

    let off = Arc::new(Limiter::new(RateLimit::off()));
    acquire(&off).await.0.response_received(read("0", "3000"), MAX_RESET);
    assert_eq!(acquire(&off).await.1, Duration::ZERO, "a disabled limit ignores the headers");
}

#[tokio::test(start_paused = true)]
async fn disabled_limit_does_not_count_requests_but_pauses_after_429() {
    let limiter = Arc::new(Limiter::new(RateLimit::off()));
    let mut permits = Vec::new();
    for _ in 0..1000 {
        let (permit, waited) = acquire(&limiter).await;
        assert_eq!(waited, Duration::ZERO);
        permits.push(permit);
    }
    permits[0].rate_limited(Some(Duration::from_secs(3)), &RetryPolicy::default());
    assert_eq!(acquire(&limiter).await.1.as_secs(), 3);
}

#[tokio::test(start_paused = true)]
async fn clients_of_a_key_share_one_limiter_until_all_are_dropped() {
    let first = limiter_of("registry", Some(RateLimit::default().requests(7)));
    assert!(Arc::ptr_eq(&first, &limiter_of("registry", None)));
    assert!(!Arc::ptr_eq(&first, &limiter_of("another", None)));
    assert!(format!("{first:?}").contains("requests: Some(7)"));
    // A new rate limit applies to all clients.
    limiter_of("registry", Some(RateLimit::off()));
    assert!(format!("{first:?}").contains("requests: None"));
    drop(first);
    assert!(format!("{:?}", limiter_of("registry", None)).contains("requests: Some(300)"));
}
