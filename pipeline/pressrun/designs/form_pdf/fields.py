"""Widgets with what they inherit from their fields, and these from the form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from msgspec import Struct

from pressrun.readers.press_pdf.boxes import rectangle
from pressrun.readers.press_pdf.facts import Object, Rectangle
from pressrun.readers.press_pdf.keys import DICTIONARIES, Keys

DEEPEST = 64  # fields in each other; a broken tree may be a ring
MOST_WIDGETS = 5_000  # on one page
HIDDEN = 2  # a flag of annotations (ISO 32000-2, table 167)
MULTILINE, PASSWORD, COMB = 1 << 12, 1 << 13, 1 << 24  # of texts (table 231)
RADIO, PUSHBUTTON = 1 << 15, 1 << 16  # of buttons (table 229)
Option = tuple[str, str]


class Widget(Struct, frozen=True):
    """A field's place on a page. ``kind`` is Tx, Btn, Ch or Sig; ``values`` as the form shows them; ``most`` the most
    characters; ``align`` 0, 1 or 2: left, middle, right; ``turn`` in degrees counterclockwise; ``options`` what may be
    chosen, as it is kept and as it is shown; ``scripts`` what programs do with it; ``look`` is its dictionary."""

    name: str
    kind: str
    flags: int
    values: tuple[str, ...]
    most: int
    align: int
    says: str
    options: tuple[Option, ...]
    scripts: tuple[str, ...]
    at: Rectangle
    turn: int
    border: float
    is_hidden: bool
    is_rich: bool
    look: Object

    @property
    def width(self) -> float:
        return self.at[2] - self.at[0]

    @property
    def height(self) -> float:
        return self.at[3] - self.at[1]

    @property
    def middle(self) -> tuple[float, float]:
        return (self.at[0] + self.at[2]) / 2, (self.at[1] + self.at[3]) / 2

    @property
    def along(self) -> tuple[float, float]:
        """Width and height as its text sees them."""
        return (self.height, self.width) if self.turn % 180 else (self.width, self.height)

    def has(self, flag: int) -> bool:
        return bool(self.flags & flag)

    @property
    def is_multiline(self) -> bool:
        """Whether it says so, or holds more than a line, as those of office programs may without saying it."""
        return self.has(MULTILINE) or (self.kind == "Tx" and any("\n" in value.strip() for value in self.values))


def widgets(page: Object, form: Object, keys: Keys) -> Iterator[Widget]:
    """Those of a page, in its order. What has no place is left out."""
    for look in list(keys.dictionaries(page, "/Annots"))[:MOST_WIDGETS]:
        if keys.name(look, "/Subtype") != "Widget":
            continue
        try:
            at = rectangle(look.get("/Rect"))
        except ValueError:
            continue
        if at is not None and at[2] > at[0] and at[3] > at[1]:
            yield _widget(look, at, form, keys)


def _widget(look: Object, at: Rectangle, form: Object, keys: Keys) -> Widget:
    chain = list(up(look))

    def inherited(key: str) -> Object:
        return next((one for one in chain if key in one), form)

    flags = keys.count(look, "/F")
    value = inherited("/V").get("/V") if "/V" in inherited("/V") else inherited("/DV").get("/DV")
    options = tuple(_options(keys.list(inherited("/Opt"), "/Opt")))
    style = keys.dictionary(look, "/BS")
    return Widget(
        name=".".join(reversed([part for one in chain if (part := keys.text(one, "/T"))])),
        kind=keys.name(inherited("/FT"), "/FT"),
        flags=keys.count(inherited("/Ff"), "/Ff"),
        values=tuple(_values(value, dict(options))),
        most=max(0, keys.count(inherited("/MaxLen"), "/MaxLen")),
        align=keys.count(inherited("/Q"), "/Q"),
        says=keys.text(inherited("/DA"), "/DA"),
        options=options,
        scripts=tuple(sorted(set(keys.dictionary(inherited("/AA"), "/AA").keys()) & {"/F", "/C", "/V", "/K"})),
        at=at,
        turn=keys.count(keys.dictionary(look, "/MK"), "/R") % 360 // 90 * 90,
        border=max(0.0, keys.number(style, "/W", 1.0)),
        is_hidden=bool(flags & HIDDEN),
        is_rich="/RV" in inherited("/RV"),
        look=look,
    )


def up(node: Object) -> Iterator[Object]:
    """A node of a tree, and all above it."""
    for _ in range(DEEPEST):
        if not isinstance(node, DICTIONARIES):
            return
        yield node
        node = node.get("/Parent")


def _options(written: list[Any]) -> Iterator[Option]:
    for one in written:
        pair = list(one) if isinstance(one, pikepdf.Array) else [one, one]
        if len(pair) == 2 and all(isinstance(text, pikepdf.String) for text in pair):
            yield str(pair[0]), str(pair[1])


def _values(value: Object, options: dict[str, str]) -> Iterator[str]:
    if isinstance(value, pikepdf.Array):
        for one in value:
            yield from _values(one, options)
    elif isinstance(value, pikepdf.Name):
        yield str(value)[1:]
    elif isinstance(value, pikepdf.String):
        said = str(value).replace("\r\n", "\n").replace("\r", "\n")
        yield options.get(said, said)
    elif isinstance(value, pikepdf.Stream):
        yield str(pikepdf.String(bytes(value.read_bytes())))
