"""What a run leaves as its record: one line an asset, and the whole in numbers."""

from __future__ import annotations

import functools
import html
import json
from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from pressrun.model.choice import Choice
from pressrun.model.file_facts import CodeShown, CropShown, FileSize, TextShown
from pressrun.model.finding import Finding

if TYPE_CHECKING:
    from pressrun.model.step import StepOptions

SCHEMA = "pressrun/manifest/1"

Status = Literal["made", "reused", "failed"]


class StepDone(Struct, frozen=True):
    """A retouching step: its type, and what was said of it, as a JSON object."""

    type: str
    options: str = "{}"

    @classmethod
    def of(cls, step: StepOptions) -> Self:
        said = step.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude={"type"}, fallback=str)
        return cls(step.type, json.dumps(said, ensure_ascii=False))

    @classmethod
    def from_json(cls, said: Any) -> Self:
        """As the record has it; older ones have the type alone."""
        if isinstance(said, str):
            return cls(said)
        return cls(said["type"], json.dumps({name: value for name, value in said.items() if name != "type"}))

    def to_json(self) -> dict[str, Any]:
        return {"type": self.type, **json.loads(self.options)}

    def __str__(self) -> str:
        said = ", ".join(f"{name} {_word(value)}" for name, value in json.loads(self.options).items())
        return f"{self.type} ({said})" if said else self.type


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class AssetPicture(Struct, frozen=True):
    """A picture on an asset: where it came from and what was paid for it. ``lettering`` are the texts that its prompt
    asked it to show, letter by letter; ``came_with`` what the file that it was taken from says of its creator, licence
    and releases, by name; ``learned`` the weights that steps worked by, and what ran them. Where steps cut something
    off, ``whole`` is the digest of the picture as it came, and ``kept`` the part that is left: x, y, width and height
    in fractions of it. One that is not ``shown`` was had with its row because others go by it."""

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
    steps: tuple[StepDone, ...]
    reused: bool
    lettering: tuple[str, ...] = ()
    came_with: tuple[tuple[str, str], ...] = ()
    learned: tuple[str, ...] = ()
    whole: str = ""
    kept: tuple[float, ...] = ()
    shown: bool = True


class RowSource(Struct, frozen=True):
    """Where a part of a row came from: its row set, a file, and a line there."""

    rows: str
    file: str
    line: int | None


class ChangeByHand(Struct, frozen=True):
    """Something that an override changed on a sheet: ``key`` is ``layer.key`` (or an added layer), ``value`` plain
    data. ``stale``: what it changed has changed since. ``line`` is the override's in its ``file``."""

    key: str
    value: Any
    file: str
    line: int | None
    stale: bool


class Asset(Struct, frozen=True):
    """One delivered (or failed) file; ``path`` is relative to the run's folder. ``decision``: ``approved`` or empty;
    ``condition``: the printing condition that it is made for, where its job has several; ``says``: a hash of its texts,
    layout, brand and placed files: a decision about it holds as long as that, and its pictures, are the same; ``thumb``
    the digest of its thumbnail; ``names`` what its rows are called, by row set, as far as a column says so."""

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
    says: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    crops: tuple[CropShown, ...] = ()

    @property
    def pictures_shown(self) -> tuple[AssetPicture, ...]:
        """Those that can be seen on it."""
        return tuple(one for one in self.pictures if one.shown)

    def to_dict(self) -> dict[str, Any]:
        """The line of ``assets.jsonl``."""
        data = asdict(self)
        parts = {name: [asdict(one) for one in data[name]] for name in _PARTS}
        for picture in parts["pictures"]:
            picture["came_with"] = dict(picture["came_with"])
            picture["steps"] = [step.to_json() for step in picture["steps"]]
            if picture["shown"]:  # as nearly all are
                del picture["shown"]
        parts["crops"] = [asdict(crop) for crop in self.crops]
        parts["text"] = [one.to_json() for one in self.text]
        parts["choices"] = [one.to_json() for one in self.choices]
        return data | parts | {"size": self.size.to_json(), "findings": [one.to_dict() for one in self.findings]}

    @classmethod
    def from_dict(cls, line: Mapping[str, Any]) -> Self:
        """From such a line: what other versions wrote beyond ours is left out, what they did not is None."""
        values = _known(cls, line)
        for name, part in _PARTS.items():
            values[name] = tuple([part(**_known(part, one)) for one in line.get(name) or ()])
        values["pictures"] = tuple(
            replace(
                one, came_with=tuple(dict(one.came_with or ()).items()),
                steps=tuple(StepDone.from_json(step) for step in one.steps or ()),
            )
            for one in values["pictures"]
        )
        values["choices"] = tuple(map(Choice.from_json, line.get("choices") or ()))
        values["crops"] = tuple(map(CropShown.from_json, line.get("crops") or ()))
        values["names"] = dict(line.get("names") or {})
        values["size"] = FileSize.from_json(line.get("size") or {})
        values["findings"] = tuple(map(Finding.from_dict, line.get("findings") or ()))
        return cls(**values)


_PARTS: dict[str, type[Any]] = {
    "sources": RowSource, "pictures": AssetPicture, "text": TextShown, "codes": CodeShown, "overrides": ChangeByHand,
}  # fmt: skip


@functools.cache
def _fields(kind: type[Struct]) -> tuple[tuple[str, Any], ...]:
    """The names of a value's fields, each with what it is where nothing is written."""
    needed = len(kind.__struct_fields__) - len(kind.__struct_defaults__)
    return tuple(zip(kind.__struct_fields__, (None,) * needed + kind.__struct_defaults__, strict=True))


def _known(kind: type[Struct], written: Mapping[str, Any]) -> dict[str, Any]:
    """What is written of a value's fields; JSON has lists for tuples."""
    said = dict(_fields(kind))
    for name in said.keys() & written.keys():
        value = written[name]
        said[name] = tuple(value) if isinstance(value, list) else value
    return said


class Counts(Struct, frozen=True):
    """Files of a run. Of the ``failed``, and so of the ``planned``, ``rows`` are no files, but rows that are missing in
    one that many are in."""

    planned: int
    made: int
    reused: int
    failed: int
    rows: int = 0

    def __str__(self) -> str:
        files, failed = self.planned - self.rows, self.failed - self.rows
        told = f"{files} file{'' if files == 1 else 's'}: {self.made} made, {self.reused} reused, {failed} failed"
        return f"{told}; {self.rows} row{'' if self.rows == 1 else 's'} failed" if self.rows else told

    def to_json(self) -> dict[str, int]:
        """For JSON; rows where there are any."""
        told = asdict(self)
        return told if self.rows else {name: count for name, count in told.items() if name != "rows"}


class Cost(Struct, frozen=True):
    """US dollars; ``estimated`` is None where a price is not known."""

    estimated_usd: float | None
    spent_usd: float
    reused_usd: float


class FoundOn(Struct, frozen=True):
    """What was found on a file of a run, by its ``path`` there."""

    path: str
    row: str
    layout: str
    findings: tuple[Finding, ...]


class Assets(Sequence[Asset]):
    """The files of a run, in the order of its record; a notebook has them as a frame by a call."""

    def found(self) -> Iterator[FoundOn]:
        """The files on which something was found, in their order."""
        raise NotImplementedError

    def __call__(self) -> Any:
        """As a pandas DataFrame, a row each, as in ``assets.csv``, with the keys of their rows: those of a row set that
        is called as a column is, such as ``locale``, are ``locale_key``."""
        rows = ({**_plain(one), **{_key_column(name, one.keys): key for name, key in one.keys.items()}} for one in self)
        return _frame(rows, [name for name in Asset.__struct_fields__ if name in _PLAIN])


class RunReport(Struct, frozen=True):
    """What ``run_job`` answers: where everything is, and the exit code the command would end with. ``found`` counts
    findings by their levels; ``notes`` are findings about the run as a whole that came up in it; ``enough_usd`` is the
    cap that would do, where one stopped it; ``log`` has failures with the program's traces, as ``log.jsonl`` does."""

    folder: str
    run: str
    job: str
    counts: Counts
    cost: Cost
    found: dict[str, int]
    exit: int
    assets: Assets
    problems: tuple[str, ...] = ()
    notes: tuple[Finding, ...] = ()
    enough_usd: Decimal | None = None
    log: tuple[Finding, ...] = ()

    def findings(self) -> Any:
        """What was found on its files, as a DataFrame: a row each, with the path of its file."""
        rows = ({"path": one.path, **finding.to_dict()} for one in self.assets.found() for finding in one.findings)
        return _frame(rows, ["path", "severity", "code", "message"])

    def costs(self) -> Any:
        """What each picture cost, once, as a DataFrame: its key, slot, master, model, dollars, and how many files show
        it."""
        shown: dict[str, dict[str, Any]] = {}
        for asset in self.assets:
            for one in asset.pictures:
                told = shown.setdefault(one.key, {name: getattr(one, name) for name in _OF_PICTURES} | {"files": 0})
                told["files"] += one.shown
        return _frame(shown.values(), [*_OF_PICTURES, "files"])

    def _repr_html_(self) -> str:
        """What a notebook shows: the run in numbers, and its first files."""
        counts, folder = self.counts, Path(self.folder)
        shown = [one for one in self.assets[:MOST_SHOWN] if one.media_type in _SHOWN_BY_BROWSERS]
        pictures = "".join(
            f'<img alt="{html.escape(one.path, quote=True)}" title="{html.escape(one.path, quote=True)}" style="height:'
            f'120px;margin:4px" src="data:{one.media_type};base64,{b64encode(path.read_bytes()).decode()}">'
            for one in shown if (path := folder / one.path).is_file() and path.stat().st_size < LARGEST_SHOWN
        )  # fmt: skip
        return f"<p><b>{html.escape(self.run)}</b> · {counts}, ${self.cost.spent_usd:.2f} spent</p><p>{pictures}</p>"


MOST_SHOWN, LARGEST_SHOWN = 24, 2_000_000  # files, and bytes of each
_SHOWN_BY_BROWSERS = ("image/png", "image/jpeg", "image/webp", "image/svg+xml")
_PLAIN = ("id", "path", "status", "layout", "format", "locale", "row", "theme", "take", "bytes", "sha256", "decision")
_OF_PICTURES = ("key", "slot", "master", "provider", "model", "take", "cost_usd", "reused", "prompt")


def _plain(asset: Asset) -> dict[str, Any]:
    return {name: getattr(asset, name) for name in _PLAIN}


def _key_column(name: str, others: Collection[str]) -> str:
    column = name
    while column in _PLAIN or (column != name and column in others):
        column += "_key"
    return column


def _frame(rows: Iterable[Mapping[str, Any]], columns: list[str]) -> Any:
    import pandas as pd

    listed = list(rows)
    return pd.DataFrame(listed) if listed else pd.DataFrame(columns=columns)
