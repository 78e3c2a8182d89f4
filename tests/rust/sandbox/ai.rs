use grinfi::models::{AiAgentUpdate, AiTemplateUpdate, Nullable, enums::AiTemplateType};
use grinfi_sandbox::{Mode, Seed};

use super::{Tour, UNKNOWN_UUID};

in_both_modes!(agents_and_templates);

pub(super) const OPERATIONS: &[&str] = &[
    "listAiAgents",
    "createAiAgent",
    "getAiAgent",
    "updateAiAgent",
    "deleteAiAgent",
    "listAiTemplates",
    "createAiTemplate",
    "getAiTemplate",
    "updateAiTemplate",
    "deleteAiTemplate",
    "renderAiTemplate",
];

async fn agents_and_templates(mode: Mode) {
    let tour = Tour::in_mode(Seed::Demo, mode).await;
    let agent =
        tour.ok("createAiAgent", async |c| c.ai_agents().create("Replies").prompt("Yes?").await).await;
    let changes = AiAgentUpdate { classification_prompt: Some("No?".into()), ..Default::default() };
    tour.ok("updateAiAgent", async |c| c.ai_agents().update(&agent.uuid, &changes).await).await;
    let got = tour.ok("getAiAgent", async |c| c.ai_agents().get(&agent.uuid).await).await;
    assert_eq!(got.classification_prompt.as_deref(), Some("No?"));
    assert_eq!(tour.ok("listAiAgents", async |c| c.ai_agents().list().page().await).await.total, Some(1));
    tour.ok("deleteAiAgent", async |c| c.ai_agents().delete(&agent.uuid).await).await;
    tour.fails("getAiAgent", 404, async |c| c.ai_agents().get(&agent.uuid).await).await;
    tour.fails("updateAiAgent", 404, async |c| c.ai_agents().update(UNKNOWN_UUID, &changes).await).await;
    tour.fails("deleteAiAgent", 404, async |c| c.ai_agents().delete(UNKNOWN_UUID).await).await;
    tour.locked("createAiAgent", async |c| c.ai_agents().create("x").await).await;
    tour.locked("listAiAgents", async |c| c.ai_agents().list().page().await).await;

    let create = async |c: &grinfi::Client| {
        c.ai_templates().create("Hello", AiTemplateType::Message, true).body("Hi {{first_name}}!").await
    };
    let template = tour.ok("createAiTemplate", create).await;
    let contact = Tour::demo_contact(0);
    let sender = tour.client.sender_profiles().list().page().await.unwrap().data[0].uuid.clone();
    let render = async |c: &grinfi::Client| {
        c.ai_templates().render(&contact, &sender).template(template.uuid.as_str()).await
    };
    let rendered = tour.ok("renderAiTemplate", render).await;
    assert_eq!((rendered.rendered_body.as_deref(), rendered.handling_error), (Some("Hi Ada!"), None));
    let changes = AiTemplateUpdate { prompt: Some(Nullable::Value("Be brief".into())), ..Default::default() };
    tour.ok("updateAiTemplate", async |c| c.ai_templates().update(&template.uuid, &changes).await).await;
    // The sandbox calls no language model, and the response contains the reason.
    assert!(tour.ok("renderAiTemplate", render).await.handling_error.is_some());
    tour.ok("getAiTemplate", async |c| c.ai_templates().get(&template.uuid).await).await;
    tour.ok("deleteAiTemplate", async |c| c.ai_templates().delete(&template.uuid).await).await;
    // In observed mode, deleted templates are still returned.
    let left = tour.ok("listAiTemplates", async |c| c.ai_templates().list().page().await).await.data.len();
    assert_eq!(left, usize::from(mode == Mode::Observed));
    let get = async |c: &grinfi::Client| c.ai_templates().get(&template.uuid).await;
    match mode {
        Mode::Observed => drop(tour.ok("getAiTemplate", get).await),
        _ => drop(tour.fails("getAiTemplate", 404, get).await),
    }
    tour.fails("getAiTemplate", 404, async |c| c.ai_templates().get(UNKNOWN_UUID).await).await;
    tour.fails("updateAiTemplate", 404, async |c| c.ai_templates().update(UNKNOWN_UUID, &changes).await)
        .await;
    tour.fails("deleteAiTemplate", 404, async |c| c.ai_templates().delete(UNKNOWN_UUID).await).await;
    let unknown = async |c: &grinfi::Client| c.ai_templates().render(UNKNOWN_UUID, &sender).body("x").await;
    let error = tour.fails("renderAiTemplate", 422, unknown).await;
    assert!(error.fields().contains_key("contact_uuid"), "{error}");
    tour.locked("createAiTemplate", create).await;
    tour.locked("listAiTemplates", async |c| c.ai_templates().list().page().await).await;
    tour.done(OPERATIONS);
}
