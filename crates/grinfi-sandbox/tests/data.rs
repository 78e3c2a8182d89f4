//! Data file: what it restores, also after a kill.
// Helpers of tests may panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use grinfi_sandbox::{Builder, Clock, Error, Sandbox, Seed};
use serde_json::{Value, json};
use support::{TestServer, uuid};

const LISTS: &str = "/leads/api/lists";

fn builder(file: &Path) -> Builder {
    let clock = Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap());
    Sandbox::builder().seed(Seed::Demo).rate_limit(None).clock(clock).data(file)
}

async fn started(file: &Path) -> TestServer {
    TestServer { sandbox: builder(file).start().await.unwrap(), client: reqwest::Client::new() }
}

async fn why(file: &Path) -> String {
    match builder(file).start().await.unwrap_err() {
        Error::Data { source, .. } => source.to_string(),
        other => panic!("{other:?}"),
    }
}

/// Returns the visible state of a tenant, except its requests.
async fn seen(server: &TestServer) -> Value {
    let mut all = server.sandbox.tenant().export(None).unwrap();
    // The frozen clock and everything else must be equal.
    assert!(all["store"].is_object());
    all["rate_limit"] = json!(server.sandbox.tenant().rate_limit());
    all["snapshots"] = json!(server.sandbox.tenant().snapshots());
    all
}

/// Creates lists, contacts, messages, deletions, a snapshot, and moves the clock.
async fn live(server: &TestServer) {
    let list = server.create_list().await;
    let contact =
        server.upsert(&list, json!({"linkedin_id": "ada-ü", "first_name": "Ada", "tags": []})).await;
    let sender = server.uuids("/flows/api/sender-profiles").await[0].clone();
    server.sandbox.tenant().snapshot("before").await.unwrap();
    let body = json!({"sender_profile_uuid": sender, "lead_uuid": uuid(&contact), "text": "Hi\n\"you\" ✓"});
    server.post("/flows/api/linkedin-messages", body).await.expect(201);
    server.control("POST", "/clock/advance", json!({"seconds": 90.5})).await.expect(200);
    server.sandbox.tenant().set_rate_limit(Some(1000)).await.unwrap();
    server.delete(&format!("{LISTS}/{}", server.create_list().await)).await;
    server.post(LISTS, json!({"name": 7})).await.expect_invalid(&["name"]);
    server.with_key("other", "POST", LISTS, json!({"name": "Other's"})).await.expect(201);
}

#[tokio::test]
async fn restores_state_after_shutdown_and_drop() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tenants");
    let server = started(&file).await;
    live(&server).await;
    let before = seen(&server).await;
    // Without a shutdown: the file is as after a kill, and its actions are replayed.
    let torn = folder.path().join("torn");
    fs::copy(&file, &torn).unwrap();
    let dropped = started(&torn).await;
    assert_eq!(seen(&dropped).await, before);
    // After a shutdown: the file contains complete copies.
    server.sandbox.shutdown().await;
    let server = started(&file).await;
    assert_eq!(seen(&server).await, before);
    assert_eq!(server.sandbox.clock().now().to_rfc3339(), "2026-02-03T15:56:34.500+00:00");
    assert_eq!(server.sandbox.outbox(), dropped.sandbox.outbox());
    assert_eq!(server.sandbox.tenants().len(), 2);
    let others = server.with_key("other", "GET", LISTS, Value::Null).await.expect(200);
    assert_eq!(others["data"][0]["name"], "Other's");
    // Later changes give the same results in both.
    let next = json!({"name": "Next"});
    assert_eq!(
        server.post(LISTS, next.clone()).await.expect(201),
        dropped.post(LISTS, next).await.expect(201)
    );
    server.sandbox.tenant().restore("before").await.unwrap();
    assert!(server.sandbox.outbox().is_empty());
}

#[tokio::test]
async fn removed_tenant_stays_removed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tenants");
    let server = started(&file).await;
    server.with_key("other", "POST", LISTS, json!({"name": "Old"})).await.expect(201);
    let other = server.sandbox.tenant_of("other").unwrap();
    server.control("DELETE", &format!("/tenants/{}", other.id()), Value::Null).await.expect(204);
    // A handle of a removed tenant does nothing.
    assert!(other.reset().await.is_err());
    server.with_key("other", "POST", LISTS, json!({"name": "New"})).await.expect(201);
    let copy = folder.path().join("copy");
    fs::copy(&file, &copy).unwrap();
    let back = started(&copy).await;
    let listed = back.with_key("other", "GET", LISTS, Value::Null).await.expect(200);
    let names: Vec<&Value> = listed["data"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert!(names.contains(&&json!("New")) && !names.contains(&&json!("Old")), "{names:?}");
}

#[tokio::test]
async fn incomplete_last_line_is_dropped_and_damage_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tenants");
    let server = started(&file).await;
    for number in 0..5 {
        server.post(LISTS, json!({"name": format!("list {number}")})).await.expect(201);
    }
    let whole = fs::read(&file).unwrap();
    let lines: Vec<usize> =
        whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at).collect();
    let last = lines[lines.len() - 2] + 1;
    let copy = folder.path().join("copy");
    // Wherever the last line is cut, the changes before it are restored and new ones can be written.
    for cut in [last, last + 1, last + 8, last + 9, (last + whole.len()) / 2, whole.len() - 1] {
        fs::write(&copy, &whole[..cut]).unwrap();
        let back = started(&copy).await;
        assert_eq!(back.get(LISTS).await.expect(200)["total"], 3 + 4, "{cut}");
        back.post(LISTS, json!({"name": "again"})).await.expect(201);
        back.sandbox.shutdown().await;
        let back = started(&copy).await;
        assert_eq!(back.get(LISTS).await.expect(200)["total"], 3 + 5, "{cut}");
        back.sandbox.shutdown().await;
    }
    // A damaged line followed by others is not the result of a crash.
    let mut damaged = whole.clone();
    damaged[lines[2] + 30] ^= 1;
    fs::write(&copy, &damaged).unwrap();
    let message = why(&copy).await;
    assert!(message.contains(&format!("byte {}", lines[2] + 1)), "{message}");
    assert_eq!(fs::read(&copy).unwrap(), damaged);
}

#[tokio::test]
async fn rejects_other_files_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    for text in ["Buy milk\n", "x", "{\"grinfi_sandbox_data\":1}\n", "12345678 {}\n"] {
        fs::write(&file, text).unwrap();
        assert!(why(&file).await.contains("not a data file"), "{text}");
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }
    fs::write(&file, "").unwrap();
    started(&file).await.sandbox.shutdown().await;
    assert!(matches!(builder(&folder.path().join("none/tenants")).start().await, Err(Error::Data { .. })));
}

#[tokio::test]
async fn data_file_is_locked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tenants");
    let first = started(&file).await;
    assert!(why(&file).await.contains("another sandbox"));
    first.sandbox.shutdown().await;
    started(&file).await;
}

#[tokio::test]
async fn rejects_diverging_replay() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tenants");
    let server = started(&file).await;
    server.post(LISTS, json!({"name": "one"})).await.expect(201);
    // As if another version had responded differently: changes the digest, and the checksum of the line.
    let text = fs::read_to_string(&file).unwrap();
    let line = text.lines().last().unwrap();
    let entry = line[9..].rsplit_once("\"digest\":").unwrap().0.to_owned() + "\"digest\":1}]}";
    let changed = format!("{:08x} {entry}", crc32fast::hash(entry.as_bytes()));
    let copy = folder.path().join("copy");
    fs::write(&copy, text.replace(line, &changed)).unwrap();
    assert!(why(&copy).await.contains("differs from its record"));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn failed_write_rejects_changes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tenants");
    let server = started(&file).await;
    server.create_list().await;
    // The writer has the file open; nothing can be written to a full device.
    let tenants = fs::read(&file).unwrap();
    server.sandbox.shutdown().await;
    fs::write(&file, tenants).unwrap();
    let mut limited = Command::new("sh");
    let program = env!("CARGO_BIN_EXE_grinfi-sandbox");
    let file = file.to_str().unwrap();
    // Limits the file size to a few hundred blocks and ignores the signal.
    let line =
        format!("trap '' XFSZ; ulimit -f 1600; exec {program} --port 0 --rate-limit off --data {file}");
    let child = limited.arg("-c").arg(line).stdout(Stdio::piped()).spawn().unwrap();
    let program = Program::of(child);
    let client = reqwest::Client::new();
    let list = json!({"name": "x".repeat(100_000)});
    let mut statuses = Vec::new();
    for _ in 0..30 {
        let request =
            client.post(format!("{}{LISTS}", program.base_url)).bearer_auth(&program.key).json(&list);
        statuses.push(request.send().await.unwrap().status().as_u16());
    }
    let kept = statuses.iter().take_while(|status| **status == 201).count();
    assert!(kept > 0 && kept < 30, "{statuses:?}");
    assert!(statuses[kept..].iter().all(|status| *status == 503), "{statuses:?}");
    // Read-only operations still work.
    let request = client.get(format!("{}{LISTS}?limit=1", program.base_url)).bearer_auth(&program.key);
    assert_eq!(request.send().await.unwrap().status(), 200);
    program.kill();
    let back = TestServer { sandbox: Sandbox::builder().data(file).start().await.unwrap(), client };
    let total = back.get(LISTS).await.expect(200)["total"].as_u64().unwrap();
    assert_eq!(total, u64::try_from(kept).unwrap() + 4);
}

/// The program in its own process.
struct Program {
    child: Child,
    /// Kept open, since the program would end at a closed pipe.
    _said: BufReader<std::process::ChildStdout>,
    base_url: String,
    key: String,
}

impl Program {
    fn start(file: &Path) -> Program {
        let mut command = Command::new(env!("CARGO_BIN_EXE_grinfi-sandbox"));
        command.args(["--port", "0", "--rate-limit", "off", "--data"]).arg(file);
        Program::of(command.stdout(Stdio::piped()).spawn().unwrap())
    }

    fn of(mut child: Child) -> Program {
        let mut message = BufReader::new(child.stdout.take().unwrap());
        let mut after = |label: &str| {
            let mut lines = message.by_ref().lines().map(Result::unwrap);
            lines.find_map(|it| it.trim().strip_prefix(label).map(str::to_owned))
        };
        let base_url = after("base URL").unwrap().trim().to_owned();
        let key = after("key").unwrap().trim().to_owned();
        Program { child, _said: message, base_url, key }
    }

    /// SIGKILL: the process cannot do anything before it ends.
    fn kill(self) {
        drop(self);
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // A failed test leaves no process behind.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_loses_no_acknowledged_change() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tenants");
    let mut responded: Vec<(String, String)> = Vec::new();
    let mut asked = 0usize;
    for round in 0..6 {
        let program = Program::start(&file);
        let (url, key) = (program.base_url.clone(), program.key.clone());
        let client = reqwest::Client::new();
        // Every acknowledged change of earlier rounds is present, with its UUID.
        for (uuid, name) in &responded {
            let key = if name.ends_with('0') { "other-key" } else { key.as_str() };
            let request = client.get(format!("{url}{LISTS}/{uuid}")).bearer_auth(key);
            let received: Value = request.send().await.unwrap().json().await.unwrap();
            assert_eq!(received["name"], name.as_str(), "round {round}");
        }
        let done: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
        let stopped = Arc::new(AtomicBool::new(false));
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..8usize {
            let (url, client, done) = (url.clone(), client.clone(), Arc::clone(&done));
            let (stopped, key) =
                (Arc::clone(&stopped), if writer == 0 { "other-key".to_owned() } else { key.clone() });
            writers.spawn(async move {
                let mut asked = 0usize;
                while !stopped.load(Ordering::Relaxed) {
                    let name = format!("{round}-{asked}-{writer}");
                    asked += 1;
                    let request =
                        client.post(format!("{url}{LISTS}")).bearer_auth(&key).json(&json!({"name": name}));
                    let Ok(response) = request.send().await else { break };
                    assert_eq!(response.status(), 201);
                    let Ok(made) = response.json::<Value>().await else { break };
                    done.lock().unwrap().push((uuid(&made), name));
                }
                asked
            });
        }
        // At another moment in each round.
        while done.lock().unwrap().len() < 20 + round * 17 {
            tokio::task::yield_now().await;
        }
        program.kill();
        stopped.store(true, Ordering::Relaxed);
        while let Some(count) = writers.join_next().await {
            asked += count.unwrap();
        }
        responded.append(&mut done.lock().unwrap());
        if round == 3 {
            // And as if the kill had interrupted a write.
            let mut end = OpenOptions::new().append(true).open(&file).unwrap();
            end.write_all(b"0badcafe {\"entries\":[{\"entry\":\"act\",\"numb").unwrap();
            assert!(end.seek(SeekFrom::End(0)).unwrap() > 0);
        }
    }
    let server = TestServer {
        sandbox: Sandbox::builder().data(&file).start().await.unwrap(),
        client: reqwest::Client::new(),
    };
    let mut held = 0;
    for key in [server.sandbox.key().to_owned(), "other-key".to_owned()] {
        let listed = server.with_key(&key, "GET", &format!("{LISTS}?limit=1"), Value::Null).await.expect(200);
        held += usize::try_from(listed["total"].as_u64().unwrap()).unwrap() - 3;
    }
    // Changes without a response may be present or not; nothing else is.
    assert!(responded.len() <= held && held <= asked, "{} {held} {asked}", responded.len());
    assert!(responded.len() >= 6 * 20);
}
