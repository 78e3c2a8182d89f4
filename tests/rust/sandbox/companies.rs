use grinfi::{
    filter::{company, company_text},
    models::{CompanyLookup, CompanyUpdate, NewCompany, NewContact, ids::CompanyId},
    selection::Selection,
};
use grinfi_sandbox::{Mode, Seed};

use super::{Tour, UNKNOWN_UUID};

in_both_modes!(companies_and_their_contacts);

pub(super) const OPERATIONS: &[&str] = &[
    "listCompanies",
    "createCompanies",
    "getCompany",
    "updateCompany",
    "deleteCompany",
    "searchCompanies",
    "lookupCompanies",
    "getCompanyLeads",
    "enrichCompanies",
    "companiesMassAction",
];

fn company(name: &str) -> NewCompany {
    let website = Some(format!("https://www.{name}.example.com/about"));
    NewCompany { name: Some(name.into()), website, industry: Some("Retail".into()), ..Default::default() }
}

async fn companies_and_their_contacts(mode: Mode) {
    let tour = Tour::in_mode(Seed::Empty, mode).await;
    let list = tour.client.lists().create("People").await.unwrap().uuid;
    let contact = |nick: &str, company: &str| NewContact {
        linkedin_id: Some(nick.into()),
        company_name: Some(company.into()),
        ..Default::default()
    };
    let ada = tour.client.contacts().upsert(&list, contact("ada", "acme")).await.unwrap();
    let create =
        async |c: &grinfi::Client| c.companies().create_many(vec![company("Acme"), company("Globex")]).await;
    let made = tour.ok("createCompanies", create).await;
    let [acme, globex] = [made[0].uuid.clone(), made[1].uuid.clone()];
    // Existing contacts get the company, and later ones too.
    let grace = tour.client.contacts().upsert(&list, contact("grace", "ACME")).await.unwrap();
    let both = tour.ok("getCompanyLeads", async |c| c.companies().contacts([&acme, &globex]).await).await;
    let uuids: Vec<&str> = both[&acme].iter().map(|contact| contact.uuid.as_str()).collect();
    assert_eq!(uuids, [ada.uuid.as_str(), grace.uuid.as_str()]);
    assert!(!both.contains_key(&globex));

    let by_site = CompanyLookup { website: Some("globex.example.com".into()), ..Default::default() };
    let found = tour.ok("lookupCompanies", async |c| c.companies().lookup(vec![by_site.clone()]).await).await;
    assert_eq!(found[0].uuid, globex);
    let changes = CompanyUpdate { industry: Some("Software".into()), ..Default::default() };
    tour.ok("updateCompany", async |c| c.companies().update(&acme, &changes).await).await;
    let software = company::industry().eq("software");
    let page = tour
        .ok("searchCompanies", async |c| c.companies().search().filter(software.clone()).page().await)
        .await;
    assert_eq!((page.total, &page.data[0].uuid), (Some(1), &acme));
    let listed =
        async |c: &grinfi::Client| c.companies().list().filter(company_text::q().eq("GLOB")).page().await;
    assert_eq!(tour.ok("listCompanies", listed).await.total, Some(1));

    let tag = tour.client.tags().create("Key account").await.unwrap().uuid;
    let bulk = |c: &grinfi::Client| c.companies().bulk(Selection::ids([&acme]));
    tour.ok("companiesMassAction", async |c| bulk(c).add_tag(&tag).await).await;
    let tagged = tour.ok("getCompany", async |c| c.companies().get(&acme).await).await;
    assert_eq!(tagged.tags.as_deref(), Some(std::slice::from_ref(&tag)));
    let unknown_uuid = async |c: &grinfi::Client| bulk(c).add_tag(UNKNOWN_UUID).await;
    assert!(
        tour.fails("companiesMassAction", 422, unknown_uuid).await.fields().contains_key("payload.tag_uuid")
    );
    tour.client.tags().delete(&tag).await.unwrap();
    assert_eq!(tour.client.companies().get(&acme).await.unwrap().tags.as_deref(), Some(&[][..]));

    assert_eq!(tour.ok("enrichCompanies", async |c| c.companies().enrich([&acme]).await).await, Some(1));
    assert!(tour.client.companies().get(&acme).await.unwrap().last_enrich_at.is_none());
    tour.wait(1);
    assert!(tour.client.companies().get(&acme).await.unwrap().last_enrich_at.is_some());
    tour.client.companies().create_many((0..100).map(|n| company(&format!("c{n}"))).collect()).await.unwrap();
    let all = async |c: &grinfi::Client| c.companies().enrich_matching(company::name().is_not_null()).await;
    assert!(tour.fails("enrichCompanies", 402, all).await.is_out_of_credits());

    tour.ok("deleteCompany", async |c| c.companies().delete(&acme).await).await;
    assert!(tour.client.contacts().get(&ada.uuid).await.unwrap().company_uuid.is_none());
    tour.fails("getCompany", 404, async |c| c.companies().get(&acme).await).await;
    tour.fails("updateCompany", 404, async |c| c.companies().update(UNKNOWN_UUID, &changes).await).await;
    tour.fails("deleteCompany", 404, async |c| c.companies().delete(UNKNOWN_UUID).await).await;
    let lost =
        async |c: &grinfi::Client| c.companies().create_many(vec![company("X")]).list(UNKNOWN_UUID).await;
    assert!(tour.fails("createCompanies", 422, lost).await.fields().contains_key("list_uuids"));
    tour.locked("searchCompanies", async |c| c.companies().search().page().await).await;
    tour.locked("listCompanies", async |c| c.companies().list().page().await).await;
    tour.locked("lookupCompanies", async |c| c.companies().lookup(vec![by_site.clone()]).await).await;
    let none: [CompanyId; 1] = [CompanyId::from(UNKNOWN_UUID)];
    tour.locked("getCompanyLeads", async |c| c.companies().contacts(none.clone()).await).await;
    tour.done(OPERATIONS);
}
