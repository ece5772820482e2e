"""Picture slots that go by an approved picture: which one is meant, and that none of them goes by itself in a ring."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.load.campaign_reader import Reader
from pressrun.model.finding import Place
from pressrun.model.job import Job
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.yaml_source import YamlSource


def prompts_named(job: Job, source: YamlSource) -> Iterator[tuple[str, Place]]:
    """The templates of all prompts, with where they are named."""
    for name, slot in job.pictures.items():
        if slot.prompt:
            yield slot.prompt, source.place(("pictures", name, "prompt"))
        if slot.edit:
            yield slot.edit.prompt, source.place(("pictures", name, "edit", "prompt"))


def check_set_pictures(reader: Reader, job: Job, source: YamlSource) -> None:
    for name, slot in job.pictures.items():
        if slot.edit is None:
            continue
        place = source.place(("pictures", name, "edit", "of"))
        goes_by = job.goes_by(name)
        if slot.anchor:
            message = f"'{name}' has an anchor, and is an edit of an approved picture, which is one already"
            reader.error("two-anchors", message, source.place(("pictures", name, "anchor")), "leave one of them out")
        if goes_by is None:
            message = f"'{slot.edit.of}' says which slot is meant, and not which of its pictures"
            reader.error("unknown-picture", message, place, f"write {slot.edit.of}/first, or a row's id there")
        elif goes_by[0] not in job.pictures:
            hint = did_you_mean(goes_by[0], job.pictures, "picture slots")
            reader.error("unknown-picture", f"there is no picture slot '{goes_by[0]}'", place, hint)
    for ring in _rings(job):
        first = min(ring, key=list(job.pictures).index)
        at = ("edit", "of") if job.pictures[first].edit else ("anchor",)
        message = f"these pictures go by each other, so that none can be the first: {', '.join(sorted(ring))}"
        reader.error("anchor-loop", message, source.place(("pictures", first, *at)), "let one of them go by none")


def _rings(job: Job) -> Iterator[frozenset[str]]:
    """Slots that go by each other, each ring once; that a slot goes by a picture of its own is no ring."""
    told: set[frozenset[str]] = set()
    for start in job.pictures:
        way = [start]
        while (goes_by := job.goes_by(way[-1])) and goes_by[0] in job.pictures and goes_by[0] != way[-1]:
            if goes_by[0] in way:
                ring = frozenset(way[way.index(goes_by[0]) :])
                if ring not in told:
                    told.add(ring)
                    yield ring
                break
            way.append(goes_by[0])
