//! What a call shows of itself, and what it never does.

use std::{
    io,
    sync::{Arc, LazyLock, Mutex},
};

use grinfi::{
    ErrorKind,
    telemetry::{AttemptMetrics, CallMetrics, Metrics},
};
use tracing::Dispatch;
use tracing_subscriber::{fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt};

use crate::support::{
    KEY, builder,
    fault_server::{Answer, FaultServer},
};

/// Everything that was traced and logged.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Captured {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Traces all of this thread, from everybody, down to the last detail.
fn capture() -> (Captured, impl Drop) {
    // With one subscriber alone, tracing asks the thread that comes by an event first whether anybody wants it, and in the
    // other tests nobody does. With two it asks them.
    static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(tracing_subscriber::registry()));
    LazyLock::force(&SECOND);
    let captured = Captured::default();
    let spans = tracing_subscriber::fmt::format::FmtSpan::FULL;
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(captured.clone())
        .with_ansi(false)
        .with_span_events(spans);
    (captured, tracing_subscriber::registry().with(layer).set_default())
}

#[tokio::test]
async fn a_failing_run_traced_in_full_shows_what_happened_and_never_the_key() {
    let (captured, _guard) = capture();
    let echo = format!("<html>Bearer {KEY}</html>");
    let page = Answer::Whole(503, vec![("content-type", "text/html".into())], echo.clone());
    let refusal = Answer::Whole(422, vec![("x-echo", KEY.into())], format!(r#"{{"message": "{KEY}"}}"#));
    let server = FaultServer::start([page, Answer::too_many("0"), Answer::Hangup, refusal]).await;
    let client =
        builder(&server.base_url).retry(grinfi::RetryPolicy::default().base_delay(std::time::Duration::ZERO));
    let client = client.build().unwrap();
    let error = client.contacts().get("1b5a-private-id").await.unwrap_err();
    assert_eq!(error.attempts(), 4);
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| panic!("{error:?} {client:?}")))
        .unwrap_err();
    let panic = panic.downcast_ref::<String>().unwrap();

    let shown = captured.text();
    for part in [
        "grinfi.call",
        "http.request.method=\"GET\"",
        "url.template=\"/leads/api/leads/{uuid}\"",
        "server.address=\"127.0.0.1\"",
        "http.request.resend_count=3",
        "http.response.status_code=503",
        "http.response.status_code=422",
        "error.type=\"422\"",
        "error.type=\"Transport\"",
        "otel.kind=\"client\"",
        "otel.status_code=\"ERROR\"",
    ] {
        assert!(shown.contains(part), "{part} is not in: {shown}");
    }
    assert_eq!(shown.matches("grinfi: attempt http.request").count(), 4, "{shown}");
    for text in [&shown, panic, &format!("{error} {error:#?}")] {
        for part in KEY.split('.') {
            assert!(!text.contains(part), "the key shows in: {text}");
        }
    }
    // What this crate says names no contact; the connection's own trace of the path is not ours.
    let ours = shown.lines().filter(|line| line.contains("grinfi"));
    assert!(
        ours.clone().count() > 4 && !ours.into_iter().any(|line| line.contains("1b5a-private-id")),
        "{shown}"
    );
}

/// Every number as a line.
#[derive(Default)]
struct Lines(Mutex<Vec<String>>);

impl Metrics for Lines {
    fn attempt(&self, attempt: &AttemptMetrics<'_>) {
        let AttemptMetrics { method, path, number, status, error, .. } = attempt;
        self.0.lock().unwrap().push(format!("{method} {path} #{number} {status:?} {error:?}"));
    }

    fn call(&self, call: &CallMetrics<'_>) {
        assert!(call.latency >= call.waited);
        let CallMetrics { operation, attempts, status, error, .. } = call;
        self.0.lock().unwrap().push(format!("{operation:?} {attempts} {status:?} {error:?}"));
    }
}

#[tokio::test]
async fn metrics_are_handed_over_for_attempts_and_calls() {
    let answers = [Answer::Hangup, Answer::json(200, "{}"), Answer::html(502)];
    let server = FaultServer::start(answers).await;
    let lines = Arc::new(Lines::default());
    let client = builder(&server.base_url).metrics(lines.clone()).build().unwrap();
    client.users().current().await.unwrap();
    let error = client.lists().create("Autumn").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownOutcome);
    assert_eq!(
        *lines.0.lock().unwrap(),
        [
            "GET /id/api/users/current #1 None Some(Transport)",
            "GET /id/api/users/current #2 Some(200) None",
            "Some(\"getCurrentUser\") 2 Some(200) None",
            "POST /leads/api/lists #1 Some(502) Some(Server)",
            "Some(\"createList\") 1 Some(502) Some(UnknownOutcome)",
        ]
    );
}
