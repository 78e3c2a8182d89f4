"""Rows as tables: made without a package of Arrow, taken by those that there are."""

import asyncio
import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

import grinfi
from misbehaving import Answer, Server

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
    # In the spellings that are forgiven.
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
    """A search that finds `ROWS`, in pages of two."""

    def answer(seen: Any) -> Answer:
        offset = seen.json()["offset"]
        body = json.dumps({"data": ROWS[offset : offset + 2], "total": len(ROWS)}, ensure_ascii=False)
        return Answer(200, body.encode())

    server.answer = answer
    return grinfi.Grinfi(key, base_url=server.base_url).contacts.search(limit=2)


def test_pyarrow_takes_it(search: grinfi.Listing[grinfi.Contact]) -> None:
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


def test_polars_takes_it(search: grinfi.Listing[grinfi.Contact]) -> None:
    polars = pytest.importorskip("polars")
    for frame in (polars.DataFrame(search.to_arrow()), search.to_polars()):
        assert frame["created_at"].dtype == polars.Datetime("us", "UTC") and frame.height == 5
        for name, values in EXPECTED.items():
            assert frame[name].to_list() == values, name


def test_pandas_takes_it(search: grinfi.Listing[grinfi.Contact]) -> None:
    pandas = pytest.importorskip("pandas")
    frame = search.to_pandas()
    assert str(frame["created_at"].dtype) == "datetime64[us, UTC]" and str(frame["team_id"].dtype) == "Int64"
    for name, values in EXPECTED.items():
        assert [None if pandas.isna(value) else value for value in frame[name]] == values, name
    if hasattr(pandas.DataFrame, "from_arrow"):
        pytest.importorskip("pyarrow")
        assert list(pandas.DataFrame.from_arrow(search.to_arrow())["uuid"]) == EXPECTED["uuid"]


def test_no_rows_make_a_table_with_columns(client: grinfi.Grinfi) -> None:
    nobody = client.contacts.search(company_name="Nobody").to_arrow()
    assert nobody.num_rows == 0 and "work_email" in nobody.column_names
    pyarrow = pytest.importorskip("pyarrow")
    assert pyarrow.table(nobody).num_rows == 0 and pyarrow.table(nobody).column_names == nobody.column_names


def test_every_listing_of_the_sandbox_becomes_a_table(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
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


def test_many_rows_come_in_several_batches(server: Server, key: str) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    rows = ",".join(f'{{"uuid":"l-{number}","name":"{"x" * (number % 7)}"}}' for number in range(1000))

    def answer(seen: Any) -> Answer:
        offset = int(dict(seen.query)["offset"])
        return Answer(200, f'{{"data":[{rows.replace("l-", f"l-{offset}-")}],"total":70000}}'.encode())

    server.answer = answer
    taken = pyarrow.table(grinfi.Grinfi(key, base_url=server.base_url).lists.list(limit=1000).to_arrow())
    taken.validate(full=True)
    assert taken.num_rows == 70_000 and taken["uuid"].num_chunks == 2
    assert taken["uuid"][69_999].as_py() == "l-69000-999" and taken["name"][69_999].as_py() == "x" * (999 % 7)


@pytest.mark.parametrize(
    ("row", "says", "field"),
    [
        ({"uuid": "c", "created_at": "soon"}, "row 2, counted from 0: Contact.created_at: `soon` is no time", "created_at"),
        ({"uuid": "c", "skills": "a"}, "Contact.skills: a text stands where a list is expected", "skills"),
        ({"uuid": "c", "custom_fields": "a"}, "Contact.custom_fields: a text stands where an object", "custom_fields"),
        ({"uuid": "c", "team_id": 2**63}, "row 2, counted from 0: team_id: the value does not fit", "team_id"),
        ({"uuid": "c", "team_id": 1.5}, "Contact.team_id: a number stands where a whole number", "team_id"),
        ({"name": "nobody"}, "row 2, counted from 0: Contact.uuid: the record came without it", "uuid"),
        ({"message": "back soon"}, "row 2, counted from 0: Contact: the object has none of its fields", None),
    ],
)
def test_a_value_that_no_column_can_hold_is_told_of(
    server: Server, key: str, row: dict[str, object], says: str, field: str | None
) -> None:
    server.replies = [Answer(200, {"data": [{"uuid": "a"}, {"uuid": "b"}, row], "total": 3})]
    search = grinfi.Grinfi(key, base_url=server.base_url).contacts.search()
    with pytest.raises(grinfi.DecodeError) as caught:
        search.to_arrow()
    assert says in str(caught.value) and caught.value.field == field and caught.value.__cause__ is not None


def test_a_text_that_is_none_is_told_of(server: Server, key: str) -> None:
    server.replies = [Answer(200, b'{"data": [{"uuid": "a", "name": "half \\ud800"}], "total": 1}')]
    with pytest.raises(grinfi.DecodeError, match="row 0, counted from 0: name: .*surrogates not allowed"):
        grinfi.Grinfi(key, base_url=server.base_url).contacts.search().to_arrow()


def test_records_of_ones_own_become_a_table() -> None:
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


def test_a_table_package_that_is_missing_is_named(sandbox: grinfi.Sandbox) -> None:
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
    assert len(sandbox.requests) == 1, "what is missing is told before anything is sent"
