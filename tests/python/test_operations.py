"""All operations in both clients, against a server that validates each request."""

import asyncio
import functools
import inspect
import re
from collections.abc import Iterator
from datetime import date, datetime, timezone
from typing import Any

import pytest

import grinfi
from api_description import BESIDES, UUID, Description, DescribedServer, Exchange
from grinfi import enums, inputs, models
from mock_server import Server

DESCRIPTION = Description()

# Arguments that cannot be derived from their types.
HAND_WRITTEN: dict[str, list[tuple[tuple[Any, ...], dict[str, Any]]]] = {
    "findOneContact": [((), {"linkedin_id": "jane-roe-example"}), ((), {"name": "Jane Roe", "company_name": "ExampleCorp"})],
    "createLeads": [((UUID, [{"linkedin_id": "jane-roe-example", "headline": None}]), {})],
    "countContacts": [((), {}), (({"name": "Jane"},), {"company_name": ["a", "b"]})],
    "enrichLeadsAdvanced": [(([UUID],), {})],
    "enrichCompanies": [(([UUID],), {})],
    "leadsMassAction": [(([UUID],), {}), ((), {"all": True, "except_uuids": [UUID]})],
    "companiesMassAction": [(([UUID],), {})],
    "exportLeadsToCsv": [(([UUID],), {}), ((), {"all": True})],
    "exportCompaniesToCsv": [(([UUID],), {}), ((), {"all": True, "except_uuids": [UUID]})],
    "uploadCsvFile": [((b"name\nJane\n",), {"name": "people.csv"})],
    "uploadAttachment": [((b"%PDF",), {"name": "offer.pdf"}), ((b"%PDF",), {"name": "offer", "media_type": "application/pdf"})],
    "downloadExportFile": [(("export.csv",), {})],
}


# Methods with their own tests.
OTHERS = (
    "companies_matching",
    "contacts_matching",
    "enrich_matching",
    "ensure",
    "is_connected",
    "move_to_list",
    "move_to_stage",
    "send_once",
    "wait_for",
    "wait_until_deleted",
)

# Arguments that must be valid LinkedIn names.
NAMES = {
    "linkedin_id": "jane-roe-example",
    "linkedin": "jane-roe-example",
    "ln_id": "ACoAAAB6GuQBEz2TMHbG4sa7",
    "sn_id": "ACwAAAB6GuQBEz2TMHbG4sa7",
}


@functools.cache
def method_names() -> dict[str, list[tuple[str, str]]]:
    """Returns resources and public methods by the operation that their documentation names first."""
    found: dict[str, list[tuple[str, str]]] = {}
    client = grinfi.Grinfi("a.b.c")
    for name in attributes(client):
        resource = getattr(client, name)
        for method_name in dir(resource):
            doc = "" if method_name.startswith("_") else getattr(resource, method_name).__doc__ or ""
            named = re.search(r"\(``(\w+)``\)", doc)
            if named is not None and method_name not in OTHERS:
                found.setdefault(named[1], []).append((name, method_name))  # Those have tests of their own.
    return found


def attributes(client: grinfi.Grinfi | grinfi.AsyncGrinfi) -> list[str]:
    every = {**vars(grinfi.Grinfi.__mro__[1]), **vars(grinfi.AsyncGrinfi.__mro__[1])}
    return [name for name, value in every.items() if isinstance(value, functools.cached_property)]


def value(annotation: str, name: str) -> Any:
    """Returns a value for an argument of a type."""
    first = annotation.split(" | ")[0]
    if annotation.startswith("Iterable["):
        return [value(annotation.removeprefix("Iterable[").rsplit("]", 1)[0], name)]
    if annotation.startswith("str | UUID"):
        return UUID
    if first.startswith("enums."):
        return getattr(enums, first.removeprefix("enums.")).values[0]
    if first.startswith("inputs."):
        kind = getattr(inputs, first.removeprefix("inputs."))
        types = {field: getattr(hint, "__forward_arg__", hint) for field, hint in kind.__annotations__.items()}
        bare = {field: re.sub(r"^Required\[(.*)\]$", r"\1", hint) for field, hint in types.items()}
        qualified = {field: re.sub(r"\b([A-Z]\w+)(?= \| Mapping)", r"inputs.\1", hint) for field, hint in bare.items()}
        return {field: value(hint, field) for field, hint in qualified.items()}
    if name in NAMES:
        return NAMES[name] if first == "str" else 7
    if "url" in name:
        return "https://example.com/hook"
    if "email" in name or name in ("recipients", "cc", "bcc"):
        return "jane@example.com"
    if name == "custom_fields":
        return {}  # By name they have tests of their own.
    known = {
        "str": "text",
        "int": 7,
        "float": 1.5,
        "bool": True,
        "Any": {"any": [1, None]},
        "Mapping[str, Any]": {"any": 1},
        "Condition": {"name": "x"},
        "datetime": datetime(2026, 9, 1, tzinfo=timezone.utc),
        "date": date(2026, 9, 1),
    }
    if name == "name" and annotation == "bool":
        raise AssertionError(annotation)
    return known[first]


def ways(method: Any, operation: str) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
    """With required arguments, and with all arguments."""
    if operation in HAND_WRITTEN:
        return HAND_WRITTEN[operation]
    parameters = [
        parameter
        for parameter in inspect.signature(method).parameters.values()
        if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
    ]
    if "max_items" in (parameter.name for parameter in parameters):
        return [((), {}), ((), {parameter.name: LISTING[parameter.name] for parameter in parameters})]
    least = {p.name: value(p.annotation, p.name) for p in parameters if p.default is p.empty}
    # An update moves a contact by a separate request.
    moves = ("pipeline_stage_uuid", "list_uuid") if operation in ("updateLead", "updateCompany") else ()
    most = {p.name: grinfi.NOT_GIVEN if p.name in moves else value(p.annotation, p.name) for p in parameters}
    positional = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD and p.default is p.empty]
    return [((*(least.pop(name) for name in positional),), least), ((), most)] if least != most else [((), most)]


LISTING: dict[str, Any] = {"order_by": "-created_at", "page_size": 2, "offset": 0, "max_items": 1}


def run(response: Any) -> Any:
    """Runs a call of either client to its end, including listings, downloads and mass actions."""

    async def awaited() -> Any:
        result = await response if inspect.isawaitable(response) else response
        if isinstance(result, grinfi.AsyncListing):
            return [row async for row in result]
        if hasattr(result, "delete") and not inspect.isawaitable(response):
            return await result.delete(confirm_all=True)
        return await result.read() if hasattr(result, "next_later") or type(result).__name__ == "AsyncDownload" else result

    if type(response).__module__.startswith("grinfi._async") or inspect.isawaitable(response) or isinstance(response, grinfi.AsyncListing):
        return asyncio.run(awaited())
    if isinstance(response, grinfi.Listing):
        return list(response)
    if hasattr(response, "delete"):
        return response.delete(confirm_all=True)
    return response.read() if type(response).__name__ == "Download" else response


@pytest.fixture
def described(server: Server) -> Iterator[DescribedServer]:
    yield DescribedServer(DESCRIPTION, server)


@pytest.mark.parametrize("client_class", [grinfi.Grinfi, grinfi.AsyncGrinfi])
@pytest.mark.parametrize("operation", DESCRIPTION.operations)
def test_operations_match_the_description(
    operation: str,
    client_class: type[grinfi.Grinfi] | type[grinfi.AsyncGrinfi],
    described: DescribedServer,
    key: str,
) -> None:
    client = client_class(key, base_url=described.server.base_url, max_retries=0)
    called = 0
    for name, method_name in method_names()[operation]:
        method = getattr(getattr(client, name), method_name)
        for args, kwargs in ways(method, operation):
            described.reported.clear()
            if not kwargs and needs_more(method):
                with pytest.raises(grinfi.InvalidInputError):
                    run(method(*args))
                assert described.reported == []
                continue
            result = run(method(*args, **kwargs))
            reported, *more = described.reported
            assert reported.operation == operation and reported.complaints == []
            # A listing without an end is requested again.
            # A lookup without custom fields in its response gets the contact.
            assert all(again.operation == "getLead" or again.response.body["data"] == [] for again in more)
            if operation not in HAND_WRITTEN and everything(method, kwargs):
                check_everything_went(reported, operation)
            check_response(result, next((again for again in more if again.operation == "getLead"), reported), method)
            called += 1
    assert called


def everything(method: Any, kwargs: dict[str, Any]) -> bool:
    """Returns whether these are all arguments."""
    parameters = inspect.signature(method).parameters.values()
    return set(kwargs) == {p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}


def needs_more(method: Any) -> bool:
    """Returns whether at least one of several optional arguments is required."""
    return any(text in method.__doc__ for text in ("no changes", "argument is missing", "none of the arguments", "neither LinkedIn"))


def check_everything_went(reported: Exchange, operation: str) -> None:
    """Checks that all documented properties are sent if all arguments are given."""
    listing = {"limit", "offset", "order_field", "order_type"}
    properties = DESCRIPTION.operations[operation].properties
    sent = set(reported.seen.json()) if reported.seen.body else set()
    if "offset" in properties:
        assert sent == listing & properties
        return
    # Properties that the API ignores.
    skipped = {"filter", "group_by"} if operation == "getLeadMetrics" else set()
    if operation in ("addNewLeadToFlow", "upsertContact"):
        skipped = {"custom_fields"}  # Not sent if empty.
    required = DESCRIPTION.operations[operation].body or {}
    if "$ref" not in required:
        assert sent - BESIDES.get(operation, set()) == properties - skipped


def check_response(result: Any, reported: Exchange, method: Any) -> None:
    """Checks that the result has the content of the response and the annotated type."""
    body = reported.response.body
    promised = inspect.signature(method).return_annotation
    if isinstance(result, bytes):
        assert result == body
    elif isinstance(result, (grinfi.MassAction, grinfi.AsyncMassAction)):
        assert method.__name__ == "bulk"
    elif promised == "None" or body == b"":
        assert result is None
    elif isinstance(result, grinfi.Record):
        assert promised.split(" | ")[0] == f"models.{type(result).__name__}"
        # The response to an upload is decoded in Rust, which formats times differently.
        is_upload = reported.operation == "uploadAttachment"
        given = {name: value for name, value in body.items() if not (is_upload and name.endswith("_at"))}
        assert given.items() <= result.to_dict().items() if is_upload else result.to_dict() == body
        every_attribute_reads(result)
    elif isinstance(result, list):
        rows = body["data"] if isinstance(body, dict) else body
        kind = re.search(r"models\.(\w+)", promised)
        assert kind is not None and rows
        assert [row.to_dict() for row in result] == rows
        for row in result:
            assert type(row) is getattr(models, kind[1])
            every_attribute_reads(row)
    elif isinstance(result, dict):
        assert plain(result) == (body if "total" not in body else body["total"])
    elif isinstance(result, int):
        assert result in (body.get("total"), body.get("count"))
    else:
        raise AssertionError(f"{promised} came as {result!r}")


def plain(value: Any) -> Any:
    if isinstance(value, grinfi.Record):
        return value.to_dict()
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def every_attribute_reads(record: grinfi.Record) -> None:
    for name in dir(type(record)):
        if not name.startswith("_"):
            getattr(record, name)


def test_clients_have_the_same_methods_and_arguments() -> None:
    sync, asynchronous = grinfi.Grinfi("a.b.c"), grinfi.AsyncGrinfi("a.b.c")
    assert attributes(sync) == attributes(asynchronous)
    for name in attributes(sync):
        one, other = getattr(sync, name), getattr(asynchronous, name)
        known = [method_name for method_name in dir(one) if not method_name.startswith("_")]
        assert known == [method_name for method_name in dir(other) if not method_name.startswith("_")]
        for method_name in known:
            mine, theirs = inspect.signature(getattr(one, method_name)), inspect.signature(getattr(other, method_name))
            assert str(mine.replace(return_annotation=None)) == str(theirs.replace(return_annotation=None)), (name, method_name)
            doc = getattr(one, method_name).__doc__
            assert doc and "Raises:" in doc and "Example::" in doc and "``" in doc, (name, method_name)
            assert getattr(other, method_name).__doc__, (name, method_name)


def test_methods_reject_unknown_arguments() -> None:
    client = grinfi.Grinfi("a.b.c")
    for call in (
        lambda: client.tags.create("x", shade="red"),  # type: ignore[call-arg]
        lambda: client.webhooks.update("x", shade="red"),  # type: ignore[call-arg]
        lambda: client.tasks.list(shade="red"),  # type: ignore[call-arg]
        lambda: client.teams.list(shade="red"),  # type: ignore[call-arg]
        lambda: client.contacts.upsert("x", linkedin_id="y", shade="red"),  # type: ignore[call-arg]
    ):
        with pytest.raises((TypeError, grinfi.InvalidInputError), match="shade"):
            call()
