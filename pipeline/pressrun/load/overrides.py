"""Overrides of single sheets: read, and laid over the layouts that they are for."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import field

from pressrun.load.campaign_reader import Reader
from pressrun.model.errors import InputError
from pressrun.model.finding import Place
from pressrun.model.job import Job
from pressrun.model.layout import Layout
from pressrun.model.override import Override, OverridesWritten, SheetOverride
from pressrun.model.project import Campaign, LoadedLayout, OutsideCampaign
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.table import Table, read_table
from pressrun.readers.table_file import WORKBOOKS, read_written
from pressrun.readers.validation import validate
from pressrun.readers.yaml_source import KeyPath, YamlSource, parse_yaml

COLUMNS = ("row", "when", "layout", "take", "layer", "key", "value", "was", "note")
Way = tuple[YamlSource, KeyPath]  # to a part of a file
TEXTS = ("text", "file")  # keys whose cells are texts, whatever they look like


class Patched(YamlSource, frozen=True):
    """A layout with overrides laid over it: each part keeps the place where it is written. ``origins`` are the ways to
    what came from elsewhere."""

    origins: Mapping[KeyPath, Way] = field(default_factory=dict)

    def place(self, path: KeyPath = ()) -> Place:
        source, there = self._origin(path)
        return source.place(there)

    def key_place(self, path: KeyPath) -> Place:
        source, there = self._origin(path)
        return source.key_place(there)

    def text_place(self, path: KeyPath) -> Place:
        source, there = self._origin(path)
        return source.text_place(there)

    def _origin(self, path: KeyPath) -> tuple[YamlSource, KeyPath]:
        for length in range(len(path), -1, -1):
            if path[:length] in self.origins:
                source, there = self.origins[path[:length]]
                return source, there + path[length:]
        raise KeyError(path)


class LaidOver:
    """The layouts of a job, and the overrides that may be laid over them."""

    def __init__(
        self, layouts: Mapping[str, LoadedLayout], sources: Mapping[str, YamlSource], model: type[Layout],
        source: YamlSource, every: tuple[Override, ...],
    ) -> None:  # fmt: skip
        self._layouts, self._sources, self._model, self._source = layouts, sources, model, source
        self.every = every
        self._kept: dict[tuple[str, tuple[int, ...]], LoadedLayout] = {}

    def layout_with(self, name: str, numbers: tuple[int, ...]) -> LoadedLayout:
        """See `pressrun.model.override.OverriddenLayouts`."""
        if (name, numbers) not in self._kept:
            loaded, source = self._layouts[name], self._sources[name]
            for number in numbers:
                source = patched(source, self._source, number, self.every[number].written)
            layout, findings = validate(self._model, source)
            if layout is None:
                raise InputError(findings)
            said = [self.every[number].written.model_dump(include={"change", "add"}) for number in numbers]
            digest = hashlib.sha256(f"{loaded.digest} {json.dumps(said, sort_keys=True, default=str)}".encode())
            places: dict[KeyPath, Place] = {
                ("layers", index, key): source.text_place(("layers", index, key))
                for index, layer in enumerate(source.data["layers"])
                for key in layer
            }
            self._kept[name, numbers] = LoadedLayout(
                name, layout, digest.hexdigest(), loaded.file, places, loaded.alternatives
            )  # fmt: skip
        return self._kept[name, numbers]

    def written(self, name: str) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """See `pressrun.model.override.OverriddenLayouts`."""
        return [(_name(layer, index), layer) for index, layer in enumerate(self._sources[name].data["layers"])]


def read_overrides(
    reader: Reader, campaign: Campaign, job: Job, sources: Mapping[str, YamlSource], asked_at: Place
) -> tuple[YamlSource, tuple[Override, ...]] | None:
    """The job's overrides, each with the layouts that it is for. Names in their layers are still to be checked."""
    assert job.overrides is not None
    source = _source(reader, campaign, job.overrides.file, asked_at)
    written = reader.model(OverridesWritten, source) if source else None
    if source is None or written is None:
        return None
    found = []
    for number, one in enumerate(written.overrides):
        at: KeyPath = ("overrides", number)
        if one.layout and one.layout not in sources:
            hint = did_you_mean(one.layout, sources, "layouts")
            message = f"the job has no layout '{one.layout}'"
            reader.error("unknown-layout", message, source.place((*at, "layout")), hint)
            continue
        named = [one.layout] if one.layout else list(sources)
        fitting = tuple(name for name in named if not _strange(one, sources[name]))
        if not fitting:
            layer = _strange(one, sources[named[0]])
            known = {_name(layer, index) for name in named for index, layer in enumerate(sources[name].data["layers"])}
            message = f"{f'{one.layout} has no' if one.layout else 'no layout has the'} layer '{layer}'"
            reader.error(
                "unknown-layer", message, source.key_place((*at, "change", layer)), did_you_mean(layer, known, "layers")
            )
            continue
        found.append(Override(number, source.place(at), one, fitting))
    return source, tuple(found)


def _strange(one: SheetOverride, source: YamlSource) -> str:
    """The first layer that an override names and a layout has not; empty where it has them all."""
    known = {_name(layer, index) for index, layer in enumerate(source.data["layers"])}
    beside = [str(layer[key]) for layer in one.add for key in ("above", "below") if key in layer]
    return next((name for name in (*one.change, *beside) if name not in known), "")


def _name(layer: Mapping[str, Any], index: int) -> str:
    return str(layer.get("id") or f"{layer.get('type')}-{index + 1}")


def patched(base: YamlSource, source: YamlSource, number: int, one: SheetOverride) -> Patched:
    """A layout's source with an override of that number in ``source`` laid over it."""
    at: KeyPath = ("overrides", number)
    layers: list[tuple[dict[str, Any], dict[KeyPath, Way]]] = []
    hidden: set[str] = set()
    for index, written in enumerate(base.data["layers"]):
        name = _name(written, index)
        change = dict(one.change.get(name, {}))
        if change.pop("hidden", False) is True:
            hidden.add(name)
            continue
        if {written.get("on_page"), written.get("inside")} & hidden:  # gone with its page, or its group
            hidden.add(name)
            continue
        layer, ways = _changed(written, change, (base, ("layers", index)), (source, (*at, "change", name)))
        layers.append(({**layer, "id": name}, ways))
    for index, extra in enumerate(one.add):
        layer = {key: value for key, value in extra.items() if key not in ("above", "below")}
        names = [each["id"] for each, _ in layers]
        beside = extra.get("above", extra.get("below"))
        place = len(layers)
        if beside in names:  # of which there may be several, one after another
            place = len(names) - names[::-1].index(beside) if "above" in extra else names.index(beside)
        layers.insert(place, (layer, {(): (source, (*at, "add", index))}))
    origins: dict[KeyPath, Way] = {(): (base, ())}
    for index, (_, ways) in enumerate(layers):
        origins |= {("layers", index, *way): origin for way, origin in ways.items()}
    data = {**base.data, "layers": [layer for layer, _ in layers]}
    return Patched(base.file, data, {}, {}, {}, origins)


def _changed(
    written: Mapping[str, Any], change: dict[str, Any], base: Way, over: Way
) -> tuple[dict[str, Any], dict[KeyPath, Way]]:
    """A layer with other values of some keys, and the way to where each part is written; of a box the keys that are not
    changed stay."""
    layer = copy.deepcopy(dict(written))
    ways: dict[KeyPath, Way] = {(): base}
    box = layer["box"] if isinstance(layer.get("box"), dict) else {}
    old = tuple(box)
    moved = "shift" in change
    changed = dict(change.pop("box")) if isinstance(change.get("box"), dict) else {}
    if moved:
        changed["shift"] = change.pop("shift")
    if changed:
        layer["box"] = {**box, **changed}
        ways[("box",)] = over[0], (*over[1], "box" if changed.keys() - {"shift"} else "shift")
        ways |= {("box", key): (base[0], (*base[1], "box", key)) for key in old}
        ways |= {("box", key): (over[0], (*over[1], "box", key)) for key in changed}
        if moved:
            ways[("box", "shift")] = over[0], (*over[1], "shift")
    for key, value in change.items():
        layer[key] = value
        ways[(key,)] = over[0], (*over[1], key)
    for one, other in (("file", "picture"), ("picture", "file")):
        if one in change and other not in change:
            layer.pop(other, None)
    return layer, ways


# ------------------------------------------------------------------------------------------------------- the files


def _source(reader: Reader, campaign: Campaign, written: str, asked_at: Place) -> YamlSource | None:
    try:
        path = campaign.find(written)
    except OutsideCampaign as outside:
        reader.error("outside-campaign", str(outside), asked_at)
        return None
    if path is None:
        return reader.yaml(campaign.job_folder / written, asked_at)  # which tells that it is not there
    if path.suffix.lower() not in (".csv", *WORKBOOKS):
        return reader.yaml(path, asked_at)
    reader.remember(path)
    raw, findings = read_written(path, reader.shown(path))
    reader.add(findings)
    table, findings = read_table(raw, types={"take": "integer"} if "take" in raw.headers else {}) if raw else (None, [])
    reader.add(findings)
    return _of_table(reader, table) if table else None


def _of_table(reader: Reader, table: Table) -> YamlSource | None:
    """A CSV as if it were written in YAML: a line for each key of a layer, and what its cells say as values there."""
    file = Place(table.file, 1)
    for needed in ("layer", "key", "value"):
        if needed not in table.columns:
            hint = did_you_mean(needed, table.columns, "columns")
            reader.error("missing-column", f"{table.file} has no column '{needed}'", file, hint)
            return None
    for strange in [name for name in table.columns if name not in COLUMNS]:
        hint = did_you_mean(strange, COLUMNS, "columns")
        reader.error("unknown-column", f"there is no column '{strange}'", file, hint)
    overrides: list[dict[str, Any]] = []
    positions: dict[KeyPath, tuple[int, int]] = {(): (1, 1)}
    for index, row in enumerate(table.rows()):
        layer, key = (str(row[name] or "").strip() for name in ("layer", "key"))
        one: dict[str, Any] = {name: row[name] for name in ("row", "when", "layout", "take", "note") if row.get(name)}
        one["change"] = {layer: {key: _value(key, row["value"])}}
        if row.get("was"):
            one["was"] = {layer: {key: _value(key, row["was"])}}
        overrides.append(one)
        positions[("overrides", index)] = (table.place(index).line or 1, 1)
    return YamlSource(table.file, {"overrides": overrides}, positions, {}, {})


def _value(key: str, cell: Any) -> Any:
    """A cell as the value it stands for: texts as they are, all else as it would be written in YAML."""
    text = "" if cell is None else str(cell)
    if key in TEXTS:
        return text
    source, findings = parse_yaml(f"value: {text}", "")
    return text if source is None or findings else source.data["value"]


def sources_over(
    source: YamlSource, every: Sequence[Override], layouts: Mapping[str, YamlSource]
) -> list[tuple[str, Patched]]:
    """Each override alone over each layout that it is for, so that its layers can be checked like any others."""
    return [(name, patched(layouts[name], source, one.number, one.written)) for one in every for name in one.layouts]
