//! Files that are sent with messages.

use std::path::Path;

use bytes::Bytes;
use grinfi_raw::ids::AttachmentId;
use reqwest::{Body, multipart::Form};

use crate::{
    call::Call,
    client::Client,
    error::{Error, Result},
    models::Attachment,
    page::BoxFuture,
    resources::macros::{fetch, handle},
    search::{Listed, Search},
    upload::Upload,
};

handle! {
    /// Files that are sent with messages. Upload a file once, then attach it by its id.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// # let contact = client.contacts().search().page().await?.data.remove(0).uuid.clone();
    /// # let sender = client.sender_profiles().list().page().await?.data.remove(0).uuid.clone();
    /// let plan = client.attachments().upload("plan.pdf", "application/pdf", &b"%PDF-1.7"[..]).await?;
    /// client.linkedin_messages().send(&sender, &contact, "Here is the plan.").attachment(&plan.uuid).await?;
    /// # Ok(())
    /// # }
    /// ```
    Attachments
}

impl Client {
    /// Files that are sent with messages.
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
    /// Lists the files (`listAttachments`). They support no filter.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets the metadata of a file (`getAttachment`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn get(&self, uuid: impl Into<AttachmentId>) -> Call<Attachment> {
        self.client.call(self.client.raw().get_attachment(uuid.into().as_str()))
    }

    /// Deletes a file (`deleteAttachment`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn delete(&self, uuid: impl Into<AttachmentId>) -> Call<()> {
        self.client.call(self.client.raw().delete_attachment(uuid.into().as_str()))
    }

    /// Uploads a file from memory (`uploadAttachment`): its name with the extension, its media type such as
    /// `image/png`, and its contents. Uploading sends nothing to contacts.
    ///
    /// # Errors
    ///
    /// As [`upload_from`](Self::upload_from).
    pub fn upload(
        &self,
        name: &str,
        media_type: &str,
        contents: impl Into<Bytes>,
    ) -> BoxFuture<Result<Attachment>> {
        self.upload_from(Upload::bytes(name, contents).media_type(media_type))
    }

    /// Uploads a file from disk (`uploadAttachment`), with the media type of its extension. The file is read while it
    /// is sent.
    ///
    /// # Errors
    ///
    /// As [`upload_from`](Self::upload_from).
    pub fn upload_file(&self, path: impl AsRef<Path>) -> BoxFuture<Result<Attachment>> {
        self.upload_from(Upload::path(path.as_ref()))
    }

    /// Uploads a file from memory, from disk or from a stream (`uploadAttachment`). Uploading sends nothing to
    /// contacts.
    ///
    /// The API requires the size and the media type: a stream needs a length, and the media type is derived from the
    /// extension of the name unless it is given. The API documents no maximum size.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`], before anything is sent, for a blank name, an invalid media type, an unknown
    /// extension, an empty or unreadable file and a stream without a length; also if the size of the file changed while
    /// it was sent, in which case the API has not stored it. [`Error::is_validation`] if the API rejects it;
    /// [`Error::is_unknown_outcome`] if the response was lost.
    pub fn upload_from(&self, upload: Upload) -> BoxFuture<Result<Attachment>> {
        let this = self.clone();
        Box::pin(async move {
            let file = upload.prepare("name", "contents").await?;
            let Some(length) = file.length else {
                return Err(Error::input(
                    "stream",
                    "must have a known length, because the API requires the size",
                ));
            };
            let media_type = media_type(file.media_type.clone(), &file.name)?;
            let (name, form_type) = (file.name.clone(), media_type.clone());
            // The API requires the name, the size as a text, and the type again in fields of the form.
            let form = move |part| {
                Form::new()
                    .part("attachment", part)
                    .text("payload[name]", name.clone())
                    .text("payload[size]", length.to_string())
                    .text("payload[type]", form_type.clone())
            };
            let call =
                |content_type: &str, body: Body| this.client.raw().upload_attachment(content_type, body);
            file.send(&this.client, &media_type, form, call).await
        })
    }
}

/// Returns the given media type, or the one of the extension.
fn media_type(given: Option<String>, name: &str) -> Result<String> {
    if let Some(given) = given {
        return Ok(given);
    }
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match MEDIA_TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension)) {
        Some((_, media_type)) => Ok((*media_type).to_owned()),
        None => Err(Error::input(
            "media_type",
            format!("must be set, since the extension `.{extension}` is unknown"),
        )),
    }
}

impl Listed for Attachments {
    type Item = Attachment;
    const OPERATION: &'static str = "listAttachments";

    fetch! { list_attachments_with_options(ListAttachments, order) }
}
