"""Clients after a fork, as with multiprocessing, Celery and gunicorn."""

import concurrent.futures
import multiprocessing
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

import grinfi
import processes
from mock_server import MockResponse, Server

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")

USER = {"uuid": "u", "id": 1}

# Newer versions of Python warn about forks with other threads, which these tests need.
QUIET = "import warnings; warnings.simplefilter('ignore', DeprecationWarning)\n"


def test_client_works_after_fork(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, USER)]
    text = """
sandbox = grinfi.Sandbox()
local = sandbox.client()
pages = local.contacts.search(page_size=100).pages()
print(client.users.current().id, local.contacts.count(), len(next(pages)))
sys.stdout.flush()
child = os.fork()
if child == 0:
    print("child", client.users.current().id, local.contacts.count())
    for name, use in [("pages", lambda: next(pages)), ("outbox", lambda: sandbox.outbox)]:
        try:
            use()
        except grinfi.GrinfiError as error:
            print(name, type(error).__name__)
    sandbox.close()
    del client, local, sandbox, pages
    sys.stdout.flush()
    os._exit(0)
status = os.waitpid(child, 0)[1]
print("parent", status, client.users.current().id, local.contacts.count(), len(next(pages)), sandbox.outbox)
"""
    assert processes.run(QUIET + text, server.base_url, key, 120) == (
        0,
        [
            "1 250 100",
            "child 1 250",
            "pages ListingError",
            "outbox SandboxError",
            "parent 0 1 250 100 []",
        ],
        "",
    )


def test_child_does_not_wait_for_threads_of_parent(server: Server, key: str) -> None:
    # The rate limit of the parent is exhausted, and a thread of it is waiting, which does not exist in the child.
    server.replies = [MockResponse(200, USER)]
    text = """
import threading, time
client = grinfi.Grinfi(key, base_url=url, requests_per_minute=1)
client.users.current()
threading.Thread(target=client.users.current, daemon=True).start()
time.sleep(0.2)
child = os.fork()
if child == 0:
    print("child", client.with_options(deadline=20).users.current().id)
    try:
        client.with_options(deadline=0.2).users.current()
    except grinfi.RequestTimeoutError as error:
        print("its rate_limit is its own, and as small:", error.waiting_for)
    sys.stdout.flush()
    os._exit(0)
print("parent", os.waitpid(child, 0)[1])
"""
    assert processes.run(QUIET + text, server.base_url, key) == (
        0,
        ["child 1", "its rate_limit is its own, and as small: the rate limit", "parent 0"],
        "",
    )


@pytest.mark.parametrize("first_calls", [True, False])
def test_child_of_busy_parent_does_not_hang(server: Server, key: str, first_calls: bool) -> None:
    # The first call of a client imports modules, which a fork must not interrupt.
    server.replies = [MockResponse(200, USER)]
    text = f"""
import signal, threading
client = grinfi.Grinfi(key, base_url=url, requests_per_minute=None)
if not {first_calls}:
    client.users.current()
busy = True
def work():
    while busy:
        client.users.current()
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads: thread.start()
bad = []
for _ in range(2 if {first_calls} else 30):
    child = os.fork()
    if child == 0:
        signal.alarm(30)
        os._exit(client.users.current().id - 1)
    bad.append(os.waitpid(child, 0)[1])
busy = False
for thread in threads: thread.join()
print(sum(map(bool, bad)), client.users.current().id)
"""
    for _ in range(12 if first_calls else 1):
        assert processes.run(QUIET + text, server.base_url, key, 120) == (0, ["0 1"], "")


def test_forked_workers_share_client(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, USER)]
    text = """
import multiprocessing
client.users.current()
def work(number):
    contact = client.users.current()
    return number, contact.id, os.getpid() != parent
parent = os.getpid()
with multiprocessing.get_context("fork").Pool(3) as pool:
    print(pool.map(work, range(4)))
"""
    code, out, err = processes.run(QUIET + text, server.base_url, key)
    assert (code, out, err) == (0, [str([(number, 1, True) for number in range(4)])], "")


def test_workers_return_records_and_errors(server: Server, key: str) -> None:
    def response(seen: object) -> MockResponse:
        return MockResponse(404, {"message": "deleted"}) if len(server.requests) > 1 else MockResponse(200, {"uuid": "c", "name": "Jane"})

    server.respond = response
    text = """
import multiprocessing
def work(uuid):
    return client.contacts.get(uuid)
with multiprocessing.get_context("fork").Pool(1) as pool:
    print(pool.apply(work, ("c",)).name)
    try:
        pool.apply(work, ("d",))
    except grinfi.NotFoundError as error:
        print(error.status, error.operation)
"""
    assert processes.run(QUIET + text, server.base_url, key) == (0, ["Jane", "404 getLead"], "")


def test_client_cannot_be_pickled(key: str) -> None:
    client = grinfi.Grinfi(key, base_url="http://127.0.0.1:9")
    with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        with pytest.raises(TypeError, match="contains a key and cannot be pickled; create one in each process"):
            pool.submit(id, client).result(60)


def test_asyncio_works_in_child(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, USER)]
    text = """
import asyncio
client = grinfi.AsyncGrinfi(key, base_url=url)
async def main(): return (await client.users.current()).id
print(asyncio.run(main()))
sys.stdout.flush()
child = os.fork()
if child == 0:
    print("child", asyncio.run(main()))
    sys.stdout.flush()
    os._exit(0)
print("parent", os.waitpid(child, 0)[1], asyncio.run(main()))
"""
    assert processes.run(QUIET + text, server.base_url, key) == (0, ["1", "child 1", "parent 0 1"], "")


def test_works_with_preloading_gunicorn(server: Server, key: str, tmp_path: Path) -> None:
    pytest.importorskip("gunicorn")
    server.replies = [MockResponse(200, USER)]
    (tmp_path / "served.py").write_text(
        f"import grinfi, os\n"
        f"client = grinfi.Grinfi({key!r}, base_url={server.base_url!r})\n"
        f"loaded = (os.getpid(), client.users.current().id)\n"
        "def app(environ, start_response):\n"
        "    start_response('200 OK', [('Content-Type', 'text/plain')])\n"
        "    return [f'{loaded[0] != os.getpid()} {client.users.current().id}'.encode()]\n"
    )
    command = ["-m", "gunicorn", "--preload", "--workers", "2", "--bind", "127.0.0.1:0", "--no-control-socket", "served:app"]
    process = subprocess.Popen([sys.executable, *command], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        port = None
        for line in process.stderr:
            if found := re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", line):
                port = int(found[1])
                break
        assert port is not None, "gunicorn does not start"
        for _ in range(6):
            with socket.create_connection(("127.0.0.1", port), 60) as asked:
                asked.sendall(b"GET / HTTP/1.0\r\n\r\n")
                response = b""
                while piece := asked.recv(4096):
                    response += piece
            assert response.endswith(b"True 1"), response
    finally:
        process.terminate()
        began = time.monotonic()
        process.communicate(timeout=60)
        assert time.monotonic() - began < 30, "the workers do not stop"
