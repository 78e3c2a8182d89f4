use grinfi::models::{
    PipelineStageUpdate,
    enums::{ObjectKind, PipelineStageCategory},
};

use crate::support::conversation::{Conversation, failing, refused};

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let stages =
        talk.call("listPipelineStages", async |c| c.pipeline_stages().list(ObjectKind::Contact).await).await;
    assert!(stages[0].category.is_some());
    talk.call("listPipelineStages", async |c| c.pipeline_stages().list(ObjectKind::Company).await).await;
    let created = talk
        .call("createPipelineStage", async |c| {
            let stages = c.pipeline_stages();
            let stage = stages.create(ObjectKind::Contact, PipelineStageCategory::Positive, "Demo booked");
            stage.order(5).await
        })
        .await;
    assert_eq!(created.uuid, stages[0].uuid);
    let changes = PipelineStageUpdate { order: Some(6), ..Default::default() };
    talk.call("updatePipelineStage", async |c| c.pipeline_stages().update("p-1", &changes).await).await;
    talk.call("deletePipelineStage", async |c| c.pipeline_stages().delete("p-1").await).await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject() {
    let unnamed = refused(async |c| {
        c.pipeline_stages().create(ObjectKind::Contact, PipelineStageCategory::Cold, "").await
    });
    assert_eq!(unnamed.await, "name");
    let nothing = PipelineStageUpdate::default();
    assert_eq!(refused(async |c| c.pipeline_stages().update("p-1", &nothing).await).await, "changes");
    assert_eq!(refused(async |c| c.pipeline_stages().delete("../p").await).await, "uuid");
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(404, async |c| c.pipeline_stages().delete("p-1").await).await.is_not_found());
}
