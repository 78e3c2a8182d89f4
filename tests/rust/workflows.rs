//! Common workflows against the sandbox, and their effects.

use std::collections::BTreeSet;

use grinfi::{
    Client, ErrorKind, Order,
    contacts::Lookup,
    filter::{Filter, automation, contact, linkedin_message},
    models::{ContactUpdate, NewContact, Nullable, enums, ids::ListId},
};
use grinfi_sandbox::Seed;

use crate::support::sandbox;

fn person(number: usize) -> NewContact {
    NewContact {
        linkedin_id: Some(format!("person-{number}-example")),
        first_name: Some("Person".into()),
        last_name: Some(format!("{number}")),
        company_name: Some("ExampleCorp".into()),
        ..Default::default()
    }
}

async fn new_list(client: &Client) -> ListId {
    client.lists().create("Autumn").await.unwrap().uuid
}

#[tokio::test]
async fn creates_renames_and_deletes_lists() {
    let (_sandbox, client) = sandbox(Seed::Empty).await;
    let lists = client.lists();
    let uuid = new_list(&client).await;
    assert_eq!(lists.get(&uuid).await.unwrap().name.as_deref(), Some("Autumn"));
    assert_eq!(lists.update(&uuid, "Winter").await.unwrap().name.as_deref(), Some("Winter"));
    assert_eq!(lists.list().count().await.unwrap(), 1);
    lists.delete(&uuid).await.unwrap();
    assert!(lists.get(&uuid).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn streams_every_row_once_for_any_page_size() {
    let (_sandbox, client) = sandbox(Seed::Empty).await;
    let list = new_list(&client).await;
    let created = client.contacts().create_many(&list, (0..53).map(person).collect()).await.unwrap();
    let created: BTreeSet<_> = created.iter().map(|contact| contact.uuid.clone()).collect();
    assert_eq!(created.len(), 53);
    for limit in [1, 7, 52, 53, 54, 1000] {
        let mut found = Vec::new();
        let mut stream =
            client.contacts().search().filter(contact::list_uuid().eq(&list)).limit(limit).stream();
        while let Some(row) = stream.next().await.transpose().unwrap() {
            found.push(row.uuid.clone());
        }
        assert_eq!((found.len(), stream.total()), (53, Some(53)), "limit {limit}");
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), created, "limit {limit}");
    }
    let capped = client.contacts().search().limit(10).max_items(15).stream().collect().await.unwrap();
    assert_eq!(capped.len(), 15);
}

#[tokio::test]
async fn filters_sorts_and_counts_consistently() {
    let (_sandbox, client) = sandbox(Seed::Demo).await;
    let contacts = client.contacts();
    let here = || contact::company_name().eq("ExampleCorp") & contact::work_email().is_not_null();
    let by_name = contacts.search().filter(here()).order_by(contact::name(), Order::Asc).limit(3).stream();
    let names: Vec<String> =
        by_name.collect().await.unwrap().into_iter().map(|contact| contact.name.clone().unwrap()).collect();
    assert!(names.len() > 3, "several pages: {}", names.len());
    assert!(names.is_sorted(), "{names:?}");
    assert_eq!(contacts.count(here()).await.unwrap(), names.len() as u64);
    assert_eq!(contacts.search().filter(here()).count().await.unwrap(), names.len() as u64);
    assert_eq!(contacts.count(Filter::all()).await.unwrap(), contacts.search().count().await.unwrap());

    let page = contacts.search().order_by(contact::created_at(), Order::Asc).limit(1).page().await.unwrap();
    let oldest = page.data[0].created_at.unwrap();
    let later = contacts.count(contact::created_at().gt(oldest)).await.unwrap();
    assert!(later < page.total.unwrap());
}

#[tokio::test]
async fn upsert_matches_any_form_of_a_linkedin_url() {
    let (_sandbox, client) = sandbox(Seed::Empty).await;
    let list = new_list(&client).await;
    let first = client.contacts().upsert(&list, person(1)).await.unwrap();
    let again = NewContact {
        linkedin_id: Some("https://de.linkedin.com/in/person-1-example/?trk=x".into()),
        position: Some("CTO".to_owned().into()),
        ..Default::default()
    };
    let same = client.contacts().upsert(&list, again).await.unwrap();
    assert_eq!(same.uuid, first.uuid);
    assert_eq!(same.position.as_deref(), Some("CTO"));
    assert_eq!(client.contacts().search().count().await.unwrap(), 1);
}

#[tokio::test]
async fn updates_clears_looks_up_and_deletes_contacts() {
    let (_sandbox, client) = sandbox(Seed::Empty).await;
    let contacts = client.contacts();
    let list = new_list(&client).await;
    let uuid = contacts.upsert(&list, person(1)).await.unwrap().uuid.clone();

    let set = ContactUpdate { headline: Some("Buyer".to_owned().into()), ..Default::default() };
    assert_eq!(contacts.update(&uuid, &set).await.unwrap().headline.as_deref(), Some("Buyer"));
    let clear = ContactUpdate { headline: Some(Nullable::Null), ..Default::default() };
    let cleared = contacts.update(&uuid, &clear).await.unwrap();
    assert_eq!((cleared.headline.as_deref(), cleared.first_name.as_deref()), (None, Some("Person")));

    let got = contacts.get(&uuid).await.unwrap();
    assert_eq!(got.uuid, uuid);
    assert!(got.custom_fields.is_some(), "a single contact has its custom fields");
    for by in [Lookup::linkedin("person-1-example"), Lookup::name_and_company("Person 1", "ExampleCorp")] {
        assert_eq!(contacts.lookup(by).await.unwrap().unwrap().uuid, got.uuid);
    }
    assert!(contacts.lookup(Lookup::email("unknown@example.com")).await.unwrap().is_none());
    contacts.delete(&uuid).await.unwrap();
    assert!(contacts.get(&uuid).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn sent_message_is_listed_in_its_conversation() {
    let (sandbox, client) = sandbox(Seed::Demo).await;
    let sender = client.sender_profiles().list().page().await.unwrap().data.remove(0).uuid;
    let person = client.contacts().search().limit(1).page().await.unwrap().data.remove(0);
    let person = person.uuid.clone();
    let sent = client.linkedin_messages().send(&sender, &person, "Hello").await.unwrap();
    assert_eq!(sent.status, Some(enums::LinkedinMessageStatus::New));
    let outbox = sandbox.outbox();
    assert_eq!(outbox.len(), 1);
    assert_eq!((outbox[0].text.as_str(), outbox[0].lead_uuid.as_str()), ("Hello", person.as_str()));

    let thread = linkedin_message::contact_uuid().eq(&person)
        & linkedin_message::type_().eq(enums::LinkedinMessageType::Outbox);
    let listed = client.linkedin_messages().list().filter(thread).stream().collect().await.unwrap();
    assert!(listed.iter().any(|message| message.uuid == sent.uuid), "{listed:?}");
}

#[tokio::test]
async fn starts_enrolls_into_and_stops_automations() {
    let (_sandbox, client) = sandbox(Seed::Demo).await;
    let automations = client.automations();
    let drafts = automations
        .list()
        .filter(automation::status().eq(enums::AutomationStatus::Draft))
        .page()
        .await
        .unwrap();
    let draft = drafts.data[0].uuid.clone();
    assert_eq!(automations.start(&draft).await.unwrap().status, Some(enums::AutomationStatus::On));
    let person = client.contacts().search().limit(1).page().await.unwrap().data[0].uuid.clone();
    automations.add_contact(&draft, &person).await.unwrap();
    let enrolled = client.contacts().get(&person).await.unwrap().automations.unwrap();
    assert!(enrolled.to_string().contains(draft.as_str()), "{enrolled}");
    assert_eq!(automations.stop(&draft).await.unwrap().status, Some(enums::AutomationStatus::Off));
    assert_eq!(automations.get(&draft).await.unwrap().status, Some(enums::AutomationStatus::Off));
    let unknown = "00000000-0000-4000-8000-00000000dead";
    assert!(automations.add_contact(&draft, unknown).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn raw_pages_return_the_same_rows_as_typed_pages() {
    let (_sandbox, client) = sandbox(Seed::Demo).await;
    let typed = client.contacts().search().limit(40).stream().collect().await.unwrap();
    let request = client.operation("searchContacts", &[]).unwrap();
    let raw = grinfi::pagination::Items::from(request.pages(40, 0, None).unwrap()).collect().await.unwrap();
    assert_eq!(raw.len(), typed.len());
    let error = client.operation("getCurrentUser", &[]).unwrap().pages(10, 0, None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn rate_limited_key_succeeds_after_the_window() {
    let clock = grinfi_sandbox::Clock::fixed("2026-02-03T10:00:00Z".parse().unwrap());
    let builder =
        grinfi_sandbox::Sandbox::builder().seed(Seed::Empty).rate_limit(Some(3)).clock(clock.clone());
    let sandbox = builder.start().await.unwrap();
    let retry = grinfi::RetryPolicy::default().max_retry_after(std::time::Duration::from_secs(1));
    let builder = Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).retry(retry);
    let client = builder.clone().build().unwrap();
    for _ in 0..3 {
        client.users().current().await.unwrap();
    }
    let error = client.users().current().await.unwrap_err();
    assert!(error.is_rate_limited(), "{error}");
    let wait = error.retry_after().expect("the sandbox sends `Retry-After`");
    clock.advance(wait);
    // The pause of the key uses the real clock, and ends when the last client of the key is dropped.
    assert!(client.users().current().await.unwrap_err().is_rate_limited());
    drop(client);
    builder.build().unwrap().users().current().await.unwrap();
}

#[tokio::test]
async fn complete_listing_returns_every_row_once_during_changes() {
    let (_sandbox, client) = sandbox(Seed::Demo).await;
    let contacts = client.contacts();
    let before: BTreeSet<_> =
        contacts.search().stream().collect().await.unwrap().into_iter().map(|row| row.uuid.clone()).collect();
    let mut found = Vec::new();
    let mut removed = None;
    let mut stream = contacts.search().limit(20).complete();
    while let Some(row) = stream.next().await.transpose().unwrap() {
        found.push(row.uuid.clone());
        if found.len() == 30 {
            // Deleting the first row shifts every offset.
            contacts.delete(&found[0]).await.unwrap();
            removed = Some(found[0].clone());
            let list = new_list(&client).await;
            contacts.create_many(&list, (0..5).map(person).collect()).await.unwrap();
        }
    }
    let unique: BTreeSet<_> = found.iter().cloned().collect();
    assert_eq!(unique.len(), found.len(), "a row was returned twice");
    assert!(removed.is_some() && before.is_subset(&unique), "a row was skipped");
}

#[tokio::test]
async fn complete_listing_rejects_order_and_offset() {
    let (sandbox, client) = sandbox(Seed::Empty).await;
    let asked = sandbox.requests().len();
    let search = || client.contacts().search();
    for (search, field) in [
        (search().order_by(contact::name(), Order::Asc), "order_by"),
        (search().offset(5), "offset"),
        (search().limit(0), "limit"),
    ] {
        let error = search.complete().collect().await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidInput, Some(field)));
    }
    assert_eq!(sandbox.requests().len(), asked);
}
