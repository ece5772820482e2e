"""What people wait for in a browser, of a run of 50 000 files in a studio that has just started."""

from __future__ import annotations

import io
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from tests.bench.campaigns import ROOT

RUN, PRODUCTS, SIDE = "20270301-120000-many", 5_556, 1080  # 9 files each; pixels
STEPS = 600  # frames from the first sheet to the last
APPROVED = 500
PATIENCE = 120.0  # seconds

READY = """
new MutationObserver((_, observer) => {
  if (!document.querySelector("#wall.virtual .tile[data-id]")) return;
  observer.disconnect();
  requestAnimationFrame(() => { window.readyAt = performance.now(); });
}).observe(document, {subtree: true, childList: true, attributes: true});"""
SCROLLED = """
window.tasks = [];
new PerformanceObserver((list) => tasks.push(...list.getEntries().map((one) => one.duration))).observe({type: "longtask"});
const channel = new MessageChannel(); let before = performance.now();
window.between = 0;
channel.port1.onmessage = () => {
  const now = performance.now(); between = Math.max(between, now - before); before = now;
  if (!window.arrived) channel.port2.postMessage(0);
};
let step = 0;
(function go() {
  scrollTo(0, document.documentElement.scrollHeight * step / arguments_steps);
  step += 1;
  if (step <= arguments_steps) requestAnimationFrame(go); else setTimeout(() => { window.arrived = true; }, 500);
})();
channel.port2.postMessage(0);"""
KEYS = """
window.keys = [];
addEventListener("keydown", (event) => { if (event.key === "a") keys.push(Date.now()); }, true);
document.querySelector(".tile a.card").focus();"""


def first_page() -> dict[str, float]:
    """Seconds until the first sheets are painted and the keys are heard; with its pictures, until they are there."""
    with _opened() as (driver, address, _):
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": READY})
        driver.get(address)
        _until(driver, "window.readyAt && performance.getEntriesByName('first-contentful-paint').length")
        painted, ready, loaded = driver.execute_script(
            "return [performance.getEntriesByName('first-contentful-paint')[0].startTime, readyAt,"
            " performance.getEntriesByType('navigation')[0].loadEventEnd]"
        )
        return {"value": max(painted, ready) / 1000, "pictures_s": max(painted, ready, loaded) / 1000}


def longest_task() -> dict[str, float]:
    """Milliseconds that a page cannot answer, at the most, while it is scrolled from its first sheet to its last. Tasks
    under 50 ms are not told by browsers one by one: what came between two messages is their upper bound."""
    with _opened() as (driver, address, _):
        driver.get(address)
        _until(driver, "document.getElementById('tally').textContent === '33,336 sheets'")
        time.sleep(1)
        driver.execute_script(SCROLLED.replace("arguments_steps", str(STEPS)))
        _until(driver, "window.arrived")
        tasks, between = driver.execute_script("return [tasks, between]")
        return {"value": max(tasks, default=min(between, 50.0))}


def approvals() -> dict[str, float]:
    """Seconds from the first of 500 keys until the journal has what all of them say; and until the last key."""
    from selenium.webdriver.common.action_chains import ActionChains

    from pressrun.stores.sqlite import SqliteJournal

    with _opened() as (driver, address, root):
        driver.get(address.replace("?", "?layout=print/a5-flyer&"))
        _until(driver, "document.getElementById('tally').textContent.startsWith('16,668 sheets')")
        driver.execute_script(KEYS)
        ActionChains(driver, duration=0).send_keys("a" * APPROVED).perform()
        journal = SqliteJournal(root / ".pressrun" / "journal.db")
        end = time.time() + PATIENCE
        while len(journal.decision_history()) < APPROVED and time.time() < end:
            time.sleep(0.01)
        kept = time.time()
        decided = {one.subject for one in journal.decision_history()}
        journal.close()
        assert len(decided) == APPROVED
        first, last = driver.execute_script("return [keys[0], keys[keys.length - 1]]")
        return {"value": kept - first / 1000, "keys_s": (last - first) / 1000}


@contextmanager
def _opened() -> Iterator[tuple[Any, str, Path]]:
    """A browser, the address of the run's first page, and the campaign's folder."""
    sys.path += [str(ROOT / "tests"), str(ROOT / "tests" / "studio")]  # their helpers know each other by short names
    from chromium import chromium

    with tempfile.TemporaryDirectory() as name:
        root, token = Path(name, "campaign"), secrets.token_urlsafe(24)
        _write(root)
        command = [sys.executable, "-m", "pressrun", "studio", "--root", str(root), "--port", "0", "--token", token]
        installed = {name: said for name, said in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        with chromium(Path(name, "profile"), "--lang=en") as driver:
            driver.get("about:blank")
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=installed) as studio:
                try:
                    assert studio.stdout
                    at, _, query = studio.stdout.readline().strip().partition("/?")
                    yield driver, f"{at}/runs/{RUN}?{query}", root
                finally:
                    driver.get("about:blank")
                    studio.terminate()


def _write(root: Path) -> None:
    """The run, with a picture of the usual size behind each of its screens and proofs."""
    from studio_samples import write_many

    write_many(root, RUN, PRODUCTS)
    out = {kind: io.BytesIO() for kind in ("JPEG", "PNG")}
    ramps = (Image.linear_gradient("L"), Image.radial_gradient("L"), Image.linear_gradient("L").rotate(90))
    drawn = Image.merge("RGB", ramps).resize((SIDE, SIDE))
    for kind, data in out.items():
        drawn.save(data, kind)
        (root / f"drawn.{kind}").write_bytes(data.getvalue())
    assets = root / "runs" / RUN / "assets"
    for product in range(PRODUCTS):
        for locale in ("en-GB", "de-DE", "ar-AE"):
            folder = assets / f"SKU-{product:05d}" / locale
            folder.mkdir(parents=True)
            os.link(root / "drawn.JPEG", folder / "square.jpg")
            os.link(root / "drawn.PNG", folder / "a5-flyer-proof.png")


def _until(driver: Any, state: str) -> None:
    end = time.monotonic() + PATIENCE
    while not driver.execute_script(f"return {state}"):
        assert time.monotonic() < end, state
        time.sleep(0.02)
