use chrono::{DateTime, Utc};
use grinfi::{
    contacts::Lookup,
    filter::{contact, enrollment},
    models::{ContactUpdate, NewContact, Nullable, enums::ContactMetric},
    selection::Selection,
};
use grinfi_sandbox::{Mode, Seed};

use super::{Tour, UNKNOWN_UUID};

in_both_modes!(contacts_with_enrollments_and_custom_fields);

pub(super) const OPERATIONS: &[&str] = &[
    "findOneContact",
    "searchContacts",
    "createLeads",
    "getLead",
    "updateLead",
    "deleteLead",
    "upsertContact",
    "leadsMassAction",
    "countContacts",
    "getLeadMetrics",
    "enrichLeadsAdvanced",
    "listEnrichmentQueue",
    "getEnrichmentMetrics",
];

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn person(nick: &str) -> NewContact {
    NewContact { linkedin_id: Some(nick.into()), first_name: Some("Person".into()), ..Default::default() }
}

async fn contacts_with_enrollments_and_custom_fields(mode: Mode) {
    let tour = Tour::in_mode(Seed::Demo, mode).await;
    let list = tour.client.lists().create("Fair").await.unwrap().uuid;
    let made = tour
        .ok("createLeads", async |c| c.contacts().create_many(&list, vec![person("a"), person("b")]).await)
        .await;
    let uuid = made[0].uuid.clone();
    let again = tour.ok("upsertContact", async |c| c.contacts().upsert(&list, person("A")).await).await;
    assert_eq!(again.uuid, uuid);
    // The response to a lookup shows no custom fields, so the contact is read after it.
    let found = tour.ok("getLead", async |c| c.contacts().lookup(Lookup::linkedin("a")).await).await;
    tour.succeeded.borrow_mut().insert("findOneContact".to_owned());
    assert_eq!(found.unwrap().uuid, uuid);
    let here = contact::list_uuid().eq(&list);
    assert_eq!(tour.ok("countContacts", async |c| c.contacts().count(here.clone()).await).await, 2);
    let page =
        tour.ok("searchContacts", async |c| c.contacts().search().filter(here.clone()).page().await).await;
    assert_eq!(page.total, Some(2));
    let changes = ContactUpdate { position: Some(Nullable::Value("CTO".into())), ..Default::default() };
    tour.ok("updateLead", async |c| c.contacts().update(&uuid, &changes).await).await;
    assert_eq!(
        tour.ok("getLead", async |c| c.contacts().get(&uuid).await).await.position.as_deref(),
        Some("CTO")
    );

    let both = |c: &grinfi::Client| c.contacts().bulk(Selection::ids(made.iter().map(|it| &it.uuid)));
    let tag = tour.client.tags().create("Fair").await.unwrap().uuid;
    tour.ok("leadsMassAction", async |c| both(c).add_tag(&tag).await).await;
    assert_eq!(tour.client.contacts().count(contact::tags().eq(tag.as_str())).await.unwrap(), 2);
    let flow = tour.client.automations().list().page().await.unwrap().data[0].uuid.clone();
    tour.ok("leadsMassAction", async |c| both(c).add_to_automation(&flow).await).await;
    let enrolled = enrollment::contact_uuid().eq(&uuid);
    assert_eq!(tour.client.automations().enrollments().filter(enrolled).count().await.unwrap(), 1);
    let unknown_uuid = async |c: &grinfi::Client| both(c).change_list(UNKNOWN_UUID).await;
    assert!(
        tour.fails("leadsMassAction", 422, unknown_uuid).await.fields().contains_key("payload.list_uuid")
    );

    tour.ok("enrichLeadsAdvanced", async |c| c.contacts().enrich([&uuid]).await).await;
    let queue = tour.ok("listEnrichmentQueue", async |c| c.enrichment().queue().page().await).await;
    assert_eq!(
        (queue.data[0].object_uuid.as_deref(), queue.data[0].status.as_deref()),
        (Some(uuid.as_str()), Some("in_progress"))
    );
    tour.wait(1);
    let entry = tour.client.enrichment().queue().page().await.unwrap().data.remove(0);
    assert_eq!((entry.status.as_deref(), entry.object_type.as_deref()), (Some("done"), Some("lead")));
    assert!(entry.uuid.is_some() && entry.created_at.is_some() && entry.fields.contains_key("object_uuid"));
    let month = tour.ok("getEnrichmentMetrics", async |c| c.enrichment().metrics().await).await;
    assert_eq!(month.this_month_count, Some(1));
    let everyone =
        async |c: &grinfi::Client| c.contacts().enrich_matching(contact::name().is_not_null()).await;
    assert!(tour.fails("enrichLeadsAdvanced", 402, everyone).await.is_out_of_credits());
    assert_eq!(tour.client.enrichment().metrics().await.unwrap().this_month_count, Some(1));

    tour.ok("deleteLead", async |c| c.contacts().delete(&uuid).await).await;
    tour.fails("getLead", 404, async |c| c.contacts().get(&uuid).await).await;
    tour.fails("updateLead", 404, async |c| c.contacts().update(UNKNOWN_UUID, &changes).await).await;
    tour.fails("deleteLead", 404, async |c| c.contacts().delete(UNKNOWN_UUID).await).await;
    let enrolled = enrollment::contact_uuid().eq(&uuid);
    assert_eq!(tour.client.automations().enrollments().filter(enrolled).count().await.unwrap(), 0);
    let lost = async |c: &grinfi::Client| c.contacts().upsert(UNKNOWN_UUID, person("c")).await;
    assert!(tour.fails("upsertContact", 422, lost).await.fields().contains_key("list_uuid"));
    let nameless = async |c: &grinfi::Client| c.contacts().create_many(UNKNOWN_UUID, vec![person("c")]).await;
    tour.fails("createLeads", 422, nameless).await;
    let senseless = contact::list_uuid().eq(&list) & contact::created_at().ge(time("2026-02-03T00:00:00Z"));
    assert_eq!(tour.client.contacts().count(senseless).await.unwrap(), 1);
    // Beyond the 10,000 rows of a search, which is not documented.
    let far = async |c: &grinfi::Client| c.contacts().search().offset(9_999).limit(2).page().await;
    match mode {
        Mode::Observed => {
            assert!(tour.fails("searchContacts", 422, far).await.fields().contains_key("offset"));
        }
        _ => {
            assert!(tour.ok("searchContacts", far).await.data.is_empty());
            tour.locked("searchContacts", far).await;
        }
    }
    tour.locked("countContacts", async |c| c.contacts().count(here.clone()).await).await;
    tour.locked("listEnrichmentQueue", async |c| c.enrichment().queue().page().await).await;
    tour.locked("getEnrichmentMetrics", async |c| c.enrichment().metrics().await).await;
    tour.locked("findOneContact", async |c| c.contacts().lookup(Lookup::linkedin("a")).await).await;
    // An unknown name is `None` in the client and a 404 in the API.
    let unknown = tour.client.contacts().lookup(Lookup::linkedin("unknown-person")).await.unwrap();
    assert!(unknown.is_none() && tour.last() == ("findOneContact".to_owned(), 404));

    let sender = tour.client.sender_profiles().list().page().await.unwrap().data[0].uuid.clone();
    tour.client.linkedin_messages().send(&sender, Tour::demo_contact(3), "Hi").await.unwrap();
    tour.wait(2);
    let (from, to) = (time("2026-02-03T00:00:00Z"), time("2026-02-04T00:00:00Z"));
    let metrics = [ContactMetric::LinkedinSentCount, ContactMetric::EmailSentCount];
    let ask = async |c: &grinfi::Client| c.contacts().metrics(from, to, metrics.clone()).await;
    let total = tour.ok("getLeadMetrics", ask).await;
    assert_eq!((total["linkedin_sent_count"], total["email_sent_count"]), (1, 0));
    tour.locked("getLeadMetrics", ask).await;
    tour.done(OPERATIONS);
}
