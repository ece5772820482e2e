"""Pages drawn in RGB are printed in inks, whichever way they say their colours."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from form_kit import Form
from needed import tool
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, ImageCms

from pressrun import run_job
from pressrun.graphics.color.inks import load_profile, to_cmyk
from pressrun.graphics.inked.inked_pages import in_inks
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judge
from pressrun.run.design_import.campaign import DesignWanted, import_design

PROFILE = load_profile("fogra39-300", Path())
RED = (0.8, 0.1, 0.2)
BYTES = bytes(round(part * 255) for part in RED)
Ways = dict[str, tuple[bytes, Callable[[pikepdf.Pdf], Dictionary]]]
INKED = (0.1, 0.9, 0.8, 0.2)  # what tests say that red is in inks


def inks(srgb: tuple[float, float, float]) -> tuple[float, ...]:
    is_red = max(abs(a - b) for a, b in zip(srgb, RED, strict=True)) < 0.01
    return INKED if is_red else (0.0, 0.0, 0.0, 1.0 - srgb[0])


def picture(pdf: pikepdf.Pdf, space: Any, data: bytes = BYTES * 4, bits: int = 8, **entries: Any) -> Stream:
    return Stream(
        pdf, data, Type=Name.XObject, Subtype=Name.Image, Width=2, Height=2, BitsPerComponent=bits, ColorSpace=space,
        **entries,
    )  # fmt: skip


def ramp(pdf: pikepdf.Pdf) -> Any:
    return pdf.make_indirect(Dictionary(FunctionType=2, Domain=[0, 1], N=1, C0=list(RED), C1=list(RED)))


def sampled(pdf: pikepdf.Pdf) -> Any:
    return Stream(pdf, BYTES * 2, FunctionType=0, Domain=[0, 1], Range=[0, 1] * 3, Size=[2], BitsPerSample=8)


def icc(pdf: pikepdf.Pdf) -> Array:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return Array([Name.ICCBased, pdf.make_indirect(Stream(pdf, profile, N=3, Alternate=Name.DeviceRGB))])


def stitched(pdf: pikepdf.Pdf) -> Any:
    parts = [ramp(pdf), sampled(pdf)]
    return Dictionary(FunctionType=3, Domain=[0, 1], Functions=parts, Bounds=[0.5], Encode=[0, 1, 0, 1])


def shading(function: Callable[[pikepdf.Pdf], Any]) -> Callable[[pikepdf.Pdf], Dictionary]:
    def made(pdf: pikepdf.Pdf) -> Dictionary:
        return Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=[0, 0, 9, 0], Function=function(pdf),
                          Extend=[True, True], Background=list(RED))  # fmt: skip

    return lambda pdf: Dictionary(Shading=Dictionary(S=made(pdf)))


def form(pdf: pikepdf.Pdf) -> Dictionary:
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
    drawn = Stream(
        pdf, b".8 .1 .2 rg 0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9], Group=group
    )
    return Dictionary(XObject=Dictionary(F=drawn))


def tile(pdf: pikepdf.Pdf) -> Dictionary:
    drawn = Stream(pdf, b"0 0 9 9 re f", Type=Name.Pattern, PatternType=1, PaintType=2, TilingType=1, XStep=9, YStep=9,
                   BBox=[0, 0, 9, 9], Resources=Dictionary())  # fmt: skip
    spaces = Dictionary(P=Array([Name.Pattern, Name.DeviceRGB]))
    return Dictionary(Pattern=Dictionary(T=drawn), ColorSpace=spaces)


def spaces(of: Callable[[pikepdf.Pdf], Any]) -> Callable[[pikepdf.Pdf], Dictionary]:
    return lambda pdf: Dictionary(ColorSpace=Dictionary(C=of(pdf)))


def in_palette(pdf: pikepdf.Pdf) -> Dictionary:
    return Dictionary(XObject=Dictionary(F=picture(pdf, palette(pdf), b"\1" * 4)))


def spot(pdf: pikepdf.Pdf) -> Array:
    white_to_red = Dictionary(FunctionType=2, Domain=[0, 1], N=1, C0=[1, 1, 1], C1=list(RED))
    return Array([Name.Separation, Name("/Fire"), Name.DeviceRGB, white_to_red])


def palette(pdf: pikepdf.Pdf) -> Array:
    return Array([Name.Indexed, Name.DeviceRGB, 1, String(b"\xff\xff\xff" + BYTES)])


FILL = b" 0 0 9 9 re f"
WAYS: Ways = {
    "filled": (b".8 .1 .2 rg" + FILL, lambda _: Dictionary()),
    "stroked": (b"20 w .8 .1 .2 RG 0 5 m 9 5 l S", lambda _: Dictionary()),
    "named-device": (b"/DeviceRGB cs .8 .1 .2 sc" + FILL, lambda _: Dictionary()),
    "icc": (b"/C cs .8 .1 .2 scn" + FILL, spaces(icc)),
    "calibrated": (b"/C cs .8 .1 .2 scn" + FILL, spaces(lambda _: Array([Name.CalRGB, Dictionary()]))),
    "default": (b".8 .1 .2 rg" + FILL, lambda pdf: Dictionary(ColorSpace=Dictionary(DefaultRGB=icc(pdf)))),
    "kept-state": (b"/C cs .8 .1 .2 scn q 0 g Q .8 .1 .2 scn" + FILL, spaces(icc)),
    "spot": (b"/C cs 1 scn" + FILL, spaces(spot)),
    "palette": (b"q 9 0 0 9 0 0 cm /F Do Q", in_palette),
    "gradient": (b"/S sh", shading(ramp)),
    "sampled-gradient": (b"/S sh", shading(sampled)),
    "stitched-gradient": (b"/S sh", shading(stitched)),
    "form-with-group": (b"/F Do", form),
    "tile": (b"/P cs .8 .1 .2 /T scn" + FILL, tile),
}  # fmt: skip


def key_mask(pdf: pikepdf.Pdf) -> Stream:
    return picture(pdf, Name.DeviceRGB, b"\xff\0\xff" + BYTES * 3, Mask=Array([250, 255, 0, 5, 250, 255]))


def jpeg(pdf: pikepdf.Pdf, data: bytes = BYTES, **entries: Any) -> Stream:
    out = io.BytesIO()
    Image.new("RGB", (2, 2), tuple(data)).save(out, "JPEG", quality=100, subsampling=0)
    made = picture(pdf, Name.DeviceRGB, **entries)
    made.write(out.getvalue(), filter=Name.DCTDecode)
    return made


def shown(of: Callable[[pikepdf.Pdf], Stream]) -> Callable[[pikepdf.Pdf], Dictionary]:
    return lambda pdf: Dictionary(XObject=Dictionary(F=of(pdf)))


TURNED, ABOUT = bytes(255 - part for part in BYTES), [1, 0, 1, 0, 1, 0]
PLACED = b"q 9 0 0 9 0 0 cm /F Do Q"
INLINE = b"q 9 0 0 9 0 0 cm BI /W 3 /H 3 /BPC 8 /CS /RGB ID " + BYTES * 9 + b" EI Q"
PICTURES: Ways = {
    "plain": (PLACED, shown(lambda pdf: picture(pdf, Name.DeviceRGB))),
    "jpeg": (PLACED, shown(jpeg)),
    "of-16-bits": (PLACED, shown(lambda pdf: picture(pdf, Name.DeviceRGB, bytes(one for one in BYTES for _ in "ab") * 4, 16))),
    "managed": (PLACED, shown(lambda pdf: picture(pdf, icc(pdf)))),
    "turned-about": (PLACED, shown(lambda pdf: picture(pdf, Name.DeviceRGB, TURNED * 4, Decode=ABOUT))),
    "jpeg-turned-about": (PLACED, shown(lambda pdf: jpeg(pdf, TURNED, Decode=ABOUT))),
    "with-a-clear-colour": (PLACED, shown(key_mask)),
    "in-the-content": (INLINE, lambda _: Dictionary()),
    "in-the-content-turned-about": (INLINE.replace(BYTES, TURNED).replace(b" ID", b" /D [1 0 1 0 1 0] ID"),
                                    lambda _: Dictionary()),
}  # fmt: skip


def pages(ways: Ways) -> bytes:
    pdf = pikepdf.new()
    for content, resources in ways.values():
        made = pdf.add_blank_page(page_size=(9, 9))
        made.obj.Contents = pdf.make_stream(content)
        made.obj.Resources = resources(pdf)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


OF_RGB = {"rgb", "managed-rgb", "rgb-group", "spot-alternate"}


def of_rgb(data: bytes) -> set[str]:
    return OF_RGB & {one.code for one in judge(read_press_pdf(data, bleed=0), "")}


def inked(ways: Ways) -> bytes:
    """Pages in inks, of which each was told for its RGB, and is no more."""
    for way, drawn in ways.items():
        alone = pages({way: drawn})
        assert of_rgb(alone), way
        assert not of_rgb(in_inks(alone, inks, PROFILE)), way
    return in_inks(pages(ways), inks, PROFILE)


def separated(data: bytes, folder: Path, *names: str) -> dict[str, list[float]]:
    """The inks (percent) right below the middle of each page, as Ghostscript has them."""
    (folder / "page.pdf").write_bytes(data)
    tool("gs", "-q", "-sDEVICE=tiff32nc", "-r72", "-o", folder / "page%d.tif", folder / "page.pdf")
    pixels = (Image.open(folder / f"page{at}.tif").getpixel((6, 6)) for at in range(1, len(names) + 1))
    return dict(zip(names, ([part / 2.55 for part in pixel] for pixel in pixels), strict=True))


def test_a_colour_is_in_its_inks_however_it_is_said(tmp_path: Path) -> None:
    for way, found in separated(inked(WAYS), tmp_path, *WAYS).items():
        assert found == pytest.approx([100 * part for part in INKED], abs=0.6), way


def test_pictures_are_in_inks_by_the_profile(tmp_path: Path) -> None:
    made = inked(PICTURES)
    wanted = to_cmyk(Image.new("RGB", (1, 1), tuple(BYTES)), PROFILE).getpixel((0, 0))
    for way, found in separated(made, tmp_path, *PICTURES).items():
        assert found == pytest.approx([part / 2.55 for part in wanted], abs=1.5), way  # type: ignore[union-attr]
    with pikepdf.open(io.BytesIO(made)) as pdf:  # what was clear still is
        mask = pdf.pages[list(PICTURES).index("with-a-clear-colour")].Resources.XObject.F.SMask
        assert mask.read_bytes() == b"\0\xff\xff\xff"


def test_a_picture_of_a_rare_kind_stays_as_it_is() -> None:
    few = shown(lambda pdf: picture(pdf, Name.DeviceRGB, bytes(6), bits=4))
    data = pages({"of four bits": (PLACED, few), "filled": WAYS["filled"]})
    assert of_rgb(in_inks(data, inks, PROFILE)) == {"rgb"}


BROKEN: Ways = {
    "names": (b"/a /b /c rg" + FILL, lambda _: Dictionary()),
    "no-parts": (b"/S sh", shading(lambda _: Dictionary(FunctionType=3, Domain=[0, 1]))),
    "of-grey": (b"/S sh", shading(lambda _: Dictionary(FunctionType=2, Domain=[0, 1], N=1, C0=[0], C1=[1]))),
    "a-word": (PLACED, shown(lambda pdf: picture(pdf, Name.DeviceRGB, Decode=Name.Turned))),
}


@pytest.mark.parametrize("way", BROKEN)
def test_what_is_broken_stays_as_it_is_and_all_else_does_not(tmp_path: Path, way: str) -> None:
    made = in_inks(pages({way: BROKEN[way], "filled": WAYS["filled"]}), inks, PROFILE)
    assert separated(made, tmp_path, way, "filled")["filled"] == pytest.approx([100 * part for part in INKED], abs=0.6)


def test_what_is_in_inks_stays_byte_by_byte() -> None:
    data = pages({"inks": (b".1 .2 .3 .4 k 0 g 0 0 9 9 re f", lambda _: Dictionary())})
    assert in_inks(data, inks, PROFILE) is data


def test_a_form_of_an_office_program_is_one_for_the_press(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Grounds and borders of fields, texts, black and greys in RGB: brand colours are in their own inks, black and greys
    in black alone, and the press file has no RGB."""
    monkeypatch.setenv("PRESSRUN_EXECUTOR", "inline")
    house = tmp_path / "brands/house"
    house.mkdir(parents=True)
    (house / "brand.yaml").write_text(BRAND)
    form = Form()
    field = form.text((20, 150, 140, 170), "Ada", T=String("name"), color="1 1 1 rg")
    field.MK = Dictionary(BG=[0.106, 0.302, 0.561], BC=[0.8, 0.1, 0.2])
    form.page.contents_add(b"0 0 0 rg 200 100 50 50 re f .5 .5 .5 rg 200 40 50 50 re f")
    (tmp_path / "card.pdf").write_bytes(form.bytes())
    imported = import_design(DesignWanted(tmp_path / "card.pdf", tmp_path))
    assert [one.code for one in imported.findings] == ["rgb-in-inks"]
    report = run_job(tmp_path / imported.job)
    assert [one.code for asset in report.assets for one in asset.findings if one.is_error] == []
    press = next(Path(report.folder) / asset.path for asset in report.assets if asset.path.endswith(".pdf"))
    tool("gs", "-q", "-sDEVICE=tiff32nc", "-r72", "-o", tmp_path / "page.tif", press)
    with Image.open(tmp_path / "page.tif") as page:
        ground, black, grey = (page.getpixel(at) for at in ((130, 35), (225, 75), (225, 135)))
    assert [round(part / 2.55) for part in ground] == [90, 60, 10, 5]
    assert [round(part / 2.55) for part in black] == [0, 0, 0, 100]
    assert grey[:3] == (0, 0, 0)
    assert 45 < grey[3] / 2.55 < 65


BRAND = """\
name: House
palette:
  paper: {srgb: "#FFFFFF", cmyk: [0, 0, 0, 0]}
  ink: {srgb: "#1A1A1A", cmyk: [0, 0, 0, 100]}
  sea: {srgb: "#1B4D8F", cmyk: [90, 60, 10, 5]}
typography:
  body: {family: FiraGO, weight: 400}
"""


@pytest.mark.parametrize("broken", [b"(a) 0 1 rg", b"/N /M 0 RG", b"[1] 0 0 rg", b"/Nowhere cs 1 0 0 sc"])
def test_an_operator_that_is_broken_keeps_no_other_from_its_inks(broken: bytes) -> None:
    red = b"%g %g %g rg 0 0 9 9 re f" % RED
    data = pages({"one": (broken + b" 0 0 5 5 re f " + red, lambda pdf: Dictionary())})
    with pikepdf.open(io.BytesIO(in_inks(data, inks, PROFILE))) as pdf:
        used = pikepdf.parse_content_stream(pdf.pages[0])
    set_in = [tuple(map(float, one.operands)) for one in used if str(one.operator) == "k"]
    assert set_in[-1] == pytest.approx(INKED)
