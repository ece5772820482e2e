"""Chromium without a screen, for tests of pages: nothing of it goes out, and its console is kept."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import needed
import pytest

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
         "--window-size=1400,900")  # fmt: skip


@contextmanager
def chromium(profile: Path, *flags: str) -> Iterator[Any]:
    """A driver of one, with its profile in a folder."""
    try:
        from selenium import webdriver
    except ImportError:
        needed.absent("selenium")
    binary = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    helper = shutil.which("chromedriver")
    if not binary or not helper:
        needed.absent("Chromium and chromedriver")
    options = webdriver.ChromeOptions()
    options.binary_location = str(binary)
    for flag in (*FLAGS, *flags, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(helper)))
    try:
        yield driver
    finally:
        driver.quit()


def until(driver: Any, state: Callable[[Any], Any], seconds: float, said: str = "") -> None:
    """Waits until something is so of a driver; fails with these words. Selenium alone looks twice a second."""
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(driver, seconds, poll_frequency=0.02).until(state, said)


def hindrances(driver: Any) -> list[tuple[str, list[str]]]:
    """What axe-core finds in the page that keeps some from using it, and where."""
    axe = pytest.importorskip("axe_core_python")
    driver.execute_script((Path(axe.__file__).parent / "axe.min.js").read_text("utf-8"))
    found = driver.execute_async_script("axe.run(document, {resultTypes: ['violations']}).then(arguments[0])")
    return [
        (one["id"], [node["html"][:160] for node in one["nodes"]][:3])
        for one in found["violations"] if one["impact"] in ("serious", "critical")
    ]  # fmt: skip
