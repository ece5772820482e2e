"""What a job may say of OpenAI's images, and of every server that speaks the same protocol: keys, quotes and checks.

The client itself is loaded when something is bought: it takes a second to import.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from msgspec.structs import replace
from pydantic import Field, field_validator

from pressrun.model.batch import BatchDesk, BatchOffer, LanePrice
from pressrun.model.destination import Destination, host_of, is_this_machine
from pressrun.model.errors import MissingTool
from pressrun.model.finding import Finding
from pressrun.model.paid_provider import PaidClient, PaidProvider, RateLimits
from pressrun.model.picture import PictureRequest
from pressrun.model.provider import ReadReference
from pressrun.model.settings import hosts_of
from pressrun.providers.openai import (
    conversation,
    parameters,
    prices,
    refusals,
    request_checks,
    sizes,
)
from pressrun.providers.openai.model_facts import Exact, ModelFacts, Profile, facts

ADDRESS = "OPENAI_BASE_URL"
UNPRICED = ("gif", "svg")  # several frames, or a drawing by another model: no table says how many tokens


class OpenAIProvider(PaidProvider):
    """The entry in the job: ``provider: {type: openai, model: gpt-image-2, quality: high}``.

    ``profile`` names a kind of server in the table of facts, ``base_url`` its address (else OPENAI_BASE_URL),
    ``key_from`` the environment variable with its key. ``price`` is dollars a picture where no table knows it.
    ``timeout`` in seconds; ``calls`` the most at once, ``takes_a_call`` how many takes of a picture go into one: what
    is sent along is paid once then. ``speaker`` is the language model that takes part in conversations.
    """

    RECIPE: ClassVar[int] = 1
    CONVERSES: ClassVar[bool] = True

    type: Literal["openai"] = Field(
        default="openai",
        description="OpenAI's images, and every server that speaks the same protocol.",
    )
    model: str = Field(default_factory=lambda: facts().default, description="The model that draws.")
    quality: str = Field(default="medium", description="How much care it takes, and costs: low, medium, high.")
    base_url: str | None = Field(
        default_factory=lambda: os.environ.get(ADDRESS) or None,
        validate_default=True,
        description="The server's address; left out, it is that of OPENAI_BASE_URL, or OpenAI's.",
    )
    profile: str | None = Field(
        default=None,
        description="What kind of server it is, where the address does not tell; it decides which parameters are sent.",
    )
    key_from: str | None = Field(default=None, description="The environment variable that holds its key.")
    output_format: Literal["png", "jpeg", "webp", "gif", "svg"] = Field(
        default="png",
        description="The format in which pictures come; gif and svg from models that have them, kept beside the pixels "
        "that are placed.",
    )
    output_compression: int | None = Field(
        default=None,
        ge=0,
        le=100,
        description="How well a JPEG or WebP is kept, in percent.",
    )
    moderation: Literal["auto", "low"] = Field(default="auto", description="How strictly content is filtered.")
    size: Literal["auto"] | None = Field(
        default=None,
        description="`auto` lets the model choose the size; left out, it is the master's.",
    )
    complexity: Literal["low", "medium", "high"] | None = Field(
        default=None,
        description="How long the model thinks about the picture before it draws; left out, the model's own.",
    )
    input_fidelity: Literal["low", "high"] | None = Field(
        default=None,
        description="How closely references are kept; for models that take it.",
    )
    safety_identifier: str | None = Field(
        default=None,
        description="A name that tells the server for whom pictures are made.",
    )
    stream: bool = Field(default=False, description="Whether pictures come in steps, so that previews can be shown.")
    partial_images: int = Field(default=0, ge=0, le=3, description="How many previews come with `stream`.")
    seed: int | None = Field(
        default=None,
        description="The same number draws the same picture again, on servers that take it; each take counts on "
        "from it.",
    )
    extra: dict[str, Any] = Field(default_factory=dict, description="Further parameters, sent as they are written.")
    price: Exact | None = Field(default=None, description="Dollars a picture, where no table knows it.")
    timeout: float = Field(default=900.0, gt=0, description="How long an answer is waited for, in seconds.")
    tier: int | None = Field(
        default=None,
        ge=1,
        le=5,
        description="Your account's tier at OpenAI: it decides how fast one may ask.",
    )
    images_per_minute: int | None = Field(
        default=None,
        ge=1,
        description="How many pictures a minute the account bears; in place of the tier's.",
    )
    tokens_per_minute: int | None = Field(
        default=None,
        ge=1,
        description="How many tokens a minute the account bears; in place of the tier's.",
    )
    calls: int = Field(default=64, ge=1, le=500, description="The most calls at once.")
    takes_a_call: int = Field(
        default=4,
        ge=1,
        le=10,
        description="How many takes of a picture go into one call: what is sent along is paid once then.",
    )
    speaker: str = Field(
        default="gpt-6-astra",
        description="The language model that takes part in conversations, and passes on what the background makes.",
    )
    speaker_price: Exact | None = Field(
        default=None, ge=0, description="Dollars that the language model takes a picture; left out, nobody knows."
    )

    upload_references: bool = Field(
        default=False,
        description="Upload each reference once, and name it in calls, instead of sending it along with each.",
    )
    image_hosts: tuple[str, ...] = Field(
        default=(),
        description="Hosts that pictures are fetched from where the server answers with their addresses.",
    )

    @field_validator("image_hosts", mode="before")
    @classmethod
    def _are_hosts(cls, said: Any) -> Any:
        return hosts_of(said) if isinstance(said, str) else hosts_of(",".join(map(str, said))) if said else ()

    @field_validator("profile")
    @classmethod
    def _known(cls, name: str | None) -> str | None:
        known = facts().profiles
        if name is not None and name not in known:
            raise ValueError(f"there is no profile '{name}'; there are {', '.join(known)}")
        return name

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, address: str | None) -> str | None:
        if address is not None:
            try:
                host_of(address)
            except ValueError as error:
                shown = "OPENAI_BASE_URL" if address == os.environ.get(ADDRESS) else "base_url"
                raise ValueError(f"{shown} is no address of a server: {error}") from None
        return address

    @functools.cached_property
    def server(self) -> Profile:
        """The profile: the one that is named, else the one that the address tells, else a compatible server's."""
        known = facts().profiles
        if self.profile is not None:
            return known[self.profile]
        if self.base_url is None:
            return known["openai"]
        there = urlsplit(self.base_url)
        for profile in known.values():
            if there.hostname == urlsplit(profile.base_url or "").hostname:
                return profile
            if profile.path == there.path.rstrip("/") and is_this_machine(there.netloc):
                return profile
        return known["compatible"]

    @property
    def address(self) -> str:
        found = self.base_url or self.server.base_url
        if found is None:
            raise MissingTool(f"{self.server.title} has no address of its own", "write base_url in the job's provider")
        return found

    def resolve(self, request: PictureRequest) -> PictureRequest:
        quality = self.quality if request.quality == "auto" else request.quality
        return replace(request, model=request.model or self.model, quality=quality)

    def key_parts(self, request: PictureRequest) -> dict[str, Any]:
        asked = self.asked(self.resolve(request)).identity
        if said := conversation.before(request):
            asked["conversation"] = [self.speaker, said]
        profile = self.server
        if profile.keyed_by_address:
            asked["address"] = [profile.name, self.address.rstrip("/")]
        elif profile.name != "openai":
            asked["address"] = [profile.name]
        return asked

    def identity(self, request: PictureRequest) -> Mapping[str, Any]:
        return {
            "provider": self.type, "recipe": self.RECIPE, "take": request.take,
            "references": [one.digest for one in request.references],
            "mask": request.mask.digest if request.mask else None,
            "sent": self.key_parts(request),
        }  # fmt: skip

    def together(self, request: PictureRequest) -> int:
        """Not where each take has its seed, goes on from what was said, or shows itself half done."""
        seeded = self.seed is not None and self.server.seed
        alone = seeded or self.stream or self.output_format == "svg" or conversation.before(request)
        return 1 if alone else self.takes_a_call

    def asked(self, request: PictureRequest, takes: int = 1) -> parameters.CallParameters:
        """The parameters of a resolved request."""
        wanted = {
            "output_format": self.output_format, "output_compression": self.output_compression,
            "moderation": self.moderation, "input_fidelity": self.input_fidelity, "size": self.size,
            "complexity": self.complexity,
            "safety_identifier": self.safety_identifier, "stream": self.stream, "partial_images": self.partial_images,
        }  # fmt: skip
        model = facts().model(request.model)
        return parameters.parameters(request, model, self.server, wanted, self.seed, self.extra, takes)

    def quote(self, request: PictureRequest) -> Decimal | None:
        speaks = (self.speaker_price or Decimal(0)) if conversation.before(request) else Decimal(0)
        if self.price is not None:
            return self.price + speaks
        request = self.resolve(request)
        model = facts().model(request.model)
        counted = self._counted(request, model)
        unknown = self.output_format in UNPRICED
        if counted is None or model.price is None or not self.server.priced or unknown:
            return None
        return prices.price_of(model.price, *counted) + speaks

    def why_unpriced(self, request: PictureRequest) -> tuple[str, str]:
        request = self.resolve(request)
        own = f"base_url: {self.base_url}, " if "base_url" in self.model_fields_set else ""
        write = f"write `provider: {{type: openai, {own}price: 0.04}}` with the dollars a picture costs (or --price)"
        if not self.server.priced:
            said = f"{self.server.title} at {host_of(self.address)}"
            said += "" if own else f", which {ADDRESS} names," if self.base_url else ""
            return (
                f"{said} has no prices that are known here",
                f"{write}; where OpenAI's prices hold, `profile: openai` (or --profile openai)",
            )
        model = facts().model(request.model)
        if self.output_format in UNPRICED:
            return f"nobody here knows what {self.output_format} costs", write
        if not model.known:
            return f"nobody here knows what the model '{model.name}' costs", f"{write}, or name another (--model)"
        return f"{model.name} has no known price in the quality '{request.quality}'", write

    def tokens(self, request: PictureRequest) -> int:
        request = self.resolve(request)
        return sum(self._counted(request, facts().model(request.model)) or (0,))

    def _counted(self, request: PictureRequest, model: ModelFacts) -> tuple[int, int, int] | None:
        """Tokens of text in, images in, images out."""
        drawn = sizes.dearest(model, facts().any_size) if self.size == "auto" else (request.size,)
        out = max(prices.output_tokens(model, request.quality, *size) or 0 for size in drawn)
        if not out:
            return None
        each = model.reference_tokens + (model.fidelity_tokens if self.input_fidelity == "high" else 0)
        previews = model.preview_tokens * self.partial_images if self.stream else 0
        sent = len(request.references) + (1 if request.mask else 0)
        return prices.text_tokens(request.prompt), sent * each, out + previews

    def faults(self, request: PictureRequest, read: ReadReference) -> list[Finding]:
        request = self.resolve(request)
        model = facts().model(request.model)
        return request_checks.request_faults(request, self.asked(request), model, self.server, facts(), read)

    def advice(self, today: dt.date) -> list[Finding]:
        model, server = facts().model(self.model), self.server
        said = request_checks.option_advice(self.model_fields_set, self.extra, self.stream, model, server)
        return [*request_checks.model_advice(model, server, facts(), today), *said]

    def legal_size(self, width: int, height: int) -> tuple[int, int]:
        model = facts().model(self.model)
        rule = facts().any_size
        if self.server.any_size or not model.known:  # whatever it draws, it is likely to want whole steps
            wide, high = (-(-edge // rule.step) * rule.step for edge in (width, height))
            return wide, high
        return sizes.smallest_legal(model, rule, (width, height))

    def prompt_limit(self, request: PictureRequest) -> int | None:
        return facts().model(request.model or self.model).prompt_characters

    def limits(self) -> RateLimits:
        tiers = facts().model(self.model).tiers
        by_tier = tiers[self.tier - 1] if self.tier and tiers else None
        return RateLimits(self.images_per_minute or by_tier, self.tokens_per_minute, self.calls)

    def pixels(self, request: PictureRequest) -> tuple[int, int] | None:
        return None if self.size == "auto" else request.size

    def offers(self) -> tuple[BatchOffer, ...]:
        rule, address, found = facts().batch, self.address.rstrip("/"), []
        if self.server.batches:
            found.append(BatchOffer("batch", address, rule.requests, rule.bytes, rule.hours * 3600))
        if self.server.background:
            found.append(BatchOffer("background", f"{address}/responses", 1, rule.bytes, 0, is_found=False))
        return tuple(found)

    def uploads(self) -> bool:
        return self.upload_references

    def lane_price(self, request: PictureRequest, lane: str) -> LanePrice:
        if lane == "background":
            return LanePrice(Decimal(1), more=self.speaker_price)
        if self.price is not None:
            return LanePrice(Decimal(1))  # of a price told by hand, only that is known
        own = facts().model(request.model or self.model).batch_price
        return LanePrice(facts().batch.price) if own is None else LanePrice(own, confirmed=False)

    def open_desk(self, environment: Mapping[str, str], lane: str) -> BatchDesk:
        from pressrun.providers.openai.client import Client

        client = self.open_client(environment)
        assert isinstance(client, Client)
        return client.desk(lane)

    def open_client(self, environment: Mapping[str, str]) -> PaidClient:
        from pressrun.providers.openai.client import Client

        written = environment.get(ADDRESS)
        if written and self.base_url is None:
            # It came from a .env, after the pictures were keyed by another address.
            message = f"{ADDRESS} is set in .env, where only keys are read from"
            raise MissingTool(message, "write base_url in the job's provider")
        return Client(self, environment)

    def key_variable(self, environment: Mapping[str, str]) -> str | None:
        variable = self.key_from or self.server.key
        if variable is None and self.base_url is not None and os.environ.get(ADDRESS) == self.base_url:
            variable = "OPENAI_API_KEY" if environment.get("OPENAI_API_KEY") else None
        return variable

    def destination(self, environment: Mapping[str, str]) -> Destination | None:
        address = self.base_url or self.server.base_url
        if address is None:
            return None
        host, name = host_of(address), urlsplit(address).hostname or ""
        homes = [urlsplit(self.server.base_url or "").hostname, *self.server.hosts]
        own = any(home and (name == home or (home[0] == "." and name.endswith(home))) for home in homes)
        # Of the process' own environment: what a campaign writes into its .env allows nothing.
        own = own or address == os.environ.get(ADDRESS)
        variable = self.key_variable(environment)
        meant = variable in (self.server.key, "OPENAI_API_KEY")
        return Destination(host, variable, own, meant)

    def account(self, environment: Mapping[str, str]) -> refusals.Account:
        """Whom to talk to, with the key. Raises MissingTool where one is needed and not there."""
        variable = self.key_variable(environment)
        key = environment.get(variable, "").strip() if variable else "none"
        if not key:
            raise MissingTool(
                f"there is no key for {self.server.title}",
                f"export {variable}=…, or write the line {variable}=… into a file .env beside brands/",
            )
        return refusals.Account(self.server.title, self.address, variable or "", key, self.model)
