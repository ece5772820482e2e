"""Forks as somebody asks for them, on a terminal or at the desk: planned and priced first, then made."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pressrun.decisions import selection
from pressrun.decisions.forks import Change, Fork, make_fork, plan_fork, quote, run_flags
from pressrun.doors import Doors
from pressrun.generate.buy.request_findings import cap_of
from pressrun.generate.buy.terms import Terms
from pressrun.manifest.runs_read import RunRecord
from pressrun.model.picture import PictureMade, PictureRequest
from pressrun.model.progress import Silence
from pressrun.model.project import Project
from pressrun.model.settings import Settings
from pressrun.run.begun_runs import written_down
from pressrun.run.job import job_budget
from pressrun.run.overlays.approvals import with_approvals
from pressrun.run.planned_job import open_job
from pressrun.run.providers_said import made_by


class AskedForks(Struct, frozen=True):
    """A change of a picture, in one shape or in every one: ``forks`` are planned, and ``price_usd`` what those that
    are not there yet would cost, None where nobody knows. ``asked`` are the requests of their trunks, ``own`` the
    kind of the job's provider, ``maker`` that of who makes them."""

    project: Project
    doors: Doors
    forks: Sequence[Fork]
    asked: Sequence[PictureRequest]
    own: str
    maker: str

    @property
    def price_usd(self) -> Decimal | None:
        return quote(list(self.forks))

    def made(self, max_cost: float | None, retry_unknown: bool) -> list[PictureMade]:
        """Have the pictures, for no more than this. Raises PressrunError; whatever was paid by then is kept."""
        started = self.doors.clock()
        run = f"{started:%Y%m%d-%H%M%S}-fork"
        terms = Terms(
            run, cap_of(max_cost), retry_unknown, scratch=self.doors.folder,
            budget=job_budget(self.project, self.doors, run),
        )  # fmt: skip
        with written_down(self.doors, run, self.project.job_name, started):
            return [make_fork(one, self.doors, terms, Silence()) for one in self.forks]

    def flags(self) -> list[str]:
        """Those of a run that shows what was made."""
        slot = self.forks[0].task.slot
        provider = [] if self.maker == self.own else ["--provider", self.maker]
        return provider + run_flags(self.forks[0], self.asked[0], self.project.job.provider_of(slot), self.doors)


@contextlib.contextmanager
def asked_forks(
    root: Path, record: RunRecord, shown: selection.Shown, change: Change, settings: Settings, all_masters: bool = False
) -> Iterator[AskedForks]:
    """What a change of the picture that is ``shown`` comes to. Raises InputError before anything is asked for."""
    project, doors = open_job(selection.job_of(record, root), replace(settings, provider=None))
    slot = shown.picture.slot
    with doors:
        every = selection.siblings(shown) if all_masters else [shown]
        own = project.job.kind_of(slot)
        maker = settings.provider or shown.record.provider_of(slot)
        project = with_approvals(made_by(project, maker if maker != own else None), doors)
        asked = [selection.request_behind(one, project) for one in every]
        forks = [
            plan_fork(one.key, one.picture.slot, one.picture.master, one.asset.row, request, change,
                      project.job.changed_by(slot), doors)
            for one, request in zip(every, asked, strict=True)
        ]  # fmt: skip
        yield AskedForks(project, doors, forks, asked, own, maker)
