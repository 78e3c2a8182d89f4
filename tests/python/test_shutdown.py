"""Shutdown of the interpreter during calls: fast, silent, and with the exit code of the program."""

import pytest

import processes
from mock_server import MockResponse, ReceivedRequest, Server, Silence

USER = {"uuid": "u", "id": 1}


def test_short_asyncio_programs_exit_cleanly(server: Server, key: str) -> None:
    # The loop may be closed and the interpreter shutting down while a thread delivers the response.
    server.replies = [MockResponse(200, USER)]
    text = """
import asyncio
client = grinfi.AsyncGrinfi(key, base_url=url)
async def main(): return (await client.users.current()).id
print([asyncio.run(main()) for _ in range(3)])
"""
    for _ in range(15):
        assert processes.run(text, server.base_url, key) == (0, ["[1, 1, 1]"], "")


def test_exits_while_daemon_thread_waits(server: Server, key: str) -> None:
    silence = Silence()
    server.replies = [silence]
    text = """
import threading, time
threading.Thread(target=client.users.current, daemon=True).start()
threading.Thread(target=lambda: list(client.lists.list()), daemon=True).start()
time.sleep(0.2)
print("out")
sys.exit(3)
"""
    assert processes.run(text, server.base_url, key) == (3, ["out"], "")


@pytest.mark.parametrize("status", [200, 404])
def test_ignores_responses_during_shutdown(server: Server, key: str, status: int) -> None:
    ending = Silence()

    def response(seen: ReceivedRequest) -> MockResponse:
        if seen.path == "/ending":
            ending.reached.set()
        else:
            ending.reached.wait(60)
        return MockResponse(status, USER)

    server.respond = response
    # The finalizer of a module runs when no other threads can run.
    text = """
import asyncio, logging, socket, threading, time, types
logging.basicConfig(stream=open(os.devnull, "w"), level=logging.DEBUG)
async def awaited():
    await asyncio.gather(*(grinfi.AsyncGrinfi(key, base_url=url).users.current() for _ in range(4)))
for _ in range(4):
    threading.Thread(target=client.users.current, daemon=True).start()
threading.Thread(target=asyncio.run, args=(awaited(),), daemon=True).start()
time.sleep(0.3)
class Last:
    def __init__(self):
        self.connection = socket.create_connection(("127.0.0.1", int(url.split(":")[-1]))).detach()
        self.write, self.sleep = os.write, time.sleep
    def __del__(self):
        self.write(self.connection, b"GET /ending HTTP/1.0\\r\\n\\r\\n")
        self.sleep(0.5)
sys.modules["last"] = types.ModuleType("last")
sys.modules["last"].last = Last()
print("out")
"""
    assert processes.run(text, server.base_url, key) == (0, ["out"], "")
    assert ending.reached.is_set(), "the responses never came"


def test_exits_without_closing_clients(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, {"data": [{"uuid": "a"}], "total": 9, "has_more": True})]
    text = """
sandbox = grinfi.Sandbox()
local = sandbox.client()
rows, pages = iter(client.lists.list(page_size=1)), local.contacts.search(page_size=10).pages()
print(next(rows).uuid, len(next(pages)))
"""
    assert processes.run(text, server.base_url, key) == (0, ["a 10"], "")


def test_exits_during_download(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, b"x" * 2_000_000, {"Content-Type": "text/csv"})]
    text = """
download = client.file_exports.download("a.csv")
print(len(next(iter(download))) > 0)
"""
    assert processes.run(text, server.base_url, key) == (0, ["True"], "")


def test_calls_work_in_atexit(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, USER)]
    # Functions registered before the import are called after those of the package.
    text = """
import subprocess
program = '''
import atexit, os
@atexit.register
def first_registered():
    print("atexit", client.users.current().id, asyncio.run(awaited()), flush=True)
import asyncio, grinfi, logging, threading
client = grinfi.Grinfi(os.environ["TEST_KEY"], base_url=os.environ["TEST_URL"])
async def awaited():
    async with grinfi.AsyncGrinfi(os.environ["TEST_KEY"], base_url=os.environ["TEST_URL"]) as client:
        users = await asyncio.gather(client.users.current(), client.users.current())
        try:
            await client.with_options(deadline=1).users.current()
        except grinfi.GrinfiError:
            return "failed"
        return [user.id for user in users]
class Last:
    def __del__(self, client=client):
        print("finalizer", client.users.current().id, flush=True)
last = Last()
print("main", client.users.current().id, asyncio.run(awaited()), flush=True)
'''
print(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60))
"""
    code, out, err = processes.run(text, server.base_url, key, 90)
    assert (code, err) == (0, "")
    assert "returncode=0, stdout='main 1 [1, 1]\\natexit 1 [1, 1]\\nfinalizer 1\\n', stderr=''" in out[0], out


def test_waits_for_non_daemon_threads(server: Server, key: str) -> None:
    server.replies = [MockResponse(200, USER)]
    text = """
import threading
threading.Thread(target=lambda: print(client.users.current().id)).start()
"""
    assert processes.run(text, server.base_url, key) == (0, ["1"], "")


def test_exits_while_threads_fail(server: Server, key: str) -> None:
    # The compiled module creates errors by calling Python code.
    server.replies = [MockResponse(404, {"message": "deleted"})]
    text = """
import threading, time
client = grinfi.Grinfi(key, base_url=url, requests_per_minute=None)
def work():
    while True:
        try:
            client.contacts.get("c")
        except grinfi.NotFoundError:
            pass
for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.3)
"""
    assert processes.run(text, server.base_url, key) == (0, [], "")
