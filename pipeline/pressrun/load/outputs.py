"""What a job says of its output: names that its expressions and its slip sheets use, and formats that can be put into
one document."""

from __future__ import annotations

from collections.abc import Mapping

from pressrun.language.templates import Templates
from pressrun.language.vocabulary import RECORD_GROUP, RECORD_GROUP_FIELDS, Thing, Vocabulary
from pressrun.load.names_used import Uses
from pressrun.model.brand import Brand
from pressrun.model.finding import Place
from pressrun.model.format_kind import FormatKind
from pressrun.model.job import Job
from pressrun.model.project import KeyPath, LoadedLayout
from pressrun.readers.suggestion import did_you_mean
from pressrun.readers.yaml_source import YamlSource

_KEYS = ("output", "one-pdf")


def check_output(
    uses: Uses, job: Job, source: YamlSource, rows: Vocabulary, layouts: Vocabulary, texts: Templates,
    loaded: Mapping[str, LoadedLayout], brand: Brand | None, formats: Mapping[str, FormatKind],
) -> None:  # fmt: skip
    """What files say of themselves; the expressions, the template and the role of a job's output, and that something
    can be put into it."""
    for text, keys in job.metadata.texts:
        uses.template(texts.inspect(text, ""), source.text_place(("metadata", *keys)), layouts.before_pages)
    if job.output is None:
        return
    said = job.output.one_pdf
    written: list[tuple[str, KeyPath]] = [(text, ("sort", number)) for number, text in enumerate(said.sort)]
    written += [(text, (key,)) for key, text in (("by", said.by), ("quantity", said.quantity)) if text]
    if said.save_as is not None:
        uses.template(texts.inspect(said.save_as, ""), _place(source, ("save_as",)), layouts)
    if said.slip:
        written.append((said.slip.by, ("slip", "by")))
        group = {RECORD_GROUP: Thing("group", frozenset(RECORD_GROUP_FIELDS))}
        seen = layouts.before_pages.with_things(group)
        uses.template(texts.inspect(said.slip.text, ""), _place(source, ("slip", "text")), seen)
        if said.slip.role and brand and said.slip.role not in brand.typography:
            hint = did_you_mean(said.slip.role, brand.typography, "roles")
            message = f"the brand has no role '{said.slip.role}'"
            uses.reader.error("unknown-role", message, _place(source, ("slip", "role")), hint)
    for text, path in written:
        uses.expression(text, _place(source, path), rows)
    if loaded and not any(formats[name].write_pieces for one in loaded.values() for name in one.layout.formats):
        able = ", ".join(name for name, kind in formats.items() if kind.write_pieces)
        message = "no layout of this job has a format that many rows can be in"
        uses.reader.error("nothing-to-merge", message, source.place(("output",)), f"add {able} to the `formats` of one")
    for one in loaded.values():
        for number, name in enumerate(one.layout.formats):
            kind = formats[name]
            if "print" in kind.targets and kind.write_pages and not kind.write_pieces and not said.singles:
                message = f"{one.name}: {name} cannot be put into one PDF, and each row would have a file of its own"
                hint = f"leave {name} to a job without `output`, or write `singles: true` in `one-pdf`"
            elif kind.write_pieces and said.pdf_vt and not kind.packs_objects:
                message = f"{one.name}: {name} cannot be PDF/VT-1, which is PDF/X-4 that tells its records"
                hint = f"leave `pdf_vt` out, or {name} to another job"
            else:
                continue
            place = one.places.get(("formats", number)) or one.places.get(("formats",)) or Place(one.file)
            uses.reader.error("cannot-merge", message, place, hint)


def _place(source: YamlSource, path: KeyPath) -> Place:
    return source.text_place((*_KEYS, *path))
