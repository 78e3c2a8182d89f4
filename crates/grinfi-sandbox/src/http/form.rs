//! Forms with files: `multipart/form-data`.

use std::convert::Infallible;

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use futures_util::stream;

use super::query;
use crate::ops::File;
use crate::record::Record;
use crate::refusal::Refusal;

/// A form that was read: its files, and its other fields as the map that a query would be.
#[derive(Debug, Default)]
pub(super) struct Form {
    pub(super) fields: Record,
    pub(super) files: Vec<File>,
}

/// Reads a body that is a form; `None` if it is none.
pub(super) async fn read(headers: &HeaderMap, body: &[u8]) -> Option<Result<Form, Refusal>> {
    let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    if !kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
        return None;
    }
    Some(match multer::parse_boundary(kind) {
        Ok(boundary) => parts(body.to_vec(), boundary).await.map_err(refused),
        Err(error) => Err(refused(error)),
    })
}

fn refused(error: multer::Error) -> Refusal {
    Refusal::bad_request(format!("The form cannot be read: {error}."))
}

async fn parts(body: Vec<u8>, boundary: String) -> multer::Result<Form> {
    let body = stream::iter([Ok::<_, Infallible>(body)]);
    let mut multipart = multer::Multipart::new(body, boundary);
    let mut form = Form::default();
    while let Some(part) = multipart.next_field().await? {
        let field = part.name().unwrap_or_default().to_owned();
        let (name, is_file) = (part.file_name().map(str::to_owned), part.file_name().is_some());
        let content = part.bytes().await?.to_vec();
        if is_file {
            form.files.push(File { field, name, content });
        } else {
            query::place(&mut form.fields, &field, String::from_utf8_lossy(&content).into_owned());
        }
    }
    Ok(form)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn headers(kind: &str) -> HeaderMap {
        HeaderMap::from_iter([(CONTENT_TYPE, kind.parse().unwrap())])
    }

    #[tokio::test]
    async fn fields_and_files_are_told_apart() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\ncsv_leads\r\n\
            --b\r\nContent-Disposition: form-data; name=\"payload[size]\"\r\n\r\n3\r\n\
            --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\na,b\r\n--b--\r\n";
        let kind = headers("multipart/form-data; boundary=b");
        let form = read(&kind, body.as_bytes()).await.unwrap().unwrap();
        assert_eq!(
            serde_json::Value::Object(form.fields.clone()),
            json!({"type": "csv_leads", "payload": {"size": "3"}})
        );
        let file = &form.files[0];
        assert_eq!(
            (file.field.as_str(), file.name.as_deref(), file.content.as_slice()),
            ("file", Some("a.csv"), &b"a,b"[..])
        );
        assert!(read(&headers("application/json"), b"{}").await.is_none());
        let broken = read(&kind, &body.as_bytes()[..40]).await.unwrap();
        assert_eq!(broken.unwrap_err().status, 400);
        assert!(read(&headers("multipart/form-data"), b"").await.unwrap().is_err());
    }

    proptest! {
        #[test]
        fn no_form_panics(body in "(--b|\r\n|Content-Disposition: form-data; name=\"a\"|filename|[a-z\"=;-]){0,30}") {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let kind = headers("multipart/form-data; boundary=b");
            drop(runtime.block_on(read(&kind, body.as_bytes())));
        }
    }
}
