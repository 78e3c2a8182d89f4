//! Mailboxes.

use std::{fmt, future::IntoFuture};

use grinfi_raw::{
    ids::{MailboxId, SenderProfileId},
    options,
    types::{CreateMailboxBody, DeleteMailboxBody},
};

use crate::{
    client::Client,
    error::{Error, Result},
    models::{ConnectionSettings, Mailbox, MailboxUpdate},
    page::{BoxFuture, Page},
    resources::{
        macros::{handle, setters},
        validate,
    },
    search::{Listed, Query, Search},
};

handle! {
    /// Mailboxes: the email accounts that sender profiles write from.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// use grinfi::filter::mailbox;
    ///
    /// let found = client.mailboxes().list().filter(mailbox::q().eq("example.com")).stream().collect().await?;
    /// for mailbox in found {
    ///     println!("{:?} {:?}", mailbox.email, mailbox.status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    Mailboxes
}

impl Client {
    /// Mailboxes: the email accounts that sender profiles write from.
    #[must_use]
    pub fn mailboxes(&self) -> Mailboxes {
        Mailboxes::new(self.clone())
    }
}

impl Mailboxes {
    /// Lists the mailboxes (`listMailboxes`).
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a mailbox (`getMailbox`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn get(&self, uuid: impl Into<MailboxId>) -> Result<Mailbox> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_mailbox(uuid.as_str())).await
    }

    /// Connects an email account to a sender profile (`createMailbox`). Its servers and passwords go into
    /// [`connection_settings`](CreateMailbox::connection_settings).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for an address that cannot be one, a blank name, or a number that makes no sense;
    /// [`Error::is_unknown_outcome`] if the answer was lost.
    pub fn create(
        &self,
        email: impl Into<String>,
        sender_name: impl Into<String>,
        sender_profile_uuid: impl Into<SenderProfileId>,
    ) -> CreateMailbox {
        CreateMailbox {
            client: self.client.clone(),
            body: CreateMailboxBody::new(email, sender_name, sender_profile_uuid),
        }
    }

    /// Changes the sender name, the limits, the tracking domain or the servers of a mailbox (`updateMailbox`). What is `None` stays.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] if nothing would change;
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn update(&self, uuid: impl Into<MailboxId>, changes: &MailboxUpdate) -> Result<Mailbox> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        validate::changes(changes)?;
        validate::optional_text("sender_name", changes.sender_name.as_deref())?;
        check_limits(changes.automation_daily_limit, changes.automation_task_interval)?;
        self.client.call(self.client.raw().update_mailbox(uuid.as_str(), changes)).await
    }

    /// Deletes a mailbox (`deleteMailbox`), whose work for automations passes to no other.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn delete(&self, uuid: impl Into<MailboxId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        let body = DeleteMailboxBody::new(false);
        self.client.call(self.client.raw().delete_mailbox(uuid.as_str(), &body)).await
    }

    /// Deletes a mailbox (`deleteMailbox`), whose work for automations passes to another.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] if both are the same; [`Error::is_not_found`] if there is none with this id.
    pub async fn delete_and_reassign(
        &self,
        uuid: impl Into<MailboxId>,
        to: impl Into<MailboxId>,
    ) -> Result<()> {
        let (uuid, to) = (uuid.into(), to.into());
        validate::id("uuid", &uuid)?;
        validate::id("to", &to)?;
        if uuid == to {
            return Err(Error::input("to", "it is the mailbox that is deleted"));
        }
        let mut body = DeleteMailboxBody::new(true);
        body.automation_mailbox_to_reassign = Some(to.into());
        self.client.call(self.client.raw().delete_mailbox(uuid.as_str(), &body)).await
    }

    /// Lets a mailbox send (`activateMailbox`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn activate(&self, uuid: impl Into<MailboxId>) -> Result<Mailbox> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().activate_mailbox(uuid.as_str())).await
    }

    /// Stops a mailbox from sending (`deactivateMailbox`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn deactivate(&self, uuid: impl Into<MailboxId>) -> Result<Mailbox> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().deactivate_mailbox(uuid.as_str())).await
    }
}

fn check_limits(daily: Option<i64>, interval: Option<i64>) -> Result<()> {
    for (field, value) in [("automation_daily_limit", daily), ("automation_task_interval", interval)] {
        if value.is_some_and(|value| value < 0) {
            return Err(Error::input(field, "it is less than 0"));
        }
    }
    Ok(())
}

/// A mailbox about to be created, by awaiting it.
#[derive(Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateMailbox {
    client: Client,
    body: CreateMailboxBody,
}

impl CreateMailbox {
    setters! {
        /// Names the email provider.
        provider(String) => provider;
        /// Sets servers and credentials for sending (SMTP) and reading (IMAP).
        connection_settings(ConnectionSettings) => connection_settings;
        /// How many emails automations may send from it in a day.
        daily_limit(i64) => automation_daily_limit;
        /// The time between two emails of automations. The unit is not documented.
        task_interval(i64) => automation_task_interval;
    }
}

impl IntoFuture for CreateMailbox {
    type Output = Result<Mailbox>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::email("email", &self.body.email)?;
            validate::text("sender_name", &self.body.sender_name)?;
            validate::id("sender_profile_uuid", &self.body.sender_profile_uuid)?;
            check_limits(self.body.automation_daily_limit, self.body.automation_task_interval)?;
            if let Some(settings) = &self.body.connection_settings {
                for (field, port) in [("smtp_port", settings.smtp_port), ("imap_port", settings.imap_port)] {
                    if port.is_some_and(|port| !(1..=65_535).contains(&port)) {
                        return Err(Error::input(format!("connection_settings.{field}"), "it is no port"));
                    }
                }
            }
            self.client.call(self.client.raw().create_mailbox(&self.body)).await
        })
    }
}

// By hand, because the settings hold passwords.
impl fmt::Debug for CreateMailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateMailbox").field("email", &self.body.email).finish_non_exhaustive()
    }
}

impl Listed for Mailboxes {
    type Item = Mailbox;
    const OPERATION: &'static str = "listMailboxes";

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<Mailbox>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let (limit, offset) = query.window();
            let filter = query.brackets();
            client
                .call(client.raw().list_mailboxes_with_options(options::ListMailboxes {
                    filter: filter.as_ref(),
                    limit,
                    offset,
                    order_field,
                    order_type: order_type.as_ref(),
                    ..Default::default()
                }))
                .await
        })
    }
}
