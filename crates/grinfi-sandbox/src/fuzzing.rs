//! Entry points for the fuzz targets of the workspace. They exist with `--cfg fuzzing`, and in the unit tests, which
//! replay the corpus.
//!
//! A panic is a finding, and so is a wrong result.

use serde_json::{Value, json};

use crate::action::RecordedRequest;
use crate::call::ApiResponse;
use crate::clock::Clock;
use crate::decode;
use crate::http::{parse_json_map, parse_query};
use crate::mode::Mode;
use crate::page;
use crate::record::{Record, text};
use crate::rejection::Rejection;
use crate::scheduler;
use crate::seed::Seed;
use crate::seed_data;
use crate::store::Store;
use crate::table::Table;

const UPLOAD: &str = "/leads/api/file-imports/upload-csv";

/// Targets of import columns: valid, duplicate and unknown ones.
const TARGETS: [&str; 8] = [
    "linkedin_id",
    "name",
    "email",
    "persona",
    "custom_fields.persona",
    "ln_member_id",
    "domain",
    "first_name",
];

fn new_store(seed: Seed) -> Store {
    let mut store = Store::new(Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap_or_default()));
    seed_data::fill(&mut store, seed, 0);
    store
}

fn call(
    store: &mut Store,
    method: &str,
    path: &str,
    query: &str,
    content_type: Option<&str>,
    body: &[u8],
) -> Result<ApiResponse, Rejection> {
    let request = RecordedRequest {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        content_type: content_type.map(str::to_owned),
        body: body.to_vec(),
    };
    // In documented mode the request may be rejected, but must not panic.
    drop(decode::request(&request, Mode::Documented));
    let (handler, call) = decode::request(&request, Mode::Observed)?;
    let result = scheduler::with_due_jobs(store, |store| handler.run(store, &call));
    if let Err(rejection) = &result {
        let expected = rejection.status < 500 || rejection.message.starts_with("Undefined column");
        assert!(expected, "{rejection:?}");
    }
    result
}

/// Lists records of several types with a filter, given as a JSON body and as a query. The column store must find the
/// same rows as a scan.
pub fn filter(bytes: &[u8]) {
    thread_local! {
        static STORE: Store = new_store(Seed::Contacts(23));
    }
    let Ok(query) = std::str::from_utf8(bytes) else { return };
    let parameters = [parse_json_map(bytes).ok(), Some(parse_query(query))];
    STORE.with(|store| {
        let tables: [&Table; 8] = [
            store.contacts.table(),
            &store.companies,
            &store.tasks,
            &store.automations,
            &store.enrollments,
            &store.sender_profiles,
            &store.mailboxes,
            &store.custom_fields,
        ];
        for parameters in parameters.into_iter().flatten() {
            tables.iter().for_each(|table| listed(table, &parameters));
        }
    });
}

fn listed(table: &Table, parameters: &Record) {
    let wanted = parameters.get("filter").unwrap_or(&Value::Null);
    let Ok(filter) = crate::filter::Filter::parse(wanted, table.schema()) else { return };
    let Ok(listing) = page::list(table, parameters) else { return };
    let matching = table.rows().filter(|row| filter.matches(*row)).count();
    assert_eq!(listing.plain()["total"], json!(matching), "{parameters:?}");
}

/// Uploads a CSV file, imports it as contacts and companies, and exports them again. The export must be valid CSV.
pub fn csv(bytes: &[u8]) {
    let mut store = new_store(Seed::Empty);
    let field = json!({"name": "persona", "object": "lead"}).to_string();
    drop(call(&mut store, "POST", "/leads/api/custom-fields", "", None, field.as_bytes()));
    for what in ["leads", "companies"] {
        let Some(form) = form_of(bytes) else { return };
        let Ok(reply) =
            call(&mut store, "POST", UPLOAD, "", Some("multipart/form-data; boundary=~edge~"), &form)
        else {
            return;
        };
        let uploaded = reply.body.unwrap_or_default();
        let columns = uploaded["payload"]["columns"].as_array().cloned().unwrap_or_default();
        let columns: Vec<Value> = columns
            .iter()
            .enumerate()
            .filter(|(_, name)| name.as_str().is_some_and(|name| !name.trim().is_empty()))
            .map(|(at, name)| json!({"source": name, "target": TARGETS[at % TARGETS.len()]}))
            .filter(|column| what == "leads" || column["target"] == "name" || column["target"] == "domain")
            .collect();
        let uuid = uploaded["uuid"].as_str().unwrap_or_default();
        let path = format!("/leads/api/file-imports/{uuid}/import-{what}");
        let body = json!({"columns": columns}).to_string();
        drop(call(&mut store, "POST", &path, "", None, body.as_bytes()));
        exported(&mut store, what);
    }
}

fn exported(store: &mut Store, what: &str) {
    let all = json!({"filter": {"all": true}}).to_string();
    let path = format!("/leads/api/file-exports/{what}");
    let Ok(reply) = call(store, "POST", &path, "", None, all.as_bytes()) else { return };
    store.clock.advance(std::time::Duration::from_secs(5));
    let name = reply
        .body
        .as_ref()
        .and_then(Value::as_object)
        .and_then(|it| text(it, "file_name"))
        .unwrap_or_default();
    let body = json!({"file_name": name}).to_string();
    let file = call(store, "POST", "/leads/api/file-exports/download", "", None, body.as_bytes());
    let content = file.ok().and_then(|file| file.csv).unwrap_or_default();
    let mut reader = ::csv::Reader::from_reader(content.as_bytes());
    let lines = reader.records().inspect(|line| assert!(line.is_ok(), "{line:?}")).count();
    let table = if what == "leads" { store.contacts.table() } else { &store.companies };
    assert_eq!(lines, table.len(), "{content}");
}

/// Returns a form that uploads the bytes; `None` if they contain its boundary.
fn form_of(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.windows(6).any(|window| window == b"~edge~") {
        return None;
    }
    let head = "--~edge~\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\ncsv_leads\r\n--~edge~\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n";
    Some([head.as_bytes(), bytes, b"\r\n--~edge~--\r\n"].concat())
}

/// Sends a form to the operations that take one: the first line is its content type, the rest its body.
pub fn multipart(bytes: &[u8]) {
    let at = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (kind, body) = bytes.split_at(at);
    let Ok(kind) = std::str::from_utf8(kind) else { return };
    let body = body.get(1..).unwrap_or_default();
    let mut store = new_store(Seed::Empty);
    for path in [UPLOAD, "/flows/api/attachments"] {
        drop(call(&mut store, "POST", path, "", Some(kind.trim()), body));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corpus_does_not_panic() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus");
        type FuzzTarget = (&'static str, fn(&[u8]));
        let doors: [FuzzTarget; 3] = [("filter", filter), ("csv", csv), ("multipart", multipart)];
        for (name, door) in doors {
            let files: Vec<_> = std::fs::read_dir(folder.join(name)).unwrap().map(Result::unwrap).collect();
            assert!(files.len() >= 5, "{name}");
            files.iter().for_each(|file| door(&std::fs::read(file.path()).unwrap()));
        }
    }
}
