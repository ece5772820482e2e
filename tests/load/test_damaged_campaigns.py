"""Whatever happens to a campaign's files, loading ends in a project or in findings with a place, never in a crash."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pressrun import registry
from pressrun.expand import expand_rows, layout_content, prompts_for, save_path
from pressrun.load import load_project
from pressrun.model.errors import InputError

GOOD = Path(__file__).parent / "campaign"
FILES = sorted(str(path.relative_to(GOOD)) for path in GOOD.rglob("*") if path.suffix in (".yaml", ".csv", ".j2"))
JUNK = (
    *("", "[]", "{}", "null", "-1", "'", '"', "{{", "}}", "{%", "../", "a: b", "x.y", "[a, b]", "é", "\0", "product"),
    *("{{ product }}", "''.__class__", "9" * 30, "&a", "*a", "- ", "|", "\t", ",", ";", "{{ loop }}", "\n"),
)


ARRANGED = Path(__file__).parent / "arranged"
OVERRIDES = (
    "overrides: [{locale: de, script: [Latn], change: {headline: {size: $large}}, remove: footer}, {when: price}]\n"
)
CARD = "templates/layouts/social/card.yaml"
BASE = "templates/layouts/social/base.yaml"
PUT_TOGETHER = (CARD, BASE, "templates/layouts/social/middle.yaml", "templates/parts/footer.yaml",
                "templates/parts/words.yaml", "templates/parts/shapes/panel.yaml")  # fmt: skip
SIGNS = ("$", "${", "}", "$large", "extends: social/card", "use: parts/words", "with: ", "when: ", "change: ", "id: ")


def damages(
    files: tuple[str, ...] | list[str], junk: tuple[str, ...]
) -> st.SearchStrategy[list[tuple[str, float, int, str]]]:
    one = st.tuples(st.sampled_from(files), st.floats(0, 1), st.integers(0, 12), st.sampled_from(junk))
    return st.lists(one, max_size=3)


@settings(max_examples=60, deadline=None)
@given(damages(FILES, JUNK))
def test_no_damage_makes_it_crash(done: list[tuple[str, float, int, str]]) -> None:
    assert_no_crash(done)


@settings(max_examples=25, deadline=None)
@given(damages(PUT_TOGETHER, JUNK + SIGNS))
def test_no_damage_to_what_a_layout_is_put_together_of_makes_it_crash(done: list[tuple[str, float, int, str]]) -> None:
    assert_no_crash(done, ARRANGED / "parts-in-parts", ARRANGED / "a-base-that-is-changed")


def assert_no_crash(done: list[tuple[str, float, int, str]], *overlays: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "campaign"
        shutil.copytree(GOOD, root)
        for overlay in overlays:
            shutil.copytree(overlay, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("written-out.yaml"))
        if overlays:
            with (root / CARD).open("a", encoding="utf-8") as card, (root / BASE).open("a", encoding="utf-8") as base:
                card.write(OVERRIDES)
                base.write("  - {use: parts/words, with: {at: x, text: x, y: 0}}\n")
        for name, where, length, junk in done:
            text = (root / name).read_text(encoding="utf-8")
            at = int(where * len(text))
            (root / name).write_text(text[:at] + junk + text[at + length :], encoding="utf-8")
        told = [True]
        try:
            project = load_project(root / "jobs/job.yaml", registry)
            for row in filter(lambda row: row.fault is None, expand_rows(project)):
                prompts_for(project, row)
                for layout in project.layouts:
                    layout_content(project, row, layout)
                    save_path(project, row, layout)
        except InputError as error:
            told = [finding.place is not None for finding in error.findings]
    assert all(told)
