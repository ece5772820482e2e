"""Formats of numbers as Excel writes them (ECMA-376, 18.8.30 and 18.8.31), as far as they show a number as something
else than its digits: padded, as a percentage, as a year or a time of day, with fractions of seconds, rounded, in
thousands, without its sign, or as words alone; and a text with others round it."""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Callable, Mapping

from msgspec import Struct

from pressrun.readers.serial_dates import moment, shown_by
from pressrun.readers.sheet_formats import DIGITS, PLACE, Cell, OddCells, figures, held, padded, percentage, rounded

BUILT_IN = {  # which need not be written
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "m/d/yy h:mm", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)", 47: "mm:ss.0",
}  # fmt: skip
_BETWEEN = re.compile(r'(?:"[^"]*"?|\\.|\[[^\]]*\]|[_*].|[^;])*+', re.DOTALL)  # two semicolons that part sections
_CONDITION = re.compile(r"\[\s*(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d*)?(?:[eE][-+]?\d{1,3})?)\s*\]")
_HOLDS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_ISO = re.compile(r"(?:yyyy-mm-dd)?[ t]*(?:hh?:mm(?::ss(?:\.0+)?)?)?|mm:ss(?:\.0+)?", re.IGNORECASE)
_ROUNDING = re.compile(
    r"(?:(?P<whole>[#0?,]*[#0?])|(?=\.))(?:\.(?P<places>[#0?]*))?(?P<thousands>,*)\s*(?P<percent>%?)"
)
_LITERALS = re.compile(r'"[^"]*"|\\.|\[(?!(?:h+|m+|s+)\])[^\]]*\]|_.|\*.', re.IGNORECASE | re.DOTALL)
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_COUNTED = re.compile(  # in no places that are rounded to
    r"general|[#0?.,\s]*(?:/\s*[#0?\d]+|e[-+][#0?]+)", re.IGNORECASE
)
_MEANS = re.compile(r"[0#?@%a-z]", re.IGNORECASE)  # what is no text in a format: places, and letters of dates
_OF_PICTURE = re.compile(r"""
    "(?P<quoted>[^"]*)" | \\(?P<escaped>.) | (?P<place>0) | (?P<plain>[-+(): ])  # what is seen
    | \[[^\]]*\] | _. | \*.  # colours, conditions, and room
""", re.VERBOSE)  # fmt: skip
_OF_TEXT = re.compile(r"""
    "(?P<quoted>[^"]*)" | \\(?P<escaped>.) | \[\$(?P<currency>[^-\]]*)[^\]]*\] | \[[^\]]*\] | (?P<room>_.) | \*.
    | (?P<places>general|@|[#0?.,%]+) | (?P<plain>.)
""", re.VERBOSE | re.DOTALL | re.IGNORECASE)  # fmt: skip
_AROUND = " -+():$€£¥"  # signs that need no quotes
_LONGEST = 255  # letters of a format, as Excel has them
_MINUS = ("-", "\u2212", "(")
NOTHING = "nothing"


class Section(Struct, frozen=True):
    """How some numbers are shown. ``kept`` is what `shown_as` takes, empty where they are shown as what they are;
    ``places`` how many decimal places are shown, those of a percentage with the two that it moves, and None where
    nothing is rounded; ``thousands`` how many times a thousandth of the number is shown; ``text`` what stands where its
    digits do not: around them by `PLACE`, or alone; ``least`` how many decimal places are shown of a whole number, and
    ``grouped`` whether its thousands are parted; ``written`` is the format itself, where no more is known of it. Of a
    zero no digit is seen unless it ``shows_zero``."""

    kept: str = ""
    places: int | None = None
    thousands: int = 0
    text: str = PLACE
    shows_zero: bool = True
    is_number: bool = True  # and no date
    is_duration: bool = False
    least: int = 0
    grouped: bool = False
    written: str = ""

    @property
    def is_rounding(self) -> bool:
        """Whether all that it may change of a number is how many decimal places are seen."""
        return not self.kept and not self.thousands and PLACE in self.text


_PLAIN = Section()


class NumberFormat(Struct, frozen=True):
    """Sections of numbers ``above`` zero (of all, where there is but one), ``below`` it, and for ``zero``; or those of
    ``conditions``, the first that holds. What is below zero ``has_own`` section where that shows no sign by itself. A
    ``text`` is shown in the place that it has there."""

    above: Section = _PLAIN
    below: Section = _PLAIN
    zero: Section = _PLAIN
    conditions: tuple[tuple[str, float, Section], ...] = ()
    has_own: bool = False
    text: str = PLACE

    def of(self, value: float) -> Section:
        if self.conditions:
            return next((one for sign, than, one in self.conditions if _HOLDS[sign](value, than)), self.zero)
        return self.above if value > 0 else self.below if value < 0 else self.zero

    @property
    def kept(self) -> bool:
        """Whether any number, or text, may be shown otherwise than as it is."""
        return bool(self.conditions) or not self.above.is_rounding or self.text != PLACE

    @property
    def of_less(self) -> bool:
        """Whether numbers below zero are shown in another way than those above."""
        own = self.has_own and not self.below.text.strip().startswith(_MINUS)
        return own or (self.below.places, self.below.is_rounding) != (self.above.places, True)

    @property
    def of_zero(self) -> bool:
        return not (self.zero.is_rounding and self.zero.shows_zero)


AS_IT_IS = NumberFormat()


def looked_for(format: str) -> NumberFormat:
    if not format or len(format) > _LONGEST:
        return AS_IT_IS
    parts = _parted(format)
    at = next((at for at, one in enumerate(parts) if "@" in _LITERALS.sub("", one)), 3)
    text = _text(parts[at]).strip() if at < len(parts) else PLACE
    written = parts[:at]
    if not written:
        return NumberFormat(text=text)
    found = [_section(one) for one in written]
    conditions = [_CONDITION.search(one) for one in written[:2]]
    if any(conditions):
        defaults = ((">", 0.0), ("<", 0.0) if len(found) > 2 else ("<>", float("nan")))
        told = tuple(
            (*((said[1], float(said[2])) if said else default), section)
            for said, default, section in zip(conditions, defaults, found, strict=False)
        )
        return NumberFormat(found[0], zero=found[2] if len(found) > 2 else _PLAIN, conditions=told, text=text)
    above, below, zero = found[0], found[min(1, len(found) - 1)], found[2] if len(found) > 2 else found[0]
    return NumberFormat(above, below, zero, has_own=len(found) > 1 and below.is_number, text=text)


def _parted(format: str) -> list[str]:
    written, at = list[str](), -1
    while at < len(format):
        one = _BETWEEN.match(format, at + 1)
        assert one is not None  # it may be empty
        written.append(one[0])
        at = one.end()
    return written


def _section(written: str) -> Section:
    bare = _LITERALS.sub("", written).strip(_AROUND)
    if not _MEANS.search(bare):
        return Section(text=_text(written))
    kept = _picture(written) or (written if shown_by(written) else bare)
    kept = kept if PLACE in kept or kept.endswith("%") or shown_by(kept) else ""
    if (rounding := _ROUNDING.fullmatch(bare)) is None:
        if PLACE in kept or _COUNTED.fullmatch(bare):
            itself = "" if bare.lower() == "general" else _text(written, place="").strip()
            return Section(kept, 0 if PLACE in kept else None, text=_text(written), written=itself)
        return Section(
            kept, is_number=False, is_duration=bool(_DURATION.search(bare)), written=_text(written, place="").strip()
        )
    behind = rounding["places"] or ""
    places = len(behind) + 2 * len(rounding["percent"])
    least, grouped = len(behind.rstrip("#?")), "," in (rounding["whole"] or "")
    return Section(kept, places, len(rounding["thousands"]), _text(written), "0" in bare, least=least, grouped=grouped)


def _text(written: str, place: str = PLACE) -> str:
    """What stands in a section, with its places as one; as they are written with no ``place``."""
    text = ""
    for one in _OF_TEXT.finditer(written):
        text += one["quoted"] or one["escaped"] or one["currency"] or one["plain"] or (" " if one["room"] else "")
        if one["places"] and not (place and place in text):
            text += place or one["places"]
    return text


def shown_as(value: str, kept: str, epoch: dt.datetime) -> str | None:
    """A number as its format shows it, where that is looked for, or where a float does not hold its digits. Raises
    ValueError of one that is no number, or no date."""
    if kept.endswith("%"):
        return percentage(value)
    if PLACE in kept:
        if (text := padded(value, kept)) is not None:
            return text
    elif kept and (as_date := shown_by(kept)):
        return as_date(float(value), epoch)
    digits = value.removeprefix("-").removesuffix(".0")
    return value if digits.isdigit() and len(digits) > DIGITS else None


def told(odd: OddCells, cell: Cell, value: str, format: NumberFormat, epoch: dt.datetime) -> None:
    """Note what is not shown of a number as it is."""
    try:
        section = format.of(float(value)) if format is not AS_IT_IS else _PLAIN
        without_sign = format.has_own and section is format.below and value.startswith("-")
        own = value[1:] if without_sign and PLACE in section.kept else value
        text = shown_as(own, section.kept, epoch)
        more = _more(value, section, without_sign=without_sign)
        if cell[1] in odd.among_texts and more is None and PLACE not in section.kept:
            read, seen = _dressed(
                value, section, has_sign=section is not format.below or not format.has_own, epoch=epoch
            )
            if read != seen:
                odd.dress(cell, (read, seen))
    except (ValueError, OverflowError):  # spreadsheets fill such a cell
        odd.without_value(cell, "#####")
        return
    if text is not None:
        odd.show(cell, text)
    if more is not None:
        odd.round(cell, more)


def _more(value: str, section: Section, *, without_sign: bool) -> tuple[str, str] | None:
    """What a number holds, and what is shown of it, where that is less."""
    if value.isdigit() and section.shows_zero and not section.thousands and PLACE in section.text:
        return None  # a whole number, all of which is seen
    percent = section.kept.endswith("%")
    more = rounded(value, section.places, percent=percent, thousands=section.thousands)
    is_zero = float(value) == 0 or (more is not None and not more[1].strip("-0.%"))
    if PLACE not in section.text or (is_zero and not section.shows_zero):
        return held(value), section.text.replace(PLACE, "").strip() or NOTHING
    if section.thousands and more:
        return more[0], section.text.replace(PLACE, more[1]).strip()
    if PLACE in section.kept and more:
        return more[0], padded(more[1].removeprefix("-" if without_sign else ""), section.kept) or more[1]
    if without_sign and not any(sign in section.text for sign in _MINUS):
        was = percentage(value) if percent else held(value)
        return was, (more[1] if more else was).removeprefix("-")
    return more


def _dressed(value: str, section: Section, *, has_sign: bool, epoch: dt.datetime) -> tuple[str, str]:
    """What a number or a date is read as, and what is shown of it, with the signs that its format itself has; its
    format, where that is no matter of figures. Raises ValueError of what is neither."""
    if not section.is_number:
        read = moment(float(value), epoch).isoformat(" ").removesuffix(" 00:00:00")
        is_so = section.is_duration or bool(section.kept and "/" not in section.kept) or _ISO.fullmatch(section.written)
        return read, read if is_so else section.written
    percent = section.kept.endswith("%")
    read = percentage(value) if percent else held(value)
    if section.written:
        return read, section.written
    seen = read.removeprefix("-")
    if section.places is not None:
        seen = figures(
            value, section.places, section.least, grouped=section.grouped, percent=percent, thousands=section.thousands
        )
    sign = "-" if value.startswith("-") and has_sign else ""
    return read, sign + section.text.replace(PLACE, seen).strip()


def _picture(format: str) -> str:
    """What is shown of a number by a format that pads it: only zeros, at least two, and what stands among them. Empty
    of any other."""
    picture, at = "", 0
    for one in _OF_PICTURE.finditer(format):
        if one.start() != at:
            return ""
        at = one.end()
        picture += PLACE if one["place"] else one["quoted"] or one["escaped"] or one["plain"] or ""
    return picture.strip() if at == len(format) and picture.count(PLACE) > 1 else ""
