"""A server that answers as a test tells it to."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit


class Answer(NamedTuple):
    """An answer; a dict or list as body is written as JSON."""

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = {}


@dataclass
class Seen:
    """A request that came."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Cut:
    """Instead of an answer: the connection is closed without a word."""


@dataclass
class Silence:
    """Instead of an answer: nothing, until the server ends."""

    reached: threading.Event = field(default_factory=threading.Event)


Reply = Answer | Cut | Silence


class Server:
    """Serves on a free port. `replies` are used up in order, the last one stays; or `answer` is called."""

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self.replies: list[Reply] = [Answer()]
        self.answer: Callable[[Seen], Reply] | None = None
        self._ended = threading.Event()
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                outer._handle(self)

            do_GET = do_POST = do_PUT = do_DELETE = handle_one

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        url = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        seen = Seen(handler.command, url.path, parse_qsl(url.query), dict(handler.headers.items()), body)
        with self._lock:
            self.requests.append(seen)
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if self.answer is not None:
            reply = self.answer(seen)
        if isinstance(reply, Silence):
            reply.reached.set()
            self._ended.wait()
        if not isinstance(reply, Answer):
            handler.close_connection = True
            return
        content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        handler.send_response(reply.status)
        for name, value in {"Content-Length": str(len(content)), **reply.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    def __enter__(self) -> "Server":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()
