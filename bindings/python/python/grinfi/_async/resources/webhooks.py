"""Webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ... import enums, models
from ..._encoders import Boolean, Object, OneOf, Url
from ..._generated.enums import HttpMethod, WebhookEvent
from ..._generated.resources.webhooks import AsyncWebhooks as AsyncGenerated
from ..._results import EnsuredWebhook
from ..._validation import NOT_GIVEN, NotGiven, check_text, is_missing

__all__ = ["AsyncWebhooks"]


class AsyncWebhooks(AsyncGenerated):
    """Webhooks, the calls that the API makes when something happens: ``client.webhooks``."""

    __slots__ = ()

    async def ensure(
        self,
        name: str,
        *,
        event: enums.WebhookEvent | str,
        target_url: str,
        request_method: enums.HttpMethod | str = "POST",
        filters: Mapping[str, Any] | NotGiven = NOT_GIVEN,
        beside_others: bool = False,
    ) -> EnsuredWebhook:
        """Sees to it that there is one webhook for an event and a target, with this method and these filters (``createWebhook``).

        What is there decides. None for this event and target: it is registered. One with the same method and filters: it is
        handed out as it is, with its own name and status; one that somebody switched off stays off. One with others: its method
        and filters are changed. Several: none is deleted; if one is as wanted it is handed out, and the others are named in
        ``duplicates``. Targets are the same if they are the same address, however it is written.

        If the answer to the registration is lost, this looks whether it was made. Two programs that do this at the same moment
        can still register two.

        Args:
            name: What a new one is called.
            event: The event that it tells of.
            target_url: Whom it calls.
            request_method: How.
            filters: A jsonLogic expression that must hold for a call to be made.
            beside_others: Takes webhooks with another method or other filters for webhooks of their own, which stay as they are:
                for several of one event and target that differ in their filters.

        Raises:
            InvalidInputError: a blank text, or a target that is no URL; also several of which none is as wanted.
            ValidationError: the API refuses it.
            UnknownOutcomeError: the answer was lost, and the webhook is not there.

        Example::

            ensured = await client.webhooks.ensure(
                "Replies", event="contact_replied_linkedin_message", target_url="https://example.com/hook?token=t"
            )
            print(ensured.created, ensured.webhook.status)
        """
        webhook, created, changed, duplicates = await self._client._call_resource(
            "ensure_webhook",
            {
                "name": check_text("name", name),
                "event": OneOf(WebhookEvent)("event", event),
                "target_url": Url("target_url", target_url),
                "request_method": OneOf(HttpMethod)("request_method", request_method),
                "filters": None if is_missing(filters) else Object("filters", filters),
                "beside_others": Boolean("beside_others", beside_others),
            },
        )
        return EnsuredWebhook(models.Webhook(webhook), created, changed, duplicates)
