"""The examples in the docstrings: each runs as it stands, in both clients, and asks for what the description knows."""

import ast
import asyncio
import inspect
import itertools
import textwrap
import types
from datetime import datetime, timezone
from functools import cached_property
from typing import Any

import pytest

import grinfi
from api_description import UUID, Description, DescribedServer
from mock_server import Server

DESCRIPTION = Description()

# These need a server with state.
ON_A_SANDBOX = {
    "automations.add_new_contact",
    "companies.create_many",
    "companies.move_to_stage",
    "companies.update",
    "contacts.create_many",
    "contacts.is_connected",
    "contacts.move_to_list",
    "contacts.move_to_stage",
    "contacts.update",
    "contacts.upsert",
    "contacts.wait_until_deleted",
    "emails.send_once",
    "file_imports.resume",
    "file_imports.start_contacts",
    "linkedin_messages.send_once",
    "webhooks.ensure",
}
# These send nothing by themselves.
SILENT = {"bulk", "forget_names"}


def method_names(cls: type[grinfi.Grinfi] | type[grinfi.AsyncGrinfi]) -> list[tuple[str, str]]:
    """The resources of a client, each with each of its methods."""
    client = cls("a.b.c")
    resources = [name for name, value in vars(cls.__mro__[1]).items() if isinstance(value, cached_property)]
    return [(name, method_name) for name in resources for method_name in dir(getattr(client, name)) if not method_name.startswith("_")]


def example(text: str | None) -> str:
    """The code of the example in a docstring."""
    _, found, rest = inspect.cleandoc(text or "").partition("\nExample::\n\n")
    assert found, text
    code = itertools.takewhile(lambda line: not line or line.startswith("    "), rest.splitlines())
    return textwrap.dedent("\n".join(code))


THINGS = ("automation", "company", "contact", "fair", "file", "jane", "john", "persona", "sender", "sender_profile", "tag", "welcome", "won")


def names() -> dict[str, Any]:
    """What the examples take as being there."""
    known: dict[str, Any] = {name: types.SimpleNamespace(uuid=UUID) for name in THINGS}
    known |= {"datetime": datetime, "timezone": timezone, "grinfi": grinfi}
    known |= {"monday": datetime(2026, 2, 2, tzinfo=timezone.utc), "friday": datetime(2026, 2, 6, tzinfo=timezone.utc)}
    return known


def really(sandbox: grinfi.Sandbox, resource: str) -> dict[str, Any]:
    """The same, as it is in a sandbox, for the examples of a resource."""
    with grinfi.Grinfi(sandbox.key, base_url=sandbox.base_url, requests_per_minute=None) as client:
        fair, sender = client.lists.list().first(), client.sender_profiles.list().first()
        assert fair is not None and sender is not None
        contact = client.contacts.upsert(fair.uuid, linkedin_id="jane-roe-example", first_name="Jane")
        *_, stage = client.pipeline_stages.list("company" if resource == "companies" else "lead")
        if "size" not in {field.name for field in client.custom_fields.list()}:
            client.custom_fields.create("size", object="company")
        people = b"First name,Mail\nJim,jim@example.com\nJoe,joe@example.com\n"
        return names() | {
            "automation": client.automations.list().first(),
            "company": client.companies.list().first(),
            "contact": contact,
            "fair": fair,
            "file": client.file_imports.upload(people, name="fair.csv"),
            "jane": contact,
            "sender": sender,
            "sender_profile": sender,
            "welcome": client.automations.list().first(),
            "won": stage,
        }


def run(code: str, client: grinfi.Grinfi | grinfi.AsyncGrinfi, known: dict[str, Any]) -> None:
    known = {**known, "client": client, "print": lambda *values: None}
    if isinstance(client, grinfi.Grinfi):
        # Awaiting is a syntax error here.
        exec(compile(code, "<example>", "exec", dont_inherit=True), known)
        return

    async def awaited() -> None:
        made = eval(compile(code, "<example>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True), known)
        if made is not None:
            await made

    asyncio.run(awaited())


@pytest.mark.parametrize("cls", [grinfi.Grinfi, grinfi.AsyncGrinfi])
def test_examples_of_methods_run(
    cls: type[grinfi.Grinfi] | type[grinfi.AsyncGrinfi],
    key: str,
    server: Server,
    sandbox: grinfi.Sandbox,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("fair.csv", "offer.pdf"):
        (tmp_path / name).write_bytes(b"name\nJane\n")
    described = DescribedServer(DESCRIPTION, server)
    makers = {
        True: lambda: cls(sandbox.key, base_url=sandbox.base_url, requests_per_minute=None),
        False: lambda: cls(key, base_url=server.base_url, max_retries=0, requests_per_minute=None),
    }
    wrong = []
    for name, method_name in method_names(cls):
        real = f"{name}.{method_name}" in ON_A_SANDBOX
        client = makers[real]()
        code = example(getattr(getattr(client, name), method_name).__doc__)
        before = len(described.reported)
        try:
            assert f"client.{name}.{method_name}(" in code, "it calls something else"
            run(code, client, really(sandbox, name) if real else names())
            asked = described.reported[before:]
            assert real or asked or method_name in SILENT, "it asks for nothing"
            assert [reported.complaints for reported in asked if reported.complaints] == []
        except Exception as error:
            wrong.append(f"{name}.{method_name}: {type(error).__name__} {error}\n{textwrap.indent(code, '    ')}")
        client.close()
    assert not wrong, "\n".join(wrong)


def test_examples_of_classes_compile() -> None:
    """Examples outside of resources: errors, listings, settings."""
    compiled = 0
    for name in grinfi.__all__:
        thing = getattr(grinfi, name)
        members = [member for member in vars(thing).values() if callable(member)] if isinstance(thing, type) else []
        for documented in (thing, *members):
            text = getattr(documented, "__doc__", None) or ""
            if "Example::" in text:
                compile(example(text), f"<example of {name}>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
                compiled += 1
    assert compiled >= 8


def test_failing_example_is_detected(key: str, server: Server) -> None:
    DescribedServer(DESCRIPTION, server)
    client = grinfi.Grinfi(key, base_url=server.base_url, max_retries=0)
    for bad in ("client.tags.make('x')", "client.tags.create(nme='x')", "client.tags.create(tagg.name)"):
        with pytest.raises((AttributeError, TypeError, NameError)):
            run(bad, client, names())
    with pytest.raises(AssertionError):
        example("No example here.")
