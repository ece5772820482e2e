"""A section of a job's prompts, written otherwise: for all of its template or for one picture; what it changes and what
that would cost is known before it is written."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from pressrun import registry
from pressrun.expand import expand_rows, prompts_for
from pressrun.language.filters import prompt_filters
from pressrun.language.template_blocks import (
    Alternatives,
    blocks_of,
    code_added,
    extended_by,
    literal,
    with_block,
)
from pressrun.language.templates import Templates
from pressrun.load import load_project
from pressrun.model.disk import write_authored
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.model.job import Prompt, Row
from pressrun.model.journal import Journal
from pressrun.model.project import Project
from pressrun.model.settings import Settings
from pressrun.model.sound_results import stored
from pressrun.model.store import Store
from pressrun.run.overlays.bare_plan import bare_plan


class Section(Struct, frozen=True):
    """A block of a slot's prompts: its title, its source, and the template that it stands in."""

    name: str
    title: str
    source: str
    file: str


class PromptEdit(Struct, frozen=True):
    """What a block is to say instead: in the template, or where the prompt is for the ``row`` of this id alone: just
    these words, or (``of_code``) the template's own with what is filled in."""

    slot: str
    block: str
    text: str
    row: str = ""
    of_code: bool = False


class Said(Struct, frozen=True):
    """What a block says for a picture alone: its words, or, where they are others in one shape than in another
    (``of_code``), what the template has for it."""

    text: str
    of_code: bool


class ChangedPrompt(Struct, frozen=True):
    """A prompt that becomes another: of its first ``row`` and so many ``rows`` in all; ``price_usd`` is None where
    nobody knows it, ``there`` says that the picture exists."""

    prompt: Prompt
    before: str
    row: str
    rows: int
    price_usd: Decimal | None
    there: bool


def sections_of(project: Project, slot: str) -> list[Section]:
    """The blocks of a slot's prompts in the order in which they are said, each as the nearest template has it."""
    found: dict[str, Section] = {}
    titles: dict[str, str] = {}
    for name in _chain(project, slot):
        source = project.prompts[name]
        blocks = blocks_of(source)
        for block, at in blocks.items():
            found.setdefault(block, Section(block, "", source[at.begin : at.end], name))
            titles[block] = at.title or titles.get(block, "")
        found = {**{block: found[block] for block in blocks}, **found}
    return [replace(one, title=titles[one.name] or one.name) for one in found.values()]


def _chain(project: Project, slot: str) -> Iterator[str]:
    name = project.job.pictures[slot].prompt
    seen: set[str] = set()
    while name in project.prompts and name not in seen:
        seen.add(name)
        yield name
        name = extended_by(project.prompts[name])


def template_edited(project: Project, edit: PromptEdit) -> tuple[str, str]:
    """The slot's template and its new source. Raises InputError where words are no words, or nobody knows the block."""
    section = next((one for one in sections_of(project, edit.slot) if one.name == edit.block), None)
    if section is None:
        raise _fault("no-section", f"its prompts have no section '{edit.block[:60]}'", "open the page again")
    name = project.job.pictures[edit.slot].prompt
    stands = Alternatives.of(section.source)
    if edit.row:
        condition = _condition(project, edit.slot, _row(project, edit.row))
        before = stands.own.get(condition, stands.others)
        text = _in_place_of(before, edit.text) if edit.of_code else literal(edit.text.strip())
        # What another template says of all others uses names that are known there alone.
        own, others = (stands.own, stands.others) if section.file == name else ({}, "{{ super() }}")
        said = Alternatives({**own, condition: text}, others)
    else:
        own = stands.own if section.file == name else {}
        said = Alternatives(own, _in_place_of(stands.others, edit.text))
    return name, with_block(project.prompts[name], edit.block, said.written())


def _in_place_of(before: str, text: str) -> str:
    if added := code_added(before, text):
        hint = "words may be written here, and what stands there moved or left out; code is written in the file"
        raise _fault("code-in-words", f"this has code that did not stand there: {added[0][:80]}", hint)
    return before[: len(before) - len(before.lstrip())] + text.strip() + before[len(before.rstrip()) :]


def said_for(project: Project, slot: str, row_id: str) -> dict[str, Said]:
    """What each block of a slot's prompts says for the picture of a row alone, in every shape that it has. Raises
    InputError where the prompts cannot be made, or there is no such row."""
    row, found = _row(project, row_id), {}
    condition = "" if is_for_all(project, slot) else _condition(project, slot, row)
    for one in sections_of(project, slot):
        marked = with_block(project.prompts[one.file], one.name, f"{_BEGIN}{one.source}{_END}")
        asked = prompts_for(replace(project, prompts={**project.prompts, one.file: marked}), row, {slot})
        words = {_marked(prompt.request.prompt) for prompt in asked}
        stands = Alternatives.of(one.source)
        source = stands.own.get(condition, stands.others).strip()
        found[one.name] = Said(words.pop(), of_code=False) if len(words) == 1 else Said(source, of_code=True)
    return found


_BEGIN, _END = "\ue000", "\ue001"  # of private use: around what a block says


def _marked(prompt: str) -> str:
    return prompt.partition(_BEGIN)[2].partition(_END)[0].strip()


def _row(project: Project, row_id: str) -> Row:
    row = next((one for one in expand_rows(project) if one.id == row_id), None)
    if row is None:
        raise _fault("unknown-row", f"there is no row '{row_id[:80]}' any more", "run the job again")
    return row


def is_for_all(project: Project, slot: str) -> bool:
    """Whether a slot's prompts say the same for all rows, so that there is none that could be changed alone."""
    read = _names_read(project, slot)
    if not read.isdisjoint(project.row_sets):
        return False
    if read.isdisjoint({*project.job.values, "theme"}):
        return True
    rows = (row for row in expand_rows(project) if row.fault is None)
    first = next(rows, None)
    return first is None or all(_texts(project, slot, row) == _texts(project, slot, first) for row in rows)


def _names_read(project: Project, slot: str) -> set[str]:
    return {use.name for name in _chain(project, slot) for use in project.prompt_names[name].uses}


def _texts(project: Project, slot: str, row: Row) -> list[str]:
    return [prompt.request.prompt for prompt in prompts_for(project, row, {slot})]


def _condition(project: Project, slot: str, row: Row) -> str:
    """What holds for the prompts of one picture alone: the keys of what its template reads, and of what else tells it
    from others, by way of a value or a theme."""
    read, parts = _names_read(project, slot), []
    for name in _telling(project, slot, row, [name for name in row.keys if name in read & project.row_sets.keys()]):
        rows, key = project.row_sets[name], row.keys[name]
        if rows.key not in rows.columns or any(code in key for code in ("%}", "}}", "{{", "{%")):
            message = f"its rows of '{name}' cannot be told apart by a column"
            raise _fault("no-key-column", message, "write the condition in the template")
        # As text: a key is one, whatever type its column has.
        parts.append(f"({name}.{rows.key} ~ '') == {json.dumps(key, ensure_ascii=False)}")
    if not parts:
        raise _fault("same-for-all", "its prompt is the same for all rows", "change it for the template")
    return " and ".join(parts)


def _telling(project: Project, slot: str, row: Row, names: list[str]) -> list[str]:
    """The row sets by which rows are told apart from this one that have other prompts, these first."""
    own = _texts(project, slot, row)
    others = [
        one.keys for one in expand_rows(project)
        if one.fault is None and all(one.keys.get(name) == row.keys[name] for name in names)
        and _texts(project, slot, one) != own
    ]  # fmt: skip
    while others:
        sets = row.keys.keys() & project.row_sets.keys()
        apart = Counter(name for one in others for name in sets if one.get(name) != row.keys[name])
        if not apart:
            break
        best = max(apart, key=lambda name: (apart[name], name))
        names = [*names, best]
        others = [one for one in others if one.get(best) == row.keys[best]]
    return names


def changed_prompts(project: Project, edit: PromptEdit, journal: Journal, store: Store) -> list[ChangedPrompt]:
    """Every prompt that an edit changes, with what its picture would cost. Raises InputError where it cannot be
    read."""
    name, source = template_edited(project, edit)
    inspected = Templates(filters=prompt_filters()).inspect(source, name)
    if inspected.faults:
        raise InputError([
            Finding(Severity.ERROR, one.code, one.message, Place(name, one.line), one.hint) for one in inspected.faults
        ])  # fmt: skip
    prompts, names = {**project.prompts, name: source}, {**project.prompt_names, name: inspected}
    after = replace(project, prompts=prompts, prompt_names=names)
    found: dict[tuple[str, str, int, str, str], list[str]] = {}
    made: dict[tuple[str, str, int, str, str], Prompt] = {}
    shown = _shown(project)
    for row in expand_rows(project):
        pairs = shown.get(row.id)
        if row.fault or not pairs:
            continue
        slots = {slot for slot, _ in pairs}
        for was, now in zip(prompts_for(project, row, slots), prompts_for(after, row, slots), strict=True):
            if (now.slot, now.master) in pairs and was.request.prompt != now.request.prompt:
                key = now.slot, now.master, now.take, was.request.prompt, now.request.prompt
                made[key] = now
                found.setdefault(key, []).append(row.id)
    return list(_priced(project, found, made, journal, store))


def _shown(project: Project) -> dict[str, set[tuple[str, str]]]:
    """The slots and masters that sheets of a row want: what no sheet shows is neither worded nor bought."""
    found: dict[str, set[tuple[str, str]]] = {}
    for sheet in bare_plan(project, Settings()).sheets:
        found.setdefault(sheet.row.id, set()).update((use.slot, use.master) for use in sheet.slots)
    return found


def _priced(
    project: Project, found: Mapping[tuple[str, str, int, str, str], list[str]],
    made: Mapping[tuple[str, str, int, str, str], Prompt], journal: Journal, store: Store,
) -> Iterator[ChangedPrompt]:  # fmt: skip
    providers = {slot: project.job.provider_of(slot) for slot in project.job.pictures}
    keys = {key: providers[one.slot].key(replace(one.request, take=one.take)) for key, one in made.items()}
    there = stored(journal, store, list(keys.values()))
    for key, one in made.items():
        price = providers[one.slot].quote(one.request)
        yield ChangedPrompt(one, key[3], found[key][0], len(found[key]), price, keys[key] in there)


def write_edit(project: Project, edit: PromptEdit) -> str:
    """Write an edit into the slot's template, whose file is the answer. Raises InputError, and leaves the file as it
    was, where the job does not load with it."""
    name, source = template_edited(project, edit)
    path = project.root / "templates" / "prompts" / name
    before = path.read_bytes()
    try:
        write_authored(path, source)
        load_project(project.job_file, registry)
    except BaseException:
        path.write_bytes(before)
        raise
    return f"templates/prompts/{name}"


def _fault(code: str, message: str, hint: str) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message, hint=hint)])
