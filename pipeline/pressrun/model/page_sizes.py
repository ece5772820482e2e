"""Page sizes by name, each with its safe zones: the facts of ``page_sizes.yaml`` beside it."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Struct
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from pressrun.model.geometry import Length, parse_length
from pressrun.model.shipped_facts import shipped_facts


class PageSize(Struct, frozen=True):
    """``trim`` and ``safe`` as they are written under `page`; ``safe`` may be one length or four. ``about`` is the
    heading of its group."""

    name: str
    about: str
    trim: str
    safe: str | tuple[str, ...]

    @property
    def turns(self) -> bool:
        """Whether it can be turned: a safe zone that differs from edge to edge is of the page as it stands."""
        return isinstance(self.safe, str)


@functools.cache
def page_sizes() -> Mapping[str, PageSize]:
    """Every size by its name, in the order of the file."""
    found: dict[str, PageSize] = {}
    for group in shipped_facts("pressrun.model", "page_sizes.yaml"):
        for name, said in group["sizes"].items():
            entry = {"trim": said} if isinstance(said, str) else said
            safe = entry.get("safe") or group["safe"]
            found[name] = PageSize(name, group["about"], entry["trim"], safe if isinstance(safe, str) else tuple(safe))
    return found


@functools.cache
def _by_form() -> Mapping[str, PageSize]:
    return {name.casefold(): size for name, size in page_sizes().items()}


def size_called(name: str) -> PageSize | None:
    """The size of a name, in any spelling of its case."""
    return _by_form().get(name.strip().casefold())


def unknown_size(said: str, hint: str, **at: str) -> PydanticCustomError:
    """The fault of a name that no size has: ``among`` are those which it may be a slip of; where it is none, the hint
    has those that have words of it."""
    spelled, names = said.strip().casefold(), page_sizes()
    words = set(re.split(r"[\s_-]+", spelled))
    shared = {name: len(words.intersection(name.casefold().split("-"))) for name in names}
    akin = [name for name, most in shared.items() if most and most == max(shared.values())]
    is_slip = difflib.get_close_matches(spelled, map(str.casefold, names), n=1, cutoff=SLIP)
    context: dict[str, Any] = {"name": said, "word": said, "hint": hint, **at}
    if akin and len(akin) <= MOST_TOLD and not is_slip:
        context["hint"] = f"sizes like it: {', '.join(akin)}"
    else:
        context["among"] = akin or list(names)
    return PydanticCustomError("unknown_page_size", "there is no page size '{name}'", context)


def written_out(page: Any) -> Any:
    """A page by its figures, where it is the name of a size or has one: ``{size: a5}`` is its trim and its safe zones,
    and what the page says itself comes first; ``{trim: a5}`` is its trim. Raises PydanticCustomError."""
    said = {"size": page} if isinstance(page, str) else page
    if not isinstance(said, Mapping):
        return page
    if not isinstance(said.get("size"), str):
        size = size_called(said["trim"]) if isinstance(said.get("trim"), str) else None
        return said if size is None else {**said, "trim": size.trim}
    size = size_called(said["size"])
    if size is None:
        figures = re.search(r"\d.*x.*\d", said["size"])
        written = "figures stand in `trim`, with units: {trim: 970px x 250px}"
        hint = written if figures else "`pressrun explain sizes` lists them"
        raise unknown_size(said["size"], hint, at="size")
    if "trim" in said:
        raise PydanticCustomError("two_sizes", "the page has both `size` and `trim`", {"hint": "delete one of them"})
    rest = {key: value for key, value in said.items() if key != "size"}
    if "safe" not in rest and not size.turns and _turned(size, rest.get("orientation")):
        message = "the safe zones of '{name}' are of the page as it stands, which cannot be turned"
        context = {"name": size.name, "at": "orientation", "hint": "write `safe` for the turned page, or delete it"}
        raise PydanticCustomError("safe_zones_turned", message, context)
    return {"trim": size.trim, "safe": size.safe if size.turns else list(size.safe), **rest}


def _turned(size: PageSize, orientation: Any) -> bool:
    width, height = (edge.points(0) for edge in parse_page_size(size.trim))
    return (orientation == "landscape" and width < height) or (orientation == "portrait" and width > height)


SLIP = 0.8  # from which likeness on a name is another one misspelled
MOST_TOLD = 12
_ONE_UNIT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*[x\u00d7]\s*(\d+(?:\.\d+)?)\s*(mm|cm|in|pt|px)\s*$")


def parse_pair(text: str) -> tuple[Length, Length] | None:
    """``WIDTH x HEIGHT``, of which one unit may stand for both (``74x105mm``); None for what has not two parts. Raises
    ValueError for parts that are no lengths."""
    if short := _ONE_UNIT.match(text):
        width, height, unit = short.groups()
        return parse_length(width + unit), parse_length(height + unit)
    parts = re.split(r"\s+x\s+", text.strip())
    return (parse_length(parts[0]), parse_length(parts[1])) if len(parts) == 2 else None


def parse_page_size(value: Any) -> tuple[Length, Length]:
    """The finished size: ``WIDTH x HEIGHT``, a list of the two, or the name of a size."""
    if isinstance(value, str):
        if (size := size_called(value)) is not None:
            value = size.trim
        if (pair := parse_pair(value)) is not None:
            return pair
        raise unknown_size(value, "write the name of a size, or WIDTH x HEIGHT with units")
    if isinstance(value, (list, tuple)) and len(value) == 2:
        return parse_length(value[0]), parse_length(value[1])
    raise ValueError(f"{value!r} is not a page size; write the name of one, or 'WIDTH x HEIGHT'")


PageSizeField = Annotated[tuple[Length, Length], BeforeValidator(parse_page_size)]
