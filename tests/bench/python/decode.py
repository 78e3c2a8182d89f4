"""Reads a listing of contacts with a client, and prints the cost as a line of JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from usage import KEY, Meter

LIMIT = 100
FIELDS = (
    "uuid team_id user_id sender_profile_uuid list_uuid data_source_uuid pipeline_stage_uuid company_uuid name first_name "
    "last_name company_name company_ln_id position headline about avatar_url ln_id sn_id linkedin facebook twitter "
    "work_email personal_email work_phone_number personal_phone_number connections_number followers_number "
    "primary_language supported_languages has_open_profile has_verified_profile has_premium experience posts educations "
    "skills raw_address location tags status linkedin_status email_status unread_counts last_automation_approve_at "
    "created_at updated_at"
).split()

Rows = Iterator[Any]


def body(offset: int) -> dict[str, Any]:
    return {"filter": {}, "limit": LIMIT, "offset": offset}


def grinfi(url: str) -> Callable[[], Rows]:
    import grinfi

    client = grinfi.Grinfi(KEY, base_url=url)
    return lambda: iter(client.contacts.search(page_size=LIMIT))


def httpx_msgspec(url: str) -> Callable[[], Rows]:
    import datetime

    import httpx
    import msgspec

    text, number, texts = str | None, int | None, list[str] | None
    times = {name: (datetime.datetime | None, None) for name in FIELDS if name.endswith("_at")}
    numbers = "team_id user_id connections_number followers_number has_open_profile has_verified_profile has_premium"
    experience = msgspec.defstruct(
        "Experience", [(name, text, None) for name in ("title", "company", "start_date", "end_date")]
    )
    education = msgspec.defstruct(
        "Education", [(name, text, None) for name in ("school", "degree", "field_of_study", "start_year", "end_year")]
    )
    location = msgspec.defstruct("Location", [("address_string", text, None)])
    lists = {
        "supported_languages": texts,
        "skills": texts,
        "tags": texts,
        "posts": list[Any] | None,
        "unread_counts": list[Any] | None,
        "experience": list[experience] | None,  # type: ignore[valid-type]
        "educations": list[education] | None,  # type: ignore[valid-type]
        "location": list[location] | None,  # type: ignore[valid-type]
    }
    fields = []
    for name in FIELDS:
        kind: Any = times[name][0] if name in times else number if name in numbers.split() else lists.get(name, text)
        fields.append((name, kind, None))
    contact = msgspec.defstruct("Contact", fields)
    page = msgspec.defstruct("Page", [("data", list[contact]), ("total", int)])  # type: ignore[valid-type]
    decoder = msgspec.json.Decoder(page)
    client = httpx.Client(base_url=url, headers={"authorization": f"Bearer {KEY}"})

    def read() -> Rows:
        offset = 0
        while True:
            response = client.post("/leads/api/leads/search", json=body(offset)).raise_for_status()
            got = decoder.decode(response.content)
            yield from got.data  # type: ignore[attr-defined]
            offset += len(got.data)  # type: ignore[attr-defined]
            if not got.data or offset >= got.total:  # type: ignore[attr-defined]
                return

    return read


def httpx_pydantic(url: str) -> Callable[[], Rows]:
    import datetime

    import httpx
    import pydantic

    class Experience(pydantic.BaseModel):
        title: str | None = None
        company: str | None = None
        start_date: str | None = None
        end_date: str | None = None

    class Education(pydantic.BaseModel):
        school: str | None = None
        degree: str | None = None
        field_of_study: str | None = None
        start_year: str | None = None
        end_year: str | None = None

    class Location(pydantic.BaseModel):
        address_string: str | None = None

    numbers = "team_id user_id connections_number followers_number has_open_profile has_verified_profile has_premium"
    lists: dict[str, Any] = {
        "supported_languages": list[str],
        "skills": list[str],
        "tags": list[str],
        "posts": list[Any],
        "unread_counts": list[Any],
        "experience": list[Experience],
        "educations": list[Education],
        "location": list[Location],
    }
    fields: dict[str, Any] = {}
    for name in FIELDS:
        kind: Any = lists.get(name, str)
        kind = datetime.datetime if name.endswith("_at") else int if name in numbers.split() else kind
        fields[name] = (kind | None, None)
    contact = pydantic.create_model("Contact", **fields)
    page = pydantic.create_model("Page", data=(list[contact], ...), total=(int, ...))  # type: ignore[valid-type]
    client = httpx.Client(base_url=url, headers={"authorization": f"Bearer {KEY}"})

    def read() -> Rows:
        offset = 0
        while True:
            response = client.post("/leads/api/leads/search", json=body(offset)).raise_for_status()
            got: Any = page.model_validate_json(response.content)
            yield from got.data
            offset += len(got.data)
            if not got.data or offset >= got.total:
                return

    return read


def requests_json(url: str) -> Callable[[], Rows]:
    import requests

    session = requests.Session()
    session.headers["authorization"] = f"Bearer {KEY}"

    def read() -> Rows:
        offset = 0
        while True:
            response = session.post(f"{url}/leads/api/leads/search", json=body(offset))
            response.raise_for_status()
            got = response.json()
            yield from got["data"]
            offset += len(got["data"])
            if not got["data"] or offset >= got["total"]:
                return

    return read


def openapi_python_client(url: str) -> Callable[[], Rows]:
    from grinfi_io_api_client import AuthenticatedClient
    from grinfi_io_api_client.api.contacts import search_contacts
    from grinfi_io_api_client.models import SearchContactsBody

    client = AuthenticatedClient(base_url=url, token=KEY, raise_on_unexpected_status=True)

    def read() -> Rows:
        offset = 0
        while True:
            got: Any = search_contacts.sync(client=client, body=SearchContactsBody.from_dict(body(offset)))
            yield from got.data
            offset += len(got.data)
            if not got.data or offset >= got.total:
                return

    return read


SUBJECTS = {
    "grinfi": grinfi,
    "httpx+msgspec": httpx_msgspec,
    "httpx+pydantic": httpx_pydantic,
    "requests+json": requests_json,
    "openapi-python-client": openapi_python_client,
}


def main() -> None:
    workload, url, rows, times, reads = sys.argv[1:]
    read = SUBJECTS[workload](url)
    as_dict = workload == "requests+json"
    meter = Meter()
    count = letters = 0
    for _ in range(int(times)):
        for row in read():
            count += 1
            if reads == "one":
                letters += len(row["name"] if as_dict else row.name)
            elif as_dict:
                letters += sum(row[name] is not None for name in FIELDS)
            else:
                letters += sum(getattr(row, name) is not None for name in FIELDS)
    if count != int(rows) * int(times):
        sys.exit(f"{count} rows of {rows} x {times} were read")
    meter.finish(rows=count, letters=letters)


if __name__ == "__main__":
    main()
