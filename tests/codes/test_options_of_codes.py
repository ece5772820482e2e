"""What does not go together is refused where it is written, and what a code needs is had without being said."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from pressrun.layers.code import CodeLayer

VCARD = {"first": "Ada"}
PAYMENT = {"name": "A", "iban": "DE89370400440532013000"}


def layer(**said: Any) -> CodeLayer:
    return CodeLayer.model_validate({"type": "code", **said})


@pytest.mark.parametrize(
    "said",
    [
        {}, {"value": "x", "vcard": VCARD}, {"vcard": VCARD, "wifi": {"network": "a"}},
        {"code": "ean-13", "vcard": VCARD}, {"code": "gs1-data-matrix", "url": {"address": "https://a.example"}},
        {"payment": PAYMENT, "error_correction": "H"}, {"payment": PAYMENT, "code": "aztec"},
        {"value": "x", "add_on": "05"}, {"value": "x", "code": "itf-14", "add_on": "05"},
        {"value": "x", "code": "aztec", "error_correction": "H"}, {"value": "x", "columns": 3},
        {"value": "x", "magnification": "100%"}, {"value": "x", "code": "code-128", "magnification": "100%"},
        {"value": "x", "code": "ean-13", "magnification": "79%"}, {"value": "x", "code": "ean-13", "magnification": "201%"},
        {"value": "x", "height": "20mm"}, {"value": "x", "bar_width_reduction": "0.02mm"},
        {"value": "x", "code": "code-128", "bearer": "none"}, {"value": "x", "domain": "a.example"},
        {"value": "x", "code": "micro-qr", "logo": "default"}, {"value": "x", "logo": "default", "ground": None},
        {"value": "x", "logo_size": "20%"}, {"vcard": VCARD, "text": True}, {"vcard": {"fist": "Ada"}},
        {"event": {"title": "A"}}, {"wifi": {"network": "a", "security": "wpa4"}}, {"value": "x", "code": "codabar"},
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_go_together(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        layer(**said)


@pytest.mark.parametrize(
    "said",
    [
        {"value": "x"}, {"vcard": VCARD, "code": "aztec"}, {"payment": PAYMENT}, {"url": {"address": "x"}, "text": True},
        {"value": "x", "code": "ean-8", "add_on": "05", "magnification": "80%"}, {"value": "x", "code": "pdf417", "columns": 3},
        {"value": "x", "code": "itf-14", "magnification": "50%", "bearer": "bars"}, {"value": "x", "quiet": 0},
        {"value": "x", "code": "gs1-digital-link", "domain": "a.example", "logo": "default", "logo_size": "20%"},
    ],
    ids=str,
)  # fmt: skip
def test_what_does(said: dict[str, Any]) -> None:
    layer(**said)


def test_every_text_of_a_content_is_a_template_with_its_way() -> None:
    said = layer(url={"address": "{{ a }}", "parameters": {"utm_source": "{{ b }}", "x": "c"}})
    assert [(one.path, one.text) for one in said.templates] == [
        (("url", "address"), "{{ a }}"), (("url", "parameters", "utm_source"), "{{ b }}"),
        (("url", "parameters", "x"), "c"),
    ]  # fmt: skip


@pytest.mark.parametrize(("kind", "shown"), [("qr", False), ("data-matrix", False), ("ean-13", True), ("gs1-128", True)])
def test_codes_of_bars_have_a_line_for_people(kind: str, shown: bool) -> None:
    assert layer(value="x", code=kind).is_read_by_people is shown
    assert layer(value="x", code=kind, text=not shown).is_read_by_people is not shown
