"""A word that stands for keys (``clip: ellipse``), misspelt: told as what it is, not as a key that nobody wrote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pressrun import registry
from pressrun.load import load_project
from pressrun.model.errors import InputError


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("clip: elipse", "ellipse"),
        ("clip: {shape: elipse}", "ellipse"),
        ("clip: stars", "star"),
        ("shadow: sof", "soft"),
        ("shadow: {edge: sof}", "soft"),
        ("shadow: contac", "contact"),  # which a picture alone has
    ],
)
def test_a_misspelt_word_brings_the_one_that_was_meant(campaign: Callable[..., Path], written: str, meant: str) -> None:
    job = campaign({"templates/layouts/social/card.yaml": {"picture: hero": f"picture: hero, {written}"}})
    with pytest.raises(InputError) as caught:
        load_project(job, registry)
    (finding,) = caught.value.findings
    assert (finding.code, finding.hint) == ("unknown-value", f"did you mean '{meant}'?")


def test_what_stands_in_place_of_keys_brings_them(campaign: Callable[..., Path]) -> None:
    job = campaign({"templates/layouts/social/card.yaml": {"picture: hero": "picture: hero, border: flame"}})
    with pytest.raises(InputError) as caught:
        load_project(job, registry)
    (finding,) = caught.value.findings
    assert (finding.code, finding.hint) == ("wrong-type", "its keys: all, top, right, bottom, left")


@pytest.mark.parametrize(
    ("written", "known"),
    [("shadow: xyz", {"soft", "hard", "none", "contact"}), ("clip: xyz", {"rect", "ellipse", "polygon", "star", "arrow", "path"})],
)
def test_a_word_like_none_that_is_known_brings_all_of_them(
    campaign: Callable[..., Path], written: str, known: set[str]
) -> None:
    job = campaign({"templates/layouts/social/card.yaml": {"picture: hero": f"picture: hero, {written}"}})
    with pytest.raises(InputError) as caught:
        load_project(job, registry)
    (finding,) = caught.value.findings
    assert finding.hint
    assert set(finding.hint.removeprefix("known: ").split(", ")) == known


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf"])
@pytest.mark.parametrize("key", ["opacity: {}", "rotate: {}", "focus: [{}, 0.5]", "tint: {{color: ink, strength: {}}}"])
def test_a_number_has_an_end(campaign: Callable[..., Path], number: str, key: str) -> None:
    added = f"picture: hero, {key.format(number)}"
    job = campaign({"templates/layouts/social/card.yaml": {"picture: hero": added}})
    with pytest.raises(InputError) as caught:
        load_project(job, registry)
    assert {one.place.line for one in caught.value.findings if one.place} == {5}
