//! Doors for the targets in the folder `tests/fuzz`: bytes go in where a request's would. They are there with
//! `--cfg fuzzing` and in the unit tests, which replay the corpus.
//!
//! A panic is a finding, and so is an answer that the doors know to be wrong.

use serde_json::{Value, json};

use crate::clock::Clock;
use crate::http::{self, read_call};
use crate::mode::Mode;
use crate::ops::{self, Reply};
use crate::page;
use crate::record::{Record, text};
use crate::refusal::Refusal;
use crate::seed::{self, Seed};
use crate::store::Store;
use crate::table::Table;
use crate::world::Request;

const UPLOAD: &str = "/leads/api/file-imports/upload-csv";

/// What an import can fill, some twice, and some that nothing has.
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

fn world(seed: Seed) -> Store {
    let mut store = Store::new(Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap_or_default()));
    seed::fill_from(&mut store, seed, 0);
    store
}

fn call(
    store: &mut Store,
    method: &str,
    path: &str,
    query: &str,
    content_type: Option<&str>,
    body: &[u8],
) -> Result<Reply, Refusal> {
    let request = Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        content_type: content_type.map(str::to_owned),
        body: body.to_vec(),
    };
    // By the description it may be refused, and neither is a panic.
    drop(read_call(&request, Mode::Documented));
    let (handler, call) = read_call(&request, Mode::Observed)?;
    let answer = ops::run(handler, store, &call);
    if let Err(refusal) = &answer {
        let expected = refusal.status < 500 || refusal.message.starts_with("Undefined column");
        assert!(expected, "{refusal:?}");
    }
    answer
}

/// A filter, as the JSON of a body and as a query, asked of the listings of every kind of record. What the columns find is
/// what the rows, asked one by one, meet.
pub fn filter(bytes: &[u8]) {
    thread_local! {
        static STORE: Store = world(Seed::Contacts(23));
    }
    let Ok(query) = std::str::from_utf8(bytes) else { return };
    let asked = [http::body_map(bytes).ok(), Some(http::read_query(query))];
    STORE.with(|store| {
        let tables: [&Table; 8] = [
            store.contacts.table(),
            &store.companies,
            &store.tasks,
            &store.flows,
            &store.flow_leads,
            &store.sender_profiles,
            &store.mailboxes,
            &store.custom_fields,
        ];
        for asked in asked.into_iter().flatten() {
            tables.iter().for_each(|table| listed(table, &asked));
        }
    });
}

fn listed(table: &Table, asked: &Record) {
    let wanted = asked.get("filter").unwrap_or(&Value::Null);
    let Ok(filter) = crate::filter::Filter::parse(wanted, table.schema()) else { return };
    let Ok(listing) = page::list(table, asked) else { return };
    let met = table.rows().filter(|row| filter.matches(*row)).count();
    assert_eq!(listing.plain()["total"], json!(met), "{asked:?}");
}

/// A CSV file: uploaded, imported as contacts and as companies, exported again; what is exported is a table.
pub fn csv(bytes: &[u8]) {
    let mut store = world(Seed::Empty);
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

/// A form that uploads the bytes; `None` if they hold its boundary.
fn form_of(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.windows(6).any(|window| window == b"~edge~") {
        return None;
    }
    let head = "--~edge~\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\ncsv_leads\r\n--~edge~\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n";
    Some([head.as_bytes(), bytes, b"\r\n--~edge~--\r\n"].concat())
}

/// A form: the first line is its content type, the rest its body. It is sent to the operations that take one.
pub fn multipart(bytes: &[u8]) {
    let at = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (kind, body) = bytes.split_at(at);
    let Ok(kind) = std::str::from_utf8(kind) else { return };
    let body = body.get(1..).unwrap_or_default();
    let mut store = world(Seed::Empty);
    for path in [UPLOAD, "/flows/api/attachments"] {
        drop(call(&mut store, "POST", path, "", Some(kind.trim()), body));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_read_without_a_panic() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus");
        type Door = (&'static str, fn(&[u8]));
        let doors: [Door; 3] = [("filter", filter), ("csv", csv), ("multipart", multipart)];
        for (name, door) in doors {
            let files: Vec<_> = std::fs::read_dir(folder.join(name)).unwrap().map(Result::unwrap).collect();
            assert!(files.len() >= 5, "{name}");
            files.iter().for_each(|file| door(&std::fs::read(file.path()).unwrap()));
        }
    }
}
