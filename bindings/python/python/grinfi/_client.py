"""The client."""

from __future__ import annotations

from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn

from . import _native
from ._errors import ClientClosedError, ConfigError
from ._resources import Automations, Contacts, LinkedinMessages, Lists, SenderProfiles, Users

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Grinfi"]


class Grinfi:
    """A client for one API key. Threads may share it; a forked process goes on with connections of its own.

    Calls are real: what is sent reaches people. :class:`grinfi.Sandbox` is the API to try things on.

    Args:
        api_key: The key; without it the one in ``GRINFI_API_KEY``. It cannot be read back, printed or pickled.
        base_url: Where the API lives; without it ``GRINFI_BASE_URL``, or the vendor's address.
        connect_timeout: How long a connection may take to come about, in seconds or as a ``timedelta``.
        attempt_timeout: How long one attempt may take, from connecting to the end of the answer.
        max_retries: How often a failed attempt is repeated, where repeating cannot do anything twice.

    Raises:
        MissingKeyError: there is no key, neither given nor in the environment.
        MalformedKeyError: the key cannot be one.
        ConfigError: another setting is wrong; ``field`` names it.

    Example::

        with grinfi.Grinfi() as client:
            print(client.users.current().email)
    """

    users: Users
    """The user behind the key."""
    lists: Lists
    """Lists of contacts."""
    contacts: Contacts
    """Contacts, ``leads`` on the wire."""
    linkedin_messages: LinkedinMessages
    """LinkedIn messages, received and sent."""
    automations: Automations
    """Automations, ``flows`` on the wire."""
    sender_profiles: SenderProfiles
    """The identities that outreach is sent from."""

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        connect_timeout: float | timedelta = 10.0,
        attempt_timeout: float | timedelta = 60.0,
        max_retries: int = 4,
    ) -> None:
        self._closed = False
        self._core = _native.Client(
            api_key=_text("api_key", api_key),
            base_url=_text("base_url", base_url),
            connect_timeout=_seconds("connect_timeout", connect_timeout),
            attempt_timeout=_seconds("attempt_timeout", attempt_timeout),
            max_retries=_retries(max_retries),
        )
        self.users = Users(self)
        self.lists = Lists(self)
        self.contacts = Contacts(self)
        self.linkedin_messages = LinkedinMessages(self)
        self.automations = Automations(self)
        self.sender_profiles = SenderProfiles(self)

    @property
    def base_url(self) -> str:
        """Where the API lives."""
        return self._core.base_url

    @property
    def team_id(self) -> int | None:
        """The team that the key is bound to, as the key itself says."""
        return self._core.team_id

    @property
    def closed(self) -> bool:
        """Whether the client was closed."""
        return self._closed

    def close(self) -> None:
        """Ends the use of this client: further calls raise :class:`~grinfi.ClientClosedError`. Closing twice is fine."""
        self._closed = True

    def __enter__(self) -> Self:
        self._check_open()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def _native(self) -> _native.Client:
        self._check_open()
        return self._core

    def _check_open(self) -> None:
        if self._closed:
            raise ClientClosedError("the client is closed; make a new one")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Grinfi client holds a key and is not pickled; make one in each process")

    def __repr__(self) -> str:
        state = ", closed" if self._closed else ""
        return f"Grinfi(base_url={self.base_url!r}, team_id={self.team_id}{state})"


def _text(field: str, value: str | None) -> str | None:
    if value is not None and not isinstance(value, str):
        # The value is not repeated: it may be a key.
        raise ConfigError(f"{field}: a text is needed, not {type(value).__name__}", field=field)
    return value


def _seconds(field: str, value: float | timedelta) -> float:
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise ConfigError(f"{field}: seconds or a timedelta are needed, not {value!r}", field=field)
    # Not true of NaN either.
    if not 0 < seconds <= 1e9:
        raise ConfigError(f"{field}: {value!r} is no time to wait", field=field)
    return float(seconds)


def _retries(value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**32:
        raise ConfigError(f"max_retries: a whole number from 0 is needed, not {value!r}", field="max_retries")
    return value
