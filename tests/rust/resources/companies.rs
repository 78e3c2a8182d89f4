use grinfi::{
    Order,
    filter::{Filter, company, company_text},
    models::{CompanyLookup, CompanyUpdate, NewCompany},
    selection::Selection,
};
use serde_json::json;

use crate::support::{
    conversation::{Conversation, failing, refused},
    fault_server::Response,
};

fn new(name: &str) -> NewCompany {
    NewCompany { name: Some(name.into()), ..Default::default() }
}

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let filter = company::industry().eq("Software") & company::year_established().ge(2015);
    let search = async |c: grinfi::Client| {
        let search = c.companies().search().filter(filter.clone());
        search.order_by(company::created_at(), Order::Asc).limit(10).page().await
    };
    let flat = talk.call("searchCompanies", search).await;
    // Also observed with a wrapper.
    let wrapped = Response::json(200, r#"{"data": [{"company": {"uuid": "o-1", "ln_id": 17}}], "total": 1}"#);
    let wrapped = talk.answered("searchCompanies", wrapped, search).await;
    assert!(flat.data[0].name.is_some());
    assert_eq!((wrapped.data[0].uuid.as_str(), wrapped.data[0].ln_id.as_deref()), ("o-1", Some("17")));
    let listed = talk
        .call("listCompanies", async |c| {
            c.companies().list().filter(company_text::q().eq("example & co")).page().await
        })
        .await;
    assert_eq!((listed.data.len(), listed.total), (1, Some(58)));
    let company = talk.call("getCompany", async |c| c.companies().get("o-1").await).await;
    assert_eq!(company.uuid, listed.data[0].uuid);
    let created = talk
        .call("createCompanies", async |c| {
            let companies = c.companies();
            companies.create_many(vec![new("A"), new("B")]).list("l-1").data_source("d-1").await
        })
        .await;
    assert_eq!(created.len(), 1);
    let changes = CompanyUpdate { industry: Some("Retail".into()), ln_id: Some(17), ..Default::default() };
    talk.call("updateCompany", async |c| c.companies().update("o-1", &changes).await).await;
    talk.call("deleteCompany", async |c| c.companies().delete("o-1").await).await;
    let by_domain = CompanyLookup { website: Some("example.com".into()), ..Default::default() };
    let found =
        talk.call("lookupCompanies", async |c| c.companies().lookup(vec![by_domain.clone()]).await).await;
    assert_eq!(found.len(), 1);
    let taken = talk.call("enrichCompanies", async |c| c.companies().enrich(["o-1", "o-2"]).await).await;
    assert_eq!(taken, Some(7));
    talk.call("enrichCompanies", async |c| {
        c.companies().enrich_matching(company::domain().is_not_null()).await
    })
    .await;
    // Beyond the 10,000 rows of one search, the listing is split by time.
    let rows = talk
        .answered("searchCompanies", Response::json(200, r#"{"data": [], "total": 0}"#), async |c| {
            c.companies().search().limit(10).complete().collect().await
        })
        .await;
    assert!(rows.is_empty());
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn decodes_contacts_of_companies_from_an_empty_list() {
    let mut talk = Conversation::default();
    let contacts = talk.call("getCompanyLeads", async |c| c.companies().contacts(["o-1", "o-2"]).await).await;
    assert_eq!(contacts.values().map(Vec::len).sum::<usize>(), 1);
    let answer = Response::json(200, r#"{"o-1": [{"lead": {"uuid": "c-1"}, "markers": []}], "o-2": []}"#);
    let contacts = talk
        .answered("getCompanyLeads", answer, async |c| c.companies().contacts(["o-1", "o-2"]).await)
        .await;
    assert_eq!(contacts[&"o-1".into()][0].uuid, "c-1");
    let none = talk
        .answered("getCompanyLeads", Response::json(200, " [] "), async |c| {
            c.companies().contacts(["o-1"]).await
        })
        .await;
    assert!(none.is_empty());
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn sends_bulk_actions_as_described() {
    let mut talk = Conversation::default();
    const ID: &str = "companiesMassAction";
    let two = || Selection::ids(["o-1", "o-2"]);
    talk.call(ID, async |c| c.companies().bulk(two()).add_tag("00000006-0000-4000-8000-000000000001").await)
        .await;
    talk.call(ID, async |c| {
        c.companies().bulk(two()).remove_tag("00000006-0000-4000-8000-000000000001").await
    })
    .await;
    talk.call(ID, async |c| {
        c.companies().bulk(Selection::all()).replace_tags(["00000006-0000-4000-8000-000000000001"]).await
    })
    .await;
    let most = Selection::all_but(["o-1"]);
    talk.call(ID, async |c| c.companies().bulk(most.clone()).change_pipeline_stage("p-1").await).await;
    talk.call(ID, async |c| c.companies().bulk(two()).delete().await).await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject_or_ignore() {
    assert_eq!(refused(async |c| c.companies().create_many(vec![]).await).await, "companies");
    let nameless = NewCompany { industry: Some("Retail".into()), ..Default::default() };
    let field = refused(async |c| c.companies().create_many(vec![new("A"), nameless]).await).await;
    assert_eq!(field, "companies[1]");
    let field = refused(async |c| c.companies().create_many(vec![new("A")]).list("").await).await;
    assert_eq!(field, "list_uuids[0]");
    assert_eq!(
        refused(async |c| c.companies().lookup(vec![CompanyLookup::default()]).await).await,
        "lookups[0]"
    );
    assert_eq!(
        refused(async |c| c.companies().update("o-1", &CompanyUpdate::default()).await).await,
        "changes"
    );
    let none: [&str; 0] = [];
    assert_eq!(refused(async |c| c.companies().contacts(none).await).await, "uuids");
    assert_eq!(refused(async |c| c.companies().enrich(none).await).await, "uuids");
    assert_eq!(refused(async |c| c.companies().enrich_matching(Filter::all()).await).await, "filter");
    let field = refused(async |c| c.companies().bulk(Selection::all_but(none)).delete().await).await;
    assert_eq!(field, "excludeIds");
    for wide in [Selection::all(), Selection::all_but(["o-1"])] {
        let field = refused(async |c| c.companies().bulk(wide.clone()).delete().await).await;
        assert_eq!(field, "confirm_all");
    }
    let object = json!({"pipeline_stage_uuid": "p-1"});
    let error = Filter::<grinfi::companies::Companies>::from_json(object.as_object().unwrap()).unwrap_err();
    assert!(error.to_string().contains("lead_status_uuid"), "{error}");
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(402, async |c| c.companies().enrich(["o-1"]).await).await.is_out_of_credits());
    assert!(failing(404, async |c| c.companies().get("o-1").await).await.is_not_found());
    let error =
        failing(422, async |c| c.companies().bulk(Selection::all()).confirm_all().delete().await).await;
    assert!(error.is_validation());
}
