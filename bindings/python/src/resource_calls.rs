//! Methods of the Rust resources that take several requests, called by name with JSON arguments.

use std::time::Duration;

use grinfi::{
    Client, Error,
    bindings::ResponseLog,
    companies::CompaniesJob,
    contacts::ContactsJob,
    emails::Address,
    file_imports::ImportJob,
    jobs::Wait,
    models::{
        BlacklistCompany, BlacklistContact, CompanyLookup, CompanyUpdate, ContactUpdate, NewCompany,
        NewContact,
    },
    selection::Selection,
};
use pyo3::{IntoPyObjectExt, exceptions::PyValueError, prelude::*};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    download::Download,
    errors,
    process::ProcessLocal,
    progress::{Event, ProgressCall},
    response::Response,
};

type Object = Map<String, Value>;

/// A call with its arguments, which Python has validated.
#[derive(Deserialize)]
#[serde(tag = "call", content = "arguments", rename_all = "snake_case")]
pub(crate) enum ResourceCall {
    CreateContacts(CreateContacts),
    UpsertContact(UpsertContact),
    UpdateContact(UpdateContact),
    AddNewContact(AddNewContact),
    CreateCompanies(CreateCompanies),
    UpdateCompany(UpdateCompany),
    LookupCompanies {
        lookups: Vec<CompanyLookup>,
    },
    BlacklistContact {
        entry: BlacklistContact,
    },
    BlacklistCompany {
        entry: BlacklistCompany,
    },
    IsConnected {
        contact_uuid: String,
    },
    EnsureWebhook(Webhook),
    SendLinkedinMessageOnce(Message),
    SendEmailOnce(Email),
    ForgetCustomFieldNames {},
    StartImport(Import),
    ContactsAction {
        selection: Object,
        action: ContactsAction,
    },
    CompaniesAction {
        selection: Object,
        action: CompaniesAction,
    },
    /// Panics, for the tests of how a panic is raised in Python.
    Panic {},
}

/// A call that reports its progress.
#[derive(Deserialize)]
#[serde(tag = "call", content = "arguments", rename_all = "snake_case")]
pub(crate) enum WaitCall {
    Export { file_name: String },
    Import { list_uuid: String, before: u64, rows: Option<u64> },
    Deletion { contact_uuid: String },
}

/// A new record with the values of its custom fields.
#[derive(Deserialize)]
pub(crate) struct NewRecord<T> {
    #[serde(flatten)]
    record: T,
    #[serde(default)]
    custom_fields: Object,
}

/// Separates the records from the values of their custom fields.
fn unzipped<T>(rows: Vec<NewRecord<T>>) -> (Vec<T>, Vec<Object>) {
    rows.into_iter().map(|row| (row.record, row.custom_fields)).unzip()
}

#[derive(Deserialize)]
pub(crate) struct CreateContacts {
    list_uuid: String,
    contacts: Vec<NewRecord<NewContact>>,
}

#[derive(Deserialize)]
pub(crate) struct UpsertContact {
    list_uuid: String,
    contact: NewContact,
    custom_fields: Object,
    update_if_exists: bool,
    move_to_list: bool,
}

#[derive(Deserialize)]
pub(crate) struct UpdateContact {
    uuid: String,
    changes: ContactUpdate,
    custom_fields: Object,
    pipeline_stage_uuid: Option<String>,
    list_uuid: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct AddNewContact {
    uuid: String,
    list_uuid: String,
    contact: NewContact,
    custom_fields: Object,
    update_if_exists: bool,
    move_to_list: bool,
    skip_if_exists: Option<bool>,
    segment_id: i64,
    contact_source_id: Option<i64>,
}

#[derive(Deserialize)]
pub(crate) struct CreateCompanies {
    companies: Vec<NewRecord<NewCompany>>,
    list_uuids: Vec<String>,
    data_source_uuid: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct UpdateCompany {
    uuid: String,
    changes: CompanyUpdate,
    custom_fields: Object,
    pipeline_stage_uuid: Option<String>,
}

/// A mass action on contacts.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ContactsAction {
    AddTag(String),
    RemoveTag(String),
    ReplaceTags(Vec<String>),
    ChangeList(String),
    ChangePipelineStage(String),
    /// The name of a custom field, and its value.
    SetCustomField(String, Value),
    /// Whether the caller confirmed that every record may be deleted.
    Delete(bool),
}

/// A mass action on companies.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CompaniesAction {
    AddTag(String),
    RemoveTag(String),
    ReplaceTags(Vec<String>),
    ChangePipelineStage(String),
    /// Whether the caller confirmed that every record may be deleted.
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
    filters: Option<Object>,
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

/// How often a message is looked for after an unknown outcome, and for how many seconds.
#[derive(Deserialize, Clone, Copy)]
pub(crate) struct Lookup(u32, f64);

impl From<Lookup> for grinfi::send_once::SendLookup {
    fn from(Lookup(attempts, seconds): Lookup) -> Self {
        // Python has validated the number of seconds.
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

/// The result of a call.
pub(crate) enum Outcome {
    /// Python decodes the responses.
    None,
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
            Self::None => Ok(py.None().into_bound(py)),
            Self::Json(text) => {
                text.map_err(|error| PyValueError::new_err(error.to_string()))?.into_bound_py_any(py)
            }
            Self::Download(download) => download.into_bound_py_any(py),
            Self::Job(job) => job.into_bound_py_any(py),
        }
    }
}

impl ResourceCall {
    /// Runs the call, and returns its result with the responses to its requests.
    pub(crate) async fn run(self, client: Client) -> Result<(Outcome, Vec<Response>), Error> {
        let log = ResponseLog::default();
        let client = client.with_options(grinfi::RequestOptions::new().log_responses(log.clone()));
        let outcome = self.outcome(client).await?;
        Ok((outcome, log.take().into_iter().map(Response::of_logged).collect()))
    }

    async fn outcome(self, client: Client) -> Result<Outcome, Error> {
        Ok(match self {
            Self::CreateContacts(call) => {
                call.run(&client).await?;
                Outcome::None
            }
            Self::UpsertContact(call) => {
                call.run(&client).await?;
                Outcome::None
            }
            Self::UpdateContact(call) => Outcome::of(&call.run(&client).await?.custom_fields),
            Self::AddNewContact(call) => {
                call.run(&client).await?;
                Outcome::None
            }
            Self::CreateCompanies(call) => {
                call.run(&client).await?;
                Outcome::None
            }
            Self::UpdateCompany(call) => {
                call.run(&client).await?;
                Outcome::None
            }
            Self::LookupCompanies { lookups } => {
                client.companies().lookup(lookups).await?;
                Outcome::None
            }
            Self::BlacklistContact { entry } => {
                client.contact_blacklist().add(&entry).await?;
                Outcome::None
            }
            Self::BlacklistCompany { entry } => {
                client.company_blacklist().add(&entry).await?;
                Outcome::None
            }
            Self::IsConnected { contact_uuid } => {
                Outcome::of(&client.activities().is_connected(contact_uuid).await?)
            }
            Self::EnsureWebhook(wanted) => {
                let ensured = wanted.ensure(&client).await?;
                Outcome::of(&(ensured.webhook, ensured.created, ensured.changed, ensured.duplicates))
            }
            Self::SendLinkedinMessageOnce(message) => Outcome::of(&message.send(&client).once().await?),
            Self::SendEmailOnce(email) => Outcome::of(&email.send(&client).once().await?),
            Self::ForgetCustomFieldNames {} => {
                client.custom_fields().forget_names().await;
                Outcome::None
            }
            Self::StartImport(import) => {
                let imports = client.file_imports();
                let start = imports.contacts(import.file_import_uuid, import.columns).list(import.list_uuid);
                let start = import.tags.into_iter().fold(start, grinfi::file_imports::ImportContacts::tag);
                Outcome::of(&start.start().await?.before())
            }
            Self::ContactsAction { selection, action } => {
                match action.start(&client, selection_of(selection)).await? {
                    Some(job) => Outcome::Job(Job { job: ProcessLocal::new(Known::Contacts(job)) }),
                    None => Outcome::None,
                }
            }
            Self::CompaniesAction { selection, action } => {
                let job = action.start(&client, selection_of(selection)).await?;
                Outcome::Job(Job { job: ProcessLocal::new(Known::Companies(job)) })
            }
            #[allow(clippy::panic, reason = "tests ask for it")]
            Self::Panic {} => panic!("asked for"),
        })
    }
}

impl CreateContacts {
    async fn run(self, client: &Client) -> Result<(), Error> {
        let (contacts, custom_fields) = unzipped(self.contacts);
        let mut create = client.contacts().create_many(self.list_uuid, contacts);
        for (index, values) in custom_fields.into_iter().enumerate() {
            create = values
                .into_iter()
                .fold(create, |create, (name, value)| create.custom_field(index, name, value));
        }
        create.await.map(drop)
    }
}

impl UpsertContact {
    async fn run(self, client: &Client) -> Result<(), Error> {
        let upsert = client
            .contacts()
            .upsert(self.list_uuid, self.contact)
            .update_if_exists(self.update_if_exists)
            .move_to_list(self.move_to_list);
        let values = self.custom_fields.into_iter();
        values.fold(upsert, |upsert, (name, value)| upsert.custom_field(name, value)).await.map(drop)
    }
}

impl UpdateContact {
    async fn run(self, client: &Client) -> Result<grinfi::models::Contact, Error> {
        let mut update = client.contacts().update(self.uuid, &self.changes);
        if let Some(stage) = self.pipeline_stage_uuid {
            update = update.pipeline_stage(stage);
        }
        if let Some(list) = self.list_uuid {
            update = update.list(list);
        }
        let values = self.custom_fields.into_iter();
        values.fold(update, |update, (name, value)| update.custom_field(name, value)).await
    }
}

impl AddNewContact {
    async fn run(self, client: &Client) -> Result<(), Error> {
        let automations = client.automations();
        let mut add = automations
            .add_new_contact(self.uuid, self.list_uuid, self.contact)
            .update_if_exists(self.update_if_exists)
            .move_to_list(self.move_to_list)
            .segment(self.segment_id);
        if let Some(skip) = self.skip_if_exists {
            add = add.skip_if_exists(skip);
        }
        if let Some(source) = self.contact_source_id {
            add = add.contact_source(source);
        }
        let values = self.custom_fields.into_iter();
        values.fold(add, |add, (name, value)| add.custom_field(name, value)).await.map(drop)
    }
}

impl CreateCompanies {
    async fn run(self, client: &Client) -> Result<(), Error> {
        let (companies, custom_fields) = unzipped(self.companies);
        let create = client.companies().create_many(companies);
        let mut create = self.list_uuids.into_iter().fold(create, grinfi::companies::CreateCompanies::list);
        if let Some(source) = self.data_source_uuid {
            create = create.data_source(source);
        }
        for (index, values) in custom_fields.into_iter().enumerate() {
            create = values
                .into_iter()
                .fold(create, |create, (name, value)| create.custom_field(index, name, value));
        }
        create.await.map(drop)
    }
}

impl UpdateCompany {
    async fn run(self, client: &Client) -> Result<(), Error> {
        let mut update = client.companies().update(self.uuid, &self.changes);
        if let Some(stage) = self.pipeline_stage_uuid {
            update = update.pipeline_stage(stage);
        }
        let values = self.custom_fields.into_iter();
        values.fold(update, |update, (name, value)| update.custom_field(name, value)).await.map(drop)
    }
}

impl WaitCall {
    /// Starts waiting.
    pub(crate) fn start(self, client: Client, options: &WaitOptions) -> PyResult<ProgressCall> {
        let wait = options.read()?;
        Ok(ProgressCall::new(|events| {
            let wait = reporting(wait, events);
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

/// How to wait, validated in Python. Times are in seconds.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct WaitOptions {
    deadline: f64,
    max_looks: Option<u32>,
    first_pause: f64,
    max_pause: f64,
    settle: f64,
}

impl WaitOptions {
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

fn reporting(wait: Wait, events: UnboundedSender<Event>) -> Wait {
    // Sending fails once the caller has stopped waiting.
    wait.on_progress(move |progress| drop(events.send(Event::Progress(progress.clone()))))
}

enum Known {
    Contacts(ContactsJob),
    Companies(CompaniesJob),
}

/// A mass action that the API accepted.
#[pyclass(module = "grinfi._native", frozen)]
pub(crate) struct Job {
    job: ProcessLocal<Known>,
}

#[pymethods]
impl Job {
    /// Starts waiting for the effect of the action.
    fn wait(&self, py: Python<'_>, options: WaitOptions) -> PyResult<ProgressCall> {
        let wait = options.read()?;
        let text = "a mass action can only be waited for in the process that started it";
        let job = self.job.get().ok_or_else(|| errors::plain(py, "GrinfiError", text))?;
        Ok(match job {
            Known::Contacts(job) => {
                let job = job.clone();
                ProgressCall::new(|events| {
                    let wait = reporting(wait, events);
                    Box::pin(async move { Ok(Outcome::of(&errors::progress(&job.wait(&wait).await?))) })
                })
            }
            Known::Companies(job) => {
                let job = job.clone();
                ProgressCall::new(|events| {
                    let wait = reporting(wait, events);
                    Box::pin(async move { Ok(Outcome::of(&errors::progress(&job.wait(&wait).await?))) })
                })
            }
        })
    }
}

/// Reads a selection in the format of the API, which Python has validated.
fn selection_of<I: From<String>>(mut selection: Object) -> Selection<I> {
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
    /// Starts the action; returns no job where the effect cannot be observed.
    async fn start(
        self,
        client: &Client,
        selection: Selection<grinfi::models::ids::ContactId>,
    ) -> Result<Option<ContactsJob>, Error> {
        let bulk = client.contacts().bulk(selection);
        match self {
            Self::AddTag(tag) => bulk.add_tag(tag).await,
            Self::RemoveTag(tag) => bulk.remove_tag(tag).await,
            Self::ReplaceTags(tags) => bulk.replace_tags(tags).await,
            Self::ChangeList(list) => bulk.change_list(list).await,
            Self::ChangePipelineStage(stage) => bulk.change_pipeline_stage(stage).await,
            Self::SetCustomField(name, value) => {
                bulk.set_custom_field(name, value).await?;
                return Ok(None);
            }
            Self::Delete(true) => bulk.confirm_all().delete().await,
            Self::Delete(false) => bulk.delete().await,
        }
        .map(Some)
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
