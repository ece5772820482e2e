"""Pictures that were asked for and perhaps charged, without one to show for it, as pages tell of them."""

from __future__ import annotations

from msgspec import Struct

from pressrun.commands.studio.campaign import Campaign
from pressrun.commands.studio.jobs import files_of_jobs
from pressrun.commands.studio.names_kept import names_of_job, row_called
from pressrun.language.names import Names, picture_name, run_name
from pressrun.model.errors import PressrunError
from pressrun.model.journal import Attempt


class Doubt(Struct, frozen=True):
    """An attempt that perhaps was charged, as pages tell it: of which picture and row, for how much, in which run."""

    id: int
    picture: str
    row: str
    maker: str
    price_usd: float | None
    run: str


def doubts_of(campaign: Campaign, language: str) -> list[Doubt]:
    """Those of a campaign, the oldest first; none where its journal cannot be read, which is told elsewhere."""
    try:
        attempts = [one for one in campaign.journal.open_attempts() if one.standing == "unknown"]
        jobs = {run.name: run.job for run in campaign.journal.runs()} if attempts else {}
    except PressrunError:
        return []
    files = files_of_jobs(campaign)
    names = {job: names_of_job(campaign.root, job, files) for job in {jobs.get(one.run, "") for one in attempts}}
    return [_told(one, names[jobs.get(one.run, "")], language) for one in attempts]


def _told(one: Attempt, names: Names, language: str) -> Doubt:
    detail = one.detail
    row = str(detail.get("row") or "")
    name = picture_name(str(detail.get("slot") or ""), str(detail.get("master") or ""))
    price = None if one.quoted_usd is None else float(one.quoted_usd)
    maker = f"{one.provider} {one.model}".strip()
    called = row_called(names, row, language) if row else ""
    return Doubt(one.id, name, called, maker, price, run_name(one.run))
