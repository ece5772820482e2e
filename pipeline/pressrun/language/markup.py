"""Marked-up text: a few tags that set some words of a text otherwise than the rest.

``Now <b>20 %</b> off``, ``<color flame>new</color>``. Only what is written in a template marks up: what it prints is
escaped on the way (``&lt;``), but for the tags that a layer allows to its cells.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Iterator
from html import unescape
from typing import Literal, get_args

from msgspec import Struct

from pressrun.model.brand import MarkedRole
from pressrun.model.layout import LayerOptions
from pressrun.model.spans import BREAK, OBJECT
from pressrun.model.template import ValueFault
from pressrun.readers.suggestion import did_you_mean

MarkupName = Literal[
    "bold", "italic", "underline", "strike", "superscript", "subscript", "small-caps", "no-break", "color", "role",
    "size", "tab", "logo", "picture", "break",
]  # fmt: skip
MARKUP_NAMES: tuple[MarkupName, ...] = get_args(MarkupName)
TAGS: dict[str, MarkupName] = {
    "b": "bold", "i": "italic", "u": "underline", "s": "strike", "sup": "superscript", "sub": "subscript",
    "sc": "small-caps", "nb": "no-break", "color": "color", "role": "role", "size": "size",
    "tab": "tab", "logo": "logo", "picture": "picture", "wbr": "break",
}  # fmt: skip
_OF = {name: tag for tag, name in TAGS.items()}
ALONE: dict[MarkupName, str] = {"tab": "\t", "logo": OBJECT, "picture": OBJECT, "break": BREAK}
"""What marks up no words, and what stands in the text for it."""
_HTML = {
    "br": "end the line itself: \\n within double quotes, or a new line of a block of text",
    "p": "each line of the text is a paragraph; take the tag out",
    "strong": "write <b>, or let cells go through the filter `marked`",
    "em": "write <i>, or let cells go through the filter `marked`",
}
"""What people write who come from HTML, and what they mean here."""
VALUED = frozenset[MarkupName](("color", "role", "size", "logo", "picture"))
EXAMPLES: dict[MarkupName, str] = {"size": "0.8", "picture": "icons/vegan.svg"}
LEAST_SIZE, MOST_SIZE = 0.2, 4.0
NOT_YET = "\ue000"
"""Stands in a template's words for what is printed there."""

_TAG = re.compile(r"<(?P<closes>/?)(?P<tag>[A-Za-z][\w-]*)(?P<value>[ \t=][^<>]*?)?[ \t]*(?P<alone>/?)>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_PRINTED, _REMARK = re.compile(r"\{\{.*?\}\}", re.DOTALL), re.compile(r"\{#.*?#\}", re.DOTALL)


class Marked(Struct, frozen=True):
    """One kind of markup, and what it asks for: a colour, a role, a factor."""

    name: MarkupName
    value: str = ""


class Piece(Struct, frozen=True):
    """A stretch of a text, and all that marks it, the outermost first."""

    text: str
    marks: tuple[Marked, ...] = ()


class MarkupFault(ValueFault):
    """Markup that cannot be read, ``at`` this place of the text."""

    def __init__(self, code: str, message: str, at: int, hint: str | None = None, cell: str | None = None) -> None:
        super().__init__(code, message, hint, cell)
        self.at = at


@functools.lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[Piece, ...]:
    """A marked-up text in pieces. Raises MarkupFault."""
    found: list[Piece] = []
    opened: list[tuple[Marked, int]] = []
    begun = 0

    def add(until: int) -> None:
        if until > begun:
            said = _ENTITY.sub(lambda match: unescape(match[0]), text[begun:until])
            found.append(Piece(said, tuple(marked for marked, _ in opened)))

    for match in _TAG.finditer(text):
        add(match.start())
        begun = match.end()
        marked = _marked(match)
        if marked.name in ALONE and not match["closes"]:
            marks = [*(marked for marked, _ in opened), *([marked] if marked.value else [])]
            found.append(Piece(ALONE[marked.name], tuple(marks)))
            continue
        if not match["closes"]:
            opened.append((marked, match.start()))
            continue
        if not opened or opened[-1][0].name != marked.name:
            inner = _OF[opened[-1][0].name] if opened else ""
            hint = f"write </{inner}> before it" if inner else f"write <{match['tag']}> before the words it is for"
            raise MarkupFault("unclosed-markup", f"{match[0]} closes what is not open", match.start(), hint)
        opened.pop()
    add(len(text))
    if opened:
        marked, at = opened[-1]
        tag = _OF[marked.name]
        raise MarkupFault("unclosed-markup", f"<{tag}> is never closed", at, f"write </{tag}> behind its words")
    return tuple(found)


def without_tags(source: str) -> str:
    """A template's words and what it prints, without what marks them up; logos and pictures among them stay."""
    return _TAG.sub(lambda tag: tag[0] if TAGS.get(tag["tag"].lower()) in ALONE else "", source)


def words_in(text: str) -> str:
    """The words of a marked-up text, without pictures and logos among them. Raises MarkupFault."""
    if "<" not in text and "&" not in text:
        return text
    return "".join(piece.text for piece in pieces(text)).replace(OBJECT, "").replace(BREAK, "")


def _marked(match: re.Match[str]) -> Marked:
    tag, value = match["tag"], (match["value"] or "").strip(" \t=\"'")
    name = TAGS.get(tag.lower())
    if name is None:
        hint = f"write <{_OF[tag]}>" if tag in _OF else _HTML.get(tag.lower()) or did_you_mean(tag, TAGS, "tags")
        raise MarkupFault("unknown-markup", f"there is no markup {match[0]}", match.start(), hint)
    if match["alone"] and (name not in ALONE or match["closes"]):
        raise MarkupFault("unknown-markup", f"{match[0]} marks up no words", match.start(), f"write <{tag}>…</{tag}>")
    if match["closes"] or NOT_YET in value:
        return Marked(name, value)
    if (name in VALUED) != bool(value):
        hint = f"write <{tag}>" if value else f"write <{tag} {EXAMPLES.get(name, 'name')}>"
        said = f"takes no '{value}'" if value else "does not say which"
        raise MarkupFault("unknown-markup", f"{match[0]} {said}", match.start(), hint)
    if name == "logo" and not logos(value)[0]:
        raise MarkupFault("unknown-markup", f"{match[0]} names no logo", match.start(), "write <logo default 1.2/>")
    if name == "size" and factor(value) is None:
        hint = f"write a factor from {LEAST_SIZE:g} to {MOST_SIZE:g}, such as <size 0.8>"
        raise MarkupFault("unknown-markup", f"{match[0]} is no size", match.start(), hint)
    return Marked(name, value)


def factor(value: str) -> float | None:
    """A size as a share of the text's: ``0.8`` or ``80%``; None if it is none, or out of bounds."""
    percent = value.endswith("%")
    try:
        size = float(value.removesuffix("%")) / (100 if percent else 1)
    except ValueError:
        return None
    return size if LEAST_SIZE <= size <= MOST_SIZE else None


def logos(value: str) -> tuple[tuple[str, ...], float]:
    """The versions of a logo, of which the one that stands out best is taken, and how high it is in cap heights:
    ``default reversed 1.2``."""
    *names, last = value.replace(",", " ").split()
    height = factor(last)
    return ((*names, last), 1.0) if height is None else (tuple(names), height)


def picture(value: str) -> tuple[str, float]:
    """The file of a picture among words, and how high it is in cap heights: ``icons/vegan.svg 1.2``."""
    named, _, last = value.rpartition(" ")
    height = factor(last) if named else None
    return unescape(value if height is None else named).strip(), height or 1.0


def files_in(text: str) -> Iterator[str]:
    """The files of the pictures among the words of a marked-up text."""
    for match in _TAG.finditer(text) if "<picture" in text.lower() else ():
        if match["tag"].lower() == "picture" and (value := match["value"]):
            yield picture(value.strip(" \t=\"'"))[0]


def of_a_cell(text: str, allowed: Collection[str]) -> str:
    """A cell whose tags of these kinds mark up: all else in it is escaped, and whole it must be. Raises MarkupFault."""
    escaped: list[str] = []
    begun = 0
    for match in _TAG.finditer(text):
        name = _marked(match).name
        if name not in allowed:
            hint = f"the layer allows {', '.join(allowed)} in cells"
            message = f"{match[0]} in {text!r} is not allowed here"
            raise MarkupFault("unknown-markup", message, match.start(), hint, text)
        escaped += [_escaped(text[begun : match.start()]), match[0]]
        begun = match.end()
    marked_up = "".join([*escaped, _escaped(text[begun:])])
    try:
        pieces(marked_up)
    except MarkupFault as fault:
        raise MarkupFault(fault.code, f"{fault.message} in {text!r}", fault.at, fault.hint, text) from None
    return marked_up


def _escaped(text: str) -> str:
    """Without what keeps the filter `marked`'s own ``<`` from being taken for a tag."""
    return text.replace("<\u2060", "<").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def check_template(source: str) -> None:
    """Raises MarkupFault for what can be told of a template before it is rendered: markup that there is not, and, where
    no branch decides it, what is not closed."""
    words = _blanked(source)
    if "{%" not in words:
        pieces(words)
        return
    for match in _TAG.finditer(words):
        _marked(match)


def marks_in(source: str) -> Iterator[Marked]:
    """The markup of a template's own words, as far as it can be read; a value may be `NOT_YET` known."""
    for match in _TAG.finditer(_blanked(source)):
        try:
            marked = _marked(match)
        except MarkupFault:
            continue
        if not match["closes"]:
            yield marked


def marked_roles(layer: LayerOptions, roles: Iterable[str], *, by_cells: bool = True) -> Iterator[MarkedRole]:
    """The roles whose words a layer may mark bold or italic, or without ``by_cells`` does itself; ``roles`` are all
    that there are."""
    allowed = layer.markup_in_cells
    if allowed is None:
        return
    every = tuple(roles)
    for text, role in layer.words_in_roles:
        marks, prints = list(marks_in(text)), NOT_YET in _blanked(text)
        names = {mark.name for mark in marks} | (allowed if by_cells and prints else frozenset())
        named = [mark.value for mark in marks if mark.name == "role"]
        any_role = "role" in names & allowed or any(NOT_YET in name for name in named)
        for one in every if any_role else (role, *named):
            for bold, italic in ((True, False), (False, True), (True, True)):
                if (not bold or "bold" in names) and (not italic or "italic" in names):
                    yield MarkedRole(one, bold, italic)


def _blanked(source: str) -> str:
    """The source with as many signs, of which those that are printed for something stand for it."""
    return _PRINTED.sub(_signs(NOT_YET), _REMARK.sub(_signs(" "), source))


def _signs(sign: str) -> functools.partial[str]:
    return functools.partial(_filled, sign)


def _filled(sign: str, match: re.Match[str]) -> str:
    return "".join(one if one == "\n" else sign for one in match[0])
