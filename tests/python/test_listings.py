"""Listings: lazy, complete, restartable."""

import time

import pytest

import grinfi
from grinfi import F
from misbehaving import Answer, Seen, Server


def test_a_search_goes_over_all_pages(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    search = client.contacts.search(F.company_name == "ExampleCorp", order_by="-created_at", limit=3)
    assert sandbox.requests == [], "nothing is sent before it is read"
    uuids = [contact.uuid for contact in search]
    assert len(uuids) == len(set(uuids)) == search.count() > 3
    assert [contact.uuid for contact in search] == uuids, "a new iteration starts afresh"
    assert [contact.uuid for contact in search.to_list()] == uuids
    newest = search.first()
    assert newest is not None and newest.uuid == uuids[0]
    times = [contact.created_at for contact in search]
    assert times == sorted(times, key=lambda time: time or 0, reverse=True)


def test_pages_say_what_the_api_says(client: grinfi.Grinfi) -> None:
    pages = list(client.contacts.search(limit=100).pages())
    assert [len(page) for page in pages] == [100, 100, 50]
    assert [(page.total, page.offset, page.limit) for page in pages] == [(250, 0, 100), (250, 100, 100), (250, 200, 100)]
    assert pages[0].has_more is None and pages[0][0] == pages[0].data[0] == next(iter(pages[0]))
    [page] = client.automations.list().pages()
    assert page.has_more is False


def test_max_items_and_offset(client: grinfi.Grinfi) -> None:
    everything = client.contacts.search(limit=50).to_list()
    some = client.contacts.search(limit=4, offset=5, max_items=10)
    assert some.to_list() == everything[5:15]
    assert some.to_list(max_items=3) == everything[5:8]
    assert some.count() == 250
    assert client.contacts.search(max_items=0).to_list() == []
    assert client.contacts.search(max_items=0).first() is None
    assert client.contacts.search(list_uuid="none").first() is None


def test_a_listing_has_no_length(client: grinfi.Grinfi) -> None:
    with pytest.raises(TypeError):
        len(client.contacts.search())  # type: ignore[arg-type]


def test_a_listing_that_comes_at_once_is_a_listing(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    tags = client.tags.list()
    assert sandbox.requests == [], "nothing is sent before it is read"
    assert isinstance(tags, grinfi.Listing) and repr(tags) == "<WholeListing listTags>"
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


def test_a_listing_that_is_said_to_come_at_once_and_does_not(server: Server, key: str) -> None:
    def answer(seen: Seen) -> Answer:
        offset = int(dict(seen.query).get("offset", 0))
        rows = [{"uuid": f"t-{number}"} for number in range(offset, min(offset + 2, 5))]
        return Answer(200, {"data": rows, "total": 5})

    server.answer = answer
    client = grinfi.Grinfi(key, base_url=server.base_url)
    assert [tag.uuid for tag in client.tags.list()] == [f"t-{number}" for number in range(5)]
    assert server.requests[0].query == []
    server.answer = None
    server.replies = [Answer(200, {"data": [{"uuid": "t"}], "total": 2}), Answer(200, {"data": [], "total": 2})]
    with pytest.raises(grinfi.ListingError):
        client.tags.list().to_list()
    server.replies = [Answer(200, {"message": "back soon"})]
    with pytest.raises(grinfi.DecodeError):
        client.tags.list().to_list()


@pytest.mark.parametrize("arguments", [{"limit": 0}, {"limit": -1}, {"limit": 1001}, {"limit": True}, {"limit": "5"}])
def test_a_page_size_that_is_none(sandbox: grinfi.Sandbox, client: grinfi.Grinfi, arguments: dict[str, int]) -> None:
    with pytest.raises(grinfi.InvalidInputError, match="limit") as caught:
        client.contacts.search(**arguments)  # type: ignore[arg-type]
    assert caught.value.field == "limit" and isinstance(caught.value, ValueError)
    assert sandbox.requests == []


@pytest.mark.parametrize(
    ("arguments", "field"),
    [({"offset": -1}, "offset"), ({"offset": 2**40}, "offset"), ({"max_items": -1}, "max_items")]
    + [({"order_by": column}, "order_by") for column in ("", "-", "created-at", "a b", "ä", 3)],
)
def test_other_arguments_that_are_none(client: grinfi.Grinfi, arguments: dict[str, int], field: str) -> None:
    with pytest.raises(grinfi.InvalidInputError) as caught:
        client.contacts.search(**arguments)  # type: ignore[arg-type]
    assert caught.value.field == field


def test_a_server_that_grants_fewer_rows_is_read_to_the_end(server: Server, key: str) -> None:
    def answer(seen: Seen) -> Answer:
        offset = int(dict(seen.query)["offset"])
        rows = [{"uuid": f"u-{n}"} for n in range(offset, min(offset + 2, 5))]
        return Answer(200, {"data": rows, "total": 5})

    server.answer = answer
    client = grinfi.Grinfi(key, base_url=server.base_url)
    assert [found.uuid for found in client.lists.list(limit=50)] == [f"u-{n}" for n in range(5)]


def test_rows_of_a_page_that_do_not_fit(server: Server, key: str) -> None:
    client = grinfi.Grinfi(key, base_url=server.base_url)
    server.replies = [Answer(200, {"data": [{"uuid": "u", "created_at": "soon"}, {"name": "x"}, {"other": 1}]})]
    first, second, third = client.lists.list(max_items=3).to_list()
    assert first.uuid == "u" and second.name == "x"
    for look, where in [
        (lambda: first.created_at, "List.created_at: the text is not a time"),
        (lambda: second.uuid, "List.uuid: the record came without it"),
        (lambda: third.name, "List: the object has none of its fields"),
    ]:
        with pytest.raises(grinfi.DecodeError) as caught:
            look()
        assert str(caught.value) == where
    server.replies = [Answer(200, {"data": ["x"]})]
    with pytest.raises(grinfi.DecodeError, match="a row is no object"):
        client.lists.list().to_list()


def test_two_threads_cannot_wait_for_the_same_page(client: grinfi.Grinfi) -> None:
    pages = client.contacts.search(limit=100).pages()
    assert next(pages).offset == 0
    assert [page.offset for page in pages] == [100, 200]


def test_pages_are_fetched_ahead(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    plain = [contact.uuid for contact in client.contacts.search(limit=20)]
    sandbox.clear_requests()
    ahead = client.contacts.search(limit=20).prefetch(2)
    rows = iter(ahead)
    first = next(rows).uuid
    # The work on the first row goes on, and meanwhile the next pages come.
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
        assert caught.value.field == "prefetch"
