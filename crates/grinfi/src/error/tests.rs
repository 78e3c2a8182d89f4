use super::*;

fn answer(status: u16, body: &str) -> Error {
    let headers = http::HeaderMap::from_iter([(
        http::HeaderName::from_static("x-request-id"),
        http::HeaderValue::from_static("r-1"),
    )]);
    let status = http::StatusCode::from_u16(status).unwrap();
    Error::from_status(status, headers, body.to_owned())
}

#[test]
fn the_envelope_is_read_in_full() {
    let error = answer(
        422,
        r#"{"error":{"reason":"validation_error","message":"Invalid.","data":{"name":["required"],"x":"odd"}}}"#,
    );
    assert!(error.is_validation() && !error.is_retryable());
    assert_eq!(error.reason(), Some("validation_error"));
    assert_eq!(error.fields()["name"], ["required"]);
    assert_eq!(error.request_id(), Some("r-1"));
    assert_eq!(error.to_string(), "422 validation_error: Invalid.; name: required; x: odd");
}

#[test]
fn a_validation_message_appears_once_and_by_the_clients_names() {
    let error = answer(
        422,
        r#"{"error":{"reason":"validation_error","message":"The lead uuid field is required. (and 1 more error)",
            "data":{"lead_uuid":["The lead uuid field is required."],"leads.0.email":["Not an address."]}}}"#,
    );
    assert_eq!(error.fields()["contact_uuid"], ["The contact uuid field is required."]);
    assert_eq!(
        error.to_string(),
        "422 validation_error: The contact uuid field is required. (and 1 more error); contacts[0].email: Not an address."
    );
}

#[test]
fn an_error_keeps_at_most_16_kib_of_a_body() {
    let page = answer(502, &"x".repeat(1_000_000));
    assert_eq!(page.body().unwrap().len(), 16 * 1024);
    assert_eq!(page.inner.body.as_ref().unwrap().len(), 16 * 1024);
}

#[test]
fn an_html_page_keeps_its_status_and_is_not_dumped() {
    let error = answer(502, "<html><h1>Bad gateway</h1></html>");
    assert_eq!((error.kind(), error.status()), (ErrorKind::Server, Some(502)));
    assert!(error.is_retryable());
    assert!(!format!("{error} {error:?}").contains("<h1>"));
    assert!(error.body().unwrap().starts_with(b"<html>"));
}

#[test]
fn every_status_has_its_predicate() {
    type Predicate = fn(&Error) -> bool;
    let predicates: [(u16, Predicate); 6] = [
        (401, Error::is_unauthorized),
        (402, Error::is_out_of_credits),
        (403, Error::is_forbidden),
        (404, Error::is_not_found),
        (422, Error::is_validation),
        (429, Error::is_rate_limited),
    ];
    for (status, predicate) in predicates {
        for (other, _) in predicates {
            assert_eq!(predicate(&answer(other, "")), other == status, "{status} {other}");
        }
    }
    assert!(!answer(500, "").is_retryable(), "a 500 means a bad filter here");
}

#[test]
fn an_unknown_outcome_is_never_retryable() {
    let error = answer(504, "").with_outcome(Outcome::Unknown, false);
    assert!(error.is_unknown_outcome() && !error.is_retryable());
    assert_eq!(error.status(), Some(504));
}
