"""For which press a campaign prints: what is known of registered conditions, and profiles that cannot be used, told by
file and line before anything is made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pressrun import registry
from pressrun.graphics.color import inks
from pressrun.load import load_project
from pressrun.model.errors import InputError
from pressrun.model.printing_conditions import JobPrint, PrintConditions, known_conditions, shipped_profiles

Campaign = Callable[..., Path]
SHIPPED = inks.load_profile("fogra39-300", Path()).data
BRAND = "brands/plain/brand.yaml"


def head(at: int, value: bytes) -> bytes:
    """The shipped profile with other bytes in its head (ICC.1, 7.2)."""
    return SHIPPED[:at] + value + SHIPPED[at + len(value) :]


def without(direction: bytes) -> bytes:
    """The shipped profile without its tables of one direction: their tags have a name that nobody knows."""
    count = int.from_bytes(SHIPPED[128:132])
    table = bytearray(SHIPPED)
    for at in range(132, 132 + 12 * count, 12):
        if table[at : at + 3] == direction:
            table[at : at + 4] = b"prv" + table[at + 3 : at + 4]
    return bytes(table)


UNUSABLE = {
    "an RGB profile": inks.srgb_profile(),
    "no output profile": head(12, b"spac"),
    "without B2A": without(b"B2A"),
    "without A2B": without(b"A2B"),
    "cut off": SHIPPED[:9000],
    "no profile at all": b"colour",
    "empty": b"",
}


@pytest.mark.parametrize("kind", UNUSABLE)
@pytest.mark.parametrize("by", ["brand", "job", "one of several"])
def test_a_profile_that_cannot_be_used_is_told_where_it_is_named(kind: str, by: str, campaign: Campaign) -> None:
    said, edits = "{profile: own.icc, condition: FOGRA51}", {}
    if by == "brand":
        edits, place = {BRAND: {"name: Plain Goods": f"name: Plain Goods\nprint: {said}"}}, (BRAND, 2)
    else:
        written = said if by == "job" else f"{{conditions: {{coated: {{}}, news: {said}}}}}"
        edits, place = {"jobs/job.yaml": {"brand: plain": f"brand: plain\nprint: {written}"}}, ("jobs/job.yaml", 2)
    job = campaign(edits)
    (job.parents[1] / "brands/plain/own.icc").write_bytes(UNUSABLE[kind])
    with pytest.raises(InputError) as caught:
        load_project(job, registry)
    (finding,) = caught.value.findings
    assert finding.code == "unusable-profile"
    assert finding.hint
    assert finding.place is not None
    assert (finding.place.file, finding.place.line) == place


def test_a_sound_profile_of_ones_own_is_taken_and_among_the_inputs(campaign: Campaign) -> None:
    job = campaign({BRAND: {"name: Plain Goods": "name: Plain Goods\nprint: {profile: own.icc, condition: FOGRA51}"}})
    (job.parents[1] / "brands/plain/own.icc").write_bytes(SHIPPED)
    project = load_project(job, registry)
    press = inks.press_profile(project.brand.print, project.brand_folder)
    assert (press.condition, press.is_registered, press.total_ink) == ("FOGRA51", True, 300)
    assert press.paper == known_conditions()["FOGRA51"].paper
    assert "brands/plain/own.icc" in project.inputs


def test_a_missing_profile_is_answered_with_those_that_are_there(campaign: Campaign) -> None:
    job = campaign({BRAND: {"name: Plain Goods": "name: Plain Goods\nprint: {profile: owm.icc}"}})
    (job.parents[1] / "brands/plain/own.icc").write_bytes(SHIPPED)
    with pytest.raises(InputError) as caught:
        load_project(job, registry)
    assert [finding.code for finding in caught.value.findings] == ["unusable-profile"]
    assert "own.icc" in str(caught.value.findings[0].hint)


def test_what_is_said_of_a_condition_goes_before_what_is_known_of_it() -> None:
    known = PrintConditions.model_validate({"profile": "news.icc", "condition": "IFRA26"})
    said = PrintConditions.model_validate({"profile": "news.icc", "condition": "IFRA26", "total_ink": 220})
    assert (known.total_ink, said.total_ink) == (240, 220)
    assert known.paper == said.paper == known_conditions()["IFRA26"].paper


@pytest.mark.parametrize("name", shipped_profiles())
def test_a_shipped_profile_and_its_condition_stand_for_each_other(name: str) -> None:
    known = shipped_profiles()[name]
    by_profile = PrintConditions.model_validate({"profile": name})
    by_condition = PrintConditions.model_validate({"condition": known.name})
    assert by_condition.profile == known.profile
    assert by_profile == by_condition.model_copy(update={"profile": name})
    assert PrintConditions() == PrintConditions.model_validate({})


BRANDS = PrintConditions.model_validate({"total_ink": 310, "paper": "135 g/m2", "overprint_below": "9pt"})
CHANGES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"total_ink": 280}, {"profile": "fogra39-300", "total_ink": 280, "paper": "135 g/m2"}),
    ({"paper": "silk"}, {"profile": "fogra39-300", "total_ink": 310, "paper": "silk"}),
    ({"profile": "n.icc", "condition": "IFRA26"}, {"total_ink": 240, "paper": known_conditions()["IFRA26"].paper}),
    ({"profile": "n.icc"}, {"condition": "", "total_ink": 300, "paper": ""}),
]


@pytest.mark.parametrize(("said", "becomes"), CHANGES)
def test_a_job_changes_what_it_says_and_begins_anew_with_another_profile(
    said: dict[str, Any], becomes: dict[str, Any]
) -> None:
    (changed,) = JobPrint.model_validate(said).over(BRANDS).values()
    assert {name: getattr(changed, name) for name in becomes} == becomes
    assert changed.overprint_below == BRANDS.overprint_below


def test_several_conditions_are_changes_of_what_the_job_says() -> None:
    said = {"total_ink": 280, "conditions": {"coated": {}, "news": {"profile": "n.icc", "condition": "IFRA26"}}}
    conditions = JobPrint.model_validate(said).over(BRANDS)
    assert [(name, one.total_ink, one.profile) for name, one in conditions.items()] == [
        ("coated", 280, "fogra39-300"), ("news", 240, "n.icc"),
    ]  # fmt: skip
