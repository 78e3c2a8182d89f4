//! The identities that outreach is sent from.

use grinfi_raw::ids::SenderProfileId;

use super::{check_id, handle};
use crate::{
    client::Client,
    error::Result,
    model::SenderProfile,
    page::{BoxFuture, Page},
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
    /// use grinfi::{filter::sender_profile, model::enums::SenderProfileStatus};
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

impl SenderProfiles {
    /// Lists the sender profiles (`listSenderProfiles`).
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a sender profile (`getSenderProfile`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn get(&self, uuid: impl Into<SenderProfileId>) -> Result<SenderProfile> {
        let uuid = uuid.into();
        check_id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_sender_profile(uuid.as_str())).await
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
            let call = client.raw().list_sender_profiles(
                filter.as_ref(),
                limit,
                offset,
                order_field,
                order_type.as_ref(),
            );
            client.call(call).await
        })
    }
}
