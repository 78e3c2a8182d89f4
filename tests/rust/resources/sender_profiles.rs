use grinfi::{
    filter::sender_profile,
    models::{Schedule, SenderProfileUpdate, Timeblock, enums::SenderProfileStatus},
};

use crate::support::conversation::{Conversation, failing, refused};

fn hours(max: i64) -> Schedule {
    Schedule::new(vec![Timeblock { dow: Some(5), min: Some(540), max: Some(max) }], "Europe/Berlin")
}

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let enabled = sender_profile::status().eq(SenderProfileStatus::Enabled);
    let page = talk
        .call("listSenderProfiles", async |c| c.sender_profiles().list().filter(enabled.clone()).page().await)
        .await;
    let got = talk.call("getSenderProfile", async |c| c.sender_profiles().get("s-1").await).await;
    assert_eq!(got.uuid, page.data[0].uuid);
    let created = talk
        .call("createSenderProfile", async |c| {
            let create = c.sender_profiles().create("Robin", "Doe", 20).label("Sales");
            create.linkedin_schedule(hours(1080)).email_schedule(hours(720)).await
        })
        .await;
    assert_eq!(created.uuid, got.uuid);
    let changes = SenderProfileUpdate { label: Some("Support".into()), ..Default::default() };
    talk.call("updateSenderProfile", async |c| c.sender_profiles().update("s-1", &changes).await).await;
    talk.call("deleteSenderProfile", async |c| c.sender_profiles().delete("s-1").await).await;
    talk.call("enableSenderProfile", async |c| c.sender_profiles().enable("s-1").await).await;
    talk.call("disableSenderProfile", async |c| c.sender_profiles().disable("s-1").await).await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject_or_ignore() {
    assert_eq!(refused(async |c| c.sender_profiles().create("", "Doe", 1).await).await, "first_name");
    assert_eq!(refused(async |c| c.sender_profiles().create("R", " ", 1).await).await, "last_name");
    assert_eq!(refused(async |c| c.sender_profiles().create("R", "D", 0).await).await, "assignee_user_id");
    let late =
        async |c: grinfi::Client| c.sender_profiles().create("R", "D", 1).email_schedule(hours(2000)).await;
    assert_eq!(refused(late).await, "email_schedule.timeblocks[0]");
    let nothing = SenderProfileUpdate::default();
    assert_eq!(refused(async |c| c.sender_profiles().update("s-1", &nothing).await).await, "changes");
    assert_eq!(refused(async |c| c.sender_profiles().enable("").await).await, "uuid");
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(404, async |c| c.sender_profiles().get("s-1").await).await.is_not_found());
}
