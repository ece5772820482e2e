"""A store, a rehearsal server with batches, and hand-made plans: the batch lane without the rest of the house."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from pressrun.generate.buy import acquire
from pressrun.generate.buy.call import quote_of
from pressrun.generate.buy.lanes import LaneChoice
from pressrun.generate.buy.terms import Bought, Terms
from pressrun.model.batch import BatchOffer
from pressrun.model.journal import Attempt, Settlement
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
BATCH, BACKGROUND, DIRECT = LaneChoice("batch"), LaneChoice("background"), LaneChoice("direct")


class Narrow(OpenAIProvider):
    """A provider whose batches take few rows or bytes."""

    rows: int = 50_000
    most_bytes: int = 200_000_000

    def offers(self) -> tuple[BatchOffer, ...]:
        return tuple(
            replace(offer, requests=self.rows, bytes=self.most_bytes) if offer.lane == "batch" else offer
            for offer in super().offers()
        )


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


def provider_at(base_url: str, **options: Any) -> Narrow:
    said = {"type": "openai", "base_url": base_url, "profile": "rehearsal", "quality": "low", **JPEG, **options}
    return Narrow.model_validate(said)


def tasks_for(prompts: list[str], provider: OpenAIProvider, **request: Any) -> list[PictureTask]:
    asked = {"size": SMALL, **request}
    requests = [PictureRequest(prompt, brief=BRIEF, **asked) for prompt in prompts]
    return [
        PictureTask(provider.key(one), "hero", "wide", one, "hero.j2", f"row {number}", 1, provider.quote(one), provider)
        for number, one in enumerate(requests)
    ]


@dataclass
class Shop:
    """A server and a store; ``acquire`` asks for prompts and answers what came of it."""

    folder: Path
    options: dict[str, Any]
    server: Rehearsal = field(init=False)
    store: FolderStore = field(init=False)
    journal: SqliteJournal = field(init=False)
    listener: Listener = field(default_factory=Listener)

    def __post_init__(self) -> None:
        self.server = serve(state_dir=self.folder / "server", **self.options)
        self.store = FolderStore(self.folder / "store")
        self.journal = SqliteJournal(self.folder / "store" / "journal.db")

    def close(self) -> None:
        self.journal.close()
        self.server.close()

    def restart_server(self, **options: Any) -> None:
        """The same server, at the same address, after its machine was switched off."""
        port = self.server.port
        self.server.close()
        self.server = serve(port, state_dir=self.folder / "server", **{**self.options, **options})

    def reopen(self) -> None:
        """As a new process finds the journal."""
        self.journal.close()
        self.journal = SqliteJournal(self.folder / "store" / "journal.db")

    def acquire(
        self, *prompts: str, choice: LaneChoice = BATCH, run: str = "run", cap: str | None = None,
        retry_unknown: bool = False, request: dict[str, Any] | None = None, minute: float = QUICK, **options: Any,
    ) -> Bought:  # fmt: skip
        if (request or {}).get("background") == "transparent":
            options = {"output_format": "png", **options}
        provider = provider_at(self.server.base_url, **options)
        tasks = tasks_for(list(prompts), provider, **(request or {}))
        terms = Terms(run, None if cap is None else Decimal(cap), retry_unknown, minute)
        return acquire(tasks, self.store, self.journal, terms, lambda provider, count: choice, {}, self.listener)

    def prove(self) -> None:
        """As if a picture of the plainest kind had come before, so that no few go ahead."""
        provider = provider_at(self.server.base_url)
        (task,) = tasks_for(["proof"], provider)
        (number,) = self.journal.begin_attempts([quote_of(task, provider, None, "proof")])
        self.journal.finish_attempts([Settlement(number, "charged", 0, digest=self.store.put(b"proof"))])

    @property
    def charges(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.server.settle()["charges"]
        return found

    @property
    def charged_usd(self) -> Decimal:
        return sum((Decimal(one["nano_usd"]) for one in self.charges), Decimal(0)) / 10**9

    @property
    def lanes(self) -> Counter[str]:
        """How many pictures were charged in each lane."""
        return Counter("batch" if one["batch"] else "direct" for one in self.charges)

    def asked(self, endpoint: str) -> int:
        counts: dict[str, int] = self.server.charges()["requests"].get(endpoint, {})
        return sum(counts.values())

    def attempts(self, state: str) -> list[Attempt]:
        """Those of a state, or of a standing."""
        return [one for one in self.journal.attempts() if state in (one.state, one.standing) and one.run != "proof"]


def barns(count: int, first: int = 0) -> list[str]:
    return [f"barn {number}" for number in range(first, first + count)]
