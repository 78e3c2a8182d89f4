use grinfi::Order;

use crate::support::conversation::{Conversation, failing, refused};

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let page = talk.call("listTeams", async |c| c.teams().list().limit(5).page().await).await;
    assert!(page.data[0].id.is_some() && page.total.is_some());
    let team = talk.call("getTeam", async |c| c.teams().get(134).await).await;
    assert!(team.name.is_some());
    let answer = talk.call("checkTeamLimits", async |c| c.teams().check_limits(134, 3).await).await;
    assert!(answer.monthly.is_some());
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject_or_ignore() {
    assert_eq!(refused(async |c| c.teams().get(0).await).await, "id");
    assert_eq!(refused(async |c| c.teams().check_limits(134, 0).await).await, "sender_profiles");
    let sorted = refused(async |c| c.teams().list().order_by_name("name", Order::Asc).page().await).await;
    assert_eq!(sorted, "order_by");
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(402, async |c| c.teams().check_limits(134, 99).await).await.is_out_of_credits());
    assert!(failing(404, async |c| c.teams().get(1).await).await.is_not_found());
}
