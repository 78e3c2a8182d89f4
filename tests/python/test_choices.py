"""Enumerations as arguments: an unknown value is refused before anything is sent, with what there is to choose from."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

import grinfi
from grinfi import enums
from misbehaving import Answer, Server

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
def test_an_unknown_value_is_refused_with_the_choices(
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


def test_a_value_that_is_newer_than_the_package_goes_as_one_of_the_enumeration(server: Server, key: str) -> None:
    client = grinfi.Grinfi(key, base_url=server.base_url)
    server.replies = [Answer(201, {"uuid": "w", "event": "newer_event"})]
    made = client.webhooks.create(
        "x", event=enums.WebhookEvent("newer_event"), target_url="https://example.com/", request_method="POST"
    )
    assert server.requests[-1].json()["event"] == "newer_event"
    # What the API gave goes back as it came.
    assert made.event is not None and not made.event.known
    client.webhooks.update("w", event=made.event)
    assert server.requests[-1].json() == {"event": "newer_event"}
    with pytest.raises(grinfi.InvalidInputError, match="use enums.WebhookEvent"):
        client.webhooks.update("w", event="newer_event")
    # One of another enumeration is no such value.
    with pytest.raises(grinfi.InvalidInputError, match="^`event` "):
        client.webhooks.update("w", event=enums.TaskStatus("newer_event"))
    assert len(server.requests) == 2


def test_times_of_arguments_have_a_zone(either: Any, server: Server) -> None:
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
