"""The one file that imports Typst: texts as JSON in, a PDF of them out, or their fits; an SVG in, pixels."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import typst

from pressrun.graphics.svg.color_words import with_known_colors
from pressrun.graphics.svg.gradients import with_written_stops
from pressrun.graphics.svg.limits import UnusableSvg, check_drawn, frame, parsed, written_out
from pressrun.model.disk import telling_why

PROGRAMS = "sheet.typ", "fit.typ", "lines.typ"
_SHARED = "text.typ", "ideographs.typ", "counted.typ", "columns.typ"
VERSION = version("typst")
_Made = TypeVar("_Made")


class TypesettingFailed(Exception):
    """Typst refused a sheet: a fault of ours or of a font, with what it said."""


class Typesetter:
    """One Typst compiler with its own root folder and fixed fonts; not for use by two threads at once.

    ``font_files`` are all the fonts there are: neither system fonts nor Typst's own are looked at.
    """

    def __init__(self, font_files: tuple[Path, ...]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="pressrun-typst-")
        self._root = Path(self._folder.name)
        for name in (*PROGRAMS, *_SHARED):
            shutil.copyfile(Path(__file__).with_name(name), self._root / name)
        fonts = self._root / "fonts"
        self.font_files = tuple(fonts / f"{index:03d}" / f"font{file.suffix}" for index, file in enumerate(font_files))
        for file, copy in zip(font_files, self.font_files, strict=True):
            copy.parent.mkdir(parents=True)
            data = file.read_bytes()
            with telling_why(str(copy)):
                copy.write_bytes(data)
        # A folder for each: of weights equally near Typst takes the first, as the file system lists them.
        folders = [str(file.parent) for file in self.font_files]
        self._fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
        self._sheets, self._texts, self._lines = (self._compiler(name) for name in PROGRAMS)

    def close(self) -> None:
        self._folder.cleanup()

    def families(self) -> frozenset[str]:
        return frozenset(self._fonts.families())

    def _compiler(self, main: str) -> typst.Compiler:
        return typst.Compiler(str(self._root / main), root=str(self._root), font_paths=self._fonts)

    def typeset(self, sheets: dict[str, Any]) -> bytes:
        """Set texts (the JSON that ``sheet.typ`` reads). Raises TypesettingFailed with Typst's own words."""
        pdf = _told(lambda: self._sheets.compile(format="pdf", sys_inputs={"sheets": _written(sheets)}, timestamp=0))
        assert isinstance(pdf, bytes)
        return pdf

    def fit(self, texts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What texts become in their boxes (the JSON that ``fit.typ`` reads and writes). Raises TypesettingFailed."""
        _told(lambda: self._texts.compile(format="svg", sys_inputs={"texts": _written(texts)}))
        fits: list[dict[str, Any]] = json.loads(self._texts.query("<fits>", field="value", one=True))
        if any("logo" in span for text in texts for span in text["spans"]):
            own: list[dict[str, Any]] = []
            for one in json.loads(self._texts.query("<logos>", field="value", one=True)):
                if isinstance(one["said"], int):  # which text the next ones are of
                    own = fits[one["said"]]["logos"] = []
                else:
                    own.append({**one["said"], "x": one["x"], "y": one["y"]})
        return fits

    def baselines(self, texts: list[dict[str, Any]]) -> list[list[float]]:
        """Where the lines of texts stand that are set (the JSON that ``sheet.typ`` reads), in points from the top of
        their columns, of several columns together. Raises TypesettingFailed."""
        _told(lambda: self._lines.compile(format="svg", sys_inputs={"texts": _written(texts)}))
        found: list[list[float]] = []
        for one in json.loads(self._lines.query("<lines>", field="value", one=True)):
            if one["kind"] == "text":
                found.append([])
            elif one["kind"] == "line":
                found[-1].append(one["y"])
        return found

    def rasterise_svg(self, svg: bytes, width: int, height: int) -> bytes:
        """Draw an SVG as a PNG with a transparent ground, stretched to ``width`` x ``height`` pixels."""
        return self._drawn(svg, width, height, format="png", ppi=72)

    def drawn_svg(self, svg: bytes, width: float, height: float) -> bytes:
        """An SVG as the one page of a PDF in sRGB, stretched to ``width`` x ``height`` points: vectors, but for what
        filters make."""
        return self._drawn(svg, width, height, format="pdf", timestamp=0)

    def _drawn(self, svg: bytes, width: float, height: float, **options: Any) -> bytes:
        (self._root / "picture.svg").write_bytes(with_written_stops(with_known_colors(svg)))
        (self._root / "picture.typ").write_text(
            f"#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: none)\n"
            f'#image("picture.svg", width: {width}pt, height: {height}pt, fit: "stretch")\n'
        )
        try:
            drawn = self._compiler("picture.typ").compile(**options)
        except typst.TypstError as error:
            raise TypesettingFailed(f"the SVG cannot be drawn: {error.message}") from error
        assert isinstance(drawn, bytes)
        return drawn


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _told(compile: Callable[[], _Made]) -> _Made:
    try:
        return compile()
    except typst.TypstError as error:
        raise TypesettingFailed(f"{error.message} {' '.join(error.hints)}".strip()) from error


def families_in(font_files: tuple[Path, ...]) -> frozenset[str]:
    """The families that Typst finds in font files."""
    typesetter = Typesetter(font_files)
    try:
        return typesetter.families()
    finally:
        typesetter.close()


_EXTERNAL = re.compile(
    rb"(?:href|src)\s*=\s*[\"'](?!#|data:image/)|url\(\s*+(?:[\"']|&(?:quot|apos|\#3[49]);)?+(?!#|\s*data:)"
    rb"|@import|<!ENTITY|<script",
    re.I,
)


def svg_size(svg: bytes) -> tuple[float, float]:
    """Width and height of an SVG's view box in its own units.

    Raises UnusableSvg if it is broken, has no size, holds what would not be drawn or would take too long, or refers to
    anything outside itself.
    """
    return frame(sound_svg(svg))


def sound_svg(svg: bytes, texts: bool = False) -> ElementTree.Element:
    """The root of an SVG that can be drawn; with ``texts``, words may be in it. Raises UnusableSvg."""
    if match := _EXTERNAL.search(written_out(svg)):
        raise UnusableSvg(f"it refers to something outside itself ({match[0].decode(errors='replace').strip()}…)")
    root = parsed(svg)
    check_drawn(root, texts)
    return root
