"""The retouching that pictures of a job get: steps by slot, the files they name, and where a picture is looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from pressrun.graphics.learned import detection
from pressrun.model.errors import PictureFailed
from pressrun.model.finding import Place
from pressrun.model.job import STAGE, PictureSlot
from pressrun.model.picture import PictureMade
from pressrun.model.plan import PictureTask
from pressrun.model.project import Project
from pressrun.model.provenance import DRAWN
from pressrun.model.step import BrandColors, Framing
from pressrun.model.store import Store
from pressrun.retouch import Focus, RetouchJob, framed, retouch_key


class SlotSteps(Struct, frozen=True):
    """``slots`` are the job's, with the steps of recipes in place of their names; ``files`` the digests in the store
    and the bytes of what steps name, by its name there; ``places`` say where the steps of each are written."""

    slots: Mapping[str, PictureSlot]
    files: Mapping[str, tuple[str, bytes]]
    places: Mapping[str, tuple[Place, ...]]

    @classmethod
    def of(cls, project: Project, store: Store) -> SlotSteps:
        """Those of a project, whose steps' files the store has from now on."""
        names = list(project.step_files)
        data = [project.step_files[name].read_bytes() for name in names]
        digests = store.put_many(data) if data else []
        files = dict(zip(names, zip(digests, data, strict=True), strict=True))
        return cls(project.job.pictures, files, project.step_places)

    @classmethod
    def read(cls, project: Project) -> SlotSteps:
        """The same for a look alone: the store gets nothing."""
        data = {name: path.read_bytes() for name, path in project.step_files.items()}
        files = {name: (hashlib.sha256(read).hexdigest(), read) for name, read in data.items()}
        return cls(project.job.pictures, files, project.step_places)

    def job_of(self, task: PictureTask, made: PictureMade, colors: BrandColors) -> RetouchJob | None:
        """What is to be done to a picture; None where that is nothing."""
        slot = self.slots.get(task.slot)
        steps, detect = (slot.steps, slot.detect or ()) if slot else ((), ())
        if not steps and not detect:
            return None
        names = sorted({file.name for step in steps for file in step.files()})
        with_files = replace(colors, files={name: self.files[name][1] for name in names})
        stage = self.slots[task.slot].masters[task.master].written_stage if self._has(task) else None
        if stage is None and made.provenance.source_type in DRAWN:
            stage = STAGE
        focus = Focus(stage, made.provenance.region)
        key = retouch_key(made.digest, steps, with_files, focus, detect)
        files = tuple((name, self.files[name][0]) for name in names)
        return RetouchJob(key, made.digest, steps, focus, files, detect)

    def place_of(self, slot: str, number: int | None) -> Place | None:
        """Where the step with this number is written; None where none of them is meant."""
        places = self.places.get(slot, ())
        return places[number] if number is not None and number < len(places) else None

    def _has(self, task: PictureTask) -> bool:
        return task.master in self.slots[task.slot].masters


def comes_opaque(task: PictureTask, slot: PictureSlot | None) -> bool:
    """Whether nothing will be seen through a picture that is to be made, which its request and its steps tell. Others
    are what somebody put there."""
    is_made = task.provider.READS_PROMPT and task.request.background == "opaque"
    return is_made and all(step.STAYS_OPAQUE for step in (slot.steps if slot else ()))


def learned_by(slot: PictureSlot) -> tuple[str, ...]:
    """The weights that a slot's steps and detectors work by, and what runs them."""
    steps = (said for step in slot.steps for said in step.learned())
    return tuple(dict.fromkeys((*steps, *detection.said(slot.detect or ()))))


def framing_to_come(slot: PictureSlot | None, size: tuple[int, int], stage: tuple[float, float] | None) -> Framing:
    """What a slot's steps will make of a picture's edges, as far as that can be told before there is one."""
    try:
        return framed(slot.steps if slot else (), size, Focus(stage))
    except PictureFailed:  # told once there is one
        return Framing(size, stage)
