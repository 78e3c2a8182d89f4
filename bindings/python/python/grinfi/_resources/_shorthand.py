"""The fields that each listing is filtered by as keyword arguments: a value means ``==``, a list means one of.

For type checkers and editors; what counts is the table of the core, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict
from uuid import UUID

Texts = str | Sequence[str]
Ids = str | UUID | Sequence[str | UUID]
Numbers = int | Sequence[int]
Times = datetime | Sequence[datetime]


class ContactFields(TypedDict, total=False):
    """What contacts are filtered by."""

    q: str
    uuid: Ids
    list_uuid: Ids
    pipeline_stage_uuid: Ids
    company_uuid: Ids
    data_source_uuid: Ids
    sender_profile_uuid: Ids
    user_id: Numbers
    name: Texts
    first_name: Texts
    last_name: Texts
    company_name: Texts
    company_ln_id: Texts
    position: Texts
    headline: Texts
    ln_id: Texts
    sn_id: Texts
    linkedin: Texts
    work_email: Texts
    personal_email: Texts
    work_phone_number: Texts
    personal_phone_number: Texts
    email_status: Texts
    linkedin_status: Texts
    status: Texts
    raw_address: Texts
    primary_language: Texts
    connections_number: Numbers
    followers_number: Numbers
    tags: Ids
    last_automation_approve_at: Times
    created_at: Times


class ListFields(TypedDict, total=False):
    """What lists are filtered by."""

    q: str
    uuid: Ids
    name: Texts


class AutomationFields(TypedDict, total=False):
    """What automations are filtered by."""

    q: str
    status: Texts


class SenderProfileFields(TypedDict, total=False):
    """What sender profiles are filtered by."""

    q: str
    status: Texts


class LinkedinMessageFields(TypedDict, total=False):
    """What LinkedIn messages are filtered by."""

    lead_uuid: Ids
    sender_profile_uuid: Ids
    type: Texts
    status: Texts
    sent_at: Times
