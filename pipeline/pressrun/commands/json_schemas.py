"""JSON Schemas of what people write, for editors: drawn from the models, the open sets as the registry has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from pressrun import registry
from pressrun.layers import grid, image, text
from pressrun.layers.table import options
from pressrun.model import brand, geometry, job, output, page_sizes
from pressrun.model.geometry import Length
from pressrun.model.override import OverridesWritten
from pressrun.model.page import Page

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MODELS: dict[str, Callable[[], type[BaseModel]]] = {
    "brand": registry.brand_model,
    "layout": registry.arranged_layout_model,
    "part": registry.part_model,
    "job": registry.job_model,
    "overrides": lambda: OverridesWritten,
    "steps": registry.steps_model,
}
ABOUT = {
    "brand": "A brand: its colours, type, logos, and the look of its pictures.",
    "layout": "A page, and the layers on it from the bottom to the top.",
    "part": "Layers that several layouts use, with parameters.",
    "job": "What is to be made: rows and how they are combined, pictures, layouts and names.",
    "overrides": "Changes to single sheets, made by hand.",
    "steps": "What `pressrun retouch` does to pictures that belong to no job.",
}
USUAL_PLACES = {
    "brand": "brands/<brand>/brand.yaml",
    "layout": "templates/layouts/<folder>/<layout>.yaml",
    "part": "templates/parts/<part>.yaml",
    "job": "jobs/<job>.yaml",
    "overrides": "jobs/<overrides>.yaml",
    "steps": "steps/<steps>.yaml",
}

TAKES = "x-takes"  # joined to the description of the key when it is drawn

_NUMBER = r"-?\d+(\.\d+)?"
_UNITS = r"(pt|mm|cm|in|px|%)"
LENGTH: JsonSchemaValue = {
    TAKES: "A length: a number with mm, cm, in, pt, px or % (of the box named by `in`); 0 needs no unit.",
    "anyOf": [{"type": "string", "pattern": rf"^\s*{_NUMBER}\s*{_UNITS}\s*$"}, {"const": 0}],
}
FRACTION: JsonSchemaValue = {
    TAKES: "A percentage like 75%, or a number from 0 to 1.",
    "anyOf": [{"type": "string", "pattern": rf"^\s*{_NUMBER}\s*%\s*$"}, {"type": "number"}],
}
SIZE_NAMES: JsonSchemaValue = {
    TAKES: "The name of a page size, which `pressrun explain sizes` lists.",
    "enum": list(dict.fromkeys(form for name in page_sizes.page_sizes() for form in (name, name.lower()))),
}
_LENGTHS: JsonSchemaValue = {"type": "array", "items": LENGTH}
# What the parsers in the models take, by parser: pydantic cannot see into them.
PARSED: dict[Callable[..., Any], JsonSchemaValue] = {
    geometry.parse_length: LENGTH,
    geometry.parse_fraction: FRACTION,
    page_sizes.parse_page_size: {
        TAKES: "`WIDTH x HEIGHT` with units, a list of the two, or the name of a page size.",
        "anyOf": [
            SIZE_NAMES,
            {"type": "string", "pattern": rf"^\s*{_NUMBER}\s*{_UNITS}\s+x\s+{_NUMBER}\s*{_UNITS}\s*$"},
            {**_LENGTHS, "minItems": 2, "maxItems": 2},
        ],
    },
    geometry._parse_edges: {
        TAKES: "One length for all edges, two (above and below, at the sides), or four: top, right, bottom, left.",
        "anyOf": [LENGTH, *({**_LENGTHS, "minItems": count, "maxItems": count} for count in (2, 4))],
    },
    brand._leading: {
        TAKES: "A number of em from 0.5 to 4, or a length such as 14pt.",
        "anyOf": [{"type": "number", "exclusiveMinimum": 0.5, "exclusiveMaximum": 4}, LENGTH],
    },
    grid._columns: {
        TAKES: "A number of columns, or a list of lengths and of numbers for shares of the rest.",
        "anyOf": [
            {"type": "integer", "minimum": 1, "maximum": 100},
            {"type": "array", "items": {"anyOf": [LENGTH, {"type": "number", "exclusiveMinimum": 0}]}, "minItems": 1},
        ],
    },
    grid._gaps: {
        TAKES: "One length, or two: between columns and between rows.",
        "anyOf": [LENGTH, {**_LENGTHS, "minItems": 2, "maxItems": 2}],
    },
    image._focus: {
        TAKES: "A list of two fractions, `50% 30%`, a box `x y width height`, `auto`, or a template of one of these.",
        "anyOf": [
            {"type": "array", "items": FRACTION, "minItems": 2, "maxItems": 2},
            {"type": "string"},
            {"type": "null"},
        ],
    },
    text._sizes: {
        TAKES: "A length in pt, mm, cm, in or px, or a list of two.",
        "anyOf": [LENGTH, {**_LENGTHS, "minItems": 2, "maxItems": 2}],
    },
    options._width: {
        TAKES: "A length, `content`, or a share like 2fr.",
        "anyOf": [LENGTH, {"const": "content"}, {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*fr\s*$"}],
    },
    job._parse_pixels: {
        TAKES: "Width and height in pixels, like 1024x1536.",
        "type": "string",
        "pattern": r"^\s*\d+\s*[x×]\s*\d+\s*$",
    },
}
# What validators ask beyond the types, by model and key.
DETAILS: dict[tuple[str, str], JsonSchemaValue] = {
    ("Swatch", "srgb"): {"pattern": "^#[0-9A-Fa-f]{6}$"},
    ("Swatch", "cmyk"): {"prefixItems": [{"type": "number", "minimum": 0, "maximum": 100}] * 4},
    ("Page", "size"): SIZE_NAMES,
    ("LayoutFile", "formats"): {"items": {"enum": list(registry.FORMATS)}},
    ("JobFile", "date"): {"pattern": r"^\d{4}-\d{2}-\d{2}$"},
}
# What a block may be instead of keys: a text alone.
SHORTHANDS: dict[Any, JsonSchemaValue] = {Page._sized: SIZE_NAMES, output._output: {"const": output.ONE_PDF}}
# Blocks of which one of several keys must be there.
ONE_OF: dict[str, tuple[str, ...]] = {"Page": ("size", "trim")}
# A variable or a parameter stands for any value.
VARIABLE: JsonSchemaValue = {"type": "string", "pattern": r"^\$[A-Za-z_][A-Za-z0-9_-]*$"}


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a kind of file: a key of MODELS."""
    whole = drawn(kind)
    return dict(_joined(_with_variables(whole) if kind in ("layout", "part") else whole))


def drawn_model(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of any model that people write, with what a key takes (TAKES) apart from what it is for."""
    return dict(_tidied(model.model_json_schema(schema_generator=EditorSchema, mode="validation")))


def drawn(kind: str) -> dict[str, Any]:
    """The same of a kind of file, with all that is asked beyond the types."""
    drawn = drawn_model(MODELS[kind]())
    models = {**drawn.get("$defs", {}), str(drawn.get("title")): drawn}
    named = {name: _behind_shorthand(model) for name, model in models.items()}
    for (model, key), detail in DETAILS.items():
        if model in named:
            named[model]["properties"][key].update(detail)
    for model, keys in ONE_OF.items():
        if model in named:
            named[model]["required"] = [key for key in named[model]["required"] if key not in keys]
            named[model]["oneOf"] = [{"required": [key]} for key in keys]
    if layout := named.get("LayoutFile"):  # one that extends another need not say it all
        needed = [key for key in layout.pop("required") if key != "layers"]
        whole = [{"required": [*needed, key]} for key in ("layers", "pages")]
        layout["anyOf"] = [{"required": ["extends"]}, *whole]
    if page := named.get("OnePage"):  # which has what it does not say from its layout
        page["properties"]["page"].update(anyOf=[_without_one_of(models["Page"]), {"type": "null"}])
    return {"$schema": DIALECT, **drawn, "title": f"Pressrun {kind}", "description": ABOUT[kind]}


def _without_one_of(node: Any) -> Any:
    """A block of which no key must be there."""
    if isinstance(node, list):
        return [_without_one_of(part) for part in node]
    if not isinstance(node, dict):
        return node
    return {key: _without_one_of(part) for key, part in node.items() if key not in ("oneOf", "required")}


def _with_variables(node: Any) -> Any:
    """Variables may stand in place of any value of a block or a list."""
    if isinstance(node, list):
        return [_with_variables(part) for part in node]
    if not isinstance(node, dict):
        return node
    below = {key: part if key in ("if", "properties", "items") else _with_variables(part) for key, part in node.items()}
    if "properties" in node:
        below["properties"] = {
            key: part if key == "type" else _or_variable(_with_variables(part))
            for key, part in node["properties"].items()
        }  # fmt: skip
    if "items" in node:
        below["items"] = _or_variable(_with_variables(node["items"]))
    return below


def _or_variable(schema: JsonSchemaValue) -> JsonSchemaValue:
    said = {key: schema[key] for key in ("description", "default", TAKES) if key in schema}
    return {"if": VARIABLE, "then": True, "else": schema, **said}


def _behind_shorthand(model: dict[str, Any]) -> dict[str, Any]:
    """A block's own keys; what pydantic says of them besides is moved to them from the shorthand."""
    if "else" not in model:
        return model
    block: dict[str, Any] = model["else"]
    block["additionalProperties"] = model.pop("additionalProperties")
    return block


class EditorSchema(GenerateJsonSchema):
    """Draws what the parsers in front of a type take, not only the type behind them."""

    unseen: list[str]  # parsers of which nothing is known, for the test that there are none

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.unseen = []

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        function = schema["function"]["function"]
        if function in PARSED:
            return dict(PARSED[function])
        inner = self.generate_inner(schema["schema"])
        if function in SHORTHANDS:
            return {"if": {"type": "string"}, "then": SHORTHANDS[function], "else": inner}
        if function is brand._resolve_aliases:
            alias = {"type": "string", "description": "The name of another colour, which this one repeats."}
            return {**inner, "additionalProperties": {"anyOf": [inner["additionalProperties"], alias]}}
        return self._with_shorthand(function, inner)

    def _with_shorthand(self, function: Callable[..., Any], inner: JsonSchemaValue) -> JsonSchemaValue:
        """Find out by asking what text alone stands for: a list of it, a mapping with it, or nothing but itself."""
        probe = "probe"
        try:
            answer = function(probe)
        except (TypeError, ValueError):
            self.unseen.append(getattr(function, "__qualname__", repr(function)))
            return inner
        if answer in ((probe,), [probe]) or (isinstance(answer, Mapping) and probe in answer.values()):
            return {"anyOf": [{"type": "string"}, inner]}
        return inner

    def union_schema(self, schema: core_schema.UnionSchema) -> JsonSchemaValue:
        """A layer or the use of a part: told apart by the key `use`, so that editors complain of the one meant."""
        drawn = super().union_schema(schema)
        of = {"PartUse" in str(one.get("$ref", "")): one for one in drawn.get("anyOf", ())}
        return {"if": {"required": ["use"]}, "then": of[True], "else": of[False]} if True in of else drawn

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """A union as conditions on its tag: editors then complain of the key, not that nothing fits."""
        drawn = super().tagged_union_schema(schema)
        mapping: dict[str, str] | None = drawn.get("discriminator", {}).get("mapping")
        tag = drawn.get("discriminator", {}).get("propertyName")
        if not mapping or not tag:  # told apart by what it looks like
            return {"anyOf": drawn.pop("oneOf"), **drawn}
        conditions = [
            {"if": {"properties": {tag: {"const": name}}, "required": [tag]}, "then": {"$ref": reference}}
            for name, reference in mapping.items()
        ]
        return {"type": "object", "required": [tag], "properties": {tag: {"enum": list(mapping)}}, "allOf": conditions}

    def encode_default(self, dft: Any) -> Any:
        return super().encode_default(_as_written(dft))


def _joined(node: Any) -> Any:
    """What a key takes becomes a part of its description, which is all that editors show."""
    if isinstance(node, list):
        return [_joined(part) for part in node]
    if not isinstance(node, dict):
        return node
    joined = {key: _joined(part) for key, part in node.items() if key != TAKES}
    if TAKES in node:
        joined["description"] = f"{node.get('description', '')} {node[TAKES]}".strip()
    return joined


def _as_written(value: Any) -> Any:
    """A default as one would write it in the file."""
    if isinstance(value, Length):
        return str(value) if value.value else 0
    if isinstance(value, BaseModel):
        written = value.model_dump(by_alias=True, exclude_defaults=True)
        return {key: _as_written(part) for key, part in written.items()}
    if isinstance(value, tuple | list):
        parts = [_as_written(part) for part in value]
        return parts[0] if len(parts) == 4 and isinstance(value[0], Length) and len(set(value)) == 1 else parts
    return value


def _tidied(node: Any) -> Any:
    """Docstrings as prose, without the titles that only repeat a key."""
    if isinstance(node, list):
        return [_tidied(part) for part in node]
    if not isinstance(node, dict):
        return node
    tidy = {key: _tidied(part) for key, part in node.items()}
    if isinstance(tidy.get("description"), str):
        tidy["description"] = re.sub(r"\s+", " ", tidy["description"].replace("``", "`")).strip()
    for part in tidy.get("properties", {}).values() if isinstance(tidy.get("properties"), dict) else ():
        if isinstance(part, dict):
            part.pop("title", None)
    return tidy
