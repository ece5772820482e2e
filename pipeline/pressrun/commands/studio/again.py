"""Another take of a picture, or the same in another quality: a run of its rows alone, which is quoted first and started
under the price that was seen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pressrun.commands.studio.answers import campaign_of, visitor_of
from pressrun.commands.studio.forks import MARGIN, QUALITIES, picture_of
from pressrun.commands.studio.quotes import cap_of, most_of, quoted
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity
from pressrun.model.settings import Settings

if TYPE_CHECKING:
    from pressrun.model.project import Project

MOST_TAKES = 99
RETRY = "--retry-unknown"  # the flag of a run that writes off what was perhaps charged, and asks again


def quote(request: Request, said: Mapping[str, Any]) -> Response:
    """What a take or a quality would cost. Nothing is asked of a provider."""
    run, tile, _, _ = picture_of(request)
    settings = _settings(run.project(), tile.keys, said)
    return quoted(run.job_file, settings)


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


def cap_flag(most_usd: float) -> str:
    """The cap of a run whose price was seen."""
    return cap_of(most_usd + (MARGIN if most_usd else 0))


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
