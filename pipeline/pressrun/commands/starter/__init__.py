"""The campaign that `pressrun init` writes: starter content from the package, in the name of somebody's brand."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from pressrun.graphics.typefaces import fonts
from pressrun.graphics.typefaces.characters import is_alphabetic
from pressrun.model.disk import CannotWrite
from pressrun.model.errors import InputError, MissingTool
from pressrun.model.finding import Finding, Severity

DEFAULT_NAME = "Plain & Good"
RECORD = ".import.json"  # beside a layout that was made of a design
LONGEST_NAME = 40  # a logo of more characters is too small to read in any layout
TEXT = {".yaml", ".md", ".csv", ".j2", ".svg"}
GITIGNORE = """\
# The store keeps pictures that were paid for: back it up, rather than commit it.
.pressrun/
previews/
runs/
.env
"""

_SPELT = str.maketrans({"ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l",
                        "đ": "d", "Đ": "d", "ı": "i", "þ": "th", "Þ": "th"})  # fmt: skip

_NO_NAMES = {"true", "false", "null", "con", "prn", "aux", "nul"}

# The palette of brands/starter/brand.yaml: a logo's fills must be colours of it.
PRIMARY, ACCENT, PAPER = "#1B4D60", "#E26E3D", "#FBF7F0"


def write_campaign(folder: Path, name: str = DEFAULT_NAME) -> list[str]:
    """Write the starter campaign into `folder`, which must be new or empty (but for ``.git``), all of it or nothing.

    Answers the paths written. Raises InputError for a folder or name that cannot be used, CannotWrite, MissingTool.
    """
    name = _checked_name(name)
    content = dict(_content(name))
    _refuse_occupied(folder)
    try:
        if folder.exists():
            # A mount point or the current folder keeps its identity: only what is in it is put there.
            _write_beside(content, folder / f".pressrun-init-{os.getpid()}", folder)
        else:
            folder.parent.mkdir(parents=True, exist_ok=True)
            _write_beside(content, folder.with_name(f".{folder.name}-{os.getpid()}.part"), folder)
    except OSError as error:
        raise CannotWrite(f"cannot write to {folder}: {error.strerror}", "choose another folder") from error
    return sorted(content)


def brand_id(name: str) -> str:
    """A brand's name as the name of its folder: lower-case ASCII letters, digits and ``-``."""
    plain = unicodedata.normalize("NFKD", name.translate(_SPELT)).encode("ascii", "ignore").decode().lower()
    ident = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not ident:
        return "brand"
    # What YAML would read as a number or a truth, and what Windows keeps for itself, needs a word before it.
    return ident if ident[0].isalpha() and ident not in _NO_NAMES else f"brand-{ident}"


def _checked_name(name: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name:
        raise _refused("bad-name", "the brand's name is empty")
    if len(name) > LONGEST_NAME:
        raise _refused("bad-name", f"the brand's name has {len(name)} characters; {LONGEST_NAME} are the most")
    if not all(character.isprintable() for character in name):
        raise _refused("bad-name", "the brand's name has characters in it that cannot be printed")
    return name


def _refuse_occupied(folder: Path) -> None:
    if folder.is_symlink() and not folder.exists():
        raise _refused("not-a-folder", f"{folder} is a link that leads nowhere")
    if folder.exists() and not folder.is_dir():
        raise _refused("not-a-folder", f"{folder} is a file", "name a new folder")
    try:
        there = sorted(entry.name for entry in folder.iterdir() if entry.name != ".git") if folder.is_dir() else []
    except OSError as error:
        raise CannotWrite(f"cannot read {folder}: {error.strerror}", "choose another folder") from error
    if there:
        some = ", ".join(there[:3]) + (" …" if len(there) > 3 else "")
        raise _refused("folder-not-empty", f"{folder} is not empty ({some})", "name a new folder, or an empty one")


def _refused(code: str, message: str, hint: str | None = None) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message, hint=hint)])


def _content(name: str) -> Iterator[tuple[str, bytes]]:
    """Every file of the campaign: its path and its bytes."""
    ident = brand_id(name)
    source = files(__package__)
    for path, data in _tree(source / "campaign"):
        if Path(path).suffix in TEXT:
            quoted = json.dumps(name, ensure_ascii=False) if path.endswith(".yaml") else name
            data = data.decode().replace("@NAME@", quoted).replace("@ID@", ident).encode()
        yield path.replace("brands/starter/", f"brands/{ident}/"), data
    for path, data in _templates(source):
        yield f"templates/{path}", data
    for file, logo in logos(name).items():
        yield f"brands/{ident}/{file}", logo
    yield ".gitignore", GITIGNORE.encode()


def _templates(source: Traversable) -> list[tuple[str, bytes]]:
    """The repository's own: an installed package has them beside the campaign, a working copy at its top."""
    for folder in (source / "templates", Path(__file__).parents[4] / "templates"):
        if found := list(_tree(folder)):
            return _without_imported(found)
    raise MissingTool("this installation lacks the starter's templates", "install pressrun anew")


def _without_imported(files: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Layouts that were made of designs stay with the brands whose they are."""
    imported = {path.removesuffix(RECORD) for path, _ in files if path.endswith(RECORD)}
    return [(path, data) for path, data in files if path.removesuffix(RECORD).removesuffix(".yaml") not in imported]


def _tree(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _tree(entry, f"{prefix}{entry.name}/")
        elif not entry.name.startswith("."):
            yield f"{prefix}{entry.name}", entry.read_bytes()


def _write_beside(content: dict[str, bytes], partial: Path, folder: Path) -> None:
    """Write everything under a temporary name, then move it; what was moved is taken back if something fails."""
    moved: list[Path] = []
    try:
        for path, data in content.items():
            file = partial / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        if not folder.exists():
            partial.rename(folder)
            return
        for entry in sorted(partial.iterdir()):
            target = folder / entry.name
            entry.rename(target)
            moved.append(target)
        partial.rmdir()
    except BaseException:
        for remains in (*moved, partial):
            with contextlib.suppress(OSError):
                shutil.rmtree(remains) if remains.is_dir() else remains.unlink()
        raise


def logos(name: str) -> dict[str, bytes]:
    """The four logos of a name: a mark, and the mark with the name as outlines, each on light and on dark grounds.

    A name in a script that needs shaping, or with characters that FiraGO lacks, gets the mark alone.
    """
    letters, width = _outlines(name)
    drawn = {}
    for suffix, color in (("", PRIMARY), ("-reversed", PAPER)):
        mark = (
            f'<path fill="{color}" fill-rule="evenodd" d="M50 0A50 50 0 1 0 50 100A50 50 0 1 0 50 0Z'
            'M50 14A36 36 0 1 1 50 86A36 36 0 1 1 50 14Z"/><circle fill="{}" cx="50" cy="50" r="19"/>'.format(ACCENT)
        )
        word = f'<path fill="{color}" d="{letters}"/>' if letters else ""
        for file, inside, wide in ((f"logo{suffix}.svg", mark + word, width), (f"logo-mark{suffix}.svg", mark, 100.0)):
            svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.2f} 100">{inside}</svg>\n'
            drawn[file] = svg.encode()
    return drawn


def _outlines(name: str) -> tuple[str, float]:
    """The name as one SVG path beside a mark of 100 x 100 units, and the width of both; no path if it needs shaping."""
    import pymupdf_fonts  # slow to import: it holds the font bytes

    if not is_alphabetic(name):
        return "", 100.0
    with TTFont(io.BytesIO(pymupdf_fonts.myfont(fonts.FIRAGO["FiraGO-Bold.ttf"]))) as font:
        glyphs, cmap = font.getGlyphSet(), font.getBestCmap()
        if any(ord(character) not in cmap for character in name):
            return "", 100.0
        scale = 72 / font["OS/2"].sCapHeight  # capitals as high as 72 of the mark's 100 units
        pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.1f}".removesuffix(".0"))
        x = 128.0
        for character in name:
            glyph = glyphs[cmap[ord(character)]]
            glyph.draw(TransformPen(pen, (scale, 0, 0, -scale, x, 86)))
            x += glyph.width * scale
        return pen.getCommands(), x
