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
    """Webhooks, requests that the API sends when something happens: ``client.webhooks``."""

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
        """Ensures that a webhook for an event and a target exists, with this method and these filters (``createWebhook``).

        Without a webhook for this event and target, one is registered. One with the same method and filters is returned unchanged,
        with its name and status; it stays off if it is off. One with another method or other filters is changed. Of several, one with
        this method and these filters is returned, and the ids of the others are in ``duplicates``; none is deleted. Targets are equal
        if they are the same address in different forms.

        If the response to the registration is lost, this checks whether the webhook exists. Two programs that call this at the same
        time can register two webhooks.

        Args:
            name: The name of a new webhook.
            event: The event.
            target_url: The URL to send requests to.
            request_method: The HTTP method of these requests.
            filters: A jsonLogic expression that must be true for a request to be sent.
            beside_others: Ignores webhooks with another method or other filters, to have several for one event and target with
                different filters.

        Raises:
            InvalidInputError: a blank text, an invalid target, or several webhooks of which none has this method and these filters.
            ValidationError: the API refuses the request.
            UnknownOutcomeError: the response was lost, and the webhook does not exist.

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
