"""The one file that imports coloraide, and late, as it takes long: how far apart colours look."""

from __future__ import annotations

UNSEEN = 3.0  # CIEDE2000: colours that are no farther apart are one to most people


def color_distance(first: str, second: str) -> float:
    """CIEDE2000 between two colours of sRGB, as #RRGGBB."""
    from coloraide import Color

    return float(Color(first).delta_e(second, method="2000"))
