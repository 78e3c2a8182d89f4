//! Files that go out with messages.

use std::path::Path;

use bytes::Bytes;
use futures_util::TryStreamExt;
use grinfi_raw::ids::AttachmentId;
use reqwest::multipart::{Form, Part};

use super::{check_id, check_text, handle};
use crate::{
    client::Client,
    error::{Error, Result},
    model::Attachment,
    page::{BoxFuture, Page},
    search::{Listed, Query, Search},
};

handle! {
    /// Files that go out with messages: uploaded once, then named by their ids.
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = grinfi::Client::builder().api_key("k.k.k").base_url("http://127.0.0.1:8787").build()?;
    /// # let (sender, contact) = ("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002");
    /// let plan = client.attachments().upload("plan.pdf", "application/pdf", &b"%PDF-1.7"[..]).await?;
    /// client.linkedin_messages().send(sender, contact, "Here is the plan.").attachment(&plan.uuid).await?;
    /// # Ok(())
    /// # }
    /// ```
    Attachments
}

impl Client {
    /// Files that go out with messages.
    #[must_use]
    pub fn attachments(&self) -> Attachments {
        Attachments::new(self.clone())
    }
}

/// Media types by the extension of a file name.
const MEDIA_TYPES: [(&str, &str); 15] = [
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("gif", "image/gif"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("mov", "video/quicktime"),
    ("mp4", "video/mp4"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("txt", "text/plain"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
];

impl Attachments {
    /// Lists the files (`listAttachments`). They take no filter.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets what is known of a file (`getAttachment`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn get(&self, uuid: impl Into<AttachmentId>) -> Result<Attachment> {
        let uuid = uuid.into();
        check_id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_attachment(uuid.as_str())).await
    }

    /// Deletes a file (`deleteAttachment`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn delete(&self, uuid: impl Into<AttachmentId>) -> Result<()> {
        let uuid = uuid.into();
        check_id("uuid", &uuid)?;
        self.client.call(self.client.raw().delete_attachment(uuid.as_str())).await
    }

    /// Uploads a file from memory (`uploadAttachment`): its name with the extension, its media type such as `image/png`, and
    /// what is in it. Nothing goes to anyone yet.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for a blank name, a media type that cannot be one, or an empty file;
    /// [`Error::is_validation`] if the API refuses it; [`Error::is_unknown_outcome`] if the answer was lost.
    pub async fn upload(
        &self,
        name: &str,
        media_type: &str,
        contents: impl Into<Bytes>,
    ) -> Result<Attachment> {
        let contents = contents.into();
        check_text("name", name)?;
        if name.contains(['/', '\\']) {
            return Err(Error::input("name", "it is a path, not the name of a file"));
        }
        if contents.is_empty() {
            return Err(Error::input("contents", "the file is empty"));
        }
        let size = contents.len();
        let file = Part::stream_with_length(contents, size as u64)
            .file_name(name.to_owned())
            .mime_str(media_type)
            .map_err(|source| Error::input("media_type", "it is none").with_source(source))?;
        // The API takes the name, the size as a text, and the type once more beside the file.
        let form = Form::new()
            .part("attachment", file)
            .text("payload[name]", name.to_owned())
            .text("payload[size]", size.to_string())
            .text("payload[type]", media_type.to_owned());
        let content_type = format!("multipart/form-data; boundary={}", form.boundary());
        // Whole in memory, so that it can be sent again where that is safe.
        let chunks: Vec<Bytes> = form.into_stream().try_collect().await.map_err(Error::from_reqwest)?;
        self.client.call(self.client.raw().upload_attachment(&content_type, chunks.concat())).await
    }

    /// Uploads a file from disk (`uploadAttachment`), with the media type that its extension stands for.
    ///
    /// # Errors
    ///
    /// As [`upload`](Self::upload), and [`Error::is_invalid_input`] for a file that cannot be read or an extension that is
    /// not known.
    pub async fn upload_file(&self, path: impl AsRef<Path>) -> Result<Attachment> {
        let path = path.as_ref().to_owned();
        let name = path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
        let Some(name) = name else {
            return Err(Error::input("path", "it does not name a file"));
        };
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let known = MEDIA_TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension));
        let Some((_, media_type)) = known else {
            let message = format!("`.{extension}` stands for no media type that is known here; use `upload`");
            return Err(Error::input("path", message));
        };
        let contents = read(path).await?;
        self.upload(&name, media_type, contents).await
    }
}

/// Reads a file without holding up other tasks.
async fn read(path: std::path::PathBuf) -> Result<Vec<u8>> {
    tokio::task::spawn_blocking(move || std::fs::read(path))
        .await
        .map_err(|source| Error::input("path", "reading the file was cut short").with_source(source))?
        .map_err(|source| {
            Error::input("path", format!("the file cannot be read: {source}")).with_source(source)
        })
}

impl Listed for Attachments {
    type Item = Attachment;
    const OPERATION: &'static str = "listAttachments";

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<Attachment>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let (limit, offset) = query.window();
            client.call(client.raw().list_attachments(limit, offset, order_field, order_type.as_ref())).await
        })
    }
}
