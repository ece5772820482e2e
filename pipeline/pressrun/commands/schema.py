"""`pressrun schema`: JSON Schemas, so that editors complete and check what people write."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click
import cloup

from pressrun.commands.terminal import tell, tell_json

KINDS = ("brand", "layout", "part", "job", "overrides", "steps")


@cloup.command()
@cloup.argument("kind", type=click.Choice(KINDS), required=False)
@cloup.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Write the schema, or all of them, into DIR."
)
def schema(kind: str | None, out: Path | None) -> int:
    """Print the JSON Schema of brand, layout, part, job, override or step files."""
    from pressrun.commands.json_schemas import USUAL_PLACES
    from pressrun.model.disk import CannotWrite

    if out is None:
        if kind is None:
            raise click.UsageError(f"name a kind ({', '.join(KINDS)}), or write all of them with --out")
        tell_json(_text(kind))
        return 0
    written = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in [kind] if kind else KINDS:
            file = out / f"{name}.schema.json"
            beside = file.with_suffix(".part")
            beside.write_text(_text(name) + "\n", encoding="utf-8")
            beside.replace(file)
            written.append(f"{file}\n  first line of {USUAL_PLACES[name]}:\n  {hint(name, file)}")
    except OSError as error:
        raise CannotWrite(f"cannot write to {out}: {error.strerror}", "choose another folder with --out") from error
    tell("\n".join(written))
    return 0


def _text(kind: str) -> str:
    from pressrun.commands.json_schemas import schema as schema_of

    return json.dumps(schema_of(kind), ensure_ascii=False, indent=2)


def hint(kind: str, file: Path) -> str:
    """The comment by which yaml-language-server finds a schema: relative inside a campaign, else absolute."""
    from pressrun.commands.json_schemas import USUAL_PLACES
    from pressrun.doors import find_root
    from pressrun.model.errors import InputError

    path = file.resolve()
    try:
        root = find_root(path.parent)
    except InputError:
        return f"# yaml-language-server: $schema={path.as_posix()}"
    relative = os.path.relpath(path, root / Path(USUAL_PLACES[kind]).parent)
    return f"# yaml-language-server: $schema={Path(relative).as_posix()}"
