//! Imports of CSV files: an upload, then an import with a mapping of columns to fields. Imports finish before the
//! response.

use serde_json::{Value, json};

use super::contact_fields::ContactFields;
use super::input::{Fields, found};
use super::{blacklist, companies, contact_changes, data_sources, records};
use crate::call::{ApiResponse, ApiResult, Call};
use crate::record::{Record, set, text};
use crate::rejection::{FieldErrors, Rejection};
use crate::store::Store;

const TYPES: [&str; 1] = ["csv_leads"];
const LEAD_FIELDS: [&str; 19] = [
    "linkedin_id",
    "first_name",
    "last_name",
    "name",
    "company_name",
    "ln_id",
    "sn_id",
    "ln_member_id",
    "linkedin",
    "email",
    "work_email",
    "personal_email",
    "about",
    "domain",
    "headline",
    "position",
    "raw_address",
    "work_phone_number",
    "personal_phone_number",
];
const COMPANY_FIELDS: [&str; 11] = [
    "name",
    "domain",
    "website",
    "linkedin",
    "ln_id",
    "industry",
    "employees_range",
    "hq_raw_address",
    "phone",
    "about",
    "year_established",
];

pub(super) fn upload(store: &mut Store, call: &Call) -> ApiResult {
    let mut errors = FieldErrors::default();
    // The vendor's own client sends only the file.
    let fields = Fields::of(&call.body);
    let kind = match fields.given("type") {
        Some(_) => fields.one_of("type", &TYPES, &mut errors),
        None => TYPES[0],
    };
    let file = call.file("file");
    if file.is_none() {
        errors.missing("file");
    }
    let content = file.and_then(|file| std::str::from_utf8(&file.content).ok());
    if file.is_some() && content.is_none() {
        errors.add("file", "The file must be UTF-8 text.");
    }
    let content = content.unwrap_or_default();
    let columns = columns_of(content);
    if file.is_some() && errors.is_empty() && columns.is_empty() {
        errors.add("file", "The file must be a CSV file with a header row.");
    }
    errors.finish()?;
    let rows = reader(content).records().count();
    let name = file.and_then(|file| file.name.clone());
    let values = json!({
        "type": kind,
        "payload": {"file_name": name, "columns": columns, "rows_count": rows},
        "status": "uploaded",
        "content": content,
    });
    Ok(ApiResponse::ok(records::add(store, |it| &mut it.file_imports, values)))
}

/// Returns a reader that accepts rows of any length, a byte order mark and either separator.
// assumed: import-file
fn reader(content: &str) -> csv::Reader<&[u8]> {
    let content = content.trim_start_matches('\u{feff}');
    let first = content.lines().next().unwrap_or_default();
    let delimiter = if first.matches(';').count() > first.matches(',').count() { b';' } else { b',' };
    csv::ReaderBuilder::new().flexible(true).delimiter(delimiter).from_reader(content.as_bytes())
}

fn columns_of(content: &str) -> Vec<String> {
    let mut reader = reader(content);
    let headers = reader.headers().ok().map(|headers| headers.iter().map(str::to_owned).collect::<Vec<_>>());
    headers.filter(|headers| headers.iter().any(|name| !name.trim().is_empty())).unwrap_or_default()
}

/// Mapping from columns of the file to fields.
struct Mapping {
    at: usize,
    target: String,
}

/// Reads the documented mapping `columns: [{source, target}]`, or `column_mapping` of the vendor's own client, an
/// object from column to field.
fn with_columns(body: &Record) -> Record {
    let mut body = body.clone();
    if let (None, Some(Value::Object(mapping))) = (body.get("columns"), body.get("column_mapping")) {
        let columns: Value =
            mapping.iter().map(|(source, target)| json!({"source": source, "target": target})).collect();
        set(&mut body, "columns", columns);
    }
    body
}

/// How an import treats existing contacts, and its data source.
struct Options {
    update_if_exists: bool,
    move_to_list: bool,
    data_source: Option<String>,
}

impl Options {
    // assumed: import-options
    fn read(store: &Store, fields: &Fields<'_>, errors: &mut FieldErrors) -> Options {
        fields.if_given_exists("data_source_uuid", errors, |uuid| store.data_sources.contains(uuid));
        // The first row contains the column names, so it never is a record.
        fields.flag("skip_first_row", errors);
        Options {
            update_if_exists: fields.flag("update_if_exists", errors).unwrap_or(true),
            move_to_list: fields.flag("move_to_list", errors).unwrap_or(false),
            data_source: fields.text("data_source_uuid", errors).map(str::to_owned),
        }
    }
}

/// Validates `columns: [{source, target}]` against the columns of the file.
fn mappings(
    fields: &Fields<'_>,
    columns: &[String],
    known: impl Fn(&str) -> bool,
    errors: &mut FieldErrors,
) -> Vec<Mapping> {
    if fields.given("columns").is_none_or(|columns| columns.as_array().is_some_and(Vec::is_empty)) {
        errors.missing("columns");
    }
    let mut mappings = Vec::new();
    for (at, column) in fields.list("columns", errors).into_iter().flatten().enumerate() {
        let path = format!("columns.{at}");
        let Some(column) = column.as_object() else {
            errors.add(&path, format!("The {path} must be an object."));
            continue;
        };
        let column = Fields::within(column, &path);
        let (source, target) =
            (column.required_text("source", errors), column.required_text("target", errors));
        let found = columns.iter().position(|name| name.trim() == source.trim());
        if found.is_none() && !source.is_empty() {
            errors.add(&column.path("source"), format!("The file has no column {source:?}."));
        }
        if !target.is_empty() && !known(target) {
            errors.add(&column.path("target"), format!("There is no field {target:?}."));
        }
        if let Some(at) = found {
            mappings.push(Mapping { at, target: target.to_owned() });
        }
    }
    mappings
}

/// Returns the values of a row by field, without empty cells.
fn values_of(line: &csv::StringRecord, mappings: &[Mapping]) -> Record {
    let mut values = Record::new();
    for mapping in mappings {
        if let Some(cell) = line.get(mapping.at).map(str::trim).filter(|cell| !cell.is_empty()) {
            set(&mut values, &mapping.target, cell);
        }
    }
    values
}

/// # Errors
/// 404 for an unknown upload; 422 for one that was imported before (assumed).
// assumed: import-once
fn take(store: &Store, call: &Call) -> Result<(String, Vec<String>), Rejection> {
    let row = found(store.file_imports.row(&call.key()), "File import")?;
    if !row.is("status", "uploaded") {
        return Err(Rejection::invalid("uuid", "The file has been imported already."));
    }
    let content = row.text("content").unwrap_or_default().to_owned();
    let columns = columns_of(&content);
    Ok((content, columns))
}

/// Imports contacts. Each row is matched like an upsert; existing contacts are updated and stay in their list,
/// blacklisted ones are skipped. Without a list, creates one named after the file.
// assumed: background
pub(super) fn contacts(store: &mut Store, call: &Call) -> ApiResult {
    let (content, columns) = take(store, call)?;
    let mut errors = FieldErrors::default();
    let body = with_columns(&call.body);
    let fields = Fields::of(&body);
    let options = Options::read(store, &fields, &mut errors);
    let known = |target: &str| {
        LEAD_FIELDS.contains(&target) || store.custom_field_named("lead", bare(target)).is_some()
    };
    let mappings = mappings(&fields, &columns, known, &mut errors);
    fields.if_given_exists("list_uuid", &mut errors, |uuid| store.lists.contains(uuid));
    let list = fields.text("list_uuid", &mut errors).map(str::to_owned);
    let tags = fields.given("tags").map(|_| fields.required_texts("tags", &mut errors)).unwrap_or_default();
    if tags.iter().any(|uuid| !store.tags.contains(uuid)) {
        errors.add("tags", "The selected tags do not all exist.");
    }
    errors.finish()?;
    let key = call.key();
    let list = list.unwrap_or_else(|| {
        let name = store.file_imports.row(&key).map(|row| row.value("payload")["file_name"].clone());
        let name = name.filter(|name| !name.is_null()).unwrap_or_else(|| json!("Import"));
        let made = records::add(store, |it| &mut it.lists, json!({"name": name}));
        text(&made, "uuid").unwrap_or_default().to_owned()
    });
    let source = options.data_source.clone().unwrap_or_else(|| {
        let values = json!({"type": "csv_leads", "list_uuid": list, "tags": tags, "status": "completed"});
        let source = data_sources::add(store, crate::record::map(values));
        text(&source, "uuid").unwrap_or_default().to_owned()
    });
    let mut counts = Counts::default();
    for line in reader(&content).records() {
        let values = line.map(|line| values_of(&line, &mappings)).unwrap_or_default();
        contact(store, values, &Target { list: &list, tags: &tags, source: &source }, &options, &mut counts);
    }
    counts.keep(store, &key, &source);
    Ok(ApiResponse::empty())
}

fn bare(target: &str) -> &str {
    target.strip_prefix("custom_fields.").unwrap_or(target)
}

/// Counts of imported rows.
#[derive(Debug, Default)]
struct Counts {
    saved: u64,
    duplicates: u64,
    blacklisted: u64,
    errors: u64,
}

impl Counts {
    fn keep(self, store: &mut Store, import: &str, source: &str) {
        store.data_sources.change(source, |record| {
            set(record, "saved_records", self.saved);
            set(record, "duplicate_records", self.duplicates);
            set(record, "blacklisted_records", self.blacklisted);
            set(record, "error_records", self.errors);
        });
        self.close(store, import);
    }

    fn close(self, store: &mut Store, import: &str) {
        store.file_imports.change(import, |record| {
            set(record, "status", "completed");
            set(record, "content", Value::Null);
            if let Some(payload) = record.get_mut("payload").and_then(Value::as_object_mut) {
                set(payload, "saved", self.saved);
                set(payload, "duplicates", self.duplicates);
                set(payload, "blacklisted", self.blacklisted);
                set(payload, "errors", self.errors);
            }
        });
    }
}

/// List, tags and data source of imported contacts.
struct Target<'a> {
    list: &'a str,
    tags: &'a [String],
    source: &'a str,
}

/// Creates or updates the contact of a row.
// assumed: import-match
fn contact(
    store: &mut Store,
    mut values: Record,
    target: &Target<'_>,
    options: &Options,
    counts: &mut Counts,
) {
    if let Some(name) = values.remove("name").and_then(|name| name.as_str().map(str::to_owned))
        && !values.contains_key("first_name")
    {
        let (first, last) = name.split_once(' ').unwrap_or((&name, ""));
        set(&mut values, "first_name", first);
        if !last.trim().is_empty() {
            set(&mut values, "last_name", last.trim());
        }
    }
    let mut errors = FieldErrors::default();
    let fields = ContactFields::read(&Fields::of(&values), &mut errors);
    if errors.finish().is_err() || !fields.identifies_person() {
        counts.errors += 1;
        return;
    }
    if blacklist::has_contact(store, &fields.columns()) {
        counts.blacklisted += 1;
        return;
    }
    let uuid = match store.contacts.find(&fields.keys()) {
        Some(uuid) => {
            counts.duplicates += 1;
            if options.move_to_list {
                contact_changes::put(store, &uuid, "list_uuid", target.list);
            }
            if !options.update_if_exists {
                return;
            }
            fields.update(store, &uuid);
            uuid
        }
        None => {
            counts.saved += 1;
            fields.create(store, target.list, Some(target.source))
        }
    };
    for name in ["work_phone_number", "personal_phone_number"] {
        if let Some(number) = text(&values, name) {
            store.change_contact(&uuid, |record| set(record, name, number));
        }
    }
    contact_changes::change_tags(store, &uuid, |current| {
        for tag in target.tags {
            if !current.contains(tag) {
                current.push(tag.clone());
            }
        }
    });
    for (target, value) in &values {
        let field = if LEAD_FIELDS.contains(&target.as_str()) {
            None
        } else {
            store.custom_field_named("lead", bare(target))
        };
        if let Some(field) = field {
            store.set_custom_value("lead", &uuid, &field, value.as_str().map(str::to_owned));
        }
    }
}

/// Imports companies, matched by domain, then by name; existing ones are updated.
// assumed: import-companies
pub(super) fn companies(store: &mut Store, call: &Call) -> ApiResult {
    let (content, columns) = take(store, call)?;
    let mut errors = FieldErrors::default();
    let known = |target: &str| {
        COMPANY_FIELDS.contains(&target) || store.custom_field_named("company", bare(target)).is_some()
    };
    let body = with_columns(&call.body);
    let fields = Fields::of(&body);
    let options = Options::read(store, &fields, &mut errors);
    let mappings = mappings(&fields, &columns, known, &mut errors);
    errors.finish()?;
    let mut counts = Counts::default();
    for line in reader(&content).records() {
        let mut values = line.map(|line| values_of(&line, &mappings)).unwrap_or_default();
        for name in ["ln_id", "year_established"] {
            if let Some(number) = text(&values, name).map(str::parse::<i64>) {
                set(&mut values, name, number.ok());
            }
        }
        let Some(name) = text(&values, "name").map(str::to_owned) else {
            counts.errors += 1;
            continue;
        };
        let mut columns = values.clone();
        columns.retain(|column, _| COMPANY_FIELDS.contains(&column.as_str()));
        let by_domain = text(&values, "domain").and_then(|domain| {
            let same = |row: &crate::table::Row<'_>| row.is("domain", domain);
            store.companies.rows().find(same).map(crate::table::Row::key)
        });
        let uuid = match by_domain.or_else(|| companies::named(store, &name)) {
            Some(uuid) => {
                counts.duplicates += 1;
                if !options.update_if_exists {
                    continue;
                }
                records::change(store, |it| &mut it.companies, &uuid, columns)?;
                uuid
            }
            None => {
                counts.saved += 1;
                let made = companies::create(store, columns);
                text(&made, "uuid").unwrap_or_default().to_owned()
            }
        };
        for (target, value) in values.iter().filter(|(target, _)| !COMPANY_FIELDS.contains(&target.as_str()))
        {
            if let Some(field) = store.custom_field_named("company", bare(target)) {
                store.set_custom_value("company", &uuid, &field, value.as_str().map(str::to_owned));
            }
        }
    }
    counts.close(store, &call.key());
    Ok(ApiResponse::empty())
}
