"""The ways in which a picture of a row comes to a sheet."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

SIZE = (600, 400)
PICTURE = {"type": "image", "id": "p", "box": {"in": "bleed"}}
SLOT = {"prompt": "x.j2", "references": ["{{ row.photo }}"], "masters": {"one": {"size": "600x400"}}}
WAYS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a row's own file": ({"file": "{{ row.photo }}"}, {}),
    "the library": ({"picture": "p"}, {"pictures": {"p": SLOT}, "provider": {"type": "library"}}),
    "a reference": ({"picture": "p"}, {"pictures": {"p": SLOT}}),
}


def saved(kind: str, mode: str = "RGB", **how: Any) -> bytes:
    out = io.BytesIO()
    picture = Image.radial_gradient("L").resize(SIZE)
    (Image.merge("CMYK", [picture] * 4) if mode == "CMYK" else picture.convert(mode)).save(out, kind, **how)
    return out.getvalue()
