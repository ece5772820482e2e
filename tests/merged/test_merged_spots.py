"""Pages of others that bring spots along, each spelled and defined in its own way: one of each ink in the file."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from merged_kit import Mailing, opened
from pikepdf import Array, Dictionary, Name

from pressrun.graphics.pages.pdf_graph import color_spaces
from pressrun.run.merged import batches

CARD, PEOPLE = "templates/layouts/card.yaml", "jobs/people.csv"
ADVERT = '  - {type: artwork, id: ad, file: "{{ person.route }}.pdf", box: {in: safe, y: 118mm, width: 25mm, height: 15mm}}\n'


def _advert(path: Path, spot: str, alternate: list[float], second: str = "", told: bool = True) -> None:
    """A page in a spot, or in two that mix, of which it may be ``told`` what each is."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(100, 60))
        tint = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0] * 4), C1=Array(alternate), N=1)
        space = Array([Name.Separation, Name(f"/{spot}"), Name.DeviceCMYK, pdf.make_indirect(tint)])
        if second:
            mixed = pikepdf.Stream(pdf, b"{pop 0 0 0 4 3 roll}", FunctionType=4, Domain=[0, 1, 0, 1], Range=[0, 1] * 4)
            names = Array([Name(f"/{second}"), Name(f"/{spot}")])
            each = [Dictionary(Colorants=Dictionary({f"/{spot}": space}))] if told else []
            space = Array([Name.DeviceN, names, Name.DeviceCMYK, pdf.make_indirect(mixed), *each])
        page.obj.Resources = Dictionary(ColorSpace=Dictionary(S=space))
        page.obj.Contents = pdf.make_stream(b"/S cs 1 %s scn 10 10 80 40 re f" % (b"1" if second else b""))
        pdf.save(path)


@pytest.mark.parametrize(
    ("together", "told"), [(1, True), (1 << 40, True), (1, False)], ids=["each alone", "in one", "only where they mix"]
)
def test_spots_of_placed_pages_are_one_ink_each(
    mailing: Mailing, monkeypatch: pytest.MonkeyPatch, together: int, told: bool
) -> None:
    monkeypatch.setattr(batches, "TOGETHER", together)
    with (mailing.root / CARD).open("a") as card:
        card.write(ADVERT)
    _advert(mailing.root / "jobs/north.pdf", "Gold", [0, 0.2, 0.9, 0.2])
    _advert(mailing.root / "jobs/east.pdf", "GOLD", [0, 0.3, 0.8, 0.1], "Deep Sea", told)
    (data,) = mailing.run().files.values()
    names: set[str] = set()
    alternates: set[tuple[float, ...]] = set()
    colorants: set[str] = set()
    with opened(data) as pdf:
        for space in color_spaces(pdf.Root):
            if space[0] == "/Separation" and "gold" in str(space[1]).casefold():
                names.add(str(space[1]))
                alternates.add(tuple(map(float, space[3].C1)))
            elif space[0] == "/DeviceN":
                names |= {str(name) for name in space[1]} - {"/Deep Sea"}
                colorants |= set(space[4].Colorants.keys()) if told else {"/Gold"}
    assert names == colorants == {"/Gold"}
    assert alternates == {(0, 0.2, 0.9, 0.2)}
