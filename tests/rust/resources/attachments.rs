use grinfi::Order;

use crate::support::{
    client,
    conversation::{Conversation, failing, refused},
    description::UUID,
    fault_server::{FaultServer, Response},
};

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let page = talk
        .call("listAttachments", async |c| {
            c.attachments().list().order_by_name("created_at", Order::Asc).page().await
        })
        .await;
    assert_eq!(page.data[0].uuid, UUID);
    talk.call("getAttachment", async |c| c.attachments().get("a-1").await).await;
    let uploaded = talk
        .call("uploadAttachment", async |c| {
            c.attachments().upload("plan.pdf", "application/pdf", &b"%PDF-1.7"[..]).await
        })
        .await;
    assert_eq!(uploaded.uuid, UUID);
    talk.call("deleteAttachment", async |c| c.attachments().delete("a-1").await).await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn uploads_file_from_disk() {
    let folder = std::env::temp_dir().join(format!("grinfi-attachments-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("Fair Plan.PNG");
    std::fs::write(&path, b"not really a picture").unwrap();
    let mut talk = Conversation::default();
    talk.call("uploadAttachment", async |c| c.attachments().upload_file(&path).await).await;
    std::fs::remove_dir_all(&folder).unwrap();
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject_or_ignore() {
    let file = &b"x"[..];
    assert_eq!(refused(async |c| c.attachments().upload("", "image/png", file).await).await, "name");
    assert_eq!(refused(async |c| c.attachments().upload("a/b.png", "image/png", file).await).await, "name");
    assert_eq!(refused(async |c| c.attachments().upload("b.png", "picture", file).await).await, "media_type");
    assert_eq!(refused(async |c| c.attachments().upload("b.png", "image/png", "").await).await, "contents");
    assert_eq!(refused(async |c| c.attachments().upload_file("/nowhere/plan.pdf").await).await, "path");
    assert_eq!(refused(async |c| c.attachments().upload_file("/nowhere/plan.xyz").await).await, "path");
    assert_eq!(refused(async |c| c.attachments().get("..").await).await, "uuid");
}

#[tokio::test]
async fn retries_rejected_upload_with_whole_body() {
    let ok = Response::json(201, r#"{"uuid": "a-1"}"#);
    let server = FaultServer::start([Response::too_many("0"), ok]).await;
    client(&server.base_url).attachments().upload("b.png", "image/png", "x").await.unwrap();
    let arrived = server.arrived();
    assert_eq!(arrived.len(), 2);
    assert_eq!(arrived[0].body, arrived[1].body);
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(404, async |c| c.attachments().delete("a-1").await).await.is_not_found());
}
