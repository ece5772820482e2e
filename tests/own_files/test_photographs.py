"""Photographs: what is shown of them, and those of 16 bits."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy
import pytest
from one_card import Card
from PIL import Image

from pressrun.graphics.photos.masks import kept_outside

PICTURE = {"type": "image", "id": "p", "box": {"in": "bleed"}}
SLOT = {
    "prompt": "x.j2",
    "provider": {"type": "library"},
    "references": ["photo.png"],
    "masters": {"one": {"size": "600x400"}},
}
COARSE = {"resolution": {"floor": 1, "target": 1}}
PROMPT = {"templates/prompts/x.j2": b"a room"}


def encoded(picture: Image.Image, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def banded() -> bytes:
    """A tall picture: red above, green in the middle, blue below, each a third."""
    picture = Image.new("RGB", (300, 900), "#00ff00")
    picture.paste("#ff0000", (0, 0, 300, 300))
    picture.paste("#0000ff", (0, 600, 300, 900))
    return encoded(picture)


def shown(card: Card) -> tuple[str, ...]:
    """The strongest channel at the top, in the middle and at the bottom of what was made."""
    assert card.run().code == 0
    picture = card.picture()
    pixels = [picture.getpixel((300, y)) for y in (5, 200, 394)]
    return tuple("rgb"[numpy.argmax(pixel)] for pixel in pixels)


def test_of_a_row_s_photograph_the_middle_shows(card: Callable[..., Card]) -> None:
    made = card({**PICTURE, "file": "photo.png"}, files={"jobs/photo.png": banded()}, layout=COARSE)
    assert shown(made) == ("g", "g", "g")


def test_of_a_photograph_from_the_library_the_middle_shows(card: Callable[..., Card]) -> None:
    files = {"jobs/photo.png": banded(), **PROMPT}
    assert shown(card({**PICTURE, "picture": "p"}, files=files, layout=COARSE, job={"pictures": {"p": SLOT}})) == (
        "g",
        "g",
        "g",
    )


def test_a_stage_that_the_job_names_is_the_photograph_s_too(card: Callable[..., Card]) -> None:
    slot = {**SLOT, "masters": {"one": {"size": "600x400", "stage": ["50%", "95%"]}}}
    files = {"jobs/photo.png": banded(), **PROMPT}
    assert shown(card({**PICTURE, "picture": "p"}, files=files, layout=COARSE, job={"pictures": {"p": slot}})) == (
        "b",
        "b",
        "b",
    )


def test_what_is_drawn_keeps_the_stage_that_its_brief_had(card: Callable[..., Card]) -> None:
    drawn = {"prompt": "x.j2", "masters": {"one": {"size": "320x960"}}}
    made = {}
    for name, layer in {"auto": {}, "stage": {"focus": ["50%", "80%"]}, "middle": {"focus": ["50%", "50%"]}}.items():
        one = card({**PICTURE, "picture": "p", **layer}, files=PROMPT, layout=COARSE, job={"pictures": {"p": drawn}})
        assert one.run().code == 0
        made[name] = one.made("a.png")
    assert made["auto"] == made["stage"] != made["middle"]


GREYS: dict[str, Any] = {
    "from black to white": numpy.linspace(0, 65535, 64 * 64),
    "light alone": numpy.linspace(40000, 60000, 64 * 64),
    "dark alone": numpy.linspace(300, 6000, 64 * 64),
}


@pytest.mark.parametrize("name", GREYS)
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_grey_of_16_bits_is_a_picture_like_any_other(name: str, kind: str, card: Callable[..., Card]) -> None:
    grey = Image.fromarray(GREYS[name].reshape(64, 64).astype(numpy.uint16))
    file = f"photo.{kind.lower()}"
    made = card({**PICTURE, "file": file, "fit": "contain"}, files={f"jobs/{file}": encoded(grey, kind)})
    said = made.run()
    assert "empty-picture" not in said.codes
    assert "broken-picture" not in said.codes


@pytest.mark.parametrize("kind", [numpy.int32, numpy.float32])
@pytest.mark.parametrize("white", [1, 255, 65535])
def test_grey_of_32_bits_is_refused_and_never_guessed(kind: Any, white: int, card: Callable[..., Card]) -> None:
    """Pillow would cut it off at 255: a page of white or black."""
    data = encoded(Image.fromarray((numpy.linspace(0, white, 64 * 64).reshape(64, 64)).astype(kind)), "TIFF")
    placed = card({**PICTURE, "file": "photo.tif"}, files={"jobs/photo.tif": data})
    assert (placed.check().code, placed.check().codes) == (2, ["unknown-picture-kind"])
    slot = {**SLOT, "references": ["photo.tif"]}
    named = card({**PICTURE, "picture": "p"}, files={"jobs/photo.tif": data, **PROMPT}, job={"pictures": {"p": slot}})
    assert (named.check().code, named.check().codes) == (2, ["reference-kind"])


def test_grey_of_16_bits_that_is_flat_is_told(card: Callable[..., Card]) -> None:
    flat = Image.fromarray(numpy.full((64, 64), 40000, numpy.uint16))
    assert "empty-picture" in card({**PICTURE, "file": "p.png"}, files={"jobs/p.png": encoded(flat)}).run().codes


def test_what_is_kept_of_a_grey_picture_of_16_bits_keeps_its_greys() -> None:
    original = Image.fromarray(numpy.full((20, 20), 30000, numpy.uint16))
    closed = Image.new("RGBA", (20, 20), (0, 0, 0, 255))
    kept = kept_outside(encoded(original), encoded(Image.new("RGB", (20, 20), "red")), encoded(closed))
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.getpixel((9, 9)) == (117, 117, 117)
