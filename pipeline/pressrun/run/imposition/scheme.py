"""A scheme: a stock, where pages stand on it, and what is printed around them; as people write it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.geometry import Length, LengthField, parse_length
from pressrun.model.page_sizes import PageSizeField
from pressrun.readers.extended import Extended, Extending
from pressrun.readers.validation import validate
from pressrun.readers.yaml_source import YamlSource
from pressrun.run.imposition.folds import DoesNotAddUp, Half, Section, folded
from pressrun.run.imposition.stock import StockField, parse_stock
from pressrun.run.imposition.turns import Turn

FOLDER = Path(__file__).parent / "schemes"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))

Method = Literal["n-up", "repeat", "cut-and-stack", "saddle-stitched", "perfect-bound", "gang"]
Mark = Literal["crop", "fold", "registration", "color-bar", "slug", "code"]
LENGTHS = frozenset({"gutter", "bleed", "creep"})  # that the command line says in millimetres
BOUND: frozenset[Method] = frozenset({"saddle-stitched", "perfect-bound"})
NOTHING, MILLIMETRE = Length(0, "mm"), 72 / 25.4


def _two(value: Any) -> Any:
    """One length for both ways, or a list of two."""
    if isinstance(value, list | tuple):
        if len(value) != 2:
            raise ValueError("write one length, or two: between columns, and between rows")
        return tuple(parse_length(one) for one in value)
    return (parse_length(value),) * 2


Gutters = Annotated[tuple[LengthField, LengthField], BeforeValidator(_two)]


class Scheme(Extending):
    """How pages go on a press sheet."""

    about: str = Field(default="", description="What it is for, in a sentence.")
    extends: str | None = Field(default=None, description="The scheme that it changes: a name, or a file beside it.")
    stock: StockField = Field(
        default=parse_stock("SRA3"),
        description="The paper: a name (`SRA3`, `320x450`, `A3`, `B2`, `Letter`, `Tabloid`), `WIDTH x HEIGHT`, or "
        "`WIDTH x roll`, which is as long as its pages take.",
    )
    orientation: Literal["portrait", "landscape"] | None = Field(
        default=None, description="How the sheet lies; left out, as its stock is written."
    )
    method: Method = Field(
        default="n-up",
        description="`n-up`: pages one after the other. `repeat`: one page in all cells. `cut-and-stack`: in order "
        "once the pile is cut and its stacks are laid on each other. `saddle-stitched` and `perfect-bound`: a booklet "
        "of folded sheets. `gang`: pages of different sizes and quantities on shared sheets.",
    )
    page: PageSizeField | None = Field(
        default=None, description="The finished size of a page. Left out: that of the pages which come."
    )
    columns: int | None = Field(
        default=None, ge=1, le=100, description="How many side by side; left out, as many as go."
    )
    rows: int | None = Field(
        default=None, ge=1, le=1000, description="How many below each other; left out, as many as go."
    )
    gutter: Gutters = Field(
        default=(NOTHING, NOTHING),
        description="The gap between pages: one length, or two: between columns, and between rows.",
    )
    bleed: LengthField = Field(
        default=Length(3, "mm"),
        description="How far pages print beyond their edges. Where they touch, half a gutter at most.",
    )
    gripper: LengthField = Field(
        default=Length(10, "mm"),
        description="What the press holds the sheet by, at its lower edge, where nothing prints. Sheets that are "
        "turned over that edge have it at the upper one, too.",
    )
    margin: LengthField = Field(default=Length(5, "mm"), description="What does not print along the other edges.")
    turn: Turn = Field(
        default="none",
        description="How the sheet is turned for its other side. `sheetwise` keeps the gripper edge, `perfecting` "
        "changes it, both with plates for each side; `work-and-turn` and `work-and-tumble` print both sides "
        "with one plate.",
    )
    backs: Literal["head-to-head", "head-to-foot"] = Field(
        default="head-to-head",
        description="How a back stands behind its front; `head-to-foot` is turned over its head.",
    )
    folds: tuple[Half, ...] = Field(
        default=(),
        description="How the sheet of a booklet is folded: each time the half that is laid on the other. The last one "
        "makes the spine.",
    )
    binding: Literal["left", "right"] = Field(default="left", description="Where the spine is.")
    creep: LengthField = Field(
        default=NOTHING,
        description="The thickness of the paper: by so much each leaf of a booklet pushes those in its fold outwards, "
        "and its pages are moved towards the spine.",
    )
    ground_off: LengthField = Field(default=NOTHING, description="What milling takes off each page at a glued spine.")
    most_pages: int | None = Field(default=None, ge=4, description="The most pages that the stitching takes.")
    blanks: Literal["at-end", "before-last"] = Field(
        default="at-end",
        description="Where blank pages go that fill the last sheet of a booklet; `before-last`: its last page stays "
        "the back of its cover.",
    )
    rotate: bool = Field(default=True, description="Whether pages may be turned to go into their cells.")
    marks: tuple[Mark, ...] = Field(
        default=("crop", "fold", "registration", "color-bar", "slug"),
        description="What is printed around the pages: `crop`, `fold` and `registration` marks, a `color-bar`, the "
        "`slug` "
        "line, a `code` for the cutter.",
    )

    @model_validator(mode="before")
    @classmethod
    def _booklets_are_folded_once(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and value.get("method") in BOUND and "extends" not in value:
            binding = value.get("binding", "left")
            return {"columns": 2, "rows": 1, "folds": [binding], "turn": "sheetwise", **value}
        return value

    @property
    def is_bound(self) -> bool:
        return self.method in BOUND

    @property
    def gaps(self) -> tuple[float, float]:
        """The gutters in points."""
        return self.gutter[0].points(0), self.gutter[1].points(0)

    def section(self) -> Section:
        """The folded sheet of a booklet. Raises DoesNotAddUp."""
        return folded(self.columns or 1, self.rows or 1, self.folds, self.binding)

    def sheet_size(self) -> tuple[float, float]:
        """Width and height in points, as the sheet lies."""
        width, height = self.stock.size
        lies = {"portrait": width > height, "landscape": width < height}.get(self.orientation or "", False)
        return (height, width) if lies and not self.stock.is_roll else (width, height)


def load_scheme(name: str) -> Scheme:
    """A scheme by its name, or a user's own by its file's. Raises InputError."""
    written: dict[str, Any] = {}
    last: YamlSource | None = None
    for source, _ in reversed(Extended("sheet", Scheme, FOLDER, NAMES).chain(name)):
        own = {key: value for key, value in source.data.items() if key != "extends"}
        written, last = {**written, **own}, source
    assert last is not None
    source = YamlSource(last.file, written, last.positions, last.key_positions, last.text_positions)
    scheme, faults = validate(Scheme, source)
    if scheme is None:
        raise InputError(faults)
    if fault := fold_fault(scheme, source.place(("folds",))):
        raise InputError([fault])
    return scheme


def written_scheme(name: str) -> dict[str, Any]:
    """What a scheme of ours says, with what it extends."""
    said: dict[str, Any] = {}
    for source, _ in reversed(Extended("sheet", Scheme, FOLDER, NAMES).chain(name)):
        said |= {key: value for key, value in source.data.items() if key != "extends"}
    return said


def bound_names(width: float, height: float) -> list[str]:
    """The schemes of booklets whose pages have this finished size in points, within a millimetre."""
    found = []
    for name in NAMES:
        scheme = load_scheme(name)
        if scheme.is_bound and scheme.page is not None:
            own = (edge.points(0) for edge in scheme.page)
            if all(abs(one - other) < MILLIMETRE for one, other in zip(own, (width, height), strict=True)):
                found.append(name)
    return found


def adapted(scheme: Scheme, said: Mapping[str, Any], place: Place | None = None) -> Scheme:
    """A scheme with what the command line says: words as they are, lengths in millimetres; None is not said. Raises
    InputError."""
    lengths = {name: Length(value, "mm") for name, value in said.items() if name in LENGTHS and value is not None}
    told: dict[str, Any] = {name: value for name, value in said.items() if value is not None} | lengths
    if "gutter" in lengths:
        told["gutter"] = (lengths["gutter"],) * 2
    if told.get("method") in BOUND and not scheme.is_bound:
        told = {"columns": 2, "rows": 1, "folds": (scheme.binding,), "turn": "sheetwise"} | told
    scheme = scheme.model_copy(update=told)
    if fault := fold_fault(scheme, place):
        raise InputError([fault])
    return scheme


def fold_fault(scheme: Scheme, place: Place | None = None) -> Finding | None:
    """What is wrong with the folds of a booklet."""
    if not scheme.is_bound:
        return None
    try:
        scheme.section()
    except DoesNotAddUp as error:
        hint = "each fold halves the sheet, until one page lies on the others: two columns take one fold"
        return Finding(Severity.ERROR, "fold-does-not-add-up", str(error), place, hint)
    return None
