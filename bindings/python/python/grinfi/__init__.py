"""The client library for the Grinfi.io API: contacts, lists, automations and LinkedIn messages.

::

    import grinfi

    with grinfi.Sandbox() as sandbox, sandbox.client() as client:
        for contact in client.contacts.search(company_name="ExampleCorp"):
            print(contact.name, contact.created_at)

The sandbox is the API as a local server. With ``grinfi.Grinfi()`` the key comes from ``GRINFI_API_KEY`` and the calls are
real: messages go to people. ``python -m grinfi.quickstart`` shows the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._client import AsyncGrinfi, Grinfi
from ._core import Response
from ._errors import (
    BadRequestError,
    ClientClosedError,
    ConfigError,
    ConnectionBrokenError,
    ConnectionFailedError,
    DecodeError,
    EmptyResponseError,
    ForbiddenError,
    GrinfiError,
    InvalidInputError,
    ListingError,
    MalformedKeyError,
    MissingKeyError,
    NotFoundError,
    OutOfCreditsError,
    RateLimitedError,
    RequestTimeoutError,
    SandboxError,
    ServerError,
    StatusError,
    UnauthorizedError,
    UnknownOutcomeError,
    ValidationError,
)
from ._listing import AsyncListing, Listing, Page
from ._generated.models import Automation, Contact, LinkedinMessage, List, SenderProfile, User
from ._native import __version__
from ._record import Record
from ._types import NOT_GIVEN, NotGiven
from .filters import Condition, F

if TYPE_CHECKING:
    from . import enums, inputs, models
    from ._generated.inputs import NewContact
    from ._sandbox import LoggedRequest, OutboxMessage, Sandbox

__all__ = [
    "NOT_GIVEN",
    "AsyncGrinfi",
    "AsyncListing",
    "Automation",
    "BadRequestError",
    "ClientClosedError",
    "Condition",
    "ConfigError",
    "ConnectionBrokenError",
    "ConnectionFailedError",
    "Contact",
    "DecodeError",
    "EmptyResponseError",
    "F",
    "ForbiddenError",
    "Grinfi",
    "GrinfiError",
    "InvalidInputError",
    "LinkedinMessage",
    "List",
    "Listing",
    "ListingError",
    "LoggedRequest",
    "MalformedKeyError",
    "MissingKeyError",
    "NewContact",
    "NotFoundError",
    "NotGiven",
    "OutOfCreditsError",
    "OutboxMessage",
    "Page",
    "RateLimitedError",
    "Record",
    "RequestTimeoutError",
    "Response",
    "Sandbox",
    "SandboxError",
    "SenderProfile",
    "ServerError",
    "StatusError",
    "UnauthorizedError",
    "UnknownOutcomeError",
    "User",
    "ValidationError",
    "__version__",
    "enums",
    "inputs",
    "models",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        # Production imports the client alone.
        if name in ("LoggedRequest", "OutboxMessage", "Sandbox"):
            from . import _sandbox

            return getattr(_sandbox, name)
        if name in ("enums", "inputs", "models"):
            import importlib

            return importlib.import_module(f".{name}", __name__)
        if name == "NewContact":
            from ._generated import inputs

            return inputs.NewContact
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
