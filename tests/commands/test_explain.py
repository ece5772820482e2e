"""`explain`: the table of codes and the source hold together, and every key of what people write is described."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner
from code_literals import error_codes, used_codes

from pressrun import registry
from pressrun.commands.cli import cli
from pressrun.commands.explanations.authored_keys import key_table
from pressrun.commands.explanations.code_table import FOLDER, PARTS, code_table
from pressrun.language.expression_calls import FILTERS
from pressrun.language.filters import layout_filters, prompt_filters
from pressrun.language.operations import FUNCTIONS
from pressrun.language.sandbox import OTHER_METHODS, TEXT_METHODS, WHOLE_FILTERS
from pressrun.model.page_sizes import page_sizes

USED, UNREAD = used_codes()
USED |= error_codes()


def told(*arguments: str) -> str:
    done = CliRunner().invoke(cli, ["explain", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_a_check_is_told_by_the_name_that_layouts_have_for_it() -> None:
    assert "no two texts run into each other" in " ".join(told("overlap").split())
    assert "checks: {palette: {level" in " ".join(told("palette").split())


def test_every_code_of_the_source_has_an_entry() -> None:
    without = {code: places[0] for code, places in USED.items() if code not in code_table()}
    assert without == {}, (
        f"add an entry (means, matters, example, cure) to the fitting file in {FOLDER}, written for a production designer"
    )


def test_every_entry_is_of_a_code_that_is_used() -> None:
    unused = {code: f"{entry.area}.yaml" for code, entry in code_table().items() if code not in USED}
    assert unused == {}, "nothing in the source uses these codes: take their entries out, or rename them"


def test_every_code_can_be_read_in_the_source() -> None:
    assert UNREAD == [], (
        "write codes as literals, or hand them on in a parameter or field called `code`, so that this test sees them"
    )


@pytest.mark.parametrize("code", sorted(USED))
def test_a_code_is_words_with_dashes(code: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)


@pytest.mark.parametrize("code", sorted(code_table()))
def test_each_entry_says_four_things_that_differ(code: str) -> None:
    entry = code_table()[code]
    said = [getattr(entry, part) for part in PARTS]
    assert len(set(said)) == len(PARTS)
    assert all(len(text) > 6 for text in said)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_file_of_the_table_can_be_read_at_a_sitting(path: object) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400  # type: ignore[attr-defined]


def test_explain_tells_all_of_an_entry() -> None:
    entry = code_table()["low-contrast"]
    text = " ".join(told("low-contrast").split())
    for part in PARTS:
        assert " ".join(getattr(entry, part).split()) in text
    assert json.loads(told("low-contrast", "--json"))["cure"] == entry.cure


def test_explain_lists_all_codes() -> None:
    text = told()
    assert [code for code in code_table() if f"\n  {code} " not in text] == []
    assert [entry["code"] for entry in json.loads(told("--json"))] == list(code_table())


def test_an_unknown_code_is_wrong_usage_with_a_suggestion() -> None:
    done = CliRunner().invoke(cli, ["explain", "low-contrats"])
    assert done.exit_code == 2
    assert "low-contrast" in done.output


@pytest.mark.parametrize("about", [(), ("layout.text",), ("job",), ("brand",)])
def test_lists_cut_no_sentence_off(about: tuple[str, ...]) -> None:
    assert not re.search(r"(?<!\{\{) …$", told(*about), re.M)
    assert max(map(len, told(*about).splitlines())) <= 100


@pytest.mark.parametrize(
    ("kind", "written"),
    [("filters", "x | replace(old, new"), ("functions", "date("), ("methods", "x.startswith(prefix")],
)
def test_the_words_of_templates_and_expressions_are_listed(kind: str, written: str) -> None:
    assert f"\n  {written}" in told(kind)
    listed = {word["name"]: word for word in json.loads(told(kind, "--json"))}
    known = {
        "filters": {*layout_filters((), frozenset()), *prompt_filters(), *WHOLE_FILTERS},
        "functions": {*FUNCTIONS},
        "methods": TEXT_METHODS.union(*OTHER_METHODS.values()),
    }
    assert listed.keys() == known[kind]
    if kind == "filters":
        assert {name for name, word in listed.items() if "expressions" in word["where"]} == FILTERS


def test_the_page_sizes_are_listed_with_their_safe_zones() -> None:
    assert re.search(r"\n  instagram-story +1080px x 1920px +safe 270px, 65px, 380px, 65px\n", told("sizes"))
    assert [size["name"] for size in json.loads(told("sizes", "--json"))] == list(page_sizes())


def test_a_page_size_is_told_by_its_name() -> None:
    assert re.search(r"\n  card-us +3.5in x 2in +safe", told("card-us"))
    done = CliRunner().invoke(cli, ["explain", "card-uss"])
    assert (done.exit_code, "did you mean 'card-us'" in done.output) == (2, True)


# ------------------------------------------------------------------------------------------------ what people write

KEYS = key_table()


def test_every_key_has_a_description_beside_its_field() -> None:
    without = [key for key, entry in KEYS.items() if not entry.description]
    assert without == [], "write `= Field(description=...)` beside the field: what it is for, as a designer would ask"


def test_every_model_that_people_write_is_walked() -> None:
    """No key of any entry of an open set, and none of a model below one, is missing from the table."""
    for kind, entries in (("layout", registry.LAYERS), ("job.provider", registry.PROVIDERS),
                          ("job.pictures.provider", registry.PROVIDERS), ("job.pictures.steps", registry.STEPS),
                          ("job.executor", registry.EXECUTORS)):  # fmt: skip
        for name, model in entries.items():
            for field, info in model.model_fields.items():
                assert f"{kind}.{name}.{info.alias or field}" in KEYS
                assert info.description


@pytest.mark.parametrize(
    ("asked", "takes", "default"),
    [
        ("layout.text.size", "length", None),
        ("layout.logo.align", "one of", '"start"'),
        ("layout.layers.text.lines", "from 1 to 60", "1"),
        ("layout.page.bleed", "length", "0"),
        ("brand.palette.cmyk", "4 of them", None),
        ("job.provider.openai.tier", "from 1 to 5", "null"),
        ("job.pictures.tone.contrast", "to 3", "1.04"),
        ("job.masters.size", "1024x1536", None),
    ],
)
def test_a_key_is_explained_with_what_it_takes(asked: str, takes: str, default: str | None) -> None:
    said = json.loads(told(asked, "--json"))
    assert takes in said["takes"]
    assert said["default"] == default
    assert said["description"] in " ".join(told(asked).split())


def test_a_block_lists_what_is_below_it() -> None:
    text = told("layout.text")
    for name in ("size", "role", "align", "overflow", "box"):
        assert f"\n  {name} " in text
    assert {"text", "image", "logo"} <= set(json.loads(told("layout.layers", "--json"))["below"])


def test_an_unknown_key_is_wrong_usage_with_a_suggestion() -> None:
    done = CliRunner().invoke(cli, ["explain", "layout.text.siez"])
    assert done.exit_code == 2
    assert "layout.text.size" in done.output


def test_a_press_sheet_is_told_with_what_it_extends() -> None:
    assert "SRA2" in told("sra2-booklet")
    assert "saddle-stitched" in told("sra2-booklet")
    assert json.loads(told("sra2-booklet", "--json"))["page"] == "A4"


def test_other_words_for_commands_lead_to_them() -> None:
    done = CliRunner().invoke(cli, ["impose", "cards.pdf"])
    assert done.exit_code == 2
    assert "pressrun sheet --help" in done.output
