use crate::support::conversation::Conversation;

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let me = talk.call("getCurrentUser", async |c| c.users().current().await).await;
    assert!(me.email.is_some());
    insta::assert_snapshot!(talk.shown());
}
