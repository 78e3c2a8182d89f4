"""Tables: conversion of listings and records, with and without Arrow packages."""

import asyncio
import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

import grinfi
from conftest import KEY
from mock_server import MockResponse, Server

ROWS: list[dict[str, Any]] = [
    {
        "uuid": "c-1",
        "name": "Zoë \"Z\" Roe",
        "team_id": 134,
        "has_premium": 1,
        "status": "brand new",
        "skills": ["a", None, "ü"],
        "experience": [{"title": "Chair"}],
        "custom_fields": [],
        "created_at": "2026-02-03T15:55:04.123456Z",
        "unheard_of": 1,
    },
    # With inconsistent types.
    {"uuid": "c-2", "name": 5, "team_id": "7", "has_premium": "0", "created_at": "2026-02-03 16:55:04+01:00"},
    {"uuid": "c-3", "name": None, "created_at": "0001-01-01T00:00:00Z", "custom_fields": {"persona": ["x", 1.5]}},
    {"lead": {"uuid": "c-4", "name": "wrapped"}, "custom_fields": {"a": "b"}},
    {"uuid": "c-5", "created_at": "9999-12-31T23:59:59.999999Z"},
]
EXPECTED: dict[str, list[Any]] = {
    "uuid": ["c-1", "c-2", "c-3", "c-4", "c-5"],
    "name": ['Zoë "Z" Roe', "5", None, "wrapped", None],
    "team_id": [134, 7, None, None, None],
    "status": ["brand new", None, None, None, None],
    "skills": ['["a", null, "ü"]', None, None, None, None],
    "experience": ['[{"title": "Chair"}]', None, None, None, None],
    "custom_fields": ["{}", None, '{"persona": ["x", 1.5]}', '{"a": "b"}', None],
    "created_at": [
        datetime(2026, 2, 3, 15, 55, 4, 123456, tzinfo=timezone.utc),
        datetime(2026, 2, 3, 15, 55, 4, tzinfo=timezone.utc),
        datetime(1, 1, 1, tzinfo=timezone.utc),
        None,
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=timezone.utc),
    ],
}


@pytest.fixture
def search(server: Server, key: str) -> grinfi.Listing[grinfi.Contact]:
    """A search that returns `ROWS` in pages of two."""

    def response(seen: Any) -> MockResponse:
        offset = seen.json()["offset"]
        body = json.dumps({"data": ROWS[offset : offset + 2], "total": len(ROWS)}, ensure_ascii=False)
        return MockResponse(200, body.encode())

    server.respond = response
    return grinfi.Grinfi(key, base_url=server.base_url).contacts.search(page_size=2)


def test_pyarrow_reads_tables(search: grinfi.Listing[grinfi.Contact]) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    table = search.to_arrow()
    assert (table.num_rows, len(table), table.num_columns) == (5, 5, len(table.column_names))
    assert repr(table) == f"<ArrowTable 5 rows, {table.num_columns} columns>"
    taken = pyarrow.table(table)
    taken.validate(full=True)
    assert taken.column_names == table.column_names and "unheard_of" not in taken.column_names
    for name, values in EXPECTED.items():
        assert taken[name].to_pylist() == values, name
    assert taken["has_premium"].to_pylist() in ([1, 0, None, None, None], [True, False, None, None, None])
    types = {name: str(taken.schema.field(name).type) for name in ("name", "team_id", "status", "skills", "created_at")}
    assert types == {
        "name": "string",
        "team_id": "int64",
        "status": "string",
        "skills": "string",
        "created_at": "timestamp[us, tz=UTC]",
    }
    assert pyarrow.schema(table) == taken.schema
    assert pyarrow.table(table) == taken, "it can be taken more than once"
    assert pyarrow.table(search.to_arrow(max_items=3)) == taken.slice(0, 3)


def test_polars_reads_tables(search: grinfi.Listing[grinfi.Contact]) -> None:
    polars = pytest.importorskip("polars")
    for frame in (polars.DataFrame(search.to_arrow()), search.to_polars()):
        assert frame["created_at"].dtype == polars.Datetime("us", "UTC") and frame.height == 5
        for name, values in EXPECTED.items():
            assert frame[name].to_list() == values, name


def test_pandas_reads_tables(search: grinfi.Listing[grinfi.Contact]) -> None:
    pandas = pytest.importorskip("pandas")
    frame = search.to_pandas()
    assert str(frame["created_at"].dtype) == "datetime64[us, UTC]" and str(frame["team_id"].dtype) == "Int64"
    for name, values in EXPECTED.items():
        assert [None if pandas.isna(value) else value for value in frame[name]] == values, name
    if hasattr(pandas.DataFrame, "from_arrow"):
        pytest.importorskip("pyarrow")
        assert list(pandas.DataFrame.from_arrow(search.to_arrow())["uuid"]) == EXPECTED["uuid"]


def test_table_without_rows_has_columns(client: grinfi.Grinfi) -> None:
    no_one = client.contacts.search(company_name="Unknown").to_arrow()
    assert no_one.num_rows == 0 and "work_email" in no_one.column_names
    pyarrow = pytest.importorskip("pyarrow")
    assert pyarrow.table(no_one).num_rows == 0 and pyarrow.table(no_one).column_names == no_one.column_names


def test_converts_all_listings_of_the_sandbox(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    for listing in (client.contacts.search(), client.companies.search(), client.automations.list(), client.tags.list()):
        rows = listing.to_list()
        taken = pyarrow.table(listing.to_arrow())
        assert taken.num_rows == len(rows) > 0
        times = [row.created_at for row in rows]
        assert taken["created_at"].to_pylist() == times
        assert taken["uuid"].to_pylist() == [row.uuid for row in rows]

    async def main() -> None:
        async with grinfi.AsyncGrinfi(sandbox.key, base_url=sandbox.base_url) as client:
            table = await client.contacts.search(order_by="name").to_arrow(max_items=7)
            assert pyarrow.table(table)["name"].to_pylist() == [
                contact.name async for contact in client.contacts.search(order_by="name", max_items=7)
            ]

    asyncio.run(main())


def rows_of(table: Any) -> dict[str, list[Any]]:
    return {name: values for name, _, values in table._table.columns()}


def test_converts_enrollments_and_the_enrichment_queue(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    contacts = client.contacts.search(max_items=3).to_list()
    client.contacts.enrich([contact.uuid for contact in contacts])
    automation = client.automations.create("Welcome", use_sender_schedule=True, schedule={"timezone": "UTC", "timeblocks": []})
    client.automations.add_contact(automation.uuid, contact_uuid=contacts[0].uuid)

    enrolled = client.automations.enrollments(flow_uuid=automation.uuid)
    (row,) = enrolled.to_list()
    assert (row.flow_uuid, row.lead_uuid, row.status) == (automation.uuid, contacts[0].uuid, "in_progress")
    assert row.created_at is not None and row.fields == row.to_dict()
    table = rows_of(enrolled.to_arrow())
    assert (table["flow_uuid"], table["lead_uuid"]) == ([automation.uuid], [contacts[0].uuid])
    assert json.loads(table["fields"][0]) == row.to_dict() and table["created_at"][0] > 0
    table_of_one = table["fields"]

    queue = client.enrichment.queue()
    assert {entry.object_uuid for entry in queue} == {contact.uuid for contact in contacts}
    table = rows_of(queue.to_arrow())
    assert set(table["object_type"]) == {"lead"} and len(table["uuid"]) == 3
    assert [json.loads(fields) for fields in table["fields"]] == [entry.to_dict() for entry in queue]
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    assert list(queue.to_pandas()["status"]) == [entry.status for entry in queue]
    assert isinstance(enrolled.to_polars(), polars.DataFrame) and isinstance(enrolled.to_pandas(), pandas.DataFrame)

    async def main() -> None:
        async with sandbox.async_client() as client:
            assert rows_of(await client.automations.enrollments(flow_uuid=automation.uuid).to_arrow())["fields"] == table_of_one
            assert (await client.enrichment.queue().to_polars()).height == 3

    asyncio.run(main())


def test_keeps_records_without_documented_fields(server: Server, key: str) -> None:
    odd = [{"id": 7, "leadUuid": "c-1"}, {}, {"status": "done", "uuid": "e-1", "fields": 1}]
    server.replies = [MockResponse(200, {"data": odd, "total": 3, "has_more": False})]
    client = grinfi.Grinfi(key, base_url=server.base_url)
    rows = client.automations.enrollments().to_list()
    assert [row.fields for row in rows] == odd and [row.status for row in rows] == [None, None, "done"]
    assert rows[0]["leadUuid"] == "c-1"
    table = rows_of(client.automations.enrollments().to_arrow())
    assert [json.loads(fields) for fields in table["fields"]] == odd and table["uuid"] == [None, None, "e-1"]
    made = type(rows[0])({"status": "done", "other": 1})
    assert made.fields == {"status": "done", "other": 1}


def every_listing(client: Any) -> dict[str, Any]:
    """Methods without required arguments that return a listing."""
    found = {}
    for resource in (name for name in dir(type(client)) if not name.startswith("_")):
        part = getattr(client, resource)
        if not hasattr(part, "_client"):
            continue
        for method_name in (name for name in dir(part) if not name.startswith("_")):
            returned = str(getattr(part, method_name).__annotations__.get("return", ""))
            if "Listing[" in returned:
                given = {"pipeline_stages.list": ("lead",), "automation_versions.list": ("a",)}.get(f"{resource}.{method_name}", ())
                found[f"{resource}.{method_name}"] = getattr(part, method_name)(*given)
    return found


def test_converts_all_listings(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, {"data": [], "total": 0, "has_more": False})]
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    listings = every_listing(grinfi.Grinfi(key, base_url=server.base_url))
    assert len(listings) >= 30 and "automations.enrollments" in listings and "tags.list" in listings
    for name, listing in listings.items():
        table = listing.to_arrow()
        assert table.num_columns > 0 and table.num_rows == 0, name
        assert list(listing.to_pandas().columns) == listing.to_polars().columns == table.column_names, name
        assert isinstance(listing.to_pandas(), pandas.DataFrame) and isinstance(listing.to_polars(), polars.DataFrame)

    async def main() -> None:
        for name, listing in every_listing(grinfi.AsyncGrinfi(key, base_url=server.base_url)).items():
            assert (await listing.to_arrow()).column_names == (await listing.to_polars()).columns, name
            assert len(await listing.to_pandas()) == 0

    asyncio.run(main())


CUSTOM: list[Any] = [
    {"lead": {"uuid": "c-1"}, "custom_fields": {"persona": "founder", "size": 7, "tags": ["a", 1], "status": None}},
    {"lead": {"uuid": "c-2"}, "custom_fields": {"persona": "Zo\u00eb \"Z\"", "deleted": "x"}},
    {"lead": {"uuid": "c-3"}, "custom_fields": []},
    {"uuid": "c-4", "custom_fields": None},
    {"uuid": "c-5"},
]


@pytest.fixture
def custom(server: Server, key: str) -> grinfi.Grinfi:
    """A client whose contacts are `CUSTOM`, with the fields persona, size, tags and status."""
    names = [("persona", "lead"), ("size", "lead"), ("tags", "lead"), ("status", "lead"), ("region", "company")]

    def response(seen: Any) -> MockResponse:
        if seen.path.endswith("/custom-fields"):
            fields = [{"uuid": f"f-{name}", "name": name, "object": kind} for name, kind in names]
            return MockResponse(200, {"data": fields if dict(seen.query)["offset"] == "0" else []})
        companies = [{"company": {"uuid": "o-1"}, "custom_fields": {"region": "north"}}]
        rows = companies if "companies" in seen.path else CUSTOM
        return MockResponse(200, {"data": rows, "total": len(rows), "has_more": False})

    server.respond = response
    return grinfi.Grinfi(key, base_url=server.base_url)


def test_adds_columns_for_custom_fields(custom: grinfi.Grinfi, server: Server) -> None:
    table = rows_of(custom.contacts.search().to_arrow(custom_fields=True))
    added = {name: values for name, values in table.items() if "__" in name}
    assert added == {
        "custom_fields__persona": ["founder", 'Zo\u00eb "Z"', None, None, None],
        "custom_fields__size": ["7", None, None, None, None],
        "custom_fields__tags": ['["a", 1]', None, None, None, None],
        "custom_fields__status": [None] * 5,
    }
    assert table["status"] == [None] * 5, "the attribute of that name is another column"
    assert json.loads(table["custom_fields"][1])["deleted"] == "x"
    some = custom.contacts.search().to_arrow(custom_fields=("size", "persona"), max_items=2)
    assert some.column_names[-2:] == ["custom_fields__size", "custom_fields__persona"] and some.num_rows == 2
    assert not any("__" in name for name in custom.contacts.search().to_arrow().column_names)
    companies = rows_of(custom.companies.search().to_arrow(custom_fields=["region"]))
    assert companies["custom_fields__region"] == ["north"]
    polars, pandas = pytest.importorskip("polars"), pytest.importorskip("pandas")
    frame = custom.contacts.search().to_polars(custom_fields=["persona"])
    assert frame["custom_fields__persona"].to_list()[0] == "founder" and isinstance(frame, polars.DataFrame)
    framed = custom.contacts.search().to_pandas(custom_fields=["persona"])
    assert list(framed["custom_fields__persona"])[0] == "founder" and isinstance(framed, pandas.DataFrame)

    async def main() -> None:
        client = grinfi.AsyncGrinfi(KEY, base_url=server.base_url)
        assert rows_of(await client.contacts.search().to_arrow(custom_fields=True)) == table

    asyncio.run(main())


def test_rejects_invalid_custom_fields(custom: grinfi.Grinfi, server: Server) -> None:
    search = custom.contacts.search()
    wrong: list[tuple[Any, str]] = [
        ("persona", "`custom_fields` must be a list, got str"),
        ([], "`custom_fields` must not be empty"),
        ([5], "`custom_fields[0]` must be a string, got int"),
        (["size", "size"], "`custom_fields` must not contain a name twice"),
    ]
    for given, says in wrong:
        with pytest.raises(grinfi.InvalidInputError) as refused:
            search.to_arrow(custom_fields=given)
        assert says in str(refused.value)
    with pytest.raises(grinfi.InvalidInputError, match="a Tag has no custom fields"):
        custom.tags.list().to_arrow(custom_fields=True)
    assert server.requests == []
    with pytest.raises(grinfi.InvalidInputError, match='a Contact has no custom field "persna"; did you mean `persona`'):
        search.to_arrow(custom_fields=["persna"])
    with pytest.raises(grinfi.InvalidInputError, match='a Contact has no custom field "region"'):
        search.to_arrow(custom_fields=["region"])
    assert {seen.path.rsplit("/", 1)[1] for seen in server.requests} == {"custom-fields"}


def test_adds_columns_for_custom_fields_of_own_records() -> None:
    from grinfi._tables import Columns

    columns = Columns(grinfi.Contact, ["persona", "size"])
    columns.add(grinfi.Page([grinfi.Contact(row) for row in CUSTOM]))
    table = rows_of(columns.finish())
    assert table["custom_fields__persona"] == ["founder", 'Zo\u00eb "Z"', None, None, None]
    assert table["custom_fields__size"][:2] == ["7", None]


def test_splits_many_rows_into_batches(server: Server, key: str) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    rows = ",".join(f'{{"uuid":"l-{number}","name":"{"x" * (number % 7)}"}}' for number in range(1000))

    def response(seen: Any) -> MockResponse:
        offset = int(dict(seen.query)["offset"])
        return MockResponse(200, f'{{"data":[{rows.replace("l-", f"l-{offset}-")}],"total":70000}}'.encode())

    server.respond = response
    taken = pyarrow.table(grinfi.Grinfi(key, base_url=server.base_url).lists.list(page_size=1000).to_arrow())
    taken.validate(full=True)
    assert taken.num_rows == 70_000 and taken["uuid"].num_chunks == 2
    assert taken["uuid"][69_999].as_py() == "l-69000-999" and taken["name"][69_999].as_py() == "x" * (999 % 7)


@pytest.mark.parametrize(
    ("row", "says", "field"),
    [
        ({"uuid": "c", "created_at": "soon"}, "row 2, counted from 0: Contact.created_at: expected a time, got another string", "created_at"),
        ({"uuid": "c", "skills": "a"}, "Contact.skills: expected a list, got a string", "skills"),
        ({"uuid": "c", "custom_fields": "a"}, "Contact.custom_fields: expected an object, got a string", "custom_fields"),
        ({"uuid": "c", "team_id": 2**63}, "row 2, counted from 0: team_id: the value does not fit", "team_id"),
        ({"uuid": "c", "team_id": 1.5}, "Contact.team_id: expected a whole number, got a number", "team_id"),
        ({"name": "no_one"}, "row 2, counted from 0: Contact.uuid: the record does not contain it", "uuid"),
        ({"message": "back soon"}, "row 2, counted from 0: Contact: the object has none of the fields of this record", None),
    ],
)
def test_reports_row_and_column_of_unexpected_values(
    server: Server, key: str, row: dict[str, object], says: str, field: str | None
) -> None:
    server.replies = [MockResponse(200, {"data": [{"uuid": "a"}, {"uuid": "b"}, row], "total": 3})]
    search = grinfi.Grinfi(key, base_url=server.base_url).contacts.search()
    with pytest.raises(grinfi.DecodeError) as caught:
        search.to_arrow()
    assert says in str(caught.value) and caught.value.field == field and caught.value.__cause__ is not None


def test_reports_row_of_invalid_text(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, b'{"data": [{"uuid": "a", "name": "half \\ud800"}], "total": 1}')]
    with pytest.raises(grinfi.DecodeError, match="row 0, counted from 0: name: .*surrogates not allowed"):
        grinfi.Grinfi(key, base_url=server.base_url).contacts.search().to_arrow()


def test_converts_own_records() -> None:
    from grinfi._tables import Columns

    columns = Columns(grinfi.Contact)
    columns.add(grinfi.Page([grinfi.Contact(row) for row in ROWS]))
    names = {name: values for name, _, values in columns.finish()._table.columns()}
    for name in ("uuid", "name", "team_id", "status"):
        assert names[name] == EXPECTED[name], name
    assert names["experience"][0] == '[{"title":"Chair"}]' and names["custom_fields"][3] == '{"a":"b"}'
    epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
    assert names["created_at"] == [
        time and (time - epoch) // timedelta(microseconds=1) for time in EXPECTED["created_at"]
    ]
    with pytest.raises(TypeError):
        columns.add(grinfi.Page([5]))  # type: ignore[list-item]


def test_names_missing_table_packages(sandbox: grinfi.Sandbox) -> None:
    text = f"""
import sys
sys.modules.update(pyarrow=None, pandas=None, polars=None)
import grinfi
search = grinfi.Grinfi({sandbox.key!r}, base_url={sandbox.base_url!r}).contacts.search(max_items=1)
for kind in ("pandas", "polars"):
    try:
        getattr(search, "to_" + kind)()
    except ImportError as error:
        print(error)
print(search.to_arrow().num_rows)
"""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == [
        "this needs pandas: pip install grinfi[pandas]",
        "this needs polars: pip install grinfi[polars]",
        "1",
    ], done.stderr
    assert len(sandbox.requests) == 1, "missing packages are reported before anything is sent"
