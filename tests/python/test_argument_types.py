"""Arguments of wrong types: the error names the argument, and nothing is sent."""

import inspect
from datetime import datetime
from typing import Any

import pytest

import grinfi
from mock_server import Server
from test_operations import DESCRIPTION, LISTING, NAMES, run, value, method_names


class Odd:
    """A type that no argument accepts."""


def values(method: Any) -> dict[str, Any]:
    """Returns valid values for all arguments."""
    found: dict[str, Any] = {}
    parameters = inspect.signature(method).parameters
    for name, parameter in parameters.items():
        if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            listed = name in LISTING and "max_items" in parameters
            found[name] = LISTING[name] if listed else fitting(parameter.annotation, name)
    return found


def fitting(annotation: str, name: str) -> Any:
    if name == "file":
        return b"%PDF"
    try:
        return value(annotation, name)
    except (KeyError, AttributeError):
        return NAMES.get(name, grinfi.NOT_GIVEN)


def wrong(method: Any, name: str, bad: Any, server: Server) -> grinfi.InvalidInputError:
    positional = [
        parameter.name
        for parameter in inspect.signature(method).parameters.values()
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    ]
    given = {**values(method), name: bad}
    if name == "except_uuids":
        given |= {"uuids": grinfi.NOT_GIVEN, "all": True}
    elif name == "uuids" and "all" in given:
        given |= {"all": False, "except_uuids": grinfi.NOT_GIVEN}
    args = [given.pop(each) for each in positional]
    with pytest.raises(grinfi.InvalidInputError) as caught:
        run(method(*args, **given))
    assert server.requests == []
    return caught.value


# Validates arguments against each other, so the error names the combination.
TOGETHER = {"findOneContact"}


@pytest.mark.parametrize("operation", sorted(set(DESCRIPTION.operations) - TOGETHER))
def test_wrong_type_names_the_argument(operation: str, server: Server, key: str) -> None:
    client = grinfi.Grinfi(key, base_url=server.base_url)
    for resource, method_name in method_names()[operation]:
        method = getattr(getattr(client, resource), method_name)
        for name, parameter in inspect.signature(method).parameters.items():
            if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
                continue
            for bad in (Odd(), b"bytes", float("nan")):
                if name in ("file", "contents") and isinstance(bad, bytes):
                    continue
                if isinstance(bad, float) and parameter.default is not parameter.empty:
                    continue  # It counts as not given.
                error = wrong(method, name, bad, server)
                assert (error.field or "").split(".")[0].split("[")[0] == name, (method_name, name, bad, error)
                assert str(error).lstrip("`").startswith(name)
            if "datetime" in str(parameter.annotation):
                assert "zone" in str(wrong(method, name, datetime(2026, 1, 1), server))
        with pytest.raises((TypeError, grinfi.InvalidInputError), match="shade"):
            method(**values(method), shade="red")
