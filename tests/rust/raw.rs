//! The generated client: by itself, and through the transport of the SDK.

use futures_util::TryStreamExt;
use grinfi_raw::{Client, Multipart, types};
use grinfi_sandbox::Seed;

use crate::support::{
    client,
    fault_server::{FaultServer, Response},
    sandbox,
};

#[tokio::test]
async fn sends_once_and_without_a_key_by_itself() {
    let server = FaultServer::start([Response::html(503)]).await;
    let error = Client::new(&server.base_url).unwrap().get_current_user().await.unwrap_err();
    assert!(error.is_status() && error.body().starts_with(b"<"), "{error:?}");
    assert_eq!(error.status().unwrap().as_u16(), 503);
    let arrived = server.arrived();
    assert_eq!((arrived.len(), arrived[0].header("authorization")), (1, None));
    assert_eq!(arrived[0].header("api-version"), None);
}

#[tokio::test]
async fn follows_no_redirect_by_itself() {
    let location = vec![("location", "/elsewhere".to_owned())];
    let server = FaultServer::start([Response::Whole(307, location, String::new())]).await;
    let raw = Client::new(&server.base_url).unwrap();
    let error = raw.create_list(&types::CreateListBody::new("Autumn")).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 307);
    assert_eq!(server.arrived().len(), 1);
}

#[tokio::test]
async fn sends_the_key_only_to_its_own_base_url() {
    let other = FaultServer::start([]).await;
    let foreign = Client::new(&other.base_url).unwrap();
    let (_sandbox, client) = sandbox(Seed::Empty).await;
    let error = client.call(foreign.get_current_user()).await.unwrap_err();
    assert_eq!((error.is_invalid_input(), error.field()), (true, Some("call")), "{error:?}");
    assert!(other.arrived().is_empty());
}

#[tokio::test]
async fn does_not_show_values_of_a_response_that_does_not_decode() {
    let server = FaultServer::start([Response::json(200, r#"{"uuid": {"name": "Jane Roe"}}"#)]).await;
    let error = Client::new(&server.base_url).unwrap().get_current_user().await.unwrap_err();
    assert!(error.is_decode() && !error.body().is_empty(), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("Jane"), "{error:?}");
}

#[tokio::test]
async fn uses_the_key_and_the_retries_of_the_sdk_below_its_client() {
    let (_sandbox, client) = sandbox(Seed::Empty).await;
    let body = types::CreateListBody::new("Autumn");
    let (_list, response) = client.raw().create_list(&body).with_response().await.unwrap();
    assert_eq!(response.status.as_u16(), 201);
    let error = client.raw().get_list("00000000-0000-4000-8000-00000000dead").await.unwrap_err();
    assert!(error.is_transport(), "{error:?}");
    let error = grinfi::Error::from(error);
    assert!(error.is_not_found() && error.operation() == Some("getList"), "{error:?}");
    assert_eq!((error.reason(), error.attempts()), (Some("not_found"), 1));

    let server = FaultServer::start([Response::html(503), Response::json(200, r#"{"uuid": "u"}"#)]).await;
    let user = crate::support::client(&server.base_url).raw().get_current_user().await.unwrap();
    assert_eq!((user.uuid.as_deref(), server.arrived().len()), (Some("u"), 2));
}

#[tokio::test]
async fn keeps_a_connection_error_as_the_source() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let base_url = format!("http://127.0.0.1:{port}");
    let error = grinfi::Error::from(client(&base_url).raw().get_current_user().await.unwrap_err());
    assert!(error.is_connect(), "{error:?}");
    let error = grinfi::Error::from(Client::new(&base_url).unwrap().get_current_user().await.unwrap_err());
    assert!(error.is_connect(), "{error:?}");
}

#[tokio::test]
async fn uploads_a_form_with_its_boundary() {
    let server = FaultServer::start([Response::json(200, r#"{"uuid": "i", "status": "uploaded"}"#)]).await;
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
async fn downloads_a_file_as_a_stream_of_bytes() {
    let csv = "name\nJane Roe\n";
    let headers = vec![("content-type", "text/csv".to_owned())];
    let server = FaultServer::start([Response::Whole(200, headers, csv.into())]).await;
    let body = types::DownloadExportFileBody::new("people.csv");
    let stream = client(&server.base_url).raw().download_export_file(&body).await.unwrap();
    let bytes: Vec<u8> = stream.into_inner().map_ok(|chunk| chunk.to_vec()).try_concat().await.unwrap();
    assert_eq!(bytes, csv.as_bytes());
}

#[tokio::test]
async fn sends_the_body_of_a_delete() {
    let server = FaultServer::start([Response::json(204, "")]).await;
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
async fn returns_a_body_that_is_not_described_as_a_stream() {
    let server = FaultServer::start([Response::json(200, r#"[{"uuid": "e"}]"#)]).await;
    let stream = client(&server.base_url).raw().get_email_thread("a").await.unwrap();
    let bytes: Vec<u8> = stream.into_inner().map_ok(|chunk| chunk.to_vec()).try_concat().await.unwrap();
    assert_eq!(bytes, br#"[{"uuid": "e"}]"#);
}

#[tokio::test]
async fn rejects_path_parameters_that_are_not_ids_before_sending() {
    let server = FaultServer::start([]).await;
    for id in ["", "..", "../a?b#c/d e", "a b"] {
        let error = client(&server.base_url).raw().get_list(id).await.unwrap_err();
        assert_eq!((error.is_invalid_input(), error.field()), (true, Some("uuid")), "{id}");
    }
    assert!(server.arrived().is_empty());
}
