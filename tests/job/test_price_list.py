"""The sample price list: one sheet for all wines of a list, over as many pages as they take."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pypdfium2
import pytest
from press_files import x4_faults

from pressrun.model.run_record import RunReport
from pressrun.model.settings import Settings
from pressrun.run.dry.dry_sheets import dry_findings
from pressrun.run.job import run_job
from pressrun.run.planned_job import prepare

PROJECT = Path(__file__).parents[2]
JOB = "jobs/price-list.yaml"


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("wines")
    for name in ("brands/lindental", "jobs/data/lindental", "templates"):
        shutil.copytree(PROJECT / name, root / name)
    shutil.copy(PROJECT / JOB, root / JOB)
    return root


@pytest.fixture(scope="module")
def wines(campaign: Path) -> list[dict[str, str]]:
    with (campaign / "jobs/data/lindental/wines.csv").open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["list"] == "cellar"]


@pytest.fixture(scope="module")
def report(campaign: Path) -> RunReport:
    return run_job(campaign / JOB, Settings(inline=True, only="wine.list == 'cellar' and market.language == 'de'"))


@pytest.fixture(scope="module")
def pages(report: RunReport) -> list[str]:
    """The words of each page, as another library reads them from the press file."""
    (file,) = [Path(report.folder) / asset.path for asset in report.assets if asset.path.endswith(".pdf")]
    with pypdfium2.PdfDocument(file) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def test_nothing_is_to_be_mended_on_any_list(campaign: Path) -> None:
    prepared = prepare(campaign / JOB, Settings(inline=True))
    with prepared.doors:
        assert [sheet.row.id for sheet in prepared.plan.sheets] == [
            f"{name}/{locale}" for name in ("cellar", "rarities") for locale in ("de-DE", "en-GB")
        ]
        assert dry_findings(prepared) == []


def test_its_files_are_sound(report: RunReport) -> None:
    assert report.exit == 0
    assert {finding.code for asset in report.assets for finding in asset.findings} == set()
    assert x4_faults(report) == {"uses/price-list": []}


def test_every_wine_stands_on_one_page_in_the_order_of_the_file(pages: list[str], wines: list[dict[str, str]]) -> None:
    texts = [" ".join(page.split()) for page in pages]
    found = [[at for at, text in enumerate(texts) if wine["name"] in text] for wine in wines]
    assert all(places for places in found)
    firsts = [places[0] for places in found if len(places) == 1]
    assert firsts == sorted(firsts)
    assert len(firsts) > 40  # some names are part of others


def test_the_header_stands_on_each_page_but_the_cover(pages: list[str]) -> None:
    assert ["FLASCHE" in page for page in pages] == [False, *[True] * (len(pages) - 1)]
    assert len(pages) > 3
