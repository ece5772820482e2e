"""How the contact sheet looks in a real browser: on paper, at every width, in light and dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from contact_sheet_samples import card, png, small_run
from msgspec.structs import replace

# The codes by which WebDriver names keys.
ENTER, ESCAPE, END, HOME, LEFT, UP, RIGHT, DOWN = "\ue007\ue00c\ue010\ue011\ue012\ue013\ue014\ue015"
CARDS = "#assets li"
Write = Callable[..., list[Path]]


def test_prints_every_picture_and_no_controls(browser: Any, written: Write) -> None:
    browser.open(*written([card(number) for number in range(200)]))
    assert browser.count(".well img[src]") < 200
    browser.driver.execute_cdp_cmd("Page.printToPDF", {})
    browser.wait("document.querySelectorAll('.well img[src]').length === 200")
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert browser.js("return getComputedStyle(document.getElementById('toolbar')).display") == "none"
        assert browser.js("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_every_control_has_a_name_and_one_card_is_in_the_tab_order(browser: Any, written: Write) -> None:
    browser.open(written(small_run())[0], "#open=asset-4")
    nameless = browser.js(
        "return [...document.querySelectorAll('button, input, select, a[href]:not([aria-hidden])')].filter(control =>"
        "!(control.ariaLabel || control.textContent.trim() || control.labels?.[0]?.textContent.trim()))"
        ".map(control => control.outerHTML)"
    )
    assert nameless == []
    assert browser.count('.card[tabindex="0"]') == 1
    title = browser.js("return document.querySelector('dialog').getAttribute('aria-labelledby')")
    assert browser.count(f"#{title}") == 1


@pytest.mark.parametrize("width", [360, 420, 800, 1400])
@pytest.mark.parametrize("fragment", ["", "#open=asset-4"])
def test_nothing_is_wider_than_the_window(browser: Any, written: Write, width: int, fragment: str) -> None:
    cards = small_run()
    cards[4] = replace(cards[4], row="W" * 200, path="assets/" + "w" * 300 + ".pdf", product="P" * 120)
    emulate = browser.driver.execute_cdp_cmd
    window = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    emulate("Emulation.setDeviceMetricsOverride", window)
    try:
        browser.open(written(cards)[0], fragment)
        boxes = "[document.documentElement, document.getElementById('detail')]"
        assert max(browser.js(f"return {boxes}.map(box => box.scrollWidth - box.clientWidth)")) <= 0
    finally:
        emulate("Emulation.clearDeviceMetricsOverride", {})


def test_pictures_are_whole_and_stand_on_one_line(browser: Any, written: Write) -> None:
    shapes = [(320, 40), (60, 320), (320, 320), (32, 24), (180, 320)]
    browser.open(*written([card(number, thumb=png(*shape)) for number, shape in enumerate(shapes)]))
    browser.wait("[...document.images].every(picture => picture.complete && picture.naturalWidth)")
    boxes = browser.js(
        "return [...document.querySelectorAll('.well img')].map(picture => {"
        "const box = picture.getBoundingClientRect();"
        "const well = picture.parentElement.getBoundingClientRect();"
        "return [box.width, box.height, well.bottom - box.bottom, box.top - well.top, well.right - box.right] })"
    )
    for (width, height), (shown_width, shown_height, below, above, beside) in zip(shapes, boxes, strict=True):
        # Chromium lays out in 1/64 px; a pixel is 2 % of the thinnest picture here.
        assert shown_width / shown_height == pytest.approx(width / height, rel=0.02)
        assert abs(below) < 0.1
        assert above > -0.1
        assert beside > -0.1
    captions = browser.js("return [...document.querySelectorAll('.caption')].map(c => c.getBoundingClientRect().top)")
    assert len(set(captions)) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(browser: Any, written: Write, scheme: str) -> None:
    """WCAG 2.2 contrast (relative luminance of sRGB), at least 4.5 for every colour used for words."""
    emulate = browser.driver.execute_cdp_cmd
    emulate("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    try:
        browser.open(*written(small_run()))
        names = ["ground", "raised", "ink", "soft", "error", "warning", "note"]
        code = (
            "return arguments[0].map(name => { const probe = document.createElement('i'); document.body.append(probe);"
            "probe.style.color = `var(--${name})`; return getComputedStyle(probe).color.match(/\\d+/g).map(Number) })"
        )
        light = [_luminance(color) for color in browser.js(code, names)]
    finally:
        emulate("Emulation.setEmulatedMedia", {"features": []})
    for ground in light[:2]:
        for name, words in zip(names[2:], light[2:], strict=True):
            ratio = (max(ground, words) + 0.05) / (min(ground, words) + 0.05)
            assert ratio >= 4.5, f"{name}: {ratio:.2f}"


def _luminance(color: list[int]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
