"""The sample of display banners: eight sizes from one layout, with nothing to complain about."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from pressrun.doors import Settings
from pressrun.model.geometry import SCREEN_DENSITY
from pressrun.run.dry.dry_sheets import dry_findings
from pressrun.run.job import run_job
from pressrun.run.planned_job import prepare

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def job(tmp_path: Path, kept_fonts: Path) -> Path:
    """The sample with one of its layouts."""
    for name in ("brands", "templates", "jobs"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    kept_fonts.mkdir(exist_ok=True)
    (tmp_path / ".pressrun").mkdir()
    (tmp_path / ".pressrun" / "fonts").symlink_to(kept_fonts)
    job = tmp_path / "jobs" / "display-banners.yaml"
    lines = job.read_text("utf-8").splitlines()
    layouts = [line for line in lines if line.startswith("  - display/") and line != "  - display/billboard"]
    assert len(layouts) == 7
    job.write_text("\n".join(line for line in lines if line not in layouts) + "\n", "utf-8")
    return job


def test_check_has_nothing_to_complain_about() -> None:
    prepared = prepare(REPOSITORY / "jobs" / "display-banners.yaml", Settings(inline=True))
    with prepared.doors:
        assert dry_findings(prepared) == []
        sizes = {
            tuple(round(edge.points(0) * SCREEN_DENSITY / 72) for edge in loaded.layout.page.trim)
            for loaded in prepared.project.layouts.values()
        }
    assert sizes == {
        (300, 250), (336, 280), (250, 250), (300, 600), (160, 600), (728, 90), (970, 250), (320, 100)
    }  # fmt: skip


def test_the_product_stands_before_its_sun(job: Path) -> None:
    report = run_job(job, Settings(inline=True, only="product.sku == 'NL-GUJ-250' and region.locale == 'ar-AE'"))
    assert report.exit == 0
    (asset,) = report.assets
    assert asset.findings == ()
    with Image.open(Path(report.folder) / asset.path) as picture:
        assert picture.size == (970, 250)
        seen = picture.convert("RGB")
    red, green, _ = seen.getpixel((250, 60))  # type: ignore[misc]  # of the sun, which is at the left here
    assert red > green + 40
