"""What a type checker has to see; never run."""

from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from typing_extensions import assert_type

import grinfi
from grinfi import F, enums, linkedin, models
from grinfi.sandbox import Tenant

with grinfi.Grinfi(timeout=timedelta(seconds=5), max_retries=0) as client:
    assert_type(client, grinfi.Grinfi)
    assert_type(client.team_id, int | None)

    user = client.users.current()
    assert_type(user.email, str | None)
    assert_type(user.id, int)

    fair = client.lists.create("Fair")
    assert_type(fair, grinfi.List)
    assert_type(fair.uuid, str)
    assert_type(fair.created_at, datetime | None)
    assert_type(client.lists.list(uuid=[UUID(int=1), "x"], order_by="-created_at"), grinfi.Listing[grinfi.List])
    assert_type(client.lists.update(fair.uuid, name="x").name, str | None)

    new: grinfi.NewContact = {"linkedin_id": "x", "headline": None}
    created = client.contacts.create_many(fair.uuid, [new, {"first_name": "Jane"}])
    assert_type(created, list[grinfi.Contact])
    contact = client.contacts.upsert(fair.uuid, linkedin_id="x", headline=None, custom_fields={"a": 1})
    assert_type(contact.experience, list[models.ContactExperience] | None)
    assert_type(contact.custom_fields, dict[str, Any] | None)
    assert_type(contact["anything"], Any)
    assert_type(contact.to_dict(), dict[str, Any])
    assert_type(client.contacts.lookup(email="x"), grinfi.Contact | None)
    assert_type(client.contacts.count(F.name == "x", tags=["a"]), int)

    since = datetime(2026, 1, 1, tzinfo=timezone.utc)
    search = client.contacts.search(F.created_at.between(since, since), {"name": "x"}, company_name=["a", "b"])
    assert_type(search, grinfi.Listing[grinfi.Contact])
    assert_type(search.first(), grinfi.Contact | None)
    assert_type(search.count(), int)
    assert_type(search.to_list(), list[grinfi.Contact])
    for page in search.pages():
        assert_type(page, grinfi.Page[grinfi.Contact])
        assert_type(page[0], grinfi.Contact)
        assert_type(page.total, int | None)
    for row in search:
        assert_type(row, grinfi.Contact)
    assert_type((F.name == "x") & F.work_email.is_null(), grinfi.Condition)

    raw = client.with_raw_response(client.contacts.get)(contact.uuid)
    assert_type(raw, grinfi.RawResponse[grinfi.Contact])
    assert_type(raw.headers, dict[str, str])
    assert_type(raw.value.name, str | None)
    changed = client.contacts.update("c", headline=None, custom_fields={"a": None}, list_uuid=UUID(int=1))
    assert_type(changed, grinfi.Contact)
    moving = client.contacts.bulk(["c"]).change_list("l")
    assert_type(moving, grinfi.MassAction)
    assert_type(moving.wait(deadline=timedelta(minutes=1), on_progress=print), grinfi.Progress)
    importing = client.file_imports.start_contacts("f", columns={"Mail": "work_email"}, list_uuid="l", rows=2)
    assert_type(importing, grinfi.ImportJob)
    assert_type(importing.wait().added, int)
    with open("offer.pdf", "rb") as file:
        uploaded = client.attachments.upload(file, on_progress=lambda sent: print(sent.sent, sent.total))
    assert_type(uploaded, models.Attachment)
    assert_type(linkedin.normalize("jane-roe-example"), str)

    message = client.linkedin_messages.send(sender_profile_uuid="s", contact_uuid=contact.uuid, text="x")
    assert_type(message.status, enums.LinkedinMessageStatus | None)
    automation = client.automations.start("f")
    assert_type(automation.is_public, bool | None)
    assert_type(automation.schedule, models.Schedule | None)
    assert_type(client.automations.stop("f").use_sender_schedule, bool | None)

try:
    pass
except grinfi.GrinfiError as error:
    assert_type(error.fields, dict[str, list[str]])
    assert_type(error.retry_after, float | None)
    assert_type(error.partial_failure, grinfi.PartialFailure | None)
    assert_type(error.partial_failure.steps if error.partial_failure else [], list[grinfi.Step])

with grinfi.Sandbox(seed="empty") as sandbox:
    assert_type(sandbox.outbox, list[grinfi.OutboxMessage])
    assert_type(sandbox.outbox[0].queued_at, datetime)
    assert_type(sandbox.client(), grinfi.Grinfi)
    with sandbox.new_tenant() as tenant, tenant.add_fault("html", status=502, nth=2) as fault:
        assert_type(tenant, Tenant)
        assert_type(fault.latency, float | None)
    assert_type(sandbox.clock.now, datetime)
    assert_type(sandbox.requests[0].reasons[0].pointer, str)
    assert_type(sandbox.deliver()[0].next_attempt, datetime | None)


async def awaited(client: grinfi.AsyncGrinfi) -> None:
    """The asynchronous client has the same types, to be awaited."""
    assert_type(await client.tags.create("x"), models.Tag)
    assert_type(client.tags.list(), grinfi.AsyncListing[models.Tag])
    assert_type(await client.tags.list().to_list(), list[models.Tag])
    assert_type(await client.contacts.lookup(email="x"), grinfi.Contact | None)
    listing = client.tasks.list(status="closed", executed_at=datetime.now(timezone.utc))
    assert_type(listing, grinfi.AsyncListing[models.Task])
    assert_type(await listing.first(), models.Task | None)
    assert_type(listing.complete(), grinfi.AsyncListing[models.Task])
    async for task in listing:
        assert_type(task.executed_at, datetime | None)
    assert_type(client.with_options(max_retries=0), grinfi.AsyncGrinfi)
    ensured = await client.webhooks.ensure("x", event="contact_replied_email", target_url="https://example.com")
    assert_type(ensured.webhook, models.Webhook)
    assert_type(ensured.duplicates, list[str])
    assert_type(await client.contacts.move_to_list("c", "l"), grinfi.AsyncMassAction)
    assert_type(await (await client.contacts.move_to_list("c", "l")).wait(), grinfi.Progress)
    assert_type(await client.request("GET", "/x"), grinfi.Response)
    assert_type((await client.with_raw_response(client.tags.create)("x")).value, models.Tag)
