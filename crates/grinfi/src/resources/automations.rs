//! Automations, `flows` on the wire.

pub(crate) mod enrollment;
pub(crate) mod statistics;

use std::future::IntoFuture;

use grinfi_raw::{
    Nullable,
    ids::{AutomationId, AutomationWorkspaceId, ContactId},
    options,
    types::{CloneFlowBody, CreateFlowBody},
};

use crate::{
    client::Client,
    error::Result,
    models::{Automation, AutomationUpdate, Schedule},
    page::{BoxFuture, Page},
    resources::{
        macros::{handle, setters},
        validate,
    },
    search::{Listed, Query, Search},
};
pub use enrollment::{AddNewContact, Enrolled, Enrollment, Enrollments};
pub use statistics::{GetNodeStatistics, NodeStatistics};

handle! {
    /// Automations, `flows` on the wire: graphs of steps that contacts are led through.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// use grinfi::{filter::automation, models::enums::FlowStatus};
    ///
    /// let drafts = automation::status().eq(FlowStatus::Draft);
    /// let page = client.automations().list().filter(drafts).limit(20).page().await?;
    /// println!("{} of {:?} drafts", page.data.len(), page.total);
    /// # Ok(())
    /// # }
    /// ```
    Automations
}

impl Client {
    /// Automations, `flows` on the wire.
    #[must_use]
    pub fn automations(&self) -> Automations {
        Automations::new(self.clone())
    }
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
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_flow(uuid.as_str())).await
    }

    /// Creates an automation (`createFlow`): a draft without steps, which sends nothing. Save a version of it next
    /// ([`AutomationVersions::save`](crate::automation_versions::AutomationVersions::save)), then [`start`](Self::start) it.
    ///
    /// The API wants the schedule even where the sender profiles' own are used.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name or hours that lie in no day;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the answer was lost.
    pub fn create(&self, name: impl Into<String>, schedule: Schedule) -> CreateAutomation {
        CreateAutomation { client: self.client.clone(), body: CreateFlowBody::new(name, schedule, false) }
    }

    /// Changes the name, the description or the schedule of an automation (`updateFlow`). Its steps are changed by saving a
    /// version, its status by the verbs here.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if nothing would change;
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn update(
        &self,
        uuid: impl Into<AutomationId>,
        changes: &AutomationUpdate,
    ) -> Result<Automation> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        validate::changes(changes)?;
        validate::optional_text("name", changes.name.as_deref())?;
        if let Some(schedule) = &changes.schedule {
            validate::schedule("schedule", schedule)?;
        }
        self.client.call(self.client.raw().update_flow(uuid.as_str(), changes)).await
    }

    /// Deletes an automation (`deleteFlow`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn delete(&self, uuid: impl Into<AutomationId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().delete_flow(uuid.as_str())).await
    }

    /// Copies an automation under a new name (`cloneFlow`).
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create), and [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub fn copy(&self, uuid: impl Into<AutomationId>, name: impl Into<String>) -> CopyAutomation {
        let body = CloneFlowBody::new(uuid, name);
        CopyAutomation { client: self.client.clone(), body }
    }

    /// Puts an automation away (`archiveFlow`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn archive(&self, uuid: impl Into<AutomationId>) -> Result<Automation> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().archive_flow(uuid.as_str())).await
    }

    /// Takes an automation out of the archive (`unarchiveFlow`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn unarchive(&self, uuid: impl Into<AutomationId>) -> Result<Automation> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().unarchive_flow(uuid.as_str())).await
    }

    /// Starts an automation (`startFlow`): from now on it sends, in the name of its sender profiles.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`](crate::Error::is_validation) if it cannot start, for want of a saved version for instance.
    pub async fn start(&self, uuid: impl Into<AutomationId>) -> Result<Automation> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().start_flow(uuid.as_str())).await
    }

    /// Stops an automation (`stopFlow`): nothing more is sent until it is started again.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn stop(&self, uuid: impl Into<AutomationId>) -> Result<Automation> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().stop_flow(uuid.as_str())).await
    }

    /// Enrolls a contact that exists (`addLeadToFlow`). In a running automation that can send to the contact at once.
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
        validate::id("uuid", &uuid)?;
        let contact_uuid = contact_uuid.into();
        validate::id("contact_uuid", &contact_uuid)?;
        self.client.call(self.client.raw().add_lead_to_flow(uuid.as_str(), contact_uuid.as_str())).await
    }
}

/// An automation about to be created, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateAutomation {
    client: Client,
    body: CreateFlowBody,
}

impl CreateAutomation {
    setters! {
        /// Describes the automation.
        description(String) => description;
        /// Sets its priority.
        priority(i64) => priority;
        /// Makes it public, or not.
        public(bool) => is_public;
    }

    /// Works by each sender profile's own hours instead of the schedule.
    pub fn use_sender_schedule(mut self, own: bool) -> Self {
        self.body.use_sender_schedule = own;
        self
    }

    /// Puts it into a workspace.
    pub fn workspace(mut self, uuid: impl Into<AutomationWorkspaceId>) -> Self {
        self.body.flow_workspace_uuid = Some(Nullable::Value(uuid.into()));
        self
    }
}

impl IntoFuture for CreateAutomation {
    type Output = Result<Automation>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::text("name", &self.body.name)?;
            validate::schedule("schedule", &self.body.schedule)?;
            if let Some(Nullable::Value(workspace)) = &self.body.flow_workspace_uuid {
                validate::id("workspace_uuid", workspace)?;
            }
            self.client.call(self.client.raw().create_flow(&self.body)).await
        })
    }
}

/// A copy of an automation about to be made, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CopyAutomation {
    client: Client,
    body: CloneFlowBody,
}

impl CopyAutomation {
    setters! {
        /// Puts the copy into a workspace.
        workspace(AutomationWorkspaceId) => flow_workspace_uuid;
    }
}

impl IntoFuture for CopyAutomation {
    type Output = Result<Automation>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::id("uuid", &self.body.flow_uuid)?;
            validate::text("name", &self.body.name)?;
            if let Some(workspace) = &self.body.flow_workspace_uuid {
                validate::id("workspace_uuid", workspace)?;
            }
            self.client.call(self.client.raw().clone_flow(&self.body)).await
        })
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
            let call = client.raw().list_flows_with_options(options::ListFlows {
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
