"""Fonts for scripts that a brand's own do not cover, out of packages that are extras: which font, and what of it."""

from __future__ import annotations

import functools
import importlib.resources
import unicodedata
from collections.abc import Collection, Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fontTools import unicodedata as ucd
from msgspec import Struct

from pressrun.graphics.typefaces.characters import needs_no_glyph

COMMON = "Zyyy"  # Unicode's code for the script of what all scripts share
PACKAGES = {"cjk": "manimgx-fonts-cjk", "scripts": "manimgx-fonts"}  # by extra; both under the SIL Open Font License
EAST_ASIAN = frozenset({"Hani", "Hira", "Kana", "Hang", "Bopo"})
# Of the fonts in manimgx-fonts, those of scripts that need one: its Noto Sans has what FiraGO has.
NAMES = (
    "Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi", "Hebrew", "Kannada",
    "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Thai",
)  # fmt: skip
SCRIPTS = {ucd.script_code(name): name for name in NAMES}
# Members of the collection by the shapes that they draw, in their order there; and the characters that readers of each
# use every day, which Python's codecs know. What is rarer is a font of its own: to cut one for all takes seconds.
SHAPES = {"JP": "shift_jis", "KR": "euc_kr", "SC": "gb2312", "TC": "big5", "HK": "big5hkscs"}
FULL_WIDTH = frozenset("“”—…")  # of one square in Chinese and Japanese, where Latin fonts draw them narrow


class ScriptFamily(Struct, frozen=True):
    """What a family says by its name: its extra, its file and its number there (-1: it is no collection), and the
    scripts that it is for; ``charset`` where it has no more than this codec knows, or, ``rare``, all others."""

    extra: str
    file: str
    number: int
    scripts: frozenset[str]
    charset: str = ""
    rare: bool = False

    def draws(self, character: str, elsewhere: frozenset[int]) -> bool:
        """Whether a character is this family's to draw: of its script, or shared by all scripts and not ``elsewhere``
        (in the font that is always there)."""
        own = not self.scripts.isdisjoint(ucd.script_extension(character))
        if not own and self.charset:
            wide = unicodedata.east_asian_width(character) == "F" or (
                character in FULL_WIDTH and self.charset != SHAPES["KR"]
            )
            own = wide or (script_name(character) == COMMON and ord(character) not in elsewhere)
        return own and (not self.charset or _has(self.charset, character) is not self.rare)


def _families() -> dict[str, ScriptFamily]:
    file = "NotoSansCJK-VF.otf.ttc"
    east_asian = {
        f"Noto Sans CJK {shapes} [cjk{', rare' if rare else ''}]": ScriptFamily(
            "cjk", file, number, EAST_ASIAN, charset, rare
        )
        for number, (shapes, charset) in enumerate(SHAPES.items())
        for rare in (False, True)
    }
    others = {
        f"Noto Sans {name} [scripts]": ScriptFamily("scripts", f"NotoSans{name}[wght].ttf", -1, frozenset({code}))
        for code, name in SCRIPTS.items()
    }
    return east_asian | others


FAMILIES = _families()


def is_script_family(family: str) -> bool:
    return family in FAMILIES


def script_name(character: str) -> str:
    """A character's script by its Unicode code of four letters; `COMMON` for what all scripts share."""
    script = ucd.script(character)
    return COMMON if script in ("Zinh", "Zzzz") else str(script)


def script_families(text: str, lacking: Collection[str], shapes: str) -> tuple[str, ...]:
    """The families that draw the scripts of what a text is ``lacking`` in its own; ``shapes`` are the locale's."""
    if not lacking:
        return ()
    names: dict[str, None] = {}
    own = shapes or _shapes_of(text)
    for character in lacking:
        scripts = ucd.script_extension(character)
        if not EAST_ASIAN.isdisjoint(scripts) or (own and scripts == {COMMON}):
            member = _member(scripts, own, shapes)
            rare = "" if _has(SHAPES[member], character) else ", rare"
            names[f"Noto Sans CJK {member} [cjk{rare}]"] = None
        names |= {f"Noto Sans {SCRIPTS[script]} [scripts]": None for script in sorted(scripts) if script in SCRIPTS}
    return tuple(names)


def _member(scripts: Iterable[str], own: str, shapes: str) -> str:
    """Hangul is Korean and kana Japanese wherever the locale is neither's; Han is drawn as the locale's readers do."""
    if set(scripts) == {"Hang"}:
        return "KR"
    if not shapes and "Hani" not in scripts and not {"Hira", "Kana"}.isdisjoint(scripts):
        return "JP"
    return own or "SC"


def _shapes_of(text: str) -> str:
    """By the text alone, where the locale does not say: kana are Japanese, hangul Korean, bopomofo of Taiwan."""
    found = {ucd.script(character) for character in text} & EAST_ASIAN
    telling = ({"Hira", "Kana"}, "JP"), ({"Hang"}, "KR"), ({"Bopo"}, "TC"), ({"Hani"}, "SC")
    return next((shapes for scripts, shapes in telling if found & scripts), "")


@functools.lru_cache(maxsize=100_000)
def _has(charset: str, character: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def extra_for(character: str) -> tuple[str, str] | None:
    """The extra with a font for a character, and the script's name; None if none has."""
    script = script_name(character)
    if script in EAST_ASIAN:
        return "cjk", "Chinese, Japanese or Korean"
    return ("scripts", SCRIPTS[script]) if script in SCRIPTS else None


def installed(extra: str) -> str | None:
    """The version of an extra's fonts; None where they are not installed."""
    try:
        return version(PACKAGES[extra])
    except PackageNotFoundError:
        return None


def font_file(family: str) -> Path | None:
    """Where a script family's file is; None if its extra is not installed."""
    said = FAMILIES[family]
    if installed(said.extra) is None:
        return None
    return Path(str(importlib.resources.files(PACKAGES[said.extra].replace("-", "_")))) / said.file


def fonts_used(texts: Iterable[str], shapes: str, elsewhere: frozenset[int]) -> frozenset[str]:
    """All script families that any of these texts may need, in whatever letters: what FiraGO (``elsewhere``) lacks."""
    needed: set[str] = set()
    for text in texts:
        whole = text + text.upper()
        others = map(chr, set(map(ord, whole)) - elsewhere)
        needed.update(script_families(whole, {one for one in others if not needs_no_glyph(one)}, shapes))
    return frozenset(needed)
