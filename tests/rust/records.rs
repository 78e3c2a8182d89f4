//! Records and inputs as code outside the crates uses them: compared, taken apart and written out.

use grinfi::{
    Page,
    models::{Contact, ContactUpdate, Nullable, Tag},
    raw::types::{self, CreateNoteBody, CreateTagBody, Timeblock},
};
use serde_json::json;

fn contact() -> Contact {
    serde_json::from_value(json!({"uuid": "c-1", "name": "Ada Example", "markers": [1]})).unwrap()
}

#[test]
fn compares_records() {
    let mut other = contact();
    assert_eq!(contact(), other);
    other.name = Some("Bo Example".into());
    assert_ne!(contact(), other);
    let page = |uuid: &str| serde_json::from_value::<Page<Tag>>(json!({"data": [{"uuid": uuid}]})).unwrap();
    assert_eq!(page("t-1"), page("t-1"));
    assert_ne!(page("t-1"), page("t-2"));
}

#[test]
fn takes_records_apart() {
    let Contact { record, markers, automations, .. } = contact();
    assert_eq!((markers, automations), (Some(json!([1])), None));
    let types::Contact { uuid, name, .. } = record;
    assert_eq!((uuid.as_str(), name.as_deref()), ("c-1", Some("Ada Example")));
    let Page { data, total, .. } =
        serde_json::from_value::<Page<Tag>>(json!({"data": [], "total": 0})).unwrap();
    assert_eq!((data.len(), total), (0, Some(0)));
}

#[test]
fn clears_and_sets_nullable_fields_from_string_literals() {
    let update =
        ContactUpdate { headline: Some(Nullable::Null), position: Some("CTO".into()), ..Default::default() };
    assert_eq!(serde_json::to_value(&update).unwrap(), json!({"headline": null, "position": "CTO"}));
    let ContactUpdate { headline, position, .. } = update;
    assert_eq!((headline, position), (Some(Nullable::Null), Some(Nullable::Value("CTO".into()))));
}

#[test]
fn writes_inputs_out() {
    let block = Timeblock { dow: Some(1), min: Some(540), max: Some(1080) };
    let monday = Timeblock { dow: Some(1), ..Default::default() };
    assert_ne!(block, monday);
    // An input with required fields: in full, or the required ones by `new` and the others by name.
    let note = CreateNoteBody { note: "Hello".into(), object: "lead".into(), object_uuid: "c-1".into() };
    assert_eq!(note, CreateNoteBody::new("Hello", "lead".into(), "c-1"));
    let tag = CreateTagBody { color: Some("#ff5733".into()), ..CreateTagBody::new("VIP") };
    assert_eq!(tag.name, "VIP");
}

#[test]
fn has_the_names_of_this_library_and_the_wire_of_the_api() {
    let body = types::CreateContactsBody { contacts: Vec::new(), list_uuid: "l-1".into() };
    assert_eq!(serde_json::to_value(&body).unwrap(), json!({"leads": [], "list_uuid": "l-1"}));
    let email: types::Email = serde_json::from_value(
        json!({"uuid": "e-1", "lead_uuid": "c-1", "flow_uuid": "f-1", "type": "inbox"}),
    )
    .unwrap();
    assert_eq!(email.contact_uuid.as_ref().unwrap(), &"c-1");
    assert_eq!(email.automation_uuid.as_ref().unwrap(), &"f-1");
    assert!(email.type_.is_some());
}
