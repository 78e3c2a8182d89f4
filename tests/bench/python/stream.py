"""Iterates over a listing of contacts, and prints the cost."""

from __future__ import annotations

import sys

import grinfi
from usage import KEY, Meter


def main() -> None:
    how, url, rows = sys.argv[1:]
    with grinfi.Grinfi(KEY, base_url=url, requests_per_minute=None) as client:
        contacts = client.contacts.search(page_size=100)
        if how == "complete":
            contacts = contacts.complete()
        meter = Meter()
        count = sum(contact.uuid is not None for contact in contacts)
        if count != int(rows):
            sys.exit(f"{count} contacts of {rows} were read")
        meter.finish(rows=count)


if __name__ == "__main__":
    main()
