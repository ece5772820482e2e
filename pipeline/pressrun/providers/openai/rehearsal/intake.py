"""Bodies: JSON and multipart in, plain fields and attachments out; and the rules about the files themselves."""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from PIL import Image

from pressrun.providers.openai.rehearsal.models import Model
from pressrun.providers.openai.rehearsal.protocol import Attachment, invalid_value, missing, too_long
from pressrun.providers.openai.rehearsal.refusal import Refusal

MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")
MOST_REFERENCES = 16
REFERENCE_BYTES = 50 * 1024 * 1024
MASK_BYTES = 4 * 1024 * 1024


class Part(Struct, frozen=True):
    """One part of a multipart body; `filename` is None for a plain field."""

    name: str
    filename: str | None
    media_type: str
    data: bytes


def read_json(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        raise Refusal(
            400,
            "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP "
            "library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)",
        ) from None
    if not isinstance(value, dict):
        raise Refusal(400, "Invalid body: expected an object.", code="invalid_type")
    return value


def read_multipart(content_type: str, body: bytes) -> list[Part]:
    found = re.search(r'boundary="?([^";]+)"?', content_type)
    if not found:
        raise Refusal(400, "Could not parse multipart form: no boundary.")
    parts: list[Part] = []
    for chunk in (b"\r\n" + body).split(b"\r\n--" + found[1].encode())[1:]:
        if chunk.startswith(b"--"):
            return parts
        head, blank, data = chunk.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if not blank:
            break
        lines = [line.partition(":") for line in head.decode("utf-8", "replace").split("\r\n")]
        headers = {before.strip().lower(): after.strip() for before, _, after in lines}
        said = headers.get("content-disposition", "")
        name = re.search(r'[; ]name="([^"]*)"', said)
        filename = re.search(r'filename="([^"]*)"', said)
        if not name:
            break
        media_type = headers.get("content-type", "application/octet-stream" if filename else "text/plain")
        parts.append(Part(name[1], filename[1] if filename else None, media_type, data))
    raise Refusal(400, "Could not parse multipart form: it ends too early.")


def fields_of(parts: list[Part]) -> dict[str, Any]:
    """The plain fields: `a[b]` becomes a nested object; true and false become booleans, numbers stay text."""
    fields: dict[str, Any] = {}
    for part in parts:
        if part.filename is not None:
            continue
        text = part.data.decode("utf-8", "replace")
        value: Any = {"true": True, "false": False}.get(text, text)
        keys = re.findall(r"[^\[\]]+", part.name)
        place = fields
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1]] = value
    return fields


def files_of(parts: list[Part]) -> tuple[list[Attachment], Attachment | None, Attachment | None]:
    """The input images, the mask and the markup of a multipart edit."""
    images = [part for part in parts if part.filename is not None and part.name in ("image", "image[]")]
    listed = any(part.name == "image[]" for part in images)
    references = [
        Attachment(part.data, f"image[{index}]" if listed else "image", part.media_type)
        for index, part in enumerate(images)
    ]
    others = {
        part.name: Attachment(part.data, part.name, part.media_type)
        for part in parts
        if part.filename is not None and part.name in ("mask", "markup")
    }
    return references, others.get("mask"), others.get("markup")


def pictures_of(
    values: dict[str, Any], fetch: Callable[[str], Attachment]
) -> tuple[list[Attachment], Attachment | None, Attachment | None]:
    """The same from a JSON edit: `images: [{file_id | image_url}]`, `mask: {…}`. `fetch` reads an uploaded file."""
    if "images" not in values:
        raise missing("images")
    listed = values.pop("images")
    if not isinstance(listed, list):
        raise Refusal(400, "Invalid type for 'images': expected an array.", param="images", code="invalid_type")
    references = [_linked(f"images[{index}]", one, fetch) for index, one in enumerate(listed)]
    mask, markup = (
        _linked(name, values.pop(name), fetch) if values.get(name) is not None else None for name in ("mask", "markup")
    )
    return references, mask, markup


def _linked(name: str, said: Any, fetch: Callable[[str], Attachment]) -> Attachment:
    if not isinstance(said, dict) or len(said) != 1 or not {"file_id", "image_url"} & set(said):
        raise invalid_value(
            name, f"Invalid '{name}': expected an object with exactly one of 'file_id' and 'image_url'."
        )
    if "file_id" in said:
        return replace(fetch(str(said["file_id"])), field=name)
    return data_url(name, str(said["image_url"]))


def data_url(name: str, url: str) -> Attachment:
    """A picture given as a data URL. Any other address is refused: the rehearsal fetches nothing."""
    found = re.fullmatch(r"data:([\w/+.-]+);base64,(.*)", url, re.DOTALL)
    if not found:
        raise Refusal(
            400,
            f"Failed to download image from {url[:80]}. (The rehearsal fetches nothing: send a data URL or a file_id.)",
            param=name,
            code="failed_to_download_image",
        )
    try:
        return Attachment(base64.b64decode(found[2], validate=True), name, found[1])
    except binascii.Error:
        raise Refusal(400, "Invalid base64 image data.", param=name, code="invalid_base64_image") from None


def check_files(
    model: Model, references: list[Attachment], mask: Attachment | None, markup: Attachment | None
) -> tuple[tuple[Attachment, ...], Attachment | None]:
    """Every rule about the files: how many, how heavy, which kinds, and that the mask fits the first picture."""
    if not references:
        raise missing("image")
    if len(references) > MOST_REFERENCES:
        raise too_long("image", MOST_REFERENCES, len(references))
    opened = tuple(_open(one, REFERENCE_BYTES, MEDIA_TYPES) for one in references)
    if markup is not None:
        if not model.markup:
            raise Refusal(
                400,
                f"The model '{model.name}' does not support the 'markup' parameter.",
                kind="image_generation_user_error",
                param="markup",
                code="unsupported_parameter",
            )
        if mask is not None:
            raise invalid_value("markup", "'markup' cannot be combined with 'mask'.", "image_generation_user_error")
        _overlay(_open(markup, REFERENCE_BYTES, ("image/png",)), opened[0])
    if mask is None:
        return opened, None
    mask = _open(mask, MASK_BYTES, ("image/png",))
    _overlay(mask, opened[0])
    return opened, mask


def _open(one: Attachment, most: int, kinds: tuple[str, ...]) -> Attachment:
    if one.media_type not in kinds:
        names = ", ".join(f"'{kind}'" for kind in kinds[:-1]) + (", and " if kinds[1:] else "") + f"'{kinds[-1]}'"
        raise Refusal(
            400,
            f"Invalid file '{one.field}': unsupported mimetype ('{one.media_type}'). "
            f"Supported file formats are {names}.",
            param=one.field,
            code="unsupported_file_mimetype",
        )
    if len(one.data) >= most:
        raise Refusal(
            400,
            f"Invalid file '{one.field}': file too large. Expected less than {most} bytes, got {len(one.data)}.",
            param=one.field,
            code="file_too_large",
        )
    try:
        with Image.open(io.BytesIO(one.data)) as picture:
            if picture.get_format_mimetype() not in kinds:
                raise OSError("another kind of picture")
            picture.load()
            return replace(one, size=picture.size)
    except (OSError, Image.DecompressionBombError, ValueError):
        raise Refusal(
            400,
            f"Invalid image file or mode for '{one.field}', please check your image file.",
            kind="image_generation_user_error",
            param=one.field,
            code="invalid_image_file",
        ) from None


def _overlay(overlay: Attachment, first: Attachment) -> None:
    if overlay.size != first.size:
        raise Refusal(
            400,
            f"Invalid {overlay.field} image format - {overlay.field} size does not match image size",
            kind="image_generation_user_error",
            param=overlay.field,
            code="invalid_image_format",
        )
    with Image.open(io.BytesIO(overlay.data)) as picture:
        if not picture.has_transparency_data:
            raise Refusal(
                400,
                f"Invalid {overlay.field} image format - {overlay.field} must have an alpha channel",
                kind="image_generation_user_error",
                param=overlay.field,
                code="invalid_image_format",
            )
