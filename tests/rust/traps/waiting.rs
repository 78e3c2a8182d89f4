//! Waiting for background jobs by their visible effect.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use grinfi::{
    file_imports::ImportJob,
    jobs::{Progress, Wait},
    models::{LinkedinMessage, ids::ContactId},
    selection::Selection,
};
use grinfi_sandbox::Seed;
use serde_json::{Value, json};

use crate::support::{
    client,
    conversation::refused,
    fault_server::{FaultServer, ReceivedRequest, Response},
    sandbox,
};

/// Checks without a pause, so that the tests need no clock.
fn quick() -> Wait {
    Wait::new().first_pause(Duration::ZERO).max_pause(Duration::ZERO).max_looks(10)
}

fn body(request: &ReceivedRequest) -> Value {
    serde_json::from_slice(&request.body).unwrap_or_default()
}

/// Starts a server that counts: `count` returns the number of matches for each check.
async fn counting(count: impl Fn(u64, &Value) -> u64 + Send + 'static) -> FaultServer {
    let looks = AtomicU64::new(0);
    FaultServer::deciding(move |request| {
        let request = request?;
        let path = request.target.split('?').next().unwrap();
        let filter = &body(request)["filter"];
        Some(match path {
            "/leads/api/leads/count" | "/leads/api/companies/list" => {
                let plain = filter.as_object().is_none_or(|filter| filter.keys().all(|name| name == "uuid"));
                let look = if plain {
                    looks.fetch_add(1, Ordering::Relaxed)
                } else {
                    looks.load(Ordering::Relaxed) - 1
                };
                let total = count(look, filter);
                Response::json(200, &json!({"data": [], "total": total}).to_string())
            }
            _ => Response::json(200, ""),
        })
    })
    .await
}

const TAG: &str = "00000006-0000-4000-8000-000000000001";

fn of(ids: &[&str]) -> Selection<ContactId> {
    Selection::ids(ids.iter().copied())
}

#[tokio::test]
async fn bulk_action_is_done_when_every_record_is_changed() {
    // Each check finds one more contact in the list.
    let server =
        counting(|look, filter| if filter.get("list_uuid").is_some() { look.min(3) } else { 3 }).await;
    let told: Arc<Mutex<Vec<Progress>>> = Arc::default();
    let noted = told.clone();
    let wait = quick().on_progress(move |progress| noted.lock().unwrap().push(progress.clone()));
    let job = client(&server.base_url)
        .contacts()
        .bulk(of(&["c-1", "c-2", "c-3"]))
        .change_list("l-1")
        .await
        .unwrap();
    let progress = tokio::spawn(async move { job.wait(&wait).await }).await.unwrap().unwrap();
    assert_eq!((progress.looks, progress.done, progress.total), (4, Some(3), Some(3)));
    let done: Vec<_> = told.lock().unwrap().iter().map(|progress| progress.done).collect();
    assert_eq!(done, [Some(0), Some(1), Some(2), Some(3)]);
    let asked: Vec<Value> = server.arrived().iter().skip(1).map(body).collect();
    assert_eq!(asked[0], json!({"filter": {"uuid": ["c-1", "c-2", "c-3"]}}));
    assert_eq!(asked[1], json!({"filter": {"list_uuid": "l-1", "uuid": ["c-1", "c-2", "c-3"]}}));
}

#[tokio::test]
async fn detects_each_effect_of_bulk_actions() {
    let matching = |name: &'static str| {
        move |look: u64, filter: &Value| if filter.get(name).is_some() { u64::from(look > 0) } else { 1 }
    };
    let one = || of(&["c-1"]);
    macro_rules! seen {
        ($server:expr, |$contacts:ident| $start:expr, $looks:expr) => {{
            let server = $server.await;
            let $contacts = client(&server.base_url);
            let progress = $start.await.unwrap().wait(&quick()).await.unwrap();
            assert_eq!(progress.looks, $looks, stringify!($start));
        }};
    }
    seen!(counting(matching("tags")), |c| c.contacts().bulk(one()).add_tag(TAG), 2);
    seen!(counting(matching("tags")), |c| c.contacts().bulk(one()).replace_tags([TAG]), 2);
    seen!(counting(matching("pipeline_stage_uuid")), |c| c.contacts().move_to_stage("c-1", "p-1"), 2);
    seen!(counting(matching("list_uuid")), |c| c.contacts().move_to_list("c-1", "l-1"), 2);
    let untagged =
        |look: u64, filter: &Value| if filter.get("tags").is_some() { u64::from(look == 0) } else { 1 };
    seen!(counting(untagged), |c| c.contacts().bulk(one()).remove_tag(TAG), 2);
    seen!(counting(|look, _| 1_u64.saturating_sub(look)), |c| c.contacts().bulk(one()).delete(), 2);
    seen!(counting(matching("lead_status_uuid")), |c| c.companies().move_to_stage("o-1", "p-1"), 2);
    let company = || Selection::ids(["o-1"]);
    seen!(counting(matching("tags")), |c| c.companies().bulk(company()).add_tag(TAG), 2);
    seen!(counting(untagged), |c| c.companies().bulk(company()).remove_tag(TAG), 2);
    seen!(counting(|look, _| 1_u64.saturating_sub(look)), |c| c.companies().bulk(company()).delete(), 2);
}

#[tokio::test]
async fn outdated_count_does_not_end_wait() {
    // The counts contain no contact for three checks, then one, then both.
    let lagging = |look: u64, filter: &Value| {
        let there = look.saturating_sub(2).min(2);
        if filter.get("tags").is_some() { there.min(look.saturating_sub(4)) } else { there }
    };
    let server = counting(lagging).await;
    let both = || client(&server.base_url).contacts().bulk(of(&["c-1", "c-2", "c-1"]));
    let progress = both().add_tag(TAG).await.unwrap().wait(&quick()).await.unwrap();
    assert_eq!((progress.looks, progress.done, progress.total), (7, Some(2), Some(2)));

    let none = counting(|_, _| 0).await;
    let client = client(&none.base_url);
    let moving = client.contacts().move_to_list("c-1", "l-1").await.unwrap();
    let error = moving.wait(&quick()).await.unwrap_err();
    assert!(error.is_still_running(), "{error}");
    let all = client.companies().bulk(Selection::all()).add_tag(TAG).await.unwrap();
    assert!(all.wait(&quick()).await.unwrap_err().is_still_running());
}

#[tokio::test]
async fn count_of_zero_is_confirmed_by_records() {
    // The counts are zero from the first check on, the records only after three reads.
    let reads = AtomicU64::new(0);
    let server = FaultServer::deciding(move |request| {
        let request = request?;
        let path = request.target.split('?').next().unwrap();
        let is_tagged = body(request)["filter"].get("tags").is_some();
        Some(match (request.method.as_str(), path) {
            ("POST", "/leads/api/leads/count") => {
                Response::json(200, &json!({"total": u64::from(!is_tagged)}).to_string())
            }
            ("GET", _) if reads.fetch_add(1, Ordering::Relaxed) < 3 => {
                Response::json(200, &json!({"lead": {"uuid": "c-1", "tags": [TAG]}}).to_string())
            }
            ("GET", _) => Response::json(200, r#"{"lead": {"uuid": "c-1", "tags": []}}"#),
            _ => Response::json(200, ""),
        })
    })
    .await;
    let job = client(&server.base_url).contacts().bulk(of(&["c-1"])).remove_tag(TAG).await.unwrap();
    assert_eq!(job.wait(&quick()).await.unwrap().looks, 4);
}

#[tokio::test]
async fn deletion_is_confirmed_by_records() {
    let reads = AtomicU64::new(0);
    let server = FaultServer::deciding(move |request| {
        let request = request?;
        Some(match request.method.as_str() {
            "POST" => Response::json(200, r#"{"total": 0}"#),
            "GET" if reads.fetch_add(1, Ordering::Relaxed) < 3 => {
                Response::json(200, r#"{"lead": {"uuid": "c-1"}}"#)
            }
            "GET" => Response::json(404, "{}"),
            _ => Response::json(200, ""),
        })
    })
    .await;
    let job = client(&server.base_url).contacts().bulk(of(&["c-1", "c-2"])).delete().await.unwrap();
    assert_eq!(job.wait(&quick()).await.unwrap().looks, 4);
}

#[tokio::test]
async fn excluded_records_are_not_counted() {
    // Two of five contacts are excluded, one of which is at the stage already.
    let server = counting(|look, filter| {
        match (filter.get("uuid").is_some(), filter.get("pipeline_stage_uuid").is_some()) {
            (false, false) => 5,
            (true, false) => 2,
            (true, true) => 1,
            (false, true) => {
                if look < 2 {
                    2
                } else {
                    4
                }
            }
        }
    })
    .await;
    let most = client(&server.base_url).contacts().bulk(Selection::all_but(["c-1", "c-2"]));
    let progress = most.change_pipeline_stage("p-1").await.unwrap().wait(&quick()).await.unwrap();
    assert_eq!((progress.done, progress.total), (Some(3), Some(3)));
}

#[tokio::test]
async fn wait_can_be_repeated_after_limit() {
    let server =
        counting(|look, filter| if filter.get("list_uuid").is_some() { u64::from(look > 4) } else { 1 })
            .await;
    let job = client(&server.base_url).contacts().move_to_list("c-1", "l-1").await.unwrap();
    let error = job.wait(&quick().max_looks(3)).await.unwrap_err();
    assert!(error.is_still_running() && !error.is_retryable(), "{error:?}");
    assert_eq!(error.progress().map(|progress| (progress.looks, progress.done)), Some((3, Some(0))));
    assert_eq!(job.wait(&quick()).await.unwrap().done, Some(1));
    let orders = server.arrived().iter().filter(|request| request.method == "PUT").count();
    assert_eq!(orders, 1, "waiting again orders nothing again");
}

#[tokio::test]
async fn waits_until_contact_is_deleted() {
    let gone = AtomicU64::new(0);
    let server = FaultServer::deciding(move |request| {
        let request = request?;
        let look = gone.fetch_add(1, Ordering::Relaxed);
        Some(match (request.method.as_str(), look) {
            ("GET", 0) => Response::json(200, r#"{"uuid": "c-1"}"#),
            ("GET", _) => Response::json(404, "{}"),
            (_, 2) => Response::json(200, r#"{"total": 1}"#),
            _ => Response::json(200, r#"{"total": 0}"#),
        })
    })
    .await;
    let progress = client(&server.base_url).contacts().wait_until_deleted("c-1", &quick()).await.unwrap();
    assert_eq!(progress.looks, 3);
}

#[tokio::test]
async fn import_ends_when_list_has_expected_contacts() {
    let counts = Arc::new(Mutex::new(vec![7, 7, 9, 12]));
    let server = FaultServer::deciding(move |request| {
        let request = request?;
        if !request.target.ends_with("/count") {
            return Some(Response::json(200, ""));
        }
        let mut counts = counts.lock().unwrap();
        let total = if counts.len() > 1 { counts.remove(0) } else { counts[0] };
        Some(Response::json(200, &json!({"total": total}).to_string()))
    })
    .await;
    let client = client(&server.base_url);
    let columns = [("Name", "first_name")];
    let job = client.file_imports().contacts("i-1", columns).list("l-1").start().await.unwrap().expect(5);
    assert_eq!(job.before(), 7);
    let imported = job.wait(&quick()).await.unwrap();
    assert_eq!((imported.added, imported.complete, imported.progress.total), (5, true, Some(5)));
    let order = server.arrived().iter().position(|request| request.target.ends_with("/import-leads"));
    assert_eq!(order, Some(1), "counted before, ordered once");
    // The same in another process.
    assert_eq!(ImportJob::resume(&client, "l-1", 7).expect(5).wait(&quick()).await.unwrap().added, 5);
    // Some rows created no contact: the list stops changing.
    let job = ImportJob::resume(&client, "l-1", 7).expect(6);
    let imported = job.wait(&quick().settle(Duration::ZERO)).await.unwrap();
    assert_eq!((imported.added, imported.complete), (5, false));
    // Nothing was added: the import may not have started, or may have nothing to add.
    let error =
        ImportJob::resume(&client, "l-1", 12).wait(&quick().settle(Duration::ZERO)).await.unwrap_err();
    assert!(error.is_still_running());
    let field = refused(async |c| c.file_imports().contacts("i-1", columns).start().await).await;
    assert_eq!(field, "list_uuid");
}

#[tokio::test]
async fn export_ends_when_file_exists() {
    let csv = Response::Whole(200, vec![("content-type", "text/csv".into())], "a,b\n1,2\n".into());
    let server = FaultServer::start([Response::json(404, "{}"), Response::json(404, "{}"), csv]).await;
    let exports = client(&server.base_url).file_exports();
    let download = exports.wait_for("leads.csv", &quick()).await.unwrap();
    assert_eq!(download.bytes().await.unwrap(), "a,b\n1,2\n");
    assert_eq!(server.arrived().len(), 3);
    let server = FaultServer::start([Response::json(404, "{}")]).await;
    let error = client(&server.base_url).file_exports().wait_for("x.csv", &quick()).await.unwrap_err();
    assert!(error.is_still_running());
    let server = FaultServer::start([Response::json(403, "{}")]).await;
    let error = client(&server.base_url).file_exports().wait_for("x.csv", &quick()).await.unwrap_err();
    assert!(error.is_forbidden() && server.arrived().len() == 1);
    assert_eq!(refused(async |c| c.file_exports().wait_for("", &quick()).await).await, "file_name");
}

#[tokio::test]
async fn reports_export_that_failed_at_once() {
    let server = FaultServer::start([Response::json(200, r#"{"uuid": "e-1", "status": "failed"}"#)]).await;
    let error = client(&server.base_url).file_exports().contacts(Selection::all()).await.unwrap_err();
    assert!(
        error.is_job_failed() && !error.is_retryable() && error.to_string().contains("failed"),
        "{error}"
    );
}

fn message(status: &str, fail_reason: Value) -> Value {
    json!({"uuid": "m-1", "lead_uuid": "c-1", "sender_profile_uuid": "s-1", "status": status, "fail_reason": fail_reason})
}

async fn sending(states: &[(&str, Value)]) -> grinfi::Result<LinkedinMessage> {
    let page = |(status, why): &(&str, Value)| {
        let other = json!({"uuid": "m-0", "status": "done"});
        Response::json(200, &json!({"data": [other, message(status, why.clone())]}).to_string())
    };
    let server = FaultServer::start(states.iter().map(page)).await;
    let sent: LinkedinMessage = serde_json::from_value(message("new", Value::Null)).unwrap();
    client(&server.base_url).linkedin_messages().wait_until_sent(&sent, &quick().max_looks(3)).await
}

#[tokio::test]
async fn waits_until_message_is_sent_or_failed() {
    let (new, under_way) = (("new", Value::Null), ("in_progress", Value::Null));
    let sent = sending(&[new.clone(), under_way.clone(), ("done", Value::Null)]).await.unwrap();
    assert_eq!((sent.uuid.to_string(), sent.status.unwrap().to_string()), ("m-1".into(), "done".into()));
    let error = sending(&[under_way, ("failed", json!("not connected"))]).await.unwrap_err();
    assert!(error.is_job_failed() && error.to_string().contains("not connected"), "{error}");
    let error = sending(&[new]).await.unwrap_err();
    assert_eq!(error.progress().unwrap().status.as_deref(), Some("new"));
    let unknown: LinkedinMessage = serde_json::from_value(json!({"uuid": "m-1"})).unwrap();
    let field = refused(async |c| c.linkedin_messages().wait_until_sent(&unknown, &quick()).await).await;
    assert_eq!(field, "message");
}

#[tokio::test]
async fn sandbox_completes_bulk_actions() {
    let (_sandbox, client) = sandbox(Seed::Demo).await;
    let contacts = client.contacts().search().limit(3).page().await.unwrap().data;
    let chosen = || Selection::ids(contacts.iter().map(|contact| &contact.uuid));
    let list = client.lists().create("Fair").await.unwrap().uuid;
    let job = client.contacts().bulk(chosen()).change_list(&list).await.unwrap();
    assert_eq!(job.wait(&quick()).await.unwrap().done, Some(3));
    let job = client.contacts().bulk(chosen()).delete().await.unwrap();
    let progress = job.wait(&quick()).await.unwrap();
    assert_eq!((progress.done, progress.total), (Some(3), Some(3)));
    client.contacts().wait_until_deleted(&contacts[0].uuid, &quick()).await.unwrap();
}
