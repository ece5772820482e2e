"""What holds for every entry of every open set, so that a new one brings its own tests and its own words."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from rendering_kit import CASES, HERE, read_layout

from pressrun import registry
from pressrun.model.geometry import Frames, Rect
from pressrun.model.layout import LayerOptions

SETS: dict[str, Mapping[str, Any]] = {
    "layers": registry.LAYERS,
    "formats": registry.FORMATS,
    "steps": registry.STEPS,
    "checks": registry.CHECKS,
    "providers": registry.PROVIDERS,
}
ENTRIES = [(kind, name) for kind, entries in SETS.items() for name in entries]


def module_of(entry: Any) -> Any:
    return sys.modules[getattr(entry, "write", entry).__module__]


@pytest.mark.parametrize(("kind", "name"), ENTRIES)
def test_an_entry_says_what_it_is(kind: str, name: str) -> None:
    entry = SETS[kind][name]
    module = module_of(entry)
    assert module.__name__.startswith(f"pressrun.{kind}.")
    assert len(module.__doc__ or "") > 20
    if inspect.isclass(entry):
        assert entry.__doc__
        assert entry.__doc__ != (entry.__mro__[1].__doc__ or "")


@pytest.mark.parametrize("kind", registry.OPEN_SETS)
def test_every_entry_is_where_its_line_says(kind: str) -> None:
    table, belongs = registry.OPEN_SETS[kind]
    assert all(belongs(name, entry) for name, entry in table.items())


@pytest.mark.parametrize("name", registry.LAYERS)
def test_a_layer_has_a_composed_case(name: str) -> None:
    used = [
        layer.type for folder in CASES.iterdir() for layer in read_layout((folder / "layout.yaml").read_text()).layers
    ]
    assert name in used


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, name in ENTRIES if kind in ("formats", "steps", "checks")]
)
def test_formats_steps_and_checks_are_named_in_a_test(kind: str, name: str) -> None:
    files = (*HERE.glob("test_*.py"), *HERE.parent.joinpath("steps").glob("test_*.py"))
    tests = "".join(file.read_text() for file in files if file.name != "test_open_sets.py")
    assert re.search(rf"\b{re.escape(name)}\b", tests)


@pytest.mark.parametrize("name", registry.LAYERS)
def test_a_layers_words(name: str) -> None:
    """Its discriminator is its name, its templates are fields, and unknown keys are refused."""
    model: type[LayerOptions] = registry.LAYERS[name]
    assert model.model_fields["type"].annotation.__args__ == (name,)  # type: ignore[union-attr]
    assert set(model.TEMPLATES) <= set(model.model_fields)
    assert model.model_config["extra"] == "forbid"
    assert model.model_config["frozen"]


@pytest.mark.parametrize("name", registry.FORMATS)
def test_a_format_kind(name: str) -> None:
    kind = registry.FORMATS[name]
    assert kind.name == name
    assert kind.targets <= {"print", "screen"}
    assert kind.targets
    assert "/" in kind.media_type
    assert kind.suffix[0] in ".-"
    assert kind.recipe >= 1


@pytest.mark.parametrize("kind", ["steps", "providers"])
def test_whatever_is_keyed_has_a_recipe(kind: str) -> None:
    for entry in SETS[kind].values():
        assert isinstance(entry.RECIPE, int)


def test_no_two_formats_of_a_target_share_a_suffix() -> None:
    for target in ("print", "screen"):
        suffixes = [kind.suffix for kind in registry.FORMATS.values() if target in kind.targets]
        assert len(set(suffixes)) == len(suffixes)


def test_placements_are_told_before_any_picture_exists() -> None:
    layout = read_layout(
        "{page: {trim: 100pt x 50pt}, target: screen, formats: [png],"
        " layers: [{type: image, picture: hero}, {type: image, file: x}, {type: shade}]}"
    )
    frames = Frames(layout.page.boxes())
    told = [placement for layer in layout.layers for placement in layer.placements(frames)]
    assert told == [("hero", Rect(0, 0, 100, 50))]


def test_every_name_a_layer_uses_can_be_looked_up() -> None:
    layout = read_layout(
        """
page: {trim: A6}
target: print
formats: [press-pdf]
layers:
  - {type: image, id: scene, picture: hero}
  - {type: image, file: x, stand: scene}
  - {type: shade, color: c1}
  - {type: shape, fill: c2, stroke: c3}
  - {type: text, text: x, size: 9pt, role: r1, color: [c4, c5], panel: {color: c6}}
  - {type: logo, logo: [l1, l2]}
  - {type: code, value: x, color: c7, ground: c8}
"""
    )
    told = {(one.kind, one.name) for layer in layout.layers for one in layer.references()}
    colors = {("color", f"c{number}") for number in range(1, 9)}
    assert told == colors | {
        ("picture", "hero"), ("layer", "scene"), ("role", "r1"), ("logo", "l1"), ("logo", "l2")
    }  # fmt: skip
    for layer in layout.layers:
        for one in layer.references():
            value: Any = layer
            for step in one.path:
                value = value[step] if isinstance(step, int) else getattr(value, step)
                if isinstance(value, tuple) and one.name in value and step == one.path[-1]:
                    break
            assert value == one.name or one.name in value
