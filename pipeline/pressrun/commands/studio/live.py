"""Runs under way: whoever started them, as the ledger has them; those started here with what they say, and to be
stopped. A run is a process of its own: it goes on when the studio ends."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from pressrun.commands.studio.answers import NotAllowed, campaign_of, visitor_of, wrong
from pressrun.commands.studio.campaign import Campaign
from pressrun.commands.studio.jobs import job_named, jobs_of
from pressrun.commands.studio.quotes import cap_of, most_of, quoted
from pressrun.language.names import run_name
from pressrun.manifest.runs_read import run_names
from pressrun.model.errors import InputError, PressrunError
from pressrun.model.finding import Finding, Severity
from pressrun.model.journal import RunEntry
from pressrun.model.settings import Settings

EVERY = 1.0  # seconds between two looks
LINES_KEPT = 40


class Started:
    """A run that was started in the studio, when the ledger had those ``before``; ``said`` are its last lines."""

    def __init__(self, root: Path, job: Path, flags: list[str], before: Iterable[RunEntry]) -> None:
        self.job = job.stem
        self.said: list[str] = []
        self._before = frozenset(run.name for run in before)
        command = [sys.executable, "-m", "pressrun", "run", str(job), *flags]
        self.process = subprocess.Popen(
            command, cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", start_new_session=True,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout
        with self.process.stdout as lines:
            for line in lines:
                self.said = [*self.said, line.rstrip()][-LINES_KEPT:]
        self.process.wait()

    def run_among(self, runs: Iterable[RunEntry]) -> str:
        """Its run among those under way, once it has begun one: the one that this process has written into the
        ledger."""
        found = None if self.exit is not None else self._own(runs)
        return found.name if found else ""

    def ended_among(self, ledger: Iterable[RunEntry]) -> int | None:
        """How it ended: as its process did, or as the ledger has it, which knows some time before."""
        if self.exit is not None:
            return self.exit
        found = self._own(ledger)
        return found.exit if found else None

    def _own(self, runs: Iterable[RunEntry]) -> RunEntry | None:
        own = self.process.pid, socket.gethostname()  # a number that an earlier one may have had
        return next((run for run in runs if (run.pid, run.host) == own and run.name not in self._before), None)

    @property
    def exit(self) -> int | None:
        return self.process.poll()

    def stop(self) -> None:
        """As Ctrl-C does: what is done is kept, and the next run carries on."""
        if self.exit is None:
            self.process.send_signal(signal.SIGINT)


class Runs:
    """The runs that were started in this studio, by the number of their process."""

    def __init__(self) -> None:
        self.started: dict[int, Started] = {}

    def start(self, campaign: Campaign, job: Path, flags: list[str]) -> Started:
        made = Started(campaign.root, job, flags, _ledger(campaign))
        self.started[made.process.pid] = made
        return made

    def told(self, campaign: Campaign) -> dict[str, Any]:
        """What goes on now, for scripts."""
        ledger = _ledger(campaign)
        alive = [run for run in ledger if run.exit is None and run.alive]
        exits = {pid: one.ended_among(ledger) for pid, one in self.started.items()}
        newest = {one.job: one for one in self.started.values()}  # an older one that has ended is over and done with
        mine = [
            {"id": pid, "job": one.job, "run": one.run_among(alive), "exit": exits[pid], "said": one.said[-3:]}
            for pid, one in self.started.items() if exits[pid] is None or one is newest[one.job]
        ]  # fmt: skip
        return {"under_way": _told(campaign, alive), "mine": mine, "finished": len(run_names(campaign.root))}


def _ledger(campaign: Campaign) -> list[RunEntry]:
    try:
        return list(campaign.journal.runs())
    except PressrunError:
        return []


def _told(campaign: Campaign, alive: Iterable[RunEntry]) -> list[dict[str, Any]]:
    """Runs under way with what they have spent and had."""
    try:
        journal = campaign.journal
        found = []
        for run in alive:
            spending, attempts = journal.spending(run.name), journal.attempts(run.name)
            folder = campaign.root / "runs" / run.name / "assets"
            found.append({
                "run": run.name, "begun": run_name(run.name), "job": run.job, "started": run.started,
                "spent_usd": float(spending.spent),
                "perhaps_usd": float(spending.committed - spending.spent),
                "pictures": sum(one.state == "charged" for one in attempts),
                "asked": len(attempts), "files": sum(one.is_file() for one in folder.rglob("*")),
            })  # fmt: skip
        return found
    except PressrunError:
        return []


async def events(request: Request) -> Response:
    """What goes on, whenever it changes, and that files were saved, as server-sent events: a browser has few
    connections, and each page that listens has one of them."""
    if visitor_of(request).run:
        return wrong(request, NotAllowed("look at what is under way"))
    runs, campaign, saves = request.app.state.runs, campaign_of(request), request.app.state.saves

    async def stream() -> AsyncIterator[str]:
        before, saved = "", await run_in_threadpool(saves.count)
        for beat in range(3600):
            if request.app.state.is_ending():
                return
            if (count := await run_in_threadpool(saves.count)) != saved:
                saved = count
                jobs = json.dumps({"jobs": await run_in_threadpool(jobs_of, campaign)})
                yield f"event: saved\ndata: {jobs}\n\n"
            now = json.dumps(await run_in_threadpool(runs.told, campaign))
            if now != before:
                yield f"event: runs\ndata: {now}\n\n"
                before = now
            elif beat % 15 == 0:
                yield ": still here\n\n"
            await asyncio.sleep(EVERY)

    return StreamingResponse(stream(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})


def state(request: Request) -> Response:
    """The same, once."""
    if visitor_of(request).run:
        raise NotAllowed("look at what is under way")
    return JSONResponse(request.app.state.runs.told(campaign_of(request)))


def quote(request: Request, said: Mapping[str, Any]) -> Response:
    """What running a job of the campaign would cost."""
    return quoted(_job_of(request, said), Settings())


def start(request: Request, said: Mapping[str, Any]) -> Response:
    """Run a job of the campaign: ``most_usd`` is the most that it may spend."""
    job, most = _job_of(request, said), most_of(said)
    made = request.app.state.runs.start(campaign_of(request), job, [cap_of(most)])
    request.app.state.audit.add(who=visitor_of(request).who, what="run", job=job.stem, max_usd=most)
    return JSONResponse({"id": made.process.pid})


def _job_of(request: Request, said: Mapping[str, Any]) -> Path:
    if visitor_of(request).run:
        raise NotAllowed("run jobs")
    return job_named(campaign_of(request), said.get("job"))


def stop(request: Request, said: Mapping[str, Any]) -> Response:
    """Stop a run that was started here."""
    known = request.app.state.runs.started.get(said.get("id"))
    if known is None:
        raise _fault("no-run", "this run was not started here", "end it where it was started, with Ctrl-C")
    known.stop()
    request.app.state.audit.add(who=visitor_of(request).who, what="stop", job=known.job)
    return JSONResponse({"id": said["id"]})


def _fault(code: str, message: str, hint: str | None = None) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message, hint=hint)])
