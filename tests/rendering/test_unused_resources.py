"""What no content names is dropped from pages and forms as qpdf drops it, though forms that many share are read once."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from pressrun.graphics.pages.placed_pages import made_ready


def several_pages(own: bool, shared: bool) -> bytes:
    """Pages that draw one form, which draws another; the inner one has resources of its own, or names those of its
    page, a font among them. All pages have one dictionary of resources, or each has its own."""
    pdf = pikepdf.new()
    spaces = Dictionary(
        {
            f"/{ink}": Array([Name.Separation, Name(f"/{ink}"), Name.DeviceGray, Dictionary()])
            for ink in ("Used", "Unused", "Inner")
        }
    )
    keys: Any = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 9, 9])}
    inner = pdf.make_indirect(Stream(pdf, b"/Inner cs 1 scn 0 0 9 9 re f BT /Asked 9 Tf ET", **keys))
    if own:
        inner.Resources = Dictionary(ColorSpace=spaces, Font=Dictionary(Asked=Dictionary()))
    outer = pdf.make_indirect(
        Stream(pdf, b"/Used cs 1 scn 0 0 9 9 re f /Below Do", Resources=Dictionary(ColorSpace=spaces), **keys)
    )
    outer.Resources.XObject = Dictionary(Below=inner, Never=inner)

    def of_page() -> Dictionary:
        fonts = Dictionary(Asked=Dictionary(), Not=Dictionary())
        return Dictionary(ColorSpace=spaces, Font=fonts, XObject=Dictionary(Form=outer, Never=inner))

    resources = pdf.make_indirect(of_page())
    for number in range(4):
        page = pdf.add_blank_page(page_size=(100, 100))
        page.obj.Resources = resources if shared else of_page()
        page.obj.Contents = pdf.make_stream(b"/Form Do" if number != 2 else b"/Used cs 1 scn 0 0 9 9 re f")
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def named(resources: Any) -> Any:
    """The names of resources by kind, and those of the forms among them."""
    drawn = {name: named(form.get("/Resources", {})) for name, form in resources.get("/XObject", {}).items()}
    return sorted(resources.get("/ColorSpace", {}).keys()), sorted(resources.get("/Font", {}).keys()), drawn


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("shared", [True, False])
def test_the_same_is_dropped(own: bool, shared: bool) -> None:
    data = several_pages(own, shared)
    with pikepdf.open(io.BytesIO(data)) as by_qpdf, pikepdf.open(io.BytesIO(data)) as source:
        by_qpdf.remove_unreferenced_resources()
        with pikepdf.open(io.BytesIO(made_ready(source, False))) as ours:
            told = [named(page.resources) for page in ours.pages]
            assert told == [named(page.resources) for page in by_qpdf.pages]
            assert [list(drawn) for *_, drawn in told] == [["/Form"], ["/Form"], [], ["/Form"]]


@pytest.mark.parametrize("own", [True, False])
def test_a_form_that_pages_share_is_read_once(own: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[list[bytes]] = []
    page_type = pikepdf.Page
    before = page_type.remove_unreferenced_resources

    def watched(page: pikepdf.Page) -> None:
        drawn.append([one.read_bytes() for one in page.resources.get("/XObject", {}).values()])
        before(page)

    monkeypatch.setattr(page_type, "remove_unreferenced_resources", watched)
    with pikepdf.open(io.BytesIO(several_pages(own, shared=False))) as source:
        made_ready(source, False)
    assert [sum(b"/Used" in one for one in page) for page in drawn] == [1, 0, 0, 0]
