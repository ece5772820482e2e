"""Layouts of a layer or two, in the words of their files."""

from __future__ import annotations

from typing import Any

SCREEN = "page: {trim: 200pt x 200pt, safe: 10pt}\ntarget: screen\nformats: [png]\nlayers:\n"
PIXELS = "page: {trim: 600px x 600px, safe: 30px}\ntarget: screen\nformats: [png]\nlayers:\n"
PRINT = "page: {trim: [60mm, 60mm], bleed: 3mm, safe: 5mm}\ntarget: print\nformats: [press-pdf]\nlayers:\n"
HERO = "  - {type: image, id: hero, picture: hero, box: {in: bleed}}\n"
PRODUCT = (
    "  - {type: image, id: hero, picture: hero, fit: contain, shadow: contact, "
    "box: {x: 60pt, y: 60pt, width: 60pt, height: 80pt}}\n"
)
TEXT = "  - {type: text, id: t, text: Some words, color: ink, size: 20pt, box: {height: 30pt}}\n"


def slots(*names: str, **more: Any) -> dict[str, Any]:
    return {"slots": {"hero": list(names)}, **more}
