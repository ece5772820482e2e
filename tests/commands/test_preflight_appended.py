"""Press files are saved over and over, and what is appended replaces what was there: the newest object holds, however
many older ones the file still has."""

from __future__ import annotations

import io
import re
import zlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from press_samples import Break, draw, whole

from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judge
from pressrun.readers.press_pdf.profiles.profile import load_profile

X4 = load_profile("x4")
TABLE = {"object_stream_mode": pikepdf.ObjectStreamMode.disable}
GROUND = b"0.2 0.1 0 0 k 0 0 400 500 re f "


def stream(data: bytes, keys: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (keys, len(data), data)


def appended(data: bytes, objects: dict[int, bytes]) -> bytes:
    """The file with newer objects of these numbers, a table of their places and a trailer (ISO 32000-1, 7.5.6)."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        trailer = {key: pdf.trailer[key].objgen[0] for key in ("/Root", "/Info")}
        size, ids = int(pdf.trailer.Size), [bytes(one).hex() for one in pdf.trailer.ID]
    before, out, places = int(re.findall(rb"startxref\s+(\d+)", data)[-1]), bytearray(data), {}
    for number, written in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, written)
    table = "".join(f"{number} 1\n{place:010d} 00000 n \n" for number, place in sorted(places.items()))
    roots = " ".join(f"{key} {number} 0 R" for key, number in trailer.items())
    end = f"trailer\n<< /Size {size} {roots} /Prev {before} /ID [<{ids[0]}><{ids[1]}>] >>\nstartxref\n{len(out)}\n%%EOF\n"
    return bytes(out) + f"xref\n{table}{end}".encode()


def contents(data: bytes) -> list[int]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [one.objgen[0] for one in pdf.pages[0].obj.Contents.as_list()]


def packet(data: bytes) -> tuple[int, bytes]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return pdf.Root.Metadata.objgen[0], pdf.Root.Metadata.read_bytes()


def told(data: bytes) -> dict[str, str]:
    return {one.code: one.message for one in judge(read_press_pdf(data), "a.pdf", X4.limits, X4.levels)}


@pytest.mark.parametrize(("before", "after", "codes"), [
    (None, b"1 0 0 rg 20 20 60 60 re f", {"rgb"}),
    (draw("1 0 0 rg 20 20 60 60 re f"), b"", set()),
])  # fmt: skip
def test_the_newest_content_is_read(before: Break | None, after: bytes, codes: set[str]) -> None:
    data = whole(*([before] if before else [draw("")]), **TABLE)
    first, *others = contents(data)
    assert set(told(appended(data, {first: stream(GROUND + after), **dict.fromkeys(others, stream(b""))}))) == codes


def test_a_packed_packet_is_none_that_is_found() -> None:
    data = whole(**TABLE)
    number, xmp = packet(data)
    keys = b"/Type /Metadata /Subtype /XML /Filter /FlateDecode"
    assert set(told(appended(data, {number: stream(zlib.compress(xmp), keys)}))) == {"no-metadata"}


def test_a_part_that_is_encrypted() -> None:
    data = whole(draw(""), **TABLE)
    told_of = told(appended(data, {contents(data)[0]: stream(GROUND, b"/Filter /Crypt")}))
    assert told_of["encrypted"].startswith("a part of the file is encrypted")


def test_repairs_are_told_in_the_same_words_each_time() -> None:
    def twice(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        pdf.Root.Pages.Kids.append(page.obj)

    data = whole(twice)
    assert told(data)["damaged"] == told(data)["damaged"]
    assert "object at 0x" not in told(data)["damaged"]


def broken_off(data: bytes, lost: bool) -> bytes:
    """The file with a table that is not where it says, and without its page's content if ``lost``."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        number = pdf.pages[0].Contents[1].objgen[0]
    damaged = data.replace(b"startxref\n", b"startxref\n9")
    return damaged.replace(b"\n%d 0 obj" % number, b"\n%d 0 xxx" % number) if lost else damaged


@pytest.mark.parametrize("lost", [True, False])
def test_what_a_damaged_file_has_lost_is_an_error(lost: bool) -> None:
    file = read_press_pdf(broken_off(whole(**TABLE), lost))
    found = {one.code: one.severity for one in judge(file, "a.pdf")}
    assert found["damaged"] == "warning"
    assert found.get("objects-missing") == ("error" if lost else None)


def test_what_a_damaged_file_has_lost_is_not_mended_away(tmp_path: Path, pressrun: Any) -> None:
    """It would be a whole file that says it is PDF/X-4, with empty pages."""
    (tmp_path / "a.pdf").write_bytes(broken_off(whole(**TABLE), True))
    done = pressrun("mend", tmp_path / "a.pdf", "--to", tmp_path / "out")
    assert (done.exit_code, "parts of it are missing" in done.output) == (1, True)
    assert not (tmp_path / "out").exists()
