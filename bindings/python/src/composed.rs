//! What the core makes of several calls. Arguments and most answers are JSON texts.

use std::time::Duration;

use grinfi::{
    Client, Error,
    bindings::{FieldWrites, NamedValue},
    companies::CompaniesJob,
    contacts::ContactsJob,
    emails::Address,
    file_imports::ImportJob,
    jobs::Wait,
    raw::enums::ObjectKind,
    selection::Selection,
};
use pyo3::{IntoPyObjectExt, exceptions::PyValueError, prelude::*};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    download::Download,
    errors,
    process::Here,
    waiting::{Told, Waiting},
};

/// One of them with its arguments, as Python checked them.
#[derive(Deserialize)]
#[serde(tag = "call", content = "arguments", rename_all = "snake_case")]
pub(crate) enum Composed {
    IsConnected {
        contact_uuid: String,
    },
    EnsureWebhook(Webhook),
    SendLinkedinMessageOnce(Message),
    SendEmailOnce(Email),
    CustomFieldsByName {
        object: ObjectKind,
        values: Map<String, Value>,
    },
    ForgetCustomFieldNames {},
    WriteCustomFields(FieldWrites),
    StartImport(Import),
    ContactsAction {
        selection: Map<String, Value>,
        action: ContactsAction,
    },
    CompaniesAction {
        selection: Map<String, Value>,
        action: CompaniesAction,
    },
    /// Panics, for the tests of what a panic becomes.
    Panic {},
}

/// One that tells of its progress.
#[derive(Deserialize)]
#[serde(tag = "call", content = "arguments", rename_all = "snake_case")]
pub(crate) enum Awaited {
    Export { file_name: String },
    Import { list_uuid: String, before: u64, rows: Option<u64> },
    Deletion { contact_uuid: String },
}

/// A mass action whose effect can be seen.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ContactsAction {
    AddTag(String),
    RemoveTag(String),
    ReplaceTags(Vec<String>),
    ChangeList(String),
    ChangePipelineStage(String),
    /// Whether deleting everything is confirmed.
    Delete(bool),
}

/// The same for companies, which are moved between no lists.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CompaniesAction {
    AddTag(String),
    RemoveTag(String),
    ReplaceTags(Vec<String>),
    ChangePipelineStage(String),
    /// Whether deleting everything is confirmed.
    Delete(bool),
}

#[derive(Deserialize)]
pub(crate) struct Import {
    file_import_uuid: String,
    columns: Vec<(String, String)>,
    list_uuid: String,
    tags: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Webhook {
    name: String,
    event: String,
    target_url: String,
    request_method: Option<String>,
    filters: Option<Map<String, Value>>,
    beside_others: bool,
}

#[derive(Deserialize)]
pub(crate) struct Message {
    sender_profile_uuid: String,
    contact_uuid: String,
    text: String,
    template_uuid: Option<String>,
    attachment_uuids: Vec<String>,
    lookup: Lookup,
}

/// How a send looks for what it sent: how many times, and for how many seconds.
#[derive(Deserialize, Clone, Copy)]
pub(crate) struct Lookup(u32, f64);

impl From<Lookup> for grinfi::send_once::SendLookup {
    fn from(Lookup(attempts, seconds): Lookup) -> Self {
        // Python has checked that it is a number of seconds.
        let timeout = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
        Self::new().attempts(attempts).timeout(timeout)
    }
}

#[derive(Deserialize)]
pub(crate) struct Email {
    sender_profile_uuid: String,
    contact_uuid: String,
    from_name: String,
    from_email: String,
    to_name: String,
    to_email: String,
    subject: String,
    body: Option<String>,
    cc: Vec<String>,
    bcc: Vec<String>,
    attachment_uuids: Vec<String>,
    lookup: Lookup,
}

/// What came of it.
pub(crate) enum Outcome {
    Json(serde_json::Result<String>),
    Download(Download),
    Job(Job),
}

impl Outcome {
    pub(crate) fn of<T: Serialize>(value: &T) -> Self {
        Self::Json(serde_json::to_string(value))
    }
}

impl<'py> IntoPyObject<'py> for Outcome {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        match self {
            Self::Json(text) => {
                text.map_err(|error| PyValueError::new_err(error.to_string()))?.into_bound_py_any(py)
            }
            Self::Download(download) => download.into_bound_py_any(py),
            Self::Job(job) => job.into_bound_py_any(py),
        }
    }
}

impl Composed {
    /// Carries it out.
    pub(crate) async fn run(self, client: Client) -> Result<Outcome, Error> {
        Ok(match self {
            Self::IsConnected { contact_uuid } => {
                Outcome::of(&client.activities().is_connected(contact_uuid).await?)
            }
            Self::EnsureWebhook(wanted) => {
                let ensured = wanted.ensure(&client).await?;
                Outcome::of(&(ensured.webhook, ensured.created, ensured.changed, ensured.duplicates))
            }
            Self::SendLinkedinMessageOnce(message) => Outcome::of(&message.send(&client).once().await?),
            Self::SendEmailOnce(email) => Outcome::of(&email.send(&client).once().await?),
            Self::CustomFieldsByName { object, values } => {
                let named = client.custom_fields().by_name(object, values).await?;
                let named = named.into_iter().map(|NamedValue { name, id, value, .. }| (name, id, value));
                Outcome::of(&named.collect::<Vec<_>>())
            }
            Self::ForgetCustomFieldNames {} => {
                client.custom_fields().forget_names().await;
                Outcome::of(&())
            }
            Self::WriteCustomFields(writes) => Outcome::of(&writes.run(&client).await?),
            Self::StartImport(import) => {
                let imports = client.file_imports();
                let start = imports.contacts(import.file_import_uuid, import.columns).list(import.list_uuid);
                let start = import.tags.into_iter().fold(start, grinfi::file_imports::ImportContacts::tag);
                Outcome::of(&start.start().await?.before())
            }
            Self::ContactsAction { selection, action } => {
                let job = action.start(&client, selection_of(selection)).await?;
                Outcome::Job(Job { job: Here::new(Known::Contacts(job)) })
            }
            Self::CompaniesAction { selection, action } => {
                let job = action.start(&client, selection_of(selection)).await?;
                Outcome::Job(Job { job: Here::new(Known::Companies(job)) })
            }
            #[allow(clippy::panic, reason = "it was asked for")]
            Self::Panic {} => panic!("asked for"),
        })
    }
}

impl Awaited {
    /// Waits for it.
    pub(crate) fn start(self, client: Client, waits: &Waits) -> PyResult<Waiting> {
        let wait = waits.read()?;
        Ok(Waiting::new(|tell| {
            let wait = telling(wait, tell);
            Box::pin(async move {
                Ok(match self {
                    Self::Export { file_name } => {
                        let download = client.file_exports().wait_for(&file_name, &wait).await?;
                        Outcome::Download(Download::new(download))
                    }
                    Self::Import { list_uuid, before, rows } => {
                        let job = ImportJob::resume(&client, list_uuid, before);
                        let job = rows.into_iter().fold(job, ImportJob::expect);
                        let imported = job.wait(&wait).await?;
                        let progress = errors::progress(&imported.progress);
                        Outcome::of(&(imported.added, imported.complete, progress))
                    }
                    Self::Deletion { contact_uuid } => {
                        let progress = client.contacts().wait_until_deleted(contact_uuid, &wait).await?;
                        Outcome::of(&errors::progress(&progress))
                    }
                })
            })
        }))
    }
}

/// How to wait, checked in Python; seconds.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Waits {
    deadline: f64,
    max_looks: Option<u32>,
    first_pause: f64,
    max_pause: f64,
    settle: f64,
}

impl Waits {
    fn read(&self) -> PyResult<Wait> {
        let seconds = |seconds| {
            Duration::try_from_secs_f64(seconds).map_err(|error| PyValueError::new_err(error.to_string()))
        };
        let wait = Wait::new()
            .limit(seconds(self.deadline)?)
            .first_pause(seconds(self.first_pause)?)
            .max_pause(seconds(self.max_pause)?)
            .settle(seconds(self.settle)?);
        Ok(self.max_looks.into_iter().fold(wait, Wait::max_looks))
    }
}

fn telling(wait: Wait, tell: UnboundedSender<Told>) -> Wait {
    // Nobody listens any more once the waiting is given up.
    wait.on_progress(move |progress| drop(tell.send(Told::Progress(progress.clone()))))
}

enum Known {
    Contacts(ContactsJob),
    Companies(CompaniesJob),
}

/// A mass action that was accepted, to be waited for.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Job {
    job: Here<Known>,
}

#[pymethods]
impl Job {
    /// Starts waiting for its effect.
    fn wait(&self, py: Python<'_>, waits: Waits) -> PyResult<Waiting> {
        let wait = waits.read()?;
        let text = "the process that started this mass action is another one; wait there";
        let job = self.job.get().ok_or_else(|| errors::plain(py, "GrinfiError", text))?;
        Ok(match job {
            Known::Contacts(job) => {
                let job = job.clone();
                Waiting::new(|tell| {
                    let wait = telling(wait, tell);
                    Box::pin(async move { Ok(Outcome::of(&errors::progress(&job.wait(&wait).await?))) })
                })
            }
            Known::Companies(job) => {
                let job = job.clone();
                Waiting::new(|tell| {
                    let wait = telling(wait, tell);
                    Box::pin(async move { Ok(Outcome::of(&errors::progress(&job.wait(&wait).await?))) })
                })
            }
        })
    }
}

/// A selection as Python writes it for the API, which has checked it.
fn selection_of<I: From<String>>(mut selection: Map<String, Value>) -> Selection<I> {
    let mut ids = |name: &str| match selection.remove(name) {
        Some(Value::Array(ids)) => {
            let texts = ids.into_iter().filter_map(|id| id.as_str().map(str::to_owned));
            Some(texts.map(I::from).collect())
        }
        _ => None,
    };
    match (ids("ids"), ids("excludeIds")) {
        (Some(ids), _) => Selection::Ids(ids),
        (None, Some(but)) => Selection::AllBut(but),
        (None, None) => Selection::All,
    }
}

impl ContactsAction {
    async fn start(
        self,
        client: &Client,
        selection: Selection<grinfi::models::ids::ContactId>,
    ) -> Result<ContactsJob, Error> {
        let bulk = client.contacts().bulk(selection);
        match self {
            Self::AddTag(tag) => bulk.add_tag(tag).await,
            Self::RemoveTag(tag) => bulk.remove_tag(tag).await,
            Self::ReplaceTags(tags) => bulk.replace_tags(tags).await,
            Self::ChangeList(list) => bulk.change_list(list).await,
            Self::ChangePipelineStage(stage) => bulk.change_pipeline_stage(stage).await,
            Self::Delete(true) => bulk.confirm_all().delete().await,
            Self::Delete(false) => bulk.delete().await,
        }
    }
}

impl CompaniesAction {
    async fn start(
        self,
        client: &Client,
        selection: Selection<grinfi::models::ids::CompanyId>,
    ) -> Result<CompaniesJob, Error> {
        let bulk = client.companies().bulk(selection);
        match self {
            Self::AddTag(tag) => bulk.add_tag(tag).await,
            Self::RemoveTag(tag) => bulk.remove_tag(tag).await,
            Self::ReplaceTags(tags) => bulk.replace_tags(tags).await,
            Self::ChangePipelineStage(stage) => bulk.change_pipeline_stage(stage).await,
            Self::Delete(true) => bulk.confirm_all().delete().await,
            Self::Delete(false) => bulk.delete().await,
        }
    }
}

impl Webhook {
    async fn ensure(self, client: &Client) -> Result<grinfi::webhooks::EnsuredWebhook, Error> {
        let mut ensure = client.webhooks().ensure(self.name, self.event, self.target_url);
        if let Some(method) = self.request_method {
            ensure = ensure.request_method(method);
        }
        if let Some(filters) = self.filters {
            ensure = ensure.filters(filters);
        }
        if self.beside_others {
            ensure = ensure.beside_others();
        }
        ensure.await
    }
}

impl Message {
    fn send(self, client: &Client) -> grinfi::linkedin_messages::SendLinkedinMessage {
        let mut send = client
            .linkedin_messages()
            .send(self.sender_profile_uuid, self.contact_uuid, self.text)
            .lookup(self.lookup.into());
        if let Some(template) = self.template_uuid {
            send = send.template(template);
        }
        self.attachment_uuids
            .into_iter()
            .fold(send, grinfi::linkedin_messages::SendLinkedinMessage::attachment)
    }
}

impl Email {
    fn send(self, client: &Client) -> grinfi::emails::SendEmail {
        let from = Address::new(self.from_name, self.from_email);
        let to = Address::new(self.to_name, self.to_email);
        let emails = client.emails();
        let mut send = emails.send(self.sender_profile_uuid, self.contact_uuid, from, to, self.subject);
        send = send.lookup(self.lookup.into());
        if let Some(body) = self.body {
            send = send.body(body);
        }
        send = self.cc.into_iter().fold(send, grinfi::emails::SendEmail::cc);
        send = self.bcc.into_iter().fold(send, grinfi::emails::SendEmail::bcc);
        self.attachment_uuids.into_iter().fold(send, grinfi::emails::SendEmail::attachment)
    }
}
