"""The studio for tests: over HTTP in this process for the many, in a real browser for a handful."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import chromium, hindrances, until
from studio_samples import RUN, TOKEN, lines, write_many, write_run
from studio_served import serving


class Visit:
    """A visitor of the studio: comes in by a token or a link, and sends what the pages' scripts send."""

    def __init__(self, app: Any, way_in: str) -> None:
        from starlette.testclient import TestClient

        self.client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=True)
        self.entered = self.client.get(way_in)

    @property
    def csrf(self) -> str:
        cookie = self.client.cookies.get("pressrun-studio")
        return str(self.client.app.state.keys.csrf(cookie)) if cookie else ""  # type: ignore[attr-defined]

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers)

    def send(self, path: str, said: object, **headers: str) -> Any:
        return self.client.post(path, json=said, headers={"x-csrf": self.csrf, **headers})


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """A campaign with one run of four products in three languages."""
    write_run(tmp_path, RUN, lines(4))
    return tmp_path


@pytest.fixture
def studio() -> Iterator[Callable[..., Visit]]:
    """Opens the studio over a campaign, and comes in."""
    from pressrun.commands.studio.server import app_of, close

    apps: list[Any] = []

    def opened(root: Path, way_in: str = f"/?token={TOKEN}", app: Any = None) -> Visit:
        if app is None:
            app = app_of(root, TOKEN, "Mara")
            apps.append(app)
        return Visit(app, way_in)

    yield opened
    for app in apps:
        close(app)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A studio that is served on a port: its address, and the campaign's folder. One a module."""
    root = tmp_path_factory.mktemp("served")
    write_run(root, RUN, lines(170))
    write_many(root, "20270301-120000-many", 5_556)
    with serving(root) as address:
        yield address, root


class Browser:
    """The few things a test does to a page, said shortly."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, address: str) -> None:
        self.driver.get(address)

    def js(self, code: str, *arguments: object) -> Any:
        return self.driver.execute_script(code, *arguments)

    def text(self, selector: str) -> str:
        return str(self.js("return document.querySelector(arguments[0]).textContent.trim()", selector))

    def count(self, selector: str) -> int:
        return int(self.js("return document.querySelectorAll(arguments[0]).length", selector))

    def press(self, *keys: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.driver).send_keys(*keys).perform()

    def wait(self, code: str, seconds: int = 15) -> None:
        """Until the expression is true in the page."""
        until(self.driver, lambda driver: driver.execute_script(f"return {code}"), seconds, code)

    def size(self, width: int, height: int, dark: bool = False) -> None:
        """A screen of this size, in CSS pixels."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 900},
        )
        features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def serious(self) -> list[tuple[str, list[str]]]:
        """What keeps some from using the page, and where."""
        return hindrances(self.driver)

    def complaints(self) -> list[str]:
        """What the console says since it was last asked."""
        return [str(entry["message"]) for entry in self.driver.get_log("browser")]


@pytest.fixture(scope="session")
def browser_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile"), "--lang=en") as driver:
        yield Browser(driver)


@pytest.fixture
def browser(browser_session: Browser, served: tuple[str, Path]) -> Iterator[Browser]:
    """A browser that has come in; the test fails if a page put anything on the console."""
    browser_session.size(1400, 900)
    browser_session.open(f"{served[0]}/?token={TOKEN}")
    browser_session.complaints()
    yield browser_session
    complaints = browser_session.complaints()
    browser_session.open("about:blank")  # what it listens to ends
    assert complaints == []
