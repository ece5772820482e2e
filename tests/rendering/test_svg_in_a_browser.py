"""SVGs as programs write them: each is drawn as a browser draws it, or what is not drawn so is told."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from typing import Any

import numpy
import pytest
import yaml
from chromium import chromium
from fontTools import subset
from PIL import Image, ImageChops, ImageFilter
from placed_documents import DOCUMENTS
from rendering_kit import HERE, Press, brand

from pressrun.graphics.svg.artwork import UnusableArtwork, look_over, read_artwork
from pressrun.graphics.svg.unheeded import notes_of_svg

SIDE, ACROSS = 200, 8
HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {SIDE} {SIDE}">'
)
FEATURES = yaml.safe_load((HERE / "svg_features.yaml").read_text())
DRAWINGS = {name: f"{HEAD}{inside}</svg>".encode() for kind in FEATURES.values() for name, inside in kind.items()}
PALETTE = [swatch.srgb.upper() for swatch in brand().palette.values()]
MOST = 0.004  # of its pixels, but for those at edges


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    made = Press(tmp_path_factory.mktemp("press"), logos={**brand().logos, "feature": "logo.svg"})
    yield made
    made.close()


def faces(press: Press) -> bytes:
    """The brand's fonts with the letters that the drawings have, as a style sheet."""
    letters = "".join(map(bytes.decode, DRAWINGS.values()))
    rules = []
    for file in press.font_files:
        options = subset.Options(layout_features=["*"])
        with subset.load_font(file, options) as font:
            weight, angle = font["OS/2"].usWeightClass, font["post"].italicAngle
            cut = subset.Subsetter(options)
            cut.populate(text=letters)
            cut.subset(font)
            font.save(out := io.BytesIO())
        source = f"src:url(data:font/ttf;base64,{base64.b64encode(out.getvalue()).decode()})"
        rules.append(f"font-family:FiraGO;font-weight:{weight};font-style:{'italic' if angle else 'normal'};{source}")
    return f"<style>{''.join(f'@font-face{{{rule}}}' for rule in rules)}</style>".encode()


@pytest.fixture(scope="module")
def in_browser(press: Press, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Image.Image]:
    """How Chromium draws each, on white."""
    head, fonts = HEAD.encode(), faces(press)
    shown = [data.replace(head, head + fonts) if b"<text" in data else data for data in DRAWINGS.values()]
    pictures = [f"data:image/svg+xml;base64,{base64.b64encode(data).decode()}" for data in shown]
    images = "".join(f'<img src="{one}" width="{SIDE}" height="{SIDE}">' for one in pictures)
    style = f"body{{margin:0;background:#fff;display:grid;grid-template-columns:repeat({ACROSS},{SIDE}px)}}img{{display:block}}"
    folder = tmp_path_factory.mktemp("browser")
    (folder / "page.html").write_text(f"<!doctype html><style>{style}</style>{images}")
    height = SIDE * -(-len(pictures) // ACROSS)
    with chromium(folder / "profile", "--allow-file-access-from-files", "--force-color-profile=srgb") as browser:
        browser.get(f"file://{folder}/page.html")
        told = browser.execute_cdp_cmd(
            "Page.captureScreenshot",
            {
                "captureBeyondViewport": True,
                "clip": {"x": 0, "y": 0, "width": ACROSS * SIDE, "height": height, "scale": 1},
            },
        )
    page = Image.open(io.BytesIO(base64.b64decode(told["data"]))).convert("RGB")
    boxes = ((at % ACROSS * SIDE, at // ACROSS * SIDE) for at in range(len(pictures)))
    return {name: page.crop((x, y, x + SIDE, y + SIDE)) for name, (x, y) in zip(DRAWINGS, boxes, strict=True)}


ARTWORK = {"type": "artwork", "id": "drawing", "file": "feature.svg", "box": {"in": "trim"}}
LOGO = {"type": "logo", "id": "drawing", "logo": "feature", "box": {"in": "trim"}}


def differing(press: Press, name: str, in_browser: dict[str, Image.Image], layer: dict[str, Any] = ARTWORK) -> float:
    DOCUMENTS["feature.svg"] = lambda: DRAWINGS[name]
    press.logos["feature"] = press.store.put(DRAWINGS[name])
    page = {"page": {"trim": f"{SIDE}px x {SIDE}px"}, "target": "screen", "formats": ["png"], "ground": "paper"}
    ours = press.render(json.dumps({**page, "layers": [layer]})).picture("png")
    theirs = in_browser[name].resize(ours.size, Image.Resampling.BICUBIC)
    highest, lowest = theirs.filter(ImageFilter.MaxFilter(3)), theirs.filter(ImageFilter.MinFilter(3))
    is_flat = numpy.asarray(ImageChops.difference(highest, lowest)).max(axis=2) <= 30
    differs = numpy.asarray(ImageChops.difference(ours, theirs)).max(axis=2) > 24
    return float((differs & is_flat).mean())


@pytest.mark.parametrize("name", FEATURES["drawn"])
def test_it_is_drawn_as_in_a_browser(press: Press, in_browser: dict[str, Image.Image], name: str) -> None:
    assert not notes_of_svg(DRAWINGS[name], name)
    assert differing(press, name, in_browser) <= MOST


@pytest.mark.parametrize("name", FEATURES["told"])
def test_what_is_not_drawn_as_in_a_browser_is_told(press: Press, in_browser: dict[str, Image.Image], name: str) -> None:
    assert notes_of_svg(DRAWINGS[name], name)
    assert differing(press, name, in_browser) > MOST, "it is drawn now: there is nothing to tell"


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_logo_is_drawn_as_in_a_browser_or_refused(
    press: Press, in_browser: dict[str, Image.Image], name: str
) -> None:
    try:
        look_over(DRAWINGS[name], PALETTE)
        read_artwork(DRAWINGS[name])
    except UnusableArtwork:
        return
    assert differing(press, name, in_browser, LOGO) <= MOST
