"""Pictures of one bit, as fax machines and scanners pack them: judged as line art, and carried as they are."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Name, Stream
from planted_kit import SCAN, drawn, fax, faxed, image, scanned
from press_samples import sound, whole

from pressrun.graphics.drawn.pdfium import rasterise
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judge
from pressrun.readers.press_pdf.profiles.profile import load_profile

SIDE = 600  # pixels


def _packed_twice(pdf: pikepdf.Pdf) -> Any:
    said = {"K": -1, "Columns": SIDE, "Rows": SIDE}
    filters = [Name.FlateDecode, Name.CCITTFaxDecode]
    data = zlib.compress(fax(SIDE))
    return image(data, (SIDE, SIDE), Name.DeviceGray, 1, Filter=filters, DecodeParms=[None, said])(pdf)


PICTURES: dict[str, tuple[Callable[[pikepdf.Pdf], Any], int]] = {
    "fax": (faxed(fax(SIDE), SIDE), SIDE),
    "fax in another packing": (_packed_twice, SIDE),
    "scan": (scanned(SCAN, (64, 56)), 56),
}


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize(("ppi", "severity"), [(540, "error"), (560, "warning"), (801, None)])
def test_it_is_judged_as_line_art(name: str, ppi: int, severity: str | None) -> None:
    picture, pixels = PICTURES[name]
    x4 = load_profile("x4")
    file = read_press_pdf(whole(drawn(picture, pixels / ppi * 25.4)))
    found = [one.severity.value for one in judge(file, "", x4.limits, x4.levels) if one.code == "resolution"]
    assert found == ([severity] if severity else [])


@pytest.mark.parametrize("name", PICTURES)
def test_sheets_and_mended_files_have_its_own_bytes(name: str, tmp_path: Path, pressrun: Any) -> None:
    picture, pixels = PICTURES[name]
    file = sound(tmp_path / "page.pdf", drawn(picture, pixels / 900 * 25.4))
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        del pdf.Root.OutputIntents
        pdf.save(file)
    written = tmp_path / "out", tmp_path / "sheet.pdf"
    assert pressrun("mend", file, "--to", written[0]).exit_code == 0
    pressrun("sheet", file, "--onto", "sra3-8up", "--out", written[1])
    mended = next(written[0].iterdir()).read_bytes()
    before = file.read_bytes()
    assert _packed(before) == _packed(mended) == _packed(written[1].read_bytes())
    [(one,), (other,)] = [rasterise(data, (444, 616)) for data in (before, mended)]
    assert one.tobytes() == other.tobytes()
    [empty] = rasterise(whole(), (444, 616))
    assert one.tobytes() != empty.tobytes()


def _packed(data: bytes) -> list[tuple[str, bytes]]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pictures = [one for one in pdf.objects if isinstance(one, Stream) and one.get("/Subtype") == "/Image"]
        return [(str(one.Filter), one.read_raw_bytes()) for one in pictures]
