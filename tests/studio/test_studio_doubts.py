"""A picture that was perhaps charged: told on the pages, and asked for again by a button, at a price that is seen."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from studio_samples import write_paid
from studio_served import until

from pressrun.commands.studio.gate import Visitor
from pressrun.model.journal import Quote
from pressrun.model.settings import Settings
from pressrun.providers.openai.rehearsal.server import serve
from pressrun.run.planned_job import prepare
from pressrun.stores.sqlite import SqliteJournal

Open = Callable[..., Any]


def test_what_was_perhaps_charged_is_asked_for_again_by_a_button(studio: Open, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("PRESSRUN_EXECUTOR", "inline")
    server = serve(vary=True)
    root, sheet = write_paid(tmp_path, server.base_url)
    prepared = prepare(root / "jobs" / "first-run.yaml", Settings(take=2, quality="low"), reading=True)
    with prepared.doors:
        [task] = prepared.plan.to_make
    detail = {"slot": task.slot, "master": task.master, "row": task.row, "take": 2}
    with SqliteJournal(root / ".pressrun" / "journal.db") as journal:  # of a process that ended before the answer came
        journal.begin_run("20270304-100000-first-run", "first-run", "2027-03-04T10:00:00+00:00")
        journal.begin_attempts([Quote(task.key, "openai", "a-model", Decimal("0.0059"), detail, "20270304-100000-first-run")])
    owner, charged = studio(root), len(server.settle()["charges"])
    signed = owner.client.app.state.keys.signed(Visitor("Ann", "decide", 4_000_000_000))
    guest = studio(root, f"/?link={signed}", owner.client.app)
    owner = studio(root, app=owner.client.app)
    [attempt] = re.findall(r'data-doubt="(\d+)"', owner.get("/").text)
    told = owner.get("/").text.partition("data-doubt")[2].partition("</li>")[0]
    assert "Everyday Mug" in told, told
    assert "MUG-350" not in told
    assert "perhaps charged" in owner.get(f"{sheet}/picture").text
    assert "data-quote" in owner.get("/").text
    assert "data-quote" not in guest.get("/").text
    for path in (f"/doubts/{attempt}/quote", f"/doubts/{attempt}"):
        assert guest.send(path, {"most_usd": 1}).status_code == 403
        assert owner.client.post(path, json={"most_usd": 1}, headers={"x-csrf": "guessed"}).status_code == 403
    again = owner.send(f"{sheet}/again/quote", {"take": 2, "quality": "low"}).json()
    assert (again["pictures"], again["doubt"]) == (1, True)

    quoted = owner.send(f"/doubts/{attempt}/quote", {}).json()
    assert (quoted["pictures"], quoted["price_usd"]) == (1, again["price_usd"])
    assert len(server.settle()["charges"]) == charged
    assert owner.send(f"/doubts/{attempt}", {}).status_code == 400, "no price was seen"
    owner.send(f"/doubts/{attempt}", {"most_usd": quoted["price_usd"]})
    until(lambda: owner.get("/live").json()["mine"][0]["exit"] is not None)
    assert owner.get("/live").json()["mine"][0]["exit"] == 0, owner.get("/live").text
    assert len(server.settle()["charges"]) == charged + 1
    assert "data-doubt" not in owner.get("/").text
    assert owner.send(f"/doubts/{attempt}/quote", {}).status_code == 404
    [line] = [line for line in owner.client.app.state.audit.lines() if line["what"] == "retry"]
    assert (line["who"], line["max_usd"]) == ("Mara", quoted["price_usd"])
    server.close()
