"""A code for scanners and telephones, in bars or squares of one ink."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from pressrun.graphics.codes.barcodes import Symbol, cleared, symbol
from pressrun.layers.code import numbers
from pressrun.layers.code.geometry import Asked, Standing, of_bars, of_cells, quiet_of
from pressrun.layers.code.options import QR, CodeOptions
from pressrun.layers.code.words import Words, text_options
from pressrun.model.code_mark import CodeMark
from pressrun.model.composition import CannotCompose, Composing
from pressrun.model.geometry import Rect
from pressrun.model.sheet import LogoMark, Mark, TextMark


class CodeLayer(CodeOptions):
    """Drawn in bars and squares of exactly one module each, whatever its box; as large as that lets it be, or in the
    size of its standard."""

    def aspect(self, composing: Composing) -> float | None:
        return None if self.symbology.is_linear or self.code in ("pdf417", "rmqr") else 1.0

    def compose(self, composing: Composing) -> Iterator[Mark]:
        said = self._said(composing)
        add_on = numbers.add_on(composing.content.get("add_on", ""))
        made = self._symbol(said, add_on)
        standing = self._standing(composing, made, said, add_on)
        logo = self._logo(composing, standing)
        texts: list[TextMark] = []
        if self.is_read_by_people:
            words = composing.once(lambda one: Words(one.text_layer(text_options(self.role, self.color))))
            texts = list(self._words(words, composing, standing, said, add_on))
        mark = self._mark(composing, standing, said if not add_on else f"{said} {add_on}", logo)
        yield replace(mark, words=tuple(one.layer for one in texts)) if texts else mark
        yield from [logo] if logo else []
        yield from texts

    def _said(self, composing: Composing) -> str:
        """What the code says. Raises CannotCompose."""
        if self.content is not None:
            name, content = self.content
            own = {key.removeprefix(f"{name}."): text for key, text in composing.content.items()}
            return content.encoded(own)
        value = composing.content.get("value", "").strip()
        if not value:
            raise CannotCompose("empty-code", "the code has no value", "fill the cell, or give the layer a `when`")
        if self.symbology.digits:
            return numbers.digits(self.code, value)
        if self.code == "gs1-digital-link":
            return numbers.digital_link(value, self.domain)
        if self.code in ("gs1-128", "gs1-data-matrix"):
            return "".join(numbers.readable(numbers.elements(value)))
        return numbers.capitals(value) if self.code == "code-39" else value

    def _symbol(self, said: str, add_on: str) -> Symbol:
        value = numbers.with_add_on(said, add_on)
        if self.code in ("gs1-128", "gs1-data-matrix"):
            value = numbers.bracketed(numbers.elements(said))
        correction = self.error_correction if self.code in QR and self.code not in ("micro-qr", "rmqr") else ""
        try:
            return symbol(self.code, value, correction, self.columns or 0)
        except ValueError as error:
            one = self.symbology
            if "too long" in str(error) or "too many" in str(error):
                message = f"{len(said)} characters do not fit into {one.title}"
                raise CannotCompose("code-too-long", message, "shorten it, or take a kind that holds more") from error
            message = f"a code of {one.title} says {one.says}; this is '{said}'"
            raise CannotCompose("code-wrong-characters", message) from error

    def _standing(self, composing: Composing, made: Symbol, said: str, add_on: str) -> Standing:
        box, one = composing.rect(self), self.symbology
        quiet = quiet_of(one, self.quiet, bool(add_on))
        from_right = composing.mirrored(self)
        if not one.is_linear:
            lines = len(self._lines(said)) if self.is_read_by_people else 0
            return of_cells(made, quiet, box, lines, from_right)
        asked = Asked(
            self.magnification,
            self.height.points(box.height) if self.height else None,
            1 if self.is_read_by_people else 0,
            self.code == "isbn" and self.is_read_by_people,
            self.bearer if self.code == "itf-14" else "none",
        )
        return of_bars(one, made, quiet, box, asked, from_right)

    def _mark(self, composing: Composing, standing: Standing, said: str, logo: LogoMark | None) -> CodeMark:
        modules = standing.symbol.rows
        if logo:
            modules = cleared(modules, self.logo_size)
        return CodeMark(
            layer=composing.layer,
            rect=standing.rect,
            value=said,
            modules=modules,
            ink=composing.ink(self.color),
            ground=composing.ink(self.ground) if self.ground else None,
            kind=self.code,
            core=standing.core,
            module=standing.module,
            quiet=standing.quiet,
            heights=() if set(standing.symbol.heights) == {1.0} else standing.symbol.heights,
            fineness=standing.symbol.fineness,
            reads=standing.symbol.reads,
            reduction=self.bar_width_reduction.points(standing.module) if self.bar_width_reduction else 0.0,
            least=self.least_module.points(0) if self.least_module else None,
        )

    def _logo(self, composing: Composing, standing: Standing) -> LogoMark | None:
        if not self.logo:
            return None
        core, side = standing.core, self.logo_size * standing.core.width
        rect = Rect(core.x + (core.width - side) / 2, core.y + (core.height - side) / 2, side, side)
        inks = {swatch.srgb: composing.ink(name) for name, swatch in composing.brand.palette.items()}
        candidates = tuple((name, composing.logos[name]) for name in self.logo)
        return LogoMark(composing.layer, rect, candidates, "center", "middle", inks)

    def _lines(self, said: str) -> list[str]:
        """What stands below it: of GS1 DataMatrix each identifier on a line of its own."""
        if self.code == "gs1-data-matrix":
            return numbers.readable(numbers.elements(said))
        return [said]

    def _words(
        self, words: Words, composing: Composing, standing: Standing, said: str, add_on: str
    ) -> Iterator[TextMark]:
        if not self.symbology.is_retail:
            lines = self._lines(said)
            if self.code == "itf-14":
                lines = [f"{said[0]} {said[1:3]} {said[3:8]} {said[8:13]} {said[13]}"]
            yield from words.below(composing, standing, lines)
            return
        yield from words.digits(composing, standing, said, add_on, self.code)
        if self.code == "isbn":
            yield from words.title(composing, standing, f"ISBN {numbers.hyphenated(said)}")
