"""Every folder in ``cases`` is a campaign with faults (files over the good one, or edits of it) and what is found."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pressrun import registry
from pressrun.load import load_project
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())


def line(finding: Finding) -> str:
    return f"{finding.severity} {finding.code} {finding.place}"


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_every_fault_is_found_at_its_place(
    case: Path, campaign: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ncnn", None)  # an extra, without which a step is a fault
    expected = (case / "expected.txt").read_text(encoding="utf-8").splitlines()
    job = campaign(overlay=case)
    if any(text.startswith("error") for text in expected):
        with pytest.raises(InputError) as caught:
            load_project(job, registry)
        findings = caught.value.findings
    else:
        findings = load_project(job, registry).notes
    assert [line(finding) for finding in findings] == expected
    assert all(finding.message and not finding.message.endswith(".") for finding in findings)


def test_a_part_that_is_used_twice_is_not_told_to_be_where_it_stands(campaign: Callable[..., Path]) -> None:
    (case,) = [one for one in CASES if one.name == "same-part-twice"]
    with pytest.raises(InputError) as caught:
        load_project(campaign(overlay=case), registry)
    (finding,) = caught.value.findings
    assert "is there twice, since what it stands in is used twice" in finding.message
    assert str(finding.place) not in finding.message


def test_what_a_use_of_a_part_cannot_have_is_told_with_where_it_stands(campaign: Callable[..., Path]) -> None:
    job = campaign(overlay=next(one for one in CASES if one.name == "faults-inside-parts"))
    layout = job.parent.parent / "templates/layouts/social/card.yaml"
    layout.write_text(layout.read_text().replace("    when: proce", "    repeat: product.variants"))
    with pytest.raises(InputError) as caught:
        load_project(job, registry)
    [told] = [one for one in caught.value.findings if one.code == "unknown-key"]
    assert "at a group whose `layers` have this use in them" in (told.hint or "")


def test_where_the_base_of_all_prompts_is_lacking_it_is_told_who_writes_it(campaign: Callable[..., Path]) -> None:
    job = campaign()
    (job.parent.parent / "templates/prompts/base.j2").unlink()
    with pytest.raises(InputError) as caught:
        load_project(job, registry)
    (hint,) = {one.hint for one in caught.value.findings if one.code == "missing-template"}
    assert hint == "`pressrun init FOLDER` writes one: take its templates/prompts/base.j2"
