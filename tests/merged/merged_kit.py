"""A small mailing on disk, run with one output or another, and its merged files read back."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import yaml
from needed import tool
from PIL import Image

from pressrun.graphics.drawn.pdfium import rasterise
from pressrun.model.run_record import RunReport
from pressrun.model.settings import Settings
from pressrun.run.job import run_job

HERE = Path(__file__).parent
JOB = "jobs/mailing.yaml"
NAMES = {"p1": "Ada", "p2": "Ben", "p3": "Cleo", "p4": "Dora", "p5": "Emil", "p6": "Fanny"}


@dataclass(frozen=True)
class Mailing:
    """A campaign's folder."""

    root: Path

    @classmethod
    def new(cls, root: Path) -> Mailing:
        shutil.copytree(HERE / "campaign", root)
        return cls(root)

    def set(self, **keys: Any) -> Mailing:
        """Change keys of the job; None takes one out."""
        job = {**yaml.safe_load((self.root / JOB).read_text()), **keys}
        (self.root / JOB).write_text(yaml.safe_dump({key: value for key, value in job.items() if value is not None}))
        return self

    def output(self, **said: Any) -> Mailing:
        return self.set(output={"one-pdf": said} if said else "one-pdf")

    def run(self, **settings: Any) -> Ran:
        settings = {"inline": True, **settings}
        return Ran(run_job(self.root / JOB, Settings(**settings)))

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))


@dataclass(frozen=True)
class Ran:
    """A run, as its folder shows it."""

    report: RunReport

    @property
    def folder(self) -> Path:
        return Path(self.report.folder)

    @property
    def files(self) -> dict[str, bytes]:
        assets = self.folder / "assets"
        return {path.relative_to(assets).as_posix(): path.read_bytes() for path in sorted(assets.rglob("*.pdf"))}

    @property
    def documents(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads((self.folder / "manifest.json").read_text())["documents"]
        return found

    @property
    def notes(self) -> list[dict[str, Any]]:
        """What is told of the whole run."""
        found: list[dict[str, Any]] = json.loads((self.folder / "manifest.json").read_text())["notes"]
        return found

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "records.jsonl").read_text().splitlines()]

    @property
    def codes(self) -> set[tuple[str, str | None]]:
        return {(one.code, one.row) for asset in self.report.assets for one in asset.findings}

    def words(self, name: str = "card.pdf") -> list[str]:
        """What poppler reads on each page."""
        return tool("pdftotext", self.folder / "assets" / name, "-").split("\f")[:-1]


def rows_on(words: list[str]) -> list[str]:
    """Whose pages these are; an empty page is nobody's."""
    return [next((row for row, name in NAMES.items() if name in page), "") for page in words]


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def bookmarks(data: bytes) -> list[tuple[int, str, int]]:
    """Level, title and page (from 1) of each."""
    with opened(data) as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        found: list[tuple[int, str, int]] = []

        def read(one: Any, level: int) -> None:
            while one is not None:
                found.append((level, str(one.Title), numbers[one.Dest[0].objgen]))
                if "/First" in one:
                    read(one.First, level + 1)
                one = one.get("/Next")

        read(pdf.Root.Outlines.First, 0)
        return found


def looks(data: bytes, number: int) -> Image.Image:
    """A page as PDFium draws it; ``number`` from 1."""
    with opened(data) as pdf, pikepdf.new() as one:
        one.pages.append(pdf.pages[number - 1])
        out = io.BytesIO()
        one.save(out)
    (picture,) = rasterise(out.getvalue(), (300, 420))
    return picture
