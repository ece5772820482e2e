"""What a request may say: the SDK's own parameter types first, then the rules of the model it names.

This is the one file besides the provider that imports `openai`: the promise that a rehearsed request is one the SDK
knows is only worth something if it is read from the SDK itself. The import happens inside `tables`, so that the
package loads without it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NotRequired, Required, get_args, get_origin, get_type_hints

from msgspec import Struct, field
from pydantic import TypeAdapter, ValidationError

from pressrun.providers.openai.rehearsal.models import STANDARD_SIZES, Model
from pressrun.providers.openai.rehearsal.refusal import Refusal, model_not_found

PROMPT_LIMIT = 32_000
FILES = ("image", "mask", "markup")
RANGES = {"n": (1, 10), "output_compression": (0, 100), "partial_images": (0, 3)}


class Attachment(Struct, frozen=True):
    """A picture sent along: its bytes, the name of the field it came in, and its size in pixels once it was read."""

    data: bytes
    field: str
    media_type: str
    size: tuple[int, int] = (0, 0)


class Order(Struct, frozen=True):
    """A request that passed: everything resolved, `auto` included. Sizes in pixels."""

    endpoint: str
    model: Model
    prompt: str
    width: int
    height: int
    quality: str
    n: int
    background: str
    output_format: str
    compression: int
    stream: bool
    partial_images: int
    references: tuple[Attachment, ...] = ()
    mask: Attachment | None = None
    safety_identifier: str | None = None
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> str:
        return f"{self.width}x{self.height}"


class ParameterTable:
    """The parameters of one call: a validator for each name, and which of them must be there."""

    def __init__(self, *kinds: Any, skip: tuple[str, ...] = ()) -> None:
        self.types: dict[str, Any] = {}
        self.required: list[str] = []
        for kind in kinds:
            for name, hint in get_type_hints(kind, include_extras=True).items():
                needed = get_origin(hint) is Required
                self.types[name] = get_args(hint)[0] if needed or get_origin(hint) is NotRequired else hint
                if needed and name not in self.required:
                    self.required.append(name)
        # `stream` is False in one TypedDict and True in the other; together it is a bool.
        if "stream" in self.types:
            self.types["stream"] = bool | None
            self.required = [name for name in self.required if name != "stream"]
        self._skip = skip
        self._adapters: dict[str, TypeAdapter[Any]] = {}

    def check(self, values: Mapping[str, Any], *, strict: bool, prefix: str = "") -> dict[str, Any]:
        """The values, converted where they came as text (`strict` false); raises a `Refusal` for the first fault."""
        for name in values:
            if name not in self.types:
                raise unknown(prefix + name)
        for name in self.required:
            if name not in values and name not in self._skip:
                raise missing(prefix + name)
        return {name: self._value(name, value, strict, prefix) for name, value in values.items()}

    def _value(self, name: str, value: Any, strict: bool, prefix: str) -> Any:
        if name in self._skip:
            return value
        adapter = self._adapters.get(name)
        if adapter is None:
            adapter = self._adapters[name] = TypeAdapter(self.types[name])
        try:
            checked = adapter.validate_python(value, strict=strict)
        except ValidationError as error:
            raise _wrong(prefix + name, value, error) from None
        _no_strangers(prefix + name, value, checked)
        return checked


@cache
def tables() -> dict[str, ParameterTable]:
    """The tables by call, read from the SDK that is installed."""
    from openai.types import batch_create_params, file_create_params, image_edit_params, image_generate_params
    from openai.types.responses import (
        ResponseInputImageParam,
        ResponseInputTextParam,
        response_create_params,
        tool_param,
    )

    edits = ParameterTable(
        image_edit_params.ImageEditParamsNonStreaming, image_edit_params.ImageEditParamsStreaming, skip=FILES
    )
    generations = ParameterTable(
        image_generate_params.ImageGenerateParamsNonStreaming, image_generate_params.ImageGenerateParamsStreaming
    )
    # The API takes it on edits too, though the SDK's method has no such argument (people send it as `extra_body`).
    edits.types["moderation"] = generations.types["moderation"]
    return {
        "generations": generations,
        "edits": edits,
        "files": ParameterTable(file_create_params.FileCreateParams, skip=("file",)),
        "batches": ParameterTable(batch_create_params.BatchCreateParams),
        "responses": ParameterTable(
            response_create_params.ResponseCreateParamsNonStreaming,
            response_create_params.ResponseCreateParamsStreaming,
            skip=("input", "tools"),
        ),
        "tool": ParameterTable(tool_param.ImageGeneration),
        "input_text": ParameterTable(ResponseInputTextParam),
        "input_image": ParameterTable(ResponseInputImageParam),
    }


def read_order(
    endpoint: str,
    values: Mapping[str, Any],
    models: Mapping[str, Model],
    *,
    strict: bool,
    table: str | None = None,
    prefix: str = "",
    prompt: str | None = None,
) -> Order:
    """One image order from a request's fields (files already read); raises `Refusal`.

    `endpoint` is generations or edits; `table` names another table (the Responses tool), `prefix` what its
    parameters are called in messages, and `prompt` is what it was asked, since the tool's fields do not say.
    """
    fields = tables()[table or endpoint].check(values, strict=strict, prefix=prefix)
    prompt = fields["prompt"] if prompt is None else prompt
    _check_prompt(prompt)
    name = fields.get("model")
    if not name:
        raise Refusal(400, "you must provide a model parameter", param="model", code="missing_required_parameter")
    if name not in models:
        raise model_not_found(name)
    model = models[name]
    for key, (low, high) in RANGES.items():
        _check_range(prefix + key, fields.get(key), low, high)
    width, height = _size(fields.get("size") or "auto", model, prefix)
    output_format = fields.get("output_format") or "png"
    _check_format(fields, output_format, model, prefix)
    compression = fields.get("output_compression")
    _check_switches(fields, model, prefix)
    return Order(
        endpoint=f"/v1/images/{endpoint}",
        model=model,
        prompt=prompt,
        width=width,
        height=height,
        quality=_quality(fields.get("quality") or "auto", model, prefix),
        n=fields.get("n") or 1,
        background="transparent" if fields.get("background") == "transparent" else "opaque",
        output_format=output_format,
        compression=100 if compression is None else compression,
        stream=bool(fields.get("stream")),
        partial_images=fields.get("partial_images") or 0,
        safety_identifier=fields.get("safety_identifier") or fields.get("user"),
        said=fields,
    )


def unknown(name: str) -> Refusal:
    return Refusal(400, f"Unknown parameter: '{name}'.", param=name, code="unknown_parameter")


def missing(name: str) -> Refusal:
    return Refusal(400, f"Missing required parameter: '{name}'.", param=name, code="missing_required_parameter")


def invalid_value(name: str, message: str, kind: str = "invalid_request_error") -> Refusal:
    return Refusal(400, message, param=name, code="invalid_value", kind=kind)


def too_long(name: str, most: int, got: int) -> Refusal:
    return Refusal(
        400,
        f"Invalid '{name}': array too long. Expected an array with maximum length {most}, "
        f"but got an array with length {got} instead.",
        param=name,
        code="array_above_max_length",
    )


def _no_strangers(name: str, given: Any, checked: Any) -> None:
    # A TypedDict drops keys it does not know; the API refuses them.
    if isinstance(given, dict) and isinstance(checked, dict):
        for key in given:
            if key not in checked:
                raise unknown(f"{name}.{key}")
            _no_strangers(f"{name}.{key}", given[key], checked[key])


def _wrong(name: str, value: Any, error: ValidationError) -> Refusal:
    first = error.errors(include_url=False)[0]
    place = ".".join([name, *(str(part) for part in first["loc"] if isinstance(part, str) and part.islower())])
    if first["type"] == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(first.get("ctx", {}).get("expected", "")))
        names = ", ".join(f"'{one}'" for one in allowed[:-1]) + (f", and '{allowed[-1]}'" if allowed else "")
        return invalid_value(name, f"Invalid value: '{value}'. Supported values are: {names.removeprefix(', and ')}.")
    if first["type"] == "missing":
        return missing(place)
    wanted = first["type"].removesuffix("_type").removesuffix("_parsing").replace("int", "integer")
    return Refusal(
        400,
        f"Invalid type for '{name}': expected {_article(wanted)}, but got {_article(_json_name(value))} instead.",
        param=name,
        code="invalid_type",
    )


def _article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _json_name(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "decimal number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null value")


def _check_prompt(prompt: str) -> None:
    if not prompt:
        raise Refusal(
            400,
            "Invalid 'prompt': empty string. Expected a string with minimum length 1, but got an empty string instead.",
            param="prompt",
            code="empty_string",
        )
    if len(prompt) > PROMPT_LIMIT:
        raise Refusal(
            400,
            f"Invalid 'prompt': string too long. Expected a string with maximum length {PROMPT_LIMIT}, "
            f"but got a string with length {len(prompt)} instead.",
            param="prompt",
            code="string_above_max_length",
        )


def _check_range(name: str, value: int | None, low: int, high: int) -> None:
    if value is None or low <= value <= high:
        return
    side, sign, bound, code = (
        ("above maximum", "<=", high, "integer_above_max_value")
        if value > high
        else ("below minimum", ">=", low, "integer_below_min_value")
    )
    raise Refusal(
        400,
        f"Invalid '{name}': integer {side} value. Expected a value {sign} {bound}, but got {value} instead.",
        param=name,
        code=code,
    )


def _size(text: str, model: Model, prefix: str) -> tuple[int, int]:
    if text == "auto":
        return 1024, 1024
    found = re.fullmatch(r"(\d+)x(\d+)", text)

    def refuse(why: str) -> Refusal:
        return invalid_value(f"{prefix}size", f"Invalid size '{text}'. {why}", kind="image_generation_user_error")

    if not found:
        raise refuse("Expected WIDTHxHEIGHT or 'auto'.")
    width, height = int(found[1]), int(found[2])
    if not model.any_size:
        if text not in STANDARD_SIZES:
            names = ", ".join(f"'{size}'" for size in ("1024x1024", "1024x1536", "1536x1024"))
            raise invalid_value(f"{prefix}size", f"Invalid value: '{text}'. Supported values are: {names}, and 'auto'.")
        return width, height
    if width % 16 or height % 16 or not width or not height:
        raise refuse("Width and height must both be divisible by 16.")
    if max(width, height) > 3840:
        raise refuse("The longest edge must be less than or equal to 3840.")
    if max(width, height) > 3 * min(width, height):
        raise refuse("The aspect ratio must be between 1:3 and 3:1.")
    if width * height < 655_360:
        raise refuse("Requested resolution is below the current minimum pixel budget.")
    if width * height > 8_294_400:
        raise refuse("Requested resolution exceeds the current pixel budget.")
    return width, height


def _quality(quality: str, model: Model, prefix: str) -> str:
    if quality == "auto":
        return "low"  # what `auto`, and saying nothing, resolved to where it was tried
    if quality not in model.qualities:
        names = ", ".join(f"'{one}'" for one in model.qualities)
        raise invalid_value(
            f"{prefix}quality", f"Invalid value: '{quality}'. Supported values are: {names}, and 'auto'."
        )
    return quality


def _check_format(fields: Mapping[str, Any], output_format: str, model: Model, prefix: str) -> None:
    if output_format not in model.formats:
        raise Refusal(
            403,
            f"Your organization does not have access to '{output_format}' output for the model '{model.name}'.",
            param=f"{prefix}output_format",
            code="unsupported_output_format",
        )
    if fields.get("background") == "transparent" and output_format == "jpeg":
        raise invalid_value(
            f"{prefix}background",
            "Transparent background is not supported for JPEG output format",
            kind="image_generation_user_error",
        )
    if fields.get("output_compression") not in (None, 100) and output_format == "png":
        raise Refusal(
            400,
            "Compression less than 100 is not supported for PNG output format",
            kind="image_generation_user_error",
            param=f"{prefix}output_compression",
            code="invalid_png_output_compression",
        )


def _check_switches(fields: Mapping[str, Any], model: Model, prefix: str) -> None:
    # In the SDK's types for the sake of retired models; a GPT image model refuses them.
    for name in ("response_format", "style"):
        if fields.get(name) is not None:
            raise unknown(prefix + name)
    for name in ("frame_count", "frame_duration_ms", "svg"):
        if fields.get(name) is not None:
            raise invalid_value(prefix + name, f"'{prefix}{name}' needs an output_format this organization cannot use.")
    fidelity = fields.get("input_fidelity")
    if fidelity is not None and fidelity not in model.input_fidelity:
        raise Refusal(
            400,
            f"The model '{model.name}' does not support the 'input_fidelity' parameter."
            if not model.input_fidelity
            else f"The model '{model.name}' does not support input_fidelity '{fidelity}'.",
            kind="image_generation_user_error",
            param=f"{prefix}input_fidelity",
            code="invalid_input_fidelity_model",
        )
