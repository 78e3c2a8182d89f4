//! Uploads and downloads that are slow or stalled.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use grinfi::{Client, ErrorKind, upload::Upload};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::support::builder;

const TIMEOUT: Duration = Duration::from_millis(300);
const STEP: Duration = Duration::from_millis(50);

/// Starts a server with this connection handler, and returns a client for it.
async fn server<F: Future<Output = ()> + Send + 'static>(serve: fn(TcpStream) -> F) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    builder(&url).timeout(TIMEOUT).build().unwrap()
}

/// Reads a request slowly at a steady rate, then responds.
async fn slow_reader(mut stream: TcpStream) {
    let (mut seen, mut chunk) = (Vec::new(), vec![0; 1024 * 1024]);
    while !seen.ends_with(b"--\r\n") {
        let Ok(count @ 1..) = stream.read(&mut chunk).await else { return };
        seen.extend_from_slice(&chunk[..count]);
        tokio::time::sleep(STEP / 10).await;
    }
    let body = r#"{"uuid": "i-1"}"#;
    let head =
        format!("HTTP/1.1 200 X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    let _ = stream.write_all((head + body).as_bytes()).await;
}

/// Sends `count` rows of a file at a steady rate, then stalls.
async fn rows(mut stream: TcpStream, count: usize, promised: usize) {
    let _ = stream.read(&mut [0; 8192]).await;
    let head =
        format!("HTTP/1.1 200 X\r\ncontent-type: text/csv\r\ncontent-length: {}\r\n\r\n", promised * 4);
    let _ = stream.write_all(head.as_bytes()).await;
    for _ in 0..count {
        tokio::time::sleep(STEP).await;
        let _ = stream.write_all(b"a,b\n").await;
    }
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn slow_but_steady_upload_succeeds() {
    let client = server(slow_reader).await;
    let started = Instant::now();
    // The sender is slow.
    let chunks = stream::iter(0..20).then(|_| async {
        tokio::time::sleep(STEP).await;
        Ok::<_, std::io::Error>(Bytes::from_static(b"a,b\n"))
    });
    client.file_imports().upload_from(Upload::stream("fair.csv", chunks, Some(80))).await.unwrap();
    assert!(started.elapsed() > 3 * TIMEOUT);
    // The receiver is slow, and the file is in memory.
    let started = Instant::now();
    let contents = vec![b'a'; 48 * 1024 * 1024];
    client.file_imports().upload_from(Upload::bytes("fair.csv", contents)).await.unwrap();
    assert!(started.elapsed() > TIMEOUT, "{:?}", started.elapsed());
}

#[tokio::test]
async fn stalled_upload_times_out() {
    let client = server(|stream| async move {
        let _stream = stream;
        std::future::pending::<()>().await;
    })
    .await;
    let contents = vec![b'a'; 48 * 1024 * 1024];
    let error = client.file_imports().upload_from(Upload::bytes("fair.csv", contents)).await.unwrap_err();
    assert!(error.is_unknown_outcome() && error.to_string().contains("no progress for 0.3 s"), "{error}");
}

#[tokio::test]
async fn steady_download_succeeds_and_stalled_download_times_out() {
    let client = server(|stream| rows(stream, 20, 20)).await;
    let started = Instant::now();
    let file = client.file_exports().download("export.csv").await.unwrap().bytes().await.unwrap();
    assert_eq!(file.len(), 80);
    assert!(started.elapsed() > 3 * TIMEOUT);

    let client = server(|stream| rows(stream, 2, 20)).await;
    let error = client.file_exports().download("export.csv").await.unwrap().bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
}

/// Directory that is deleted at the end of the test.
struct TempDir(PathBuf);

impl TempDir {
    fn new(name: &str) -> Self {
        let directory = std::env::temp_dir().join(format!("grinfi-transfers-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        Self(directory)
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn save_replaces_the_file_only_after_a_complete_download() {
    let directory = TempDir::new("save");
    let path = directory.0.join("contacts.csv");
    std::fs::write(&path, "before").unwrap();

    // A truncated or canceled download keeps the existing file and leaves no temporary file.
    let client = server(|stream| rows(stream, 2, 20)).await;
    let mut file = client.file_exports().download("export.csv").await.unwrap();
    assert_eq!(file.save(&path).await.unwrap_err().kind(), ErrorKind::Timeout);
    let mut file = client.file_exports().download("export.csv").await.unwrap();
    assert!(tokio::time::timeout(STEP * 3, file.save(&path)).await.is_err());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "before");

    let client = server(|stream| rows(stream, 3, 3)).await;
    let mut file = client.file_exports().download("export.csv").await.unwrap();
    assert_eq!(file.save(&path).await.unwrap(), 12);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "a,b\na,b\na,b\n");
    assert_eq!(directory.names(), ["contacts.csv"]);

    let mut file = client.file_exports().download("export.csv").await.unwrap();
    let error = file.save(directory.0.join("no/such/contacts.csv")).await.unwrap_err();
    assert_eq!((error.is_invalid_input(), error.field()), (true, Some("path")), "{error}");
}
