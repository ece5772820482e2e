"""The open sets, one visible line an entry: to add one, write its file and name it here."""

from __future__ import annotations

import functools
import operator
from typing import Annotated, Any

from pydantic import Field, create_model

from pipeline.checks.contrast import contrast
from pipeline.checks.glyphs import glyphs
from pipeline.checks.page_edges import bleed, safe_area
from pipeline.checks.pictures import empty_pictures, stand_ins
from pipeline.checks.resolution import resolution
from pipeline.checks.subject import text_on_subject
from pipeline.checks.text_fit import text_fit
from pipeline.checks.written_files import written_files
from pipeline.errors import InputError
from pipeline.formats import press_pdf, raster
from pipeline.layers.code import CodeLayer
from pipeline.layers.image import ImageLayer
from pipeline.layers.logo import LogoLayer
from pipeline.layers.shade import ShadeLayer
from pipeline.layers.shape import ShapeLayer
from pipeline.layers.text import TextLayer
from pipeline.model.brand import Authored
from pipeline.model.finding import Finding, Severity
from pipeline.model.inspection import Check
from pipeline.model.job import Job, PictureSlot
from pipeline.model.layout import LayerOptions, Layout
from pipeline.model.rendering import FormatKind
from pipeline.model.step import StepOptions
from pipeline.providers.fpo import FpoProvider
from pipeline.providers.library import LibraryProvider
from pipeline.providers.openai_options import OpenAIProvider
from pipeline.reading.suggestion import did_you_mean
from pipeline.steps.tone import ToneStep

LAYERS: dict[str, type[LayerOptions]] = {
    "image": ImageLayer,
    "shade": ShadeLayer,
    "shape": ShapeLayer,
    "text": TextLayer,
    "logo": LogoLayer,
    "code": CodeLayer,
}
FORMATS: dict[str, FormatKind] = {
    kind.name: kind for kind in (press_pdf.PRESS_PDF, raster.PROOF_PNG, raster.PNG, raster.JPEG, raster.WEBP)
}
PROVIDERS: dict[str, type[Authored]] = {
    "fpo": FpoProvider,
    "openai": OpenAIProvider,
    "library": LibraryProvider,
}
STEPS: dict[str, type[StepOptions]] = {
    "tone": ToneStep,
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
    return create_model("LayoutFile", __base__=Layout, **fields)


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
