"""The server as a process of its own, clients that are killed, and what is loaded when."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI
from warm_process import WarmProcess

import pressrun.providers.openai.rehearsal

ASK: dict[str, Any] = {"model": "gpt-image-2", "prompt": "a red barn", "size": "1024x1024", "quality": "low"}
CLIENT = """
import sys
from openai import OpenAI
client = OpenAI(base_url=sys.argv[1], api_key="sk-rehearsal", max_retries=0)
print("ready", flush=True)
for number in range(1000):
    client.images.generate(model="gpt-image-2", prompt=f"barn {number}", size="1024x1024", quality="low")
    print(number, flush=True)
"""


def test_it_prints_its_address_and_runs_till_interrupted() -> None:
    command = [sys.executable, "-m", "pressrun.providers.openai.rehearsal"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base_url = process.stdout.readline().strip()
        with OpenAI(base_url=base_url, api_key="sk-rehearsal", max_retries=0) as client:
            assert client.images.generate(**ASK).data
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=10)
    assert (process.returncode, said) == (0, "")


@pytest.mark.parametrize("moment", [0.01, 0.06, 0.11, 0.17])
def test_a_killed_client_has_paid_for_at_most_one_picture_it_did_not_get(start: Any, moment: float) -> None:
    _, server = start(latency=0.05)
    with WarmProcess(["-c", CLIENT, server.base_url], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(moment)
        process.kill()
        got = len(process.communicate()[0].split())
    report = server.settle()
    assert report["in_flight"] == 0
    assert report["totals"]["count"] - got in (0, 1)
    prompts = [charge["prompt_sha256"] for charge in report["charges"]]
    assert len(set(prompts)) == len(prompts)


def test_closing_cuts_off_calls_under_way(start: Any) -> None:
    client, server = start(latency=3600)
    with pytest.raises(Exception):  # noqa: B017, PT011 - how it breaks is the client's affair
        client.images.generate(**ASK, timeout=0.2)
    server.close()
    assert server.charges()["totals"]["count"] == 0


def test_the_sdk_is_read_by_one_file_and_not_at_import() -> None:
    folder = Path(pressrun.providers.openai.rehearsal.__file__).parent
    importing = [
        path.name for path in folder.glob("*.py") if re.search(r"^\s*(from|import) openai", path.read_text(), re.M)
    ]
    assert importing == ["protocol.py"]
    code = "import sys, pressrun.providers.openai.rehearsal.server; sys.exit('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_call_that_nobody_has_read_yet_is_under_way(start: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _, server = start()
    begin = server._http.process_request
    monkeypatch.setattr(server._http, "process_request", lambda *call: (time.sleep(0.5), begin(*call)))
    with socket.create_connection(("127.0.0.1", server.port)) as asking:
        body = json.dumps(ASK).encode()
        head = f"POST /v1/images/generations HTTP/1.1\r\nAuthorization: Bearer sk-1\r\nContent-Length: {len(body)}\r\n\r\n"
        asking.sendall(head.encode() + body)
        assert server.settle()["totals"]["count"] == 1


def test_calls_that_are_sent_together_are_answered_one_after_the_other(start: Any) -> None:
    _, server = start()
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as asking:
        asking.sendall(b"GET /charges HTTP/1.1\r\n\r\n" * 2 + b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        answered = b"".join(iter(lambda: asking.recv(65_536), b""))
    assert answered.count(b"HTTP/1.1 200 OK") == 3
