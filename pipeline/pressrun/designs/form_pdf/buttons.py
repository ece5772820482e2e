"""Buttons: pictures, ticks, and those that only a screen has a use for."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping

import pikepdf

from pressrun.designs.form_pdf.appearance import alone
from pressrun.designs.form_pdf.fields import RADIO, Widget
from pressrun.designs.form_pdf.page import SeenPage, whole
from pressrun.graphics.drawn import pdfium
from pressrun.model.design import ArtworkPart
from pressrun.model.geometry import Rect
from pressrun.readers.press_pdf.facts import Object
from pressrun.readers.press_pdf.keys import Keys

IMAGE_FIELD = "_af_image"  # how Acrobat ends the names of its picture fields
DENSITY = 300 / 72  # pixels a point of an icon that becomes a file
MOST_PIXELS = 4000
NO_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w:g} {h:g}"><path fill="#E4E4E4" d="M0 0H{w:g}V{h:g}H0Z"/>'
    '<path fill="none" stroke="#B4B4B4" stroke-width="{s:g}" d="M0 0L{w:g} {h:g}M{w:g} 0L0 {h:g}"/></svg>\n'
)
"""What stands for a picture that the form has not: width, height, and the thickness of a cross."""


def is_picture(widget: Widget, keys: Keys) -> bool:
    """Whether a push button shows an icon, or is there for one."""
    style = keys.dictionary(widget.look, "/MK")
    action = keys.dictionary(widget.look, "/A")
    script = str(action.get("/JS", "")) if keys.name(action, "/S") == "JavaScript" else ""
    return (
        "/I" in style or keys.count(style, "/TP") > 0 or widget.name.endswith(IMAGE_FIELD)
        or "buttonImportIcon" in script
    )  # fmt: skip


def picture_shown(widget: Widget, form: Object, keys: Keys) -> tuple[str, bytes]:
    """The picture that it shows now, or one that stands for it: the ending of its name, and the file."""
    width, height = widget.along
    shown = alone(widget, form, keys) if "/I" in keys.dictionary(widget.look, "/MK") else None
    if shown is None:
        return ".svg", NO_PICTURE.format(w=width, h=height, s=max(width, height) / 100).encode()
    density = min(DENSITY, MOST_PIXELS / max(widget.width, widget.height))
    with pdfium.opened(shown) as pages:
        picture = pages.alone(0, (max(1, round(widget.width * density)), max(1, round(widget.height * density))))
    out = io.BytesIO()
    picture.rotate(-widget.turn, expand=True).save(out, "PNG")
    return ".png", out.getvalue()


def states(widget: Widget, keys: Keys) -> Iterator[tuple[str, str]]:
    """The states in which it is on, and what people call them."""
    normal = keys.dictionary(keys.dictionary(widget.look, "/AP"), "/N")
    for key in sorted(normal.keys()) if not isinstance(normal, pikepdf.Stream) else ():
        state = key.removeprefix("/")
        if state != "Off":
            chosen = int(state) if state.isdigit() else -1
            yield state, widget.options[chosen][1] if 0 <= chosen < len(widget.options) else state


def is_choice(widget: Widget, all_states: Mapping[str, set[str]]) -> bool:
    """Whether it is one of several that exclude each other."""
    return widget.has(RADIO) or len(all_states.get(widget.name, ())) > 1


def tick(id: str, file: str, when: str, widget: Widget, page: SeenPage) -> ArtworkPart:
    """What it shows when it is on, over what it shows when it is not."""
    corners = [page.seen(*widget.at[:2]), page.seen(*widget.at[2:])]
    left, top = (min(corner[side] for corner in corners) for side in (0, 1))
    right, bottom = (max(corner[side] for corner in corners) for side in (0, 1))
    return ArtworkPart(id=id, box=Rect(left, top, right - left, bottom - top), when=when, file=file, page=1)


def around(widget: Widget, page: SeenPage) -> tuple[Rect, float]:
    """All of a button, as box and turn of a layer."""
    return page.placed(widget, whole(widget))
