"""Approved pictures that the others of a set go by: which one is meant, and what is known of it."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from pressrun.model.finding import Finding
from pressrun.model.job import Row
from pressrun.model.picture import Reference

FIRST = "first"  # of the job's rows that can be made


class ApprovedPicture(Struct, frozen=True):
    """A picture that somebody approved, by its key; ``size`` in pixels."""

    key: str
    shown: Reference
    size: tuple[int, int]


class ApprovedPictures(Protocol):
    """What was approved in a campaign."""

    def row(self, named: str) -> Row | None:
        """The row of this id, or the first of all; None where there is none."""
        ...

    def picture(self, slot: str, row: Row, master: str) -> ApprovedPicture | None:
        """The picture of a slot that is approved for a row: the one of this master, else of any; None where none is."""
        ...


def until_approved(picture: str) -> str:
    """How a run says what sheets wait for: a slot with the row whose picture others go by."""
    return f"until {picture} is approved"


def waited_for(told: Finding) -> str:
    """Which picture that is, by what a run has told; nothing by any other finding."""
    return told.subject if told.code == "waits-for-approval" else ""
