"""A mailing of many people on cards, with an address, a number, a code and a spot each, over one picture."""

from __future__ import annotations

import csv
import hashlib
import shutil
from pathlib import Path

import numpy
from PIL import Image
from tests.bench.campaigns import ROOT

JOB = """
brand: northlight
date: 2027-03-01
rows:
  person: {file: people.csv, key: number}
locale: en-GB
pictures:
  art: {prompt: scene.j2, masters: {wide: {size: 1536x1024}}}
layouts: [bench/card]
save_as: "{{ layout.name }}"
output: one-pdf
provider: {type: fpo}
checks: {stand-ins: {level: "off", because: a benchmark prints nothing}}
"""
CARD = """
page: {trim: A6, bleed: 3mm, safe: 5mm}
target: print
inks: [cmyk, "PANTONE 7579 C"]
formats: [press-pdf]
resolution: {floor: 100, target: 150}
layers:
  - {type: image, id: art, picture: art, box: {in: bleed, height: 70mm}}
  - {type: shape, id: band, shape: rect, fill: accent, box: {in: bleed, y: 70mm, height: 6mm}}
  - {type: text, id: name, text: "{{ person.name }}", role: headline, color: ink, box: {x: 7mm, y: 84mm, width: 60mm, height: 8mm}, size: 14pt}
  - {type: text, id: company, text: "{{ person.company }}", role: body, color: ink, box: {x: 7mm, y: 93mm, width: 56mm, height: 6mm}, size: [7pt, 11pt]}
  - {type: text, id: street, text: "{{ person.street }}", role: body, color: ink, box: {x: 7mm, y: 100mm, width: 56mm, height: 6mm}, size: 10pt}
  - {type: text, id: town, text: "{{ person.town }}", role: body, color: ink, box: {x: 7mm, y: 107mm, width: 56mm, height: 6mm}, size: 10pt}
  - {type: text, id: number, text: "No. {{ serial | pad(6) }}", role: label, color: ink, box: {x: 7mm, y: 128mm, width: 56mm, height: 6mm}, size: 8pt}
  - {type: code, id: code, code: qr, value: "https://northlight.example/invitation/2027/{{ person.token }}", box: {x: 68mm, y: 84mm, width: 27mm, height: 27mm}}
"""
PHOTO_CARD = """
page: {trim: 37mm x 52mm}
target: print
formats: [press-pdf]
resolution: {floor: 100, target: 150}
layers:
  - {type: image, id: photo, file: "photos/{{ person.number }}.jpg", box: {x: 1mm, y: 1mm, width: 34mm, height: 24mm}}
  - {type: text, id: name, text: "{{ person.name }}", role: headline, color: ink, box: {x: 1mm, y: 30mm, width: 34mm, height: 8mm}, size: 8pt}
"""
GRAIN = 420, 340  # pixels, which make some 90 kB
PARTS = ("ba", "ra", "ti", "mo", "len", "sar", "vin", "do", "ka", "li", "po", "ner", "gu", "sta", "fel", "mar")
TOKEN = 17  # characters, so that a code says 60


def mailing_campaign(folder: Path, people: int, chunk: int = 0) -> Path:
    """So many people, no two of whom have the same words, in files of ``chunk`` of them, or in one; answers the job
    file."""
    for name in ("brands", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "templates/layouts/bench").mkdir()
    (folder / "templates/layouts/bench/card.yaml").write_text(CARD)
    scene = '{% extends "base.j2" %}{% block subject %}a quiet table{% endblock %}'
    (folder / "templates/prompts/scene.j2").write_text(scene)
    jobs = folder / "jobs"
    jobs.mkdir()
    with (jobs / "people.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["number", "name", "company", "street", "town", "token"])
        for number in range(people):
            drawn = hashlib.sha256(str(number).encode()).digest()
            first, second, third, street, town = (_word(drawn[at : at + 3]) for at in range(0, 15, 3))
            writer.writerow([f"{number:06d}", f"{first} {second}", f"{second} {third} & {street} Ltd",
                             f"{number % 240 + 1} {street} Street", f"{10000 + number} {town}",
                             drawn.hex()[:TOKEN]])  # fmt: skip
    job = jobs / "mailing.yaml"
    job.write_text(JOB.replace("output: one-pdf\n", f"output: {{one-pdf: {{chunk: {chunk}}}}}\n") if chunk else JOB)
    return job


def photo_mailing(folder: Path, people: int) -> Path:
    """The same, each with a picture of nothing but grain instead of all the rest; answers the job file."""
    job = mailing_campaign(folder, people)
    (folder / "templates/layouts/bench/card.yaml").write_text(PHOTO_CARD)
    job.write_text("\n".join(line for line in JOB.splitlines() if "art:" not in line and line != "pictures:"))
    photos = folder / "brands/northlight/photos"
    photos.mkdir()
    width, height = GRAIN
    grain = numpy.random.default_rng(1).integers(0, 256, (height, width, 3), numpy.uint8)
    for number in range(people):
        own = numpy.roll(grain, divmod(number, height), axis=(1, 0))
        Image.fromarray(own).save(photos / f"{number:06d}.jpg", quality=75)
    return job


def _word(drawn: bytes) -> str:
    return "".join(PARTS[byte % len(PARTS)] for byte in drawn).capitalize()
