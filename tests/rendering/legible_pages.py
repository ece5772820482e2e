"""Pages for the tests of legibility: a text on a picture, and what was chosen for it."""

from __future__ import annotations

from typing import Any

from rendering_kit import Press, Rendered, read_layout

from pressrun.model.choice import Choice
from pressrun.model.sheet import Sheet
from pressrun.run.worker.drawn_pages import ComposedPage, settled

WORDS = "Words on it"


def page(legible: str, *, color: str = "[forest, paper]", target: str = "screen", formats: str = "png", more: str = "") -> str:
    return f"""
page: {{trim: 300pt x 300pt, safe: 12pt}}
target: {target}
formats: [{formats}]
layers:
  - {{type: image, id: hero, picture: hero, box: {{in: bleed}}}}
  - {{type: text, id: words, text: {WORDS}, color: {color}, size: 16pt, box: {{in: safe, y: 200pt, height: 30pt, width: 130pt}}{legible}{more}}}
"""


def choice(rendered: Rendered, layer: str = "words") -> Choice:
    (found,) = (Choice.from_json(one) for one in rendered.facts["choices"] if one["layer"] == layer)
    return found


def said(**keys: Any) -> str:
    return ", legible: {" + ", ".join(f"{key}: {value}" for key, value in keys.items()) + "}"


def sheet_of(press: Press, layout: str, picture: str, **content: Any) -> Sheet:
    """As it is drawn."""
    task = press.task(read_layout(layout), slots={"hero": [picture]}, **content)
    composed, findings = press.bench.composer.compose(press.layouts[task.content.drawn_by], task.content)
    (fitted,) = press.bench.fitter.fitted([composed])
    return settled(press.bench, ComposedPage(task, fitted, findings, press.bench.plate_key(fitted))).sheet
