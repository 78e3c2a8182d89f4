//! Automations, `flows` on the wire.

use grinfi_raw::ids::{AutomationId, ContactId};

use super::{check_id, handle};
use crate::{
    client::Client,
    error::Result,
    model::Automation,
    page::{BoxFuture, Page},
    search::{Listed, Query, Search},
};

handle! {
    /// Automations, `flows` on the wire: graphs of steps that contacts are led through.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// use grinfi::{filter::automation, model::enums::FlowStatus};
    ///
    /// let drafts = automation::status().eq(FlowStatus::Draft);
    /// let page = client.automations().list().filter(drafts).limit(20).page().await?;
    /// println!("{} of {:?} drafts", page.data.len(), page.total);
    /// # Ok(())
    /// # }
    /// ```
    Automations
}

impl Automations {
    /// Lists the automations (`listFlows`).
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets an automation (`getFlow`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn get(&self, uuid: impl Into<AutomationId>) -> Result<Automation> {
        let uuid = uuid.into();
        check_id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_flow(uuid.as_str())).await
    }

    /// Starts an automation (`startFlow`): from now on it sends, in the name of its sender profiles.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`](crate::Error::is_validation) if it cannot start, for want of a saved version for instance.
    pub async fn start(&self, uuid: impl Into<AutomationId>) -> Result<Automation> {
        let uuid = uuid.into();
        check_id("uuid", &uuid)?;
        self.client.call(self.client.raw().start_flow(uuid.as_str())).await
    }

    /// Stops an automation (`stopFlow`): nothing more is sent until it is started again.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn stop(&self, uuid: impl Into<AutomationId>) -> Result<Automation> {
        let uuid = uuid.into();
        check_id("uuid", &uuid)?;
        self.client.call(self.client.raw().stop_flow(uuid.as_str())).await
    }

    /// Enrols a contact that exists (`addLeadToFlow`). In a running automation that can send to the contact at once.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is no such automation or contact;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the answer was lost.
    pub async fn add_contact(
        &self,
        uuid: impl Into<AutomationId>,
        contact_uuid: impl Into<ContactId>,
    ) -> Result<()> {
        let uuid = uuid.into();
        check_id("uuid", &uuid)?;
        let contact_uuid = contact_uuid.into();
        check_id("contact_uuid", &contact_uuid)?;
        self.client.call(self.client.raw().add_lead_to_flow(uuid.as_str(), contact_uuid.as_str())).await
    }
}

impl Listed for Automations {
    type Item = Automation;
    const OPERATION: &'static str = "listFlows";

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<Automation>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let (limit, offset) = query.window();
            let filter = query.brackets();
            let call =
                client.raw().list_flows(filter.as_ref(), limit, offset, order_field, order_type.as_ref());
            client.call(call).await
        })
    }
}
