//! Automations, `flows` on the wire.

pub(crate) mod enrollment;
pub(crate) mod statistics;

use std::future::IntoFuture;

use grinfi_raw::{
    Nullable,
    ids::{AutomationId, AutomationWorkspaceId, ContactId},
    types::{CloneAutomationBody, CreateAutomationBody},
};

use crate::{
    call::Call,
    client::Client,
    error::Result,
    models::{Automation, AutomationUpdate, Schedule},
    page::BoxFuture,
    resources::{
        macros::{fetch, handle, setters},
        validate,
    },
    search::{Listed, Search},
};
pub use enrollment::{AddNewContact, Enrolled, Enrollment, Enrollments};
pub use statistics::{GetNodeStatistics, NodeStatistics};

handle! {
    /// Automations, `flows` on the wire: graphs of steps that contacts pass through.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// use grinfi::{filter::automation, models::enums::AutomationStatus};
    ///
    /// let drafts = automation::status().eq(AutomationStatus::Draft);
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
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn get(&self, uuid: impl Into<AutomationId>) -> Call<Automation> {
        self.client.call(self.client.raw().get_flow(uuid.into().as_str()))
    }

    /// Creates an automation (`createFlow`): a draft without steps, which sends nothing. Save a version of it next
    /// ([`AutomationVersions::save`](crate::automation_versions::AutomationVersions::save)), then
    /// [`start`](Self::start) it. Returns a builder; await it to send the request.
    ///
    /// The API requires the schedule even if the schedules of the sender profiles are used.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name or invalid hours;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
    pub fn create(&self, name: impl Into<String>, schedule: Schedule) -> CreateAutomation {
        CreateAutomation {
            client: self.client.clone(),
            body: CreateAutomationBody::new(name, schedule, false),
        }
    }

    /// Changes the name, the description or the schedule of an automation (`updateFlow`). Save a version to change its
    /// steps; `start`, `stop` and `archive` change its status.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if no changes are given;
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn update(&self, uuid: impl Into<AutomationId>, changes: &AutomationUpdate) -> Call<Automation> {
        self.client.try_call(|| {
            let uuid = uuid.into();
            validate::changes(changes)?;
            validate::optional_text("name", changes.name.as_deref())?;
            if let Some(schedule) = &changes.schedule {
                validate::schedule("schedule", schedule)?;
            }
            Ok(self.client.raw().update_flow(uuid.as_str(), changes))
        })
    }

    /// Deletes an automation (`deleteFlow`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn delete(&self, uuid: impl Into<AutomationId>) -> Call<()> {
        self.client.call(self.client.raw().delete_flow(uuid.into().as_str()))
    }

    /// Copies an automation under a new name (`cloneFlow`). Returns a builder; await it to send the request.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create), and [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn copy(&self, uuid: impl Into<AutomationId>, name: impl Into<String>) -> CopyAutomation {
        let body = CloneAutomationBody::new(uuid, name);
        CopyAutomation { client: self.client.clone(), body }
    }

    /// Archives an automation (`archiveFlow`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn archive(&self, uuid: impl Into<AutomationId>) -> Call<Automation> {
        self.client.call(self.client.raw().archive_flow(uuid.into().as_str()))
    }

    /// Restores an automation from the archive (`unarchiveFlow`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn unarchive(&self, uuid: impl Into<AutomationId>) -> Call<Automation> {
        self.client.call(self.client.raw().unarchive_flow(uuid.into().as_str()))
    }

    /// Starts an automation (`startFlow`). It then sends messages from its sender profiles.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`](crate::Error::is_validation) if it cannot start, for example without a saved version.
    pub fn start(&self, uuid: impl Into<AutomationId>) -> Call<Automation> {
        self.client.call(self.client.raw().start_flow(uuid.into().as_str()))
    }

    /// Stops an automation (`stopFlow`). Nothing is sent until it is started again.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn stop(&self, uuid: impl Into<AutomationId>) -> Call<Automation> {
        self.client.call(self.client.raw().stop_flow(uuid.into().as_str()))
    }

    /// Enrolls an existing contact (`addLeadToFlow`). A running automation can send to the contact at once.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is no such automation or contact;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
    pub fn add_contact(&self, uuid: impl Into<AutomationId>, contact_uuid: impl Into<ContactId>) -> Call<()> {
        self.client.try_call(|| {
            let uuid = uuid.into();
            let contact_uuid = contact_uuid.into();
            validate::id("contact_uuid", &contact_uuid)?;
            Ok(self.client.raw().add_lead_to_flow(uuid.as_str(), contact_uuid.as_str()))
        })
    }
}

/// Builder for a new automation. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateAutomation {
    client: Client,
    body: CreateAutomationBody,
}

impl CreateAutomation {
    setters! {
        /// Sets the description.
        description(String) => description;
        /// Sets the priority.
        priority(i64) => priority;
        /// Sets whether it is public.
        public(bool) => is_public;
    }

    /// Sets whether each sender profile's own schedule is used instead.
    pub fn use_sender_schedule(mut self, own: bool) -> Self {
        self.body.use_sender_schedule = own;
        self
    }

    /// Sets the workspace.
    pub fn workspace(mut self, uuid: impl Into<AutomationWorkspaceId>) -> Self {
        self.body.automation_workspace_uuid = Some(Nullable::Value(uuid.into()));
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
            if let Some(Nullable::Value(workspace)) = &self.body.automation_workspace_uuid {
                validate::id("workspace_uuid", workspace)?;
            }
            self.client.call(self.client.raw().create_flow(&self.body)).await
        })
    }
}

/// Builder for a new copy of an automation. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CopyAutomation {
    client: Client,
    body: CloneAutomationBody,
}

impl CopyAutomation {
    setters! {
        /// Sets the workspace of the copy.
        workspace(AutomationWorkspaceId) => automation_workspace_uuid;
    }
}

impl IntoFuture for CopyAutomation {
    type Output = Result<Automation>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::id("uuid", &self.body.automation_uuid)?;
            validate::text("name", &self.body.name)?;
            if let Some(workspace) = &self.body.automation_workspace_uuid {
                validate::id("workspace_uuid", workspace)?;
            }
            self.client.call(self.client.raw().clone_flow(&self.body)).await
        })
    }
}

impl Listed for Automations {
    type Item = Automation;
    const OPERATION: &'static str = "listFlows";

    fetch! { list_flows_with_options(ListAutomations, order, filter) }
}
