"""The HTTP side: a threading server on loopback, its routes, and `serve` and `run`."""

from __future__ import annotations

import contextlib
import re
import selectors
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pressrun.providers.openai.rehearsal import images, intake, protocol
from pressrun.providers.openai.rehearsal.batches import BatchShelf
from pressrun.providers.openai.rehearsal.faults import PlayedFault, Script, fault_from
from pressrun.providers.openai.rehearsal.files import Files
from pressrun.providers.openai.rehearsal.pace import Rate
from pressrun.providers.openai.rehearsal.refusal import Refusal
from pressrun.providers.openai.rehearsal.replies import Call, Reply, Stream, json_reply, refused
from pressrun.providers.openai.rehearsal.responses import Responses
from pressrun.providers.openai.rehearsal.service import Disconnect, Options, Service, bad_key

ANNOUNCED = "/rehearsal"  # before /v1, it says to a client what kind of server it is; both ways lead to the same
Endpoint = Callable[[Call], Reply | Stream]


class Rehearsal:
    """A running server: `base_url` for the client (or `announced_url`, by which it is known
    for a rehearsal), `close()` when done; also a context manager."""

    def __init__(self, port: int, host: str, service: Service) -> None:
        self.service = service
        files = Files(service)
        self._batches = BatchShelf(service, files)
        self._responses = Responses(service, files)
        self._routes = _routes(service, files, self._batches, self._responses)
        self._http = _Http((host, port), self)
        self.port: int = self._http.server_address[1]
        service.port = self.port
        self.origin = f"http://{host}:{self.port}"
        self.base_url = f"{self.origin}/v1"
        self.announced_url = f"{self.origin}{ANNOUNCED}/v1"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), name="rehearsal", daemon=True)
        self._thread.start()

    def charges(self) -> dict[str, Any]:
        """The same as `GET /charges`."""
        return self.service.report()

    def settle(self, timeout: float = 60.0) -> dict[str, Any]:
        """Wait (at most `timeout` seconds) until no call is under way, and so every charge is booked; then `charges`.

        What has arrived and was not read yet is under way, and so is what needs no waiting for in the background.
        """
        until = time.monotonic() + timeout
        while self._is_asked() and time.monotonic() < until:
            time.sleep(0.005)
        return self.charges()

    def _is_asked(self) -> bool:
        if self._http.is_asked():
            return True
        undelayed = not self.service.options.batch_delay and not self.service.stopped.is_set()
        return undelayed and (self._batches.at_work or self._responses.at_work)

    def fault(self, *faults: PlayedFault | str | Mapping[str, Any]) -> None:
        """Add to the script of faults."""
        self.service.faults.add(one if isinstance(one, PlayedFault) else fault_from(one) for one in faults)

    def close(self) -> None:
        """Stop: calls under way are cut off, connections closed, threads ended."""
        self.service.stopped.set()
        self._http.shutdown()
        self._thread.join()
        self._http.hang_up()
        self._http.server_close()
        self._batches.close()
        self._responses.close()
        self.service.close()

    def __enter__(self) -> Rehearsal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def answer(self, method: str, call: Call) -> Reply | Stream:
        for verb, pattern, endpoint in self._routes:
            found = re.fullmatch(pattern, call.path)
            if found and verb == method:
                if call.path.startswith("/v1/"):
                    self._check_key(call)
                call.names = found.groups()
                return endpoint(call)
        raise Refusal(404, f"Invalid URL ({method} {call.path})")

    def _check_key(self, call: Call) -> None:
        key = call.headers.get("authorization", "").removeprefix("Bearer ").strip()
        wanted = self.service.options.api_key
        if not key:
            raise Refusal(
                401,
                "You didn't provide an API key. You need to provide your API key in an Authorization header using "
                "Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
            )
        if wanted is not None and key != wanted:
            raise bad_key(f"{key[:4]}{'*' * 8}{key[-4:]}" if len(key) > 12 else "*" * len(key))


def serve(
    port: int = 0,
    *,
    host: str = "127.0.0.1",
    state_dir: Path | str | None = None,
    faults: Iterable[PlayedFault | str | Mapping[str, Any]] = (),
    rate: Rate | None = None,
    latency: float = 0.0,
    vary: bool = False,
    api_key: str | None = None,
    also_models: Iterable[str] = (),
    also_formats: Iterable[str] = (),
    batch_delay: float = 0.0,
    batch_models: Iterable[str] | None = None,
    batch_rows: int = 50_000,
    batch_bytes: int = 200 * 1024 * 1024,
    clock: Callable[[], float] = time.time,
) -> Rehearsal:
    """Start a server on `port` (0: any free one) and return its handle at once.

    `state_dir` keeps charges, files, batches and responses over a restart. `latency` is seconds a picture takes;
    `batch_delay` seconds a batch takes, or a response in the background. `vary` makes every call draw other pictures,
    as the real API does; without it the same order gives the same bytes. `api_key` is the only key accepted (None:
    any). `also_models` are further model names to answer to, retired ones too, `also_formats` gif and svg, which not
    every account has; `batch_models` are the models that batches accept (None: all), `batch_rows` and `batch_bytes`
    how much one file may hold. `faults` is a script for `pressrun.providers.openai.rehearsal.faults`.
    OSError if the port is taken; ValueError for a fault that does not exist.
    """
    script = Script(one if isinstance(one, PlayedFault) else fault_from(one) for one in faults)
    folder = Path(state_dir) if state_dir is not None else None
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    options = Options(
        rate=rate or Rate(),
        latency=latency,
        vary=vary,
        api_key=api_key,
        also_models=tuple(also_models),
        also_formats=tuple(also_formats),
        batch_delay=batch_delay,
        batch_models=None if batch_models is None else tuple(batch_models),
        batch_rows=batch_rows,
        batch_bytes=batch_bytes,
        clock=clock,
    )
    protocol.tables()  # reading the SDK takes a second: before the first request, not during it
    return Rehearsal(port, host, Service(options, script, folder))


def run(port: int, *, say: Callable[[str], None] | None = None, **options: Any) -> None:
    """Serve until interrupted; says the base URL first (on stdout, if `say` is not given). Options as in `serve`."""
    with serve(port, **options) as rehearsal:
        if say is None:
            print(rehearsal.announced_url, flush=True)  # whoever reads it through a pipe waits for it
        else:
            say(rehearsal.announced_url)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


def _routes(
    service: Service, files: Files, batches: BatchShelf, responses: Responses
) -> list[tuple[str, str, Endpoint]]:
    return [
        ("GET", "/", lambda call: _about(service, call)),
        ("GET", "/charges", lambda call: json_reply(service.report())),
        ("GET", "/faults", lambda call: json_reply({"faults": service.faults.report()})),
        ("POST", "/faults", lambda call: _add_faults(service, call)),
        ("DELETE", "/faults", lambda call: _clear_faults(service)),
        ("GET", "/pictures/([^/]+)", lambda call: _picture(service, call)),
        ("GET", "/v1/models", lambda call: _models(service)),
        ("GET", "/v1/models/([^/]+)", lambda call: _model(service, call)),
        ("POST", "/v1/images/generations", lambda call: images.generations(service, call)),
        ("POST", "/v1/images/edits", lambda call: images.edits(service, call, files.picture)),
        ("POST", "/v1/files", files.upload),
        ("GET", "/v1/files", files.listing),
        ("GET", "/v1/files/([^/]+)", files.retrieve),
        ("DELETE", "/v1/files/([^/]+)", files.delete),
        ("GET", "/v1/files/([^/]+)/content", files.content),
        ("POST", "/v1/batches", batches.create),
        ("GET", "/v1/batches", batches.listing),
        ("GET", "/v1/batches/([^/]+)", batches.retrieve),
        ("POST", "/v1/batches/([^/]+)/cancel", batches.cancel),
        ("POST", "/v1/responses", responses.create),
        ("GET", "/v1/responses/([^/]+)", responses.retrieve),
        ("POST", "/v1/responses/([^/]+)/cancel", responses.cancel),
        ("DELETE", "/v1/responses/([^/]+)", responses.delete),
    ]


def _about(service: Service, call: Call) -> Reply:
    return json_reply({"server": "pressrun rehearsal", "models": sorted(service.models)})


def _picture(service: Service, call: Call) -> Reply:
    found = service.hung.get(call.names[0])
    if found is None:
        raise Refusal(404, "There is no such picture.")
    return Reply(200, found, "image/png")


def _add_faults(service: Service, call: Call) -> Reply:
    said: Any = intake.read_json(b'{"faults":' + call.body + b"}")["faults"]
    if isinstance(said, dict) and "faults" in said:
        said = said["faults"]
    try:
        service.faults.add([fault_from(one) for one in (said if isinstance(said, list) else [said])])
    except (ValueError, TypeError) as error:
        raise Refusal(400, str(error), param="fault") from None
    return json_reply({"faults": service.faults.report()})


def _clear_faults(service: Service) -> Reply:
    service.faults.clear()
    return json_reply({"faults": []})


def _model_object(service: Service, name: str) -> dict[str, Any]:
    found = {"id": name, "object": "model", "created": 1_776_000_000, "owned_by": "system"}
    shutdown = service.models[name].shutdown
    return found | ({"shutdown_date": shutdown} if shutdown else {})


def _models(service: Service) -> Reply:
    return json_reply({"object": "list", "data": [_model_object(service, name) for name in sorted(service.models)]})


def _model(service: Service, call: Call) -> Reply:
    if call.names[0] not in service.models:
        raise Refusal(404, f"The model '{call.names[0]}' does not exist", param="model", code="model_not_found")
    return json_reply(_model_object(service, call.names[0]))


class _Http(ThreadingHTTPServer):
    """The listening socket; remembers its connections, so that closing it ends the threads that wait on them."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(self, address: tuple[str, int], rehearsal: Rehearsal) -> None:
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
    server: _Http

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
