"""A brand's fonts by whichever name their author knows, out of collections and variable files, each under its weight."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.tables.TupleVariation import TupleVariation
from one_card import Card

from pressrun.graphics.typefaces.fonts import read_faces, read_member
from pressrun.model.brand import Brand

LETTERS = "HIll"
EM = 1000


def bars(names: dict[int, str], weight: int = 400, stem: int = 100, japanese: str = "", **more: Any) -> TTFont:
    """A font whose letters are bars, ``stem`` of 1000 wide. ``names`` by their number in the name table; ``heavy``: it
    varies in ``wght`` from 300, its own, to 900, where bars are so wide; ``slant``: in ``slnt`` too."""
    builder = FontBuilder(EM, isTTF=True)
    glyphs = [".notdef", "space", *sorted(set(LETTERS))]
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({32: "space", **{ord(letter): letter for letter in LETTERS}})
    drawn = {}
    for glyph in glyphs:
        pen = TTGlyphPen(None)
        if glyph != "space":
            for number, (x, y) in enumerate(((50, 0), (50, 700), (50 + stem, 700), (50 + stem, 0))):
                pen.lineTo((x, y)) if number else pen.moveTo((x, y))
            pen.closePath()
        drawn[glyph] = pen.glyph()
    builder.setupGlyf(drawn)
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (700, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({})
    for number, name in names.items():
        builder.font["name"].setName(name, number, 3, 1, 0x409)
    if japanese:
        builder.font["name"].setName(japanese, 1, 3, 1, 0x411)
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWeightClass=weight)
    builder.setupPost()
    if heavy := more.get("heavy"):
        axes = [("wght", 300, 300, 900, "Weight")]
        peaks = [({"wght": (0, 1, 1)}, [(0, 0), (0, 0), (heavy - stem, 0), (heavy - stem, 0)])]
        if more.get("slant"):
            axes.append(("slnt", -10, 0, 0, "Slant"))
            peaks.append(({"slnt": (-1, -1, 0)}, [(0, 0), (200, 0), (200, 0), (0, 0)]))
        builder.setupFvar(axes, [])
        still = [(0, 0)] * 4  # sides of the glyph, which stay
        deltas = {
            glyph: [TupleVariation(axis, moved + still) for axis, moved in peaks] for glyph in glyphs if glyph != "space"
        }
        builder.setupGvar(deltas)
    return builder.font


def saved(font: TTFont) -> bytes:
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def collection(*fonts: TTFont) -> bytes:
    made, out = TTCollection(), io.BytesIO()
    made.fonts = list(fonts)
    made.save(out)
    return out.getvalue()


def named(*families: str, ps: str, style: str = "Regular", **more: Any) -> TTFont:
    """A font with this name 1 and, if there is a second, that name 16."""
    names = {1: families[0], 2: style, 4: f"{families[0]} {style}", 6: ps}
    return bars(names | ({16: families[1]} if len(families) > 1 else {}), **more)


def set_in(card: Callable[..., Card], roles: dict[str, dict[str, Any]], files: dict[str, bytes]) -> Card:
    """A press file with a line in each of these roles."""
    layers = [
        {"type": "text", "id": role, "role": role, "text": "HI", "size": "20pt",
         "box": {"in": "safe", "y": f"{10 + 15 * at}mm", "height": "12mm"}}
        for at, role in enumerate(roles)
    ]  # fmt: skip
    page = {"trim": "100mm x 60mm", "safe": "5mm"}
    brand = {"typography": roles, "fonts": list(files)}
    return card(
        *layers, brand=brand, layout={"page": page, "target": "print", "formats": ["press-pdf"]},
        files={f"brands/lab/{name}": data for name, data in files.items()},
    )  # fmt: skip


def fonts_in(card: Card) -> set[str]:
    """The names of a press file's own fonts, without the tag of their subset."""
    with pikepdf.open(io.BytesIO(card.made("a.pdf"))) as pdf:
        found = (one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/BaseFont" in one)
        names = {str(one.BaseFont).split("+")[-1] for one in found if one.get("/Subtype") != "/Type0"}
        return {name for name in names if not name.startswith("FiraGO")}


NAMED = {
    "one is not the other and a style": named("Testa 12", "Testa", ps="Testa-Twelve"),
    "an ending that is a style": named("Testa Black", ps="Testa-Black"),
    "two endings": named("Testa Semi Bold", "Testa Extra Condensed", ps="TestaEC-Semi"),
    "a number and an ending": named("Testa 55 Roman", "Testa", ps="Testa-Roman"),
    "in another language": named("Testa 12", "Testa", ps="Testa-Twelve", japanese="テスタ明朝"),
    "one that is only an ending": named("Black", ps="Black"),
    "a PostScript name that Typst knows as another's": named("Testa Narrow", ps="ArchivoNarrow-Regular"),
}


@pytest.mark.parametrize(
    ("how", "family"), [(how, name) for how, font in NAMED.items() for name in sorted({str(e) for e in font["name"].names if e.nameID in (1, 16)})],
)
def test_a_font_is_found_by_each_of_its_names(how: str, family: str, card: Callable[..., Card]) -> None:
    font = NAMED[how]
    made = set_in(card, {"headline": {"family": family}, "body": {}}, {"own.ttf": saved(font)})
    assert made.check().codes == []
    assert made.run().code == 0
    (found,) = fonts_in(made)
    assert found.startswith(font["name"].getDebugName(6))


def test_each_name_means_its_own_font(card: Callable[..., Card]) -> None:
    files = {f"{size}.ttf": saved(named(f"Testa {size}", "Testa", ps=f"Testa-{size}")) for size in ("08", "12")}
    made = set_in(card, {"headline": {"family": "Testa 12"}, "body": {"family": "Testa 08"}}, files)
    assert made.run().codes == []
    assert fonts_in(made) == {"Testa-08", "Testa-12"}


def test_of_fonts_alike_the_one_of_normal_width_is_taken(card: Callable[..., Card]) -> None:
    narrow, normal = (named(name, "Testa", ps=name) for name in ("Testa-Narrow", "Testa-Wide"))
    narrow["OS/2"].usWidthClass = 3
    made = set_in(card, {"headline": {"family": "Testa"}, "body": {}}, {"a.ttf": saved(narrow), "b.ttf": saved(normal)})
    assert made.run().codes == []
    assert fonts_in(made) == {"Testa-Wide"}


@pytest.mark.parametrize("suffix", ["ttc", "otc", "TTC"])
def test_every_font_of_a_collection_is_usable(suffix: str, card: Callable[..., Card]) -> None:
    data = collection(*(named(f"Testa {name}", ps=f"Testa-{name}") for name in ("JP", "KR", "Black")))
    roles = {"headline": {"family": "Testa KR"}, "body": {"family": "Testa JP"}, "price": {"family": "Testa Black"}}
    made = set_in(card, roles, {f"own.{suffix}": data})
    assert made.check().codes == []
    assert made.run().codes == []
    assert fonts_in(made) == {"Testa-KR", "Testa-JP", "Testa-Black"}


def test_a_variable_font_is_set_and_named_in_the_weights_that_are_used(card: Callable[..., Card]) -> None:
    data = saved(named("Testa VF", ps="TestaVF", style="Light", weight=300, heavy=600))
    roles = {name: {"family": "Testa VF", "weight": weight} for name, weight in (("headline", 900), ("body", 300), ("price", 600))}
    made = set_in(card, roles, {"own.ttf": data})
    assert made.check().codes == []
    assert made.run().codes == []
    assert fonts_in(made) == {"TestaVF-Light", "TestaVF-SemiBold", "TestaVF-Black"}
    written = [read_faces(file)[0] for file in sorted((made.root / ".pressrun" / "fonts").glob("cut-*"))]
    assert sorted(face.weight for face in written) == [300, 600, 900]
    assert not any(face.axes for face in written)
    stems = {face.weight: stem_of(face.path) for face in written}
    assert stems == {300: 100, 600: 350, 900: 600}


def stem_of(file: Path) -> int:
    glyph = TTFont(file)["glyf"]["H"]
    return int(glyph.xMax - glyph.xMin)


def test_a_variable_font_stands_where_its_role_says(card: Callable[..., Card]) -> None:
    data = saved(named("Testa VF", ps="TestaVF", style="Light", weight=300, heavy=600, slant=True))
    own = {"family": "Testa VF"}
    roles = {"headline": {**own, "axes": {"wght": 600, "slnt": -5}}, "body": {**own, "weight": 600}}
    made = set_in(card, roles, {"own.ttf": data})
    assert made.check().codes == []
    assert made.run().codes == []
    written = sorted((made.root / ".pressrun" / "fonts").glob("cut-*"))
    tops = {read_faces(file)[0].family.split("[")[0].strip(): top_of(file) for file in written}
    assert {stem_of(file) for file in written} == {350, 450}  # a place on one axis moves what stands on the other
    assert sorted(tops.values()) == [50, 150]


def top_of(file: Path) -> int:
    """Where the top of a bar begins: how far it leans."""
    coordinates = TTFont(file)["glyf"]["H"].coordinates
    return int(coordinates[1][0])


@pytest.mark.parametrize(
    ("axes", "codes"),
    [
        ({"wght": 300}, []), ({"opsz": 14}, ["unknown-axis"]), ({"slnt": -30}, ["unknown-axis"]),
        ({"slnt": -5, "opsz": 9}, ["unknown-axis"]), ({"wght": 300.5}, ["wrong-type"]),
    ],
)  # fmt: skip
def test_an_axis_that_a_font_has_not_is_told(card: Callable[..., Card], axes: dict[str, float], codes: list[str]) -> None:
    data = saved(named("Testa VF", ps="TestaVF", style="Light", weight=300, heavy=600, slant=True))
    roles = {"headline": {"family": "Testa VF", "axes": axes}, "body": {"family": "Testa VF", "weight": 300}}
    said = set_in(card, roles, {"own.ttf": data}).check()
    assert said.codes == codes
    if "opsz" in axes:
        assert any("opsz" in message for _, message in said.findings)


def test_another_family_of_a_language_stands_on_its_own_axes() -> None:
    colors = {"srgb": "#000000", "cmyk": [0, 0, 0, 100]}
    roles = {"body": {"family": "A", "axes": {"opsz": 14, "wght": 650}}}
    overrides = {"ja": {"typography": {"body": {"family": "B"}}}, "fi": {"typography": {"body": {"axes": {"opsz": 9}}}}}
    said = {"name": "B", "palette": {"paper": colors, "ink": colors}, "typography": roles, "locales": overrides}
    brand = Brand.model_validate(said)
    assert [brand.role("body", locale).own_family for locale in ("de-DE", "ja-JP", "fi-FI")] == ["A opsz 14", "B", "A opsz 9"]
    assert brand.role("body", "de-DE").weight == 650


def test_a_variable_font_leans_by_its_axis(card: Callable[..., Card]) -> None:
    data = saved(named("Testa VF", ps="TestaVF", style="Light", weight=300, heavy=600, slant=True))
    roles = {"headline": {"family": "Testa VF", "weight": 300, "style": "italic"}, "body": {"family": "Testa VF", "weight": 300}}
    made = set_in(card, roles, {"own.ttf": data})
    assert made.run().codes == []
    assert fonts_in(made) == {"TestaVF-Light", "TestaVF-LightItalic"}


@pytest.mark.parametrize(("weight", "told"), [(300, []), (555, []), (900, []), (200, ["missing-weight"])])
def test_a_weight_beyond_the_axis_is_told(weight: int, told: list[str], card: Callable[..., Card]) -> None:
    data = saved(named("Testa VF", ps="TestaVF", weight=300, heavy=600))
    assert set_in(card, {"headline": {"family": "Testa VF", "weight": weight}, "body": {}}, {"own.ttf": data}).check().codes == told


@pytest.mark.parametrize("written", ["Testa 13", "testa 12", "Testaa"])
def test_a_name_that_no_font_goes_by_is_told_with_what_was_meant(written: str, card: Callable[..., Card]) -> None:
    data = saved(named("Testa 12", "Testa", ps="Testa"))
    made = set_in(card, {"headline": {"family": written}, "body": {}}, {"own.ttf": data})
    for said in (made.check(), made.run()):
        assert said.codes == ["unknown-font"]


def test_fonts_are_cut_once_and_alike(card: Callable[..., Card], tmp_path: Path) -> None:
    """Later runs find them, and another campaign cuts the same bytes."""
    data = saved(named("Testa VF", ps="TestaVF", weight=300, heavy=600))
    roles = {"headline": {"family": "Testa VF", "weight": 700}, "body": {"family": "Testa VF", "weight": 400}}
    first = set_in(card, roles, {"own.ttf": data})
    first.run()
    cuts = written(first)
    assert len(cuts) == 2
    before = {file: file.stat().st_mtime_ns for file in cuts}
    first.run()
    assert {file: file.stat().st_mtime_ns for file in written(first)} == before
    (tmp_path / "other").mkdir()
    second = Card(
        tmp_path / "other", [{"type": "text", "id": "t", "text": "HI", "size": "20pt", "box": {"in": "safe"}}],
        brand={"typography": roles, "fonts": ["own.ttf"]}, files={"brands/lab/own.ttf": data},
    )  # fmt: skip
    second.run()
    assert contents(written(second)) == contents(cuts)


def written(card: Card) -> list[Path]:
    return sorted((card.root / ".pressrun" / "fonts").glob("cut-*"))


def contents(files: Iterable[Path]) -> list[tuple[str, bytes]]:
    return [(file.name, file.read_bytes()) for file in files]


def test_a_cut_that_a_power_cut_left_short_is_made_again(card: Callable[..., Card]) -> None:
    made = set_in(card, {"headline": {"family": "Testa Black"}, "body": {}}, {"own.ttf": saved(NAMED["an ending that is a style"])})
    made.run()
    (cut,) = written(made)
    whole = cut.read_bytes()
    cut.write_bytes(whole[:200])
    read_member.cache_clear()
    assert made.run().codes == []
    assert cut.read_bytes() == whole
