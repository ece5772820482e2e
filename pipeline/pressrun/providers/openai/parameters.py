"""What is sent for one picture: by the model's facts and the server's profile, never by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from pressrun.model.picture import PictureRequest
from pressrun.providers.openai.model_facts import ModelFacts, Profile

# Sent along, but without a say in what the picture shows: the key leaves them out.
NO_SAY = frozenset({"n", "stream", "partial_images", "moderation", "safety_identifier", "response_format"})
ONLY_WITH_REFERENCES = frozenset({"input_fidelity"})
BODY_OF_EDITS = frozenset({"moderation"})  # taken by the API, though the client's method has no such argument


class CallParameters(Struct, frozen=True):
    """A call's parameters: ``named`` as the client's method takes them, ``body`` what it has no argument for.

    ``understood`` is not sent, since it is what the server takes where nothing is said; what the picture shows depends
    on it all the same.
    """

    named: dict[str, Any]
    body: dict[str, Any] = field(default_factory=dict)
    understood: dict[str, Any] = field(default_factory=dict)

    @property
    def identity(self) -> dict[str, Any]:
        """What of them decides what the picture shows."""
        every = {**self.understood, **self.named, **self.body}
        return {name: value for name, value in sorted(every.items()) if name not in NO_SAY}


def parameters(
    request: PictureRequest, model: ModelFacts, profile: Profile, wanted: dict[str, Any], seed: int | None,
    extra: dict[str, Any], takes: int = 1,
) -> CallParameters:  # fmt: skip
    """The parameters of a resolved request.

    ``wanted`` are the options people may set, in the API's names, None where unset; those that neither model nor
    server takes are left out.
    """
    edit = bool(request.references)
    width, height = request.size
    every = {"model": request.model, "n": takes, "quality": request.quality, "background": request.background,
             **wanted, "size": wanted.get("size") or f"{width}x{height}", **dict(request.options)}  # fmt: skip
    taken = taken_by(model, profile)
    if not model.known:
        # Of a model nobody knows, only what was asked for is said.
        every = {name: value for name, value in every.items() if (name, value) not in _UNSAID}
    named: dict[str, Any] = {"prompt": request.prompt}
    body = dict(profile.body)
    for name, value in every.items():
        if value is None or name not in taken or (name in ONLY_WITH_REFERENCES and not edit):
            continue
        (body if edit and name in BODY_OF_EDITS else named)[name] = value
    named.setdefault("model", request.model)  # the client insists
    if not named.get("stream"):
        named.pop("stream", None)
        named.pop("partial_images", None)
    if seed is not None and profile.seed:
        body["seed"] = seed + request.take - 1
    # Of the images API's own; what a server of another make takes where nothing is said, nobody knows.
    defaults = DEFAULTS if profile.parameters == "model" else frozenset()
    understood = {name: value for part in (named, body) for name, value in part.items() if (name, value) in defaults}
    return CallParameters(_all_but(named, understood), _all_but(body, understood) | extra, understood)


def _all_but(every: dict[str, Any], some: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in every.items() if name not in some}


def named_pictures(request: PictureRequest, files: Mapping[str, str]) -> dict[str, Any]:
    """What is sent along with an edit, by the names that it has at the server."""
    named: dict[str, Any] = {}
    if request.references:
        named["images"] = [{"file_id": files[one.digest]} for one in request.references]
    if request.mask:
        named["mask"] = {"file_id": files[request.mask.digest]}
    return named


def taken_by(model: ModelFacts, profile: Profile) -> frozenset[str]:
    """The parameters, besides the prompt, that this model takes on this server."""
    if profile.parameters != "model":
        return frozenset(profile.parameters)
    return frozenset(("model", "n", "size", *model.accepts))


DEFAULTS = frozenset({("output_format", "png"), ("moderation", "auto"), ("background", "auto")})
"""Not worth saying. Model, number, size and quality are always said: they make the price."""

_UNSAID = {("quality", "auto"), ("background", "opaque"), ("background", "auto"), ("output_format", "png"),
           ("moderation", "auto")}  # fmt: skip
