"""A small campaign in a folder of its own, and the command run in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pressrun.commands import cli

FILES = {
    "brands/mini/brand.yaml": """
name: Mini
palette:
  paper: {srgb: "#FFFFFF", cmyk: [0, 0, 0, 0]}
  ink: {srgb: "#1A1A1A", cmyk: [0, 0, 0, 100]}
typography:
  headline: {family: FiraGO, weight: 700, leading: 1.05}
""",
    "templates/layouts/card.yaml": """
page: {trim: [320px, 320px], bleed: 0mm, safe: 8px}
target: screen
formats: [png]
layers:
  - {type: image, picture: hero, box: {in: bleed}}
""",
    "templates/prompts/still-life.j2": "{{ product.name }} on a table\n",
    "jobs/products.csv": "sku,name\nM-1,A quiet cup\nM-2,A louder cup\nM-3,A mug\n",
    "jobs/mini.yaml": """
brand: mini
date: 2027-03-01
rows:
  product: {file: products.csv, key: sku}
locale: "'en-GB'"
pictures:
  hero:
    prompt: still-life.j2
    masters:
      square: {size: 1024x1024}
layouts: [card]
save_as: "{{ product.sku }}"
provider: {type: openai, PROVIDER}
""",
}
EACH = 0.0059  # dollars, rather too much, for one picture in low quality

Said = tuple[int, str, str]


class Campaign:
    """A small campaign in a folder, and the command run in it."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capture = folder, capture

    def write(self, provider: str) -> None:
        for name, text in FILES.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text.lstrip("\n").replace("PROVIDER", provider), "utf-8")

    def __call__(self, name: str, *rest: str) -> Said:
        """Exit code, standard output and error of a command on the job, which has no workers."""
        return self.said([name, "jobs/mini.yaml", *rest])

    def said(self, arguments: list[str]) -> Said:
        self._capture.readouterr()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PRESSRUN_EXECUTOR", "inline")
            code = cli.run_command(arguments)
        printed = self._capture.readouterr()
        return code, printed.out, printed.err
