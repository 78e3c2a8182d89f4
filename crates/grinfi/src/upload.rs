//! File uploads from memory, from disk or from a stream, with progress.
//!
//! A file on disk is read while it is sent. An upload that may have arrived is not sent again.

use std::{
    fmt, io,
    io::Read,
    path::PathBuf,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt, future::BoxFuture, stream};
use http::HeaderValue;
use http_body::{Body as HttpBody, Frame, SizeHint};
use reqwest::{
    Body,
    multipart::{Form, Part},
};

use crate::{
    client::Client,
    error::{Error, Result},
    options::ReplayableBody,
};

/// Size of the chunks in which a file is read, in bytes.
const CHUNK: usize = 64 * 1024;

type Chunks = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;
type OnProgress = Arc<dyn Fn(UploadProgress) + Send + Sync>;

/// File to upload, for [`Attachments::upload_from`](crate::attachments::Attachments::upload_from) and
/// [`FileImports::upload_from`](crate::file_imports::FileImports::upload_from).
///
/// Uploads from memory and from disk are retried where that is safe: if connecting failed, or after a 429. A stream is sent
/// once, because it cannot be read again. An upload that may have arrived is never retried.
///
/// ```
/// use grinfi::upload::Upload;
///
/// let plan = Upload::path("plan.pdf").on_progress(|sent| println!("{} of {:?} bytes", sent.bytes, sent.total));
/// let note = Upload::bytes("note.txt", "See you there.").media_type("text/plain");
/// ```
#[must_use = "nothing is sent until it is passed to an upload method"]
pub struct Upload {
    source: Source,
    name: Option<String>,
    media_type: Option<String>,
    on_progress: Option<OnProgress>,
}

enum Source {
    Memory(Bytes),
    Disk(PathBuf),
    Stream(Option<Chunks>, Option<u64>),
}

impl Source {
    /// Returns the contents for one attempt: a copy, or the stream itself, which can be sent once.
    fn take(&mut self) -> Result<Self> {
        Ok(match self {
            Self::Memory(bytes) => Self::Memory(bytes.clone()),
            Self::Disk(path) => Self::Disk(path.clone()),
            Self::Stream(chunks, length) => match chunks.take() {
                Some(chunks) => Self::Stream(Some(chunks), *length),
                None => return Err(Error::input("stream", "was already read")),
            },
        })
    }
}

/// Progress of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct UploadProgress {
    /// Bytes of the file that were passed to the connection. Starts again from 0 when the upload is retried.
    pub bytes: u64,
    /// Size of the file in bytes, if it is known.
    pub total: Option<u64>,
}

impl Upload {
    /// Creates an upload from memory, with a file name.
    pub fn bytes(name: impl Into<String>, contents: impl Into<Bytes>) -> Self {
        Self { name: Some(name.into()), ..Self::from(Source::Memory(contents.into())) }
    }

    /// Creates an upload of a file on disk, under its own name. The file is read while it is sent.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self::from(Source::Disk(path.into()))
    }

    /// Creates an upload from a stream, with a file name, and its length in bytes if it is known. Attachments need a length.
    pub fn stream<S, E>(name: impl Into<String>, contents: S, length: Option<u64>) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        let chunks = contents.map_err(io::Error::other);
        Self { name: Some(name.into()), ..Self::from(Source::Stream(Some(Box::pin(chunks)), length)) }
    }

    fn from(source: Source) -> Self {
        Self { source, name: None, media_type: None, on_progress: None }
    }

    /// Sets the file name, including its extension.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the media type, such as `image/png`. Default: by the extension of the file name.
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Calls `callback` whenever a part of the file was passed to the connection. It blocks the upload, so it should be quick.
    pub fn on_progress(mut self, callback: impl Fn(UploadProgress) + Send + Sync + 'static) -> Self {
        self.on_progress = Some(Arc::new(callback));
        self
    }

    /// Validates the file. `name` and `contents` are the names of the arguments in errors.
    pub(crate) async fn prepare(self, name: &'static str, contents: &'static str) -> Result<Prepared> {
        let own_name = match &self.source {
            Source::Disk(path) => path.file_name().and_then(|name| name.to_str()).map(str::to_owned),
            _ => None,
        };
        let from_disk = self.name.is_none();
        let Some(file_name) = self.name.or(own_name) else {
            return Err(Error::input("path", "does not name a file"));
        };
        if file_name.trim().is_empty() {
            return Err(Error::input(name, "must not be empty"));
        }
        if !from_disk && file_name.contains(['/', '\\']) {
            return Err(Error::input(name, "must be a file name, not a path"));
        }
        let (length, contents) = match &self.source {
            Source::Memory(bytes) if bytes.trim_ascii().is_empty() => (Some(0), contents),
            Source::Memory(bytes) => (Some(bytes.len() as u64), contents),
            Source::Stream(_, length) => (*length, contents),
            Source::Disk(path) => {
                let path = path.clone();
                let metadata = blocking(move || std::fs::metadata(path)).await.map_err(unreadable)?;
                if !metadata.is_file() {
                    return Err(Error::input("path", "is not a file"));
                }
                (Some(metadata.len()), "path")
            }
        };
        if length == Some(0) {
            return Err(Error::input(contents, "must not be an empty file"));
        }
        Ok(Prepared {
            source: self.source,
            name: file_name,
            media_type: self.media_type,
            length,
            on_progress: self.on_progress,
        })
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("name", &self.name)
            .field("media_type", &self.media_type)
            .finish_non_exhaustive()
    }
}

/// Upload that was validated.
pub(crate) struct Prepared {
    source: Source,
    pub(crate) name: String,
    pub(crate) media_type: Option<String>,
    pub(crate) length: Option<u64>,
    on_progress: Option<OnProgress>,
}

/// Error of the file itself while it was sent.
type FileError = Arc<Mutex<Option<Error>>>;

impl Prepared {
    /// Sends the file in a form. `form` makes the form from the part with the file, `call` the call from content type and body.
    pub(crate) async fn send<T: Send + 'static>(
        self,
        client: &Client,
        media_type: &str,
        form: impl Fn(Part) -> Form + Send + Sync + 'static,
        call: impl FnOnce(&str, Body) -> grinfi_raw::Call<T>,
    ) -> Result<T> {
        let part = |contents: Body, length: u64| {
            Part::stream_with_length(contents, length)
                .file_name(self.name.clone())
                .mime_str(media_type)
                .map_err(|source| Error::input("media_type", "is not a valid media type").with_source(source))
        };
        if let (Source::Memory(bytes), None) = (&self.source, &self.on_progress) {
            // Kept in memory, so that every attempt sends the same bytes.
            let form = form(part(bytes.clone().into(), bytes.len() as u64)?);
            let content_type = format!("{MULTIPART}; boundary={}", form.boundary());
            return client.call(call(&content_type, whole(form).await?.into())).await;
        }
        let frame = whole(form(part(Body::default(), 0)?)).await?.len() as u64;
        let fault = FileError::default();
        let body = FileBody {
            source: Mutex::new(self.source),
            name: self.name,
            media_type: media_type.to_owned(),
            length: self.length,
            frame,
            on_progress: self.on_progress,
            fault: fault.clone(),
            form,
        };
        // The transport replaces body and content type for each attempt.
        let result = client.call(call(MULTIPART, Body::default())).replayable_body(Arc::new(body)).await;
        match fault.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // The request was incomplete, so it had no effect.
            Some(fault) if result.is_err() => Err(fault),
            _ => result,
        }
    }
}

/// Form with a file, which is created for each attempt.
struct FileBody<F> {
    source: Mutex<Source>,
    name: String,
    media_type: String,
    /// Size of the file in bytes, if it is known.
    length: Option<u64>,
    /// Size of the form around the file in bytes.
    frame: u64,
    on_progress: Option<OnProgress>,
    fault: FileError,
    form: F,
}

impl<F: Fn(Part) -> Form + Send + Sync> ReplayableBody for FileBody<F> {
    fn is_replayable(&self) -> bool {
        !matches!(*self.source.lock().unwrap_or_else(PoisonError::into_inner), Source::Stream(..))
    }

    fn open(&self) -> BoxFuture<'_, Result<(HeaderValue, Body)>> {
        Box::pin(async move {
            let source = self.source.lock().unwrap_or_else(PoisonError::into_inner).take()?;
            let chunks = open(source, self.length, self.on_progress.clone(), self.fault.clone()).await?;
            let body = Body::wrap_stream(chunks);
            let part = match self.length {
                Some(length) => Part::stream_with_length(body, length),
                None => Part::stream(body),
            };
            let part = part.file_name(self.name.clone()).mime_str(&self.media_type);
            let form = (self.form)(part.map_err(Error::from_reqwest)?);
            let content_type = HeaderValue::try_from(format!("{MULTIPART}; boundary={}", form.boundary()))
                .map_err(|source| {
                    Error::input("media_type", "is not a valid media type").with_source(source)
                })?;
            let length = self.length.map(|length| self.frame + length);
            let body = Framed { length, chunks: Box::pin(form.into_stream()) };
            Ok((content_type, Body::wrap(body)))
        })
    }
}

const MULTIPART: &str = "multipart/form-data";

async fn whole(form: Form) -> Result<Vec<u8>> {
    let chunks: Vec<Bytes> = form.into_stream().try_collect().await.map_err(Error::from_reqwest)?;
    Ok(chunks.concat())
}

/// Opens the contents and counts what is read.
async fn open(
    source: Source,
    length: Option<u64>,
    on_progress: Option<OnProgress>,
    fault: FileError,
) -> Result<Chunks> {
    let (chunks, field): (Chunks, _) = match source {
        Source::Memory(bytes) => {
            let rest = stream::unfold(bytes, |mut rest| async move {
                let next = rest.split_to(rest.len().min(CHUNK));
                (!next.is_empty()).then_some((Ok(next), rest))
            });
            (Box::pin(rest), "contents")
        }
        Source::Disk(path) => {
            let file = blocking(move || std::fs::File::open(path)).await.map_err(unreadable)?;
            (Box::pin(read(file, length.unwrap_or(u64::MAX))), "path")
        }
        Source::Stream(chunks, _) => (chunks.unwrap_or_else(|| Box::pin(stream::empty())), "stream"),
    };
    let mut sent = 0;
    let counted = chunks.chain(stream::once(async { Ok(Bytes::new()) })).map(move |chunk| {
        let counted = chunk.and_then(|chunk| {
            // An empty chunk marks the end.
            let is_end = chunk.is_empty();
            sent += chunk.len() as u64;
            match length {
                Some(length) if sent > length => Err(io::Error::other("it is longer than expected")),
                Some(length) if is_end && sent < length => {
                    Err(io::Error::other("it is shorter than expected"))
                }
                _ => {
                    if let Some(callback) = on_progress.as_ref().filter(|_| !is_end) {
                        callback(UploadProgress { bytes: sent, total: length });
                    }
                    Ok(chunk)
                }
            }
        });
        counted.inspect_err(|why| {
            let error = Error::input(field, format!("cannot be sent: {why}"));
            *fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        })
    });
    Ok(Box::pin(counted))
}

/// Reads a file on another thread, up to the length that it had when it was validated.
fn read(file: std::fs::File, length: u64) -> impl Stream<Item = io::Result<Bytes>> {
    stream::unfold(Some(file.take(length)), |file| async {
        let mut file = file?;
        let read = blocking(move || {
            let mut chunk = vec![0; CHUNK];
            let count = file.read(&mut chunk)?;
            chunk.truncate(count);
            Ok((chunk, file))
        });
        match read.await {
            Ok((chunk, _)) if chunk.is_empty() => None,
            Ok((chunk, file)) => Some((Ok(Bytes::from(chunk)), Some(file))),
            Err(error) => Some((Err(error), None)),
        }
    })
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other).and_then(|result| result)
}

fn unreadable(source: io::Error) -> Error {
    Error::input("path", format!("cannot be read: {source}")).with_source(source)
}

/// Form with its length, for the header `Content-Length`.
struct Framed {
    chunks: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send + Sync>>,
    length: Option<u64>,
}

impl HttpBody for Framed {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<reqwest::Result<Frame<Bytes>>>> {
        let chunk = self.chunks.poll_next_unpin(cx);
        if let (Poll::Ready(Some(Ok(chunk))), Some(length)) = (&chunk, &mut self.length) {
            *length = length.saturating_sub(chunk.len() as u64);
        }
        chunk.map_ok(Frame::data)
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
