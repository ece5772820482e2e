"""Code of templates, kept by their text: a campaign is read again whenever a file was saved, and most of its templates
are the same then."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

MOST = 2_000  # templates of one dialect


class KeptCode(BytecodeCache):
    """Of all environments that make the same code of a text. `texts` are those without a name: with their code is kept
    whether one leaves a context as it is."""

    def __init__(self) -> None:
        self.texts: dict[str, tuple[CodeType, bool]] = {}
        self._files: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._files.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            _keep(self._files, (bucket.key, bucket.checksum), bucket.code)

    def keep_text(self, source: str, code: CodeType, alone: bool) -> None:
        """For the next environment that has this text."""
        _keep(self.texts, source, (code, alone))


def kept_code(filters: Mapping[str, Callable[..., Any]], trim: bool, markup: bool) -> KeptCode:
    """The code of environments with filters of these names, which are given the same before their arguments."""
    given = frozenset((name, getattr(function, "jinja_pass_arg", None)) for name, function in filters.items())
    return _of_dialect(given, trim, markup)


@functools.lru_cache(maxsize=16)
def _of_dialect(filters: frozenset[tuple[str, object]], trim: bool, markup: bool) -> KeptCode:
    return KeptCode()


def _keep(kept: dict[Any, Any], key: Any, value: Any) -> None:
    if len(kept) >= MOST:
        kept.clear()
    kept[key] = value
