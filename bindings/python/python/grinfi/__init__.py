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
from ._core import RawResponse, Response
from ._errors import (
    BadRequestError,
    ClientClosedError,
    ConfigError,
    ConnectionBrokenError,
    ConnectionFailedError,
    DecodeError,
    UnconfirmedRequest,
    EmptyResponseError,
    ForbiddenError,
    GrinfiError,
    InternalError,
    InvalidInputError,
    JobFailedError,
    ListingError,
    Lookups,
    MalformedKeyError,
    MissingKeyError,
    NotFoundError,
    OutOfCreditsError,
    PartialError,
    PartialFailure,
    Progress,
    RateLimitedError,
    RequestTimeoutError,
    SandboxError,
    ServerError,
    StatusError,
    Step,
    StillRunningError,
    UnauthorizedError,
    UnknownOutcomeError,
    ValidationError,
)
from ._listing import AsyncListing, AsyncPages, AsyncRows, Listing, Page, Pages, Rows
from ._native import __version__
from ._record import Record
from ._types import NOT_GIVEN, NotGiven
from .filters import Condition, F

if TYPE_CHECKING:
    from . import enums, inputs, linkedin, models, sandbox
    from ._by_hand._imported import Imported
    from ._by_hand._jobs import AsyncImportJob, AsyncMassAction
    from ._generated.inputs import NewContact
    from ._generated.models import Automation, Contact, LinkedinMessage, List, SenderProfile, User
    from ._generated.twins._jobs import ImportJob, MassAction
    from ._progress import UploadProgress
    from ._sandbox import Sandbox
    from ._sandbox_records import LoggedRequest, OutboxMessage
    from ._tables import ArrowTable

__all__ = [
    "NOT_GIVEN",
    "ArrowTable",
    "AsyncGrinfi",
    "AsyncImportJob",
    "AsyncListing",
    "AsyncMassAction",
    "AsyncPages",
    "AsyncRows",
    "Automation",
    "BadRequestError",
    "ClientClosedError",
    "Condition",
    "ConfigError",
    "ConnectionBrokenError",
    "ConnectionFailedError",
    "Contact",
    "DecodeError",
    "UnconfirmedRequest",
    "EmptyResponseError",
    "F",
    "ForbiddenError",
    "Grinfi",
    "GrinfiError",
    "ImportJob",
    "Imported",
    "InternalError",
    "InvalidInputError",
    "JobFailedError",
    "LinkedinMessage",
    "List",
    "Listing",
    "ListingError",
    "Lookups",
    "LoggedRequest",
    "MalformedKeyError",
    "MassAction",
    "MissingKeyError",
    "NewContact",
    "NotFoundError",
    "NotGiven",
    "OutOfCreditsError",
    "OutboxMessage",
    "Page",
    "Pages",
    "PartialError",
    "PartialFailure",
    "Progress",
    "RateLimitedError",
    "RawResponse",
    "Record",
    "RequestTimeoutError",
    "Response",
    "Rows",
    "Sandbox",
    "SandboxError",
    "SenderProfile",
    "ServerError",
    "StatusError",
    "Step",
    "StillRunningError",
    "UnauthorizedError",
    "UnknownOutcomeError",
    "UploadProgress",
    "User",
    "ValidationError",
    "__version__",
    "enums",
    "inputs",
    "linkedin",
    "models",
    "sandbox",
]

if not TYPE_CHECKING:

    # Production imports the clients alone; the rest comes when it is named.
    _LATER = {
        "ArrowTable": "_tables",
        "AsyncImportJob": "_by_hand._jobs",
        "AsyncMassAction": "_by_hand._jobs",
        "Automation": "_generated.models",
        "Contact": "_generated.models",
        "ImportJob": "_generated.twins._jobs",
        "Imported": "_by_hand._imported",
        "LinkedinMessage": "_generated.models",
        "List": "_generated.models",
        "LoggedRequest": "_sandbox_records",
        "MassAction": "_generated.twins._jobs",
        "NewContact": "_generated.inputs",
        "OutboxMessage": "_sandbox_records",
        "Sandbox": "_sandbox",
        "SenderProfile": "_generated.models",
        "UploadProgress": "_progress",
        "User": "_generated.models",
    }

    def __getattr__(name: str) -> Any:
        import importlib

        if name in ("enums", "inputs", "linkedin", "models", "sandbox"):
            return importlib.import_module(f".{name}", __name__)
        if name in _LATER:
            value = getattr(importlib.import_module(f".{_LATER[name]}", __name__), name)
            globals()[name] = value
            return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted(__all__)
