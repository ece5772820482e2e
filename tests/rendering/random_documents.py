"""PDFs at random: pages of every kind of colour, clip, form, picture and transparency, as any program may write them."""

from __future__ import annotations

import io
import random

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

WIDTH, HEIGHT, AROUND = 150.0, 110.0, 12.0  # points: the bleed box, and what lies around it
BLENDS = ("Normal", "Multiply", "Screen", "Overlay", "Darken", "HardLight")
SPOTS = {"Gold Leaf": (0.1, 0.3, 0.9, 0.05), "Varnish": (0.0, 0.1, 0.2, 0.0)}


class Page:
    """Content and resources of one page while they are drawn; forms are drawn by the same hand."""

    def __init__(self, pdf: Pdf, dice: random.Random) -> None:
        self.pdf, self.dice = pdf, dice
        self.content: list[str] = []
        self.resources = Dictionary(
            ColorSpace=Dictionary(),
            ExtGState=Dictionary(),
            XObject=Dictionary(),
            Pattern=Dictionary(),
            Shading=Dictionary(),
        )

    def named(self, kind: str, value: pikepdf.Object) -> str:
        known = self.resources[f"/{kind}"]
        name = f"/{self.dice.choice('GIRk')}{len(known)}"
        known[name] = value
        return name

    def ink(self, mixes: bool) -> str:
        """Operators that set a colour to fill and to draw lines with; no pattern if it ``mixes`` with what is below,
        where Ghostscript has the paper mix too."""
        dice = self.dice
        kind = dice.choice(("k", "k", "g", "spot", "several", "indexed", *(() if mixes else ("pattern", "tile"))))
        if kind == "k":
            values = " ".join(f"{dice.choice((0, 0, dice.random())):.3f}" for _ in range(4))
            return f"{values} k {values} K"
        if kind == "g":
            return f"{dice.random():.3f} g {dice.random():.3f} G"
        if kind == "pattern":
            name = self.named("Pattern", self.pdf.make_indirect(Dictionary(PatternType=2, Shading=self.shading())))
            return f"/Pattern cs {name} scn"
        if kind == "tile":
            name = self.named("Pattern", self.tile())
            return f"/Pattern cs {name} scn"
        space = {"spot": self.spot, "several": self.several, "indexed": self.indexed}[kind]()
        name = self.named("ColorSpace", self.pdf.make_indirect(space))
        if kind == "indexed":
            return f"{name} cs {dice.randrange(4)} sc"
        values = " ".join(f"{dice.random():.3f}" for _ in range(1 if kind == "spot" else 2))
        return f"{name} cs {values} scn {name} CS {values} SCN"

    def spot(self) -> Array:
        name = self.dice.choice(sorted(SPOTS))
        return Array([Name.Separation, Name(f"/{name}"), Name.DeviceCMYK, tint(SPOTS[name])])

    def several(self) -> Array:
        first = self.dice.choice(sorted(SPOTS))
        program = (
            b"{ "
            + " ".join(
                f"1 index {value:.3f} mul" + (" 1 index add dup 1 gt {pop 1} if" if at == 3 else "") + " 3 1 roll"
                for at, value in enumerate(SPOTS[first])
            ).encode()
            + b" pop pop }"
        )
        into = self.pdf.make_stream(program, FunctionType=4, Domain=Array([0, 1, 0, 1]), Range=Array([0, 1] * 4))
        return Array([Name.DeviceN, Array([Name(f"/{first}"), Name.Black]), Name.DeviceCMYK, into])

    def indexed(self) -> Array:
        return Array([Name.Indexed, Name.DeviceCMYK, 3, pikepdf.String(self.dice.randbytes(16))])

    def shading(self) -> pikepdf.Object:
        dice = self.dice
        axial = dice.random() < 0.5
        coordinates = [dice.uniform(0, WIDTH), dice.uniform(0, HEIGHT), dice.uniform(0, WIDTH), dice.uniform(0, HEIGHT)]
        if not axial:
            coordinates = [*coordinates[:2], 2.0, *coordinates[2:], dice.uniform(10, 40)]
        space, ends = (Name.DeviceCMYK, 4) if dice.random() < 0.7 else (self.spot(), 1)
        blend = Dictionary(
            FunctionType=2,
            Domain=Array([0, 1]),
            N=1,
            C0=Array([round(dice.random(), 3) for _ in range(ends)]),
            C1=Array([round(dice.random(), 3) for _ in range(ends)]),
        )
        edges = Array([dice.random() < 0.5, dice.random() < 0.5])
        return self.pdf.make_indirect(
            Dictionary(
                ShadingType=2 if axial else 3,
                ColorSpace=space,
                Coords=Array([round(at, 2) for at in coordinates]),
                Function=blend,
                Extend=edges,
            )
        )

    def tile(self) -> pikepdf.Object:
        values = " ".join(f"{self.dice.random():.2f}" for _ in range(4))
        return self.pdf.make_stream(
            f"{values} k 0 0 5 8 re f".encode(),
            Type=Name.Pattern,
            PatternType=1,
            PaintType=1,
            TilingType=1,
            BBox=Array([0, 0, 10, 10]),
            XStep=10,
            YStep=12,
            Resources=Dictionary(),
            Matrix=Array([1, 0.2, 0, 1, 3, 4]),
        )

    def state(self) -> tuple[str, bool]:
        """What sets a graphics state, and whether it mixes with what is below."""
        dice = self.dice
        values = Dictionary(Type=Name.ExtGState)
        if dice.random() < 0.5:
            values.ca = values.CA = round(dice.uniform(0.2, 1), 2)
        if dice.random() < 0.4:
            values.BM = Name(f"/{dice.choice(BLENDS)}")
        elif dice.random() < 0.3:  # Ghostscript does not mix what overprints
            values.op = values.OP = True
            values.OPM = dice.choice((0, 1))
        return f"{self.named('ExtGState', self.pdf.make_indirect(values))} gs", "/BM" in values

    def path(self) -> str:
        dice = self.dice
        x, y = dice.uniform(-10, WIDTH - 20), dice.uniform(-10, HEIGHT - 20)
        if dice.random() < 0.6:
            return f"{x:.2f} {y:.2f} {dice.uniform(8, 80):.2f} {dice.uniform(8, 70):.2f} re"
        points = " ".join(f"{dice.uniform(0, WIDTH):.2f} {dice.uniform(0, HEIGHT):.2f}" for _ in range(3))
        return f"{x:.2f} {y:.2f} m {points} c h"

    def picture(self) -> pikepdf.Object:
        dice = self.dice
        bands, space = dice.choice(((4, Name.DeviceCMYK), (1, Name.DeviceGray), (1, self.spot())))
        picture = self.pdf.make_stream(
            dice.randbytes(bands * 9),
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=3,
            Height=3,
            BitsPerComponent=8,
            ColorSpace=space,
        )
        if dice.random() < 0.3:
            picture.SMask = self.pdf.make_stream(
                dice.randbytes(4),
                Type=Name.XObject,
                Subtype=Name.Image,
                Width=2,
                Height=2,
                BitsPerComponent=8,
                ColorSpace=Name.DeviceGray,
            )
        return picture

    def form(self, depth: int) -> pikepdf.Object:
        inner = Page(self.pdf, self.dice)
        inner.draw(self.dice.randint(1, 3), depth + 1)
        dice = self.dice
        form = self.pdf.make_stream(
            "\n".join(inner.content).encode(),
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, round(dice.uniform(60, WIDTH), 1), round(dice.uniform(40, HEIGHT), 1)]),
            Matrix=Array([round(dice.uniform(0.5, 1.2), 3), 0, round(dice.uniform(-0.2, 0.2), 3), 0.9, 5, 3]),
            Resources=inner.resources,
        )
        if dice.random() < 0.5:
            form.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK, I=dice.random() < 0.5)
        return form

    def draw(self, things: int, depth: int = 0) -> None:
        dice, content = self.dice, self.content
        for _ in range(things):
            content.append("q")
            mixes = False
            if dice.random() < 0.5:
                state, mixes = self.state()
                content.append(state)
            if dice.random() < 0.3:
                content.append(f"{self.path()} W{dice.choice(('', '*'))} n")
            if dice.random() < 0.3:
                content.append(f"0.9 {dice.uniform(-0.3, 0.3):.3f} {dice.uniform(-0.3, 0.3):.3f} 1.1 4 -3 cm")
            kind = dice.choice(("path", "path", "path", "picture", "shading", "form"))
            if kind == "path":
                how = dice.choice(("f", "f*", "S", "B", "b*"))
                content.append(f"{self.ink(mixes)} {dice.uniform(0.5, 6):.2f} w {self.path()} {how}")
            elif kind == "picture":
                at = f"{dice.uniform(20, 60):.1f} 0 0 {dice.uniform(20, 60):.1f} {dice.uniform(0, 90):.1f} {dice.uniform(0, 60):.1f}"
                content.append(f"{at} cm {self.named('XObject', self.picture())} Do")
            elif kind == "shading":
                content.append(f"{self.path()} W n {self.named('Shading', self.shading())} sh")
            elif depth < 3:
                content.append(f"{self.named('XObject', self.form(depth))} Do")
            content.append("Q")


def tint(inks: tuple[float, ...]) -> Dictionary:
    """Of a spot, what stands for it in process inks."""
    return Dictionary(
        FunctionType=2, Domain=Array([0, 1]), N=1, C0=Array([0] * 4), C1=Array([round(v, 3) for v in inks])
    )


def document(seed: int, most: int = 9) -> bytes:
    """One page, whose bleed box is `WIDTH` x `HEIGHT` points as it stands before it is turned."""
    dice = random.Random(seed)
    pdf = pikepdf.new()
    page = Page(pdf, dice)
    page.draw(dice.randint(1, most))
    left, low = dice.choice((0, 0, 37.5)), dice.choice((0, 0, -20.25))
    shift = f"q 1 0 0 1 {left + AROUND:g} {low + AROUND:g} cm\n"
    box = [left, low, left + WIDTH + 2 * AROUND, low + HEIGHT + 2 * AROUND]
    bleed = [left + AROUND, low + AROUND, left + AROUND + WIDTH, low + AROUND + HEIGHT]
    trim = [bleed[0] + 10, bleed[1] + 10, bleed[2] - 10, bleed[3] - 10]
    made = Dictionary(
        Type=Name.Page,
        MediaBox=Array(box),
        BleedBox=Array(bleed),
        TrimBox=Array(trim),
        Resources=page.resources,
        Contents=pdf.make_stream((shift + "\n".join(page.content) + "\nQ").encode()),
    )
    if dice.random() < 0.3:
        made.Rotate = dice.choice((90, 180, 270))
    if dice.random() < 0.3:
        made.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(made)))
    out = io.BytesIO()
    pdf.save(out, static_id=True)
    return out.getvalue()


def turned_size(data: bytes) -> tuple[float, float]:
    """Width and height of the document's bleed box as people see it, in points."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        turn = int(pdf.pages[0].obj.get("/Rotate", 0))
    return (WIDTH, HEIGHT) if turn % 180 == 0 else (HEIGHT, WIDTH)
