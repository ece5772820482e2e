"""What a run leaves as its record: one line an asset, and the whole in numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from decimal import Decimal
from typing import Any, Literal, Self

from pressrun.model.file_facts import CodeShown, FileSize, TextShown, shallow
from pressrun.model.finding import Finding
from pressrun.model.sheet import Choice

SCHEMA = "pressrun/manifest/1"

Status = Literal["made", "reused", "failed"]


@dataclass(frozen=True, slots=True)
class AssetPicture:
    """A picture on an asset: where it came from and what was paid for it. ``lettering`` are the texts that its prompt
    asked it to show, letter by letter; ``came_with`` what the file that it was taken from says of its creator, licence
    and releases, by name; ``learned`` the weights that steps worked by, and what ran them."""

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
    came_with: tuple[tuple[str, str], ...] = ()
    learned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowSource:
    """Where a part of a row came from: its row set, a file, and a line there."""

    rows: str
    file: str
    line: int | None


@dataclass(frozen=True, slots=True)
class ChangeByHand:
    """Something that an override changed on a sheet: ``key`` is ``layer.key`` (or an added layer), ``value`` plain
    data. ``stale``: what it changed has changed since. ``line`` is the override's in its ``file``."""

    key: str
    value: Any
    file: str
    line: int | None
    stale: bool


@dataclass(frozen=True, slots=True)
class Asset:
    """One delivered (or failed) file; ``path`` is relative to the run's folder. ``decision``: ``approved`` or empty;
    ``condition``: the printing condition that it is made for, where its job has several."""

    id: str
    path: str
    sha256: str | None
    bytes: int
    media_type: str
    size: FileSize
    layout: str
    format: str
    row: str
    keys: dict[str, str]
    sources: tuple[RowSource, ...]
    locale: str
    theme: str
    take: int
    pictures: tuple[AssetPicture, ...]
    text: tuple[TextShown, ...]
    choices: tuple[Choice, ...]
    findings: tuple[Finding, ...]
    status: Status
    thumb: str | None = None
    decision: str = ""
    codes: tuple[CodeShown, ...] = ()
    overrides: tuple[ChangeByHand, ...] = ()
    condition: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The line of ``assets.jsonl``."""
        data = shallow(self)
        del data["thumb"]
        parts = {name: [shallow(one) for one in data[name]] for name in _PARTS}
        for picture in parts["pictures"]:
            picture["came_with"] = dict(picture["came_with"])
        parts["text"] = [one.to_json() for one in self.text]
        return data | parts | {"size": self.size.to_json(), "findings": [one.to_dict() for one in self.findings]}

    @classmethod
    def from_dict(cls, line: Mapping[str, Any]) -> Self:
        """From such a line: what other versions wrote beyond ours is left out, what they did not is None."""
        values = _known(cls, line)
        for name, part in _PARTS.items():
            values[name] = tuple(part(**_known(part, one)) for one in line.get(name) or ())
        values["pictures"] = tuple(
            replace(one, came_with=tuple(dict(one.came_with or ()).items())) for one in values["pictures"]
        )
        values["size"] = FileSize.from_json(line.get("size") or {})
        values["findings"] = tuple(map(Finding.from_dict, line.get("findings") or ()))
        return cls(**values)


_PARTS: dict[str, type[Any]] = {
    "sources": RowSource, "pictures": AssetPicture, "text": TextShown, "choices": Choice, "codes": CodeShown,
    "overrides": ChangeByHand,
}  # fmt: skip


def _known(kind: type[Any], written: Mapping[str, Any]) -> dict[str, Any]:
    """What is written of a dataclass' fields; JSON has lists for tuples."""
    said = {one.name: written.get(one.name, None if one.default is MISSING else one.default) for one in fields(kind)}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}


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
    assets: Sequence[Asset]
    problems: tuple[str, ...] = ()
    notes: tuple[Finding, ...] = ()
    enough_usd: Decimal | None = None
    log: tuple[Finding, ...] = ()
