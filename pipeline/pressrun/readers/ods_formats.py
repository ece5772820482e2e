"""Formats of numbers as OpenDocument writes them (OpenDocument 1.3, part 3, 16.29), told in Excel's words: so that all
that is known of those holds of these."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping

from msgspec import Struct, field

from pressrun.readers.number_formats import AS_IT_IS, NumberFormat, looked_for
from pressrun.readers.sheet_formats import Attributes, walk

_OF_DATES = {  # short and long
    "era": ("gg", "gg"), "year": ("yy", "yyyy"), "quarter": ("q", "q"), "month": ("m", "mm"), "day": ("d", "dd"),
    "week-of-year": ("ww", "ww"), "day-of-week": ("ddd", "dddd"), "hours": ("h", "hh"), "minutes": ("m", "mm"),
    "seconds": ("s", "ss"), "am-pm": ("AM/PM", "AM/PM"),
}  # fmt: skip
_STYLES = (
    "number-style",
    "currency-style",
    "percentage-style",
    "date-style",
    "time-style",
    "boolean-style",
    "text-style",
)
_CONDITION = re.compile(r"value\(\)\s*(<=|>=|!=|<|>|=)\s*(\S+)\s*\Z")
_IN_ORDER = ([">=0"], [">0", "<0"], [">0", "<0", "=0"])  # what sections of Excel's have without a condition
_BARE_IN_DATES = re.compile(r"[-:/., ]+\Z")
_MOST_PLACES = 30


class _Style(Struct):
    """A format as far as it goes without others, and those that show what meets a condition in its stead."""

    kind: str
    is_duration: bool = False
    written: str = ""
    others: list[tuple[str, str]] = field(default_factory=list)  # condition, and name


class _Styles:
    """Walks through the styles of a part."""

    def __init__(self) -> None:
        self.numbers: dict[str, _Style] = {}
        self.named: dict[str, str] = {}  # what shows the numbers of a style
        self.parents: dict[str, str] = {}
        self._style = _Style("")
        self._attributes: Attributes = {}
        self._embedded: list[tuple[int, str]] = []
        self._position = ""

    def began(self, name: str, attributes: Attributes) -> None:
        if name == "style":
            own = attributes.get("name", "")
            self.named[own] = attributes.get("data-style-name", "")
            self.parents[own] = attributes.get("parent-style-name", "")
        elif name in _STYLES:
            is_duration = attributes.get("truncate-on-overflow") == "false"
            self._style = self.numbers[attributes.get("name", "")] = _Style(name, is_duration)
        elif name == "map":
            self._style.others.append((attributes.get("condition", ""), attributes.get("apply-style-name", "")))
        elif name in _OF_DATES:
            self._style.written += self._of_date(name, attributes)
        elif name == "embedded-text":
            self._position = attributes.get("position", "")
        elif name in ("number", "scientific-number", "fraction", "currency-symbol", "text-content"):
            self._attributes, self._embedded = attributes, []

    def ended(self, name: str, text: str) -> None:
        style, said = self._style, self._attributes
        if name == "text":
            style.written += _literal(text, style.kind)
        elif name == "embedded-text":
            self._embedded.append((_count(self._position), text))
        elif name == "currency-symbol":
            style.written += f"[${text}]" if text else ""
        elif name == "text-content":
            style.written += "@"
        elif name == "number":
            style.written += _places(said, self._embedded)
        elif name == "scientific-number":
            style.written += "0.0E+0"
        elif name == "fraction":
            style.written += "# ?/?"

    def _of_date(self, name: str, attributes: Attributes) -> str:
        written = _OF_DATES[name][attributes.get("style") == "long"]
        if name == "month" and attributes.get("textual") == "true":
            written += "mm"
        if name == "seconds" and (places := _count(attributes.get("decimal-places"))):
            written += f".{'0' * places}"
        if self._style.is_duration and not self._style.written:
            written = f"[{written}]"
        return written

    def format(self, name: str) -> str:
        """What a style is in Excel's words."""
        if (style := self.numbers.get(name)) is None:
            return ""
        found = [(said, other) for condition, other in style.others if (said := _CONDITION.match(condition))]
        conditions = ["".join(said.groups()).replace("!=", "<>") for said, _ in found]
        sections = [self._section(self.numbers.get(other)) for _, other in found]
        if conditions not in _IN_ORDER:
            sections = [f"[{one}]{section}" for one, section in zip(conditions, sections, strict=False)]
        return ";".join([*sections, self._section(style)])

    def _section(self, style: _Style | None) -> str:
        if style is None:
            return "General"
        return style.written + ("%" if style.kind == "percentage-style" and "%" not in style.written else "")


def _literal(text: str, kind: str) -> str:
    if kind in ("date-style", "time-style") and _BARE_IN_DATES.match(text):
        return text
    parts = text.split("%") if kind == "percentage-style" else [text]
    return "%".join('\\"'.join(f'"{piece}"' if piece else "" for piece in part.split('"')) for part in parts)


def _places(said: Attributes, embedded: list[tuple[int, str]]) -> str:
    """The places of a number: integers, with what stands among them, and decimals."""
    whole, places = _count(said.get("min-integer-digits")), said.get("decimal-places")
    if places is None and whole < 2 and not embedded:
        return "General"
    digits = ["0"] * whole or ["#"]
    if said.get("grouping") == "true":
        digits = ["#"] * (4 - len(digits)) + digits
        digits.insert(-3, ",")
    for position, text in sorted(embedded, reverse=True):
        digits.insert(max(len(digits) - position, 0), _literal(text, ""))
    most = _count(places)
    least = min(_count(said.get("min-decimal-places", "0" if said.get("decimal-replacement") == "" else places)), most)
    thousands = (len(said.get("display-factor", "1")) - 1) // 3
    return "".join(digits) + ("." if most else "") + "0" * least + "#" * (most - least) + "," * thousands


def _count(written: str | None) -> int:
    return min(int(written), _MOST_PLACES) if written and written.isdecimal() else 0


def formats_in_ods(packed: zipfile.ZipFile) -> Mapping[str, NumberFormat]:
    """How each style of cells that shows something otherwise than it is does so. Raises what the parser and the archive
    raise, and BrokenWorkbook."""
    styles = _Styles()
    for part in ("styles.xml", "content.xml"):
        if part in packed.namelist():
            walk(packed, part, styles.began, styles.ended)
    shown: dict[str, NumberFormat] = {}
    for one in styles.named:
        at, seen = one, set[str]()
        while not styles.named.get(at) and styles.parents.get(at) and at not in seen:
            seen.add(at)
            at = styles.parents[at]
        shown[one] = looked_for(styles.format(styles.named.get(at, "")))
    return {name: format for name, format in shown.items() if format != AS_IT_IS}
