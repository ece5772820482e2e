"""The open sets, one visible line an entry: to add one, write its file and name it here.

Entries of other packages join by their entry points (``pressrun.layers``, ``pressrun.steps`` and so on), under names
that are still free.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, create_model, model_validator

from pressrun.checks.codes import code_contrast, code_place, code_reading, code_size
from pressrun.checks.contrast import contrast, flat_contrast
from pressrun.checks.fine_print import fine_print
from pressrun.checks.folds import folds
from pressrun.checks.glyphs import glyphs
from pressrun.checks.legibility import legibility
from pressrun.checks.logo_contrast import logo_contrast
from pressrun.checks.markup import markup
from pressrun.checks.overlap import overlap
from pressrun.checks.page_edges import bleed, safe_area, white_in_bleed
from pressrun.checks.pictures import empty_pictures, stand_ins, subjects_in_sight
from pressrun.checks.placed_pages import placed_pages
from pressrun.checks.registration import registration
from pressrun.checks.resolution import resolution
from pressrun.checks.subject import text_on_subject
from pressrun.checks.text_fit import text_fit
from pressrun.checks.total_ink import total_ink
from pressrun.checks.written_files import written_files
from pressrun.designs.form_pdf import read_form
from pressrun.designs.svg import read_svg
from pressrun.executors.dask import DaskOptions
from pressrun.executors.inline import InlineOptions
from pressrun.executors.local import LocalOptions
from pressrun.executors.threads import ThreadOptions
from pressrun.formats import plates, press_pdf, raster, screen_pdf
from pressrun.layers.artwork import ArtworkLayer
from pressrun.layers.code import CodeLayer
from pressrun.layers.grid import GridLayer
from pressrun.layers.group import GroupLayer
from pressrun.layers.image import ImageLayer
from pressrun.layers.logo import LogoLayer
from pressrun.layers.shade import ShadeLayer
from pressrun.layers.shape import ShapeLayer
from pressrun.layers.stack import StackLayer
from pressrun.layers.table import TableLayer
from pressrun.layers.text import TextLayer
from pressrun.model.arrangement import Addition, Arrangement, Part, PartUse
from pressrun.model.brand import Authored, Brand
from pressrun.model.design import Design, DesignFile
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
from pressrun.providers.fpo import FpoProvider
from pressrun.providers.library import LibraryProvider
from pressrun.providers.openai import OpenAIProvider
from pressrun.readers.suggestion import did_you_mean
from pressrun.steps import (
    blend,
    blur,
    border,
    crop,
    cutout,
    denoise,
    duotone,
    extend,
    flip,
    gradient_map,
    grain,
    harmonise,
    lut,
    mask,
    pixelate,
    recipe,
    rotate,
    round_corners,
    shadow,
    sharpen,
    tint,
    tone,
    upscale,
    vignette,
)  # fmt: skip
from pressrun.stores.cloud import CloudOptions
from pressrun.stores.folder.options import FolderOptions
from pressrun.stores.postgres import PostgresOptions
from pressrun.stores.sqlite import SqliteOptions

LAYERS: dict[str, type[LayerOptions]] = {
    "image": ImageLayer,
    "shade": ShadeLayer,
    "shape": ShapeLayer,
    "text": TextLayer,
    "logo": LogoLayer,
    "code": CodeLayer,
    "artwork": ArtworkLayer,
    "group": GroupLayer,
    "table": TableLayer,
    "stack": StackLayer,
    "grid": GridLayer,
}
FORMATS: dict[str, FormatKind] = {
    kind.name: kind
    for kind in (
        press_pdf.PRESS_PDF, press_pdf.PRESS_PDF_X1A, screen_pdf.SCREEN_PDF, raster.PROOF_PNG,
        plates.SEPARATIONS, plates.INK_MAP,
        raster.PNG, raster.JPEG, raster.WEBP, raster.AVIF,
    )
}  # fmt: skip
PROVIDERS: dict[str, type[Authored]] = {
    "fpo": FpoProvider,
    "openai": OpenAIProvider,
    "library": LibraryProvider,
}
STEPS: dict[str, type[StepOptions]] = {  # in the order in which they are sound and cheap
    "recipe": recipe.RecipeStep,
    "cutout": cutout.CutoutStep,
    "extend": extend.ExtendStep,
    "crop": crop.CropStep,
    "rotate": rotate.RotateStep,
    "flip": flip.FlipStep,
    "upscale": upscale.UpscaleStep,
    "denoise": denoise.DenoiseStep,
    "tone": tone.ToneStep,
    "harmonise": harmonise.HarmoniseStep,
    "duotone": duotone.DuotoneStep,
    "tint": tint.TintStep,
    "gradient-map": gradient_map.GradientMapStep,
    "lut": lut.LutStep,
    "mask": mask.MaskStep,
    "blend": blend.BlendStep,
    "border": border.BorderStep,
    "round": round_corners.RoundStep,
    "pixelate": pixelate.PixelateStep,
    "blur": blur.BlurStep,
    "shadow": shadow.ShadowStep,
    "sharpen": sharpen.SharpenStep,
    "grain": grain.GrainStep,
    "vignette": vignette.VignetteStep,
}
CHECKS: dict[str, Check] = {
    "text-fit": text_fit,
    "glyphs": glyphs,
    "markup": markup,
    "resolution": resolution,
    "empty-pictures": empty_pictures,
    "stand-ins": stand_ins,
    "subjects-in-sight": subjects_in_sight,
    "safe-area": safe_area,
    "bleed": bleed,
    "folds": folds,
    "white-in-bleed": white_in_bleed,
    "contrast": contrast,
    "logo-contrast": logo_contrast,
    "legibility": legibility,
    "overlap": overlap,
    "code-size": code_size,
    "code-contrast": code_contrast,
    "code-place": code_place,
    "code-reading": code_reading,
    "registration": registration,
    "fine-print": fine_print,
    "placed-pages": placed_pages,
    "total-ink": total_ink,
    "subject": text_on_subject,
    "written-files": written_files,
}
# What needs no page to look at, only the sheet as it is settled: told before anything is bought.
CHECKS_BEFORE_DRAWING = (
    "text-fit", "glyphs", "markup", "resolution", "bleed", "folds", "safe-area", "code-size", "code-place",
    "registration", "fine-print", "subject", "placed-pages", "overlap",
)  # fmt: skip
# What can be told of others before, as far as it hangs on no picture.
FORETOLD: dict[str, Check] = {"contrast": flat_contrast}
STORES: dict[str, type[StoreOptions]] = {
    "folder": FolderOptions,
    "cloud": CloudOptions,
}
JOURNALS: dict[str, type[JournalOptions]] = {
    "sqlite": SqliteOptions,
    "postgres": PostgresOptions,
}
DESIGNS: dict[str, Callable[[DesignFile], Design]] = {
    ".pdf": read_form,
    ".svg": read_svg,
}
"""Readers of designs that exist, by the ending of their files' names."""
EXECUTORS: dict[str, type[ExecutorOptions]] = {
    "local": LocalOptions,
    "threads": ThreadOptions,
    "inline": InlineOptions,
    "dask": DaskOptions,
}


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


def _union(entries: dict[str, type[Any]]) -> Any:
    models = tuple(entries.values())
    if len(models) == 1:
        return models[0]
    return Annotated[functools.reduce(operator.or_, models), Field(discriminator="type")]


@functools.cache
def layout_model() -> type[Layout]:
    """The layout file's model, its ``layers`` closed to the known ones."""
    layer: Any = _union({**LAYERS, "page": PageOptions})
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
    for name in containers():
        said: Any = (listed, _described(LAYERS[name], "layers", min_length=1))
        entry = LAYERS[name]
        entries[name] = create_model(entry.__name__, __base__=entry, __doc__=entry.__doc__, layers=said)
    layer: Any = _union(entries) | PartUse
    for name, entry in entries.items():
        if entry is not LAYERS[name]:
            entry.model_rebuild(_types_namespace={"AnyLayer": layer})
    return tuple[layer, ...]


def keys_of_layers() -> dict[str, frozenset[str]]:
    """What each kind of layer may say."""
    return {name: frozenset(entry.model_fields) for name, entry in LAYERS.items()}


def containers() -> frozenset[str]:
    """The kinds of layers that others may be in."""
    return frozenset(name for name, entry in LAYERS.items() if entry.CONTAINS)


def _formats_can(layout: Layout) -> Layout:
    """What the layout asks of its formats is what they can do."""
    kinds = [FORMATS[name] for name in layout.formats if name in FORMATS]
    see_through = [name for name, kind in FORMATS.items() if kind.transparent]
    grounds = (layout.ground, *(page.ground for page in layout.page_list))
    if TRANSPARENT in grounds and (layout.target == "print" or not all(kind.transparent for kind in kinds)):
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


@functools.cache
def job_model() -> type[Job]:
    """The job file's model, its provider and steps closed to the known ones."""
    slot_fields: dict[str, Any] = {
        "steps": (_steps(), _described(PictureSlot, "steps", default=())),
        "provider": (_union(PROVIDERS), _described(PictureSlot, "provider", default=None)),
    }
    slot: Any = create_model("Slot", __base__=PictureSlot, **slot_fields)
    fields: dict[str, Any] = {
        "provider": (_union(PROVIDERS), _described(Job, "provider")),
        "pictures": (dict[str, slot], _described(Job, "pictures", default={})),
        "executor": (_union(EXECUTORS) | None, _described(Job, "executor", default=None)),
        "recipes": _recipes(Job),
    }
    return create_model("JobFile", __base__=Job, **fields)


@functools.cache
def brand_model() -> type[Brand]:
    """The brand file's model, the steps of its recipes closed to the known ones."""
    return create_model("BrandFile", __base__=Brand, recipes=_recipes(Brand))


@functools.cache
def steps_model() -> type[StepsFile]:
    """Likewise of a file of steps."""
    steps: Any = (_steps(), _described(StepsFile, "steps"))
    return create_model("StepsFile", __base__=StepsFile, steps=steps, recipes=_recipes(StepsFile))


def _recipes(model: type[BaseModel]) -> Any:
    steps: Any = _steps()
    return dict[str, steps], _described(model, "recipes", default={})


def _steps() -> Any:
    """Steps as people write them: a name alone stands for the recipe of that name."""
    step: Any = Annotated[_union(STEPS), BeforeValidator(_recipe_named)]
    return tuple[step, ...]


def _recipe_named(written: Any) -> Any:
    return {"type": "recipe", "name": written} if isinstance(written, str) else written


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
