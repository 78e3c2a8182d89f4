use grinfi::{
    Order,
    models::{AiAgentUpdate, AiTemplateUpdate, Nullable, enums::AiTemplateType},
};
use serde_json::json;

use crate::support::{
    conversation::{Conversation, failing, refused},
    description::UUID,
};

#[tokio::test]
async fn agents() {
    let mut talk = Conversation::default();
    let page = talk.call("listAiAgents", async |c| c.ai_agents().list().page().await).await;
    assert_eq!(page.data[0].uuid, UUID);
    talk.call("getAiAgent", async |c| c.ai_agents().get("a-1").await).await;
    talk.call("createAiAgent", async |c| {
        let config = json!({"temperature": 0.1}).as_object().unwrap().clone();
        let create = c.ai_agents().create("Replies").description("Sorts replies").prompt("Is it a yes?");
        let create = create.llm(UUID).llm_config(config).avatar_url("https://example.com/a.png");
        create.await
    })
    .await;
    let changes = AiAgentUpdate { description: Some(Nullable::Null), ..Default::default() };
    talk.call("updateAiAgent", async |c| c.ai_agents().update("a-1", &changes).await).await;
    talk.call("deleteAiAgent", async |c| c.ai_agents().delete("a-1").await).await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn templates() {
    let mut talk = Conversation::default();
    let page = talk.call("listAiTemplates", async |c| c.ai_templates().list().page().await).await;
    assert_eq!(page.data[0].uuid, UUID);
    talk.call("getAiTemplate", async |c| c.ai_templates().get("t-1").await).await;
    talk.call("createAiTemplate", async |c| {
        let create = c.ai_templates().create("Hello", AiTemplateType::Email, false).subject("Hi");
        create.body("Hi {{first_name}}!").prompt("Be brief").validation(true).fallback(false).await
    })
    .await;
    let changes = AiTemplateUpdate { prompt: Some(Nullable::Null), ..Default::default() };
    talk.call("updateAiTemplate", async |c| c.ai_templates().update("t-1", &changes).await).await;
    talk.call("deleteAiTemplate", async |c| c.ai_templates().delete("t-1").await).await;
    talk.call("renderAiTemplate", async |c| c.ai_templates().render(UUID, UUID).template(UUID).await).await;
    talk.call("renderAiTemplate", async |c| {
        let render = c.ai_templates().render(UUID, UUID).body("Hi {{first_name}}!").subject("Hi");
        render.type_(AiTemplateType::Message).prompt("Be brief").llm(UUID).await
    })
    .await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject_or_ignore() {
    assert_eq!(refused(async |c| c.ai_agents().create("").await).await, "name");
    assert_eq!(
        refused(async |c| c.ai_agents().update("a", &AiAgentUpdate::default()).await).await,
        "changes"
    );
    let ordered =
        async |c: grinfi::Client| c.ai_agents().list().order_by_name("name", Order::Asc).page().await;
    assert_eq!(refused(ordered).await, "order_by");
    let ordered =
        async |c: grinfi::Client| c.ai_templates().list().order_by_name("name", Order::Asc).page().await;
    assert_eq!(refused(ordered).await, "order_by");
    let create = async |c: grinfi::Client| c.ai_templates().create(" ", AiTemplateType::Message, true).await;
    assert_eq!(refused(create).await, "name");
    assert_eq!(refused(async |c| c.ai_templates().render("c", "s").await).await, "template_uuid");
    assert_eq!(refused(async |c| c.ai_templates().render("", "s").body("x").await).await, "contact_uuid");
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(404, async |c| c.ai_agents().get("a-1").await).await.is_not_found());
    assert!(failing(422, async |c| c.ai_agents().create("x").await).await.is_validation());
    let render = async |c: grinfi::Client| c.ai_templates().render("c", "s").body("x").await;
    assert!(failing(422, render).await.is_validation());
}
