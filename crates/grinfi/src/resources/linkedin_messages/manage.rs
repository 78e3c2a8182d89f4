//! Deleting, retrying and counting LinkedIn messages.

use std::collections::BTreeMap;

use grinfi_raw::{
    enums::LinkedinMessageGroup, ids::LinkedinMessageId, types::GroupCountLinkedinMessagesBody,
};

use crate::{
    call::Call,
    error::Result,
    filter::Filter,
    page::BoxFuture,
    resources::{linkedin_messages::LinkedinMessages, validate},
};

impl LinkedinMessages {
    /// Deletes a message from Grinfi (`deleteLinkedinMessage`). A delivered message is probably not recalled.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn delete(&self, uuid: impl Into<LinkedinMessageId>) -> Call<()> {
        self.client.call(self.client.raw().delete_linkedin_message(uuid.into().as_str()))
    }

    /// Sends a message again (`retryLinkedinMessage`), usually one with the status `failed`. The request is not retried
    /// once it may have arrived.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the message may have been sent: read its
    /// status before trying again.
    pub fn retry(&self, uuid: impl Into<LinkedinMessageId>) -> Call<()> {
        self.client.call(self.client.raw().retry_linkedin_message(uuid.into().as_str()).ignore_body())
    }

    /// Counts messages by status, type, sender profile or LinkedIn account (`groupCountLinkedinMessages`). These are
    /// sent and received messages, while the metrics of automations count the queue.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for conditions that cannot be combined and for an
    /// unsupported field.
    pub fn group_counts(
        &self,
        group_by: LinkedinMessageGroup,
        filter: Filter<Self>,
    ) -> BoxFuture<Result<BTreeMap<String, i64>>> {
        let call = self.client.try_call(|| {
            validate::listed("group_by", group_by.as_str(), LinkedinMessageGroup::LISTED)?;
            let mut body = GroupCountLinkedinMessagesBody::new(group_by);
            body.filter = filter.to_json()?;
            Ok(self.client.raw().group_count_linkedin_messages(&body))
        });
        Box::pin(async move { Ok(call.await?.into_inner()) })
    }
}
