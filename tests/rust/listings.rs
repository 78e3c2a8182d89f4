//! Listings over a socket: rows that do not decode, page sizes, complete listings, reading ahead.

use std::sync::{Arc, Mutex};

use grinfi::{
    Client, Kind, Order,
    filter::contact,
    model::{Contact, enums::ObjectKind},
};
use grinfi_sandbox::Seed;
use serde_json::{Value, json};

use crate::support::{
    client,
    conversation::show,
    description,
    fault_server::{Answer, Arrived, FaultServer},
    sandbox,
};

/// A page of a search with one row that does not decode.
fn odd_page() -> Answer {
    let rows = json!([
        {"lead": {"uuid": "c-1", "created_at": "2026-02-03 15:55:04"}},
        {"lead": {"uuid": "c-2", "created_at": "soon", "name": "Jane Roe"}, "markers": []},
        {"lead": {"uuid": "c-3", "posts": 7}},
    ]);
    Answer::json(200, &json!({"data": rows, "total": 3}).to_string())
}

#[tokio::test]
async fn one_row_that_does_not_decode_fails_its_page_by_name() {
    let server = FaultServer::start([odd_page()]).await;
    let error = client(&server.base_url).contacts().search().stream().collect().await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (Kind::Decode, Some("searchContacts")));
    assert_eq!(error.json_path(), Some("$.data[1].lead.created_at"));
    let record: Value = serde_json::from_slice(error.record().unwrap()).unwrap();
    assert_eq!(record["lead"]["uuid"], "c-2");
    assert!(!format!("{error} {error:?}").contains("Jane"), "{error:?}");
}

#[tokio::test]
async fn rows_that_do_not_decode_are_handed_over_and_the_rest_goes_on() {
    let server = FaultServer::start([odd_page()]).await;
    let search = || client(&server.base_url).contacts().search().keep_undecodable();
    let mut rows = search().stream();
    let mut seen = Vec::new();
    while let Some(row) = rows.next().await.transpose().unwrap() {
        seen.push(match row {
            Ok(contact) => contact.uuid.to_string(),
            Err(row) => {
                assert_eq!(row.operation(), Some("searchContacts"));
                let record: Value = serde_json::from_str(row.record()).unwrap();
                assert_eq!(record["lead"]["uuid"], row.id().unwrap());
                format!("{} at {} of row {}", row.id().unwrap(), row.json_path(), row.index())
            }
        });
    }
    assert_eq!(seen, ["c-1", "c-2 at $.lead.created_at of row 1", "c-3 at $.lead.posts of row 2"]);
    assert_eq!((rows.total(), server.arrived().len()), (Some(3), 1));
    let page = search().page().await.unwrap();
    assert_eq!((page.data.len(), page.total), (3, Some(3)));
}

/// A listing that keeps to filter and order by a time, as this API does: rows as `(id, time)`, and `made` makes a row.
async fn by_time(
    field: &'static str,
    rows: Vec<(usize, Option<String>)>,
    made: impl Fn(usize, Option<&str>) -> Value + Send + 'static,
) -> FaultServer {
    FaultServer::deciding(move |request| {
        let request = request?;
        let url = reqwest::Url::parse(&format!("http://localhost{}", request.target)).unwrap();
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let query =
            |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        let asked = |name: &str| query(name).or_else(|| body[name].as_str().map(str::to_owned));
        let number =
            |name: &str| query(name).map_or(body[name].as_u64(), |text| text.parse().ok()).unwrap() as usize;
        assert_eq!(
            (asked("order_field").as_deref(), asked("order_type").as_deref()),
            (Some(field), Some("asc"))
        );
        let plain =
            query(&format!("filter[{field}]")).or_else(|| body["filter"][field].as_str().map(str::to_owned));
        let compared = |op: &str| {
            query(&format!("filter[{field}][{op}]"))
                .or_else(|| Some(body["filter"][field][op].as_str()?.to_owned()))
        };
        let fits = |time: &Option<String>| match (plain.as_deref(), compared(">="), compared(">")) {
            (Some("is_null"), ..) => time.is_none(),
            (Some("is_not_null"), ..) => time.is_some(),
            (Some(at), ..) => time.as_deref() == Some(at),
            (_, Some(from), _) => time.as_ref().is_some_and(|time| *time >= from),
            (_, _, Some(after)) => time.as_ref().is_some_and(|time| *time > after),
            _ => panic!("no condition on {field}: {}", request.target),
        };
        let mut found: Vec<&(usize, Option<String>)> = rows.iter().filter(|(_, time)| fits(time)).collect();
        found.sort_by_key(|(id, time)| (time.clone(), *id));
        let page: Vec<Value> = found
            .iter()
            .skip(number("offset"))
            .take(number("limit"))
            .map(|(id, time)| made(*id, time.as_deref()))
            .collect();
        Some(Answer::json(200, &json!({"data": page, "total": found.len()}).to_string()))
    })
    .await
}

/// Rows of which two share each second, every seventh without a time.
fn rows() -> Vec<(usize, Option<String>)> {
    let time = |id: usize| format!("2026-02-03T15:55:{:02}.000000Z", id / 2);
    (0..30).map(|id| (id, (id % 7 != 6).then(|| time(id)))).collect()
}

/// The numbers in ids, sorted; fails if one comes twice.
fn numbers(ids: impl IntoIterator<Item = String>) -> Vec<usize> {
    let mut numbers: Vec<usize> =
        ids.into_iter().map(|id| id.rsplit('-').next().unwrap().parse().unwrap()).collect();
    numbers.sort_unstable();
    let count = numbers.len();
    numbers.dedup();
    assert_eq!(numbers.len(), count, "a row came twice");
    numbers
}

fn check(id: &str, arrived: &[Arrived]) {
    arrived.iter().for_each(|request| description::check(id, request));
}

#[tokio::test]
async fn tasks_are_read_completely_by_when_they_were_carried_out() {
    let server =
        by_time("executed_at", rows(), |id, time| json!({"uuid": format!("t-{id}"), "executed_at": time}))
            .await;
    let listing = client(&server.base_url).tasks().list().limit(4);
    let tasks = listing.complete().collect().await.unwrap();
    assert!(tasks[..4].iter().all(|task| task.executed_at.is_none()), "those still to come are first");
    assert_eq!(numbers(tasks.iter().map(|task| task.uuid.to_string())), (0..30).collect::<Vec<_>>());
    check("listTasks", &server.arrived());
    insta::assert_snapshot!(server.arrived()[..4].iter().map(show).collect::<Vec<_>>().join("\n\n"));
}

#[tokio::test]
async fn emails_are_read_completely_by_when_they_were_sent() {
    let server =
        by_time("sent_at", rows(), |id, time| json!({"uuid": format!("e-{id}"), "sent_at": time})).await;
    let emails =
        client(&server.base_url).emails().list().limit(5).prefetch(2).complete().collect().await.unwrap();
    assert_eq!(numbers(emails.iter().map(|email| email.uuid.to_string())), (0..30).collect::<Vec<_>>());
    check("listEmails", &server.arrived());
    // The time that it goes by is not for the filter.
    let cut = grinfi::filter::email::sent_at().is_not_null();
    let error = client(&server.base_url).emails().list().filter(cut).complete().collect().await.unwrap_err();
    assert_eq!((error.is_invalid_input(), error.field()), (true, Some("sent_at")));
}

#[tokio::test]
async fn a_complete_listing_has_no_hole_where_a_row_does_not_decode() {
    // Some rows do not decode, and of some of these not even the time can be read.
    let make = |id: usize, time: Option<&str>| match id % 5 {
        1 => json!({"lead": {"uuid": format!("c-{id}"), "created_at": time, "posts": "none"}}),
        3 => json!({"lead": {"uuid": format!("c-{id}"), "created_at": time.map(|_| "soon")}}),
        _ => json!({"lead": {"uuid": format!("c-{id}"), "created_at": time}}),
    };
    for limit in [2, 3, 4, 7, 100] {
        let server = by_time("created_at", rows(), make).await;
        let search = || client(&server.base_url).contacts().search().limit(limit);
        assert!(search().complete().collect().await.unwrap_err().is_decode());
        let rows = search().keep_undecodable().complete().collect().await.unwrap();
        let bad = rows.iter().filter(|row| row.is_err()).count();
        let ids =
            rows.into_iter().map(|row| row.map_or_else(|row| row.id().unwrap(), |row| row.uuid.to_string()));
        assert_eq!(numbers(ids), (0..30).collect::<Vec<_>>(), "pages of {limit}");
        assert_eq!(bad, 11, "one without a time decodes after all");
    }
}

#[tokio::test]
async fn a_page_size_that_the_api_refuses_is_made_smaller() {
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let noted = asked.clone();
    let server = FaultServer::deciding(move |request| {
        let target = &request?.target;
        noted.lock().unwrap().push(target.split('?').nth(1).unwrap().to_owned());
        let refusal = r#"{"error": {"reason": "validation_error", "message": "Invalid.",
            "data": {"limit": ["The limit may not be greater than 250."]}}}"#;
        let fits = target.contains("limit=250");
        Some(match fits {
            true => Answer::json(200, r#"{"data": [{"uuid": "t-1"}], "total": 1}"#),
            false => Answer::json(422, refusal),
        })
    })
    .await;
    let listing = || client(&server.base_url).tasks().list();
    assert_eq!(listing().stream().collect().await.unwrap().len(), 1);
    assert_eq!(listing().page().await.unwrap().data.len(), 1);
    assert_eq!(*asked.lock().unwrap(), ["limit=1000&offset=0", "limit=250&offset=0"].repeat(2));
}

#[tokio::test]
async fn a_page_size_that_makes_no_sense_is_refused_on_either_way() {
    let server = FaultServer::start([Answer::json(200, r#"{"data": []}"#)]).await;
    let client: Client = client(&server.base_url);
    for limit in [0, 501] {
        let typed = client.emails().list().limit(limit).page().await.unwrap_err();
        let by_hand = client.operation("listEmails", &[]).unwrap().pages(limit, 0, None).unwrap_err();
        for error in [typed, by_hand] {
            assert_eq!((error.is_invalid_input(), error.field()), (true, Some("limit")));
            assert!(error.to_string().contains("1 to 500 rows"), "{error}");
        }
    }
    assert!(server.arrived().is_empty());
}

#[tokio::test]
async fn reading_ahead_brings_the_same_rows() {
    let (_sandbox, client) = sandbox(Seed::Demo).await;
    let search = || client.contacts().search().order_by(contact::name(), Order::Asc).limit(20);
    let ids = |rows: Vec<Contact>| -> Vec<String> { rows.iter().map(|row| row.uuid.to_string()).collect() };
    let plain = ids(search().stream().collect().await.unwrap());
    assert!(plain.len() > 60, "{} rows are too few to tell", plain.len());
    assert_eq!(ids(search().prefetch(3).stream().collect().await.unwrap()), plain);
    let few = search().prefetch(3).max_items(33).stream().collect().await.unwrap();
    assert_eq!(ids(few), plain[..33]);
}

#[tokio::test]
async fn what_comes_whole_is_a_page_and_a_stream_all_the_same() {
    let rows = |ids: &[&str], total: u64| {
        let rows: Vec<Value> = ids.iter().map(|id| json!({"uuid": id})).collect();
        Answer::json(200, &json!({"data": rows, "total": total}).to_string())
    };
    // The rest is asked for in the way of the first, which has a filter here.
    let server = FaultServer::start([rows(&["s-1", "s-2"], 3), rows(&["s-3"], 3)]).await;
    let stages = || client(&server.base_url).pipeline_stages().list(ObjectKind::Lead);
    let mut stream = stages().stream();
    let mut ids = Vec::new();
    while let Some(stage) = stream.next().await.transpose().unwrap() {
        ids.push(stage.uuid.to_string());
    }
    assert_eq!((ids, stream.total()), (vec!["s-1".into(), "s-2".into(), "s-3".into()], Some(3)));
    let shown: Vec<String> = server.arrived().iter().map(show).collect();
    assert_eq!(shown[0], "GET /leads/api/pipeline-stages\n  filter = {\"object\":\"lead\"}");
    assert_eq!(shown[1], format!("{}\n  limit = 100\n  offset = 2", shown[0]));

    let server = FaultServer::start([Answer::json(200, r#"[{"uuid": "v-1"}, {"uuid": "v-2"}]"#)]).await;
    let versions = || client(&server.base_url).automation_versions().list("f-1");
    assert_eq!(versions().page().await.unwrap().data.len(), 2);
    assert_eq!(versions().await.unwrap().len(), 2);
    assert_eq!(server.arrived().len(), 2, "one request each");
    for error in [
        client(&server.base_url).automation_versions().list("").await.unwrap_err(),
        client(&server.base_url).automation_versions().list("").stream().collect().await.unwrap_err(),
        client(&server.base_url).automation_versions().list("").page().await.unwrap_err(),
    ] {
        assert_eq!(error.field(), Some("automation_uuid"));
    }

    let odd = r#"{"data": [{"uuid": "t-1"}, {"uuid": "t-2", "created_at": "soon"}]}"#;
    let server = FaultServer::start([Answer::json(200, odd)]).await;
    let tags = || client(&server.base_url).tags().list();
    assert_eq!(tags().await.unwrap_err().json_path(), Some("$.data[1].created_at"));
    let kept = tags().keep_undecodable().collect().await.unwrap();
    assert_eq!((kept[0].is_ok(), kept[1].as_ref().unwrap_err().json_path()), (true, "$.created_at"));
}

#[test]
fn a_program_without_a_runtime_has_all_of_this_too() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(FaultServer::start([odd_page()]));
    let client = grinfi::blocking::Client::new(crate::support::builder(&server.base_url)).unwrap();
    let error = client.contacts().search().into_iter().next().unwrap().unwrap_err();
    assert_eq!(error.json_path(), Some("$.data[1].lead.created_at"));
    let kept: Vec<_> = client.contacts().search().keep_undecodable().collect::<Result<_, _>>().unwrap();
    assert_eq!(kept.iter().filter(|row| row.is_err()).count(), 2);

    let make = |id: usize, time: Option<&str>| json!({"uuid": format!("c-{id}"), "created_at": time});
    let server = runtime.block_on(by_time("created_at", rows(), make));
    let client = grinfi::blocking::Client::new(crate::support::builder(&server.base_url)).unwrap();
    let ids =
        client.contacts().search().limit(4).prefetch(2).complete().map(|row| row.unwrap().uuid.to_string());
    assert_eq!(numbers(ids), (0..30).collect::<Vec<_>>());
    let search = client.asynchronous().contacts().search().complete();
    assert_eq!(client.iter(search).count(), 30);
}
