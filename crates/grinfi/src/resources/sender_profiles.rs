//! The identities that outreach is sent from.

use std::future::IntoFuture;

use grinfi_raw::{ids::SenderProfileId, options, types::CreateSenderProfileBody};

use crate::{
    client::Client,
    error::{Error, Result},
    models::{Schedule, SenderProfile, SenderProfileUpdate},
    page::{BoxFuture, Page},
    resources::{
        macros::{handle, setters},
        untyped_response, validate,
    },
    search::{Listed, Query, Search},
};

handle! {
    /// The identities that outreach is sent from: a LinkedIn account, a mailbox, a schedule.
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
    /// The identities that outreach is sent from.
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
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn get(&self, uuid: impl Into<SenderProfileId>) -> Result<SenderProfile> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_sender_profile(uuid.as_str())).await
    }

    /// Creates a sender profile (`createSenderProfile`) and makes a user of the team responsible for it, by its number.
    ///
    /// LinkedIn and email take hours of their own here, while the profile that comes back has one schedule.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a blank name or hours that lie in no day;
    /// [`Error::is_unknown_outcome`] if the answer was lost.
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
    /// [`Error::is_invalid_input`] if nothing would change;
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn update(
        &self,
        uuid: impl Into<SenderProfileId>,
        changes: &SenderProfileUpdate,
    ) -> Result<SenderProfile> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        validate::changes(changes)?;
        self.client.call(self.client.raw().update_sender_profile(uuid.as_str(), changes)).await
    }

    /// Deletes a sender profile (`deleteSenderProfile`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn delete(&self, uuid: impl Into<SenderProfileId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().delete_sender_profile(uuid.as_str())).await
    }

    /// Lets automations send from a sender profile (`enableSenderProfile`); what waits for it can then be sent at once.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn enable(&self, uuid: impl Into<SenderProfileId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        untyped_response::done(&self.client, self.client.raw().enable_sender_profile(uuid.as_str())).await
    }

    /// Stops automations from sending from a sender profile (`disableSenderProfile`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn disable(&self, uuid: impl Into<SenderProfileId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        untyped_response::done(&self.client, self.client.raw().disable_sender_profile(uuid.as_str())).await
    }
}

/// A sender profile about to be created, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateSenderProfile {
    client: Client,
    body: CreateSenderProfileBody,
}

impl CreateSenderProfile {
    setters! {
        /// Tells the profile apart from others.
        label(String) => label;
        /// When LinkedIn is used.
        linkedin_schedule(Schedule) => linkedin_schedule;
        /// When email is used.
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
                return Err(Error::input("assignee_user_id", "users are counted from 1"));
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

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<SenderProfile>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let (limit, offset) = query.window();
            let filter = query.brackets();
            let call = client.raw().list_sender_profiles_with_options(options::ListSenderProfiles {
                filter: filter.as_ref(),
                limit,
                offset,
                order_field,
                order_type: order_type.as_ref(),
                ..Default::default()
            });
            client.call(call).await
        })
    }
}
