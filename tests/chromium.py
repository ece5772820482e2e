"""Chromium without a screen, for tests of pages: nothing of it goes out, and its console is kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import needed

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
