"""The asynchronous client against the sandbox."""

import asyncio
import gc
import json
import logging
import pickle
import subprocess
import sys
import threading
from collections.abc import Coroutine
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

import grinfi
from grinfi import F
from mock_server import MockResponse, Cut, ReceivedRequest, Server, Silence


def run(main: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(main, 60))


def test_runs_the_main_workflow(sandbox: grinfi.Sandbox) -> None:
    async def main() -> None:
        async with sandbox.async_client() as client:
            fair = await client.lists.create("Autumn fair")
            jane = await client.contacts.upsert(fair.uuid, linkedin_id="jane-roe-example", company_name="ExampleCorp")
            tag = await client.tags.list().first()
            assert tag is not None and await client.tags.list().count() == len(await client.tags.list().to_list())
            await client.contacts.bulk([jane.uuid]).add_tag(tag.uuid)
            search = client.contacts.search(F.company_name == "ExampleCorp", page_size=10)
            rows = [contact.uuid async for contact in search]
            assert await search.count() == len(rows) == len(set(rows)) > 30
            assert [len(page) async for page in search.pages()][:2] == [10, 10]
            assert await search.to_list(max_items=3) == [row async for row in client.contacts.search(
                F.company_name == "ExampleCorp", max_items=3)]  # fmt: skip
            first = await search.first()
            assert first is not None and first.uuid == rows[0]
            complete = [contact.uuid async for contact in search.complete()]
            assert sorted(complete) == sorted(rows)
            sender = await client.sender_profiles.list(status="enabled").first()
            assert sender is not None
            sent = await client.linkedin_messages.send_once(
                sender_profile_uuid=sender.uuid, contact_uuid=jane.uuid, text="Hello"
            )
            assert [message.uuid for message in sandbox.outbox] == [sent.uuid]
        with pytest.raises(grinfi.ClientClosedError):
            await client.users.current()

    run(main())


def test_runs_calls_concurrently(server: Server, key: str) -> None:
    together = threading.Barrier(8, timeout=60)

    def response(seen: ReceivedRequest) -> MockResponse:
        together.wait()
        return MockResponse(200, {"uuid": "u", "id": 1})

    server.respond = response

    async def main() -> None:
        client = grinfi.AsyncGrinfi(key, base_url=server.base_url)
        users = await asyncio.gather(*(client.users.current() for _ in range(8)))
        assert [user.id for user in users] == [1] * 8

    run(main())


def test_detects_connected_contacts(server: Server, key: str) -> None:
    row = {"uuid": "a", "type": "linkedin_connection_request_accepted", "object_uuid": "c"}
    replies = {"c": [row], "d": [], "e": [{**row, "type": "email_sent"}]}

    def response(seen: ReceivedRequest) -> MockResponse:
        asked = json.loads(dict(seen.query)["filter"])
        return MockResponse(200, {"data": replies[asked["lead_uuid"]]})

    server.respond = response
    assert grinfi.Grinfi(key, base_url=server.base_url).contacts.is_connected("c")

    async def main() -> None:
        client = grinfi.AsyncGrinfi(key, base_url=server.base_url)
        assert await client.contacts.is_connected("c") and not await client.contacts.is_connected("d")
        with pytest.raises(grinfi.ListingError):
            await client.contacts.is_connected("e")

    run(main())


def test_canceled_task_cancels_its_request(server: Server, key: str) -> None:
    silence = Silence()
    server.replies = [silence]

    async def main() -> None:
        client = grinfi.AsyncGrinfi(key, base_url=server.base_url)
        task = asyncio.create_task(client.lists.create("Fair"))
        assert await asyncio.to_thread(silence.reached.wait, 60)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        with pytest.raises(TimeoutError if sys.version_info >= (3, 11) else asyncio.TimeoutError):
            await asyncio.wait_for(client.users.current(), 0.05)
        await asyncio.sleep(0.05)

    run(main())
    assert len(server.requests) == 2


def test_listing_continues_after_canceled_page(server: Server, key: str) -> None:
    go_on, reached = threading.Event(), threading.Event()

    def response(seen: ReceivedRequest) -> MockResponse:
        offset = int(dict(seen.query)["offset"])
        if offset:
            reached.set()
            go_on.wait(60)
        return MockResponse(200, {"data": [{"uuid": f"u{offset}"}], "total": 2})

    server.respond = response

    async def main() -> None:
        client = grinfi.AsyncGrinfi(key, base_url=server.base_url)
        pages = client.lists.list(page_size=1).pages()
        assert (await anext(pages)).data == [grinfi.List({"uuid": "u0"})]
        second = asyncio.ensure_future(anext(pages))
        assert await asyncio.to_thread(reached.wait, 60)
        with pytest.raises(grinfi.ListingError, match="waiting for a page"):
            await anext(pages)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        go_on.set()
        assert [page.data async for page in pages] == [[grinfi.List({"uuid": "u1"})]]

    run(main())


def test_raises_errors_where_calls_are_awaited(server: Server, key: str) -> None:
    server.replies = [MockResponse(422, {"error": {"reason": "validation_error", "data": {"name": ["taken"]}}})]

    async def main() -> None:
        client = grinfi.AsyncGrinfi(key, base_url=server.base_url, max_retries=0)
        with pytest.raises(grinfi.ValidationError) as refused:
            await client.lists.create("Fair")
        assert refused.value.fields == {"name": ["taken"]} and refused.value.operation == "createList"
        with pytest.raises(grinfi.InvalidInputError, match="name"):
            await client.lists.create("  ")
        server.replies = [Cut()]
        before = datetime.now(timezone.utc)
        with pytest.raises(grinfi.UnknownOutcomeError) as unknown:
            await client.lists.create("Fair")
        error = pickle.loads(pickle.dumps(unknown.value))
        unknown = error.unconfirmed_request
        assert (unknown.path, json.loads(unknown.body)) == ("/leads/api/lists", {"name": "Fair"})
        assert before - timedelta(seconds=1) <= unknown.started_at <= datetime.now(timezone.utc)
        assert "Fair" not in repr(unknown)

    run(main())


def test_call_without_event_loop_raises(key: str) -> None:
    call = grinfi.AsyncGrinfi(key, base_url="http://127.0.0.1:9").users.current()
    with pytest.raises(RuntimeError, match="asyncio"):
        call.send(None)


def test_ignores_closed_event_loop(server: Server, key: str) -> None:
    silence = Silence()
    server.replies = [silence]
    client = grinfi.AsyncGrinfi(key, base_url=server.base_url)
    loop = asyncio.new_event_loop()
    task = loop.create_task(client.users.current())
    loop.call_later(0.05, loop.stop)
    loop.run_forever()
    assert silence.reached.wait(60)
    task.cancel()
    loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
    loop.close()
    server.replies = [MockResponse(200, {"uuid": "u", "id": 7})]

    async def again() -> None:
        assert (await client.users.current()).id == 7

    run(again())
    gc.collect()


@pytest.mark.parametrize("runner", ["uvloop", "anyio"])
def test_works_with_other_event_loops(sandbox: grinfi.Sandbox, runner: str) -> None:
    module = pytest.importorskip(runner)

    async def main() -> None:
        async with sandbox.async_client() as client:
            assert len([row async for row in client.contacts.search(page_size=100)]) == 250

    if runner == "anyio":
        module.run(main, backend="asyncio")
    else:
        module.run(main())


def test_interpreter_exits_during_pending_call(server: Server, key: str) -> None:
    server.replies = [Silence()]
    text = f"""
import asyncio, grinfi
client = grinfi.AsyncGrinfi({key!r}, base_url={server.base_url!r})
async def main():
    task = asyncio.create_task(client.users.current())
    await asyncio.sleep(0.2)
    print("out")
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "out\n", "")


def test_forwards_events_to_logging(server: Server, key: str, caplog: pytest.LogCaptureFixture) -> None:
    server.replies = [MockResponse(503), MockResponse(200, {"uuid": "u", "id": 1})]
    client = grinfi.Grinfi(key, base_url=server.base_url)
    with caplog.at_level(logging.DEBUG, logger="grinfi"):
        client.users.current()
    lines = [record.getMessage() for record in caplog.records if record.name == "grinfi"]
    attempts = [line for line in lines if line.startswith("attempt")]
    assert len(attempts) == 2 and "503" in attempts[0] and "/id/api/users/current" in attempts[1]
    assert any(line.startswith("waiting") for line in lines)
    assert not any(key in line for line in lines)
    caplog.clear()
    with caplog.at_level(logging.WARNING, logger="grinfi"):
        client.users.current()
    assert caplog.records == []
