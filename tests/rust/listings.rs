//! Listings over a socket: rows that do not decode, page sizes, complete listings, reading ahead.

use std::sync::{Arc, Mutex};

use grinfi::{
    Client, ErrorKind, Order,
    filter::contact,
    models::{Contact, enums::ObjectKind},
};
use grinfi_sandbox::Seed;
use serde_json::{Value, json};

use crate::support::{
    client,
    conversation::show,
    description,
    fault_server::{FaultServer, ReceivedRequest, Response},
    sandbox,
};

/// A page of a search with one row that does not decode.
fn odd_page() -> Response {
    let rows = json!([
        {"lead": {"uuid": "c-1", "created_at": "2026-02-03 15:55:04"}},
        {"lead": {"uuid": "c-2", "created_at": "soon", "name": "Jane Roe"}, "markers": []},
        {"lead": {"uuid": "c-3", "posts": 7}},
    ]);
    Response::json(200, &json!({"data": rows, "total": 3}).to_string())
}

#[tokio::test]
async fn one_row_that_does_not_decode_fails_its_page_by_name() {
    let server = FaultServer::start([odd_page()]).await;
    let error = client(&server.base_url).contacts().search().stream().collect().await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Decode, Some("searchContacts")));
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
        let one_of: Vec<String> = url
            .query_pairs()
            .filter(|(key, _)| *key == format!("filter[{field}][]"))
            .map(|(_, value)| value.into_owned())
            .collect();
        let bounds = [">=", ">", "<=", "<"].map(compared);
        let fits = |time: &Option<String>| match (plain.as_deref(), &bounds) {
            (Some("is_null"), _) => time.is_none(),
            (Some("is_not_null"), _) => time.is_some(),
            (Some(at), _) => time.as_deref() == Some(at),
            (None, _) if !one_of.is_empty() => time.as_ref().is_some_and(|time| one_of.contains(time)),
            (None, [None, None, None, None]) => panic!("no condition on {field}: {}", request.target),
            (None, [from, after, to, before]) => time.as_ref().is_some_and(|time| {
                from.as_ref().is_none_or(|from| time >= from)
                    && after.as_ref().is_none_or(|after| time > after)
                    && to.as_ref().is_none_or(|to| time <= to)
                    && before.as_ref().is_none_or(|before| time < before)
            }),
        };
        let mut found: Vec<&(usize, Option<String>)> = rows.iter().filter(|(_, time)| fits(time)).collect();
        found.sort_by_key(|(id, time)| (time.clone(), *id));
        let page: Vec<Value> = found
            .iter()
            .skip(number("offset"))
            .take(number("limit"))
            .map(|(id, time)| made(*id, time.as_deref()))
            .collect();
        Some(Response::json(200, &json!({"data": page, "total": found.len()}).to_string()))
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

fn check(id: &str, arrived: &[ReceivedRequest]) {
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
}

#[tokio::test]
async fn complete_listing_takes_conditions_on_its_own_time() {
    let server =
        by_time("sent_at", rows(), |id, time| json!({"uuid": format!("e-{id}"), "sent_at": time})).await;
    let second = |second: u32| -> chrono::DateTime<chrono::Utc> {
        format!("2026-02-03T15:55:{second:02}Z").parse().unwrap()
    };
    let sent_at = grinfi::filter::email::sent_at;
    let timed = |ids: std::ops::Range<usize>| -> Vec<usize> { ids.filter(|id| id % 7 != 6).collect() };
    for (filter, expected) in [
        (sent_at().ge(second(5)), timed(10..30)),
        (sent_at().between(second(3), second(7)), timed(6..14)),
        (sent_at().gt(second(12)), timed(26..30)),
        (sent_at().is_not_null(), timed(0..30)),
        (sent_at().is_null(), (0..30).filter(|id| id % 7 == 6).collect()),
        (sent_at().in_([second(2), second(9)]), timed(4..6).into_iter().chain(timed(18..20)).collect()),
        (sent_at().eq(second(4)), timed(8..10)),
    ] {
        let listing = client(&server.base_url).emails().list().limit(4).filter(filter.clone());
        let emails = listing.complete().collect().await.unwrap();
        assert_eq!(numbers(emails.iter().map(|email| email.uuid.to_string())), expected, "{filter:?}");
    }
    check("listEmails", &server.arrived());
}

#[tokio::test]
async fn complete_listing_resumes_from_a_cursor() {
    let make =
        |id: usize, time: Option<&str>| json!({"lead": {"uuid": format!("c-{id}"), "created_at": time}});
    let server = by_time("created_at", rows(), make).await;
    let search = || client(&server.base_url).contacts().search().limit(5);
    for stop in 0..=30 {
        let mut contacts = search().complete();
        let mut ids = Vec::new();
        for _ in 0..stop {
            ids.push(contacts.next().await.unwrap().unwrap().uuid.to_string());
        }
        // The cursor survives as text.
        let cursor: grinfi::pagination::Cursor = contacts.cursor().unwrap().to_string().parse().unwrap();
        assert_eq!(cursor.listing(), "searchContacts");
        let rest = search().resume(&cursor).complete().collect().await.unwrap();
        assert_eq!(rest.len(), 30 - stop);
        ids.extend(rest.iter().map(|contact| contact.uuid.to_string()));
        assert_eq!(numbers(ids), (0..30).collect::<Vec<_>>(), "stopped after {stop}");
        // The same with rows as raw JSON, which share the cursor.
        let by_hand = client(&server.base_url).operation("searchContacts", &[]).unwrap().resume(&cursor);
        let mut pages = by_hand.complete("created_at", serde_json::Map::new(), 5, None).unwrap();
        let mut rows = 0;
        while let Some(page) = futures_util::StreamExt::next(&mut pages).await.transpose().unwrap() {
            rows += page.data.len();
        }
        assert_eq!(rows, 30 - stop);
        assert_eq!(pages.cursor().unwrap().to_string(), {
            let mut all = search().complete();
            while all.next().await.is_some() {}
            all.cursor().unwrap().to_string()
        });
    }
    let cursor = search().complete().cursor().unwrap();
    assert!(search().stream().cursor().is_none());
    let filtered = search().filter(contact::name().eq("Jane Roe")).resume(&cursor).complete();
    let another =
        client(&server.base_url).tasks().list().resume(&cursor).complete().collect().await.map(drop);
    for (error, says) in [
        (filtered.collect().await.unwrap_err(), "another filter"),
        (another.unwrap_err(), "not in `listTasks`"),
        (search().resume(&cursor).stream().collect().await.unwrap_err(), "`complete()`"),
        (search().resume(&cursor).page().await.unwrap_err(), "`complete()`"),
    ] {
        assert_eq!((error.is_invalid_input(), error.field()), (true, Some("cursor")), "{error}");
        assert!(error.to_string().contains(says), "{error}");
    }
}

/// A search that reaches 10,000 rows and counts no further, as Elasticsearch does, over contacts of which three share a
/// second.
async fn capped(contacts: u64) -> FaultServer {
    FaultServer::deciding(move |request| {
        let body: Value = serde_json::from_slice(&request?.body).unwrap();
        let (limit, offset) = (body["limit"].as_u64().unwrap(), body["offset"].as_u64().unwrap());
        assert!(limit + offset <= 10_000, "past the result window");
        let time = |id: u64| chrono::DateTime::from_timestamp(1_770_000_000 + (id / 3) as i64, 0).unwrap();
        let text = |id: u64| time(id).to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        let condition = &body["filter"]["created_at"];
        let fits = |id: &u64| match (condition.as_str(), condition["<="].as_str(), condition[">="].as_str()) {
            (Some("is_null"), ..) => false,
            (_, to, from) => {
                to.is_none_or(|to| *text(*id) <= *to) && from.is_none_or(|from| *text(*id) >= *from)
            }
        };
        let mut found: Vec<u64> = (0..contacts).filter(fits).collect();
        if body["order_type"] != "asc" {
            found.reverse();
        }
        let page: Vec<Value> = found
            .iter()
            .skip(offset as usize)
            .take(limit as usize)
            .map(|id| json!({"lead": {"uuid": format!("c-{id}"), "created_at": text(*id)}}))
            .collect();
        Some(Response::json(200, &json!({"data": page, "total": found.len().min(10_000)}).to_string()))
    })
    .await
}

#[tokio::test]
async fn stream_goes_on_past_the_result_window() {
    let server = capped(23_456).await;
    let search = || client(&server.base_url).contacts().search().limit(1000);
    let everything: Vec<usize> = (0..23_456).collect();
    let mut rows = search().stream();
    let mut ids = Vec::new();
    while let Some(row) = rows.next().await.transpose().unwrap() {
        ids.push(row.uuid.to_string());
    }
    assert_eq!((numbers(ids), rows.total()), (everything.clone(), Some(10_000)));
    let oldest_first = search().order_by(contact::created_at(), Order::Asc).prefetch(2).stream();
    let ids = oldest_first.collect().await.unwrap().into_iter().map(|row| row.uuid.to_string());
    assert_eq!(numbers(ids), everything);
    let kept = search().keep_undecodable().stream().collect().await.unwrap();
    assert_eq!(numbers(kept.into_iter().map(|row| row.unwrap().uuid.to_string())), everything);
    // The caller's own conditions on that time hold.
    let since = chrono::DateTime::from_timestamp(1_770_000_000 + 1000, 0).unwrap();
    let some = search().filter(contact::created_at().ge(since)).stream().collect().await.unwrap();
    assert_eq!(some.len(), 23_456 - 3000);
    // Raw rows do the same.
    let mut pages =
        client(&server.base_url).operation("searchContacts", &[]).unwrap().pages(1000, 0, None).unwrap();
    let mut count = 0;
    while let Some(page) = futures_util::StreamExt::next(&mut pages).await.transpose().unwrap() {
        count += page.data.len();
    }
    assert_eq!(count, 23_456);
}

#[tokio::test]
async fn stream_in_another_order_fails_at_the_result_window() {
    let server = capped(10_500).await;
    let mut rows =
        client(&server.base_url).contacts().search().order_by(contact::name(), Order::Desc).stream();
    let mut count = 0;
    let error = loop {
        match rows.next().await.unwrap() {
            Ok(_) => count += 1,
            Err(error) => break error,
        }
    };
    assert_eq!((count, error.kind()), (10_000, ErrorKind::Listing));
    assert!(error.to_string().contains("`complete()`"), "{error}");
    assert!(rows.next().await.is_none(), "nothing can follow");
    let by_hand =
        client(&server.base_url).operation("searchContacts", &[]).unwrap().order_by("name", Order::Asc);
    let mut pages = by_hand.pages(1000, 0, None).unwrap();
    let mut last = None;
    while let Some(page) = futures_util::StreamExt::next(&mut pages).await {
        last = Some(page.map(|page| page.data.len()));
    }
    assert_eq!(last.unwrap().unwrap_err().kind(), ErrorKind::Listing);
}

#[tokio::test]
async fn stream_goes_on_after_failed_requests() {
    let failed = Arc::new(Mutex::new(0));
    let failures = failed.clone();
    let server = FaultServer::deciding(move |request| {
        let target = request?.target.clone();
        let url = reqwest::Url::parse(&format!("http://localhost{target}")).unwrap();
        let number = |name: &str| -> u64 {
            url.query_pairs().find(|(key, _)| key == name).unwrap().1.parse().unwrap()
        };
        let (limit, offset) = (number("limit"), number("offset"));
        let mut failures = failures.lock().unwrap();
        // Each page fails before it comes, retries included.
        *failures += 1;
        if *failures % 4 != 0 {
            return Some(Response::html(503));
        }
        let rows: Vec<Value> =
            (offset..(offset + limit).min(10)).map(|id| json!({"uuid": format!("l-{id}")})).collect();
        Some(Response::json(200, &json!({"data": rows, "total": 10}).to_string()))
    })
    .await;
    let client = client(&server.base_url);
    let mut lists = client.lists().list().limit(4).stream();
    let (mut ids, mut errors) = (Vec::new(), 0);
    while let Some(row) = lists.next().await {
        match row {
            Ok(list) => ids.push(list.uuid.to_string()),
            Err(error) => {
                assert_eq!(error.status(), Some(503));
                errors += 1;
            }
        }
    }
    assert_eq!(ids, (0..10).map(|id| format!("l-{id}")).collect::<Vec<_>>());
    assert_eq!(errors, 3, "one for each page");
}

#[tokio::test]
async fn raw_pages_keep_the_json_body() {
    let server = FaultServer::deciding(move |request| {
        let body: Value = serde_json::from_slice(&request?.body).unwrap();
        let page = match body["filter"]["created_at"] == "is_not_null" {
            true => r#"{"data": [], "total": 0}"#,
            false => r#"{"data": [{"lead": {"uuid": "c-1", "created_at": null}}], "total": 1}"#,
        };
        Some(Response::json(200, page))
    })
    .await;
    let request = || client(&server.base_url).operation("searchContacts", &[]).unwrap();
    let filter = json!({"name": "Jane Roe"}).as_object().cloned().unwrap();
    let body = json!({"with": ["markers"], "filter": {"company_name": "ExampleCorp"}});
    let read = async |pages: grinfi::Result<grinfi::pagination::Pages<Box<serde_json::value::RawValue>>>| {
        let mut pages = pages.unwrap();
        while futures_util::StreamExt::next(&mut pages).await.transpose().unwrap().is_some() {}
    };
    read(request().json(&body).pages(10, 0, None)).await;
    read(request().json(&body).complete("created_at", filter.clone(), 10, None)).await;
    read(request().filter(&filter).unwrap().json(&json!({"with": ["markers"]})).pages(10, 0, None)).await;
    read(request().json(&json!({"with": ["markers"]})).filter(&filter).unwrap().pages(10, 0, None)).await;
    let arrived = server.arrived();
    assert!(arrived.len() >= 4);
    for request in &arrived {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body["with"], json!(["markers"]), "{body}");
        let conditions = [&body["filter"]["company_name"], &body["filter"]["name"]];
        assert!(conditions.iter().any(|condition| !condition.is_null()), "{body}");
    }
    let both: Value = serde_json::from_slice(&arrived[1].body).unwrap();
    assert_eq!(
        (&both["filter"]["company_name"], &both["filter"]["name"]),
        (&json!("ExampleCorp"), &json!("Jane Roe"))
    );
    // Either order says the same.
    assert_eq!(arrived[arrived.len() - 1].body, arrived[arrived.len() - 2].body);
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
            true => Response::json(200, r#"{"data": [{"uuid": "t-1"}], "total": 1}"#),
            false => Response::json(422, refusal),
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
    let server = FaultServer::start([Response::json(200, r#"{"data": []}"#)]).await;
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
        Response::json(200, &json!({"data": rows, "total": total}).to_string())
    };
    // The rest is asked for in the way of the first, which has a filter here.
    let server = FaultServer::start([rows(&["s-1", "s-2"], 3), rows(&["s-3"], 3)]).await;
    let stages = || client(&server.base_url).pipeline_stages().list(ObjectKind::Contact);
    let mut stream = stages().stream();
    let mut ids = Vec::new();
    while let Some(stage) = stream.next().await.transpose().unwrap() {
        ids.push(stage.uuid.to_string());
    }
    assert_eq!((ids, stream.total()), (vec!["s-1".into(), "s-2".into(), "s-3".into()], Some(3)));
    let shown: Vec<String> = server.arrived().iter().map(show).collect();
    assert_eq!(shown[0], "GET /leads/api/pipeline-stages\n  filter = {\"object\":\"lead\"}");
    assert_eq!(shown[1], format!("{}\n  limit = 100\n  offset = 2", shown[0]));

    let server = FaultServer::start([Response::json(200, r#"[{"uuid": "v-1"}, {"uuid": "v-2"}]"#)]).await;
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
    let server = FaultServer::start([Response::json(200, odd)]).await;
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
