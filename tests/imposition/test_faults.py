"""What does not go on a sheet is told by code, with the file; schemes that people write are read strictly."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from imposition_kit import Drawn, imposed, pdf, source
from pikepdf import Array, Dictionary, Name

from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity
from pressrun.run.imposition.scheme import NAMES, load_scheme


def locked(owner_only: bool = False) -> bytes:
    with pikepdf.open(io.BytesIO(pdf(1))) as document:
        out = io.BytesIO()
        document.save(out, encryption=pikepdf.Encryption(owner="secret", user="" if owner_only else "word"))
        return out.getvalue()


def without_pages() -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    document.save(out)
    return out.getvalue()


def boxed() -> bytes:
    with pikepdf.open(io.BytesIO(pdf(1))) as document:
        document.pages[0].obj.UserUnit = pikepdf.Array([])
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


A4, A5 = Drawn((210.0, 297.0)), Drawn((148.0, 210.0))
REFUSED: dict[str, tuple[str, tuple[bytes, ...], dict[str, Any]]] = {
    "bleed larger than the gap": ("bleed-over-gap", (pdf(4),), {"onto": "sra3-10up", "bleed": 5.0}),
    "gap smaller than the bleed asked for": (
        "bleed-over-gap", (pdf(4),), {"onto": "sra3-21up", "bleed": 3.0, "gutter": 2.0},
    ),
    "bleed between sections' heads": ("bleed-over-gap", (pdf(8, A5),), {"onto": "sra3-a5-booklet", "bleed": 4.0}),
    "more pages than the stitching takes": ("too-many-pages-to-stitch", (pdf(84, A4),), {"onto": "sra3-booklet"}),
    "a page larger than its cell": ("page-over-cell", (pdf(1, A5),), {"onto": "sra3-10up"}),
    "an item larger than the sheet": ("page-over-cell", (pdf(1, Drawn((400.0, 500.0))),), {"onto": "sra3-gang"}),
    "a grid larger than the sheet": ("sheet-too-small", (pdf(4),), {"onto": "a4-10up", "gutter": 20.0}),
    "columns without halves": ("odd-halves", (pdf(4),), {"onto": "sra3-21up", "turn": "work-and-turn"}),
    "a lone column of backs": ("uneven-backs", (pdf(4),), {"onto": "sra3-10up", "backs": [pdf(3)], "turn": "sheetwise"}),
    "a file with a password": ("encrypted", (locked(),), {}),
    "a file that may not be changed": ("encrypted", (locked(owner_only=True),), {}),
    "no PDF": ("not-a-pdf", (b"\x89PNG and so on",), {}),
    "a PDF that breaks off": ("not-a-pdf", (pdf(1)[:200],), {}),
    "a PDF without pages": ("no-pages", (without_pages(),), {}),
    "a box of words": ("not-a-pdf", (boxed(),), {}),
    "a page of no size": ("box-empty", (pdf(1, Drawn((0.0, 0.0), bleed=0.0)),), {}),
    "a page without height": ("box-empty", (pdf(1, Drawn((85.0, 0.0), bleed=0.0)),), {"onto": "sra3-booklet"}),
    "a quantity with digits too many": ("too-many-sheets", (source(pdf(1), quantity=10**12),), {}),
    "stacks with digits too many": (
        "too-many-sheets", (source(pdf(1), quantity=10**12),), {"method": "cut-and-stack"},
    ),
    "a roll with digits too many": ("too-many-sheets", (source(pdf(1), quantity=10**12),), {"onto": "roll-330"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_imposed_is_refused(kind: str) -> None:
    code, files, said = REFUSED[kind]
    with pytest.raises(InputError) as refused:
        imposed(*files, **said)
    found = [one for one in refused.value.findings if one.is_error]
    assert {one.code for one in found} == {code}
    assert all(one.hint for one in found)


@pytest.mark.parametrize("broken", [b"", b"hello", pdf(1)[:200]])
def test_what_is_no_pdf_is_told_in_the_same_words_each_time(broken: bytes) -> None:
    def words() -> list[str]:
        with pytest.raises(InputError) as refused:
            imposed(broken)
        return [one.message for one in refused.value.findings]

    assert words() == words()
    assert "<" not in "".join(words())


@pytest.mark.parametrize("onto", ["sra3-10up", "roll-330", "sra3-gang"])
def test_a_sheet_that_is_printed_often_has_no_limit(onto: str) -> None:
    method = "gang" if onto == "sra3-gang" else "repeat"
    made = imposed(source(pdf(1), quantity=10**12), onto=onto, method=method)
    assert sum(one.copies for one in made.imposed.sheets) > 10**8


def told(*files: bytes, **said: Any) -> list[Finding]:
    return [one for one in imposed(*files, **said).findings if one.code != "no-room-for-marks"]


def test_all_files_that_cannot_be_read_are_told_at_once() -> None:
    with pytest.raises(InputError) as refused:
        imposed(source(locked(), "a.pdf"), source(pdf(1), "b.pdf"), source(b"nothing", "c.pdf"))
    assert [(one.code, one.place.file) for one in refused.value.findings if one.place] == [
        ("encrypted", "a.pdf"), ("not-a-pdf", "c.pdf"),
    ]  # fmt: skip


def test_mixed_sizes_are_told_with_their_page_and_stand_in_the_middle() -> None:
    made = imposed(pdf(mixed=[Drawn(), Drawn((70.0, 40.0)), Drawn()]), onto="sra3-10up")
    [found] = [one for one in made.findings if one.code == "page-sizes"]
    assert (found.severity, found.page) == (Severity.WARNING, 2)
    position = made.imposed.sheets[0].sides[0].positions[1]
    assert position.cell == made.imposed.sheets[0].sides[0].cells[1]


def test_pages_that_are_turned_are_no_other_size() -> None:
    assert told(pdf(mixed=[Drawn(), Drawn((55.0, 85.0))]), onto="sra3-10up") == []


def test_blank_pages_of_a_booklet_are_told() -> None:
    [found] = told(pdf(10, A4), onto="sra3-booklet")
    assert (found.code, found.severity) == ("blank-pages", Severity.NOTE)


def test_pages_smaller_than_those_of_a_booklet_are_refused_with_a_sheet_for_them() -> None:
    with pytest.raises(InputError) as refused:
        imposed(pdf(8, Drawn((148.0, 210.0))), onto="sra3-booklet")
    [found] = refused.value.findings
    assert (found.code, found.page) == ("page-under-cell", 1)
    assert found.hint
    assert "sra3-a5-booklet" in found.hint


def test_bleed_that_a_sheet_has_no_room_for_is_told_once_a_file() -> None:
    assert [one.code for one in told(pdf(8, Drawn((148.0, 210.0))), onto="a4-booklet")] == ["bleed-left-out"]
    assert told(pdf(8, Drawn((148.0, 210.0), bleed=0)), onto="a4-booklet") == []


@pytest.mark.parametrize(("blanks", "outside"), [("at-end", None), ("before-last", 9)])
def test_the_back_of_a_cover_stays_outside_where_blanks_go_before_it(blanks: str, outside: int | None) -> None:
    """Page 10 of ten lies beside the first one, or a blank page does."""
    made = imposed(pdf(10, A4), onto="sra3-booklet", blanks=blanks)
    pages = {one.page for one in made.imposed.sheets[0].sides[0].positions}
    assert pages == {0, outside} - {None}
    [note] = [one for one in made.findings if one.code == "blank-pages"]
    assert note.hint
    assert "blank_before" in note.hint


def test_a_spot_that_is_two_inks_is_told() -> None:
    def gold(alternate: bytes) -> bytes:
        with pikepdf.open(io.BytesIO(pdf(1, spot="Gold"))) as document:
            space = document.pages[0].Resources.ColorSpace.S
            space[3].write(alternate)
            out = io.BytesIO()
            document.save(out)
            return out.getvalue()

    one, other = gold(b"{ 0 exch dup 0 }"), gold(b"{ dup 0 0 }")
    assert [found.code for found in told(one, other)] == ["spot-defined-twice"]
    assert told(one, one) == []


@pytest.mark.parametrize(
    ("bleed", "said", "severity"),
    [(0.0, {}, Severity.NOTE), (2.0, {}, None), (2.0, {"bleed": 3.0}, Severity.WARNING), (3.0, {"bleed": 3.0}, None)],
)
def test_pages_without_bleed_are_told_once_a_file(bleed: float, said: dict[str, Any], severity: Severity | None) -> None:
    found = [one for one in told(pdf(4, Drawn(bleed=bleed)), **said) if one.code == "bleed"]
    assert [(one.severity, one.page) for one in found] == ([(severity, 1)] if severity else [])


def for_condition(name: str) -> bytes:
    with pikepdf.open(io.BytesIO(pdf(1))) as document:
        profile = document.make_stream(name.encode() * 20, N=4)
        intent = pikepdf.Dictionary(
            Type=pikepdf.Name.OutputIntent, S=pikepdf.Name.GTS_PDFX, OutputConditionIdentifier=name,
            DestOutputProfile=profile,
        )  # fmt: skip
        document.Root.OutputIntents = pikepdf.Array([intent])
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def test_files_for_two_conditions_are_told_and_the_sheet_is_for_none() -> None:
    coated, newsprint = for_condition("FOGRA39"), for_condition("IFRA26")
    mixed, alike = imposed(coated, newsprint), imposed(coated, coated)
    assert [one.code for one in mixed.findings] == ["mixed-output-intents"]
    assert alike.findings == ()
    with pikepdf.open(io.BytesIO(mixed.data)) as sheet, pikepdf.open(io.BytesIO(alike.data)) as other:
        assert "/OutputIntents" not in sheet.Root
        assert str(other.Root.OutputIntents[0].OutputConditionIdentifier) == "FOGRA39"


def test_a_file_may_be_its_own_back() -> None:
    made = imposed(pdf(1), backs=[pdf(1)], turn="sheetwise")
    [sheet] = made.imposed.sheets
    assert [side.pages for side in sheet.sides] == [(0,), (1,)]


def test_bleed_that_nobody_asked_for_is_only_noted() -> None:
    found = told(pdf(21), onto="sra3-21up", gutter=2.0)
    assert {(one.code, one.severity) for one in found} == {("bleed-over-gap", Severity.NOTE)}


def test_marks_without_room_are_told() -> None:
    found = imposed(pdf(2, Drawn((207.0, 287.0), bleed=5)), onto="sra3-2up", gutter=14.0).findings
    assert [one.code for one in found if one.severity is Severity.NOTE] == ["no-room-for-marks"]


@pytest.mark.parametrize(("said", "told"), [({"gutter": 6.0, "bleed": 3.0}, True), ({}, False)])
def test_cuts_without_a_mark_are_told(said: dict[str, float], told: bool) -> None:
    """Bleed of 3 mm fills gutters of 6, and leaves too little at the edge of the paper; of 2 mm it leaves enough."""
    found = imposed(pdf(4, Drawn((105.0, 148.0))), onto="sra3-8up", **said).findings
    assert any(one.code == "no-room-for-marks" and "crop" in one.message for one in found) is told


@pytest.mark.parametrize("onto", [name for name in NAMES if load_scheme(name).page is not None])
def test_every_sheet_that_ships_has_room_for_its_marks(onto: str) -> None:
    """With pages of its own size that bleed by 3 mm, as they mostly do."""
    scheme = load_scheme(onto)
    assert scheme.page
    width, height = (edge.points(0) * 25.4 / 72 for edge in scheme.page)
    found = imposed(pdf(32, Drawn((width, height))), onto=onto).findings
    assert [one.message for one in found if one.code == "no-room-for-marks"] == []


SCHEMES = {
    "an unknown key": ("colums: 3\n", "unknown-key", 1),
    "an unknown stock": ("stock: SRA9\n", "unknown-value", 1),
    "a length without a unit": ("stock: SRA3\ngutter: 6\n", "invalid-value", 2),
    "an unknown method": ("method: two-up\n", "unknown-value", 1),
    "an unknown base": ("extends: sra3-99up\n", "unknown-value", 1),
    "a fold through a page": (
        "method: saddle-stitched\npage: A5\ncolumns: 3\nrows: 1\nfolds: [left]\n", "fold-does-not-add-up", 5,
    ),
    "folds that leave pages side by side": (
        "extends: sra3-booklet\npage: A6\ncolumns: 4\nrows: 1\n", "fold-does-not-add-up", 1,
    ),
    "a spine at the wrong side": ("extends: sra3-booklet\nfolds: [right]\n", "fold-does-not-add-up", 2),
    "nothing at all": ("", "empty-file", 1),
    "no columns at all": ("columns: 0\n", "out-of-range", 1),
}  # fmt: skip


@pytest.mark.parametrize("kind", SCHEMES)
def test_a_scheme_is_read_strictly(kind: str, tmp_path: Path) -> None:
    written, code, line = SCHEMES[kind]
    file = tmp_path / "my-sheet.yaml"
    file.write_text(written)
    with pytest.raises(InputError) as refused:
        load_scheme(str(file))
    [found] = refused.value.findings
    assert found.code == code
    assert found.place
    assert (found.place.file, found.place.line) == (file.as_posix(), line)


def test_a_scheme_that_is_not_there_is_told_with_one_that_is() -> None:
    with pytest.raises(InputError) as refused:
        load_scheme("sra3-10")
    [found] = refused.value.findings
    assert "sra3-10up" in (found.hint or "")


def test_an_own_scheme_changes_what_it_extends(tmp_path: Path) -> None:
    file = tmp_path / "house.yaml"
    file.write_text("extends: sra3-10up\nstock: 330x487\ngutter: [4mm, 8mm]\n")
    scheme, base = load_scheme(str(file)), load_scheme("sra3-10up")
    assert (scheme.columns, scheme.page, scheme.about) == (base.columns, base.page, base.about)
    assert scheme.gaps == pytest.approx((4 * 72 / 25.4, 8 * 72 / 25.4))


@pytest.mark.parametrize("name", NAMES)
def test_every_scheme_says_what_it_is_for(name: str) -> None:
    assert load_scheme(name).about.endswith(".")


def test_pages_that_are_too_large_are_told_by_their_sizes_and_counted() -> None:
    with pytest.raises(InputError) as refused:
        imposed(pdf(mixed=[A5, Drawn(), A5, A4, A5]), onto="sra3-10up")
    found = [(one.page, "2 more of its pages" in one.message) for one in refused.value.findings if one.is_error]
    assert found == [(1, True), (4, False)]


def test_what_viewers_print_and_a_sheet_does_not_is_told() -> None:
    with pikepdf.open(io.BytesIO(pdf(3))) as document:
        for number, flags in ((0, 4), (1, 0), (2, 4)):
            page = document.pages[number]
            look = document.make_stream(b"0 0 0 1 k 0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
            page.obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=[9, 9, 18, 18], F=flags,
                                                AP=Dictionary(N=look))])  # fmt: skip
        out = io.BytesIO()
        document.save(out)
    told = [one.message for one in imposed(out.getvalue()).findings if one.code == "annotation-left-out"]
    assert told == ["pages 1, 3: an annotation (Stamp) that viewers print is not on the sheet"]


def test_what_is_alike_in_many_files_is_told_once_and_counted() -> None:
    with pytest.raises(InputError) as refused:
        imposed(*[pdf(2, A4)] * 5, onto="sra3-10up")
    [found] = [one for one in refused.value.findings if one.is_error]
    assert found.code == "page-over-cell"
    assert "likewise 4 more files: 1.pdf, 2.pdf, 3.pdf …" in found.message
