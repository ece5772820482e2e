"""Pictures that were perhaps charged, asked for again by who may buy, at a price that is seen first."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pressrun.commands.studio.again import RETRY, cap_flag, only_of
from pressrun.commands.studio.answers import NotAllowed, campaign_of, visitor_of
from pressrun.commands.studio.forks import QUALITIES
from pressrun.commands.studio.jobs import job_named
from pressrun.commands.studio.quotes import most_of
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity
from pressrun.model.settings import Settings


class _Asked(Struct, frozen=True):
    """What asking again comes to: the job, the flags of its run, how many pictures are had, and their price."""

    job_file: Path
    flags: list[str]
    pictures: int
    price_usd: float | None


def quote(request: Request, said: Mapping[str, Any]) -> Response:
    """What asking again would cost. Nothing is asked of a provider."""
    asked = _asked(request)
    return JSONResponse({"pictures": asked.pictures, "price_usd": asked.price_usd})


def ask_again(request: Request, said: Mapping[str, Any]) -> Response:
    """Run the row of the picture for it, for no more than ``most_usd``, which whoever asks has seen. What was perhaps
    charged is written off."""
    most, asked = most_of(said), _asked(request)
    made = request.app.state.runs.start(campaign_of(request), asked.job_file, [*asked.flags, cap_flag(most)])
    request.app.state.audit.add(who=visitor_of(request).who, what="retry", job=asked.job_file.stem, max_usd=most)
    return JSONResponse({"id": made.process.pid})


def _asked(request: Request) -> _Asked:
    """The run of the picture's job that asks for it, as the job is now: in whatever quality it was. Raises
    InputError."""
    from pressrun import registry
    from pressrun.expand import expand_rows
    from pressrun.load import load_project
    from pressrun.run.planned_job import prepare

    if visitor_of(request).run:
        raise NotAllowed("ask for pictures again")
    campaign, number = campaign_of(request), request.path_params["attempt"]
    attempt = next((one for one in campaign.journal.open_attempts() if one.id == number and one.standing == "unknown"),
                   None)  # fmt: skip
    if attempt is None:
        raise _fault("no-picture", "it is no longer in doubt", "open the page again")
    job = next((run.job for run in campaign.journal.runs() if run.name == attempt.run), "")
    job_file, take = job_named(campaign, job), attempt.detail.get("take")
    project = load_project(job_file, registry)
    row = next((one for one in expand_rows(project) if one.id == attempt.detail.get("row")), None)
    for quality in QUALITIES if row else ():
        settings = replace(Settings(), retry_unknown=True, take=take if isinstance(take, int) else None,
                           quality=quality or None, only=only_of(project, row.keys if row else {}))  # fmt: skip
        prepared = prepare(job_file, settings, reading=True)
        with prepared.doors:
            plan = prepared.plan
            if any(task.key == attempt.picture for task in plan.to_make):
                flags = [f"--only={settings.only}", *([f"--take={settings.take}"] if settings.take else []),
                         *([f"--quality={quality}"] if quality else []), RETRY]  # fmt: skip
                price = plan.quoted_usd
                return _Asked(job_file, flags, len(plan.to_make), None if price is None else float(price))
    hint = "a change of a picture is asked for again where it was asked for, in the same words"
    raise _fault("no-picture", f"the job '{job}' no longer asks for this picture", hint)


def _fault(code: str, message: str, hint: str) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message, hint=hint)])
