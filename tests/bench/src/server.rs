//! The server that workloads call. Responses are prepared or cheap to create, so that the server is not the
//! bottleneck.

use std::{
    collections::{HashMap, VecDeque},
    io::Read,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use axum::{
    Json, Router,
    body::Body,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use bytes::Bytes;
use clap::Args;
use serde_json::{Value, json};

use crate::contact;

/// Options of the server.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The number of contacts.
    #[arg(long, default_value_t = 0)]
    rows: u64,
    /// The size of prepared pages; 0 creates each page on request.
    #[arg(long, default_value_t = 100)]
    page: u64,
    /// Serve contacts with the described fields only.
    #[arg(long)]
    flat: bool,
    /// The minimum response time, in milliseconds.
    #[arg(long, default_value_t = 0.0)]
    delay_from: f64,
    /// The maximum response time, in milliseconds.
    #[arg(long, default_value_t = 0.0)]
    delay_to: f64,
    /// The number of requests per window; 0 disables the rate limit.
    #[arg(long, default_value_t = 0)]
    rate_limit: usize,
    /// The length of the window, in seconds.
    #[arg(long, default_value_t = 60.0)]
    window: f64,
    /// The number of failing writes per thousand, before or after their effect.
    #[arg(long, default_value_t = 0)]
    failing: u64,
}

struct Served {
    arguments: Arguments,
    pages: Vec<Bytes>,
    template: String,
    random: Mutex<fastrand::Rng>,
    counted: Mutex<Counted>,
}

#[derive(Default)]
struct Counted {
    /// The arrival times within the window.
    window: VecDeque<Instant>,
    granted: Vec<Instant>,
    rejected: u64,
    /// The writes that failed before and after their effect.
    failed: [u64; 2],
    /// The number of writes of each contact.
    written: HashMap<String, u64>,
}

/// Serves until standard input ends.
pub async fn run(arguments: Arguments) -> Result<()> {
    let mut pages = Vec::new();
    if arguments.page > 0 {
        let mut offset = 0;
        while offset < arguments.rows {
            pages.push(contact::page(offset, arguments.page, arguments.rows, arguments.flat).into());
            offset += arguments.page;
        }
    }
    let served = Arc::new(Served {
        arguments,
        pages,
        template: contact::template(),
        random: Mutex::new(fastrand::Rng::with_seed(7)),
        counted: Mutex::new(Counted::default()),
    });
    let app = Router::new()
        .route("/leads/api/leads/search", post(search))
        .route("/leads/api/leads/upsert", post(upsert))
        .route("/id/api/users/current", get(user))
        .route("/counted", get(counted))
        .with_state(served);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.context("no port to listen on")?;
    println!("http://{}", listener.local_addr()?);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        // Exits when the parent process exits, because standard input is closed then.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        drop(stop);
    });
    let listener =
        axum::serve::ListenerExt::tap_io(listener, |connection| drop(connection.set_nodelay(true)));
    let server = axum::serve(listener, app);
    tokio::select! {
        result = server => result.context("the server ended")?,
        _ = stopped => {}
    }
    Ok(())
}

impl Served {
    async fn delay(&self) {
        let (from, to) = (self.arguments.delay_from, self.arguments.delay_to);
        if to > 0.0 {
            let part = lock(&self.random).f64();
            tokio::time::sleep(Duration::from_secs_f64((from + part * (to - from)) / 1e3)).await;
        }
    }

    /// Whether a request is within the rate limit, counted on arrival in a sliding window.
    fn granted(&self) -> bool {
        let mut counted = lock(&self.counted);
        let now = Instant::now();
        let window = Duration::from_secs_f64(self.arguments.window);
        while counted.window.front().is_some_and(|at| now.duration_since(*at) >= window) {
            counted.window.pop_front();
        }
        let granted = self.arguments.rate_limit == 0 || counted.window.len() < self.arguments.rate_limit;
        if granted {
            counted.window.push_back(now);
            counted.granted.push(now);
        } else {
            counted.rejected += 1;
        }
        granted
    }
}

async fn search(State(served): State<Arc<Served>>, body: Bytes) -> Response {
    served.delay().await;
    let query: Value = serde_json::from_slice(&body).unwrap_or_default();
    let number = |name: &str| query.get(name).and_then(Value::as_u64);
    let (offset, limit) = (number("offset").unwrap_or(0), number("limit").unwrap_or(20));
    if let Some(at) = offset.checked_div(served.arguments.page) {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        let empty = Bytes::from_static(br#"{"data": []}"#);
        return as_json(served.pages.get(at).cloned().unwrap_or(empty).into());
    }
    // Filters by time: `is_null` matches no rows, `is_not_null` all rows, and `>=` those from a time on.
    let cut = query.pointer("/filter/created_at");
    let from = match cut {
        None => 0,
        Some(Value::String(text)) if text == "is_not_null" => 0,
        Some(Value::String(_)) => served.arguments.rows,
        Some(cut) => [">=", ">"]
            .iter()
            .find_map(|op| contact::number_at(cut.get(*op)?.as_str()?))
            .unwrap_or(served.arguments.rows),
    };
    let total = served.arguments.rows.saturating_sub(from);
    let mut text = String::with_capacity(2500 * usize::try_from(limit).unwrap_or(0));
    text.push_str(r#"{"data":["#);
    for row in offset..total.min(offset + limit) {
        if row > offset {
            text.push(',');
        }
        contact::fill(&served.template, from + row, &mut text);
    }
    text.push_str(&format!(r#"],"limit":{limit},"offset":{offset},"total":{total}}}"#));
    as_json(text.into())
}

async fn upsert(State(served): State<Arc<Served>>, Json(body): Json<Value>) -> Response {
    let id = body.pointer("/lead/linkedin_id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let chance = lock(&served.random).u64(..1000);
    let fails = chance < served.arguments.failing;
    // Half of the failures happen before the effect, half after it.
    let has_effect = !fails || chance % 2 == 1;
    {
        let mut counted = lock(&served.counted);
        if has_effect {
            *counted.written.entry(id.clone()).or_default() += 1;
        }
        if fails {
            counted.failed[usize::from(has_effect)] += 1;
        }
    }
    served.delay().await;
    if fails {
        let page = "<html><body>502 Bad Gateway</body></html>";
        return (StatusCode::BAD_GATEWAY, [(header::CONTENT_TYPE, "text/html")], page).into_response();
    }
    as_json(json!({"uuid": id, "linkedin": id}).to_string().into())
}

async fn user(State(served): State<Arc<Served>>) -> Response {
    let granted = served.granted();
    served.delay().await;
    if !granted {
        let body = r#"{"error": {"reason": "too_many_requests", "message": "Too many requests"}}"#;
        return (StatusCode::TOO_MANY_REQUESTS, [(header::CONTENT_TYPE, "application/json")], body)
            .into_response();
    }
    const USER: &str = r#"{"uuid":"00000001-0000-4000-8000-000000000001","id":559,"team_id":134,"first_name":"Robin","last_name":"Roe","email":"robin@example.com","created_at":"2026-02-03T15:55:04.000000Z"}"#;
    as_json(Bytes::from_static(USER.as_bytes()).into())
}

async fn counted(State(served): State<Arc<Served>>) -> Json<Value> {
    let counted = lock(&served.counted);
    let twice = counted.written.values().filter(|times| **times > 1).count();
    Json(json!({
        "granted": counted.granted.len(),
        "lasting_share": lasting_share(&counted.granted, &served.arguments),
        "rejected": counted.rejected,
        "failed_before": counted.failed[0],
        "failed_after": counted.failed[1],
        "written": counted.written.len(),
        "written_twice": twice,
    }))
}

/// The share of the rate limit that is used in the long run: how much longer than a window it took until each slot was used
/// again. A count over several windows would be too high, because the first window starts with all slots free.
fn lasting_share(granted: &[Instant], arguments: &Arguments) -> Option<f64> {
    let again =
        granted.get(arguments.rate_limit..).filter(|again| arguments.rate_limit > 0 && !again.is_empty())?;
    let took: f64 = again.iter().zip(granted).map(|(again, first)| (*again - *first).as_secs_f64()).sum();
    Some(arguments.window * again.len() as f64 / took)
}

fn as_json(body: Body) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
