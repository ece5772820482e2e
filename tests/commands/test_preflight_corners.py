"""`preflight` finds colours that no CMYK press prints as they are, in whatever corner of a file they hide."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, ImageCms
from press_samples import PROFILE, whole

from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judged
from pressrun.readers.press_pdf.profiles.profile import PressProfile, load_profile

STRICT = load_profile("x4")
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
WHITE = Dictionary(WhitePoint=Array([0.96, 1, 0.82]))
BOX = [0, 0, 90, 90]
SQUARE = "9 9 60 60 re f"
Made = tuple[Any, int, str]  # a colour space, its parts, and some of each


def profiled(pdf: pikepdf.Pdf, parts: int, data: bytes) -> Any:
    return Array([Name.ICCBased, pdf.make_indirect(Stream(pdf, data, N=parts))])


SPACES: dict[str, tuple[Callable[[pikepdf.Pdf], Made], str]] = {
    "RGB": (lambda pdf: (Name.DeviceRGB, 3, "1 0 0"), "rgb"),
    "calibrated RGB": (lambda pdf: (Array([Name.CalRGB, WHITE]), 3, "1 0 0"), "rgb"),
    "Lab": (lambda pdf: (Array([Name.Lab, WHITE]), 3, "50 20 20"), "managed-rgb"),
    "RGB with a profile": (lambda pdf: (profiled(pdf, 3, SRGB), 3, "1 0 0"), "managed-rgb"),
    "CMYK with the profile of the intent": (lambda pdf: (profiled(pdf, 4, PROFILE.data), 4, "0 1 0 0"), "icc-cmyk"),
}


def named(made: Made, **more: Any) -> Dictionary:
    return Dictionary(ColorSpace=Dictionary(X=made[0], **more))


def painted(made: Made) -> str:
    return f"/X cs {made[2]} scn {SQUARE}"


def form(pdf: pikepdf.Pdf, content: str, resources: Any, **keys: Any) -> Any:
    return pdf.make_indirect(
        Stream(pdf, content.encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array(BOX), Resources=resources, **keys)
    )


def tile(pdf: pikepdf.Pdf, content: str, resources: Any, paint: int = 1) -> Any:
    return pdf.make_indirect(Stream(
        pdf, content.encode(), Type=Name.Pattern, PatternType=1, PaintType=paint, TilingType=1, BBox=Array(BOX), XStep=90,
        YStep=90, Resources=resources,
    ))  # fmt: skip


def shading(made: Made) -> Dictionary:
    values = [float(part) for part in made[2].split()]
    ramp = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array(values), C1=Array(values), N=1)
    return Dictionary(ShadingType=2, ColorSpace=made[0], Coords=Array([0, 0, 90, 90]), Function=ramp)


def samples(pdf: pikepdf.Pdf, space: Any, parts: int, **keys: Any) -> Any:
    data = bytes(range(1, 60 * 60 * parts % 250)) * 400
    return pdf.make_indirect(Stream(
        pdf, data[: 60 * 60 * parts].ljust(60 * 60 * parts, b"\7"), Type=Name.XObject, Subtype=Name.Image, Width=60,
        Height=60, BitsPerComponent=8, ColorSpace=space, **keys,
    ))  # fmt: skip


def palette(made: Made) -> Array:
    return Array([Name.Indexed, made[0], 1, String(bytes(range(40, 40 + 2 * made[1])))])


def tint(made: Made) -> Dictionary:
    values = [float(part) for part in made[2].split()]
    return Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0.0] * made[1]), C1=Array(values), N=1)


def drawn_font(pdf: pikepdf.Pdf, made: Made) -> Dictionary:
    letter = pdf.make_indirect(Stream(pdf, f"100 0 d0 {painted(made)}".encode()))
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=Array(BOX), FontMatrix=Array([0.01, 0, 0, 0.01, 0, 0]),
        CharProcs=Dictionary(a=letter), Encoding=Dictionary(Differences=Array([97, Name.a])), FirstChar=97, LastChar=97,
        Widths=Array([100]), Resources=named(made),
    )  # fmt: skip


def soft_mask(pdf: pikepdf.Pdf, content: str, resources: Any, **keys: Any) -> Dictionary:
    group = form(pdf, content, resources, Group=Dictionary(S=Name.Transparency, CS=Name.DeviceGray))
    return Dictionary(SMask=Dictionary(S=Name.Luminosity, G=group, **keys))


def annotation(pdf: pikepdf.Pdf, appearance: Any, **keys: Any) -> Array:
    return Array([pdf.make_indirect(Dictionary(
        Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([20, 20, 90, 90]), F=4, AP=Dictionary(N=appearance), **keys
    ))])  # fmt: skip


Corner = Callable[[pikepdf.Pdf, Any, Made], str]  # puts a colour into a page, and answers what draws it


def set_in(kind: str, of: Callable[[pikepdf.Pdf, Made], Any], content: str) -> Corner:
    """A resource of a kind, by the name of R."""

    def add(pdf: pikepdf.Pdf, page: Any, made: Made) -> str:
        page.Resources[f"/{kind}"] = Dictionary(R=of(pdf, made))
        return content

    return add


def beside(kind: str, of: Callable[[pikepdf.Pdf, Made], Any], content: str) -> Corner:
    def add(pdf: pikepdf.Pdf, page: Any, made: Made) -> str:
        page.Resources = named(made)
        page.Resources[f"/{kind}"] = Dictionary(R=of(pdf, made))
        return content

    return add


def plain(content: str) -> Corner:
    def add(pdf: pikepdf.Pdf, page: Any, made: Made) -> str:
        page.Resources = named(made)
        return content.replace("VALUES", made[2])

    return add


def annotated(of: Callable[[pikepdf.Pdf, Made], Any], **keys: Any) -> Corner:
    def add(pdf: pikepdf.Pdf, page: Any, made: Made) -> str:
        page.Annots = annotation(pdf, of(pdf, made), **keys)
        return ""

    return add


def as_space(of: Callable[[Made], Any], content: str = f"/X cs 1 scn {SQUARE}") -> Corner:
    def add(pdf: pikepdf.Pdf, page: Any, made: Made) -> str:
        page.Resources = Dictionary(ColorSpace=Dictionary(X=of(made)))
        return content

    return add


def inline(pdf: pikepdf.Pdf, page: Any, made: Made) -> str:
    page.Resources = named(made)
    return f"q 60 0 0 60 9 9 cm BI /W 1 /H 1 /BPC 8 /CS /X ID {'abcd'[: made[1]]} EI Q"


def without_colors(pdf: pikepdf.Pdf, page: Any, made: Made) -> str:
    """A pattern that has the colour which it is painted with."""
    spaces, patterns = Dictionary(P=Array([Name.Pattern, made[0]])), Dictionary(R=tile(pdf, SQUARE, Dictionary(), 2))
    page.Resources = Dictionary(ColorSpace=spaces, Pattern=patterns)
    return f"/P cs {made[2]} /R scn {SQUARE}"


def mesh(kind: int) -> Corner:
    def of(pdf: pikepdf.Pdf, made: Made) -> Any:
        return pdf.make_indirect(Stream(
            pdf, bytes(range(200)), ShadingType=kind, ColorSpace=made[0], BitsPerCoordinate=8, BitsPerComponent=8,
            BitsPerFlag=8, VerticesPerRow=2, Decode=Array([0, 90, 0, 90, *[0, 1] * made[1]]),
        ))  # fmt: skip

    return set_in("Shading", of, "/R sh")


SHOWN = "q 60 0 0 60 9 9 cm /R Do Q"
CORNERS: dict[str, Corner] = {
    "a fill": plain(f"/X cs VALUES scn {SQUARE}"),
    "a fill by the older operator": plain(f"/X cs VALUES sc {SQUARE}"),
    "a stroke": plain("/X CS VALUES SCN 3 w 9 9 m 90 90 l S"),
    "a form": set_in("XObject", lambda pdf, made: form(pdf, painted(made), named(made)), "/R Do"),
    "a form in a form": set_in("XObject", lambda pdf, made: form(
        pdf, "/In Do", Dictionary(XObject=Dictionary(In=form(pdf, painted(made), named(made))))), "/R Do"),
    "a form with the resources of its page": beside("XObject", lambda pdf, made: pdf.make_indirect(Stream(
        pdf, painted(made).encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array(BOX))), "/R Do"),
    "a pattern": set_in("Pattern", lambda pdf, made: tile(pdf, painted(made), named(made)), f"/Pattern cs /R scn {SQUARE}"),
    "a pattern of a stroke": set_in("Pattern", lambda pdf, made: tile(pdf, painted(made), named(made)),
                                    "/Pattern CS /R SCN 9 w 9 9 m 90 90 l S"),
    "a pattern in a pattern": set_in("Pattern", lambda pdf, made: tile(pdf, f"/Pattern cs /In scn {SQUARE}", Dictionary(
        Pattern=Dictionary(In=tile(pdf, painted(made), named(made))))), f"/Pattern cs /R scn {SQUARE}"),
    "a pattern without colours": without_colors,
    **{f"a mesh of type {kind}": mesh(kind) for kind in (4, 5, 6, 7)},
    "a shading": set_in("Shading", lambda pdf, made: shading(made), "/R sh"),
    "a pattern of a shading": set_in("Pattern", lambda pdf, made: Dictionary(
        Type=Name.Pattern, PatternType=2, Shading=shading(made)), f"/Pattern cs /R scn {SQUARE}"),
    "a soft mask": set_in("ExtGState", lambda pdf, made: soft_mask(pdf, painted(made), named(made)),
                          f"/R gs 0 1 0 0 k {SQUARE}"),
    "a drawn letter": set_in("Font", drawn_font, "BT /R 60 Tf 9 9 Td (a) Tj ET"),
    "a picture": set_in("XObject", lambda pdf, made: samples(pdf, made[0], made[1]), SHOWN),
    "a palette": set_in("XObject", lambda pdf, made: samples(pdf, palette(made), 1), SHOWN),
    "a palette of a fill": as_space(palette),
    "an inline picture": inline,
    "an appearance": annotated(lambda pdf, made: form(pdf, painted(made), named(made))),
    "an appearance of a state": annotated(
        lambda pdf, made: Dictionary(On=form(pdf, painted(made), named(made))), AS=Name.On),
}
OF_ONE = {
    "what stands for a spot": as_space(lambda made: Array([Name.Separation, Name.Gold, made[0], tint(made)])),
    "what stands for a mixture": as_space(lambda made: Array([Name.DeviceN, Array([Name.Gold]), made[0], tint(made)])),
}


def codes(corner: Corner, space: str, profile: PressProfile = STRICT) -> set[str]:
    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.contents_add(corner(pdf, page.obj, SPACES[space][0](pdf)).encode())

    return {one.finding.code for one in judged(read_press_pdf(whole(add)), "a.pdf", profile.limits, profile.levels)}


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("corner", CORNERS)
def test_a_colour_is_found_wherever_it_hides(corner: str, space: str) -> None:
    assert SPACES[space][1] in codes(CORNERS[corner], space)


OF_SPOTS = {"CMYK with the profile of the intent": "icc-cmyk", "Lab": None}  # libraries define spots in Lab


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("corner", OF_ONE)
def test_what_stands_for_a_spot_is_in_inks(corner: str, space: str) -> None:
    code = OF_SPOTS.get(space, "spot-alternate")
    assert codes(OF_ONE[corner], space) & {"spot-alternate", "icc-cmyk", "managed-rgb"} == ({code} if code else set())
    of_alternates = {"spot-alternate", "icc-cmyk", "independent-color"}
    assert len(codes(OF_ONE[corner], space, load_profile("x1a")) & of_alternates) == 1, "each is told once"


def test_jpeg_2000_says_itself_what_it_is_in() -> None:
    out = io.BytesIO()
    Image.effect_noise((60, 60), 80).convert("RGB").save(out, "JPEG2000")

    def add(pdf: pikepdf.Pdf, page: Any, made: Made) -> str:
        page.Resources.XObject.R = pdf.make_indirect(Stream(
            pdf, out.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=60, Height=60, Filter=Name.JPXDecode
        ))  # fmt: skip
        return SHOWN

    assert codes(add, "RGB") & {"rgb", "managed-rgb"}


@pytest.mark.parametrize("corner", CORNERS)
def test_cmyk_in_the_same_corners_is_none(corner: str) -> None:
    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.contents_add(CORNERS[corner](pdf, page.obj, (Name.DeviceCMYK, 4, "0 1 0 0")).encode())

    told = {one.finding.code for one in judged(read_press_pdf(whole(add)), "a.pdf", STRICT.limits, STRICT.levels)}
    assert not told & {"rgb", "managed-rgb", "icc-cmyk", "unknown-color-space", "broken-page", "key-of-wrong-type"}
