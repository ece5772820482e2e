"""Layouts: the files that a job names, and every name that their layers use."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from pressrun.graphics.learned import detection
from pressrun.graphics.paths.svg_paths import UnusablePath, path_steps
from pressrun.language.expression import Expression, compile_expression
from pressrun.language.filters import layout_filters
from pressrun.language.templates import Templates
from pressrun.language.vocabulary import Vocabulary
from pressrun.load.arranged_layouts import Arranger
from pressrun.load.campaign_reader import Reader, missing, named_file, names_in, places_of
from pressrun.load.item_lists import check_list
from pressrun.load.known_names import know_checks
from pressrun.load.layer_list import Condition
from pressrun.load.names_used import Uses
from pressrun.load.outline_files import OutlineFiles
from pressrun.load.page_checks import check_pages
from pressrun.load.table_texts import table_templates
from pressrun.model.brand import USUAL_LOGOS, Brand
from pressrun.model.color import spot_key, tint_in
from pressrun.model.finding import Place
from pressrun.model.geometry import Frames, length_told
from pressrun.model.job import Job
from pressrun.model.layout import LayerOptions, Layout, Listed, layer_frames, layer_name
from pressrun.model.page_sizes import written_out
from pressrun.model.project import KeyPath, LoadedLayout
from pressrun.model.sheet import TRANSPARENT
from pressrun.model.table_content import CELLS
from pressrun.model.template import TemplateNames
from pressrun.readers.suggestion import closest, did_you_mean
from pressrun.readers.yaml_source import YamlSource


class LayerText(Struct, frozen=True):
    """One Jinja field of a layer, inspected. ``sound`` says that nothing is wrong with it."""

    layout: str
    layer: str
    field: str
    source: str
    inspection: TemplateNames
    place: Place
    when: Expression | None
    guarded: bool
    sound: bool


class _Group(Struct, frozen=True):
    """What layers in a group know; ``guarded``: a `when` stands before them."""

    vocabulary: Vocabulary
    guarded: bool = False
    places: bool = False


OF_OTHER_TARGET: Mapping[str, str] = {
    "print": "; proof-png is a picture of the page, and another layout with `target: screen` one for screens",
    "screen": "; a file for press is of a layout with `target: print`",
}
NOTHING_KNOWN = Vocabulary({}, {})


class LayoutFiles:
    """Reads layouts; `texts` collects their templates for the checks against the data."""

    def __init__(self, reader: Reader, registry: Any) -> None:
        self.reader, self.registry = reader, registry
        self.folder = reader.root / "templates" / "layouts"
        self.loaded: dict[str, LoadedLayout] = {}
        self.texts: list[LayerText] = []
        self.sources: dict[str, YamlSource] = {}
        self.overridden: list[tuple[str, YamlSource, Layout]] = []  # by single overrides
        self._conditions: dict[tuple[str, Place], tuple[Condition, ...]] = {}
        known = Layout.model_fields
        self._outlines = OutlineFiles(reader, self.folder.parent)
        self._arranger = Arranger(reader, self.folder, known, registry.contains_layers, registry.keys_of_layer)

    def read(self, names: Iterator[tuple[str, Place]]) -> None:
        for name, asked_at in names:
            if name in self.loaded:
                self.reader.error("duplicate-layout", f"'{name}' is listed twice", asked_at, "delete one of them")
                continue
            path = named_file(self.folder, name, ".yaml")
            if path is None or not os.path.isfile(path):
                self.reader.add([missing("missing-layout", "layout", name, names_in(self.folder, ".yaml"), asked_at)])
                continue
            written = self.reader.yaml(path, asked_at)
            before = len(self.reader.findings)
            arranged = self._arranger.arranged(name, written) if written else None
            if arranged is None:
                continue
            source = self._outlines.drawn_out(arranged.source)
            told = {*arranged.told, *(found.place for found in self.reader.findings[before:])}
            layout = self.reader.open_model(self.registry.layout_model, source, told)
            if layout is None:
                continue
            self.sources[name] = source
            self._conditions.update(arranged.conditions)
            digest, alternatives = _digests(source)
            self.loaded[name] = LoadedLayout(name, layout, digest, source.file, places_of(source), alternatives)

    def check(self, brand: Brand | None, job: Job | None, uses: Uses, vocabulary: Vocabulary | None = None) -> None:
        """Check the names in all layouts; without a brand, a job or a vocabulary, as far as that goes."""
        inspector = Templates(filters=layout_filters((), frozenset()))
        plain = ((name, self.sources[name], loaded.layout) for name, loaded in self.loaded.items())
        for name, source, layout in (*plain, *self.overridden):
            self._check_formats(layout, source)
            know_checks(self.reader, layout.checks, self.registry.CHECKS, source)
            if brand is not None:
                self._check_page(layout, source, brand)
            frames = layer_frames(layout)
            check_pages(self.reader, layout, source)
            below: list[str] = []
            groups: dict[str | None, _Group] = {}
            for index, options in enumerate(layout.layers):
                layer = layer_name(options, index)
                if isinstance(options, LayerOptions):
                    self._check_clip(options, source.place(("layers", index, "clip")))
                    self._check_inside(options, groups, source, index)
                    if lack := detection.lack_of(options.detects(brand.detect if brand else ())):
                        place = source.place(("layers", index, "detect"))
                        self.reader.error("detector-lacks", f"detect: {lack[0]}", place, lack[1])
                    for frame in frames[index]:
                        self._check_box(options, frame, layout.target, source, ("layers", index))
                if brand is not None:
                    self._check_references(options, index, source, brand, job, below)
                if layout is self.loaded[name].layout:  # an override may hide what is in it
                    self._check_children(options, layout, layer, source, index)
                if vocabulary is not None:
                    within = groups.get(options.inside, _Group(vocabulary))
                    seen = within.vocabulary
                    if options.repeat is not None:
                        seen = check_list(uses, options.repeat, source, ("layers", index, "repeat"), seen)
                    own = _Group(seen, within.guarded or options.when is not None, options.PLACES)
                    self._check_texts(name, layer, index, options, source, uses, own, inspector)
                    if options.CONTAINS:
                        groups.setdefault(layer, own)
                elif options.CONTAINS:
                    groups.setdefault(layer, _Group(NOTHING_KNOWN, places=options.PLACES))
                below.append(layer)

    def _check_formats(self, layout: Layout, source: YamlSource) -> None:
        known: Mapping[str, Any] = self.registry.FORMATS

        def fits(name: str) -> bool:
            return layout.target in getattr(known[name], "targets", (layout.target,))

        for index, name in enumerate(layout.formats):
            if name in known and fits(name):
                continue
            place, fitting = source.place(("formats", index)), [name for name in known if fits(name)]
            if name not in known:
                meant = closest(name, fitting) or closest(name, known)
                if meant is None or meant in fitting:
                    hint = did_you_mean(name, fitting, "formats")
                    self.reader.error("unknown-format", f"there is no format '{name}'", place, hint)
                    continue
            message = f"'{name}' is no format for target {layout.target}"
            hint = f"formats: {', '.join(fitting)}{OF_OTHER_TARGET[layout.target]}"
            self.reader.error("unknown-format", message, place, hint)
        if not layout.formats:
            self.reader.error("no-formats", "the layout has no formats", source.place(("formats",)))

    def _check_page(self, layout: Layout, source: YamlSource, brand: Brand) -> None:
        place, colors = source.place(("ground",)), [*brand.palette, TRANSPARENT]
        ground = self._color(layout.ground, colors, place)
        if ground is not None and ground not in colors:
            hint = did_you_mean(ground, colors, "palette")
            self.reader.error("unknown-color", f"the palette has no '{ground}'", place, hint)
        spots = {swatch.spot: name for name, swatch in brand.palette.items() if swatch.spot}
        keys = set(map(spot_key, spots))
        for index, ink in enumerate(layout.inks):
            if ink != "cmyk" and spot_key(ink) not in keys:
                place = source.place(("inks", index))
                hint = f"write its ink: {brand.palette[ink].spot}" if ink in spots.values() else None
                hint = hint or did_you_mean(ink, ["cmyk", *map(str, spots)], "inks")
                self.reader.error("unknown-ink", f"no colour of the palette has the spot ink '{ink}'", place, hint)
            elif ink != "cmyk" and ink not in spots:
                own, used = (
                    next(one for one in known if spot_key(one) == spot_key(ink)) for known in (spots, layout.inks)
                )
                message = f"'{ink}' is '{own}' in the palette: both are printed on one plate, called '{used}'"
                self.reader.warn("spot-spelled-twice", message, source.place(("inks", index)), "spell both alike")

    def _check_clip(self, options: LayerOptions, place: Place) -> None:
        if options.clip and options.clip.path is not None:
            try:
                path_steps(options.clip.path)
            except UnusablePath as error:
                self.reader.error("bad-path", str(error), place, "write path data as SVG has it: M0 0 L100 0 L50 80 Z")

    def _check_box(self, options: LayerOptions, frames: Frames, target: str, source: YamlSource, base: KeyPath) -> None:
        place = source.place((*base, "box"))
        frame = frames.of(options.box.within)
        rect = options.box.moved(options.box.resolve(frame), frame)
        narrow = min(rect.width, rect.height)
        whose = "" if place is None or place.file == source.file else f", in {source.file}"  # whose base has the box
        if narrow < 0 or (narrow == 0 and options.needs_room):
            message = f"the box is {length_told(rect.width, target)} wide and {length_told(rect.height, target)} high"
            hint = "give width and height, or move x and y back onto the page"
            self.reader.error("empty-box", message + whose, place, hint)
        elif not rect.meets(frames.page.whole) and frames.group is None:
            message = f"the box lies off the page, where nothing of it shows{whose}"
            self.reader.error("box-off-the-page", message, place, "x and y count from the upper left of `in`")
        else:
            for misfit in options.misfits(rect, target):
                self.reader.error(misfit.code, misfit.message, source.place((*base, *misfit.path)), misfit.hint)

    def _check_inside(
        self, options: LayerOptions, groups: Mapping[str | None, _Group], source: YamlSource, index: int
    ) -> None:  # fmt: skip
        box = source.place(("layers", index, "box"))
        if options.inside is not None and options.inside not in groups:
            message = f"there is no group below called '{options.inside}'"
            known = [name for name in groups if name]
            place = source.place(("layers", index, "inside"))
            none = "put a group, a stack or a grid with this id below it, or take `inside` out"
            hint = did_you_mean(options.inside, known, "groups") if known else none
            self.reader.error("unknown-group", message, place, hint)
        elif options.inside is not None and groups[options.inside].places and options.box.is_moved:
            message = f"'{options.inside}' says where its layers stand; where this one says so counts for nothing"
            self.reader.error("placed-by-its-stack", message, box, "write shift: [x, y] to move it from there")
        elif options.inside is None and options.box.within == "group":
            self.reader.error("not-in-a-group", "the layer is in no group", box, "in: safe, trim or bleed")

    def _check_children(
        self, options: LayerOptions, layout: Layout, layer: str, source: YamlSource, index: int
    ) -> None:  # fmt: skip
        inside = [layer_name(one, at) for at, one in enumerate(layout.layers) if one.inside == layer]
        for name, path in options.children_named() if options.CONTAINS else ():
            if name not in inside:
                hint = did_you_mean(name, inside, "layers in it")
                message = f"there is no layer in '{layer}' called '{name}'"
                self.reader.error("unknown-layer", message, source.place(("layers", index, *path)), hint)

    def _check_references(
        self, options: Listed, index: int, source: YamlSource, brand: Brand, job: Job | None, below: list[str]
    ) -> None:
        usual_logos = list(USUAL_LOGOS if brand.usual_logos else brand.logos)
        known: dict[str, tuple[str, str, list[str]]] = {
            "color": ("unknown-color", "the palette has no", list(brand.palette)),
            "role": ("unknown-role", "the typography has no role", list(brand.typography)),
            "logo": ("unknown-logo", "the brand has no logo", list(brand.logos)),
            "usual-logo": ("unknown-logo", "the layer names no `logo`, and the brand has none called", usual_logos),
            "layer": ("unknown-layer", "there is no layer below called", below),
        }
        if job is not None:
            known["picture"] = ("unknown-picture", "the job has no picture slot", list(job.pictures))
        for kind, name, path in options.names_used():
            code, message, names = known.get(kind, ("", "", [name]))
            if name in names:
                continue
            place = source.place(("layers", index, *path))
            known_by = self._color(name, names, place) if kind == "color" else name
            if known_by is not None and known_by not in names:
                self.reader.error(code, f"{message} '{known_by}'", place, did_you_mean(known_by, names, "known"))

    def _color(self, name: str, palette: Sequence[str], place: Place) -> str | None:
        """The colour of a name, which may be that of a tint; None where its share is none, which is told."""
        if name in palette:
            return name
        try:
            return (tint_in(name) or (name, 1.0))[0]
        except ValueError as error:
            self.reader.error("bad-tint", str(error), place, "write the colour alone for all of it")
            return None

    def _check_texts(
        self, layout: str, layer: str, index: int, options: Listed, source: YamlSource, uses: Uses,
        group: _Group, inspector: Templates,
    ) -> None:  # fmt: skip
        when, vocabulary = None, group.vocabulary
        if options.when is not None:
            place = source.text_place(("layers", index, "when"))
            joined = self._conditions.get((options.when, place), (Condition(options.when, place),))
            told = [uses.expression(one.text, one.place, vocabulary) for one in joined]
            when = compile_expression(options.when, place)[0] if all(told) else None
        written = [
            (one.name, one.text, source.text_place(("layers", index, *one.path)), vocabulary)
            for one in options.templates
        ]
        if options.table_texts is not None:
            templates = table_templates(uses, options.table_texts, source, ("layers", index), vocabulary)
            written += [(CELLS, one.text, place, seen) for one, place, seen in templates]
        for field, text, place, seen in written:
            inspection = inspector.inspect(text, "")
            sound = uses.template(inspection, place, seen)
            if options.markup_in_cells is not None:
                sound = uses.markup(text, place) and sound
            for _, line in inspection.others:
                message = "the text of a layer cannot include templates"
                self.reader.error("include-in-layout", message, Place(place.file, place.line), f"line {line} does")
            self.texts.append(
                LayerText(
                    layout, layer, field, text, inspection, place, when, group.guarded,
                    sound and not inspection.others,
                )
            )  # fmt: skip


def _digests(source: YamlSource) -> tuple[str, Mapping[str, Mapping[str, str]]]:
    """Of what is drawn of a layout, and of each of the layers that share a name, by name and ``when``."""
    drawn = {key: value for key, value in source.data.items() if key != "checks"}  # they change no pixel
    with contextlib.suppress(ValueError):  # which has been told
        drawn["page"] = written_out(drawn["page"])  # the figures count, not what they are called
    named = Counter(layer["id"] for layer in drawn["layers"] if isinstance(layer.get("id"), str))
    alternatives: dict[str, dict[str, str]] = {}
    layers: list[Any] = []
    for layer in drawn["layers"]:
        name = layer.get("id")
        if not isinstance(name, str) or named[name] == 1:
            layers.append(layer)
            continue
        if name not in alternatives:
            layers.append({"alternatives": name})
        look = {key: value for key, value in layer.items() if key != "when"}
        alternatives.setdefault(name, {})[layer.get("when")] = _hash(look)
    drawn["layers"] = layers
    return _hash(drawn), alternatives


def _hash(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()
