"""The rehearsal server on loopback: its routes, and `serve` and `run`."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from pressrun.providers.openai.rehearsal import images, intake, protocol
from pressrun.providers.openai.rehearsal.batches import BatchShelf
from pressrun.providers.openai.rehearsal.connections import ANNOUNCED, Connections
from pressrun.providers.openai.rehearsal.faults import PlayedFault, Script, fault_from
from pressrun.providers.openai.rehearsal.files import Files
from pressrun.providers.openai.rehearsal.pace import Rate
from pressrun.providers.openai.rehearsal.refusal import Refusal
from pressrun.providers.openai.rehearsal.replies import Call, Reply, Stream, json_reply
from pressrun.providers.openai.rehearsal.responses import Responses
from pressrun.providers.openai.rehearsal.service import Options, Service, bad_key

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
        self._http = Connections((host, port), self)
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
        return undelayed and (self._batches.threads.at_work or self._responses.threads.at_work)

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
        self._batches.threads.close()
        self._responses.threads.close()
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
        ("GET", "/", lambda call: _server_told(service, call)),
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


def _server_told(service: Service, call: Call) -> Reply:
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
