//! Custom fields by name: lookup, cache, rejection of unknown names.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures_util::future::join_all;
use grinfi::{
    Client, RequestOptions,
    models::{ContactUpdate, NewContact},
};
use grinfi_sandbox::Seed;
use serde_json::{Value, json};

use super::{calls, changes, server};
use crate::support::{client, fault_server::Response, sandbox};

const FIELDS: &[(&str, &str, &str)] = &[
    ("lead", "persona", "f-1"),
    ("lead", "icebreaker", "f-2"),
    ("company", "persona", "f-3"),
    ("company", "twice", "f-4"),
    ("company", "twice", "f-5"),
];

fn jane() -> NewContact {
    NewContact { linkedin_id: Some("jane-roe-example".into()), ..Default::default() }
}

fn readings(server: &crate::support::fault_server::FaultServer) -> usize {
    // Each refresh requests a page and the empty one after it.
    calls(server).iter().filter(|call| call.ends_with("custom-fields")).count() / 2
}

async fn upsert(client: &Client, name: &str) -> grinfi::Result<()> {
    client.contacts().upsert("l-1", jane()).custom_field(name, "x").await.map(drop)
}

#[tokio::test]
async fn caches_field_names_for_all_clones_until_cleared() {
    let server = server(FIELDS, |_, _| None).await;
    let client = client(&server.base_url);
    join_all((0..5).map(|_| upsert(&client, "persona"))).await.into_iter().for_each(Result::unwrap);
    upsert(&client.clone(), "icebreaker").await.unwrap();
    upsert(&client.with_options(RequestOptions::new().idempotent()), "persona").await.unwrap();
    assert_eq!(readings(&server), 1);
    client.custom_fields().forget_names().await;
    upsert(&client, "persona").await.unwrap();
    assert_eq!(readings(&server), 2);
}

#[tokio::test]
async fn changing_a_field_clears_cached_names() {
    let server = server(FIELDS, |call, _| match call {
        "POST /leads/api/custom-fields" => Some(Response::json(201, r#"{"uuid": "f-9"}"#)),
        "PUT /leads/api/custom-fields/f-1" => Some(Response::json(200, r#"{"uuid": "f-1"}"#)),
        "DELETE /leads/api/custom-fields/f-1" => Some(Response::json(204, "")),
        _ => None,
    })
    .await;
    let client = client(&server.base_url);
    let fields = client.custom_fields();
    let changes = grinfi::models::CustomFieldUpdate { order: Some(2), ..Default::default() };
    upsert(&client, "persona").await.unwrap();
    fields.create("lead".into(), "mood").await.unwrap();
    upsert(&client, "persona").await.unwrap();
    fields.update("f-1", &changes).await.unwrap();
    upsert(&client, "persona").await.unwrap();
    fields.delete("f-1").await.unwrap();
    upsert(&client, "persona").await.unwrap();
    assert_eq!(readings(&server), 4);
}

#[tokio::test]
async fn refreshes_names_once_then_rejects_unknown_name() {
    let server = server(FIELDS, |_, _| None).await;
    let client = client(&server.base_url);
    upsert(&client, "persona").await.unwrap();
    let before = changes(&server).len();
    let error = upsert(&client, "personna").await.unwrap_err();
    assert_eq!((error.is_invalid_input(), error.field()), (true, Some("custom_fields.personna")));
    assert!(error.to_string().contains("did you mean `persona`?"), "{error}");
    assert_eq!((readings(&server), changes(&server).len()), (2, before));
    // Fields of companies and of contacts are separate.
    let update = client.companies().update("o-1", &Default::default()).custom_field("icebreaker", "x");
    assert_eq!(update.await.unwrap_err().field(), Some("custom_fields.icebreaker"));
    let update = client.companies().update("o-1", &Default::default()).custom_field("twice", "x");
    let error = update.await.unwrap_err();
    assert!(error.is_invalid_input() && error.to_string().contains("2 custom fields"), "{error}");
    let enroll = client.automations().add_new_contact("f-1", "l-1", jane()).custom_field("mood", "x");
    assert_eq!(enroll.await.unwrap_err().field(), Some("custom_fields.mood"));
    let many = client.contacts().create_many("l-1", vec![jane()]).custom_field(0, "mood", "x");
    assert_eq!(many.await.unwrap_err().field(), Some("custom_fields.mood"));
    assert_eq!(changes(&server).len(), before);
}

#[tokio::test]
async fn finds_field_created_meanwhile() {
    let made = Arc::new(AtomicUsize::new(0));
    let count = made.clone();
    let server = server(FIELDS, move |call, request| {
        let page = |rows: Value| Some(Response::json(200, &json!({"data": rows}).to_string()));
        match (call, count.load(Ordering::Relaxed)) {
            ("GET /leads/api/custom-fields", 1) if request.target.contains("offset=0") => {
                page(json!([{"uuid": "f-1", "object": "lead", "name": "persona"},
                    {"uuid": "f-7", "object": "lead", "name": "mood"}]))
            }
            _ => None,
        }
    })
    .await;
    let client = client(&server.base_url);
    upsert(&client, "persona").await.unwrap();
    made.store(1, Ordering::Relaxed);
    client.contacts().update("c-1", &ContactUpdate::default()).custom_field("mood", 7).await.unwrap();
    let (_, body) = changes(&server).pop().unwrap();
    assert_eq!((body["custom_field_uuid"].as_str(), body["value"].as_str()), (Some("f-7"), Some("7")));
}

#[tokio::test]
async fn rejects_values_that_the_api_cannot_store() {
    let server = server(FIELDS, |_, _| None).await;
    let client = client(&server.base_url);
    for value in [json!(["a"]), json!({"a": 1})] {
        let refused = client.contacts().upsert("l-1", jane()).custom_field("persona", value.clone());
        assert_eq!(refused.await.unwrap_err().field(), Some("custom_fields.persona"));
        let refused =
            client.contacts().update("c-1", &ContactUpdate::default()).custom_field("persona", value);
        assert_eq!(refused.await.unwrap_err().field(), Some("custom_fields.persona"));
    }
    let cleared = client.contacts().upsert("l-1", jane()).custom_field("persona", Value::Null);
    assert_eq!(cleared.await.unwrap_err().field(), Some("custom_fields.persona"));
    assert!(server.arrived().is_empty());
}

#[tokio::test]
async fn write_to_deleted_field_clears_cached_names() {
    let server = server(FIELDS, |call, _| {
        (call == "POST /leads/api/custom-field-values").then(|| Response::json(404, "{}"))
    })
    .await;
    let client = client(&server.base_url);
    let update = || client.contacts().update("c-1", &ContactUpdate::default()).custom_field("persona", "x");
    assert!(update().await.unwrap_err().is_not_found());
    assert!(update().await.unwrap_err().is_not_found());
    assert_eq!(readings(&server), 2);
}

#[tokio::test]
async fn sandbox_stores_custom_field_values() {
    let (sandbox, client) = sandbox(Seed::Demo).await;
    client.custom_fields().create("lead".into(), "fair_persona").await.unwrap();
    client.custom_fields().create("lead".into(), "fair_mood").await.unwrap();
    let list = client.lists().create("Fair").await.unwrap().uuid;
    let one = client
        .contacts()
        .upsert(&list, jane())
        .custom_field("fair_persona", "buyer")
        .custom_field("fair_mood", 5);
    let uuid = one.await.unwrap().uuid.clone();
    let people = vec![
        NewContact {
            linkedin_id: Some("ann-example".into()),
            first_name: Some("Ann".into()),
            ..Default::default()
        },
        NewContact {
            linkedin_id: Some("bob-example".into()),
            first_name: Some("Bob".into()),
            ..Default::default()
        },
    ];
    let many = client.contacts().create_many(&list, people).custom_field(1, "fair_persona", "user");
    let bob = many.await.unwrap().remove(1).uuid.clone();
    client
        .contacts()
        .update(&uuid, &ContactUpdate { headline: Some("CTO".to_owned().into()), ..Default::default() })
        .clear_custom_field("fair_mood")
        .custom_field("fair_persona", "economic buyer")
        .await
        .unwrap();
    let search = |uuid| client.contacts().search().filter(grinfi::filter::contact::uuid().eq(uuid)).page();
    let jane = search(&uuid).await.unwrap().data.remove(0);
    let fields = jane.custom_fields.as_ref().unwrap();
    assert_eq!(fields["fair_persona"], "economic buyer");
    assert!(fields.get("fair_mood").is_none_or(Value::is_null), "{fields:?}");
    assert_eq!(jane.headline.as_deref(), Some("CTO"));
    assert_eq!(search(&bob).await.unwrap().data[0].custom_fields.as_ref().unwrap()["fair_persona"], "user");
    drop(sandbox);
}

#[tokio::test]
async fn bulk_action_sets_custom_field_by_name() {
    let server = server(FIELDS, |_, _| None).await;
    let client = client(&server.base_url);
    let both = || client.contacts().bulk(grinfi::selection::Selection::ids(["c-1", "c-2"]));
    both().set_custom_field("icebreaker", true).await.unwrap();
    both().set_custom_field("icebreaker", Value::Null).await.unwrap();
    let payloads: Vec<Value> = changes(&server).iter().map(|(_, body)| body["payload"].clone()).collect();
    assert_eq!(
        payloads,
        [
            json!({"custom_field_uuid": "f-2", "value": "true"}),
            json!({"custom_field_uuid": "f-2", "value": null})
        ]
    );
    for (name, value, field) in [
        ("mood", json!("x"), "custom_fields.mood"),
        ("persona", json!([]), "custom_fields.persona"),
        ("a b", json!("x"), "custom_fields"),
    ] {
        assert_eq!(both().set_custom_field(name, value).await.unwrap_err().field(), Some(field));
    }
    let nobody = client.contacts().bulk(grinfi::selection::Selection::ids(Vec::<&str>::new()));
    assert_eq!(nobody.set_custom_field("persona", "x").await.unwrap_err().field(), Some("ids"));
    assert_eq!(changes(&server).len(), 2);
}
