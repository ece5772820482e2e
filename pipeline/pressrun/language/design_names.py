"""Names that people gave to things in a design, as templates, layers and columns can have them."""

from __future__ import annotations

import keyword
import re
import unicodedata


def plain_name(text: str, instead: str = "field") -> str:
    """A name of small ASCII letters, digits and ``_`` that an expression can say: ``Größe (EU)`` is ``grosse_eu``,
    ``firstName`` is ``first_name``."""
    spelled = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])", "_", text).replace("ß", "ss")
    ascii_only = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", ascii_only).strip("_") or instead
    if name[0].isdigit():
        name = f"{instead}_{name}"
    return f"{name}_" if keyword.iskeyword(name) else name


class FreeNames:
    """Names that are given once each: a second ``name`` is ``name-2``."""

    def __init__(self, between: str = "-") -> None:
        self._between = between
        self._given: set[str] = set()

    def free(self, name: str) -> str:
        """The name, or with the first number with which it is free."""
        number, wanted = 1, name
        while wanted in self._given:
            number += 1
            wanted = f"{name}{self._between}{number}"
        self._given.add(wanted)
        return wanted


def means_a_code(name: str) -> bool:
    """Whether what is called so is a QR code."""
    return re.search(r"(?:^|_)qr(?:_|code|$)", name) is not None


def literal(text: str) -> str:
    """A text as a template that says nothing but it."""
    if not re.search(r"\{[{%#]|[%#}]\}", text):
        return text
    return '{{ "' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '" }}'
