"""Logos where a layer names none: the brand's own ones."""

from __future__ import annotations

import pytest
from rendering_kit import Press

from pressrun.model.sheet import LogoMark


@pytest.mark.parametrize(("logos", "shown"), [(["word"], ["word"]), (["reversed", "word"], ["reversed"])])
def test_where_no_logo_is_named_the_brands_own_ones_are_shown(
    press: Press, monkeypatch: pytest.MonkeyPatch, logos: list[str], shown: list[str]
) -> None:
    other = press.brand.model_copy(update={"logos": dict.fromkeys(logos, "logo.svg")})
    monkeypatch.setattr(press, "brand", other)
    monkeypatch.setattr(press, "logos", dict.fromkeys(logos, press.logos["default"]))
    monkeypatch.setattr(press.bench, "logo_frame", lambda _: (20.0, 10.0))
    layout = "page: {trim: 40mm x 20mm, safe: 2mm}\ntarget: print\nformats: [press-pdf]\n"
    sheet, findings = press.compose(layout + "layers: [{type: logo, box: {height: 8mm}}]")
    [mark] = sheet.marks
    assert isinstance(mark, LogoMark)
    assert ([name for name, _ in mark.candidates], findings) == (shown, [])
