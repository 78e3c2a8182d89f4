"""What some methods return."""

from __future__ import annotations

from typing import NamedTuple

from ._errors import Progress
from ._generated.models import Webhook

__all__ = ["EnsuredWebhook", "Imported"]


class EnsuredWebhook(NamedTuple):
    """The result of ``webhooks.ensure``."""

    webhook: Webhook
    """The webhook."""
    created: bool
    """Whether this call registered it."""
    changed: bool
    """Whether this call changed the method or the filters of an existing webhook."""
    duplicates: list[str]
    """The ids of other webhooks for the same event and target, each of which delivers every event again while it is on. They are
    not deleted, since they may be intended."""


class Imported(NamedTuple):
    """The observed result of an import."""

    added: int
    """Number of contacts added to the list. Contacts that existed before may not be counted."""
    complete: bool
    """Whether the list gained as many contacts as the file has rows. If not, the list stopped changing, and the other rows are
    assumed to have added no contact to it."""
    progress: Progress
    """How the waiting went."""
