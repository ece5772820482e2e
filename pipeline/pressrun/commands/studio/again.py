"""Another take of a picture, or the same in another quality: a run of its rows alone, which is quoted first and started
under the price that was seen."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pressrun.commands.studio.answers import campaign_of, visitor_of
from pressrun.commands.studio.forks import MARGIN, QUALITIES, picture_of
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity
from pressrun.model.settings import Settings

if TYPE_CHECKING:
    from pressrun.model.project import Project

MOST_TAKES = 99
RETRY = "--retry-unknown"  # the flag of a run that writes off what was perhaps charged, and asks again
IN_DOUBT = "perhaps-charged"  # the code of what tells of such pictures


def quote(request: Request, said: Mapping[str, Any]) -> Response:
    """What a take or a quality would cost. Nothing is asked of a provider."""
    from pressrun.run.job import prepare

    run, tile, _, _ = picture_of(request)
    settings = _settings(run.project(), tile.keys, said)
    prepared = prepare(run.job_file, settings, reading=True)
    with prepared.doors:
        plan = prepared.plan
        price, wanted = plan.quoted_usd, len(plan.to_make)
        doubt = any(one.code == IN_DOUBT for one in plan.findings)
    return JSONResponse({"price_usd": None if price is None else float(price), "pictures": wanted, "doubt": doubt})


def start(request: Request, said: Mapping[str, Any]) -> Response:
    """Run the rows of the sheet for it, for no more than ``most_usd``, which whoever asks has seen."""
    run, tile, _, _ = picture_of(request)
    settings = _settings(run.project(), tile.keys, said)
    most = most_of(said)
    flags = [f"--only={settings.only}", f"--take={settings.take}", cap_flag(most)]
    flags += [f"--quality={settings.quality}"] if settings.quality else []
    flags += [RETRY] if said.get("retry") is True else []
    made = request.app.state.runs.start(campaign_of(request), run.job_file, flags)
    request.app.state.audit.add(who=visitor_of(request).who, what="again", run=run.shelf.run, sheets=[tile.id],
                                take=settings.take, quality=settings.quality or "", max_usd=most)  # fmt: skip
    return JSONResponse({"id": made.process.pid})


def most_of(said: Mapping[str, Any]) -> float:
    """What may be spent, as whoever asks has seen it, in dollars. Raises InputError."""
    most = said.get("most_usd")
    if isinstance(most, bool) or not isinstance(most, int | float) or not math.isfinite(most) or not 0 <= most < 1e6:
        raise _fault("bad-request", "say how much it may cost")
    return most


def cap_flag(most_usd: float) -> str:
    """The cap of a run whose price was seen."""
    return f"--max-cost={most_usd + (MARGIN if most_usd else 0):.4f}"


def _settings(project: Project, keys: Mapping[str, str], said: Mapping[str, Any]) -> Settings:
    take, quality = said.get("take", 1), said.get("quality", "")
    if isinstance(take, bool) or not isinstance(take, int) or not 1 <= take <= MOST_TAKES or quality not in QUALITIES:
        raise _fault("bad-request", "this take or quality there is not")
    return replace(Settings(), take=take, quality=quality or None, only=only_of(project, keys))


def only_of(project: Project, keys: Mapping[str, str]) -> str:
    """The condition of the rows with these keys. Raises InputError where no column tells them apart."""
    conditions = [
        f"{name}.{rows.key} == {json.dumps(key, ensure_ascii=False)}" for name, key in keys.items()
        if (rows := project.row_sets.get(name)) and rows.key in rows.columns
    ]  # fmt: skip
    if len(conditions) < len(keys):
        raise _fault("no-key-column", "its rows cannot be told apart by a column")
    return " and ".join(conditions)


def _fault(code: str, message: str) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message)])
