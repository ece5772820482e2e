"""What can be seen on a page, each with the places where it was seen. Lengths are points, ink is in percent."""

from __future__ import annotations

from msgspec import Struct

from pressrun.readers.press_pdf.color_space import ColorSpace


class Problem(Struct, frozen=True):
    """Something that could not be read."""

    text: str


class WrongType(Struct, frozen=True):
    """A key whose value is of a type that it may not have."""

    text: str


class OverBudget(Struct, frozen=True):
    """Why reading ended before the page did."""

    text: str


class SpaceUsed(Struct, frozen=True):
    """A colour space that something was painted in; ``where`` is empty for what simply stands on the page."""

    space: ColorSpace
    where: str = ""


class GroupSpace(Struct, frozen=True):
    """The space that a transparency group blends in."""

    label: str


class Transparency(Struct, frozen=True):
    """``kind`` is what makes it: opacity, a blend mode, a soft mask."""

    kind: str


class GraphicsKey(Struct, frozen=True):
    """A key of an ExtGState that a press must not be given, and the place in the standard's list that it has."""

    key: str


class XObjectKind(Struct, frozen=True):
    """Something drawn that is neither a picture nor a form as PDF/X knows them: OPI, PostScript, a reference."""

    kind: str


LZW = "LZW"  # what a stream, or an inline picture, is packed by


class InkSum(Struct, frozen=True):
    """A flat colour whose plates add up to more than the limit."""

    total: float


class InkTogether(Struct, frozen=True):
    """What lies over each other adds up to more than the limit, on a part of the page (0 to 1)."""

    total: float
    part: float


class UnknownInk(Struct, frozen=True):
    """Something of which the ink cannot be told: what it is, and why."""

    title: str
    problem: str


class WhiteOverprint(Struct, frozen=True):
    """White that overprints; ``by`` is the space it is white in."""

    by: str


class Registration(Struct, frozen=True):
    """Something painted in all plates."""


class Unprinted(Struct, frozen=True):
    """Something painted in no plate."""


class SpotDefined(Struct, frozen=True):
    """What a spot ink looks like on devices that do not have it: its alternate colour, as written. ``belies``: it has
    the name of a process ink and the colour of something else."""

    name: str
    definition: str
    belies: bool = False


class HiddenText(Struct, frozen=True):
    """Text that nobody sees in print, and why."""

    text: str


class TextBeyond(Struct, frozen=True):
    """Text that lies wholly beyond the edges of the page."""


class WrongSetting(Struct, frozen=True):
    """A setting that cannot be, of which each program makes something else."""

    text: str


class BrokenTint(Struct, frozen=True):
    """Why the program that says what stands for an ink cannot be used, and of which inks."""

    inks: str
    text: str


class BrokenProfile(Struct, frozen=True):
    """Why a colour's ICC profile cannot be used."""

    text: str


class BrokenPicture(Struct, frozen=True):
    """Why a picture cannot be drawn, or not to its end; ``perhaps``: some programs draw it all the same."""

    name: str
    text: str
    perhaps: bool = False


class Unbalanced(Struct, frozen=True):
    """Graphics states that are restored and were not saved, or saved and not restored."""

    text: str


class Font(Struct, frozen=True):
    """A font that draws visible text. ``broken`` is why its program cannot be used."""

    name: str
    kind: str
    embedded: bool
    subset: bool
    broken: str = ""


class TextShown(Struct, frozen=True):
    """Text in one font and size. ``mixed``: of plates that have to lie exactly over each other. ``black``: of black
    ink alone. ``knocks_out``: such text removes what other inks are under it. ``undefined``: characters that the font
    does not have are among it. ``reversed``: it is light, and left out of a ground of several inks."""

    font: Font
    size: float
    mixed: bool = False
    black: bool = False
    knocks_out: bool = False
    undefined: bool = False
    reversed: bool = False


class LineDrawn(Struct, frozen=True):
    """A line that is stroked, or an area so narrow that it is one."""

    width: float
    mixed: bool = False
    filled: bool = False


class ImageUse(Struct, frozen=True):
    """A picture as it is placed: pixels, and how many of them come to an inch there, along its worse edge.

    ``max_ink`` (percent, all plates) is None where it is not CMYK or could not be measured; ``heavy`` is the part of
    its area over the limit it was measured with; ``quality`` what a JPEG was saved with, 1 to 100, by its tables.
    ``is_soft_mask``: it is the mask of another picture; a hard one, where it ``is_mask`` too.
    """

    name: str
    width: int
    height: int
    ppi: float
    bits: int
    space: ColorSpace | None
    is_mask: bool = False
    max_ink: float | None = None
    heavy: float = 0.0
    problem: str | None = None
    quality: int | None = None
    is_soft_mask: bool = False

    @property
    def title(self) -> str:
        mask = "" if not self.is_soft_mask else "the mask of " if self.is_mask else "the soft mask of "
        return f"{mask}the picture {self.name} ({self.width} x {self.height})"


Trait = (
    Problem | BrokenProfile | BrokenPicture | Unbalanced | WrongType | OverBudget | SpaceUsed | GroupSpace
    | Transparency | GraphicsKey | XObjectKind | InkSum | InkTogether | UnknownInk | WhiteOverprint | Registration
    | Unprinted | HiddenText | TextBeyond | WrongSetting | BrokenTint | SpotDefined | TextShown | LineDrawn | ImageUse
)  # fmt: skip
