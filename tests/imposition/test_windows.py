"""Large files are read by windows: what comes of them is what comes of them whole, and no more of them is in memory."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
import pytest
from imposition_kit import Drawn, imposed, pdf, placed
from pikepdf import Array, Dictionary, Name, String

from pressrun.run.imposition import windows
from pressrun.run.imposition.windows import Windows


def in_a_tree(data: bytes) -> bytes:
    """The same pages in nodes of three, which say what their pages have in common; a ring in it leads back."""
    with pikepdf.open(io.BytesIO(data)) as document:
        pages = [page.obj for page in document.pages]
        shared = document.make_stream(b"0 0 9 9 re f", Type="/XObject", Subtype="/Form", BBox=[0, 0, 9, 9])
        nodes = []
        for start in range(0, len(pages), 3):
            some = pages[start : start + 3]
            node = document.make_indirect(
                Dictionary(Type=Name.Pages, Parent=document.Root.Pages, Kids=Array(some), Count=len(some), Rotate=90,
                           MediaBox=some[0].MediaBox, Resources=some[0].Resources)
            )  # fmt: skip
            node.Resources.XObject = Dictionary(Fm=shared)
            for page in some:
                page.Contents = Array([page.Contents, document.make_stream(b" /Fm Do")])
                del page["/MediaBox"], page["/Resources"]
                page.Parent = node
            nodes.append(node)
        nodes[-1].Kids.append(document.Root.Pages)
        document.Root.Pages.Kids = Array(nodes)
        out = io.BytesIO()
        document.save(out, static_id=True)
    return out.getvalue()


def pages_read(window: pikepdf.Pdf) -> Iterator[tuple[object, ...]]:
    for page in window.pages:
        box = tuple(map(float, page.mediabox))
        yield b"".join(one.read_bytes() for one in page.Contents), box, page.Rotate, sorted(page.Resources.XObject)


def test_a_file_in_windows_is_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    data = in_a_tree(pdf(11))
    whole = [list(pages_read(window)) for window in Windows(io.BytesIO(data))]
    monkeypatch.setattr(windows, "PAGES", 4)
    parts = [list(pages_read(window)) for window in Windows(io.BytesIO(data))]
    assert [len(one) for one in parts] == [4, 4, 3]
    assert [page for part in parts for page in part] == whole[0]


def test_a_window_holds_few_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages whose streams are large come one by one; what they share counts once."""
    data = pdf(5)
    monkeypatch.setattr(windows, "BYTES", 100)
    assert [len(window.pages) for window in Windows(io.BytesIO(data))] == [1] * 5


@pytest.mark.parametrize("spot", ["", "Gold"])
def test_sheets_of_a_large_file_are_those_of_a_small_one(spot: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = pdf(23, Drawn(rotation=180), spot=spot)
    small = imposed(data, onto="sra3-4up", method="cut-and-stack", turn="sheetwise")
    monkeypatch.setattr(windows, "PAGES", 5)
    large = imposed(data, onto="sra3-4up", method="cut-and-stack", turn="sheetwise")
    assert (large.inks, large.findings) == (small.inks, small.findings)
    with pikepdf.open(io.BytesIO(small.data)) as one, pikepdf.open(io.BytesIO(large.data)) as other:
        assert len(one.objects) == len(other.objects), "what windows share is written once"
        for page, like in zip(one.pages, other.pages, strict=True):
            assert page.Contents.read_bytes() == like.Contents.read_bytes()
            for place in placed(page):
                form, its = page.Resources.XObject[place.form], like.Resources.XObject[place.form]
                assert (form.read_bytes(), list(form.BBox)) == (its.read_bytes(), list(its.BBox))


@pytest.mark.parametrize("pages", [1000, 2])
def test_letters_that_draw_by_their_own_font_are_copied_once(monkeypatch: pytest.MonkeyPatch, pages: int) -> None:
    """An object that refers to itself is a ring, which a copy has, too: one for all windows."""
    with pikepdf.open(io.BytesIO(pdf(7))) as document:
        font = document.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 9, 9], FontMatrix=[1, 0, 0, 1, 0, 0],
                       FirstChar=65, LastChar=65, Widths=[9],
                       Encoding=Dictionary(Type=Name.Encoding, Differences=[65, Name.a]))
        )  # fmt: skip
        font.CharProcs = Dictionary(a=document.make_stream(b"9 0 0 0 9 9 d1 0 0 9 9 re f"))
        resources = document.make_indirect(Dictionary(Font=Dictionary(Own=font)))
        font.Resources = resources
        for page in document.pages:
            page.obj.Resources.Font = Dictionary(Own=font)
            page.contents_add(b"BT /Own 9 Tf 20 20 Td (A) Tj ET")
        out = io.BytesIO()
        document.save(out)
    monkeypatch.setattr(windows, "PAGES", pages)
    with pikepdf.open(io.BytesIO(imposed(out.getvalue()).data)) as sheet:
        forms = [one for page in sheet.pages for name, one in page.Resources.XObject.items() if name.startswith("/P")]
        fonts = {form.Resources.Font.Own.objgen for form in forms}
        assert (len(forms), len(fonts)) == (7, 1)
        for form in forms:
            own = form.Resources.Font.Own
            assert own.Resources.Font.Own.objgen == own.objgen
            assert own.CharProcs.a.read_bytes().endswith(b"re f")


def in_layers(*, alike: bool = False, one_stream: bool = False) -> bytes:
    """Five pages with a square on a layer: on is that of every odd page. The layers may be called ``alike``, and pages
    whose contents are the same bytes may have ``one_stream``."""
    with pikepdf.open(io.BytesIO(pdf(5))) as document:
        named = ("Ebene 1", "Ebene 1") if alike else ("de", "fr")
        on, off = (document.make_indirect(Dictionary(Type=Name.OCG, Name=String(name))) for name in named)
        document.Root.OCProperties = Dictionary(OCGs=Array([on, off]), D=Dictionary(OFF=Array([off])))
        drawn = b"/OC /MC0 BDC 20 20 9 9 re f EMC"
        shared = document.make_stream(drawn)
        for number, page in enumerate(document.pages, 1):
            page.obj.Contents = shared if one_stream else document.make_stream(drawn)
            page.obj.Resources.Properties = Dictionary(MC0=on if number % 2 else off)
        out = io.BytesIO()
        document.save(out, static_id=True)
    return out.getvalue()


@pytest.mark.parametrize("pages", [2, 1000])
@pytest.mark.parametrize("told", [{"alike": True}, {}, {"one_stream": True}], ids=["names", "contents", "stream"])
def test_of_layers_that_look_alike_each_is_its_own(
    pages: int, told: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "PAGES", pages)
    with pikepdf.open(io.BytesIO(imposed(in_layers(**told), onto="sra3-4up").data)) as sheet:
        forms = {
            name: form.read_bytes()
            for page in sheet.pages
            for name, form in page.obj.Resources.XObject.items()
            if name.startswith("/P")
        }
    painted = [b"20 20 9 9 re\nf" in forms[f"/P{at}"] for at in range(5)]
    assert painted == [True, False, True, False, True]
