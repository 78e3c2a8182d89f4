//! Imports from CSV files.

use std::{future::IntoFuture, path::Path};

use bytes::Bytes;
use futures_util::TryStreamExt;
use grinfi_raw::{
    ids::{ListId, TagId},
    types::{ImportColumn, ImportCompaniesFromFileBody, ImportLeadsFromFileBody},
};
use reqwest::multipart::{Form, Part};

use super::{answer, check_id, check_text, handle};
use crate::{
    client::Client,
    error::{Error, Result},
    model::FileImport,
    page::BoxFuture,
};

handle! {
    /// Imports of contacts and companies from CSV files, in two steps: the upload, then the import with a mapping of
    /// columns.
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = grinfi::Client::builder().api_key("a.b.c").base_url("http://127.0.0.1:8787").build()?;
    /// let file = client.file_imports().upload_file("fair.csv").await?.uuid.ok_or("no id")?;
    /// let columns = [("First name", "first_name"), ("Mail", "work_email")];
    /// client.file_imports().contacts(&file, columns).list("a1b2c3d4-e5f6-7890-abcd-ef1234567890").await?;
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
    /// Uploads a CSV file (`uploadCsvFile`). Nothing is imported yet.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a blank name or an empty file; [`Error::is_validation`] if the API refuses it;
    /// [`Error::is_unknown_outcome`] if the answer was lost: uploading again does no harm.
    pub async fn upload(&self, file_name: &str, content: impl Into<Bytes>) -> Result<FileImport> {
        check_text("file_name", file_name)?;
        let content: Bytes = content.into();
        if content.trim_ascii().is_empty() {
            return Err(Error::input("file", "it is empty"));
        }
        let length = content.len() as u64;
        let file = Part::stream_with_length(content, length)
            .file_name(file_name.to_owned())
            .mime_str("text/csv")
            .map_err(Error::from_reqwest)?;
        let form = Form::new().text("type", "csv_leads").part("file", file);
        let content_type = format!("multipart/form-data; boundary={}", form.boundary());
        // Put together here, so that the request has a length and can be sent again where that is safe.
        let chunks: Vec<Bytes> = form.into_stream().try_collect().await.map_err(Error::from_reqwest)?;
        self.client.call(self.client.raw().upload_csv_file(&content_type, chunks.concat())).await
    }

    /// The same for a file on disk, which is read whole.
    ///
    /// # Errors
    ///
    /// As [`upload`](Self::upload), and [`Error::is_invalid_input`] for a file that cannot be read.
    pub async fn upload_file(&self, path: impl AsRef<Path>) -> Result<FileImport> {
        let path = path.as_ref().to_owned();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let unreadable = |source: std::io::Error| {
            Error::input("path", format!("the file cannot be read: {source}")).with_source(source)
        };
        let content = tokio::task::spawn_blocking(move || std::fs::read(path))
            .await
            .map_err(std::io::Error::other)
            .and_then(|content| content)
            .map_err(unreadable)?;
        self.upload(&name, content).await
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
        let body = ImportLeadsFromFileBody { columns: mapping(columns), list_uuid: None, tags: Vec::new() };
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
        check_id("file_import_uuid", file_import_uuid)?;
        let body = ImportCompaniesFromFileBody { columns: mapping(columns) };
        check_columns(&body.columns)?;
        let call = self.client.raw().import_companies_from_file(file_import_uuid, &body);
        answer::done(&self.client, call).await
    }
}

fn mapping<S: Into<String>, T: Into<String>>(columns: impl IntoIterator<Item = (S, T)>) -> Vec<ImportColumn> {
    columns
        .into_iter()
        .map(|(source, target)| ImportColumn { source: Some(source.into()), target: Some(target.into()) })
        .collect()
}

fn check_columns(columns: &[ImportColumn]) -> Result<()> {
    if columns.is_empty() {
        return Err(Error::input("columns", "there are none"));
    }
    let mut targets = std::collections::HashSet::new();
    for (index, column) in columns.iter().enumerate() {
        check_text(&format!("columns[{index}].source"), column.source.as_deref().unwrap_or_default())?;
        let target = column.target.as_deref().unwrap_or_default();
        check_text(&format!("columns[{index}].target"), target)?;
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
    /// Puts the contacts into a list.
    pub fn list(mut self, list_uuid: impl Into<ListId>) -> Self {
        self.body.list_uuid = Some(list_uuid.into());
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
            check_id("file_import_uuid", &self.uuid)?;
            check_columns(&self.body.columns)?;
            if let Some(list) = &self.body.list_uuid {
                check_id("list_uuid", list)?;
            }
            for (index, tag) in self.body.tags.iter().enumerate() {
                check_id(&format!("tags[{index}]"), tag)?;
            }
            answer::done(&self.client, self.client.raw().import_leads_from_file(&self.uuid, &self.body)).await
        })
    }
}
