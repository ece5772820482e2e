"""The readers: what each takes, in which words it is written, and with what it may refuse."""

from __future__ import annotations

import functools
import io
import itertools
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pikepdf
from PIL import Image

from pressrun import registry
from pressrun.graphics.color import inks
from pressrun.graphics.photos import photographs
from pressrun.graphics.svg import artwork
from pressrun.graphics.texts.typst_engine import UnusableSvg
from pressrun.graphics.typefaces import fonts
from pressrun.language.expression import compile_expression
from pressrun.language.filters import layout_filters
from pressrun.language.lookup import EvaluationError
from pressrun.language.templates import Templates
from pressrun.load import load_project
from pressrun.load.fed_rows import with_rows
from pressrun.model.errors import PressrunError
from pressrun.model.finding import Place
from pressrun.model.template import TemplateFault
from pressrun.readers.press_pdf.document import Unreadable, read_press_pdf
from pressrun.readers.press_pdf.preflight import judge
from pressrun.readers.table import read_table
from pressrun.run import rows
from pressrun.run.files.placed_files import inspect_picture

ROOT = Path(__file__).parents[2]
CAMPAIGN = ROOT / "tests" / "load" / "campaign"


@dataclass(frozen=True, slots=True)
class Reader:
    """`read` takes bytes and a folder that it may write in; `words` are those of its language."""

    read: Callable[[bytes, Path], object]
    seeds: Callable[[], list[bytes]]
    words: tuple[bytes, ...]
    refusals: tuple[type[Exception], ...] = (PressrunError,)


def _files(*patterns: str) -> Callable[[], list[bytes]]:
    return functools.lru_cache(lambda: [p.read_bytes() for pattern in patterns for p in sorted(ROOT.glob(pattern))])


def _listed(*texts: str) -> Callable[[], list[bytes]]:
    return lambda: [text.encode() for text in texts]


def _campaign(folder: Path) -> Path:
    if not (folder / "campaign").exists():
        shutil.copytree(CAMPAIGN, folder / "campaign")
    return folder / "campaign"


def _yaml(data: bytes, folder: Path) -> None:
    root = _campaign(folder)
    for name in ("jobs/job.yaml", "brands/plain/brand.yaml", "templates/layouts/print/flyer.yaml"):
        kept = (root / name).read_bytes()
        try:
            (root / name).write_bytes(data)
            load_project(root / "jobs/job.yaml", registry)
        except PressrunError:
            pass
        finally:
            (root / name).write_bytes(kept)


def _csv(data: bytes, folder: Path) -> None:
    path = folder / "a.csv"
    path.write_bytes(data)
    read_table(path)
    read_table(path, types={"price": "decimal", "amount": "decimal", "start": "date"}, fill="handle", key=("sku",))


@functools.lru_cache(1)
def _project(root: Path) -> object:
    return load_project(root / "jobs/job.yaml", registry)


def _json_lines(data: bytes, folder: Path) -> None:
    project = _project(_campaign(folder))
    lines = rows.bounded_lines(io.BytesIO(data))
    for number, line in enumerate(itertools.islice(lines, 20_000), 1):  # each is answered before the next is read
        place = Place("rows", number)
        try:
            said = rows._parsed(line, place)
            rows._require_text(said, place)
            with_rows(project, said, place)  # type: ignore[arg-type]
        except PressrunError:
            continue


def _jinja(data: bytes, folder: Path) -> None:
    text = data.decode("utf-8", "replace")
    templates = Templates({"a.j2": text}, filters=layout_filters((), frozenset()))
    values = {"product": {"name": "Kenya", "price": Decimal("12.50")}, "copy": {"headline": "Hello"}, "locale": "de-DE",
              "items": [1, 2, "three"]}  # fmt: skip
    templates.inspect(text, "a.j2")
    templates.text(text).render(values)


def _expression(data: bytes, folder: Path) -> None:
    text = data.decode("utf-8", "replace")
    expression, findings = compile_expression(text, Place("job.yaml", 3, 8))
    assert (expression is None) == bool(findings)
    if expression:
        expression.evaluate(
            {"product": {"price": Decimal("12.50"), "name": "Kenya", "stock": 3}, "a": 10**200, "b": ""}
        )


def _svg(data: bytes, folder: Path) -> None:
    inspect_picture(data, "a.svg")
    artwork.look_over(data, None)
    artwork.read_artwork(data)


def _raster(data: bytes, folder: Path) -> None:
    inspect_picture(data, "a.png")
    with Image.open(io.BytesIO(photographs.upright(data))) as picture:
        inks.as_srgb(picture)


def _font(data: bytes, folder: Path) -> None:
    path = folder / "a.ttf"
    path.write_bytes(data)
    fonts.read_face(path)


def _icc(data: bytes, folder: Path) -> None:
    (folder / "a.icc").write_bytes(data)
    inks.load_profile.cache_clear()
    profile = inks.load_profile("a.icc", folder)
    inks.to_cmyk(Image.new("RGB", (2, 2), "red"), profile)


def _pdf(data: bytes, folder: Path) -> None:
    judge(read_press_pdf(data), "a.pdf")


@functools.lru_cache(1)
def _rasters() -> list[bytes]:
    picture = Image.effect_mandelbrot((24, 16), (-2, -1, 1, 1), 20).convert("RGB")
    saved = []
    for mode, kind, options in (
        ("RGB", "PNG", {}), ("RGBA", "PNG", {"icc_profile": inks.srgb_profile()}), ("P", "PNG", {}), ("1", "PNG", {}),
        ("RGB", "JPEG", {"progressive": True}), ("CMYK", "JPEG", {}), ("RGB", "WEBP", {}), ("RGBA", "WEBP", {"lossless": True}),
        ("RGB", "TIFF", {}), ("L", "TIFF", {"compression": "tiff_lzw"}), ("CMYK", "TIFF", {"compression": "jpeg"}),
        ("P", "GIF", {}), ("RGB", "BMP", {}),
    ):  # fmt: skip
        out = io.BytesIO()
        picture.convert(mode).save(out, kind, **options)
        saved.append(out.getvalue())
    return saved


@functools.lru_cache(1)
def _pdfs() -> list[bytes]:
    saved = []
    for compressed in (False, True):
        pdf = pikepdf.new()
        page = pdf.add_blank_page(page_size=(300, 400))
        page.obj.TrimBox = pikepdf.Array([9, 9, 291, 391])
        image = pikepdf.Stream(pdf, b"\x20\x40\x60\x80" * 16, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image,
                               Width=4, Height=4, BitsPerComponent=8, ColorSpace=pikepdf.Name.DeviceCMYK)  # fmt: skip
        spot = pikepdf.Array([pikepdf.Name.Separation, pikepdf.Name.Gold, pikepdf.Name.DeviceCMYK, pikepdf.Dictionary(
            FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[0, 0.2, 0.8, 0], N=1)])  # fmt: skip
        form = pikepdf.Stream(pdf, b"/S cs 1 scn 0 0 10 10 re f", Type=pikepdf.Name.XObject, BBox=[0, 0, 10, 10],
                              Subtype=pikepdf.Name.Form, Resources=pikepdf.Dictionary(ColorSpace={"/S": spot}))  # fmt: skip
        told = pikepdf.Dictionary(Layer=pikepdf.String("hero"), Rect=[0, 0, 50, 50], Size=[40, 40], PPI=57)
        page.obj.PieceInfo = pikepdf.Dictionary(Pressrun={"/Private": pikepdf.Dictionary(Pictures=[told])})
        page.obj.Resources = pikepdf.Dictionary(XObject={"/Im": image, "/Fm": form}, ColorSpace={"/S": spot})
        page.contents_add(
            b"q 1 0 0 1 20 20 cm 0.2 0.1 0 0 k 0 0 400 500 re f 50 0 0 50 0 0 cm /Im Do /Fm Do Q 0.1 w 0 0 m 9 9 l S"
        )
        pdf.Root.OutputIntents = pikepdf.Array([pikepdf.Dictionary(
            Type=pikepdf.Name.OutputIntent, S=pikepdf.Name.GTS_PDFX, OutputConditionIdentifier="FOGRA39")])  # fmt: skip
        out = io.BytesIO()
        pdf.save(out, compress_streams=compressed, object_stream_mode=pikepdf.ObjectStreamMode.generate if compressed
                 else pikepdf.ObjectStreamMode.disable)  # fmt: skip
        saved.append(out.getvalue())
    return saved


READERS = {
    "yaml": Reader(_yaml, _files("tests/load/campaign/**/*.yaml", "jobs/*.yaml", "templates/layouts/**/*.yaml"), (
        b"- ", b"&a ", b"*a", b"? ", b"!!int ", b"{", b"[", b"]", b"}", b": ", b"|", b"<<: *a\n", b"---\n", b"%YAML 1.2\n",
        b'"\\ud800"', b"'", b"#", b"\n  ", b"~", b".inf", b"{{", b"{%",
    )),
    "csv": Reader(_csv, _files("jobs/data/**/*.csv", "tests/load/campaign/**/*.csv"), (
        b",", b'"', b'""', b"\n", b"\r\n", b"\r", b";", b"\t", b"sep=;\n", b"sku", b"price", b",,,,", b'="0012"',
    )),
    "json-lines": Reader(_json_lines, _listed(
        '{"product": "mug", "region": "de-DE"}\n{"product": {"sku": "a", "name": "b", "price": 1.5}}\n{}\n[]\n',
        '{"product": {"sku": "kettle", "name": null, "tags": ["a", {"b": true}]}, "region": {"locale": "ar"}}\n',
    ), (
        b"[", b"]", b"{", b"}", b'"', b'{"a":', b"\\ud800", b"\\u0000", b"null", b"1e999", b"NaN", b",", b":", b'"product"',
        b'"sku"', b'"region"', b"\n",
    )),
    "jinja": Reader(_jinja, lambda: [*_files("templates/prompts/*.j2")(), *_listed(
        "{{ product.name | upper ~ '!' }}", "{% for i in items %}{{ loop.index }}{{ i }}{% endfor %}",
        "{% set x = [1, 2] %}{{ x | join(', ') }}{{ product.price | money('EUR') }}",
        "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(copy.headline) | replace('l', 'll') | truncate(3) }}",
        "{% if product.price > 3 and items %}{{ items | batch(2, 0) | list | length }}{% else %}{{ 7 // 2 }}{% endif %}",
        "{{ items | map('string') | sort | first }}{{ range(9) | sum }}{{ '%.2f' }}{{ namespace(a=1).a }}",
    )()], (
        b"{{", b"}}", b"{%", b"%}", b"{#", b"#}", b"| join(", b"| replace(", b" ~ ", b" + ", b" * ", b" ** ", b"(", b")",
        b"[", b"]", b"{% for i in range(99) %}", b"{% endfor %}", b"{% if 1 %}", b"{% endif %}", b"{% set a = ", b"loop",
        b"self", b"super()", b"{% block a %}", b"{% endblock %}", b"{% include 'a.j2' %}", b"{% extends 'a.j2' %}",
        b"{% raw %}", b"| batch(", b"| slice(", b"| round(", b"'\\ud800'", b"not ", b"{%- ", b"if 1 else ", b"-",
        b"{% import 'a.j2' as a %}", b"{% call ", b"{% filter upper %}", b"namespace(", b"dict", b"| sum(start=",
    ), (TemplateFault,)),
    "expressions": Reader(_expression, _listed(
        "product.price < 20 and product.name in ['Kenya', 'Huila']", "date('2027-03-01') >= '2027-01-01'",
        "round(product.price * product.stock, 2) / 3 if product.stock else none", "max(len(product.name), 3, a) - -b",
        "not (a == 1 or b != '') and [a, 2] == [a, 2]", "upper(product.name) + lower('X')",
    ), (
        b"(", b")", b"[", b"]", b" and ", b" or ", b"not ", b" if 1 else ", b"a", b"a.b", b"*", b"**", b"+", b"'", b"1e308",
        b"'\\ud800'", b"lambda: ", b":=", b"f'{a}'", b" in ", b"{", b"round(", b"max(", b"a*a*a*a*a*", b"product[", b"\n",
        b"~", b"@", b"0x", b"1j", b"b''", b"...", b" is ", b"date(",
    ), (EvaluationError,)),
    "svg": Reader(_svg, _files("brands/**/*.svg", "tests/load/campaign/**/*.svg"), (
        b"<g>", b"</g>", b'<g transform="scale(1e9)">', b'viewBox="0 0 1e309 1"', b'viewBox="nan nan 1 1"', b"<use href='#a'/>",
        b"<path d='M0 0", b"L1e308 1e308", b"C", b"a1 1 0 0 0 1 1", b"z", b"<!ENTITY a 'aaaa'>", b"&a;", b"<![CDATA[", b"<text>a</text>",
        b"<image href='data:image/png;base64,AAAA'/>", b"<defs><clipPath id='a'>", b"style='fill:red'", b"<svg>", b"<!--",
        b"<linearGradient id='a' href='#a'/>", b"stroke-dasharray='1e-9'", b"<filter id='f'><feGaussianBlur stdDeviation='1e9'/></filter>",
    ), (PressrunError, artwork.UnusableArtwork, UnusableSvg)),
    "rasters": Reader(_raster, _rasters, (b"IHDR", b"IDAT", b"\xff\xd8", b"\xff\xda", b"RIFF", b"WEBP", b"II*\0", b"eXIf", b"iCCP", b"acTL"),
    ),
    "fonts": Reader(_font, _files("brands/*/fonts/*.ttf"), (b"cmap", b"name", b"head", b"OS/2", b"GPOS", b"glyf", b"OTTO", b"ttcf", b"wOFF", b"wOF2"),
    ),
    "icc": Reader(_icc, _files("pipeline/pressrun/graphics/color/profiles/*.icc"), (b"acsp", b"A2B0", b"B2A0", b"mft2", b"desc", b"CMYK", b"RGB ", b"mluc", b"curv"),
    ),
    "pdf": Reader(_pdf, _pdfs, (
        b"/PieceInfo << /Pressrun << /Private <<", b"/Pictures [", b"/PPI 57", b"/Layer 7", b"/Size [0 0]",
        b"<<", b">>", b"[", b"]", b"/Kids", b"/Parent 1 0 R", b"/Resources 2 0 R", b" 0 obj", b"endobj", b"stream\n", b"q ", b"Q ",
        b"/Im Do ", b"/Fm Do ", b"1e30 0 0 1 0 0 cm ", b"BT ", b"ET ", b"/S cs ", b"/Length 9999999", b"/Width 99999999", b"(", b")",
        b"/Filter /FlateDecode", b"/Filter [/ASCIIHexDecode /LZWDecode]", b"/Decode [1 0]", b"/SMask 5 0 R", b"/Count -1", b"BI /W 1 /H 1 ID a EI ",
    ), (Unreadable, PressrunError)),
}  # fmt: skip
