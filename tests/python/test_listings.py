"""Listings: lazy, complete, restartable, resumable."""

import asyncio
import json
import threading
import time
from typing import Any

import pytest

import grinfi
from grinfi import F
from mock_server import MockResponse, Cut, Reply, ReceivedRequest, Server, Silence


def test_search_reads_all_pages(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    search = client.contacts.search(F.company_name == "ExampleCorp", order_by="-created_at", page_size=3)
    assert sandbox.requests == [], "nothing is sent before it is read"
    uuids = [contact.uuid for contact in search]
    assert len(uuids) == len(set(uuids)) == search.count() > 3
    assert [contact.uuid for contact in search] == uuids, "a new iteration starts a new search"
    assert [contact.uuid for contact in search.to_list()] == uuids
    newest = search.first()
    assert newest is not None and newest.uuid == uuids[0]
    times = [contact.created_at for contact in search]
    assert times == sorted(times, key=lambda time: time or 0, reverse=True)


def test_pages_have_totals_and_offsets(client: grinfi.Grinfi) -> None:
    pages = list(client.contacts.search(page_size=100).pages())
    assert [len(page) for page in pages] == [100, 100, 50]
    assert [(page.total, page.offset, page.limit) for page in pages] == [(250, 0, 100), (250, 100, 100), (250, 200, 100)]
    assert pages[0].has_more is None and pages[0][0] == pages[0].data[0] == next(iter(pages[0]))
    [page] = client.automations.list().pages()
    assert page.has_more is False


def test_limits_rows_by_max_items_and_offset(client: grinfi.Grinfi) -> None:
    everything = client.contacts.search(page_size=50).to_list()
    some = client.contacts.search(page_size=4, offset=5, max_items=10)
    assert some.to_list() == everything[5:15]
    assert some.to_list(max_items=3) == everything[5:8]
    assert some.count() == 250
    assert client.contacts.search(max_items=0).to_list() == []
    assert client.contacts.search(max_items=0).first() is None
    assert client.contacts.search(list_uuid="00000000-0000-4000-8000-00000000dead").first() is None


def test_listing_has_no_length(client: grinfi.Grinfi) -> None:
    with pytest.raises(TypeError):
        len(client.contacts.search())  # type: ignore[arg-type]


def test_unpaged_listing_is_a_listing(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    tags = client.tags.list()
    assert sandbox.requests == [], "nothing is sent before it is read"
    assert isinstance(tags, grinfi.Listing) and repr(tags) == "<UnpagedListing listTags>"
    rows = list(tags)
    assert rows and rows == tags.to_list() == tags.complete().to_list() and tags.first() == rows[0]
    assert tags.count() == len(rows) and tags.to_list(max_items=1) == rows[:1] and tags.to_list(max_items=0) == []
    [page] = tags.prefetch().pages()
    assert page.data == rows
    with pytest.raises(TypeError):
        len(tags)  # type: ignore[arg-type]
    stages = client.pipeline_stages.list("lead")
    assert {stage.object for stage in stages} == {"lead"} and stages.count() == len(stages.to_list())
    automation = client.automations.list().first()
    assert automation is not None
    versions = client.automation_versions.list(automation.uuid).to_list()
    assert all(version.uuid for version in versions)
    before = len(sandbox.requests)
    with pytest.raises(grinfi.InvalidInputError) as caught:
        client.automation_versions.list("")
    assert caught.value.field == "automation_uuid" and len(sandbox.requests) == before


def test_unpaged_listing_follows_further_pages(server: Server, key: str) -> None:
    def response(seen: ReceivedRequest) -> MockResponse:
        offset = int(dict(seen.query).get("offset", 0))
        rows = [{"uuid": f"t-{number}"} for number in range(offset, min(offset + 2, 5))]
        return MockResponse(200, {"data": rows, "total": 5})

    server.respond = response
    client = grinfi.Grinfi(key, base_url=server.base_url)
    assert [tag.uuid for tag in client.tags.list()] == [f"t-{number}" for number in range(5)]
    assert server.requests[0].query == []
    server.respond = None
    server.replies = [MockResponse(200, {"data": [{"uuid": "t"}], "total": 2}), MockResponse(200, {"data": [], "total": 2})]
    with pytest.raises(grinfi.ListingError):
        client.tags.list().to_list()
    server.replies = [MockResponse(200, {"message": "back soon"})]
    with pytest.raises(grinfi.DecodeError):
        client.tags.list().to_list()


@pytest.mark.parametrize("arguments", [{"limit": 0}, {"limit": -1}, {"limit": 1001}, {"limit": True}, {"limit": "5"}])
def test_rejects_invalid_page_sizes(sandbox: grinfi.Sandbox, client: grinfi.Grinfi, arguments: dict[str, int]) -> None:
    with pytest.raises(grinfi.InvalidInputError, match="limit") as caught:
        client.contacts.search(**arguments)  # type: ignore[arg-type]
    assert caught.value.field == "limit" and isinstance(caught.value, ValueError)
    assert sandbox.requests == []


@pytest.mark.parametrize(
    ("arguments", "field"),
    [({"offset": -1}, "offset"), ({"offset": 2**40}, "offset"), ({"max_items": -1}, "max_items")]
    + [({"order_by": column}, "order_by") for column in ("", "-", "created-at", "a b", "ä", 3, "creatd_at", "-zzz", "q")],
)
def test_rejects_other_invalid_arguments(client: grinfi.Grinfi, arguments: dict[str, int], field: str) -> None:
    with pytest.raises(grinfi.InvalidInputError) as caught:
        client.contacts.search(**arguments)  # type: ignore[arg-type]
    assert caught.value.field == field


def test_reads_all_rows_of_smaller_pages(server: Server, key: str) -> None:
    def response(seen: ReceivedRequest) -> MockResponse:
        offset = int(dict(seen.query)["offset"])
        rows = [{"uuid": f"u-{n}"} for n in range(offset, min(offset + 2, 5))]
        return MockResponse(200, {"data": rows, "total": 5})

    server.respond = response
    client = grinfi.Grinfi(key, base_url=server.base_url)
    assert [found.uuid for found in client.lists.list(page_size=50)] == [f"u-{n}" for n in range(5)]


def test_unexpected_rows_raise_decode_error(server: Server, key: str) -> None:
    client = grinfi.Grinfi(key, base_url=server.base_url)
    server.replies = [MockResponse(200, {"data": [{"uuid": "u", "created_at": "soon"}, {"name": "x"}, {"other": 1}]})]
    first, second, third = client.lists.list(max_items=3).to_list()
    assert first.uuid == "u" and second.name == "x"
    for look, where in [
        (lambda: first.created_at, "List.created_at: expected a time, got another string"),
        (lambda: second.uuid, "List.uuid: the record does not contain it"),
        (lambda: third.name, "List: the object has none of the fields of this record"),
    ]:
        with pytest.raises(grinfi.DecodeError) as caught:
            look()
        assert str(caught.value) == where
    server.replies = [MockResponse(200, {"data": ["x"]})]
    with pytest.raises(grinfi.DecodeError, match="a row is not an object"):
        client.lists.list().to_list()


class Gate:
    """Delays a response until the gate is opened."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()


class Paged:
    """Responds with a listing of ten lists. A request in `troubles` gets that response instead, or waits for a gate."""

    def __init__(self, *, troubles: dict[int, Reply] | None = None, gates: dict[int, Gate] | None = None) -> None:
        self.rows = 10
        self.troubles = troubles or {}
        self.gates = gates or {}
        self.asked: list[int] = []

    def __call__(self, seen: ReceivedRequest) -> Reply:
        query = dict(seen.query)
        offset, limit = int(query["offset"]), int(query["limit"])
        self.asked.append(offset)
        gate = self.gates.get(len(self.asked))
        if gate is not None:
            gate.reached.set()
            assert gate.opened.wait(60)
        trouble = self.troubles.pop(len(self.asked), None)
        if trouble is not None:
            return trouble
        data = [{"uuid": f"l-{n}"} for n in range(offset, min(offset + limit, self.rows))]
        return MockResponse(200, {"data": data, "total": self.rows})


def grinfi_at(server: Server, key: str, **options: Any) -> grinfi.Grinfi:
    return grinfi.Grinfi(key, base_url=server.base_url, max_retries=0, **options)


TROUBLES: dict[int, Reply] = {2: MockResponse(503, b"<html>"), 3: Cut(), 5: MockResponse(200, b"{not json")}


def test_iterator_continues_after_error(server: Server, key: str) -> None:
    everything = [f"l-{n}" for n in range(10)]
    for prefetch in (0, 2):
        server.respond = paged = Paged(troubles=dict(TROUBLES))
        rows = iter(grinfi_at(server, key).lists.list(page_size=4).prefetch(prefetch))
        got: list[str] = []
        failed: list[tuple[int, type]] = []
        while True:
            try:
                got.append(next(rows).uuid)
            except grinfi.GrinfiError as error:
                failed.append((len(got), type(error)))
            except StopIteration:
                break
        assert got == everything and [at for at, _ in failed] == [4, 4, 8]
        assert failed[0][1] is grinfi.ServerError and failed[2][1] is grinfi.DecodeError
        assert paged.asked == [0, 4, 4, 4, 8, 8]
        assert next(rows, None) is None
    server.respond = Paged(troubles=dict(TROUBLES))
    pages = grinfi_at(server, key).lists.list(page_size=4).pages()
    sizes: list[int | None] = []
    while True:
        try:
            sizes.append(len(next(pages)))
        except grinfi.GrinfiError:
            sizes.append(None)
        except StopIteration:
            break
    assert sizes == [4, None, None, 4, None, 2]


def test_iterator_continues_after_timeout(server: Server, key: str) -> None:
    server.respond = Paged(troubles={2: Silence()})
    rows = iter(grinfi_at(server, key, timeout=0.2).lists.list(page_size=4))
    got = [next(rows).uuid for _ in range(4)]
    with pytest.raises(grinfi.RequestTimeoutError):
        next(rows)
    assert [*got, *(row.uuid for row in rows)] == [f"l-{n}" for n in range(10)]


def test_async_iterator_continues_after_errors_and_cancellation(server: Server, key: str) -> None:
    gates = {2: Gate(), 4: Gate()}

    async def read() -> list[str]:
        client = grinfi.AsyncGrinfi(key, base_url=server.base_url, max_retries=0)
        rows = aiter(client.lists.list(page_size=4))
        got: list[str] = []
        errors = 0
        while True:
            step = asyncio.ensure_future(anext(rows))
            while not step.done() and not any(gate.reached.is_set() and not gate.opened.is_set() for gate in gates.values()):
                await asyncio.sleep(0.001)
            step.cancel()
            for gate in gates.values():
                if gate.reached.is_set():
                    gate.opened.set()
            try:
                got.append((await step).uuid)
            except (asyncio.CancelledError, grinfi.ServerError):
                errors += 1
            except StopAsyncIteration:
                assert errors == 3
                return got

    server.respond = Paged(troubles={3: MockResponse(503, b"")}, gates=gates)
    assert asyncio.run(asyncio.wait_for(read(), 60)) == [f"l-{n}" for n in range(10)]


def test_keeps_page_received_during_cancellation(server: Server, key: str) -> None:
    async def read(moment: int) -> list[str]:
        client = grinfi.AsyncGrinfi(key, base_url=server.base_url, max_retries=0)
        rows = aiter(client.lists.list(page_size=2))
        got: list[str] = []
        while True:
            step = asyncio.ensure_future(anext(rows))
            # Before, after or while the page arrives.
            for _ in range(moment):
                await asyncio.sleep(0)
            step.cancel()
            try:
                got.append((await step).uuid)
            except asyncio.CancelledError:
                # Canceled requests are repeated, so one step needs enough time for a request.
                try:
                    got.append((await anext(rows)).uuid)
                except StopAsyncIteration:
                    return got
            except StopAsyncIteration:
                return got

    for moment in (0, 1, 2, 5, 20, 100, 500):
        server.respond = Paged()
        assert asyncio.run(asyncio.wait_for(read(moment), 60)) == [f"l-{n}" for n in range(10)], moment


def test_second_thread_on_iterator_raises(server: Server, key: str) -> None:
    for whole in (False, True):
        gate = Gate()
        server.respond = Paged(gates={1: gate})
        listing = grinfi_at(server, key).lists.list(page_size=4)
        rows: Any = listing.pages() if whole else iter(listing)
        outcome: list[Any] = []
        first = threading.Thread(target=lambda: outcome.append(next(rows)))
        first.start()
        assert gate.reached.wait(60)
        with pytest.raises(grinfi.ListingError, match="another thread"):
            next(rows)
        gate.opened.set()
        first.join(60)
        assert len(outcome) == 1
        rest = list(rows)
        assert len(rest) == (2 if whole else 9)


def test_second_task_on_iterator_raises(server: Server, key: str) -> None:
    async def read() -> None:
        gate = Gate()
        server.respond = Paged(gates={1: gate})
        client = grinfi.AsyncGrinfi(key, base_url=server.base_url, max_retries=0)
        rows = aiter(client.lists.list(page_size=4))
        first = asyncio.ensure_future(anext(rows))
        while not gate.reached.is_set():
            await asyncio.sleep(0.001)
        with pytest.raises(grinfi.ListingError, match="another thread or task"):
            await anext(rows)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        gate.opened.set()
        assert [row.uuid async for row in rows] == [f"l-{n}" for n in range(10)]

    asyncio.run(read())


def test_closed_iterator_ends(client: grinfi.Grinfi) -> None:
    rows = iter(client.contacts.search(page_size=10))
    next(rows)
    rows.close()
    assert list(rows) == []


def test_complete_listing_resumes_from_cursor(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    everything = [contact.uuid for contact in client.contacts.search(page_size=40).complete()]
    for stop in (0, 1, 39, 40, 41, 100, len(everything)):
        rows = iter(client.contacts.search(page_size=40).complete())
        got = [next(rows).uuid for _ in range(stop)]
        assert isinstance(rows.cursor, str)
        rest = client.contacts.search(page_size=40).complete(since=rows.cursor)
        assert got + [contact.uuid for contact in rest] == everything, stop
    rows = iter(client.contacts.search().complete())
    for _ in rows:
        pass
    assert client.contacts.search().complete(since=rows.cursor).to_list() == []
    made = client.contacts.upsert(client.lists.create("Autumn").uuid, linkedin_id="jane-roe-example", first_name="Jane")
    assert [contact.uuid for contact in client.contacts.search().complete(since=rows.cursor)] == [made.uuid]
    pages = client.contacts.search(page_size=40).complete().pages()
    first = next(pages)
    assert len(first) + len(client.contacts.search().complete(since=pages.cursor).to_list()) == len(everything) + 1
    assert iter(client.contacts.search()).cursor is None

    async def read() -> list[str]:
        async with sandbox.async_client() as other:
            some = aiter(other.contacts.search(page_size=40).complete())
            taken = [(await anext(some)).uuid for _ in range(50)]
            rest = other.contacts.search(page_size=40).complete(since=some.cursor)
            return taken + [contact.uuid async for contact in rest]

    assert asyncio.run(read()) == [*everything, made.uuid]
    for wrong, says in [
        (lambda: client.contacts.search(name="x").complete(since=rows.cursor).first(), "another filter"),
        (lambda: client.tasks.list().complete(since=rows.cursor).to_list(), "not in `listTasks`"),
        (lambda: client.contacts.search().complete(since="abc").to_list(), "not the text of a cursor"),
        (lambda: client.contacts.search().complete(since=3), "since"),  # type: ignore[arg-type]
        (lambda: client.tags.list().complete(since="abc"), "since"),
    ]:
        with pytest.raises(grinfi.InvalidInputError, match=says) as caught:
            wrong()
        assert caught.value.field == "since"


def test_complete_listing_accepts_time_conditions(client: grinfi.Grinfi) -> None:
    rows = client.contacts.search().complete().to_list()
    middle = rows[100].created_at
    assert middle is not None
    later = [row.uuid for row in rows if row.created_at is not None and row.created_at >= middle]
    assert [row.uuid for row in client.contacts.search(F.created_at >= middle, page_size=20).complete()] == later
    before = client.contacts.search(F.created_at < middle, page_size=20).complete()
    assert len(before.to_list()) + len(later) == len(rows)


def test_listing_continues_past_the_result_window(server: Server, key: str) -> None:
    def response(seen: ReceivedRequest) -> MockResponse:
        body = seen.json()
        condition = body.get("filter", {}).get("created_at", {})
        found = [] if condition == "is_null" else list(range(12_345))
        if isinstance(condition, dict) and "<=" in condition:
            found = [n for n in found if moment(n) <= condition["<="]]
        found.reverse()
        assert body["offset"] + body["limit"] <= 10_000
        part = found[body["offset"] : body["offset"] + body["limit"]]
        data = [{"lead": {"uuid": f"c-{n}", "created_at": moment(n)}} for n in part]
        return MockResponse(200, {"data": data, "total": min(len(found), 10_000)})

    def moment(n: int) -> str:
        minute, second = divmod(n // 2, 60)
        return f"2026-02-{3 + minute // 1440:02}T{minute // 60 % 24:02}:{minute % 60:02}:{second:02}.000000Z"

    server.respond = response
    client = grinfi_at(server, key)
    uuids = [contact.uuid for contact in client.contacts.search(page_size=1000)]
    assert uuids == [f"c-{n}" for n in reversed(range(12_345))]
    rows = iter(client.contacts.search(page_size=1000, order_by="name"))
    with pytest.raises(grinfi.ListingError, match=r"complete\(\)"):
        for _ in rows:
            pass
    assert next(rows, None) is None


WRAPPED = [
    '{<"lead":{"uuid":"u","name":"N"}>}',
    '{<"lead":{"uuid":"u","name":"N"}|"markers":[1]>}',
    '{<"markers":[1]|"lead":{"uuid":"u","name":"N"}|"flows":[2]>}',
    '{<"data":{"uuid":"u","name":"N"}>}',
    '{<"data":{<"lead":{"uuid":"u","name":"N"}|"markers":[1]>}|"flows":[2]>}',
]


@pytest.mark.parametrize("shape", WRAPPED)
def test_recognizes_wrappers_by_key(server: Server, key: str, shape: str) -> None:
    client = grinfi_at(server, key)
    for before in ("", '"status":200,', '"success":true,"meta":{},', '"uuid":"outer","name":"Other",', '"data_version":null,'):
        for between, after in ((",", ""), (',"between":{"uuid":7},', ',"after":[]')):
            text = shape.replace("<", before).replace("|", between).replace(">", after)
            body = f'{{"data": [{text}, {text}], "total": 2}}'.encode()
            server.replies = [MockResponse(200, body)]
            rows = client.contacts.search().to_list()
            rows += [grinfi.Contact(json.loads(text)), grinfi.Contact.from_json(text)]
            server.replies = [MockResponse(200, text.encode())]
            rows.append(client.contacts.get("u"))
            for row in rows:
                assert (row.uuid, row.name) == ("u", "N"), text
                assert ("markers" in row) == ("markers" in shape) and ("flows" in row) == ("flows" in shape)
    for text in ('{"uuid":"u","name":"N","data":{"plan":"free"}}', '{"data":[],"uuid":"u","name":"N"}', '{"uuid":"u","data":null,"name":"N"}'):
        server.replies = [MockResponse(200, f"[{text}]".encode())]
        row = client.contacts.search().to_list()[0]
        assert (row.uuid, row.name, grinfi.Contact.from_json(text).uuid) == ("u", "N", "u")


def test_prefetches_pages(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    plain = [contact.uuid for contact in client.contacts.search(page_size=20)]
    sandbox.clear_requests()
    ahead = client.contacts.search(page_size=20).prefetch(2)
    rows = iter(ahead)
    first = next(rows).uuid
    # The next pages arrive while the first row is processed.
    deadline = time.monotonic() + 60
    while len(sandbox.requests) < 3:
        assert time.monotonic() < deadline, "nothing was fetched ahead"
    assert [first, *(contact.uuid for contact in rows)] == plain
    sandbox.clear_requests()
    assert ahead.first() is not None and len(sandbox.requests) == 1
    assert len(ahead.complete().to_list()) == len(plain)
    for wrong in (-1, 1.5, True, "2"):
        with pytest.raises(grinfi.InvalidInputError) as caught:
            ahead.prefetch(wrong)  # type: ignore[arg-type]
        assert caught.value.field == "pages"
