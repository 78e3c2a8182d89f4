//! Tags, which contacts and companies carry.

use serde_json::{Value, json};

use super::form::{Field, Want, may, must};
use super::input::Fields;
use super::{Answer, Call, Reply, form, records};
use crate::page;
use crate::record::{Record, set, texts};
use crate::refusal::Faults;
use crate::store::Store;
use crate::table::{Row, Table};

const FORM: &[Field] = &[must("name", Want::Text), may("color", Want::Text)];
const METRICS: [&str; 2] = ["leads_count", "companies_count"];

/// All of them: the listing takes no page, no order and no filter.
pub(super) fn list(store: &mut Store, _: &Call) -> Answer {
    Ok(Reply::ok(page::everything(&store.tags).data_only()))
}

pub(super) fn create(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let values = form::read(FORM, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    Ok(Reply::created(records::add(store, |it| &mut it.tags, values.into())))
}

pub(super) fn update(store: &mut Store, call: &Call) -> Answer {
    records::get(&store.tags, call)?;
    let mut faults = Faults::default();
    let changes = form::read_changes(FORM, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    Ok(Reply::ok(records::change(store, |it| &mut it.tags, &call.key(), changes)?))
}

/// Whoever carried the tag carries it no more.
// assumed: tag-delete
pub(super) fn delete(store: &mut Store, call: &Call) -> Answer {
    records::remove(&mut store.tags, call)?;
    let tag = call.key();
    for lead in carriers(store.contacts.table(), &tag) {
        store.contacts.change(&lead, |record| without(record, &tag));
    }
    for company in carriers(&store.companies, &tag) {
        store.companies.change(&company, |record| without(record, &tag));
    }
    Ok(Reply::no_content())
}

fn without(record: &mut Record, tag: &str) {
    let mut tags = record.get("tags").map(texts).unwrap_or_default();
    tags.retain(|it| it != tag);
    set(record, "tags", json!(tags));
}

fn carries(row: Row<'_>, tag: &str) -> bool {
    row.texts("tags").iter().any(|it| it == tag)
}

fn carriers(table: &Table, tag: &str) -> Vec<String> {
    table.keys(|row| carries(row, tag))
}

/// Assumed, as the shape is nowhere described: a map by uuid of the counts asked for, or of both.
// assumed: tag-metrics-shape
pub(super) fn metrics(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    let uuids = fields.required_texts("uuids", &mut faults);
    let asked = fields.required_texts("metrics", &mut faults);
    for (at, metric) in asked.iter().enumerate().filter(|(_, metric)| !METRICS.contains(&metric.as_str())) {
        faults.add(&format!("metrics.{at}"), format!("{metric} is no metric of tags."));
    }
    faults.finish()?;
    let counts = uuids.into_iter().filter(|uuid| store.tags.contains(uuid)).map(|uuid| {
        let mut counts = Record::new();
        for metric in &asked {
            let table = if metric == "leads_count" { store.contacts.table() } else { &store.companies };
            set(&mut counts, metric, table.rows().filter(|row| carries(*row, &uuid)).count());
        }
        (uuid, Value::Object(counts))
    });
    Ok(Reply::ok(counts.collect::<Value>()))
}
