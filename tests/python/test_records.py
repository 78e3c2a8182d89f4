"""Records: lazy decoding, inconsistent types and errors."""

import copy
import gc
import json
import pickle
import weakref
from datetime import datetime, timedelta, timezone

import pytest

import grinfi
from grinfi import models
from mock_server import MockResponse, Server

ROW = {
    "uuid": "c-1",
    "name": "Jane Roe",
    "team_id": "134",
    "created_at": "2026-02-03T15:55:04.000000Z",
    "experience": [{"title": "Chair", "company": "ExampleCorp"}],
    "later_addition": {"x": [1]},
}
TIME = datetime(2026, 2, 3, 15, 55, 4, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "data",
    [
        ROW,
        {"lead": ROW},
        {"data": {"lead": ROW}},
        {"data": ROW},
        {"markers": [], "lead": ROW, "flows": [{"flow_uuid": "f"}], "custom_fields": []},
    ],
)
def test_unwraps_contacts(data: dict[str, object]) -> None:
    contact = grinfi.Contact(data)
    assert (contact.uuid, contact.name, contact.team_id) == ("c-1", "Jane Roe", 134)
    assert contact.created_at == TIME
    assert contact.experience is not None and contact.experience[0].title == "Chair"
    assert isinstance(contact.experience[0], models.ContactExperience)
    assert contact["later_addition"] == {"x": [1]} and contact.headline is None


def test_reads_fields_next_to_wrapped_record() -> None:
    data = {"lead": ROW, "markers": {"a": 1}, "flows": [1], "custom_fields": {"persona": "founder"}}
    contact = grinfi.Contact(data)
    assert contact.custom_fields == {"persona": "founder"} and contact.markers == {"a": 1} and contact.flows == [1]
    assert grinfi.Contact({"lead": ROW, "custom_fields": []}).custom_fields == {}
    assert grinfi.Contact({"lead": ROW}).custom_fields is None


def test_decodes_inconsistent_types() -> None:
    for text in ("2026-02-03T15:55:04.000000Z", "2026-02-03 15:55:04", "2026-02-03T16:55:04+01:00", "2026-02-03T15:55:04.0Z"):
        assert grinfi.List({"created_at": text}).created_at == TIME, text
    nanos = grinfi.List({"created_at": "2026-02-03T15:55:04.123456789Z"}).created_at
    assert nanos is not None and nanos.microsecond == 123456 and nanos.utcoffset() == timedelta(0)
    assert grinfi.Automation({"is_public": 0, "use_sender_schedule": "1"}).is_public is False
    assert grinfi.Automation({"is_public": 0, "use_sender_schedule": "1"}).use_sender_schedule is True
    assert models.Company({"ln_id": 5}).ln_id == "5"
    assert models.Mailbox({"connection_settings": []}).connection_settings == {}
    assert models.WebhookPayload({"contact": []}).contact == {}
    assert models.Webhook({"data": {"uuid": "w"}}).uuid == "w"


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        ({"team_id": "many"}, "team_id", "Contact.team_id: expected a whole number, got a string"),
        ({"created_at": "0000-00-00 00:00:00"}, "created_at", "Contact.created_at: "),
        ({"created_at": 5}, "created_at", "expected a time, got a number"),
        ({"name": ["x"]}, "name", "expected a string, got a list"),
        ({"name": True}, "name", "expected a string, got a boolean"),
        ({"experience": {"a": 1}}, "experience", "expected a list, got an object"),
        ({"experience": ["x"]}, "experience", "expected an object, got a string"),
        ({"name": "x"}, "uuid", "Contact.uuid: the record does not contain it"),
    ],
)
def test_unexpected_value_names_the_attribute(data: dict[str, object], name: str, says: str) -> None:
    contact = grinfi.Contact(data)
    with pytest.raises(grinfi.DecodeError) as caught:
        getattr(contact, name)
    assert says in str(caught.value) and caught.value.field == name and caught.value.body
    assert contact.to_dict() == data, "the rest is still to be had"


@pytest.mark.parametrize("data", [{}, {"lead": None}, {"lead": []}, {"lead": {}}, {"message": "back soon"}])
def test_rejects_other_objects(data: dict[str, object]) -> None:
    with pytest.raises(grinfi.DecodeError):
        grinfi.Contact(data)


@pytest.mark.parametrize("text", ["", "[1]", "null", "{", "[" * 100_000, '{"team_id": ' + "1" * 5000 + "}"])
def test_rejects_invalid_json(text: str) -> None:
    with pytest.raises(grinfi.DecodeError):
        _ = grinfi.Contact.from_json(text).uuid


def test_unknown_attribute_suggests_similar_one() -> None:
    contact = grinfi.Contact(ROW)
    with pytest.raises(AttributeError, match="Contact has no attribute `compny_name`; did you mean `company_name`?"):
        contact.compny_name  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match=r"record\['later_addition'\]"):
        contact.later_addition  # type: ignore[attr-defined]
    assert not hasattr(contact, "nothing_like_it")


def test_records_compare_and_pickle() -> None:
    contact = grinfi.Contact(ROW)
    assert contact == grinfi.Contact({"lead": ROW}) != grinfi.Contact({"uuid": "c-2"})
    assert contact != ROW and contact != grinfi.List({"uuid": "c-1"})
    with pytest.raises(TypeError):
        hash(contact)
    with pytest.raises(AttributeError, match="read-only"):
        contact.name = "Other"  # type: ignore[assignment]
    with pytest.raises(AttributeError, match="read-only"):
        del contact.name
    for restored in (copy.copy(contact), copy.deepcopy(contact), pickle.loads(pickle.dumps(contact))):
        assert restored == contact and type(restored) is grinfi.Contact and restored.created_at == TIME
    assert repr(contact) == "Contact(uuid='c-1', name='Jane Roe')"
    assert dict(contact) == ROW == contact.to_dict() and "name" in contact and "headline" not in contact
    contact.to_dict()["later_addition"]["x"].append(2)
    assert contact["later_addition"] == {"x": [1]}


def test_models_contain_all_records() -> None:
    assert len(models.__all__) > 40
    for name in models.__all__:
        cls = getattr(models, name)
        assert issubclass(cls, grinfi.Record) and cls.__doc__, name
        assert cls._names or name in ("EnrichmentEntry", "Enrollment"), name
    assert "`lead_uuid`" in models.Contact.uuid.__doc__


def row(text: str, record: type[grinfi.Record], server: Server, key: str) -> grinfi.Record:
    """Returns a record of a listing, which is decoded lazily."""
    server.replies = [MockResponse(200, b'{"data": [' + text.encode() + b'], "total": 1}')]
    pages = grinfi.Grinfi(key, base_url=server.base_url)._native_client.pages(
        "searchContacts", record=record, filter=None, order=None, page_size=1, offset=0, max_items=None, complete=False
    )
    page = pages.take() if pages.fetch() else None
    assert page is not None
    [found] = page[0]
    assert isinstance(found, record)
    return found


def looks(record: grinfi.Record) -> dict[str, object]:
    """Returns all values of a record, including errors."""

    def look(name: str) -> object:
        try:
            value = getattr(record, name)
        except grinfi.DecodeError as error:
            return (str(error), error.field, error.body)
        return [repr(value), type(value), value]

    return {attribute._attribute: look(attribute._attribute) for attribute in record._attributes}  # type: ignore[attr-defined]


# Duplicate and escaped names, wrappers, undocumented types: lazy decoding must not differ from that of whole records.
@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ROW),
        json.dumps({"markers": [], "lead": ROW, "flows": [{"flow_uuid": "f"}], "custom_fields": {"persona": "founder"}}),
        json.dumps({"lead": {**ROW, "flows": [1], "markers": {"a": 1}}, "flows": None, "markers": []}, indent=3),
        json.dumps({"data": {"lead": ROW, "custom_fields": []}, "markers": {"b": 2}}),
        json.dumps({"data": ROW}),
        '{"uuid": "c", "name": "first", "name": "last"}',
        '{"uuid": "c", "na\\u006de": "Jane", "headline": "\\"quoted\\" \\u00e9 \\ud83d\\ude00"}',
        '{"uuid": "c", "name": "half \\ud800 pair"}',
        '{"uuid": "Zoë", "name": "日本", "headline": "", "about": " "}',
        '{"uuid": 5, "name": 1.5, "headline": true, "about": [], "team_id": {}}',
        '{"uuid": null, "name": null}',
        '{"uuid": "c", "team_id": 123456789012345678901234567890, "user_id": 5.0, "connections_number": "12"}',
        '{"uuid": "c", "team_id": -0, "user_id": 1e2, "connections_number": 1.5, "followers_number": true}',
        '{"uuid": "c", "has_premium": 1, "has_open_profile": "0", "has_verified_profile": false, "status": "brand new"}',
        '{"uuid": "c", "created_at": "2026-02-03 15:55:04", "updated_at": "2026-02-30T00:00:00.000000Z"}',
        '{"uuid": "c", "created_at": "2026-02-03T15:55:04Z", "updated_at": "2026-02-03T15:55:04.123456789Z"}',
        '{"uuid": "c", "created_at": "2026-02-03T15:55:04.5Z", "updated_at": "2026-02-03T15:55:04.Z"}',
        '{"uuid": "c", "created_at": "2026-02-03T16:55:04+01:00", "updated_at": "soon"}',
        '{"uuid": "c", "created_at": "2026-02-03T15:55:60Z", "updated_at": 5}',
        '{"uuid": "c", "skills": ["a", null, "b"], "tags": ["a", 1], "supported_languages": "en", "posts": [[]]}',
        '{"uuid": "c", "experience": [{}, null, {"title": "x"}, []], "educations": [5], "location": []}',
        '{"uuid": "c", "custom_fields": [], "markers": {"deep": ' + "[" * 80 + "]" * 80 + "}}",
        '{"uuid": "c", "custom_fields": {"f": -1.5e-3, "g": 1E400, "h": [true, false, null, {"": ""}]}}',
        '{ "uuid" : "c" , "name" : "spaced" , "skills" : [ "a" , "b" ] , "markers" : { } }',
        "{}",
        '{"lead": {}}',
        '{"lead": []}',
        '{"lead": null, "uuid": "c"}',
        '{"message": "back soon"}',
    ],
)
def test_rows_behave_like_other_records(text: str, server: Server, key: str) -> None:
    by_attribute = row(text, grinfi.Contact, server, key)
    at_once = row(text, grinfi.Contact, server, key)
    try:
        expected = grinfi.Contact(json.loads(text))
    except grinfi.DecodeError as error:
        for look in (lambda: by_attribute.name, at_once.to_dict):  # type: ignore[attr-defined]
            with pytest.raises(grinfi.DecodeError) as caught:
                look()
            assert (str(caught.value), caught.value.body) == (str(error), error.body)
        assert repr(at_once) == f"<{error}>"
        return
    assert looks(by_attribute) == looks(expected)
    assert looks(by_attribute) == looks(expected), "a second look sees the same"
    assert at_once.to_dict() == expected.to_dict() == by_attribute.to_dict() and list(at_once) == list(expected)
    assert looks(at_once) == looks(expected)
    assert by_attribute == at_once == expected and repr(at_once) == repr(expected)
    assert pickle.loads(pickle.dumps(at_once)) == copy.deepcopy(by_attribute) == expected


def test_decodes_lists_and_records_once(server: Server, key: str) -> None:
    contact = row(json.dumps({**ROW, "about": "long " * 100}), grinfi.Contact, server, key)
    assert isinstance(contact, grinfi.Contact)
    assert contact.about == contact.about and contact.experience is contact.experience
    assert contact.created_at == contact.created_at and contact.tags is contact.tags
    assert contact.experience is not None and contact.experience[0] == models.ContactExperience(
        {"title": "Chair", "company": "ExampleCorp"}
    )


def test_rows_are_freed(server: Server, key: str) -> None:
    contact = row(json.dumps({**ROW, "custom_fields": {}}), grinfi.Contact, server, key)
    assert isinstance(contact, grinfi.Contact) and contact.custom_fields is not None
    contact.custom_fields["itself"] = contact
    reference = weakref.ref(contact)
    del contact
    gc.collect()
    assert reference() is None


def test_supports_own_record_classes() -> None:
    class Scored(grinfi.Contact):
        @property
        def initials(self) -> str:
            return "".join(word[0] for word in (self.name or "").split())

    scored = Scored(ROW)
    assert (scored.initials, scored.uuid, scored.team_id) == ("JR", "c-1", 134)
    assert scored != grinfi.Contact(ROW)
    with pytest.raises(TypeError):
        models.User.id.__get__(5, int)  # type: ignore[call-overload]
    assert models.User.id.__get__(grinfi.Contact({"uuid": "c", "id": 7}), grinfi.Contact) == 7
