"""Enumerations that grow."""

from __future__ import annotations

from typing import Any, ClassVar

__all__ = ["OpenEnum"]


class OpenEnum(str):
    """A text of which some values are known.

    It is a ``str`` in every way: it compares with texts, goes into JSON and into ``match``. The known values are attributes
    of the class; any other arrives as itself, and :attr:`known` says so.

    As an argument a plain text must be one of the known values. A value that is newer than this package is passed as a value of
    the class.

    Example::

        if automation.status == "on": ...
        if automation.status == grinfi.enums.AutomationStatus.ON: ...
        client.webhooks.update(hook.uuid, event=grinfi.enums.WebhookEvent("newer_event"))
    """

    __slots__ = ()

    values: ClassVar[tuple[str, ...]] = ()
    """The known values, in the order of the API description."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        known = {name: value for name, value in vars(cls).items() if name.isupper() and isinstance(value, str)}
        for name, value in known.items():
            setattr(cls, name, cls(value))
        cls.values = tuple(known.values())

    @property
    def known(self) -> bool:
        """Whether this value was known when this package was made."""
        return self in self.values
