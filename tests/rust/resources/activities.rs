use chrono::DateTime;
use grinfi::{
    ErrorKind, Order,
    filter::{Filter, activity},
    models::ids::ContactId,
};
use serde_json::json;

use crate::support::{
    conversation::{Conversation, failing, refused},
    fault_server::Response,
};

fn page(rows: serde_json::Value) -> Response {
    Response::json(200, &json!({"data": rows}).to_string())
}

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let since = DateTime::from_timestamp(1_767_225_600, 0).unwrap();
    let replies = activity::type_().in_(["email_replied", "linkedin_message_replied"])
        & activity::created_at().ge(since);
    let rows = talk
        .call("listActivities", async |c| {
            Ok(c.activities().list().filter(replies.clone()).limit(50).page().await?.data)
        })
        .await;
    assert!(rows[0].type_.is_some());
    talk.call("listActivities", async |c| c.activities().list().page().await).await;
    let contact = ContactId::from("c-1");
    talk.call("createActivity", async |c| {
        c.activities().create(&contact, "contact_enriched").detail("source", "crm").await
    })
    .await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn is_connected_requires_accepted_request_of_the_contact() {
    let mut talk = Conversation::default();
    let accepted = "linkedin_connection_request_accepted";
    for (rows, connected) in [
        (json!([]), Some(false)),
        (json!([{"uuid": 1, "type": accepted, "lead_uuid": "c-1"}]), Some(true)),
        (json!([{"uuid": 1, "type": accepted, "object_uuid": "c-1"}]), Some(true)),
        // A filter that the API ignores returns rows of other contacts.
        (json!([{"uuid": 1, "type": accepted, "object_uuid": "c-2"}]), None),
        (json!([{"uuid": 1, "type": "email_sent", "object_uuid": "c-1"}]), None),
    ] {
        let answer = talk
            .outcome("listActivities", page(rows.clone()), async |c| c.activities().is_connected("c-1").await)
            .await;
        match connected {
            Some(connected) => assert_eq!(answer.unwrap(), connected, "{rows}"),
            None => assert_eq!(answer.unwrap_err().kind(), ErrorKind::Listing, "{rows}"),
        }
    }
    insta::assert_snapshot!(talk.shown().split("\n\n").next().unwrap());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject_or_ignore() {
    let sorted =
        refused(async |c| c.activities().list().order_by(activity::created_at(), Order::Desc).page().await);
    assert_eq!(sorted.await, "order_by");
    let contact = ContactId::from("c-1");
    assert_eq!(refused(async |c| c.activities().create(&contact, "").await).await, "type");
    assert_eq!(refused(async |c| c.activities().is_connected("").await).await, "contact_uuid");
    let object = json!({"object_uuid": "c-1"});
    let error = Filter::<grinfi::activities::Activities>::from_json(object.as_object().unwrap()).unwrap_err();
    assert!(error.to_string().contains("contact_uuid"), "{error}");
}

#[tokio::test]
async fn maps_documented_errors() {
    let contact = ContactId::from("c-1");
    assert!(failing(422, async |c| c.activities().create(&contact, "x").await).await.is_validation());
}
