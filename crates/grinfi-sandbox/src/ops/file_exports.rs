//! Exports to CSV files. The file is there a second after it was asked for, under the name that the answer carries.

use serde_json::{Value, json};

use super::input::{Fields, found};
use super::{Answer, Call, Reply, mass_actions, records};
use crate::agenda::Job;
use crate::events::Event;
use crate::filter::Filter;
use crate::record::{Record, set, texts};
use crate::refusal::{Faults, Refusal};
use crate::store::Store;
use crate::table::Table;

/// How many seconds an export takes.
const TAKES: i64 = 1;

pub(super) fn leads(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let chosen = chosen(store.contacts.table(), call, &mut faults)?;
    let fields = Fields::of(&call.body);
    let _ = fields.given("fields").map(|_| fields.required_texts("fields", &mut faults));
    faults.finish()?;
    Ok(Reply::ok(queue(store, "leads", &call.body, chosen)))
}

pub(super) fn companies(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let chosen = chosen(&store.companies, call, &mut faults)?;
    let fields = Fields::of(&call.body);
    let _ = fields.given("fields").map(|_| fields.required_texts("fields", &mut faults));
    faults.finish()?;
    Ok(Reply::ok(queue(store, "companies", &call.body, chosen)))
}

/// Selects records as a mass action does, or by the filter of a search as the vendor's own client sends it. Without a filter
/// everything is selected.
fn chosen(table: &Table, call: &Call, faults: &mut Faults) -> Result<Vec<String>, Refusal> {
    let fields = Fields::of(&call.body);
    let filter = fields.given("filter").and_then(Value::as_object);
    let is_selection = filter
        .is_some_and(|filter| ["ids", "all", "excludeIds"].iter().any(|name| filter.contains_key(*name)));
    if is_selection || fields.given("filter").is_some_and(|filter| !filter.is_object()) {
        return Ok(mass_actions::chosen(table, &fields, faults));
    }
    let filter = Filter::parse(call.body.get("filter").unwrap_or(&Value::Null), table.schema())?;
    Ok(table.keys(|row| filter.matches(row)))
}

/// Queues an export of those records. Assumed: the answer has the name of the file, which is nowhere described.
// assumed: export-file-name
pub(super) fn queue(store: &mut Store, kind: &str, body: &Record, chosen: Vec<String>) -> Record {
    let uuid = store.new_uuid();
    let values = json!({
        "type": kind,
        "filter": body.get("filter"),
        "status": "queued",
        "file_name": format!("{kind}-export-{uuid}.csv"),
        // Until it is written, whom it is to hold, and of what fields if not of all.
        "content": json!([chosen, body.get("fields")]).to_string(),
    });
    let mut record = records::add_as(store, |it| &mut it.file_exports, &uuid, values);
    set(&mut record, "file_name", format!("{kind}-export-{uuid}.csv"));
    store.plan(TAKES, Job::Export { uuid });
    record
}

/// An export is written, of what its records are by now.
pub(crate) fn write(store: &mut Store, uuid: &str) {
    let Some(row) = store.file_exports.row(uuid).filter(|row| row.is("status", "queued")) else { return };
    let planned: Value = serde_json::from_str(row.text("content").unwrap_or_default()).unwrap_or_default();
    let (chosen, of_leads) = (texts(&planned[0]), row.is("type", "leads"));
    let fields = planned[1].as_array().map(|_| texts(&planned[1]));
    let (table, object) =
        if of_leads { (store.contacts.table(), "lead") } else { (&store.companies, "company") };
    let content = csv_of(store, table, object, &chosen, fields.as_deref());
    store.file_exports.change(uuid, |record| {
        set(record, "content", content);
        set(record, "status", "completed");
    });
    if of_leads {
        for lead in chosen.iter().filter(|lead| store.contacts.contains(lead)).cloned().collect::<Vec<_>>() {
            store.emit(Event::new("contact_exported", &lead));
        }
    }
}

/// A line for each record: its columns, and its custom fields by name; of these the `fields`, if they are given.
// assumed: export-content
fn csv_of(
    store: &Store,
    table: &Table,
    object: &str,
    chosen: &[String],
    fields: Option<&[String]>,
) -> String {
    let wanted = |name: &&str| fields.is_none_or(|fields| fields.iter().any(|field| field == name));
    let shown_columns = table.schema().columns.iter().filter(|column| column.shown);
    let columns: Vec<&str> = shown_columns.map(|column| column.name).filter(wanted).collect();
    let custom: Vec<&str> = store
        .custom_fields
        .rows()
        .filter(|field| field.is("object", object))
        .filter_map(|field| field.text("name"))
        .filter(wanted)
        .collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail.
    drop(writer.write_record(columns.iter().chain(&custom)));
    for row in chosen.iter().filter_map(|uuid| table.row(uuid)) {
        let values = store.custom_values_by_name(&row.key());
        let cells = columns.iter().map(|name| shown(&row.value(name)));
        let values = custom.iter().map(|name| shown(values.get(*name).unwrap_or(&Value::Null)));
        drop(writer.write_record(cells.chain(values)));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// A value in a cell: texts as they are, lists of texts with commas, anything else as JSON.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => texts(value).join(","),
        value => value.to_string(),
    }
}

/// The file, once it is written.
pub(super) fn download(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let fields = Fields::of(&call.body);
    // The vendor's own client names the export by its id.
    let column = if fields.given("uuid").is_some() { "uuid" } else { "file_name" };
    let name = fields.required_text(column, &mut faults);
    faults.finish()?;
    let mut files = store.file_exports.rows();
    let file = files.find(|row| row.is(column, name) && row.is("status", "completed"));
    let file = found(file, "File")?;
    Ok(Reply::csv(file.text("content").unwrap_or_default()))
}
