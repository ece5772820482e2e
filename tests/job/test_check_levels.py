"""Layouts and jobs set how much a check matters, and say why; nothing is made again for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from job_campaign import Campaign

CARD = "templates/layouts/card.yaml"


def severities(campaign: Campaign) -> set[str]:
    """Of what the check for stand-ins found: press files with pictures that are for position only."""
    found = [finding for asset in campaign.lines() for finding in asset["findings"]]
    return {finding["severity"] for finding in found if finding.get("check") == "stand-ins"}


def set_level(campaign: Campaign, file: str, level: str) -> None:
    text = (campaign.root / file).read_text()
    (campaign.root / file).write_text(f"{text}\nchecks: {{stand-ins: {{level: '{level}', because: a rehearsal}}}}\n")


def test_a_level_is_kept_apart_from_what_is_made(fresh: Campaign) -> None:
    assert fresh.run().exit == 0
    assert severities(fresh) == {"warning"}
    set_level(fresh, fresh.job, "error")
    stricter = fresh.run()
    assert (stricter.exit, stricter.counts.made) == (1, 0)
    assert severities(fresh) == {"error"}
    assert fresh.manifest()["findings"]["error"] == stricter.found["error"] > 0
    assert fresh.manifest()["checks"] == [
        {"check": "stand-ins", "level": "error", "because": "a rehearsal", "set_by": "job"}
    ]


def test_a_layout_sets_its_own_files_and_a_job_has_the_last_word(fresh: Campaign) -> None:
    set_level(fresh, CARD, "off")
    report = fresh.run()
    assert severities(fresh) == set()
    set_level(fresh, fresh.job, "note")
    assert fresh.run().counts.reused == report.counts.made
    assert severities(fresh) == {"note"}
    assert [one["set_by"] for one in fresh.manifest()["checks"]] == ["job", "layout card"]


@pytest.mark.parametrize(
    "setting", ["{stand-ins: {level: off}}", "{stand-ins: {level: 'off', because: ''}}", "{stand-ins: {level: loud}}"]
)
def test_a_level_has_a_name_and_a_reason(fresh: Campaign, setting: str) -> None:
    with Path(fresh.root, fresh.job).open("a") as job:
        job.write(f"\nchecks: {setting}\n")
    assert fresh.command("check", fresh.job).code == 2
