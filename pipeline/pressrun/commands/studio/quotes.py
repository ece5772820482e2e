"""What a run would cost, before anybody starts it: nothing is asked of a provider, and nothing is written."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from starlette.responses import JSONResponse, Response

from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity
from pressrun.model.settings import Settings

IN_DOUBT = "perhaps-charged"  # the code of what tells of such pictures


def quoted(job: Path, settings: Settings) -> Response:
    """How many pictures a run of a job would have made, for how much (none: nobody knows), and whether some of them
    were perhaps charged before. Raises InputError."""
    from pressrun.run.planned_job import prepare

    prepared = prepare(job, settings, reading=True)
    with prepared.doors:
        plan = prepared.plan
        price, wanted = plan.quoted_usd, len(plan.to_make)
        doubt = any(one.code == IN_DOUBT for one in plan.findings)
    return JSONResponse({"price_usd": None if price is None else float(price), "pictures": wanted, "doubt": doubt})


def most_of(said: Mapping[str, Any]) -> float:
    """What may be spent, as whoever asks has seen it, in dollars. Raises InputError."""
    most = said.get("most_usd")
    if isinstance(most, bool) or not isinstance(most, int | float) or not 0 <= most < 1e6:
        message = "the most that may be spent is no amount"
        raise InputError([Finding(Severity.ERROR, "bad-request", message, hint="write dollars, such as 5")])
    return most


def cap_of(most_usd: float) -> str:
    """The flag of a run that may spend so much, and by no rounding less."""
    return f"--max-cost={math.ceil(round(most_usd * 10_000, 3)) / 10_000:.4f}"


def settings_of(flags: Sequence[str]) -> Settings:
    """What these flags of a run say, each a name with its value, or one that is said or not."""
    said: dict[str, Any] = {}
    rest = iter(flags)
    for flag in rest:
        name = flag.removeprefix("--").replace("-", "_")
        said[name] = True if isinstance(getattr(Settings, name), bool) else next(rest)
    return replace(Settings(), **said)
