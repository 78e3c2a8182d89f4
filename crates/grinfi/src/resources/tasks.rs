//! Tasks: the steps of automations for each contact, and those made by hand.

pub(crate) mod restart;

use std::{collections::BTreeMap, future::IntoFuture};

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use grinfi_raw::{
    enums::TaskGroup,
    ids::{ContactId, SenderProfileId, TaskId},
    options,
    types::{
        ContinueAutomationBody, CreateTaskBody, GroupCountTasksBody, MassCancelTasksBody,
        MassCompleteTasksBody, MassRetryTasksBody, MassSkipTasksBody,
    },
};
use serde_json::Value;

use crate::{
    client::Client,
    complete::Complete,
    error::Result,
    filter::Filter,
    models::Task,
    page::{BoxFuture, Page},
    resources::{
        macros::{handle, setters},
        untyped_response, validate,
    },
    search::{Listed, Query, Search},
};
pub use restart::RestartFromTop;

handle! {
    /// Tasks: the steps of automations for each contact, and those made by hand.
    ///
    /// What was really sent in a week, by sender profile:
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
    /// Tasks: the steps of automations for each contact, and those made by hand.
    #[must_use]
    pub fn tasks(&self) -> Tasks {
        Tasks::new(self.clone())
    }
}

impl Tasks {
    /// Lists the tasks (`listTasks`).
    ///
    /// [`complete`](Search::complete) reads them by `executed_at`, because of the times that tasks are filtered by
    /// `schedule_at` can be moved, and `created_at` is none of them. Tasks that are still to be carried out have none and come
    /// first. One that is retried while the listing is read may get a new time, and then comes again.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a task (`getTask`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn get(&self, uuid: impl Into<TaskId>) -> Result<Task> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_task(uuid.as_str())).await
    }

    /// Creates a task outside of automations (`createTask`): by default a LinkedIn message to the contact, which is sent when
    /// it is due.
    ///
    /// The API knows no idempotency key, so this is never repeated once it may have arrived.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for an id that is none or a blank text;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the task may be there: look for it with
    /// [`list`](Self::list) before making it again.
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

    /// Marks a task as carried out (`completeTask`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn close(&self, uuid: impl Into<TaskId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        untyped_response::done(&self.client, self.client.raw().complete_task(uuid.as_str())).await
    }

    /// Cancels a task (`cancelTask`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn cancel(&self, uuid: impl Into<TaskId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        untyped_response::done(&self.client, self.client.raw().cancel_task(uuid.as_str())).await
    }

    /// Marks a task as failed (`failTask`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id.
    pub async fn fail(&self, uuid: impl Into<TaskId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        untyped_response::done(&self.client, self.client.raw().fail_task(uuid.as_str())).await
    }

    /// Tries a task again (`retryTask`, undocumented), usually a failed one. A task that sends will send to its contact: read
    /// `automation_error_code` and `error_msg` first. It is never retried once it may have arrived.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
    pub async fn retry(&self, uuid: impl Into<TaskId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        untyped_response::done(&self.client, self.client.raw().retry_task(uuid.as_str())).await
    }

    /// Skips a task (`skipTask`, undocumented). The automation goes on with the next step, which can send to the contact.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none with this id;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the response was lost.
    pub async fn skip(&self, uuid: impl Into<TaskId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        untyped_response::done(&self.client, self.client.raw().skip_task(uuid.as_str())).await
    }

    /// Lets the automation of a contact go on (`continueAutomation`). The steps that follow can send to the contact.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`](crate::Error::is_validation) if the API refuses it;
    /// [`Error::is_unknown_outcome`](crate::Error::is_unknown_outcome) if the answer was lost.
    pub async fn continue_automation(&self, contact_uuid: impl Into<ContactId>) -> Result<()> {
        let lead_uuid = contact_uuid.into();
        validate::id("contact_uuid", &lead_uuid)?;
        let body = ContinueAutomationBody::new(lead_uuid);
        untyped_response::done(&self.client, self.client.raw().continue_automation(&body)).await
    }

    /// What a sender profile has to do on a day (`getTasksSchedule`). The answer is not described, so it comes as JSON.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for an id that is none.
    pub async fn schedule(
        &self,
        sender_profile_uuid: impl Into<SenderProfileId>,
        date: NaiveDate,
    ) -> Result<Option<Value>> {
        let sender_profile = sender_profile_uuid.into();
        validate::id("sender_profile_uuid", &sender_profile)?;
        let call = self.client.raw().get_tasks_schedule(&date, sender_profile.as_str());
        untyped_response::json(&self.client, call).await
    }

    /// Cancels several tasks (`massCancelTasks`).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for no ids at all.
    pub async fn cancel_many(&self, uuids: impl IntoIterator<Item = impl Into<TaskId>>) -> Result<()> {
        let body = MassCancelTasksBody::new(validate::id_texts::<TaskId>("uuids", uuids)?);
        untyped_response::done(&self.client, self.client.raw().mass_cancel_tasks(&body)).await
    }

    /// Marks several tasks as carried out (`massCompleteTasks`).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for no ids at all.
    pub async fn close_many(&self, uuids: impl IntoIterator<Item = impl Into<TaskId>>) -> Result<()> {
        let body = MassCompleteTasksBody::new(validate::id_texts::<TaskId>("uuids", uuids)?);
        untyped_response::done(&self.client, self.client.raw().mass_complete_tasks(&body)).await
    }

    /// Tries several tasks again (`massRetryTasks`), usually failed ones. A task that sends will send to its contact: read
    /// `automation_error_code` and `error_msg` first. It is never repeated once it may have arrived.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for no ids at all.
    pub async fn retry_many(&self, uuids: impl IntoIterator<Item = impl Into<TaskId>>) -> Result<()> {
        let body = MassRetryTasksBody::new(validate::id_texts::<TaskId>("uuids", uuids)?);
        untyped_response::done(&self.client, self.client.raw().mass_retry_tasks(&body)).await
    }

    /// Skips several tasks (`massSkipTasks`).
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for no ids at all.
    pub async fn skip_many(&self, uuids: impl IntoIterator<Item = impl Into<TaskId>>) -> Result<()> {
        let body = MassSkipTasksBody::new(validate::id_texts::<TaskId>("uuids", uuids)?);
        untyped_response::done(&self.client, self.client.raw().mass_skip_tasks(&body)).await
    }

    /// Counts tasks by automation, sender profile, type, status or error code (`groupCountTasks`). For what was really sent, filter by
    /// the status `closed` and a range of `executed_at`.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`](crate::Error::is_invalid_input) for conditions that cannot be said together and for a field
    /// that tasks are not counted by.
    pub async fn group_counts(
        &self,
        group_by: TaskGroup,
        filter: Filter<Self>,
    ) -> Result<BTreeMap<String, i64>> {
        validate::listed("group_by", group_by.as_str(), TaskGroup::LISTED)?;
        let mut body = GroupCountTasksBody::new(group_by);
        body.filter = filter.to_json()?;
        let counts = self.client.call(self.client.raw().group_count_tasks(&body)).await?;
        Ok(counts.into_inner())
    }
}

/// A task about to be created, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct CreateTask {
    client: Client,
    body: CreateTaskBody,
}

impl CreateTask {
    setters! {
        /// What the task does. The API's default is `linkedin_send_message`.
        kind(String) => type_;
        /// A note for those who read the task.
        note(String) => note;
        /// The time zone, `Europe/Berlin` for instance. The API's default is UTC.
        timezone(String) => timezone;
    }
}

impl IntoFuture for CreateTask {
    type Output = Result<Task>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            validate::id("contact_uuid", &self.body.lead_uuid)?;
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

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<Task>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let (limit, offset) = query.window();
            let filter = query.brackets();
            client
                .call(client.raw().list_tasks_with_options(options::ListTasks {
                    filter: filter.as_ref(),
                    limit,
                    offset,
                    order_field,
                    order_type: order_type.as_ref(),
                    ..Default::default()
                }))
                .await
        })
    }
}
