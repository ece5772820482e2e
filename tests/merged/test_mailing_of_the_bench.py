"""The mailing that the bench measures: whoever is in it, every word finds room, so that a run of any size ends well."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from tests.bench import mailings

from pressrun.doors import Settings
from pressrun.run.job import run_job

MOST = 100_000  # people of the largest mailing that is measured


def test_the_widest_words_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("".join(parts).capitalize() for parts in product(mailings.PARTS, repeat=3))
    widest = max(words, key=lambda word: sum("m" in one for one in word.lower()) + len(word))
    monkeypatch.setattr(mailings, "_word", lambda drawn: widest)
    job = mailings.mailing_campaign(tmp_path, 1)
    people = job.parent / "people.csv"
    people.write_text(people.read_text().replace("10000 ", f"{10_000 + MOST} "))
    report = run_job(job, Settings(inline=True))
    assert [(one.code, one.layer) for asset in report.assets for one in asset.findings] == []
