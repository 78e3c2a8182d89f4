//! Updates that take several requests, and their partial failures.

use grinfi::{
    Client,
    error::StepStatus,
    filter::contact,
    models::{CompanyUpdate, ContactUpdate},
};
use grinfi_sandbox::Seed;
use serde_json::json;

use super::{calls, changes, server};
use crate::support::{
    client,
    conversation::refused,
    fault_server::{FaultServer, Response},
    sandbox,
};

const FIELDS: &[(&str, &str, &str)] =
    &[("lead", "persona", "f-1"), ("lead", "mood", "f-2"), ("company", "tier", "f-3")];

fn named(name: &str) -> ContactUpdate {
    ContactUpdate { first_name: Some(name.into()), ..Default::default() }
}

#[tokio::test]
async fn update_sends_each_part_to_its_operation() {
    let server = server(FIELDS, |_, _| None).await;
    let client = client(&server.base_url);
    let update = client.contacts().update("c-1", &named("Jane")).custom_field("persona", "buyer");
    update.clear_custom_field("mood").pipeline_stage("p-1").list("l-1").await.unwrap();
    let company = CompanyUpdate { name: Some("ExampleCorp".into()), ..Default::default() };
    let update = client.companies().update("o-1", &company).custom_field("tier", 1).pipeline_stage("p-2");
    update.await.unwrap();
    insta::assert_snapshot!(
        changes(&server).iter().map(|(call, body)| format!("{call} {body}")).collect::<Vec<_>>().join("\n")
    );
}

#[tokio::test]
async fn update_of_fields_is_one_request() {
    let server = server(FIELDS, |_, _| None).await;
    client(&server.base_url).contacts().update("c-1", &named("Jane")).await.unwrap();
    assert_eq!(calls(&server), ["PUT /leads/api/leads/c-1"]);
}

/// Updates everything on a server that fails at one call.
async fn failing_at(call: &'static str, answer: Response) -> (grinfi::Error, FaultServer) {
    let server = server(FIELDS, move |is, _| (is == call).then(|| answer.clone())).await;
    let client = client(&server.base_url);
    let update = client.contacts().update("c-1", &named("Jane")).custom_field("persona", "secret");
    (update.pipeline_stage("p-1").list("l-1").await.unwrap_err(), server)
}

#[tokio::test]
async fn partial_failure_lists_completed_and_failed_steps() {
    let (error, server) =
        failing_at("POST /leads/api/custom-field-values", Response::json(422, r#"{"message": "No"}"#)).await;
    assert!(error.is_partial() && !error.is_retryable() && !error.is_validation(), "{error:?}");
    let partial = error.partial_failure().unwrap();
    let steps: Vec<_> = partial.steps.iter().map(|step| (step.name.as_str(), step.status)).collect();
    assert_eq!(
        steps,
        [
            ("update the fields", StepStatus::Done),
            ("set custom field `persona`", StepStatus::Failed),
            ("change the pipeline stage", StepStatus::NotTried),
            ("change the list", StepStatus::NotTried),
            ("read the contact", StepStatus::NotTried),
        ]
    );
    assert!(partial.steps.iter().all(|step| step.ids == ["c-1"]));
    let cause = std::error::Error::source(&error).unwrap().downcast_ref::<grinfi::Error>().unwrap();
    assert!(cause.is_validation());
    assert!(
        error.to_string().contains("not tried: change the pipeline stage")
            && !format!("{error:?}").contains("secret")
    );
    assert!(!calls(&server).iter().any(|call| call.ends_with("mass-action")));

    // The outcome of the stage is unknown.
    let (error, server) = failing_at("PUT /leads/api/leads/mass-action", Response::Hangup).await;
    let cause = std::error::Error::source(&error).unwrap().downcast_ref::<grinfi::Error>().unwrap();
    assert!(error.is_partial() && cause.is_unknown_outcome());
    let partial = error.partial_failure().unwrap();
    assert_eq!(partial.done().count(), 2);
    assert_eq!(partial.failed().map(|step| step.status), Some(StepStatus::Unknown));
    assert!(error.to_string().starts_with("change the pipeline stage has an unknown outcome"), "{error}");
    assert_eq!(calls(&server).iter().filter(|call| call.ends_with("mass-action")).count(), 1);

    // A failed read before the first change is not a partial failure.
    let (error, server) = failing_at("GET /leads/api/leads/c-1", Response::json(403, "{}")).await;
    assert!(error.is_forbidden() && changes(&server).is_empty(), "{error}");
}

#[tokio::test]
async fn first_failure_is_returned_unchanged() {
    let (error, server) = failing_at("PUT /leads/api/leads/c-1", Response::json(404, "{}")).await;
    assert!(error.is_not_found() && error.partial_failure().is_none());
    assert_eq!(changes(&server).len(), 1);
    let (error, server) = failing_at("GET /leads/api/custom-fields", Response::json(403, "{}")).await;
    assert!(error.is_forbidden() && changes(&server).is_empty());
}

#[tokio::test]
async fn rejects_empty_and_invalid_updates() {
    let update = |c: Client, changes: ContactUpdate| c.contacts().update("c-1", &changes);
    assert_eq!(refused(async |c| update(c, ContactUpdate::default()).await).await, "changes");
    assert_eq!(
        refused(async |c| update(c, named("x")).pipeline_stage("").await).await,
        "pipeline_stage_uuid"
    );
    assert_eq!(refused(async |c| update(c, named("x")).list(" ").await).await, "list_uuid");
    assert_eq!(refused(async |c| update(c, named("x")).custom_field("a b", 1).await).await, "custom_fields");
    assert_eq!(refused(async |c| c.contacts().move_to_stage("", "p-1").await).await, "uuid");
    assert_eq!(refused(async |c| c.contacts().move_to_list("c-1", "").await).await, "list_uuid");
    assert_eq!(refused(async |c| c.companies().move_to_stage("o-1", "").await).await, "pipeline_stage_uuid");
    let none = CompanyUpdate::default();
    assert_eq!(refused(async |c| c.companies().update("o-1", &none).await).await, "changes");
    for (field, changes) in [
        ("linkedin", json!({"linkedin": "https://www.linkedin.com/company/examplecorp"})),
        ("linkedin", json!({"linkedin": "ACoAAAB6GuQ"})),
        ("ln_id", json!({"ln_id": "jane-roe"})),
        ("sn_id", json!({"sn_id": "ACoAAAB6GuQ"})),
        ("email", json!({"email": "jane"})),
    ] {
        let changes: ContactUpdate = serde_json::from_value(changes).unwrap();
        assert_eq!(refused(async |c| update(c, changes.clone()).await).await, field);
    }
}

#[tokio::test]
async fn sandbox_moves_contact_to_stage_and_list() {
    let (_sandbox, client) = sandbox(Seed::Demo).await;
    let contact = client.contacts().search().page().await.unwrap().data.remove(0);
    let stages = client.pipeline_stages().list("lead".into()).await.unwrap();
    let mut stages = stages.iter().map(|stage| &stage.uuid);
    let stage = stages.find(|uuid| contact.pipeline_stage_uuid.as_ref() != Some(*uuid)).unwrap();
    let list = client.lists().create("Fair").await.unwrap().uuid;
    let moved = client.contacts().update(&contact.uuid, &named("Jane")).pipeline_stage(stage).list(&list);
    let moved = moved.await.unwrap();
    assert_eq!((moved.pipeline_stage_uuid.as_ref(), moved.list_uuid.as_ref()), (Some(stage), Some(&list)));
    assert_eq!(client.contacts().count(contact::list_uuid().eq(&list)).await.unwrap(), 1);
}
