"""Ctrl-C, and other signals, while a call waits."""

import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

import processes
from mock_server import MockResponse, Drip, Reply, ReceivedRequest, Server, Silence

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")

USER = {"uuid": "u", "id": 1}
# 100 ms are promised; a busy machine may add to it.
SOON = 2.0

INTERRUPTED = """
import time
try:
    {call}
except KeyboardInterrupt:
    print(time.monotonic())
print(client.users.current().id)
"""


def interrupt(process: "subprocess.Popen[str]") -> float:
    """Sends Ctrl-C to a waiting process, and returns the seconds until it was interrupted."""
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)
    code, out, err = processes.end(process)
    assert (code, err, out[1:]) == (0, "", ["1"]), "the client works on"
    return float(out[0]) - sent


@pytest.mark.parametrize(
    "call",
    [
        "client.users.current()",
        "client.request('GET', '/x')",
        "client.contacts.search().first()",
        "client.contacts.search().to_list()",
        "list(client.contacts.search().complete())",
        "client.file_exports.download('a.csv')",
        "client.attachments.upload(b'x', name='a.png')",
        "client.linkedin_messages.send_once(sender_profile_uuid='s', contact_uuid='c', text='x')",
    ],
)
def test_ctrl_c_interrupts_waiting_call(server: Server, key: str, call: str) -> None:
    silence = Silence()
    server.replies = [silence, MockResponse(200, USER)]
    process = processes.start(INTERRUPTED.format(call=call), server.base_url, key)
    assert silence.reached.wait(60), "the call never arrived"
    assert interrupt(process) < SOON
    assert silence.left.wait(60), "the request goes on"


def test_ctrl_c_interrupts_between_pages(server: Server, key: str) -> None:
    silence = Silence()
    server.replies = [MockResponse(200, {"data": [{"uuid": "a"}, {"uuid": "b"}], "total": 9}), silence, MockResponse(200, USER)]
    process = processes.start(INTERRUPTED.format(call="list(client.lists.list(page_size=2))"), server.base_url, key)
    assert silence.reached.wait(60)
    assert interrupt(process) < SOON


def test_ctrl_c_interrupts_fast_listing(server: Server, key: str) -> None:
    asked = threading.Event()
    began = datetime(2026, 1, 1, tzinfo=timezone.utc)

    def response(seen: ReceivedRequest) -> MockResponse:
        if seen.path.endswith("/current"):
            return MockResponse(200, USER)
        if len(server.requests) > 20:
            asked.set()
        first = 100 * len(server.requests)
        rows = [
            {"uuid": f"u{row}", "created_at": (began + timedelta(seconds=row)).strftime("%Y-%m-%dT%H:%M:%S.000000Z")}
            for row in range(first, first + 100)
        ]
        return MockResponse(200, {"data": rows, "total": 10**6, "has_more": True})

    server.respond = response
    call = "sum(1 for row in client.with_options(max_retries=0).contacts.search().complete())"
    text = f"client = grinfi.Grinfi(key, base_url=url, requests_per_minute=None)\n{INTERRUPTED.format(call=call)}"
    process = processes.start(text, server.base_url, key)
    assert asked.wait(60)
    assert interrupt(process) < SOON


def test_ctrl_c_interrupts_waits_for_rate_limit_and_retries(server: Server, key: str) -> None:
    first = threading.Event()

    def response(seen: ReceivedRequest) -> MockResponse:
        first.set()
        return reply

    server.respond = response
    for setting, reply in [
        ("requests_per_minute=1", MockResponse(200, USER)),
        ("max_retries=9", MockResponse(429, {}, {"Retry-After": "50"})),
    ]:
        first.clear()
        text = f"""
import time
client = grinfi.Grinfi(key, base_url=url, {setting})
try:
    client.users.current()
    client.users.current()
except KeyboardInterrupt:
    print(time.monotonic())
"""
        process = processes.start(text, server.base_url, key)
        assert first.wait(60)
        time.sleep(0.3)  # The client gets the response and then waits for a minute.
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        code, out, err = processes.end(process)
        assert (code, err) == (0, "") and float(out[0]) - sent < SOON


def test_ctrl_c_ends_asyncio_run(server: Server, key: str) -> None:
    silence = Silence()
    server.replies = [silence, MockResponse(200, USER)]
    text = """
import asyncio, time
async def main():
    async with grinfi.AsyncGrinfi(key, base_url=url) as client:
        await client.users.current()
try:
    asyncio.run(main())
except KeyboardInterrupt:
    print(time.monotonic())
print(client.users.current().id)
"""
    process = processes.start(text, server.base_url, key)
    assert silence.reached.wait(60)
    assert interrupt(process) < SOON
    assert silence.left.wait(60), "the request goes on"


def test_only_raising_signal_handler_ends_the_call(server: Server, key: str) -> None:
    reached, handled = threading.Event(), threading.Event()

    def response(seen: ReceivedRequest) -> MockResponse:
        if seen.path == "/handled":
            handled.set()
            return MockResponse(200, {})
        reached.set()
        handled.wait(60)
        return MockResponse(200, USER)

    server.respond = response
    text = """
import signal, urllib.request
signal.signal(signal.SIGUSR1, lambda *_: urllib.request.urlopen(url + "/handled").read())
print(client.users.current().id)
"""
    process = processes.start(text, server.base_url, key)
    assert reached.wait(60)
    process.send_signal(signal.SIGUSR1)
    assert processes.end(process) == (0, ["1"], "")

    silence = Silence()
    server.respond, server.replies = None, [silence]
    text = """
import signal
class Enough(Exception): pass
def stop(*_): raise Enough("of it")
signal.signal(signal.SIGUSR1, stop)
try:
    client.users.current()
except Enough as error:
    print("enough", error)
"""
    process = processes.start(text, server.base_url, key)
    assert silence.reached.wait(60)
    process.send_signal(signal.SIGUSR1)
    assert processes.end(process) == (0, ["enough of it"], "")


def test_alarm_ends_call(server: Server, key: str) -> None:
    server.replies = [Silence()]
    text = """
import signal
def late(*_): raise TimeoutError("late")
signal.signal(signal.SIGALRM, late)
signal.setitimer(signal.ITIMER_REAL, 0.2)
try:
    client.users.current()
except TimeoutError as error:
    print(type(error).__name__, error)
"""
    assert processes.run(text, server.base_url, key) == (0, ["TimeoutError late"], "")


# Formats each line and drops it.
LOGGED = """
import logging, time
class Formatting(logging.Handler):
    def emit(self, record):
        self.format(record)
logging.getLogger("grinfi").setLevel(logging.DEBUG)
logging.getLogger("grinfi").addHandler(Formatting())
client = grinfi.Grinfi(key, base_url=url, requests_per_minute=None)
"""
TIMES = 20


def count(program: str, server: Server, key: str, sending: Callable[["subprocess.Popen[str]"], object]) -> list[float]:
    """Interrupts a program that makes calls in a loop several times, and returns the seconds for each."""
    process = processes.start(program, server.base_url, key)
    assert process.stdout is not None
    taken = []
    for number in range(TIMES):
        seen = len(server.requests)
        while len(server.requests) < seen + 3 + number % 4:
            assert process.poll() is None, process.communicate()
            time.sleep(0.001)
        began = time.monotonic()
        sending(process)
        watchdog = threading.Timer(SOON, process.kill)
        watchdog.start()
        line = process.stdout.readline()
        watchdog.cancel()
        assert line, f"signal {number} was lost"
        taken.append(float(line) - began)
    assert processes.end(process) == (0, [], "")
    return taken


def test_ctrl_c_interrupts_fast_calls_with_debug_logs(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, USER)]
    program = f"""{LOGGED}
for _ in range({TIMES}):
    try:
        while True:
            client.users.current()
    except KeyboardInterrupt:
        print(time.monotonic(), flush=True)
"""
    taken = count(program, server, key, lambda process: process.send_signal(signal.SIGINT))
    assert statistics.median(taken) < 0.1, taken


def test_alarm_during_logging_ends_the_call(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, USER)]
    program = f"""{LOGGED}
import signal
class Late(Exception): pass
def late(*_): raise Late
signal.signal(signal.SIGUSR1, late)
for _ in range({TIMES}):
    try:
        while True:
            client.users.current()
    except Late:
        print(time.monotonic(), flush=True)
"""
    taken = count(program, server, key, lambda process: process.send_signal(signal.SIGUSR1))
    assert statistics.median(taken) < 0.1, taken


SLOW_LINES = """
class Slow(logging.Handler):
    def emit(self, record):
        time.sleep(30)
logging.getLogger("grinfi").addHandler(Slow())
"""


@pytest.mark.parametrize(
    ("state", "replies", "before", "call"),
    [
        ("the response", [Silence()], "", "client.users.current()"),
        ("the rate limit", [MockResponse(200, USER)], "client = grinfi.Grinfi(key, base_url=url, requests_per_minute=1)",
         "while True: client.users.current()"),
        ("back-off", [MockResponse(429, {}, {"Retry-After": "50"})], "", "client.users.current()"),
        ("a download", [Drip()], "", "client.file_exports.download('a.csv').read()"),
        ("a download that does not come", [Drip(pause=3600)], "", "client.file_exports.download('a.csv').read()"),
        ("a job", [MockResponse(404)], "", "client.file_exports.wait_for('a.csv', first_pause=0.001, max_pause=0.001)"),
        ("a job, between looks", [MockResponse(404)], "", "client.file_exports.wait_for('a.csv', first_pause=60)"),
        ("pages", [], "", "client.lists.list(page_size=1).to_list()"),
        ("logging", [MockResponse(200, USER)], SLOW_LINES, "client.users.current()"),
    ],
)  # fmt: skip
def test_ctrl_c_interrupts_in_all_states_with_debug_logs(
    server: Server, key: str, state: str, replies: list[Reply], before: str, call: str
) -> None:
    def page(seen: ReceivedRequest) -> MockResponse:
        return MockResponse(200, {"data": [{"uuid": str(len(server.requests))}], "total": 10**6, "has_more": True})

    server.replies, server.respond = (replies, None) if replies else ([MockResponse()], page)
    program = f"""{LOGGED}{before}
try:
    {call}
except KeyboardInterrupt:
    print(time.monotonic())
"""
    process = processes.start(program, server.base_url, key)
    while not server.requests:
        assert process.poll() is None, process.communicate()
        time.sleep(0.001)
    time.sleep(0.3)  # The rest happens inside the client.
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)
    code, out, err = processes.end(process)
    assert (code, err, len(out)) == (0, "", 1), f"while it waits for {state}"
    assert float(out[0]) - sent < SOON
