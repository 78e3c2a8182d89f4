//! Imports from CSV files.

use std::{
    future::IntoFuture,
    path::Path,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use grinfi_raw::{
    ids::{DataSourceId, ListId, TagId},
    types::{ImportColumn, ImportCompaniesFromFileBody, ImportLeadsFromFileBody},
};
use reqwest::{Body, multipart::Form};
use tokio::time::Instant;

use crate::{
    client::Client,
    error::{Error, Result},
    filter::contact,
    models::FileImport,
    page::BoxFuture,
    resources::{contacts::Contacts, macros::handle, untyped_response, validate},
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
    pub async fn upload(&self, file_name: &str, content: impl Into<Bytes>) -> Result<FileImport> {
        self.upload_from(Upload::bytes(file_name, content)).await
    }

    /// Uploads a CSV file from disk (`uploadCsvFile`), which is read as it is sent. Nothing is imported yet.
    ///
    /// # Errors
    ///
    /// As [`upload_from`](Self::upload_from).
    pub async fn upload_file(&self, path: impl AsRef<Path>) -> Result<FileImport> {
        self.upload_from(Upload::path(path.as_ref())).await
    }

    /// Uploads a CSV file from memory, from disk or from a stream (`uploadCsvFile`). Nothing is imported yet. The media type
    /// is `text/csv` unless it is given; the API documents no largest size.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`], before anything is sent, for a blank name, an empty file and one that cannot be read; also
    /// for a file that came to be shorter or longer while it was sent, which the API then has not taken.
    /// [`Error::is_validation`] if the API refuses it; [`Error::is_unknown_outcome`] if the answer was lost: uploading again
    /// does no harm.
    pub async fn upload_from(&self, upload: Upload) -> Result<FileImport> {
        let file = upload.prepare("file_name", "file").await?;
        let media_type = file.media_type.clone().unwrap_or_else(|| "text/csv".to_owned());
        let form = |part| Form::new().text("type", "csv_leads").part("file", part);
        let call = |client: Client, content_type: String, body: Body| async move {
            client.call(client.raw().upload_csv_file(&content_type, body)).await
        };
        file.send(&self.client, &media_type, form, call).await
    }

    /// Imports contacts from an uploaded file (`importLeadsFromFile`), by awaiting what this returns. The answer does not
    /// tell how many were created.
    ///
    /// `columns` maps the headers of the file to fields of a contact. Addresses go into `work_email` and
    /// `personal_email`; a plain `email` may not be stored.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] without columns, for a blank one and for two with the same target;
    /// [`Error::is_validation`] if the API refuses it; [`Error::is_unknown_outcome`] if the answer was lost.
    pub fn contacts<S: Into<String>, T: Into<String>>(
        &self,
        file_import_uuid: impl Into<String>,
        columns: impl IntoIterator<Item = (S, T)>,
    ) -> ImportContacts {
        let body = ImportLeadsFromFileBody::new(mapping(columns));
        ImportContacts { client: self.client.clone(), uuid: file_import_uuid.into(), body }
    }

    /// Imports companies from an uploaded file (`importCompaniesFromFile`). The answer does not tell how many were
    /// created.
    ///
    /// `columns` maps the headers of the file to fields of a company.
    ///
    /// # Errors
    ///
    /// As [`contacts`](Self::contacts).
    pub async fn companies<S: Into<String>, T: Into<String>>(
        &self,
        file_import_uuid: &str,
        columns: impl IntoIterator<Item = (S, T)>,
    ) -> Result<()> {
        validate::id("file_import_uuid", file_import_uuid)?;
        let body = ImportCompaniesFromFileBody::new(mapping(columns));
        check_columns(&body.columns)?;
        let call = self.client.raw().import_companies_from_file(file_import_uuid, &body);
        untyped_response::done(&self.client, call).await
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
        return Err(Error::input("columns", "there are none"));
    }
    let mut targets = std::collections::HashSet::new();
    for (index, column) in columns.iter().enumerate() {
        validate::text(&format!("columns[{index}].source"), column.source.as_deref().unwrap_or_default())?;
        let target = column.target.as_deref().unwrap_or_default();
        validate::text(&format!("columns[{index}].target"), target)?;
        if !targets.insert(target) {
            let message = format!("two columns go to `{target}`");
            return Err(Error::input(format!("columns[{index}].target"), message));
        }
    }
    Ok(())
}

/// An import of contacts about to be started, by awaiting it.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until this is awaited"]
pub struct ImportContacts {
    client: Client,
    uuid: String,
    body: ImportLeadsFromFileBody,
}

impl ImportContacts {
    /// Starts the import, and answers with something to wait on.
    ///
    /// The API describes nothing that tells how far an import is. What can be seen is the list that the contacts go to, so
    /// there must be one, and its contacts are counted beforehand (`countContacts`).
    ///
    /// # Errors
    ///
    /// As awaiting it without `start`; and [`Error::is_invalid_input`] without a list.
    pub async fn start(self) -> Result<ImportJob> {
        let Some(list) = self.body.list_uuid.clone() else {
            let message =
                "an import that goes to no list leaves nothing to look at; await it without `start`";
            return Err(Error::input("list_uuid", message));
        };
        self.check()?;
        let job = ImportJob { client: self.client.clone(), list, before: 0, rows: None };
        let before = job.count().await?;
        self.await?;
        Ok(ImportJob { before, ..job })
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

    /// Puts the contacts into a list.
    pub fn list(mut self, list_uuid: impl Into<ListId>) -> Self {
        self.body.list_uuid = Some(list_uuid.into());
        self
    }

    /// Sets the data source of new contacts. Undocumented: the vendor's own client sends it.
    pub fn data_source(mut self, data_source_uuid: impl Into<DataSourceId>) -> Self {
        self.body.data_source_uuid = Some(data_source_uuid.into());
        self
    }

    /// Sets whether contacts that are there already are updated. Undocumented: the vendor's own client sends it.
    pub fn update_existing(mut self, update: bool) -> Self {
        self.body.update_if_exists = Some(update);
        self
    }

    /// Sets whether contacts that are there already move to the list. Undocumented: the vendor's own client sends it.
    pub fn move_to_list(mut self, move_to_list: bool) -> Self {
        self.body.move_to_list = Some(move_to_list);
        self
    }

    /// Sets whether the first row names the columns. Undocumented: the vendor's own client sends it.
    pub fn skip_first_row(mut self, skip: bool) -> Self {
        self.body.skip_first_row = Some(skip);
        self
    }

    /// Puts a tag on the contacts; can be called several times.
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
            untyped_response::done(
                &self.client,
                self.client.raw().import_leads_from_file(&self.uuid, &self.body),
            )
            .await
        })
    }
}

/// An import of contacts under way, to be waited on.
#[derive(Debug, Clone)]
pub struct ImportJob {
    client: Client,
    list: ListId,
    before: u64,
    rows: Option<u64>,
}

/// What came of an import, as far as one can see.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Imported {
    /// How many contacts the list gained. Contacts that were there already may not be among them.
    pub added: u64,
    /// Whether the list gained as many as were [expected](ImportJob::expect). If not, it did not change any more for the
    /// time of [`Wait::settle`], and the rest is taken for rows that made no new contact of the list.
    pub complete: bool,
    /// How the waiting went.
    pub progress: Progress,
}

impl ImportJob {
    /// A job that was started elsewhere, or before a restart: the list that it goes to and how many contacts that held.
    #[must_use]
    pub fn resume(client: &Client, list_uuid: impl Into<ListId>, before: u64) -> Self {
        Self { client: client.clone(), list: list_uuid.into(), before, rows: None }
    }

    /// Says how many rows the file has, so that the end can be told from a pause.
    #[must_use]
    pub fn expect(mut self, rows: u64) -> Self {
        self.rows = Some(rows);
        self
    }

    /// How many contacts the list held before, for [`resume`](Self::resume).
    #[must_use]
    pub fn before(&self) -> u64 {
        self.before
    }

    async fn count(&self) -> Result<u64> {
        Contacts::new(self.client.clone()).count(contact::list_uuid().eq(&self.list)).await
    }

    /// Waits until the list has gained as many contacts as are [expected](Self::expect), or has gained some and then not
    /// changed for the time of [`Wait::settle`] (`countContacts`).
    ///
    /// What this cannot tell: an import that adds nothing, because every contact was there already, from one that has not
    /// begun; both last until the limit. Nor its contacts from those that others add to the same list meanwhile, so a list
    /// of its own is the best place for an import.
    ///
    /// # Errors
    ///
    /// [`Error::is_still_running`] at the limit; call this again to go on waiting.
    pub async fn wait(&self, wait: &Wait) -> Result<Imported> {
        validate::id("list_uuid", &self.list)?;
        let began = Instant::now();
        let last = Mutex::new((0, began));
        let look = || async {
            let added = self.count().await?.saturating_sub(self.before);
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            if last.0 != added {
                *last = (added, Instant::now());
            }
            let complete = self.rows.is_some_and(|rows| added >= rows);
            let settled = added > 0 && last.1.elapsed() >= wait.settle_time();
            Ok(Look::new((complete || settled).then_some((added, complete))).count(added, self.rows))
        };
        let ((added, complete), progress) = wait::until(wait, "the import", look).await?;
        Ok(Imported { added, complete, progress })
    }
}
