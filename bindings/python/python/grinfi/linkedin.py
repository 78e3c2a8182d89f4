"""Normalization of LinkedIn names of people and companies.

One profile has many addresses: with and without ``www.``, on a country's host, with a query, percent-encoded, in capitals, from
Sales Navigator or Recruiter. The API compares them literally, so two forms create two contacts. Methods of this package normalize
LinkedIn names themselves; these functions are for other data, for example to find duplicates before an import.

Example::

    from grinfi import linkedin

    linkedin.normalize("https://de.linkedin.com/in/J%C3%BCrgen-M%C3%BCller/?trk=x")  # "jürgen-müller"
    linkedin.normalize_company("https://www.linkedin.com/company/ExampleCorp/about/")  # "examplecorp"
"""

from __future__ import annotations

from typing import Literal, NamedTuple, cast

from . import _native
from ._validation import check_text

__all__ = ["Profile", "normalize", "normalize_company", "parse"]


class Profile(NamedTuple):
    """A person on LinkedIn, made by :func:`parse`."""

    sort: Literal["nickname", "member", "sales_navigator", "recruiter", "number"]
    """The type of the name: the last part of a public profile's address, the id of a member (``ACoAA…``), an id of Sales Navigator
    (``ACwAA…``) or Recruiter (``AEMAA…``), or the number of a member."""
    name: str
    """The nickname in lower case, the id or the number."""

    def __str__(self) -> str:
        return self.name


def parse(text: str) -> Profile:
    """Parses a nickname, with or without an ``@``, the address of a profile in any form, a member id or a member's number.

    Raises:
        InvalidInputError: another address, a short link, which does not contain the name, or not a valid name.
    """
    return Profile._make(cast(Profile, _native.linkedin_profile(check_text("linkedin_id", text))))


def normalize(text: str) -> str:
    """Returns the normalized LinkedIn name of a person; see :func:`parse`.

    Raises:
        InvalidInputError: as :func:`parse`.
    """
    return parse(text).name


def normalize_company(text: str) -> str:
    """Returns the normalized LinkedIn name of a company, from its nickname, its number or the address of its page.

    Raises:
        InvalidInputError: another address, or not a valid name.
    """
    return _native.linkedin_company("linkedin", check_text("linkedin", text))
