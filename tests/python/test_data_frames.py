"""Arguments from pandas, numpy and Python collections."""

import array
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

import grinfi
from mock_server import MockResponse, Server

IDS = ["02dcb6ac-9b15-49f6-8882-fbca91e986ab", "e0280f7c-c2e9-4aec-a6bc-bc17ef028740"]
NAN = float("nan")


def numpy_array(values: list[Any]) -> Any:
    return pytest.importorskip("numpy").array(values)


def pandas_series(values: list[Any]) -> Any:
    return pytest.importorskip("pandas").Series(values, index=range(7, 7 + len(values)))


def polars_series(values: list[Any]) -> Any:
    return pytest.importorskip("polars").Series(values)


LISTS: list[Callable[[list[Any]], Any]] = [
    list,
    tuple,
    lambda values: dict.fromkeys(values),
    lambda values: dict.fromkeys(values).keys(),
    lambda values: dict(enumerate(values)).values(),
    lambda values: (value for value in values),
    lambda values: iter(values),
    lambda values: map(str, values),
    lambda values: [uuid.UUID(value) for value in values],
    lambda values: map(uuid.UUID, values),
    numpy_array,
    pandas_series,
    polars_series,
]


@pytest.fixture
def client(server: Server, key: str) -> grinfi.Grinfi:
    server.replies = [MockResponse(200, {"uuid": "x", "total": {}, "count": 2})]
    return grinfi.Grinfi(key, base_url=server.base_url)


@pytest.mark.parametrize("made", LISTS)
def test_accepts_iterables_of_ids(
    client: grinfi.Grinfi, server: Server, made: Callable[[list[Any]], Any]
) -> None:
    if isinstance(made(IDS), dict):
        with pytest.raises(grinfi.InvalidInputError, match="`uuids` must be a list, got dict"):
            client.contacts.enrich(made(IDS))
        return
    client.contacts.enrich(made(IDS))
    client.contacts.bulk(made(IDS)).mark_read()
    client.tasks.cancel_many(made(IDS))
    client.automations.cancel_contact(IDS[0], automation_uuids=made(IDS))
    bodies = [seen.json() for seen in server.requests]
    assert [bodies[0]["uuids"], bodies[1]["filter"]["ids"], bodies[2]["uuids"], bodies[3]["flow_uuids"]] == [IDS] * 4


def test_accepts_sets_of_ids(client: grinfi.Grinfi, server: Server) -> None:
    for ids in (set(IDS), frozenset(IDS)):
        client.contacts.enrich(ids)
        assert sorted(server.requests[-1].json()["uuids"]) == sorted(IDS)


def test_rejects_list_for_single_id(client: grinfi.Grinfi, server: Server) -> None:
    numpy = pytest.importorskip("numpy")
    for one in (IDS[0], uuid.UUID(IDS[0]), numpy.str_(IDS[0])):
        client.contacts.delete(one)
        assert server.requests[-1].path.endswith(IDS[0])
    server.requests.clear()
    for several in (IDS, tuple(IDS), set(IDS), iter(IDS), numpy_array(IDS), pandas_series(IDS)):
        for call in (
            lambda: client.contacts.delete(several),  # type: ignore[arg-type]
            lambda: client.contacts.move_to_list(IDS[0], several),  # type: ignore[arg-type]
            lambda: client.notes.create(object="lead", object_uuid=several, note="x"),  # type: ignore[call-arg,arg-type]
        ):
            try:
                call()
            except grinfi.InvalidInputError as error:
                assert "must be one id, got a " in str(error) and "once for each id" in str(error)
            except TypeError:
                continue
            else:
                raise AssertionError("a list passed for one id")
    assert server.requests == []


def test_rejects_tables_as_lists(client: grinfi.Grinfi, server: Server) -> None:
    for package in ("pandas", "polars"):
        frame = pytest.importorskip(package).DataFrame({"uuid": IDS})
        with pytest.raises(grinfi.InvalidInputError, match="`uuids` must be a list, got DataFrame"):
            client.contacts.enrich(frame)
    with pytest.raises(grinfi.InvalidInputError, match="`contacts` must be a list of dicts, got DataFrame"):
        client.contacts.create_many("l", frame)
    assert server.requests == []


def test_accepts_numpy_scalars(client: grinfi.Grinfi, server: Server) -> None:
    numpy = pytest.importorskip("numpy")
    client.automations.create(
        numpy.str_("Welcome"),
        use_sender_schedule=numpy.bool_(True),
        schedule={"timezone": "UTC", "timeblocks": []},
        priority=numpy.int64(3),
    )
    sent = server.requests[-1].json()
    assert (sent["name"], sent["use_sender_schedule"], sent["priority"]) == ("Welcome", True, 3)
    server.replies = [MockResponse(200, {})]
    client.automations.node_statistics("a", node_ids=numpy.arange(3))
    assert server.requests[-1].json()["node_ids"] == [0, 1, 2]
    client.request("POST", "/x", json={"a": numpy.float32(0.5), "b": numpy.arange(2), "c": {1: 2}.values()})
    assert server.requests[-1].json() == {"a": 0.5, "b": [0, 1], "c": [2]}
    client.request("GET", "/x", query={"a": numpy.arange(2), "b": {"x"}, "c": numpy.int8(1)})
    assert server.requests[-1].query == [("a", "0"), ("a", "1"), ("b", "x"), ("c", "1")]


def missing() -> list[Any]:
    """Missing values of tables."""
    values: list[Any] = [NAN]
    numpy, pandas = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    return [*values, numpy.float32("nan"), numpy.datetime64("NaT", "us"), pandas.NaT, pandas.NA]


def test_omits_missing_values_of_tables(client: grinfi.Grinfi, server: Server) -> None:
    for absent in missing():
        client.automations.update("a", name="Welcome", description=absent)
        assert server.requests[-1].json() == {"name": "Welcome"}
        server.requests.clear()
        with pytest.raises(grinfi.InvalidInputError, match="changes"):
            client.automations.update("a", name=absent)
        with pytest.raises(grinfi.InvalidInputError, match="changes"):
            client.contacts.update("c", position=absent, list_uuid=absent, custom_fields=absent)
        with pytest.raises(grinfi.InvalidInputError, match="`name` must be given, got "):
            client.lists.create(absent)
        for needed in (lambda: client.lists.get(absent), lambda: client.lists.delete(absent)):
            with pytest.raises(grinfi.InvalidInputError, match="`uuid` must be given, got "):
                needed()
        assert server.requests == []
        client.contacts.enrich([IDS[0], absent])
        assert server.requests[-1].json() == {"uuids": IDS[:1]}
        server.requests.clear()
        with pytest.raises(grinfi.InvalidInputError, match="`uuids` must not be empty"):
            client.contacts.enrich([absent])
        # JSON of requests to arbitrary endpoints is sent unchanged or refused.
        with pytest.raises(grinfi.InvalidInputError, match=r"^`json\.a` must be"):
            client.request("POST", "/x", json={"a": absent})
        assert server.requests == []


def test_creates_contacts_from_data_frame(client: grinfi.Grinfi, server: Server) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"linkedin_id": ["jane-roe-example", "john-doe-example"], "first_name": ["Jane", None], "last_name": [NAN, "Doe"]})
    server.replies = [MockResponse(200, [{"uuid": "a"}, {"uuid": "b"}])]
    client.contacts.create_many(IDS[0], frame.astype(object).where(frame.notna(), NAN).to_dict("records"))
    assert server.requests[-1].json()["leads"] == [
        {"linkedin_id": "jane-roe-example", "first_name": "Jane"},
        {"linkedin_id": "john-doe-example", "last_name": "Doe"},
    ]


def test_rejects_lookalikes_of_lists_and_numbers(client: grinfi.Grinfi, server: Server) -> None:
    for wrong in ("abc", b"abc", {"a": 1}, 5, None, object()):
        with pytest.raises(grinfi.InvalidInputError, match="^`uuids` "):
            client.tasks.cancel_many(wrong)  # type: ignore[arg-type]
    for wrong in (Decimal("1.5"), "3", True, NAN):
        with pytest.raises(grinfi.InvalidInputError, match=r"^`node_ids\[?"):
            client.automations.node_statistics("a", node_ids=[wrong])  # type: ignore[list-item]
    with open(__file__) as file, pytest.raises(grinfi.InvalidInputError, match="^`json.a` must be a value that JSON can represent"):
        client.request("POST", "/x", json={"a": file})
    client.request("POST", "/x", json=array.array("i", [1, 2]))
    assert server.requests[-1].json() == [1, 2]
