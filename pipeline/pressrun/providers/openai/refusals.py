"""Answers that are no picture: what each means for this picture, for the run, and for the bill."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from pressrun.model.answer import Answer, Booking
from pressrun.model.destination import masked
from pressrun.providers.openai.headers import rooms_of, wait_of

LONGEST_WAIT = 900.0  # seconds; who is told to wait longer (a day's limit) is better told than kept waiting
IDLE = "write `stream: true` in the job's provider, so that no proxy thinks the connection dead, or take --lane batch"
PAGE = "check that base_url is the address of the API itself, with no page to log in before it"
PARAMETER = "leave the option out, or name the kind of server: `profile` in the job's provider, or --profile"
_PARAMETERS = ("unknown_parameter", "unsupported_parameter", "unrecognized_parameter")
_UNKNOWN = re.compile(r"(?:unknown|unrecognized|unsupported|unexpected) (?:\w+ )?(?:parameter|argument)", re.I)
_GATEWAY = re.compile(r"budget[ _]?(?:has been |is )?exceeded|exceeded[ _]?budget", re.I)
_KEYS = re.compile(r"\b(?:sk|sess|pk)-[\w*-]{4,}|(?<=Bearer )\S+")


class Account(Struct, frozen=True):
    """Whom we talk to, for messages: ``title`` of the server, its ``address``, the ``variable`` of the key, the key
    itself (to be kept out of every text)."""

    title: str
    address: str
    variable: str
    key: str
    model: str

    def scrub(self, text: str) -> str:
        """The text without anything that is, or looks like, a key."""
        if len(self.key) >= 6:
            text = text.replace(self.key, "…")
        return masked(_KEYS.sub("…", text))

    @property
    def place(self) -> str:
        """The address as it may be shown."""
        return masked(self.address)


def refusal(
    account: Account, status: int, error: Mapping[str, Any], text: str, headers: Mapping[str, str]
) -> Answer:
    """What an answer with an error status means. ``error`` is the API's error object, empty where there was none.

    That 500, 502 and 503 are not charged is OpenAI's rule; it is taken to hold for others as well.
    """
    code, kind = str(error.get("code") or ""), str(error.get("type") or "")
    said = account.scrub(_sentence(str(error.get("message") or text))) or f"status {status}"
    rooms = rooms_of(headers)
    stop = _stopping(account, status, code, kind, said)
    if stop is not None:
        return stop
    if code == "moderation_blocked" or kind == "moderation_blocked":
        return Answer("refused", "refused", _moderated(error, said), "reword the prompt, or leave the picture out",
                      rooms=rooms)  # fmt: skip
    wait = wait_of(headers, said)
    if status in (408, 409, 429) or status >= 500:
        if status in (504, 520, 524):
            # A gateway gave up waiting, or understood no answer; what is behind it may well have gone on drawing.
            late = f"{account.title} gave the gateway before it no answer, or too late (status {status})"
            return lost(late, IDLE)
        if wait is not None and wait > LONGEST_WAIT:
            return Answer("stop", "not_charged", f"{account.title} asks to wait {_hours(wait)}: {said}",
                          "run the same command again after that: what is paid is kept")  # fmt: skip
        booking: Booking = "not_charged" if status < 500 else "failed"
        overloaded = status in (429, 503)
        return Answer("again", booking, f"{account.title}: {said}", wait=wait, overloaded=overloaded, rooms=rooms)
    remedy = PARAMETER if code in _PARAMETERS or _UNKNOWN.search(said) else None
    message = f"{account.title} does not take the request: {said}"
    return Answer("failed", "not_charged", message, rooms=rooms, remedy=remedy)


def lost(what: str, remedy: str | None = None) -> Answer:
    """A call that may have been charged, and whose picture is not to be had."""
    hint = "ask for it again, and perhaps pay twice, with --retry-unknown"
    return Answer("lost", None, what, hint, remedy=remedy)


def _stopping(account: Account, status: int, code: str, kind: str, said: str) -> Answer | None:
    hint: str | None = None
    if "insufficient_quota" in (code, kind):
        hint = "add credit to the account, then run the same command again: what is paid is kept"
    elif code == "billing_hard_limit_reached" or kind == "billing_limit_user_error":
        hint = "raise the account's monthly limit, then run the same command again: what is paid is kept"
    elif status == 402:
        hint = "the server wants to be paid first: settle that, then run the same command again: what is paid is kept"
    elif status < 500 and any(_GATEWAY.search(text) for text in (code, kind, said)):
        hint = "raise the budget of the gateway's key, then run the same command again: what is paid is kept"
    elif status == 401:
        hint = f"set a valid key: export {account.variable}=…, or write it into .env"
    elif code == "unsupported_output_format":
        hint = "write another output_format: gif and svg are given by account and model"
    elif status == 403:
        hint = f"give the account access to {account.model} (organisations have to be verified), or name another model"
    elif status == 404 and (code == "model_not_found" or "model" in said.lower()):
        hint = "name a model the account has, as `model` in the job's provider"
    elif status == 404:
        hint = f"check base_url: {account.place} has no such page"
    elif 300 <= status < 400:
        hint = f"check base_url: {account.place} sends on to another address, and keys are not sent after it"
    if hint is None:
        return None
    return Answer("stop", "not_charged", f"{account.title} will serve no further picture: {said}", hint)


def _moderated(error: Mapping[str, Any], said: str) -> str:
    details = error.get("moderation_details")
    categories = details.get("categories") if isinstance(details, Mapping) else None
    stage = details.get("moderation_stage") if isinstance(details, Mapping) else None
    at = {"input": "at its text or pictures", "output": "at what was drawn"}.get(str(stage), "")
    named = ", ".join(str(one) for one in categories) if isinstance(categories, list) and categories else ""
    named = f" ({named})" if named and named not in said else ""
    return f"refused by moderation{' ' + at if at else ''}{named}: {said}"


def _sentence(text: str) -> str:
    """One line of text, without markup, not too long."""
    plain = re.sub(r"<[^>]*>", " ", text)
    plain = " ".join(plain.split())
    return (plain if len(plain) <= 400 else plain[:399] + "…").rstrip(".")


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.1f} hours" if seconds >= 5400 else f"{seconds / 60:.0f} minutes"
