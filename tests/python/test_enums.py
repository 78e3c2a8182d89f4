"""Enumerations as arguments: an unknown value is refused before anything is sent, with the known values."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

import grinfi
from grinfi import enums
from mock_server import MockResponse, Server

THEN = datetime(2026, 1, 1, tzinfo=timezone.utc)
OBJECTS = '"lead", "company"'

WRONG: list[tuple[Callable[[Any], Any], str, str]] = [
    (lambda c: c.pipeline_stages.list("contact"), "object", f'must be one of {OBJECTS}, got "contact"; did you mean `lead`?'),
    (lambda c: c.pipeline_stages.list("Lead"), "object", f'must be one of {OBJECTS}, got "Lead"; did you mean `lead`?'),
    (lambda c: c.pipeline_stages.list("compny"), "object", "did you mean `company`?"),
    (lambda c: c.pipeline_stages.list("x"), "object", f'must be one of {OBJECTS}, got "x"'),
    (lambda c: c.pipeline_stages.create("New", object="contact", category="cold"), "object", OBJECTS),
    (lambda c: c.pipeline_stages.create("New", object="lead", category="colt"), "category", "did you mean `cold`?"),
    (lambda c: c.custom_fields.create("persona", object="contact"), "object", OBJECTS),
    (lambda c: c.custom_fields.set_value("f", "x", object="contact", object_uuid="c"), "object", OBJECTS),
    (lambda c: c.custom_fields.clear_value("f", object="contact", object_uuid="c"), "object", OBJECTS),
    (lambda c: c.tasks.group_counts("statuss", filter={}), "group_field", "did you mean `status`?"),
    (lambda c: c.linkedin_messages.group_counts("typ", filter={}), "group_field", "did you mean `type`?"),
    (lambda c: c.contacts.metrics(period_from=THEN, period_to=THEN, metrics=["linkedin_sent_cuont"]),
     "metrics[0]", "did you mean `linkedin_sent_count`?"),
    (lambda c: c.tags.metrics(uuids=["t"], metrics=["leads_cuont"]), "metrics[0]", "did you mean `leads_count`?"),
    (lambda c: c.webhooks.ensure("x", event="contact_replied_mail", target_url="https://example.com/"), "event",
     "did you mean `contact_replied_email`?"),
    (lambda c: c.webhooks.ensure("x", event="contact_created", target_url="https://example.com/", request_method="post"),
     "request_method", "did you mean `POST`?"),
    (lambda c: c.webhooks.create("x", event="contact_created", target_url="https://example.com/", status="onn"), "status",
     'must be one of "on", "off", got "onn"; did you mean `on`?'),
    (lambda c: c.ai_templates.create("x", type="mesage", is_public=True), "type", "did you mean `message`?"),
]  # fmt: skip


@pytest.fixture(params=["Grinfi", "AsyncGrinfi"])
def either(request: pytest.FixtureRequest, server: Server, key: str) -> Any:
    return getattr(grinfi, request.param)(key, base_url=server.base_url)


def done(use: Callable[[], Any]) -> Any:
    async def awaited() -> Any:
        result = use()
        return await result if hasattr(result, "__await__") else result

    return asyncio.run(awaited())


@pytest.mark.parametrize(("use", "field", "says"), WRONG)
def test_unknown_value_lists_the_choices(
    either: Any, server: Server, use: Callable[[Any], Any], field: str, says: str
) -> None:
    try:
        done(lambda: use(either))
    except TypeError as error:
        raise AssertionError("the test calls it wrongly") from error
    except grinfi.InvalidInputError as error:
        assert error.field == field and str(error).startswith(f"`{field}` ") and says in str(error), str(error)
    else:
        raise AssertionError("it was taken")
    assert server.requests == []


def test_accepts_newer_values_of_enumerations(server: Server, key: str) -> None:
    client = grinfi.Grinfi(key, base_url=server.base_url)
    server.replies = [MockResponse(201, {"uuid": "w", "event": "newer_event"})]
    made = client.webhooks.create(
        "x", event=enums.WebhookEvent("newer_event"), target_url="https://example.com/", request_method="POST"
    )
    assert server.requests[-1].json()["event"] == "newer_event"
    # Values from the API can be sent back.
    assert made.event is not None and not made.event.known
    client.webhooks.update("w", event=made.event)
    assert server.requests[-1].json() == {"event": "newer_event"}
    with pytest.raises(grinfi.InvalidInputError, match="use enums.WebhookEvent"):
        client.webhooks.update("w", event="newer_event")
    # A value of another enumeration is refused.
    with pytest.raises(grinfi.InvalidInputError, match="^`event` "):
        client.webhooks.update("w", event=enums.TaskStatus("newer_event"))
    assert len(server.requests) == 2


def test_requires_time_zones(either: Any, server: Server) -> None:
    for time in ("2026-01-01T00:00:00", "2026-01-01 00:00", datetime(2026, 1, 1)):
        for use in (
            lambda: either.contacts.metrics(period_from=time, period_to=THEN, metrics=["linkedin_sent_count"]),
            lambda: either.contacts.metrics(period_from=THEN, period_to=time, metrics=["linkedin_sent_count"]),
            lambda: either.tasks.create(contact_uuid="c", sender_profile_uuid="s", text="x", schedule_at=time),
        ):
            with pytest.raises(grinfi.InvalidInputError, match="zone") as refused:
                done(use)
            assert refused.value.field in ("period_from", "period_to", "schedule_at")
    assert server.requests == []
