"""Fonts, what they cover and mend; colour there and back through the press profile."""

from __future__ import annotations

import io
from pathlib import Path

import numpy
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image, ImageCms
from rendering_kit import PROFILE, Press, brand, set_text

from pressrun.graphics.color import inks
from pressrun.graphics.typefaces import fonts
from pressrun.model.brand import Brand
from pressrun.model.color import Swatch, relative_luminance
from pressrun.model.errors import MissingTool
from pressrun.model.light import worst_tenth
from pressrun.run.worker import bench as worker

# ------------------------------------------------------------------------------------------------------------- fonts


def test_firago_is_written_once_and_whole(tmp_path: Path) -> None:
    first = fonts.firago_files(tmp_path)
    stamps = [file.stat().st_mtime_ns for file in first]
    assert [file.stat().st_mtime_ns for file in fonts.firago_files(tmp_path)] == stamps
    faces = [fonts.read_face(file) for file in first]
    assert {(face.family, face.weight, face.italic) for face in faces} == {
        ("FiraGO", 400, False), ("FiraGO", 700, False), ("FiraGO", 400, True), ("FiraGO", 700, True),
    }  # fmt: skip
    assert frozenset().union(*(face.covers for face in faces)) == fonts.firago_face().covers
    for file in first:
        TTFont(file, checkChecksums=2).close()


def test_firago_covers_the_sample_languages(press: Press) -> None:
    faces = fonts.FaceSet(fonts.read_face(file) for file in press.font_files)
    text = "Ä ß ę ł ñ ¿ é € £ zł Æ Щ Ω א قهوة کافه कॉफ़ी กาแฟ ₹ ฿ “”„«» … – × ½ \u202f\u00a0\u200b\u2066"
    assert faces.missing(text, ("FiraGO",)) == ""
    assert faces.missing("日本日", ("FiraGO",)) == "日本"


@pytest.mark.parametrize("last", [0, 1])
def test_of_two_weights_equally_near_the_first_is_fitted_and_set(last: int, tmp_path: Path) -> None:
    """In whatever order the file system lists their files: what is set otherwise than fitted has no file."""
    between = brand().typography["body"].model_copy(update={"weight": 550})
    press = Press(tmp_path, typography={**brand().typography, "body": between})
    press.close()
    regular_and_bold = press.font_files[:2]
    press.kit = replace(press.kit, fonts=press.kept_fonts((regular_and_bold[1 - last], regular_and_bold[last])))
    press.bench = worker.Bench(press.kit)
    box = "{x: 10pt, y: 10pt, width: 180pt, height: 40pt}"
    text = f"{{type: text, role: body, text: Hill AVATAR, size: 20pt, box: {box}}}"
    press.render(f"page: {{trim: 200pt x 60pt}}\ntarget: screen\nformats: [png]\nlayers: [{text}]")
    press.close()


@given(st.sampled_from(" \u00a0\u202f\u2003\n\t\u200b\u200c\u200d\u200e\u2066\u2069\u00ad\ufeff"))
def test_blanks_and_invisible_signs_need_no_glyph(character: str) -> None:
    assert fonts.FaceSet(()).missing(character, ("FiraGO",)) == ""


def test_what_is_no_font(tmp_path: Path) -> None:
    (tmp_path / "x.ttf").write_bytes(b"no font")
    for path in (tmp_path / "x.ttf", tmp_path / "gone.ttf"):
        with pytest.raises(MissingTool):
            fonts.read_face(path)


@pytest.mark.parametrize("letter", ["ญ", "ฬ"])
@pytest.mark.parametrize("mark", ["่", "ี", "ี่"])
@pytest.mark.parametrize("role", ["body", "headline"])
def test_thai_marks_stand_over_their_letter(press: Press, letter: str, mark: str, role: str) -> None:
    """FiraGO as published sets them beside these two: the mark must widen the word by next to nothing."""

    def width(text: str) -> float:
        layout = f"""
page: {{trim: 200pt x 100pt}}
target: screen
formats: [png]
layers: [{{type: text, id: t, text: "{text}", role: {role}, size: 40pt, box: {{x: 60pt, y: 10pt, width: 120pt}}}}]
"""
        sheet, _ = press.compose(layout, locale="th-TH")
        ink = set_text(press, sheet)["t"].ink
        assert ink is not None
        return ink.width

    assert width(letter + mark) < width(letter) + 3


# -------------------------------------------------------------------------------------------------------------- inks


def test_the_shipped_profile_is_a_press_profile() -> None:
    opened = ImageCms.ImageCmsProfile(io.BytesIO(PROFILE.data)).profile
    assert (opened.device_class, opened.xcolor_space.strip()) == ("prtr", "CMYK")
    assert (PROFILE.condition, PROFILE.name) == ("FOGRA39", "fogra39-300")


def test_users_bring_their_own_profile(tmp_path: Path) -> None:
    (tmp_path / "own.icc").write_bytes(PROFILE.data)
    own = inks.load_profile("own.icc", tmp_path)
    assert (own.condition, own.digest) == ("", PROFILE.digest)
    assert own.description


@pytest.mark.parametrize("data", [None, b"no profile", inks.srgb_profile()])
def test_what_is_no_press_profile(tmp_path: Path, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / "bad.icc").write_bytes(data)
    with pytest.raises(MissingTool):
        inks.load_profile("bad.icc", tmp_path)


def test_white_is_no_ink_and_black_comes_back_dark() -> None:
    picture = Image.new("RGB", (2, 1), "white")
    picture.putpixel((1, 0), (0, 0, 0))
    separated = inks.to_cmyk(picture, PROFILE)
    assert separated.getpixel((0, 0)) == (0, 0, 0, 0)
    shown = inks.to_srgb(separated, PROFILE)
    assert min(shown.getpixel((0, 0))) >= 253  # type: ignore[type-var]
    assert max(shown.getpixel((1, 0))) < 45  # type: ignore[type-var]
    assert "icc_profile" not in separated.info


def test_proof_colours() -> None:
    assert inks.proof_color((0, 0, 0, 0), PROFILE) == "#FFFFFF"
    red, green, blue = (int(inks.proof_color((0, 100, 100, 0), PROFILE)[at : at + 2], 16) for at in (1, 3, 5))
    assert red > 180
    assert max(green, blue) < 80


# ------------------------------------------------------------------------------------------------------------ colour


def test_luminance_and_contrast_are_wcags() -> None:
    white, black, gray = (relative_luminance(rgb) for rgb in ((255,) * 3, (0,) * 3, (119,) * 3))
    assert (white, black) == (1, 0)
    on = {light: numpy.full(1, light, numpy.float32) for light in (white, black)}
    assert worst_tenth(on[black], white) == worst_tenth(on[white], black) == pytest.approx(21)
    assert worst_tenth(on[white], gray) == pytest.approx(4.48, abs=0.005)  # the well-known #777 on white


@pytest.mark.parametrize("swatch", [{"srgb": "#12345"}, {"srgb": "red"}, {"cmyk": [0, 0, 0, 101]}, {"cmyk": [0, 0, 0]}])
def test_colours_that_are_none(swatch: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"srgb|cmyk"):
        Swatch.model_validate({"srgb": "#123456", "cmyk": [0, 0, 0, 0], **swatch})


def test_a_brand_needs_paper_and_ink() -> None:
    swatch = {"srgb": "#000000", "cmyk": [0, 0, 0, 100]}
    with pytest.raises(ValueError, match="paper"):
        Brand.model_validate({"name": "x", "palette": {"ink": swatch}, "typography": {}})


def test_typography_is_overridden_by_language_then_by_locale() -> None:
    leading = [brand().role("headline", locale).leading for locale in ("en-GB", "ar-AE", "ar-EG")]
    assert leading == [1.1, 1.3, 1.5]
    assert brand().role("headline", "ar-EG").weight == 700


def test_a_font_that_a_power_cut_left_empty_is_written_again(tmp_path: Path) -> None:
    first = fonts.firago_files(tmp_path)
    whole = first[0].read_bytes()
    first[0].write_bytes(b"")
    fonts.read_member.cache_clear()
    assert fonts.firago_files(tmp_path) == first
    assert first[0].read_bytes() == whole
