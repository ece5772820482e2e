"""Spots that are spelled in several ways, and colours that nobody uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf

from pressrun.model.color import spot_key
from pressrun.readers.press_pdf import colors
from pressrun.readers.press_pdf.boxes import inherited
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
    """Take out RGB, gray and Lab resources that no content names: a printer's workflow lists them as used."""
    users: dict[tuple[int, int], tuple[Any, list[Any]]] = {}
    scratch = Scratch()
    for page in patient.pdf.pages:
        contents = page.obj.get("/Contents")
        streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        holder = inherited(page.obj, "/Resources", QUIET)
        key = holder.objgen if holder.is_indirect else page.obj.objgen
        users.setdefault(key, (holder, []))[1].extend(one for one in streams if isinstance(one, pikepdf.Stream))
    dropped: dict[str, None] = {}
    for holder, streams in users.values():
        if not _draws_only_own(holder):
            continue
        names = _named(streams, scratch, patient.budget)
        for kind in ("/ColorSpace", "/XObject", "/Shading"):
            resources = holder.get(kind)
            if not isinstance(resources, pikepdf.Dictionary):
                continue
            for name in _unused(resources, names):
                space = resources[name] if kind == "/ColorSpace" else QUIET.value(resources[name], "/ColorSpace")
                if space is not None and colors.read_space(space, holder, QUIET).ground.is_rgb:
                    del resources[name]
                    dropped[name[1:]] = None
    if dropped:
        yield Repair("unused-resources", f"RGB that nothing on the page used: {', '.join(dropped)}")


def _unused(resources: Any, names: set[str]) -> list[str]:
    return [one for one in map(str, resources.keys()) if one not in names and not one.startswith("/Default")]


def _draws_only_own(holder: Any) -> bool:
    """Whether every form under these resources brings its own, so that it takes none of these."""
    drawn = QUIET.dictionary(holder, "/XObject")
    forms = [one for _, one in drawn.items() if QUIET.value(one, "/Subtype") == "/Form"]
    fonts = [one for _, one in QUIET.dictionary(holder, "/Font").items() if QUIET.value(one, "/Subtype") == "/Type3"]
    patterns = [one for _, one in QUIET.dictionary(holder, "/Pattern").items() if isinstance(one, pikepdf.Stream)]
    return all("/Resources" in one for one in (*forms, *fonts, *patterns))


def _named(streams: list[Any], scratch: Scratch, budget: Budget) -> set[str]:
    """Every name that content streams use as an operand."""
    names: set[str] = set()

    def visit(operator: str, operands: Sequence[Any]) -> None:
        names.update(str(one) for one in operands if isinstance(one, pikepdf.Name))

    each_operator(b"\n".join(unpacked(one, budget) for one in streams), scratch, 0, visit, budget)
    return names
