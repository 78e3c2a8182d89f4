"""Jobs that the API runs in the background."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from .. import _native
from .._errors import Progress
from .._progress import check_callback, wait_options
from .._responses import refuse_raw_response
from .._results import Imported
from .progress import follow_progress

if TYPE_CHECKING:
    from .client import AsyncApiClient

__all__ = ["AsyncImportJob", "AsyncMassAction"]


class AsyncMassAction:
    """A mass action that the API accepted. Waiting for it is optional."""

    __slots__ = ("_client", "_job")

    def __init__(self, client: AsyncApiClient, job: _native.Job) -> None:
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
        """Waits until the action has had its effect on all selected records that exist.

        The API does not report the progress of mass actions, so this counts records: two counts each time, with growing pauses. If
        the API gave up on some records, the deadline ends the wait. If another program made the same
        change, it counts as done. With ``all=True``, records that are added in the meantime count too.

        Args:
            deadline: Maximum total time to wait, in seconds or as a ``timedelta``.
            on_progress: Called with a :class:`~grinfi.Progress` after every look. An exception in it ends the wait.
            first_pause: The pause after the first look; each further pause is half as long again.
            max_pause: The longest pause.
            max_looks: The maximum number of looks.

        Raises:
            StillRunningError: the action is not done yet; it can be waited for again.
            InvalidInputError: an invalid time or number.
            ClientClosedError: the client that started the action was closed.

        Example::

            moving = await client.contacts.bulk([jane.uuid]).change_list(fair.uuid)
            await moving.wait(on_progress=lambda progress: print(progress.done, "of", progress.total))
        """
        check_callback(on_progress)
        options = wait_options(deadline, max_looks=max_looks, first_pause=first_pause, max_pause=max_pause)
        refuse_raw_response("waiting takes several requests")
        done = await follow_progress(self._job.wait(options), Progress._make, on_progress, client=self._client)
        return Progress._make(json.loads(done))


class AsyncImportJob:
    """Import of contacts that runs in the background. ``client.file_imports.start_contacts`` returns it; after a restart of
    your program ``client.file_imports.resume`` does."""

    __slots__ = ("_client", "before", "list_uuid", "rows")

    list_uuid: str
    """UUID of the list that the contacts are added to."""
    before: int
    """Number of contacts in the list before the import. ``resume`` needs this number and the list."""
    rows: int | None
    """Number of rows of the file, if it was passed."""

    def __init__(self, client: AsyncApiClient, list_uuid: str, before: int, rows: int | None) -> None:
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
        time ``settle``, according to ``countContacts``.

        An import that adds no contact, because all exist, looks like one that has not started: both last until the deadline.
        Contacts that others add to the list in the meantime are counted too, so use a separate list for an import.

        Args:
            deadline: Maximum total time to wait, in seconds or as a ``timedelta``.
            on_progress: Called with a :class:`~grinfi.Progress` after every look. An exception in it ends the wait.
            settle: How long the list must not have changed for the import to count as done.
            first_pause: The pause after the first look; each further pause is half as long again.
            max_pause: The longest pause.
            max_looks: The maximum number of looks.

        Raises:
            StillRunningError: the import is not done yet; it can be waited for again.
            InvalidInputError: an invalid time or number.
            ClientClosedError: the client that started the import was closed.

        Example::

            job = await client.file_imports.start_contacts(file.uuid, columns={"Mail": "work_email"}, list_uuid=fair.uuid, rows=2)
            imported = await job.wait()
            print(imported.added)
        """
        check_callback(on_progress)
        options = wait_options(
            deadline, max_looks=max_looks, first_pause=first_pause, max_pause=max_pause, settle=settle
        )
        call = {"call": "import", "arguments": {"list_uuid": self.list_uuid, "before": self.before, "rows": self.rows}}
        waiting = self._client._native_client.wait_for(json.dumps(call), options)
        done = await follow_progress(waiting, Progress._make, on_progress, client=self._client)
        added, complete, progress = json.loads(done)
        return Imported(added, complete, Progress._make(progress))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} list_uuid={self.list_uuid!r}, before={self.before}, rows={self.rows}>"
