"""Servers that answer in their own ways, keys and where they come from, and what is never written anywhere."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from openai_samples import Shelf, picture, provider, request

from pressrun.model.answer import Answer, Room
from pressrun.model.errors import MissingTool
from pressrun.providers.openai import addresses
from pressrun.providers.openai.headers import duration, rooms_of, wait_of
from pressrun.providers.openai.refusals import Account, refusal
from pressrun.readers.environment import parse_dotenv, read_environment

PNG = picture((1024, 640))
KEY = "sk-proj-secret1234567890abcd"


class Canned(BaseHTTPRequestHandler):
    """Answers every POST with what the test laid out, and remembers what was asked."""

    protocol_version = "HTTP/1.1"
    body: Any = b""
    status = 200
    kind = "application/json"
    headers_out: dict[str, str] = {}  # noqa: RUF012 - set anew by each test
    seen: list[tuple[str, dict[str, str], bytes]] = []  # noqa: RUF012

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _answer(self, status: int, data: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        for name, value in self.headers_out.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.seen.append((self.path, dict(self.headers.items()), sent))
        data = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        self._answer(self.status, data, self.kind)

    def do_GET(self) -> None:
        self.seen.append((self.path, dict(self.headers.items()), b""))
        if self.path == "/away.png":
            self.headers_out = {"location": "http://127.0.0.1:1/elsewhere.png"}
            self._answer(302, b"")
        else:
            self._answer(200 if self.path == "/made/1.png" else 404, PNG, "image/png")


class Quiet(ThreadingHTTPServer):
    """Clients that hang up are part of the play."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@pytest.fixture
def canned() -> Iterator[Any]:
    handler = type("Handler", (Canned,), {"seen": [], "headers_out": {}})
    with Quiet(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        handler.origin = f"http://127.0.0.1:{server.server_address[1]}"
        yield handler
        server.shutdown()


def ask(canned: Any, profile: str = "localai", environment: dict[str, str] | None = None, **options: Any) -> Answer:
    chosen = provider(base_url=f"{canned.origin}/v1", profile=profile, **options)
    client = chosen.open_client(environment or {})
    try:
        return client.ask(request(), "1", Shelf().read)
    finally:
        client.close()


def test_a_picture_given_by_its_address_is_fetched_from_the_same_server(canned: Any) -> None:
    canned.body = {"created": 1, "data": [{"url": f"{canned.origin}/made/1.png"}]}
    answer = ask(canned)
    assert answer.picture is not None
    assert answer.picture.data == PNG
    assert answer.cost_usd is None
    assert [path for path, _, _ in canned.seen] == ["/v1/images/generations", "/made/1.png"]
    assert json.loads(canned.seen[0][2]) == {
        "prompt": "a barn", "model": "gpt-image-2", "n": 1, "size": "1024x640", "response_format": "b64_json"
    }  # fmt: skip


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.2:PORT/made/1.png", "http://127.0.0.1:1/made/1.png", "https://127.0.0.1:PORT/made/1.png"],
)
def test_no_other_address_is_ever_fetched_unless_it_is_named(canned: Any, url: str) -> None:
    url = url.replace("PORT", canned.origin.rsplit(":", 1)[1])
    canned.body = {"data": [{"url": url}]}
    answer = ask(canned, environment={"K": KEY}, key_from="K", image_hosts=["cdn.example", "127.0.0.1", ".0.0.2"])
    assert (answer.verdict, answer.booking, answer.address) == ("failed", "charged", url)
    assert "is not http://" in answer.message
    assert f"image_hosts: [{url.split('/')[2]}]" in str(answer.hint)
    assert len(canned.seen) == 1


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "http://127.0.0.1:PORT@evil.example/made/1.png", "made/1.png", "http://me@127.0.0.1/1.png"],
)
def test_what_is_no_address_is_never_fetched(canned: Any, url: str) -> None:
    canned.body = {"data": [{"url": url.replace("PORT", canned.origin.rsplit(":", 1)[1])}]}
    answer = ask(canned, image_hosts=["evil.example"])
    assert (answer.verdict, answer.address) == ("lost", "")
    assert "no address" in answer.message
    assert len(canned.seen) == 1


def test_a_host_that_is_named_is_asked_without_the_key(canned: Any) -> None:
    named = canned.origin.replace("127.0.0.1", "localhost")
    canned.body = {"data": [{"url": f"{named}/made/1.png#part"}]}
    host = named.removeprefix("http://")
    answer = ask(canned, environment={"K": KEY}, key_from="K", image_hosts=host)
    assert answer.picture is not None, answer.message
    path, headers, _ = canned.seen[-1]
    assert path == "/made/1.png"
    assert headers["host"] == host
    assert KEY not in str(headers)


@pytest.mark.parametrize(
    ("found", "hosts", "fetched"),
    [
        ("93.184.216.34", ["cdn.example"], True),
        ("93.184.216.34", [".example"], True),
        ("93.184.216.34", ["other.example"], False),
        ("10.0.0.5", ["cdn.example"], False),
        ("10.0.0.5", ["cdn.example", "10.0.0.5"], True),
        ("127.0.0.1", ["cdn.example"], False),
        ("169.254.169.254", [".example"], False),
        ("::1", ["cdn.example"], False),
        ("::ffff:10.0.0.5", ["cdn.example"], False),
        ("fe80::1%eth0", ["cdn.example"], False),
    ],
)
def test_a_name_that_leads_into_a_private_network(
    found: str, hosts: list[str], fetched: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was looked at is what is asked: the number is in the address, so that no second look tells another."""
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (found, 443))])
    if not fetched:
        with pytest.raises(addresses.CannotFetch, match=r"private network|is not https://"):
            addresses.target_of("https://cdn.example/1.png?x=1", "https://pictures.example/v1", hosts)
        return
    target = addresses.target_of("https://cdn.example/1.png?x=1", "https://pictures.example/v1", hosts)
    assert target.url == f"https://{found}:443/1.png?x=1"
    assert (target.headers["host"], target.extensions["sni_hostname"]) == ("cdn.example", "cdn.example")
    with pytest.raises(addresses.CannotFetch, match="https only"):
        addresses.target_of("http://cdn.example/1.png", "https://pictures.example/v1", hosts)


def test_base64_is_asked_for_where_it_is_taken(canned: Any) -> None:
    picked: list[dict[str, Any]] = []

    class Picky(canned):  # type: ignore[misc]
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["content-length"])))
            picked.append(said)
            if "response_format" in said:
                self._answer(400, b'{"error": {"message": "Unknown parameter: \'response_format\'."}}')
            else:
                self._answer(200, json.dumps({"data": [{"b64_json": base64.b64encode(PNG).decode()}]}).encode())

    with Quiet(("127.0.0.1", 0), Picky) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        chosen = provider(base_url=f"http://127.0.0.1:{server.server_address[1]}/v1", profile="compatible")
        client = chosen.open_client({})
        assert [client.ask(request(), "1", Shelf().read).verdict for _ in range(2)] == ["picture"] * 2
        client.close()
        server.shutdown()
    assert ["response_format" in said for said in picked] == [True, False, False]


@pytest.mark.parametrize("path", ["/away.png", "/gone.png"])
def test_redirects_and_missing_pictures_are_not_followed(canned: Any, path: str) -> None:
    canned.body = {"data": [{"url": canned.origin + path}]}
    assert "status" in ask(canned).message


def test_a_data_url_is_a_picture(canned: Any) -> None:
    canned.body = {"data": [{"b64_json": "data:image/png;base64," + base64.b64encode(PNG).decode()}]}
    answer = ask(canned)
    assert answer.picture is not None
    assert answer.picture.data == PNG


@pytest.mark.parametrize(
    ("body", "verdict", "booking"),
    [
        ({"data": None}, "lost", None),
        ({"data": []}, "lost", None),
        ({"data": [{}]}, "lost", None),
        ({"data": [None]}, "lost", None),
        ({"data": [{"b64_json": "%%%"}]}, "lost", None),
        ({"data": [{"b64_json": "%%%"}], "usage": {"input_tokens": 1, "output_tokens": 2}}, "failed", "charged"),
        ({"data": [{"b64_json": "é"}]}, "lost", None),
        ({"data": [{"url": "http://127.0.0.1:port/1.png"}]}, "lost", None),
        ({"data": [{"url": "http://127.0.0.1:1/1.png"}]}, "failed", "charged"),
        ({"data": [{"url": "http://[1.png"}]}, "lost", None),
        (b'{"data":' + b"[" * 100_000, "lost", None),
        ([1, 2], "lost", None),
        (b"", "lost", None),
        (b"\xff\xfe", "lost", None),
        (b"null", "lost", None),
        ({"error": {"message": "out of order"}}, "again", "failed"),
        ({"error": {"message": "no", "code": "moderation_blocked"}}, "refused", "refused"),
        ({"error": {"message": "no", "type": "insufficient_quota"}}, "stop", "not_charged"),
    ],
)
def test_strange_answers(canned: Any, body: Any, verdict: str, booking: str | None) -> None:
    canned.body = body
    answer = ask(canned)
    assert (answer.verdict, answer.booking) == (verdict, booking)


@pytest.mark.parametrize(
    "event",
    [b"5", b"[1]", b"{}", b"no JSON", b'{"type": 5}', b"[DONE]",
     b'{"type": "image_generation.partial_image", "b64_json": null}',
     b'{"type": "image_generation.completed", "b64_json": "\xc3\xa9"}'],
)  # fmt: skip
def test_strange_events_of_a_stream(canned: Any, event: bytes) -> None:
    canned.body, canned.headers_out = b"data: " + event + b"\n\n", {}
    canned.kind = "text/event-stream"
    assert ask(canned, profile="rehearsal", stream=True, partial_images=1).verdict == "lost"


@pytest.mark.parametrize(
    "usage",
    [{"input_tokens": -5, "output_tokens": 2}, {"input_tokens": 1e999, "output_tokens": 2}, {"input_tokens": "many"},
     {"output_tokens": 2}, {"input_tokens": 1, "output_tokens": 2, "input_tokens_details": {"text_tokens": "x"}}],
)  # fmt: skip
def test_a_strange_usage_is_a_cost_nobody_knows(canned: Any, usage: Any) -> None:
    canned.body = {"data": [{"b64_json": base64.b64encode(PNG).decode()}], "usage": usage}
    answer = ask(canned, profile="rehearsal")
    assert (answer.verdict, answer.booking, answer.cost_usd) == ("picture", "charged", None)


@pytest.mark.parametrize(
    ("status", "verdict", "booking"),
    [
        (400, "failed", "not_charged"), (401, "stop", "not_charged"), (403, "stop", "not_charged"),
        (404, "stop", "not_charged"), (408, "again", "not_charged"), (409, "again", "not_charged"),
        (413, "failed", "not_charged"), (422, "failed", "not_charged"), (429, "again", "not_charged"),
        (500, "again", "failed"), (502, "again", "failed"), (503, "again", "failed"), (504, "lost", None),
        (520, "lost", None), (524, "lost", None), (307, "stop", "not_charged"),
    ],
)  # fmt: skip
def test_what_a_status_means(canned: Any, status: int, verdict: str, booking: str | None) -> None:
    canned.status, canned.body = status, b"<html><body><h1>Hello</h1></body></html>"
    canned.headers_out = {"location": "http://127.0.0.1:1/"} if status == 307 else {}
    answer = ask(canned)
    assert (answer.verdict, answer.booking) == (verdict, booking)
    assert "<" not in answer.message


def test_a_key_in_any_text_is_left_out(canned: Any) -> None:
    canned.status = 400
    canned.body = {"error": {"message": f"Incorrect key {KEY}, Bearer {KEY}, sk-pro******abcd", "code": "x"}}
    answer = ask(canned, environment={"K": KEY}, key_from="K")
    assert "sk-" not in answer.message
    assert "abcd" not in answer.message
    assert f"Bearer {KEY}" in canned.seen[0][1].values()


def test_no_key_of_openai_goes_to_another_server(canned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    canned.body = {"data": []}
    ask(canned, "compatible", {"OPENAI_API_KEY": KEY})
    assert KEY not in str(canned.seen)
    # Whoever sets both in the environment means them to go together.
    monkeypatch.setenv("OPENAI_BASE_URL", f"{canned.origin}/v1")
    client = provider().open_client({"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": f"{canned.origin}/v1"})
    client.ask(request(), "1", Shelf().read)
    client.close()
    assert KEY in str(canned.seen)


def test_no_key_says_which_line_to_write() -> None:
    with pytest.raises(MissingTool, match="export OPENAI_API_KEY=…") as caught:
        provider().open_client({})
    assert ".env" in str(caught.value)
    assert caught.value.exit_code == 3
    with pytest.raises(MissingTool, match="AZURE_OPENAI_API_KEY"):
        provider(profile="azure", base_url="https://x.openai.azure.com/openai/v1/").open_client({"OPENAI_API_KEY": KEY})
    with pytest.raises(MissingTool, match="base_url"):
        provider(profile="azure").open_client({"AZURE_OPENAI_API_KEY": KEY})
    with pytest.raises(MissingTool, match="write base_url"):
        provider().open_client({"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "http://localhost:1/v1"})


def test_the_environment_goes_before_the_file(tmp_path: Any) -> None:
    (tmp_path / ".env").write_text("\ufeffA=1\nB=2\n", "utf-8")
    assert read_environment(tmp_path, {"B": "3"}) == {"A": "1", "B": "3"}
    assert read_environment(tmp_path / "none", {"B": "3"}) == {"B": "3"}


def test_the_lines_of_a_dotenv() -> None:
    text = "\n".join([
        "# a comment", "", "A=plain", "export B = spaced ", "C='single # kept' # gone", 'D="double"', "E=bare # gone",
        "F=", "not a line", "G=a=b#c", "H='open", "1X=no", "I=#", "A=last",
    ])  # fmt: skip
    assert parse_dotenv(text) == {
        "A": "last", "B": "spaced", "C": "single # kept", "D": "double", "E": "bare", "F": "", "G": "a=b#c",
        "H": "'open", "I": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("240ms", 0.24), ("1.5s", 1.5), ("6m0s", 360), ("1h2m3s", 3723), ("51.84 seconds", 51.84), ("2 minutes", 120),
     ("20 milliseconds", 0.02), ("soon", None), ("3 apples", None)],
)  # fmt: skip
def test_durations(text: str, seconds: float | None) -> None:
    assert duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("headers", "text", "seconds"),
    [
        ({"retry-after-ms": "1500", "retry-after": "2"}, "", 1.5),
        ({"retry-after": "2.5"}, "try again in 9s", 2.5),
        ({"retry-after": "Wed, 04 Nov 2026 10:00:30 GMT", "date": "Wed, 04 Nov 2026 10:00:00 GMT"}, "", 30),
        ({"retry-after": "soon"}, "Please try again in 51.84s. Visit", 51.84),
        ({}, "Please try again in 1m30s. Visit https://x", 90),
        ({}, "Rate limit reached", None),
        ({"retry-after": "-3"}, "", 0),
    ],
)
def test_the_wait_that_is_asked_for(headers: dict[str, str], text: str, seconds: float | None) -> None:
    assert wait_of(headers, text) == pytest.approx(seconds)


def test_limits_in_headers() -> None:
    headers = {
        "x-ratelimit-limit-images": "250", "x-ratelimit-remaining-images": "249",
        "x-ratelimit-limit-tokens": "many", "x-ratelimit-remaining-tokens": "1",
    }  # fmt: skip
    assert rooms_of(headers) == {"images": Room(250, 249)}


def test_a_day_s_wait_is_told_and_not_waited_for() -> None:
    account = Account("OpenAI", "https://api.openai.com/v1", "OPENAI_API_KEY", KEY, "gpt-image-2")
    error = {"message": "Limit reached. Please try again in 7h12m0s.", "code": "rate_limit_exceeded"}
    answer = refusal(account, 429, error, "", {})
    assert answer.verdict == "stop"
    assert "7.2 hours" in answer.message


def test_a_fixed_price_is_the_cost_where_nothing_is_counted(canned: Any) -> None:
    canned.body = {"data": [{"b64_json": base64.b64encode(PNG).decode()}]}
    assert ask(canned, price="0.02").cost_usd == Decimal("0.02")
    assert ask(canned, price=0).cost_usd == 0
