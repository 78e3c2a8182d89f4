"""Error messages for names that do not exist, with the name that was probably meant."""

from __future__ import annotations

from ._validation import did_you_mean

__all__ = ["missing_method", "missing_resource"]

_RESOURCES = {
    "campaign": "automations",
    "flow": "automations",
    "flow_version": "automation_versions",
    "flow_workspace": "automation_workspaces",
    "inbox": "linkedin_conversations",
    "lead": "contacts",
    "message": "linkedin_messages",
    "people": "contacts",
    "person": "contacts",
    "prospect": "contacts",
    "sender": "sender_profiles",
    "stage": "pipeline_stages",
}
"""Resources by names, in the singular, that the API or other products use for them."""

_METHODS = {
    "add": ("create", "create_many", "upsert"),
    "all": ("list", "search"),
    "complete": ("close",),
    "complete_many": ("close_many",),
    "create": ("upsert", "create_many", "add", "start", "upload", "send"),
    "edit": ("update",),
    "fetch": ("get",),
    "filter": ("search", "list"),
    "find": ("search", "list", "lookup"),
    "get_all": ("list", "search"),
    "iter": ("list", "search"),
    "list": ("search",),
    "modify": ("update",),
    "patch": ("update",),
    "read": ("get",),
    "remove": ("delete",),
    "retrieve": ("get",),
    "search": ("list",),
}
"""Methods to use, most likely first, by the name of a method that a resource does not have."""


def missing_resource(client: object, name: str) -> AttributeError:
    """Returns the error for an attribute that a client does not have."""
    if name.startswith("_"):
        return AttributeError(f"{type(client).__name__} has no attribute `{name}`")
    known = _public(client)
    singular = name.removesuffix("s")
    meant = _RESOURCES.get(singular) or next((other for other in (name + "s", singular) if other in known), None)
    hint = f"; use `{meant}`" if meant and meant in known else did_you_mean(name, known)
    return AttributeError(f"{type(client).__name__} has no attribute `{name}`{hint}")


def missing_method(resource: object, name: str) -> AttributeError:
    """Returns the error for an attribute that a resource does not have."""
    if name.startswith("_"):
        return AttributeError(f"{type(resource).__name__} has no attribute `{name}`")
    known = _public(resource)
    meant = [f"`{method}`" for method in _METHODS.get(name, ()) if method in known][:2]
    hint = f"; use {' or '.join(meant)}" if meant else did_you_mean(name, known)
    return AttributeError(f"{type(resource).__name__} has no attribute `{name}`{hint}")


def _public(owner: object) -> list[str]:
    return [name for name in dir(type(owner)) if not name.startswith("_")]
