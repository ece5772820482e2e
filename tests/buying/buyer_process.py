"""A buyer in a process of its own, to be killed at any moment. It is forked from one that has imported what it needs:
to import it anew takes longer than to buy."""

from __future__ import annotations

from multiprocessing import connection
from pathlib import Path
from typing import Any

from warm_process import forking

from pressrun.generate.buy.direct import buy
from pressrun.generate.buy.terms import Terms
from pressrun.model.picture import Brief, PictureRequest
from pressrun.model.plan import PictureTask
from pressrun.model.progress import Silence
from pressrun.providers.openai import OpenAIProvider
from pressrun.stores.folder import FolderStore
from pressrun.stores.sqlite import SqliteJournal

BRIEF = Brief("house", (), (), "", (), (), "", "", "", (0.5, 0.8))



class Buyer:
    """A run that has opened its journal and now buys so many pictures."""

    def __init__(self, url: str, folder: Path, run: str, pictures: int, retry: bool, takes: int) -> None:
        self._told, telling = forking.Pipe(duplex=False)
        self._process = forking.Process(target=_buy, args=(telling, url, folder, run, pictures, retry, takes))
        self._process.start()
        telling.close()
        assert self._told.recv() == "ready"

    def kill(self) -> None:
        self._process.kill()
        self._end()

    def ended(self) -> tuple[int, list[str]]:
        """How many pictures it has, and the codes of those it has not."""
        had = self._told.recv()
        self._end()
        assert self._process.exitcode == 0
        return had  # type: ignore[no-any-return]

    def _end(self) -> None:
        self._process.join()
        self._told.close()


def _buy(
    telling: connection.Connection, url: str, folder: Path, run: str, pictures: int, retry: bool, takes: int
) -> None:
    options: dict[str, Any] = {"type": "openai", "base_url": url, "profile": "rehearsal", "quality": "low", "calls": 6}
    provider = OpenAIProvider.model_validate({**options, "output_format": "jpeg"})  # the quickest to draw
    tasks = []
    for number in range(pictures):
        request = PictureRequest(f"barn {number // takes}", (1024, 640), BRIEF, number % takes + 1)
        key, quoted = provider.key(request), provider.quote(request)
        tasks.append(PictureTask(key, "hero", "wide", request, "", f"row {number}", 1, quoted, provider))
    with SqliteJournal(folder / "journal.db") as journal:
        telling.send("ready")
        bought = buy(tasks, FolderStore(folder), journal, Terms(run, retry_unknown=retry), {}, Silence())
    telling.send((len(bought.made), sorted({finding.code for finding in bought.failed.values()})))
