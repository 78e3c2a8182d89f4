"""A server with responses that a test chooses, and a proxy."""

import base64
import json
import select
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit


class MockResponse(NamedTuple):
    """A response. A dict or list as body is sent as JSON."""

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = {}


@dataclass
class ReceivedRequest:
    """A request that the server received."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Cut:
    """Closes the connection instead of a response."""


@dataclass
class Silence:
    """Sends nothing until the server ends, instead of a response."""

    reached: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)
    """The client closed the connection."""


@dataclass
class Drip:
    """A 200 whose body is sent in pieces, one every few milliseconds, and never ends."""

    piece: bytes = b"x" * 1000
    pause: float = 0.005


Reply = MockResponse | Cut | Silence | Drip


class Server:
    """A server on a free port. It sends `replies` in order and then repeats the last one, or what `respond` returns."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[ReceivedRequest] = []
        self.replies: list[Reply] = [MockResponse()]
        self.respond: Callable[[ReceivedRequest], Reply] | None = None
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
        # A client may close the connection.
        self._server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
        scheme, host = "http", "127.0.0.1"
        if tls is not None:
            scheme, host = "https", "localhost"
            # The handshake happens in the thread of the connection, so that a client which never starts it blocks no others.
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.base_url = f"{scheme}://{host}:{self._server.server_address[1]}"

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        url = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        seen = ReceivedRequest(handler.command, url.path, parse_qsl(url.query), dict(handler.headers.items()), body)
        with self._lock:
            self.requests.append(seen)
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if self.respond is not None:
            reply = self.respond(seen)
        if isinstance(reply, Silence):
            reply.reached.set()
            while not self._ended.is_set():
                if select.select([handler.connection], [], [], 0.02)[0]:
                    # Clients do not pipeline requests, so this is the end of the connection.
                    reply.left.set()
                    break
        if isinstance(reply, Drip):
            self._drip(handler, reply)
        if not isinstance(reply, MockResponse):
            handler.close_connection = True
            return
        content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        handler.send_response(reply.status)
        for name, value in {"Content-Length": str(len(content)), **reply.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    def _drip(self, handler: BaseHTTPRequestHandler, drip: Drip) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        try:
            while not self._ended.wait(drip.pause):
                handler.wfile.write(b"%x\r\n%s\r\n" % (len(drip.piece), drip.piece))
        except OSError:
            pass

    def __enter__(self) -> "Server":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()


class Proxy:
    """A proxy for HTTP and, by CONNECT, for anything; everything goes to `target`, whatever was asked for."""

    def __init__(self, target: str) -> None:
        self.asked: list[str] = []
        """The first line of each request."""
        self.logins: list[str | None] = []
        """Who it came from, `name:password`."""
        url = urlsplit(target)
        self._target = ("127.0.0.1", url.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._target) as server:
            head = b""
            while b"\r\n\r\n" not in head:
                piece = client.recv(65536)
                if not piece:
                    return
                head += piece
            lines = head.split(b"\r\n\r\n")[0].decode().split("\r\n")
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
            login = headers.get("proxy-authorization")
            self.asked.append(lines[0])
            self.logins.append(login and base64.b64decode(login.removeprefix("Basic ")).decode())
            if lines[0].startswith("CONNECT "):
                client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            else:
                server.sendall(head)
            other = {client: server, server: client}
            while True:
                for ready in select.select(list(other), [], [])[0]:
                    piece = ready.recv(65536)
                    if not piece:
                        return
                    other[ready].sendall(piece)

    def __enter__(self) -> "Proxy":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._listener.close()
