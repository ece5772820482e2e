"""What would make a call fail, or is worth knowing, before it is made and paid."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Set

from PIL import Image

from pressrun.graphics.photos.incoming import KINDS_READ, MEDIA_TYPES, Head, head_of
from pressrun.model.finding import Finding, Severity
from pressrun.model.picture import PictureRequest, Reference
from pressrun.model.provider import ReadReference
from pressrun.providers.openai.drawings import is_drawing
from pressrun.providers.openai.model_facts import Facts, ModelFacts, Profile
from pressrun.providers.openai.parameters import CallParameters, taken_by
from pressrun.providers.openai.sizes import size_fault
from pressrun.readers.suggestion import did_you_mean

OPTIONAL = (
    "quality", "output_format", "output_compression", "moderation", "input_fidelity", "safety_identifier", "stream",
    "complexity",
)  # fmt: skip
CLOSE = 90  # days before a model ends from which it is worth a warning


def kind_of(data: bytes) -> str | None:
    """The media type a picture's bytes have, whatever its file is called; None if they are no photograph of ours."""
    told = _told(data)
    return MEDIA_TYPES.get(told.kind) if told else None


def _told(data: bytes) -> Head | None:
    try:
        return head_of(io.BytesIO(data), "")
    except Exception:  # Pillow's decoders raise many kinds
        return None


def request_faults(
    request: PictureRequest,
    asked: CallParameters,
    model: ModelFacts,
    profile: Profile,
    facts: Facts,
    read: ReadReference,
) -> list[Finding]:
    """What is wrong or worth knowing of a resolved request: size, quality, length, background, references, mask."""
    found: list[Finding] = []

    def error(code: str, message: str, hint: str | None = None) -> None:
        found.append(Finding(Severity.ERROR, code, message, hint=hint))

    if not profile.any_size and model.known and asked.named.get("size") != "auto":
        fault = size_fault(model, facts.any_size, request.size)
        if fault:
            error("illegal-size", *fault)
        elif model.sizes == "any" and request.size[0] * request.size[1] > facts.any_size.proven_pixels:
            found.append(_experimental(model, request.size, facts.any_size.proven_pixels))
    if model.known and "quality" in asked.named and request.quality not in (*model.qualities, "auto"):
        hint = did_you_mean(request.quality, model.qualities, "qualities")
        error("unknown-quality", f"{model.name} has no quality '{request.quality}'", hint)
    fidelity = asked.named.get("input_fidelity")
    if model.known and fidelity not in (None, *model.fidelities):
        only = " or ".join(model.fidelities)
        error("unknown-fidelity", f"{model.name} has no input_fidelity '{fidelity}'", f"write {only}, or leave it out")
    if len(request.prompt) > model.prompt_characters:
        most = model.prompt_characters
        error("prompt-too-long", f"the prompt has {len(request.prompt)} characters; {most} are the most that are taken")
    if request.background == "transparent":
        if "background" not in asked.named:
            error("no-transparency", f"{profile.title} has no transparent background", "cut the picture out in a step")
        elif asked.named.get("output_format") == "jpeg":
            error("no-transparency", "a JPEG has no transparent background", "write output_format: png or webp")
    clash = [name for name in ("stream", "output_compression") if asked.named.get(name) not in (None, False, 100)]
    clash += ["mask"] if request.mask else []
    if (kind := asked.named.get("output_format")) in ("gif", "svg") and clash:
        error("format-conflict", f"no {kind} can be had with {' and '.join(clash)}", f"leave out {', '.join(clash)}")
    if asked.named.get("output_compression") not in (None, 100) and asked.named.get("output_format", "png") == "png":
        error("no-compression", "a PNG is never compressed with loss", "write output_format: jpeg or webp")
    found += _reference_faults(request, model, profile, read)
    return found


def _experimental(model: ModelFacts, size: tuple[int, int], proven: int) -> Finding:
    width, height = size
    message = f"{model.name} draws {width}x{height} as an experiment: results of more than {proven} pixels vary more"
    hint = "look at one before you buy many"
    return Finding(Severity.NOTE, "experimental-size", message, hint=hint)


def _reference_faults(
    request: PictureRequest, model: ModelFacts, profile: Profile, read: ReadReference
) -> list[Finding]:
    found: list[Finding] = []

    def error(code: str, message: str, hint: str | None = None) -> None:
        found.append(Finding(Severity.ERROR, code, message, hint=hint))

    if request.references and not profile.edits:
        error("no-references", f"{profile.title} draws from words alone, and takes no reference pictures")
        return found
    if len(request.references) > model.references:
        message = f"{len(request.references)} references; {model.references} are the most that are taken"
        error("too-many-references", message)
    for reference in request.references:
        found += _picture_faults(reference, read(reference.digest), model.reference_bytes)
    if request.mask is not None:
        if not request.references:
            error("mask-alone", f"the mask {request.mask.name} has no picture to lie on", "give a reference as well")
        else:
            found += _mask_faults(request.mask, request.references[0], model, read)
    return found


def _picture_faults(reference: Reference, data: bytes, most: int) -> list[Finding]:
    name = reference.name
    if kind_of(data) is None and not is_drawing(data):
        message = f"the reference {name} is no SVG, and no {KINDS_READ}"
        return [Finding(Severity.ERROR, "reference-kind", message, hint="save it as one of these")]
    if len(data) >= most:
        message = f"the reference {name} has {len(data) / 2**20:.1f} MB; it must have less than {most / 2**20:.0f}"
        return [Finding(Severity.ERROR, "reference-too-large", message, hint="save it smaller")]
    return []


def _mask_faults(mask: Reference, first: Reference, model: ModelFacts, read: ReadReference) -> list[Finding]:
    data = read(mask.digest)
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as opened:
            size, alpha = opened.size, opened.has_transparency_data
    except Exception:  # Pillow's decoders raise many kinds
        return [Finding(Severity.ERROR, "mask-kind", f"the mask {mask.name} is no PNG")]
    found = []
    if not alpha:
        hint = "make transparent what is to be changed"
        found.append(Finding(Severity.ERROR, "mask-kind", f"the mask {mask.name} has no alpha channel", hint=hint))
    if len(data) >= model.mask_bytes:
        message = f"the mask {mask.name} has {len(data) / 2**20:.1f} MB; {model.mask_bytes / 2**20:.0f} are too many"
        found.append(Finding(Severity.ERROR, "mask-too-large", message))
    below = _told(read(first.digest))
    if below is None:  # told of the reference itself
        return found
    if size != (wanted := below.as_read):
        message = (
            f"the mask {mask.name} has {size[0]}x{size[1]} pixels, the picture it lies on, {first.name}, "
            f"{wanted[0]}x{wanted[1]}"
        )
        found.append(Finding(Severity.ERROR, "mask-size", message, hint="make both the same size"))
    return found


def option_advice(
    said: Set[str], extra: Iterable[str], stream: bool, model: ModelFacts, profile: Profile
) -> list[Finding]:
    """Options that somebody wrote, and that have no effect here: better told than paid for."""
    taken = taken_by(model, profile)
    on = f"{profile.title} with {model.name}" if profile.parameters == "model" else profile.title
    idle = [name for name in OPTIONAL if name in said and name not in taken]
    if "seed" in said and not profile.seed:
        idle.append("seed")
    if "upload_references" in said and not profile.batches:
        idle.append("upload_references")
    found = [
        Finding(Severity.WARNING, "idle-option", f"`{name}` has no effect: {on} does not take it", hint="leave it out")
        for name in idle
    ]
    if "partial_images" in said and not stream:
        message = "`partial_images` has no effect: only a stream shows pictures half done"
        found.append(Finding(Severity.WARNING, "idle-option", message, hint="write stream: true as well"))
    known = (*profile.extra, *sorted(taken))
    for name in extra if known and not (profile.any_model and not profile.extra) else ():
        if name not in known:
            message = f"`extra` holds '{name}', and nobody here knows whether {profile.title} takes it"
            found.append(Finding(Severity.WARNING, "unknown-extra", message, hint=did_you_mean(name, known, "known")))
    return found


def model_advice(model: ModelFacts, profile: Profile, facts: Facts, today: dt.date) -> list[Finding]:
    """Unknown names, and models about to end."""
    if not model.known:
        if profile.any_model:
            return []
        hint = did_you_mean(model.name, facts.models, "known")
        message = f"nobody here knows the model '{model.name}': it is sent plain parameters, and has no known price"
        return [Finding(Severity.WARNING, "unknown-model", message, hint=hint)]
    if model.shutdown is None or profile.any_model:
        return []
    hint = f"{facts.default} is the default"
    if model.shutdown <= today:
        message = f"{model.name} was shut down on {model.shutdown}"
        return [Finding(Severity.WARNING, "retired-model", message, hint=hint)]
    if (model.shutdown - today).days <= CLOSE:
        message = f"{model.name} will be shut down on {model.shutdown}"
        return [Finding(Severity.WARNING, "retiring-model", message, hint=hint)]
    return []
