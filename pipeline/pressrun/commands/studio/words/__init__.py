"""What pages say, in the languages that they speak: the English words are the keys of the others."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml

LANGUAGES = {"en": "English", "de": "Deutsch", "ar": "العربية"}


@cache
def words_of(language: str) -> Mapping[str, str]:
    """The words of the templates → what they are in a language; of English alone what is a code."""
    if language not in LANGUAGES:
        return {}
    read = yaml.safe_load((resources.files(__package__) / f"{language}.yaml").read_text("utf-8"))
    return {str(english): str(said) for english, said in (read or {}).items()}


def spoken(accepted: str) -> str:
    """The language of the pages that a browser likes best (its Accept-Language)."""
    for part in accepted.split(","):
        wanted = part.split(";")[0].strip().split("-")[0].lower()
        if wanted in LANGUAGES:
            return wanted
    return "en"
