"""A table of many rows in the parts that people cut it into: workbooks as spreadsheets save them, or CSV."""

from __future__ import annotations

import csv
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from tests.bench import words
from tests.bench.campaigns import ROOT, SMALL

COLUMNS = ("sku", "name", "price", "stock", "ean", "launch", "material", "colour", "remark", "url")
LAYOUTS = 4
_NUMBERS = (2, 3, 4, 5)  # of columns: prices, pieces, a padded code, a day
_STYLES = {4: 1, 5: 2}
_JOB = """
brand: northlight
date: 2027-03-01
rows:
  product: {{file: "parts/*.{ending}", key: sku, types: {{price: decimal}}}}
expand: [product]
locale: "'en-GB'"
theme: "'cosy'"
copy: {{file: copy.csv}}
pictures:
  hero: {{prompt: scene.j2, masters: {{square: {{size: 1536x1536, space: top third, stage: [50%, 74%]}}}}}}
layouts: [{layouts}]
save_as: "{{{{ product.sku }}}}/{{{{ layout.name }}}}"
provider: {{type: fpo}}
"""
_SPREADSHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PLAIN_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook {_SPREADSHEET} xmlns:r="{_RELATIONS}"><sheets>'
    '<sheet name="Products" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId3" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet {_SPREADSHEET}><numFmts count="1"><numFmt numFmtId="164" formatCode="0000000000000"/>'
    '</numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>',
}


def campaign_of_parts(folder: Path, ending: str, parts: int, rows: int) -> Path:
    """``parts`` files of ``rows`` rows and ten columns each, in four layouts; answers the job file."""
    for name in ("brands", "templates"):
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    bench = folder / "templates/layouts/bench"
    bench.mkdir()
    for number in range(LAYOUTS):
        (bench / f"small-{number}.yaml").write_text(SMALL.replace("270px x", f"{270 + number}px x"))
    scene = '{% extends "base.j2" %}{% block subject %}a quiet table{% endblock %}'
    (folder / "templates/prompts/scene.j2").write_text(scene)
    jobs = folder / "jobs"
    (jobs / "parts").mkdir(parents=True)
    (jobs / "copy.csv").write_text("key,en-GB\nheadline,Roasted on Tuesdays\n")
    for part in range(parts):
        path = jobs / f"parts/{part}.{ending}"
        numbers = range(part * rows, (part + 1) * rows)
        if ending == "csv":
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([COLUMNS, *map(_row, numbers)])
        else:
            _write_workbook(path, numbers)
    job = jobs / "bench.yaml"
    job.write_text(_JOB.format(ending=ending, layouts=", ".join(f"bench/small-{at}" for at in range(LAYOUTS))))
    return job


def _row(number: int) -> tuple[str, ...]:
    return (
        f"B{number:07d}", words.name(number), words.price(number), str(number % 900), f"{4006381333931 + number:013d}",
        str(46000 + number % 700), ("steel", "oak", "clay")[number % 3], ("black", "white")[number % 2],
        f"Batch {number % 977}, turned by hand", f"https://northlight.example/p/{number}",
    )  # fmt: skip


def _write_workbook(path: Path, numbers: range) -> None:
    shared: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, text in _PLAIN_PARTS.items():
            packed.writestr(name, text)
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f"<worksheet {_SPREADSHEET}><sheetData>".encode())
            for chunk in _row_elements(numbers, shared):
                part.write(chunk.encode())
            part.write(b"</sheetData></worksheet>")
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in shared)
        count = f'count="{len(shared)}" uniqueCount="{len(shared)}"'
        packed.writestr("xl/sharedStrings.xml", f"<sst {_SPREADSHEET} {count}>{items}</sst>")


def _row_elements(numbers: range, shared: dict[str, int]) -> Iterator[str]:
    letters = "ABCDEFGHIJ"
    for line, cells in enumerate((COLUMNS, *map(_row, numbers)), start=1):
        written = []
        for at, cell in enumerate(cells):
            if line > 1 and at in _NUMBERS:
                style = f' s="{_STYLES[at]}"' if at in _STYLES else ""
                written.append(f'<c r="{letters[at]}{line}"{style}><v>{cell}</v></c>')
            else:
                index = shared.setdefault(cell, len(shared))
                written.append(f'<c r="{letters[at]}{line}" t="s"><v>{index}</v></c>')
        yield f'<row r="{line}">{"".join(written)}</row>'
