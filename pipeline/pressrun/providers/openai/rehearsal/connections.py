"""Connections of the rehearsal server: what has come on them, and how calls are read from them and answered."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from pressrun.providers.openai.rehearsal.refusal import Refusal
from pressrun.providers.openai.rehearsal.replies import Call, Reply, Stream, refused
from pressrun.providers.openai.rehearsal.service import Disconnect, Service

ANNOUNCED = "/rehearsal"  # before /v1, it says to a client what kind of server it is; both ways lead to the same


class Answers(Protocol):
    """What answers the calls that come."""

    @property
    def service(self) -> Service: ...
    def answer(self, method: str, call: Call) -> Reply | Stream: ...


class Connections(ThreadingHTTPServer):
    """The listening socket; remembers its connections, so that closing it ends the threads that wait on them."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(self, address: tuple[str, int], rehearsal: Answers) -> None:
        self.rehearsal = rehearsal
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._resting: set[socket.socket] = set()  # of those open: all that was sent is read and answered
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are part of the play: nothing to print."""

    def get_request(self) -> tuple[Any, Any]:
        with self._lock:  # no moment at which it neither waits to be accepted nor is open
            request, address = super().get_request()
            self._open.add(request)
        return request, address

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def is_asked(self) -> bool:
        """Whether any call has come that is not answered, be it that nobody has read a byte of it."""
        with self._lock:
            if self.socket.fileno() < 0:  # it is closed
                return False
            return self._open != self._resting or bool(_with_something_to_read(self.socket, *self._open))

    def rest(self, connection: socket.socket) -> None:
        """Wait until there is something to read, or the end."""
        with self._lock:
            self._resting.add(connection)
        try:
            _with_something_to_read(connection, wait=True)
        finally:
            with self._lock:
                self._resting.discard(connection)

    def hang_up(self) -> None:
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


def _with_something_to_read(*connections: socket.socket, wait: bool = False) -> list[Any]:
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection, selectors.EVENT_READ)
        return selector.select(None if wait else 0)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "pressrun-rehearsal"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Connections

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the charges are the log."""

    def handle_one_request(self) -> None:
        if not self._has_read_ahead():
            self.server.rest(self.connection)
        super().handle_one_request()

    def _has_read_ahead(self) -> bool:
        """Whether the next call came with the last one."""
        self.connection.setblocking(False)
        try:
            return bool(self.rfile.peek(1))  # type: ignore[attr-defined]  # it is a BufferedReader
        finally:
            self.connection.setblocking(True)

    def do_GET(self) -> None:
        self._handle("GET")

    def do_POST(self) -> None:
        self._handle("POST")

    def do_DELETE(self) -> None:
        self._handle("DELETE")

    def _handle(self, method: str) -> None:
        rehearsal = self.server.rehearsal
        service = rehearsal.service
        address = urlsplit(self.path)
        path = address.path.removeprefix(ANNOUNCED).rstrip("/") or "/"
        started = time.monotonic()
        counted = path.startswith("/v1/")
        with service.busy() if counted else contextlib.nullcontext():
            body = self._body()
            if body is None:  # the client went away while it was still sending: nobody was asked anything
                self.close_connection = True
                return
            call = Call(
                path=path,
                query=dict(parse_qsl(address.query)),
                headers={name.lower(): value for name, value in self.headers.items()},
                body=body,
                request_id=service.new_id("req_"),
            )
            try:
                reply = rehearsal.answer(method, call)
            except Disconnect:
                service.answered(call.path, "disconnect")
                self._hang_up()
                return
            except Refusal as refusal:
                reply = refused(refusal)
            except Exception:  # a fault of the rehearsal itself must not look like one it was asked to play
                traceback.print_exc()
                reply = refused(Refusal(500, "The rehearsal server itself failed; its log says how.", kind="rehearsal"))
        if counted:
            service.answered(call.path, str(reply.status) if isinstance(reply, Reply) else "200")
            reply.headers = service.limiter.headers() | reply.headers
            reply.headers |= {
                "x-request-id": call.request_id,
                "openai-organization": "org-rehearsal",
                "openai-version": "2020-10-01",
                "openai-processing-ms": str(int((time.monotonic() - started) * 1000)),
            }
        with contextlib.suppress(ConnectionError):
            self._send(reply)

    def _body(self) -> bytes | None:
        """The whole body, or None if the client went away before its end."""
        try:
            if self.headers.get("transfer-encoding", "").lower() != "chunked":
                length = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(length)
                return body if len(body) == length else None
            chunks = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            while self.rfile.readline().strip():
                pass
            return b"".join(chunks)
        except (OSError, ValueError):
            return None

    def _send(self, reply: Reply | Stream) -> None:
        if isinstance(reply, Stream):
            self._send_stream(reply)
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("content-type", reply.content_type)
        self.send_header("content-length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body[: len(reply.body) // 2] if reply.cut else reply.body)
        self.wfile.flush()
        if reply.cut:
            self._hang_up()

    def _send_stream(self, stream: Stream) -> None:
        self.send_response(200)
        for name, value in stream.headers.items():
            self.send_header(name, value)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        waiting: bytes | None = None
        for one in stream.events:
            if waiting is not None:
                self._chunk(waiting)
            waiting = one
        if stream.cut:
            self._chunk((waiting or b"")[: len(waiting or b"") // 2])
            self._hang_up()
            return
        self._chunk(waiting or b"")
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def _chunk(self, data: bytes) -> None:
        if data:
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
