//! Values that the API would ignore or reject with a 500 are rejected before anything is sent.

use grinfi::{
    Client, Error, Result,
    filter::Filter,
    models::TagUpdate,
    models::enums::{ContactMetric, LinkedinMessageGroup, TagMetric, TaskGroup},
    selection::Selection,
};

use crate::support::{client, fault_server::FaultServer};

const TAG: &str = "00000006-0000-4000-8000-000000000001";

/// Returns the error of a call that must send nothing.
async fn refused<T>(call: impl AsyncFnOnce(Client) -> Result<T>) -> Error {
    let server = FaultServer::start([]).await;
    let error = call(client(&server.base_url)).await.err().expect("it is refused");
    assert!(server.arrived().is_empty() && error.is_invalid_input(), "{error}");
    error
}

#[tokio::test]
async fn rejects_misspelled_values_with_suggestion() {
    let day = |day: u32| {
        chrono::NaiveDate::from_ymd_opt(2026, 2, day).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc()
    };
    let by = |group: &str| TaskGroup::from(group);
    let group = refused(async |c| c.tasks().group_counts(by("sender_profile"), Filter::all()).await).await;
    assert_eq!(group.field(), Some("group_by"));
    assert!(group.to_string().contains("did you mean `sender_profile_uuid`?"), "{group}");
    let group = LinkedinMessageGroup::from("statuss");
    let group = refused(async |c| c.linkedin_messages().group_counts(group, Filter::all()).await).await;
    assert!(group.to_string().contains("did you mean `status`?"), "{group}");
    let metric = || ContactMetric::from("linkedin_sent_counts");
    let metric = refused(async |c| c.contacts().metrics(day(1), day(2), [metric()]).await).await;
    assert_eq!(metric.field(), Some("metrics[0]"));
    assert!(metric.to_string().contains("did you mean `linkedin_sent_count`?"), "{metric}");
    let metric = refused(async |c| c.tags().metrics([TAG], [TagMetric::from("leads")]).await).await;
    assert!(metric.to_string().contains("`leads_count`"), "{metric}");
}

#[tokio::test]
async fn rejects_unknown_object_types() {
    let contact = refused(async |c| c.pipeline_stages().list("contact".into()).await).await;
    assert!(contact.to_string().contains("must be `lead` for contacts"), "{contact}");
    let contact = refused(async |c| c.custom_fields().create("contact".into(), "persona").await).await;
    assert_eq!(contact.field(), Some("object"));
    let other = refused(async |c| c.pipeline_stages().list("compny".into()).await).await;
    assert!(other.to_string().contains("did you mean `company`?"), "{other}");
}

#[tokio::test]
async fn rejects_tag_names_as_ids() {
    let some = || Selection::ids(["c-1"]);
    let named = TagUpdate { name: Some("Cold".into()), ..Default::default() };
    for error in [
        refused(async |c| c.contacts().bulk(some()).add_tag("Hot").await).await,
        refused(async |c| c.contacts().bulk(some()).remove_tag("hot-lead").await).await,
        refused(async |c| c.contacts().bulk(some()).replace_tags([TAG, "hot"]).await).await,
        refused(async |c| c.companies().bulk(Selection::ids(["o-1"])).add_tag("hot").await).await,
        refused(async |c| c.tags().update("hot", &named).await).await,
        refused(async |c| c.tags().delete("hot").await).await,
        refused(async |c| c.tags().metrics(["hot"], [TagMetric::ContactsCount]).await).await,
    ] {
        assert!(error.to_string().contains("must be the UUID of a tag"), "{error}");
    }
}
