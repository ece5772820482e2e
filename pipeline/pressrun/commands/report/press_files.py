"""What was read from a press PDF, as text for people and data for machines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pressrun.commands.terminal import one_line
from pressrun.model.finding import Finding
from pressrun.readers.press_pdf.boxes import POINTS_PER_MM, size_mm
from pressrun.readers.press_pdf.facts import PageFacts, PressFile
from pressrun.readers.press_pdf.preflight import Judged


def press_file_text(name: str, file: PressFile, findings: Iterable[Finding]) -> str:
    """A file's facts in a few lines, then its findings."""
    lines = [f"{name}: {_summary(file)}"]
    if file.pages:
        facts = (
            ("boxes", "; ".join(dict.fromkeys(_boxes(page) for page in file.pages[:50]))),
            ("colours", ", ".join(_spaces(file)) or "none"),
            ("fonts", ", ".join(_fonts(file)) or "none"),
            ("pictures", _pictures(file)),
            ("intent", "; ".join(f"{intent.identifier} ({intent.info})" for intent in file.intents) or "none"),
        )
        lines += [f"  {label:<9} {text}" for label, text in facts]
    marks = {"error": "✗", "warning": "!", "note": "·"}
    for finding in findings:
        hint = f" — {finding.hint}" if finding.hint else ""
        lines.append(f"  {marks[finding.severity]} {finding.message}{hint}  [{finding.code}]")
    return "\n".join(one_line(line) for line in lines)  # names in a file are anybody's


def press_file_data(name: str, file: PressFile, found: Iterable[Judged]) -> dict[str, Any]:
    """The same as data; lengths in mm, but text in points."""
    return {
        "file": name,
        "pdf_version": file.version,
        "standard": file.standard or None,
        "title": file.title or None,
        "encrypted": file.is_encrypted,
        "intents": [
            {"identifier": intent.identifier, "info": intent.info, "components": intent.components or None}
            for intent in file.intents
        ],
        "spots": list(file.spots),
        "pages": [_page(page) for page in file.pages],
        "findings": [_judged(one) for one in found],
    }


def _judged(one: Judged) -> dict[str, Any]:
    return {
        **one.finding.to_dict(),
        "pages": list(one.pages),
        "places_mm": [
            {"page": number, "at": [round(edge / POINTS_PER_MM, 3) for edge in at]} for number, at in one.places
        ],
        "clause": one.rule.clause,
        "on_paper": one.rule.paper,
    }


def _page(page: PageFacts) -> dict[str, Any]:
    boxes = page.boxes
    return {
        "page": page.number,
        "boxes_mm": {
            kind: [round(edge / POINTS_PER_MM, 3) for edge in box]
            for kind in ("media", "crop", "bleed", "trim", "art")
            if (box := getattr(boxes, kind))
        },
        "spaces": [space.label for space in page.spaces],
        "fonts": [
            {"name": font.name, "kind": font.kind, "embedded": font.embedded, "smallest_pt": round(font.smallest, 2)}
            for font in page.fonts
        ],
        "pictures": [
            {
                "name": image.name, "size": [image.width, image.height], "ppi": round(image.ppi, 1), "bits": image.bits,
                "space": image.space.label if image.space else None,
                "max_ink": None if image.max_ink is None else round(image.max_ink, 1),
            }
            for image in page.images
        ],
        "plate_pictures": [
            {
                "layer": picture.layer, "size": [picture.width, picture.height], "ppi": round(picture.ppi, 1),
                "at_mm": [round(edge / POINTS_PER_MM, 3) for edge in picture.at],
            }
            for picture in page.plate_pictures
        ],
        "transparency": page.has_transparency,
        "heaviest_fill": round(page.heaviest_fill, 1),
    }  # fmt: skip


def _summary(file: PressFile) -> str:
    if file.locked:
        return "locked"
    count = f"{len(file.pages)} page{'' if len(file.pages) == 1 else 's'}"
    return f"{count}, PDF {file.version}" + (f", {file.standard}" if file.standard else "")


def _boxes(page: PageFacts) -> str:
    finished, widths = page.boxes.finished, page.boxes.bleed_widths()
    if finished is None or widths is None:
        width, height = size_mm(page.boxes.media)
        return f"media {width:.1f} x {height:.1f} mm, no trim"
    width, height = size_mm(finished)
    return f"trim {width:.1f} x {height:.1f} mm, bleed {max(0.0, min(widths)) / POINTS_PER_MM:.1f} mm"


def _spaces(file: PressFile) -> list[str]:
    return list(dict.fromkeys(space.label for page in file.pages for space in page.spaces))


def _fonts(file: PressFile) -> list[str]:
    smallest: dict[tuple[str, bool], float] = {}
    for page in file.pages:
        for font in page.fonts:
            key = (font.name, font.embedded)
            smallest[key] = min(smallest.get(key, font.smallest), font.smallest)
    return [
        f"{name} from {size:.1f} pt" + ("" if embedded else " (not embedded)")
        for (name, embedded), size in smallest.items()
    ]


def _pictures(file: PressFile) -> str:
    images = [image for page in file.pages for image in page.images]
    if not images:
        return "none"
    inks = [image.max_ink for image in images if image.max_ink is not None]
    drawn = f"{len(images)} at {_range(image.ppi for image in images)}"
    heaviest = f", up to {max(inks):.0f} % ink" if inks else ""
    painted = [picture.ppi for page in file.pages for picture in page.plate_pictures]
    own = f"; painted into the plate: {len(painted)} of {_range(painted)} of their own" if painted else ""
    return drawn + heaviest + own


def _range(densities: Iterable[float]) -> str:
    known = list(densities)
    low, high = min(known), max(known)
    return f"{low:.0f} ppi" if round(low) == round(high) else f"{low:.0f} to {high:.0f} ppi"
