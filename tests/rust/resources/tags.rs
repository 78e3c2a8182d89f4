use grinfi::{
    ErrorKind,
    models::{TagUpdate, enums::TagMetric},
};
use serde_json::json;

use crate::support::{
    client,
    conversation::{Conversation, failing, refused},
    fault_server::{FaultServer, Response},
};

const ONE: &str = "00000006-0000-4000-8000-000000000001";
const TWO: &str = "00000006-0000-4000-8000-000000000002";

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let tags = talk.call("listTags", async |c| c.tags().list().await).await;
    assert_eq!(tags.len(), 1);
    let tag = talk.call("createTag", async |c| c.tags().create("Hot").color("#ff5733").await).await;
    assert_eq!(tag.uuid, tags[0].uuid);
    talk.call("createTag", async |c| c.tags().create("Plain").await).await;
    let changes = TagUpdate { name: Some("Warm".into()), ..Default::default() };
    talk.call("updateTag", async |c| c.tags().update(ONE, &changes).await).await;
    talk.call("deleteTag", async |c| c.tags().delete(ONE).await).await;
    let both = [TagMetric::ContactsCount, TagMetric::CompaniesCount];
    let nothing = talk.call("getTagMetrics", async |c| c.tags().metrics([ONE], both.clone()).await).await;
    assert_eq!(nothing, None);
    let counts = Response::json(200, r#"{"00000006-0000-4000-8000-000000000001": {"leads_count": 3}}"#);
    let counts = talk
        .answered("getTagMetrics", counts, async |c| {
            c.tags().metrics([ONE, TWO], [TagMetric::ContactsCount]).await
        })
        .await;
    assert_eq!(counts, Some(json!({"00000006-0000-4000-8000-000000000001": {"leads_count": 3}})));
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn reads_on_or_fails_if_total_exceeds_rows() {
    let page =
        |uuid: &str| Response::json(200, &format!(r#"{{"data": [{{"uuid": "{uuid}"}}], "total": 2}}"#));
    let server = FaultServer::start([page(ONE), page(TWO)]).await;
    let tags = client(&server.base_url).tags().list().await.unwrap();
    assert_eq!((tags[0].uuid.as_str(), tags[1].uuid.as_str()), (ONE, TWO));
    assert_eq!(server.arrived()[1].target, "/leads/api/tags?limit=100&offset=1");
    let server = FaultServer::start([page(ONE)]).await;
    let error = client(&server.base_url).tags().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Listing);
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject_or_ignore() {
    assert_eq!(refused(async |c| c.tags().create(" ").await).await, "name");
    assert_eq!(refused(async |c| c.tags().create("Hot").color("").await).await, "color");
    assert_eq!(refused(async |c| c.tags().update(ONE, &TagUpdate::default()).await).await, "changes");
    assert_eq!(refused(async |c| c.tags().delete("").await).await, "uuid");
    assert_eq!(refused(async |c| c.tags().delete("a/b").await).await, "uuid");
    let none: [&str; 0] = [];
    assert_eq!(refused(async |c| c.tags().metrics(none, [TagMetric::ContactsCount]).await).await, "uuids");
    assert_eq!(refused(async |c| c.tags().metrics([ONE], []).await).await, "metrics");
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(422, async |c| c.tags().create("Hot").await).await.is_validation());
    assert!(failing(404, async |c| c.tags().delete(ONE).await).await.is_not_found());
}
