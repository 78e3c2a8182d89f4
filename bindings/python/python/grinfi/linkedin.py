"""Names of people and companies on LinkedIn, brought into the one form that they are stored and matched by.

The same profile is written in a dozen ways: with and without ``www.``, on a country's host, with a query, percent-encoded or
not, in capitals, from Sales Navigator or Recruiter. The API matches letter by letter, so two spellings make two contacts. Every
method of this package that takes such a name brings it into this form by itself; these functions are for data of your own, to
find duplicates before an import for instance.

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
    """What sort of name it is: the last part of a public profile's address, the id of a member (``ACoAA…``), one in Sales
    Navigator (``ACwAA…``) or in Recruiter (``AEMAA…``), or the number of a member."""
    name: str
    """The nickname in lower case, or the id or number, as the API takes it."""

    def __str__(self) -> str:
        return self.name


def parse(text: str) -> Profile:
    """Reads a nickname, with or without an ``@``, the address of a profile in any form, a member id or a member's number.

    Raises:
        InvalidInputError: an address of something else or somewhere else, a short link, which does not tell whom it leads to,
            or what can be no name.
    """
    return Profile._make(cast(Profile, _native.linkedin_profile(check_text("linkedin_id", text))))


def normalize(text: str) -> str:
    """The one form of a person's name on LinkedIn, from any; see :func:`parse`.

    Raises:
        InvalidInputError: as :func:`parse`.
    """
    return parse(text).name


def normalize_company(text: str) -> str:
    """The one form of a company's name on LinkedIn, from its nickname, its number or the address of its page.

    Raises:
        InvalidInputError: an address of something else or somewhere else, or what can be no name.
    """
    return _native.linkedin_company("linkedin", check_text("linkedin", text))
