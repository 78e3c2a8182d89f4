use grinfi::models::{DataSourceUpdate, Nullable, enums::DataSourceType};

use crate::support::{
    conversation::{Conversation, failing, refused},
    fault_server::Response,
};

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let page = talk.call("listDataSources", async |c| c.data_sources().list().page().await).await;
    assert_eq!(page.total, Some(10));
    // Observed without an envelope.
    let bare = Response::json(200, r#"[{"uuid": "d-1", "payload": []}]"#);
    let bare = talk.answered("listDataSources", bare, async |c| c.data_sources().list().page().await).await;
    assert_eq!((bare.data[0].uuid.as_str(), bare.total), ("d-1", None));
    let source = talk.call("getDataSource", async |c| c.data_sources().get("d-1").await).await;
    assert_eq!(source.uuid, page.data[0].uuid);
    talk.call("createDataSource", async |c| {
        let create = c.data_sources().create(DataSourceType::SnContactsSearch, "l-1");
        create.setting("url", "https://www.linkedin.com/sales/search").tag("t-1").tag("t-2").await
    })
    .await;
    let changes = DataSourceUpdate { tags: Some(Nullable::Null), ..Default::default() };
    talk.call("updateDataSource", async |c| c.data_sources().update("d-1", &changes).await).await;
    talk.call("deleteDataSource", async |c| c.data_sources().delete("d-1").await).await;
    let id = "6df2d07d-36dc-4401-81e2-7d6bd5075214";
    let metrics = talk.call("getDataSourceMetrics", async |c| c.data_sources().metrics([id]).await).await;
    assert_eq!(metrics[&id.into()].saved_records, Some(0));
    let none = talk
        .answered("getDataSourceMetrics", Response::json(200, "[]"), async |c| {
            c.data_sources().metrics([id]).await
        })
        .await;
    assert!(none.is_empty());
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject() {
    let unlisted = refused(async |c| c.data_sources().create(DataSourceType::CsvContacts, "").await).await;
    assert_eq!(unlisted, "list_uuid");
    let blank =
        refused(async |c| c.data_sources().create(DataSourceType::CsvContacts, "l-1").tag("").await).await;
    assert_eq!(blank, "tags[0]");
    assert_eq!(refused(async |c| c.data_sources().update("d-1", &Default::default()).await).await, "changes");
    let none: [&str; 0] = [];
    assert_eq!(refused(async |c| c.data_sources().metrics(none).await).await, "uuids");
    assert_eq!(refused(async |c| c.data_sources().get("").await).await, "uuid");
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(422, async |c| c.data_sources().metrics(["d-1"]).await).await.is_validation());
}
