"""Who gets in, and what attackers get: nothing of a campaign, and nothing into it."""

from __future__ import annotations

import json
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from studio_samples import RUN, TOKEN, asset, lines, write_run

from pressrun.commands.studio.gate import COOKIE, GUESSES, LINK_OVER, WAYS_IN, Visitor
from pressrun.commands.studio.server import listening
from pressrun.language.page_words import words_of
from pressrun.model.errors import InputError

Open = Callable[..., Any]
FIRST = lines(1)[0]["id"]
POSTS = {
    f"/runs/{RUN}/decisions": {"tiles": [FIRST], "verdict": "approve"},
    f"/runs/{RUN}/comments": {"tile": FIRST, "text": "Hello"},
    f"/runs/{RUN}/links": {"who": "Ann", "role": "look", "days": 1},
}
ROLE_OF = {"decisions": "decide", "comments": "comment", "links": "decide"}


def visit_as(studio: Open, campaign: Path, role: str, until: int = 4_000_000_000, run: str = "") -> Any:
    """In by a link for this role."""
    owner = studio(campaign)
    signed = owner.client.app.state.keys.signed(Visitor("Ann", role, until, run))  # type: ignore[arg-type]
    return studio(campaign, f"/?link={signed}", owner.client.app)


@pytest.mark.parametrize("path", ["/", f"/runs/{RUN}", f"/runs/{RUN}/pictures/{FIRST}/tile", f"/runs/{RUN}/files/{FIRST}", "/audit"])
def test_without_a_token_there_is_nothing(studio: Open, campaign: Path, path: str) -> None:
    stranger = studio(campaign, path)
    assert stranger.entered.status_code == 401
    assert "SKU" not in stranger.entered.text
    assert COOKIE not in stranger.client.cookies


def test_the_token_leaves_the_address_and_becomes_a_cookie_for_this_site_alone(studio: Open, campaign: Path) -> None:
    visit = studio(campaign, f"/runs/{RUN}?token={TOKEN}&locale=de-DE")
    assert "token" not in str(visit.entered.url)
    assert visit.entered.url.query == b"locale=de-DE"
    cookie = visit.entered.history[0].headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_tokens_cannot_be_guessed_one_after_the_other(studio: Open, campaign: Path) -> None:
    visit = studio(campaign, "/?token=wrong")
    answers = [visit.get(f"/?token=wrong{number}").status_code for number in range(GUESSES)]
    assert set(answers[:-1]) == {403}
    assert answers[-1] == 429
    assert visit.get(f"/?token={TOKEN}").status_code == 429


@pytest.mark.parametrize("forge", [
    lambda cookie: cookie[:-1] + ("0" if cookie[-1] != "0" else "1"),
    lambda cookie: cookie.partition(".")[0] + ".",
    lambda cookie: "e30." + cookie.partition(".")[2],
    lambda cookie: "\u00e9.\u00e9", lambda cookie: "a" * 10_000,
])  # fmt: skip
def test_a_forged_cookie_is_none(studio: Open, campaign: Path, forge: Callable[[str], str]) -> None:
    visit = studio(campaign)
    forged = forge(visit.client.cookies[COOKIE]).encode("latin-1")
    visit.client.cookies.clear()
    assert visit.client.get("/", headers={b"cookie": COOKIE.encode() + b"=" + forged}).status_code == 401


def test_a_link_is_over_when_it_says(studio: Open, campaign: Path) -> None:
    late = visit_as(studio, campaign, "look", until=int(time.time()) - 1)
    assert (late.entered.status_code, late.entered.text) == (403, LINK_OVER)
    page = late.get("/", accept="text/html", **{"accept-language": "ar"})
    assert page.status_code == 401
    assert 'dir="rtl"' in page.text
    assert words_of("ar")[WAYS_IN] in page.text


def test_a_link_is_for_one_run_and_outlives_the_server(studio: Open, campaign: Path) -> None:
    write_run(campaign, "20270302-100000-launch", lines(1), pictured=False)
    made = studio(campaign).send(f"/runs/{RUN}/links", {"who": "Ann", "role": "comment", "days": 2}).json()
    guest = studio(campaign, made["path"])  # of another server over the same campaign
    assert guest.entered.status_code == 200
    assert guest.get("/runs/20270302-100000-launch").status_code == 404
    assert "20270302" not in guest.get("/").text
    assert "20270302" not in guest.entered.text
    secret = campaign / ".pressrun" / "studio" / "secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert secret.read_text() not in guest.get("/").text


@pytest.mark.parametrize("role", ["look", "comment", "decide"])
@pytest.mark.parametrize("path", POSTS)
def test_roles_do_what_they_may_and_no_more(studio: Open, campaign: Path, role: str, path: str) -> None:
    order = ["look", "comment", "decide", "buy"]
    allowed = order.index(role) >= order.index(ROLE_OF[path.rpartition("/")[2]])
    answer = visit_as(studio, campaign, role).send(path, POSTS[path])
    assert answer.status_code == (200 if allowed else 403)


def test_nobody_gives_more_than_they_have_nor_for_longer(studio: Open, campaign: Path) -> None:
    until = int(time.time()) + 3600
    visit = visit_as(studio, campaign, "decide", until)
    assert visit.send(f"/runs/{RUN}/links", {"who": "Eve", "role": "buy", "days": 1}).status_code == 400
    path = visit.send(f"/runs/{RUN}/links", {"who": "Eve", "role": "look", "days": 90}).json()["path"]
    known = visit.client.app.state.keys.known(path.partition("link=")[2], time.time())
    assert known.until == until


@pytest.mark.parametrize("path", POSTS)
def test_requests_of_other_pages_are_refused(studio: Open, campaign: Path, path: str) -> None:
    visit = studio(campaign)
    assert visit.client.post(path, json=POSTS[path]).status_code == 403
    assert visit.client.post(path, json=POSTS[path], headers={"x-csrf": "0" * 64}).status_code == 403
    assert visit.send(path, POSTS[path], origin="http://evil.example").status_code == 403
    assert visit.send(path, POSTS[path], origin="null").status_code == 403
    assert visit.send(path, POSTS[path], host="evil.example").status_code == 421
    assert visit.send(path, POSTS[path], origin="http://127.0.0.1").status_code == 200


@pytest.mark.parametrize("path", [
    "/runs/..%2f..%2fetc", "/runs/%2e%2e/sheets/x", f"/runs/{RUN}/files/..%2f..%2fmanifest.json", "/static/..%2fserver.py",
    "/static/%2e%2e/doors.py", f"/runs/{RUN}/../../brands", "/runs/C:%5C", "/runs/%00", f"/runs/{RUN}/pictures/{FIRST}/..",
])  # fmt: skip
def test_paths_lead_nowhere_else(studio: Open, campaign: Path, path: str) -> None:
    answer = studio(campaign).client.get(path)
    assert answer.status_code in (400, 404)
    assert b"root:" not in answer.content


def test_a_record_that_points_outside_its_run_gives_nothing_away(studio: Open, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    folder = write_run(tmp_path, RUN, lines(1))
    (folder / "assets" / "link.jpg").symlink_to(tmp_path / "secret.txt")
    outside = [asset(0, "en-GB", "social/square", path=path) for path in ("assets/../../../secret.txt", "assets/link.jpg", str(tmp_path / "secret.txt"))]
    for one in outside:
        (folder / "assets.jsonl").write_text(json.dumps(one) + "\n")
        visit = studio(tmp_path)
        for answer in (visit.get(f"/runs/{RUN}/files/{one['id']}"), visit.get(f"/runs/{RUN}/pictures/{one['id']}/full")):
            assert answer.status_code == 404
            assert b"secret" not in answer.content.replace(b"secret.txt", b"")


SCRIPT = "</script><script>alert(1)</script><img src=x onerror=alert(1)>{{ 1234 * 5678 }}'\"\u2028"


def test_a_script_in_any_field_stays_text(studio: Open, tmp_path: Path) -> None:
    evil = asset(0, "en-GB", "social/square") | {
        "row": SCRIPT, "keys": {"product": SCRIPT, "region": SCRIPT}, "theme": SCRIPT, "locale": SCRIPT, "layout": SCRIPT,
        "findings": [{"severity": "error", "code": "x", "message": SCRIPT, "hint": SCRIPT, "layer": SCRIPT}],
        "text": [{"id": SCRIPT, "lines": 1, "overflow": True, "size_pt": 1.0, "text": SCRIPT}],
    }  # fmt: skip
    evil["pictures"][0]["prompt"] = SCRIPT
    write_run(tmp_path, RUN, [evil], pictured=False)
    visit = studio(tmp_path)
    visit.send(f"/runs/{RUN}/comments", {"tile": evil["id"], "text": SCRIPT})
    visit.send(f"/runs/{RUN}/decisions", {"tiles": [evil["id"]], "verdict": "reject", "reason": SCRIPT})
    for path in ("/", f"/runs/{RUN}", f"/runs/{RUN}?q=%3C/script%3E%3Cscript%3Ealert(1)", f"/runs/{RUN}/sheets/{evil['id']}", "/audit"):
        page = visit.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert str(1234 * 5678) not in page.text


def test_pages_load_nothing_from_elsewhere(studio: Open, campaign: Path) -> None:
    visit = studio(campaign)
    answer = visit.get(f"/runs/{RUN}")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "http" not in answer.text.replace("http-equiv", "").replace("127.0.0.1", "")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"tiles": "all"}', b'{"tiles": [1]}', b'{"verdict": "approve", "tiles": ["none"]}',
                                  b'{"restore": [1]}', b'{"restore": [{"id": {}}]}', b'{"rule": 5, "verdict": 1}', b"\xff"])  # fmt: skip
def test_what_makes_no_sense_is_told_and_nothing_is_kept(studio: Open, campaign: Path, body: bytes) -> None:
    visit = studio(campaign)
    headers = {"x-csrf": visit.csrf, "content-type": "application/json"}
    answer = visit.client.post(f"/runs/{RUN}/decisions", content=body, headers=headers)
    assert answer.status_code in (400, 404)
    assert answer.json()["findings"]
    assert visit.client.app.state.campaign.journal.decision_history() == []


def test_what_is_too_long_is_not_taken(studio: Open, campaign: Path) -> None:
    visit = studio(campaign)
    headers = {"x-csrf": visit.csrf, "content-length": str(1 << 40)}
    assert visit.client.post(f"/runs/{RUN}/comments", content=b"{}", headers=headers).status_code == 413


def test_a_port_in_use_is_told() -> None:
    with listening("127.0.0.1", 0) as taken, pytest.raises(InputError) as error:
        listening("127.0.0.1", taken.getsockname()[1])
    assert [one.code for one in error.value.findings] == ["port-taken"]
