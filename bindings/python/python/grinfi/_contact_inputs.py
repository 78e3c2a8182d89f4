"""Validation of contacts and companies that are sent to the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import _native
from ._encoders import Json, Structure
from ._errors import InvalidInputError
from ._validation import NotGiven, check_text, is_list, is_missing

__all__ = ["check_email", "company_name", "custom_field_values", "encode_records", "only_given"]


def encode_records(field: str, rows: Iterable[Mapping[str, Any]], structure: Structure) -> list[dict[str, Any]]:
    """Encodes records, each with the values of its custom fields under ``custom_fields`` if it has any.

    Raises:
        InvalidInputError: not a list of dicts, or an invalid record.
    """
    if not is_list(rows):
        raise InvalidInputError(f"`{field}` must be a list of dicts, got {type(rows).__name__}", field=field)
    records = []
    for index, row in enumerate(rows):
        at = f"{field}[{index}]"
        custom_fields: Any = NotGiven.NOT_GIVEN
        if isinstance(row, Mapping) and "custom_fields" in row:
            fields = dict(row)
            row, custom_fields = fields, fields.pop("custom_fields")
        record = structure(at, row)
        if not is_missing(custom_fields):
            record["custom_fields"] = custom_field_values(custom_fields, f"{at}.custom_fields")
        records.append(record)
    return records


def custom_field_values(values: Mapping[str, Any] | NotGiven, field: str = "custom_fields") -> dict[str, Any]:
    """Encodes values of custom fields by their names.

    Raises:
        InvalidInputError: not a dict, or a value that JSON cannot represent.
    """
    if is_missing(values):
        return {}
    if not isinstance(values, Mapping):
        raise InvalidInputError(f"`{field}` must be a dict of values by name, got {type(values).__name__}", field=field)
    encoded: dict[str, Any] = Json(field, values)
    return encoded


def company_name(field: str, name: str) -> str:
    """Normalizes the name of a company on LinkedIn."""
    return _native.linkedin_company(field, check_text(field, name))


def check_email(field: str, address: str) -> None:
    """Validates the form of an email address.

    Raises:
        InvalidInputError: not exactly one ``@`` with text on both sides, or blanks.
    """
    local, _, host = address.partition("@")
    if not local or not host or "@" in host or any(character.isspace() for character in address):
        raise InvalidInputError(f"`{field}` must be an email address", field=field)


def only_given(**arguments: Any) -> dict[str, Any]:
    """Returns the arguments that were given."""
    return {name: value for name, value in arguments.items() if not is_missing(value)}
