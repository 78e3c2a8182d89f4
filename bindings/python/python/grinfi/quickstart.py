"""A tour of the package on the embedded sandbox: ``python -m grinfi.quickstart``.

It needs no account, no key and no network, reads no environment variables, and reaches no one.
"""

from __future__ import annotations

import sys

from . import F, GrinfiError, NewContact
from ._sandbox import Sandbox

__all__ = ["main", "run"]

COMPANIES = ("ExampleCorp", "Sample & Sons")
PAGE = 10


def run() -> None:
    """Creates a list and contacts, searches them, sends a message and starts an automation; prints each step."""
    with Sandbox() as sandbox, sandbox.client() as client:
        print(f"A sandbox of the Grinfi API listens at {sandbox.base_url}; nothing below reaches anyone.\n")

        me = client.users.current()
        print(f"1. The key works: it belongs to {me.first_name} {me.last_name}, team {client.team_id}.")

        fair = client.lists.create("Autumn fair")
        print(f"2. Created the list \"{fair.name}\".")

        people: list[NewContact] = [
            {
                "linkedin_id": f"visitor-{number:02}-example",
                "first_name": "Visitor",
                "last_name": f"No. {number}",
                "company_name": COMPANIES[number % 5 == 0],
                "position": "Head of Sales",
            }
            for number in range(1, 41)
        ]
        created = client.contacts.create_many(fair.uuid, people)
        print(f"3. Created {len(created)} contacts in it with one call.")

        search = client.contacts.search(
            F.company_name == "ExampleCorp", list_uuid=fair.uuid, order_by="-created_at", page_size=PAGE
        )
        print(f"4. Of these, {search.count()} work at ExampleCorp. The same filter, read {PAGE} at a time:")
        found = []
        for number, page in enumerate(search.pages(), start=1):
            found.extend(page.data)
            print(f"   page {number}: {len(page)} contacts, from {page[0].name} to {page[-1].name}")

        contact = found[0]
        sender = client.sender_profiles.list(status="enabled").first()
        if sender is None:
            raise GrinfiError("no sender profile is enabled")
        message = client.linkedin_messages.send(
            sender_profile_uuid=sender.uuid,
            contact_uuid=contact.uuid,
            text="Thank you for stopping by at our stand. Shall we talk next week?",
        )
        print(f"5. Sent {contact.name} a LinkedIn message as {sender.first_name} {sender.last_name}: it is {message.status}.")

        automation = client.automations.list(status="draft").first()
        if automation is None:
            raise GrinfiError("no automation is waiting to be started")
        started = client.automations.start(automation.uuid)
        for other in found[1:]:
            client.automations.add_contact(started.uuid, contact_uuid=other.uuid)
        print(f"6. Started the automation \"{started.name}\": it is {started.status}, with {len(found) - 1} contacts enrolled.")

        print("\nThe outbox, what people would have got:")
        for sent in sandbox.outbox:
            print(f"   {sent.queued_at:%Y-%m-%d %H:%M} UTC  {sent.sender_name} to {sent.recipient_name}, on {sent.channel}:")
            print(f"      {sent.text}")
        print("\nWith grinfi.Grinfi() the same calls go to the real API, with the key in GRINFI_API_KEY.")


def main() -> int:
    """Runs the quick start, and returns the exit status."""
    try:
        run()
    except GrinfiError as error:
        print(f"The quick start failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
