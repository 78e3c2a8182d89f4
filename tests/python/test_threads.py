"""Threads: one client for all of them, and the interpreter released while a call waits."""

import importlib
import sys
import sysconfig
import threading
import time
from collections.abc import Callable

import pytest

import grinfi
import processes
from mock_server import MockResponse, ReceivedRequest, Server, Silence

USER = {"uuid": "u", "id": 1}


def test_threads_share_client(server: Server, key: str) -> None:
    # The server responds only once all requests have arrived, which would never happen if a call held the interpreter.
    together = threading.Barrier(16, timeout=60)

    def response(seen: ReceivedRequest) -> MockResponse:
        together.wait()
        return MockResponse(200, USER)

    server.respond = response
    client = grinfi.Grinfi(key, base_url=server.base_url)
    responses: list[int] = []
    threads = [threading.Thread(target=lambda: responses.append(client.users.current().id)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert responses == [1] * 16


@pytest.mark.parametrize(
    "use",
    [
        lambda client: client.users.current(),
        lambda client: client.contacts.search().first(),
        lambda client: client.file_exports.download("a.csv"),
        lambda client: client.attachments.upload(b"x", name="a.png"),
    ],
)
def test_call_releases_the_interpreter(server: Server, key: str, use: Callable[[grinfi.Grinfi], object]) -> None:
    silence = Silence()
    server.replies = [silence]
    client = grinfi.Grinfi(key, base_url=server.base_url, max_retries=0, deadline=60)
    failed: list[type[BaseException]] = []

    def wait() -> None:
        try:
            use(client)
        except grinfi.GrinfiError as error:
            failed.append(type(error))

    thread = threading.Thread(target=wait)
    thread.start()
    assert silence.reached.wait(60)
    counted, until = 0, time.monotonic() + 0.3
    while time.monotonic() < until:
        counted += 1
    # If the call held the interpreter, this thread could not run before it ends.
    assert counted > 1000 and thread.is_alive() and not failed
    server.__exit__(None, None, None)
    thread.join(60)
    assert len(failed) == 1


def test_many_threads_use_one_client(sandbox: grinfi.Sandbox) -> None:
    client = grinfi.Grinfi(sandbox.key, base_url=sandbox.base_url, requests_per_minute=None)
    lists: list[str] = []
    counts: list[int] = []
    wrong: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(5):
                lists.append(client.lists.create(f"List {number}.{turn}").uuid)
                counts.append(sum(1 for _ in client.contacts.search(page_size=100)))
                with pytest.raises(grinfi.NotFoundError):
                    client.contacts.get("no-such-contact")
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert wrong == [] and counts == [250] * 60
    assert len(lists) == len(set(lists)) == 60
    assert set(lists) <= {row.uuid for row in client.lists.list()}


def test_iterator_is_read_by_one_thread_at_a_time(server: Server, key: str) -> None:
    client = grinfi.Grinfi(key, base_url=server.base_url)
    reached, go_on = threading.Event(), threading.Event()

    def response(seen: ReceivedRequest) -> MockResponse:
        reached.set()
        go_on.wait(60)
        return MockResponse(200, {"data": [{"uuid": "u"}], "total": 1})

    server.respond = response
    pages = client._native_client.pages(
        "listLists", record=grinfi.List, filter=None, order=None, page_size=1, offset=0, max_items=None, complete=False
    )
    rows: list[object] = []

    def read() -> None:
        page = pages.take() if pages.fetch() else None
        assert page is not None
        rows.extend(page[0])

    reader = threading.Thread(target=read)
    reader.start()
    assert reached.wait(60)
    refused: list[str] = []

    def too_early() -> None:
        for _ in range(200):
            with pytest.raises(grinfi.ListingError) as caught:
                pages.fetch()
            refused.append(str(caught.value))

    others = [threading.Thread(target=too_early) for _ in range(4)]
    for other in others:
        other.start()
    for other in others:
        other.join(60)
    assert len(refused) == 800 and "another thread" in refused[0]
    go_on.set()
    reader.join(60)
    assert len(rows) == 1


def test_another_thread_can_close_client(server: Server, key: str) -> None:
    silence = Silence()
    server.replies = [silence, MockResponse(200, USER)]
    client = grinfi.Grinfi(key, base_url=server.base_url, deadline=60)
    failed: list[BaseException] = []

    def wait() -> None:
        try:
            client.users.current()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    assert silence.reached.wait(60)
    client.close()
    with pytest.raises(grinfi.ClientClosedError):
        client.users.current()
    # Pending calls continue.
    assert thread.is_alive()
    server.__exit__(None, None, None)
    thread.join(60)
    assert not thread.is_alive()


def test_rejects_second_interpreter(server: Server, key: str) -> None:
    # An interpreter with the shared global lock, as web servers use; Python refuses others itself.
    text = """
if sys.version_info < (3, 13):
    import _xxsubinterpreters as interpreters
    other = interpreters.create(isolated=False)
else:
    import _interpreters as interpreters
    other = interpreters.create("legacy")
program = "try: import grinfi\\nexcept ImportError as error: print(error, flush=True)"
interpreters.run_string(other, program)
print(client.base_url == url)
"""
    quiet = "import warnings; warnings.simplefilter('ignore')\n"
    code, out, err = processes.run(quiet + text, server.base_url, key)
    assert (code, err) == (0, "")
    assert out == ["grinfi can only be used in one interpreter of a process, and another one has imported it", "True"]


@pytest.mark.skipif(not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="this CPython has the global lock")
def test_free_threaded_interpreter_enables_the_lock() -> None:
    importlib.import_module("grinfi._native")
    assert sys._is_gil_enabled()  # type: ignore[attr-defined,unused-ignore]
