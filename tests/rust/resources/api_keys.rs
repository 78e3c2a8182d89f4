use crate::support::{
    conversation::{Conversation, failing, refused},
    fault_server::Response,
};

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let answer = r#"{"jti": "j", "user_id": 20, "team_id": 134, "name": "weekly report", "last_token": "a.secret.b",
        "created_at": "2026-02-03T15:55:04.000000Z"}"#;
    let created = talk
        .answered("createApiKey", Response::json(200, answer), async |c| {
            c.api_keys().create("weekly report").await
        })
        .await;
    assert_eq!(created.token(), Some("a.secret.b"));
    assert_eq!((created.team_id, created.user_id, created.jti.as_deref()), (Some(134), Some(20), Some("j")));
    assert!(!format!("{created:?}").contains("secret"), "{created:?}");
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject() {
    assert_eq!(refused(async |c| c.api_keys().create("  ").await).await, "name");
}

#[tokio::test]
async fn maps_documented_errors() {
    let error = failing(422, async |c| c.api_keys().create("weekly report").await).await;
    assert!(error.is_validation());
    assert_eq!(error.fields()["name"], ["is taken"]);
}
