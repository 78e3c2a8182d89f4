"""Workflows against the sandbox."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

import grinfi
from grinfi import F


def test_returns_user_of_key(client: grinfi.Grinfi) -> None:
    me = client.users.current()
    assert isinstance(me, grinfi.User)
    assert me.email and isinstance(me.id, int)
    assert client.team_id == 134


def test_manages_lists(client: grinfi.Grinfi) -> None:
    created = client.lists.create("Autumn fair")
    assert created.name == "Autumn fair" and created.team_id == 134
    assert created.created_at is not None and created.created_at.utcoffset() == timedelta(0)
    assert client.lists.get(created.uuid) == created
    assert client.lists.get(UUID(created.uuid)).uuid == created.uuid
    assert client.lists.update(created.uuid, name="Spring fair").name == "Spring fair"
    assert [found.uuid for found in client.lists.list(name="Spring fair")] == [created.uuid]
    assert [found.uuid for found in client.lists.list(q="pring")] == [created.uuid]
    client.lists.delete(created.uuid)
    with pytest.raises(grinfi.NotFoundError) as caught:
        client.lists.get(created.uuid)
    assert caught.value.status == 404 and caught.value.operation == "getList"


def test_manages_contacts(client: grinfi.Grinfi) -> None:
    fair = client.lists.create("Fair")
    people = [{"linkedin_id": f"person-{n}-example", "first_name": f"P{n}"} for n in range(3)]
    created = client.contacts.create_many(fair.uuid, people)
    assert [contact.first_name for contact in created] == ["P0", "P1", "P2"]

    again = client.contacts.upsert(
        fair.uuid,
        linkedin_id="https://www.linkedin.com/in/person-1-example/",
        company_name="ExampleCorp",
        headline="Founder",
        custom_fields={"persona": "founder"},
        update_if_exists=True,
        move_to_list=False,
    )
    assert again.uuid == created[1].uuid and again.headline == "Founder"

    whole = client.contacts.get(again.uuid)
    assert whole.uuid == again.uuid
    assert whole.custom_fields is not None and whole.custom_fields["persona"] == "founder"
    assert isinstance(whole.created_at, datetime)

    assert client.contacts.update(again.uuid, headline=None, position="Chair").headline is None
    assert client.contacts.get(again.uuid).position == "Chair"

    found = client.contacts.lookup(linkedin_id="person-1-example")
    assert found is not None and found.uuid == again.uuid
    assert client.contacts.lookup(linkedin_id="no_one-example") is None

    assert client.contacts.count(list_uuid=fair.uuid) == 3
    assert client.contacts.count(F.list_uuid == fair.uuid, company_name="ExampleCorp") == 1
    assert client.contacts.count() == 253

    client.contacts.delete(again.uuid)
    with pytest.raises(grinfi.NotFoundError):
        client.contacts.get(again.uuid)


def test_omits_missing_arguments_and_sends_none_as_null(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    contact = client.contacts.search().first()
    assert contact is not None
    client.contacts.update(contact.uuid, headline=None)
    assert sandbox.requests[-1].body == '{"headline":null}'


def test_sends_message_once(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    sender = client.sender_profiles.list(status="enabled").first()
    contact = client.contacts.search().first()
    assert sender is not None and contact is not None
    assert client.sender_profiles.get(sender.uuid) == sender
    message = client.linkedin_messages.send(
        sender_profile_uuid=sender.uuid, contact_uuid=contact.uuid, text="Hello, Grüße 👋"
    )
    assert message.status == "new" and message.text == "Hello, Grüße 👋"
    [sent] = sandbox.outbox
    assert (sent.uuid, sent.text, sent.contact_uuid) == (message.uuid, message.text, contact.uuid)
    assert sent.channel == "linkedin" and sent.queued_at.tzinfo is not None
    thread = client.linkedin_messages.list(lead_uuid=contact.uuid, type="outbox", order_by="sent_at")
    assert [listed.uuid for listed in thread] == [message.uuid]


def test_manages_automations(client: grinfi.Grinfi) -> None:
    draft = client.automations.list(status="draft").first()
    contact = client.contacts.search().first()
    assert draft is not None and contact is not None
    assert draft.schedule is None or draft.schedule.timezone
    assert client.automations.start(draft.uuid).status == "on"
    client.automations.add_contact(draft.uuid, contact_uuid=contact.uuid)
    assert client.automations.stop(draft.uuid).status == "off"
    assert client.automations.get(draft.uuid).status == "off"
    enrolled = client.contacts.get(contact.uuid)
    assert any(flow["flow_uuid"] == draft.uuid for flow in enrolled.flows)


def test_closed_client_sends_nothing(sandbox: grinfi.Sandbox) -> None:
    with sandbox.client() as client:
        rows = iter(client.contacts.search(page_size=1))
        next(rows)
    client.close()
    assert client.closed
    for use in (client.users.current, lambda: next(rows), client.lists.list().first, client.__enter__):
        with pytest.raises(grinfi.ClientClosedError):
            use()
    assert len(sandbox.requests) == 1


def test_inspects_sandbox(sandbox: grinfi.Sandbox) -> None:
    with grinfi.Sandbox(seed="empty", key="a.b.c") as empty, empty.client() as client:
        assert empty.key == "a.b.c" and client.contacts.count() == 0
        assert [request.path for request in empty.requests] == ["/leads/api/leads/count"]
        with pytest.raises(grinfi.UnauthorizedError):
            grinfi.Grinfi(sandbox.key, base_url=empty.base_url).users.current()
    empty.close()
    with pytest.raises(grinfi.SandboxError, match="closed"):
        empty.outbox
    with pytest.raises(grinfi.ConnectError):
        grinfi.Grinfi("a.b.c", base_url=empty.base_url, max_retries=0).users.current()


def test_failing_sandbox_names_the_reason(sandbox: grinfi.Sandbox) -> None:
    port = int(sandbox.base_url.rsplit(":", 1)[1])
    with pytest.raises(grinfi.SandboxError, match="cannot listen") as caught:
        grinfi.Sandbox(port=port)
    assert isinstance(caught.value.__cause__, OSError)
    for arguments, field in [({"seed": "full"}, "seed"), ({"port": -1}, "port"), ({"rate_limit": True}, "rate_limit")]:
        with pytest.raises(grinfi.InvalidInputError) as refused:
            grinfi.Sandbox(**arguments)
        assert refused.value.field == field
