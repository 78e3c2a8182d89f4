use std::fmt;

/// A `multipart/form-data` body and its content type, which contains the boundary, for uploads.
///
/// ```no_run
/// use grinfi_raw::Multipart;
/// use reqwest::multipart::{Form, Part};
///
/// # async fn example(client: grinfi_raw::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let form = Form::new()
///     .text("type", "csv_leads")
///     .part("file", Part::bytes(&b"first_name\nJane\n"[..]).file_name("people.csv").mime_str("text/csv")?);
/// let (content_type, body) = Multipart::from(form).into_parts();
/// let import = client.upload_csv_file(&content_type, body).await?;
/// # Ok(())
/// # }
/// ```
pub struct Multipart {
    content_type: String,
    body: reqwest::Body,
}

impl Multipart {
    /// Returns the content type, with the boundary, and the body.
    #[must_use]
    pub fn into_parts(self) -> (String, reqwest::Body) {
        (self.content_type, self.body)
    }
}

impl From<reqwest::multipart::Form> for Multipart {
    fn from(form: reqwest::multipart::Form) -> Self {
        let content_type = format!("multipart/form-data; boundary={}", form.boundary());
        Self { content_type, body: reqwest::Body::wrap_stream(form.into_stream()) }
    }
}

impl fmt::Debug for Multipart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Multipart").field("content_type", &self.content_type).finish_non_exhaustive()
    }
}
