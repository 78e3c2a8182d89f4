use grinfi::{
    filter::activity,
    models::{
        BlacklistCompany, BlacklistContact, CustomFieldUpdate, PipelineStageUpdate, TagUpdate,
        enums::{ObjectKind, PipelineStageCategory, TagMetric},
        ids::ContactId,
    },
    selection::Selection,
};
use grinfi_sandbox::{Mode, Seed};

use super::{Tour, UNKNOWN_UUID};

in_both_modes!(lists, tags, pipeline_stages, custom_fields, notes_and_activities, blacklists);

pub(super) const OPERATIONS: &[&str] = &[
    "listLists",
    "createList",
    "getList",
    "updateList",
    "deleteList",
    "getListMetrics",
    "listTags",
    "createTag",
    "updateTag",
    "deleteTag",
    "getTagMetrics",
    "listPipelineStages",
    "createPipelineStage",
    "updatePipelineStage",
    "deletePipelineStage",
    "listCustomFields",
    "createCustomField",
    "updateCustomField",
    "deleteCustomField",
    "upsertCustomFieldValue",
    "listNotes",
    "createNote",
    "updateNote",
    "deleteNote",
    "listActivities",
    "createActivity",
    "listLeadsBlacklist",
    "addLeadToBlacklist",
    "deleteLeadBlacklistEntry",
    "listCompaniesBlacklist",
    "addCompanyToBlacklist",
    "deleteCompanyBlacklistEntry",
];

const LISTS: &[&str] = &["listLists", "createList", "getList", "updateList", "deleteList", "getListMetrics"];
const TAGS: &[&str] = &["listTags", "createTag", "updateTag", "deleteTag", "getTagMetrics"];
const STAGES: &[&str] =
    &["listPipelineStages", "createPipelineStage", "updatePipelineStage", "deletePipelineStage"];
const FIELDS: &[&str] = &[
    "listCustomFields",
    "createCustomField",
    "updateCustomField",
    "deleteCustomField",
    "upsertCustomFieldValue",
];
const LOGS: &[&str] =
    &["listNotes", "createNote", "updateNote", "deleteNote", "listActivities", "createActivity"];
const BLACKLISTS: &[&str] = &[
    "listLeadsBlacklist",
    "addLeadToBlacklist",
    "deleteLeadBlacklistEntry",
    "listCompaniesBlacklist",
    "addCompanyToBlacklist",
    "deleteCompanyBlacklistEntry",
];

#[test]
fn every_operation_has_its_test() {
    assert_eq!([LISTS, TAGS, STAGES, FIELDS, LOGS, BLACKLISTS].concat(), OPERATIONS);
}

async fn lists(mode: Mode) {
    let tour = Tour::in_mode(Seed::Demo, mode).await;
    let list = tour.ok("createList", async |c| c.lists().create("Fair").await).await.uuid;
    tour.ok("updateList", async |c| c.lists().update(&list, "Fair 2").await).await;
    let got = tour.ok("getList", async |c| c.lists().get(&list).await).await;
    assert_eq!(got.name.as_deref(), Some("Fair 2"));
    assert_eq!(tour.ok("listLists", async |c| c.lists().list().page().await).await.total, Some(4));
    let two = Selection::ids([Tour::demo_contact(0), Tour::demo_contact(1)]);
    tour.client.contacts().bulk(two).change_list(&list).await.unwrap();
    let metrics = tour.ok("getListMetrics", async |c| c.lists().metrics([&list]).await).await.unwrap();
    assert_eq!(metrics[list.as_str()]["leads_count"], 2);
    tour.ok("deleteList", async |c| c.lists().delete(&list).await).await;
    tour.fails("getList", 404, async |c| c.lists().get(&list).await).await;
    tour.fails("updateList", 404, async |c| c.lists().update(UNKNOWN_UUID, "x").await).await;
    tour.fails("deleteList", 404, async |c| c.lists().delete(UNKNOWN_UUID).await).await;
    tour.locked("createList", async |c| c.lists().create("x").await).await;
    tour.locked("listLists", async |c| c.lists().list().page().await).await;
    tour.locked("getListMetrics", async |c| c.lists().metrics([UNKNOWN_UUID]).await).await;
    tour.done(LISTS);
}

async fn tags(mode: Mode) {
    let tour = Tour::in_mode(Seed::Demo, mode).await;
    let tag = tour.ok("createTag", async |c| c.tags().create("Hot").color("#f00").await).await.uuid;
    let changes = TagUpdate { name: Some("Warm".into()), ..Default::default() };
    let changed = tour.ok("updateTag", async |c| c.tags().update(&tag, &changes).await).await;
    assert_eq!((changed.name.as_deref(), changed.color.as_deref()), (Some("Warm"), Some("#f00")));
    assert_eq!(tour.ok("listTags", async |c| c.tags().list().await).await.len(), 3);
    let three = Selection::ids((0..3).map(Tour::demo_contact));
    tour.client.contacts().bulk(three).add_tag(&tag).await.unwrap();
    let both = [TagMetric::ContactsCount, TagMetric::CompaniesCount];
    let metrics =
        tour.ok("getTagMetrics", async |c| c.tags().metrics([&tag], both.clone()).await).await.unwrap();
    assert_eq!(
        (&metrics[tag.as_str()]["leads_count"], &metrics[tag.as_str()]["companies_count"]),
        (&3.into(), &0.into())
    );
    tour.ok("deleteTag", async |c| c.tags().delete(&tag).await).await;
    let contact = tour.client.contacts().get(Tour::demo_contact(1)).await.unwrap();
    assert!(!contact.tags.iter().flatten().any(|it| *it == tag.as_str()));
    tour.fails("updateTag", 404, async |c| c.tags().update(&tag, &changes).await).await;
    tour.fails("deleteTag", 404, async |c| c.tags().delete(&tag).await).await;
    tour.locked("createTag", async |c| c.tags().create("x").await).await;
    tour.locked("listTags", async |c| c.tags().list().await).await;
    tour.locked("getTagMetrics", async |c| c.tags().metrics([UNKNOWN_UUID], both.clone()).await).await;
    tour.done(TAGS);
}

async fn pipeline_stages(mode: Mode) {
    let tour = Tour::in_mode(Seed::Demo, mode).await;
    let create = async |c: &grinfi::Client| {
        c.pipeline_stages().create(ObjectKind::Contact, PipelineStageCategory::Positive, "Won").await
    };
    let stage = tour.ok("createPipelineStage", create).await.uuid;
    let changes = PipelineStageUpdate { name: Some("Closed".into()), ..Default::default() };
    tour.ok("updatePipelineStage", async |c| c.pipeline_stages().update(&stage, &changes).await).await;
    let stages =
        tour.ok("listPipelineStages", async |c| c.pipeline_stages().list(ObjectKind::Contact).await).await;
    assert_eq!((stages.len(), stages[5].name.as_deref()), (6, Some("Closed")));
    let contact = Tour::demo_contact(2);
    tour.client.contacts().bulk(Selection::ids([&contact])).change_pipeline_stage(&stage).await.unwrap();
    let moved = tour.client.contacts().get(&contact).await.unwrap();
    assert_eq!(moved.pipeline_stage_uuid.as_ref(), Some(&stage));
    let stage_changes =
        activity::contact_uuid().eq(&contact) & activity::type_().eq("pipeline_stage_changed");
    assert_eq!(tour.client.activities().list().filter(stage_changes).page().await.unwrap().data.len(), 1);
    tour.ok("deletePipelineStage", async |c| c.pipeline_stages().delete(&stage).await).await;
    let back = tour.client.contacts().get(&contact).await.unwrap();
    assert_eq!(back.pipeline_stage_uuid.as_ref(), Some(&stages[0].uuid));
    let first = stages[0].uuid.clone();
    tour.fails("deletePipelineStage", 422, async |c| c.pipeline_stages().delete(&first).await).await;
    tour.fails("updatePipelineStage", 404, async |c| {
        c.pipeline_stages().update(UNKNOWN_UUID, &changes).await
    })
    .await;
    tour.locked("createPipelineStage", create).await;
    tour.locked("listPipelineStages", async |c| c.pipeline_stages().list(ObjectKind::Contact).await).await;
    tour.done(STAGES);
}

async fn custom_fields(mode: Mode) {
    let tour = Tour::in_mode(Seed::Demo, mode).await;
    let contact = Tour::demo_contact(1);
    let fields = tour.client.custom_fields();
    let field = tour
        .ok("createCustomField", async |c| c.custom_fields().create(ObjectKind::Contact, "budget").await)
        .await
        .uuid;
    let set = async |c: &grinfi::Client| c.custom_fields().set_value(&field, &contact, "10k").await;
    assert_eq!(tour.ok("upsertCustomFieldValue", set).await.value.as_deref(), Some("10k"));
    let changes = CustomFieldUpdate { name: Some("spend".into()), ..Default::default() };
    tour.ok("updateCustomField", async |c| c.custom_fields().update(&field, &changes).await).await;
    // In documented mode, a contact has no wrapper.
    let custom = tour.client.contacts().get(&contact).await.unwrap().custom_fields;
    assert_eq!(custom.is_some(), mode == Mode::Observed);
    assert!(custom.is_none_or(|fields| fields["spend"] == "10k"));
    assert_eq!(
        tour.ok("listCustomFields", async |c| c.custom_fields().list().page().await).await.data.len(),
        3
    );
    let taken = async |c: &grinfi::Client| c.custom_fields().create(ObjectKind::Contact, "spend").await;
    assert!(tour.fails("createCustomField", 422, taken).await.fields().contains_key("name"));
    let taken = CustomFieldUpdate { name: Some("persona".into()), ..Default::default() };
    let rename = async |c: &grinfi::Client| c.custom_fields().update(&field, &taken).await;
    assert!(tour.fails("updateCustomField", 422, rename).await.fields().contains_key("name"));
    for number in 3..100 {
        fields.create(ObjectKind::Contact, format!("field_{number}")).await.unwrap();
    }
    let one_more =
        async |c: &grinfi::Client| c.custom_fields().create(ObjectKind::Contact, "field_100").await;
    assert!(tour.fails("createCustomField", 422, one_more).await.fields().contains_key("object"));
    fields.create(ObjectKind::Company, "field_100").await.unwrap();
    tour.ok("deleteCustomField", async |c| c.custom_fields().delete(&field).await).await;
    let got = tour.client.contacts().get(&contact).await.unwrap();
    assert_eq!(got.custom_fields.map(|fields| fields.is_empty()), (mode == Mode::Observed).then_some(true));
    tour.fails("deleteCustomField", 404, async |c| c.custom_fields().delete(&field).await).await;
    assert!(tour.fails("upsertCustomFieldValue", 422, set).await.fields().contains_key("custom_field_uuid"));
    tour.locked("listCustomFields", async |c| c.custom_fields().list().page().await).await;
    tour.done(FIELDS);
}

async fn notes_and_activities(mode: Mode) {
    let tour = Tour::in_mode(Seed::Demo, mode).await;
    let contact = Tour::demo_contact(1);
    let unknown = ContactId::from(UNKNOWN_UUID);
    let note =
        tour.ok("createNote", async |c| c.notes().create(&contact, "Call on Tuesday.").await).await.uuid;
    tour.ok("updateNote", async |c| c.notes().update(&note, "Call on Friday.").await).await;
    let listed = tour.ok("listNotes", async |c| c.notes().list().page().await).await;
    assert_eq!(listed.data[0].note.as_deref(), Some("Call on Friday."));
    tour.ok("deleteNote", async |c| c.notes().delete(&note).await).await;
    assert!(tour.client.notes().list().page().await.unwrap().data.is_empty());
    tour.fails("updateNote", 404, async |c| c.notes().update(&note, "x").await).await;
    tour.fails("deleteNote", 404, async |c| c.notes().delete(&note).await).await;
    let lost = async |c: &grinfi::Client| c.notes().create(&unknown, "x").await;
    assert!(tour.fails("createNote", 422, lost).await.fields().contains_key("object_uuid"));
    tour.locked("listNotes", async |c| c.notes().list().page().await).await;

    let log = async |c: &grinfi::Client| c.activities().create(&contact, "met").detail("where", "fair").await;
    tour.ok("createActivity", log).await;
    let met = activity::type_().eq("met");
    let found =
        tour.ok("listActivities", async |c| c.activities().list().filter(met.clone()).page().await).await;
    assert_eq!(found.data.len(), 1);
    assert!(!tour.client.activities().is_connected(&contact).await.unwrap());
    let lost = async |c: &grinfi::Client| c.activities().create(&unknown, "met").await;
    assert!(tour.fails("createActivity", 422, lost).await.fields().contains_key("object_uuid"));
    tour.locked("listActivities", async |c| c.activities().list().page().await).await;
    tour.done(LOGS);
}

async fn blacklists(mode: Mode) {
    let tour = Tour::in_mode(Seed::Empty, mode).await;
    let jane = BlacklistContact { email: Some("jane@example.com".into()), ..Default::default() };
    let rival = BlacklistCompany { domain: Some("rival.example.com".into()), ..Default::default() };
    let entry =
        tour.ok("addLeadToBlacklist", async |c| c.contact_blacklist().add(&jane).await).await.uuid.unwrap();
    let listed = tour.ok("listLeadsBlacklist", async |c| c.contact_blacklist().list().page().await).await;
    assert_eq!((listed.total, listed.data[0].email.as_deref()), (Some(1), Some("jane@example.com")));
    tour.ok("deleteLeadBlacklistEntry", async |c| c.contact_blacklist().delete(&entry).await).await;
    tour.fails("deleteLeadBlacklistEntry", 404, async |c| c.contact_blacklist().delete(&entry).await).await;
    tour.locked("addLeadToBlacklist", async |c| c.contact_blacklist().add(&jane).await).await;
    tour.locked("listLeadsBlacklist", async |c| c.contact_blacklist().list().page().await).await;
    let entry = tour
        .ok("addCompanyToBlacklist", async |c| c.company_blacklist().add(&rival).await)
        .await
        .uuid
        .unwrap();
    let listed = tour.ok("listCompaniesBlacklist", async |c| c.company_blacklist().list().page().await).await;
    assert_eq!(listed.data[0].domain.as_deref(), Some("rival.example.com"));
    tour.ok("deleteCompanyBlacklistEntry", async |c| c.company_blacklist().delete(&entry).await).await;
    tour.fails("deleteCompanyBlacklistEntry", 404, async |c| c.company_blacklist().delete(&entry).await)
        .await;
    tour.locked("addCompanyToBlacklist", async |c| c.company_blacklist().add(&rival).await).await;
    tour.locked("listCompaniesBlacklist", async |c| c.company_blacklist().list().page().await).await;
    tour.done(BLACKLISTS);
}
