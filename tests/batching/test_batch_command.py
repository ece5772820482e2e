"""The whole command with `--lane`: a small campaign against the rehearsal server."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from warm_process import WarmProcess

from pressrun.commands import cli
from pressrun.generate.buy.findings import lane_of
from pressrun.providers.openai.rehearsal.server import Rehearsal, serve
from pressrun.stores.sqlite import SqliteJournal

FILES = {
    "brands/mini/brand.yaml": """
name: Mini
palette:
  paper: {srgb: "#FFFFFF", cmyk: [0, 0, 0, 0]}
  ink: {srgb: "#1A1A1A", cmyk: [0, 0, 0, 100]}
typography:
  headline: {family: FiraGO, weight: 700, leading: 1.05}
""",
    "templates/layouts/card.yaml": """
page: {trim: [320px, 320px], bleed: 0mm, safe: 8px}
target: screen
formats: [png]
layers:
  - {type: image, picture: hero, box: {in: bleed}}
""",
    "templates/prompts/still-life.j2": """{% extends "base.j2" %}
{% block subject %}{{ product.name }} on a table{% endblock %}
""",
    "jobs/products.csv": "sku,name\nM-1,A quiet cup\nM-2,A louder cup\nM-3,A mug\n",
}
JOB = """
brand: mini
date: 2027-03-01
rows:
  product: {file: products.csv, key: sku}
locale: "'en-GB'"
pictures:
  hero:
    prompt: still-life.j2
    masters:
      square: {size: 1024x1024}
layouts: [card]
save_as: "{{ product.sku }}"
provider: {type: openai, profile: %s, quality: low, base_url: "%s"}
"""

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def server() -> Iterator[Rehearsal]:
    with serve() as server:
        yield server


@pytest.fixture
def campaign(tmp_path: Path, server: Rehearsal) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text.lstrip("\n"), "utf-8")
    base = Path(__file__).parents[2] / "templates/prompts/base.j2"
    (tmp_path / "templates/prompts/base.j2").write_text(base.read_text("utf-8"), "utf-8")
    (tmp_path / "jobs/mini.yaml").write_text(JOB.lstrip("\n") % ("rehearsal", server.base_url), "utf-8")
    return tmp_path


@pytest.fixture
def pressrun(campaign: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    monkeypatch.setenv("PRESSRUN_EXECUTOR", "inline")

    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.chdir(campaign)
        capsys.readouterr()
        name, *rest = arguments
        code = cli.run_command([name, "jobs/mini.yaml", *rest])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


def quoted(out: str) -> float:
    return float(json.loads(out)["quoted_usd"])


def test_plan_quotes_the_lane_and_keys_stay_the_same(pressrun: Command) -> None:
    plans = {}
    for lane in (("direct",), ("batch",), ("auto", "--deadline", "30h"), ("auto", "--deadline", "20m")):
        code, out, err = pressrun("plan", "--json", "--lane", *lane)
        assert code == 0, err
        plans[lane[-1]] = out
    assert quoted(plans["batch"]) == quoted(plans["30h"]) == pytest.approx(quoted(plans["direct"]) / 2)
    assert quoted(plans["20m"]) == quoted(plans["direct"])
    keys = [[picture["key"] for picture in json.loads(out)["pictures"]] for out in plans.values()]
    assert all(one == keys[0] for one in keys)


def test_plan_says_which_lane_it_quotes(pressrun: Command) -> None:
    assert "less than by direct calls" in pressrun("plan", "--lane", "batch")[1]
    out = pressrun("plan", "--lane", "auto", "--deadline", "6h")[1]
    assert "less than by direct calls: what has not come after" in out
    assert "no time for a batch" in pressrun("plan", "--lane", "auto", "--deadline", "20m")[1]
    assert "lane" not in pressrun("plan")[1]


def test_a_run_by_batch(pressrun: Command, server: Rehearsal, campaign: Path) -> None:
    code, out, err = pressrun("run", "--lane", "batch", "--max-cost", "1")
    assert code == 0, out + err
    assert "3 files: 3 made" in out
    assert "Batches saved $" in err
    charges = server.settle()["charges"]
    assert len(charges) == 3
    assert all(charge["batch"] for charge in charges)
    manifest: dict[str, Any] = json.loads((campaign / "runs/latest/manifest.json").read_text("utf-8"))
    assert manifest["cost"]["spent_usd"] == pytest.approx(sum(charge["usd"] for charge in charges), abs=1e-6)
    assert manifest["cost"]["spent_usd"] <= manifest["cost"]["estimated_usd"] * 1.0001
    assert "batch-saved" in [one["code"] for one in manifest["notes"]]
    code, out, _ = pressrun("run")
    assert (code, "3 reused" in out) == (0, True)
    assert len(server.settle()["charges"]) == 3


def test_auto_says_what_it_picked(pressrun: Command, server: Rehearsal) -> None:
    code, out, err = pressrun("run", "--lane", "auto", "--deadline", "20m")
    assert code == 0, out + err
    assert "Pictures by direct calls" in err
    assert all(charge["batch"] is None for charge in server.settle()["charges"])


def test_what_cannot_be(pressrun: Command, campaign: Path, server: Rehearsal) -> None:
    assert pressrun("run", "--lane", "auto")[0] == 2
    assert pressrun("run", "--deadline", "6h")[0] == 2
    assert pressrun("run", "--lane", "auto", "--deadline", "soon")[0] == 2
    code, _, err = pressrun("run", "--lane", "batch", "--deadline", "5m")
    assert (code, "no time for a batch" in err) == (2, True)
    (campaign / "jobs/mini.yaml").write_text(JOB.lstrip("\n") % ("localai", server.base_url), "utf-8")
    code, _, err = pressrun("run", "--lane", "batch")
    assert (code, "--lane direct" in err) == (3, True)
    assert not server.settle()["charges"]


def test_a_model_that_refuses_batches_is_told_with_the_way_out(
    pressrun: Command, campaign: Path, server: Rehearsal
) -> None:
    server.service.options.batch_models = ("gpt-image-1.5",)
    code, _, err = pressrun("run", "--lane", "batch")
    assert code == 3
    assert "gpt-image-2" in err
    assert "--lane direct" in err
    code, out, _ = pressrun("run", "--lane", "direct")
    assert (code, "3 made" in out) == (0, True)


def test_pictures_in_the_background_outlive_a_killed_command(campaign: Path, pressrun: Command) -> None:
    with serve(batch_delay=1.0) as slow:
        (campaign / "jobs/mini.yaml").write_text(JOB.lstrip("\n") % ("rehearsal", slow.base_url), "utf-8")
        code, out, _ = pressrun("plan", "--lane", "background")
        assert code == 0
        assert "in no quote" in out
        command = ["-m", "pressrun", "run", "jobs/mini.yaml", "--lane", "background"]
        process = WarmProcess(command, cwd=campaign, stderr=subprocess.PIPE)
        assert process.stderr is not None
        for line in process.stderr:
            if "Handed in 3 pictures" in line:
                break
        process.kill()
        process.communicate()
        assert cli.run_command(["show"]) == 0
        code, _, err = pressrun("run", "--lane", "background", "--max-cost", "0.02")
        assert code == 0, err
        assert [one["endpoint"] for one in slow.settle()["charges"]] == ["/v1/responses"] * 3
    with SqliteJournal(campaign / ".pressrun/journal.db") as journal:
        assert {lane_of(attempt) for attempt in journal.attempts()} == {"background"}
        assert not journal.open_attempts()
