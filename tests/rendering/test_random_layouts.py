"""Layouts at random: what they look like does not depend on how their layers are grouped, and the press file looks as the
proof does. More of them are drawn with PRESSRUN_LAYOUTS=1000 in the environment."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rendering_kit import Press, Rendered
from test_groups import differing, printed

SEEDS = range(int(os.environ.get("PRESSRUN_LAYOUTS", "6")))
SIDES = (20, 40, 60, 90, 140)
COLORS = ("flame", "ink", "paper", "sky", "flame 40%", "ink 30%")
SLOTS = {"photo": ["quadrants"], "cutout": ["cutout"]}
DEEPEST = 2

Layer = dict[str, Any]


def layers(chance: random.Random, count: int, depth: int = 0) -> Iterator[Layer]:
    for _ in range(count):
        kinds = ["shape", "shape", "text", "image", "logo"] + ["text", "shade", "group"] * (depth < DEEPEST)
        yield {**_layer(chance, chance.choice(kinds), depth), "box": _box(chance)}


def _layer(chance: random.Random, kind: str, depth: int) -> Layer:
    color = chance.choice(COLORS)
    if kind == "logo":
        return {"type": kind, "logo": "default", **_mixed(chance, 0.25)}
    if kind == "shape":
        if chance.random() < 0.2:
            stops = [chance.choice(COLORS), {"color": chance.choice(COLORS), "opacity": chance.choice([0, 0.5, 1])}]
            fill = {"gradient": chance.choice(["linear", "radial"]), "stops": stops}
            return {"type": kind, "fill": fill, **_mixed(chance, 0.4)}
        stroke = {"stroke": chance.choice(COLORS), "width": "4pt"} if chance.random() < 0.3 else {}
        return {"type": kind, "shape": chance.choice(["rect", "ellipse"]), "fill": color, **stroke, **_mixed(chance, 0.4)}
    if kind == "text":
        panel = {"panel": {"color": chance.choice(COLORS)}} if chance.random() < 0.2 else {}
        said = {"text": chance.choice(["Word", "H", "Two words"]), "size": f"{chance.choice([12, 24, 40])}pt"}
        return {"type": kind, **said, "color": color, **panel, **_mixed(chance, 0.25)}
    if kind == "image":
        clip = {"clip": chance.choice(["ellipse", "star"])} if chance.random() < 0.2 else {}
        return {"type": kind, "picture": chance.choice(list(SLOTS)), **clip, **_mixed(chance, 0.25)}
    if kind == "shade":
        return {"type": kind, "color": color}
    clip = {"clip": chance.choice(["ellipse", "star"])} if chance.random() < 0.3 else {}
    shadow = {"shadow": chance.choice(["soft", "hard"])} if chance.random() < 0.2 else {}
    inside = list(layers(chance, chance.randint(1, 3), depth + 1))
    return {"type": kind, "layers": inside, **clip, **shadow, **_mixed(chance, 0.5)}


def _mixed(chance: random.Random, often: float) -> Layer:
    said: Layer = {}
    if chance.random() < often:
        said["opacity"] = chance.choice([0.3, 0.6, 0.9])
    if chance.random() < often * 0.7:
        said["blend"] = chance.choice(["multiply", "screen", "overlay"])
    if chance.random() < often * 0.7:
        said["rotate"] = chance.choice([10, 45, 90, -30])
    return said


def _box(chance: random.Random) -> dict[str, str]:
    x, y = (chance.randint(-20, 150) for _ in range(2))
    return {"x": f"{x}pt", "y": f"{y}pt", "width": f"{chance.choice(SIDES)}pt", "height": f"{chance.choice(SIDES)}pt"}


def draw(press: Press, drawn: list[Layer], target: str) -> Rendered:
    formats = ["press-pdf", "proof-png"] if target == "print" else ["png"]
    page = {"page": {"trim": "200pt x 200pt"}, "target": target, "formats": formats, "ground": "paper", "layers": drawn}
    return press.render(json.dumps(page), slots=SLOTS)


@pytest.mark.parametrize("target", ["print", "screen"])
@pytest.mark.parametrize("seed", SEEDS)
def test_layers_look_alike_in_any_group(press: Press, tool: Any, tmp_path: Path, seed: int, target: str) -> None:
    chance = random.Random(f"layout {seed}")
    flat = list(layers(chance, chance.randint(4, 11)))
    first = chance.randrange(len(flat))
    last = chance.randint(first + 1, len(flat))
    shown = "proof-png" if target == "print" else "png"
    made = draw(press, flat, target)
    picture = made.picture(shown)
    within = flat[first:last]
    groups: list[Layer] = [{"box": {"in": "bleed"}}, {"box": {"x": "0pt", "y": "0pt", "width": "1pt", "height": "1pt"}}]
    if not any("blend" in layer for layer in within):
        groups.append({"box": {"in": "bleed"}, "clip": "rect"})
    for group in groups:
        grouped = [*flat[:first], {"type": "group", "layers": within, **group}, *flat[last:]]
        assert differing(picture, draw(press, grouped, target).picture(shown), 8) < 0.003, group
    if target == "print":
        assert differing(picture, printed(made.files["press-pdf"], tool, tmp_path), 10) < 0.008
