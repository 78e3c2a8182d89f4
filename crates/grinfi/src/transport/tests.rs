//! Cancellation: dropped after any number of polls, a call leaves nothing running and the rate limit whole.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use http::Method;
use proptest::{collection::vec, prelude::*, sample::select};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{Client, RateLimit, RetryPolicy};

const KEY: &str = "eyJhbGciOiJub25lIn0.e30.c2lnbmF0dXJl";
const WHOLE: &str = "HTTP/1.1 200 X\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";

/// What the server does with each request in turn; after the last it answers.
#[derive(Debug, Clone, Copy)]
enum Step {
    Answer,
    Refuse,
    Fail,
    Hangup,
    Half,
}

/// A server with such a script, and how many requests have reached it.
async fn server(script: Vec<Step>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let arrived = Arc::new(AtomicUsize::new(0));
    let count = arrived.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (count, script) = (count.clone(), script.clone());
            tokio::spawn(async move {
                // A request of these tests comes in one piece.
                while matches!(stream.read(&mut [0; 4096]).await, Ok(1..)) {
                    let step = script.get(count.fetch_add(1, Ordering::SeqCst)).copied();
                    let answer = match step.unwrap_or(Step::Answer) {
                        Step::Answer => WHOLE,
                        Step::Refuse => "HTTP/1.1 429 X\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n",
                        Step::Fail => "HTTP/1.1 503 X\r\ncontent-length: 0\r\n\r\n",
                        Step::Hangup => return,
                        Step::Half => &WHOLE[..WHOLE.len() - 1],
                    };
                    if stream.write_all(answer.as_bytes()).await.is_err() || answer.ends_with('{') {
                        return;
                    }
                }
            });
        }
    });
    (url, arrived)
}

/// Polls what it holds so many times at the most, and drops it then.
struct Polls<F> {
    inner: Option<Pin<Box<F>>>,
    left: usize,
}

impl<F: Future> Future for Polls<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            self.inner = None;
        }
        let Some(inner) = &mut self.inner else { return Poll::Ready(None) };
        match inner.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => {
                self.left -= 1;
                if self.left == 0 {
                    self.inner = None;
                    return Poll::Ready(None);
                }
                Poll::Pending
            }
        }
    }
}

/// Runs one call for so many polls against a rate limit of `limit`; answers whether it came to an end.
async fn cancelled_after(polls: usize, script: Vec<Step>, limit: u32) -> bool {
    let (url, arrived) = server(script).await;
    let mut builder = Client::builder()
        .api_key(KEY)
        .base_url(&url)
        .retry(RetryPolicy::default().base_delay(Duration::ZERO))
        .rate_limit(RateLimit::default().requests(limit));
    let scarce = limit < 300;
    if scarce {
        // It would wait for the rate limit until the minute is over.
        builder = builder.deadline(Duration::from_millis(30));
    }
    let client = builder.build().unwrap();
    let limiter = client.transport().limiter.clone();
    let call = client.request(Method::GET, "/x").send();
    let ended = Polls { inner: Some(Box::pin(call)), left: polls }.await.is_some();

    // Nothing is held, nobody waits; what has left stays counted, as far as its window goes.
    let (_, held, open, waiting) = limiter.counts();
    assert_eq!((held, open, waiting), (0, 0, 0), "after {polls} polls");
    let attempts = limiter.sent();
    // A request that was on its way may arrive; another would be one that somebody still sends.
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    assert!(arrived.load(Ordering::SeqCst) as u64 <= attempts, "after {polls} polls");
    assert_eq!(limiter.sent(), attempts, "after {polls} polls");
    // Every request that left uses its place still, but for those that found no connection.
    assert_eq!(limiter.counts().0 as u64, attempts, "after {polls} polls");
    if !scarce {
        // And whoever comes next is served at once.
        let next = client.request(Method::GET, "/x").send().await;
        assert!(next.is_ok_and(|answer| answer.waited() < Duration::from_secs(1)));
    }
    ended
}

fn run<F: Future>(work: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

#[test]
fn a_call_can_be_dropped_at_every_await() {
    let script = vec![Step::Refuse, Step::Fail, Step::Half, Step::Hangup, Step::Answer];
    let ended = (0..200).find(|polls| run(cancelled_after(*polls, script.clone(), 300)));
    assert!(ended.is_some_and(|polls| polls > 5), "the script was gone through: {ended:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_server_does_and_whenever_it_is_dropped(
        polls in 0usize..40,
        // At most four faults, which the retries of whoever comes next get over.
        script in vec(select(&[Step::Answer, Step::Refuse, Step::Fail, Step::Hangup, Step::Half][..]), 0..5),
        limit in prop_oneof![Just(2u32), Just(300)],
    ) {
        run(cancelled_after(polls, script, limit));
    }
}
