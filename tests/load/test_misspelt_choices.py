"""A word that is none of those a key takes: one line at its place, with the nearest of them, wherever it is written."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pressrun import registry
from pressrun.load import load_project
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding

Campaign = Callable[..., Path]
CARD = "templates/layouts/social/card.yaml"
BADGE = "templates/parts/badge.yaml"
NEEDED = {
    "text": ("text: a", "size: 9px"), "image": ("picture: hero",), "artwork": ("file: a.svg",),
    "code": ("code: qr", "text: a"), "table": ("rows: season.terms", "size: 9px", "columns: [{text: a}]"),
    "group": ("layers: []",), "stack": ("layers: []",), "grid": ("layers: []",),
}  # fmt: skip
LISTS = ("detect", "markup")


def told(job: Path) -> list[Finding]:
    with pytest.raises(InputError) as caught:
        load_project(job, registry)
    return list(caught.value.findings)


def added(campaign: Campaign, lines: str, **files: str) -> list[Finding]:
    """What is told of the card with lines behind it, of which the first is the tenth."""
    job = campaign()
    for name, text in {CARD: (job.parents[1] / CARD).read_text() + lines, **files}.items():
        (job.parents[1] / name).parent.mkdir(exist_ok=True, parents=True)
        (job.parents[1] / name).write_text(text)
    return told(job)


BLENDED = {
    "a layer": ("  - {type: shape, fill: ink, blend: multipy}\n", {}, f"{CARD}:10:37"),
    "a group": ("  - {type: group, blend: multipy, layers: []}\n", {}, f"{CARD}:10:26"),
    "in a stack in a group": (
        "  - type: group\n    layers:\n      - type: stack\n        layers: [{type: shape, blend: multipy}]\n", {}, f"{CARD}:13:39",
    ),
    "in a part": (
        "  - {use: parts/badge}\n", {BADGE: "layers: [{type: shape, id: disc, blend: multipy}]\n"}, f"{BADGE}:1:41",
    ),
    "by a parameter": (
        "  - {use: parts/badge, with: {how: multipy}}\n",
        {BADGE: "parameters: {how: }\nlayers: [{type: shape, id: disc, blend: $how}]\n"}, f"{CARD}:10:36",
    ),
    "in an override": ("overrides: [{locale: de, change: {headline: {blend: multipy}}}]\n", {}, f"{CARD}:10:53"),
}  # fmt: skip


@pytest.mark.parametrize("where", BLENDED)
def test_a_blend_mode_that_does_not_exist_brings_the_nearest(campaign: Campaign, where: str) -> None:
    lines, files, place = BLENDED[where]
    (finding,) = [one for one in added(campaign, lines, **files) if "multipy" in one.message]
    assert str(finding.place) == place
    assert finding.hint == "did you mean 'multiply'?"


def _choices() -> Iterator[tuple[str, str, str]]:
    """Every key of a layer that takes one of some words, with a longer one of these."""
    for kind, model in registry.LAYERS.items():
        for key, field in model.model_fields.items():
            words = [one for one in _words(field.annotation) if isinstance(one, str) and len(one) > 4]
            if words and key != "type":
                yield kind, field.alias or key, words[-1]


def _words(annotation: object) -> Iterator[object]:
    if typing.get_origin(annotation) is typing.Literal:
        yield from typing.get_args(annotation)
    else:
        for one in typing.get_args(annotation):
            yield from _words(one)


@pytest.mark.parametrize(("kind", "key", "word"), list(_choices()))
def test_a_misspelt_word_of_a_layer_brings_the_nearest(campaign: Campaign, kind: str, key: str, word: str) -> None:
    misspelt = word[:2] + word[3:]
    needed = [one for one in NEEDED.get(kind, ()) if not one.startswith(f"{key}:")]
    said = f"[{misspelt}]" if key in LISTS else misspelt
    layer = f"  - {{{', '.join([f'type: {kind}', *needed, f'{key}: {said}'])}}}\n"
    found = [one for one in added(campaign, layer) if misspelt in one.message]
    assert [(one.place.line, one.place.column) for one in found if one.place] == [(10, layer.index(misspelt) + 1)]
    assert f"did you mean '{word}'?" in (found[0].hint or "")
