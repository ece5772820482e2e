"""JPEGs in CMYK that do not say how their inks are stored."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageChops


def unmarked(inks: Image.Image, **how: Any) -> bytes:
    """A picture in CMYK as a JPEG with 255 for full ink, and without Adobe's marker, which would say the contrary."""
    out = io.BytesIO()
    ImageChops.invert(inks).save(out, "JPEG", quality=98, **how)  # which turns them over again
    data = out.getvalue()
    at = data.index(b"\xff\xee")
    assert data[at + 4 : at + 9] == b"Adobe"
    return data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4]) :]
