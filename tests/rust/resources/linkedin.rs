use chrono::{DateTime, Duration};
use grinfi::{
    Order,
    filter::{Filter, linkedin_conversation, linkedin_message},
    models::enums::{LinkedinMessageGroup, LinkedinMessageType},
};
use serde_json::json;

use crate::support::{
    conversation::{Conversation, failing, refused},
    description::UUID,
    fault_server::Response,
};

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let filter = linkedin_conversation::contact_uuid().in_(["c-1", "c-2"])
        & linkedin_conversation::linkedin_account_uuid().is_not_null();
    let page = talk
        .call("listLinkedinConversations", async |c| {
            c.linkedin_conversations().list().filter(filter.clone()).page().await
        })
        .await;
    assert_eq!(page.data[0].uuid, UUID);
    let thread = linkedin_message::contact_uuid().eq("c-1");
    talk.call("listLinkedinMessages", async |c| {
        let messages = c.linkedin_messages().list().filter(thread.clone());
        messages.order_by(linkedin_message::sent_at(), Order::Asc).page().await
    })
    .await;
    talk.call("sendLinkedInMessage", async |c| {
        c.linkedin_messages().send("s-1", "c-1", "Hello, Jane").attachment("a-1").template("t-1").await
    })
    .await;
    talk.call("deleteLinkedinMessage", async |c| c.linkedin_messages().delete("m-1").await).await;
    talk.call("retryLinkedinMessage", async |c| c.linkedin_messages().retry("m-1").await).await;
    let at = DateTime::from_timestamp(1_767_225_600, 0).unwrap();
    let replies = linkedin_message::type_().eq(LinkedinMessageType::Inbox)
        & linkedin_message::sent_at().between(at, at + Duration::days(7));
    let counts = talk
        .answered("groupCountLinkedinMessages", Response::json(200, r#"{"s-1": 12}"#), async |c| {
            let by = LinkedinMessageGroup::SenderProfileUuid;
            c.linkedin_messages().group_counts(by, replies.clone()).await
        })
        .await;
    assert_eq!(counts["s-1"], 12);
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject_or_ignore() {
    let ordered = async |c: grinfi::Client| {
        let list = c.linkedin_conversations().list();
        list.order_by(linkedin_conversation::contact_uuid(), Order::Asc).page().await
    };
    assert_eq!(refused(ordered).await, "order_by");
    let filter = json!({"flow_uuid": "f-1"});
    let error = Filter::<grinfi::linkedin_conversations::LinkedinConversations>::from_json(
        filter.as_object().unwrap(),
    )
    .unwrap_err();
    assert_eq!(error.field(), Some("flow_uuid"));
    assert_eq!(refused(async |c| c.linkedin_messages().delete("").await).await, "uuid");
    assert_eq!(refused(async |c| c.linkedin_messages().retry("a b").await).await, "uuid");
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(404, async |c| c.linkedin_messages().retry("m-1").await).await.is_not_found());
    let counts = async |c: grinfi::Client| {
        c.linkedin_messages().group_counts(LinkedinMessageGroup::Status, Filter::all()).await
    };
    assert!(failing(422, counts).await.is_validation());
}
