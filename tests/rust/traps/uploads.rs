//! Uploads from memory, from disk and from a stream.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::stream;
use grinfi::{
    RetryPolicy,
    upload::{Upload, UploadProgress},
};

use crate::support::{
    builder, client,
    conversation::refused,
    fault_server::{FaultServer, ReceivedRequest, Response},
};

const IMPORT: &str = r#"{"uuid": "i-1"}"#;
const ATTACHMENT: &str = r#"{"uuid": "a-1"}"#;

/// A file that is deleted at the end of the test.
struct File(PathBuf);

impl File {
    fn new(name: &str, contents: &[u8]) -> Self {
        // Tests run concurrently, and some use the same name.
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("grinfi-uploads-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        std::fs::write(&path, contents).unwrap();
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.0.parent().unwrap());
    }
}

/// The progress reports.
fn watched(upload: Upload) -> (Upload, Arc<Mutex<Vec<UploadProgress>>>) {
    let told: Arc<Mutex<Vec<UploadProgress>>> = Arc::default();
    let noted = told.clone();
    (upload.on_progress(move |sent| noted.lock().unwrap().push(sent)), told)
}

fn chunks(contents: &[u8], size: usize) -> Vec<Result<Bytes, std::io::Error>> {
    contents.chunks(size).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect()
}

/// The body without its boundary.
fn form(request: &ReceivedRequest) -> String {
    let boundary = request.header("content-type").unwrap().split("boundary=").nth(1).unwrap().to_owned();
    String::from_utf8_lossy(&request.body).replace(&boundary, "BOUNDARY")
}

#[tokio::test]
async fn uploads_same_bytes_from_memory_disk_and_stream() {
    let contents: Vec<u8> = (0..200_000_u32).flat_map(|number| format!("{number},").into_bytes()).collect();
    let file = File::new("fair.csv", &contents);
    let (from_disk, told) = watched(Upload::path(&file.0));
    let (from_memory, _) = watched(Upload::bytes("fair.csv", contents.clone()));
    let sized = Upload::stream("fair.csv", stream::iter(chunks(&contents, 999)), Some(contents.len() as u64));
    let mut bodies = Vec::new();
    for upload in [Upload::bytes("fair.csv", contents.clone()), from_disk, from_memory, sized] {
        let server = FaultServer::start([Response::json(200, IMPORT)]).await;
        let import = client(&server.base_url).file_imports().upload_from(upload).await.unwrap();
        assert_eq!(import.uuid.as_deref(), Some("i-1"));
        let request = server.arrived().remove(0);
        let length = request.header("content-length").expect("the request says how long it is");
        assert_eq!(length.parse::<usize>().unwrap(), request.body.len());
        bodies.push(form(&request));
    }
    assert!(bodies[0].contains("name=\"file\"; filename=\"fair.csv\"") && bodies[0].contains("199999,"));
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    let told = told.lock().unwrap();
    assert!(told.len() > 10 && told.windows(2).all(|pair| pair[0].bytes < pair[1].bytes));
    assert_eq!(told.last().map(|sent| (sent.bytes, sent.total)), {
        let length = contents.len() as u64;
        Some((length, Some(length)))
    });
}

#[tokio::test]
async fn uploads_stream_of_unknown_length_in_chunks() {
    let server = FaultServer::start([Response::json(200, IMPORT)]).await;
    let upload = Upload::stream("fair.csv", stream::iter(chunks(b"a,b\n1,2\n", 3)), None);
    client(&server.base_url).file_imports().upload_from(upload).await.unwrap();
    let request = server.arrived().remove(0);
    assert_eq!(
        (request.header("content-length"), request.header("transfer-encoding")),
        (None, Some("chunked"))
    );
    assert!(String::from_utf8_lossy(&request.body).contains("a,b"));
}

#[tokio::test]
async fn reads_large_file_while_sending() {
    let file = File::new("large.csv", b"a,b\n");
    let size = 256 * 1024 * 1024;
    std::fs::OpenOptions::new().write(true).open(&file.0).unwrap().set_len(size).unwrap();
    // The server does not read, so only the buffers of the connection are filled.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (upload, told) = watched(Upload::path(&file.0));
    let client = builder(&url).timeout(Duration::from_millis(500)).build().unwrap();
    let error = client.file_imports().upload_from(upload).await.unwrap_err();
    assert!(error.is_unknown_outcome(), "{error}");
    let sent = told.lock().unwrap().last().unwrap().bytes;
    assert!(sent > 0 && sent < size / 4, "{sent} bytes were read before anyone took them");
    drop(listener);
}

#[tokio::test]
async fn does_not_retry_upload_that_may_have_arrived() {
    let file = File::new("plan.pdf", b"%PDF-1.7");
    for fault in [Response::Hangup, Response::html(504)] {
        let server = FaultServer::start([fault.clone(), Response::json(201, ATTACHMENT)]).await;
        let error = client(&server.base_url).attachments().upload_file(&file.0).await.unwrap_err();
        assert!(error.is_unknown_outcome(), "{fault:?}: {error}");
        assert_eq!(server.arrived().len(), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn retries_rejected_upload_if_it_can_be_read_again() {
    let file = File::new("plan.pdf", b"%PDF-1.7");
    let (from_memory, told) = watched(Upload::bytes("plan.pdf", "%PDF-1.7"));
    for upload in [Upload::path(&file.0), from_memory] {
        let server = FaultServer::start([Response::too_many("0"), Response::json(201, ATTACHMENT)]).await;
        client(&server.base_url).attachments().upload_from(upload).await.unwrap();
        let arrived = server.arrived();
        assert_eq!((arrived.len(), form(&arrived[0])), (2, form(&arrived[1])));
    }
    assert_eq!(told.lock().unwrap().iter().map(|sent| sent.bytes).collect::<Vec<_>>(), [8, 8]);
    // As often as the retry policy allows.
    let server = FaultServer::start([Response::too_many("0")]).await;
    let client_of = |policy| builder(&server.base_url).retry(policy).build().unwrap();
    let error = client_of(RetryPolicy::never()).attachments().upload_file(&file.0).await.unwrap_err();
    assert_eq!((error.is_rate_limited(), server.arrived().len()), (true, 1));
    // A stream can be read only once.
    let server = FaultServer::start([Response::too_many("0"), Response::json(201, ATTACHMENT)]).await;
    let upload = Upload::stream("plan.pdf", stream::iter(chunks(b"%PDF", 2)), Some(4));
    let error = client(&server.base_url).attachments().upload_from(upload).await.unwrap_err();
    assert_eq!((error.is_rate_limited(), server.arrived().len()), (true, 1));
}

#[tokio::test]
async fn reports_file_whose_size_changed_while_sending() {
    for (said, says) in [(3, "longer"), (9, "shorter")] {
        let server = FaultServer::start([Response::json(200, IMPORT)]).await;
        let upload = Upload::stream("fair.csv", stream::iter(chunks(b"a,b\n1,2", 2)), Some(said));
        let error = client(&server.base_url).file_imports().upload_from(upload).await.unwrap_err();
        assert_eq!((error.is_invalid_input(), error.field()), (true, Some("stream")), "{error}");
        assert!(error.to_string().contains(says), "{error}");
        assert!(server.arrived().is_empty(), "it arrived all the same");
    }
    let broken = stream::iter([Ok(Bytes::from("a,b\n")), Err(std::io::Error::other("the disk is gone"))]);
    let server = FaultServer::start([Response::json(200, IMPORT)]).await;
    let error =
        client(&server.base_url).file_imports().upload_from(Upload::stream("fair.csv", broken, None)).await;
    let error = error.unwrap_err();
    assert!(error.is_invalid_input() && error.to_string().contains("the disk is gone"), "{error}");
    assert!(server.arrived().is_empty());
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject() {
    let empty = File::new("empty.csv", b"");
    let plan = File::new("plan.xyz", b"x");
    let import = async |upload: fn(&PathBuf) -> Upload, path: &PathBuf| {
        refused(async |c| c.file_imports().upload_from(upload(path)).await).await
    };
    let attach = async |upload: fn(&PathBuf) -> Upload, path: &PathBuf| {
        refused(async |c| c.attachments().upload_from(upload(path)).await).await
    };
    assert_eq!(import(|path| Upload::path(path), &empty.0).await, "path");
    assert_eq!(import(|path| Upload::path(path.parent().unwrap()), &empty.0).await, "path");
    assert_eq!(import(|_| Upload::bytes("fair.csv", " \n"), &empty.0).await, "file");
    assert_eq!(import(|_| Upload::bytes(" ", "a,b"), &empty.0).await, "file_name");
    assert_eq!(attach(|_| Upload::bytes("a/b.png", "x"), &empty.0).await, "name");
    assert_eq!(attach(|path| Upload::path(path), &plan.0).await, "media_type");
    assert_eq!(attach(|path| Upload::path(path).media_type("picture"), &plan.0).await, "media_type");
    let endless = |length| Upload::stream("plan.pdf", stream::iter(chunks(b"x", 1)), length);
    assert_eq!(refused(async |c| c.attachments().upload_from(endless(None)).await).await, "stream");
    assert_eq!(refused(async |c| c.attachments().upload_from(endless(Some(0))).await).await, "contents");
}
