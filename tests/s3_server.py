"""A server that speaks S3, on loopback, which can be told to be out of order."""

from __future__ import annotations

import itertools
import os
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable
from typing import Any

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

Start = Callable[..., Any]
KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}


class S3Server:
    """Started when it is made. ``fault`` is what it says of every request in place of an answer: a status and a code,
    as S3 writes them, or seconds that it takes, or ``"half"``: it breaks off in the middle of an answer, or ``"cut"``: in
    the middle of what it is sent. ``watch`` is told of each request before it is answered."""

    def __init__(self) -> None:
        self._app = DomainDispatcherApplication(create_backend_app)
        self._numbers = itertools.count()
        self.fault: tuple[str, str] | float | str | None = None
        self.faults_left = -1  # so many requests; for ever where it is negative
        self.requests: list[tuple[str, str]] = []
        self.put: list[str] = []  # of objects, as far as they were not answered by a fault
        self.watch: Callable[[str, str], object] = lambda method, path: None
        self.port = 0
        self.start()

    def start(self) -> None:
        self._server = make_server("127.0.0.1", self.port, self._answer, threaded=True)
        self.port = self._server.port
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def options(self) -> dict[str, str]:
        """Of a store in a bucket that nobody has."""
        bucket = f"prints-{next(self._numbers)}"
        self.request("PUT", bucket)
        return {"type": "cloud", "url": f"s3://{bucket}/spring", "endpoint": self.url}

    def request(self, method: str, path: str, data: bytes | None = None) -> bytes:
        asked = urllib.request.Request(f"{self.url}/{path}", data, method=method)
        with urllib.request.urlopen(asked) as answer:
            return bytes(answer.read())

    def _answer(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        self.requests.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        self.watch(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        fault = self.fault
        if fault is not None and self.faults_left:
            self.faults_left -= 1
            if isinstance(fault, float):
                time.sleep(fault)
            elif fault == "cut":
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0) // 2)
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
                start("200 OK", [])
                return []
            elif fault == "half":
                start("200 OK", [("Content-Length", "1000"), ("Last-Modified", "Mon, 01 Mar 2027 10:00:00 GMT"), ("ETag", '"x"')])
                return [b"half of it"]
            else:
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                start(fault[0], [("Content-Type", "application/xml")])
                return [f'<?xml version="1.0"?><Error><Code>{fault[1]}</Code></Error>'.encode()]
        if environ["REQUEST_METHOD"] == "PUT":
            self.put.append(environ["PATH_INFO"])
        return self._app(environ, start)  # type: ignore[no-any-return]


def with_keys() -> None:
    """As people have them: for this process and those that it starts."""
    os.environ.update(KEYS)
