"""A kept run speaks one language; a run in another is not taken from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from job_campaign import Campaign
from test_kept_runs import Worked, kept, long_runs, of_which_one_is_kept, worked

from pressrun.manifest import contact_sheet
from pressrun.model.run_record import RunReport

__all__ = ["kept", "long_runs", "of_which_one_is_kept", "worked"]


def test_a_run_in_another_language_is_not_carried_over(
    kept: Campaign, worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its contact sheet says the same in other words: pages of the first are not taken for it."""
    german = kept.run(language="de")
    assert len(worked) == 1
    assert spoken_in(german) == ("de", "Zeile von product")
    again = kept.run(language="de")
    assert len(worked) == 1
    assert spoken_in(again) == ("de", "Zeile von product")
    monkeypatch.setenv("PRESSRUN_LANGUAGE", "ar")
    assert spoken_in(kept.run()) == ("ar", "صف product")
    assert spoken_in(kept.run(language="en")) == ("en", "product row")


def spoken_in(report: RunReport) -> tuple[str, str]:
    """The language of the front page, and what its first page calls the row of a product."""
    page = (Path(report.folder) / contact_sheet.SHEET).read_text("utf-8")
    data = (Path(report.folder) / contact_sheet.FOLDER / "page-1.js").read_text("utf-8")
    [told] = {one for one in ("Zeile von product", "صف product", "product row") if f'"{one}"' in data}
    return page.partition('<html lang="')[2].partition('"')[0], told
