"""What was mended in PDFs, as text for people, data for machines and an HTML page with the edges' pictures."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from msgspec import Struct

from pressrun.commands.report.edges import Edges
from pressrun.commands.report.html_page import html_page
from pressrun.commands.report.marked_pages import STYLE
from pressrun.commands.terminal import one_line
from pressrun.model.finding import Finding, Severity
from pressrun.readers.press_pdf.preflight import on_pages
from pressrun.readers.press_pdf.repairs.repair import Repair

MARKS = {"error": "✗", "warning": "!", "note": "·"}


class MendedFile(Struct, frozen=True):
    """A file, where its mended self was ``written`` (None: nowhere), what was done, what is still to be said of it, and
    the pictures of its edges."""

    name: str
    written: str | None
    done: tuple[Repair, ...] = ()
    findings: tuple[Finding, ...] = ()
    edges: tuple[Edges, ...] = ()
    unreadable: bool = False

    @property
    def gravest(self) -> Severity:
        return max((one.severity for one in self.findings), key=lambda one: one.rank, default=Severity.NOTE)

    @property
    def outcome(self) -> str:
        if self.written is not None:
            return f"mended, as {self.written}"
        return "nothing is written" if self.gravest is Severity.ERROR else "nothing to mend"


def mended_text(file: MendedFile, quiet: bool = False) -> str:
    """A line for the file, one for each repair, and one for each finding; only findings that matter if ``quiet``."""
    lines = [f"{file.name}: {file.outcome}"]
    if not quiet:
        lines += [f"  + {_said(repair)}  [{repair.code}]" for repair in file.done]
    for finding in file.findings:
        if quiet and finding.severity is Severity.NOTE:
            continue
        hint = f" — {finding.hint}" if finding.hint else ""
        lines.append(f"  {MARKS[finding.severity]} {finding.message}{hint}  [{finding.code}]")
    return "\n".join(one_line(line) for line in lines)


def mended_data(file: MendedFile) -> dict[str, Any]:
    return {
        "file": file.name,
        "written": file.written,
        "repairs": [{"code": one.code, "message": one.message, "pages": list(one.pages)} for one in file.done],
        "findings": [one.to_dict() for one in file.findings],
    }


def mended_page(files: Iterable[MendedFile]) -> str:
    """The report, which needs nothing beside itself."""
    return html_page("Mended", STYLE, (line for one in files for line in _file(one)))


def _file(file: MendedFile) -> Iterator[str]:
    yield f"<h1>{escape(file.name)}</h1>\n<p>{escape(file.outcome)}</p>"
    if file.done:
        yield "<ol>"
        for repair in file.done:
            yield f"<li>{escape(_said(repair))} <code>{repair.code}</code></li>"
        yield "</ol>"
    if file.findings:
        yield "<ol>"
        for finding in file.findings:
            hint = f" — {escape(finding.hint)}" if finding.hint else ""
            yield (
                f'<li class="{finding.severity}"><b>{finding.severity}</b> {escape(finding.message)}{hint}'
                f" <code>{finding.code}</code></li>"
            )
        yield "</ol>"
    for edge in file.edges:
        picture = base64.b64encode(edge.sheet).decode()
        yield (
            f'<figure><img alt="the edges of page {edge.page}" src="data:image/png;base64,{picture}">'
            f"<figcaption>page {edge.page}: left before, right after; the trim is green, the bleed blue</figcaption>"
            "</figure>"
        )


def _said(repair: Repair) -> str:
    return f"{on_pages(repair.pages)}{repair.message}"
