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


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(FILES), st.floats(0, 1), st.integers(0, 12), st.sampled_from(JUNK)), max_size=3)
)
def test_no_damage_makes_it_crash(damages: list[tuple[str, float, int, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "campaign"
        shutil.copytree(GOOD, root)
        for name, where, length, junk in damages:
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
