"""The open sets, one visible line an entry: to add one, write its file and name it here, as ``module:name``.

Entries of other packages join by their entry points (``pressrun.layers``, ``pressrun.steps`` and so on), under names
that are still free.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Collection, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, create_model, model_validator

from pressrun.model.arrangement import Addition, Arrangement, Part, PartUse
from pressrun.model.brand import Authored, Brand
from pressrun.model.design import Design, DesignFile
from pressrun.model.entries import Entries
from pressrun.model.errors import InputError
from pressrun.model.executor import ExecutorOptions
from pressrun.model.finding import Finding, Severity
from pressrun.model.format_kind import FormatKind
from pressrun.model.inspection import Check
from pressrun.model.job import Job, PictureSlot
from pressrun.model.journal import JournalOptions
from pressrun.model.layout import LayerOptions, Layout, PageOptions, WrittenPage
from pressrun.model.plug_ins import OpenSet, is_model, joined
from pressrun.model.sheet import TRANSPARENT
from pressrun.model.step import StepOptions, StepsFile
from pressrun.model.store_options import StoreOptions
from pressrun.readers.suggestion import did_you_mean

LAYERS: Entries[type[LayerOptions]] = Entries(
    {
        "image": "pressrun.layers.image:ImageLayer",
        "shade": "pressrun.layers.shade:ShadeLayer",
        "shape": "pressrun.layers.shape:ShapeLayer",
        "text": "pressrun.layers.text:TextLayer",
        "logo": "pressrun.layers.logo:LogoLayer",
        "code": "pressrun.layers.code:CodeLayer",
        "artwork": "pressrun.layers.artwork:ArtworkLayer",
        "group": "pressrun.layers.group:GroupLayer",
        "table": "pressrun.layers.table:TableLayer",
        "stack": "pressrun.layers.stack:StackLayer",
        "grid": "pressrun.layers.grid:GridLayer",
    }
)
FORMATS: Entries[FormatKind] = Entries(
    {
        "press-pdf": "pressrun.formats.press_pdf:PRESS_PDF",
        "press-pdf-x1a": "pressrun.formats.press_pdf:PRESS_PDF_X1A",
        "screen-pdf": "pressrun.formats.screen_pdf:SCREEN_PDF",
        "proof-png": "pressrun.formats.raster:PROOF_PNG",
        "separations": "pressrun.formats.plates:SEPARATIONS",
        "ink-map": "pressrun.formats.plates:INK_MAP",
        "png": "pressrun.formats.raster:PNG",
        "jpeg": "pressrun.formats.raster:JPEG",
        "webp": "pressrun.formats.raster:WEBP",
        "avif": "pressrun.formats.raster:AVIF",
    }
)
PROVIDERS: Entries[type[Authored]] = Entries(
    {
        "fpo": "pressrun.providers.fpo:FpoProvider",
        "openai": "pressrun.providers.openai:OpenAIProvider",
        "library": "pressrun.providers.library:LibraryProvider",
    }
)
RECIPE = "recipe"  # the step that stands for those of a name
STEPS: Entries[type[StepOptions]] = Entries(
    {  # in the order in which they are sound and cheap
        "recipe": "pressrun.steps.recipe:RecipeStep",
        "cutout": "pressrun.steps.cutout:CutoutStep",
        "extend": "pressrun.steps.extend:ExtendStep",
        "crop": "pressrun.steps.crop:CropStep",
        "rotate": "pressrun.steps.rotate:RotateStep",
        "flip": "pressrun.steps.flip:FlipStep",
        "upscale": "pressrun.steps.upscale:UpscaleStep",
        "denoise": "pressrun.steps.denoise:DenoiseStep",
        "tone": "pressrun.steps.tone:ToneStep",
        "harmonise": "pressrun.steps.harmonise:HarmoniseStep",
        "duotone": "pressrun.steps.duotone:DuotoneStep",
        "tint": "pressrun.steps.tint:TintStep",
        "gradient-map": "pressrun.steps.gradient_map:GradientMapStep",
        "lut": "pressrun.steps.lut:LutStep",
        "mask": "pressrun.steps.mask:MaskStep",
        "blend": "pressrun.steps.blend:BlendStep",
        "border": "pressrun.steps.border:BorderStep",
        "round": "pressrun.steps.round_corners:RoundStep",
        "pixelate": "pressrun.steps.pixelate:PixelateStep",
        "blur": "pressrun.steps.blur:BlurStep",
        "shadow": "pressrun.steps.shadow:ShadowStep",
        "sharpen": "pressrun.steps.sharpen:SharpenStep",
        "grain": "pressrun.steps.grain:GrainStep",
        "vignette": "pressrun.steps.vignette:VignetteStep",
    }
)
CHECKS: Entries[Check] = Entries(
    {
        "text-fit": "pressrun.checks.text_fit:text_fit",
        "glyphs": "pressrun.checks.glyphs:glyphs",
        "markup": "pressrun.checks.markup:markup",
        "resolution": "pressrun.checks.resolution:resolution",
        "empty-pictures": "pressrun.checks.pictures:empty_pictures",
        "stand-ins": "pressrun.checks.pictures:stand_ins",
        "subjects-in-sight": "pressrun.checks.pictures:subjects_in_sight",
        "safe-area": "pressrun.checks.page_edges:safe_area",
        "bleed": "pressrun.checks.page_edges:bleed",
        "folds": "pressrun.checks.folds:folds",
        "white-in-bleed": "pressrun.checks.page_edges:white_in_bleed",
        "contrast": "pressrun.checks.contrast:contrast",
        "logo-contrast": "pressrun.checks.logo_contrast:logo_contrast",
        "legibility": "pressrun.checks.legibility:legibility",
        "overlap": "pressrun.checks.overlap:overlap",
        "code-size": "pressrun.checks.codes:code_size",
        "code-contrast": "pressrun.checks.codes:code_contrast",
        "code-place": "pressrun.checks.codes:code_place",
        "code-reading": "pressrun.checks.codes:code_reading",
        "registration": "pressrun.checks.registration:registration",
        "fine-print": "pressrun.checks.fine_print:fine_print",
        "placed-pages": "pressrun.checks.placed_pages:placed_pages",
        "total-ink": "pressrun.checks.total_ink:total_ink",
        "subject": "pressrun.checks.subject:text_on_subject",
        "written-files": "pressrun.checks.written_files:written_files",
    }
)
# What needs no page to look at, only the sheet as it is settled: told before anything is bought.
CHECKS_BEFORE_DRAWING = (
    "text-fit", "glyphs", "markup", "resolution", "bleed", "folds", "safe-area", "code-size", "code-place",
    "registration", "fine-print", "subject", "placed-pages", "overlap",
)  # fmt: skip
# What can be told of others before, as far as it hangs on no picture.
FORETOLD: Entries[Check] = Entries({"contrast": "pressrun.checks.contrast:flat_contrast"})
STORES: Entries[type[StoreOptions]] = Entries(
    {
        "folder": "pressrun.stores.folder.options:FolderOptions",
        "cloud": "pressrun.stores.cloud:CloudOptions",
    }
)
JOURNALS: Entries[type[JournalOptions]] = Entries(
    {
        "sqlite": "pressrun.stores.sqlite:SqliteOptions",
        "postgres": "pressrun.stores.postgres:PostgresOptions",
    }
)
DESIGNS: Entries[Callable[[DesignFile], Design]] = Entries(
    {
        ".pdf": "pressrun.designs.form_pdf:read_form",
        ".svg": "pressrun.designs.svg:read_svg",
    }
)
"""Readers of designs that exist, by the ending of their files' names."""
EXECUTORS: Entries[type[ExecutorOptions]] = Entries(
    {
        "local": "pressrun.executors.local:LocalOptions",
        "threads": "pressrun.executors.threads:ThreadOptions",
        "inline": "pressrun.executors.inline:InlineOptions",
        "dask": "pressrun.executors.dask:DaskOptions",
    }
)


OPEN_SETS: dict[str, OpenSet] = {
    "layers": (LAYERS, is_model(LayerOptions)),
    "steps": (STEPS, is_model(StepOptions)),
    "providers": (PROVIDERS, is_model(Authored)),
    "formats": (FORMATS, lambda name, entry: isinstance(entry, FormatKind) and entry.name == name),
    "checks": (CHECKS, lambda name, entry: callable(entry)),
    "stores": (STORES, is_model(StoreOptions)),
    "designs": (DESIGNS, lambda name, entry: callable(entry)),
    "journals": (JOURNALS, is_model(JournalOptions)),
    "executors": (EXECUTORS, is_model(ExecutorOptions)),
}
"""Every set that other packages may add to: its table, and whether an entry belongs into it under a name."""


PLUG_INS, BROKEN_PLUG_INS = joined(OPEN_SETS)


Named = Collection[str] | None
"""The types that a file names, where only their entries are wanted of all."""


def _union(*entries: type[Any]) -> Any:
    if len(entries) == 1:
        return entries[0]
    return Annotated[functools.reduce(operator.or_, entries), Field(discriminator="type")]


def _chosen(table: Entries[Any], named: Named) -> tuple[str, ...]:
    """The entries of a table that are named, at least one; all where nobody says."""
    return tuple(name for name in table if named is None or name in named) or tuple(table)[:1]


def layout_model(named: Named = None) -> type[Layout]:
    """The layout file's model, its ``layers`` closed to the known ones; of a file that names no others, to those that
    are ``named`` in it."""
    return _layout_model(_chosen(LAYERS, named))


@functools.cache
def _layout_model(kinds: Sequence[str]) -> type[Layout]:
    layer: Any = _union(*(LAYERS[kind] for kind in kinds), PageOptions)
    fields: dict[str, Any] = {"layers": (tuple[layer, ...], _described(Layout, "layers", min_length=1))}
    ways: dict[str, Any] = {"formats_can": model_validator(mode="after")(_formats_can)}
    return create_model("LayoutFile", __base__=Layout, __validators__=ways, **fields)


@functools.cache
def arranged_layout_model() -> type[Layout]:
    """A layout file as people write it, with the keys that `load` resolves; to be drawn, not to be validated by."""
    listed = _layers_or_parts()
    addition: Any = create_model("Addition", __base__=Addition, layers=(listed, _described(Addition, "layers")))
    own = (listed, _described(WrittenPage, "layers", default=()))
    page: Any = create_model("OnePage", __base__=WrittenPage, layers=own)
    fields: dict[str, Any] = {
        "layers": (listed, _described(Layout, "layers")),
        "pages": (tuple[page, ...], _described(Arrangement, "pages", default=())),
        "add": (tuple[addition, ...], _described(Arrangement, "add", default=())),
    }
    bases: Any = (layout_model(), Arrangement)
    drawn: type[Layout] = create_model("LayoutFile", __base__=bases, **fields)
    return drawn


@functools.cache
def part_model() -> type[Part]:
    """Likewise of a part."""
    fields: dict[str, Any] = {"layers": (_layers_or_parts(), _described(Part, "layers", min_length=1))}
    return create_model("PartFile", __base__=Part, **fields)


@functools.cache
def _layers_or_parts() -> Any:
    """Layers as people write them, those of groups in their groups."""
    listed = "tuple[AnyLayer, ...]"  # a name, since a group may be in a group
    entries: dict[str, Any] = dict(LAYERS)
    for name in filter(contains_layers, LAYERS):
        said: Any = (listed, _described(LAYERS[name], "layers", min_length=1))
        entry = LAYERS[name]
        entries[name] = create_model(entry.__name__, __base__=entry, __doc__=entry.__doc__, layers=said)
    layer: Any = _union(*entries.values()) | PartUse
    for name, entry in entries.items():
        if entry is not LAYERS[name]:
            entry.model_rebuild(_types_namespace={"AnyLayer": layer})
    return tuple[layer, ...]


def keys_of_layer(kind: str) -> frozenset[str]:
    """What a kind of layer may say; nothing where there is none of that name."""
    return frozenset(LAYERS[kind].model_fields if kind in LAYERS else ())


def contains_layers(kind: str) -> bool:
    """Whether others may be in layers of this kind."""
    return kind in LAYERS and LAYERS[kind].CONTAINS


def _formats_can(layout: Layout) -> Layout:
    """What the layout asks of its formats is what they can do."""
    kinds = [FORMATS[name] for name in layout.formats if name in FORMATS]
    grounds = (layout.ground, *(page.ground for page in layout.page_list))
    if TRANSPARENT in grounds and (layout.target == "print" or not all(kind.transparent for kind in kinds)):
        see_through = [name for name, kind in FORMATS.items() if kind.transparent]
        raise ValueError(f"ground: none (transparent) is for screen layouts, with {', '.join(see_through)} alone")
    for kind in kinds:
        sizes = [layout.page.boxes(), *(page.page.boxes() for page in layout.page_list if page.page)]
        longest = max(edge for boxes in sizes for edge in kind.pixels(boxes.bleed))
        if kind.longest_edge and longest > kind.longest_edge:
            fit = [name for name, other in FORMATS.items()
                   if other.targets & kind.targets and (other.longest_edge or longest) >= longest]  # fmt: skip
            message = f"{kind.name} has at most {kind.longest_edge} pixels to an edge, and this page has {longest}"
            raise ValueError(f"{message}; formats: {', '.join(fit)}")
    return layout


def job_model(named: Named = None) -> type[Job]:
    """The job file's model, its provider, steps and executor closed to the known ones; ``named`` as `layout_model` has
    it."""
    return _job_model(_chosen(PROVIDERS, named), _steps_chosen(named), _chosen(EXECUTORS, named))


@functools.cache
def _job_model(providers: Sequence[str], steps: Sequence[str], executors: Sequence[str]) -> type[Job]:
    provider: Any = _union(*(PROVIDERS[name] for name in providers))
    executor: Any = _union(*(EXECUTORS[name] for name in executors))
    slot_fields: dict[str, Any] = {
        "steps": (_steps(steps), _described(PictureSlot, "steps", default=())),
        "provider": (provider, _described(PictureSlot, "provider", default=None)),
    }
    slot: Any = create_model("Slot", __base__=PictureSlot, **slot_fields)
    fields: dict[str, Any] = {
        "provider": (provider, _described(Job, "provider")),
        "pictures": (dict[str, slot], _described(Job, "pictures", default={})),
        "executor": (executor | None, _described(Job, "executor", default=None)),
        "recipes": _recipes(Job, steps),
    }
    return create_model("JobFile", __base__=Job, **fields)


def brand_model(named: Named = None) -> type[Brand]:
    """The brand file's model, the steps of its recipes closed to the known ones; ``named`` as `layout_model` has it."""
    return _brand_model(_steps_chosen(named))


@functools.cache
def _brand_model(steps: Sequence[str]) -> type[Brand]:
    return create_model("BrandFile", __base__=Brand, recipes=_recipes(Brand, steps))


def steps_model(named: Named = None) -> type[StepsFile]:
    """Likewise of a file of steps."""
    return _steps_model(_steps_chosen(named))


@functools.cache
def _steps_model(steps: Sequence[str]) -> type[StepsFile]:
    listed: Any = (_steps(steps), _described(StepsFile, "steps"))
    return create_model("StepsFile", __base__=StepsFile, steps=listed, recipes=_recipes(StepsFile, steps))


def _recipes(model: type[BaseModel], steps: Sequence[str]) -> Any:
    listed: Any = _steps(steps)
    return dict[str, listed], _described(model, "recipes", default={})


def _steps_chosen(named: Named) -> tuple[str, ...]:
    return _chosen(STEPS, None if named is None else {*named, RECIPE})


def _steps(names: Sequence[str]) -> Any:
    """Steps as people write them: a name alone stands for the recipe of that name."""
    step: Any = Annotated[_union(*(STEPS[name] for name in names)), BeforeValidator(_recipe_named)]
    return tuple[step, ...]


def _recipe_named(written: Any) -> Any:
    return {"type": RECIPE, "name": written} if isinstance(written, str) else written


def executor(name: str) -> ExecutorOptions:
    """An executor with its defaults, by name."""
    return EXECUTORS[name].model_validate({"type": name})


def _described(model: type[BaseModel], key: str, **options: Any) -> Any:
    """A field with the description that the open model has beside it."""
    return Field(description=model.model_fields[key].description, **options)


def provider(name: str) -> Any:
    """A provider with its defaults, by name. Raises InputError for a name that is not there."""
    if name not in PROVIDERS:
        hint = did_you_mean(name, PROVIDERS, "providers")
        raise InputError([Finding(Severity.ERROR, "unknown-provider", f"there is no provider '{name}'", hint=hint)])
    return PROVIDERS[name].model_validate({"type": name})
