//! The workspaces that automations are sorted into.

use grinfi_raw::{ids::AutomationWorkspaceId, types::CreateFlowWorkspaceBody};

use crate::{
    client::Client,
    error::Result,
    models::{AutomationWorkspace, AutomationWorkspaceUpdate},
    resources::{macros::handle, untyped_response, validate},
    search::Unpaged,
};

handle! {
    /// The workspaces, or folders, that automations are sorted into.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// let autumn = client.automation_workspaces().create("Autumn", None).await?;
    /// for workspace in client.automation_workspaces().list().await? {
    ///     println!("{} {:?}", workspace.uuid, workspace.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    AutomationWorkspaces
}

impl Client {
    /// The workspaces that automations are sorted into.
    #[must_use]
    pub fn automation_workspaces(&self) -> AutomationWorkspaces {
        AutomationWorkspaces::new(self.clone())
    }
}

impl AutomationWorkspaces {
    /// All workspaces (`listFlowWorkspaces`), by awaiting it for instance. The API documents no paging here and yet answers in
    /// pages; this reads them all.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Listing`](crate::ErrorKind::Listing) if the API says that there are more than it gives out.
    pub fn list(&self) -> Unpaged<AutomationWorkspace> {
        Unpaged::new(&self.client, self.client.operation("listFlowWorkspaces", &[]), |client| {
            Box::pin(async move { client.call(client.raw().list_flow_workspaces()).await })
        })
    }

    /// Creates a workspace (`createFlowWorkspace`), at a place in their order or at the end.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the answer was lost.
    pub async fn create(&self, name: &str, order: Option<i64>) -> Result<AutomationWorkspace> {
        validate::text("name", name)?;
        let mut body = CreateFlowWorkspaceBody::new(name);
        body.order = order;
        self.client.call(self.client.raw().create_flow_workspace(&body)).await
    }

    /// Changes a workspace (`updateFlowWorkspace`).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if nothing would change;
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn update(
        &self,
        uuid: impl Into<AutomationWorkspaceId>,
        changes: &AutomationWorkspaceUpdate,
    ) -> Result<AutomationWorkspace> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        validate::changes(changes)?;
        validate::optional_text("name", changes.name.as_deref())?;
        self.client.call(self.client.raw().update_flow_workspace(uuid.as_str(), changes)).await
    }

    /// Deletes a workspace (`deleteFlowWorkspace`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn delete(&self, uuid: impl Into<AutomationWorkspaceId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        untyped_response::done(&self.client, self.client.raw().delete_flow_workspace(uuid.as_str())).await
    }
}
