"""Invalid arguments: each raises an error that names the remedy, at the line of the call, before anything is sent."""

import asyncio
import os
import re
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import grinfi
from grinfi import F
from mock_server import MockResponse, Server

USER = {"uuid": "u", "id": 1}

NAIVE = "must have a time zone, such as tzinfo=timezone.utc"
ITSELF: list[Any] = []
ITSELF.append(ITSELF)


@pytest.fixture(params=["Grinfi", "AsyncGrinfi"])
def either(request: pytest.FixtureRequest, server: Server, key: str) -> Any:
    """Both clients, untyped, since the tests make mistakes."""
    return getattr(grinfi, request.param)(key, base_url=server.base_url)


def mistake(use: Callable[[], Any]) -> BaseException:
    """Returns the error of a call, which is awaited if possible."""

    async def awaited() -> None:
        result = use()
        if hasattr(result, "__await__"):
            await result

    with pytest.raises(Exception) as caught:
        asyncio.run(awaited())
    frames = [Path(frame.filename).name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert Path(__file__).name in frames, "the line of the mistake is in the traceback"
    return caught.value


TYPOS: list[tuple[Callable[[Any], Any], type[Exception], str]] = [
    (lambda c: c.lists.create("x", nam="y"), TypeError, "got an unexpected keyword argument 'nam'"),
    (lambda c: c.with_options(max_retrys=1), TypeError, "got an unexpected keyword argument 'max_retrys'"),
    (lambda c: type(c)("a.b.c", max_retrys=1), TypeError, "got an unexpected keyword argument 'max_retrys'"),
    (lambda c: grinfi.Sandbox(sed="demo"), TypeError, "got an unexpected keyword argument 'sed'"),  # type: ignore[call-arg]
    (lambda c: c.contcts, AttributeError, "has no attribute `contcts`; did you mean `contacts`?"),
    (lambda c: c.contacts.serch, AttributeError, "has no attribute `serch`; did you mean `search`?"),
    (lambda c: c.users.current().emial if isinstance(c, grinfi.Grinfi) else grinfi.User({"uuid": "u", "id": 1}).emial,
     AttributeError, "emial"),
    (lambda c: c.contacts.search(compny_name="x"), grinfi.InvalidInputError,
     "compny_name: no field that a contact can be filtered by; did you mean `company_name`?"),
    (lambda c: c.contacts.search(F.compny_name == "x"), grinfi.InvalidInputError,
     "compny_name: no field that a contact can be filtered by; did you mean `company_name`?"),
    (lambda c: c.contacts.search({"compny_name": "x"}), grinfi.InvalidInputError,
     "compny_name: no field that a contact can be filtered by; did you mean `company_name`?"),
    (lambda c: c.contacts.create_many("l", [{"linkedin_id": "x"}, {"fist_name": "x"}]), grinfi.InvalidInputError,
     "`contacts[1].fist_name` is not a known field; did you mean `first_name`?"),
]  # fmt: skip

TYPES: list[tuple[Callable[[Any], Any], str]] = [
    (lambda c: c.lists.create(5), "`name` must be a string, got int"),
    (lambda c: c.lists.create(b"x"), "`name` must be a string, got bytes"),
    (lambda c: c.lists.create(None), "`name` must not be None, since the API does not accept null; omit it"),
    (lambda c: c.lists.get(5), "`uuid` must be an id as a string, got int"),
    (lambda c: c.lists.get("a/b"), "`uuid` must be an id, got `a/b`"),
    (lambda c: c.contacts.search(page_size="5"), "`page_size` must be a whole number, got '5'"),
    (lambda c: c.contacts.search(page_size=True), "`page_size` must be a whole number, got True"),
    (lambda c: c.contacts.search(page_size=0),
     "`page_size` must be between 1 and 1000, got 0; `max_items` limits the rows in all"),
    (lambda c: c.contacts.search(max_items=-1), "`max_items` must be a number from 0, got -1"),
    (lambda c: c.contacts.search(order_by=5),
     '`order_by` must be a column such as "created_at", or "-created_at" for newest first, got 5'),
    (lambda c: c.contacts.search(5), 'conditions must be made like F.name == "Jane Roe", got 5'),
    (lambda c: c.contacts.upsert("l", linkedin_id="x", move_to_list="no"),
     "`move_to_list` must be True or False, got str"),
    (lambda c: c.contacts.upsert("l", linkedin_id="x", custom_fields={"a": object()}),
     "`custom_fields.a` must be a value that JSON can represent, got object"),
    (lambda c: c.request("POST", "/x", json={"a": float("nan")}), "`json.a` must be a finite number, got nan"),
    (lambda c: c.request("POST", "/x", json={1: 2}), "`json` must have strings as keys, got int"),
    (lambda c: c.request("POST", "/x", json=ITSELF), "`json` is nested too deeply or contains itself"),
    (lambda c: c.request("POST", "/x", json={"a": "\ud800"}),
     "`json.a` must be valid Unicode, got half a surrogate pair"),
    (lambda c: c.lists.create("a\ud800"), "`name` must be valid Unicode, got half a surrogate pair"),
    (lambda c: c.request("GET", "/x\udcff"), "`path` must be valid Unicode, got half a surrogate pair"),
    (lambda c: c.request("GET", "/x", query={"a": "\udcff"}),
     "`query.a` must be valid Unicode, got half a surrogate pair"),
    (lambda c: c.request("GET", "/x", query={"a": {}}), "`query.a` must be a string or a number"),
    (lambda c: c.request("GET", "x"), "path: `x` does not start with a slash"),
    (lambda c: c.request("G T", "/x"), "`method` must be an HTTP method, got `G T`"),
    (lambda c: c.request(5, "/x"), "`method` must be a string, got int"),
]  # fmt: skip

TIMES: list[tuple[Callable[[Any], Any], str]] = [
    (lambda c: F.created_at >= datetime(2026, 1, 1), f"`created_at` {NAIVE}"),
    (lambda c: c.contacts.search(created_at=datetime(2026, 1, 1)), f"`created_at` {NAIVE}"),
    (lambda c: c.contacts.search(created_at=date(2026, 1, 1)),
     "`created_at` must be a datetime with a tzinfo, got a date, which starts at another instant in each time zone"),
    (lambda c: c.tasks.list(executed_at=datetime(2026, 1, 1)), f"`executed_at` {NAIVE}"),
    (lambda c: c.contacts.upsert("l", linkedin_id="x", custom_fields={"a": [datetime(2026, 1, 1)]}),
     f"`custom_fields.a[0]` {NAIVE}"),
    (lambda c: c.request("POST", "/x", json={"at": datetime(2026, 1, 1)}), f"`json.at` {NAIVE}"),
]  # fmt: skip


def field_in(text: str) -> str:
    """Returns the argument that a message names."""
    match = re.match(r"`([^`]+)` |([\w.\[\]]+): ", text)
    return (match[1] or match[2]) if match else "filter"


@pytest.mark.parametrize(("use", "kind", "text"), TYPOS)
def test_suggests_names_for_unknown_keywords(
    either: Any, server: Server, use: Callable[[Any], Any], kind: type[Exception], text: str
) -> None:
    server.replies = [MockResponse(200, USER)]
    error = mistake(lambda: use(either))
    assert type(error) is kind and text in str(error)
    assert [seen.path for seen in server.requests] in ([], ["/id/api/users/current"])
    if isinstance(error, grinfi.GrinfiError):
        assert str(error) == text and error.field == field_in(text)


@pytest.mark.parametrize(("use", "text"), TYPES)
def test_rejects_wrong_types_and_values(either: Any, server: Server, use: Callable[[Any], Any], text: str) -> None:
    error = mistake(lambda: use(either))
    assert type(error) is grinfi.InvalidInputError and isinstance(error, ValueError)
    assert (str(error), error.field) == (text, field_in(text))
    assert server.requests == []


@pytest.mark.parametrize(("use", "text"), TIMES)
def test_rejects_times_without_zone(either: Any, server: Server, use: Callable[[Any], Any], text: str) -> None:
    error = mistake(lambda: use(either))
    assert type(error) is grinfi.InvalidInputError
    assert (str(error), error.field) == (text, field_in(text))
    assert server.requests == []


@pytest.mark.parametrize("use", [
    lambda c: c.lists.create("x"),
    lambda c: c.contacts.search().first(),
    lambda c: c.contacts.search().to_list(),
    lambda c: c.contacts.count(),
    lambda c: c.request("GET", "/x"),
    lambda c: c.file_exports.download("a.csv"),
    lambda c: c.attachments.upload(b"x", name="a.png"),
    lambda c: c.with_options(max_retries=0),
    lambda c: c.__enter__() if isinstance(c, grinfi.Grinfi) else c.__aenter__(),
])  # fmt: skip
def test_closed_client_raises(either: Any, server: Server, use: Callable[[Any], Any]) -> None:
    either.close()
    either.close()
    assert either.closed and "closed" in repr(either)
    error = mistake(lambda: use(either))
    assert type(error) is grinfi.ClientClosedError and str(error) == "the client is closed; create a new one"
    assert server.requests == []


def test_closed_client_ends_listing(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, {"data": [{"uuid": "a"}], "total": 9, "has_more": True})]
    with grinfi.Grinfi(key, base_url=server.base_url) as client:
        rows = iter(client.lists.list(page_size=1))
        assert next(rows).uuid == "a"
    with pytest.raises(grinfi.ClientClosedError):
        next(rows)
    assert len(server.requests) == 1


class Callback(Exception):
    """An exception of a callback."""


def raising(*arguments: object) -> Any:
    raise Callback("mine")


def test_exceptions_of_callers_are_unchanged(server: Server, key: str) -> None:
    client = grinfi.Grinfi(key, base_url=server.base_url)

    def rows() -> Any:
        yield {"linkedin_id": "x"}
        raise Callback("mine")

    class Broken(dict):  # type: ignore[type-arg]
        items = raising

    class Path(os.PathLike[str]):
        def __fspath__(self) -> str:
            raise Callback("mine")

    for use in (
        lambda: client.contacts.create_many("l", rows()),
        lambda: client.request("POST", "/x", json=Broken(a=1)),
        lambda: client.with_options(headers=Broken(a="1")),
        lambda: client.file_imports.upload(Path()),
        lambda: grinfi.Grinfi(key, ca_file=Path()),
    ):
        with pytest.raises(Callback, match="mine"):
            use()
    assert server.requests == []
    server.replies = [MockResponse(200, USER)]
    assert client.users.current().id == 1


def test_exception_in_asyncio_callback_reaches_the_loop(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, USER)]
    reported: list[Any] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda loop, context: reported.append(context["exception"]))
        client = grinfi.AsyncGrinfi(key, base_url=server.base_url)
        task = asyncio.ensure_future(client.users.current())
        task.add_done_callback(raising)
        assert (await task).id == 1
        await asyncio.sleep(0)
        assert (await client.users.current()).id == 1

    asyncio.run(main())
    assert [type(error) for error in reported] == [Callback]


def test_event_loop_of_another_thread_does_not_count(server: Server, key: str) -> None:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        with pytest.raises(RuntimeError) as refused:
            grinfi.AsyncGrinfi(key, base_url=server.base_url).users.current().send(None)
        text = "an asynchronous client needs a running asyncio event loop (anyio and uvloop use one)"
        assert str(refused.value) == text
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(60)
        loop.close()
    assert server.requests == []


@pytest.mark.parametrize("package", ["pandas", "polars"])
def test_names_missing_optional_packages(server: Server, key: str, package: str) -> None:
    server.replies = [MockResponse(200, {"data": [], "total": 0})]
    program = (
        "import os, sys\n"
        "sys.modules.update(pyarrow=None, pandas=None, polars=None)\n"
        "import grinfi\n"
        f"search = grinfi.Grinfi({key!r}, base_url={server.base_url!r}).contacts.search()\n"
        "try:\n"
        f"    search.to_{package}()\n"
        "except ImportError as error:\n"
        "    print(type(error).__name__, error.name, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == (f"ImportError {package} this needs {package}: pip install grinfi[{package}]\n", "")
