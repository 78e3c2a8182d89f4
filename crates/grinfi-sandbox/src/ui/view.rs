//! HTML of the page.

use std::fmt::Write;

use chrono::{DateTime, SecondsFormat, Utc};

use super::html::{Escaped, STYLE};
use crate::outbox::OutboxMessage;
use crate::registry::Registry;
use crate::request_log::LoggedRequest;
use crate::tenant::Tenant;
use crate::webhooks::{Delivery, DeliveryState};

/// Most rows of each list, newest first.
const SHOWN: usize = 50;

pub(super) fn page(registry: &Registry, tenant: &Tenant) -> String {
    let mut nav = String::new();
    for other in registry.all() {
        let about = other.summary();
        let current = if other.id == tenant.id() { " aria-current=\"page\"" } else { "" };
        let key = if registry.is_default(&other.id) { "default key" } else { "another key" };
        let _ = write!(
            nav,
            "<li><a href=\"/?tenant={id}\"{current}><code>{id}</code><small>{key}, requests: {requests}</small></a></li>",
            id = Escaped(&other.id),
            requests = Escaped(&about["requests"]),
        );
    }
    let main = format!(
        "<div class=\"columns\"><nav aria-label=\"Tenants\"><h2>Tenants</h2><ul>{nav}</ul></nav>\
         <div>{about}{clock}{requests}{outbox}{deliveries}{faults}</div></div>",
        about = about(tenant),
        clock = clock(tenant),
        requests = requests(tenant),
        outbox = outbox(tenant),
        deliveries = deliveries(tenant),
        faults = faults(tenant),
    );
    frame(&main)
}

pub(super) fn error(message: &str) -> String {
    frame(&format!(
        "<section class=\"alert\" role=\"alert\"><h2>Error</h2><p>{}</p><p><a href=\"/\">Back</a></p></section>",
        Escaped(message)
    ))
}

fn frame(main: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Grinfi sandbox</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>{STYLE}</style></head>\
         <body><a class=\"skip\" href=\"#main\">Skip to content</a><header><h1>Grinfi sandbox</h1>\
         <p class=\"soft\">No message is delivered. The data on this page is also available as JSON at \
         <a href=\"/_sandbox\">/_sandbox</a>.</p></header><main id=\"main\">{main}</main></body></html>"
    )
}

fn about(tenant: &Tenant) -> String {
    let about = tenant.core().summary();
    let mut facts = String::new();
    for (label, field) in [
        ("Seed", "seed"),
        ("Contacts", "contacts"),
        ("Messages in the outbox", "outbox"),
        ("Webhook calls", "deliveries"),
        ("Credits", "credits"),
        ("Requests per minute", "rate_limit"),
    ] {
        let value = &about[field];
        let value =
            value.as_str().map_or_else(|| value.to_string().replace("null", "unlimited"), str::to_owned);
        let _ = write!(facts, "<div><dt>{label}</dt><dd>{}</dd></div>", Escaped(value));
    }
    let snapshots = tenant.snapshots().join(", ");
    if !snapshots.is_empty() {
        let _ = write!(facts, "<div><dt>Snapshots</dt><dd>{}</dd></div>", Escaped(snapshots));
    }
    format!(
        "<section aria-labelledby=\"tenant\"><h2 id=\"tenant\">Tenant <code>{}</code></h2><dl>{facts}</dl>\
         <div class=\"forms\">{}</div></section>",
        Escaped(tenant.id()),
        form(tenant, "reset", "", "Reset this tenant"),
    )
}

fn clock(tenant: &Tenant) -> String {
    let (now, frozen) = (tenant.clock().now(), tenant.clock().is_frozen());
    let state = if frozen { "frozen" } else { "running" };
    let (action, label) = if frozen { ("resume", "Resume") } else { ("freeze", "Freeze") };
    let step = |seconds: u32, label: &str| {
        form(
            tenant,
            "advance",
            &format!("<input type=\"hidden\" name=\"seconds\" value=\"{seconds}\">"),
            label,
        )
    };
    let seconds = "<label>Seconds<input type=\"number\" name=\"seconds\" min=\"0\" step=\"any\" value=\"10\" required></label>";
    let time =
        format!("<label>Time (UTC)<input name=\"time\" value=\"{}\" required></label>", Escaped(iso(now)));
    format!(
        "<section aria-labelledby=\"clock\"><h2 id=\"clock\">Clock</h2><p>{} ({state})</p>\
         <div class=\"forms\">{}{}{}{}</div><div class=\"forms\">{}{}</div></section>",
        time_element(now),
        form(tenant, action, "", label),
        step(60, "+ 1 minute"),
        step(3600, "+ 1 hour"),
        step(86_400, "+ 1 day"),
        form(tenant, "advance", seconds, "Advance"),
        form(tenant, "set", &time, "Set"),
    )
}

fn form(tenant: &Tenant, action: &str, fields: &str, label: &str) -> String {
    format!(
        "<form method=\"post\" action=\"/\"><input type=\"hidden\" name=\"tenant\" value=\"{}\">\
         <input type=\"hidden\" name=\"do\" value=\"{action}\">{fields}<button>{label}</button></form>",
        Escaped(tenant.id())
    )
}

fn requests(tenant: &Tenant) -> String {
    let all = tenant.requests();
    let shown: String = all.iter().rev().take(SHOWN).map(request).collect();
    list("requests", "Requests", all.len(), &shown, "No requests with this key yet.")
}

fn request(request: &LoggedRequest) -> String {
    let kind = match request.status {
        200..300 => "good",
        0 | 500.. => "bad",
        _ => "warn",
    };
    let status = if request.status == 0 { "reset".to_owned() } else { request.status.to_string() };
    let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
    let mut inside = String::new();
    if let Some(message) = &request.message {
        let _ = write!(inside, "<p>{}</p>", Escaped(message));
    }
    if !request.reasons.is_empty() {
        inside.push_str("<ul>");
        for reason in &request.reasons {
            let _ = write!(
                inside,
                "<li>{} <code>{}</code>: {}</li>",
                reason.part,
                Escaped(&reason.pointer),
                Escaped(&reason.message)
            );
        }
        inside.push_str("</ul>");
    }
    for fault in &request.faults {
        let _ = write!(inside, "<p>Fault rule {fault} was applied.</p>");
    }
    if !request.body.is_empty() {
        let _ = write!(inside, "<p class=\"soft\">Body</p><pre>{}</pre>", Escaped(shortened(&request.body)));
    }
    let _ = write!(
        inside,
        "<p class=\"soft\">As a curl command</p><pre>{}</pre>",
        Escaped(shortened(&request.curl))
    );
    // Failed requests are opened.
    let open = if kind == "good" { "" } else { " open" };
    format!(
        "<details{open}><summary><span class=\"state {kind}\">{status}</span><code>{} {}{}</code>\
         <span class=\"soft\">{} · {}</span></summary><div class=\"inside\">{inside}</div></details>",
        Escaped(&request.method),
        Escaped(&request.path),
        Escaped(shortened(&query)),
        Escaped(request.operation.as_deref().unwrap_or("no operation")),
        time_element(request.at),
    )
}

fn outbox(tenant: &Tenant) -> String {
    let all = tenant.outbox();
    let shown: String = all.iter().rev().take(SHOWN).map(message).collect();
    list("outbox", "Outbox", all.len(), &shown, "No messages would have been sent.")
}

fn message(message: &OutboxMessage) -> String {
    let channel = serde_json::to_value(message.channel).unwrap_or_default();
    let address = message.recipient_email.as_ref().or(message.recipient_linkedin.as_ref());
    let address = address.map(|address| format!(" ({address})")).unwrap_or_default();
    let subject =
        message.subject.as_ref().map(|subject| format!("<p><strong>{}</strong></p>", Escaped(subject)));
    format!(
        "<article><p>{} → <strong>{}</strong>{} <span class=\"soft\">by {} · {}</span></p>{}<pre>{}</pre></article>",
        Escaped(&message.sender_name),
        Escaped(&message.recipient_name),
        Escaped(address),
        Escaped(channel.as_str().unwrap_or_default()),
        time_element(message.queued_at),
        subject.unwrap_or_default(),
        Escaped(shortened(&message.text)),
    )
}

fn deliveries(tenant: &Tenant) -> String {
    let all = tenant.deliveries();
    let shown: String = all.iter().rev().take(SHOWN).map(delivery).collect();
    list("deliveries", "Webhook calls", all.len(), &shown, "No webhook calls yet.")
}

fn delivery(delivery: &Delivery) -> String {
    let (kind, state) = match delivery.state {
        DeliveryState::Delivered => ("good", "delivered"),
        DeliveryState::Waiting => ("warn", "waiting"),
        DeliveryState::Failed => ("bad", "failed"),
        DeliveryState::Blocked => ("bad", "blocked"),
    };
    let mut inside = String::new();
    if let Some(reason) = &delivery.reason {
        let _ = write!(inside, "<p>{}</p>", Escaped(reason));
    }
    for attempt in &delivery.attempts {
        let outcome =
            attempt.status.map(|status| status.to_string()).or(attempt.error.clone()).unwrap_or_default();
        let _ = write!(inside, "<p>{}: {}</p>", time_element(attempt.at), Escaped(outcome));
    }
    if let Some(next) = delivery.next_attempt {
        let _ = write!(inside, "<p>Next attempt {}</p>", time_element(next));
    }
    // Queries of webhook URLs often contain secrets.
    let url = delivery.url.split('?').next().unwrap_or_default();
    format!(
        "<details><summary><span class=\"state {kind}\">{state}</span><code>{} {}</code>\
         <span class=\"soft\">{}</span></summary><div class=\"inside\">{inside}<pre>{}</pre></div></details>",
        Escaped(&delivery.method),
        Escaped(url),
        Escaped(&delivery.event),
        Escaped(shortened(&delivery.body.to_string())),
    )
}

fn faults(tenant: &Tenant) -> String {
    let all = tenant.faults();
    let row = |active: &crate::faults::ActiveFault| {
        let rule = serde_json::to_string(&active.rule).unwrap_or_default();
        let (id, applied, matched) = (active.id, active.applied, active.matched);
        format!(
            "<article><p>Rule {id}: applied to {applied} of {matched} matching calls</p><pre>{}</pre></article>",
            Escaped(rule)
        )
    };
    let shown: String = all.iter().map(row).collect();
    list("faults", "Faults", all.len(), &shown, "No fault rules.")
}

fn list(id: &str, title: &str, count: usize, shown: &str, none: &str) -> String {
    let more = if count > SHOWN { format!(", latest {SHOWN} shown") } else { String::new() };
    let content = if count == 0 { format!("<p class=\"soft\">{none}</p>") } else { shown.to_owned() };
    format!(
        "<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{title} <span class=\"soft\">({count}{more})</span></h2>{content}</section>"
    )
}

fn iso(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn time_element(time: DateTime<Utc>) -> String {
    format!("<time datetime=\"{}\">{}</time>", Escaped(iso(time)), time.format("%Y-%m-%d %H:%M:%S UTC"))
}

/// Shortens long text.
fn shortened(text: &str) -> String {
    const MAX_CHARS: usize = 4000;
    match text.char_indices().nth(MAX_CHARS) {
        Some((at, _)) => format!("{} …", &text[..at]),
        None => text.to_owned(),
    }
}
