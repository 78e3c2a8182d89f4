"""Filters: conditions that can be sent, and those that are refused."""

import json
from datetime import date, datetime, timedelta, timezone
from uuid import UUID

import pytest

import grinfi
from grinfi import F, _native
from grinfi._generated import fields as generated
from grinfi._validation import wire_name

ID = "0b5b7a3e-1c2d-4e5f-8a9b-0c1d2e3f4a5b"
NOON = datetime(2026, 2, 3, 12, 30, tzinfo=timezone(timedelta(hours=2)))


def sent(sandbox: grinfi.Sandbox) -> object:
    return json.loads(sandbox.requests[-1].body)["filter"]


@pytest.mark.parametrize(
    ("condition", "encoded"),
    [
        (F.company_name == "ExampleCorp", {"company_name": "ExampleCorp"}),
        (F.company_name != "ExampleCorp", {"company_name": {"!=": "ExampleCorp"}}),
        (F.list_uuid.in_([ID, UUID(int=1)]), {"list_uuid": [ID, "00000000-0000-0000-0000-000000000001"]}),
        (F.email_status.not_in(["ok", "unknown"]), {"email_status": {"!=": ["ok", "unknown"]}}),
        (F.tags.not_in([UUID(int=1)]), {"tags": {"!=": ["00000000-0000-0000-0000-000000000001"]}}),
        (F.user_id.not_in({3}) & (F.user_id > 1), {"user_id": {"!=": [3], ">": 1}}),
        ({"email_status": {"!=": ["ok"]}}, {"email_status": {"!=": ["ok"]}}),
        ({"created_at": {">=": "2026-02-03T12:30:00+02:00"}}, {"created_at": {">=": "2026-02-03T10:30:00.000000Z"}}),
        (F.work_email.is_null(), {"work_email": "is_null"}),
        (F.work_email.is_not_null(), {"work_email": "is_not_null"}),
        (F.created_at >= NOON, {"created_at": {">=": "2026-02-03T10:30:00.000000Z"}}),
        (F.connections_number.between(5, 9), {"connections_number": {">=": 5, "<": 9}}),
        ((F.user_id > 1) & (F.user_id <= 3) & (F.name == "x"), {"user_id": {">": 1, "<=": 3}, "name": "x"}),
        ({"created_at": {"<": NOON}, "tags": [ID]}, {"created_at": {"<": "2026-02-03T10:30:00.000000Z"}, "tags": [ID]}),
    ],
)
def test_encodes_conditions(
    sandbox: grinfi.Sandbox, client: grinfi.Grinfi, condition: grinfi.Condition, encoded: object
) -> None:
    client.contacts.search(condition).first()
    assert sent(sandbox) == encoded


def test_joins_arguments_and_keywords(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    client.contacts.count(F.user_id > 1, {"user_id": {"<": 9}}, name="x", tags=[ID])
    assert sent(sandbox) == {"user_id": {">": 1, "<": 9}, "name": "x", "tags": [ID]}


def test_sends_filter_of_get_in_the_query(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    client.linkedin_messages.list(F.sent_at >= NOON, lead_uuid=["a", "b"], order_by="-sent_at").first()
    query = sandbox.requests[-1].query
    assert "order_field=sent_at&order_type=desc" in query
    assert "filter" in query and "2026-02-03T10%3A30%3A00.000000Z" in query


@pytest.mark.parametrize(
    ("make", "field", "says"),
    [
        (lambda c: c.contacts.search(compny_name="x"), "compny_name", "did you mean `company_name`?"),
        (lambda c: c.contacts.search(F.compny_name == "x"), "compny_name", "did you mean `company_name`?"),
        (lambda c: c.contacts.search({"compny_name": "x"}), "compny_name", "did you mean `company_name`?"),
        (lambda c: c.contacts.count(F.updated_at > NOON), "updated_at", "500"),
        (lambda c: c.lists.list(F.company_name == "x"), "company_name", "a list can be filtered by"),
        (lambda c: c.linkedin_messages.list(q="x"), "q", "free-text"),
        (lambda c: c.contacts.search(F.created_at > datetime(2026, 1, 1)), "created_at", "must have a time zone"),
        (lambda c: c.contacts.search(F.created_at > date(2026, 1, 1)), "created_at", "got a date"),
        (lambda c: c.contacts.search(F.name == None), "name", "is_null()"),  # noqa: E711
        (lambda c: c.contacts.search(name=None), "name", "is_null()"),
        (lambda c: c.contacts.search(F.name == "is_null"), "name", "F.name.is_null()"),
        (lambda c: c.contacts.search(F.name == object()), "name", "cannot be compared"),
        (lambda c: c.contacts.search(F.name.in_("x")), "name", "`in_` of F.name needs a list"),
        (lambda c: c.contacts.search(F.name.in_([])), "name", "empty list"),
        (lambda c: c.contacts.search(F.name == "x", name="y"), "name", "two conditions with ="),
        (lambda c: c.contacts.search(F.name == "x", F.name.is_null()), "name", "cannot take together"),
        (lambda c: c.contacts.search(zzz="x"), "zzz", "there are q, uuid, list_uuid"),
        (lambda c: c.contacts.search(company_name=5), "company_name", "must be a text, got 5"),
        (lambda c: c.contacts.search(F.company_name.in_(["x", 5])), "company_name", "must be a text, got 5"),
        (lambda c: c.contacts.search(user_id="five"), "user_id", "must be a whole number"),
        (lambda c: c.contacts.search(tags="VIP"), "tags", "must be an id (a UUID), got \"VIP\""),
        (lambda c: c.contacts.search(F.tags.not_in(["VIP"])), "tags", "must be an id (a UUID)"),
        (lambda c: c.contacts.search(list_uuid=["Autumn"]), "list_uuid", "must be an id (a UUID)"),
        (lambda c: c.contacts.search(F.created_at >= "2026-02-03T15:55:04"), "created_at", "a time with a zone"),
        (lambda c: c.contacts.search({"created_at": {">=": "2026-02-03"}}), "created_at", "a time with a zone"),
        (lambda c: c.contacts.search(order_by="creatd_at"), "order_by", "did you mean `created_at`?"),
        (lambda c: c.contacts.search(F.name.not_in("x")), "name", "`not_in` of F.name needs a list"),
        (lambda c: c.contacts.search(F.name.not_in([])), "name", "excludes nothing"),
        (lambda c: c.contacts.search(F.name.not_in(["x"]) & (F.name != "y")), "name", "two conditions with !="),
        (lambda c: c.contacts.search({"name": {"like": "x"}}), "name", "no operator `like`"),
        (lambda c: c.contacts.search({"name": {}}), "name", "no operator"),
        (lambda c: c.contacts.search("name"), "filter", "conditions must be made like"),
        (lambda c: c.contacts.search(F.user_id == float("nan")), "user_id", "finite"),
        (lambda c: c.contacts.search(F.name == "\ud800"), "name", "Unicode"),
        (lambda c: c.contacts.search({"name": {"=": "\ud800"}}), "name", "Unicode"),
        (lambda c: c.contacts.search(F.created_at >= datetime(2026, 1, 1)), "created_at", "must have a time zone"),
        (lambda c: c.contacts.search(F.created_at.between(datetime(2026, 1, 1), datetime(2026, 2, 1))), "created_at", "must have a time zone"),
        (lambda c: c.contacts.search({"created_at": {">=": datetime(2026, 1, 1)}}), "created_at", "must have a time zone"),
        (lambda c: c.contacts.search(created_at=datetime(2026, 1, 1)), "created_at", "must have a time zone"),
    ],
)
def test_rejects_invalid_conditions_before_sending(sandbox, client, make, field, says) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(grinfi.InvalidInputError) as caught:
        make(client)
    assert caught.value.field == field and says in str(caught.value)
    assert sandbox.requests == []


def test_rejects_unsupported_operators() -> None:
    one, two = F.name == "x", F.user_id > 1
    for use, says in [
        (lambda: one and two, "&"),
        (lambda: not one, "&"),
        (lambda: 1 < F.user_id < 5, "chained"),
        (lambda: one | two, "no OR"),
        (lambda: ~one, "no NOT; use not_in"),
        (lambda: ~F.name.in_(["x"]), "no NOT; use not_in"),
        (lambda: F.name and one, "is_not_null"),
        (lambda: not F.name, "is_not_null"),
        (lambda: F.name or one, "is_not_null"),
    ]:
        with pytest.raises(TypeError, match=says):
            use()
    assert one & two == one & two


LISTED = {
    "searchContacts": "ContactFields",
    "listLists": "ListFields",
    "listFlows": "AutomationFields",
    "listSenderProfiles": "SenderProfileFields",
    "listLinkedinMessages": "LinkedinMessageFields",
    "listFlowLeads": "EnrollmentFields",
    "listTasks": "TaskFields",
    "listLinkedinConversations": "LinkedinConversationFields",
    "listEmails": "EmailFields",
    "listEmailBodies": "EmailBodyFields",
    "listMailboxes": "MailboxFields",
    "listActivities": "ActivityFields",
    "searchCompanies": "CompanyFields",
    "listCompanies": "CompanyTextFields",
    "listMailboxErrors": "MailboxErrorFields",
    "listOutboundRequests": "OutboundRequestFields",
}


def test_typed_fields_equal_those_of_the_rust_sdk() -> None:
    every: set[str] = set()
    for operation, fields in LISTED.items():
        shorthand = getattr(generated, fields)
        known = set(_native.listing(operation)[0])
        assert {wire_name(name, known) for name in shorthand.__annotations__} == known, operation
        every |= set(shorthand.__annotations__)
    assert set(generated.Fields.__annotations__) == every
    everything = {name for name, kind in vars(generated).items() if name.endswith("Fields") and kind is not generated.Fields}
    assert set(LISTED.values()) == everything
