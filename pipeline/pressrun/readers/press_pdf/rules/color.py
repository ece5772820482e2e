"""Colour spaces, transparency and what an ExtGState may not say (ISO 15930-7)."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.readers.press_pdf.color_space import ColorSpace
from pressrun.readers.press_pdf.facts import PageFacts, Rectangle
from pressrun.readers.press_pdf.limits import PressLimits
from pressrun.readers.press_pdf.rules.rule import ERROR, NOTE, WARNING, Fault, page_rule
from pressrun.readers.press_pdf.traits import (
    BrokenProfile,
    BrokenTint,
    GraphicsKey,
    GroupSpace,
    SpaceUsed,
    Transparency,
    WrongSetting,
)

SHIFTED = "colours duller than on screen, black text in four inks"


def _used(page: PageFacts) -> Iterator[tuple[ColorSpace, str, SpaceUsed, tuple[Rectangle, ...]]]:
    """Each space that inks come from, its name with where it was met, and the places."""
    for used, at in page.of(SpaceUsed):
        where = f" in {'an' if used.where[0] in 'aeiou' else 'a'} {used.where}" if used.where else ""
        yield used.space.ground, f"{used.space.label} is used{where}", used, tuple(at)
        for part in used.space.ground.parts:
            yield part.ground, f"{part.label} is used for single inks of {used.space.label}", used, tuple(at)


@page_rule("rgb", ERROR, clause="ISO 15930-7, colour", paper=SHIFTED)
def rgb(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for ground, what, _, at in _used(page):
        if ground.kind in ("DeviceRGB", "CalRGB"):
            yield Fault(f"{what}: what it becomes in print is left to chance", "convert it to CMYK", at)


@page_rule("managed-rgb", WARNING, clause="ISO 15930-7, colour", paper=SHIFTED)
def managed_rgb(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    hint = "convert it to CMYK, if the printer does not ask for RGB"
    for ground, what, _, at in _used(page):
        if ground.kind == "Lab" or (ground.kind == "ICCBased" and ground.components == 3):
            yield Fault(f"{what}: it is separated at the printer's", hint, at)


@page_rule("icc-cmyk", WARNING, clause="ISO 15930-7, colour", paper="pure inks that have become mixed ones")
def icc_cmyk(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    hint = "use plain CMYK for colours of the output intent"
    for ground, _, used, at in _used(page):
        if ground.kind == "ICCBased" and ground.components == 4:
            inside = "" if not used.where else f" in a {used.where}"
            yield Fault(f"CMYK with a profile of its own is used{inside}: it may be separated again", hint, at)
        other = _stands_for(ground)
        if other is not None and other.kind == "ICCBased" and other.components == 4:
            message = f"what stands for {', '.join(ground.inks)} on other devices is CMYK with a profile of its own"
            yield Fault(message, "define the spot's substitute in plain CMYK", at)


@page_rule("independent-color", None, clause="ISO 15930-4, colour", paper=SHIFTED)
def independent_color(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for ground, _, _, at in _used(page):
        other = _stands_for(ground)
        if ground.kind == "CalGray" or (ground.kind == "ICCBased" and ground.components == 1):
            yield Fault(f"gray that is not the device's own is used ({ground.label})", "write it as gray or black", at)
        elif other is not None and other.kind in ("CalGray", "Lab"):  # of all else other rules tell
            message = f"what stands for {', '.join(ground.inks)} on other devices is written in {other.label}"
            yield Fault(message, "define the spot's substitute in CMYK", at)


def _stands_for(ground: ColorSpace) -> ColorSpace | None:
    """What a spot is written in for devices without its ink."""
    return ground.base.ground if ground.inks and ground.base is not None else None


@page_rule("unknown-color-space", ERROR, clause="ISO 32000-1, 8.6", paper="an object in black, or none")
def unknown_color_space(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for ground, _, _, at in _used(page):
        if ground.kind == "unknown" or (ground.kind == "ICCBased" and ground.components not in (1, 3, 4)):
            yield Fault("a colour space is used that cannot be read", at=at)


@page_rule("broken-profile", ERROR, clause="ISO 32000-1, 8.6.5.5; ICC.1, 7.2", paper=SHIFTED)
def broken_profile(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for seen, at in page.of(BrokenProfile):
        yield Fault(f"the profile of a colour cannot be used: {seen.text}", "export it again", tuple(at))


@page_rule(
    "spot-alternate",
    WARNING,
    clause="ISO 15930-7, spot colours",
    paper="a spot in another tone, where it is printed in CMYK",
)
def spot_alternate(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for ground, _, _, at in _used(page):
        other = _stands_for(ground)
        if other is not None and not (other.is_cmyk or other.kind in ("DeviceGray", "CalGray")):
            if other.kind == "Lab":
                continue  # how libraries of spots define them; ISO 15930-7 lets it stand
            message = f"what stands for {', '.join(ground.inks)} on other devices is written in {other.label}"
            yield Fault(message, "define the spot's substitute in CMYK or Lab", at)


@page_rule("rgb-group", WARNING, clause="ISO 15930-7, transparency", paper="visible edges around shadows and overlays")
def rgb_group(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for group, at in page.of(GroupSpace):
        if "RGB" in group.label:
            yield Fault(f"transparency is blended in {group.label}", "blend in CMYK", tuple(at))


@page_rule("transparency", None, clause="ISO 15930-4, transparency", paper="shadows as hard rectangles")
def transparency(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for seen, at in page.of(Transparency):
        yield Fault(f"there is transparency by {seen.kind}", "flatten it on export", tuple(at))


def _keys(page: PageFacts, words: dict[str, str]) -> Iterator[Fault]:
    for seen, at in page.of(GraphicsKey):
        if seen.key in words:
            yield Fault(f"{words[seen.key]} is set ({seen.key})", "take it out: the press has its own", tuple(at))


@page_rule(
    "transfer-curve",
    ERROR,
    clause="ISO 15930-7, graphics state",
    paper="pictures lighter or darker, or turned to negatives",
)
def transfer_curve(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    yield from _keys(page, {"TR": "a transfer curve", "TR2": "a transfer curve"})


@page_rule(
    "halftone", WARNING, clause="ISO 15930-7, graphics state", paper="coarse dots, or a pattern where two screens meet"
)
def halftone(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    yield from _keys(page, {"HT": "a halftone screen", "HTP": "a place of halftone screens"})


@page_rule("black-generation", NOTE, clause="ISO 15930-7, graphics state", paper="another black in what is converted")
def black_generation(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    words = {
        "BG": "black generation",
        "BG2": "black generation",
        "UCR": "undercolour removal",
        "UCR2": "undercolour removal",
    }
    yield from _keys(page, words)


@page_rule("unknown-blend-mode", WARNING, clause="ISO 32000-1, 11.3.5", paper="a shadow as a black or white patch")
def unknown_blend_mode(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for seen, at in page.of(GraphicsKey):
        if seen.key == "BM":
            yield Fault("a blend mode is set that PDF does not have", "export it again", tuple(at))


@page_rule("broken-tint", ERROR, clause="ISO 32000-1, 7.10.5", paper="a spot that is missing, or in any colour")
def broken_tint(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for seen, at in page.of(BrokenTint):
        message = f"the program that says what stands for {seen.inks} is broken: {seen.text}"
        yield Fault(message, "define the ink again, in one library", tuple(at))


@page_rule(
    "wrong-setting", WARNING, clause="ISO 32000-1, 8.4", paper="a line or a colour that each press shows otherwise"
)
def wrong_setting(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    for seen, at in page.of(WrongSetting):
        yield Fault(seen.text, "export the page again", tuple(at))


@page_rule("flatness", NOTE, clause="ISO 32000-1, 10.6.2", paper="curves with corners")
def flatness(page: PageFacts, limits: PressLimits) -> Iterator[Fault]:
    yield from _keys(page, {"FL": "a flatness of curves"})
