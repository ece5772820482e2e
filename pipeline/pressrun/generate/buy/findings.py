"""What is said of pictures that could not be bought, or came otherwise than asked for."""

from __future__ import annotations

from collections.abc import Sequence

from pressrun.model.answer import Answer
from pressrun.model.finding import Finding, Severity
from pressrun.model.journal import Attempt
from pressrun.model.plan import PictureTask

PAY_AGAIN = "ask, and pay, again with --retry-unknown"


def no_picture(task: PictureTask, answer: Answer) -> Finding:
    """A call, or the last of several, ended without a picture."""
    if answer.verdict == "refused":
        return _error(task, "picture-refused", f"was {answer.message}", answer.hint)
    if answer.verdict == "lost":
        said = f"was asked for, and nobody knows whether it was charged: {answer.message}"
        return _error(task, "perhaps-charged", said, answer.hint)
    if answer.address:
        return _error(task, "picture-elsewhere", f"was paid for, and is not here: {answer.message}", answer.hint)
    if answer.verdict == "again":
        said = f"could not be had, though asked for again and again: {answer.message}"
        return _error(task, "picture-failed", said, answer.hint)
    if answer.booking != "charged":
        return _error(task, "picture-failed", f"could not be made: {answer.message}", answer.hint)
    paid = "" if answer.cost_usd is None else f" (${answer.cost_usd:.4f})"
    hint = f"{answer.hint}; {PAY_AGAIN}" if answer.hint else PAY_AGAIN
    return _error(task, "picture-failed", f"could not be made, and was paid for{paid}: {answer.message}", hint)


def in_doubt(task: PictureTask, attempts: Sequence[Attempt]) -> Finding:
    """It was, or may have been, paid for before, and there is no picture to show for it."""
    last = attempts[-1]
    if under_way := [attempt for attempt in attempts if attempt.standing == "in_batch"]:
        lane = lane_of(under_way[-1])
        where = "is being made in the background" if lane == "background" else "is in a batch that is under way"
        return _error(task, "in-batch", where, f"wait for it with --lane {lane}")
    if last.state == "charged":
        said = f"was paid for before (attempt {last.id}), and what came cannot be used"
        return _error(task, "paid-in-vain", said, PAY_AGAIN)
    price = "at a price nobody knows" if last.quoted_usd is None else f"for ${last.quoted_usd:.4f}"
    said = f"was asked for before, {price} (attempt {last.id}), and no answer was kept: perhaps charged"
    return _error(task, "perhaps-charged", said, "ask again, and perhaps pay twice, with --retry-unknown")


def lane_of(attempt: Attempt) -> str:
    """The lane by which it was asked for."""
    return str(attempt.detail.get("lane") or "batch") if attempt.batch else "direct"


def in_batch(task: PictureTask, said: str, hint: str) -> Finding:
    """A batch has it, and it is not to be had from there now."""
    return _error(task, "in-batch", said, hint)


def no_price(task: PictureTask) -> Finding:
    """Under a cap, nothing is bought blindly."""
    said = "was not bought: nobody knows its price, and there is a budget"
    return _error(task, "price-unknown", said, "write `price:` in the job's provider, or run it without a cap")


def over_budget(task: PictureTask) -> Finding:
    return _error(task, "over-budget", "was not bought: the budget was reached", "raise the budget or --max-cost")


def note(task: PictureTask, code: str, text: str) -> Finding:
    """Something worth knowing of a picture that came."""
    return Finding(Severity.WARNING, code, f"the picture {_name(task)}: {text}", row=task.row)


def _error(task: PictureTask, code: str, said: str, hint: str | None) -> Finding:
    return Finding(Severity.ERROR, code, f"the picture {_name(task)} {said}", hint=hint, row=task.row)


def _name(task: PictureTask) -> str:
    return f"{task.slot}/{task.master}"
