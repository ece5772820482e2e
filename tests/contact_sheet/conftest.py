"""A real browser for the contact sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from chromium import chromium, until
from contact_sheet_samples import HEADER, THUMBS

from pressrun.manifest.contact_sheet import (
    FOLDER,
    THUMB_NAME,
    Card,
    SheetHeader,
    front_page,
    index_script,
    one_file,
    page_data,
    page_ends,
    standing_of,
)


class Browser:
    """The few things a test does to a page, said shortly."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, page: Path, fragment: str = "") -> None:
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.driver.get(page.as_uri() + fragment)

    def js(self, code: str, *arguments: object) -> Any:
        return self.driver.execute_script(code, *arguments)

    def text(self, selector: str) -> str:
        return str(self.js("return document.querySelector(arguments[0]).textContent", selector))

    def count(self, selector: str) -> int:
        return int(self.js("return document.querySelectorAll(arguments[0]).length", selector))

    def choose(self, select: str, value: str) -> None:
        """Choose as a person does: by an option that exists."""
        chosen = self.js(
            "const s = document.getElementById(arguments[0]); s.value = arguments[1];"
            "s.dispatchEvent(new Event('change', {bubbles: true})); return s.value",
            select,
            value,
        )
        assert chosen == value

    def search(self, words: str) -> None:
        self.js("document.getElementById('search').focus()")
        self.press(words)
        until(self.driver, lambda _: self.hash.get("q") == words, 5)

    def press(self, *keys: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.driver).send_keys(*keys).perform()

    def wait(self, code: str) -> None:
        """Until the expression is true in the page; fails after five seconds."""
        until(self.driver, lambda driver: driver.execute_script(f"return {code}"), 5, code)

    @property
    def hash(self) -> dict[str, str]:
        found = self.js("return Object.fromEntries(new URLSearchParams(location.hash.slice(1)))")
        assert isinstance(found, dict)
        return found

    @property
    def focused(self) -> str | None:
        """The id of the asset whose card has the focus."""
        at = self.js("return document.activeElement.closest('li[data-index]')?.dataset.index")
        return None if at is None else f"asset-{at}"

    def complaints(self) -> list[str]:
        """What the console says since the page was opened; reading empties it.

        Delivered files that are not there don't count: a sheet may travel without them.
        """
        messages = [str(entry["message"]) for entry in self.driver.get_log("browser")]
        return [message for message in messages if "ERR_FILE_NOT_FOUND" not in message]


@pytest.fixture(scope="session")
def browser_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield Browser(driver)


@pytest.fixture
def browser(browser_session: Browser) -> Iterator[Browser]:
    """A browser; the test fails if the page put anything on the console."""
    yield browser_session
    assert browser_session.complaints() == []


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., list[Path]]:
    """Writes a sheet to a run folder and returns it as the only one of a list: with everything inside, or, with pages
    of ``page_size`` cards, with a folder beside it."""

    def write(cards: Sequence[Card], page_size: int | None = None, header: SheetHeader = HEADER) -> list[Path]:
        page = tmp_path / "contact-sheet.html"
        if page_size is None:
            page.write_bytes(one_file(header, cards, [THUMBS.get(card.thumb) for card in cards]))
            return [page]
        folder = tmp_path / FOLDER
        folder.mkdir()
        ends = page_ends([(card.product, card.sheet) for card in cards], page_size)
        index = []
        for number, (first, end) in enumerate(pairwise((0, *ends)), 1):
            data = page_data(cards[first:end])
            (folder / f"page-{number}.js").write_bytes(data.script())
            index.append(index_script(data.index, standing_of(card.status for card in cards[first:end])))
        (folder / "index.js").write_bytes(b"".join(index))
        for digest in {card.thumb for card in cards if card.thumb}:
            name = digest[:THUMB_NAME]
            (folder / "thumbs" / name[:2]).mkdir(parents=True, exist_ok=True)
            (folder / "thumbs" / name[:2] / f"{name[2:]}.jpg").write_bytes(THUMBS[digest])
        page.write_bytes(front_page(header, len(cards)))
        return [page]

    return write
