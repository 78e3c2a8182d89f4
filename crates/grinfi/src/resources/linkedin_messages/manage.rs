//! What is done with LinkedIn messages that are there already.

use std::collections::BTreeMap;

use grinfi_raw::{
    enums::LinkedinMessageGroup, ids::LinkedinMessageId, types::GroupCountLinkedinMessagesBody,
};

use crate::{
    error::Result,
    filter::Filter,
    resources::{linkedin_messages::LinkedinMessages, untyped_response, validate},
};

impl LinkedinMessages {
    /// Deletes a message from Grinfi (`deleteLinkedinMessage`). It is not known to take back what was delivered.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn delete(&self, uuid: impl Into<LinkedinMessageId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().delete_linkedin_message(uuid.as_str())).await
    }

    /// Tries again to send a message (`retryLinkedinMessage`), normally one with the status `failed`. It goes to a person, so
    /// this is never repeated once it may have arrived.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the message may have gone out: read its status
    /// before trying again.
    pub async fn retry(&self, uuid: impl Into<LinkedinMessageId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        untyped_response::done(&self.client, self.client.raw().retry_linkedin_message(uuid.as_str())).await
    }

    /// Counts messages by status, type, sender profile or LinkedIn account (`groupCountLinkedinMessages`): what was really
    /// sent and received, where the metrics of automations count the queue.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for conditions that cannot be said together and for a field
    /// that messages are not counted by.
    pub async fn group_counts(
        &self,
        group_by: LinkedinMessageGroup,
        filter: Filter<Self>,
    ) -> Result<BTreeMap<String, i64>> {
        validate::listed("group_by", group_by.as_str(), LinkedinMessageGroup::LISTED)?;
        let mut body = GroupCountLinkedinMessagesBody::new(group_by);
        body.filter = filter.to_json()?;
        let counts = self.client.call(self.client.raw().group_count_linkedin_messages(&body)).await?;
        Ok(counts.into_inner())
    }
}
