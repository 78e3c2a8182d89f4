//! Sender profiles, the identities that messages are sent from.

use std::future::IntoFuture;

use grinfi_raw::{ids::SenderProfileId, types::CreateSenderProfileBody};

use crate::{
    call::Call,
    client::Client,
    error::{Error, Result},
    models::{Schedule, SenderProfile, SenderProfileUpdate},
    page::BoxFuture,
    resources::{
        macros::{fetch, handle, setters},
        validate,
    },
    search::{Listed, Search},
};

handle! {
    /// Sender profiles, the identities that messages are sent from: a LinkedIn account, a mailbox, a schedule.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// use grinfi::{filter::sender_profile, models::enums::SenderProfileStatus};
    ///
    /// let enabled = sender_profile::status().eq(SenderProfileStatus::Enabled);
    /// for sender in client.sender_profiles().list().filter(enabled).stream().collect().await? {
    ///     println!("{} {:?}", sender.uuid, sender.label);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    SenderProfiles
}

impl Client {
    /// Sender profiles, the identities that messages are sent from.
    #[must_use]
    pub fn sender_profiles(&self) -> SenderProfiles {
        SenderProfiles::new(self.clone())
    }
}

impl SenderProfiles {
    /// Lists the sender profiles (`listSenderProfiles`).
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a sender profile (`getSenderProfile`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn get(&self, uuid: impl Into<SenderProfileId>) -> Call<SenderProfile> {
        self.client.call(self.client.raw().get_sender_profile(uuid.into().as_str()))
    }

    /// Creates a sender profile (`createSenderProfile`) assigned to a user of the team. Returns a builder; await it to
    /// send the request.
    ///
    /// LinkedIn and email have separate schedules here, while the returned profile has only one.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a blank name or invalid hours; [`Error::is_unknown_outcome`] if the response was
    /// lost.
    pub fn create(
        &self,
        first_name: impl Into<String>,
        last_name: impl Into<String>,
        assignee_user_id: i64,
    ) -> CreateSenderProfile {
        CreateSenderProfile {
            client: self.client.clone(),
            body: CreateSenderProfileBody::new(assignee_user_id, first_name, last_name),
        }
    }

    /// Changes the name, the label or the schedule of a sender profile (`updateSenderProfile`). Its status is changed by
    /// [`enable`](Self::enable) and [`disable`](Self::disable).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] if no changes are given; [`Error::is_not_found`] if the id is unknown.
    pub fn update(
        &self,
        uuid: impl Into<SenderProfileId>,
        changes: &SenderProfileUpdate,
    ) -> Call<SenderProfile> {
        self.client.try_call(|| {
            let uuid = uuid.into();
            validate::changes(changes)?;
            Ok(self.client.raw().update_sender_profile(uuid.as_str(), changes))
        })
    }

    /// Deletes a sender profile (`deleteSenderProfile`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn delete(&self, uuid: impl Into<SenderProfileId>) -> Call<()> {
        self.client.call(self.client.raw().delete_sender_profile(uuid.into().as_str()))
    }

    /// Allows automations to send from a sender profile (`enableSenderProfile`). Queued messages can be sent at once.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn enable(&self, uuid: impl Into<SenderProfileId>) -> Call<()> {
        self.client.call(self.client.raw().enable_sender_profile(uuid.into().as_str()).ignore_body())
    }

    /// Stops automations from sending from a sender profile (`disableSenderProfile`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn disable(&self, uuid: impl Into<SenderProfileId>) -> Call<()> {
        self.client.call(self.client.raw().disable_sender_profile(uuid.into().as_str()).ignore_body())
    }
}

/// Builder for a new sender profile. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateSenderProfile {
    client: Client,
    body: CreateSenderProfileBody,
}

impl CreateSenderProfile {
    setters! {
        /// Sets the label.
        label(String) => label;
        /// Sets the schedule for LinkedIn.
        linkedin_schedule(Schedule) => linkedin_schedule;
        /// Sets the schedule for email.
        email_schedule(Schedule) => email_schedule;
    }
}

impl IntoFuture for CreateSenderProfile {
    type Output = Result<SenderProfile>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::text("first_name", &self.body.first_name)?;
            validate::text("last_name", &self.body.last_name)?;
            if self.body.assignee_user_id <= 0 {
                return Err(Error::input("assignee_user_id", "must be at least 1"));
            }
            for (field, schedule) in [
                ("linkedin_schedule", &self.body.linkedin_schedule),
                ("email_schedule", &self.body.email_schedule),
            ] {
                if let Some(schedule) = schedule {
                    validate::schedule(field, schedule)?;
                }
            }
            self.client.call(self.client.raw().create_sender_profile(&self.body)).await
        })
    }
}

impl Listed for SenderProfiles {
    type Item = SenderProfile;
    const OPERATION: &'static str = "listSenderProfiles";

    fetch! { list_sender_profiles_with_options(ListSenderProfiles, order, filter) }
}
