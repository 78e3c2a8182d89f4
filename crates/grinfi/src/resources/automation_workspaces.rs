//! Workspaces that group automations.

use grinfi_raw::{ids::AutomationWorkspaceId, types::CreateAutomationWorkspaceBody};

use crate::{
    call::Call,
    client::Client,
    models::{AutomationWorkspace, AutomationWorkspaceUpdate},
    resources::{macros::handle, validate},
    search::Unpaged,
};

handle! {
    /// Workspaces, or folders, that group automations.
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
    /// Workspaces that group automations.
    #[must_use]
    pub fn automation_workspaces(&self) -> AutomationWorkspaces {
        AutomationWorkspaces::new(self.clone())
    }
}

impl AutomationWorkspaces {
    /// Lists all workspaces (`listFlowWorkspaces`). The API documents no pages here but returns them; this reads all of
    /// them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Listing`](crate::ErrorKind::Listing) if the API reports more rows than it returns.
    pub fn list(&self) -> Unpaged<AutomationWorkspace> {
        Unpaged::new(&self.client, self.client.operation("listFlowWorkspaces", &[]), |client| {
            Box::pin(async move { client.call(client.raw().list_flow_workspaces()).await })
        })
    }

    /// Creates a workspace (`createFlowWorkspace`), at a position or at the end.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for a blank name;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
    pub fn create(&self, name: &str, order: Option<i64>) -> Call<AutomationWorkspace> {
        self.client.try_call(|| {
            validate::text("name", name)?;
            let mut body = CreateAutomationWorkspaceBody::new(name);
            body.order = order;
            Ok(self.client.raw().create_flow_workspace(&body))
        })
    }

    /// Changes a workspace (`updateFlowWorkspace`).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) if no changes are given;
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn update(
        &self,
        uuid: impl Into<AutomationWorkspaceId>,
        changes: &AutomationWorkspaceUpdate,
    ) -> Call<AutomationWorkspace> {
        self.client.try_call(|| {
            let uuid = uuid.into();
            validate::changes(changes)?;
            validate::optional_text("name", changes.name.as_deref())?;
            Ok(self.client.raw().update_flow_workspace(uuid.as_str(), changes))
        })
    }

    /// Deletes a workspace (`deleteFlowWorkspace`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn delete(&self, uuid: impl Into<AutomationWorkspaceId>) -> Call<()> {
        self.client.call(self.client.raw().delete_flow_workspace(uuid.into().as_str()).ignore_body())
    }
}
