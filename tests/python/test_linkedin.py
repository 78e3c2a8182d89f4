"""Normalization of LinkedIn names."""

import sys
from typing import Any

import pytest

import grinfi
from grinfi import F, linkedin


@pytest.mark.parametrize(
    ("text", "sort", "name"),
    [
        ("Jane-Roe-Example", "nickname", "jane-roe-example"),
        ("@jane-roe-example", "nickname", "jane-roe-example"),
        ("https://de.linkedin.com/in/J%C3%BCrgen-M%C3%BCller/de/?trk=x", "nickname", "jürgen-müller"),
        ("https://www.linkedin.com/sales/lead/ACwAAAB6GuQBEz2TMHbG4sa7,NAME_SEARCH,a1b2", "sales_navigator", "ACwAAAB6GuQBEz2TMHbG4sa7"),
        ("ACoAAAB6GuQBEz2TMHbG4sa7", "member", "ACoAAAB6GuQBEz2TMHbG4sa7"),
        ("12345", "number", "12345"),
    ],
)
def test_normalizes_people(text: str, sort: str, name: str) -> None:
    profile = linkedin.parse(text)
    assert profile == (sort, name) and str(profile) == name == linkedin.normalize(text)
    assert linkedin.normalize(name) == name


def test_normalizes_companies() -> None:
    assert linkedin.normalize_company("https://www.linkedin.com/company/ExampleCorp/about/") == "examplecorp"


@pytest.mark.parametrize("text", ["", "  ", "https://example.com/in/jane", "https://lnkd.in/x", "jane roe", "https://www.linkedin.com/company/x", 5, None])
def test_rejects_invalid_people(text: Any) -> None:
    for read in (linkedin.normalize, linkedin.parse):
        with pytest.raises(grinfi.InvalidInputError) as caught:
            read(text)
        assert caught.value.field == "linkedin_id"


def test_rejects_invalid_companies() -> None:
    for text in ("https://www.linkedin.com/in/jane", "", "a company", 5):
        with pytest.raises(grinfi.InvalidInputError) as caught:
            linkedin.normalize_company(text)  # type: ignore[arg-type]
        assert caught.value.field == "linkedin"


def test_invalid_name_names_the_argument(sandbox: grinfi.Sandbox, client: grinfi.Grinfi) -> None:
    contacts, companies = client.contacts, client.companies
    for call, field in [
        (lambda: contacts.upsert("l", linkedin_id="https://example.com/in/x"), "linkedin_id"),
        (lambda: contacts.upsert("l", linkedin_id="x", ln_id="jane"), "ln_id"),
        (lambda: contacts.upsert("l", linkedin_id="x", sn_id="jane"), "sn_id"),
        (lambda: contacts.upsert("l", linkedin_id="x", work_email="x"), "work_email"),
        (lambda: contacts.update("c", linkedin="https://example.com/x"), "linkedin"),
        (lambda: contacts.create_many("l", [{"linkedin_id": "a"}, {"linkedin_id": "a b"}]), "contacts[1].linkedin_id"),
        (lambda: contacts.create_many("l", [{"work_email": "x@"}]), "contacts[0].work_email"),
        (lambda: contacts.lookup(linkedin_id="https://example.com/in/x"), "linkedin_id"),
        (lambda: companies.create_many([{"linkedin": "https://www.linkedin.com/in/x"}]), "companies[0].linkedin"),
        (lambda: companies.create_many([{"industry": "x"}]), "companies[0]"),
        (lambda: companies.create_many([]), "companies"),
        (lambda: companies.update("c", linkedin="a b"), "linkedin"),
        (lambda: companies.lookup([]), "lookups"),
        (lambda: companies.lookup([{}]), "lookups[0]"),
        (lambda: companies.lookup([{"name": " "}]), "lookups[0].name"),
        (lambda: companies.lookup([{"linkedin": "a b"}]), "lookups[0].linkedin"),
        (lambda: client.contact_blacklist.add(linkedin="https://example.com/in/x"), "linkedin"),
        (lambda: client.contact_blacklist.add(email="x"), "email"),
        (lambda: client.company_blacklist.add(linkedin="a b"), "linkedin"),
        (lambda: client.contacts.search(F.linkedin == "https://example.com/x"), "linkedin"),
    ]:
        with pytest.raises(grinfi.InvalidInputError) as caught:
            call()  # type: ignore[no-untyped-call]
        assert caught.value.field == field, caught.value
    assert sandbox.requests == []


def test_any_form_finds_the_contact(client: grinfi.Grinfi) -> None:
    fair = client.lists.create("Fair")
    one = client.contacts.upsert(fair.uuid, linkedin_id="https://de.linkedin.com/in/J%C3%BCrgen-M%C3%BCller-Example/")
    two = client.contacts.upsert(fair.uuid, linkedin_id="jürgen-müller-example")
    assert one.uuid == two.uuid
    assert client.contacts.count(F.linkedin == "https://linkedin.com/in/JÜRGEN-müller-example") == 1
    assert client.contact_blacklist.add(linkedin="https://linkedin.com/in/Jane-Roe-Example/").linkedin == "jane-roe-example"
    assert client.company_blacklist.add(linkedin="https://linkedin.com/company/ExampleCorp/").linkedin == "examplecorp"


def unstable(text: str) -> str | None:
    """Returns the parsed name if parsing it again gives another one, otherwise None."""
    for parse in (linkedin.parse, linkedin.normalize_company):
        try:
            parsed = str(parse(text))
        except grinfi.InvalidInputError:
            continue
        try:
            again = str(parse(parsed))
        except grinfi.InvalidInputError as error:
            again = f"an error: {error}"
        if again != parsed:
            return f"{text!r} parses to {parsed!r}, and that to {again!r}"
    return None


def test_normalization_is_idempotent_for_all_characters() -> None:
    characters = (chr(number) for number in range(sys.maxunicode + 1) if not 0xD800 <= number <= 0xDFFF)
    assert [found for character in characters if (found := unstable(f"a{character}b"))] == []


@pytest.mark.parametrize("text", ["jane\u037eroe", "jane\u1fefroe", "lin\u212aedin.com"])
def test_rejects_characters_that_normalize_to_invalid_ones(text: str) -> None:
    for parse in (linkedin.parse, linkedin.normalize_company):
        with pytest.raises(grinfi.InvalidInputError):
            parse(text)
