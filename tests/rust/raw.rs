//! The generated client by itself and below the ergonomic one: every kind of body, and the errors that it documents.

use futures_util::TryStreamExt;
use grinfi_raw::{Client, Error, Hooks, Multipart, types};
use grinfi_sandbox::Seed;

use crate::support::{
    client,
    fault_server::{Answer, FaultServer},
    sandbox,
};

#[tokio::test]
async fn by_itself_it_sends_once_and_without_a_key() {
    let server = FaultServer::start([Answer::html(503)]).await;
    let raw = Client::new(&server.base_url, Hooks::default());
    let error = raw.get_current_user().await.unwrap_err();
    assert!(
        matches!(error, Error::InvalidResponsePayload(..)),
        "an HTML page is no error envelope: {error:?}"
    );
    let arrived = server.arrived();
    assert_eq!((arrived.len(), arrived[0].header("authorization")), (1, None));
    assert_eq!(arrived[0].header("api-version"), None, "the generator's own header is taken out");
}

#[tokio::test]
async fn below_the_client_it_has_its_key_its_retries_and_typed_errors() {
    let (_sandbox, client) = sandbox(Seed::Empty).await;
    let list = client.raw().create_list(&types::CreateListBody::new("Autumn")).await.unwrap();
    assert_eq!(list.status().as_u16(), 201);
    let error = client.raw().get_list("00000000-0000-4000-8000-00000000dead").await.unwrap_err();
    let Error::ErrorResponse(answer) = error else { panic!("{error:?}") };
    assert_eq!(answer.status().as_u16(), 404);
    assert_eq!(answer.into_inner().error.unwrap().reason.as_deref(), Some("not_found"));

    let server = FaultServer::start([Answer::html(503), Answer::json(200, r#"{"uuid": "u"}"#)]).await;
    let user = crate::support::client(&server.base_url).raw().get_current_user().await.unwrap();
    assert_eq!((user.uuid.as_deref(), server.arrived().len()), (Some("u"), 2));
}

#[tokio::test]
async fn a_connection_error_reaches_the_raw_caller_as_itself() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = client(&format!("http://127.0.0.1:{port}")).raw().get_current_user().await.unwrap_err();
    let Error::CommunicationError(error) = error else { panic!("{error:?}") };
    assert!(error.is_connect());
}

#[tokio::test]
async fn a_form_is_uploaded_with_its_boundary() {
    let server = FaultServer::start([Answer::json(200, r#"{"uuid": "i", "status": "uploaded"}"#)]).await;
    let part = reqwest::multipart::Part::bytes(&b"first_name\nJane\n"[..])
        .file_name("people.csv")
        .mime_str("text/csv")
        .unwrap();
    let form = reqwest::multipart::Form::new().text("type", "csv_leads").part("file", part);
    let (content_type, body) = Multipart::from(form).into_parts();
    let import = client(&server.base_url).raw().upload_csv_file(&content_type, body).await.unwrap();
    assert_eq!(import.uuid.as_deref(), Some("i"));

    let arrived = &server.arrived()[0];
    let boundary =
        arrived.header("content-type").unwrap().strip_prefix("multipart/form-data; boundary=").unwrap();
    let text = String::from_utf8(arrived.body.clone()).unwrap();
    assert!(text.contains(&format!("--{boundary}")), "{text}");
    assert!(text.contains("name=\"type\"") && text.contains("csv_leads"), "{text}");
    assert!(text.contains("filename=\"people.csv\"") && text.contains("first_name\nJane"), "{text}");
}

#[tokio::test]
async fn a_csv_comes_as_a_stream_of_bytes() {
    let csv = "name\nJane Roe\n";
    let headers = vec![("content-type", "text/csv".to_owned())];
    let server = FaultServer::start([Answer::Whole(200, headers, csv.into())]).await;
    let body = types::DownloadExportFileBody::new("people.csv");
    let answer = client(&server.base_url).raw().download_export_file(&body).await.unwrap();
    let bytes: Vec<u8> =
        answer.into_inner_stream().map_ok(|chunk| chunk.to_vec()).try_concat().await.unwrap();
    assert_eq!(bytes, csv.as_bytes());
}

#[tokio::test]
async fn a_delete_carries_its_body() {
    let server = FaultServer::start([Answer::json(204, "")]).await;
    let mut body = types::DeleteMailboxBody::new(true);
    body.automation_mailbox_to_reassign = Some("other".into());
    client(&server.base_url).raw().delete_mailbox("box", &body).await.unwrap();
    let arrived = &server.arrived()[0];
    assert_eq!((arrived.method.as_str(), arrived.target.as_str()), ("DELETE", "/emails/api/mailboxes/box"));
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&arrived.body).unwrap(),
        serde_json::json!({"automation_reassign_mailboxes": true, "automation_mailbox_to_reassign": "other"})
    );
}

#[tokio::test]
async fn an_undescribed_body_of_a_success_is_not_lost() {
    let server = FaultServer::start([Answer::json(200, r#"[{"uuid": "e"}]"#)]).await;
    let answer = client(&server.base_url).raw().get_email_thread("a").await.unwrap();
    let bytes: Vec<u8> =
        answer.into_inner_stream().map_ok(|chunk| chunk.to_vec()).try_concat().await.unwrap();
    assert_eq!(bytes, br#"[{"uuid": "e"}]"#);
}

#[tokio::test]
async fn a_path_parameter_cannot_leave_its_place() {
    let server = FaultServer::start([Answer::json(200, r#"{"uuid": "u"}"#)]).await;
    client(&server.base_url).raw().get_list("../a?b#c/d e").await.unwrap();
    assert_eq!(server.arrived()[0].target, "/leads/api/lists/..%2Fa%3Fb%23c%2Fd%20e");
}
