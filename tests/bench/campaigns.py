"""Campaigns of a size, made from the sample's brands and layouts in a folder of their own."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

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


def campaign(folder: Path, layout: str, rows: int, words: str) -> Path:
    """``rows`` products with one picture between them, ``words`` in every headline; answers the job file."""
    for name in ("brands", "templates"):
        if not (folder / name).exists():
            shutil.copytree(ROOT / name, folder / name)
    (folder / "templates/layouts/bench").mkdir(exist_ok=True)
    (folder / "templates/layouts/bench/small.yaml").write_text(SMALL)
    flyer = (ROOT / "templates/layouts/print/a5-flyer.yaml").read_text()
    (folder / "templates/layouts/bench/press.yaml").write_text(flyer.replace("[press-pdf, proof-png]", "[press-pdf]"))
    scene = '{% extends "base.j2" %}{% block subject %}a quiet table{% endblock %}'
    (folder / "templates/prompts/scene.j2").write_text(scene)
    jobs = folder / "jobs"
    jobs.mkdir(exist_ok=True)
    keys = ("headline", "subline", "name", "cta", "scan", "per_unit", "legal", "notes", "origin", "origin_label",
            "address_1", "address_2", "claim", "story", "follow", "made_by", "label_new")  # fmt: skip
    with (jobs / "copy.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["key", "en-GB"])
        writer.writerows([key, f"{words} {key.replace('_', ' ')}"] for key in keys)
    with (jobs / "products.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["sku", "name", "price", "packshot", "handle"])
        for index in range(rows):
            name = f"{words} number {index}"
            writer.writerow([f"B{index:06d}", name, f"{5 + index % 40}.90", "packshots/bag-huila-orchard.svg",
                             "huila"])  # fmt: skip
    job = jobs / "bench.yaml"
    job.write_text(JOB.format(layout=layout))
    return job
