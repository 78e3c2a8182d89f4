//! Forms with files: `multipart/form-data`.

use std::convert::Infallible;

use futures_util::{FutureExt, stream};

use super::query;
use crate::call::File;
use crate::record::Record;
use crate::rejection::Rejection;

/// Parsed form: files, and other fields as nested JSON.
#[derive(Debug, Default)]
pub(crate) struct Form {
    pub(crate) fields: Record,
    pub(crate) files: Vec<File>,
}

/// Parses a form; `None` for another content type.
pub(crate) fn parse_form(kind: Option<&str>, body: &[u8]) -> Option<Result<Form, Rejection>> {
    let kind = kind?;
    if !kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
        return None;
    }
    Some(match multer::parse_boundary(kind) {
        // The whole body is in memory, so parsing never waits.
        Ok(boundary) => match parts(body.to_vec(), boundary).now_or_never() {
            Some(form) => form.map_err(invalid_form),
            None => Err(Rejection::server_error()),
        },
        Err(error) => Err(invalid_form(error)),
    })
}

fn invalid_form(error: multer::Error) -> Rejection {
    Rejection::bad_request(format!("The form cannot be read: {error}."))
}

async fn parts(body: Vec<u8>, boundary: String) -> multer::Result<Form> {
    let body = stream::iter([Ok::<_, Infallible>(body)]);
    let mut multipart = multer::Multipart::new(body, boundary);
    let mut form = Form::default();
    while let Some(part) = multipart.next_field().await? {
        let field = part.name().unwrap_or_default().to_owned();
        let (name, is_file) = (part.file_name().map(str::to_owned), part.file_name().is_some());
        let is_json = part.content_type().is_some_and(|kind| kind.essence_str() == "application/json");
        let content = part.bytes().await?.to_vec();
        if is_file {
            form.files.push(File { field, name, content });
        } else if let (true, Ok(value)) = (is_json, serde_json::from_slice(&content)) {
            // OpenAPI sends objects as JSON parts, PHP as `payload[size]`.
            form.fields.insert(field, value);
        } else {
            query::insert(&mut form.fields, &field, String::from_utf8_lossy(&content).into_owned());
        }
    }
    Ok(form)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn separates_fields_and_files() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\ncsv_leads\r\n\
            --b\r\nContent-Disposition: form-data; name=\"payload[size]\"\r\n\r\n3\r\n\
            --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\na,b\r\n--b--\r\n";
        let kind = Some("multipart/form-data; boundary=b");
        let form = parse_form(kind, body.as_bytes()).unwrap().unwrap();
        assert_eq!(
            serde_json::Value::Object(form.fields.clone()),
            json!({"type": "csv_leads", "payload": {"size": "3"}})
        );
        let json = "--b\r\nContent-Disposition: form-data; name=\"payload\"\r\nContent-Type: application/json\r\n\r\n\
            {\"size\": \"3\"}\r\n--b--\r\n";
        let fields = parse_form(kind, json.as_bytes()).unwrap().unwrap().fields;
        assert_eq!(serde_json::Value::Object(fields), json!({"payload": {"size": "3"}}));
        let file = &form.files[0];
        assert_eq!(
            (file.field.as_str(), file.name.as_deref(), file.content.as_slice()),
            ("file", Some("a.csv"), &b"a,b"[..])
        );
        assert!(parse_form(Some("application/json"), b"{}").is_none());
        let broken = parse_form(kind, &body.as_bytes()[..40]).unwrap();
        assert_eq!(broken.unwrap_err().status, 400);
        assert!(parse_form(Some("multipart/form-data"), b"").unwrap().is_err());
    }

    proptest! {
        #[test]
        fn random_forms_do_not_panic(body in "(--b|\r\n|Content-Disposition: form-data; name=\"a\"|filename|[a-z\"=;-]){0,30}") {
            let kind = Some("multipart/form-data; boundary=b");
            drop(parse_form(kind, body.as_bytes()));
        }
    }
}
