use chrono::{DateTime, Utc};
use grinfi::{
    Order,
    contacts::Lookup,
    filter::{Filter, contact},
    models::{ContactUpdate, NewContact, Nullable, enums::ContactMetric},
    selection::Selection,
};

use crate::support::{
    conversation::{Conversation, failing, refused},
    fault_server::Response,
};

fn day(day: u32) -> DateTime<Utc> {
    DateTime::from_timestamp(1_774_915_200 + i64::from(day) * 86_400, 0).unwrap()
}

#[tokio::test]
async fn sends_record_operations_as_described() {
    let mut talk = Conversation::default();
    let jane = NewContact {
        linkedin_id: Some("jane-roe-example".into()),
        first_name: Some("Jane".into()),
        ..Default::default()
    };
    let filter = contact::company_name().eq("ExampleCorp") & contact::connections_number().between(10, 500);
    let found = talk
        .call("searchContacts", async |c| {
            let search = c.contacts().search().filter(filter.clone());
            search.order_by(contact::created_at(), Order::Asc).limit(10).page().await
        })
        .await;
    assert!(found.data[0].name.is_some());
    talk.call("countContacts", async |c| c.contacts().count(filter.clone()).await).await;
    let created = talk
        .call("createLeads", async |c| {
            c.contacts().create_many("l-1", vec![jane.clone(), jane.clone()]).await
        })
        .await;
    assert_eq!(created[0].uuid, found.data[0].uuid);
    talk.call("upsertContact", async |c| c.contacts().upsert("l-1", jane.clone()).await).await;
    talk.call("getLead", async |c| c.contacts().get("c-1").await).await;
    // A 404 is documented for an unknown contact and is not an error here.
    let by_email = async |c: grinfi::Client| c.contacts().lookup(Lookup::email("jane@example.com")).await;
    let answer = Response::json(200, r#"{"lead": {"uuid": "c-1"}, "custom_fields": []}"#);
    assert!(talk.outcome("findOneContact", answer, by_email).await.unwrap().is_some());
    let nobody = Response::json(404, r#"{"error": {"reason": "not_found"}}"#);
    assert!(talk.outcome("findOneContact", nobody, by_email).await.unwrap().is_none());
    assert!(failing(401, by_email).await.is_unauthorized());
    let changes = ContactUpdate { headline: Some(Nullable::Null), ..Default::default() };
    talk.call("updateLead", async |c| c.contacts().update("c-1", &changes).await).await;
    talk.call("deleteLead", async |c| c.contacts().delete("c-1").await).await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn sends_metrics_and_enrichment_as_described() {
    let mut talk = Conversation::default();
    let metrics = [ContactMetric::LinkedinSentCount, ContactMetric::LinkedinInboxCount];
    let counts = talk
        .call("getLeadMetrics", async |c| {
            c.contacts().metrics(day(1), day(28), metrics.clone()).automation("f-1").await
        })
        .await;
    assert_eq!(counts["linkedin_sent_count"], 5250);
    let other_zone = DateTime::parse_from_rfc3339("2026-04-01T02:00:00+02:00").unwrap();
    talk.call("getLeadMetrics", async |c| c.contacts().metrics(other_zone, day(28), metrics.clone()).await)
        .await;
    talk.call("enrichLeadsAdvanced", async |c| c.contacts().enrich(["c-1", "c-2"]).await).await;
    talk.call("enrichLeadsAdvanced", async |c| {
        c.contacts().enrich_matching(contact::list_uuid().eq(crate::support::description::UUID)).await
    })
    .await;
    let nothing = talk.call("getListMetrics", async |c| c.lists().metrics(["l-1"]).await).await;
    assert_eq!(nothing, None);
    let answer = Response::json(200, r#"{"l-1": {"leads": 3}}"#);
    let figures =
        talk.answered("getListMetrics", answer, async |c| c.lists().metrics(["l-1", "l-2"]).await).await;
    assert_eq!(figures.unwrap()["l-1"]["leads"], 3);
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn sends_bulk_actions_as_described() {
    let mut talk = Conversation::default();
    const ID: &str = "leadsMassAction";
    let bulk = |c: grinfi::Client| c.contacts().bulk(Selection::ids(["c-1", "c-2"]));
    talk.call(ID, async |c| bulk(c).add_tag("00000006-0000-4000-8000-000000000001").await).await;
    talk.call(ID, async |c| bulk(c).remove_tag("00000006-0000-4000-8000-000000000001").await).await;
    talk.call(ID, async |c| {
        bulk(c)
            .replace_tags(["00000006-0000-4000-8000-000000000001", "00000006-0000-4000-8000-000000000002"])
            .await
    })
    .await;
    talk.call(ID, async |c| bulk(c).change_list("l-1").await).await;
    talk.call(ID, async |c| bulk(c).change_pipeline_stage("p-1").await).await;
    talk.call(ID, async |c| bulk(c).change_custom_field("x-1", "buyer".to_owned()).await).await;
    talk.call(ID, async |c| bulk(c).change_custom_field("x-1", Nullable::Null).await).await;
    talk.call(ID, async |c| bulk(c).add_to_automation("f-1").await).await;
    talk.call(ID, async |c| bulk(c).cancel_from_automations(["f-1", "f-2"]).await).await;
    talk.call(ID, async |c| bulk(c).delete().await).await;
    let most = Selection::all_but(["c-1"]);
    talk.call(ID, async |c| c.contacts().bulk(most.clone()).export_csv().await).await;
    // The body of a successful response is ignored.
    let chatty = Response::Whole(200, vec![("content-type", "text/plain".into())], "OK".into());
    talk.answered(ID, chatty, async |c| c.contacts().bulk(Selection::all()).mark_read().await).await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject_or_ignore() {
    let none: [&str; 0] = [];
    let sent = [ContactMetric::EmailSentCount];
    assert_eq!(
        refused(async |c| c.contacts().metrics(day(2), day(1), sent.clone()).await).await,
        "period_to"
    );
    assert_eq!(refused(async |c| c.contacts().metrics(day(1), day(2), []).await).await, "metrics");
    let field =
        refused(async |c| c.contacts().metrics(day(1), day(2), sent.clone()).automation("").await).await;
    assert_eq!(field, "automations[0]");
    assert_eq!(refused(async |c| c.contacts().enrich(none).await).await, "uuids");
    assert_eq!(refused(async |c| c.contacts().enrich_matching(Filter::all()).await).await, "filter");
    assert_eq!(refused(async |c| c.lists().metrics(["l-1", ""]).await).await, "uuids[1]");
    let field = refused(async |c| c.contacts().bulk(Selection::ids(none)).delete().await).await;
    assert_eq!(field, "ids");
    for wide in [Selection::all(), Selection::all_but(["c-1"])] {
        let field = refused(async |c| c.contacts().bulk(wide.clone()).delete().await).await;
        assert_eq!(field, "confirm_all");
    }
    let bulk = |c: grinfi::Client| c.contacts().bulk(Selection::all());
    assert_eq!(refused(async |c| bulk(c).replace_tags(none).await).await, "tag_uuids");
    assert_eq!(refused(async |c| bulk(c).cancel_from_automations(none).await).await, "automation_uuids");
    assert_eq!(refused(async |c| bulk(c).add_to_automation("").await).await, "automation_uuid");
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(402, async |c| c.contacts().enrich(["c-1"]).await).await.is_out_of_credits());
    let error =
        failing(422, async |c| c.contacts().bulk(Selection::all()).confirm_all().delete().await).await;
    assert!(error.is_validation());
    assert_eq!(error.operation(), Some("leadsMassAction"));
    // The action may have been accepted, so it is not retried.
    let error = failing(504, async |c| c.contacts().bulk(Selection::all()).mark_read().await).await;
    assert!(error.is_unknown_outcome(), "{error}");
}
