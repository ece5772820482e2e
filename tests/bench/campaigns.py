"""Campaigns of a size, made from the sample's brands and layouts in a folder of their own."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from tests.bench import words

ROOT = Path(__file__).parents[2]
JOB = """
brand: northlight
date: 2027-03-01
rows:
  product: {{file: products.csv, key: sku, types: {{price: decimal}}}}
  region: {{key: locale, items: [{{locale: en-GB, currency: GBP, url: "https://northlight.example/uk"}}]}}
expand: [product, region]
locale: region.locale
theme: "'cosy'"
values: {{price: product.price}}
copy: {{file: copy.csv}}
pictures:
  hero: {{prompt: scene.j2, masters: {{square: {{size: 1536x1536, space: top third, stage: [50%, 74%]}},
                                       tall: {{size: 1536x2304, space: top third, stage: [50%, 64%]}}}}}}
layouts: [{layout}]
save_as: "{{{{ product.sku }}}}/{{{{ layout.name }}}}"
provider: {{type: fpo}}
"""
SMALL = """
page: {trim: 270px x 270px, safe: 16px}
target: screen
formats: [jpeg]
layers:
  - {type: image, picture: hero, box: {in: bleed}}
  - {type: text, text: "{{ product.name }}", role: headline, color: [paper, ink],
     box: {in: safe, height: 60px}, size: [12px, 30px], lines: 2}
"""


VARIED = ("headline", "name", "price", "name-alone")  # layers whose words differ from sheet to sheet
STANDING = {"subline": "Small batches, roasted on Tuesdays", "cta": "Order a bag", "scan": "Scan to read on",
            "per_unit": "250 g of whole beans", "legal": "While stocks last. Prices include VAT."}  # fmt: skip


def campaign(folder: Path, layout: str, rows: int, first: int = 0, repeated: bool = False) -> Path:
    """``rows`` products with one picture between them, numbered from ``first``; answers the job file. Every sheet has
    words of its own, unless they are to be ``repeated``."""
    for name in ("brands", "templates"):
        if not (folder / name).exists():
            shutil.copytree(ROOT / name, folder / name)
    bench = folder / "templates/layouts/bench"
    bench.mkdir(exist_ok=True)
    square, flyer = (
        (ROOT / f"templates/layouts/{name}.yaml").read_text() for name in ("social/square", "print/a5-flyer")
    )
    (bench / "small.yaml").write_text(SMALL)
    (bench / "press.yaml").write_text(flyer.replace("[press-pdf, proof-png]", "[press-pdf]"))
    (bench / "square-ground.yaml").write_text(_without(square, *VARIED).replace("[jpeg]", "[png]"))
    (bench / "flyer-ground.yaml").write_text(_on_a_screen(flyer))
    scene = '{% extends "base.j2" %}{% block subject %}a quiet table{% endblock %}'
    (folder / "templates/prompts/scene.j2").write_text(scene)
    jobs = folder / "jobs"
    jobs.mkdir(exist_ok=True)
    numbers = range(first, first + rows)
    with (jobs / "copy.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["key", "product", "en-GB"])
        writer.writerows([key, "", text] for key, text in STANDING.items())
        for number in numbers:
            counted = 0 if repeated else number
            writer.writerow(["headline", f"B{number:06d}", words.headline(counted)])
            writer.writerow(["name", f"B{number:06d}", words.name(counted)])
    with (jobs / "products.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["sku", "name", "price", "packshot", "handle"])
        for number in numbers:
            writer.writerow([f"B{number:06d}", words.name(number), words.price(number),
                             "packshots/bag-huila-orchard.svg", f"huila-{number}"])  # fmt: skip
    job = jobs / "bench.yaml"
    job.write_text(JOB.format(layout=layout))
    return job


def _without(layout: str, *layers: str) -> str:
    return "".join(line for line in layout.splitlines(True) if not any(f"id: {name}," in line for name in layers))


def _on_a_screen(flyer: str) -> str:
    """The flyer's picture with all that stands on it, at 250 pixels an inch: what the other ways place as one picture."""
    page = "page: {trim: 1516px x 1467px}\ntarget: screen\nformats: [jpeg]\nlayers:\n"
    scene, packshot, logo = (line for line in flyer.splitlines(True) if "type: image" in line or "type: logo" in line)
    scale = 1516 / 154
    return page + (
        scene.replace("height: 146mm", f"height: {149 * scale:.0f}px")
        + packshot.replace("76mm", f"{76 * scale:.0f}px").replace("54mm", f"{54 * scale:.0f}px")
        + logo.replace("box: {", f"box: {{x: {13 * scale:.0f}px, y: {13 * scale:.0f}px, ")
        .replace("36mm", f"{36 * scale:.0f}px")
        .replace("8.5mm", f"{8.5 * scale:.0f}px")
    )
