"""The sample job in Japanese, Korean, both kinds of Chinese and Hebrew: nothing to complain about, and drawn in the
fonts of each."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pikepdf
import pytest
from press_files import x4_faults

from pressrun.doors import Settings
from pressrun.run.dry.dry_sheets import dry_findings
from pressrun.run.job import run_job
from pressrun.run.planned_job import prepare

REPOSITORY = Path(__file__).parents[2]
FONTS = {
    "ja-JP": "NotoSansCJKJP", "ko-KR": "NotoSansCJKKR", "zh-Hans-CN": "NotoSansCJKSC", "zh-Hant-TW": "NotoSansCJKTC",
    "he-IL": "FiraGO",
}  # fmt: skip


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory, kept_fonts: Path) -> Path:
    folder = tmp_path_factory.mktemp("markets")
    for name in ("brands", "templates", "jobs"):
        shutil.copytree(REPOSITORY / name, folder / name)
    kept_fonts.mkdir(exist_ok=True)
    (folder / ".pressrun").mkdir()
    (folder / ".pressrun" / "fonts").symlink_to(kept_fonts)
    job = folder / "jobs" / "new-markets.yaml"
    text = job.read_text("utf-8")
    screens = "  - social/square\n  - social/story\n  - uses/launch-date\n"
    assert screens in text
    job.write_text(text.replace(screens, ""), "utf-8")
    return job


def test_check_has_nothing_to_complain_about() -> None:
    prepared = prepare(REPOSITORY / "jobs" / "new-markets.yaml", Settings(inline=True))
    with prepared.doors:
        assert dry_findings(prepared) == []
        assert {sheet.row.locale for sheet in prepared.plan.sheets} == FONTS.keys()


def test_each_locale_is_set_in_its_readers_letters(job: Path) -> None:
    report = run_job(job, Settings(inline=True, only="product.sku == 'NL-GUJ-250'"))
    assert report.exit == 0
    told = {finding.code for asset in report.assets for finding in asset.findings}
    assert told <= {"stand-in-picture"}
    faults = x4_faults(report)
    assert {Path(layout).name for layout in faults} == {"a5-flyer", "shelf-label"}
    assert not any(faults.values())
    for asset in report.assets:
        if asset.path.endswith(".pdf"):
            with pikepdf.open(io.BytesIO((Path(report.folder) / asset.path).read_bytes())) as pdf:
                found = (one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/BaseFont" in one)
                fonts = {str(one.BaseFont).split("+")[-1].split("-")[0] for one in found}
            assert FONTS[asset.locale] in fonts
            assert fonts <= {FONTS[asset.locale], "FiraGO"}
