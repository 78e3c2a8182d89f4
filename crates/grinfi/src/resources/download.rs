//! Downloads: as a stream of bytes, in memory, or to disk.

use std::{
    fmt,
    fs::{File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt};
use grinfi_raw::{ByteStream, Operation};

use crate::error::{Error, Result};

/// A download, as a stream of bytes.
///
/// It has no total timeout. It fails if the connection delivers nothing for the duration of the
/// [timeout](crate::ClientBuilder::timeout).
#[must_use = "streams do nothing unless polled"]
pub struct Download {
    inner: ByteStream,
    /// Bytes to return again.
    unread: Option<Bytes>,
    operation: Option<&'static Operation>,
}

impl Download {
    pub(crate) fn new(inner: ByteStream, operation: Option<&'static Operation>) -> Self {
        Self { inner, unread: None, operation }
    }

    /// Returns the next bytes, without an import of `StreamExt`.
    ///
    /// Cancel-safe: a dropped future loses no bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Transport`](crate::ErrorKind::Transport) or [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) if
    /// the connection broke before the end; the file is then incomplete.
    pub async fn next(&mut self) -> Option<Result<Bytes>> {
        StreamExt::next(self).await
    }

    /// Makes the next read return these bytes again.
    pub fn unread(&mut self, bytes: Bytes) {
        self.unread = Some(bytes);
    }

    /// Reads the whole file into memory.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next).
    pub async fn bytes(self) -> Result<Bytes> {
        let chunks: Vec<Bytes> = self.try_collect().await?;
        Ok(chunks.concat().into())
    }

    /// Writes the rest of the file to `path` and returns the number of bytes.
    ///
    /// The bytes are written to a temporary file in the same folder, which is renamed to `path` when it is complete,
    /// and removed if the download fails or the future is dropped. An existing file at `path` is replaced.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next); [`Error::is_invalid_input`] with the field `path` if the file cannot be written.
    pub async fn save(&mut self, path: impl Into<PathBuf>) -> Result<u64> {
        let path = path.into();
        let mut partial = blocking(move || PartialFile::create(path)).await?;
        let mut length = 0;
        while let Some(chunk) = self.next().await.transpose()? {
            length += chunk.len() as u64;
            partial = blocking(move || partial.write(&chunk)).await?;
        }
        blocking(move || partial.finish()).await?;
        Ok(length)
    }
}

impl Stream for Download {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(bytes) = self.unread.take() {
            return Poll::Ready(Some(Ok(bytes)));
        }
        let operation = self.operation;
        self.inner.poll_next_unpin(cx).map_err(|source| {
            let error = Error::from_reqwest(source);
            match operation {
                Some(known) => error.with_call(operation, known.method, known.path),
                None => error,
            }
        })
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download").finish_non_exhaustive()
    }
}

/// A temporary file that is renamed when it is complete, and removed if it is not.
struct PartialFile {
    file: File,
    temporary: PathBuf,
    path: PathBuf,
    is_complete: bool,
}

impl PartialFile {
    fn create(path: PathBuf) -> io::Result<Self> {
        let Some(name) = path.file_name() else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path has no file name"));
        };
        if path.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "the path is a folder"));
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        loop {
            let mut temporary = std::ffi::OsString::from(".");
            temporary.push(name);
            temporary.push(format!(".{:08x}.part", fastrand::u32(..)));
            let temporary = folder.join(temporary);
            match OpenOptions::new().write(true).create_new(true).open(&temporary) {
                Ok(file) => return Ok(Self { file, temporary, path, is_complete: false }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn write(mut self, chunk: &[u8]) -> io::Result<Self> {
        self.file.write_all(chunk)?;
        Ok(self)
    }

    fn finish(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        std::fs::rename(&self.temporary, &self.path)?;
        self.is_complete = true;
        Ok(())
    }
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        if !self.is_complete {
            // A file that cannot be removed stays.
            let _ = std::fs::remove_file(&self.temporary);
        }
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T> {
    let result = tokio::task::spawn_blocking(work).await.map_err(io::Error::other).and_then(|result| result);
    result.map_err(|source| {
        Error::input("path", format!("cannot write the file: {source}")).with_source(source)
    })
}
