"""Waiting: interruptible, with the interpreter released, and across forks."""

import os
import signal
import subprocess
import sys
import threading

import pytest

import grinfi
from misbehaving import Answer, Seen, Server, Silence

USER = {"uuid": "u", "id": 1}


def script(text: str, server_url: str, key: str) -> subprocess.Popen[str]:
    """A Python process; `client` is there already."""
    head = f"import os, sys, grinfi\nclient = grinfi.Grinfi({key!r}, base_url={server_url!r})\n"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GRINFI_")}
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", head + text],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
@pytest.mark.parametrize("call", ["client.users.current()", "client.contacts.search().first()"])
def test_ctrl_c_interrupts_a_call_that_waits(server: Server, key: str, call: str) -> None:
    silence = Silence()
    server.replies = [silence]
    process = script(f"try:\n    {call}\nexcept KeyboardInterrupt:\n    print('interrupted')", server.base_url, key)
    assert silence.reached.wait(60), "the call never arrived"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (out, err, process.returncode) == ("interrupted\n", "", 0)


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_the_handler_of_another_signal_runs_and_the_call_goes_on(server: Server, key: str) -> None:
    handled = threading.Event()

    def answer(seen: Seen) -> Answer:
        if seen.path == "/handled":
            handled.set()
            return Answer(200, {})
        reached.set()
        handled.wait(60)
        return Answer(200, USER)

    reached = threading.Event()
    server.answer = answer
    text = (
        "import signal, urllib.request\n"
        f"tell = lambda *_: urllib.request.urlopen({server.base_url + '/handled'!r}).read()\n"
        "signal.signal(signal.SIGUSR1, tell)\n"
        "print(client.users.current().id)"
    )
    process = script(text, server.base_url, key)
    assert reached.wait(60)
    process.send_signal(signal.SIGUSR1)
    out, err = process.communicate(timeout=60)
    assert (out, err) == ("1\n", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_client_goes_on_after_a_fork(server: Server, key: str) -> None:
    server.replies = [Answer(200, USER)]
    text = """
sandbox = grinfi.Sandbox()
local = sandbox.client()
pages = local.contacts.search(limit=100).pages()
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
    process = script(text, server.base_url, key)
    out, err = process.communicate(timeout=120)
    assert err == ""
    assert out.splitlines() == [
        "1 250 100",
        "child 1 250",
        "pages ListingError",
        "outbox SandboxError",
        "parent 0 1 250 100 []",
    ]


def test_threads_share_a_client_and_wait_at_the_same_time(server: Server, key: str) -> None:
    # Nobody is answered before all have asked: with the interpreter held, none but the first ever would.
    together = threading.Barrier(4, timeout=60)

    def answer(seen: Seen) -> Answer:
        together.wait()
        return Answer(200, USER)

    server.answer = answer
    client = grinfi.Grinfi(key, base_url=server.base_url)
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(client.users.current().id)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [1, 1, 1, 1]


def test_one_iterator_is_read_by_one_thread_at_a_time(server: Server, key: str) -> None:
    client = grinfi.Grinfi(key, base_url=server.base_url)
    reached, go_on = threading.Event(), threading.Event()

    def answer(seen: Seen) -> Answer:
        reached.set()
        go_on.wait(60)
        return Answer(200, {"data": [{"uuid": "u"}], "total": 1})

    server.answer = answer
    pages = client._native.pages(
        "listLists", record=grinfi.List, filter=None, order=None, limit=1, offset=0, max_items=None, complete=False
    )
    rows: list[object] = []

    def read() -> None:
        page = pages.next()
        assert page is not None
        rows.extend(page[0])

    reader = threading.Thread(target=read)
    reader.start()
    assert reached.wait(60)
    with pytest.raises(grinfi.ListingError, match="another thread"):
        pages.next()
    go_on.set()
    reader.join(60)
    assert rows == [grinfi.List({"uuid": "u"})]
