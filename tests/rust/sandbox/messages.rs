use grinfi::{
    filter::{Filter, linkedin_conversation, linkedin_message, sender_profile},
    models::{
        SenderProfileUpdate,
        enums::{LinkedinBrowserStatus, LinkedinMessageGroup, LinkedinMessageStatus, SenderProfileStatus},
    },
};
use grinfi_sandbox::{Mode, Seed};

use super::{Tour, UNKNOWN_UUID};

in_both_modes!(messages_and_conversations, sender_profiles, browser_seats);

pub(super) const OPERATIONS: &[&str] = &[
    "listLinkedinConversations",
    "listLinkedinMessages",
    "sendLinkedInMessage",
    "deleteLinkedinMessage",
    "retryLinkedinMessage",
    "groupCountLinkedinMessages",
    "listSenderProfiles",
    "createSenderProfile",
    "getSenderProfile",
    "updateSenderProfile",
    "deleteSenderProfile",
    "enableSenderProfile",
    "disableSenderProfile",
    "listLinkedInBrowsers",
    "getLinkedInBrowser",
    "updateLinkedInBrowser",
    "deleteLinkedInBrowser",
    "createLinkedInBrowser",
    "generateBrowserAccessKey",
    "runLinkedInBrowser",
    "stopLinkedInBrowser",
    "setLinkedInBrowserProxy",
    "shareLinkedInBrowser",
];

const MESSAGES: usize = 6;
const SENDERS: usize = 13;

async fn messages_and_conversations(mode: Mode) {
    let tour = Tour::in_mode(Seed::Demo, mode).await;
    let contact = Tour::demo_contact(0);
    let sender = tour.client.sender_profiles().list().page().await.unwrap().data[0].uuid.clone();
    let send = async |c: &grinfi::Client| c.linkedin_messages().send(&sender, &contact, "Hi").await;
    let sent = tour.ok("sendLinkedInMessage", send).await;
    tour.wait(2);
    let thread = linkedin_message::contact_uuid().eq(&contact);
    let listed = async |c: &grinfi::Client| c.linkedin_messages().list().filter(thread.clone()).page().await;
    let page = tour.ok("listLinkedinMessages", listed).await;
    assert_eq!(page.data[0].status, Some(LinkedinMessageStatus::Done));
    let theirs = linkedin_conversation::contact_uuid().eq(&contact);
    let conversations =
        async |c: &grinfi::Client| c.linkedin_conversations().list().filter(theirs.clone()).page().await;
    let conversation = &tour.ok("listLinkedinConversations", conversations).await.data[0];
    assert_eq!(
        (conversation.event_count, Some(&conversation.uuid)),
        (Some(1), sent.linkedin_conversation_uuid.as_ref())
    );
    assert!(conversation.last_activity_at.is_some());
    let by = async |c: &grinfi::Client| {
        c.linkedin_messages().group_counts(LinkedinMessageGroup::Status, Filter::all()).await
    };
    assert_eq!(tour.ok("groupCountLinkedinMessages", by).await["done"], 1);
    // A message that was sent is not sent again.
    tour.ok("retryLinkedinMessage", async |c| c.linkedin_messages().retry(&sent.uuid).await).await;
    tour.wait(2);
    assert_eq!(tour.sandbox.outbox().len(), 1);
    tour.ok("deleteLinkedinMessage", async |c| c.linkedin_messages().delete(&sent.uuid).await).await;
    tour.fails("deleteLinkedinMessage", 404, async |c| c.linkedin_messages().delete(&sent.uuid).await).await;
    tour.fails("retryLinkedinMessage", 404, async |c| c.linkedin_messages().retry(&sent.uuid).await).await;
    let lost = async |c: &grinfi::Client| c.linkedin_messages().send(&sender, UNKNOWN_UUID, "Hi").await;
    assert!(tour.fails("sendLinkedInMessage", 422, lost).await.fields().contains_key("contact_uuid"));
    tour.locked("listLinkedinMessages", listed).await;
    tour.locked("listLinkedinConversations", conversations).await;
    tour.locked("groupCountLinkedinMessages", by).await;
    tour.done(&OPERATIONS[..MESSAGES]);
}

async fn sender_profiles(mode: Mode) {
    let tour = Tour::in_mode(Seed::Demo, mode).await;
    let create =
        async |c: &grinfi::Client| c.sender_profiles().create("Kim", "Keen", 20).label("Sales").await;
    let kim = tour.ok("createSenderProfile", create).await.uuid;
    let changes = SenderProfileUpdate { label: Some("Support".into()), ..Default::default() };
    tour.ok("updateSenderProfile", async |c| c.sender_profiles().update(&kim, &changes).await).await;
    tour.ok("disableSenderProfile", async |c| c.sender_profiles().disable(&kim).await).await;
    let off = sender_profile::status().eq(SenderProfileStatus::Disabled);
    let page = tour
        .ok("listSenderProfiles", async |c| c.sender_profiles().list().filter(off.clone()).page().await)
        .await;
    assert_eq!((page.total, page.data[0].label.as_deref()), (Some(1), Some("Support")));
    tour.ok("enableSenderProfile", async |c| c.sender_profiles().enable(&kim).await).await;
    let got = tour.ok("getSenderProfile", async |c| c.sender_profiles().get(&kim).await).await;
    assert_eq!(got.status, Some(SenderProfileStatus::Enabled));
    tour.ok("deleteSenderProfile", async |c| c.sender_profiles().delete(&kim).await).await;
    tour.fails("getSenderProfile", 404, async |c| c.sender_profiles().get(&kim).await).await;
    tour.fails("updateSenderProfile", 404, async |c| c.sender_profiles().update(&kim, &changes).await).await;
    tour.fails("enableSenderProfile", 404, async |c| c.sender_profiles().enable(&kim).await).await;
    tour.fails("disableSenderProfile", 404, async |c| c.sender_profiles().disable(&kim).await).await;
    tour.fails("deleteSenderProfile", 404, async |c| c.sender_profiles().delete(&kim).await).await;
    tour.locked("createSenderProfile", create).await;
    tour.locked("listSenderProfiles", async |c| c.sender_profiles().list().page().await).await;
    tour.done(&OPERATIONS[MESSAGES..SENDERS]);
}

async fn browser_seats(mode: Mode) {
    let tour = Tour::in_mode(Seed::Demo, mode).await;
    let sender = tour.client.sender_profiles().list().page().await.unwrap().data[0].uuid.clone();
    let create = async |c: &grinfi::Client| c.linkedin_browsers().create(&sender, Some("DE")).await;
    let id = tour.ok("createLinkedInBrowser", create).await.id.unwrap();
    tour.wait(1);
    let second = tour.client.linkedin_browsers().create(&sender, None).await.unwrap().id;
    let page = tour.ok("listLinkedInBrowsers", async |c| c.linkedin_browsers().list().page().await).await;
    // Oldest first, unlike other listings.
    assert_eq!((page.data[0].id, page.data[1].id), (Some(id), second));
    tour.ok("runLinkedInBrowser", async |c| c.linkedin_browsers().run(id).await).await;
    let status = async || tour.client.linkedin_browsers().get(id).await.unwrap().status.unwrap();
    assert_eq!(status().await, LinkedinBrowserStatus::LoginIssue);
    let login = async |c: &grinfi::Client| c.linkedin_browsers().smart_login(id).await;
    let first = tour.ok("generateBrowserAccessKey", login).await;
    assert_ne!(
        first.external_access_key,
        tour.ok("generateBrowserAccessKey", login).await.external_access_key
    );
    tour.ok("runLinkedInBrowser", async |c| c.linkedin_browsers().run(id).await).await;
    assert_eq!(status().await, LinkedinBrowserStatus::Running);
    tour.ok("stopLinkedInBrowser", async |c| c.linkedin_browsers().stop(id).await).await;
    assert_eq!(status().await, LinkedinBrowserStatus::Stopped);
    tour.ok("setLinkedInBrowserProxy", async |c| c.linkedin_browsers().set_proxy(id, "FR").await).await;
    tour.ok("shareLinkedInBrowser", async |c| c.linkedin_browsers().share(id, ["ann@example.com"]).await)
        .await;
    tour.ok("updateLinkedInBrowser", async |c| c.linkedin_browsers().update(id).await).await;
    let got = tour.ok("getLinkedInBrowser", async |c| c.linkedin_browsers().get(id).await).await;
    assert_eq!(got.proxy_country_code.as_deref(), Some("FR"));
    assert_eq!(got.shared_emails.unwrap().concat(), "ann@example.com");
    tour.ok("deleteLinkedInBrowser", async |c| c.linkedin_browsers().delete(id).await).await;
    tour.fails("getLinkedInBrowser", 404, async |c| c.linkedin_browsers().get(id).await).await;
    tour.fails("updateLinkedInBrowser", 404, async |c| c.linkedin_browsers().update(id).await).await;
    tour.fails("deleteLinkedInBrowser", 404, async |c| c.linkedin_browsers().delete(id).await).await;
    tour.fails("generateBrowserAccessKey", 404, login).await;
    tour.fails("runLinkedInBrowser", 404, async |c| c.linkedin_browsers().run(id).await).await;
    tour.fails("stopLinkedInBrowser", 404, async |c| c.linkedin_browsers().stop(id).await).await;
    tour.fails("setLinkedInBrowserProxy", 404, async |c| c.linkedin_browsers().set_proxy(id, "FR").await)
        .await;
    tour.fails("shareLinkedInBrowser", 404, async |c| {
        c.linkedin_browsers().share(id, ["a@example.com"]).await
    })
    .await;
    let lost = async |c: &grinfi::Client| c.linkedin_browsers().create(UNKNOWN_UUID, None).await;
    assert!(
        tour.fails("createLinkedInBrowser", 422, lost).await.fields().contains_key("sender_profile_uuid")
    );
    tour.locked("listLinkedInBrowsers", async |c| c.linkedin_browsers().list().page().await).await;
    tour.done(&OPERATIONS[SENDERS..]);
}
