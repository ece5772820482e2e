"""Texts at random: whatever words, markup and options meet, what is set takes the room that was fitted, or is told. More of
them are drawn with PRESSRUN_TEXTS=1000 in the environment."""

from __future__ import annotations

import json
import os
import random
from typing import Any

import pytest
from rendering_kit import Press

SEEDS = range(int(os.environ.get("PRESSRUN_TEXTS", "4")))
WORDS = [
    "Fire", "AVATAR", "Wörter", "Ελλάδα", "Привет", "office", "flow", "عربي", "שלום", "สวัสดีครับ", "नमस्ते",
    "क्षेत्र", "12,5", "1234", "(a)", "“so”", "naïve", "x²", "½", "–", "…", "a/b", "Łódź", "İstanbul", "straße",
    "km/h", "don't", "https://example.org/very/long?x=1", "Donaudampfschifffahrtsgesellschaft", "well-known",
    "30٪", "٣٤", "e-mail@host.example", "+971", "€", "ﷺ", "ქართული", "Việt", "½\u00a0kg",
    "soft\u00adhyphen\u00adated", "zero\u200bwidth", "28 April 2027", "w maju", "اسم Latin اسم",
]  # fmt: skip
TAGS = ("b", "i", "u", "s", "sup", "sub", "sc", "nb", "color flame", "size 0.8", "size 1.4", "role headline")
LOCALES = ("en-GB", "de-DE", "fr-FR", "ar-AE", "he-IL", "th-TH", "hi-IN", "tr-TR")
OPTIONS: dict[str, tuple[Any, ...]] = {
    "overflow": ("ellipsis",), "tracking": (0.05, -0.03, 0.3), "balance": (True,), "lines": (1, 2, 3), "columns": (2,),
    "figures": ("price",), "align": ("start", "center", "end"), "leading": (0.9, 1.6, "20pt"), "anchor": ("middle", "bottom"),
    "panel": ({"color": "flame"},),
}  # fmt: skip


def text(chance: random.Random) -> dict[str, Any]:
    is_marked = chance.random() < 0.4
    said = " ".join(_marked(chance) for _ in range(3)) if is_marked else _said(chance)
    box = {"width": f"{chance.choice((30, 80, 140, 200))}pt", "height": f"{chance.choice((12, 40, 90))}pt"}
    chosen = {name: chance.choice(values) for name, values in OPTIONS.items() if chance.random() < 0.25}
    size = chance.choice(("8pt", "14pt", ["5pt", "20pt"], ["4pt", "40pt"]))
    role = chance.choice(("headline", "body"))
    return {"type": "text", "text": said, "markup": is_marked, "role": role, "size": size, "box": box, **chosen}


def _said(chance: random.Random) -> str:
    words = [chance.choice(WORDS) for _ in range(chance.choice((1, 2, 3, 6, 12, 30)))]
    return chance.choice((" ", " ", "  ", "\n", "")).join(words)


def _marked(chance: random.Random) -> str:
    tag = chance.choice(TAGS)
    return f"<{tag}>{_said(chance)}</{tag.split()[0]}>" if chance.random() < 0.6 else _said(chance)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_set_is_what_was_fitted(press: Press, seed: int) -> None:
    chance = random.Random(f"texts {seed}")
    for locale in chance.sample(LOCALES, 2):
        drawn = [text(chance) for _ in range(12)]
        page = {"page": {"trim": "200pt x 200pt"}, "target": "screen", "formats": ["png"], "ground": "paper", "layers": drawn}
        press.render(json.dumps(page), locale=locale)
