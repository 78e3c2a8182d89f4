//! Exports to CSV files. The file is available a second after the request, under the name in the response.

use serde_json::{Value, json};

use super::input::{Fields, found};
use super::{records, selection};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::events::Event;
use crate::filter::Filter;
use crate::jobs::Job;
use crate::record::{Record, set, texts};
use crate::rejection::{FieldErrors, Rejection};
use crate::store::Store;
use crate::table::Table;

/// Seconds that an export takes.
const DURATION_SECONDS: i64 = 1;

pub(super) fn contacts(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let selected = selected(store.contacts.table(), call, &mut errors)?;
    let fields = Fields::of(&call.body);
    let _ = fields.given("fields").map(|_| fields.required_texts("fields", &mut errors));
    errors.finish()?;
    Ok(ApiResponse::ok(queue(store, "leads", &call.body, selected)))
}

pub(super) fn companies(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let selected = selected(&store.companies, call, &mut errors)?;
    let fields = Fields::of(&call.body);
    let _ = fields.given("fields").map(|_| fields.required_texts("fields", &mut errors));
    errors.finish()?;
    Ok(ApiResponse::ok(queue(store, "companies", &call.body, selected)))
}

/// Selects records like a mass action, or by the filter of a search as the vendor's own client sends it. Without a
/// filter, selects everything.
fn selected(table: &Table, call: &Call, errors: &mut FieldErrors) -> Result<Vec<String>, Rejection> {
    let fields = Fields::of(&call.body);
    let filter = fields.given("filter").and_then(Value::as_object);
    let is_selection = filter
        .is_some_and(|filter| ["ids", "all", "excludeIds"].iter().any(|name| filter.contains_key(*name)));
    if is_selection || fields.given("filter").is_some_and(|filter| !filter.is_object()) {
        return Ok(selection::selected(table, &fields, errors));
    }
    let filter = Filter::parse(call.body.get("filter").unwrap_or(&Value::Null), table.schema())?;
    Ok(table.keys(|row| filter.matches(row)))
}

/// Queues an export and returns it with its file name, which is assumed.
// assumed: export-file-name
pub(super) fn queue(store: &mut Store, kind: &str, body: &Record, selected: Vec<String>) -> Record {
    let uuid = store.new_uuid();
    let values = json!({
        "type": kind,
        "filter": body.get("filter"),
        "status": "queued",
        "file_name": format!("{kind}-export-{uuid}.csv"),
        // Until the file is written: the selected records and fields.
        "content": json!([selected, body.get("fields")]).to_string(),
    });
    let mut record = records::add_as(store, |it| &mut it.file_exports, &uuid, values);
    set(&mut record, "file_name", format!("{kind}-export-{uuid}.csv"));
    store.schedule(DURATION_SECONDS, Job::WriteExport { uuid });
    record
}

/// Writes the file of an export from the current records.
pub(crate) fn write(store: &mut Store, uuid: &str) {
    let Some(row) = store.file_exports.row(uuid).filter(|row| row.is("status", "queued")) else { return };
    let planned: Value = serde_json::from_str(row.text("content").unwrap_or_default()).unwrap_or_default();
    let (selected, of_contacts) = (texts(&planned[0]), row.is("type", "leads"));
    let fields = planned[1].as_array().map(|_| texts(&planned[1]));
    let (table, object) =
        if of_contacts { (store.contacts.table(), "lead") } else { (&store.companies, "company") };
    let content = csv_of(store, table, object, &selected, fields.as_deref());
    store.file_exports.change(uuid, |record| {
        set(record, "content", content);
        set(record, "status", "completed");
    });
    if of_contacts {
        for contact in
            selected.iter().filter(|contact| store.contacts.contains(contact)).cloned().collect::<Vec<_>>()
        {
            store.emit(Event::new("contact_exported", &contact));
        }
    }
}

/// Returns the CSV: one row per record with its columns and custom fields, limited to `fields` if given.
// assumed: export-content
fn csv_of(
    store: &Store,
    table: &Table,
    object: &str,
    selected: &[String],
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
    // Writing to memory cannot fail.
    drop(writer.write_record(columns.iter().chain(&custom)));
    for row in selected.iter().filter_map(|uuid| table.row(uuid)) {
        let values = store.custom_values_by_name(&row.key());
        let cells = columns.iter().map(|name| cell_text(&row.value(name)));
        let values = custom.iter().map(|name| cell_text(values.get(*name).unwrap_or(&Value::Null)));
        drop(writer.write_record(cells.chain(values)));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// Formats a value for a cell: text as it is, lists of text with commas, anything else as JSON.
fn cell_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => texts(value).join(","),
        value => value.to_string(),
    }
}

/// Returns the file of a finished export.
pub(super) fn download(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    let fields = Fields::of(&call.body);
    // The vendor's own client identifies the export by its UUID.
    let column = if fields.given("uuid").is_some() { "uuid" } else { "file_name" };
    let name = fields.required_text(column, &mut errors);
    errors.finish()?;
    let mut files = store.file_exports.rows();
    let file = files.find(|row| row.is(column, name) && row.is("status", "completed"));
    let file = found(file, "File")?;
    Ok(ApiResponse::csv(file.text("content").unwrap_or_default()))
}
