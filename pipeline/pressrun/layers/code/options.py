"""What a layout may say of a code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from pressrun.layers.code.contents import Content, Event, Payment, Url, VCard, Wifi
from pressrun.model.geometry import FractionField, LengthField, Rect
from pressrun.model.layout import LayerOptions, Misfit, Names, NameUsed
from pressrun.model.symbology import SYMBOLOGIES, CodeKind, Symbology
from pressrun.model.table_content import Written

CONTENTS = ("vcard", "url", "wifi", "payment", "event")
QR = frozenset({"qr", "micro-qr", "rmqr", "gs1-digital-link"})
OF_QR = {"L": 0.07, "M": 0.15, "Q": 0.25, "H": 0.30}  # of its area, what correction makes up for
FOR_A_LOGO = 0.5  # of that; the rest is for what happens to print


class CodeOptions(LayerOptions):
    """A code says a ``value``, or one of the contents that are written by keys. ``quiet`` is its clear zone in modules,
    inside the box; ``ground`` fills it."""

    TEMPLATES: ClassVar[tuple[str, ...]] = ("value", "add_on")

    type: Literal["code"] = Field(description="A code that scanners and telephones read.")
    code: CodeKind = Field(default="qr", description="The kind of code.")
    value: str | None = Field(
        default=None,
        description="What it says: a template. Of EAN, UPC, ISBN and ITF-14 the digits, the check digit completed or "
        "verified, and nothing guessed of a number that may lack its first zero as well; of GS1 codes application "
        "identifiers, (01)04006381333931(10)AB12.",
    )
    vcard: VCard | None = Field(default=None, description="A contact, in place of a value.")
    url: Url | None = Field(default=None, description="An address with parameters by row, in place of a value.")
    wifi: Wifi | None = Field(default=None, description="A wireless network to join, in place of a value.")
    payment: Payment | None = Field(default=None, description="A SEPA transfer to fill in, in place of a value.")
    event: Event | None = Field(default=None, description="An event for the calendar, in place of a value.")
    add_on: str | None = Field(
        default=None,
        description="The 2 or 5 digits to the right of an EAN, UPC or ISBN: an issue or a price. A template.",
    )
    domain: str = Field(
        default="id.gs1.org",
        min_length=3,
        description="The website of a GS1 Digital Link that is given by identifiers.",
    )
    color: str = Field(default="ink", description="The palette colour of the modules; dark.")
    ground: str | None = Field(
        default="paper",
        description="The palette colour under the code, quiet zone included; none lets show what is below.",
    )
    quiet: int | None = Field(
        default=None,
        ge=0,
        le=20,
        description="The clear zone around it, in modules; of codes of bars at their sides. Left out, it is what the "
        "standard asks for: 4 of a QR code, 11 and 7 of EAN-13. With 0 the modules themselves stand at the edges of "
        "the box, as a designer aligns them; the clear zone is then looked for around it.",
    )
    error_correction: Literal["L", "M", "Q", "H"] = Field(
        default="M",
        description="How much of a QR code may be damaged and still be read: L 7 %, M 15 %, Q 25 %, H 30 %. More makes "
        "finer modules.",
    )
    columns: int | None = Field(default=None, ge=1, le=30, description="How many columns of data PDF417 has.")
    magnification: FractionField | None = Field(
        default=None,
        ge=0.5,
        le=2,
        description="The size of an EAN, UPC, ISBN or ITF-14 as a share of the standard's: 80 % to 200 %, ITF-14 from "
        "50 %. Left out, it is as wide as its box.",
    )
    height: LengthField | None = Field(
        default=None, description="How high the bars are. Left out, as high as the standard says, or as the box."
    )
    bar_width_reduction: LengthField | None = Field(
        default=None,
        description="By how much bars are drawn narrower, since the press makes them wider: 0.03mm; at most 40 % of a "
        "module.",
    )
    bearer: Literal["frame", "bars", "none"] = Field(
        default="frame", description="The heavy lines of an ITF-14: around it, above and below it, or none."
    )
    text: bool | None = Field(
        default=None,
        description="Whether people can read it too. Left out, codes of bars have their line, others none.",
    )
    role: str = Field(default="body", description="The brand's typographic role of that line.")
    logo: Names | None = Field(
        default=None, description="Versions of the brand's logo for the middle of a QR code, on its ground."
    )
    logo_size: FractionField = Field(
        default=0.2,
        ge=0.05,
        le=0.5,
        description="How wide the room for the logo is, as a share of the code. Correction has to make up for it.",
    )
    least_module: LengthField | None = Field(
        default=None,
        description="The finest module that the printing process holds: 0.5mm of flexography on board. Left out, it "
        "is what the kind of code asks for.",
    )

    @property
    def symbology(self) -> Symbology:
        return SYMBOLOGIES[self.code]

    @property
    def content(self) -> tuple[str, Content] | None:
        """What it says by keys, with its name."""
        return next(((name, said) for name in CONTENTS if (said := getattr(self, name)) is not None), None)

    @property
    def is_read_by_people(self) -> bool:
        return self.symbology.has_words if self.text is None else self.text

    @property
    def templates(self) -> tuple[Written, ...]:
        own = super().templates
        if self.content is None:
            return own
        name, said = self.content
        return (*own, *(Written(one.text, (name, *one.path)) for one in said.templates()))

    def references(self) -> Iterable[NameUsed]:
        yield NameUsed("color", self.color, ("color",))
        if self.ground:
            yield NameUsed("color", self.ground, ("ground",))
        if self.is_read_by_people:
            yield NameUsed("role", self.role, ("role",))
        for at, name in enumerate(self.logo or ()):
            yield NameUsed("logo", name, ("logo", at))

    def misfits(self, rect: Rect, target: str) -> Iterator[Misfit]:
        budget = OF_QR[self.error_correction] * FOR_A_LOGO
        if self.logo and self.logo_size**2 > budget:
            message = (
                f"a logo over {self.logo_size**2:.0%} of the code is more than correction {self.error_correction} "
                f"makes up for, with half of it left for print: {budget:.1%}"
            )
            hint = f"logo_size: {int(100 * budget**0.5)}%, or error_correction: H"
            yield Misfit("code-logo-too-large", message, hint, ("logo_size",))

    @model_validator(mode="after")
    def _says_one_thing(self) -> CodeOptions:
        said = [name for name in ("value", *CONTENTS) if getattr(self, name) is not None]
        if len(said) != 1:
            of_all = f"{', '.join(('value', *CONTENTS[:-1]))} or {CONTENTS[-1]}"
            raise ValueError(f"a code says one of {of_all}" + (f", not {' and '.join(said)}" if said else ""))
        if said != ["value"] and (self.symbology.is_linear or self.code.startswith("gs1")):
            raise ValueError(f"{said[0]} is too much for {self.symbology.title}; take code: qr")
        if self.payment and (self.code != "qr" or self.error_correction != "M"):
            raise ValueError("a payment is a QR code with error_correction: M (EPC069-12)")
        return self

    @model_validator(mode="after")
    def _goes_with_its_kind(self) -> CodeOptions:
        one, given = self.symbology, self.model_fields_set
        rules = (
            ("add_on", one.is_retail, "EAN, UPC and ISBN"),
            ("domain", self.code == "gs1-digital-link", "GS1 Digital Links"),
            ("error_correction", self.code in QR, "QR codes"),
            ("columns", self.code == "pdf417", "PDF417"),
            ("magnification", one.nominal > 0, "EAN, UPC, ISBN and ITF-14"),
            ("height", one.is_linear, "codes of bars"),
            ("bar_width_reduction", one.is_linear or self.code == "pdf417", "codes of bars"),
            ("bearer", self.code == "itf-14", "ITF-14"),
            ("logo", self.code in ("qr", "gs1-digital-link"), "QR codes"),
            ("logo_size", self.logo is not None, "codes with a logo"),
        )
        for name, fits, kinds in rules:
            if name in given and getattr(self, name) is not None and not fits:
                raise ValueError(f"{name} is for {kinds}" + ("" if name == "logo_size" else f", not {one.title}"))
        if self.magnification and one.is_retail and self.magnification < 0.8:
            raise ValueError(f"{one.title} is printed at 80 % to 200 %")
        if self.text and self.content and self.url is None:
            raise ValueError(f"{self.content[0]} is for telephones; what people are to read is a text layer")
        if self.logo and not self.ground:
            raise ValueError("a logo in a code stands on its ground; name one")
        return self
