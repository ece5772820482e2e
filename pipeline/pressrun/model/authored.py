"""The base of everything people write."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Authored(BaseModel):
    """Base of everything people write: frozen; an unknown key is an error, and a number has an end."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, allow_inf_nan=False)
