"""The parts of pictures that their places show: for people, for machines, and drawn on the pictures."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from html import escape

from msgspec.structs import asdict

from pressrun.commands.report.html_page import html_page
from pressrun.run.pictures.planned_crops import PlannedCrop

WHOLE = 0.9995  # of a side, that is as good as all of it
STYLE = """
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b1b1b;background:#fff}
h1{font-size:1.3rem}
h2{font-size:1.05rem;margin:2rem 0 .5rem}
figure{margin:0 1rem 1rem 0;display:inline-block;vertical-align:top;max-width:240px}
figcaption{color:#555;font-size:13px;overflow-wrap:anywhere}
.whole{position:relative;display:inline-block;overflow:hidden;line-height:0}
.whole img{width:240px;height:auto}
.shown,.found{position:absolute;outline:2px dashed #ffd400;outline-offset:-2px}
.shown{outline:2px solid #fff;box-shadow:0 0 0 1px #000,0 0 0 999px rgb(0 0 0/55%)}
"""
Alike = dict[tuple[str, tuple[int, int], str, str], dict[tuple[object, ...], list[PlannedCrop]]]


def crops_text(job: str, crops: Iterable[PlannedCrop]) -> str:
    """Picture by picture, each place once with the rows that it is in."""
    lines = [f"{job}: what is shown of each picture, in parts of its width and height"]
    for (picture, (width, height), sha256, take), places in _together(crops).items():
        lines += ["", f"{picture}{take} · {width}x{height} · {sha256[:12] or 'to come'}"]
        lines += [f"  {_place(found[0])}: {_shown(found[0])}{_rows(found)}" for found in places.values()]
    return "\n".join(lines if len(lines) > 1 else [f"{job}: no sheet shows a picture that is made of pixels"])


def crops_json(crops: Iterable[PlannedCrop]) -> str:
    """All of them, in the order of the plan; ``sha256`` is null where there is no picture yet."""
    return json.dumps([asdict(one) | {"sha256": one.sha256 or None} for one in crops], ensure_ascii=False, indent=2)


def crops_page(job: str, crops: Iterable[PlannedCrop], small: Callable[[str], bytes]) -> str:
    """One HTML page of the pictures that exist, with what each place shows of them; ``small`` answers a JPEG of one."""
    body = [f"<h1>{escape(job)}: what is shown of each picture</h1>"]
    for (picture, _, sha256, take), places in _together(one for one in crops if one.sha256).items():
        body.append(f"<h2>{escape(picture + take)} <small>{sha256[:12]}</small></h2>")
        source = f"data:image/jpeg;base64,{base64.b64encode(small(sha256)).decode()}"
        for found in places.values():
            one = found[0]
            x, y, width, height = one.box
            boxes = f'<span class="shown" style="{_style_of_box(x, y, width, height)}"></span>'
            if one.subject:
                left, top, right, bottom = one.subject
                boxes += f'<span class="found" style="{_style_of_box(left, top, right - left, bottom - top)}"></span>'
            told = escape(f"{_place(one)}: {_shown(one)}{_rows(found)}")
            body.append(
                f'<figure><div class="whole"><img alt="{told}" src="{source}">{boxes}</div>'
                f"<figcaption>{told}</figcaption></figure>"
            )
    return html_page("Crops", STYLE, body)


def _together(crops: Iterable[PlannedCrop]) -> Alike:
    """By picture, and then by place and part: most rows share them."""
    found: Alike = {}
    for one in crops:
        take = f", take {one.take}" if one.take and one.take > 1 else ""
        places = found.setdefault((one.picture, one.size, one.sha256, take), {})
        places.setdefault((one.layout, one.page, one.layer, one.box), []).append(one)
    return found


def _place(one: PlannedCrop) -> str:
    return f"{one.layout}{f', page {one.page}' if one.page else ''}, {one.layer}"


def _shown(one: PlannedCrop) -> str:
    x, y, width, height = one.box
    parts = list(_sides(x, y, width, height))
    told = "all of it" if not parts else ", ".join(parts)
    if one.seen is not None and one.seen < WHOLE:
        told += f"; {100 - 100 * one.seen:.0f} % of its subject is cut off"
    return told


def _sides(x: float, y: float, width: float, height: float) -> Iterator[str]:
    if width < WHOLE:
        yield f"{100 * width:.0f} % of its width, from {100 * x:.0f} % to {100 * (x + width):.0f} %"
    if height < WHOLE:
        yield f"{100 * height:.0f} % of its height, from {100 * y:.0f} % to {100 * (y + height):.0f} %"


def _rows(found: list[PlannedCrop]) -> str:
    rows = list(dict.fromkeys(one.row for one in found))
    return f" (row {rows[0]})" if len(rows) == 1 else f" ({len(rows)} rows, from {rows[0]})"


def _style_of_box(x: float, y: float, width: float, height: float) -> str:
    return f"left:{x:.2%};top:{y:.2%};width:{width:.2%};height:{height:.2%}"
