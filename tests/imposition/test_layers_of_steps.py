"""What is for the finisher stays on its layer when pages are imposed; all other layers are as they print."""

from __future__ import annotations

import io

import pikepdf
from imposition_kit import imposed, pdf
from pikepdf import Array, Dictionary, Name, String


def layered(*, die: bool = True) -> bytes:
    """A page with a die line on a layer of its own, one on a layer that is switched off, and one that is on."""
    with pikepdf.open(io.BytesIO(pdf(1, spot="Dieline"))) as document:
        step = Dictionary(GTS_ProcStepsGroup=Name.Structural, GTS_ProcStepsType=Name.Cutting)
        said = {"Cut": step, "Proof": None, "Art": None}
        groups = {
            name: document.make_indirect(Dictionary(Type=Name.OCG, Name=String(name), **({"GTS_Metadata": one} if one else {})))
            for name, one in said.items() if die or not one
        }  # fmt: skip
        page = document.pages[0]
        page.obj.Resources.Properties = Dictionary({f"/{name}": one for name, one in groups.items()})
        for at, name in enumerate(groups):
            page.contents_add(f"/OC /{name} BDC 0 0 0 1 k {10 * at} 20 5 5 re f EMC".encode())
        off = [groups["Proof"]]
        document.Root.OCProperties = Dictionary(
            OCGs=Array(list(groups.values())), D=Dictionary(Order=Array(list(groups.values())), OFF=Array(off))
        )
        out = io.BytesIO()
        document.save(out, static_id=True)
        return out.getvalue()


def test_the_finishers_layers_stay_one_for_all_files() -> None:
    with pikepdf.open(io.BytesIO(imposed(layered(), layered()).data)) as sheet:
        (layer,) = sheet.Root.OCProperties.OCGs
        assert str(layer.Name) == "Cut"
        assert str(layer.GTS_Metadata.GTS_ProcStepsType) == "/Cutting"
        assert [one.objgen for one in sheet.Root.OCProperties.D.ON] == [layer.objgen]
        forms = sheet.pages[0].obj.Resources.XObject.values()
        drawn = [form for form in forms if "/Properties" in form.Resources and "/Cut" in form.Resources.Properties]
        assert drawn
        for form in drawn:
            content = form.read_bytes()
            assert form.Resources.Properties.Cut.objgen == layer.objgen
            assert content.count(b"BDC") == content.count(b"EMC") == 1
            assert b"0 20 5 5 re\nf" in content
            assert b"10 20 5 5 re\nn" in content, "what is switched off is not painted"
            assert b"20 20 5 5 re\nf" in content


def test_a_sheet_without_any_has_no_layers() -> None:
    with pikepdf.open(io.BytesIO(imposed(layered(die=False)).data)) as sheet:
        assert "/OCProperties" not in sheet.Root
