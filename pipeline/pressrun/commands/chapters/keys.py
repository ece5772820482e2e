"""Where each key of what people write has its place in the manual, with the keys below it.

A key that is the same in many places is told once: what every layer has, and the options of providers, steps and
executors, which a job and its pictures share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from pydantic import BaseModel

from pressrun import registry
from pressrun.commands.chapters.chapter import Entry
from pressrun.commands.explanations.authored_keys import KeyEntry, key_table, keys_of
from pressrun.model.layout import LayerOptions
from pressrun.readers.press_pdf.profiles.profile import ProfileFile
from pressrun.readers.user_config import UserConfig
from pressrun.run.imposition.scheme import Scheme

EVERY = "layer"  # what a key is called that every layer has: `layer.rotate`
LAYERS_PAGE = "layers"
# Keys of files that hold an entry of an open set: the page of its kinds, and what a kind's keys are called there.
SHARED: Mapping[str, tuple[Mapping[str, type[BaseModel]], str]] = {
    "provider": (registry.PROVIDERS, "providers"),
    "steps": (registry.STEPS, "steps"),
    "recipes": (registry.STEPS, "steps"),
    "executor": (registry.EXECUTORS, "executors"),
}
# Models that belong to no file with a schema of its own: by what their keys are called, with their page.
FURTHER: Mapping[str, tuple[type[BaseModel], str]] = {
    "press-sheet": (Scheme, "press-sheets"),
    "preflight": (ProfileFile, "press-profiles"),
    "config": (UserConfig, "environment"),
    **{f"store.{name}": (model, "environment") for name, model in registry.STORES.items()},
    **{f"journal.{name}": (model, "environment") for name, model in registry.JOURNALS.items()},
}


class Key(Struct, frozen=True):
    """A key as the manual shows it: its last ``name``, the ``page`` and ``anchor`` where it stands, and what is
    below."""

    entry: KeyEntry
    name: str
    page: str
    anchor: str
    below: tuple[Key, ...]

    @property
    def default(self) -> str:
        """What holds where it is left out, as one would write it; nothing where that is nothing."""
        return "" if self.entry.default in (None, "null", '""', "[]", "{}") else str(self.entry.default)

    @property
    def takes(self) -> str:
        """What may be written, beside the keys that are told of below it."""
        return "" if self.entry.takes == "keys of its own" else self.entry.takes

    def all(self) -> Iterable[Key]:
        """Itself and all below."""
        yield self
        for key in self.below:
            yield from key.all()

    def look_ups(self) -> tuple[Entry, ...]:
        """What of it can be looked up."""
        return tuple(Entry(key.anchor, "key", key.anchor, key.entry.description) for key in self.all())


def key_places() -> dict[str, tuple[str, str]]:
    """Every key by its name in `pressrun explain`, with the page and the anchor that tell of it."""
    return {key: _place(key) for key in _entries()}


def keys_by_page() -> dict[str, tuple[Key, ...]]:
    """The keys that each page tells of, the outermost ones."""
    by_place: dict[tuple[str, str], KeyEntry] = {}
    for key, entry in _entries().items():
        if not _is_kind_of_itself(key):
            by_place.setdefault(_place(key), entry)
    below: dict[tuple[str, str], list[tuple[str, str]]] = {}
    outer: dict[str, list[tuple[str, str]]] = {}
    for page, anchor in by_place:
        above = (page, anchor.rpartition(".")[0])
        if above in by_place:
            below.setdefault(above, []).append((page, anchor))
        else:
            outer.setdefault(page, []).append((page, anchor))

    def key_at(place: tuple[str, str]) -> Key:
        page, anchor = place
        inner = tuple(key_at(one) for one in below.get(place, ()))
        return Key(by_place[place], anchor.rpartition(".")[2], page, anchor, inner)

    return {page: tuple(key_at(place) for place in places) for page, places in outer.items()}


def _entries() -> dict[str, KeyEntry]:
    table = dict(key_table())
    for name, (model, _) in FURTHER.items():
        table |= {entry.key: entry for entry in keys_of(name, model)}
    return table


def _place(key: str) -> tuple[str, str]:
    parts = key.split(".")
    for name, (_, page) in FURTHER.items():
        if key == name or key.startswith(f"{name}."):
            return page, key
    if parts[0] == "layout" and parts[1:2] and parts[1] in registry.LAYERS:
        return _place_in_layer(parts)
    for at, part in enumerate(parts[:-1]):
        if parts[0] in ("job", "brand", "steps") and part in SHARED and parts[at + 1] in SHARED[part][0]:
            rest = parts[at + 1 :] if parts[-1] != "type" else parts[at + 1 : -1]
            return SHARED[part][1], ".".join((SHARED[part][1][:-1], *rest))
    return parts[0], key


def _place_in_layer(parts: list[str]) -> tuple[str, str]:
    kind, field = parts[1], parts[2:3]
    if field and field != ["type"] and is_of_every_layer(registry.LAYERS[kind], field[0]):
        return LAYERS_PAGE, ".".join((EVERY, *parts[2:]))
    rest = parts[2:] if field != ["type"] else []
    return f"layer-{kind}", ".".join((*parts[:2], *rest))


def _is_kind_of_itself(key: str) -> bool:
    """Whether it is the key by which a kind is named, of which its page tells as a whole."""
    _, anchor = _place(key)
    return key.endswith(".type") and not anchor.endswith(".type")


def is_of_every_layer(model: type[BaseModel], name: str) -> bool:
    """Whether a layer has this key as every layer has it."""
    for field, info in LayerOptions.model_fields.items():
        if (info.alias or field) == name:
            own = model.model_fields.get(field)
            return own is not None and own.description == info.description
    return False
