"""What makes a prompt worth less than it costs: read from the finished text, as the model would read it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from pressrun.model.brand import Brand, Style, Theme
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.plan import PictureTask

_HEADING = re.compile(r"^(?P<name>[A-Z][\w ,]{2,50}):[ \t]*", re.MULTILINE)
_QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»")
_HEX = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
_MARKUP = re.compile(
    r"\{\{|\}\}|\{%|%\}|\{#|#\}|</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>|&(?:[a-zA-Z]{2,8}|#x?[0-9a-fA-F]+);"
)
_OPENING = "\"“„«'‘"
# Where a text to be drawn is likely to begin: what follows should be a quotation mark.
_SHOWN_TEXT = (
    re.compile(r"\bthe words?\s+(?!of\b|in\b|on\b|is\b|are\b|that\b|which\b)(?P<text>\S[^\n,;.]*)", re.IGNORECASE),
    re.compile(r"\b(?:that|which|it) (?:says?|reads?)[: ]+(?P<text>\S[^\n,;.]*)", re.IGNORECASE),
    re.compile(
        r"\b(?:sign|label|banner|poster|board|caption|title|headline|text|lettering|flag|ribbon|sticker)s?"
        r" (?:reading|saying)[: ]+(?P<text>\S[^\n,;.]*)",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:labell?ed|captioned|titled|entitled|inscribed)(?: with| as)?[: ]+(?P<text>[A-Z0-9][^\n,;.]*)"),
    re.compile(r"\b(?:text|caption|headline|slogan): (?P<text>\S[^\n,;.]*)", re.IGNORECASE),
)  # fmt: skip
_DENIED = re.compile(
    r"\b(?:no|not|without|never|free of|instead of|rather than|avoid)\s+(?:\w+\s+){0,2}\Z", re.IGNORECASE
)
SHOWN = 3


def lint_prompts(brand: Brand, tasks: Iterable[PictureTask]) -> list[Finding]:
    """Warnings about the prompts of a plan, each told once a slot and template, at the first row that has it.

    Codes: ``prompt-too-long``, ``contradictory-terms``, ``fighting-terms``, ``foreign-color``, ``leftover-markup``,
    ``unquoted-text``.
    """
    told: dict[tuple[str, str, str, str], Finding] = {}
    seen: set[tuple[str, str]] = set()
    for task in tasks:
        if (task.template, task.request.prompt) in seen:
            continue  # another take, or another size of the same
        seen.add((task.template, task.request.prompt))
        for code, what, message, hint in _faults(brand, task):
            key = (task.slot, task.template, code, what)
            if key not in told:
                place = Place(f"templates/prompts/{task.template}")
                told[key] = Finding(
                    Severity.WARNING, code, f"the prompt for '{task.slot}': {message}", place, hint, row=task.row
                )
    return list(told.values())


_Fault = tuple[str, str, str, str | None]
"""Code, what it is about, message, hint."""


def _faults(brand: Brand, task: PictureTask) -> Iterator[_Fault]:
    prompt = task.request.prompt
    limit = task.provider.prompt_limit(task.request)
    if limit is not None and len(prompt) > limit:
        yield "prompt-too-long", "", f"it has {len(prompt)} characters, and {limit} are the most that are read", None
    theme = brand.themes.get(task.request.brief.theme)
    for term, where in _contradictions(brand.style, theme, _sections(prompt)):
        hint = f"see the brand's style and its theme '{task.request.brief.theme}'" if theme else "see the brand's style"
        yield "contradictory-terms", term, f"'{term}' is asked for {where}, and to be avoided", hint
    plain = _QUOTED.sub(" ", prompt)
    known = {swatch.srgb.upper() for swatch in brand.palette.values()}
    for color in dict.fromkeys(_HEX.findall(plain)):
        if color.upper() not in known:
            yield "foreign-color", color, f"{color} is no colour of the palette", "name a palette colour instead"
    for word, other in _fighting(brand.style, _sections(plain)):
        hint = "a motif belongs to a medium: say it otherwise, or change the style's `not_with`"
        yield "fighting-terms", f"{word} {other}", f"'{word}' and '{other}' are both asked for", hint
    marks = list(dict.fromkeys(_MARKUP.findall(prompt)))
    if marks:
        shown = ", ".join(marks[:SHOWN])
        yield "leftover-markup", marks[0], f"markup is left in it: {shown}", "write | striptags, or clean the cell"
    for text in _unquoted(prompt):
        hint = "write {{ … | text_in_image }}, which quotes and records it"
        yield "unquoted-text", text, f"a text to be shown stands without quotes: {text}", hint


def _sections(prompt: str) -> Mapping[str, str]:
    """Heading in small letters → text; what has no heading is under ``""``."""
    found: dict[str, str] = {}
    marks = [*_HEADING.finditer(prompt)]
    ends = [*(mark.start() for mark in marks), len(prompt)]
    found[""] = prompt[: ends[0]]
    for mark, end in zip(marks, ends[1:], strict=True):
        name = mark["name"].lower()
        found[name] = f"{found.get(name, '')}\n{prompt[mark.end() : end]}"
    return found


def _contradictions(style: Style, theme: Theme | None, sections: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Terms both wanted and unwanted, with where they are wanted."""
    theme = theme or Theme()
    wanted = {term.casefold(): term for term in (*style.terms, *theme.terms)}
    told = set()
    for term in dict.fromkeys((*style.avoid, *theme.avoid)):
        if term.casefold() in wanted:
            told.add(term.casefold())
            yield term, "in the terms"
    unwanted = [part.strip() for part in re.split(r"[,;\n]", sections.get("avoid", "").partition("\n\n")[0])]
    for term in dict.fromkeys(part for part in unwanted if len(part) > 2):
        if term.casefold() in told:
            continue
        word = re.compile(rf"(?<![\w-]){re.escape(term)}(?![\w-])", re.IGNORECASE)
        for name, text in sections.items():
            if name in ("avoid", "lettering", ""):
                continue
            text = _QUOTED.sub(lambda match: " " * len(match[0]), text)
            if any(not _DENIED.search(text[: match.start()]) for match in word.finditer(text)):
                yield term, f"under '{name.capitalize()}'"
                break


def _fighting(style: Style, sections: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Words that the brand says do not go together, both asked for."""
    text = "\n".join(said for name, said in sections.items() if name not in ("avoid", "lettering"))

    def is_asked(word: str) -> bool:
        found = re.finditer(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE)
        return any(not _DENIED.search(text[: match.start()]) for match in found)

    for word, others in style.not_with.items():
        if is_asked(word):
            yield from ((word, other) for other in others if is_asked(other))


def _unquoted(prompt: str) -> Iterator[str]:
    for pattern in _SHOWN_TEXT:
        for match in pattern.finditer(prompt):
            text = match["text"].strip()
            if text[:1] not in _OPENING and not _DENIED.search(prompt[: match.start()]):
                yield text if len(text) <= 60 else text[:57] + "…"
