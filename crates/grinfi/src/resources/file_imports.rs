//! Imports from CSV files.

use std::{
    future::IntoFuture,
    path::Path,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use grinfi_raw::{
    ids::{DataSourceId, ListId, TagId},
    types::{ImportColumn, ImportCompaniesFromFileBody, ImportContactsFromFileBody},
};
use reqwest::{Body, multipart::Form};
use tokio::time::Instant;

use crate::{
    call::Call,
    client::Client,
    error::{Error, Result},
    filter::contact,
    models::FileImport,
    page::BoxFuture,
    resources::{contacts::Contacts, macros::handle, validate},
    upload::Upload,
    wait::{self, Look, Progress, Wait},
};

handle! {
    /// Imports of contacts and companies from CSV files, in two steps: the upload, then the import with a mapping of
    /// columns.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let list = client.lists().create("Fair").await?.uuid.clone();
    /// let text = "First name,Mail\nJane,jane@example.com\nJohn,john@example.com\n";
    /// let file = client.file_imports().upload("fair.csv", text).await?.uuid.ok_or("no id")?;
    /// let columns = [("First name", "first_name"), ("Mail", "work_email")];
    /// let import = client.file_imports().contacts(&file, columns).list(&list);
    /// let imported = import.start().await?.expect(2).wait(&grinfi::jobs::Wait::new()).await?;
    /// println!("{} new contacts", imported.added);
    /// # Ok(())
    /// # }
    /// ```
    FileImports
}

impl Client {
    /// Imports from CSV files.
    #[must_use]
    pub fn file_imports(&self) -> FileImports {
        FileImports::new(self.clone())
    }
}

impl FileImports {
    /// Uploads a CSV file from memory (`uploadCsvFile`). Nothing is imported yet.
    ///
    /// # Errors
    ///
    /// As [`upload_from`](Self::upload_from).
    pub fn upload(&self, file_name: &str, content: impl Into<Bytes>) -> BoxFuture<Result<FileImport>> {
        self.upload_from(Upload::bytes(file_name, content))
    }

    /// Uploads a CSV file from disk (`uploadCsvFile`), reading it while it is sent. Nothing is imported yet.
    ///
    /// # Errors
    ///
    /// As [`upload_from`](Self::upload_from).
    pub fn upload_file(&self, path: impl AsRef<Path>) -> BoxFuture<Result<FileImport>> {
        self.upload_from(Upload::path(path.as_ref()))
    }

    /// Uploads a CSV file from memory, from disk or from a stream (`uploadCsvFile`). Nothing is imported yet. The media
    /// type is `text/csv` unless it is given; the API documents no maximum size.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`], before anything is sent, for a blank name and an empty or unreadable file; also if
    /// the size of the file changed while it was sent, in which case the API has not stored it.
    /// [`Error::is_validation`] if the API rejects it; [`Error::is_unknown_outcome`] if the response was lost:
    /// uploading again is safe.
    pub fn upload_from(&self, upload: Upload) -> BoxFuture<Result<FileImport>> {
        let this = self.clone();
        Box::pin(async move {
            let file = upload.prepare("file_name", "file").await?;
            let media_type = file.media_type.clone().unwrap_or_else(|| "text/csv".to_owned());
            let form = |part| Form::new().text("type", "csv_leads").part("file", part);
            let call = |content_type: &str, body: Body| this.client.raw().upload_csv_file(content_type, body);
            file.send(&this.client, &media_type, form, call).await
        })
    }

    /// Imports contacts from an uploaded file (`importLeadsFromFile`). The response does not contain how many were
    /// created. Returns a builder; await it to send the request.
    ///
    /// `columns` maps the headers of the file to fields of a contact. Addresses go into `work_email` and
    /// `personal_email`; a plain `email` may not be stored.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without columns, for a blank one and for two with the same target;
    /// [`Error::is_validation`] if the API rejects it; [`Error::is_unknown_outcome`] if the response was lost.
    pub fn contacts<S: Into<String>, T: Into<String>>(
        &self,
        file_import_uuid: impl Into<String>,
        columns: impl IntoIterator<Item = (S, T)>,
    ) -> ImportContacts {
        let body = ImportContactsFromFileBody::new(mapping(columns));
        ImportContacts { client: self.client.clone(), uuid: file_import_uuid.into(), body }
    }

    /// Imports companies from an uploaded file (`importCompaniesFromFile`). The response does not contain how many were
    /// created.
    ///
    /// `columns` maps the headers of the file to fields of a company.
    ///
    /// # Errors
    ///
    /// As [`contacts`](Self::contacts).
    pub fn companies<S: Into<String>, T: Into<String>>(
        &self,
        file_import_uuid: &str,
        columns: impl IntoIterator<Item = (S, T)>,
    ) -> Call<()> {
        self.client.try_call(|| {
            validate::id("file_import_uuid", file_import_uuid)?;
            let body = ImportCompaniesFromFileBody::new(mapping(columns));
            check_columns(&body.columns)?;
            Ok(self.client.raw().import_companies_from_file(file_import_uuid, &body).ignore_body())
        })
    }
}

fn mapping<S: Into<String>, T: Into<String>>(columns: impl IntoIterator<Item = (S, T)>) -> Vec<ImportColumn> {
    columns
        .into_iter()
        .map(|(source, target)| ImportColumn {
            source: Some(source.into()),
            target: Some(target.into()),
            ..Default::default()
        })
        .collect()
}

fn check_columns(columns: &[ImportColumn]) -> Result<()> {
    if columns.is_empty() {
        return Err(Error::input("columns", "must not be empty"));
    }
    let mut targets = std::collections::HashSet::new();
    for (index, column) in columns.iter().enumerate() {
        validate::text(&format!("columns[{index}].source"), column.source.as_deref().unwrap_or_default())?;
        let target = column.target.as_deref().unwrap_or_default();
        validate::text(&format!("columns[{index}].target"), target)?;
        if !targets.insert(target) {
            let message = format!("duplicate target `{target}`");
            return Err(Error::input(format!("columns[{index}].target"), message));
        }
    }
    Ok(())
}

/// Builder for an import of contacts. Await it to send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct ImportContacts {
    client: Client,
    uuid: String,
    body: ImportContactsFromFileBody,
}

impl ImportContacts {
    /// Starts the import and returns a job to wait for.
    ///
    /// The API does not report the progress of an import. The job watches the list that the contacts are added to, so a
    /// list is required, and its contacts are counted before the import (`countContacts`).
    ///
    /// # Errors
    ///
    /// As awaiting it without `start`; and [`Error::is_invalid_input`] without a list.
    pub fn start(self) -> BoxFuture<Result<ImportJob>> {
        Box::pin(async move {
            let Some(list) = self.body.list_uuid.clone() else {
                let message = "must be set to wait for the import; await it without `start`";
                return Err(Error::input("list_uuid", message));
            };
            self.check()?;
            let job = ImportJob { client: self.client.clone(), list, before: 0, rows: None };
            let before = job.count().await?;
            self.await?;
            Ok(ImportJob { before, ..job })
        })
    }

    fn check(&self) -> Result<()> {
        validate::id("file_import_uuid", &self.uuid)?;
        check_columns(&self.body.columns)?;
        if let Some(list) = &self.body.list_uuid {
            validate::id("list_uuid", list)?;
        }
        if let Some(source) = &self.body.data_source_uuid {
            validate::id("data_source_uuid", source)?;
        }
        for (index, tag) in self.body.tags.iter().enumerate() {
            validate::id(&format!("tags[{index}]"), tag)?;
        }
        Ok(())
    }

    /// Sets the list that the contacts are added to.
    pub fn list(mut self, list_uuid: impl Into<ListId>) -> Self {
        self.body.list_uuid = Some(list_uuid.into());
        self
    }

    /// Sets the data source of new contacts. Undocumented: the vendor's own client sends it.
    pub fn data_source(mut self, data_source_uuid: impl Into<DataSourceId>) -> Self {
        self.body.data_source_uuid = Some(data_source_uuid.into());
        self
    }

    /// Sets whether contacts that exist already are updated. Undocumented: the vendor's own client sends it.
    pub fn update_existing(mut self, update: bool) -> Self {
        self.body.update_if_exists = Some(update);
        self
    }

    /// Sets whether contacts that exist already move to the list. Undocumented: the vendor's own client sends it.
    pub fn move_to_list(mut self, move_to_list: bool) -> Self {
        self.body.move_to_list = Some(move_to_list);
        self
    }

    /// Sets whether the first row names the columns. Undocumented: the vendor's own client sends it.
    pub fn skip_first_row(mut self, skip: bool) -> Self {
        self.body.skip_first_row = Some(skip);
        self
    }

    /// Adds a tag to the contacts. Can be called several times.
    pub fn tag(mut self, tag_uuid: impl Into<TagId>) -> Self {
        self.body.tags.push(tag_uuid.into().into());
        self
    }
}

impl IntoFuture for ImportContacts {
    type Output = Result<()>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            self.check()?;
            self.client
                .call(self.client.raw().import_leads_from_file(&self.uuid, &self.body).ignore_body())
                .await
        })
    }
}

/// A running import of contacts.
#[derive(Debug, Clone)]
pub struct ImportJob {
    client: Client,
    list: ListId,
    before: u64,
    rows: Option<u64>,
}

/// Visible result of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Imported {
    /// Number of contacts that the list gained. Existing contacts may not be counted.
    pub added: u64,
    /// Whether the list gained as many contacts as [expected](ImportJob::expect). If not, it did not change for the
    /// duration of [`Wait::settle`], and the remaining rows are assumed to have added no contact to the list.
    pub complete: bool,
    /// Progress at the end of the wait.
    pub progress: Progress,
}

impl ImportJob {
    /// Resumes waiting for a job that was started elsewhere or before a restart, from its list and the number of
    /// contacts that the list contained before.
    #[must_use]
    pub fn resume(client: &Client, list_uuid: impl Into<ListId>, before: u64) -> Self {
        Self { client: client.clone(), list: list_uuid.into(), before, rows: None }
    }

    /// Sets the number of rows of the file, so that the end can be distinguished from a pause.
    #[must_use]
    pub fn expect(mut self, rows: u64) -> Self {
        self.rows = Some(rows);
        self
    }

    /// Returns the number of contacts that the list contained before, for `resume`.
    #[must_use]
    pub fn before(&self) -> u64 {
        self.before
    }

    async fn count(&self) -> Result<u64> {
        Contacts::new(self.client.clone()).count(contact::list_uuid().eq(&self.list)).await
    }

    /// Waits until the list has gained as many contacts as [expected](Self::expect), or has gained some and then not
    /// changed for the duration of [`Wait::settle`] (`countContacts`).
    ///
    /// An import that adds nothing, because every contact existed, cannot be distinguished from one that has not
    /// started; both are waited for until the limit. Contacts that others add to the same list meanwhile are counted
    /// too, so use a separate list per import.
    ///
    /// # Errors
    ///
    /// [`Error::is_still_running`] at the limit; call this again to continue waiting.
    pub fn wait(&self, wait: &Wait) -> BoxFuture<Result<Imported>> {
        let this = self.clone();
        let wait = wait.clone();
        Box::pin(async move {
            validate::id("list_uuid", &this.list)?;
            let began = Instant::now();
            let last = Mutex::new((0, began));
            let look = || async {
                let added = this.count().await?.saturating_sub(this.before);
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                if last.0 != added {
                    *last = (added, Instant::now());
                }
                let complete = this.rows.is_some_and(|rows| added >= rows);
                let settled = added > 0 && last.1.elapsed() >= wait.settle_time();
                Ok(Look::new((complete || settled).then_some((added, complete))).count(added, this.rows))
            };
            let ((added, complete), progress) = wait::until(&wait, "the import", look).await?;
            Ok(Imported { added, complete, progress })
        })
    }
}
