//! Snapshots of sent requests: every encoding of a filter, and the requests of the quick start.

use chrono::DateTime;
use grinfi::{
    Client, Order,
    contacts::Lookup,
    filter::{automation, contact, linkedin_message, list, sender_profile},
    models::{ContactUpdate, NewContact, Nullable, enums},
};
use serde_json::json;

use crate::support::{
    client,
    conversation::show,
    fault_server::{FaultServer, Response},
};

const PAGE: &str = r#"{"data": [], "total": 0}"#;
const RECORD: &str = r#"{"uuid": "u"}"#;
const LIST: &str = "0b5b7a3e-1c2d-4e5f-8a9b-0c1d2e3f4a5b";
const OTHER_LIST: &str = "0b5b7a3e-1c2d-4e5f-8a9b-0c1d2e3f4a5c";

/// Runs `calls` against a server with one response, and returns the formatted requests.
async fn requests_of(response: &str, calls: impl AsyncFnOnce(Client)) -> String {
    let server = FaultServer::start([Response::json(200, response)]).await;
    calls(client(&server.base_url)).await;
    server.arrived().iter().map(show).collect::<Vec<_>>().join("\n\n")
}

#[tokio::test]
async fn sends_filters_in_the_json_body() {
    let since = DateTime::parse_from_rfc3339("2026-02-03T17:55:04.5+02:00").unwrap();
    let shown = requests_of(PAGE, async |client| {
        let filter = contact::company_name().eq("ExampleCorp")
            & contact::created_at().ge(since)
            & contact::list_uuid().in_([LIST, OTHER_LIST])
            & contact::work_email().is_not_null()
            & contact::connections_number().between(10, 500)
            & contact::headline().ne("CTO")
            & contact::email_status().not_in(["ok", "unknown"]);
        let search =
            client.contacts().search().filter(filter.clone()).order_by(contact::created_at(), Order::Desc);
        search.limit(50).page().await.unwrap();
        client.contacts().count(filter).await.unwrap();
        client.contacts().search().count().await.unwrap();
    })
    .await;
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn sends_filters_as_bracketed_query_parameters() {
    let since = DateTime::from_timestamp(1_767_225_600, 0).unwrap();
    let shown = requests_of(PAGE, async |client| {
        let messages = linkedin_message::contact_uuid().eq("c")
            & linkedin_message::type_().eq(enums::LinkedinMessageType::Outbox)
            & linkedin_message::status().in_([
                enums::LinkedinMessageStatus::Done,
                enums::LinkedinMessageStatus::Other("stuck".into()),
            ])
            & linkedin_message::sender_profile_uuid().not_in(["s-1", "s-2"])
            & linkedin_message::sent_at().between(since, since + chrono::Duration::days(7));
        client.linkedin_messages().list().filter(messages).page().await.unwrap();
        let named = list::q().eq("fair & co") & list::uuid().is_not_null();
        client.lists().list().filter(named).order_by_name("name", Order::Asc).page().await.unwrap();
        client
            .automations()
            .list()
            .filter(automation::status().eq(enums::AutomationStatus::On))
            .page()
            .await
            .unwrap();
        client
            .sender_profiles()
            .list()
            .filter(sender_profile::q().eq("Robin"))
            .offset(20)
            .page()
            .await
            .unwrap();
    })
    .await;
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn sends_filters_as_json_or_search_query_parameter() {
    let shown = requests_of(PAGE, async |client| {
        let filter = json!({"object": "lead", "type": ["email_sent", "email_replied"]});
        let activities = client.operation("listActivities", &[]).unwrap();
        activities.filter(filter.as_object().unwrap()).unwrap().query("limit", 5).send().await.unwrap();
        let search = json!({"search": "fair"});
        let bodies = client.operation("listEmailBodies", &[]).unwrap();
        bodies.filter(search.as_object().unwrap()).unwrap().send().await.unwrap();
    })
    .await;
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn sends_the_requests_of_the_quick_start() {
    let shown = requests_of(RECORD, async |client| {
        let jane = NewContact {
            linkedin_id: Some("jane-roe-example".into()),
            first_name: Some("Jane".into()),
            position: Some(Nullable::Null),
            ..Default::default()
        };
        client.lists().create("Autumn fair").await.unwrap();
        let _ = client.contacts().create_many("l", vec![jane.clone()]).await;
        let upsert = client.contacts().upsert("l", jane).move_to_list(true);
        upsert.update_if_exists(false).await.unwrap();
        let changes =
            ContactUpdate { headline: Some(Nullable::Null), about: Some("x".into()), ..Default::default() };
        client.contacts().update("c", &changes).await.unwrap();
        client.contacts().lookup(Lookup::email("jane@example.com")).await.unwrap();
        client.contacts().lookup(Lookup::name_and_company("Jane Roe", "ExampleCorp")).await.unwrap();
        client.linkedin_messages().send("s", "c", "Hello, Jane").attachment("f").template("t").await.unwrap();
        client.automations().start("f").await.unwrap();
        client.automations().stop("f").await.unwrap();
        client.automations().add_contact("f", "c").await.unwrap();
        client.contacts().delete("c").await.unwrap();
    })
    .await;
    insta::assert_snapshot!(shown);
}
