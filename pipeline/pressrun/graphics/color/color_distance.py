"""The one file that imports coloraide, and late, as it takes long: how far apart colours look, and what colours
are that CSS can write."""

from __future__ import annotations

UNSEEN = 3.0  # CIEDE2000: colours that are no farther apart are one to most people


def color_distance(first: str, second: str) -> float:
    """CIEDE2000 between two colours of sRGB, as #RRGGBB."""
    from coloraide import Color

    return float(Color(first).delta_e(second, method="2000"))


def on_screen(written: str) -> str | None:
    """A colour as CSS writes it, as one of sRGB: ``#rrggbb``, or ``rgba(r, g, b, a)`` where it is not opaque; what sRGB
    has not is cut off, as screens do. None where it is no colour."""
    from coloraide import Color

    try:
        color = Color(written).convert("srgb").clip()
        red, green, blue = (round(255 * part) for part in color.coords(nans=False))
    except (ValueError, ArithmeticError):  # of numbers beyond all that can be reckoned with, too
        return None
    alpha = color.alpha(nans=False)
    return f"#{red:02x}{green:02x}{blue:02x}" if alpha >= 1 else f"rgba({red}, {green}, {blue}, {alpha:g})"
