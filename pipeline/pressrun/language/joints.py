"""Places beside dashes and slashes at which no line ends, though UAX #14 would let it: within ranges of numbers,
behind a sign, and where a line would have but a letter or two of a compound."""

from __future__ import annotations

import regex

_DASH = "[-‐‒–—―−~～〜﹘﹣－]"
_ENDS_BEFORE = frozenset("—―～﹘﹣－")  # before which a line may end, too
_BEHIND_NUMBER = r"[.,]?(?:[ \u00a0\u202f]?[\p{Sc}\p{lb=PO}]|\p{L}{1,2})?"
_BEFORE_NUMBER = r"[\p{Sc}+±−]?"
# Between a year and a day are two dates, which are no range of numbers: 28 December 2026 – 9 January 2027.
_YEAR, _DAY = r"(?<!\p{Nd})\p{Nd}{4}", r"(?<!\p{Nd})[0-3]?\p{Nd}"
_TWO_DATES = rf"(?<={_YEAR}[.,]?) {_DASH} {_DAY}\.? \p{{L}}|(?<=\p{{L}}\.? {_DAY}\.?) {_DASH} {_YEAR}\.? \p{{L}}"
_SHORT = r"(?<![\p{L}\p{M}\p{N}])[\p{L}\p{N}]\p{M}*(?:[\p{L}\p{N}]\p{M}*)?"
_PAIR = r"\p{L}\p{M}*(?:\p{L}\p{M}*)?(?![\p{L}\p{M}\p{N}])"
_THREE = r"\p{L}\p{M}*(?:\p{L}\p{M}*){0,2}"
_JOINT = regex.compile(
    rf"(?<=\p{{Nd}}{_BEHIND_NUMBER})(?P<range>{_DASH}{{1,2}})(?={_BEFORE_NUMBER}\p{{Nd}})"
    rf"|(?<=\p{{Nd}}{_BEHIND_NUMBER})(?!{_TWO_DATES})"
    rf"(?P<before> )(?P<spaced>{_DASH})(?P<behind> )(?={_BEFORE_NUMBER}\p{{Nd}})"
    r"|(?<![^\s\p{Ps}\p{Pi}])(?P<sign>[-–−])(?=\p{Sc}?\p{Nd})"
    rf"|(?<={_SHORT})(?P<compound>[-‐])(?=[\p{{L}}\p{{N}}])"
    rf"|(?<=[\p{{L}}\p{{M}}\p{{N}}])(?P<last>[-‐])(?=\p{{L}}\p{{M}}*(?![\p{{L}}\p{{M}}\p{{N}}‐-]))"
    rf"|(?<=(?<![\p{{L}}\p{{M}}\p{{N}}]){_THREE}\.?)(?P<names>–)(?={_THREE}(?![\p{{L}}\p{{M}}\p{{N}}]))"
    rf"|(?<=[\p{{L}}\p{{N}}\p{{Sc}}–-])(?P<rate>/)(?={_PAIR})"
    r"|(?P<wide>[０-９](?:[，．]?[０-９])+)",
    regex.V1,
)
MAY_JOIN = regex.compile("[-‐‒–—―−~～〜﹘﹣－/０-９]")
"""Whether there may be any in a text."""
_UNBROKEN = regex.compile(r"[^\s\p{lb=ID}\p{lb=CJ}\p{lb=NS}\p{lb=CL}\p{lb=H2}\p{lb=H3}\p{lb=SA}]+")
_OF_AN_ADDRESS = regex.compile(r"://|www\.|@|[\p{L}\p{N}]\.\p{L}{2}")


Places = tuple[int, ...]


def joints(text: str) -> tuple[list[Places], list[Places]]:
    """The joints of numbers in a text, and those of its words, but for addresses, within which nothing is put: of each
    the places before letters that go with the one before, or of blanks."""
    numbers: list[Places] = []
    words: list[Places] = []
    addresses = [one.span() for one in _UNBROKEN.finditer(text) if _OF_AN_ADDRESS.search(one[0])]
    for match in _JOINT.finditer(text):
        kind = match.lastgroup or ""
        if any(start <= match.start() < end for start, end in addresses):
            continue
        if match[0] in ("-", "−") and text[match.end()].isdecimal():
            continue  # UAX #14, LB25
        if match["wide"]:
            numbers.append(tuple(range(match.start() + 1, match.end())))
        elif match["spaced"]:
            numbers.append((match.start("before"), match.start("behind")))
        elif kind == "range" and match["range"][0] in _ENDS_BEFORE:
            numbers.append((match.start(), match.end()))
        else:
            (numbers if kind in ("range", "sign") else words).append((match.end(),))
    return numbers, words
