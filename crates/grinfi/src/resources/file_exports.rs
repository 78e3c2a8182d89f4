//! Exports to CSV files.

use grinfi_raw::{
    Operation,
    ids::{CompanyId, ContactId},
    types::{DownloadExportFileBody, ExportCompaniesToCsvBody, ExportLeadsToCsvBody},
};
use serde_json::{Map, Value};

use crate::{
    client::Client,
    error::{Error, Result},
    filter::{Filter, Filterable},
    models::{CompanyExport, ContactExport},
    resources::{
        companies::Companies, contacts::Contacts, download::Download, macros::handle, selection::Selection,
        validate,
    },
    wait::{self, Look, Wait},
};

handle! {
    /// Exports of contacts and companies to CSV files. They are queued; the file is downloaded by its name once it is
    /// there.
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

/// A filter that selects something. The API takes an empty one for everything.
fn search_filter<R: Filterable>(filter: &Filter<R>) -> Result<Map<String, Value>> {
    let filter = filter.to_json()?;
    if filter.is_empty() {
        return Err(Error::input(
            "filter",
            "`filter` must not be empty; `Selection::all()` exports everything",
        ));
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
    /// Queues an export of contacts (`exportLeadsToCsv`). The answer describes the job; the name of the file is not in it.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for an empty selection; [`Error::is_job_failed`] if the job is one that failed at once;
    /// [`Error::is_unknown_outcome`] if the answer was lost.
    pub async fn contacts(&self, selection: Selection<ContactId>) -> Result<ContactExport> {
        let body = ExportLeadsToCsvBody::new(selection.to_json()?);
        let export = self.client.call(self.client.raw().export_leads_to_csv(&body)).await?;
        wait::check_status("the export", export.status.as_deref())?;
        Ok(export)
    }

    /// Queues an export of companies (`exportCompaniesToCsv`). The answer describes the job; the name of the file is not in
    /// it.
    ///
    /// # Errors
    ///
    /// As [`contacts`](Self::contacts).
    pub async fn companies(&self, selection: Selection<CompanyId>) -> Result<CompanyExport> {
        let body = ExportCompaniesToCsvBody::new(selection.to_json()?);
        let export = self.client.call(self.client.raw().export_companies_to_csv(&body)).await?;
        wait::check_status("the export", export.status.as_deref())?;
        Ok(export)
    }

    /// Queues an export of the contacts that match a filter (`exportLeadsToCsv`), with the named fields only, or with all of
    /// them if none are named. Undocumented: the vendor's own client exports by the filter of a search.
    ///
    /// # Errors
    ///
    /// As [`contacts`](Self::contacts); [`Error::is_invalid_input`] also for an empty filter ([`Selection::all`] exports
    /// everything) and for conditions that cannot be said together.
    pub async fn contacts_matching(
        &self,
        filter: Filter<Contacts>,
        fields: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<ContactExport> {
        let mut body = ExportLeadsToCsvBody::new(search_filter(&filter)?);
        body.fields = field_names(fields)?;
        let export = self.client.call(self.client.raw().export_leads_to_csv(&body)).await?;
        wait::check_status("the export", export.status.as_deref())?;
        Ok(export)
    }

    /// Queues an export of the companies that match a filter (`exportCompaniesToCsv`), with the named fields only, or with all
    /// of them if none are named. Undocumented: the vendor's own client exports by the filter of a search.
    ///
    /// # Errors
    ///
    /// As [`contacts_matching`](Self::contacts_matching).
    pub async fn companies_matching(
        &self,
        filter: Filter<Companies>,
        fields: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<CompanyExport> {
        let mut body = ExportCompaniesToCsvBody::new(search_filter(&filter)?);
        body.fields = field_names(fields)?;
        let export = self.client.call(self.client.raw().export_companies_to_csv(&body)).await?;
        wait::check_status("the export", export.status.as_deref())?;
        Ok(export)
    }

    /// Waits until a file is there, and downloads it (`downloadExportFile`).
    ///
    /// The API describes nothing that tells how far an export is, and its answer to the order does not name the file. What can
    /// be seen is the file itself: while there is none by this name the download answers 404. A name that is mistyped looks the
    /// same as one that is not there yet.
    ///
    /// # Errors
    ///
    /// [`Error::is_still_running`] if it is not there at the limit; call this again to go on waiting.
    pub async fn wait_for(&self, file_name: &str, wait: &Wait) -> Result<Download> {
        let look = || async {
            match self.download(file_name).await {
                Ok(download) => Ok(Look::new(Some(download))),
                Err(error) if error.is_not_found() => Ok(Look::new(None)),
                Err(error) => Err(error),
            }
        };
        wait::until(wait, "the export", look).await.map(|(download, _)| download)
    }

    /// Downloads a file by its name (`downloadExportFile`), as it comes.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is no such file, or not yet.
    pub async fn download(&self, file_name: &str) -> Result<Download> {
        validate::text("file_name", file_name)?;
        let body = DownloadExportFileBody::new(file_name);
        let stream = self.client.call(self.client.raw().download_export_file(&body)).await?;
        Ok(Download::new(stream, Operation::by_id("downloadExportFile")))
    }
}
