//! What stands on the page.

use std::fmt::Write;
use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};

use super::STYLE;
use super::html::Esc;
use crate::log::LoggedRequest;
use crate::outbox::OutboxMessage;
use crate::webhooks::{Delivery, DeliveryState};
use crate::world::{World, summary};
use crate::worlds::Worlds;

/// So many of each kind are shown, the newest first.
const SHOWN: usize = 50;

pub(super) fn page(worlds: &Arc<Worlds>, world: &World) -> String {
    let mut nav = String::new();
    for other in worlds.all() {
        let about = summary(&other);
        let current = if other.id == world.id() { " aria-current=\"page\"" } else { "" };
        let own = if worlds.is_own(&other.id) { "own key" } else { "another key" };
        let _ = write!(
            nav,
            "<li><a href=\"/?world={id}\"{current}><code>{id}</code><small>{own}, requests: {requests}</small></a></li>",
            id = Esc(&other.id),
            requests = Esc(&about["requests"]),
        );
    }
    let main = format!(
        "<div class=\"columns\"><nav aria-label=\"Worlds\"><h2>Worlds</h2><ul>{nav}</ul></nav>\
         <div>{about}{clock}{requests}{outbox}{deliveries}{faults}</div></div>",
        about = about(world),
        clock = clock(world),
        requests = requests(world),
        outbox = outbox(world),
        deliveries = deliveries(world),
        faults = faults(world),
    );
    frame(&main)
}

pub(super) fn refused(message: &str) -> String {
    frame(&format!(
        "<section class=\"alert\" role=\"alert\"><h2>That did not work</h2><p>{}</p><p><a href=\"/\">Back</a></p></section>",
        Esc(message)
    ))
}

fn frame(main: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Grinfi sandbox</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>{STYLE}</style></head>\
         <body><a class=\"skip\" href=\"#main\">Skip to the content</a><header><h1>Grinfi sandbox</h1>\
         <p class=\"soft\">Nothing that is sent here reaches anyone. Everything on this page is also at \
         <a href=\"/_sandbox\">/_sandbox</a>, as JSON.</p></header><main id=\"main\">{main}</main></body></html>"
    )
}

fn about(world: &World) -> String {
    let about = summary(world.inner());
    let mut facts = String::new();
    for (label, field) in [
        ("Seed", "seed"),
        ("Contacts", "contacts"),
        ("In the outbox", "outbox"),
        ("Webhook calls", "deliveries"),
        ("Credits", "credits"),
        ("Requests a minute", "rate_limit"),
    ] {
        let value = &about[field];
        let value =
            value.as_str().map_or_else(|| value.to_string().replace("null", "unlimited"), str::to_owned);
        let _ = write!(facts, "<div><dt>{label}</dt><dd>{}</dd></div>", Esc(value));
    }
    let snapshots = world.snapshots().join(", ");
    if !snapshots.is_empty() {
        let _ = write!(facts, "<div><dt>Snapshots</dt><dd>{}</dd></div>", Esc(snapshots));
    }
    format!(
        "<section aria-labelledby=\"world\"><h2 id=\"world\">World <code>{}</code></h2><dl>{facts}</dl>\
         <div class=\"forms\">{}</div></section>",
        Esc(world.id()),
        form(world, "reset", "", "Reset this world"),
    )
}

fn clock(world: &World) -> String {
    let (now, frozen) = (world.clock().now(), world.clock().is_frozen());
    let state = if frozen { "stands still" } else { "is running" };
    let (act, label) = if frozen { ("resume", "Let it run") } else { ("freeze", "Hold it still") };
    let step = |seconds: u32, label: &str| {
        form(
            world,
            "advance",
            &format!("<input type=\"hidden\" name=\"seconds\" value=\"{seconds}\">"),
            label,
        )
    };
    let seconds = "<label>Seconds<input type=\"number\" name=\"seconds\" min=\"0\" step=\"any\" value=\"10\" required></label>";
    let time = format!("<label>Time (UTC)<input name=\"time\" value=\"{}\" required></label>", Esc(iso(now)));
    format!(
        "<section aria-labelledby=\"clock\"><h2 id=\"clock\">Clock</h2><p>It is {} and the clock {state}.</p>\
         <div class=\"forms\">{}{}{}{}</div><div class=\"forms\">{}{}</div></section>",
        moment(now),
        form(world, act, "", label),
        step(60, "+ 1 minute"),
        step(3600, "+ 1 hour"),
        step(86_400, "+ 1 day"),
        form(world, "advance", seconds, "Move forward"),
        form(world, "set", &time, "Set"),
    )
}

fn form(world: &World, act: &str, fields: &str, label: &str) -> String {
    format!(
        "<form method=\"post\" action=\"/\"><input type=\"hidden\" name=\"world\" value=\"{}\">\
         <input type=\"hidden\" name=\"do\" value=\"{act}\">{fields}<button>{label}</button></form>",
        Esc(world.id())
    )
}

fn requests(world: &World) -> String {
    let all = world.requests();
    let shown: String = all.iter().rev().take(SHOWN).map(request).collect();
    list("requests", "Requests", all.len(), &shown, "No request has been made with this key.")
}

fn request(request: &LoggedRequest) -> String {
    let kind = match request.status {
        200..300 => "good",
        0 | 500.. => "bad",
        _ => "warn",
    };
    let status = if request.status == 0 { "lost".to_owned() } else { request.status.to_string() };
    let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
    let mut inside = String::new();
    if let Some(message) = &request.message {
        let _ = write!(inside, "<p>{}</p>", Esc(message));
    }
    if !request.reasons.is_empty() {
        inside.push_str("<ul>");
        for reason in &request.reasons {
            let _ = write!(
                inside,
                "<li>{} <code>{}</code>: {}</li>",
                reason.part,
                Esc(&reason.pointer),
                Esc(&reason.message)
            );
        }
        inside.push_str("</ul>");
    }
    for fault in &request.faults {
        let _ = write!(inside, "<p>It went wrong by fault rule {fault}.</p>");
    }
    if !request.body.is_empty() {
        let _ = write!(inside, "<p class=\"soft\">Body</p><pre>{}</pre>", Esc(cut(&request.body)));
    }
    let _ = write!(inside, "<p class=\"soft\">The same again</p><pre>{}</pre>", Esc(cut(&request.curl)));
    // What went wrong is what people look for.
    let open = if kind == "good" { "" } else { " open" };
    format!(
        "<details{open}><summary><span class=\"state {kind}\">{status}</span><code>{} {}{}</code>\
         <span class=\"soft\">{} · {}</span></summary><div class=\"inside\">{inside}</div></details>",
        Esc(&request.method),
        Esc(&request.path),
        Esc(cut(&query)),
        Esc(request.operation.as_deref().unwrap_or("no operation")),
        moment(request.at),
    )
}

fn outbox(world: &World) -> String {
    let all = world.outbox();
    let shown: String = all.iter().rev().take(SHOWN).map(message).collect();
    list("outbox", "Outbox", all.len(), &shown, "Nothing would have been sent.")
}

fn message(message: &OutboxMessage) -> String {
    let channel = serde_json::to_value(message.channel).unwrap_or_default();
    let address = message.recipient_email.as_ref().or(message.recipient_linkedin.as_ref());
    let address = address.map(|address| format!(" ({address})")).unwrap_or_default();
    let subject = message.subject.as_ref().map(|subject| format!("<p><strong>{}</strong></p>", Esc(subject)));
    format!(
        "<article><p>{} → <strong>{}</strong>{} <span class=\"soft\">by {} · {}</span></p>{}<pre>{}</pre></article>",
        Esc(&message.sender_name),
        Esc(&message.recipient_name),
        Esc(address),
        Esc(channel.as_str().unwrap_or_default()),
        moment(message.queued_at),
        subject.unwrap_or_default(),
        Esc(cut(&message.text)),
    )
}

fn deliveries(world: &World) -> String {
    let all = world.deliveries();
    let shown: String = all.iter().rev().take(SHOWN).map(delivery).collect();
    list("deliveries", "Webhook calls", all.len(), &shown, "No webhook has been called.")
}

fn delivery(delivery: &Delivery) -> String {
    let (kind, state) = match delivery.state {
        DeliveryState::Delivered => ("good", "delivered"),
        DeliveryState::Waiting => ("warn", "waiting"),
        DeliveryState::Failed => ("bad", "failed"),
        DeliveryState::Refused => ("bad", "refused"),
    };
    let mut inside = String::new();
    if let Some(reason) = &delivery.reason {
        let _ = write!(inside, "<p>{}</p>", Esc(reason));
    }
    for attempt in &delivery.attempts {
        let told =
            attempt.status.map(|status| status.to_string()).or(attempt.error.clone()).unwrap_or_default();
        let _ = write!(inside, "<p>{}: {}</p>", moment(attempt.at), Esc(told));
    }
    if let Some(next) = delivery.next_attempt {
        let _ = write!(inside, "<p>Next try {}.</p>", moment(next));
    }
    // People put secrets into the queries of such URLs.
    let url = delivery.url.split('?').next().unwrap_or_default();
    format!(
        "<details><summary><span class=\"state {kind}\">{state}</span><code>{} {}</code>\
         <span class=\"soft\">{}</span></summary><div class=\"inside\">{inside}<pre>{}</pre></div></details>",
        Esc(&delivery.method),
        Esc(url),
        Esc(&delivery.event),
        Esc(cut(&delivery.body.to_string())),
    )
}

fn faults(world: &World) -> String {
    let all = world.faults();
    let row = |active: &crate::fault::ActiveFault| {
        let rule = serde_json::to_string(&active.rule).unwrap_or_default();
        let (id, hit, met) = (active.id, active.hit, active.met);
        format!(
            "<article><p>Rule {id}: {hit} of {met} calls went wrong.</p><pre>{}</pre></article>",
            Esc(rule)
        )
    };
    let shown: String = all.iter().map(row).collect();
    list("faults", "Faults", all.len(), &shown, "No call goes wrong by a rule.")
}

fn list(id: &str, title: &str, count: usize, shown: &str, none: &str) -> String {
    let more = if count > SHOWN { format!(", the last {SHOWN} shown") } else { String::new() };
    let held = if count == 0 { format!("<p class=\"soft\">{none}</p>") } else { shown.to_owned() };
    format!(
        "<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{title} <span class=\"soft\">({count}{more})</span></h2>{held}</section>"
    )
}

fn iso(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn moment(time: DateTime<Utc>) -> String {
    format!("<time datetime=\"{}\">{}</time>", Esc(iso(time)), time.format("%Y-%m-%d %H:%M:%S UTC"))
}

/// The beginning of what is too long for a page.
fn cut(text: &str) -> String {
    const MOST: usize = 4000;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{} …", &text[..at]),
        None => text.to_owned(),
    }
}
