"""A run, or one file of it, explained: from the page back to the row, the prompt, the model and the bill."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from pressrun.commands.report.ledger_totals import killed_lines, killed_runs
from pressrun.commands.report.unsettled_money import outstanding_data, outstanding_lines
from pressrun.generate.buy.unsettled import outstanding
from pressrun.language.choices_told import chosen_by
from pressrun.language.page_words import page_words
from pressrun.manifest.merged_rows import RECORDS, merged_rows
from pressrun.manifest.runs_read import RunRecord
from pressrun.model.choice import Choice
from pressrun.model.file_facts import TextShown
from pressrun.model.finding import Finding, Severity
from pressrun.model.geometry import type_told
from pressrun.model.journal import Attempt, Journal, RunEntry
from pressrun.model.picture import PictureMade
from pressrun.model.provenance import Provenance
from pressrun.model.run_record import Asset, AssetPicture, ChangeByHand, RowSource

FAILED_SHOWN = 20


def usd(amount: float | Decimal) -> str:
    """Dollars to the cent; below a dollar, to four digits that count."""
    exact = Decimal(str(amount))  # what the ledger and the manifest say alike is written alike
    return f"${exact:.4g}" if 0 < abs(exact) < 1 else f"${exact:,.2f}"


def run_explained(record: RunRecord, journal: Journal | None, root: Path) -> str:
    """A run: counts, quote and bill, findings by code, failed rows, and what is not settled in the whole campaign."""
    lines = [
        f"{record.run}: {record.job}, {record.brand}, {' '.join((record.provider, *record.models))}",
        f"  {record.started} to {record.finished}, exit {record.exit}",
        f"  {record.counts}",
        *(f"  {line}" for line in _bill(record, journal)),
        *_by_code(record),
        *_failed(record.assets),
        *(f"  {line}" for line in outstanding_lines(outstanding(journal), root)),
        *(f"  {line}" for line in killed_lines(killed_runs(journal) if journal else ())),
        f"  {record.folder / 'contact-sheet.html'}",
    ]
    return "\n".join(lines)


def _bill(record: RunRecord, journal: Journal | None) -> Iterator[str]:
    cost = record.cost
    quoted = "no price known" if cost.estimated_usd is None else f"quoted {usd(cost.estimated_usd)}"
    yield f"cost: {quoted}, spent {usd(cost.spent_usd)}, and {usd(cost.reused_usd)} saved by what was there"
    yield from _calls(journal.attempts(record.run) if journal else [])


def _calls(attempts: Sequence[Attempt]) -> Iterator[str]:
    if not attempts:
        return
    states = Counter(attempt.standing or attempt.state for attempt in attempts)
    said = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in sorted(states.items()))
    quotes = [attempt.quoted_usd for attempt in attempts if attempt.state == "charged"]
    known = sum((quote for quote in quotes if quote is not None), Decimal(0))
    bill = sum((attempt.cost_usd for attempt in attempts if attempt.cost_usd is not None), Decimal(0))
    yield f"calls: {said}; quoted {usd(known)} for those charged, billed {usd(bill)}"


def run_without_record(run: RunEntry, journal: Journal, root: Path) -> str:
    """A run that was killed, or ended before there was anything to tell of its files: what it asked for, and spent."""
    ended = "killed" if run.was_killed else "under way" if run.exit is None else f"ended early, exit {run.exit}"
    lines = [
        f"{run.name}: {run.job}, begun {run.started}, {ended}",
        *(f"  {line}" for line in _calls(journal.attempts(run.name))),
        *(f"  {line}" for line in outstanding_lines(outstanding(journal), root)),
        *(f"  {line}" for line in killed_lines([run] if run.was_killed else ())),
    ]
    return "\n".join(lines)


def run_without_record_data(run: RunEntry, journal: Journal) -> dict[str, Any]:
    """The same for machines."""
    found = outstanding(journal)
    return {
        "run": run.name, "job": run.job, "started": run.started, "exit": run.exit, "killed": run.was_killed,
        "perhaps_charged": [_attempt_data(attempt) for attempt in found.unknown if attempt.run == run.name],
        "open_batches": outstanding_data(found),
        "calls": [_attempt_data(attempt) for attempt in journal.attempts(run.name)],
    }  # fmt: skip


def _by_code(record: RunRecord) -> Iterator[str]:
    counted: Counter[tuple[str, str]] = Counter()
    for asset in record.assets:
        counted.update({(finding.severity.value, finding.code) for finding in asset.findings})
    notes = Counter((note.severity.value, note.code) for note in record.notes)
    if not counted and not notes:
        yield "  findings: none"
        return
    yield "  findings:"
    for (severity, code), number in sorted(counted.items(), key=lambda item: (-Severity(item[0][0]).rank, item[0][1])):
        yield f"    {severity:<8} {code:<24} in {number} {'file' if number == 1 else 'files'}"
    for (severity, code), number in sorted(notes.items()):
        yield f"    {severity:<8} {code:<24} {number} of the job itself"


def _failed(assets: Iterable[Asset]) -> Iterator[str]:
    failed = [asset for asset in assets if asset.status == "failed"]
    if not failed:
        return
    yield "  failed:"
    for asset in failed[:FAILED_SHOWN]:
        errors = [finding for finding in asset.findings if finding.is_error]
        why = _finding(errors[0]) if errors else "nothing is known of why"
        yield f"    {asset.path}: {why}"
    if len(failed) > FAILED_SHOWN:
        yield f"    … and {len(failed) - FAILED_SHOWN} more, in assets.csv"


def asset_explained(asset: Asset, record: RunRecord, journal: Journal | None, address: Callable[[str], str]) -> str:
    """A file: from the page to the row, to the prompt, to the model, to the request, and what it cost."""
    here = record.folder / asset.path
    lines = [
        f"{asset.path}  ({asset.id}, run {record.run})",
        f"  {asset.status}: {asset.format}, {_size(asset)}, {asset.bytes / 1000:.1f} kB"
        + ("" if here.is_file() or asset.status == "failed" else "; it is no longer there"),
        f"  layout   {asset.layout}, {asset.locale}" + (f", theme {asset.theme}" if asset.theme else "")
        + (f", take {asset.take}" if asset.take != 1 else ""),
        f"  row      {asset.row}" if asset.row else _rows(asset, record),
        *(f"    {one.rows:<10} {asset.keys.get(one.rows, '')}  {_place(one)}" for one in asset.sources),
    ]  # fmt: skip
    for picture in asset.pictures:
        lines += _picture(picture, journal, address)
    target = "print" if asset.size.trim_mm else "screen"
    of_codes = tuple(f"{code.id}/" for code in asset.codes)  # whose words are told with them
    lines += _list("texts", (_text(text, target) for text in asset.text if not text.id.startswith(of_codes)))
    lines += _list("codes", (f"{code.id:<10} {code.value!r}" for code in asset.codes))
    lines += _list("choices", (_choice(choice) for choice in asset.choices))
    lines += _list("by hand", (_by_hand(one) for one in asset.overrides))
    lines += _list("findings", (f"{one.severity}: {_finding(one)}  [{one.code}]" for one in asset.findings))
    if asset.sha256:
        lines.append(f"  sha256   {asset.sha256}")
    return "\n".join(lines)


def _rows(asset: Asset, record: RunRecord) -> str:
    """Of a file that many rows are in, how many, and which are first and last."""
    rows = list(merged_rows(record.folder, asset.path))
    if not rows:
        return "  rows     0"
    ends = " to ".join(dict.fromkeys((rows[0].row, rows[-1].row)))
    return f"  rows     {len(rows)}, {ends}; {RECORDS} has the pages of each"


def _picture(picture: AssetPicture, journal: Journal | None, address: Callable[[str], str]) -> Iterator[str]:
    came = "was there before" if picture.reused else "made in this run"
    cost = "at a price nobody knows" if picture.cost_usd is None else f"for {usd(picture.cost_usd)}"
    maker = " ".join(part for part in (picture.provider, picture.model) if part)
    yield f"  picture  {picture.slot}/{picture.master}, take {picture.take}: {came} by {maker}, {cost}"
    if not picture.shown:
        yield "    not on this file: others go by it"
    yield f"    source     {picture.digital_source_type}"
    if picture.steps:
        yield f"    steps      {', '.join(map(str, picture.steps))}"
    for said in picture.learned:
        yield f"    learned by {said}"
    yield f"    request    {picture.key}"
    yield f"    bytes      {address(picture.sha256)}"
    known = journal.lookup([picture.key]).get(picture.key) if journal else None
    for name, said in _provenance(PictureMade.of(known).provenance) if known else ():
        if said:
            yield f"    {name:<10} {said}"
    for attempt in _attempts(journal, picture.key):
        cost = "" if attempt.cost_usd is None else f", {usd(attempt.cost_usd)}"
        yield f"    call       #{attempt.id} {attempt.standing or attempt.state}{cost}, run {attempt.run}"
    yield "    prompt"
    for line in picture.prompt.splitlines():
        yield f"      {line}".rstrip()


def _provenance(of: Provenance) -> Iterator[tuple[str, str]]:
    """What the record of a run does not say of a picture."""
    yield "size", "{} x {} px, ".format(*of.pixels.size) + of.pixels.media_type
    yield "quality", of.quality or ""
    yield "edited", of.edited or ""
    yield "previews", ", ".join(of.previews)
    yield "answer", of.response_id or ""
    yield "said", ", ".join(f"{name} {told}" for name, told in of.said)


def _attempts(journal: Journal | None, key: str) -> list[Attempt]:
    return [attempt for attempt in journal.attempts() if attempt.picture == key] if journal else []


def _list(title: str, entries: Iterable[str]) -> Iterator[str]:
    for number, entry in enumerate(entries):
        yield f"  {title if number == 0 else '':<8} {entry}"


def _text(text: TextShown, target: str) -> str:
    lines = f", {text.lines} lines" if text.lines != 1 else ""
    over = ", overflows" if text.overflow else ""
    words = text.text.replace("\n", " / ")
    return f"{text.id:<10} {type_told(text.size_pt, target)}{lines}{over}  {words}"


def _by_hand(change: ChangeByHand) -> str:
    value = change.value if isinstance(change.value, str) else json.dumps(change.value, ensure_ascii=False)
    return f"{change.key} {value}  ({change.file}:{change.line}){', stale' if change.stale else ''}"


def _choice(choice: Choice) -> str:
    why = chosen_by(choice, page_words("en"))
    return f"{choice.layer:<10} {choice.told} (contrast {why})"


def _finding(finding: Finding) -> str:
    return (f"{finding.layer}: " if finding.layer else "") + str(finding)


def _place(source: RowSource) -> str:
    return f"{source.file}:{source.line}" if source.line else source.file


def _size(asset: Asset) -> str:
    if asset.size.pixels:
        return "{} x {} px".format(*asset.size.pixels)
    return ", ".join(f"{name} {value}" for name, value in asset.size.to_json().items()) or "no size"


def run_data(record: RunRecord, journal: Journal | None) -> dict[str, Any]:
    """A run for machines."""
    found = outstanding(journal)
    return {
        "run": record.run, "folder": str(record.folder), "job": record.job, "brand": record.brand,
        "provider": record.provider, "models": list(record.models), "started": record.started,
        "finished": record.finished, "exit": record.exit, "counts": record.counts.to_json(),
        "cost": asdict(record.cost),
        "findings": record.findings, "notes": [note.to_dict() for note in record.notes],
        "failed": [
            {name: line[name] for name in ("id", "path", "row", "findings")}
            for line in (asset.to_dict() for asset in record.assets if asset.status == "failed")
        ],
        "perhaps_charged": [_attempt_data(attempt) for attempt in found.unknown],
        "open_batches": outstanding_data(found),
        "killed": [run.name for run in killed_runs(journal)] if journal else [],
        "calls": [_attempt_data(attempt) for attempt in (journal.attempts(record.run) if journal else ())],
    }  # fmt: skip


def unfinished_data(journal: Journal) -> dict[str, Any]:
    """The ledger of a campaign without a finished run, for machines."""
    found = outstanding(journal)
    return {
        "run": None, "spent_usd": str(journal.spent()),
        "perhaps_charged": [_attempt_data(attempt) for attempt in found.unknown],
        "open_batches": outstanding_data(found),
        "killed": [run.name for run in killed_runs(journal)],
        "calls": [_attempt_data(attempt) for attempt in journal.attempts()],
    }  # fmt: skip


def asset_data(asset: Asset, record: RunRecord, journal: Journal | None) -> dict[str, Any]:
    """A file for machines: its line of ``assets.jsonl``, with what the journal knows of its pictures."""
    data = {"run": record.run, "folder": str(record.folder), **asset.to_dict()}
    known = journal.lookup([picture.key for picture in asset.pictures]) if journal else {}
    data["pictures"] = [
        {
            **asdict(picture),
            "facts": known[picture.key].facts if picture.key in known else None,
            "calls": [_attempt_data(attempt) for attempt in _attempts(journal, picture.key)],
        }
        for picture in asset.pictures
    ]
    return data


def _attempt_data(attempt: Attempt) -> dict[str, Any]:
    quoted, cost = attempt.quoted_usd, attempt.cost_usd
    return {
        "attempt": attempt.id, "picture": attempt.picture, "run": attempt.run, "provider": attempt.provider,
        "model": attempt.model, "state": attempt.standing or attempt.state,
        "quoted_usd": None if quoted is None else str(quoted), "cost_usd": None if cost is None else str(cost),
        "detail": attempt.detail,
    }  # fmt: skip
