"""A report of press PDFs as one HTML page: every finding, and the pages' pictures with the places boxed."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator
from html import escape

from msgspec import Struct
from PIL import Image

from pressrun.commands.report.html_page import html_page
from pressrun.graphics.drawn import pdfium
from pressrun.graphics.separations.printed_pages import printed_pages
from pressrun.readers.press_pdf.facts import PageFacts, PressFile, Rectangle
from pressrun.readers.press_pdf.preflight import Judged

LONGEST_SIDE = 900  # pixels of a page's picture
MOST_PAGES = 60  # with pictures, in one file
LEAST_BOX = 6.0  # points; what is smaller is boxed with room around it, to be seen
STYLE = """
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b1b1b;background:#fff}
h1{font-size:1.3rem;margin-top:2.5rem}
ol{padding-left:1.6rem}
li{margin:.5rem 0}
code{color:#555}
small{color:#555;display:block}
.error::marker,.error b{color:#b00020}
.warning::marker,.warning b{color:#9a5b00}
.note b{color:#444}
figure{margin:1.5rem 1rem 1.5rem 0;display:inline-block;vertical-align:top}
figcaption{color:#555}
.page{position:relative;display:inline-block;border:1px solid #999;line-height:0}
figure img{max-width:100%;height:auto}
.page svg{position:absolute;inset:0;width:100%;height:100%}
rect{fill:none;stroke-width:2;vector-effect:non-scaling-stroke}
rect.error{stroke:#d0021b}
rect.warning{stroke:#e08600}
rect.note{stroke:#4a6fa5}
rect.trim{stroke:#0a0;stroke-dasharray:4 3;stroke-width:1}
text{font:bold 9px system-ui,sans-serif;paint-order:stroke;stroke:#fff;stroke-width:2px}
"""


class Reported(Struct, frozen=True):
    """One file of a report."""

    name: str
    data: bytes
    file: PressFile
    found: list[Judged]


def marked_pages(files: Iterable[Reported], profile: str) -> str:
    """The report, which needs nothing beside itself."""
    told = (line for one in files for line in _file(one))
    return html_page("Preflight", STYLE, [f"<p>Preflight, by the profile {escape(profile)}</p>", *told])


def _file(one: Reported) -> Iterator[str]:
    yield f"<h1>{escape(one.name)}</h1>"
    if not one.found:
        yield "<p>Nothing was found.</p>"
        return
    yield "<ol>"
    for judged in one.found:
        finding = judged.finding
        hint = f" — {escape(finding.hint)}" if finding.hint else ""
        yield (
            f'<li class="{finding.severity}"><b>{finding.severity}</b> {escape(finding.message)}{hint}'
            f" <code>{finding.code}</code><small>{escape(judged.rule.clause)}. On paper:"
            f" {escape(judged.rule.paper)}.</small></li>"
        )
    yield "</ol>"
    yield from _pages(one)


def _pages(one: Reported) -> Iterator[str]:
    """The pages on which something has a place. A page that asks for too much is not drawn either."""
    marked = {number for judged in one.found for number, _ in judged.places}
    unread = [judged for judged in one.found if judged.rule.code in ("too-much", "broken-page")]
    unfit = {number for judged in unread for number in judged.pages}
    wanted = [page for page in one.file.pages if page.number in marked - unfit][:MOST_PAGES]
    if not wanted or one.file.over_budget:
        return
    with pdfium.opened(one.data) as pages:
        printed = printed_pages(one.data, [page.number - 1 for page in wanted], LONGEST_SIDE)
        for page in wanted:
            yield _page(one, page, pages, printed.get(page.number - 1))


def _page(one: Reported, page: PageFacts, pages: pdfium.Pages, printed: Image.Image | None) -> str:
    """A page with its boxes; ``printed`` is what it looks like where that is not what a viewer shows."""
    shown = page.boxes.crop or page.boxes.media  # what a viewer draws
    width, height = shown[2] - shown[0], shown[3] - shown[1]
    scale = LONGEST_SIDE / max(width, height)
    turned = page.rotation % 180 == 90
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    drawn = size[::-1] if turned else size
    picture = printed.resize(drawn) if printed else pages.alone(page.number - 1, drawn).convert("RGB")
    picture = picture.rotate(page.rotation, expand=True)  # drawn as it is turned; boxes are told as it is written
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    boxes = []
    if page.boxes.finished:
        boxes.append(_box(page.boxes.finished, shown, "trim", ""))
    findings: dict[Rectangle, list[int]] = {}
    for number, judged in enumerate(one.found, 1):
        for at in (place for on, place in judged.places if on == page.number):
            if number not in findings.setdefault(at, []):
                findings[at].append(number)
    for at, numbers in findings.items():  # of several in one place, the gravest stands first
        gravest = one.found[numbers[0] - 1].finding.severity
        boxes.append(_box(_seen(at), shown, str(gravest), ", ".join(map(str, numbers))))
    return (
        f'<figure><div class="page"><img alt="page {page.number}" width="{size[0]}" height="{size[1]}"'
        f' src="data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}">'
        f'<svg viewBox="0 0 {width:.2f} {height:.2f}" preserveAspectRatio="none">{"".join(boxes)}</svg></div>'
        f"<figcaption>page {page.number}</figcaption></figure>"
    )


def _seen(at: Rectangle) -> Rectangle:
    across, up = (max(0.0, LEAST_BOX - (at[edge + 2] - at[edge])) / 2 for edge in (0, 1))
    return at[0] - across, at[1] - up, at[2] + across, at[3] + up


def _box(at: Rectangle, page: Rectangle, kind: str, label: str) -> str:
    left, top = max(at[0], page[0]) - page[0], page[3] - min(at[3], page[3])
    right, bottom = min(at[2], page[2]) - page[0], page[3] - max(at[1], page[1])
    if right <= left or bottom <= top:
        return ""
    words = f'<text x="{left + 1.5:.2f}" y="{top + 9:.2f}">{label}</text>' if label else ""
    size = f'width="{right - left:.2f}" height="{bottom - top:.2f}"'
    return f'<rect class="{kind}" x="{left:.2f}" y="{top:.2f}" {size}/>{words}'
