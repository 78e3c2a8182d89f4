"""The client library for the Grinfi.io API: contacts, lists, automations and LinkedIn messages.

::

    import grinfi

    with grinfi.Sandbox() as sandbox, sandbox.client() as client:
        for contact in client.contacts.search(company_name="ExampleCorp"):
            print(contact.name, contact.created_at)

The sandbox is a local server with the API. ``grinfi.Grinfi()`` reads the key from ``GRINFI_API_KEY`` and calls the real API:
messages reach people. ``python -m grinfi.quickstart`` shows more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._async.listing import AsyncListing, AsyncPages, AsyncRows
from ._client import AsyncGrinfi, Grinfi
from ._conditions import Condition
from ._errors import (
    BadRequestError,
    ClientClosedError,
    ConfigError,
    ConnectError,
    DecodeError,
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
    TransportError,
    UnauthorizedError,
    UnconfirmedRequest,
    UnknownOutcomeError,
    ValidationError,
)
from ._listing import Page
from ._native import __version__
from ._record import Record
from ._responses import RawResponse, Response
from ._sync.listing import Listing, Pages, Rows
from ._validation import NOT_GIVEN, NotGiven
from .filters import F

if TYPE_CHECKING:
    from . import enums, inputs, linkedin, models, resources, sandbox
    from ._async.jobs import AsyncImportJob, AsyncMassAction
    from ._generated.inputs import NewContact
    from ._generated.models import Automation, Contact, LinkedinMessage, List, SenderProfile, User
    from ._progress import UploadProgress
    from ._results import EnsuredWebhook, Imported
    from ._sandbox import Sandbox
    from ._sandbox_records import LoggedRequest, OutboxMessage
    from ._sync.jobs import ImportJob, MassAction
    from ._tables import ArrowTable

__all__ = [
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
    "ConnectError",
    "Contact",
    "DecodeError",
    "EmptyResponseError",
    "EnsuredWebhook",
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
    "LoggedRequest",
    "Lookups",
    "MalformedKeyError",
    "MassAction",
    "MissingKeyError",
    "NOT_GIVEN",
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
    "TransportError",
    "UnauthorizedError",
    "UnconfirmedRequest",
    "UnknownOutcomeError",
    "UploadProgress",
    "User",
    "ValidationError",
    "__version__",
    "enums",
    "inputs",
    "linkedin",
    "models",
    "resources",
    "sandbox",
]

if not TYPE_CHECKING:

    # Imported when they are first used: a program that only calls methods needs none of them.
    _LAZY = {
        "ArrowTable": "_tables",
        "AsyncImportJob": "_async.jobs",
        "AsyncMassAction": "_async.jobs",
        "Automation": "_generated.models",
        "Contact": "_generated.models",
        "EnsuredWebhook": "_results",
        "ImportJob": "_sync.jobs",
        "Imported": "_results",
        "LinkedinMessage": "_generated.models",
        "List": "_generated.models",
        "LoggedRequest": "_sandbox_records",
        "MassAction": "_sync.jobs",
        "NewContact": "_generated.inputs",
        "OutboxMessage": "_sandbox_records",
        "Sandbox": "_sandbox",
        "SenderProfile": "_generated.models",
        "UploadProgress": "_progress",
        "User": "_generated.models",
    }

    def __getattr__(name: str) -> Any:
        import importlib

        if name in ("enums", "inputs", "linkedin", "models", "resources", "sandbox"):
            return importlib.import_module(f".{name}", __name__)
        if name in _LAZY:
            value = getattr(importlib.import_module(f".{_LAZY[name]}", __name__), name)
            globals()[name] = value
            return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted(__all__)
