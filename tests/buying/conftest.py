"""A rehearsal server, a store and hand-made plans: buying without the rest of the house."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pressrun.generate.buy.direct import buy
from pressrun.generate.buy.terms import Bought, Terms
from pressrun.model.picture import Brief, PictureRequest
from pressrun.model.plan import PictureTask
from pressrun.providers.openai import OpenAIProvider
from pressrun.providers.openai.rehearsal.server import Rehearsal, serve
from pressrun.stores.folder import FolderStore
from pressrun.stores.sqlite import SqliteJournal

BRIEF = Brief("house", (), (), "", (), (), "", "", "", (0.5, 0.8))
SMALL = (1024, 640)  # the fewest pixels a model draws
QUICK = 0.6  # a minute, in seconds
JPEG = {"output_format": "jpeg"}  # which is drawn and read in a third of the time


class Listener:
    """Progress, remembered."""

    def __init__(self) -> None:
        self.steps = 0
        self.said: list[str] = []

    def begin(self, phase: str, total: int) -> None:
        pass

    def step(self, count: int = 1) -> None:
        self.steps += count

    def say(self, line: str) -> None:
        self.said.append(line)


@dataclass
class Shop:
    """A server and a store. ``buy`` asks for prompts and answers what came of it."""

    server: Rehearsal
    folder: Path
    store: FolderStore
    journal: SqliteJournal
    environment: dict[str, str] = field(default_factory=dict)
    listener: Listener = field(default_factory=Listener)

    def provider(self, **options: Any) -> OpenAIProvider:
        said = {"type": "openai", "base_url": self.server.base_url, "profile": "rehearsal", "quality": "low", **JPEG}
        return OpenAIProvider.model_validate({**said, **options})

    def tasks(self, prompts: list[str], provider: OpenAIProvider, **request: Any) -> list[PictureTask]:
        asked = {"size": SMALL, **request}
        requests = [PictureRequest(prompt, brief=BRIEF, **asked) for prompt in prompts]
        return [
            PictureTask(
                provider.key(one), "hero", "wide", one, "hero.j2", f"row {number}", 1, provider.quote(one), provider
            )
            for number, one in enumerate(requests)
        ]  # fmt: skip

    def buy(
        self, *prompts: str, run: str = "run", cap: str | None = None, retry_unknown: bool = False,
        request: dict[str, Any] | None = None, minute: float = QUICK, **options: Any,
    ) -> Bought:  # fmt: skip
        if (request or {}).get("background") == "transparent":
            options = {"output_format": "png", **options}
        provider = self.provider(**options)
        tasks = self.tasks(list(prompts), provider, **(request or {}))
        terms = Terms(run, None if cap is None else Decimal(cap), retry_unknown, minute)
        return buy(tasks, self.store, self.journal, terms, self.environment, self.listener)

    @property
    def charged(self) -> int:
        return int(self.server.settle()["totals"]["count"])

    @property
    def charged_usd(self) -> Decimal:
        return sum((Decimal(one["nano_usd"]) for one in self.server.settle()["charges"]), Decimal(0)) / 10**9

    def asked(self) -> int:
        return sum(sum(counts.values()) for counts in self.server.charges()["requests"].values())


@pytest.fixture
def open_shop(tmp_path: Path) -> Iterator[Any]:
    """Opens shops with a server of the given options; all is closed when the test ends."""
    shops: list[Shop] = []

    def begin(**options: Any) -> Shop:
        folder = tmp_path / f"shop{len(shops)}"
        store = FolderStore(folder)
        shops.append(Shop(serve(**options), folder, store, SqliteJournal(folder / "journal.db")))
        return shops[-1]

    yield begin
    for shop in shops:
        shop.server.close()
        shop.journal.close()
