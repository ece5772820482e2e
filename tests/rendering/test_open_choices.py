"""Which logo, which ink: settled by the contrast measured on the ground that really lies there."""

from __future__ import annotations

import pytest
from rendering_kit import Press

LAYOUT = """
page: {trim: 200pt x 200pt}
target: TARGET
formats: [FORMAT]
layers:
  - {type: image, id: hero, picture: hero, box: {in: bleed}}
  - {type: shape, id: band, fill: forest, box: {y: 150pt, height: 50pt}}
  - {type: logo, id: logo, box: {width: 80pt, height: 30pt}}
  - {type: text, id: words, text: Words, color: [ink, paper], size: 20pt, box: {y: 60pt, height: 30pt}}
  - {type: text, id: banded, text: Words, color: [ink, paper], size: 20pt, box: {y: 160pt, height: 30pt}}
  - {type: text, id: right, text: Words, color: [ink, paper], size: 15pt, box: {x: 150pt, y: 60pt, height: 30pt}}
  - {type: text, id: fixed, text: Words, color: paper, size: 20pt, box: {y: 100pt, height: 30pt}}
"""
TARGETS = [("screen", "png"), ("print", "proof-png")]


@pytest.mark.parametrize(("target", "format"), TARGETS)
def test_dark_ground_takes_the_light_candidate(press: Press, target: str, format: str) -> None:
    layout = LAYOUT.replace("TARGET", target).replace("FORMAT", format)
    dark = press.render(layout, slots={"hero": ["dark"]}).choices
    light = press.render(layout, slots={"hero": ["light"]}).choices
    assert dark == {"logo": "reversed", "words": "paper", "banded": "paper", "right": "paper"}
    assert light == {"logo": "default", "words": "ink", "banded": "paper", "right": "ink"}


def test_only_the_ground_under_the_layer_counts(press: Press) -> None:
    """The ramp is dark on the left and light on the right."""
    layout = LAYOUT.replace("TARGET", "screen").replace("FORMAT", "png")
    choices = press.render(layout, slots={"hero": ["ramp"]}).choices
    assert (choices["logo"], choices["right"]) == ("reversed", "ink")


def test_a_panel_is_the_ground_of_its_own_text(press: Press) -> None:
    layout = """
page: {trim: 100pt x 100pt}
target: screen
formats: [png]
ground: ink
layers:
  - {type: text, id: button, text: Buy, color: [ink, paper], size: 20pt, box: {height: 30pt}, panel: {color: sky}}
"""
    assert press.render(layout).choices == {"button": "ink"}


def test_choices_carry_their_ratio(press: Press) -> None:
    layout = LAYOUT.replace("TARGET", "screen").replace("FORMAT", "png")
    ratios = {one["layer"]: one["contrast"] for one in press.render(layout, slots={"hero": ["dark"]}).facts["choices"]}
    assert ratios["words"] == pytest.approx(18.95, abs=0.1)
    assert all(1 <= ratio <= 21 for ratio in ratios.values())


@pytest.mark.parametrize("turned", ["", ", rotate: 180"])
def test_a_text_is_measured_where_its_words_are(press: Press, turned: str) -> None:
    """Short words in a box from edge to edge of a ramp, dark on the left: at its end the box says otherwise."""
    layout = f"""
page: {{trim: 200pt x 200pt}}
target: screen
formats: [png]
layers:
  - {{type: image, id: hero, picture: hero, box: {{in: bleed}}}}
  - {{type: text, id: start, text: A, color: [ink, paper], size: 20pt, box: {{y: 20pt, height: 30pt}}{turned}}}
  - {{type: text, id: end, text: A, color: [ink, paper], size: 20pt, align: end, box: {{y: 80pt, height: 30pt}}{turned}}}
  - {{type: text, id: grown, text: A, color: [ink, paper], size: 20pt, grow: true, box: {{y: 120pt, height: 60pt}}{turned}}}
"""
    rendered = press.render(layout, slots={"hero": ["ramp"]})
    dark, light = ("end", "start") if turned else ("start", "end")
    assert (rendered.choices[dark], rendered.choices[light]) == ("paper", "ink")
    assert rendered.choices["grown"] == rendered.choices["start"]
    ratios = {one["layer"]: one["contrast"] for one in rendered.facts["choices"]}
    assert min(ratios.values()) > 12


@pytest.mark.parametrize("turned", ["", ", rotate: 180"])
def test_a_logo_is_measured_where_it_shows(press: Press, turned: str) -> None:
    """In a box from edge to edge of the ramp, of which it takes one end."""
    layout = f"""
page: {{trim: 200pt x 200pt}}
target: screen
formats: [png]
layers:
  - {{type: image, id: hero, picture: hero, box: {{in: bleed}}}}
  - {{type: logo, id: start, logo: [default, reversed], box: {{y: 20pt, height: 20pt}}{turned}}}
  - {{type: logo, id: end, logo: [default, reversed], align: end, box: {{y: 80pt, height: 20pt}}{turned}}}
"""
    rendered = press.render(layout, slots={"hero": ["ramp"]})
    dark, light = ("end", "start") if turned else ("start", "end")
    assert (rendered.choices[dark], rendered.choices[light]) == ("reversed", "default")
