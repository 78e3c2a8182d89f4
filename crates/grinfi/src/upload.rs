//! Files on their way to the API: from memory, from disk or from a stream, with progress.
//!
//! By hand an upload reads the whole file into memory, tells nothing while it goes, and is sent a second time after a
//! time-out. Here a file on disk is read as the connection takes it, and what went out and may have arrived is not sent
//! again.

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

use crate::{client::Client, error::{Error, Result}, options::ReplayableBody};

/// How much of a file is read at once.
const CHUNK: usize = 64 * 1024;

type Chunks = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;
type Tell = Arc<dyn Fn(UploadProgress) + Send + Sync>;

/// A file to be uploaded, for [`Attachments::upload_from`](crate::attachments::Attachments::upload_from) and
/// [`FileImports::upload_from`](crate::file_imports::FileImports::upload_from).
///
/// What comes from memory or from disk is sent again where that is safe: no connection came about, or the API turned it
/// away with a 429. A stream is sent once, since it cannot be read again. In no case is an upload repeated that may have
/// arrived.
///
/// ```
/// use grinfi::upload::Upload;
///
/// let plan = Upload::path("plan.pdf").on_progress(|sent| println!("{} of {:?} bytes", sent.bytes, sent.total));
/// let note = Upload::bytes("note.txt", "See you there.").media_type("text/plain");
/// ```
#[must_use = "nothing is sent until it is handed to an upload"]
pub struct Upload {
    source: Source,
    name: Option<String>,
    media_type: Option<String>,
    tell: Option<Tell>,
}

enum Source {
    Memory(Bytes),
    Disk(PathBuf),
    Stream(Option<Chunks>, Option<u64>),
}

impl Source {
    /// What one attempt sends: a copy, or the stream itself, which can be sent once.
    fn take(&mut self) -> Result<Self> {
        Ok(match self {
            Self::Memory(bytes) => Self::Memory(bytes.clone()),
            Self::Disk(path) => Self::Disk(path.clone()),
            Self::Stream(chunks, length) => match chunks.take() {
                Some(chunks) => Self::Stream(Some(chunks), *length),
                None => return Err(Error::input("stream", "it was read already")),
            },
        })
    }
}

/// How much of a file went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct UploadProgress {
    /// Bytes of the file that were handed to the connection. It starts again from 0 when the upload does.
    pub bytes: u64,
    /// Bytes of the whole file, if that is known.
    pub total: Option<u64>,
}

impl Upload {
    /// A file in memory, with its name.
    pub fn bytes(name: impl Into<String>, contents: impl Into<Bytes>) -> Self {
        Self { name: Some(name.into()), ..Self::from(Source::Memory(contents.into())) }
    }

    /// A file on disk, under its own name, read as it is sent.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self::from(Source::Disk(path.into()))
    }

    /// What comes out of a stream, with a name, and its length in bytes if that is known. An attachment needs one.
    pub fn stream<S, E>(name: impl Into<String>, contents: S, length: Option<u64>) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        let chunks = contents.map_err(io::Error::other);
        Self { name: Some(name.into()), ..Self::from(Source::Stream(Some(Box::pin(chunks)), length)) }
    }

    fn from(source: Source) -> Self {
        Self { source, name: None, media_type: None, tell: None }
    }

    /// Sets the name, extension included.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the media type, `image/png` for instance. Without it the extension of the name decides.
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Calls `tell` whenever the connection has taken some of the file. It holds the upload up, so it should be quick.
    pub fn on_progress(mut self, tell: impl Fn(UploadProgress) + Send + Sync + 'static) -> Self {
        self.tell = Some(Arc::new(tell));
        self
    }

    /// Looks at what there is to send. `name` and `contents` are what these two are called in errors.
    pub(crate) async fn prepare(self, name: &'static str, contents: &'static str) -> Result<Prepared> {
        let own_name = match &self.source {
            Source::Disk(path) => path.file_name().and_then(|name| name.to_str()).map(str::to_owned),
            _ => None,
        };
        let from_disk = self.name.is_none();
        let Some(file_name) = self.name.or(own_name) else {
            return Err(Error::input("path", "it does not name a file"));
        };
        if file_name.trim().is_empty() {
            return Err(Error::input(name, "it is empty"));
        }
        if !from_disk && file_name.contains(['/', '\\']) {
            return Err(Error::input(name, "it is a path, not the name of a file"));
        }
        let (length, contents) = match &self.source {
            Source::Memory(bytes) if bytes.trim_ascii().is_empty() => (Some(0), contents),
            Source::Memory(bytes) => (Some(bytes.len() as u64), contents),
            Source::Stream(_, length) => (*length, contents),
            Source::Disk(path) => {
                let path = path.clone();
                let metadata = blocking(move || std::fs::metadata(path)).await.map_err(unreadable)?;
                if !metadata.is_file() {
                    return Err(Error::input("path", "it is no file"));
                }
                (Some(metadata.len()), "path")
            }
        };
        if length == Some(0) {
            return Err(Error::input(contents, "the file is empty"));
        }
        Ok(Prepared {
            source: self.source,
            name: file_name,
            media_type: self.media_type,
            length,
            tell: self.tell,
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

/// An upload that was looked at.
pub(crate) struct Prepared {
    source: Source,
    pub(crate) name: String,
    pub(crate) media_type: Option<String>,
    pub(crate) length: Option<u64>,
    tell: Option<Tell>,
}

/// What went wrong with the file itself while it was sent.
type Fault = Arc<Mutex<Option<Error>>>;

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
                .map_err(|source| Error::input("media_type", "it is none").with_source(source))
        };
        if let (Source::Memory(bytes), None) = (&self.source, &self.tell) {
            // Whole in memory, so that every attempt sends the same bytes.
            let form = form(part(bytes.clone().into(), bytes.len() as u64)?);
            let content_type = format!("{MULTIPART}; boundary={}", form.boundary());
            return client.call(call(&content_type, whole(form).await?.into())).await;
        }
        let frame = whole(form(part(Body::default(), 0)?)).await?.len() as u64;
        let fault = Fault::default();
        let body = FileBody {
            source: Mutex::new(self.source),
            name: self.name,
            media_type: media_type.to_owned(),
            length: self.length,
            frame,
            tell: self.tell,
            fault: fault.clone(),
            form,
        };
        // The transport replaces body and content type for each attempt.
        let result = client.call(call(MULTIPART, Body::default())).replayable_body(Arc::new(body)).await;
        match fault.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // The request broke off before its end, so there is nothing that the API could have taken.
            Some(fault) if result.is_err() => Err(fault),
            _ => result,
        }
    }
}

/// A form with a file in it, made anew for each attempt.
struct FileBody<F> {
    source: Mutex<Source>,
    name: String,
    media_type: String,
    /// Bytes of the file, if that is known.
    length: Option<u64>,
    /// Bytes of the form around the file.
    frame: u64,
    tell: Option<Tell>,
    fault: Fault,
    form: F,
}

impl<F: Fn(Part) -> Form + Send + Sync> ReplayableBody for FileBody<F> {
    fn is_replayable(&self) -> bool {
        !matches!(*self.source.lock().unwrap_or_else(PoisonError::into_inner), Source::Stream(..))
    }

    fn open(&self) -> BoxFuture<'_, Result<(HeaderValue, Body)>> {
        Box::pin(async move {
            let source = self.source.lock().unwrap_or_else(PoisonError::into_inner).take()?;
            let chunks = open(source, self.length, self.tell.clone(), self.fault.clone()).await?;
            let body = Body::wrap_stream(chunks);
            let part = match self.length {
                Some(length) => Part::stream_with_length(body, length),
                None => Part::stream(body),
            };
            let part = part.file_name(self.name.clone()).mime_str(&self.media_type);
            let form = (self.form)(part.map_err(Error::from_reqwest)?);
            let content_type = HeaderValue::try_from(format!("{MULTIPART}; boundary={}", form.boundary()))
                .map_err(|source| Error::input("media_type", "it is none").with_source(source))?;
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

/// Returns the contents, counted.
async fn open(source: Source, length: Option<u64>, tell: Option<Tell>, fault: Fault) -> Result<Chunks> {
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
            // The empty chunk is the end.
            let is_end = chunk.is_empty();
            sent += chunk.len() as u64;
            match length {
                Some(length) if sent > length => Err(io::Error::other("it is longer than was said")),
                Some(length) if is_end && sent < length => {
                    Err(io::Error::other("it is shorter than was said"))
                }
                _ => {
                    if let Some(tell) = tell.as_ref().filter(|_| !is_end) {
                        tell(UploadProgress { bytes: sent, total: length });
                    }
                    Ok(chunk)
                }
            }
        });
        counted.inspect_err(|why| {
            let error = Error::input(field, format!("the file cannot be sent: {why}"));
            *fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        })
    });
    Ok(Box::pin(counted))
}

/// A file, read on another thread as it is asked for, up to the length that it had when it was looked at.
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
    Error::input("path", format!("the file cannot be read: {source}")).with_source(source)
}

/// A form with its length, so that the request says how long it is.
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
