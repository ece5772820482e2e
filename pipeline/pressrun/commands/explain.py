"""`pressrun explain`: a finding's code, a key of what people write, a press sheet or a page, told in full."""

from __future__ import annotations

import json
import re
import textwrap
from itertools import groupby
from typing import TYPE_CHECKING

import click
import cloup
from msgspec.structs import asdict

from pressrun.commands.flags import Output, flags
from pressrun.commands.terminal import tell, tell_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pressrun.commands.explanations.authored_keys import KeyEntry
    from pressrun.commands.explanations.code_table import CodeEntry
    from pressrun.commands.explanations.words import Word
    from pressrun.model.page_sizes import PageSize

WIDTH = 100


@cloup.command()
@cloup.argument("about", metavar="[CODE|KEY|SHEET|SIZE|CHECK|sizes|filters|functions|methods]", required=False)
@flags(only=("as_json",), output=Output)
def explain(about: str | None, output: Output) -> int:
    """Explain the CODE of a finding (`low-contrast`), a KEY of a brand, job or layout (`layout.page.bleed`), or a press
    SHEET (`sra3-booklet`), the SIZE of a page (`card-us`), or what a check looks at (`overlap`).

    `sizes` lists the page sizes that have names, with their safe zones; `filters`, `functions` and `methods` what
    templates and expressions may say. Without any, list all codes.
    """
    from pressrun.commands.explanations.code_table import code_table
    from pressrun.commands.explanations.words import words
    from pressrun.model.page_sizes import page_sizes

    table = code_table()
    if about is None:
        _print(output, [asdict(entry) for entry in table.values()], _listed(list(table.values())))
    elif about in table:
        _print(output, asdict(table[about]), code_text(table[about]))
    elif some := words().get(about):
        _print(output, [asdict(word) for word in some], words_text(about, some))
    elif about == "sizes":
        sizes = list(page_sizes().values())
        _print(output, [asdict(size) for size in sizes], sizes_text(sizes))
    elif about in page_sizes():
        _print(output, asdict(page_sizes()[about]), sizes_text([page_sizes()[about]]))
    elif about in _sheet_names():
        _explain_sheet(about, output)
    elif about in _checks():
        _explain_check(about, output)
    else:
        _explain_key(about, output, list(table))
    return 0


def _sheet_names() -> tuple[str, ...]:
    from pressrun.run.imposition.scheme import NAMES

    return NAMES


def _checks() -> tuple[str, ...]:
    from pressrun.model.conformance import PICTURE_CHECKS
    from pressrun.registry import CHECKS

    return (*CHECKS, *PICTURE_CHECKS)


def _explain_check(name: str, output: Output) -> None:
    """A check by the name that ``checks:`` of a layout or a job has for it."""
    from pressrun.commands.chapters.descriptions import described

    about = described("checks", name)
    how = f"A layout or a job sets how much it matters: `checks: {{{name}: {{level: note, because: …}}}}`."
    text = "\n".join([name, "", *_wrapped(about), "", *_wrapped(how)])
    _print(output, {"check": name, "about": about}, text)


def _explain_sheet(name: str, output: Output) -> None:
    """A press sheet: what it is for, and what it says, bases included."""
    from pressrun.run.imposition.scheme import written_scheme

    said = written_scheme(name)
    about = str(said.pop("about", ""))
    lines = [name, "", *_wrapped(about), "", "What it says, to be changed by a sheet of your own that `extends` it:"]
    lines += [f"  {key:<12} {_plain(value)}" for key, value in said.items()]
    _print(output, {"sheet": name, "about": about, **said}, "\n".join(lines))


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)


def _explain_key(about: str, output: Output, codes: list[str]) -> None:
    from pressrun.commands.explanations.authored_keys import key_table, nearest
    from pressrun.model.page_sizes import page_sizes
    from pressrun.readers.suggestion import did_you_mean

    keys = key_table()
    meant = [about] if about in keys else nearest(about, keys)
    if not meant:
        near = did_you_mean(about, [*codes, *keys, *_sheet_names(), *page_sizes(), *_checks()])
        hint = near or "`pressrun explain` lists all codes, `explain layout` its keys"
        raise click.UsageError(f"nothing is known of '{about}' — {hint}")
    said = [asdict(keys[key]) for key in meant]
    _print(output, said[0] if len(said) == 1 else said, "\n\n".join(key_text(keys[key], keys) for key in meant))


def key_text(entry: KeyEntry, keys: Mapping[str, KeyEntry]) -> str:
    """What is said of a key, what it takes, and what is below it."""
    lines = [
        entry.key,
        "",
        *_wrapped(entry.description),
        "",
        *_wrapped(f"Takes: {entry.takes[:1].lower()}{entry.takes[1:]}"),
    ]
    if entry.default is not None:
        lines += _wrapped(f"Left out: {entry.default}")
    if entry.below:
        lines += ["", "Below it:"]
        for name in entry.below:
            lines += _beside(f"  {name:<18} ", keys.get(f"{entry.key}.{name}"))
    return "\n".join(lines)


_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`<])")


def _beside(name: str, entry: KeyEntry | CodeEntry | None) -> list[str]:
    """A name with the first sentence of what is said of it, whole, on as many lines as it takes."""
    said = "" if entry is None else getattr(entry, "means", "") or getattr(entry, "description", "")
    first = _SENTENCE.split(" ".join(said.split()), maxsplit=1)[0]
    filled = textwrap.wrap(first, WIDTH, initial_indent=name, subsequent_indent=" " * len(name), break_on_hyphens=False)
    return filled or [name.rstrip()]


_USE = {"filters": "x | {0}{1}", "functions": "{0}{1}", "methods": "x.{0}{1}"}


def words_text(kind: str, some: Sequence[Word]) -> str:
    """Words as they are written, grouped by where they may stand."""
    blocks = []
    for where, group in groupby(sorted(some, key=lambda word: word.where), key=lambda word: word.where):
        lines = [f"{kind.capitalize()}, {where}:"]
        for word in group:
            bare = kind == "filters" and not word.takes
            lines.append(f"  {_USE[kind].format(word.name, '' if bare else f'({word.takes})')}")
            lines += [f"    {line}" for line in textwrap.wrap(word.does, WIDTH - 4)]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def sizes_text(sizes: Sequence[PageSize]) -> str:
    """Page sizes with their trim and their safe zones, in their groups."""
    blocks = []
    for about, group in groupby(sizes, key=lambda size: size.about):
        lines = [f"  {size.name:<28} {size.trim:<20} safe {_edges(size.safe)}" for size in group]
        blocks.append("\n".join([f"{about}:", *lines]))
    return "\n\n".join(blocks)


def _edges(safe: str | tuple[str, ...]) -> str:
    return safe if isinstance(safe, str) else ", ".join(safe)


def code_text(entry: CodeEntry) -> str:
    """An entry to be read in a terminal."""
    lines = [entry.code, "", *_wrapped(entry.means)]
    for title, text in (("Why it matters", entry.matters), ("For example", entry.example), ("What to do", entry.cure)):
        lines += ["", f"{title}:", *_wrapped(text)]
    return "\n".join(lines)


def _wrapped(text: str) -> list[str]:
    """Paragraphs in the terminal's width; a line that is indented stays as it is written."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        as_written = paragraph.startswith(" ")
        filled = [paragraph] if as_written else textwrap.wrap(paragraph, WIDTH - 2, break_on_hyphens=False) or [""]
        lines += [f"  {line}".rstrip() for line in filled]
    return lines


def _listed(entries: list[CodeEntry]) -> str:
    blocks = []
    for area, some in groupby(entries, key=lambda entry: entry.area):
        lines = [line for entry in some for line in _beside(f"  {entry.code:<26} ", entry)]
        blocks.append("\n".join([f"{area.replace('-', ' ').capitalize()}:", *lines]))
    return "\n\n".join(blocks)


def _print(output: Output, data: object, text: str) -> None:
    if output.as_json:
        tell_json(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        tell(text)
