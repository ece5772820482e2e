"""Masters retouched by hand: put in place as a branch that nothing overwrites, and taken away again."""

from __future__ import annotations

import hashlib

from pressrun.decisions.branches import ADOPTED, TRUNK
from pressrun.model.errors import InputError, PictureFailed
from pressrun.model.file_metadata import Credit
from pressrun.model.finding import Finding, Severity
from pressrun.model.journal import Descent, Journal
from pressrun.model.picture import PictureMade
from pressrun.model.provenance import Pixels, Provenance, composite
from pressrun.model.sound_results import stored
from pressrun.model.store import Store

NEARLY = 0.002  # how far proportions may be apart


def adopt(
    parent: str, data: bytes, file: str, store: Store, journal: Journal, credit: Credit | None = None
) -> PictureMade:
    """Let a file, of any kind that a row may name, stand for a picture on its branch from now on. Raises InputError
    where it cannot.

    It must have the picture's proportions and at least its pixels, so that every placement stays as good as it was.
    Whose it is, and who agreed to it, is what it says itself (or the ``credit`` of what it was made from), and of what
    that does not say, what the picture came with.
    """
    made = stored(journal, store, [parent]).get(parent)
    if made is None:
        raise _fault("lost-picture", f"the picture {parent[:12]} is not in the store", "run its job again")
    if credit is None:
        from pressrun.graphics.photos.photo_credits import credit_of

        credit = credit_of(data)
    data, pixels = _looked_at(data, file, made.pixels.size)
    digest = store.put(data, durable=True)
    before = made.provenance
    said = {**dict(before.credit), **dict(credit)}
    told = f"\0{sorted(said.items())}" if said else ""
    key = hashlib.sha256(f"adopted\0{parent}\0{digest}{told}".encode()).hexdigest()
    adopted = PictureMade(key, digest, len(data), Provenance(
        pixels, composite(before.source_type), "by hand", "", before.take, 0.0, before.quality or "",
        said=(("file", file), *said.items()),
    ))  # fmt: skip
    journal.record([adopted.result()])
    journal.descend([Descent(key, parent, ADOPTED, file)])
    root, name = journal.branch_of(parent) or (parent, TRUNK)
    journal.set_head(root, name, key)
    return adopted


def give_back(picture: str, journal: Journal) -> str:
    """Take the retouched picture away from its branch: what it stood for stands again. Its key is the answer.

    `picture` is the retouched one, or the planned one. Raises InputError where there is nothing to take away.
    """
    root, name = journal.branch_of(picture) or (picture, TRUNK)
    head = journal.branches().get(root, {}).get(name, "")
    before = [one.parent for one in journal.parents(head) if one.kind == ADOPTED] if head else []
    if not before:
        raise _fault("nothing-adopted", f"no retouched picture stands for {picture[:12]}", "see pressrun show --tree")
    planned = before[0] == root and name == TRUNK
    journal.set_head(root, name, "" if planned else before[0])
    return before[0]


def standing_for(picture: str, journal: Journal) -> tuple[str, str]:
    """Key and name of the retouched file that stands for a picture on its branch now; empty where none does."""
    root, name = journal.branch_of(picture) or (picture, TRUNK)
    head = journal.branches().get(root, {}).get(name, "")
    files = [one.instruction for one in journal.parents(head) if one.kind == ADOPTED] if head else []
    return (head, files[0]) if files else ("", "")


def _looked_at(data: bytes, file: str, wanted: tuple[int, int]) -> tuple[bytes, Pixels]:
    from pressrun.graphics.photos.incoming import (  # with all that reads pictures: the studio asks others
        KINDS_READ,
        incoming,
    )
    from pressrun.graphics.photos.photographs import verified

    try:
        data = incoming(data, file).data
        pixels = verified(data, file)
    except PictureFailed as error:
        raise _fault("picture-kind", error.message, error.hint or f"save it as {KINDS_READ}") from error
    size = pixels.size
    shape = abs(size[0] * wanted[1] / (size[1] * wanted[0]) - 1)
    if shape > NEARLY or size[0] < wanted[0] or size[1] < wanted[1]:
        message = f"{file} has {size[0]}x{size[1]} pixels, the picture it would stand for {wanted[0]}x{wanted[1]}"
        raise _fault("picture-size", message, "save it in that size, or larger in the same proportions")
    return data, pixels


def _fault(code: str, message: str, hint: str) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message, hint=hint)])
