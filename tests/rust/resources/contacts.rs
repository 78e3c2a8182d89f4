//! What of contacts and lists the quick start leaves out.

use chrono::{DateTime, Utc};
use grinfi::{
    Selection,
    filter::{Filter, contact},
    model::{Nullable, enums::LeadMetric},
};

use crate::support::{
    conversation::{Conversation, failing, refused},
    fault_server::Answer,
};

fn day(day: u32) -> DateTime<Utc> {
    DateTime::from_timestamp(1_774_915_200 + i64::from(day) * 86_400, 0).unwrap()
}

#[tokio::test]
async fn metrics_and_enrichment_as_described() {
    let mut talk = Conversation::default();
    let metrics = [LeadMetric::LinkedinSentCount, LeadMetric::LinkedinInboxCount];
    let counts = talk
        .call("getLeadMetrics", async |c| {
            c.contacts().metrics(day(1), day(28), metrics.clone()).automation("f-1").await.unwrap()
        })
        .await;
    assert_eq!(counts["linkedin_sent_count"], 5250);
    let other_zone = DateTime::parse_from_rfc3339("2026-04-01T02:00:00+02:00").unwrap();
    talk.call("getLeadMetrics", async |c| {
        c.contacts().metrics(other_zone, day(28), metrics.clone()).await.unwrap()
    })
    .await;
    talk.call("enrichLeadsAdvanced", async |c| c.contacts().enrich(["c-1", "c-2"]).await.unwrap()).await;
    talk.call("enrichLeadsAdvanced", async |c| {
        c.contacts().enrich_matching(contact::list_uuid().eq("l-1")).await.unwrap()
    })
    .await;
    let nothing = talk.call("getListMetrics", async |c| c.lists().metrics(["l-1"]).await.unwrap()).await;
    assert_eq!(nothing, None);
    let answer = Answer::json(200, r#"{"l-1": {"leads": 3}}"#);
    let figures = talk
        .answered("getListMetrics", answer, async |c| c.lists().metrics(["l-1", "l-2"]).await.unwrap())
        .await;
    assert_eq!(figures.unwrap()["l-1"]["leads"], 3);
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn mass_actions() {
    let mut talk = Conversation::default();
    const ID: &str = "leadsMassAction";
    let bulk = |c: grinfi::Client| c.contacts().bulk(Selection::ids(["c-1", "c-2"]));
    talk.call(ID, async |c| bulk(c).add_tag("t-1").await.unwrap()).await;
    talk.call(ID, async |c| bulk(c).remove_tag("t-1").await.unwrap()).await;
    talk.call(ID, async |c| bulk(c).replace_tags(["t-1", "t-2"]).await.unwrap()).await;
    talk.call(ID, async |c| bulk(c).change_list("l-1").await.unwrap()).await;
    talk.call(ID, async |c| bulk(c).change_pipeline_stage("p-1").await.unwrap()).await;
    talk.call(ID, async |c| bulk(c).change_custom_field("x-1", "buyer".to_owned()).await.unwrap()).await;
    talk.call(ID, async |c| bulk(c).change_custom_field("x-1", Nullable::Null).await.unwrap()).await;
    talk.call(ID, async |c| bulk(c).add_to_automation("f-1").await.unwrap()).await;
    talk.call(ID, async |c| bulk(c).cancel_from_automations(["f-1", "f-2"]).await.unwrap()).await;
    talk.call(ID, async |c| bulk(c).delete().await.unwrap()).await;
    let most = Selection::all_but(["c-1"]);
    talk.call(ID, async |c| c.contacts().bulk(most).export_csv().await.unwrap()).await;
    // Whatever stands in the body of a success, the action was accepted.
    let chatty = Answer::Whole(200, vec![("content-type", "text/plain".into())], "OK".into());
    talk.answered(ID, chatty, async |c| c.contacts().bulk(Selection::all()).mark_read().await.unwrap()).await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn what_the_api_would_reject_or_ignore_is_refused() {
    let none: [&str; 0] = [];
    let sent = [LeadMetric::EmailSentCount];
    assert_eq!(
        refused(async |c| c.contacts().metrics(day(2), day(1), sent.clone()).await).await,
        "period_to"
    );
    assert_eq!(refused(async |c| c.contacts().metrics(day(1), day(2), []).await).await, "metrics");
    let field =
        refused(async |c| c.contacts().metrics(day(1), day(2), sent.clone()).automation("").await).await;
    assert_eq!(field, "flows[0]");
    assert_eq!(refused(async |c| c.contacts().enrich(none).await).await, "uuids");
    assert_eq!(refused(async |c| c.contacts().enrich_matching(Filter::all()).await).await, "filter");
    assert_eq!(refused(async |c| c.lists().metrics(["l-1", ""]).await).await, "uuids[1]");
    let field = refused(async |c| c.contacts().bulk(Selection::ids(none)).delete().await).await;
    assert_eq!(field, "ids");
    let bulk = |c: grinfi::Client| c.contacts().bulk(Selection::all());
    assert_eq!(refused(async |c| bulk(c).replace_tags(none).await).await, "tag_uuids");
    assert_eq!(refused(async |c| bulk(c).cancel_from_automations(none).await).await, "flow_uuids");
    assert_eq!(refused(async |c| bulk(c).add_to_automation("").await).await, "flow_uuid");
}

#[tokio::test]
async fn a_documented_failure() {
    assert!(failing(402, async |c| c.contacts().enrich(["c-1"]).await).await.is_out_of_credits());
    let error = failing(422, async |c| c.contacts().bulk(Selection::all()).delete().await).await;
    assert!(error.is_validation());
    assert_eq!(error.operation(), Some("leadsMassAction"));
    // The action may have been accepted, so it is not tried again.
    let error = failing(504, async |c| c.contacts().bulk(Selection::all()).mark_read().await).await;
    assert!(error.is_unknown_outcome(), "{error}");
}
