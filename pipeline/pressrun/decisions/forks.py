"""Forks: a picture that is there, changed as somebody says, as a branch beside it. Paid for as any picture is."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from pressrun.decisions.branches import FORK, TRUNK, instructions
from pressrun.decisions.finals import FINAL_QUALITY, reference_to
from pressrun.decisions.latest_decisions import FINAL
from pressrun.doors import Doors
from pressrun.expand.edits import INSTRUCTION, change_told, unseen
from pressrun.generate import generate
from pressrun.generate.buy.direct import buy
from pressrun.generate.buy.terms import Terms
from pressrun.generate.exact_product import kept_key, kept_provenance, product_kept
from pressrun.graphics.photos.masks import FEATHER, kept_outside, mask_fault
from pressrun.model.errors import InputError, PictureFailed
from pressrun.model.finding import Finding, Severity
from pressrun.model.journal import Descent, Journal
from pressrun.model.paid_provider import PaidProvider
from pressrun.model.picture import PictureMade, PictureRequest, Reference
from pressrun.model.plan import PictureTask
from pressrun.model.progress import Progress
from pressrun.model.provider import ProviderOptions
from pressrun.model.sound_results import make_room, stored
from pressrun.readers.environment import read_environment

NEW_CONVERSATION = "new"
_WORD = re.compile(r"[^\W_]+")


class Change(Struct, frozen=True):
    """What somebody wants of a picture. ``mask`` is a PNG whose transparent part alone may change, with an edge as soft
    as ``feather`` pixels; ``take`` counts the tries of one wish; ``quality`` empty: the parent's own."""

    instruction: str
    name: str = ""
    mask: bytes | None = None
    feather: float = FEATHER
    take: int = 1
    quality: str = ""
    conversation: bool = False


class Fork(Struct, frozen=True):
    """A fork, planned: ``key`` of the picture on the branch ``name`` of ``root``, by this ``task``'s call."""

    root: str
    name: str
    parent: PictureMade
    key: str
    task: PictureTask
    change: Change
    there: bool


def plan_fork(parent: str, slot: str, master: str, row: str, asked: PictureRequest, change: Change,
              provider: ProviderOptions, doors: Doors) -> Fork:  # fmt: skip
    """What a change of a picture by this provider comes to, checked before anything is asked for. ``asked`` is the
    request that the picture's trunk was made from. Raises InputError."""
    journal = doors.journal
    if not provider.READS_PROMPT:
        hint = "name one that makes pictures with --provider"
        raise _fault("nobody-to-ask", f"{provider.type} takes pictures as they are, and changes none", hint)
    made = stored(journal, doors.store, [parent]).get(parent)
    if made is None:
        raise _fault("lost-picture", f"the picture {parent[:12]} is not in the store", "run its job again")
    root, _ = journal.branch_of(parent) or (parent, TRUNK)
    if parent == root:
        made = product_kept(made, asked, doors.store, journal)
    if change.mask is not None:
        wrong = mask_fault(change.mask, made.pixels.size)
        if wrong:
            raise _fault(wrong.code, wrong.message, wrong.hint)
    request = _request(asked, made, change, provider, doors)
    key = provider.key(request)
    if change.mask is not None:
        assert request.mask is not None
        key = kept_key(key, made.digest, request.mask.digest, change.feather)
    task = PictureTask(provider.key(request), slot, master, request, "", row, 1, provider.quote(request), provider)
    faults = provider.faults(request, doors.store.read) if isinstance(provider, PaidProvider) else []
    if any(finding.is_error for finding in faults):
        raise InputError(faults)
    there = key in stored(journal, doors.store, [key])
    return Fork(root, _name(change, root, key, journal), made, key, task, change, there)


def make_fork(fork: Fork, doors: Doors, terms: Terms, progress: Progress) -> PictureMade:
    """Have the picture, and put it at the end of its branch. Raises PressrunError where it cannot be had; whatever was
    paid by then is kept."""
    journal = doors.journal
    made = stored(journal, doors.store, [fork.key]).get(fork.key)
    if made is None:
        made = _edited(fork.task, doors, terms, progress)
        if fork.change.mask is not None:
            made = _kept(fork, made, doors)
    if fork.key != fork.parent.key:
        journal.descend([Descent(fork.key, fork.parent.key, FORK, fork.change.instruction)])
    journal.set_head(fork.root, fork.name, fork.key)
    return made


def _request(
    asked: PictureRequest, parent: PictureMade, change: Change, provider: ProviderOptions, doors: Doors
) -> PictureRequest:  # fmt: skip
    before = instructions(parent.key, doors.journal)
    sees = provider.READS_REFERENCES
    if sees:
        prompt, options = change_told(change.instruction, asked.brief.space), asked.options
    else:
        prompt, options = unseen(asked, [*before, change.instruction], INSTRUCTION)
    if change.conversation:
        if not provider.CONVERSES:
            raise _fault("no-conversation", f"{provider.type} holds no conversations", "leave --conversation out")
        before_it = parent.provenance.response_id
        options = (*options, ("conversation", NEW_CONVERSATION if before_it is None else before_it))
    mask = None
    if change.mask is not None:
        mask = Reference(doors.store.put(change.mask), "mask.png", "image/png")
    return replace(
        asked, prompt=prompt, take=change.take, references=(reference_to(parent),), mask=mask, options=options,
        quality=change.quality or parent.provenance.quality or asked.quality, lettering=(), feather=None,
        edit_of="", change="",
    )  # fmt: skip


def run_flags(fork: Fork, asked: PictureRequest, provider: ProviderOptions, doors: Doors) -> list[str]:
    """The flags of a run that shows a fork: drafts and finals are other pictures than the job's own, which ``provider``
    makes as ``asked``."""
    root, own = fork.root, ["--branch", fork.name]
    made = stored(doors.journal, doors.store, [root]).get(root)
    quality = (made.provenance.quality or "") if made else ""
    if root == provider.key(asked) or not quality:
        return own
    if root not in doors.journal.parents_by(FINAL):
        return ["--quality", quality, *own]
    plain = root == provider.key(replace(asked, quality=quality))
    target = [] if quality == FINAL_QUALITY else ["--quality", quality]
    return ["--final", *([] if plain else ["--from-draft"]), *target, *own]


def _name(change: Change, root: str, key: str, journal: Journal) -> str:
    """The branch's name: as it is given, else from the instruction. Raises InputError if it is another's."""
    there = journal.branches().get(root, {})
    if change.name == TRUNK:
        raise _fault("branch-exists", f"'{TRUNK}' is the branch that every picture has", "choose another --name")
    if change.name:
        if there.get(change.name, key) != key:
            message = f"the picture has a branch '{change.name}' already"
            raise _fault("branch-exists", message, "choose another --name")
        return change.name
    for name, head in there.items():
        if head == key:
            return name
    words = _WORD.findall(change.instruction.casefold())
    plain = "-".join([word for word in words if word not in _SMALL][:4]) or "fork"
    number, name = 1, plain
    while name in there or name == TRUNK:
        number += 1
        name = f"{plain}-{number}"
    return name


_SMALL = frozenset(("a", "an", "the", "it", "to", "make", "of", "and", "in", "with", "this", "please", "into", "add"))


def _edited(task: PictureTask, doors: Doors, terms: Terms, progress: Progress) -> PictureMade:
    """The provider's answer: from the store, else asked for."""
    there = stored(doors.journal, doors.store, [task.key])
    if task.key in there:
        return there[task.key]
    make_room(doors.journal, doors.store, [task.key])
    if not isinstance(task.provider, PaidProvider):
        made = generate(task.key, task.provider, task.request, doors.store)
        doors.journal.record([made.result()])
        return made
    environment = read_environment(doors.root)
    bought = buy([task], doors.store, doors.journal, terms, environment, progress)
    if bought.stopped:
        raise bought.stopped
    if task.key in bought.failed:
        finding = bought.failed[task.key]
        raise PictureFailed(finding.message, finding.hint)
    return bought.made[task.key]


def _kept(fork: Fork, edited: PictureMade, doors: Doors) -> PictureMade:
    """The picture with the parent's own pixels outside the mask; what was sent stays in the store as it came."""
    store = doors.store
    assert fork.change.mask is not None
    data = kept_outside(
        store.read(fork.parent.digest), store.read(edited.digest), fork.change.mask, fork.change.feather
    )
    original = fork.parent.provenance
    kept = kept_provenance(edited, original.pixels.size, original.source_type)
    make_room(doors.journal, store, [fork.key])
    made = PictureMade(fork.key, store.put(data, durable=True), len(data), kept)
    doors.journal.record([made.result()])
    return made


def quote(forks: list[Fork]) -> Decimal | None:
    """What the forks that are not there yet would cost; None as soon as one has no known price."""
    prices = [fork.task.quoted_usd for fork in forks if not fork.there]
    return None if None in prices else sum((price for price in prices if price is not None), Decimal(0))


def _fault(code: str, message: str, hint: str) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message, hint=hint)])
