"""Picture files that rows name (packshots): taken into the store once, refused where they cannot be placed."""

from __future__ import annotations

import hashlib
import io

from PIL import Image, UnidentifiedImageError

from pressrun.graphics.photographs import KINDS, upright
from pressrun.graphics.typst_engine import UnusableSvg, svg_size
from pressrun.model.composition import PlacedPicture
from pressrun.model.errors import InputError, PressrunError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.job import MOST_PIXELS, Row
from pressrun.model.plan import Plan
from pressrun.model.project import OutsideCampaign, Project
from pressrun.model.record import Record
from pressrun.model.store import Store
from pressrun.run.sheet_words import SheetWords


class UnusablePicture(PressrunError):
    """A picture file that cannot be placed, with a stable code."""

    exit_code = 2

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self._code = code

    @property
    def code(self) -> str:
        return self._code


def inspect_picture(data: bytes, name: str) -> tuple[str, tuple[int, int]]:
    """Media type and size of a picture file (an SVG's in its own units). Raises UnusablePicture."""
    if name.lower().endswith(".svg") or data.lstrip()[:5].lower() in (b"<?xml", b"<svg "):
        try:
            width, height = svg_size(data)
        except UnusableSvg as error:
            raise UnusablePicture("unusable-svg", f"{name} cannot be placed: {error}") from error
        return "image/svg+xml", (max(1, round(width)), max(1, round(height)))
    try:
        # Pillow warns of large pictures on its own, at a limit that is not ours.
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            with Image.open(io.BytesIO(data)) as picture:
                kind, size = picture.format or "", picture.size
                if size[0] * size[1] > MOST_PIXELS:
                    raise UnusablePicture(
                        "picture-too-large",
                        f"{name} has {size[0]} x {size[1]} pixels; {MOST_PIXELS // 10**6} million are"
                        " the most that can be placed",
                    )
                picture.load()
        finally:
            Image.MAX_IMAGE_PIXELS = limit
    except UnusablePicture:
        raise
    except UnidentifiedImageError:
        raise UnusablePicture("broken-picture", f"{name} is no picture that can be read") from None
    except Exception as error:  # Pillow's decoders raise many kinds
        raise UnusablePicture("broken-picture", f"{name} cannot be decoded: {error}") from error
    if kind not in KINDS:
        raise UnusablePicture("unknown-picture-kind", f"{name} is {kind}; use PNG, JPEG, WebP, TIFF or SVG")
    return KINDS[kind], size


class PlacedFiles:
    """Row-named picture files by the path as written, each read and looked at once a run."""

    def __init__(self, project: Project, store: Store, words: SheetWords) -> None:
        self._project, self._store, self.words = project, store, words
        self._placed: dict[str, PlacedPicture] = {}

    def place(self, written: str) -> PlacedPicture:
        """The picture in a file, which :meth:`keep` takes into the store. Raises UnusablePicture."""
        if written not in self._placed:
            data, media_type, size = self._look(written)
            self._placed[written] = PlacedPicture(hashlib.sha256(data).hexdigest(), media_type, size)
        return self._placed[written]

    def keep(self) -> None:
        """Take what was placed into the store: asked once which it has, so that many need not lie in memory. Raises
        UnusablePicture for a file that changed meanwhile."""
        files = {picture.digest: written for written, picture in self._placed.items()}
        missing = sorted(files.keys() - self._store.present(files))
        again = (self._look(files[digest])[0] for digest in missing)
        for digest, kept in zip(missing, self._store.put_many(again), strict=True):
            if digest != kept:
                raise UnusablePicture("changed-picture", f"the picture {files[digest]} changed while it was read")

    def _look(self, written: str) -> tuple[bytes, str, tuple[int, int]]:
        try:
            path = self._project.find_file(written)
        except OutsideCampaign as error:
            raise UnusablePicture("outside-campaign", str(error)) from error
        if path is None:
            raise UnusablePicture("missing-picture", f"there is no picture '{written}'")
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UnusablePicture("unreadable-file", f"{written} cannot be read: {error.strerror}") from error
        media_type, size = inspect_picture(data, written)
        if media_type == "image/svg+xml":
            return data, media_type, size
        data = upright(data)
        return data, *inspect_picture(data, written)

    def faults(self, plan: Plan) -> list[Finding]:
        """What is wrong with the files that the plan's sheets name: known before anything is made."""
        findings: dict[str, Finding] = {}
        with_files = {
            name
            for name, loaded in self._project.layouts.items()
            if any("file" in options.TEMPLATES and getattr(options, "file", None) for options in loaded.layout.layers)
        }
        seen: set[str] = set()
        for sheet in plan.sheets:
            if sheet.layout not in with_files or sheet.fault:
                continue
            try:
                content = self.words.of(sheet)
            except InputError:
                continue  # told where the sheet is filled in
            for layer, fields in content.items():
                written = fields.get("file", "").strip()
                if not written or written in seen:
                    continue
                seen.add(written)
                try:
                    self._look(written)
                except UnusablePicture as fault:
                    findings[written] = Finding(
                        Severity.ERROR, fault.code, fault.message, _place_of(written, sheet.row),
                        layout=sheet.layout, layer=layer, row=sheet.row.id,
                    )  # fmt: skip
        return list(findings.values())


def _place_of(written: str, row: Row) -> Place | None:
    """The line of the cell that names a file; where none has it as it stands, of the row's first part."""
    for name, file, line in row.sources:
        record = row.values.get(name)
        if isinstance(record, Record) and written in (str(record[column]).strip() for column in record):
            return Place(file, line)
    return row.place
