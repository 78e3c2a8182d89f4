//! Creations with custom fields, which the API accepts only afterwards.

use grinfi::{
    Client,
    models::{NewCompany, NewContact, Nullable},
};
use grinfi_sandbox::Seed;
use serde_json::{Value, json};

use super::{changes, server};
use crate::support::{
    client,
    conversation::refused,
    fault_server::{FaultServer, Response},
    sandbox,
};

const FIELDS: &[(&str, &str, &str)] = &[("lead", "persona", "f-1"), ("company", "tier", "f-2")];

fn contact(linkedin_id: &str, first_name: &str) -> NewContact {
    NewContact {
        linkedin_id: Some(linkedin_id.into()),
        first_name: Some(first_name.into()),
        ..Default::default()
    }
}

fn company(name: &str, domain: &str) -> NewCompany {
    NewCompany { name: Some(name.into()), domain: Some(domain.into()), ..Default::default() }
}

/// Starts a server that responds to creations with `rows`.
async fn creating(rows: Value) -> FaultServer {
    server(FIELDS, move |call, _| {
        let is_creation = matches!(call, "POST /leads/api/leads" | "POST /leads/api/companies");
        is_creation.then(|| Response::json(200, &rows.to_string()))
    })
    .await
}

/// Returns the received values, as `(record, field, value)`.
fn values(server: &FaultServer) -> Vec<(String, String, String)> {
    let text = |body: &Value, name: &str| body[name].as_str().unwrap_or_default().to_owned();
    changes(server)
        .iter()
        .filter(|(call, _)| call.ends_with("custom-field-values"))
        .map(|(_, body)| (text(body, "object_uuid"), text(body, "custom_field_uuid"), text(body, "value")))
        .collect()
}

fn value(record: &str, field: &str, value: &str) -> (String, String, String) {
    (record.into(), field.into(), value.into())
}

#[tokio::test]
async fn writes_values_to_the_matching_records() {
    let rows = json!([{"uuid": "c-1", "first_name": "Ann"}, {"lead": {"uuid": "c-2", "first_name": "Bob"}}]);
    let server = creating(rows).await;
    let people = vec![contact("ann-example", "Ann"), contact("bob-example", "Bob")];
    let create = client(&server.base_url).contacts().create_many("l-1", people);
    create.custom_field(1, "persona", "buyer").await.unwrap();
    assert_eq!(values(&server), [value("c-2", "f-1", "buyer")]);

    // The API documents no order for companies.
    let rows = json!([{"uuid": "o-2", "name": "Second Ltd", "domain": "second.example.com"},
        {"uuid": "o-1", "name": "ExampleCorp", "domain": "Example.com"}]);
    let server = creating(rows).await;
    let both = vec![company("ExampleCorp", "example.com"), company("Second Ltd", "second.example.com")];
    let create = client(&server.base_url).companies().create_many(both);
    create.custom_field(0, "tier", 1).custom_field(1, "tier", true).await.unwrap();
    assert_eq!(values(&server), [value("o-1", "f-2", "1"), value("o-2", "f-2", "true")]);

    let server = creating(json!([{"uuid": "o-1", "name": "Example Corporation"}])).await;
    let create = client(&server.base_url).companies().create(company("ExampleCorp", "example.com"));
    assert_eq!(create.custom_field("tier", "A").await.unwrap().uuid, "o-1");
    assert_eq!(values(&server), [value("o-1", "f-2", "A")]);
}

#[tokio::test]
async fn writes_no_values_after_mismatching_response() {
    let people = vec![contact("ann-example", "Ann"), contact("bob-example", "Bob")];
    for rows in [
        json!([{"uuid": "c-1", "first_name": "Ann"}]),
        json!([{"uuid": "c-2", "first_name": "Bob"}, {"uuid": "c-1", "first_name": "Ann"}]),
    ] {
        let server = creating(rows.clone()).await;
        let create = client(&server.base_url).contacts().create_many("l-1", people.clone());
        let error = create.custom_field(1, "persona", "buyer").await.unwrap_err();
        assert!(error.is_partial(), "{rows}: {error}");
        // The error contains the created records.
        let done: Vec<_> = error.partial_failure().unwrap().done().collect();
        assert_eq!((done.len(), done[0].name.as_str()), (1, "create the contacts"));
        assert_eq!(done[0].ids[0], rows[0]["uuid"].as_str().unwrap());
        assert!(values(&server).is_empty(), "{rows}");
    }
    for rows in [
        json!([{"uuid": "o-1", "name": "ExampleCorp"}, {"uuid": "o-2", "name": "ExampleCorp"}]),
        json!([{"uuid": "o-1", "name": "Else"}, {"uuid": "o-2", "name": "Other"}]),
        json!([]),
    ] {
        let server = creating(rows.clone()).await;
        let both = vec![company("ExampleCorp", "example.com"), company("Second", "second.example.com")];
        let create = client(&server.base_url).companies().create_many(both);
        let error = create.custom_field(0, "tier", "A").await.unwrap_err();
        assert!(error.is_partial() && values(&server).is_empty(), "{rows}: {error}");
    }
    let server = creating(json!([])).await;
    let error = client(&server.base_url).companies().create(company("x", "y")).await.unwrap_err();
    assert!(error.is_decode(), "{error}");
}

#[tokio::test]
async fn returns_error_of_failed_creation() {
    let server = server(FIELDS, |call, _| {
        (call == "POST /leads/api/companies").then(|| Response::json(422, r#"{"message": "No"}"#))
    })
    .await;
    let create = client(&server.base_url).companies().create(company("x", "y")).custom_field("tier", 1);
    assert!(create.await.unwrap_err().is_validation());
}

#[tokio::test]
async fn normalizes_linkedin_names_in_every_argument() {
    let server = creating(json!([{"uuid": "c-1"}])).await;
    let client = client(&server.base_url);
    let url = "https://de.linkedin.com/in/J%C3%BCrgen-M%C3%BCller/en?trk=x";
    let mut jane = contact(url, "Jürgen");
    jane.linkedin = Some(Nullable::Value("@Jürgen-Müller".into()));
    jane.sn_id = Some(Nullable::Value("https://www.linkedin.com/sales/lead/ACwAAAx,NAME_SEARCH,y".into()));
    client.contacts().create_many("l-1", vec![jane.clone()]).await.unwrap();
    client.contacts().upsert("l-1", jane.clone()).await.unwrap();
    let changes_of = serde_json::from_value(json!({"linkedin": url})).unwrap();
    client.contacts().update("c-1", &changes_of).await.unwrap();
    let page = "https://www.linkedin.com/company/ExampleCorp/about/";
    let new = NewCompany { linkedin: Some(page.into()), ..Default::default() };
    client.companies().create(new).await.unwrap();
    let arrived = changes(&server);
    let lead = &arrived[0].1["leads"][0];
    assert_eq!(
        (&lead["linkedin_id"], &lead["linkedin"], &lead["sn_id"]),
        (&json!("jürgen-müller"), &json!("jürgen-müller"), &json!("ACwAAAx"))
    );
    assert_eq!(arrived[1].1["lead"]["linkedin_id"], "jürgen-müller");
    assert_eq!(arrived[2].1, json!({"linkedin": "jürgen-müller"}));
    assert_eq!(arrived[3].1["companies"][0]["linkedin"], "examplecorp");
}

#[tokio::test]
async fn rejects_invalid_records_with_their_index() {
    let none =
        |c: Client, people: Vec<NewContact>| async move { c.contacts().create_many("l-1", people).await };
    let company_page = contact("linkedin.com/company/examplecorp", "Ann");
    let mut odd_email = contact("ann-example", "Ann");
    odd_email.email = Some("ann".into());
    let mut odd_work_email = contact("ann-example", "Ann");
    odd_work_email.work_email = Some("ann@".into());
    for (people, field) in [
        (vec![contact("ann", "Ann"), company_page], "contacts[1].linkedin_id"),
        (vec![odd_email], "contacts[0].email"),
        (vec![odd_work_email], "contacts[0].work_email"),
    ] {
        assert_eq!(refused(async |c| none(c, people.clone()).await).await, field);
    }
    let one = || vec![contact("ann", "Ann")];
    let field = refused(async |c| c.contacts().create_many("l-1", one()).custom_field(1, "x", 1).await).await;
    assert_eq!(field, "custom_fields");
    let profile = NewCompany { linkedin: Some("linkedin.com/in/ann".into()), ..Default::default() };
    let field = refused(async |c| c.companies().create(profile.clone()).await).await;
    assert_eq!(field, "companies[0].linkedin");
    let field =
        refused(async |c| c.contacts().lookup(grinfi::contacts::Lookup::linkedin("Ann Roe")).await).await;
    assert_eq!(field, "linkedin_id");
    let field = refused(async |c| c.contacts().lookup(grinfi::contacts::Lookup::email("ann")).await).await;
    assert_eq!(field, "email");
}

#[tokio::test]
async fn accepts_stored_email_as_identification() {
    let (_sandbox, client) = sandbox(Seed::Empty).await;
    let list = client.lists().create("Fair").await.unwrap().uuid;
    let by_email = NewContact { work_email: Some("ann@example.com".into()), ..Default::default() };
    let created = client.contacts().create_many(&list, vec![by_email]).await.unwrap().remove(0);
    assert_eq!(created.work_email.as_deref(), Some("ann@example.com"));
    let mut bob = contact("bob-example", "Bob");
    bob.personal_email = Some("bob@example.org".into());
    let upserted = client.contacts().upsert(&list, bob).await.unwrap();
    assert_eq!(upserted.personal_email.as_deref(), Some("bob@example.org"));
}
