"""`preflight` on files that want more than they give: each ends with a finding, in one process that stays small."""

from __future__ import annotations

import io
import subprocess
import sys
import zlib
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image
from press_samples import Break, sound

from pressrun.readers.press_pdf.streams import lzw_length

MEGABYTE = 1_000_000


def packed(length: int, block: bytes = b"0 0 m\n" * 10_000) -> bytes:
    """What unpacks to about so many bytes: a block packed so that it may stand after itself."""
    packer = zlib.compressobj(9)
    header = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    once = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return header + once * (length // len(block)) + packer.flush()


def flated(pdf: pikepdf.Pdf, data: bytes, times: int = 1, **keys: Any) -> Stream:
    stream = Stream(pdf, b"", **keys)
    filters: Any = Name.FlateDecode if times == 1 else Array([Name.FlateDecode] * times)
    stream.write(data, filter=filters, decode_parms=None)
    return stream


def doubling_forms(step: str) -> Break:
    """Twenty forms of which each draws the next one twice, once after `step`, in which {} grows from form to form."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        form = Stream(pdf, b"0 0 0 1 k 0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 90, 90]))
        for number in range(20):
            form = Stream(
                pdf, f"/Next Do q {step.format(1 + 0.00001 * 2**number)} cm /Next Do Q".encode(), Type=Name.XObject, Subtype=Name.Form,
                BBox=Array([0, 0, 90, 90]), Resources=Dictionary(XObject=Dictionary(Next=pdf.make_indirect(form))),
            )  # fmt: skip
        page.Resources.XObject.First = form
        page.contents_add(b"/First Do")

    return add


def ringed_names(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    ring = pdf.make_indirect(Dictionary(Names=Array([String("a"), Dictionary()])))
    ring.Kids = Array([ring, ring])
    pdf.Root.Names = Dictionary(EmbeddedFiles=ring, JavaScript=ring)


def content_bomb(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.obj.Contents = pdf.make_indirect(flated(pdf, packed(1000 * MEGABYTE)))


def content_many_times(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    stream = pdf.make_indirect(flated(pdf, packed(60 * MEGABYTE)))
    page.obj.Contents = Array([stream] * 50)


def long_content(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.obj.Contents = pdf.make_indirect(flated(pdf, packed(20 * MEGABYTE, b"n\n" * 40_000)))


def lzw_bomb(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    stream = Stream(pdf, b"")
    stream.write(lzw(200_000_000), filter=Name.LZWDecode)
    page.obj.Contents = pdf.make_indirect(stream)


def lzw(length: int) -> bytes:
    """Zeros, packed by LZW as they are packed best: each code stands for one more than the code before."""
    codes, done, run = [(256, 9)], 0, 0
    while done < length:
        known = 258 + max(0, run - 1)
        width = 9 + (known >= 511) + (known >= 1023) + (known >= 2047)
        if known >= 4095:
            codes.append((256, width))
            run = 0
            continue
        codes.append((known if run else 0, width))
        run += 1
        done += run
    text = "".join(f"{code:0{bits}b}" for code, bits in [*codes, (257, width)])
    return bytes(int(text[at : at + 8].ljust(8, "0"), 2) for at in range(0, len(text), 8))


@pytest.mark.parametrize("length", [1, 100, 600, 200_000, 9_000_000])
def test_the_length_of_lzw_is_what_qpdf_unpacks(length: int) -> None:
    pdf = pikepdf.new()
    stream = Stream(pdf, b"")
    stream.write(lzw(length), filter=Name.LZWDecode)
    assert lzw_length(lzw(length)) == len(stream.read_bytes()) >= length


def profile_bomb(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    pdf.Root.OutputIntents[0].DestOutputProfile = pdf.make_indirect(flated(pdf, packed(400 * MEGABYTE), N=4))


def font_bomb(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    program = pdf.make_indirect(flated(pdf, packed(400 * MEGABYTE)))
    page.Resources.Font.F1 = Dictionary(
        Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.Bomb, FontDescriptor=Dictionary(FontFile2=program)
    )
    page.contents_add(b"0 0 0 1 k BT /F1 12 Tf 40 40 Td (Words) Tj ET")


def huge_picture(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """25 000 pixels each way: 430 kB, and 2.5 GB unpacked."""
    once = packed(2500 * MEGABYTE, b"\0" * 1_000_000)
    keys = dict(Type=Name.XObject, Subtype=Name.Image, Width=25_000, Height=25_000, BitsPerComponent=8,
                ColorSpace=Name.DeviceCMYK)  # fmt: skip
    page.Resources.XObject.Im = flated(pdf, zlib.compress(once, 9), 2, **keys)
    page.contents_add(b"q 200 0 0 200 20 20 cm /Im Do Q")


def lying_picture(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Says that it is small, and unpacks to 2.5 GB."""
    huge_picture(pdf, page)
    page.Resources.XObject.Im.Width = page.Resources.XObject.Im.Height = 500


def jpeg_of(side: int, **options: Any) -> Break:
    """A JPEG that says it has so many pixels each way."""

    def add(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        out = io.BytesIO()
        Image.new("CMYK", (64, 64), (9, 9, 9, 9)).save(out, "JPEG", **options)
        data = bytearray(out.getvalue())
        at = data.index(b"\xff\xc2" if options else b"\xff\xc0")
        data[at + 5 : at + 9] = side.to_bytes(2) * 2
        page.Resources.XObject.Im = Stream(
            pdf, bytes(data), Type=Name.XObject, Subtype=Name.Image, Width=600, Height=600, BitsPerComponent=8,
            ColorSpace=Name.DeviceCMYK, Filter=Name.DCTDecode,
        )  # fmt: skip
        page.contents_add(b"q 140 0 0 140 20 20 cm /Im Do Q")

    return add


def many_pictures(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    for number in range(40):
        keys = dict(Type=Name.XObject, Subtype=Name.Image, Width=5_500, Height=5_500, BitsPerComponent=8,
                    ColorSpace=Name.DeviceCMYK, Number=number)  # fmt: skip
        page.Resources.XObject[f"/Im{number}"] = flated(pdf, zlib.compress(SHEET, 9), 2, **keys)
        page.contents_add(f"q 200 0 0 200 20 20 cm /Im{number} Do Q".encode())


SHEET = packed(121 * MEGABYTE, b"\0" * 1_000_000)


def ring_of_pages(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.obj.Parent = page.obj
    del page.obj.Resources


def endless_operands(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.obj.Contents = pdf.make_indirect(flated(pdf, packed(30 * MEGABYTE, b"1 " * 100_000)))


HOSTILE: dict[str, tuple[Break, str]] = {
    "forms drawn 2^20 times, each larger": (doubling_forms("{} 0 0 1 0 0"), "too-much"),
    "forms drawn 2^20 times in one place": (doubling_forms("1 0 0 1 0 0"), "too-much"),
    "forms drawn 2^20 times beside each other": (doubling_forms("1 0 0 1 0.001 0"), "too-much"),
    "a content that unpacks to 1 GB": (content_bomb, "too-much"),
    "a content of one stream fifty times": (content_many_times, "too-much"),
    "a content of ten million operators": (long_content, "too-much"),
    "a content that LZW unpacks": (lzw_bomb, "too-much"),
    "numbers without an operator": (endless_operands, "too-much"),
    "a profile that unpacks to 400 MB": (profile_bomb, "wrong-output-intent"),
    "a picture that unpacks to 2.5 GB": (huge_picture, "ink-not-measured"),
    "a picture that says it is small": (lying_picture, "ink-not-measured"),
    "a JPEG of 65 000 pixels each way": (jpeg_of(65_000), "ink-not-measured"),
    "a progressive JPEG of 17 000 pixels each way": (jpeg_of(17_000, progressive=True), "ink-not-measured"),
    "forty pictures of 121 MB": (many_pictures, "too-much"),
    "names in a ring": (ringed_names, "javascript"),
    "pages in a ring": (ring_of_pages, "damaged"),
}
HARMLESS: dict[str, Break] = {
    "a JPEG of 12 000 pixels each way": jpeg_of(12_000),
}

# The counts are a tenth of what they are, to save time; how much of one stream is held at once is as it is.
CHILD = """
import sys
from pathlib import Path
from pressrun.readers.press_pdf import budget
from pressrun.readers.press_pdf.document import read_press_pdf
from pressrun.readers.press_pdf.preflight import judge
budget.VISITS, budget.UNPACKED = 40_000, 200_000_000
for path in map(Path, sys.argv[1:]):
    codes = sorted({one.code for one in judge(read_press_pdf(path), path.name)})
    print(path.stem, *codes, sep="\\t")
(most,) = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]  # its own, not its parent's
print("MB", int(most) // 1000, sep="\\t")
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Each file's findings, and the megabytes that reading them all took at the most."""
    folder = tmp_path_factory.mktemp("hostile")
    files = [sound(folder / f"{name}.pdf", broken, compress_streams=False) for name, (broken, _) in HOSTILE.items()]
    files += [sound(folder / f"{name}.pdf", broken) for name, broken in HARMLESS.items()]
    done = subprocess.run([sys.executable, "-c", CHILD, *map(str, files)], capture_output=True, text=True, check=True)
    return {line.split("\t")[0]: line.split("\t")[1:] for line in done.stdout.splitlines()}


def test_reading_them_takes_little_memory(told: dict[str, list[str]]) -> None:
    assert int(told["MB"][0]) < 500


@pytest.mark.parametrize("name", HOSTILE)
def test_each_ends_with_a_finding(name: str, told: dict[str, list[str]]) -> None:
    assert HOSTILE[name][1] in told[name]


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_only_large_is_read(name: str, told: dict[str, list[str]]) -> None:
    assert told[name] == []
