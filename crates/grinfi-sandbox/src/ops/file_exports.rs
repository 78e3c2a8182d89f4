//! Exports to CSV files. The file is there a second after it was asked for, under the name that the answer carries.

use serde_json::{Value, json};

use super::input::{Fields, found};
use super::{Answer, Call, Reply, mass_actions, records};
use crate::agenda::Job;
use crate::events::Event;
use crate::record::{Record, set, texts};
use crate::refusal::Faults;
use crate::store::Store;
use crate::table::Table;

/// How many seconds an export takes.
const TAKES: i64 = 1;

pub(super) fn leads(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let chosen = mass_actions::chosen(store.contacts.table(), &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    Ok(Reply::ok(queue(store, "leads", &call.body, chosen)))
}

pub(super) fn companies(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    let chosen = mass_actions::chosen(&store.companies, &Fields::of(&call.body), &mut faults);
    faults.finish()?;
    Ok(Reply::ok(queue(store, "companies", &call.body, chosen)))
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
        // Until it is written, whom it is to hold.
        "content": serde_json::to_string(&chosen).unwrap_or_default(),
    });
    let mut record = records::add_as(store, |it| &mut it.file_exports, &uuid, values);
    set(&mut record, "file_name", format!("{kind}-export-{uuid}.csv"));
    store.plan(TAKES, Job::Export { uuid });
    record
}

/// An export is written, of what its records are by now.
pub(crate) fn write(store: &mut Store, uuid: &str) {
    let Some(row) = store.file_exports.row(uuid).filter(|row| row.is("status", "queued")) else { return };
    let chosen: Value = serde_json::from_str(row.text("content").unwrap_or_default()).unwrap_or_default();
    let (chosen, of_leads) = (texts(&chosen), row.is("type", "leads"));
    let (table, object) =
        if of_leads { (store.contacts.table(), "lead") } else { (&store.companies, "company") };
    let content = csv_of(store, table, object, &chosen);
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

/// A line for each record: its columns, and its custom fields by name.
// assumed: export-content
fn csv_of(store: &Store, table: &Table, object: &str, chosen: &[String]) -> String {
    let columns: Vec<&str> =
        table.schema().columns.iter().filter(|column| column.shown).map(|column| column.name).collect();
    let custom: Vec<&str> = store
        .custom_fields
        .rows()
        .filter(|field| field.is("object", object))
        .filter_map(|field| field.text("name"))
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
    let name = Fields::of(&call.body).required_text("file_name", &mut faults);
    faults.finish()?;
    let mut files = store.file_exports.rows();
    let file = files.find(|row| row.is("file_name", name) && row.is("status", "completed"));
    let file = found(file, "File")?;
    Ok(Reply::csv(file.text("content").unwrap_or_default()))
}
