//! Responses that were observed and that the description does not mention, decoded by resource methods.

use grinfi::{
    Error, ErrorKind,
    filter::Filter,
    models::{
        CompanyLookup,
        enums::{LinkedinMessageAutomation, TaskGroup, WebhookEvent},
    },
};
use serde_json::{Value, json};

use crate::support::{
    client,
    fault_server::{FaultServer, Response},
};

/// Returns the result of a call whose response has this body.
async fn with_response<T>(
    body: impl Into<Value>,
    call: impl AsyncFnOnce(grinfi::Client) -> Result<T, Error>,
) -> T {
    let body: Value = body.into();
    let server = FaultServer::start([Response::json(200, &body.to_string())]).await;
    call(client(&server.base_url)).await.unwrap_or_else(|error| panic!("{error}: {body}"))
}

#[tokio::test]
async fn decodes_single_contact_in_every_wrapper() {
    let record = json!({"uuid": "c-1", "name": "Jane Roe", "created_at": "2026-02-03 15:55:04.000000Z"});
    for body in [
        record.clone(),
        json!({"lead": record}),
        json!({"data": record}),
        json!({"data": {"lead": record}}),
        json!({"lead": record, "markers": [], "flows": [], "custom_fields": []}),
    ] {
        let one = with_response(body.clone(), async |c| c.contacts().get("c-1").await).await;
        let by = grinfi::contacts::Lookup::linkedin("jane-roe-example");
        let other = with_response(body.clone(), async |c| c.contacts().lookup(by).await).await.unwrap();
        for contact in [one, other] {
            assert_eq!((contact.uuid.as_str(), contact.name.as_deref()), ("c-1", Some("Jane Roe")), "{body}");
            assert_eq!(contact.created_at.unwrap().to_rfc3339(), "2026-02-03T15:55:04+00:00", "{body}");
        }
    }
}

#[tokio::test]
async fn unwraps_rows_of_a_search_and_keeps_extra_fields() {
    for (markers, fields) in [(json!([]), json!([])), (json!({"seen": true}), json!({"size": "51-200"}))] {
        let row = json!({"lead": {"uuid": "c-1"}, "markers": markers, "flows": [{"uuid": "f-1"}], "custom_fields": fields});
        let body = json!({"data": [row, {"uuid": "c-2"}], "limit": "2", "total": "2"});
        let page = with_response(body, async |c| c.contacts().search().page().await).await;
        assert_eq!((page.total, page.has_more), (Some(2), None));
        let [wrapped, flat] = &page.data[..] else { panic!("{page:?}") };
        assert_eq!((wrapped.markers.as_ref(), flat.markers.as_ref()), (Some(&markers), None));
        assert_eq!(wrapped.automations, Some(json!([{"uuid": "f-1"}])));
        let size = wrapped.custom_fields.as_ref().unwrap().get("size");
        assert_eq!(size, fields.get("size"));
        assert_eq!((flat.uuid.as_str(), &flat.custom_fields), ("c-2", &None));
    }
}

#[tokio::test]
async fn decodes_companies_flat_and_wrapped() {
    let rows =
        json!({"data": [{"uuid": "o-1", "ln_id": 324_274}, {"company": {"uuid": "o-2", "ln_id": "5"}}]});
    let shown = |companies: Vec<grinfi::models::Company>| -> Vec<String> {
        companies.iter().map(|one| format!("{} {}", one.uuid, one.ln_id.as_deref().unwrap())).collect()
    };
    let found = with_response(rows.clone(), async |c| c.companies().search().page().await).await;
    assert_eq!(shown(found.data), ["o-1 324274", "o-2 5"]);
    let listed = with_response(rows.clone(), async |c| c.companies().list().page().await).await;
    assert_eq!(shown(listed.data), ["o-1 324274", "o-2 5"]);
    let by = CompanyLookup { ln_id: Some("5".into()), ..Default::default() };
    let looked_up =
        with_response(json!([{"uuid": "o-1", "ln_id": 5}]), async |c| c.companies().lookup(vec![by]).await);
    assert_eq!(shown(looked_up.await), ["o-1 5"]);
}

#[tokio::test]
async fn decodes_webhooks_flat_and_wrapped_with_unknown_events() {
    let record = json!({"uuid": "w-1", "event": "contact_won_the_lottery"});
    for body in [record.clone(), json!({"data": record})] {
        let event: WebhookEvent = "contact_won_the_lottery".parse().unwrap();
        let target = "https://example.com/hook";
        let webhook =
            with_response(body, async |c| c.webhooks().create("x", event.clone(), target).await).await;
        assert_eq!(webhook.event, Some(event));
        // Serializes as it was received.
        assert_eq!(serde_json::to_value(&webhook).unwrap()["event"], "contact_won_the_lottery");
    }
}

#[tokio::test]
async fn keeps_unknown_values_of_enumerations() {
    let rows = ["connect", "amo_synced", "telepathy"]
        .map(|automation| json!({"uuid": "m", "automation": automation}));
    let body = json!({"data": rows, "has_more": false});
    let page = with_response(body, async |c| c.linkedin_messages().list().page().await).await;
    let automations: Vec<&str> = page
        .data
        .iter()
        .map(|row| row.automation.as_ref().map_or("", LinkedinMessageAutomation::as_str))
        .collect();
    assert_eq!(automations, ["connect", "amo_synced", "telepathy"]);
    for (row, sent) in page.data.iter().zip(&rows) {
        assert_eq!(serde_json::to_value(row).unwrap(), *sent);
    }
}

#[tokio::test]
async fn decodes_every_envelope_as_a_page() {
    let sources =
        with_response(json!([{"uuid": "s-1"}]), async |c| c.data_sources().list().page().await).await;
    assert_eq!((sources.data.len(), sources.total, sources.has_more), (1, None, None));
    let versions =
        with_response(json!([{"uuid": "v-1"}]), async |c| c.automation_versions().list("f-1").await).await;
    assert_eq!(versions.len(), 1);
    let nested = json!({"data": [{"uuid": "e-1", "lead_uuid": null, "sent_at": null}], "pagination": {"has_more": true}});
    let emails = with_response(nested, async |c| c.emails().list().page().await).await;
    assert_eq!((emails.has_more, &emails.data[0].contact_uuid), (Some(true), &None));
    let tasks = json!({"data": [{"uuid": "t-1", "schedule_at": null, "type": "brand_new"}], "total": 1});
    let tasks = with_response(tasks, async |c| c.tasks().list().page().await).await;
    assert_eq!((tasks.total, tasks.data[0].type_.as_deref()), (Some(1), Some("brand_new")));
    let bare = json!([{"uuid": "t-1"}]);
    assert_eq!(with_response(bare, async |c| c.tags().list().await).await.len(), 1);
}

#[tokio::test]
async fn decodes_inconsistent_booleans_and_numbers() {
    let automation = json!({"uuid": "f-1", "is_public": 0, "use_sender_schedule": "1"});
    let automation = with_response(automation, async |c| c.automations().get("f-1").await).await;
    assert_eq!((automation.is_public, automation.use_sender_schedule), (Some(false), Some(true)));
    let file =
        with_response(json!({"uuid": "a-1", "team_id": "134"}), async |c| c.attachments().get("a-1").await)
            .await;
    assert_eq!(file.team_id, Some(134));
}

#[tokio::test]
async fn decodes_empty_lists_as_empty_maps_everywhere() {
    let counts =
        with_response(json!([]), async |c| c.tasks().group_counts(TaskGroup::Status, Filter::all()).await)
            .await;
    assert!(counts.is_empty());
    let counts = with_response(json!({"closed": "7"}), async |c| {
        c.tasks().group_counts(TaskGroup::Status, Filter::all()).await
    });
    assert_eq!(counts.await["closed"], 7);
    assert!(with_response(json!([]), async |c| c.automations().metrics(["f-1"]).await).await.is_empty());
    assert!(with_response(json!([]), async |c| c.companies().contacts(["o-1"]).await).await.is_empty());
    assert!(with_response(json!([]), async |c| c.data_sources().metrics(["s-1"]).await).await.is_empty());
    let sources = with_response(json!({"3": [], "4": {"new": 1}}), async |c| {
        c.automations().contact_source_statistics("f-1", [3, 4]).await
    })
    .await;
    assert!(sources[&3].is_empty() && sources[&4]["new"] == 1);

    let empty = json!({"1": {"node_statuses": [], "node_conversions": [], "node_branches": []}, "2": {}});
    let nodes = with_response(empty, async |c| c.automations().node_statistics("f-1", [1, 2]).await).await;
    assert_eq!((&nodes[&1], &nodes[&2]), (&Default::default(), &Default::default()));
    let counted = json!({"1": {"node_statuses": {"closed": "7"}, "node_conversions": {"replied": 2}, "node_branches": null}});
    let nodes = with_response(counted, async |c| c.automations().node_statistics("f-1", [1]).await).await;
    assert_eq!((nodes[&1].statuses["closed"], nodes[&1].conversions["replied"]), (7, 2));

    let mailbox = with_response(json!({"uuid": "b-1", "connection_settings": []}), async |c| {
        c.mailboxes().get("b-1").await
    });
    assert_eq!(mailbox.await.connection_settings, Some(serde_json::Map::new()));
}

#[tokio::test]
async fn decode_error_has_path_and_record() {
    let body = r#"{"lead": {"uuid": "c-1", "created_at": "soon"}}"#;
    let server = FaultServer::start([Response::json(200, body)]).await;
    let error = client(&server.base_url).contacts().get("c-1").await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Decode, Some("getLead")));
    assert_eq!(error.json_path(), Some("$.lead.created_at"));
    assert_eq!(error.record(), Some(body.as_bytes()));
    let counts = Response::json(200, r#"{"closed": 7, "failed": {}}"#);
    let server = FaultServer::start([counts]).await;
    let error =
        client(&server.base_url).tasks().group_counts(TaskGroup::Status, Filter::all()).await.unwrap_err();
    assert_eq!(error.json_path(), Some("$.failed"));
    // Invalid JSON has no path, and an empty response has an error kind of its own.
    let server = FaultServer::start([Response::html(200)]).await;
    let error = client(&server.base_url).contacts().get("c-1").await.unwrap_err();
    assert_eq!((error.kind(), error.json_path(), error.record()), (ErrorKind::Decode, None, None));
    let server = FaultServer::start([Response::json(200, "")]).await;
    let error = client(&server.base_url).contacts().get("c-1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::EmptyResponse);
}
