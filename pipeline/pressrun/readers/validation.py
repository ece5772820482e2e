"""Plain data against a pydantic model; every fault told in plain words, at the place it was written.

Codes: ``unknown-key``, ``missing-key``, ``wrong-type``, ``unknown-value``, ``unknown-type`` (a union's ``type:``),
``out-of-range``, ``wrong-length``, ``wrong-form``, ``invalid-value``, ``empty-file``. A model may raise
``PydanticCustomError("some_code", "a sentence", {"hint": …, "at": "key"})`` from a validator to set code, hint and the
key below it that is to blame; with a ``word`` and the names ``among`` which it was to be, the hint is the nearest. Of a
plain ValueError the text is shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from pressrun.model.finding import Finding, Severity
from pressrun.readers.pydantic_loc import Located, key_names, locate, needed_keys
from pressrun.readers.suggestion import closest, did_you_mean
from pressrun.readers.yaml_source import KeyPath, YamlSource

ModelT = TypeVar("ModelT", bound=BaseModel)

_BUILT_IN = frozenset(get_args(ErrorType))
# Pydantic would read the text "yes" as true and "12" as 12; in YAML, what is quoted or not a number is text.
_STRICT = frozenset({"bool_type", "int_type", "float_type", "date_type"})
_EXPECTED = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "finite_number": "a number",
    "bool": "true or false",
    "list": "a list",
    "tuple": "a list",
    "set": "a list",
    "frozen_set": "a list",
    "iterable": "a list",
    "dict": "keys with values",
    "mapping": "keys with values",
    "model": "keys with values",
    "model_attributes": "keys with values",
    "dataclass": "keys with values",
    "none_required": "nothing",
    "date": "a date like 2027-03-01",
    "date_from_datetime": "a date like 2027-03-01",
    "datetime": "a date and time",
    "path": "a path",
    "url": "a web address",
}
_TYPE_SUFFIX = re.compile(r"_(?:type|parsing|parsing_size|from_float|inexact|unicode|sub_type|exact)$")
_BOUNDS = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
    "multiple_of": ("a multiple of", "multiple_of"),
}
_LENGTHS = {
    "too_short": ("at least", "min_length", "entries"),
    "too_long": ("at most", "max_length", "entries"),
    "string_too_short": ("at least", "min_length", "characters"),
    "string_too_long": ("at most", "max_length", "characters"),
}
_FILE = re.compile(r"\S+\.\w{2,7}")  # a text that names one
_OF_ROWS = re.compile(r"\{\{|[^\W\d]\w*\.[^\W\d]\w*")  # a template, or a cell
_MEANT = re.compile("did you mean '([^']+)'")  # a key of one kind of layer may be of no other


def validate(
    model: type[ModelT], source: YamlSource, path: KeyPath = (), *, context: Mapping[str, Any] | None = None
) -> tuple[ModelT | None, list[Finding]]:
    """Build `model` from what stands at `path` in `source` (default: the whole file); None if there are errors.

    Scalars are taken as YAML has them: text is never read as a number, a date or true; lists serve as tuples.
    `context` reaches the model's validators as ``info.context``. Findings come in the order of the file.
    """
    data = source.at(path)
    if data is None and not path:
        needed = needed_keys(model)
        missing = f"the file is empty; it needs {_listing(needed)}" if needed else "the file is empty"
        hint = None if needed else f"its keys: {', '.join(key_names(model))}"
        return None, [Finding(Severity.ERROR, "empty-file", missing, source.place(), hint)]
    options = dict(context) if context is not None else None
    faults: list[ErrorDetails] = []
    built: ModelT | None = None
    try:
        built = model.model_validate(data, context=options)
    except ValidationError as error:
        faults = error.errors(include_url=False)
    converted = _too_lax(model, data, options)
    told = {fault["loc"] for fault in converted}
    faults = [fault for fault in faults if fault["loc"] not in told] + converted
    if not faults:
        return built, []
    return None, _Telling(model, source, path, data).findings(faults)


def _too_lax(model: type[BaseModel], data: Any, context: Any) -> list[ErrorDetails]:
    """What the lax reading would convert silently. (Strict alone would refuse lists for tuples behind a validator.)"""
    try:
        model.model_validate_json(json.dumps(data), strict=True, context=context)
    except ValidationError as error:
        return [
            fault
            for fault in error.errors(include_url=False)
            if fault["type"] in _STRICT
            and isinstance(fault["input"], str | int | float)
            and isinstance(_value_at(data, locate(model, data, fault["loc"]).path), str | int | float)
        ]
    return []


class _Telling:
    """Findings from the faults of one validation."""

    def __init__(self, model: type[BaseModel], source: YamlSource, base: KeyPath, data: Any) -> None:
        self.model, self.source, self.base, self.data = model, source, base, data

    def findings(self, faults: list[ErrorDetails]) -> list[Finding]:
        alone: list[tuple[Located, ErrorDetails]] = []
        forks: dict[KeyPath, list[tuple[Located, ErrorDetails]]] = {}
        for fault in faults:
            located = locate(self.model, self.data, fault["loc"])
            if fault["type"] == "too_short" and len(faults) > 1 and self._has(located.path, fault["ctx"]["min_length"]):
                continue  # long enough, but bad entries do not count for pydantic; they are told themselves
            group = alone if located.fork is None else forks.setdefault(located.fork, [])
            group.append((located, fault))
        found: list[Finding] = []
        for fork, group in forks.items():
            telling = self._of_the_likely_member(fork, group)
            if telling:
                alone += telling
            else:
                found.append(self._none_fits(fork, group))
        found += [self._finding(located, fault) for located, fault in self._without_misspelt(alone)]
        unique = list(dict.fromkeys(found))
        return sorted(unique, key=lambda finding: _order(finding))

    def _has(self, path: KeyPath, entries: int) -> bool:
        value = _value_at(self.data, path)
        return isinstance(value, list | dict) and len(value) >= entries

    def _without_misspelt(self, faults: list[tuple[Located, ErrorDetails]]) -> list[tuple[Located, ErrorDetails]]:
        """A misspelt key is one fault, not an unknown and a missing one."""
        meant = {(located.path[:-1], self._intended(located)) for located, fault in faults if _unknown(fault)}
        return [
            (located, fault)
            for located, fault in faults
            if fault["type"] != "missing" or (located.path[:-1], located.path[-1]) not in meant
        ]

    def _of_the_likely_member(
        self, fork: KeyPath, group: list[tuple[Located, ErrorDetails]]
    ) -> list[tuple[Located, ErrorDetails]]:
        """Of a union's failed members, the one the author most likely meant; none if only the type is wrong."""
        value = _value_at(self.data, fork)
        by_member: dict[str | None, list[tuple[Located, ErrorDetails]]] = {}
        for located, fault in group:
            by_member.setdefault(located.branch, []).append((located, fault))
        scored: list[tuple[bool, bool, int, int, list[tuple[Located, ErrorDetails]]]] = []
        for members_faults in by_member.values():
            shallow = [fault for located, fault in members_faults if located.path == fork and not _unknown(fault)]
            if any(_TYPE_SUFFIX.search(fault["type"]) and fault["type"] in _BUILT_IN for fault in shallow):
                continue  # not even of this member's kind
            literal = any(fault["type"] in ("literal_error", "enum") for fault in shallow)
            wrong_tag = any(fault["type"] == "literal_error" for _, fault in members_faults)
            if literal and not isinstance(value, str):
                continue
            unlikely = literal or (isinstance(value, list | dict) and bool(shallow))
            faults = self._without_misspelt(members_faults)
            scored.append((unlikely, wrong_tag, len(faults), len(scored), faults))
        likely = min(scored)[-1] if scored else []
        return [(located, self._with_all_words(fault, group)) for located, fault in likely]

    def _with_all_words(self, fault: ErrorDetails, group: list[tuple[Located, ErrorDetails]]) -> ErrorDetails:
        """A fault with the words that all members of its union know, where one word was written and none knows it."""
        if fault["type"] != "literal_error":
            return fault
        value = fault["input"]
        alike = (value, [value])  # as it is, or in place of keys, of which it is one
        said = [
            one["ctx"]["expected"] for _, one in group if one["type"] == "literal_error"
            and (list(one["input"].values()) if isinstance(one["input"], dict) else one["input"]) in alike
        ]  # fmt: skip
        return {**fault, "ctx": {**fault["ctx"], "expected": ", ".join(said)}}

    def _none_fits(self, fork: KeyPath, group: list[tuple[Located, ErrorDetails]]) -> Finding:
        wanted = list(dict.fromkeys(_expected(fault) for _, fault in group))
        message = f"{self._name(fork)} should be {_either(wanted)}, not {_described(_value_at(self.data, fork))}"
        return self._error("wrong-type", message, fork, self._said_by_row(fork))

    def _finding(self, located: Located, fault: ErrorDetails) -> Finding:
        kind, path, context = fault["type"], located.path, fault.get("ctx", {})
        if kind == "literal_error" and isinstance(_value_at(self.data, path[:-1]), str):
            path = path[:-1]  # a word stands for the keys, of which this is one
        value = _value_at(self.data, path)
        name = self._name(path)
        if located.is_key:
            value, name = path[-1], "key"
        if kind == "extra_forbidden":
            return self._error("unknown-key", f"unknown key '{path[-1]}'", path, self._known_keys(located), at_key=True)
        if kind == "missing":
            return self._missing(path, located)
        if kind == "union_tag_not_found":
            tag_key = str(context["discriminator"]).strip("'")
            hint = _said_of_tag(value, tag_key, located.tags)
            return self._error("missing-key", f"key '{tag_key}' is missing", path, hint)
        if kind == "union_tag_invalid":
            key, tag = str(context["discriminator"]).strip("'"), str(context["tag"])
            tags = _quoted(context["expected_tags"])
            hint = did_you_mean(tag, tags) or f"known: {', '.join(tags)}"
            return self._error("unknown-type", f"unknown {key} '{tag}'", (*path, key), hint)
        if kind in ("literal_error", "enum"):
            words = _quoted(context["expected"])
            if isinstance(value, str):
                hint = self._said_by_row(path) or did_you_mean(value, words) or f"known: {', '.join(words)}"
                return self._error("unknown-value", f"unknown {name} '{value}'", path, hint)
            message = f"{name} should be {context['expected']}, not {_described(value)}"
            return self._error("unknown-value", message, path)
        if kind not in _BUILT_IN:
            at = context.get("at")
            below = (*path, *(at if isinstance(at, tuple) else (at,))) if at is not None else path
            meant = did_you_mean(str(context["word"]), context["among"]) if "among" in context else None
            hint = meant or context.get("hint")
            return self._error(kind.replace("_", "-"), fault["msg"], below, str(hint) if hint else None)
        if kind in ("value_error", "assertion_error"):
            said = str(context.get("error", fault["msg"])).removesuffix(".")
            message = said if isinstance(value, dict) else f"{name}: {said}"
            return self._error("invalid-value", message, path, self._said_by_row(path))
        if kind in _BOUNDS:
            word, limit = _BOUNDS[kind]
            message = f"{name} should be {word} {_number(context[limit])}, not {_described(value)}"
            return self._error("out-of-range", message, path)
        if kind in _LENGTHS:
            word, limit, unit = _LENGTHS[kind]
            given = len(value) if isinstance(value, str | list | dict) else context.get("actual_length")
            units = unit if context[limit] != 1 else {"entries": "entry", "characters": "character"}[unit]
            message = f"{name} should have {word} {context[limit]} {units}, not {given}"
            return self._error("wrong-length", message, path)
        if kind == "string_pattern_mismatch":
            message = f"{name} '{value}' does not have the form {context['pattern']}"
            return self._error("wrong-form", message, path, at_key=located.is_key)
        if _TYPE_SUFFIX.search(kind):
            message = f"{name} should be {_expected(fault)}, not {_described(value)}"
            return self._error("wrong-type", message, path, self._keys_below(fault) or self._said_by_row(path))
        plain = fault["msg"].removeprefix("Input ").removeprefix("Value ")
        return self._error("invalid-value", f"{name} {plain[:1].lower()}{plain[1:]}", path)

    def _said_by_row(self, path: KeyPath) -> str | None:
        """The way round, where a value is to come from the rows, and the model has one for such a path."""
        value = _value_at(self.data, path)
        is_asked = isinstance(value, str) and _OF_ROWS.search(value) is not None
        ways: Mapping[str, str] = getattr(self.model, "BY_ROW", {})
        return ways.get(str(path[0])) if is_asked and path else None

    def _missing(self, path: KeyPath, located: Located) -> Finding:
        *parent, key = path
        if isinstance(key, int):
            message = f"{self._name(tuple(parent))} has only {key} entries"
            return self._error("wrong-length", message, tuple(parent))
        return self._error("missing-key", f"key '{key}' is missing", tuple(parent))

    def _known_keys(self, located: Located) -> str | None:
        if located.owner is None:
            return None
        elsewhere: Mapping[str, str] = getattr(located.owner, "SAID_ELSEWHERE", {})
        names = key_names(located.owner)
        said = elsewhere.get(str(located.path[-1]))
        if said:
            meant = _MEANT.match(said)
            return said if meant is None or meant[1] in names else None
        free = [name for name in names if not self._is_written_beside(located.path, name)]
        match = closest(str(located.path[-1]), free)
        return f"did you mean '{match}'?" if match else did_you_mean(str(located.path[-1]), names, "known keys")

    def _is_written_beside(self, path: KeyPath, name: str) -> bool:
        """Whether a key is written there as well, and in the same file: not below a change of it."""
        beside, (*block, _) = _value_at(self.data, path[:-1]), path
        if not isinstance(beside, dict) or name not in beside:
            return False
        places = (self.source.key_place((*self.base, *block, key)).file for key in (name, path[-1]))
        return len(set(places)) == 1

    def _keys_below(self, fault: ErrorDetails) -> str | None:
        """The keys of a block in whose place something else stands."""
        if fault["type"] not in ("model_type", "model_attributes_type"):
            return None
        below = locate(self.model, self.data, (*fault["loc"], "")).owner
        if below is None:
            return None
        names, said = key_names(below), fault["input"]
        if "file" in names and isinstance(said, str) and _FILE.fullmatch(said):
            return f"write {{file: {said}}}"
        return f"its keys: {', '.join(names)}"

    def _intended(self, located: Located) -> str | None:
        hint = self._known_keys(located) or ""
        return hint.removeprefix("did you mean '").removesuffix("'?") if hint.startswith("did you mean") else None

    def _name(self, path: KeyPath) -> str:
        whole = (*self.base, *path)
        words = [step for step in whole if isinstance(step, str)]
        if not words:
            return f"entry {whole[-1] + 1}" if whole and isinstance(whole[-1], int) else "the file"
        indices = "".join(f"[{step}]" for step in whole[len(whole) - whole[::-1].index(words[-1]) :])
        return f"'{words[-1]}{indices}'"

    def _error(
        self, code: str, message: str, path: KeyPath, hint: str | None = None, *, at_key: bool = False
    ) -> Finding:
        find: Callable[[KeyPath], Any] = self.source.key_place if at_key else self.source.place
        return Finding(Severity.ERROR, code, message, find((*self.base, *path)), hint)


def _unknown(fault: ErrorDetails) -> bool:
    return fault["type"] == "extra_forbidden"


def _order(finding: Finding) -> tuple[int, int]:
    place = finding.place
    return (place.line or 0, place.column or 0) if place else (0, 0)


def _value_at(data: Any, path: KeyPath) -> Any:
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _expected(fault: ErrorDetails) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind in ("literal_error", "enum"):
        return str(context["expected"])
    return _EXPECTED.get(_TYPE_SUFFIX.sub("", kind), fault["msg"].removeprefix("Input should be "))


def _described(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {_number(value)}"
    if isinstance(value, str):
        return f"the text '{value if len(value) <= 40 else value[:39] + '…'}'"
    return "a list" if isinstance(value, list) else "keys with values"


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _said_of_tag(value: Any, key: str, tags: tuple[str, ...]) -> str | None:
    """The hint where the key that says of which type a block is was left out, or misspelt."""
    written = closest(key, list(map(str, value))) if isinstance(value, dict) else None
    if written:
        return f"did you mean '{key}' where '{written}' stands?"
    return f"known: {', '.join(tags)}" if tags else None


def _quoted(words: Any) -> list[str]:
    return re.findall(r"'([^']*)'", str(words))


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _listing(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names[:8]) + (" …" if len(names) > 8 else "")
