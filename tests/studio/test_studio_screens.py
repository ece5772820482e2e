"""Each page over a campaign that was really run, as everybody meets it: nothing serious for axe-core, no wider than the
screen. PRESSRUN_WRITE_SCREENS=1 keeps what was seen for the manual; PRESSRUN_SCREENS names a folder that keeps every
screen for a look."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from studio_samples import TOKEN
from studio_served import serving

from pressrun.commands.chapters.screens import screens
from pressrun.commands.starter import write_campaign
from pressrun.model.settings import Settings
from pressrun.run.job import run_job

PAGES = {
    "home": "/", "wall": "{run}", "wall-empty": "{run}?q=nowhere", "wall-worst": "{run}?order=worst", "sheet": "{sheet}",
    "nudge": "{sheet}/change", "picture": "{sheet}/picture", "prompt": "{sheet}/prompt",
    "compare": "{run}/compare?with={first}&with={other}", "against": "{run}/against/{before}", "list": "{run}",
    "audit": "/audit", "faults": "/jobs/winter-run/faults", "wrong": "/runs/nothing",
}  # fmt: skip
SCREENS = (("desktop", "en", 1400, 900, False), ("tablet", "ar", 820, 1180, False), ("phone", "de", 390, 844, True))
READY = (
    "document.readyState === 'complete' && !document.querySelector('.card.waiting')"
    " && [...document.images].every((one) => one.hidden || one.complete)"
)
RETURNED = "path,decision,comment\nassets/MUG-350/en-GB/spring-square.jpg,approved,as we said\nassets/MUG-350/en-GB/spring-story.jpg,maybe,\n"
BROKEN = {"social/story": "social/storry", "save_as:": "saves_as:"}  # of a job that does not load
WIDTH = 1000  # pixels that a screen has in the manual


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str], Path]]:
    """The starter campaign, run twice, with a cell changed between, and served: its address, those of its pages, and
    its job."""
    root = tmp_path_factory.mktemp("shown") / "Spring launch"
    root.mkdir()
    write_campaign(root, "Plain")
    job, table = root / "jobs" / "first-run.yaml", root / "jobs" / "data" / "products.csv"
    before = run_job(job, Settings(inline=True))
    table.write_text(table.read_text("utf-8").replace("Everyday Mug", "Evening Mug"), "utf-8")
    report = run_job(job, Settings(inline=True))
    run = f"/runs/{report.run}"
    with serving(root) as address:
        first, other = report.assets[0].id, report.assets[4].id
        places = {"run": run, "sheet": f"{run}/sheets/{first}", "first": first, "other": other, "before": before.run}
        yield address, {name: page.format(**places) for name, page in PAGES.items()}, job


@pytest.mark.parametrize("name", PAGES)
def test_every_page_can_be_read_by_everybody(
    browser_session: Any, shown: tuple[str, dict[str, str], Path], name: str, tmp_path: Path
) -> None:
    address, pages, job = shown
    browser = browser_session
    broken = job.with_name("winter-run.yaml")
    if name == "faults":
        said = job.read_text("utf-8")
        for sound, wrong in BROKEN.items():
            said = said.replace(sound, wrong)
        broken.write_text(said, "utf-8")
    browser.open(f"{address}/?token={TOKEN}")
    for kind, language, width, height, dark in SCREENS:
        browser.size(width, height, dark)
        browser.open(f"{address}/language/{language}?to={pages[name].replace('&', '%26')}")
        if name == "list":
            send_back(browser, tmp_path)
        browser.wait(READY)
        if name == "nudge":
            browser.wait("!document.getElementById('now').hidden")
        keep(browser, name, kind)
        assert browser.js("return document.documentElement.scrollWidth <= innerWidth + 1"), kind
        assert browser.serious() == [], kind
    browser.open("about:blank")
    browser.complaints()  # of the page that there is not
    broken.unlink(missing_ok=True)


def send_back(browser: Any, folder: Path) -> None:
    """A list that was filled in, as people take it in."""
    file = folder / "returned.csv"
    file.write_text(RETURNED, "utf-8")
    browser.js("document.querySelector('details.menu').open = true")
    browser.driver.find_element("css selector", "input[name=list]").send_keys(str(file))
    browser.js("document.querySelector('input[name=list]').form.submit()")
    browser.wait("!document.getElementById('wall')")


def keep(browser: Any, name: str, kind: str) -> None:
    folder, writes = os.environ.get("PRESSRUN_SCREENS"), os.environ.get("PRESSRUN_WRITE_SCREENS")
    if not folder and not writes:
        return
    shot: Any = browser.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    png = base64.b64decode(shot["data"])
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}-{kind}.png").write_bytes(png)
    kept = {one.name: one.file for one in screens()}
    if writes and kind == "desktop" and name in kept:
        with Image.open(io.BytesIO(png)) as picture:
            picture.thumbnail((WIDTH, WIDTH), Image.Resampling.LANCZOS)
            picture.convert("RGB").save(kept[name], "WEBP", quality=82, method=6)
