use grinfi::{
    emails::Address,
    filter::{email, email_body, mailbox, mailbox_error},
    models::{MailboxUpdate, enums::LinkedinMessageType},
};
use grinfi_sandbox::{Channel, Mode, Seed};

use super::{Tour, UNKNOWN_UUID};

in_both_modes!(emails_and_mailboxes);

pub(super) const OPERATIONS: &[&str] = &[
    "listEmails",
    "getEmail",
    "deleteEmail",
    "sendEmail",
    "listMailboxes",
    "createMailbox",
    "getMailbox",
    "updateMailbox",
    "deleteMailbox",
    "activateMailbox",
    "deactivateMailbox",
    "listEmailBodies",
    "getEmailBody",
    "getEmailThread",
    "getLatestEmailsByLeads",
    "getEmailLLMThread",
    "listMailboxErrors",
];

async fn emails_and_mailboxes(mode: Mode) {
    let tour = Tour::in_mode(Seed::Demo, mode).await;
    let sender = tour.client.sender_profiles().create("Kim", "Keen", 20).await.unwrap().uuid;
    let contact = Tour::demo_contact(0);
    let send = async |c: &grinfi::Client| {
        let from = Address::new("Kim Keen", "kim@example.com");
        let to = Address::new("Ada Almond", "ada@example.com");
        c.emails()
            .send(&sender, &contact, from, to, "The fair")
            .body("<p>Shall we meet?</p>")
            .cc("bo@example.com")
            .await
    };
    // Without a mailbox, nothing can be sent.
    assert!(tour.fails("sendEmail", 422, send).await.fields().contains_key("sender_profile_uuid"));
    let create = async |c: &grinfi::Client| c.mailboxes().create("kim@example.com", "Kim", &sender).await;
    let box_ = tour.ok("createMailbox", create).await.uuid;
    let profile = tour.client.sender_profiles().get(&sender).await.unwrap();
    assert_eq!(profile.mailbox_uuid.as_ref(), Some(&box_));
    let changes = MailboxUpdate { automation_daily_limit: Some(20), ..Default::default() };
    tour.ok("updateMailbox", async |c| c.mailboxes().update(&box_, &changes).await).await;
    let got = tour.ok("getMailbox", async |c| c.mailboxes().get(&box_).await).await;
    assert_eq!((got.automation_daily_limit, got.status.as_deref()), (Some(20), Some("active")));
    tour.ok("deactivateMailbox", async |c| c.mailboxes().deactivate(&box_).await).await;
    tour.fails("sendEmail", 422, send).await;
    tour.ok("activateMailbox", async |c| c.mailboxes().activate(&box_).await).await;
    let kims = mailbox::q().eq("KIM@");
    let page =
        tour.ok("listMailboxes", async |c| c.mailboxes().list().filter(kims.clone()).page().await).await;
    assert_eq!(page.total, Some(1));

    let sent = tour.ok("sendEmail", send).await;
    let (sent, body) = (sent.email_domain.unwrap(), sent.email_body_domain.unwrap());
    let outbox = tour.sandbox.outbox();
    assert_eq!(
        (outbox.len(), outbox[0].channel, outbox[0].uuid.as_str()),
        (1, Channel::Email, sent.uuid.as_str())
    );
    assert_eq!(
        (outbox[0].sender_email.as_deref(), outbox[0].recipient_email.as_deref(), outbox[0].cc.as_slice()),
        (Some("kim@example.com"), Some("ada@example.com"), &["bo@example.com".to_owned()][..])
    );
    assert_eq!(
        (outbox[0].subject.as_deref(), outbox[0].text.as_str()),
        (Some("The fair"), "<p>Shall we meet?</p>")
    );
    let out = email::type_().eq(LinkedinMessageType::Outbox) & email::contact_uuid().eq(&contact);
    let page = tour.ok("listEmails", async |c| c.emails().list().filter(out.clone()).page().await).await;
    assert_eq!((page.total, page.data[0].status.as_deref()), (Some(1), Some("sent")));
    tour.ok("getEmail", async |c| c.emails().get(&sent.uuid).await).await;
    let text = tour
        .ok("getEmailBody", async |c| c.email_bodies().get(sent.email_body_uuid.as_ref().unwrap()).await)
        .await;
    assert_eq!((text.uuid, text.body.as_deref()), (body.uuid, Some("<p>Shall we meet?</p>")));
    let search = email_body::search().eq("shall we");
    let found = tour
        .ok("listEmailBodies", async |c| c.email_bodies().list().filter(search.clone()).page().await)
        .await;
    assert_eq!(found.data.len(), 1);
    let nothing = email_body::search().eq("never written");
    assert!(tour.client.email_bodies().list().filter(nothing).page().await.unwrap().data.is_empty());
    tour.client.emails().list().page().await.unwrap();
    let thread = tour.ok("getEmailThread", async |c| c.emails().thread(&sent.uuid).await).await.unwrap();
    assert_eq!(thread["data"][0]["email_body"]["subject"], "The fair");
    let latest =
        tour.ok("getLatestEmailsByLeads", async |c| c.emails().latest_of_contacts([&contact]).await).await;
    assert_eq!(latest.unwrap()[contact.as_str()]["uuid"], sent.uuid.as_str());
    let words = async |c: &grinfi::Client| c.emails().llm_thread(&sender, &contact, "Ada").limit(3).await;
    let words = tour.ok("getEmailLLMThread", words).await.unwrap();
    assert!(words["thread"].as_str().unwrap().contains("Shall we meet?"), "{words}");
    let login = mailbox_error::search().eq("login");
    let errors = async |c: &grinfi::Client| c.mailbox_errors().list().filter(login.clone()).page().await;
    assert!(tour.ok("listMailboxErrors", errors).await.data.is_empty());

    tour.ok("deleteEmail", async |c| c.emails().delete(&sent.uuid).await).await;
    assert_eq!(tour.sandbox.outbox().len(), 1);
    tour.fails("getEmail", 404, async |c| c.emails().get(&sent.uuid).await).await;
    tour.fails("deleteEmail", 404, async |c| c.emails().delete(&sent.uuid).await).await;
    tour.fails("getEmailThread", 404, async |c| c.emails().thread(&sent.uuid).await).await;
    tour.fails("getEmailBody", 404, async |c| c.email_bodies().get(UNKNOWN_UUID).await).await;
    // With or without a replacement.
    let mut others = tour.client.mailboxes().list().page().await.unwrap().data;
    others.retain(|other| other.uuid != box_);
    let heir = others.pop().unwrap().uuid;
    let unknown = async |c: &grinfi::Client| c.mailboxes().delete_and_reassign(&box_, UNKNOWN_UUID).await;
    let error = tour.fails("deleteMailbox", 422, unknown).await;
    assert!(error.fields().contains_key("automation_mailbox_to_reassign"), "{error}");
    tour.ok("deleteMailbox", async |c| c.mailboxes().delete_and_reassign(&box_, &heir).await).await;
    assert_eq!(tour.client.sender_profiles().get(&sender).await.unwrap().mailbox_uuid, Some(heir));
    tour.fails("getMailbox", 404, async |c| c.mailboxes().get(&box_).await).await;
    tour.fails("updateMailbox", 404, async |c| c.mailboxes().update(&box_, &changes).await).await;
    tour.fails("activateMailbox", 404, async |c| c.mailboxes().activate(&box_).await).await;
    tour.fails("deactivateMailbox", 404, async |c| c.mailboxes().deactivate(&box_).await).await;
    let lost = async |c: &grinfi::Client| c.mailboxes().create("x@example.com", "X", UNKNOWN_UUID).await;
    assert!(tour.fails("createMailbox", 422, lost).await.fields().contains_key("sender_profile_uuid"));
    tour.locked("listMailboxes", async |c| c.mailboxes().list().page().await).await;
    tour.locked("listEmails", async |c| c.emails().list().page().await).await;
    tour.locked("listEmailBodies", async |c| c.email_bodies().list().page().await).await;
    tour.locked("getLatestEmailsByLeads", async |c| c.emails().latest_of_contacts([UNKNOWN_UUID]).await)
        .await;
    tour.locked("getEmailLLMThread", async |c| c.emails().llm_thread(UNKNOWN_UUID, UNKNOWN_UUID, "x").await)
        .await;
    tour.locked("listMailboxErrors", async |c| c.mailbox_errors().list().page().await).await;
    tour.done(OPERATIONS);
}
