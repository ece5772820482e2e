"""Spots over pixels, as fills in their inks with soft masks (ISO 32000-1, 11.6.5.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pikepdf
from msgspec import Struct
from pikepdf import Array, Dictionary, Name, Stream

from pressrun.graphics.pages.written_inks import PressInks
from pressrun.model.rendering import SpotLayer

UNIT = [0, 0, 1, 1]  # the square in which pictures of PDF lie


class SpotFills(Struct, frozen=True):
    """Operators that fill the unit square, and what they name. ``content`` is empty where there is nothing."""

    content: str
    states: dict[str, Dictionary]
    spaces: pikepdf.Object


def spot_fills(
    pdf: pikepdf.Pdf, layers: Iterable[SpotLayer], inks: PressInks, stand_in: Callable[[bytes], bytes]
) -> SpotFills:
    """Layers of spots, the lowest first. ``stand_in`` answers what is written in place of large data."""
    fills, states = [], dict(inks.states)
    for number, layer in enumerate(layers):
        name = f"/Spots{number}"
        states[name] = Dictionary(SMask=Dictionary(S=Name.Luminosity, G=_mask(pdf, layer, stand_in)))
        fills.append(f"q {name} gs {inks.operators(layer.ink)[0]} 0 0 1 1 re f Q")
    return SpotFills(" ".join(fills), states if fills else {}, inks.spaces if fills else Dictionary())


def spot_form(pdf: pikepdf.Pdf, picture: Stream | None, fills: SpotFills) -> Stream:
    """A picture, if there is one, and spots over it, to be drawn as a picture is."""
    resources = Dictionary(ExtGState=Dictionary(fills.states), ColorSpace=fills.spaces)
    content = fills.content
    if picture is not None:
        resources.XObject = Dictionary(Picture=picture)
        content = f"/Picture Do {content}"
    return _form(pdf, content, resources)


def _mask(pdf: pikepdf.Pdf, layer: SpotLayer, stand_in: Callable[[bytes], bytes]) -> Stream:
    width, height = layer.size
    cover = Stream(
        pdf,
        stand_in(layer.cover),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
        Filter=Name.FlateDecode,
    )
    resources = Dictionary(XObject=Dictionary(Cover=cover))
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
    return _form(pdf, "/Cover Do", resources, Group=group)


def _form(pdf: pikepdf.Pdf, content: str, resources: Dictionary, **entries: pikepdf.Object) -> Stream:
    return Stream(
        pdf, content.encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array(UNIT), Resources=resources, **entries
    )
