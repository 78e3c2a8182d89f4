"""Sandbox in Python: tenants, clock, faults, request log, webhooks, and the pytest fixture."""

import asyncio
import json
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import grinfi
from grinfi.sandbox import Delivery, Fault, Tenant
from mock_server import MockResponse, Server

pytest_plugins = ["pytester"]

NOON = datetime(2026, 2, 3, 12, tzinfo=timezone.utc)


def contact_and_sender(client: grinfi.Grinfi) -> tuple[str, str]:
    contact, sender = client.contacts.search().first(), client.sender_profiles.list(status="enabled").first()
    assert contact is not None and sender is not None
    return contact.uuid, sender.uuid


def send(client: grinfi.Grinfi, text: str = "Hello") -> grinfi.LinkedinMessage:
    contact, sender = contact_and_sender(client)
    return client.linkedin_messages.send(sender_profile_uuid=sender, contact_uuid=contact, text=text)


def message_of(client: grinfi.Grinfi, uuid: str) -> grinfi.LinkedinMessage:
    (message,) = (message for message in client.linkedin_messages.list() if message.uuid == uuid)
    return message


def test_tenants_are_isolated(sandbox: grinfi.Sandbox) -> None:
    with sandbox.new_tenant() as one, sandbox.new_tenant() as two:
        assert len({sandbox.key, one.key, two.key}) == 3 and one.base_url == two.base_url == sandbox.base_url
        with one.client() as client:
            client.lists.create("Only here")
            assert client.team_id == 134
            send(client)
        with two.client() as client:
            assert [found.name for found in client.lists.list() if found.name == "Only here"] == []
        assert (len(one.outbox), len(two.outbox), len(sandbox.outbox)) == (1, 0, 0)
        assert sandbox.tenant(one.key).outbox == one.outbox
        assert {tenant.id for tenant in sandbox.tenants} == {sandbox.id, one.id, two.id}
        assert {tenant.key for tenant in sandbox.tenants} == {sandbox.key, one.key, two.key}
    assert [tenant.id for tenant in sandbox.tenants] == [sandbox.id]
    # The key gets a new tenant.
    assert sandbox.tenant(one.key).outbox == []


@pytest.mark.parametrize(("mode", "status"), [("observed", 200), ("documented", 422)])
def test_mode_selects_observed_or_documented_behavior(mode: Any, status: int) -> None:
    with grinfi.Sandbox(mode=mode) as sandbox, sandbox.client() as client:
        address = f"{sandbox.base_url}/leads/api/leads/search"
        headers = {"Authorization": f"Bearer {sandbox.key}", "Content-Type": "application/json"}
        # Observed mode accepts a number as text.
        request = urllib.request.Request(address, b'{"limit": "5"}', headers)
        try:
            with urllib.request.urlopen(request) as response:
                found = response.status
        except urllib.error.HTTPError as error:
            found = error.code
        assert found == status
        assert client.contacts.search().first() is not None


def test_key_of_foreign_tenant_is_unknown(sandbox: grinfi.Sandbox) -> None:
    grinfi.Grinfi("a.b.c", base_url=sandbox.base_url).users.current()
    (tenant,) = (tenant for tenant in sandbox.tenants if tenant.id != sandbox.id)
    assert len(tenant.requests) == 1
    with pytest.raises(grinfi.SandboxError, match="only hashes"):
        tenant.client()


@pytest.mark.parametrize(
    ("key", "only", "taken", "refused"),
    [
        (None, grinfi.NOT_GIVEN, ["x.y.z"], []),
        ("a.b.c", grinfi.NOT_GIVEN, ["a.b.c"], ["x.y.z"]),
        ("a.b.c", ["d.e.f"], ["a.b.c", "d.e.f"], ["x.y.z"]),
        ("a.b.c", None, ["a.b.c", "x.y.z"], []),
    ],
)
def test_accepts_configured_keys(key: str | None, only: Any, taken: list[str], refused: list[str]) -> None:
    with grinfi.Sandbox(key=key, only_keys=only) as sandbox:
        for each in taken:
            assert grinfi.Grinfi(each, base_url=sandbox.base_url).users.current().email
        for each in refused:
            with pytest.raises(grinfi.UnauthorizedError):
                grinfi.Grinfi(each, base_url=sandbox.base_url).users.current()
            with pytest.raises(grinfi.SandboxError, match="Unauthenticated"):
                sandbox.tenant(each)
        if refused:
            with pytest.raises(grinfi.SandboxError):
                sandbox.new_tenant()


def test_seed_replaces_records(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    assert client.contacts.count() == 250
    sandbox.seed("empty")
    assert client.contacts.count() == 0
    sandbox.seed(12, number=7)
    first = [contact.uuid for contact in client.contacts.search()]
    assert len(first) == 12
    client.contacts.delete(first[0])
    sandbox.reset()
    assert [contact.uuid for contact in client.contacts.search()] == first
    with grinfi.Sandbox(seed=12, seed_number=7) as other, other.client() as its:
        assert [contact.uuid for contact in its.contacts.search()] == first


def test_restores_snapshots_and_exports(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    sandbox.snapshot("before")
    send(client)
    client.lists.create("Autumn fair")
    assert sandbox.snapshots == ["before"]
    document = json.loads(json.dumps(sandbox.export()))
    sandbox.restore("before")
    assert sandbox.outbox == [] and client.lists.list(name="Autumn fair").first() is None
    with sandbox.new_tenant() as other, other.client() as its:
        other.load(document)
        assert len(other.outbox) == 1 and its.lists.list(name="Autumn fair").first() is not None
        other.load(sandbox.export("before"))
        assert other.outbox == []
    sandbox.drop_snapshot("before")
    assert sandbox.snapshots == []
    for call in (sandbox.restore, sandbox.drop_snapshot, sandbox.export):
        with pytest.raises(grinfi.GrinfiError, match="before"):
            call("before")
    with pytest.raises(grinfi.InvalidInputError) as caught:
        sandbox.load({"a": 1})
    assert caught.value.field == "state"


def test_data_file_survives_process(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.data"
    script = f"""
import os, grinfi
sandbox = grinfi.Sandbox(data={str(file)!r}, key="a.b.c")
sandbox.client().lists.create("Autumn fair")
os._exit(9)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (9, "")
    for _ in range(2):
        with grinfi.Sandbox(data=file, key="a.b.c") as sandbox, sandbox.client() as client:
            assert client.lists.list(name="Autumn fair").first() is not None
            with pytest.raises(grinfi.SandboxError, match="data file"):
                grinfi.Sandbox(data=file)


def test_clock_moves_and_freezes() -> None:
    with grinfi.Sandbox(clock=NOON, rate_limit=None) as sandbox, sandbox.client() as client:
        assert sandbox.clock.now == NOON and sandbox.clock.is_frozen
        message = send(client)
        assert sandbox.outbox[0].queued_at == NOON and message.status == "new"
        sandbox.clock.advance(timedelta(minutes=1))
        assert sandbox.clock.now == NOON + timedelta(minutes=1)
        assert message_of(client, message.uuid).status == "done"
        sandbox.clock.advance(0.5)
        sandbox.clock.set(NOON - timedelta(days=1))
        assert sandbox.clock.now == NOON - timedelta(days=1)
        sandbox.clock.resume()
        assert not sandbox.clock.is_frozen
        sandbox.clock.freeze()
        then = sandbox.clock.now
        assert sandbox.clock.is_frozen and sandbox.clock.now == then and str(then.year) in repr(sandbox.clock)
        for wrong, field in [
            (lambda: sandbox.clock.set(datetime(2026, 1, 1)), "time"),
            (lambda: sandbox.clock.set("2026-01-01"), "time"),  # type: ignore[arg-type]
            (lambda: sandbox.clock.advance(-1), "by"),
            (lambda: sandbox.clock.advance(float("nan")), "by"),
            (lambda: sandbox.clock.advance("1"), "by"),  # type: ignore[arg-type]
        ]:
            with pytest.raises(grinfi.InvalidInputError) as caught:
                wrong()  # type: ignore[no-untyped-call]
            assert caught.value.field == field
        assert sandbox.clock.now == then


def test_sets_rate_limit_and_credits(sandbox: grinfi.Sandbox) -> None:
    assert sandbox.rate_limit is None and sandbox.credits == 100
    with sandbox.client(max_retries=0) as client:
        contact, _ = contact_and_sender(client)
        sandbox.set_credits(0)
        with pytest.raises(grinfi.OutOfCreditsError):
            client.contacts.enrich([contact])
        sandbox.set_credits(5)
        client.contacts.enrich([contact])
        assert sandbox.credits == 4
        sandbox.set_rate_limit(0)
        with pytest.raises(grinfi.RateLimitedError) as caught:
            client.users.current()
        assert caught.value.retry_after
        # The client would wait for a minute of real time.
        sandbox.set_rate_limit(None)
        assert sandbox.rate_limit is None


def test_applies_every_fault_kind(sandbox: grinfi.Sandbox) -> None:
    client = sandbox.client(max_retries=0, timeout=0.5)
    expected: list[tuple[dict[str, Any], type[grinfi.GrinfiError]]] = [
        ({"kind": "status", "status": 429, "retry_after": 0}, grinfi.RateLimitedError),
        ({"kind": "status", "status": 402, "body": '{"error": {"message": "No more."}}'}, grinfi.OutOfCreditsError),
        ({"kind": "html"}, grinfi.ServerError),
        ({"kind": "html", "status": 200}, grinfi.DecodeError),
        ({"kind": "reset"}, grinfi.TransportError),
        ({"kind": "truncate", "bytes": 3}, grinfi.TransportError),
        ({"kind": "commit_then_drop"}, grinfi.TransportError),
        ({"kind": "commit_then_status", "status": 500}, grinfi.ServerError),
        ({"kind": "commit_then_html", "status": 524}, grinfi.ServerError),
        ({"kind": "latency", "latency": timedelta(seconds=30)}, grinfi.RequestTimeoutError),
    ]
    for rule, error in expected:
        with sandbox.add_fault(**rule, operation="getCurrentUser") as fault:
            assert [each.id for each in sandbox.faults] == [fault.id] and fault.kind == rule["kind"]
            with pytest.raises(error) as caught:
                client.users.current()
            assert type(caught.value) is error, rule
            assert client.lists.list().first() is not None
            assert sandbox.faults[0].applied == 1
        assert sandbox.faults == [] and client.users.current().email
    assert sandbox.requests[0].faults == [1] and sandbox.requests[0].status == 429


def test_fault_selects_requests(sandbox: grinfi.Sandbox) -> None:
    client = sandbox.client(max_retries=0)

    def failing(calls: int) -> list[int]:
        failed = []
        for number in range(1, calls + 1):
            try:
                client.users.current()
            except grinfi.ServerError:
                failed.append(number)
        sandbox.clear_faults()
        return failed

    sandbox.add_fault("status", status=503, nth=2)
    assert failing(4) == [2]
    sandbox.add_fault("status", status=503, times=2)
    assert failing(4) == [1, 2]
    sandbox.add_fault("status", status=503, operation="listLists")
    assert failing(4) == []
    draws = []
    for _ in range(2):
        sandbox.add_fault("status", status=503, probability=0.5, seed=7)
        draws.append(failing(20))
    assert draws[0] == draws[1] and 2 < len(draws[0]) < 18
    fault = sandbox.add_fault("latency", latency=0.25, latency_clock="real")
    assert (fault.latency, fault.latency_clock) == (0.25, "real")
    assert fault.remove() and not fault.remove()


def test_commit_then_drop_has_unknown_outcome(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    contact, sender = contact_and_sender(client)
    sandbox.add_fault("commit_then_drop", operation="sendLinkedInMessage", nth=1)
    with pytest.raises(grinfi.UnknownOutcomeError):
        client.linkedin_messages.send(sender_profile_uuid=sender, contact_uuid=contact, text="Hello")
    assert [sent.text for sent in sandbox.outbox] == ["Hello"]


@pytest.mark.parametrize(("kind", "status"), [("commit_then_status", 500), ("commit_then_html", 520)])
def test_commits_then_responds_with_status(
    sandbox: grinfi.Sandbox, client: grinfi.Grinfi, kind: grinfi.sandbox.FaultKind, status: int
) -> None:
    contact, sender = contact_and_sender(client)
    sandbox.add_fault(kind, status=status, operation="sendLinkedInMessage", nth=1)
    with pytest.raises(grinfi.GrinfiError) as caught:
        client.linkedin_messages.send(sender_profile_uuid=sender, contact_uuid=contact, text="Hello")
    assert str(status) in str(caught.value)
    assert [sent.text for sent in sandbox.outbox] == ["Hello"]


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"kind": "explode"}, "kind"),
        ({"kind": "reset", "operation": "sendMessages"}, "operation"),
        ({"kind": "reset", "operation": 5}, "operation"),
        ({"kind": "reset", "status": 500}, "status"),
        ({"kind": "status"}, "status"),
        ({"kind": "commit_then_status"}, "status"),
        ({"kind": "commit_then_drop", "status": 500}, "status"),
        ({"kind": "status", "status": 99}, "status"),
        ({"kind": "status", "status": "500"}, "status"),
        ({"kind": "reset", "nth": 0}, "nth"),
        ({"kind": "reset", "nth": True}, "nth"),
        ({"kind": "reset", "probability": 1.5}, "probability"),
        ({"kind": "reset", "probability": float("nan")}, "probability"),
        ({"kind": "reset", "seed": 1}, "seed"),
        ({"kind": "latency"}, "latency_ms"),
        ({"kind": "latency", "latency": -1}, "latency"),
        ({"kind": "latency", "latency": 1, "latency_clock": "mine"}, "latency_clock"),
    ],
)
def test_rejects_invalid_faults(sandbox: grinfi.Sandbox, rule: dict[str, Any], field: str) -> None:
    with pytest.raises(grinfi.InvalidInputError) as caught:
        sandbox.add_fault(**rule)
    assert caught.value.field == field and sandbox.faults == []
    with pytest.raises(TypeError, match="operations"):
        sandbox.add_fault("reset", operations="x")  # type: ignore[call-arg]


def test_log_contains_reasons(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    client.lists.create("Autumn fair")
    body = {"list_uuid": "no-such-list", "lead": {"linkedin_id": 5}}
    with pytest.raises(grinfi.ValidationError):
        client.request("POST", "/leads/api/leads/upsert", json=body)
    made, refused = sandbox.requests
    assert (made.operation, made.status, made.message, made.reasons) == ("createList", made.status, None, [])
    assert (made.number, refused.number) == (1, 2) and made.at.tzinfo is not None
    assert refused.status == 422 and refused.operation == "upsertContact" and refused.message
    assert all(reason.part == "body" and reason.pointer.startswith("/") and reason.message for reason in refused.reasons)
    assert refused.reasons and json.loads(refused.body) == body
    assert refused.curl.startswith("curl ") and "$GRINFI_API_KEY" in refused.curl and sandbox.key not in refused.curl
    sandbox.clear_requests()
    assert sandbox.requests == []


def test_clears_outbox(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    send(client)
    assert len(sandbox.outbox) == 1
    sandbox.clear_outbox()
    assert sandbox.outbox == []


def test_simulates_prospect_events(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    contact, sender = contact_and_sender(client)
    reply = sandbox.linkedin_reply(contact_uuid=contact, sender_profile_uuid=sender, text="Tell me more")
    assert isinstance(reply, grinfi.LinkedinMessage) and reply.type == "inbox"
    assert message_of(client, reply.uuid).text == "Tell me more"
    assert not client.contacts.is_connected(contact)
    sandbox.connection_accepted(contact_uuid=contact, sender_profile_uuid=sender)
    assert client.contacts.is_connected(contact)
    message = send(client)
    sandbox.message_failed(message_uuid=message.uuid, reason="The account is restricted.")
    assert message_of(client, message.uuid).status == "failed"
    sent = client.emails.send(
        sender_profile_uuid=sender, contact_uuid=contact, from_name="Max", from_email="max@example.com",
        to_name="Jane", to_email="jane@example.com", subject="Hello", body="<p>Hello</p>",
    )  # fmt: skip
    assert sent.email_domain is not None
    sandbox.email_event(email_uuid=sent.email_domain.uuid, event="contact_opened_email")
    response = sandbox.email_reply(email_uuid=sent.email_domain.uuid, text="<p>Yes</p>")
    assert response.type == "inbox"
    with pytest.raises(grinfi.GrinfiError, match="not found"):
        sandbox.linkedin_reply(contact_uuid="unknown", sender_profile_uuid=sender, text="?")
    with pytest.raises(grinfi.InvalidInputError) as caught:
        sandbox.linkedin_reply(contact_uuid="", sender_profile_uuid=sender, text="?")
    assert caught.value.field == "contact_uuid"


def test_delivers_and_redelivers_webhooks(server: Server) -> None:
    server.replies = [MockResponse(503), MockResponse(204)]
    with grinfi.Sandbox(clock=NOON, rate_limit=None) as sandbox, sandbox.client() as client:
        target = f"{server.base_url}/hook?token=t"
        client.webhooks.create("Replies", event="contact_created", target_url=target)
        client.webhooks.create("Elsewhere", event="contact_created", target_url="https://example.com/hook")
        fair = client.lists.create("Fair")
        client.contacts.upsert(fair.uuid, linkedin_id="jane-roe-example")
        calls = {delivery.url: delivery for delivery in sandbox.deliver()}
        ours, theirs = calls[target], calls["https://example.com/hook"]
        assert isinstance(ours, Delivery) and ours.state == "waiting" and ours.event == "contact_created"
        assert [(each.status, each.at) for each in ours.attempts] == [(503, NOON)]
        assert ours.next_attempt == NOON + timedelta(seconds=10)
        assert theirs.state == "blocked" and theirs.reason and theirs.attempts == []
        assert server.requests[0].json() == ours.body
        sandbox.clock.advance(10)
        assert len(server.requests) == 2
        (done,) = (delivery for delivery in sandbox.deliveries if delivery.id == ours.id)
        assert done.state == "delivered" and done.next_attempt is None
        again = sandbox.redeliver(ours.id)
        assert len(again.attempts) == 3 and len(server.requests) == 3
        with pytest.raises(grinfi.SandboxError, match="99"):
            sandbox.redeliver(99)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"seed": "full"}, "seed"),
        ({"seed": True}, "seed"),
        ({"seed": -1}, "seed"),
        ({"seed": 2_000_000}, "seed"),
        ({"seed_number": -1}, "seed_number"),
        ({"port": -1}, "port"),
        ({"port": 70_000}, "port"),
        ({"rate_limit": True}, "rate_limit"),
        ({"host": "example.com"}, "host"),
        ({"key": 5}, "key"),
        ({"only_keys": "a.b.c"}, "only_keys"),
        ({"only_keys": [5]}, "only_keys[0]"),
        ({"data": 5}, "data"),
        ({"data": ""}, "data"),
        ({"clock": datetime(2026, 1, 1)}, "clock"),
        ({"clock": 5}, "clock"),
        ({"webhooks_anywhere": 1}, "webhooks_anywhere"),
        ({"mode": "strict"}, "mode"),
    ],
)
def test_rejects_invalid_settings(arguments: dict[str, Any], field: str) -> None:
    with pytest.raises(grinfi.InvalidInputError) as caught:
        grinfi.Sandbox(**arguments)
    assert caught.value.field == field
    with pytest.raises(TypeError, match="seeds"):
        grinfi.Sandbox(seeds="demo")  # type: ignore[call-arg]


def test_tenant_cannot_be_constructed_or_pickled(sandbox: grinfi.Sandbox) -> None:
    with pytest.raises(TypeError, match="new_tenant"):
        Tenant()
    for it in (sandbox, sandbox.new_tenant()):
        assert isinstance(it, Tenant) and sandbox.base_url in repr(it)
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(it)


def test_closed_sandbox_raises() -> None:
    with grinfi.Sandbox() as sandbox:
        tenant = sandbox.new_tenant()
        fault = tenant.add_fault("reset")
    for use in (lambda: tenant.outbox, tenant.reset, lambda: tenant.clock.now, fault.remove, sandbox.new_tenant, lambda: sandbox.tenants):
        with pytest.raises(grinfi.SandboxError, match="closed"):
            use()
    tenant.close()
    sandbox.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_forked_process_raises(sandbox: grinfi.Sandbox) -> None:
    tenant = sandbox.new_tenant()

    def child(messages: Any) -> None:
        try:
            tenant.reset()
        except grinfi.SandboxError as error:
            messages.put(str(error))

    context = multiprocessing.get_context("fork")
    messages = context.Queue()
    process = context.Process(target=child, args=(messages,))
    process.start()
    assert "started by another process" in messages.get(timeout=60)
    process.join(60)
    assert tenant.outbox == []


def test_threads_share_sandbox(sandbox: grinfi.Sandbox) -> None:
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            with sandbox.new_tenant() as tenant, tenant.client() as client:
                for _ in range(number + 1):
                    send(client)
                assert len(tenant.outbox) == number + 1
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_fault_is_comparable(sandbox: grinfi.Sandbox) -> None:
    fault = sandbox.add_fault("html", status=502)
    assert isinstance(fault, Fault) and fault == sandbox.faults[0] and "_tenant" not in repr(fault)


def test_fixture_gives_each_test_a_tenant(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        SEEN = set()

        @pytest.mark.parametrize("number", range(3))
        def test_first(grinfi_sandbox, number):
            SEEN.add((grinfi_sandbox.base_url, grinfi_sandbox.key))
            with grinfi_sandbox.client() as client:
                assert client.lists.list(name="Autumn fair").first() is None
                client.lists.create("Autumn fair")
            grinfi_sandbox.add_fault("reset")

        def test_second(grinfi_sandbox, grinfi_sandbox_server):
            assert len(SEEN) == 3 and len({url for url, _ in SEEN}) == 1
            # Tenants of earlier tests were removed.
            assert {tenant.id for tenant in grinfi_sandbox_server.tenants} == {grinfi_sandbox_server.id, grinfi_sandbox.id}
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=4)


def test_fixture_can_be_configured(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        import grinfi, pytest

        @pytest.fixture(scope="session")
        def grinfi_sandbox_server():
            with grinfi.Sandbox(seed=3, rate_limit=None) as sandbox:
                yield sandbox
        """
    )
    pytester.makepyfile(
        """
        def test_first(grinfi_sandbox):
            with grinfi_sandbox.client() as client:
                assert client.contacts.count() == 3
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_client_has_rate_limit_of_sandbox() -> None:
    with grinfi.Sandbox(rate_limit=None) as sandbox, sandbox.client() as client:
        # More than the default rate limit of a client, without waiting.
        responses = [client.with_raw_response(client.users.current)() for _ in range(320)]
        assert max(response.waited for response in responses) < 1
    with grinfi.Sandbox(rate_limit=3) as sandbox:
        for client in (sandbox.client(deadline=0.3), sandbox.new_tenant().client(deadline=0.3)):
            with client:
                for _ in range(3):
                    client.users.current()
                with pytest.raises(grinfi.RequestTimeoutError):
                    client.users.current()
        assert [request.status for request in sandbox.requests] == [200] * 3, "none was sent to be refused"
        with sandbox.new_tenant() as tenant:
            tenant.set_rate_limit(None)
            with tenant.client(deadline=0.3) as client:
                for _ in range(5):
                    client.users.current()
            tenant.set_rate_limit(0)
            assert tenant.client().with_options(max_retries=0).closed is False

    async def main() -> None:
        with grinfi.Sandbox(rate_limit=2) as sandbox:
            async with sandbox.async_client(deadline=0.3) as client:
                await client.users.current()
                await client.users.current()
                with pytest.raises(grinfi.RequestTimeoutError):
                    await client.users.current()
            assert len(sandbox.requests) == 2

    asyncio.run(main())
