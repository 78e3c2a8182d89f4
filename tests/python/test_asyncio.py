"""The asynchronous client with asyncio, anyio, uvloop and trio: cancellation and event loops."""

import asyncio
import gc
import sys
import threading
import warnings
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

import grinfi
from mock_server import MockResponse, ReceivedRequest, Server, Silence

USER = {"uuid": "u", "id": 1}

Use = Callable[[grinfi.AsyncGrinfi], Awaitable[object]]


async def rows_of(listing: Any) -> list[object]:
    return [row async for row in listing]


USES: list[Use] = [
    lambda client: client.users.current(),
    lambda client: client.lists.create("Fair"),
    lambda client: client.request("GET", "/x"),
    lambda client: rows_of(client.contacts.search()),
    lambda client: rows_of(client.contacts.search().complete()),
    lambda client: client.file_exports.download("a.csv"),
    lambda client: client.attachments.upload(b"x", name="a.png"),
    lambda client: client.linkedin_messages.send_once(sender_profile_uuid="s", contact_uuid="c", text="x"),
]


@pytest.mark.parametrize("use", USES)
def test_cancellation_drops_the_request(server: Server, key: str, use: Use) -> None:
    silence = Silence()
    server.replies = [silence, MockResponse(200, USER)]

    async def main() -> None:
        async with grinfi.AsyncGrinfi(key, base_url=server.base_url) as client:
            task = asyncio.ensure_future(use(client))
            assert await asyncio.to_thread(silence.reached.wait, 60)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await asyncio.to_thread(silence.left.wait, 60), "the request goes on"
            assert (await client.users.current()).id == 1

    asyncio.run(main())
    assert len(server.requests) == 2, "it was not sent again"


def test_call_canceled_before_sending_is_not_sent(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, USER)]

    async def main() -> None:
        client = grinfi.AsyncGrinfi(key, base_url=server.base_url, requests_per_minute=1)
        await client.users.current()
        waiting = [asyncio.create_task(client.lists.create(f"List {number}")) for number in range(20)]
        await asyncio.sleep(0.1)
        for task in waiting:
            task.cancel()
        assert all(isinstance(end, asyncio.CancelledError) for end in await asyncio.gather(*waiting, return_exceptions=True))

    asyncio.run(main())
    assert [seen.path for seen in server.requests] == ["/id/api/users/current"]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="asyncio.timeout is new in 3.11")
def test_asyncio_timeout_ends_the_call(server: Server, key: str) -> None:
    silence = Silence()
    server.replies = [silence, MockResponse(200, USER)]

    async def main() -> None:
        client = grinfi.AsyncGrinfi(key, base_url=server.base_url)
        with pytest.raises(TimeoutError) as late:
            async with asyncio.timeout(0.2):
                await client.users.current()
        assert not isinstance(late.value, grinfi.GrinfiError), "it is the caller's"
        assert await asyncio.to_thread(silence.left.wait, 60)
        async with asyncio.timeout(60):
            assert (await client.users.current()).id == 1

    asyncio.run(main())


@pytest.mark.skipif(sys.version_info < (3, 11), reason="asyncio.TaskGroup is new in 3.11")
def test_failing_task_cancels_its_group(server: Server, key: str) -> None:
    silence = Silence()

    def response(seen: ReceivedRequest) -> MockResponse | Silence:
        if seen.path.endswith("/current"):
            return silence
        silence.reached.wait(60)
        return MockResponse(404, {"message": "deleted"})

    server.respond = response

    async def main() -> None:
        client = grinfi.AsyncGrinfi(key, base_url=server.base_url)
        with pytest.raises(BaseExceptionGroup) as failed:  # noqa: F821
            async with asyncio.TaskGroup() as group:
                group.create_task(client.users.current())
                group.create_task(client.contacts.get("c"))
        assert [type(error) for error in failed.value.exceptions] == [grinfi.NotFoundError]
        assert await asyncio.to_thread(silence.left.wait, 60)

    asyncio.run(main())


def test_event_loop_runs_during_calls(server: Server, key: str) -> None:
    ticked = threading.Event()

    def response(seen: ReceivedRequest) -> MockResponse:
        assert ticked.wait(60)
        return MockResponse(200, USER)

    server.respond = response

    async def tick() -> None:
        for _ in range(20):
            await asyncio.sleep(0.005)
        ticked.set()

    async def main() -> None:
        client = grinfi.AsyncGrinfi(key, base_url=server.base_url)
        await asyncio.gather(client.users.current(), tick())

    asyncio.run(main())


def test_client_works_in_several_event_loops(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, USER)]
    client = grinfi.AsyncGrinfi(key, base_url=server.base_url)
    seen: list[int] = []

    async def main() -> None:
        users = await asyncio.gather(*(client.users.current() for _ in range(10)))
        seen.extend(user.id for user in users)

    threads = [threading.Thread(target=asyncio.run, args=(main(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    asyncio.run(main())
    assert seen == [1] * 50


def test_abandoned_listing_leaves_no_tasks(sandbox: grinfi.Sandbox) -> None:
    async def main() -> None:
        async with sandbox.async_client() as client:
            async for contact in client.contacts.search(page_size=10):
                assert contact.uuid
                break
            pages = client.contacts.search(page_size=10).pages()
            async for page in pages:
                assert len(page) == 10
                break
        del pages
        gc.collect()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        asyncio.run(main(), debug=True)


def test_survives_many_cancellations(sandbox: grinfi.Sandbox) -> None:
    complaints: list[dict[str, Any]] = []

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(context))
        async with sandbox.async_client() as client:
            for turn in range(60):
                tasks = [asyncio.create_task(client.users.current()) for _ in range(5)]
                # At a different time in each iteration: before sending, while waiting, after the response.
                await asyncio.sleep(turn / 10_000)
                for task in tasks:
                    task.cancel()
                ends = await asyncio.gather(*tasks, return_exceptions=True)
                assert all(isinstance(end, (asyncio.CancelledError, grinfi.Record)) for end in ends), ends
            assert (await client.users.current()).email

    asyncio.run(main())
    gc.collect()
    assert complaints == []


@pytest.mark.parametrize("runner", ["uvloop", "anyio"])
def test_works_with_other_event_loops(server: Server, key: str, runner: str) -> None:
    module = pytest.importorskip(runner)
    silence = Silence()
    server.replies = [silence, MockResponse(200, USER)]

    async def main() -> None:
        client = grinfi.AsyncGrinfi(key, base_url=server.base_url)
        if runner == "anyio":
            with module.move_on_after(0.2) as scope:
                await client.users.current()
            assert scope.cancelled_caught
        else:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.users.current(), 0.2)
        assert await asyncio.to_thread(silence.left.wait, 60)
        assert (await client.users.current()).id == 1

    if runner == "anyio":
        module.run(main, backend="asyncio")
        module.run(main_of_threads(module, grinfi.Grinfi(key, base_url=server.base_url)), backend="asyncio")
    else:
        module.run(main())


def main_of_threads(anyio: Any, client: grinfi.Grinfi) -> Callable[[], Awaitable[None]]:
    async def main() -> None:
        assert (await anyio.to_thread.run_sync(client.users.current)).id == 1

    return main


def test_sync_client_works_in_trio_threads(server: Server, key: str) -> None:
    trio = pytest.importorskip("trio")
    server.replies = [MockResponse(200, USER)]

    async def main() -> None:
        with pytest.raises(RuntimeError, match="asyncio event loop") as refused:
            await grinfi.AsyncGrinfi(key, base_url=server.base_url).users.current()
        assert isinstance(refused.value.__cause__, RuntimeError)
        client = grinfi.Grinfi(key, base_url=server.base_url)
        assert (await trio.to_thread.run_sync(client.users.current)).id == 1

    trio.run(main)
    assert len(server.requests) == 1


def test_call_without_event_loop_sends_nothing(server: Server, key: str) -> None:
    client = grinfi.AsyncGrinfi(key, base_url=server.base_url)
    for coroutine in (client.users.current(), client.contacts.search().first()):
        with pytest.raises(RuntimeError, match="needs a running asyncio event loop"):
            coroutine.send(None)
    assert server.requests == []


def test_closed_event_loop_is_ignored(server: Server, key: str, recwarn: pytest.WarningsRecorder) -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def response(seen: ReceivedRequest) -> MockResponse:
        arrived.set()
        go_on.wait(60)
        return MockResponse(200, USER)

    server.respond = response
    client = grinfi.AsyncGrinfi(key, base_url=server.base_url)
    loop = asyncio.new_event_loop()
    task = loop.create_task(client.users.current())
    loop.call_later(0.2, loop.stop)
    loop.run_forever()
    assert arrived.wait(60)
    loop.close()
    # The response arrives after the event loop is closed.
    go_on.set()
    with pytest.raises(RuntimeError, match="closed"):
        loop.run_until_complete(task)
    assert asyncio.run(client_of_loop(client)) == 1
    # Python reports tasks that the program left pending.
    task._log_destroy_pending = False  # type: ignore[attr-defined]
    del task
    gc.collect()


async def client_of_loop(client: grinfi.AsyncGrinfi) -> int:
    return (await client.users.current()).id


def test_panic_raises_internal_error(server: Server, key: str) -> None:
    async def main() -> None:
        async with grinfi.AsyncGrinfi(key, base_url=server.base_url) as client:
            with pytest.raises(grinfi.InternalError, match="a bug in grinfi, please report it: asked for") as failed:
                await asyncio.wait_for(client._call_resource("panic", {}), 30)
            assert isinstance(failed.value, grinfi.GrinfiError) and failed.value.kind == "internal"
            # Does not affect other waiting calls.
            outcomes = await asyncio.wait_for(
                asyncio.gather(client.users.current(), client._call_resource("panic", {}), return_exceptions=True), 30
            )
            assert [type(outcome) for outcome in outcomes] == [grinfi.User, grinfi.InternalError]

    server.replies = [MockResponse(200, USER)]
    asyncio.run(main())
    client = grinfi.Grinfi(key, base_url=server.base_url)
    with pytest.raises(grinfi.InternalError, match="asked for"):
        client._call_resource("panic", {})
    assert client.users.current().id == 1
