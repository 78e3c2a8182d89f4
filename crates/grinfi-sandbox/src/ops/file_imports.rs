//! Imports of CSV files: uploaded first, read then, with the columns of the file given to fields. They are done when they
//! are answered.

use serde_json::{Value, json};

use super::contact_fields::ContactFields;
use super::input::{Fields, found};
use super::{Answer, Call, Reply, blacklist, companies, contacts, data_sources, records};
use crate::record::{Record, set, text};
use crate::refusal::{Faults, Refusal};
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

pub(super) fn upload(store: &mut Store, call: &Call) -> Answer {
    let mut faults = Faults::default();
    // The vendor's own client sends the file alone.
    let fields = Fields::of(&call.body);
    let kind = match fields.given("type") {
        Some(_) => fields.one_of("type", &TYPES, &mut faults),
        None => TYPES[0],
    };
    let file = call.file("file");
    if file.is_none() {
        faults.missing("file");
    }
    let content = file.and_then(|file| std::str::from_utf8(&file.content).ok());
    if file.is_some() && content.is_none() {
        faults.add("file", "The file must be text in UTF-8.");
    }
    let content = content.unwrap_or_default();
    let columns = columns_of(content);
    if file.is_some() && faults.is_empty() && columns.is_empty() {
        faults.add("file", "The file must be a CSV file with a line of column names.");
    }
    faults.finish()?;
    let rows = reader(content).records().count();
    let name = file.and_then(|file| file.name.clone());
    let values = json!({
        "type": kind,
        "payload": {"file_name": name, "columns": columns, "rows_count": rows},
        "status": "uploaded",
        "content": content,
    });
    Ok(Reply::ok(records::add(store, |it| &mut it.file_imports, values)))
}

/// A reader that takes lines of any length, a byte order mark and either separator.
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

/// Which column of the file goes where.
struct Mapping {
    at: usize,
    target: String,
}

/// The mapping as it is described, `columns: [{source, target}]`. The vendor's own client sends `column_mapping`, an object from
/// column to field.
fn with_columns(body: &Record) -> Record {
    let mut body = body.clone();
    if let (None, Some(Value::Object(mapping))) = (body.get("columns"), body.get("column_mapping")) {
        let columns: Value =
            mapping.iter().map(|(source, target)| json!({"source": source, "target": target})).collect();
        set(&mut body, "columns", columns);
    }
    body
}

/// What an import does with contacts that are there already, and where its contacts come from.
struct Options {
    update_if_exists: bool,
    move_to_list: bool,
    data_source: Option<String>,
}

impl Options {
    // assumed: import-options
    fn read(store: &Store, fields: &Fields<'_>, faults: &mut Faults) -> Options {
        fields.if_given_exists("data_source_uuid", faults, |uuid| store.data_sources.contains(uuid));
        // The first row names the columns, so it never is a record.
        fields.flag("skip_first_row", faults);
        Options {
            update_if_exists: fields.flag("update_if_exists", faults).unwrap_or(true),
            move_to_list: fields.flag("move_to_list", faults).unwrap_or(false),
            data_source: fields.text("data_source_uuid", faults).map(str::to_owned),
        }
    }
}

/// Reads `columns: [{source, target}]` against the file's own.
fn mappings(
    fields: &Fields<'_>,
    columns: &[String],
    known: impl Fn(&str) -> bool,
    faults: &mut Faults,
) -> Vec<Mapping> {
    if fields.given("columns").is_none_or(|columns| columns.as_array().is_some_and(Vec::is_empty)) {
        faults.missing("columns");
    }
    let mut mappings = Vec::new();
    for (at, column) in fields.list("columns", faults).into_iter().flatten().enumerate() {
        let place = format!("columns.{at}");
        let Some(column) = column.as_object() else {
            faults.add(&place, format!("The {place} must be an object."));
            continue;
        };
        let column = Fields::within(column, &place);
        let (source, target) =
            (column.required_text("source", faults), column.required_text("target", faults));
        let found = columns.iter().position(|name| name.trim() == source.trim());
        if found.is_none() && !source.is_empty() {
            faults.add(&column.path("source"), format!("The file has no column {source:?}."));
        }
        if !target.is_empty() && !known(target) {
            faults.add(&column.path("target"), format!("There is no field {target:?}."));
        }
        if let Some(at) = found {
            mappings.push(Mapping { at, target: target.to_owned() });
        }
    }
    mappings
}

/// A line's values by their targets; empty cells are left out.
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
/// 404 for an upload that is not there; 422 for one that was imported before (assumed).
// assumed: import-once
fn take(store: &Store, call: &Call) -> Result<(String, Vec<String>), Refusal> {
    let row = found(store.file_imports.row(&call.key()), "File import")?;
    if !row.is("status", "uploaded") {
        return Err(Refusal::invalid("uuid", "The file has been imported already."));
    }
    let content = row.text("content").unwrap_or_default().to_owned();
    let columns = columns_of(&content);
    Ok((content, columns))
}

/// Each line is matched as upsert does; who is there is updated and stays in its list. Who is blacklisted is left out.
/// Without a list a new one is made, named after the file.
// assumed: background
pub(super) fn leads(store: &mut Store, call: &Call) -> Answer {
    let (content, columns) = take(store, call)?;
    let mut faults = Faults::default();
    let body = with_columns(&call.body);
    let fields = Fields::of(&body);
    let options = Options::read(store, &fields, &mut faults);
    let known = |target: &str| {
        LEAD_FIELDS.contains(&target) || store.custom_field_named("lead", bare(target)).is_some()
    };
    let mappings = mappings(&fields, &columns, known, &mut faults);
    fields.if_given_exists("list_uuid", &mut faults, |uuid| store.lists.contains(uuid));
    let list = fields.text("list_uuid", &mut faults).map(str::to_owned);
    let tags = fields.given("tags").map(|_| fields.required_texts("tags", &mut faults)).unwrap_or_default();
    if tags.iter().any(|uuid| !store.tags.contains(uuid)) {
        faults.add("tags", "The selected tags do not all exist.");
    }
    faults.finish()?;
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
        lead(store, values, &Target { list: &list, tags: &tags, source: &source }, &options, &mut counts);
    }
    counts.keep(store, &key, &source);
    Ok(Reply::empty())
}

fn bare(target: &str) -> &str {
    target.strip_prefix("custom_fields.").unwrap_or(target)
}

/// What became of the lines.
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

/// Where the contacts of an import go.
struct Target<'a> {
    list: &'a str,
    tags: &'a [String],
    source: &'a str,
}

/// One line becomes a contact, new or changed.
// assumed: import-match
fn lead(store: &mut Store, mut values: Record, target: &Target<'_>, options: &Options, counts: &mut Counts) {
    if let Some(name) = values.remove("name").and_then(|name| name.as_str().map(str::to_owned))
        && !values.contains_key("first_name")
    {
        let (first, last) = name.split_once(' ').unwrap_or((&name, ""));
        set(&mut values, "first_name", first);
        if !last.trim().is_empty() {
            set(&mut values, "last_name", last.trim());
        }
    }
    let mut faults = Faults::default();
    let fields = ContactFields::read(&Fields::of(&values), &mut faults);
    if faults.finish().is_err() || !fields.is_somebody() {
        counts.errors += 1;
        return;
    }
    if blacklist::holds_lead(store, &fields.columns()) {
        counts.blacklisted += 1;
        return;
    }
    let uuid = match store.contacts.find(&fields.keys()) {
        Some(uuid) => {
            counts.duplicates += 1;
            if options.move_to_list {
                contacts::put(store, &uuid, "list_uuid", target.list);
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
    contacts::change_tags(store, &uuid, |present| {
        for tag in target.tags {
            if !present.contains(tag) {
                present.push(tag.clone());
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

/// Each line is matched by the domain or else the name; who is there is updated.
// assumed: import-companies
pub(super) fn companies(store: &mut Store, call: &Call) -> Answer {
    let (content, columns) = take(store, call)?;
    let mut faults = Faults::default();
    let known = |target: &str| {
        COMPANY_FIELDS.contains(&target) || store.custom_field_named("company", bare(target)).is_some()
    };
    let body = with_columns(&call.body);
    let fields = Fields::of(&body);
    let options = Options::read(store, &fields, &mut faults);
    let mappings = mappings(&fields, &columns, known, &mut faults);
    faults.finish()?;
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
    Ok(Reply::empty())
}
