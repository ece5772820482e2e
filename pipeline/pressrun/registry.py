"""The open sets, one visible line an entry: to add one, write its file and name it here."""

from __future__ import annotations

import functools
import operator
from typing import Annotated, Any

from pydantic import Field, create_model, model_validator

from pressrun.checks.codes import codes
from pressrun.checks.contrast import contrast
from pressrun.checks.glyphs import glyphs
from pressrun.checks.page_edges import bleed, safe_area
from pressrun.checks.pictures import empty_pictures, stand_ins
from pressrun.checks.registration import registration
from pressrun.checks.resolution import resolution
from pressrun.checks.subject import text_on_subject
from pressrun.checks.text_fit import text_fit
from pressrun.checks.written_files import written_files
from pressrun.formats import press_pdf, raster
from pressrun.layers.code import CodeLayer
from pressrun.layers.image import ImageLayer
from pressrun.layers.logo import LogoLayer
from pressrun.layers.shade import ShadeLayer
from pressrun.layers.shape import ShapeLayer
from pressrun.layers.text import TextLayer
from pressrun.model.brand import Authored
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity
from pressrun.model.inspection import Check
from pressrun.model.job import Job, PictureSlot
from pressrun.model.layout import LayerOptions, Layout
from pressrun.model.rendering import FormatKind
from pressrun.model.sheet import TRANSPARENT
from pressrun.model.step import StepOptions
from pressrun.providers.fpo import FpoProvider
from pressrun.providers.library import LibraryProvider
from pressrun.providers.openai import OpenAIProvider
from pressrun.readers.suggestion import did_you_mean
from pressrun.steps.duotone import DuotoneStep
from pressrun.steps.tone import ToneStep

LAYERS: dict[str, type[LayerOptions]] = {
    "image": ImageLayer,
    "shade": ShadeLayer,
    "shape": ShapeLayer,
    "text": TextLayer,
    "logo": LogoLayer,
    "code": CodeLayer,
}
FORMATS: dict[str, FormatKind] = {
    kind.name: kind
    for kind in (press_pdf.PRESS_PDF, raster.PROOF_PNG, raster.PNG, raster.JPEG, raster.WEBP, raster.AVIF)
}
PROVIDERS: dict[str, type[Authored]] = {
    "fpo": FpoProvider,
    "openai": OpenAIProvider,
    "library": LibraryProvider,
}
STEPS: dict[str, type[StepOptions]] = {
    "tone": ToneStep,
    "duotone": DuotoneStep,
}
CHECKS: dict[str, Check] = {
    "text-fit": text_fit,
    "glyphs": glyphs,
    "resolution": resolution,
    "empty-pictures": empty_pictures,
    "stand-ins": stand_ins,
    "safe-area": safe_area,
    "bleed": bleed,
    "contrast": contrast,
    "codes": codes,
    "registration": registration,
    "subject": text_on_subject,
    "written-files": written_files,
}


def _union(entries: dict[str, type[Any]]) -> Any:
    models = tuple(entries.values())
    if len(models) == 1:
        return models[0]
    return Annotated[functools.reduce(operator.or_, models), Field(discriminator="type")]


@functools.cache
def layout_model() -> type[Layout]:
    """The layout file's model, its ``layers`` closed to the known ones."""
    layer: Any = _union(LAYERS)
    fields: dict[str, Any] = {"layers": (tuple[layer, ...], Field(min_length=1))}
    ways: dict[str, Any] = {"formats_can": model_validator(mode="after")(_formats_can)}
    return create_model("LayoutFile", __base__=Layout, __validators__=ways, **fields)


def _formats_can(layout: Layout) -> Layout:
    """What the layout asks of its formats is what they can do."""
    kinds = [FORMATS[name] for name in layout.formats if name in FORMATS]
    see_through = [name for name, kind in FORMATS.items() if kind.transparent]
    if layout.ground == TRANSPARENT and (layout.target == "print" or not all(kind.transparent for kind in kinds)):
        raise ValueError(f"ground: none (transparent) is for screen layouts, with {', '.join(see_through)} alone")
    for kind in kinds:
        longest = max(kind.pixels(layout.page.boxes().bleed))
        if kind.longest_edge and longest > kind.longest_edge:
            fit = [name for name, other in FORMATS.items()
                   if other.targets & kind.targets and (other.longest_edge or longest) >= longest]  # fmt: skip
            message = f"{kind.name} has at most {kind.longest_edge} pixels to an edge, and this page has {longest}"
            raise ValueError(f"{message}; formats: {', '.join(fit)}")
    return layout


@functools.cache
def job_model() -> type[Job]:
    """The job file's model, its provider and steps closed to the known ones."""
    step: Any = _union(STEPS)
    slot_fields: dict[str, Any] = {"steps": (tuple[step, ...], ())}
    slot: Any = create_model("Slot", __base__=PictureSlot, **slot_fields)
    fields: dict[str, Any] = {"provider": (_union(PROVIDERS), ...), "pictures": (dict[str, slot], {})}
    return create_model("JobFile", __base__=Job, **fields)


def provider(name: str) -> Any:
    """A provider with its defaults, by name. Raises InputError for a name that is not there."""
    if name not in PROVIDERS:
        hint = did_you_mean(name, PROVIDERS, "providers")
        raise InputError([Finding(Severity.ERROR, "unknown-provider", f"there is no provider '{name}'", hint=hint)])
    return PROVIDERS[name].model_validate({"type": name})
