//! Telemetry: traces, logs and metrics.

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
    fault_server::{FaultServer, Response},
};

/// Captured output of all spans and events.
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

/// Captures all spans and events of this thread.
fn capture() -> (Captured, impl Drop) {
    // With a single subscriber, tracing caches the interest of the thread that reaches a callsite first, and the threads of
    // other tests have none. A second subscriber disables this cache.
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
async fn traces_show_attempts_and_hide_the_key() {
    let (captured, _guard) = capture();
    let echo = format!("<html>Bearer {KEY}</html>");
    let page = Response::Whole(503, vec![("content-type", "text/html".into())], echo.clone());
    let rejection = Response::Whole(422, vec![("x-echo", KEY.into())], format!(r#"{{"message": "{KEY}"}}"#));
    let server = FaultServer::start([page, Response::too_many("0"), Response::Hangup, rejection]).await;
    let client =
        builder(&server.base_url).retry(grinfi::RetryPolicy::default().base_delay(std::time::Duration::ZERO));
    let client = client.build().unwrap();
    let error = client.contacts().get("1b5a-private-id").await.unwrap_err();
    assert_eq!(error.attempts(), 4);
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| panic!("{error:?} {client:?}")))
        .unwrap_err();
    let panic = panic.downcast_ref::<String>().unwrap();

    let output = captured.text();
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
        assert!(output.contains(part), "missing {part}: {output}");
    }
    assert_eq!(output.matches("grinfi: attempt http.request").count(), 4, "{output}");
    for text in [&output, panic, &format!("{error} {error:#?}")] {
        for part in KEY.split('.') {
            assert!(!text.contains(part), "contains the key: {text}");
        }
    }
    // Lines of this crate contain no ids. The HTTP library logs the path itself.
    let own_lines = output.lines().filter(|line| line.contains("grinfi"));
    assert!(
        own_lines.clone().count() > 4 && !own_lines.into_iter().any(|line| line.contains("1b5a-private-id")),
        "{output}"
    );
}

/// Formats metrics as lines.
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
async fn reports_metrics_of_attempts_and_calls() {
    let script = [Response::Hangup, Response::json(200, "{}"), Response::html(502)];
    let server = FaultServer::start(script).await;
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
