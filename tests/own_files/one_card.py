"""A campaign of one card: what a test brings (fonts, logos, packshots, inks, words), and all that was said of it."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from pressrun.doors import Settings
from pressrun.model.errors import InputError, PressrunError
from pressrun.run.job import run_job
from pressrun.run.planned_job import prepare

PALETTE: dict[str, Any] = {
    "paper": {"srgb": "#FFFFFF", "cmyk": [0, 0, 0, 0]},
    "ink": {"srgb": "#1A1A1A", "cmyk": [0, 0, 0, 100]},
    "accent": {"srgb": "#E4572E", "cmyk": [0, 79, 88, 2]},
}


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended: its exit code, and the codes of its findings with what they say."""

    code: int
    findings: tuple[tuple[str, str], ...]

    @property
    def codes(self) -> list[str]:
        return [code for code, _ in self.findings]


class Card:
    """The campaign's folder. ``brand`` and ``layout`` are laid over what is there, ``rows`` replace it."""

    def __init__(
        self, root: Path, layers: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, str]] = ({"id": "a"},), *,
        brand: Mapping[str, Any] | None = None, layout: Mapping[str, Any] | None = None, locale: str = "en-GB",
        files: Mapping[str, bytes] | None = None, job: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.root = root
        roles = {"headline": {"weight": 700}, "body": {}}
        self._write("brands/lab/brand.yaml", {"name": "Lab", "palette": PALETTE, "typography": roles, **(brand or {})})
        page = {"trim": "600px x 400px", "safe": "20px"}
        self._write(
            "templates/layouts/card.yaml",
            {"page": page, "target": "screen", "formats": ["png"], "layers": [*layers], **(layout or {})},
        )
        self._write(
            "jobs/job.yaml",
            {
                "brand": "lab", "date": "2027-03-01", "rows": {"row": {"file": "rows.csv", "key": "id"}},
                "locale": f"'{locale}'", "layouts": ["card"], "save_as": "{{ row.id }}", "provider": {"type": "fpo"},
                **(job or {}),
            },
        )  # fmt: skip
        columns = list(rows[0])
        lines = [",".join(columns), *(",".join(f'"{row[name]}"' for name in columns) for row in rows)]
        (root / "jobs" / "rows.csv").write_text("\n".join(lines) + "\n", "utf-8")
        for name, data in (files or {}).items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def _write(self, name: str, data: Any) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")

    def _settings(self) -> Settings:
        return Settings(inline=True)

    def check(self) -> Said:
        """Load and plan, as `check` does: what is refused before anything is made, or fails rows alone."""
        try:
            prepared = prepare(self.root / "jobs" / "job.yaml", self._settings())
        except PressrunError as error:
            return _refused(error)
        prepared.doors.journal.close()
        plan = prepared.plan
        told = (*prepared.project.notes, *plan.findings, *plan.of_rows)
        return Said(1 if plan.of_rows else 0, tuple((one.code, one.message) for one in told))

    def run(self) -> Said:
        """Run it in this process; the findings are those of its files too."""
        try:
            report = run_job(self.root / "jobs" / "job.yaml", self._settings())
        except PressrunError as error:
            return _refused(error)
        lines = (self.root / "runs" / "latest" / "assets.jsonl").read_text("utf-8").splitlines()
        found = [one for line in lines for one in json.loads(line)["findings"]]
        return Said(report.exit, tuple((one["code"], one["message"]) for one in found))

    def made(self, name: str) -> bytes:
        return (self.root / "runs" / "latest" / "assets" / name).read_bytes()

    def picture(self, name: str = "a.png") -> Image.Image:
        with Image.open(io.BytesIO(self.made(name))) as picture:
            return picture.convert("RGB")


def _refused(error: PressrunError) -> Said:
    if isinstance(error, InputError):
        return Said(error.exit_code, tuple((one.code, one.message) for one in error.findings))
    return Said(error.exit_code, ((error.code, error.message),))
