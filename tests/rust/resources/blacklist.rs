use grinfi::{
    Order,
    models::{BlacklistCompany, BlacklistContact},
};

use crate::support::conversation::{Conversation, failing, refused};

#[tokio::test]
async fn sends_each_operation_as_described() {
    let mut talk = Conversation::default();
    let contacts =
        talk.call("listLeadsBlacklist", async |c| c.contact_blacklist().list().offset(20).page().await).await;
    assert!(contacts.data[0].uuid.is_some() && contacts.has_more.is_some());
    let jane = BlacklistContact { email: Some("jane@example.com".into()), ..Default::default() };
    talk.call("addLeadToBlacklist", async |c| c.contact_blacklist().add(&jane).await).await;
    talk.call("deleteLeadBlacklistEntry", async |c| c.contact_blacklist().delete("b-1").await).await;
    let companies =
        talk.call("listCompaniesBlacklist", async |c| c.company_blacklist().list().page().await).await;
    assert!(companies.data[0].uuid.is_some());
    let rival = BlacklistCompany { domain: Some("example.com".into()), ..Default::default() };
    talk.call("addCompanyToBlacklist", async |c| c.company_blacklist().add(&rival).await).await;
    talk.call("deleteCompanyBlacklistEntry", async |c| c.company_blacklist().delete("b-1").await).await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject_or_ignore() {
    // A company name does not identify a contact.
    let vague = BlacklistContact { company_name: Some("ExampleCorp".into()), ..Default::default() };
    assert_eq!(refused(async |c| c.contact_blacklist().add(&vague).await).await, "linkedin");
    let blank = BlacklistContact { email: Some(" ".into()), ..Default::default() };
    assert_eq!(refused(async |c| c.contact_blacklist().add(&blank).await).await, "email");
    let nothing = BlacklistCompany::default();
    assert_eq!(refused(async |c| c.company_blacklist().add(&nothing).await).await, "linkedin");
    assert_eq!(refused(async |c| c.company_blacklist().delete("").await).await, "uuid");
    let sorted =
        refused(async |c| c.contact_blacklist().list().order_by_name("name", Order::Asc).page().await);
    assert_eq!(sorted.await, "order_by");
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(404, async |c| c.contact_blacklist().delete("b-1").await).await.is_not_found());
    let jane = BlacklistContact { name: Some("Jane Roe".into()), ..Default::default() };
    assert!(failing(422, async |c| c.contact_blacklist().add(&jane).await).await.is_validation());
}
