use grinfi::{Order, models::Row};

use crate::support::{
    conversation::{Conversation, failing},
    fault_server::Response,
};

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let answer = Response::json(200, r#"{"data": [{"uuid": "q-1", "status": "queued"}, {"id": 7}]}"#);
    let entries = talk
        .answered("listEnrichmentQueue", answer, async |c| {
            let queue = c.enrichment().queue().order_by_name("created_at", Order::Asc);
            Ok(queue.limit(2).page().await?.data)
        })
        .await;
    assert_eq!(entries[0].status.as_deref(), Some("queued"));
    assert_eq!((entries[0].row_id().as_deref(), entries[1].row_id().as_deref()), (Some("q-1"), Some("7")));
    let metrics = talk.call("getEnrichmentMetrics", async |c| c.enrichment().metrics().await).await;
    assert_eq!(metrics.this_month_count, Some(0));
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(401, async |c| c.enrichment().metrics().await).await.is_unauthorized());
}
