"""Chapters of layers: one of what every layer has, and one a kind, their options beside pictures of the gallery."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from pydantic import BaseModel

from pressrun import registry
from pressrun.commands.chapters import keys
from pressrun.commands.chapters.chapter import Chapter
from pressrun.commands.chapters.examples import EVERY, Example


class Shown(Struct, frozen=True):
    """Options, with the example that shows them; without one, what an option is needs no picture."""

    example: Example | None
    options: tuple[keys.Key, ...]


def layer_pages(
    pages: Mapping[str, tuple[keys.Key, ...]], examples: Iterable[Example], part: str
) -> Iterator[Chapter]:  # fmt: skip
    """What every layer has, then kind after kind."""
    some = tuple(examples)
    of_every = pages[keys.LAYERS_PAGE]
    entries = tuple(entry for key in of_every for entry in key.look_ups())
    about = "Where it stands, when, and how it is turned, cut out and mixed."
    content: dict[str, Any]
    content = {"shown": _shown(of_every, [one for one in some if one.kind == EVERY]), "every": ()}
    yield Chapter(keys.LAYERS_PAGE, "Every layer", part, about, "layer.html", content, entries)
    for kind, model in registry.LAYERS.items():
        [whole] = pages[f"layer-{kind}"]
        own = [one for one in some if one.kind == kind]
        told = [key for key in of_every if keys.is_of_every_layer(model, key.name)]
        content = {"shown": _shown(_own_first(whole.below, model), own), "every": told, "whole": whole}
        about = model.model_fields["type"].description or whole.entry.description
        yield Chapter(f"layer-{kind}", kind.capitalize(), part, about, "layer.html", content, whole.look_ups())


def _own_first(options: Iterable[keys.Key], model: type[BaseModel]) -> list[keys.Key]:
    """Options of the layer itself before those that it takes over."""
    own = {model.model_fields[name].alias or name for name in model.__annotations__ if name in model.model_fields}
    return sorted(options, key=lambda key: key.name not in own)


def _shown(options: Iterable[keys.Key], examples: Iterable[Example]) -> tuple[Shown, ...]:
    """Options under the first example that shows them, in their order."""
    some = list(examples)
    by_example: dict[str, list[keys.Key]] = {}
    pictured: dict[str, Example] = {}
    for key in options:
        example = next((one for one in some if key.name in one.shows), None)
        name = example.name if example else f"-{key.name}"
        by_example.setdefault(name, []).append(key)
        if example:
            pictured[name] = example
    return tuple(Shown(pictured.get(name), tuple(found)) for name, found in by_example.items())
