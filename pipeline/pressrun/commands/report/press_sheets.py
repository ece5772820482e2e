"""What `pressrun sheet` says of the sheets that it made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pressrun.model.geometry import Rect
    from pressrun.run.imposition.scheme import Scheme
    from pressrun.run.imposition.sheets import SheetFile

MM = 25.4 / 72
LISTED = 12  # items of a gang run


def sheet_text(made: SheetFile, path: Path, scheme: Scheme) -> str:
    """A few lines: the file, its sheets, how often each is printed, and of a gang run what is left over."""
    sheets = made.imposed.sheets
    first = sheets[0]
    one_plate = len(first.sides) == 1 and scheme.turn != "none"
    sides = "one plate for both sides, two of each" if one_plate else _sides(f"{len(first.sides)} sides")
    size = f"{first.width * MM:.4g} x {first.height * MM:.4g} mm"
    kind = f"{scheme.method}, {scheme.turn}" if scheme.turn != "none" else scheme.method
    lines = [f"{path}  {_counted(len(sheets), 'sheet')} of {size}, {sides}, {kind}; {', '.join(made.inks) or 'no ink'}"]
    runs = [f"sheet {number}: print {sheet.copies}" for number, sheet in enumerate(sheets, 1) if sheet.copies > 1]
    lines += [f"  {line}" for line in (*runs[:LISTED], *_rest_counted(len(runs) - LISTED))]
    return "\n".join((*lines, *_gang(made)))


def _gang(made: SheetFile) -> Iterator[str]:
    gang = made.imposed.gang
    if gang is None:
        return
    yield f"  {gang.waste * 100:.0f} % of the printable area is waste"
    over = [(made.name(made.imposed.items[item].front), count) for item, count in gang.left_over]
    for name, count in over[:LISTED]:
        yield f"  {name}: {count} more than wanted" if count else f"  {name}: as many as wanted"
    for line in _rest_counted(len(over) - LISTED):
        yield f"  {line}"


def sheet_data(made: SheetFile, path: Path, scheme: Scheme) -> dict[str, Any]:
    """The same for machines, with every page's place: millimetres from the upper left of its side."""
    data: dict[str, Any] = {
        "file": path.as_posix(), "method": scheme.method, "turn": scheme.turn, "inks": list(made.inks),
        "sheets": [
            {
                "size_mm": [_mm(sheet.width), _mm(sheet.height)],
                "print": sheet.copies,
                "sides": [
                    {
                        "side": side.name,
                        "pages": [
                            {
                                "page": made.name(one.page), "turned": one.cell.turned,
                                "trim_mm": _box(one.trim),
                            }
                            for one in side.positions
                        ],
                    }
                    for side in sheet.sides
                ],
            }
            for sheet in made.imposed.sheets
        ],
        "findings": [one.to_dict() for one in made.findings],
    }  # fmt: skip
    if gang := made.imposed.gang:
        items = made.imposed.items
        data["waste_percent"] = round(gang.waste * 100, 1)
        data["left_over"] = {made.name(items[item].front): count for item, count in gang.left_over}
    return data


def _box(rect: Rect) -> list[float]:
    return [_mm(rect.x), _mm(rect.y), _mm(rect.width), _mm(rect.height)]


def _mm(points: float) -> float:
    return round(points * MM, 3)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _sides(said: str) -> str:
    return "1 side" if said == "1 sides" else said


def _rest_counted(count: int) -> Iterator[str]:
    if count > 0:
        yield f"and {count} more"
