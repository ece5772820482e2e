"""The manual's chapters in their order, each from the tables that the program itself goes by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

import click

from pressrun import registry
from pressrun.commands.chapters import keys
from pressrun.commands.chapters.chapter import Chapter, Entry
from pressrun.commands.chapters.command_line import sections
from pressrun.commands.chapters.descriptions import described, descriptions
from pressrun.commands.chapters.examples import Example
from pressrun.commands.chapters.guides import Guide
from pressrun.commands.chapters.layer_pages import layer_pages
from pressrun.commands.chapters.safe_zones import drawn_sizes
from pressrun.commands.chapters.screens import screens
from pressrun.commands.explanations.code_table import code_table
from pressrun.commands.explanations.words import words
from pressrun.language.markup import TAGS
from pressrun.model.conformance import PICTURE_CHECKS
from pressrun.readers.press_pdf.profiles.profile import NAMES, load_profile
from pressrun.run.imposition.scheme import NAMES as SCHEMES
from pressrun.run.imposition.scheme import load_scheme

GUIDES, FILES, LAYERS = "How to", "What you write", "Layers"
WORDS, TABLES = "Words in templates", "To look up"
PARTS = (GUIDES, FILES, LAYERS, WORDS, TABLES)
_AREAS = {
    "files": "Files and tables", "imposition": "Imposition", "keys": "Keys and values",
    "layouts": "Layouts put together", "money": "Money",
    "pictures": "Pictures", "preflight": "Press files", "rows-and-words": "Rows and words", "runs": "Runs",
    "sheets": "Sheets", "steps": "Retouching",
}  # fmt: skip


def chapters(program: click.Group, guides: Iterable[Guide], some: Iterable[Example]) -> tuple[Chapter, ...]:
    """Every chapter. Whatever the tables list appears by itself."""
    pages = keys.keys_by_page()
    examples = tuple(some)
    return (
        *(_guide(guide) for guide in guides),
        _studio(),
        _file("brand", "The brand", "Colours, type, logos, and the look of pictures.", pages),
        _file("job", "The job", "What is made: rows, pictures, layouts, names.", pages),
        _file("layout", "The layout", "A page, its files, and how layouts share what they have.", pages),
        _file("part", "Parts", "Layers that several layouts use.", pages),
        _file("overrides", "Changes by hand", "What single sheets have in another way.", pages),
        _file("press-sheets", "Press sheets", "Where `pressrun sheet` places pages, and on what.", pages,
              "press-sheets.html", schemes=[(name, load_scheme(name)) for name in SCHEMES]),
        _file("press-profiles", "Press profiles", "What a printer takes, as `pressrun preflight` judges it.", pages,
              "press-profiles.html", profiles=[load_profile(name) for name in NAMES]),
        *layer_pages(pages, examples, LAYERS),
        _words("filters", "Filters", "What a value goes through: `price | money`."),
        _words("functions", "Functions", "What expressions call: `len(product.name)`."),
        _words("methods", "Methods", "What texts, dates and loops can do: `sku.startswith('M')`."),
        _names(),
        _markup(),
        _file("providers", "Providers", "Where pictures come from.", pages, part=TABLES),
        _file("steps", "Steps", "What is done to a picture before it is placed.", pages, part=TABLES),
        _formats(),
        _sizes(),
        _checks(),
        _codes(),
        _commands(program),
        _file("executors", "Executors", "Who does the work.", pages, part=TABLES),
        _environment(pages),
    )  # fmt: skip


def _guide(guide: Guide) -> Chapter:
    return Chapter(guide.slug, guide.title, GUIDES, guide.about, "guide.html", {"guide": guide},
                   (Entry(guide.title, "how to", "", guide.about),))  # fmt: skip


def _studio() -> Chapter:
    some = screens()
    entries = tuple(Entry(one.title, "studio", f"studio.{one.name}", one.says) for one in some)
    about = "The pages that people look at, compare, decide and change on."
    return Chapter("studio", "The studio, page by page", GUIDES, about, "studio.html", {"screens": some}, entries)


def _file(
    slug: str, title: str, about: str, pages: Mapping[str, tuple[keys.Key, ...]], template: str = "keys.html",
    part: str = FILES, **content: Any,
) -> Chapter:  # fmt: skip
    own = pages.get(slug, ())
    found = tuple(entry for key in own for entry in key.look_ups())
    profiles = tuple(
        Entry(one.name, "profile", f"profile.{one.name}", one.about) for one in content.get("profiles", ())
    )  # fmt: skip
    sheets = tuple(Entry(name, "press sheet", f"sheet.{name}", one.about) for name, one in content.get("schemes", ()))
    return Chapter(slug, title, part, about, template, {"keys": own, **content}, found + profiles + sheets)


def _words(kind: str, title: str, about: str) -> Chapter:
    known = words()[kind]
    by_place = {
        where: tuple(group)
        for where, group in groupby(sorted(known, key=lambda word: word.where), key=lambda word: word.where)
    }
    singular = kind.removesuffix("s")
    content = {"kind": singular, "words": by_place}
    entries = tuple(Entry(word.name, singular, f"{singular}.{word.name}", word.does) for word in known)
    return Chapter(kind, title, WORDS, about, "words.html", content, entries)


def _names() -> Chapter:
    names, parts = descriptions()["names"], descriptions()["parts"]
    entries = [Entry(name, "name", f"name.{name}", said["says"]) for name, said in names.items()]
    entries += [
        Entry(f"{_written(owner)}.{part}", "name", f"name.{owner}.{part}", says)
        for owner, some in parts.items()
        for part, says in some.items()
    ]
    about = (
        "What templates and expressions see of a row, the brand and the layout. Both take parts in the same way: "
        "`product.name[0]` is the first letter of a text, `product.name[-1]` the last, `product.name[:3]` the first "
        "three or as many as there are, as its readers count them (🇩🇪 and é are one); of a list, entries."
    )
    return Chapter("names", "Names", WORDS, about, "names.html", {"names": names, "having": parts}, tuple(entries))


def _written(owner: str) -> str:
    return "brand.style" if owner == "style" else owner


def _markup() -> Chapter:
    tags = [(tag, name, described("markup", name)) for tag, name in TAGS.items()]
    entries = tuple(Entry(f"<{tag}>", "markup", f"markup.{name}", says) for tag, name, says in tags)
    about = "Words of a text that are set otherwise than the rest."
    return Chapter("markup", "Markup", WORDS, about, "markup.html", {"tags": tags}, entries)


def _formats() -> Chapter:
    kinds = [(kind, described("formats", name)) for name, kind in registry.FORMATS.items()]
    entries = tuple(Entry(kind.name, "format", f"format.{kind.name}", says) for kind, says in kinds)
    about = "The files made of a sheet."
    return Chapter("formats", "Formats", TABLES, about, "formats.html", {"kinds": kinds}, entries)


def _sizes() -> Chapter:
    groups = drawn_sizes()
    entries = tuple(
        Entry(one.size.name, "page size", one.anchor, f"{one.size.trim}, safe {one.edges}")
        for group in groups
        for one in group.sizes
    )
    about = "Pages by name, each with what to keep clear of."
    return Chapter("sizes", "Page sizes", TABLES, about, "sizes.html", {"groups": groups}, entries)


def _checks() -> Chapter:
    early = registry.CHECKS_BEFORE_DRAWING
    when = {name: "early" if name in early else "late" for name in registry.CHECKS}
    when |= dict.fromkeys(registry.FORETOLD, "foretold")
    when |= dict.fromkeys(PICTURE_CHECKS, "picture")
    checks = [(name, described("checks", name), at) for name, at in when.items()]
    entries = tuple(Entry(name, "check", f"check.{name}", says) for name, says, _ in checks)
    about = "What is looked at on every sheet, in every file and of every picture."
    return Chapter("checks", "Checks", TABLES, about, "checks.html", {"checks": checks}, entries)


def _codes() -> Chapter:
    table = code_table()
    areas = [
        (_AREAS.get(area, area.replace("-", " ").capitalize()), tuple(group))
        for area, group in groupby(table.values(), key=lambda entry: entry.area)
    ]
    entries = tuple(Entry(code, "finding", f"code.{code}", entry.means) for code, entry in table.items())
    about = "What each finding means, why it matters, and its cure."
    return Chapter("findings", "Findings", TABLES, about, "findings.html", {"areas": areas}, entries)


def _commands(program: click.Group) -> Chapter:
    known = sections(program)
    entries = tuple(entry for section in known for command in section.commands for entry in command.look_ups())
    about = "Every command, with its flags."
    return Chapter("commands", "The command line", TABLES, about, "commands.html", {"sections": known}, entries)


def _environment(pages: Mapping[str, tuple[keys.Key, ...]]) -> Chapter:
    own, said = pages["environment"], descriptions()
    variables, exits = said["environment"], said["exit_codes"]
    entries = [Entry(name, "variable", f"variable.{name}", says) for name, says in variables.items()]
    entries += [Entry(f"exit code {code}", "exit code", f"exit.{code}", says) for code, says in exits.items()]
    entries += [entry for key in own for entry in key.look_ups()]
    content = {"keys": own, "variables": variables, "exits": exits}
    about = "Where things are kept, what may be sent where, and how a command ends."
    return Chapter("environment", "Around a campaign", TABLES, about, "environment.html", content, tuple(entries))


def by_part(some: Iterable[Chapter]) -> Iterator[tuple[str, tuple[Chapter, ...]]]:
    """Chapters under the headings of the table of contents."""
    listed = tuple(some)
    for part in PARTS:
        yield part, tuple(chapter for chapter in listed if chapter.part == part)
