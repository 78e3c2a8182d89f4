use grinfi::models::{
    WebhookUpdate,
    enums::{HttpMethod, WebhookEvent, WebhookStatus},
};
use grinfi_sandbox::{Mode, Seed};

use super::{Tour, UNKNOWN_UUID};

in_both_modes!(team_keys_and_webhooks);

pub(super) const OPERATIONS: &[&str] = &[
    "getCurrentUser",
    "listTeams",
    "getTeam",
    "checkTeamLimits",
    "createApiKey",
    "listWebhooks",
    "createWebhook",
    "getWebhook",
    "updateWebhook",
    "deleteWebhook",
    "testWebhook",
];

const TARGET: &str = "http://127.0.0.1:9/hook?token=hush";

async fn team_keys_and_webhooks(mode: Mode) {
    let tour = Tour::in_mode(Seed::Demo, mode).await;
    assert!(tour.ok("getCurrentUser", async |c| c.users().current().await).await.email.is_some());
    tour.locked("getCurrentUser", async |c| c.users().current().await).await;
    let teams = tour.ok("listTeams", async |c| c.teams().list().page().await).await;
    assert_eq!((teams.total, teams.data[0].id), (Some(1), Some(134)));
    let credits = tour.ok("getTeam", async |c| c.teams().get(134).await).await.credits.unwrap();
    assert_eq!(credits.advanced_enrichment, Some(100));
    tour.client.contacts().enrich([Tour::demo_contact(0), Tour::demo_contact(1)]).await.unwrap();
    let credits = tour.client.teams().get(134).await.unwrap().credits.unwrap();
    assert_eq!(credits.advanced_enrichment, Some(98));
    tour.ok("checkTeamLimits", async |c| c.teams().check_limits(134, 10).await).await;
    let error = tour.fails("checkTeamLimits", 402, async |c| c.teams().check_limits(134, 11).await).await;
    assert!(error.is_out_of_credits());
    tour.fails("getTeam", 404, async |c| c.teams().get(1).await).await;
    tour.locked("listTeams", async |c| c.teams().list().page().await).await;
    let key = tour.ok("createApiKey", async |c| c.api_keys().create("weekly report").await).await;
    assert_eq!(key.token().unwrap().split('.').count(), 3);
    tour.locked("createApiKey", async |c| c.api_keys().create("x").await).await;

    let event = WebhookEvent::ContactRepliedLinkedinMessage;
    let create = async |c: &grinfi::Client| c.webhooks().create("Replies", event.clone(), TARGET).await;
    let hook = tour.ok("createWebhook", create).await.uuid;
    let pause = WebhookUpdate { status: Some(WebhookStatus::Off), ..Default::default() };
    tour.ok("updateWebhook", async |c| c.webhooks().update(&hook, &pause).await).await;
    let got = tour.ok("getWebhook", async |c| c.webhooks().get(&hook).await).await;
    assert_eq!(
        (got.status, got.target_url.as_ref().map(|target| target.expose())),
        (Some(WebhookStatus::Off), Some(TARGET))
    );
    assert_eq!(tour.ok("listWebhooks", async |c| c.webhooks().list().await).await.len(), 1);
    let test = async |c: &grinfi::Client, uuid: &str| {
        c.webhooks().test(uuid, event.clone(), HttpMethod::Post, TARGET).await
    };
    tour.ok("testWebhook", async |c| test(c, hook.as_str()).await).await;
    tour.fails("testWebhook", 404, async |c| test(c, UNKNOWN_UUID).await).await;
    tour.ok("deleteWebhook", async |c| c.webhooks().delete(&hook).await).await;
    tour.fails("getWebhook", 404, async |c| c.webhooks().get(&hook).await).await;
    tour.fails("updateWebhook", 404, async |c| c.webhooks().update(&hook, &pause).await).await;
    tour.fails("deleteWebhook", 404, async |c| c.webhooks().delete(&hook).await).await;
    let odd = WebhookEvent::Other("contact_yawned".into());
    let odd = async |c: &grinfi::Client| c.webhooks().create("Yawns", odd.clone(), TARGET).await;
    assert!(tour.fails("createWebhook", 422, odd).await.fields().contains_key("event"));
    tour.locked("listWebhooks", async |c| c.webhooks().list().await).await;
    tour.done(OPERATIONS);
}
