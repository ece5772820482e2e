"""A form opened, and its page taken apart."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import pikepdf

from pressrun.designs.form_pdf import buttons
from pressrun.designs.form_pdf.appearance import alone, shown_lines
from pressrun.designs.form_pdf.artwork import without_fields
from pressrun.designs.form_pdf.fields import COMB, PASSWORD, PUSHBUTTON, Widget, up, widgets
from pressrun.designs.form_pdf.looks import Look, Looks
from pressrun.designs.form_pdf.page import SeenPage
from pressrun.designs.form_pdf.texts import comb_parts, text_part
from pressrun.language.design_names import FreeNames, means_a_code, plain_name
from pressrun.model.design import (
    ROWS,
    ArtworkPart,
    CodePart,
    Column,
    Design,
    DesignFile,
    DesignPage,
    DesignPart,
    Kind,
    PicturePart,
)
from pressrun.model.finding import Finding
from pressrun.model.geometry import Rect
from pressrun.readers.press_pdf.boxes import read_boxes
from pressrun.readers.press_pdf.budget import Budget, Spent, bounded_streams
from pressrun.readers.press_pdf.facts import Boxes, Object
from pressrun.readers.press_pdf.keys import Keys
from pressrun.readers.press_pdf.operators import BROKEN, first_line

MOST_PAGES = 200  # of a layout
UNLOCK = "open it in the program that made it, and save it without a password"


def read_form(file: DesignFile) -> Design:
    """A form, or a page of it, as parts: what its fields hold becomes texts, pictures, codes and ticks, the rest is
    artwork. Raises InputError for a file that has none to give."""
    if file.more:
        hint = "put its pages into one PDF, or import each under a --name of its own"
        raise file.unusable("several-designs", "a layout of several files is made of SVGs", hint)
    try:
        with bounded_streams(), pikepdf.open(io.BytesIO(file.data)) as pdf:
            if pdf.is_encrypted:
                raise file.unusable("locked-design", "the PDF is encrypted", UNLOCK)
            return _Form(pdf, file).design()
    except pikepdf.PasswordError:
        raise file.unusable("locked-design", "the PDF is encrypted, and asks for a password", UNLOCK) from None
    except (*BROKEN, Spent) as error:
        why = first_line(error)
        hint = "open it in the program that made it, and save it again"
        raise file.unusable("broken-design", f"the PDF cannot be read: {why}", hint) from error


class _Form:
    """A form, or one page of it, taken apart widget by widget."""

    def __init__(self, pdf: pikepdf.Pdf, file: DesignFile) -> None:
        self.pdf, self.file = pdf, file
        self.keys = Keys(lambda _: None)
        self.form = self.keys.dictionary(pdf.Root, "/AcroForm")
        self.looks = Looks(self.form, self.keys, Budget(len(file.data)))
        self.ids, self.columns = FreeNames(), dict[str, Column]()
        self.names = FreeNames("_")
        self.named: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self.notes: list[Finding] = []

    def design(self) -> Design:
        numbers = self._numbers()
        found = {at: list(widgets(self.pdf.pages[at - 1].obj, self.form, self.keys)) for at in numbers}
        if not any(found.values()):
            raise self._without_fields()
        self.states: dict[str, set[str]] = {}
        for widget in (widget for some in found.values() for widget in some):
            if widget.kind == "Btn" and not widget.has(PUSHBUTTON):
                told = {state for state, _ in buttons.states(widget, self.keys)}
                self.states.setdefault(widget.name, set()).update(told)
        artwork = self.file.path("page.pdf")
        seen = {at: self._seen(self.pdf.pages[at - 1].obj) for at in numbers}
        first, *further = [
            self._one_page(seen[at], found[at], artwork, number) for number, at in enumerate(numbers, start=1)
        ]
        if self.file.page is not None:
            self._other_pages()
        locale = self.keys.text(self.pdf.Root, "/Lang")
        self.files[artwork] = without_fields(self.pdf, {at: (seen[at], found[at]) for at in numbers}, self.keys)
        return Design(
            first.width, first.height, first.bleed, "print", first.parts, tuple(self.columns.values()), self.files,
            tuple(self.notes), locale, tuple(further),
        )  # fmt: skip

    def _one_page(self, seen: SeenPage, found: Sequence[Widget], artwork: str, number: int) -> DesignPage:
        """A page, which is so many pages from the beginning of its artwork."""
        bleed = seen.bleed * seen.unit
        id = self.ids.free("artwork")
        parts: list[DesignPart] = [
            ArtworkPart(id=id, box=Rect(-bleed, -bleed, 0, 0), file=artwork, page=number, bleeds=True)
        ]
        for widget in found:
            parts += self._parts(widget, seen)
        return DesignPage(*seen.size, bleed, tuple(parts))

    def _numbers(self) -> Sequence[int]:
        """The pages that are taken, from 1."""
        count = len(self.pdf.pages)
        if not count:
            raise self.file.unusable("missing-design-page", "the PDF has no page", "save it again, with its pages")
        if self.file.page is None:
            if count > MOST_PAGES:
                message = f"the PDF has {count} pages, and a layout is made of {MOST_PAGES} at most"
                raise self.file.unusable("too-many-design-pages", message, "write --page with the one that is meant")
            return range(1, count + 1)
        if not 1 <= self.file.page <= count:
            message = f"there is no page {self.file.page}; the PDF has {count}"
            raise self.file.unusable("missing-design-page", message, f"--page takes 1 to {count}")
        return (self.file.page,)

    def _without_fields(self) -> Exception:
        others = self._with_fields()
        hint = "add form fields where something shall be filled in, and export it as an interactive PDF"
        if "/XFA" in self.form:
            hint = "it is an XFA form: print it to a static PDF, and add fields to that"
        elif others:
            hint = f"pages with fields: {', '.join(map(str, others))}; write --page {others[0]}"
        message = f"page {self.file.page} of the PDF has no form fields" if self.file.page else "it has no form fields"
        return self.file.unusable("no-fields", message, hint)

    def _with_fields(self) -> list[int]:
        pages = enumerate(self.pdf.pages, 1)
        return [at for at, page in pages if any(widgets(page.obj, self.form, self.keys)) and at != self.file.page]

    def _other_pages(self) -> None:
        if others := self._with_fields():
            message = f"fields of other pages are left out: {', '.join(map(str, others))}"
            self.notes.append(self.file.note("page-left-out", message, f"import them too, with --page {others[0]}"))

    def _seen(self, page: Object) -> SeenPage:
        boxes = read_boxes(page, self.keys)
        unit = max(self.keys.number(page, "/UserUnit", 1), 1e-6)
        turn = next((self.keys.count(one, "/Rotate") for one in up(page) if "/Rotate" in one), 0)
        trim = boxes.finished or boxes.crop or boxes.media
        left, bottom, right, top = trim
        return SeenPage(
            (left / unit, bottom / unit, right / unit, top / unit), turn % 360 // 90 * 90, unit, _bleed(boxes) / unit
        )  # fmt: skip

    def _parts(self, widget: Widget, seen: SeenPage) -> Iterator[DesignPart]:
        name = self._name(widget.name)
        if widget.is_hidden:
            hint = "show it in the form, or write a layer for it"
            self._left_out(widget, "is hidden, and left out", hint)
        elif widget.kind in ("Tx", "Ch"):
            yield from self._text(widget, name, seen)
        elif widget.kind == "Btn":
            yield from self._button(widget, name, seen)
        else:
            what = "is a signature" if widget.kind == "Sig" else "is of no kind that we know"
            self._left_out(widget, f"{what}, and left out", "write a layer for it, if something shall stand there")

    def _name(self, written: str) -> str:
        """The column of a field: one for all of its widgets."""
        if written not in self.named:
            self.named[written] = self.names.free(plain_name(written.removesuffix(buttons.IMAGE_FIELD)))
        return self.named[written]

    def _column(self, name: str, sample: str, kind: Kind = "text") -> None:
        self.columns.setdefault(name, Column(ROWS, name, sample, kind))

    def _text(self, widget: Widget, name: str, seen: SeenPage) -> Iterator[DesignPart]:
        self._column(name, "\n".join(widget.values))
        look, id = self.looks.of(widget), self.ids.free(name)
        if self._is_code(widget, name):
            box, turn = buttons.around(widget, seen)
            value = f"{ROWS}.{name}"
            yield CodePart(id=id, box=box, turn=turn, when=value, value=f"{{{{ {value} }}}}", color=look.color)
            return
        self._told(widget, look, id)
        shown = shown_lines(widget, self.form, self.keys)
        if widget.has(COMB) and widget.most:
            yield from comb_parts(id, f"{ROWS}.{name}", widget, look, shown, seen)
        else:
            yield text_part(id, f"{{{{ {ROWS}.{name} }}}}", widget, look, shown, seen)

    def _is_code(self, widget: Widget, name: str) -> bool:
        """Whether it is a code that we can draw: by its kind, else by its name."""
        barcode = self.keys.dictionary(widget.look, "/PMD")
        kind = self.keys.name(barcode, "/Symbology")
        if kind and kind != "QRCode":
            self._left_out(widget, f"is a code of the kind {kind}, and set as text", "make it a QR code")
        return kind == "QRCode" or (not kind and means_a_code(name))

    def _told(self, widget: Widget, look: Look, id: str) -> None:
        """What a layer does not do as the field did."""
        if not look.is_plain:
            message = "its colour is in a space of its own, and became black"
            self._note("color-not-read", widget, message, "give the layer a colour of the palette", id)
        if widget.scripts:
            message = "the form's scripts format, check or work out what stands in it"
            hint = "write that into the layer's text as a filter: pressrun explain filters"
            self._note("script-left-out", widget, message, hint, id)
        if widget.is_rich:
            message = "words of it have a look of their own, which is left out"
            self._note("markup-left-out", widget, message, "write `markup: true`, and mark them up in the table", id)
        if widget.has(PASSWORD):
            self._note("field-left-out", widget, "the form hides what is typed into it", "delete the layer", id)
        if widget.most and not widget.has(COMB):
            message = f"the form takes {widget.most} characters, and the layer what fits"
            self._note("most-characters", widget, message, "keep to them in the table", id)

    def _button(self, widget: Widget, name: str, seen: SeenPage) -> Iterator[DesignPart]:
        if not widget.has(PUSHBUTTON):
            yield from self._ticks(widget, name, seen)
            return
        if not buttons.is_picture(widget, self.keys):
            self._left_out(widget, "is a button without a picture, and left out", "nothing need be done")
            return
        suffix, data = buttons.picture_shown(widget, self.form, self.keys)
        file, id = self.file.path(f"{name}{suffix}"), self.ids.free(name)
        self.files[file] = data
        self._column(name, file)
        box, turn = buttons.around(widget, seen)
        value = f"{ROWS}.{name}"
        yield PicturePart(id=id, box=box, turn=turn, when=value, file=f"{{{{ {value} }}}}")

    def _ticks(self, widget: Widget, name: str, seen: SeenPage) -> Iterator[DesignPart]:
        chosen = buttons.is_choice(widget, self.states)
        on = next(iter(widget.values), "Off")
        states = list(buttons.states(widget, self.keys))
        if not states:
            self._left_out(widget, "has no look for when it is on, and is left out", "write a layer for it")
        for state, said in states:
            shown = alone(widget, self.form, self.keys, state, seen.turn)
            if shown is None:
                continue
            id = self.ids.free(f"{name}-{plain_name(said)}" if chosen else name)
            if chosen:
                self._column(name, "")
                if state == on or said == on:
                    self.columns[name] = Column(ROWS, name, said)
            else:
                self._column(name, "yes" if on == state else "no", "boolean")
            file = self.file.path(f"{id}.pdf")
            self.files[file] = shown
            quoted = "'" + said.replace("\\", "\\\\").replace("'", "\\'") + "'"
            when = f"{ROWS}.{name} == {quoted}" if chosen else f"{ROWS}.{name}"
            yield buttons.tick(id, file, when, widget, seen)

    def _left_out(self, widget: Widget, what: str, hint: str) -> None:
        self._note("field-left-out", widget, what, hint)

    def _note(self, code: str, widget: Widget, what: str, hint: str, layer: str | None = None) -> None:
        self.notes.append(self.file.note(code, f"field '{widget.name or 'without a name'}': {what}", hint, layer))


def _bleed(boxes: Boxes) -> float:
    """How far beyond its trim the page bleeds on all sides, in points: the least of the four."""
    trim, bleed = boxes.finished, boxes.bleed
    if trim is None or bleed is None:
        return 0.0
    sides: Sequence[float] = (trim[0] - bleed[0], trim[1] - bleed[1], bleed[2] - trim[2], bleed[3] - trim[3])
    media = boxes.media
    room = (trim[0] - media[0], trim[1] - media[1], media[2] - trim[2], media[3] - trim[3])
    return max(0.0, min(*sides, *room))
