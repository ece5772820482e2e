"""The prompts of a picture slot, section by section: written otherwise for one picture or for the job's template, with
every prompt that changes and what it would cost seen before anything is written or bought."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pressrun.commands.studio.answers import campaign_of, data_block, language_of, page, visitor_of
from pressrun.commands.studio.filters import rows_called
from pressrun.commands.studio.forks import picture_of, sections
from pressrun.language.names import picture_name
from pressrun.language.template_blocks import Alternatives
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity

if TYPE_CHECKING:
    from pressrun.run.edits.prompt_edits import PromptEdit

MOST_TEXT = 8000  # characters
LISTED = 60  # prompts of an answer


def prompt_page(request: Request) -> Response:
    """The sections of a picture's prompt, to be written otherwise."""
    from pressrun.run.edits.prompt_edits import is_for_all, said_for, sections_of

    run, tile, _, picture = picture_of(request)
    project = run.project()
    if picture.slot not in project.job.pictures:
        raise _fault("no-picture", f"the job no longer has pictures '{picture.slot}'")
    said = said_for(project, picture.slot, tile.row)
    found = [one for one in sections_of(project, picture.slot) if one.source.strip() or said[one.name].text]
    name = project.job.pictures[picture.slot].prompt
    data = {
        "run": run.shelf.run, "id": tile.id, "key": picture.key, "csrf": request.scope["state"]["csrf"],
        "take": tile.take, "job": run.shelf.job, "buys": visitor_of(request).may("buy"),
        "sections": [
            {"name": one.name, "source": Alternatives.of(one.source).others.strip(), "said": said[one.name].text,
             "ofCode": said[one.name].of_code} for one in found
        ],
    }  # fmt: skip
    jobs = [path.stem for path in sorted((project.root / "jobs").glob("*.y*ml")) if path != project.job_file
            and name in path.read_text("utf-8", "replace")]  # fmt: skip
    return page(request, "prompt.html", run=run.shelf, tile=tile, picture=picture, found=found, file=name, jobs=jobs,
                alike=is_for_all(project, picture.slot), data=data_block(data),
                called=rows_called(run, [tile], language_of(request))[tile.row])  # fmt: skip


def quote(request: Request, said: Mapping[str, Any]) -> Response:
    """Which prompts a change would change, and what their pictures would cost. Nothing is written."""
    from pressrun.run.edits.prompt_edits import changed_prompts

    run, _, _, _ = picture_of(request)
    changed = changed_prompts(run.project(), _edit(request, said), run.journal, campaign_of(request).store)
    wanted = [one for one in changed if not one.there]
    prices = [one.price_usd for one in wanted]
    called = rows_called(run, run.shelf.tiles, language_of(request))
    total = None if None in prices else sum((price for price in prices if price is not None), Decimal(0))
    told = [
        {
            "picture": picture_name(one.prompt.slot, one.prompt.master), "take": one.prompt.take,
            "row": called.get(one.row, one.row), "rows": one.rows, "there": one.there,
            "price_usd": None if one.price_usd is None else float(one.price_usd),
            "sections": _differing(one.before, one.prompt.request.prompt),
        }
        for one in changed[:LISTED]
    ]  # fmt: skip
    return JSONResponse({
        "changed": told, "total": len(changed), "wanted": len(wanted),
        "price_usd": None if total is None else float(total),
    })  # fmt: skip


def _differing(before: str, after: str) -> list[dict[str, str]]:
    old, new = ({one.title: one.text for one in sections(prompt)} for prompt in (before, after))
    titles = dict.fromkeys((*old, *new))
    return [
        {"title": title, "before": old.get(title, ""), "after": new.get(title, "")}
        for title in titles if old.get(title) != new.get(title)
    ]  # fmt: skip


def write(request: Request, said: Mapping[str, Any]) -> Response:
    """Write it into the template. The next run asks for what is not there, under its own cap."""
    from pressrun.run.edits.prompt_edits import write_edit

    run, tile, _, _ = picture_of(request)
    edit = _edit(request, said)
    file = write_edit(run.project(), edit)
    request.app.state.audit.add(who=visitor_of(request).who, what="prompt", run=run.shelf.run, sheets=[tile.id],
                                file=file, section=edit.block, row=edit.row)  # fmt: skip
    return JSONResponse({"file": file})


def _edit(request: Request, said: Mapping[str, Any]) -> PromptEdit:
    from pressrun.run.edits.prompt_edits import PromptEdit, said_for

    run, tile, _, picture = picture_of(request)
    block, text, alone = said.get("section"), said.get("text"), said.get("alone")
    if not isinstance(block, str) or not isinstance(text, str) or len(text) > MOST_TEXT or not isinstance(alone, bool):
        raise _fault("bad-request", f"name a section and what it is to say, in no more than {MOST_TEXT} characters")
    of_code = said.get("of_code") is True
    stands = said_for(run.project(), picture.slot, tile.row).get(block) if alone else None
    if stands and stands.of_code != of_code:
        raise _fault("bad-request", "the section is another one by now: open the page again")
    return PromptEdit(picture.slot, block, text, tile.row if alone else "", of_code)


def _fault(code: str, message: str) -> InputError:
    return InputError([Finding(Severity.ERROR, code, message)])
