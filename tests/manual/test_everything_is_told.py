"""No key, word, finding, size, command or flag is without its place in the manual, and no option of a layer without a
picture. What is listed here is read from the program, so that what is new is asked for by itself."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from manual_kit import Manual
from PIL import Image

import pressrun
from pressrun import registry
from pressrun.commands.chapters.command_line import flag_anchor
from pressrun.commands.chapters.descriptions import FILE, descriptions
from pressrun.commands.chapters.examples import EVERY, LAYOUTS, examples
from pressrun.commands.chapters.keys import EVERY as OF_EVERY
from pressrun.commands.chapters.keys import key_places, keys_by_page
from pressrun.commands.chapters.screens import FOLDER as SCREENS
from pressrun.commands.chapters.screens import screens
from pressrun.commands.cli import cli
from pressrun.commands.explanations.code_table import PARTS, code_table
from pressrun.commands.explanations.words import words
from pressrun.language import vocabulary
from pressrun.language.markup import MARKUP_NAMES
from pressrun.model.brand import Authored
from pressrun.model.conformance import PICTURE_CHECKS
from pressrun.model.errors import PressrunError
from pressrun.model.page_sizes import page_sizes
from pressrun.readers.press_pdf.profiles.profile import NAMES
from pressrun.readers.press_pdf.sign_offs import SignedFile, SignOff

PACKAGE = Path(pressrun.__file__).parent
NO_PICTURE = ("type", "on_page", "continues", "steps", "detect")  # of a layer: nothing of it can be seen on a page alone
PLACES, KEYS = key_places(), keys_by_page()
GALLERY_KINDS = (EVERY, *registry.LAYERS)
WRITTEN_BY_PRESSRUN = (SignedFile, SignOff)


def missing(manual: Manual, page: str, anchors: Iterator[str] | list[str]) -> list[str]:
    return [anchor for anchor in anchors if anchor not in manual.pages[f"{page}.html"].ids]


def test_every_key_has_its_place(manual: Manual) -> None:
    lost = {key: place for key, place in PLACES.items() if missing(manual, place[0], [place[1]])}
    assert lost == {}, "chapters/keys.py says where a key belongs"


def kinds_of(model: type[Authored]) -> Iterator[type[Authored]]:
    for kind in model.__subclasses__():
        yield kind
        yield from kinds_of(kind)


def test_every_model_that_people_write_is_told_of() -> None:
    told = {key.rpartition(".")[2] for key in PLACES}
    written = {kind for kind in kinds_of(Authored) if kind.__module__.startswith("pressrun.") and kind.model_fields}
    lacking = {
        f"{kind.__name__}.{info.alias or name}"
        for kind in written - set(WRITTEN_BY_PRESSRUN)
        for name, info in kind.model_fields.items()
        if (info.alias or name) not in told
    }
    assert lacking == set(), "name the model in chapters/keys.py: FURTHER"


@pytest.mark.parametrize("kind", GALLERY_KINDS)
def test_every_option_of_a_layer_has_a_picture(kind: str) -> None:
    page, prefix = ("layers", OF_EVERY) if kind == EVERY else (f"layer-{kind}", f"layout.{kind}")
    tops = KEYS[page] if kind == EVERY else KEYS[page][0].below
    options = {key.name for key in tops} - set(NO_PICTURE)
    shown = {name for one in examples() if one.kind == kind for name in one.shows}
    folder = LAYOUTS.relative_to(PACKAGE) / kind
    assert options - shown == set(), (
        f"add an example that shows it: a layout in pressrun/{folder.as_posix()}/ whose first line is `# option, another:"
        f" What one sees.`; then write its golden sheet (see tests/rendering/test_composed_cases.py). Options: {prefix}.…"
    )
    assert shown - options == set(), f"an example in pressrun/{folder.as_posix()}/ shows what is no option of it"


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.picture)
def test_an_example_has_what_it_shows(example: object) -> None:
    assert example.kind in GALLERY_KINDS  # type: ignore[attr-defined]
    assert set(example.shows) <= example.uses()  # type: ignore[attr-defined]


@pytest.mark.parametrize(("kind", "page"), [("filter", "filters"), ("function", "functions"), ("method", "methods")])
def test_every_word_of_templates_is_told_with_what_it_does(manual: Manual, kind: str, page: str) -> None:
    assert missing(manual, page, [f"{kind}.{word.name}" for word in words()[page]]) == []
    assert [word.name for word in words()[page] if not word.does] == []


def test_every_name_that_is_in_sight_is_told_of(manual: Manual) -> None:
    copy = vocabulary.Thing("copy")
    seen = vocabulary.vocabularies({}, {}, (), copy, grouped=True)
    names = {name for one in seen for name in one.things} | {"your row sets", "your tables", "your values"}
    assert descriptions()["names"].keys() == names
    parts = {
        "brand": vocabulary.BRAND_FIELDS, "style": vocabulary.STYLE_FIELDS, "theme": vocabulary.THEME_FIELDS,
        "master": vocabulary.MASTER_FIELDS, "layout": vocabulary.LAYOUT_FIELDS,
        "page": vocabulary.PAGE_FIELDS,
    }  # fmt: skip
    assert {owner: set(some) for owner, some in descriptions()["parts"].items()} == {
        owner: set(some) for owner, some in parts.items()
    }
    anchors = [f"name.{name}" for name in names]
    anchors += [f"name.{owner}.{part}" for owner, some in parts.items() for part in some]
    assert missing(manual, "names", anchors) == []


@pytest.mark.parametrize(
    ("kind", "page", "names"),
    [
        ("markup", "markup", MARKUP_NAMES),
        ("formats", "formats", tuple(registry.FORMATS)),
        ("checks", "checks", (*registry.CHECKS, *PICTURE_CHECKS)),
    ],
)
def test_every_entry_of_a_table_is_described(manual: Manual, kind: str, page: str, names: tuple[str, ...]) -> None:
    assert set(descriptions()[kind]) == set(names), f"describe it in {FILE.relative_to(PACKAGE)}"
    assert missing(manual, page, [f"{kind.removesuffix('s')}.{name}" for name in names]) == []


def test_every_finding_is_told_in_full(manual: Manual) -> None:
    assert missing(manual, "findings", [f"code.{code}" for code in code_table()]) == []
    told = " ".join(manual.pages["findings.html"].words.split())
    for entry in code_table().values():
        for part in PARTS:
            assert " ".join(getattr(entry, part).replace("`", "").split()) in told


def test_every_page_size_is_drawn(manual: Manual) -> None:
    assert missing(manual, "sizes", [f"size.{name}" for name in page_sizes()]) == []
    assert manual.files["sizes.html"].count("<svg") == len(page_sizes())


def test_every_command_and_flag_is_told_with_what_it_does(manual: Manual) -> None:
    for name, command in cli.commands.items():
        assert missing(manual, "commands", [name]) == []
        for option in command.params:
            if isinstance(option, click.Option):
                assert missing(manual, "commands", [flag_anchor(name, option)]) == []
                assert option.help, f"{name} {option.opts}"


def test_every_profile_of_preflight_is_told_of(manual: Manual) -> None:
    assert missing(manual, "press-profiles", [f"profile.{name}" for name in NAMES]) == []


def test_every_variable_that_is_read_is_told_of(manual: Manual) -> None:
    source = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py") if "rehearsal" not in path.parts)
    read = set(re.findall(r"\"((?:PRESSRUN|OPENAI|XDG)_[A-Z_]+)\"", source))
    assert set(descriptions()["environment"]) == read, f"describe it in {FILE.relative_to(PACKAGE)}"
    assert missing(manual, "environment", [f"variable.{name}" for name in read]) == []


def test_every_exit_code_is_told_of(manual: Manual) -> None:
    def codes(error: type[PressrunError]) -> Iterator[int]:
        yield error.exit_code
        for kind in error.__subclasses__():
            yield from codes(kind)

    assert set(descriptions()["exit_codes"]) == {0, *codes(PressrunError)}
    assert missing(manual, "environment", [f"exit.{code}" for code in descriptions()["exit_codes"]]) == []


def test_what_can_be_looked_up_is_found_by_the_search_and_from_a_to_z(manual: Manual) -> None:
    listed = set(manual.pages["a-to-z.html"].links)
    for chapter in manual.chapters:
        for entry in chapter.entries:
            address = f"{chapter.file}#{entry.anchor}" if entry.anchor else chapter.file
            assert address in listed
            assert f'"{address}"' in manual.files["entries.js"]


def test_every_page_of_the_studio_is_told_with_its_screen() -> None:
    pages = {file.stem for file in (PACKAGE / "commands" / "studio" / "pages").glob("*.html") if '{% extends "base.html" %}' in file.read_text("utf-8")}
    assert pages == {one.name for one in screens()}
    assert {file.name for file in SCREENS.iterdir()} == {one.file.name for one in screens()}
    for one in screens():
        with Image.open(one.file) as picture:
            assert picture.format == "WEBP"
            assert picture.width >= 800
            assert one.file.stat().st_size < 120_000


def test_no_example_reads_what_is_called_otherwise_in_a_table() -> None:
    """A field `from` of a list in place is `from_` as a column of a file: who takes the example over would stumble."""
    layouts = (PACKAGE / "commands/chapters/gallery/templates").rglob("*.yaml")
    read = {name for path in layouts for name in re.findall(r"\bitem\.(\w+)", path.read_text("utf-8"))}
    assert read
    assert {name for name in read if keyword.iskeyword(name)} == set()
