//! Tasks: the steps of automations per contact, and manually created ones.

pub(crate) mod restart;

use std::{collections::BTreeMap, future::IntoFuture};

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use grinfi_raw::{
    enums::TaskGroup,
    ids::{ContactId, SenderProfileId, TaskId},
    types::{
        ContinueAutomationBody, CreateTaskBody, GroupCountTasksBody, MassCancelTasksBody,
        MassCompleteTasksBody, MassRetryTasksBody, MassSkipTasksBody,
    },
};
use serde_json::Value;

use crate::{
    call::Call,
    client::Client,
    complete::Complete,
    error::Result,
    filter::Filter,
    models::Task,
    page::BoxFuture,
    resources::{
        macros::{fetch, handle, setters},
        validate,
    },
    search::{Listed, Search},
};
pub use restart::RestartFromTop;

handle! {
    /// Tasks: the steps of automations per contact, and manually created ones.
    ///
    /// Messages sent in a week, by sender profile:
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// use grinfi::{filter::task, models::enums::{TaskGroup, TaskStatus}};
    ///
    /// let now = chrono::Utc::now();
    /// let sent = task::status().eq(TaskStatus::Closed)
    ///     & task::executed_at().between(now - chrono::Duration::days(7), now);
    /// for (sender, count) in client.tasks().group_counts(TaskGroup::SenderProfileUuid, sent).await? {
    ///     println!("{sender} {count}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    Tasks
}

impl Client {
    /// Tasks: the steps of automations per contact, and manually created ones.
    #[must_use]
    pub fn tasks(&self) -> Tasks {
        Tasks::new(self.clone())
    }
}

impl Tasks {
    /// Lists the tasks (`listTasks`).
    ///
    /// [`complete`](Search::complete) reads them by `executed_at`: `schedule_at` can change, and tasks cannot be
    /// filtered by `created_at`. Pending tasks have no `executed_at` and come first. A task that is retried meanwhile
    /// may get a new time and is then returned again.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a task (`getTask`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn get(&self, uuid: impl Into<TaskId>) -> Call<Task> {
        self.client.call(self.client.raw().get_task(uuid.into().as_str()))
    }

    /// Creates a task outside of automations (`createTask`), by default a LinkedIn message to the contact that is sent
    /// when it is due. Returns a builder; await it to send the request.
    ///
    /// The API has no idempotency key, so the request is not retried once it may have arrived.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for an invalid id or a blank text;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the task may have been created: look for it
    /// with [`list`](Self::list) before creating it again.
    pub fn create<Tz: TimeZone>(
        &self,
        contact_uuid: impl Into<ContactId>,
        sender_profile_uuid: impl Into<SenderProfileId>,
        text: impl Into<String>,
        schedule_at: DateTime<Tz>,
    ) -> CreateTask {
        CreateTask {
            client: self.client.clone(),
            body: CreateTaskBody::new(
                contact_uuid,
                schedule_at.with_timezone(&Utc),
                sender_profile_uuid,
                text,
            ),
        }
    }

    /// Marks a task as completed (`completeTask`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn close(&self, uuid: impl Into<TaskId>) -> Call<()> {
        self.client.call(self.client.raw().complete_task(uuid.into().as_str()).ignore_body())
    }

    /// Cancels a task (`cancelTask`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn cancel(&self, uuid: impl Into<TaskId>) -> Call<()> {
        self.client.call(self.client.raw().cancel_task(uuid.into().as_str()).ignore_body())
    }

    /// Marks a task as failed (`failTask`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown.
    pub fn fail(&self, uuid: impl Into<TaskId>) -> Call<()> {
        self.client.call(self.client.raw().fail_task(uuid.into().as_str()).ignore_body())
    }

    /// Retries a task (`retryTask`, undocumented), usually a failed one. This can send a message to its contact: read
    /// `automation_error_code` and `error_msg` first. The request itself is not retried once it may have arrived.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
    pub fn retry(&self, uuid: impl Into<TaskId>) -> Call<()> {
        self.client.call(self.client.raw().retry_task(uuid.into().as_str()).ignore_body())
    }

    /// Skips a task (`skipTask`, undocumented). The automation continues with the next step, which can send to the
    /// contact.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the id is unknown;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
    pub fn skip(&self, uuid: impl Into<TaskId>) -> Call<()> {
        self.client.call(self.client.raw().skip_task(uuid.into().as_str()).ignore_body())
    }

    /// Continues the automation of a contact (`continueAutomation`). The following steps can send to the contact.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`](crate::Error::is_validation) if the API rejects it;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
    pub fn continue_automation(&self, contact_uuid: impl Into<ContactId>) -> Call<()> {
        self.client.try_call(|| {
            let contact_uuid = contact_uuid.into();
            validate::id("contact_uuid", &contact_uuid)?;
            let body = ContinueAutomationBody::new(contact_uuid);
            Ok(self.client.raw().continue_automation(&body).ignore_body())
        })
    }

    /// Gets the schedule of a sender profile for a day (`getTasksSchedule`). The response is not described, so it is
    /// returned as JSON.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for an invalid id.
    pub fn schedule(
        &self,
        sender_profile_uuid: impl Into<SenderProfileId>,
        date: NaiveDate,
    ) -> Call<Option<Value>> {
        self.client.try_call(|| {
            let sender_profile = sender_profile_uuid.into();
            validate::id("sender_profile_uuid", &sender_profile)?;
            Ok(self.client.raw().get_tasks_schedule(&date, sender_profile.as_str()).json())
        })
    }

    /// Cancels several tasks (`massCancelTasks`).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) without ids.
    pub fn cancel_many(&self, uuids: impl IntoIterator<Item = impl Into<TaskId>>) -> Call<()> {
        self.client.try_call(|| {
            let body = MassCancelTasksBody::new(validate::id_texts::<TaskId>("uuids", uuids)?);
            Ok(self.client.raw().mass_cancel_tasks(&body).ignore_body())
        })
    }

    /// Marks several tasks as completed (`massCompleteTasks`).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) without ids.
    pub fn close_many(&self, uuids: impl IntoIterator<Item = impl Into<TaskId>>) -> Call<()> {
        self.client.try_call(|| {
            let body = MassCompleteTasksBody::new(validate::id_texts::<TaskId>("uuids", uuids)?);
            Ok(self.client.raw().mass_complete_tasks(&body).ignore_body())
        })
    }

    /// Retries several tasks (`massRetryTasks`), usually failed ones. This can send messages to their contacts: read
    /// `automation_error_code` and `error_msg` first. The request itself is not retried once it may have arrived.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) without ids.
    pub fn retry_many(&self, uuids: impl IntoIterator<Item = impl Into<TaskId>>) -> Call<()> {
        self.client.try_call(|| {
            let body = MassRetryTasksBody::new(validate::id_texts::<TaskId>("uuids", uuids)?);
            Ok(self.client.raw().mass_retry_tasks(&body).ignore_body())
        })
    }

    /// Skips several tasks (`massSkipTasks`).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) without ids.
    pub fn skip_many(&self, uuids: impl IntoIterator<Item = impl Into<TaskId>>) -> Call<()> {
        self.client.try_call(|| {
            let body = MassSkipTasksBody::new(validate::id_texts::<TaskId>("uuids", uuids)?);
            Ok(self.client.raw().mass_skip_tasks(&body).ignore_body())
        })
    }

    /// Counts tasks by automation, sender profile, type, status or error code (`groupCountTasks`). To count sent
    /// messages, filter by the status `closed` and a range of `executed_at`.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for conditions that cannot be combined and for an
    /// unsupported field.
    pub fn group_counts(
        &self,
        group_by: TaskGroup,
        filter: Filter<Self>,
    ) -> BoxFuture<Result<BTreeMap<String, i64>>> {
        let call = self.client.try_call(|| {
            validate::listed("group_by", group_by.as_str(), TaskGroup::LISTED)?;
            let mut body = GroupCountTasksBody::new(group_by);
            body.filter = filter.to_json()?;
            Ok(self.client.raw().group_count_tasks(&body))
        });
        Box::pin(async move { Ok(call.await?.into_inner()) })
    }
}

/// Builder for a new task. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateTask {
    client: Client,
    body: CreateTaskBody,
}

impl CreateTask {
    setters! {
        /// Sets the type. The API's default is `linkedin_send_message`.
        type_(String) => type_;
        /// Sets a note.
        note(String) => note;
        /// Sets the time zone, such as `Europe/Berlin`. The API's default is UTC.
        timezone(String) => timezone;
    }
}

impl IntoFuture for CreateTask {
    type Output = Result<Task>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::id("contact_uuid", &self.body.contact_uuid)?;
            validate::id("sender_profile_uuid", &self.body.sender_profile_uuid)?;
            validate::text("text", &self.body.text)?;
            validate::optional_text("kind", self.body.type_.as_deref())?;
            validate::optional_text("timezone", self.body.timezone.as_deref())?;
            self.client.call(self.client.raw().create_task(&self.body)).await
        })
    }
}

impl Complete for Tasks {
    const TIME: &'static str = "executed_at";

    fn time(row: &Task) -> Option<DateTime<Utc>> {
        row.executed_at
    }
}

impl Listed for Tasks {
    type Item = Task;
    const OPERATION: &'static str = "listTasks";

    fetch! { list_tasks_with_options(ListTasks, order, filter) }
}
