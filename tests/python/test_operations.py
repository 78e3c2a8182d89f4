"""Every operation of the description, in both clients, over a socket, against a server that checks each request."""

import asyncio
import functools
import inspect
import re
from collections.abc import Iterator
from datetime import date, datetime, timezone
from typing import Any

import pytest

import grinfi
from described import BESIDES, UUID, Description, DescribedServer, Told
from grinfi import enums, inputs, models
from misbehaving import Server

DESCRIPTION = Description()

# What cannot be made up from the types of the arguments.
BY_HAND: dict[str, list[tuple[tuple[Any, ...], dict[str, Any]]]] = {
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


# Ways to call an operation that have tests of their own.
OTHERS = (
    "companies_matching",
    "contacts_matching",
    "enrich_matching",
    "ensure",
    "is_connected",
    "move_to_list",
    "move_to_stage",
    "send_once",
)

# Names on LinkedIn are brought into one form, and have to be some.
NAMES = {
    "linkedin_id": "jane-roe-example",
    "linkedin": "jane-roe-example",
    "ln_id": "ACoAAAB6GuQBEz2TMHbG4sa7",
    "sn_id": "ACwAAAB6GuQBEz2TMHbG4sa7",
}


@functools.cache
def verbs() -> dict[str, list[tuple[str, str]]]:
    """The resources and public methods by the operation that their documentation names first."""
    found: dict[str, list[tuple[str, str]]] = {}
    client = grinfi.Grinfi("a.b.c")
    for name in attributes(client):
        resource = getattr(client, name)
        for verb in dir(resource):
            doc = "" if verb.startswith("_") else getattr(resource, verb).__doc__ or ""
            named = re.search(r"\(``(\w+)``\)", doc)
            if named is not None and verb not in OTHERS:
                found.setdefault(named[1], []).append((name, verb))  # Those have tests of their own.
    return found


def attributes(client: grinfi.Grinfi | grinfi.AsyncGrinfi) -> list[str]:
    every = {**vars(grinfi.Grinfi.__mro__[1]), **vars(grinfi.AsyncGrinfi.__mro__[1])}
    return [name for name, value in every.items() if isinstance(value, functools.cached_property)]


def value(annotation: str, name: str) -> Any:
    """A value for an argument, from its type."""
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
    """With what must be given, and with everything."""
    if operation in BY_HAND:
        return BY_HAND[operation]
    parameters = [
        parameter
        for parameter in inspect.signature(method).parameters.values()
        if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
    ]
    if "max_items" in (parameter.name for parameter in parameters):
        return [((), {}), ((), {parameter.name: LISTING[parameter.name] for parameter in parameters})]
    least = {p.name: value(p.annotation, p.name) for p in parameters if p.default is p.empty}
    # An update moves a contact by a request of its own.
    moves = ("pipeline_stage_uuid", "list_uuid") if operation in ("updateLead", "updateCompany") else ()
    most = {p.name: grinfi.NOT_GIVEN if p.name in moves else value(p.annotation, p.name) for p in parameters}
    positional = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD and p.default is p.empty]
    return [((*(least.pop(name) for name in positional),), least), ((), most)] if least != most else [((), most)]


LISTING: dict[str, Any] = {"order_by": "-created_at", "limit": 2, "offset": 0, "max_items": 1}


def run(answer: Any) -> Any:
    """What comes of a call in either client; listings are read, downloads and mass actions carried out."""

    async def awaited() -> Any:
        result = await answer if inspect.isawaitable(answer) else answer
        if isinstance(result, grinfi.AsyncListing):
            return [row async for row in result]
        if hasattr(result, "delete") and not inspect.isawaitable(answer):
            return await result.delete(confirm_all=True)
        return await result.read() if hasattr(result, "next_later") or type(result).__name__ == "AsyncDownload" else result

    if type(answer).__module__.startswith("grinfi._async") or inspect.isawaitable(answer) or isinstance(answer, grinfi.AsyncListing):
        return asyncio.run(awaited())
    if isinstance(answer, grinfi.Listing):
        return list(answer)
    if hasattr(answer, "delete"):
        return answer.delete(confirm_all=True)
    return answer.read() if type(answer).__name__ == "Download" else answer


@pytest.fixture
def described(server: Server) -> Iterator[DescribedServer]:
    yield DescribedServer(DESCRIPTION, server)


@pytest.mark.parametrize("client_class", [grinfi.Grinfi, grinfi.AsyncGrinfi])
@pytest.mark.parametrize("operation", DESCRIPTION.operations)
def test_every_operation_asks_and_answers_as_described(
    operation: str,
    client_class: type[grinfi.Grinfi] | type[grinfi.AsyncGrinfi],
    described: DescribedServer,
    key: str,
) -> None:
    client = client_class(key, base_url=described.server.base_url, max_retries=0)
    called = 0
    for name, verb in verbs()[operation]:
        method = getattr(getattr(client, name), verb)
        for args, kwargs in ways(method, operation):
            described.told.clear()
            if not kwargs and needs_more(method):
                with pytest.raises(grinfi.InvalidInputError):
                    run(method(*args))
                assert described.told == []
                continue
            result = run(method(*args, **kwargs))
            told, *more = described.told
            assert told.operation == operation and told.complaints == []
            # A listing that does not say where it ends is asked for what follows.
            # A lookup whose answer shows no custom fields is followed by reading the contact.
            assert all(again.operation == "getLead" or again.answer.body["data"] == [] for again in more)
            if operation not in BY_HAND and everything(method, kwargs):
                check_everything_went(told, operation)
            check_answer(result, next((again for again in more if again.operation == "getLead"), told), method)
            called += 1
    assert called


def everything(method: Any, kwargs: dict[str, Any]) -> bool:
    """Whether these are all the arguments that there are."""
    parameters = inspect.signature(method).parameters.values()
    return set(kwargs) == {p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}


def needs_more(method: Any) -> bool:
    """Whether something has to be given, though nothing in particular."""
    doc = method.__doc__
    return "nothing would change" in doc or "too little is given" in doc


def check_everything_went(told: Told, operation: str) -> None:
    """With all arguments given, all that is described goes out."""
    listing = {"limit", "offset", "order_field", "order_type"}
    properties = DESCRIPTION.operations[operation].properties
    sent = set(told.seen.json()) if told.seen.body else set()
    if "offset" in properties:
        assert sent == listing & properties
        return
    # Ignored without an error, or of no use; or of all properties only one may be given.
    skipped = {"filter", "group_by"} if operation == "getLeadMetrics" else set()
    required = DESCRIPTION.operations[operation].body or {}
    if "$ref" not in required:
        assert sent - BESIDES.get(operation, set()) == properties - skipped


def check_answer(result: Any, told: Told, method: Any) -> None:
    """The answer of the method is what the server answered, as the type that the method promises."""
    body = told.answer.body
    promised = inspect.signature(method).return_annotation
    if isinstance(result, bytes):
        assert result == body
    elif isinstance(result, (grinfi.MassAction, grinfi.AsyncMassAction)):
        assert method.__name__ == "bulk"
    elif promised == "None" or body == b"":
        assert result is None
    elif isinstance(result, grinfi.Record):
        assert promised.split(" | ")[0] == f"models.{type(result).__name__}"
        # What is uploaded goes through the types of the core, which write times in their own way.
        is_upload = told.operation == "uploadAttachment"
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


def test_both_clients_have_the_same_methods_with_the_same_arguments() -> None:
    sync, asynchronous = grinfi.Grinfi("a.b.c"), grinfi.AsyncGrinfi("a.b.c")
    assert attributes(sync) == attributes(asynchronous)
    for name in attributes(sync):
        one, other = getattr(sync, name), getattr(asynchronous, name)
        known = [verb for verb in dir(one) if not verb.startswith("_")]
        assert known == [verb for verb in dir(other) if not verb.startswith("_")]
        for verb in known:
            mine, theirs = inspect.signature(getattr(one, verb)), inspect.signature(getattr(other, verb))
            assert str(mine.replace(return_annotation=None)) == str(theirs.replace(return_annotation=None)), (name, verb)
            doc = getattr(one, verb).__doc__
            assert doc and "Raises:" in doc and "Example::" in doc and "``" in doc, (name, verb)
            assert getattr(other, verb).__doc__, (name, verb)


def test_a_method_knows_no_other_arguments() -> None:
    client = grinfi.Grinfi("a.b.c")
    for call in (
        lambda: client.tags.create("x", colour="red"),  # type: ignore[call-arg]
        lambda: client.webhooks.update("x", colour="red"),  # type: ignore[call-arg]
        lambda: client.tasks.list(colour="red"),  # type: ignore[call-arg]
        lambda: client.teams.list(colour="red"),  # type: ignore[call-arg]
        lambda: client.contacts.upsert("x", linkedin_id="y", colour="red"),  # type: ignore[call-arg]
    ):
        with pytest.raises((TypeError, grinfi.InvalidInputError), match="colour"):
            call()
