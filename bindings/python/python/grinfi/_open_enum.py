"""Open enumerations."""

from __future__ import annotations

from typing import Any, ClassVar

__all__ = ["OpenEnum"]


class OpenEnum(str):
    """A string with a set of known values.

    It can be used like any other ``str``: compared with strings, serialized to JSON, matched with ``match``. The known values are
    attributes of the class. Other values of the API are kept, and :attr:`known` is false for them.

    A plain string as an argument must be one of the known values. A value that is newer than this package is given as an instance of
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
        """Whether this version of the package knows the value."""
        return self in self.values
