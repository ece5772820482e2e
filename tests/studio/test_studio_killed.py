"""The studio killed while it buys: what it answered is there, and nothing is paid twice."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import subprocess
import threading
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from studio_samples import RUN, TOKEN, lines, write_paid, write_run
from warm_process import WarmProcess

from pressrun.providers.openai.rehearsal.server import serve

SLOWLY = "a red ball on the table [[fault:slow 2]]"


class Process:
    """A studio in a process of its own, and somebody who came in by its token."""

    def __init__(self, root: Path, stderr: int | None = None) -> None:
        said = ["-m", "pressrun", "studio", "--root", root, "--port", 0, "--token", TOKEN, "--by", "Mara"]
        self.process = WarmProcess(said, stdout=subprocess.PIPE, stderr=stderr)
        assert self.process.stdout
        address = self.process.stdout.readline().strip()
        self.base = address.partition("/?")[0]
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self._csrf = re.findall(r'"csrf":"(\w+)"', self._opener.open(address, timeout=30).read().decode())[0]

    def get(self, path: str) -> str:
        with self.opened(path) as answer:
            return str(answer.read().decode())

    def opened(self, path: str) -> Any:
        return self._opener.open(self.base + path, timeout=60)

    def send(self, path: str, said: object) -> tuple[int, Any]:
        headers = {"content-type": "application/json", "x-csrf": self._csrf, "origin": self.base}
        request = Request(self.base + path, json.dumps(said).encode(), headers)
        try:
            with self._opener.open(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            return error.code, json.load(error)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()


def test_a_studio_killed_in_a_purchase_keeps_what_it_answered_and_pays_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(vary=True)
    root, sheet = write_paid(tmp_path, server.base_url)
    run, tile = sheet.split("/sheets/")
    studio = Process(root)
    try:
        snow = {"wish": "make it a snowy winter scene", "quality": "low", "name": "snow", "most_usd": 1}
        assert studio.send(f"{sheet}/fork", snow)[0] == 200
        assert studio.send(f"{run}/decisions", {"tiles": [tile], "verdict": "reject", "reason": "too dark"})[0] == 200
        pinned = {"tile": tile, "text": "lighter here", "at": [0.5, 0.5]}
        assert studio.send(f"{run}/comments", pinned)[0] == 200
        charged = len(server.settle()["charges"])
        ball = {"wish": SLOWLY, "quality": "low", "name": "ball", "most_usd": 1}
        answer, asked = server.answer, threading.Event()  # when the whole call has come: of a part nothing is charged
        monkeypatch.setattr(server, "answer", lambda *call: (asked.set(), answer(*call))[1])
        buying = threading.Thread(target=_until_cut_off, args=(studio, f"{sheet}/fork", ball))
        buying.start()
        assert asked.wait(60)
        studio.kill()
        buying.join()

        assert len(server.settle()["charges"]) == charged + 1
        studio = Process(root)
        page = studio.get(sheet)
        assert "too dark" in page
        assert "lighter here" in page
        status, again = studio.send(f"{sheet}/fork", snow)
        assert (status, again["there"], again["cost_usd"]) == (200, True, 0.0)
        status, refused = studio.send(f"{sheet}/fork", ball)
        assert status == 400
        assert "perhaps charged" in refused["findings"][0]["message"], refused
        assert len(server.settle()["charges"]) == charged + 1
        assert "perhaps charged" in studio.get("/")
        status, quoted = studio.send(f"{sheet}/fork/quote", ball)
        assert (status, quoted["doubt"]) == (200, True)
        status, paid = studio.send(f"{sheet}/fork", {**ball, "most_usd": quoted["price_usd"], "retry": True})
        assert (status, paid["cost_usd"] > 0) == (200, True)
        assert len(server.settle()["charges"]) == charged + 2
        assert "perhaps charged" not in studio.get("/")
        audit = studio.get("/audit")
        assert audit.count("snowy winter scene") >= 1
    finally:
        studio.kill()
        server.close()


def test_a_studio_that_is_ended_while_pages_listen_says_no_more_than_that(tmp_path: Path) -> None:
    write_run(tmp_path, RUN, lines(1), pictured=False)
    studio = Process(tmp_path, stderr=subprocess.PIPE)
    with studio.opened("/live/events") as listening:
        listening.read(1)
        studio.process.send_signal(signal.SIGINT)
        assert studio.process.stderr
        told = studio.process.stderr.read()
    studio.kill()
    assert "Traceback" not in told
    assert told.splitlines()[2] == "Interrupted; what is done is kept."


def _until_cut_off(studio: Process, path: str, said: object) -> None:
    with contextlib.suppress(ConnectionError, URLError, HTTPException):  # nobody answers any more
        studio.send(path, said)
