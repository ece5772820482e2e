"""What layouts of several pages and shared sizes cost: a long table, a leaflet, a series of headlines."""

from __future__ import annotations

import csv
import shutil
import tempfile
from pathlib import Path

from tests.bench import words
from tests.bench.campaigns import ROOT
from tests.bench.clock import Cost

ROWS, SHEETS, SERIES, WARMING = 1_000, 20, 200, 2
_JOB = """
brand: northlight
date: 2027-03-01
rows: {{piece: {{file: items.csv, key: id, types: {{price: decimal}}{rows}}}}}
expand: [piece]
locale: "'en-GB'"
layouts: [bench/{layout}]
save_as: "{{{{ piece.list }}}}"
provider: {{type: fpo}}
"""
_PAGE = "page: {trim: A5, bleed: 3mm, safe: 6mm}\ntarget: print\nformats: [press-pdf]\n"
_LAYERS = """
  - {type: shape, fill: primary, box: {in: bleed, height: 60mm}}
  - {type: text, text: "{{ piece.name }}", role: headline, color: paper, size: [18pt, 40pt], lines: 2, box: {in: safe, height: 40mm}%s}
  - {type: text, text: "{{ piece.note }}", role: body, size: 9pt, lines: 12, box: {in: safe, y: 70mm, height: 60mm}}
  - {type: text, text: "{{ piece.price | number(2) }}", role: price, size: 24pt, box: {in: safe, y: 140mm, height: 16mm}}
"""
LAYOUTS = {
    "table": f"""{_PAGE}pages:
  - id: list
    flow: prices
    layers:
      - type: table
        id: prices
        rows: rows
        columns:
          - {{header: Name, text: "{{{{ item.piece.name }}}}"}}
          - {{header: Note, text: "{{{{ item.piece.note }}}}"}}
          - {{header: Price, text: "{{{{ item.piece.price | number(2) }}}}", align: decimal}}
        size: 8pt
        box: {{in: safe}}
""",
    "page": f"{_PAGE}layers:{_LAYERS % ''}",
    "leaflet": f"{_PAGE}pages:\n"
    + "".join(f"- id: page-{at}\n  layers:{_LAYERS % ''}".replace("\n  -", "\n    -") for at in range(4)),
    "series": f"{_PAGE}layers:{_LAYERS % ', fit_group: heads'}",
}
Figure = dict[str, float]


def _cost(layout: str, rows: int, whole: bool = False) -> Cost:
    """Of a run in this process, whose engines have worked before."""
    from pressrun import run_job
    from pressrun.doors import Settings

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("brands", "templates"):
            shutil.copytree(ROOT / part, folder / part)
        (folder / "templates/layouts/bench").mkdir()
        (folder / "jobs").mkdir()
        (folder / f"templates/layouts/bench/{layout}.yaml").write_text(LAYOUTS[layout])
        job = folder / "jobs/bench.yaml"
        grouped = ", group_by: piece.list" if whole else ""
        job.write_text(_JOB.format(layout=layout, rows=grouped))
        for first, count in ((0, WARMING), (WARMING, rows)):
            with (folder / "jobs/items.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(["id", "list", "name", "note", "price"])
                writer.writerows(
                    [f"i{at}", "all" if whole else f"i{at}", words.name(at), words.headline(at), words.price(at)]
                    for at in range(first, first + count)
                )
            with Cost() as cost:
                report = run_job(job, Settings(inline=True))
            assert report.exit == 0, report.findings
        return cost


def table() -> Figure:
    """CPU seconds of a press PDF of a table over its pages."""
    cost = _cost("table", ROWS, whole=True)
    return {"value": cost.cpu}


def leaflet() -> Figure:
    """The CPU time of leaflets of four pages, as many times that of single pages."""
    return {"value": _cost("leaflet", SHEETS).cpu / _cost("page", SHEETS).cpu}


def series() -> Figure:
    """The CPU time of sheets whose headlines share a size, as many times that of sheets whose headlines do not."""
    return {"value": _cost("series", SERIES).cpu / _cost("page", SERIES).cpu}
