"""The fields of contacts and companies on the way in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .. import _native
from .._errors import InvalidInputError
from .._generated.inputs import write_company_lookup, write_new_company, write_new_contact, write_upsert_lead_fields
from .._types import NOT_GIVEN, check_text, is_list, is_missing
from .._write import Json, Structure, written_or_refused

__all__ = [
    "check_address",
    "company_lookups",
    "company_name",
    "custom_fields_of",
    "given",
    "names_of_contact",
    "new_companies",
    "new_contacts",
    "upserted",
    "without_nulls",
]

_KNOWN_BY = (
    "linkedin_id", "linkedin", "ln_id", "sn_id", "work_email", "personal_email", "email", "first_name", "last_name",
)  # fmt: skip

Rows = tuple[list[dict[str, Any]], dict[int, dict[str, Any]]]
"""Records as the API takes them, and values of custom fields by the place of their record."""


def new_contacts(contacts: Iterable[Mapping[str, Any]]) -> Rows:
    """Contacts to be created, each with something to know it by.

    Raises:
        InvalidInputError: there are none, one has nothing to be known by, or an unknown field.
    """
    leads, custom_fields = _rows("contacts", contacts, write_new_contact)
    for index, lead in enumerate(leads):
        at = f"contacts[{index}]"
        if not any((lead.get(name) or "").strip() for name in _KNOWN_BY):
            raise InvalidInputError(f"{at}: neither a LinkedIn id, an email nor a name", field=at)
        names_of_contact(lead, f"{at}.")
    return leads, custom_fields


def new_companies(companies: Iterable[Mapping[str, Any]]) -> Rows:
    """Companies to be created, each with something to know it by.

    Raises:
        InvalidInputError: there are none, one has nothing to be known by, or an unknown field.
    """
    written, custom_fields = _rows("companies", companies, write_new_company)
    for index, company in enumerate(written):
        _known_by(f"companies[{index}]", company, ("name", "domain", "website", "linkedin"))
    return written, custom_fields


def company_lookups(lookups: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What companies are looked up by.

    Raises:
        InvalidInputError: there are none, or one is empty.
    """
    written, _ = _rows("lookups", lookups, write_company_lookup, custom=False)
    for index, lookup in enumerate(written):
        _known_by(f"lookups[{index}]", lookup, ("ln_id", "linkedin", "website", "name"))
    return written


def _known_by(at: str, row: dict[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        if name in row:
            check_text(f"{at}.{name}", row[name])
    if not any(name in row for name in names):
        raise InvalidInputError(f"{at}: at least one of {', '.join(names)} must be given", field=at)
    if "linkedin" in row:
        row["linkedin"] = company_name(f"{at}.linkedin", row["linkedin"])


def _rows(field: str, rows: Iterable[Mapping[str, Any]], write: Structure, *, custom: bool = True) -> Rows:
    if not is_list(rows):
        raise InvalidInputError(f"{field}: a list of dicts is needed, not {type(rows).__name__}", field=field)
    written = []
    custom_fields = {}
    for index, row in enumerate(rows):
        if custom and isinstance(row, Mapping) and "custom_fields" in row:
            row = dict(row)
            values = row.pop("custom_fields")
            if values is not NOT_GIVEN:
                custom_fields[index] = custom_fields_of(values, f"{field}[{index}].custom_fields")
        written.append(write(f"{field}[{index}]", row))
    if not written:
        raise InvalidInputError(f"{field}: there are none", field=field)
    return written, custom_fields


def upserted(linkedin_id: str, **fields: Any) -> dict[str, Any]:
    """A contact to be created or updated, from arguments of their own."""
    contact: dict[str, Any] = {"linkedin_id": check_text("linkedin_id", linkedin_id)}
    for name, value in fields.items():
        if not is_missing(value):
            contact[name] = written_or_refused(write_upsert_lead_fields.known[name], name, value)
    names_of_contact(contact)
    return contact


def names_of_contact(contact: dict[str, Any], prefix: str = "") -> None:
    """Brings the LinkedIn names of a contact into their one form, and looks at its email addresses."""
    for name in ("linkedin_id", "linkedin", "ln_id", "sn_id"):
        if isinstance(contact.get(name), str):
            contact[name] = _native.linkedin_field(name, prefix + name, contact[name])
    for name in ("work_email", "personal_email", "email"):
        address = contact.get(name)
        if isinstance(address, str):
            check_address(prefix + name, address)


def check_address(at: str, address: str) -> None:
    """That it is an email address as far as one can tell without asking: something on both sides of one ``@``, and no blanks."""
    local, _, host = address.partition("@")
    if not local or not host or "@" in host or any(character.isspace() for character in address):
        raise InvalidInputError(f"{at}: it is no email address", field=at)


def company_name(at: str, name: str) -> str:
    """The one form of a company's name on LinkedIn."""
    return _native.linkedin_company(at, check_text(at, name))


def custom_fields_of(values: Mapping[str, Any], at: str = "custom_fields") -> dict[str, Any]:
    """Values by the names of custom fields, as far as JSON can say them."""
    if not isinstance(values, Mapping):
        raise InvalidInputError(f"{at}: a dict with values by name is needed, not {type(values).__name__}", field=at)
    written: dict[str, Any] = Json(at, values)
    return written


def without_nulls(values: dict[str, Any]) -> dict[str, Any]:
    """The same for a request of which it is not known how it takes a null."""
    for name, value in values.items():
        if value is None:
            why = "None is none here; clear the field with an update"
            raise InvalidInputError(f"custom_fields.{name}: {why}", field=f"custom_fields.{name}")
    return values


def given(**fields: Any) -> dict[str, Any]:
    """What of some arguments was given."""
    return {name: value for name, value in fields.items() if not is_missing(value)}
