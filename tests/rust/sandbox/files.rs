use grinfi::{
    filter::contact,
    models::{
        BlacklistContact, DataSourceUpdate, Nullable,
        enums::{DataSourceType, ObjectKind},
    },
    selection::Selection,
};
use grinfi_sandbox::{Mode, Seed};

use super::{Tour, UNKNOWN_UUID};

in_both_modes!(imports_and_exports);

pub(super) const OPERATIONS: &[&str] = &[
    "uploadCsvFile",
    "importLeadsFromFile",
    "importCompaniesFromFile",
    "exportLeadsToCsv",
    "exportCompaniesToCsv",
    "downloadExportFile",
    "listAttachments",
    "uploadAttachment",
    "getAttachment",
    "deleteAttachment",
    "listDataSources",
    "createDataSource",
    "getDataSource",
    "updateDataSource",
    "deleteDataSource",
    "getDataSourceMetrics",
];

const CSV: &str = "Profile,First name,Mail,Budget\r\n\
    https://www.linkedin.com/in/jane-roe/,Jane,jane@example.com,10k\r\n\
    jane-roe,\"Jane, again\",,\r\n\
    ,,,\r\n\
    https://example.com/unknown,Unknown,,\r\n\
    jörg-müller,Jörg,joerg@example.com,\r\n\
    rival,Rival,rival@example.com,1\r\n";

async fn imports_and_exports(mode: Mode) {
    let tour = Tour::in_mode(Seed::Empty, mode).await;
    let list = tour.client.lists().create("Fair").await.unwrap().uuid;
    let tag = tour.client.tags().create("Fair").await.unwrap().uuid;
    tour.client.custom_fields().create(ObjectKind::Contact, "budget").await.unwrap();
    let rival = BlacklistContact { email: Some("RIVAL@example.com".into()), ..Default::default() };
    tour.client.contact_blacklist().add(&rival).await.unwrap();
    let upload = tour.ok("uploadCsvFile", async |c| c.file_imports().upload("fair.csv", CSV).await).await;
    assert_eq!(upload.payload.unwrap()["rows_count"], 6);
    let file = upload.uuid.unwrap();
    let columns = [
        ("Profile", "linkedin_id"),
        ("First name", "first_name"),
        ("Mail", "work_email"),
        ("Budget", "budget"),
    ];
    let odd = async |c: &grinfi::Client| {
        c.file_imports().contacts(&file, [("Nowhere", "first_name"), ("Mail", "nothing")]).await
    };
    let error = tour.fails("importLeadsFromFile", 422, odd).await;
    assert!(
        ["columns[0].source", "columns[1].target"].iter().all(|it| error.fields().contains_key(*it)),
        "{error}"
    );
    let import =
        async |c: &grinfi::Client| c.file_imports().contacts(&file, columns).list(&list).tag(&tag).await;
    tour.ok("importLeadsFromFile", import).await;
    let here = contact::list_uuid().eq(&list) & contact::tags().eq(tag.as_str());
    let people = tour.client.contacts().search().filter(here).stream().collect().await.unwrap();
    let shown: Vec<_> = people.iter().map(|it| (it.linkedin.as_deref(), it.first_name.as_deref())).collect();
    assert_eq!(shown, [(Some("jörg-müller"), Some("Jörg")), (Some("jane-roe"), Some("Jane, again"))]);
    // In documented mode, a contact has no wrapper.
    let custom = people[1].custom_fields.as_ref().map(|fields| &fields["budget"]);
    assert_eq!(custom.is_some(), mode == Mode::Observed);
    assert!(custom.is_none_or(|budget| budget == "10k"));
    let source = people[0].data_source_uuid.clone().unwrap();
    let metrics = tour.ok("getDataSourceMetrics", async |c| c.data_sources().metrics([&source]).await).await;
    let metrics = &metrics[&source];
    assert_eq!(
        (
            metrics.saved_records,
            metrics.duplicate_records,
            metrics.blacklisted_records,
            metrics.error_records
        ),
        (Some(2), Some(1), Some(1), Some(2))
    );
    // A file can be imported once.
    assert!(tour.fails("importLeadsFromFile", 422, import).await.fields().contains_key("uuid"));
    let text = "Company;Web\nAcme;acme.example.com\nAcme;acme.example.com\n";
    let file = tour.client.file_imports().upload("companies.csv", text).await.unwrap().uuid.unwrap();
    let columns = [("Company", "name"), ("Web", "domain")];
    tour.ok("importCompaniesFromFile", async |c| c.file_imports().companies(&file, columns).await).await;
    assert_eq!(tour.client.companies().search().count().await.unwrap(), 1);
    let nowhere = async |c: &grinfi::Client| c.file_imports().companies(UNKNOWN_UUID, columns).await;
    tour.fails("importCompaniesFromFile", 404, nowhere).await;
    tour.fails("uploadCsvFile", 422, async |c| c.file_imports().upload("x.csv", &b"\xff\xfe,"[..]).await)
        .await;

    let job = tour.ok("exportLeadsToCsv", async |c| c.file_exports().contacts(Selection::all()).await).await;
    assert_eq!(job.status.as_deref(), Some("queued"));
    let name = format!("leads-export-{}.csv", job.uuid.unwrap());
    let download = async |c: &grinfi::Client| c.file_exports().download(&name).await?.bytes().await;
    tour.fails("downloadExportFile", 404, download).await;
    tour.wait(1);
    let bytes = tour.ok("downloadExportFile", download).await;
    let text = std::str::from_utf8(&bytes).unwrap();
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert!(head.contains(&"linkedin") && head.last() == Some(&"budget"), "{head:?}");
    assert!(lines.count() == 2 && text.contains("\"Jane, again\"") && text.contains("jörg-müller"), "{text}");
    tour.ok("exportCompaniesToCsv", async |c| c.file_exports().companies(Selection::all()).await).await;
    tour.locked("exportLeadsToCsv", async |c| c.file_exports().contacts(Selection::all()).await).await;
    tour.locked("exportCompaniesToCsv", async |c| c.file_exports().companies(Selection::all()).await).await;

    let plan = &b"%PDF-1.7"[..];
    let upload = async |c: &grinfi::Client| c.attachments().upload("plan.pdf", "application/pdf", plan).await;
    let attachment = tour.ok("uploadAttachment", upload).await.uuid;
    let got = tour.ok("getAttachment", async |c| c.attachments().get(&attachment).await).await;
    let payload = got.payload.unwrap();
    assert_eq!((payload.name.as_deref(), payload.size.as_deref()), (Some("plan.pdf"), Some("8")));
    assert_eq!(
        tour.ok("listAttachments", async |c| c.attachments().list().page().await).await.total,
        Some(1)
    );
    tour.ok("deleteAttachment", async |c| c.attachments().delete(&attachment).await).await;
    tour.fails("getAttachment", 404, async |c| c.attachments().get(&attachment).await).await;
    tour.fails("deleteAttachment", 404, async |c| c.attachments().delete(&attachment).await).await;
    tour.locked("uploadAttachment", upload).await;
    tour.locked("listAttachments", async |c| c.attachments().list().page().await).await;

    let create = async |c: &grinfi::Client| {
        c.data_sources().create(DataSourceType::SnContactsSearch, &list).tag("a").await
    };
    let source = tour.ok("createDataSource", create).await;
    assert!(source.sender_profile_uuid.is_none());
    let changes = DataSourceUpdate { tags: Some(Nullable::Null), ..Default::default() };
    tour.ok("updateDataSource", async |c| c.data_sources().update(&source.uuid, &changes).await).await;
    let got = tour.ok("getDataSource", async |c| c.data_sources().get(&source.uuid).await).await;
    assert!(got.tags.is_none());
    assert_eq!(
        tour.ok("listDataSources", async |c| c.data_sources().list().page().await).await.data.len(),
        2
    );
    tour.ok("deleteDataSource", async |c| c.data_sources().delete(&source.uuid).await).await;
    tour.fails("getDataSource", 404, async |c| c.data_sources().get(&source.uuid).await).await;
    tour.fails("updateDataSource", 404, async |c| c.data_sources().update(UNKNOWN_UUID, &changes).await)
        .await;
    tour.fails("deleteDataSource", 404, async |c| c.data_sources().delete(UNKNOWN_UUID).await).await;
    let lost =
        async |c: &grinfi::Client| c.data_sources().create(DataSourceType::CsvContacts, UNKNOWN_UUID).await;
    assert!(tour.fails("createDataSource", 422, lost).await.fields().contains_key("list_uuid"));
    tour.locked("listDataSources", async |c| c.data_sources().list().page().await).await;
    tour.locked("getDataSourceMetrics", async |c| c.data_sources().metrics([UNKNOWN_UUID]).await).await;
    tour.done(OPERATIONS);
}
