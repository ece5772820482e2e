"""Facts of models and servers, read from ``models.yaml`` beside it."""

from __future__ import annotations

import datetime as dt
import functools
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from pressrun.model.shipped_facts import shipped_facts

Exact = Annotated[Decimal, BeforeValidator(str)]


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SizeRule(_Facts):
    """Rules for free sizes, in pixels; above ``proven_pixels`` a size is allowed but called experimental."""

    step: int
    ratio: int
    longest: int
    least_pixels: int
    most_pixels: int
    proven_pixels: int


class Price(_Facts):
    """US dollars per million tokens."""

    text_in: Exact
    image_in: Exact
    image_out: Exact

    def times(self, part: Decimal | int) -> Price:
        """The prices, all changed by one factor."""
        return Price(text_in=self.text_in * part, image_in=self.image_in * part, image_out=self.image_out * part)


class BatchRule(_Facts):
    """Batches: how many ``requests`` and ``bytes`` one may have, its window in ``hours``, and the part of the price."""

    requests: int
    bytes: int
    hours: float
    price: Exact


class OutputTokens(_Facts):
    """Tokens of a finished picture: ``density`` is f of the formula by quality, whose result is taken ``times`` by
    quality; ``table`` tokens of the three shapes (square, tall, wide) by quality."""

    density: dict[str, int] | None = None
    times: dict[str, int] = {}
    table: dict[str, tuple[int, int, int]] | None = None


class ModelFacts(_Facts):
    """One model. ``known`` is false for a name that is in no table: its prices and rules are then unknown."""

    name: str
    known: bool = True
    sizes: Literal["any"] | tuple[str, ...] = "any"
    qualities: tuple[str, ...]
    accepts: tuple[str, ...]
    prompt_characters: int
    references: int
    reference_bytes: int
    mask_bytes: int
    reference_tokens: int
    fidelity_tokens: int = 0
    preview_tokens: int = 0
    output: OutputTokens | None = None
    price: Price | None = None
    tiers: tuple[int, ...] = ()
    fidelities: tuple[str, ...] = ("low", "high")
    batch_price: Exact | None = None
    shutdown: dt.date | None = None


class Profile(_Facts):
    """One kind of server; see the comment in the table."""

    name: str
    title: str
    base_url: str | None = None
    path: str | None = None
    hosts: tuple[str, ...] = ()
    key: str | None = None
    parameters: Literal["model"] | tuple[str, ...] = "model"
    body: dict[str, Any] = {}
    extra: tuple[str, ...] = ()
    seed: bool = False
    edits: bool = True
    priced: bool = False
    batches: bool = False
    background: bool = False
    any_model: bool = False
    any_size: bool = False
    keyed_by_address: bool = True


class Facts(_Facts):
    default: str
    any_size: SizeRule
    batch: BatchRule
    plain: ModelFacts
    models: dict[str, ModelFacts]
    profiles: dict[str, Profile]

    def model(self, name: str) -> ModelFacts:
        """A model's facts; those of a plain one where nobody knows the name. Proxies put whose it is before a name:
        `openai/gpt-image-2`."""
        found = self.models.get(name) or self.models.get(name.rpartition("/")[2]) or self.plain
        return found if found.name == name else found.model_copy(update={"name": name})


@functools.cache
def facts() -> Facts:
    """The table, read once."""
    read = shipped_facts("pressrun.providers.openai", "models.yaml")
    common = read["common"]
    models = {}
    for name, said in read["models"].items():
        own = dict(said)
        accepts = (*common["accepts"], *own.pop("accepts_too", ()))
        models[name] = {**common, "accepts": accepts, **own, "name": name}
    plain = {**common, "name": "", "known": False, "price": None}
    profiles = {name: {**said, "name": name} for name, said in read["profiles"].items()}
    return Facts.model_validate(
        {
            "default": read["default"], "any_size": read["any_size"], "batch": read["batch"], "plain": plain,
            "models": models, "profiles": profiles,
        }
    )  # fmt: skip
