//! Exports to CSV files.

use grinfi_raw::{
    Operation,
    ids::{CompanyId, ContactId},
    types::{DownloadExportFileBody, ExportCompaniesToCsvBody, ExportContactsToCsvBody},
};
use serde_json::{Map, Value};

use crate::{
    client::Client,
    error::{Error, Result},
    filter::{Filter, Filterable},
    models::{CompanyExport, ContactExport},
    page::BoxFuture,
    resources::{
        companies::Companies, contacts::Contacts, download::Download, macros::handle, selection::Selection,
        validate,
    },
    wait::{self, Look, Wait},
};

handle! {
    /// Exports of contacts and companies to CSV files. The API runs them in the background; the file is downloaded by
    /// its name when it is complete.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let folder = std::env::temp_dir();
    /// use std::io::Write;
    ///
    /// use grinfi::{jobs::Wait, selection::Selection};
    ///
    /// let job = client.file_exports().contacts(Selection::all()).await?;
    /// // The answer does not name the file; this is what the sandbox calls it.
    /// let name = format!("leads-export-{}.csv", job.uuid.ok_or("no id")?);
    /// let mut download = client.file_exports().wait_for(&name, &Wait::new()).await?;
    /// let bytes = download.save(folder.join("contacts.csv")).await?;
    /// # Ok(())
    /// # }
    /// ```
    FileExports
}

impl Client {
    /// Exports to CSV files.
    #[must_use]
    pub fn file_exports(&self) -> FileExports {
        FileExports::new(self.clone())
    }
}

/// Returns the filter as JSON. An empty one is rejected, because the API would export everything.
fn search_filter<R: Filterable>(filter: &Filter<R>) -> Result<Map<String, Value>> {
    let filter = filter.to_json()?;
    if filter.is_empty() {
        return Err(Error::input("filter", "must not be empty; `Selection::all()` exports everything"));
    }
    Ok(filter)
}

fn field_names(fields: impl IntoIterator<Item = impl Into<String>>) -> Result<Vec<String>> {
    let fields: Vec<String> = fields.into_iter().map(Into::into).collect();
    for (index, field) in fields.iter().enumerate() {
        validate::text(&format!("fields[{index}]"), field)?;
    }
    Ok(fields)
}

impl FileExports {
    /// Queues an export of contacts (`exportLeadsToCsv`). The response describes the job; it does not contain the name
    /// of the file.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for an empty selection; [`Error::is_job_failed`] if the job failed at once;
    /// [`Error::is_unknown_outcome`] if the response was lost.
    pub fn contacts(&self, selection: Selection<ContactId>) -> BoxFuture<Result<ContactExport>> {
        let call = self.client.try_call(|| {
            let body = ExportContactsToCsvBody::new(selection.to_json()?);
            Ok(self.client.raw().export_leads_to_csv(&body))
        });
        Box::pin(async move {
            let export = call.await?;
            wait::check_status("the export", export.status.as_deref())?;
            Ok(export)
        })
    }

    /// Queues an export of companies (`exportCompaniesToCsv`). The response describes the job; it does not contain the
    /// name of the file.
    ///
    /// # Errors
    ///
    /// As [`contacts`](Self::contacts).
    pub fn companies(&self, selection: Selection<CompanyId>) -> BoxFuture<Result<CompanyExport>> {
        let call = self.client.try_call(|| {
            let body = ExportCompaniesToCsvBody::new(selection.to_json()?);
            Ok(self.client.raw().export_companies_to_csv(&body))
        });
        Box::pin(async move {
            let export = call.await?;
            wait::check_status("the export", export.status.as_deref())?;
            Ok(export)
        })
    }

    /// Queues an export of the contacts that match a filter (`exportLeadsToCsv`), with the named fields only, or with all of
    /// them if none are named. Undocumented: the vendor's own client exports by the filter of a search.
    ///
    /// # Errors
    ///
    /// As [`contacts`](Self::contacts); [`Error::is_invalid_input`] also for an empty filter ([`Selection::all`]
    /// exports everything) and for conditions that cannot be combined.
    pub fn contacts_matching(
        &self,
        filter: Filter<Contacts>,
        fields: impl IntoIterator<Item = impl Into<String>>,
    ) -> BoxFuture<Result<ContactExport>> {
        let call = self.client.try_call(|| {
            let mut body = ExportContactsToCsvBody::new(search_filter(&filter)?);
            body.fields = field_names(fields)?;
            Ok(self.client.raw().export_leads_to_csv(&body))
        });
        Box::pin(async move {
            let export = call.await?;
            wait::check_status("the export", export.status.as_deref())?;
            Ok(export)
        })
    }

    /// Queues an export of the companies that match a filter (`exportCompaniesToCsv`), with the named fields only, or with all
    /// of them if none are named. Undocumented: the vendor's own client exports by the filter of a search.
    ///
    /// # Errors
    ///
    /// As [`contacts_matching`](Self::contacts_matching).
    pub fn companies_matching(
        &self,
        filter: Filter<Companies>,
        fields: impl IntoIterator<Item = impl Into<String>>,
    ) -> BoxFuture<Result<CompanyExport>> {
        let call = self.client.try_call(|| {
            let mut body = ExportCompaniesToCsvBody::new(search_filter(&filter)?);
            body.fields = field_names(fields)?;
            Ok(self.client.raw().export_companies_to_csv(&body))
        });
        Box::pin(async move {
            let export = call.await?;
            wait::check_status("the export", export.status.as_deref())?;
            Ok(export)
        })
    }

    /// Waits until a file exists and downloads it (`downloadExportFile`).
    ///
    /// The API reports neither the progress of an export nor the name of its file. Until the file exists, the download
    /// returns 404, so a mistyped name cannot be distinguished from a file that is not complete yet.
    ///
    /// # Errors
    ///
    /// [`Error::is_still_running`] if it does not exist at the limit; call this again to continue waiting.
    pub fn wait_for(&self, file_name: &str, wait: &Wait) -> BoxFuture<Result<Download>> {
        let this = self.clone();
        let (file_name, wait) = (file_name.to_owned(), wait.clone());
        Box::pin(async move {
            let look = || async {
                match this.download(&file_name).await {
                    Ok(download) => Ok(Look::new(Some(download))),
                    Err(error) if error.is_not_found() => Ok(Look::new(None)),
                    Err(error) => Err(error),
                }
            };
            wait::until(&wait, "the export", look).await.map(|(download, _)| download)
        })
    }

    /// Downloads a file by its name (`downloadExportFile`) as a stream.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the file does not exist, or not yet.
    pub fn download(&self, file_name: &str) -> BoxFuture<Result<Download>> {
        let call = self.client.try_call(|| {
            validate::text("file_name", file_name)?;
            Ok(self.client.raw().download_export_file(&DownloadExportFileBody::new(file_name)))
        });
        Box::pin(async move { Ok(Download::new(call.await?, Operation::by_id("downloadExportFile"))) })
    }
}
