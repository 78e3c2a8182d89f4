use grinfi::{
    emails::Address,
    filter::{email, email_body, mailbox, mailbox_error},
    models::{ConnectionSettings, MailboxUpdate, enums::LinkedinMessageType},
};
use serde_json::json;

use crate::support::{
    client,
    conversation::{Conversation, failing, refused},
    description::UUID,
    fault_server::{FaultServer, Response},
};

fn robin() -> Address {
    Address::new("Robin Doe", "robin@example.com")
}

fn jane() -> Address {
    Address::new("Jane Roe", "jane@example.com")
}

#[tokio::test]
async fn emails() {
    let mut talk = Conversation::default();
    let received = email::type_().eq(LinkedinMessageType::Inbox) & email::from_email().eq("jane@example.com");
    let page =
        talk.call("listEmails", async |c| c.emails().list().filter(received.clone()).page().await).await;
    assert_eq!(page.data[0].uuid, UUID);
    // The response of a mailbox may contain a nested envelope.
    let nested = r#"{"data": [{"uuid": "e-1", "lead_uuid": null}], "pagination": {"has_more": false}}"#;
    let rows = talk
        .answered("listEmails", Response::json(200, nested), async |c| {
            c.emails().list().stream().collect().await
        })
        .await;
    assert_eq!((rows.len(), &rows[0].contact_uuid), (1, &None));
    talk.call("getEmail", async |c| c.emails().get("e-1").await).await;
    talk.call("deleteEmail", async |c| c.emails().delete("e-1").await).await;
    let sent = talk
        .call("sendEmail", async |c| {
            let send =
                c.emails().send("s-1", "c-1", robin(), jane(), "The fair").body("<p>Shall we meet?</p>");
            send.cc("ann@example.com").bcc("bob@example.com").attachment("a-1").await
        })
        .await;
    assert_eq!(sent.email_domain.unwrap().uuid, UUID);
    let thread = talk
        .answered("getEmailThread", Response::json(200, r#"[{"uuid": "e-1"}]"#), async |c| {
            c.emails().thread("e-1").await
        })
        .await;
    assert_eq!(thread, Some(json!([{"uuid": "e-1"}])));
    let latest = talk
        .call("getLatestEmailsByLeads", async |c| c.emails().latest_of_contacts(["c-1", "c-2"]).await)
        .await;
    assert_eq!(latest, None);
    talk.call("getEmailLLMThread", async |c| {
        let thread = c.emails().llm_thread("s-1", "c-1", "Jane Roe").limit(10).sent_within_days(30);
        thread.await
    })
    .await;
    talk.call("listEmailBodies", async |c| {
        c.email_bodies().list().filter(email_body::search().eq("invoice")).page().await
    })
    .await;
    talk.call("getEmailBody", async |c| c.email_bodies().get("b-1").await).await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn mailboxes() {
    let mut talk = Conversation::default();
    let page = talk
        .call("listMailboxes", async |c| {
            c.mailboxes().list().filter(mailbox::q().eq("example.com")).page().await
        })
        .await;
    assert_eq!(page.data[0].uuid, UUID);
    talk.call("getMailbox", async |c| c.mailboxes().get("m-1").await).await;
    talk.call("createMailbox", async |c| {
        let settings = ConnectionSettings {
            smtp_host: Some("smtp.example.com".into()),
            smtp_port: Some(465),
            smtp_password: Some("hush".into()),
            ..Default::default()
        };
        let create = c.mailboxes().create("robin@example.com", "Robin", "s-1").provider("smtp");
        let create = create.connection_settings(settings).daily_limit(50).task_interval(120);
        assert!(!format!("{create:?}").contains("hush"));
        create.await
    })
    .await;
    let changes = MailboxUpdate { automation_daily_limit: Some(20), ..Default::default() };
    talk.call("updateMailbox", async |c| c.mailboxes().update("m-1", &changes).await).await;
    talk.call("deleteMailbox", async |c| c.mailboxes().delete("m-1").await).await;
    talk.call("deleteMailbox", async |c| c.mailboxes().delete_and_reassign("m-1", "m-2").await).await;
    talk.call("activateMailbox", async |c| c.mailboxes().activate("m-1").await).await;
    talk.call("deactivateMailbox", async |c| c.mailboxes().deactivate("m-1").await).await;
    talk.call("listMailboxErrors", async |c| {
        let login = mailbox_error::search().eq("login");
        c.mailbox_errors().list().filter(login).limit(5).page().await
    })
    .await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject_or_ignore() {
    let none: [&str; 0] = [];
    let nowhere = Address::new("Jane Roe", "jane.example.com");
    assert_eq!(refused(async |c| c.emails().send("s", "c", robin(), nowhere, "x").await).await, "to.email");
    let nobody = Address::new("", "robin@example.com");
    assert_eq!(refused(async |c| c.emails().send("s", "c", nobody, jane(), "x").await).await, "from.name");
    assert_eq!(refused(async |c| c.emails().send("s", "c", robin(), jane(), " ").await).await, "subject");
    assert_eq!(refused(async |c| c.emails().send("s", "c", robin(), jane(), "x").cc("a@").await).await, "cc");
    assert_eq!(
        refused(async |c| c.emails().send("", "c", robin(), jane(), "x").await).await,
        "sender_profile_uuid"
    );
    assert_eq!(refused(async |c| c.emails().latest_of_contacts(none).await).await, "contact_uuids");
    assert_eq!(refused(async |c| c.emails().llm_thread("s", "c", "").await).await, "contact_name");
    assert_eq!(refused(async |c| c.emails().llm_thread("s", "c", "x").limit(0).await).await, "limit");
    let words = email_body::search().in_(["a", "b"]);
    assert_eq!(refused(async |c| c.email_bodies().list().filter(words).page().await).await, "search");
    assert_eq!(refused(async |c| c.mailboxes().create("robin", "R", "s").await).await, "email");
    let port = ConnectionSettings { imap_port: Some(70_000), ..Default::default() };
    let create = async |c: grinfi::Client| {
        c.mailboxes().create("r@example.com", "R", "s").connection_settings(port).await
    };
    assert_eq!(refused(create).await, "connection_settings.imap_port");
    assert_eq!(
        refused(async |c| c.mailboxes().update("m", &MailboxUpdate::default()).await).await,
        "changes"
    );
    assert_eq!(refused(async |c| c.mailboxes().delete_and_reassign("m", "m").await).await, "to");
}

#[tokio::test]
async fn does_not_retry_email_after_lost_response() {
    for answer in [Response::html(502), Response::Hangup] {
        let server = FaultServer::start([answer]).await;
        let error = client(&server.base_url).emails().send("s", "c", robin(), jane(), "x").await.unwrap_err();
        assert!(error.is_unknown_outcome(), "{error}");
        assert_eq!(server.arrived().len(), 1);
    }
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(404, async |c| c.emails().get("e-1").await).await.is_not_found());
    assert!(failing(404, async |c| c.email_bodies().get("b-1").await).await.is_not_found());
    assert!(failing(404, async |c| c.mailboxes().get("m-1").await).await.is_not_found());
    assert!(failing(422, async |c| c.mailbox_errors().list().page().await).await.is_validation());
}
