use grinfi::{
    Order,
    models::ids::{CompanyId, ContactId},
};

use crate::support::conversation::{Conversation, failing, refused};

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let notes = talk
        .call("listNotes", async |c| {
            c.notes().list().order_by_name("updated_at", Order::Desc).limit(20).page().await
        })
        .await;
    assert!(notes.data[0].note.is_some());
    let (contact, company) = (ContactId::from("c-1"), CompanyId::from("o-1"));
    talk.call("createNote", async |c| c.notes().create(&contact, "Call on Tuesday.").await).await;
    let note = talk.call("createNote", async |c| c.notes().create(company.clone(), "Hiring.").await).await;
    assert_eq!(note.uuid, notes.data[0].uuid);
    talk.call("updateNote", async |c| c.notes().update("n-1", "Call on Friday.").await).await;
    talk.call("getNote", async |c| c.notes().get("n-1").await).await;
    talk.call("deleteNote", async |c| c.notes().delete("n-1").await).await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject() {
    let contact = ContactId::from("c-1");
    assert_eq!(refused(async |c| c.notes().create(&contact, "\n").await).await, "note");
    assert_eq!(refused(async |c| c.notes().create(ContactId::from("a b"), "x").await).await, "target");
    assert_eq!(refused(async |c| c.notes().update("n-1", "").await).await, "note");
    assert_eq!(refused(async |c| c.notes().delete("").await).await, "uuid");
    assert_eq!(refused(async |c| c.notes().get("a/b").await).await, "uuid");
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(404, async |c| c.notes().update("n-1", "x").await).await.is_not_found());
}
