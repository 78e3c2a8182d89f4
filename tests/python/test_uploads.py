"""Uploads of files opened by the standard library."""

import bz2
import gzip
import io
import lzma
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest

import grinfi
from mock_server import MockResponse, Server

# Longer than one chunk.
CSV = b"Mail,About\n" + b"jane@example.com,%s\n" % (b"x" * 1000) * 200


def gzipped(folder: Path) -> Any:
    with gzip.open(folder / "fair.csv.gz", "wb") as file:
        file.write(CSV)
    return gzip.open(folder / "fair.csv.gz", "rb")


def gzipped_in_memory(folder: Path) -> Any:
    return gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(CSV)))


def bzipped(folder: Path) -> Any:
    (folder / "fair.csv.bz2").write_bytes(bz2.compress(CSV))
    return bz2.open(folder / "fair.csv.bz2", "rb")


def lzipped(folder: Path) -> Any:
    (folder / "fair.csv.xz").write_bytes(lzma.compress(CSV))
    return lzma.open(folder / "fair.csv.xz", "rb")


def zipped(folder: Path) -> Any:
    with zipfile.ZipFile(folder / "fair.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("guests/fair.csv", CSV)
    return zipfile.ZipFile(folder / "fair.zip").open("guests/fair.csv")


def temporary(folder: Path) -> Any:
    file = tempfile.NamedTemporaryFile(suffix="fair.csv")
    file.write(CSV)
    file.seek(0)
    return file


def spooled(folder: Path) -> Any:
    file = tempfile.SpooledTemporaryFile()
    file.write(CSV)
    file.seek(0)
    return file


class Reading:
    """A minimal file object, as some libraries return."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def read(self, size: int = -1) -> bytes:
        return self._content.read(size)


class Numbered(io.BytesIO):
    """Has the mode of a file of ``gzip`` before Python 3.13."""

    mode = 1


class Bare(io.BytesIO):
    """Has the mode of a file of ``zipfile`` before Python 3.13."""

    mode = "r"


KINDS: list[tuple[Callable[[Path], Any], str | None]] = [
    (gzipped, "fair.csv"),
    (gzipped_in_memory, None),
    (bzipped, None),
    (lzipped, None),
    (zipped, "fair.csv"),
    (temporary, None),
    (spooled, None),
    (lambda folder: io.BytesIO(CSV), None),
    (lambda folder: io.BufferedReader(io.BytesIO(CSV)), None),  # type: ignore[arg-type]
    (lambda folder: Reading(CSV), None),
    (lambda folder: Numbered(CSV), None),
    (lambda folder: Bare(CSV), None),
]


@pytest.mark.parametrize(("opened", "named"), KINDS)
def test_uploads_binary_files(
    server: Server, key: str, tmp_path: Path, opened: Callable[[Path], BinaryIO], named: str | None
) -> None:
    name: Any = grinfi.NOT_GIVEN if named else "given.csv"
    with grinfi.Sandbox(seed="empty", rate_limit=None) as sandbox, sandbox.client() as client:
        progress: list[grinfi.UploadProgress] = []
        uploaded = client.file_imports.upload(opened(tmp_path), name=name, on_progress=progress.append)
        assert progress[-1].sent == len(CSV)
        assert uploaded.uuid
    if progress[-1].total is None:
        return  # It goes out in chunks, which the other server does not read.
    server.replies = [MockResponse(200, {"uuid": "f"})]
    grinfi.Grinfi(key, base_url=server.base_url).file_imports.upload(opened(tmp_path), name=name)
    assert f'filename="{named or "given.csv"}"'.encode() in server.requests[-1].body and CSV in server.requests[-1].body


def test_rejects_text_files(server: Server, key: str, tmp_path: Path) -> None:
    (tmp_path / "fair.csv").write_bytes(CSV)
    client = grinfi.Grinfi(key, base_url=server.base_url)
    gzipped(tmp_path)
    for file in (
        open(tmp_path / "fair.csv"),
        gzip.open(tmp_path / "fair.csv.gz", "rt"),
        io.StringIO("x"),
        tempfile.NamedTemporaryFile("w+", suffix=".csv"),
        tempfile.SpooledTemporaryFile(mode="w+"),
    ):
        with file, pytest.raises(grinfi.InvalidInputError, match="open for text") as refused:
            client.file_imports.upload(file, name="a.csv")  # type: ignore[arg-type]
        assert refused.value.field == "file"
    assert server.requests == []
