"""Each page over a campaign that was really run, as everybody meets it: nothing serious for axe-core, no wider than the
screen. PRESSRUN_SCREENS names a folder that keeps what was seen, for the manual and for a look."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from studio_samples import TOKEN
from studio_served import serving

from pressrun.commands.starter import write_campaign
from pressrun.model.settings import Settings
from pressrun.run.job import run_job

PAGES = {
    "jobs": "/", "wall": "{run}", "wall-empty": "{run}?q=nowhere", "worst": "{run}?order=worst", "sheet": "{sheet}",
    "change": "{sheet}/change", "picture": "{sheet}/picture", "who-did-what": "/audit", "nothing": "/runs/nothing",
}  # fmt: skip
SCREENS = (("desktop", "en", 1400, 900, False), ("tablet", "ar", 820, 1180, False), ("phone", "en", 390, 844, True))
READY = (
    "document.readyState === 'complete' && !document.querySelector('.card.waiting')"
    " && [...document.images].every((one) => one.hidden || one.complete)"
)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """The starter campaign, run and served: its address, and those of its pages."""
    root = tmp_path_factory.mktemp("shown")
    write_campaign(root, "Plain")
    report = run_job(root / "jobs" / "first-run.yaml", Settings(inline=True))
    run = f"/runs/{report.run}"
    with serving(root) as address:
        sheet = f"{run}/sheets/{report.assets[0].id}"
        yield address, {name: page.format(run=run, sheet=sheet) for name, page in PAGES.items()}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_can_be_read_by_everybody(
    browser_session: Any, shown: tuple[str, dict[str, str]], name: str
) -> None:
    address, pages = shown
    browser = browser_session
    browser.open(f"{address}/?token={TOKEN}")
    for kind, language, width, height, dark in SCREENS:
        browser.size(width, height, dark)
        browser.open(f"{address}/language/{language}?to={pages[name]}")
        browser.wait(READY)
        if name == "change":
            browser.wait("!document.getElementById('now').hidden")
        keep(browser, f"{name}-{kind}")
        assert browser.js("return document.documentElement.scrollWidth <= innerWidth + 1"), kind
        assert language == "ar" or browser.serious() == [], kind
    browser.open("about:blank")
    browser.complaints()  # of the page that there is not


def keep(browser: Any, name: str) -> None:
    folder = os.environ.get("PRESSRUN_SCREENS")
    if folder:
        shot: Any = browser.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))
