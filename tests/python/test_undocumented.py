"""Undocumented operations and arguments."""

import asyncio
import json
from datetime import datetime, timezone
from typing import Any

import pytest

import grinfi
from grinfi import F
from mock_server import MockResponse, ReceivedRequest, Server

WEEK = 7 * 86_400
LATER = datetime(2027, 3, 1, 10, tzinfo=timezone.utc)


def client_of(server: Server, key: str) -> grinfi.Grinfi:
    return grinfi.Grinfi(key, base_url=server.base_url, max_retries=0)


def test_manages_language_models(client: grinfi.Grinfi) -> None:
    llm = client.llms.create("Claude", provider="anthropic", provider_api_token="hush")
    assert (llm.name, llm.provider, llm.owner) == ("Claude", "anthropic", "customer")
    assert client.llms.update(llm.uuid, name="Claude 2").name == "Claude 2"
    assert [row.uuid for row in client.llms.list()] == [client.llms.get(llm.uuid).uuid] == [llm.uuid]
    agent = client.ai_agents.create("Replies", classification_llm_uuid=llm.uuid)
    assert agent.classification_llm_uuid == llm.uuid
    client.llms.delete(llm.uuid)
    with pytest.raises(grinfi.NotFoundError):
        client.llms.get(llm.uuid)


def test_manages_custom_tracking_domains(client: grinfi.Grinfi) -> None:
    domain = client.custom_tracking_domains.create("track.example.com")
    assert client.custom_tracking_domains.get(domain.uuid).domain == "track.example.com"
    assert [row.uuid for row in client.custom_tracking_domains.list()] == [domain.uuid]


def test_lists_outbound_requests(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    client.webhooks.create("W", event="contact_created", target_url="https://example.com/hook?token=hush")
    client.contacts.upsert(client.lists.create("Fair").uuid, linkedin_id="jane-example")
    sandbox.deliver()
    failed = list(client.outbound_requests.list(status="failed", executor_type="webhook"))
    assert [(row.executor_key, row.request_method) for row in failed] == [("contact_created", "POST")]
    assert "hush" not in repr(failed)
    assert list(client.outbound_requests.list(F.executor_key == "contact_deleted")) == []
    with pytest.raises(grinfi.InvalidInputError):
        list(client.outbound_requests.list(target="x"))  # type: ignore[call-arg]


def test_manages_notes_and_manual_tasks(client: grinfi.Grinfi) -> None:
    contact, sender = client.contacts.search().first(), client.sender_profiles.list().first()
    assert contact is not None and sender is not None
    note = client.notes.create(note="Tall.", object="lead", object_uuid=contact.uuid)
    assert client.notes.get(note.uuid).note == "Tall."
    task = client.tasks.create(
        contact_uuid=contact.uuid, sender_profile_uuid=sender.uuid, text="Hi", schedule_at=LATER
    )
    client.tasks.cancel(task.uuid)
    client.tasks.retry(task.uuid)
    # The request is sent immediately.
    assert client.tasks.get(task.uuid).status == "closed"
    other = client.tasks.create(
        contact_uuid=contact.uuid, sender_profile_uuid=sender.uuid, text="Hi", schedule_at=LATER
    )
    client.tasks.skip(other.uuid)
    assert client.tasks.get(other.uuid).status == "skipped"


def test_restart_from_top_sends_again(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    sandbox.clock.advance(WEEK)
    done = next(task for task in client.tasks.list(status="closed") if task.flow_uuid)
    assert done.flow_uuid is not None
    before = len(sandbox.outbox)
    restarted = client.tasks.restart_from_top(done.flow_uuid, filter=F.status == "closed", contact_source_id=1)
    assert restarted["count"] > 0
    sandbox.clock.advance(WEEK)
    assert len(sandbox.outbox) > before
    asked = len(sandbox.requests)
    with pytest.raises(grinfi.InvalidInputError) as caught:
        client.tasks.restart_from_top(done.flow_uuid, filter={}, contact_source_id=1)
    assert caught.value.field == "filter" and len(sandbox.requests) == asked


def test_both_clients_have_undocumented_methods(sandbox: grinfi.Sandbox) -> None:
    async def main() -> None:
        async with sandbox.async_client() as client:
            llm = await client.llms.create("G", provider="google", provider_api_token="t")
            assert [row.uuid async for row in client.llms.list()] == [llm.uuid]
            with pytest.raises(grinfi.InvalidInputError):
                await client.tasks.restart_from_top(llm.uuid, filter={}, contact_source_id=1)

    asyncio.run(main())


@pytest.mark.parametrize(
    "body",
    [
        {"unknown": "2", "": 1},
        {"data": [{"value": "unknown", "count": 2}, {"value": None, "count": 1}]},
        [{"value": "unknown", "count": 2}, {"value": "", "count": "1"}],
    ],
)
def test_decodes_counts_in_both_forms(server: Server, key: str, body: Any) -> None:
    server.respond = lambda seen: MockResponse(200, body, {"Content-Type": "application/json"})
    with client_of(server, key) as client:
        assert client.tasks.group_counts("automation_error_code") == {"unknown": 2, "": 1}
        assert client.linkedin_messages.group_counts("status") == {"unknown": 2, "": 1}


def test_sends_undocumented_arguments(server: Server, key: str) -> None:
    seen: list[ReceivedRequest] = []

    def response(request: ReceivedRequest) -> MockResponse:
        seen.append(request)
        return MockResponse(201, {"uuid": "u", "status": "queued", "reason": "skipped"}, {"Content-Type": "application/json"})

    server.respond = response
    with client_of(server, key) as client:
        client.linkedin_messages.send(
            sender_profile_uuid="s", contact_uuid="c", text="Hi", subject="Hello", messenger_type="basic"
        )
        client.file_imports.contacts(
            "i",
            columns=[{"source": "Mail", "target": "work_email"}],
            data_source_uuid="d",
            update_if_exists=False,
            move_to_list=True,
            skip_first_row=True,
        )
        client.file_exports.contacts_matching(F.list_uuid == "l", fields=["name", "work_email"])
        client.file_exports.companies_matching({"industry": "Software"})
        client.automations.add_new_contact("a", "l", linkedin_id="jane-example", contact_source_id=2)
        client.webhooks.create("W", event="account_exported", target_url="https://example.com/hook")
        client.webhooks.create("W", event="sender_profile_issue", target_url="https://example.com/hook")
        with pytest.raises(grinfi.InvalidInputError) as caught:
            client.linkedin_messages.send(sender_profile_uuid="s", contact_uuid="c", text="Hi", subject="x" * 512)
        assert caught.value.field == "subject"
        with pytest.raises(grinfi.InvalidInputError):
            client.file_exports.contacts_matching({})
    bodies = [json.loads(request.body) for request in seen]
    assert (bodies[0]["subject"], bodies[0]["linkedin_messenger_type"]) == ("Hello", "basic")
    assert bodies[1] == {
        "columns": [{"source": "Mail", "target": "work_email"}],
        "data_source_uuid": "d",
        "update_if_exists": False,
        "move_to_list": True,
        "skip_first_row": True,
    }
    assert bodies[2] == {"filter": {"list_uuid": {"=": "l"}}, "fields": ["name", "work_email"]}
    assert bodies[3] == {"filter": {"industry": "Software"}}
    assert bodies[4]["contact_source_id"] == 2
    assert [body["event"] for body in bodies[5:]] == ["account_exported", "sender_profile_issue"]


def test_sends_requests_without_method(client: grinfi.Grinfi) -> None:
    asked = client.request("POST", "/ai/api/ask", json={"question": "Why?"})
    assert asked.status == 200 and asked.json()["answer"]
    stages = client.request("GET", "/leads/api/pipeline-stages", query={"filter[object]": "lead", "filter[type]": "new"})
    assert [stage["type"] for stage in stages.json()["data"]] == ["new"]
    every = client.request("GET", "/leads/api/activities", query={"limit": 5}).json()["data"]
    assert len(every) <= 5
    assert client.request("POST", "/leads/api/leads/count", json={}).json()["total"] == 250
    listed = client.request("POST", "/flows/api/tasks/list", json={"filter": {}, "limit": 1})
    assert listed.json()["limit"] == 1
