//! Number of requests that values of custom fields take, counted by the sandbox.

use grinfi::{
    Client, RateLimit,
    contacts::Lookup,
    models::{Contact, ContactUpdate, NewContact},
};
use grinfi_sandbox::{Sandbox, Seed};

const MANY: usize = 1000;

/// Starts a sandbox with two custom fields of contacts; returns a client with an empty cache, and a list.
async fn fair() -> (Sandbox, Client, String) {
    let sandbox = Sandbox::builder().seed(Seed::Empty).rate_limit(None).start().await.unwrap();
    let client =
        Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).rate_limit(RateLimit::off());
    let client = client.build().unwrap();
    for name in ["persona", "icebreaker"] {
        client.custom_fields().create("lead".into(), name).await.unwrap();
    }
    let list = client.lists().create("Fair").await.unwrap().uuid.to_string();
    sandbox.tenant().clear_requests();
    (sandbox, client, list)
}

fn people(known: impl Fn(usize) -> NewContact) -> Vec<NewContact> {
    (0..MANY).map(known).collect()
}

fn by_linkedin(number: usize) -> NewContact {
    NewContact { linkedin_id: Some(format!("jane-{number}-example")), ..Default::default() }
}

/// Creates contacts with two values each, checks that all are set, and returns how many requests the creation took.
async fn cost(known: impl Fn(usize) -> NewContact, values: impl Fn(usize) -> [String; 2]) -> usize {
    let (sandbox, client, list) = fair().await;
    let mut create = client.contacts().create_many(list.as_str(), people(known));
    for number in 0..MANY {
        let [persona, icebreaker] = values(number);
        create =
            create.custom_field(number, "persona", persona).custom_field(number, "icebreaker", icebreaker);
    }
    let created = create.await.unwrap();
    let requests = sandbox.requests().len();
    let rows: Vec<Contact> = client.contacts().search().limit(1000).page().await.unwrap().data;
    for (number, contact) in created.iter().enumerate() {
        let row = rows.iter().find(|row| row.uuid == contact.uuid).unwrap();
        let shown = row.custom_fields.as_ref().unwrap();
        let [persona, icebreaker] = values(number);
        assert_eq!((&shown["persona"], &shown["icebreaker"]), (&persona.into(), &icebreaker.into()));
    }
    requests
}

#[tokio::test]
async fn writes_custom_fields_of_a_thousand_contacts_with_few_requests() {
    let own = |number: usize| [format!("persona {number}"), format!("Hello {number}")];
    let mixed = |number: usize| [format!("persona {}", number % 5), format!("Hello {number}")];
    let shared = |number: usize| [format!("persona {}", number % 5), "Hello".to_owned()];
    // Two for the names, one for the contacts, and one for each value that all share or for each contact.
    assert_eq!(cost(by_linkedin, own).await, 1003);
    assert_eq!(cost(by_linkedin, mixed).await, 1003);
    assert_eq!(cost(by_linkedin, shared).await, 9);
    let by_email = |number: usize| NewContact {
        work_email: Some(format!("jane-{number}@example.com")),
        ..Default::default()
    };
    assert_eq!(cost(by_email, mixed).await, 1008);
}

#[tokio::test]
async fn skips_values_that_are_set_already() {
    let (sandbox, client, list) = fair().await;
    let jane = client
        .contacts()
        .upsert(list.as_str(), by_linkedin(1))
        .custom_field("persona", "buyer")
        .await
        .unwrap();
    let calls = |sandbox: &Sandbox| -> Vec<String> {
        let calls =
            sandbox.requests().iter().map(|request| request.operation.clone().unwrap_or_default()).collect();
        sandbox.tenant().clear_requests();
        calls
    };
    assert_eq!(calls(&sandbox), ["listCustomFields", "listCustomFields", "upsertContact"]);

    let nothing = ContactUpdate::default();
    let update = || client.contacts().update(&jane.uuid, &nothing);
    let same = update().custom_field("persona", "buyer").await.unwrap();
    assert_eq!(same.custom_fields.as_ref().unwrap()["persona"], "buyer");
    assert_eq!(calls(&sandbox), ["getLead"]);

    let other = update().custom_field("persona", "buyer").custom_field("icebreaker", 7).await.unwrap();
    assert_eq!(other.custom_fields.as_ref().unwrap()["icebreaker"], "7");
    assert_eq!(calls(&sandbox), ["getLead", "upsertCustomFieldValue"]);
    assert_eq!(client.contacts().get(&jane.uuid).await.unwrap().custom_fields, other.custom_fields);
}

#[tokio::test]
async fn lookup_returns_custom_fields() {
    let (sandbox, client, list) = fair().await;
    client.contacts().upsert(list.as_str(), by_linkedin(1)).custom_field("persona", "buyer").await.unwrap();
    sandbox.tenant().clear_requests();
    let found = client.contacts().lookup(Lookup::linkedin("jane-1-example")).await.unwrap().unwrap();
    assert!(sandbox.requests().len() <= 2);
    assert_eq!(found.custom_fields.as_ref().unwrap()["persona"], "buyer");
    assert_eq!(found.custom_fields, client.contacts().get(&found.uuid).await.unwrap().custom_fields);
    assert!(client.contacts().lookup(Lookup::email("nobody@example.com")).await.unwrap().is_none());
}
