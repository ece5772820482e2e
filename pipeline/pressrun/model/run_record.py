"""What a run leaves as its record: one line an asset, and the whole in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from pressrun.model.finding import Finding

SCHEMA = "pressrun/manifest/1"

Status = Literal["made", "reused", "failed"]


def shallow(record: Any) -> dict[str, Any]:
    """The fields of a slotted dataclass by name. ``dataclasses.asdict`` copies all the way down: a second for a
    thousand assets' worth of facts that are plain data already."""
    return {name: getattr(record, name) for name in record.__slots__}


@dataclass(frozen=True, slots=True)
class AssetPicture:
    """A picture on an asset: where it came from and what was paid for it. ``lettering`` are the texts that its prompt
    asked it to show, letter by letter."""

    slot: str
    master: str
    key: str
    sha256: str
    provider: str
    model: str
    prompt: str
    take: int
    cost_usd: float | None
    digital_source_type: str
    steps: tuple[str, ...]
    reused: bool
    lettering: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asset:
    """One delivered (or failed) file; ``path`` is relative to the run's folder. ``decision``: ``approved`` or empty."""

    id: str
    path: str
    sha256: str | None
    bytes: int
    media_type: str
    size: dict[str, Any]
    layout: str
    format: str
    row: str
    keys: dict[str, str]
    sources: tuple[dict[str, Any], ...]
    locale: str
    theme: str
    take: int
    pictures: tuple[AssetPicture, ...]
    text: tuple[dict[str, Any], ...]
    choices: tuple[dict[str, Any], ...]
    findings: tuple[dict[str, Any], ...]
    status: Status
    thumb: str | None = None
    decision: str = ""
    codes: tuple[dict[str, Any], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The line of ``assets.jsonl``."""
        data = shallow(self)
        del data["thumb"]
        data["pictures"] = [shallow(picture) for picture in self.pictures]
        return data


@dataclass(frozen=True, slots=True)
class Counts:
    planned: int
    made: int
    reused: int
    failed: int


@dataclass(frozen=True, slots=True)
class Cost:
    """US dollars; ``estimated`` is None where a price is not known."""

    estimated_usd: float | None
    spent_usd: float
    reused_usd: float


@dataclass(frozen=True, slots=True)
class RunReport:
    """What ``run_job`` answers: where everything is, and the exit code the command would end with. ``notes`` are
    findings about the run as a whole that came up in it; ``enough_usd`` is the cap that would do, where one stopped
    it; ``log`` has failures with the program's traces, as ``log.jsonl`` does."""

    folder: str
    run: str
    job: str
    counts: Counts
    cost: Cost
    findings: dict[str, int]
    exit: int
    assets: tuple[Asset, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[Finding, ...] = ()
    enough_usd: Decimal | None = None
    log: tuple[Finding, ...] = ()
