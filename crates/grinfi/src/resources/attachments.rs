//! Files that go out with messages.

use std::path::Path;

use bytes::Bytes;
use grinfi_raw::{ids::AttachmentId, options};
use reqwest::{Body, multipart::Form};

use crate::{
    client::Client,
    error::{Error, Result},
    models::Attachment,
    page::{BoxFuture, Page},
    resources::{macros::handle, validate},
    search::{Listed, Query, Search},
    upload::Upload,
};

handle! {
    /// Files that go out with messages: uploaded once, then named by their ids.
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
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().get_attachment(uuid.as_str())).await
    }

    /// Deletes a file (`deleteAttachment`).
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if there is none with this id.
    pub async fn delete(&self, uuid: impl Into<AttachmentId>) -> Result<()> {
        let uuid = uuid.into();
        validate::id("uuid", &uuid)?;
        self.client.call(self.client.raw().delete_attachment(uuid.as_str())).await
    }

    /// Uploads a file from memory (`uploadAttachment`): its name with the extension, its media type such as `image/png`, and
    /// what is in it. Nothing goes to anyone yet.
    ///
    /// # Errors
    ///
    /// As [`upload_from`](Self::upload_from).
    pub async fn upload(
        &self,
        name: &str,
        media_type: &str,
        contents: impl Into<Bytes>,
    ) -> Result<Attachment> {
        self.upload_from(Upload::bytes(name, contents).media_type(media_type)).await
    }

    /// Uploads a file from disk (`uploadAttachment`), with the media type that its extension stands for. It is read as it is
    /// sent.
    ///
    /// # Errors
    ///
    /// As [`upload_from`](Self::upload_from).
    pub async fn upload_file(&self, path: impl AsRef<Path>) -> Result<Attachment> {
        self.upload_from(Upload::path(path.as_ref())).await
    }

    /// Uploads a file from memory, from disk or from a stream (`uploadAttachment`). Nothing goes to anyone yet.
    ///
    /// The API wants the size and the media type beside the file: a stream has to know its length, and the media type
    /// comes from the extension of the name unless it is given. The API documents no largest size.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`], before anything is sent, for a blank name, a media type that is none or is not known by
    /// the extension, an empty file, one that cannot be read and a stream without a length; also for a file that came to be
    /// shorter or longer while it was sent, which the API then has not taken. [`Error::is_validation`] if the API refuses it;
    /// [`Error::is_unknown_outcome`] if the answer was lost.
    pub async fn upload_from(&self, upload: Upload) -> Result<Attachment> {
        let file = upload.prepare("name", "contents").await?;
        let Some(length) = file.length else {
            return Err(Error::input(
                "stream",
                "its length has to be known: the API wants the size beforehand",
            ));
        };
        let media_type = media_type(file.media_type.clone(), &file.name)?;
        let (name, form_type) = (file.name.clone(), media_type.clone());
        // The API takes the name, the size as a text, and the type once more beside the file.
        let form = move |part| {
            Form::new()
                .part("attachment", part)
                .text("payload[name]", name.clone())
                .text("payload[size]", length.to_string())
                .text("payload[type]", form_type.clone())
        };
        let call = |client: Client, content_type: String, body: Body| async move {
            client.call(client.raw().upload_attachment(&content_type, body)).await
        };
        file.send(&self.client, &media_type, form, call).await
    }
}

/// The media type that is given, or the one that the extension stands for.
fn media_type(given: Option<String>, name: &str) -> Result<String> {
    if let Some(given) = given {
        return Ok(given);
    }
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match MEDIA_TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension)) {
        Some((_, media_type)) => Ok((*media_type).to_owned()),
        None => Err(Error::input(
            "media_type",
            format!("`.{extension}` stands for none that is known here; give one"),
        )),
    }
}

impl Listed for Attachments {
    type Item = Attachment;
    const OPERATION: &'static str = "listAttachments";

    fn fetch(client: Client, query: Query) -> BoxFuture<Result<Page<Attachment>>> {
        Box::pin(async move {
            let (order_field, order_type) = query.order();
            let (limit, offset) = query.window();
            client
                .call(client.raw().list_attachments_with_options(options::ListAttachments {
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
