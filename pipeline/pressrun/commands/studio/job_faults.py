"""Jobs that do not load: told on the first page with their places, and again when a file was saved."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pressrun.commands.studio.answers import NotAllowed, campaign_of, findings_told, page, visitor_of
from pressrun.commands.studio.jobs import job_named
from pressrun.commands.studio.saves import Saves
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding


class Faults:
    """What keeps jobs from being loaded. Nobody's files are read twice as they are."""

    def __init__(self, saves: Saves) -> None:
        self._saves, self._lock = saves, threading.Lock()
        self._known: dict[Path, tuple[int, Sequence[Finding]]] = {}

    def of(self, job: Path) -> Sequence[Finding]:
        """Of the job in a file; nothing where it loads."""
        from pressrun import registry
        from pressrun.load import load_project

        with self._lock:
            count = self._saves.count()  # before they are read: what is saved meanwhile is looked at again
            if job not in self._known or self._known[job][0] != count:
                found: Sequence[Finding] = ()
                try:
                    load_project(job, registry)
                except InputError as error:
                    found = error.findings
                self._known[job] = count, found
            return self._known[job][1]


def faults(request: Request) -> Response:
    """What is wrong with the files of a job as they are now, for the script of the first page; a page of its own where
    there are no scripts."""
    if visitor_of(request).run:
        raise NotAllowed("look at jobs")
    known: Faults = request.app.state.faults
    job = job_named(campaign_of(request), request.path_params["job"])
    found = known.of(job)
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"findings": findings_told(request, found)})
    return page(request, "faults.html", job=job.stem, findings=found)
