"""Whether files of the campaign were saved, from any editor, for all who look at a sheet meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from pressrun.readers.file_stamps import Stamps, stamps

LOOKED = 0.2  # seconds for which files are taken to be as they were,
SHARE = 10  # and so many times as long as looking them over takes
EVERY = 0.25  # seconds between two looks of who has heard nothing
BEATS = 14_400


class Saves:
    """Counts how often files of a campaign were saved. What the system tells of is heard at once; what it does not
    (files on another machine) is found by looking them over."""

    def __init__(self, root: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folders = [root / name for name in ("brands", "templates", "jobs")]
        self._clock, self._looking, self._listening = clock, threading.Lock(), threading.Lock()
        self._stamps: Stamps | None = None
        self._known_until = 0.0
        self._count = 0
        self._heard: set[Callable[[], object]] = set()
        self._closed = threading.Event()
        self._ear: threading.Thread | None = None

    @property
    def known(self) -> int | None:
        """The number that `count` would answer without looking; None once that is a while ago."""
        return self._count if self._stamps is not None and self._clock() < self._known_until else None

    def count(self) -> int:
        """Another number than before, if a file was saved since."""
        with self._looking:
            return self._count if self.known is not None else self._looked_over()

    def _looked_over(self) -> int:
        begun = self._clock()
        seen = stamps(self._folders)
        self._count += self._stamps is not None and seen != self._stamps
        looked = self._clock()
        self._stamps, self._known_until = seen, looked + max(LOOKED, SHARE * (looked - begun))
        return self._count

    @contextlib.contextmanager
    def heard(self, tell: Callable[[], object]) -> Iterator[None]:
        """``tell`` is called, from another thread, whenever the system says that a file was saved. Nobody waits here
        for files to be looked over."""
        with self._listening:
            if self._ear is None and not self._closed.is_set():
                self._ear = threading.Thread(target=self._listen, daemon=True)
                self._ear.start()
            self._heard.add(tell)
        try:
            yield
        finally:
            with self._listening:
                self._heard.discard(tell)

    def _listen(self) -> None:
        from pressrun.readers.saved_files import saves

        folders = [folder for folder in self._folders if folder.is_dir()]
        with contextlib.suppress(OSError, RuntimeError):  # a system that watches no more is looked over all the same
            for _ in saves(folders, (), self._closed):
                with self._looking:
                    self._looked_over()
                with self._listening:
                    told = list(self._heard)
                for tell in told:
                    tell()

    def close(self) -> None:
        self._closed.set()
        if self._ear:
            self._ear.join()


async def events(request: Request) -> Response:
    """Tells whenever a file of the campaign was saved, as server-sent events."""
    saved: Saves = request.app.state.saves
    loop, rung = asyncio.get_running_loop(), asyncio.Event()

    def ring() -> None:
        with contextlib.suppress(RuntimeError):  # the server has ended meanwhile
            loop.call_soon_threadsafe(rung.set)

    async def stream() -> AsyncIterator[str]:
        before = await run_in_threadpool(saved.count)
        with saved.heard(ring):
            yield ": listening\n\n"
            for _ in range(BEATS):
                if request.app.state.is_ending():
                    return
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(rung.wait(), EVERY)
                rung.clear()
                known = saved.known  # most often somebody else had them looked over just now
                after = await run_in_threadpool(saved.count) if known is None else known
                if after != before:
                    before = after
                    yield "event: saved\ndata: {}\n\n"

    return StreamingResponse(stream(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})
