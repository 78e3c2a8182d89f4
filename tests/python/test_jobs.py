"""Waiting for jobs, and uploads with progress."""

import asyncio
import io
import os
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import grinfi
from mock_server import MockResponse, ReceivedRequest, Server, Silence

CSV = b"First name,Mail\nJane,jane@example.com\nJohn,john@example.com\n"
COLUMNS = {"First name": "first_name", "Mail": "work_email"}


class Mine(Exception):
    """An exception of a callback."""


def raises(_: object) -> None:
    raise Mine("at the place")


def test_waits_for_mass_action(client: grinfi.Grinfi) -> None:
    both = [contact.uuid for contact in client.contacts.search(max_items=2)]
    fair, tag = client.lists.create("Fair"), client.tags.create("Guest")
    reported: list[grinfi.Progress] = []
    done = client.contacts.bulk(both).change_list(fair.uuid).wait(on_progress=reported.append)
    assert isinstance(done, grinfi.Progress) and reported == [done] and (done.done, done.total, done.looks) == (2, 2, 1)
    bulk = client.contacts.bulk(both)
    for job in (
        bulk.add_tag(tag.uuid),
        bulk.replace_tags([tag.uuid]),
        bulk.change_pipeline_stage(client.pipeline_stages.list("lead").to_list()[1].uuid),
        client.contacts.move_to_list(both[0], fair.uuid),
    ):
        assert isinstance(job, grinfi.MassAction) and job.wait(max_looks=1).total in (1, 2)
    assert bulk.remove_tag(tag.uuid).wait(max_looks=1).done == 2
    assert bulk.delete().wait(max_looks=1).total == 2
    for wide in (client.contacts.bulk(all=True), client.companies.bulk(all=True, except_uuids=["c"])):
        with pytest.raises(grinfi.InvalidInputError) as caught:
            wide.delete()
        assert caught.value.field == "confirm_all"
    company = client.companies.search().first()
    assert company is not None
    assert client.companies.bulk([company.uuid]).add_tag(tag.uuid).wait(max_looks=1).done == 1
    assert client.companies.move_to_stage(company.uuid, client.pipeline_stages.list("company").to_list()[0].uuid).wait(max_looks=1).done == 1


def test_waits_for_import_export_and_deletion(client: grinfi.Grinfi) -> None:
    fair = client.lists.create("Fair")
    file = client.file_imports.upload(CSV, name="fair.csv")
    assert file.uuid
    job = client.file_imports.start_contacts(file.uuid, columns=COLUMNS, list_uuid=fair.uuid, rows=2)
    assert (job.before, job.list_uuid, job.rows) == (0, fair.uuid, 2)
    imported = job.wait(max_looks=1)
    assert (imported.added, imported.complete, imported.progress.looks) == (2, True, 1)
    assert client.file_imports.resume(fair.uuid, before=0, rows=2).wait(max_looks=1).added == 2
    export = client.file_exports.contacts(all=True)
    found = client.file_exports.wait_for(f"leads-export-{export.uuid}.csv", first_pause=0.05)
    assert found.read().count(b"\n") > 250
    jane = client.contacts.search(list_uuid=fair.uuid).first()
    assert jane is not None
    client.contacts.delete(jane.uuid)
    assert client.contacts.wait_until_deleted(jane.uuid, max_looks=1).done == 1


def test_works_with_asyncio(sandbox: grinfi.Sandbox) -> None:
    reported: list[object] = []

    async def tell(progress: object) -> None:
        await asyncio.sleep(0)
        assert threading.current_thread() is threading.main_thread()
        reported.append(progress)

    async def work() -> None:
        async with sandbox.async_client() as client:
            fair = await client.lists.create("Fair")
            file = await client.file_imports.upload(io.BytesIO(CSV), name="fair.csv", on_progress=tell)
            job = await client.file_imports.start_contacts(str(file.uuid), columns=COLUMNS, list_uuid=fair.uuid, rows=2)
            assert isinstance(job, grinfi.AsyncImportJob) and (await job.wait(max_looks=1, on_progress=tell)).added == 2
            export = await client.file_exports.contacts(all=True)
            name = f"leads-export-{export.uuid}.csv"
            assert await (await client.file_exports.wait_for(name, first_pause=0.05)).read()
            moving = await client.contacts.move_to_list(str(await first(client)), fair.uuid)
            assert isinstance(moving, grinfi.AsyncMassAction)
            with pytest.raises(Mine):
                await moving.wait(on_progress=raises)

    async def first(client: grinfi.AsyncGrinfi) -> str:
        contact = await client.contacts.search().first()
        assert contact is not None
        return contact.uuid

    asyncio.run(work())
    assert reported[0] == grinfi.UploadProgress(len(CSV), len(CSV)) and isinstance(reported[-1], grinfi.Progress)


def test_exception_in_callback_ends_wait(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, {"uuid": "c"})]
    client = grinfi.Grinfi(key, base_url=server.base_url)
    with pytest.raises(Mine, match="at the place"):
        client.contacts.wait_until_deleted("c", on_progress=raises, first_pause=0)
    assert len(server.requests) == 1


def test_deadline_ends_slow_look(server: Server, key: str) -> None:
    server.replies = [Silence()]
    client = grinfi.Grinfi(key, base_url=server.base_url)
    with pytest.raises(grinfi.StillRunningError, match="0.2 s") as caught:
        client.contacts.wait_until_deleted("c", deadline=timedelta(milliseconds=200))
    assert caught.value.progress is not None and caught.value.progress.looks == 0


def test_cancellation_ends_wait(server: Server, key: str) -> None:
    silence = Silence()
    server.replies = [silence]

    async def work() -> None:
        async with grinfi.AsyncGrinfi(key, base_url=server.base_url) as client:
            waiting = asyncio.ensure_future(client.contacts.wait_until_deleted("c"))
            await asyncio.to_thread(silence.reached.wait, 60)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting

    asyncio.run(work())


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"deadline": "x"}, "deadline"),
        ({"deadline": -1}, "deadline"),
        ({"deadline": float("nan")}, "deadline"),
        ({"max_looks": 0}, "max_looks"),
        ({"max_looks": True}, "max_looks"),
        ({"first_pause": None}, "first_pause"),
        ({"max_pause": -1}, "max_pause"),
        ({"on_progress": "print"}, "on_progress"),
    ],
)
def test_rejects_invalid_wait_options(server: Server, key: str, options: dict[str, Any], field: str) -> None:
    client = grinfi.Grinfi(key, base_url=server.base_url)
    calls: list[Callable[[], object]] = [
        lambda: client.contacts.wait_until_deleted("c", **options),
        lambda: client.file_exports.wait_for("x.csv", **options),
        lambda: client.file_imports.resume("l", before=0).wait(**options),
    ]
    for call in calls:
        with pytest.raises(grinfi.InvalidInputError) as caught:
            call()
        assert caught.value.field == field
    assert server.requests == []


def test_imports_that_cannot_be_meant(server: Server, key: str) -> None:
    imports = grinfi.Grinfi(key, base_url=server.base_url).file_imports
    for call, field in [
        (lambda: imports.start_contacts("f", columns={}, list_uuid="l"), "columns"),
        (lambda: imports.start_contacts("f", columns=[("a", "b")], list_uuid="l"), "columns"),  # type: ignore[arg-type]
        (lambda: imports.start_contacts("f", columns={"a": " "}, list_uuid="l"), "columns.a"),
        (lambda: imports.start_contacts("f", columns={"a": "x", "b": "x"}, list_uuid="l"), "columns[1].target"),
        (lambda: imports.start_contacts("?", columns=COLUMNS, list_uuid="l"), "uuid"),
        (lambda: imports.start_contacts("f", columns=COLUMNS, list_uuid=""), "list_uuid"),
        (lambda: imports.start_contacts("f", columns=COLUMNS, list_uuid="l", rows=-1), "rows"),
        (lambda: imports.start_contacts("f", columns=COLUMNS, list_uuid="l", tag_uuids=["?"]), "tag_uuids[0]"),
        (lambda: imports.resume("l", before=-1), "before"),
    ]:
        with pytest.raises(grinfi.InvalidInputError) as caught:
            call()
        assert caught.value.field == field, caught.value
    assert server.requests == []


def form_of(seen: ReceivedRequest) -> bytes:
    """Returns the contents of the file in a form."""
    boundary = seen.headers.get("content-type", seen.headers.get("Content-Type", "")).split("boundary=")[1].encode()
    (part,) = (part for part in seen.body.split(b"--" + boundary) if b"filename=" in part)
    return part.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n")


class Unseekable(io.RawIOBase):
    """A file that cannot seek, such as a pipe."""

    def __init__(self, content: bytes) -> None:
        self._left = io.BytesIO(content)

    def read(self, size: int = -1) -> bytes:
        return self._left.read(size)

    def seekable(self) -> bool:
        return False


def test_uploads_all_kinds_of_files(server: Server, key: str, tmp_path: Path) -> None:
    server.replies = [MockResponse(201, {"uuid": "a", "name": "x"})]
    client = grinfi.Grinfi(key, base_url=server.base_url)
    content = os.urandom(300_000)
    path = tmp_path / "offer.pdf"
    path.write_bytes(content)
    begun = io.BytesIO(b"skipped" + content)
    begun.seek(7)
    with path.open("rb") as opened:
        for file, name in [
            (path, grinfi.NOT_GIVEN),
            (str(path), "other.pdf"),
            (content, "offer.pdf"),
            (bytearray(content), "offer.pdf"),
            (opened, grinfi.NOT_GIVEN),
            (begun, "offer.pdf"),
        ]:
            reported: list[grinfi.UploadProgress] = []
            client.attachments.upload(file, name=name, on_progress=reported.append)  # type: ignore[arg-type]
            assert form_of(server.requests[-1]) == content
            assert reported[-1] == (len(content), len(content)) and len(reported) > 2
            assert [each.sent for each in reported] == sorted({each.sent for each in reported})
            wanted = b'filename="other.pdf"' if name == "other.pdf" else b'filename="offer.pdf"'
            assert wanted in server.requests[-1].body


def test_uploads_pipe(client: grinfi.Grinfi) -> None:
    fair = client.lists.create("Fair")
    file = client.file_imports.upload(Unseekable(CSV), name="fair.csv")  # type: ignore[arg-type]
    job = client.file_imports.start_contacts(str(file.uuid), columns=COLUMNS, list_uuid=fair.uuid, rows=2)
    assert job.wait(max_looks=1).complete


def test_rejects_files_that_cannot_be_sent(server: Server, key: str, tmp_path: Path) -> None:
    client = grinfi.Grinfi(key, base_url=server.base_url)
    empty = tmp_path / "empty.csv"
    empty.touch()
    closed = empty.open("rb")
    closed.close()
    text = empty.open("r")
    for file in (b"", b" ", empty, tmp_path / "none.csv", tmp_path, "", closed, text, io.StringIO("x"), io.BytesIO(), 5, None):
        for upload in (client.file_imports.upload, client.attachments.upload):
            with pytest.raises(grinfi.InvalidInputError) as caught:
                upload(file, name="x.csv")  # type: ignore[arg-type]
            assert caught.value.field == "file" and str(caught.value).lstrip("`").startswith("file"), caught.value
    text.close()
    with pytest.raises(grinfi.InvalidInputError, match="must have a known length"):
        client.attachments.upload(Unseekable(b"x"), name="x.pdf")  # type: ignore[arg-type]
    for name, file in [(grinfi.NOT_GIVEN, b"x"), ("a/b.csv", b"x"), (" ", b"x"), (5, b"x")]:
        with pytest.raises(grinfi.InvalidInputError) as caught:
            client.attachments.upload(file, name=name)  # type: ignore[arg-type]
        assert caught.value.field == "name"
    with pytest.raises(grinfi.InvalidInputError) as missing:
        client.file_imports.upload(tmp_path / "none.csv")
    assert isinstance(missing.value.__cause__, FileNotFoundError)
    assert server.requests == []


class Broken(io.RawIOBase):
    """A file that cannot be read to its end."""

    def __init__(self, error: BaseException | str) -> None:
        self._error = error
        self._reads = 0

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return 0

    def seek(self, offset: int, whence: int = 0) -> int:
        return 20

    def read(self, size: int = -1) -> Any:
        self._reads += 1
        if self._reads == 1:
            return b"x" * 10
        if isinstance(self._error, str):
            return self._error
        raise self._error


def test_upload_raises_exception_of_file(server: Server, key: str) -> None:
    client = grinfi.Grinfi(key, base_url=server.base_url)
    with pytest.raises(Mine, match="disk failed"):
        client.file_imports.upload(Broken(Mine("disk failed")), name="x.csv")  # type: ignore[arg-type]
    with pytest.raises(grinfi.InvalidInputError, match="must return bytes"):
        client.file_imports.upload(Broken("text"), name="x.csv")  # type: ignore[arg-type]

    async def work() -> None:
        async with grinfi.AsyncGrinfi(key, base_url=server.base_url) as own:
            with pytest.raises(Mine, match="disk failed"):
                await own.file_imports.upload(Broken(Mine("disk failed")), name="x.csv")  # type: ignore[arg-type]

    asyncio.run(work())


def test_exception_in_callback_ends_upload(server: Server, key: str) -> None:
    server.replies = [Silence()]
    client = grinfi.Grinfi(key, base_url=server.base_url)
    with pytest.raises(Mine):
        client.attachments.upload(b"x" * 100, name="x.pdf", on_progress=raises)


def test_does_not_retry_upload_that_may_have_arrived(server: Server, key: str) -> None:
    server.replies = [MockResponse(502, b"<html>")]
    client = grinfi.Grinfi(key, base_url=server.base_url)
    for file in (b"x", io.BytesIO(b"x")):
        server.requests.clear()
        with pytest.raises(grinfi.UnknownOutcomeError):
            client.attachments.upload(file, name="x.pdf")
        assert len(server.requests) == 1


def test_closed_client_does_not_wait(server: Server, key: str, tmp_path: Path) -> None:
    server.replies = [MockResponse(200, {"total": 1})]
    client = grinfi.Grinfi(key, base_url=server.base_url)
    moving = client.contacts.bulk(["c"]).change_list("l")
    importing = client.file_imports.resume("l", before=0)
    sent = len(server.requests)
    client.close()
    for wait in (moving.wait, importing.wait, lambda: client.file_exports.wait_for("a.csv")):
        with pytest.raises(grinfi.ClientClosedError):
            wait()
    assert len(server.requests) == sent

    async def main() -> None:
        client = grinfi.AsyncGrinfi(key, base_url=server.base_url)
        moving = await client.contacts.bulk(["c"]).change_list("l")
        sent = len(server.requests)
        await client.aclose()
        with pytest.raises(grinfi.ClientClosedError):
            await moving.wait()
        assert len(server.requests) == sent

    asyncio.run(main())


def test_closing_client_ends_wait(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, {"total": 1})]
    client = grinfi.Grinfi(key, base_url=server.base_url)
    moving = client.contacts.bulk(["c"]).change_list("5c2d6a8e-1f1b-4a57-8d0a-000000000001")
    looks: list[grinfi.Progress] = []

    def reported(progress: grinfi.Progress) -> None:
        looks.append(progress)
        client.close()

    server.replies = [MockResponse(200, {"total": 0})]
    with pytest.raises((grinfi.ClientClosedError, grinfi.StillRunningError)) as ended:
        moving.wait(on_progress=reported, first_pause=0.001, max_looks=50)
    assert type(ended.value) is grinfi.ClientClosedError and len(looks) == 1
