"""Records: read late, forgiving where the API is known to vary, strict elsewhere."""

import copy
import pickle
from datetime import datetime, timedelta, timezone

import pytest

import grinfi
from grinfi import models

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
def test_a_contact_is_the_same_in_every_wrapping(data: dict[str, object]) -> None:
    contact = grinfi.Contact(data)
    assert (contact.uuid, contact.name, contact.team_id) == ("c-1", "Jane Roe", 134)
    assert contact.created_at == TIME
    assert contact.experience is not None and contact.experience[0].title == "Chair"
    assert isinstance(contact.experience[0], models.LeadExperience)
    assert contact["later_addition"] == {"x": [1]} and contact.headline is None


def test_extras_stand_beside_the_record() -> None:
    data = {"lead": ROW, "markers": {"a": 1}, "flows": [1], "custom_fields": {"persona": "founder"}}
    contact = grinfi.Contact(data)
    assert contact.custom_fields == {"persona": "founder"} and contact.markers == {"a": 1} and contact.flows == [1]
    assert grinfi.Contact({"lead": ROW, "custom_fields": []}).custom_fields == {}
    assert grinfi.Contact({"lead": ROW}).custom_fields is None


def test_values_come_in_several_spellings() -> None:
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
        ({"team_id": "many"}, "team_id", "Contact.team_id: a text stands where a whole number is expected"),
        ({"created_at": "0000-00-00 00:00:00"}, "created_at", "Contact.created_at: "),
        ({"created_at": 5}, "created_at", "a number stands where a time is expected"),
        ({"name": ["x"]}, "name", "a list stands where a text is expected"),
        ({"name": True}, "name", "a boolean stands where a text is expected"),
        ({"experience": {"a": 1}}, "experience", "an object stands where a list is expected"),
        ({"experience": ["x"]}, "experience", "a text stands where an object is expected"),
        ({"name": "x"}, "uuid", "Contact.uuid: the record came without it"),
    ],
)
def test_a_value_that_does_not_fit_says_where(data: dict[str, object], name: str, says: str) -> None:
    contact = grinfi.Contact(data)
    with pytest.raises(grinfi.DecodeError) as caught:
        getattr(contact, name)
    assert says in str(caught.value) and caught.value.field == name and caught.value.body
    assert contact.to_dict() == data, "the rest is still to be had"


@pytest.mark.parametrize("data", [{}, {"lead": None}, {"lead": []}, {"lead": {}}, {"message": "back soon"}])
def test_what_is_no_contact(data: dict[str, object]) -> None:
    with pytest.raises(grinfi.DecodeError):
        grinfi.Contact(data)


@pytest.mark.parametrize("text", ["", "[1]", "null", "{", "[" * 100_000, '{"team_id": ' + "1" * 5000 + "}"])
def test_text_that_is_no_record(text: str) -> None:
    with pytest.raises(grinfi.DecodeError):
        _ = grinfi.Contact.from_json(text).uuid


def test_an_unknown_attribute_names_the_near_one() -> None:
    contact = grinfi.Contact(ROW)
    with pytest.raises(AttributeError, match="Contact has no attribute `compny_name`; did you mean `company_name`?"):
        contact.compny_name  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match=r"record\['later_addition'\]"):
        contact.later_addition  # type: ignore[attr-defined]
    assert not hasattr(contact, "nothing_like_it")


def test_records_are_values() -> None:
    contact = grinfi.Contact(ROW)
    assert contact == grinfi.Contact({"lead": ROW}) != grinfi.Contact({"uuid": "c-2"})
    assert contact != ROW and contact != grinfi.List({"uuid": "c-1"})
    with pytest.raises(TypeError):
        hash(contact)
    with pytest.raises(AttributeError, match="read-only"):
        contact.name = "Other"  # type: ignore[assignment]
    with pytest.raises(AttributeError, match="read-only"):
        del contact.name
    for twin in (copy.copy(contact), copy.deepcopy(contact), pickle.loads(pickle.dumps(contact))):
        assert twin == contact and type(twin) is grinfi.Contact and twin.created_at == TIME
    assert repr(contact) == "Contact(uuid='c-1', name='Jane Roe')"
    assert dict(contact) == ROW == contact.to_dict() and "name" in contact and "headline" not in contact
    contact.to_dict()["later_addition"]["x"].append(2)
    assert contact["later_addition"] == {"x": [1]}


def test_every_record_of_the_description_is_there() -> None:
    assert len(models.__all__) > 40
    for name in models.__all__:
        cls = getattr(models, name)
        assert issubclass(cls, grinfi.Record) and cls.__doc__, name
        assert cls._names or name in ("EnrichmentEntry", "Enrolment"), name
    assert "sent as `lead_uuid`" in models.Contact.uuid.__doc__
