"""Spots that are spelled in several ways, and colours that nobody uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf

from pressrun.model.color import spot_key
from pressrun.readers.press_pdf import colors
from pressrun.readers.press_pdf.boxes import holder_of, inherited
from pressrun.readers.press_pdf.budget import Budget
from pressrun.readers.press_pdf.facts import PROCESS_INKS
from pressrun.readers.press_pdf.keys import Keys
from pressrun.readers.press_pdf.operators import Scratch, each_operator
from pressrun.readers.press_pdf.repairs.repair import Done, Left, Patient, Repair
from pressrun.readers.press_pdf.streams import unpacked

QUIET = Keys(lambda _: None)


# ---------------------------------------------------------------------------------------------------------------- spots


def mended_spots(patient: Patient) -> Done:
    """One spelling for a spot, where all that are spelled otherwise look alike: same substitute, same tints."""
    spaces = [one for one in _arrays(patient.pdf) if _is_of_inks(one)]
    looks: dict[str, dict[str, set[str]]] = {}
    for space in spaces:
        alone = space[0] == "/Separation"
        for name in [space[1]] if alone else space[1]:
            if (spelled := str(name)[1:]) not in PROCESS_INKS:
                found = looks.setdefault(spot_key(spelled), {}).setdefault(spelled, set())
                if alone:
                    found.add(colors.spot_definition(space))
    for spellings in looks.values():
        if len(spellings) < 2:
            continue
        named = " and ".join(f"'{one}'" for one in spellings)
        if len(set().union(*spellings.values())) > 1:
            yield Left(f"{named} are one ink, and look different where it is missing", "choose one of them by hand")
            continue
        kept = max(spellings, key=_is_as_registered)
        for space in spaces:
            _rename(space, spellings.keys() - {kept}, kept)
        yield Repair("spot-spelled-twice", f"{named} are one ink, '{kept}', on one plate")


def _is_as_registered(spelled: str) -> tuple[int, bool]:
    """Libraries part the words of a spot's name by single blanks: how far a spelling is so."""
    words = spelled.split()
    return len(words), spelled == " ".join(words)


def _is_of_inks(written: Any) -> bool:
    """Whether it is a /Separation or a /DeviceN, with all that these have."""
    if written[0] not in ("/Separation", "/DeviceN") or len(written) < 4:
        return False
    kind = pikepdf.Name if written[0] == "/Separation" else pikepdf.Array
    alternate, tint = written[2], written[3]
    is_space, is_function = isinstance(alternate, pikepdf.Object), isinstance(tint, pikepdf.Dictionary | pikepdf.Stream)
    return isinstance(written[1], kind) and is_space and is_function


def _rename(space: Any, names: set[str], kept: str) -> None:
    if space[0] == "/Separation":
        if str(space[1])[1:] in names:
            space[1] = pikepdf.Name(f"/{kept}")
        return
    inks = [str(one)[1:] for one in space[1]]
    if kept in inks or len(names.intersection(inks)) > 1:
        return  # a mixture of the two is a mixture of one with itself: no other name makes it right
    for at, ink in enumerate(inks):
        if ink in names:
            space[1][at] = pikepdf.Name(f"/{kept}")
            colorants = space[4].get("/Colorants") if len(space) > 4 else None
            if colorants is not None and f"/{ink}" in colorants:
                colorants[f"/{kept}"] = colorants[f"/{ink}"]
                del colorants[f"/{ink}"]


def _arrays(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every list of the file that begins with a name, however deep it lies in another object."""
    for top in pdf.objects:
        waiting = [top]
        while waiting:
            one = waiting.pop()
            if isinstance(one, pikepdf.Array):
                if len(one) and isinstance(one[0], pikepdf.Name):
                    yield one
                waiting += [part for part in one if _is_inside(part)]
            elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
                waiting += [part for _, part in one.items() if _is_inside(part)]


def _is_inside(part: Any) -> bool:
    return isinstance(part, pikepdf.Array | pikepdf.Dictionary) and not part.is_indirect


# ------------------------------------------------------------------------------------------------------------ resources


def without_unused_colors(patient: Patient) -> Done:
    """Take out RGB, gray and Lab resources that no content names, of pages and of all that is drawn on them: a
    printer's workflow lists them as used."""
    users: dict[tuple[int, int], tuple[Any, list[Any]]] = {}
    scratch = Scratch()
    for owner, holder, streams in _drawn_by(patient.pdf):
        if not isinstance(holder, pikepdf.Dictionary):
            return  # it takes those of whatever draws it
        key = holder.objgen if holder.is_indirect else owner.objgen
        users.setdefault(key, (holder, []))[1].extend(one for one in streams if isinstance(one, pikepdf.Stream))
    dropped: dict[str, None] = {}
    for holder, streams in users.values():
        names: set[str] | None = None
        for kind in ("/ColorSpace", "/XObject", "/Shading"):
            resources = holder.get(kind)
            if not isinstance(resources, pikepdf.Dictionary) or not len(resources):
                continue
            names = _named(streams, scratch, patient.budget) if names is None else names
            for name in _unused(resources, names):
                space = resources[name] if kind == "/ColorSpace" else QUIET.value(resources[name], "/ColorSpace")
                if space is not None and colors.read_space(space, holder, QUIET).ground.is_rgb:
                    del resources[name]
                    dropped[name[1:]] = None
    if dropped:
        yield Repair("unused-resources", f"RGB that nothing used: {', '.join(dropped)}")


def _unused(resources: Any, names: set[str]) -> list[str]:
    return [one for one in map(str, resources.keys()) if one not in names and not one.startswith("/Default")]


def _drawn_by(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, Any, list[Any]]]:
    """All that has content (pages, forms, tilings, fonts of drawn letters), with its resources and its streams."""
    for page in pdf.pages:
        contents = page.obj.get("/Contents")
        several = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        yield holder_of(page.obj, "/Resources"), inherited(page.obj, "/Resources", QUIET), several
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream):
            if QUIET.value(one, "/Subtype") == "/Form" or QUIET.value(one, "/PatternType") == 1:
                yield one, one.get("/Resources"), [one]
        elif isinstance(one, pikepdf.Dictionary) and QUIET.value(one, "/Subtype") == "/Type3":
            yield one, one.get("/Resources"), [letter for _, letter in QUIET.dictionary(one, "/CharProcs").items()]


def _named(streams: list[Any], scratch: Scratch, budget: Budget) -> set[str]:
    """Every name that content streams use as an operand."""
    names: set[str] = set()

    def visit(operator: str, operands: Sequence[Any]) -> None:
        names.update(str(one) for one in operands if isinstance(one, pikepdf.Name))

    each_operator(b"\n".join(unpacked(one, budget) for one in streams), scratch, 0, visit, budget)
    return names
