"""How well the pictures of a run keep to their brand: each measured once, and told where it misses what is asked."""

from __future__ import annotations

import hashlib
import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from pressrun.doors import Doors
from pressrun.graphics.photos import conformity
from pressrun.graphics.photos.photo import decoded
from pressrun.model.calm_area import Part, calm_area
from pressrun.model.conformance import Conformance, PictureMeasures, bits_apart
from pressrun.model.demands import CheckLevel
from pressrun.model.errors import PressrunError
from pressrun.model.finding import Finding, Severity
from pressrun.model.journal import Result
from pressrun.model.picture import PictureHad, PictureRetouched
from pressrun.model.plan import PictureTask
from pressrun.model.project import Project
from pressrun.model.sound_results import stored, stored_as
from pressrun.model.step import point_now
from pressrun.run.check_levels import picture_levels
from pressrun.run.worker import kit as worker

if TYPE_CHECKING:
    from pressrun.run.dry.copy_grounds import Rooms
    from pressrun.run.worker.bench import Bench

KIND = "conformance"
HINT = "let another take be made, or change what is asked under `conformance`"
FLAT = 2.0  # spread of 8-bit values below which a picture is one colour
FEWEST_OF_A_SET = 5  # pictures, from which on one can be called an outlier
# What pictures of a set are compared in, and what counts as usual at least: in a set that is all alike a hair
# would be unusual.
LOOKS = {"lightness": 3.0, "contrast": 3.0, "green to red": 2.0, "blue to yellow": 2.0, "colourfulness": 2.0}
FAULT, MOST_FOR_COLOR, FOR_UNREST = 20.0, 20.0, 20.0  # of a score of 100


class MeasureJob(Struct, frozen=True):
    """A picture to be measured: its digest, and what for. ``words`` are the places of words on it, by layout; ``edit``
    the digests of what a provider drew, of the original, and of the mask, where the picture is an edit that keeps
    something."""

    key: str
    digest: str
    palette: tuple[str, ...]
    room: tuple[float, float, float, float]
    like: float
    lettering: bool
    edit: tuple[str, str, str] | None
    words: tuple[tuple[str, Part], ...] = ()


class Measured(Struct, frozen=True):
    """What was measured of the picture of a slot, and what of it is not as the brand asks. ``words`` are the lines of
    lettering in it; None where nobody looked; ``levels`` how much what is found counts, by its code."""

    task: PictureTask
    digest: str
    measures: PictureMeasures
    words: tuple[str, ...] | None
    findings: tuple[Finding, ...] = ()
    chosen: bool = True
    levels: Mapping[str, CheckLevel] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """From 100 down: 20 for each finding, half of how far its main colours are from the palette (CIEDE2000; 20 at
        most), and 20 times the uneasy share of its room for copy."""
        unrest = FOR_UNREST * (self.measures.busy or 0.0)
        return round(100 - FAULT * len(self.findings) - min(MOST_FOR_COLOR, self.measures.distance / 2) - unrest, 1)

    def with_fault(self, code: str, message: str, hint: str | None = None) -> Measured:
        level = self.levels.get(code)
        if level and level.level == "off":
            return self
        severity = Severity(level.level) if level else Severity.WARNING
        told = f"the picture {self.task.slot}/{self.task.master}, take {self.task.request.take}: {message}"
        finding = Finding(severity, code, told, None, hint, row=self.task.row)
        return replace(self, findings=(*self.findings, finding))

    def to_json(self) -> dict[str, Any]:
        request = self.task.request
        return {
            "slot": self.task.slot, "master": self.task.master, "row": self.task.row, "take": request.take,
            "key": self.task.key, "sha256": self.digest, "chosen": self.chosen, "score": self.score,
            "findings": [one.code for one in self.findings], "measures": self.measures.to_json(),
            "lettering": None if self.words is None else {"asked": list(request.lettering), "found": list(self.words)},
        }  # fmt: skip


def measure_picture(bench: Bench, job: MeasureJob) -> Result:
    """A worker's task."""
    data = bench.store.read(job.digest)
    measures = conformity.measured(data, job.palette, job.room, job.like, job.words)
    if job.edit:
        measures = replace(measures, drift=conformity.drift(*map(bench.store.read, job.edit)))
    facts: dict[str, Any] = {"measures": measures.to_json()}
    if job.lettering:
        from pressrun.graphics.learned import lettering

        facts["words"] = [line.words for line in lettering.found(decoded(data).image.convert("RGB"))]
    return Result.of(job.key, KIND, job.digest, len(data), facts)


def measured(
    project: Project, asked: Conformance, tasks: Sequence[PictureTask], had: Mapping[str, PictureHad], doors: Doors,
    kit: worker.Kit, rooms: Rooms,
) -> list[Measured]:  # fmt: skip
    """Every picture as its slot shows it, with what it misses alone. What cannot be measured is left out: it was told
    when it was made."""
    jobs = {(task.key, task.slot): _job(project, asked, task, had[task.key], doors, rooms) for task in tasks}
    needed = {job.key: job for job in jobs.values()}
    known = stored_as(lambda result: result, doors.journal, doors.store, needed)
    missing = [job for key, job in needed.items() if key not in known]
    if missing:
        for job, outcome in doors.in_workers(worker.open_bench, kit, missing, measure_picture, "retouching"):
            if isinstance(outcome, PressrunError) and outcome.stops_the_run:
                raise outcome
            if isinstance(outcome, Result):
                doors.journal.record([outcome])
                known[job.key] = outcome
    levels = {slot: picture_levels(project, slot) for slot in {task.slot for task in tasks}}
    found = []
    for task in tasks:
        result = known.get(jobs[task.key, task.slot].key)
        if result is not None:
            measures = result.read(lambda said: PictureMeasures.from_json(said["measures"]))
            words = result.facts.get("words")
            read = None if words is None else tuple(words)
            one = Measured(task, result.digest, measures, read, levels=levels[task.slot])
            found.append(judged(one, asked))
    return found


def _job(
    project: Project, asked: Conformance, task: PictureTask, got: PictureHad, doors: Doors, rooms: Rooms
) -> MeasureJob:  # fmt: skip
    final = got.finals.get(task.slot, got.made)
    master = project.job.pictures[task.slot].masters.get(task.master)
    room, _ = calm_area(master.space if master else "")
    if isinstance(final, PictureRetouched):
        (left, top), (right, bottom) = (point_now(corner, final.moved) for corner in (room[:2], room[2:]))
        room = min(left, right), min(top, bottom), max(left, right), max(top, bottom)
    edit = None
    request, drawn = task.request, got.made.provenance.edited
    if request.mask and request.references and drawn:
        answer = stored(doors.journal, doors.store, [drawn]).get(drawn)
        edit = (answer.digest, request.references[0].digest, request.mask.digest) if answer else None
    palette = tuple(swatch.srgb for swatch in project.brand.palette.values())
    reader = _reader() if asked.lettering else ""
    words = rooms.get((task.slot, task.key), ())
    told = [conformity.RECIPE, final.digest, palette, room, words, asked.palette_distance, reader, edit]
    key = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    return MeasureJob(key, final.digest, palette, room, asked.palette_distance, asked.lettering, edit, words)


def _reader() -> str:
    from pressrun.graphics.learned import lettering

    return lettering.said()


def judged(one: Measured, asked: Conformance) -> Measured:
    """The same with what it misses by itself."""
    for code, message in _faults(one.measures, asked):
        one = one.with_fault(code, message, HINT)
    return _lettering_judged(one) if one.words is not None else one


def _faults(is_: PictureMeasures, asked: Conformance) -> Iterator[tuple[str, str]]:
    """Codes and what is told of what a picture misses by itself."""
    if asked.palette is not None and is_.palette < asked.palette:
        yield "off-palette", f"{is_.palette:.0%} of it is like the palette, where {asked.palette:.0%} are asked for"
    elif asked.dominant is not None and is_.distance > asked.dominant:
        colors = ", ".join(color for color, _ in is_.dominant[:3])
        yield "off-palette", f"its main colours ({colors}) are {is_.distance:.0f} from the palette"
    if asked.calm is not None and is_.busy is not None and is_.busy > asked.calm:
        where = [f"{layout} ({share:.0%})" for layout, share in is_.crowded if share > asked.calm]
        told = f"what lies under the words is uneasy in {', '.join(where)}" if where else (
            f"{is_.busy:.0%} of the room for copy is uneasy"
        )  # fmt: skip
        yield "busy-copy-space", f"{told}, where {asked.calm:.0%} may be"
    if asked.product is not None and is_.drift is not None and is_.drift > asked.product:
        yield "product-changed", f"the edit moved by {is_.drift:g} what its mask keeps, before that was put back"
    if is_.spread < FLAT:
        yield "blank-picture", "it is one flat colour"
        return
    if asked.sharpness is not None and is_.sharpness < asked.sharpness:
        yield "blurred-picture", f"nothing in it is sharp ({is_.sharpness:g}, where {asked.sharpness:g} is asked for)"
    if asked.banding is not None and is_.banding > asked.banding:
        yield "banded-picture", f"{is_.banding:.1%} of it are steps in what should be smooth"
    if asked.compression is not None and is_.compression > asked.compression:
        yield "over-compressed", f"the blocks of its compression show ({is_.compression:g} times all else)"
    if asked.repetition is not None and is_.repetition > asked.repetition:
        yield "watermarked-picture", f"a mark seems to lie over it again and again ({is_.repetition:.0%} alike)"


def _lettering_judged(one: Measured) -> Measured:
    assert one.words is not None
    asked, rest = one.task.request.lettering, [_letters(line) for line in one.words]
    seen = "".join(rest)
    lost = [text for text in asked if _letters(text) and _letters(text) not in seen]
    wanted = "".join(map(_letters, asked))
    extra = [line for line, letters in zip(one.words, rest, strict=True) if not letters or letters not in wanted]
    if lost:
        words = ", ".join(f"“{text}”" for text in lost)
        read = f"; read was {', '.join(f'“{line}”' for line in one.words)}" if any(one.words) else ""
        one = one.with_fault("missing-lettering", f"it does not show {words} letter by letter{read}")
    elif extra:
        words = ", ".join(f"“{line}”" if line else "a line in another script" for line in extra)
        one = one.with_fault("unwanted-lettering", f"it has lettering that nobody asked for: {words}")
    return one


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def compared(every: Sequence[Measured], asked: Conformance) -> list[Measured]:
    """The same with what shows only beside others: takes that are one picture twice, and pictures unlike their set."""
    return list(_outliers(list(_duplicates(every, asked)), asked))


def _duplicates(every: Sequence[Measured], asked: Conformance) -> Iterator[Measured]:
    earlier: dict[tuple[str, str, str], list[Measured]] = {}
    for one in every:
        asked_for = json.dumps([one.task.request.prompt, one.task.request.options])
        takes = earlier.setdefault((one.task.slot, one.task.master, asked_for), [])
        alike = None if asked.duplicate is None else next(
            (other for other in takes if bits_apart(one.measures, other.measures) <= asked.duplicate), None
        )  # fmt: skip
        takes.append(one)
        if alike:
            one = one.with_fault("near-duplicate", f"it is nearly take {alike.task.request.take} again")
        yield one


def _outliers(every: Sequence[Measured], asked: Conformance) -> Iterator[Measured]:
    sets: dict[str, list[Measured]] = {}
    for one in every:
        if one.chosen:
            sets.setdefault(one.task.slot, []).append(one)
    for one in every:
        others = sets.get(one.task.slot, [])
        if asked.outlier is None or not one.chosen or len(others) < FEWEST_OF_A_SET:
            yield one
            continue
        worst, which = 0.0, ""
        for at, (name, least) in enumerate(LOOKS.items()):
            values = [other.measures.look[at] for other in others]
            middle = statistics.median(values)
            usual = max(least, 1.4826 * statistics.median(abs(value - middle) for value in values))
            if (apart := abs(one.measures.look[at] - middle) / usual) > worst:
                worst, which = apart, name
        if worst > asked.outlier:
            message = f"it is unlike the others of its set in {which}, by {worst:.1f} times the usual"
            one = one.with_fault("set-outlier", message)
        yield one
