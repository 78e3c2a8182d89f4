//! Restarting contacts from the top of an automation.

use std::future::IntoFuture;

use grinfi_raw::{
    ids::{AutomationId, SenderProfileId},
    types::MassRestartTasksFromTopBody,
};
use serde_json::Value;

use crate::{
    client::Client,
    error::{Error, Result},
    filter::Filter,
    page::BoxFuture,
    resources::{tasks::Tasks, validate},
};

impl Tasks {
    /// Restarts the contacts of the matching tasks from the first step of their automation (`massRestartTasksFromTop`,
    /// undocumented). Returns a builder; await it to send the request.
    ///
    /// **The first messages of the automation are sent to these people again.** Count the matching tasks with
    /// [`group_counts`](Self::group_counts) first, and exclude contacts who replied (`automation_error_code` is
    /// `replied`). The request is not retried once it may have arrived.
    ///
    /// `contact_source_id` is the contact source of the automation, usually 1. The response is not described, so it is
    /// returned as JSON.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for an empty filter, which would restart everyone, and for conditions that cannot be
    /// combined; [`Error::is_unknown_outcome`] if the response was lost.
    pub fn restart_from_top(
        &self,
        automation_uuid: impl Into<AutomationId>,
        filter: Filter<Self>,
        contact_source_id: i64,
    ) -> RestartFromTop {
        RestartFromTop {
            client: self.client.clone(),
            automation: automation_uuid.into(),
            filter,
            contact_source_id,
            sender_profile: None,
        }
    }
}

/// Builder for a restart of contacts. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct RestartFromTop {
    client: Client,
    automation: AutomationId,
    filter: Filter<Tasks>,
    contact_source_id: i64,
    sender_profile: Option<SenderProfileId>,
}

impl RestartFromTop {
    /// Sets the sender profile for the contacts. Without it each contact keeps its own.
    pub fn sender_profile(mut self, sender_profile_uuid: impl Into<SenderProfileId>) -> Self {
        self.sender_profile = Some(sender_profile_uuid.into());
        self
    }
}

impl IntoFuture for RestartFromTop {
    type Output = Result<Option<Value>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::id("automation_uuid", &self.automation)?;
            let filter = self.filter.to_json()?;
            if filter.is_empty() {
                let message = "must not be empty: every contact of the automation would be sent its first \
                               messages again";
                return Err(Error::input("filter", message));
            }
            let mut body = MassRestartTasksFromTopBody::new(filter, self.automation, self.contact_source_id);
            if let Some(sender) = self.sender_profile {
                validate::id("sender_profile_uuid", &sender)?;
                body.sender_profile_uuid = Some(sender);
            }
            // The vendor's own client always sends it.
            body.automation_origin = Some("automation".to_owned());
            self.client.call(self.client.raw().mass_restart_tasks_from_top(&body).json()).await
        })
    }
}
