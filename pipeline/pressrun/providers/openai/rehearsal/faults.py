"""Misbehaviour on command: by words in a prompt (`[[fault:truncated]]`), or from a script of faults.

A script is a list of `PlayedFault`s (or the same as JSON, `POST /faults`); the first that matches a call and is not
used up acts on it. In a prompt, `[[fault:slow 2.5]]` gives seconds and `[[fault:server_error x2]]` acts on the first
two calls with that prompt only, so that a retry can be seen to succeed.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from random import Random
from typing import Any

from pydantic import TypeAdapter

# What each does; `charged` says whether the real API would bill the call all the same.
UNCHARGED = {
    "rate_limit": "429 with Retry-After",
    "rate_limit_text": "429 with the wait in its text only",
    "server_error": "500",
    "bad_gateway": "502, an HTML page",
    "unavailable": "503",
    "disconnect_before": "the connection closes before anything is drawn",
    "html": "an HTML page with status 200, from something in front of the API",
    "error_200": "an error object with status 200",
    "empty": "200 with no data",
    "moderation_input": "400 moderation_blocked, at the input",
    "moderation_output": "400 moderation_blocked, at the output, after the wait",
    "insufficient_quota": "429 insufficient_quota",
    "billing": "400 billing_hard_limit_reached",
    "invalid_key": "401 invalid_api_key",
    "unverified": "403, the organisation is not verified",
    "model_not_found": "404 model_not_found",
    "batch_failed": "a batch fails validation",
    "batch_expired": "a batch expires with `done` of its rows finished",
    "batch_row": "a batch's row fails",
}
CHARGED = {
    "slow": "answers after `seconds` more",
    "disconnect_after": "the connection closes once everything is drawn and booked",
    "truncated": "the JSON breaks off in the middle",
    "broken_off": "the connection breaks off in the middle of the body",
    "not_a_picture": "200, but the bytes are no picture",
    "address": "200, with an address in place of the picture; `host` is what the server is called in it",
    "wrong_size": "a picture of another size",
    "wrong_alpha": "a painted checkerboard instead of transparency",
}
FAULTS = UNCHARGED | CHARGED
ALIASES = {
    "moderation": "moderation_input",
    "quota": "insufficient_quota",
    "billing_hard_limit_reached": "billing",
    "429": "rate_limit",
    "500": "server_error",
    "502": "bad_gateway",
    "503": "unavailable",
    "401": "invalid_key",
    "403": "unverified",
    "404": "model_not_found",
}
BATCH_ONLY = ("batch_failed", "batch_expired", "batch_row")
_WORDS = re.compile(r"\[\[fault:([\w]+)(?: (\d+(?:\.\d+)?))?(?: x(\d+))?\]\]")


@dataclass(frozen=True, slots=True)
class PlayedFault:
    """One fault of a script.

    It acts on `times` calls (None: all) out of those it matches, leaving the first `after` alone; with a
    `probability`, each matching call is drawn for it, from `seed`. `endpoint` (or its end), `model` and `prompt` (a
    piece of it) narrow what it matches. `seconds` is the wait of slow and rate_limit; `done` the share of a batch that
    finishes before it expires; `charge` overrules whether the call is booked.
    """

    fault: str
    times: int | None = 1
    after: int = 0
    probability: float | None = None
    seed: int = 0
    endpoint: str | None = None
    model: str | None = None
    prompt: str | None = None
    seconds: float = 1.0
    done: float = 0.5
    categories: tuple[str, ...] = ("sexual",)
    charge: bool | None = None
    host: str = "localhost"

    @property
    def charged(self) -> bool:
        return self.charge if self.charge is not None else self.fault in CHARGED

    def matches(self, endpoint: str, model: str, prompt: str) -> bool:
        return (
            (self.endpoint is None or endpoint.endswith(self.endpoint))
            and (self.model is None or self.model == model)
            and (self.prompt is None or self.prompt in prompt)
        )


def fault_from(said: Mapping[str, Any] | str) -> PlayedFault:
    """A fault from JSON, or from its bare name; ValueError says what is wrong with it."""
    values: dict[str, Any] = {"fault": said} if isinstance(said, str) else dict(said)
    known = {one.name for one in fields(PlayedFault)}
    if strange := sorted(set(values) - known):
        raise ValueError(f"a fault has no {', '.join(strange)}; it has {', '.join(sorted(known))}")
    name = str(values.get("fault", ""))
    values["fault"] = ALIASES.get(name, name)
    if values["fault"] not in FAULTS:
        raise ValueError(f"no fault is called {name!r}; there are {', '.join(FAULTS)}")
    if "probability" in values:
        values.setdefault("times", None)
    if "categories" in values:
        values["categories"] = tuple(values["categories"])
    return _FAULT.validate_python(values)


_FAULT = TypeAdapter(PlayedFault)


class Script:
    """The faults still to come; safe to use from many threads."""

    def __init__(self, faults: Iterable[PlayedFault] = ()) -> None:
        self._lock = threading.Lock()
        self._entries: list[_Entry] = [_Entry(fault) for fault in faults]
        self._prompts: dict[str, int] = {}

    def add(self, faults: Iterable[PlayedFault]) -> None:
        with self._lock:
            self._entries += [_Entry(fault) for fault in faults]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._prompts.clear()

    def pick(self, endpoint: str, model: str, prompt: str) -> PlayedFault | None:
        """The fault that acts on this call, if any; words in the prompt come first."""
        with self._lock:
            for name, seconds, times in _WORDS.findall(prompt):
                seen = self._prompts.get(prompt, 0)
                fault = fault_from({"fault": name} | ({"seconds": float(seconds)} if seconds else {}))
                if fault.fault in BATCH_ONLY and not endpoint.startswith("batch"):
                    continue
                if not times or seen < int(times):
                    self._prompts[prompt] = seen + 1
                    return fault
            for entry in self._entries:
                if _in_place(entry.fault, endpoint) and entry.fault.matches(endpoint, model, prompt) and entry.acts():
                    return entry.fault
        return None

    def report(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(entry.fault) | {"matched": entry.matched, "used": entry.used} for entry in self._entries]


def _in_place(fault: PlayedFault, endpoint: str) -> bool:
    if fault.fault == "batch_row":
        return endpoint.startswith("batch:")
    return (fault.fault in BATCH_ONLY) == (endpoint == "/v1/batches")


class _Entry:
    """A fault and how often it matched and acted."""

    def __init__(self, fault: PlayedFault) -> None:
        self.fault = fault
        self.matched = 0
        self.used = 0
        self._random = Random(fault.seed)

    def acts(self) -> bool:
        self.matched += 1
        if self.matched <= self.fault.after or (self.fault.times is not None and self.used >= self.fault.times):
            return False
        if self.fault.probability is not None and self._random.random() >= self.fault.probability:
            return False
        self.used += 1
        return True
