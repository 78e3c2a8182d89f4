//! Imports from files and exports to files.

use grinfi::{ErrorKind, selection::Selection};

use crate::support::{
    client,
    conversation::{Conversation, failing, refused},
    fault_server::{FaultServer, Response},
};

const CSV: &str = "First name,Mail\r\nJane,jane@example.com\r\n";

#[tokio::test]
async fn sends_imports_as_described() {
    let mut talk = Conversation::default();
    let upload = talk.call("uploadCsvFile", async |c| c.file_imports().upload("fair.csv", CSV).await).await;
    let uuid = upload.uuid.unwrap();
    let path = std::env::temp_dir().join(format!("grinfi-{}-\"quoted\".csv", std::process::id()));
    std::fs::write(&path, CSV).unwrap();
    let server = FaultServer::start([Response::json(200, "{}")]).await;
    client(&server.base_url).file_imports().upload_file(&path).await.unwrap();
    std::fs::remove_file(&path).unwrap();
    let body = String::from_utf8(server.arrived()[0].body.clone()).unwrap();
    assert!(
        body.contains(CSV) && body.contains("\\\"quoted\\\".csv\"") || body.contains("%22quoted%22.csv\""),
        "{body}"
    );
    let columns = [("First name", "first_name"), ("Mail", "work_email")];
    talk.call("importLeadsFromFile", async |c| {
        c.file_imports().contacts(&uuid, columns).list("l-1").tag("t-1").tag("t-2").await
    })
    .await;
    talk.call("importCompaniesFromFile", async |c| {
        c.file_imports().companies(&uuid, [("Company", "name")]).await
    })
    .await;
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn retries_upload_that_was_not_processed_with_whole_body() {
    let server =
        FaultServer::start([Response::too_many("0"), Response::json(200, r#"{"uuid": "i-1"}"#)]).await;
    let upload = client(&server.base_url).file_imports().upload("fair.csv", CSV).await.unwrap();
    assert_eq!(upload.uuid.as_deref(), Some("i-1"));
    let arrived = server.arrived();
    assert_eq!(arrived.len(), 2);
    assert_eq!(arrived[0].body, arrived[1].body);
}

#[tokio::test]
async fn sends_exports_as_described() {
    let mut talk = Conversation::default();
    let job = talk
        .call("exportLeadsToCsv", async |c| c.file_exports().contacts(Selection::ids(["c-1"])).await)
        .await;
    assert_eq!(job.status.as_deref(), Some("queued"));
    let job =
        talk.call("exportCompaniesToCsv", async |c| c.file_exports().companies(Selection::all()).await).await;
    assert_eq!(job.type_.as_deref(), Some("account_export_csv"));
    let file = talk
        .call("downloadExportFile", async |c| c.file_exports().download("leads.csv").await?.bytes().await)
        .await;
    assert_eq!(file, "a,b\n1,2\n");
    insta::assert_snapshot!(talk.shown());
}

#[tokio::test]
async fn reports_interrupted_download() {
    // The content length is ten bytes too large.
    let csv = "uuid,name\nc-1,Jane\n";
    let length = (csv.len() + 10).to_string();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await;
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\ncontent-length: {length}\r\n\r\n");
        stream.write_all(format!("{head}{csv}").as_bytes()).await.unwrap();
        // Drain, so that closing does not reset the connection before the body is read.
        stream.shutdown().await.unwrap();
        while stream.read(&mut request).await.is_ok_and(|count| count > 0) {}
    });
    let mut download = client(&url).file_exports().download("leads.csv").await.unwrap();
    let mut received = Vec::new();
    let error = loop {
        match download.next().await {
            Some(Ok(chunk)) => received.extend_from_slice(&chunk),
            Some(Err(error)) => break error,
            None => panic!("a file that broke off passes for a whole one"),
        }
    };
    assert_eq!(received, csv.as_bytes());
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Transport, Some("downloadExportFile")));
}

#[tokio::test]
async fn rejects_arguments_that_the_api_would_reject() {
    assert_eq!(refused(async |c| c.file_imports().upload("", CSV).await).await, "file_name");
    assert_eq!(refused(async |c| c.file_imports().upload("fair.csv", "\n").await).await, "file");
    assert_eq!(refused(async |c| c.file_imports().upload_file("/no/such/file.csv").await).await, "path");
    let none: [(&str, &str); 0] = [];
    assert_eq!(refused(async |c| c.file_imports().contacts("i-1", none).await).await, "columns");
    let twice = [("First name", "name"), ("Last name", "name")];
    let field = refused(async |c| c.file_imports().companies("i-1", twice).await).await;
    assert_eq!(field, "columns[1].target");
    let field = refused(async |c| c.file_imports().contacts("i-1", [(" ", "name")]).await).await;
    assert_eq!(field, "columns[0].source");
    let field = refused(async |c| c.file_imports().contacts("", [("Name", "name")]).await).await;
    assert_eq!(field, "file_import_uuid");
    let nobody = Selection::ids(Vec::<&str>::new());
    assert_eq!(refused(async |c| c.file_exports().contacts(nobody).await).await, "ids");
    assert_eq!(refused(async |c| c.file_exports().download(" ").await).await, "file_name");
}

#[tokio::test]
async fn maps_documented_errors() {
    assert!(failing(404, async |c| c.file_exports().download("x.csv").await).await.is_not_found());
    assert!(failing(422, async |c| c.file_imports().upload("x.csv", CSV).await).await.is_validation());
}
