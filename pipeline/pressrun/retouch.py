"""retouch: a master becomes a picture by an ordered list of steps; the original's bytes stay as they are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pressrun.graphics.learned import detection
from pressrun.graphics.photos.photo import Photo, PictureStep, decoded, encoded
from pressrun.graphics.photos.photographs import verified
from pressrun.model.errors import PictureFailed, PressrunError
from pressrun.model.executor import Bench
from pressrun.model.finding import Finding
from pressrun.model.geometry import IDENTITY, Matrix
from pressrun.model.journal.results import ANSWER, Result, Results
from pressrun.model.learned import Detector, detector_named
from pressrun.model.picture import PictureRetouched
from pressrun.model.provenance import Pixels
from pressrun.model.step import Box, BrandColors, Framing, Point, StepOptions
from pressrun.model.store import Store


class Focus(Struct, frozen=True):
    """Where a picture is to be looked at, in fractions: the stage that its master has, and the region that it tells of
    itself."""

    stage: Point | None = None
    region: Point | None = None


NOWHERE = Focus()


def retouch_key(
    digest: str, steps: Sequence[StepOptions], colors: BrandColors, focus: Focus = NOWHERE,
    detect: Sequence[Detector] = (),
) -> str:  # fmt: skip
    """The key of what ``steps`` make of the picture with these bytes, and of what is detected in that."""
    recipe: list[Any] = [digest, [step.recipe(colors) for step in steps]]
    if any(step.looks_for for step in steps):
        recipe.append([focus.stage, focus.region])
    if detect:
        recipe.append({"detect": [detection.RECIPE, *detection.said(detect)]})
    return hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()


class Retouched(Struct, frozen=True):
    """An encoded picture; where steps moved its points to (see :class:`Framing`), what they found, and the number of
    the step that found it, from 0, for each. ``pixels`` is told where it was encoded here."""

    data: bytes
    moved: Matrix = IDENTITY
    findings: tuple[Finding, ...] = ()
    found_by: tuple[int, ...] = ()
    pixels: Pixels | None = None


def retouched(
    picture: bytes, steps: Sequence[StepOptions], colors: BrandColors, focus: Focus = NOWHERE
) -> Retouched:  # fmt: skip
    """Apply the steps in order: decoded once, for as many as work on pixels. Raises PictureFailed, which says at which
    of them."""
    data: bytes | None = picture
    photo: Photo | None = None
    found_by: list[int] = []
    for number, step in enumerate(steps):
        try:
            if isinstance(step, PictureStep):
                photo = step.retouched(photo or decoded(picture, focus.stage, focus.region), colors)
                data = None
            else:
                data = step.apply(data if data is not None else encoded(photo) if photo else picture, colors)
                photo = _continued(data, photo)
        except PictureFailed as error:
            error.step = number
            raise
        found_by += [number] * (len(photo.findings) - len(found_by) if photo else 0)
    pixels: Pixels | None = None
    if data is None and photo is not None:
        data, pixels = encoded(photo), Pixels("image/png", photo.image.size)
    assert data is not None
    return Retouched(data, photo.framing.moved, photo.findings, tuple(found_by), pixels) if photo else Retouched(data)


def _continued(data: bytes, before: Photo | None) -> Photo | None:
    """What is known of a picture goes on through a step that knows nothing of it."""
    if before is None:
        return None
    photo = decoded(data)
    framing = replace(before.framing, size=photo.framing.size)
    return Photo(photo.image, framing, photo.seed, before.findings)


def framed(steps: Sequence[StepOptions], size: tuple[int, int], focus: Focus) -> Framing:
    """What steps will make of a picture's edges. Raises PictureFailed."""
    framing = Framing(size, focus.stage, focus.region)
    for step in steps:
        framing = step.framed(framing)
    return framing


class KeptAnswers(Struct, frozen=True):
    """What networks said, kept in the store: asked again of the same picture, on whatever processor, it is the same."""

    store: Store
    results: Results

    def __call__(self, key: str, ask: Callable[[], bytes]) -> bytes:
        if kept := self.results.lookup([key]).get(key):
            try:
                return self.store.read(kept.digest)
            except PressrunError:
                pass  # damaged or swept away: asked again
        data = ask()
        self.results.record([Result.of(key, ANSWER, self.store.put(data), len(data))])
        return data


class RetouchJob(Struct, frozen=True):
    """A picture to be retouched: its digest, the steps, and the key of what they make of it. ``files`` are the digests
    of those that steps name, by their names; ``detect`` says what looks at it then."""

    key: str
    digest: str
    steps: tuple[StepOptions, ...]
    focus: Focus = NOWHERE
    files: tuple[tuple[str, str], ...] = ()
    detect: tuple[Detector, ...] = ()


def retouch_picture(bench: Bench, job: RetouchJob) -> PictureRetouched:
    """A worker's task: see :func:`retouched`."""
    files = {name: bench.store.read(digest) for name, digest in job.files}
    colors = replace(bench.brand_colors, files=files, answers=KeptAnswers(bench.store, bench.results))
    made = retouched(bench.store.read(job.digest), job.steps, colors, job.focus)
    digest = bench.store.put(made.data)
    found = detection.detected(decoded(made.data).plain, job.detect, colors.answers) if job.detect else None
    subject, detector = found or (None, None)
    return PictureRetouched(
        job.key, digest, len(made.data), made.pixels or verified(made.data), made.moved, made.findings, subject,
        made.found_by, detector,
    )  # fmt: skip


DETECTED = "detected"  # the kind of result that has the box of what was found in a picture as it is


def detection_key(digest: str, detect: Sequence[Detector]) -> str:
    """The key of what these find in the picture with these bytes."""
    recipe = [DETECTED, digest, detection.RECIPE, *detection.said(detect)]
    return hashlib.sha256(json.dumps(recipe).encode()).hexdigest()


def said_of_subject(found: tuple[Box, Detector] | None) -> dict[str, Any]:
    """For the record: where something was found, and by what."""
    return {"subject": list(found[0]), "detector": found[1]} if found else {"subject": None}


def subject_of(facts: Mapping[str, Any]) -> tuple[Box, Detector] | None:
    """As it was recorded."""
    if (found := facts["subject"]) is None:
        return None
    left, top, right, bottom = map(float, found)
    return (left, top, right, bottom), detector_named(facts["detector"])


class DetectionJob(Struct, frozen=True):
    """A picture, by its digest, in which something is to be found."""

    key: str
    digest: str
    detect: tuple[Detector, ...]


def detect_in(bench: Bench, job: DetectionJob) -> Result:
    """A worker's task. Raises PictureFailed."""
    data = bench.store.read(job.digest)
    found = detection.detected(decoded(data).plain, job.detect, KeptAnswers(bench.store, bench.results))
    return Result.of(job.key, DETECTED, job.digest, len(data), said_of_subject(found))
