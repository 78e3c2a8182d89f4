//! The data file: what it brings back, and what happens to it when the process is killed.
// A helper of tests may fail as they do.
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
use support::{World, uuid};

const LISTS: &str = "/leads/api/lists";

fn builder(file: &Path) -> Builder {
    let clock = Clock::fixed("2026-02-03T15:55:04Z".parse().unwrap());
    Sandbox::builder().seed(Seed::Demo).rate_limit(None).clock(clock).data(file)
}

async fn started(file: &Path) -> World {
    World { sandbox: builder(file).start().await.unwrap(), client: reqwest::Client::new() }
}

async fn why(file: &Path) -> String {
    match builder(file).start().await.unwrap_err() {
        Error::Data { source, .. } => source.to_string(),
        other => panic!("{other:?}"),
    }
}

/// Everything that can be seen of a world, but its requests.
async fn seen(world: &World) -> Value {
    let mut all = world.sandbox.tenant().export(None).unwrap();
    // What stands still is the same; nothing else may differ.
    assert!(all["store"].is_object());
    all["rate_limit"] = json!(world.sandbox.tenant().rate_limit());
    all["snapshots"] = json!(world.sandbox.tenant().snapshots());
    all
}

/// Lists, contacts, messages, deletions, a snapshot, a moved clock.
async fn live(world: &World) {
    let list = world.a_list().await;
    let contact = world.upsert(&list, json!({"linkedin_id": "ada-ü", "first_name": "Ada", "tags": []})).await;
    let sender = world.uuids("/flows/api/sender-profiles").await[0].clone();
    world.sandbox.tenant().snapshot("before").await.unwrap();
    let body = json!({"sender_profile_uuid": sender, "lead_uuid": uuid(&contact), "text": "Hi\n\"you\" ✓"});
    world.post("/flows/api/linkedin-messages", body).await.expect(201);
    world.control("POST", "/clock/advance", json!({"seconds": 90.5})).await.expect(200);
    world.sandbox.tenant().set_rate_limit(Some(1000)).await.unwrap();
    world.delete(&format!("{LISTS}/{}", world.a_list().await)).await;
    world.post(LISTS, json!({"name": 7})).await.invalid(&["name"]);
    world.with_key("other", "POST", LISTS, json!({"name": "Other's"})).await.expect(201);
}

#[tokio::test]
async fn everything_is_back_after_a_stop_and_after_a_drop() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("worlds");
    let world = started(&file).await;
    live(&world).await;
    let before = seen(&world).await;
    // Without a word: the file is as a kill would leave it, and is brought back act by act.
    let torn = folder.path().join("torn");
    fs::copy(&file, &torn).unwrap();
    let dropped = started(&torn).await;
    assert_eq!(seen(&dropped).await, before);
    // In order: the file holds whole copies.
    world.sandbox.shutdown().await;
    let world = started(&file).await;
    assert_eq!(seen(&world).await, before);
    assert_eq!(world.sandbox.clock().now().to_rfc3339(), "2026-02-03T15:56:34.500+00:00");
    assert_eq!(world.sandbox.outbox(), dropped.sandbox.outbox());
    assert_eq!(world.sandbox.tenants().len(), 2);
    let others = world.with_key("other", "GET", LISTS, Value::Null).await.expect(200);
    assert_eq!(others["data"][0]["name"], "Other's");
    // What comes next is the same in both.
    let next = json!({"name": "Next"});
    assert_eq!(
        world.post(LISTS, next.clone()).await.expect(201),
        dropped.post(LISTS, next).await.expect(201)
    );
    world.sandbox.tenant().restore("before").await.unwrap();
    assert!(world.sandbox.outbox().is_empty());
}

#[tokio::test]
async fn a_world_that_was_forgotten_stays_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("worlds");
    let world = started(&file).await;
    world.with_key("other", "POST", LISTS, json!({"name": "Old"})).await.expect(201);
    let other = world.sandbox.tenant_of("other").unwrap();
    world.control("DELETE", &format!("/tenants/{}", other.id()), Value::Null).await.expect(204);
    // A handle on it does nothing any more.
    assert!(other.reset().await.is_err());
    world.with_key("other", "POST", LISTS, json!({"name": "New"})).await.expect(201);
    let copy = folder.path().join("copy");
    fs::copy(&file, &copy).unwrap();
    let back = started(&copy).await;
    let listed = back.with_key("other", "GET", LISTS, Value::Null).await.expect(200);
    let names: Vec<&Value> = listed["data"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert!(names.contains(&&json!("New")) && !names.contains(&&json!("Old")), "{names:?}");
}

#[tokio::test]
async fn a_torn_end_is_dropped_and_a_damaged_middle_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("worlds");
    let world = started(&file).await;
    for number in 0..5 {
        world.post(LISTS, json!({"name": format!("list {number}")})).await.expect(201);
    }
    let whole = fs::read(&file).unwrap();
    let lines: Vec<usize> =
        whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at).collect();
    let last = lines[lines.len() - 2] + 1;
    let copy = folder.path().join("copy");
    // Wherever the last line was cut, what stands before it is there and can be gone on from.
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
    // A line that others follow is not torn: somebody has been at it.
    let mut damaged = whole.clone();
    damaged[lines[2] + 30] ^= 1;
    fs::write(&copy, &damaged).unwrap();
    let said = why(&copy).await;
    assert!(said.contains(&format!("byte {}", lines[2] + 1)), "{said}");
    assert_eq!(fs::read(&copy).unwrap(), damaged);
}

#[tokio::test]
async fn what_is_no_data_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    for text in ["Buy milk\n", "x", "{\"grinfi_sandbox_data\":1}\n", "12345678 {}\n"] {
        fs::write(&file, text).unwrap();
        assert!(why(&file).await.contains("not a data file"), "{text}");
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }
    fs::write(&file, "").unwrap();
    started(&file).await.sandbox.shutdown().await;
    assert!(matches!(builder(&folder.path().join("none/worlds")).start().await, Err(Error::Data { .. })));
}

#[tokio::test]
async fn a_file_is_one_sandboxs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("worlds");
    let first = started(&file).await;
    assert!(why(&file).await.contains("another sandbox"));
    first.sandbox.shutdown().await;
    started(&file).await;
}

#[tokio::test]
async fn what_comes_out_otherwise_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("worlds");
    let world = started(&file).await;
    world.post(LISTS, json!({"name": "one"})).await.expect(201);
    // As if another version had answered otherwise: the digest is changed, and the line's checksum with it.
    let text = fs::read_to_string(&file).unwrap();
    let line = text.lines().last().unwrap();
    let held = line[9..].rsplit_once("\"digest\":").unwrap().0.to_owned() + "\"digest\":1}]}";
    let changed = format!("{:08x} {held}", crc32fast::hash(held.as_bytes()));
    let copy = folder.path().join("copy");
    fs::write(&copy, text.replace(line, &changed)).unwrap();
    assert!(why(&copy).await.contains("comes out otherwise"));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_cannot_be_kept_is_not_answered() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("worlds");
    let world = started(&file).await;
    world.a_list().await;
    // The writer has the file open; to a full device nothing can be written.
    let worlds = fs::read(&file).unwrap();
    world.sandbox.shutdown().await;
    fs::write(&file, worlds).unwrap();
    let mut limited = Command::new("sh");
    let program = env!("CARGO_BIN_EXE_grinfi-sandbox");
    let file = file.to_str().unwrap();
    // No file may grow beyond its size by more than a few hundred blocks; the signal for it is not taken.
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
    // What is only looked at goes on.
    let request = client.get(format!("{}{LISTS}?limit=1", program.base_url)).bearer_auth(&program.key);
    assert_eq!(request.send().await.unwrap().status(), 200);
    program.kill();
    let back = World { sandbox: Sandbox::builder().data(file).start().await.unwrap(), client };
    let total = back.get(LISTS).await.expect(200)["total"].as_u64().unwrap();
    assert_eq!(total, u64::try_from(kept).unwrap() + 4);
}

/// The program in a process of its own.
struct Program {
    child: Child,
    /// Held, or what it says next would end it.
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
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut after = |label: &str| {
            let mut lines = said.by_ref().lines().map(Result::unwrap);
            lines.find_map(|it| it.trim().strip_prefix(label).map(str::to_owned))
        };
        let base_url = after("base URL").unwrap().trim().to_owned();
        let key = after("key").unwrap().trim().to_owned();
        Program { child, _said: said, base_url, key }
    }

    /// SIGKILL: the process is given no chance to do anything.
    fn kill(self) {
        drop(self);
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // A test that fails leaves nothing running either.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_amid_writes_loses_nothing_that_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("worlds");
    let mut answered: Vec<(String, String)> = Vec::new();
    let mut asked = 0usize;
    for round in 0..6 {
        let program = Program::start(&file);
        let (url, key) = (program.base_url.clone(), program.key.clone());
        let client = reqwest::Client::new();
        // Everything that was answered in earlier rounds is there, with the uuid it was answered with.
        for (uuid, name) in &answered {
            let key = if name.ends_with('0') { "other-key" } else { key.as_str() };
            let request = client.get(format!("{url}{LISTS}/{uuid}")).bearer_auth(key);
            let told: Value = request.send().await.unwrap().json().await.unwrap();
            assert_eq!(told["name"], name.as_str(), "round {round}");
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
                    let Ok(answer) = request.send().await else { break };
                    assert_eq!(answer.status(), 201);
                    let Ok(made) = answer.json::<Value>().await else { break };
                    done.lock().unwrap().push((uuid(&made), name));
                }
                asked
            });
        }
        // In the midst of it, and at another moment each round.
        while done.lock().unwrap().len() < 20 + round * 17 {
            tokio::task::yield_now().await;
        }
        program.kill();
        stopped.store(true, Ordering::Relaxed);
        while let Some(count) = writers.join_next().await {
            asked += count.unwrap();
        }
        answered.append(&mut done.lock().unwrap());
        if round == 3 {
            // And as if the kill had hit within a write.
            let mut end = OpenOptions::new().append(true).open(&file).unwrap();
            end.write_all(b"0badcafe {\"entries\":[{\"entry\":\"act\",\"numb").unwrap();
            assert!(end.seek(SeekFrom::End(0)).unwrap() > 0);
        }
    }
    let world = World {
        sandbox: Sandbox::builder().data(&file).start().await.unwrap(),
        client: reqwest::Client::new(),
    };
    let mut held = 0;
    for key in [world.sandbox.key().to_owned(), "other-key".to_owned()] {
        let listed = world.with_key(&key, "GET", &format!("{LISTS}?limit=1"), Value::Null).await.expect(200);
        held += usize::try_from(listed["total"].as_u64().unwrap()).unwrap() - 3;
    }
    // What was asked and not answered may be there or not; nothing else is.
    assert!(answered.len() <= held && held <= asked, "{} {held} {asked}", answered.len());
    assert!(answered.len() >= 6 * 20);
}
