"""What the API does in the background, and how to wait for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from .. import _progress
from .._core import refuse_raw
from .._errors import Progress
from ._imported import Imported

if TYPE_CHECKING:
    from .. import _native
    from .._core import AsyncCore

__all__ = ["AsyncImportJob", "AsyncMassAction"]


class AsyncMassAction:
    """A mass action that the API accepted. It need not be waited for: dropping this changes nothing."""

    __slots__ = ("_client", "_job")

    def __init__(self, client: AsyncCore, job: _native.Job) -> None:
        self._client = client
        self._job = job

    async def wait(
        self,
        *,
        deadline: float | timedelta = 600.0,
        on_progress: Callable[[Progress], object] | None = None,
        first_pause: float | timedelta = 1.0,
        max_pause: float | timedelta = 15.0,
        max_looks: int | None = None,
    ) -> Progress:
        """Waits until the effect is there: until each selected record that exists is as the action makes it.

        The API does not say how far a mass action is, so this counts, two counts a look, and the looks come further and further
        apart. What it cannot tell: that the API gave up on some records; then the deadline ends it. That somebody else did the
        same; then it counts as done. With ``all=True``, records that come in meanwhile count too.

        Args:
            deadline: How long to wait in all, in seconds or as a ``timedelta``.
            on_progress: Called with a :class:`~grinfi.Progress` after every look. What it raises ends the waiting.
            first_pause: The pause after the first look; each is half as long again as the one before.
            max_pause: The longest pause.
            max_looks: How many times to look at the most.

        Raises:
            StillRunningError: it is not done yet; it can be waited for again.
            InvalidInputError: an argument that is no time.
            ClientClosedError: the client that started it was closed.

        Example::

            moving = await client.contacts.bulk([jane.uuid]).change_list(fair.uuid)
            await moving.wait(on_progress=lambda progress: print(progress.done, "of", progress.total))
        """
        _progress.check_callback(on_progress)
        waits = _progress.waits(deadline, max_looks=max_looks, first_pause=first_pause, max_pause=max_pause)
        refuse_raw("waiting makes several requests")
        done = await _progress.follow_later(self._job.wait(waits), Progress._make, on_progress, client=self._client)
        return Progress._make(json.loads(done))


class AsyncImportJob:
    """An import of contacts under way, made by ``client.file_imports.start_contacts`` or, after a restart, ``resume``."""

    __slots__ = ("_client", "before", "list_uuid", "rows")

    list_uuid: str
    """The list that the contacts go to."""
    before: int
    """How many contacts it held before; with this and the list the job can be resumed."""
    rows: int | None
    """How many rows the file has, if that was said."""

    def __init__(self, client: AsyncCore, list_uuid: str, before: int, rows: int | None) -> None:
        self._client = client
        self.list_uuid = list_uuid
        self.before = before
        self.rows = rows

    async def wait(
        self,
        *,
        deadline: float | timedelta = 600.0,
        on_progress: Callable[[Progress], object] | None = None,
        settle: float | timedelta = 30.0,
        first_pause: float | timedelta = 1.0,
        max_pause: float | timedelta = 15.0,
        max_looks: int | None = None,
    ) -> Imported:
        """Waits until the list has gained as many contacts as the file has rows, or has gained some and then not changed for the
        time of ``settle``, by ``countContacts``.

        What this cannot tell: an import that adds nothing, because every contact was there already, from one that has not
        begun; both last until the deadline. Nor its contacts from those that others add to the same list meanwhile, so a list
        of its own is the best place for an import.

        Args:
            deadline: How long to wait in all, in seconds or as a ``timedelta``.
            on_progress: Called with a :class:`~grinfi.Progress` after every look. What it raises ends the waiting.
            settle: How long nothing may have changed until it counts as over.
            first_pause: The pause after the first look; each is half as long again as the one before.
            max_pause: The longest pause.
            max_looks: How many times to look at the most.

        Raises:
            StillRunningError: it is not done yet; it can be waited for again.
            InvalidInputError: an argument that is no time.
            ClientClosedError: the client that started it was closed.

        Example::

            job = await client.file_imports.start_contacts(file.uuid, columns={"Mail": "work_email"}, list_uuid=fair.uuid, rows=2)
            imported = await job.wait()
            print(imported.added)
        """
        _progress.check_callback(on_progress)
        waits = _progress.waits(
            deadline, max_looks=max_looks, first_pause=first_pause, max_pause=max_pause, settle=settle
        )
        call = {"call": "import", "arguments": {"list_uuid": self.list_uuid, "before": self.before, "rows": self.rows}}
        waiting = self._client._native.wait_for(json.dumps(call), waits)
        done = await _progress.follow_later(waiting, Progress._make, on_progress, client=self._client)
        added, complete, progress = json.loads(done)
        return Imported(added, complete, Progress._make(progress))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} list_uuid={self.list_uuid!r}, before={self.before}, rows={self.rows}>"
