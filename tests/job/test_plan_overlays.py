"""A plan is made once: its pictures keep their order, its words are rendered once, and asking changes nothing."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from job_campaign import Campaign
from msgspec.structs import replace
from takes_kit import journal

from pressrun.model.plan import Plan
from pressrun.model.settings import Settings
from pressrun.run.planned_job import prepare
from pressrun.run.words import sheet_words


def planned(campaign: Campaign) -> Plan:
    prepared = prepare(campaign.root / campaign.job, Settings())
    with prepared.doors:
        return prepared.plan


def test_what_stands_for_a_picture_has_its_place_in_the_order_of_purchase(fresh: Campaign) -> None:
    plan = planned(fresh)
    before = [task.key for task in plan.pictures]
    assert before == [task.key for task in plan.planned]
    first, last = plan.pictures[0], plan.pictures[-1]
    heads = {first.key: "head of the first", last.key: "head of the last"}
    sheets = [
        replace(sheet, slots=tuple(replace(use, key=heads.get(use.key, use.key)) for use in sheet.slots))
        for sheet in reversed(plan.sheets)
    ]
    standing = [replace(task, key=heads[task.key]) for task in (last, first)]
    changed = plan.with_sheets(sheets, standing)
    assert [task.key for task in changed.pictures] == [heads.get(key, key) for key in before]
    assert [task.uses for task in changed.pictures] == [task.uses for task in plan.pictures]
    back = changed.with_sheets(replace(sheet, slots=sheet.planned) for sheet in sheets)
    assert [task.key for task in back.pictures] == before


def test_the_words_of_a_sheet_are_rendered_once_in_a_run(fresh: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: Counter[tuple[str, str, int]] = Counter()
    render = sheet_words.layout_content

    def counted(project: Any, row: Any, layout: str, take: int = 1, *others: Any) -> Any:
        rendered[row.id, layout, take] += 1
        return render(project, row, layout, take, *others)

    monkeypatch.setattr(sheet_words, "layout_content", counted)
    report = fresh.run()
    sheets = {(asset.row, asset.layout, asset.take) for asset in report.assets}
    assert rendered == Counter(sheets)


def test_asking_forgets_nothing_and_what_is_lost_is_made_again(warm: Campaign) -> None:
    plan = planned(warm)
    key = plan.pictures[0].key
    with journal(warm) as opened:
        digest = opened.lookup([key])[key].digest
    (warm.root / ".pressrun/objects" / digest[:2] / digest[2:]).unlink()
    assert key not in planned(warm).in_store
    with journal(warm) as opened:
        assert opened.lookup([key])[key].digest == digest
    assert warm.run().exit == 0
    assert planned(warm).in_store == plan.in_store


def test_each_take_of_a_sheet_shows_its_own_pictures_and_of_a_slot_with_fewer_the_last(fresh: Campaign) -> None:
    fresh.edit(fresh.job, "    steps: [{type: tone}]", "    takes: 3")
    second = "  ground: {prompt: scene.j2, takes: 2, masters: {one: {size: 96x96}}}\nlayouts:"
    fresh.edit(fresh.job, "layouts:", second)
    fresh.edit(fresh.job, "{{ layout.name }}", "{{ layout.name }}-{{ take }}")
    layer = "  - {type: image, id: ground, picture: ground, box: {in: bleed}}\n  - {type: image, id: scene"
    fresh.edit("templates/layouts/post.yaml", "  - {type: image, id: scene", layer)
    plan = planned(fresh)
    takes = {task.key: (task.slot, task.request.take) for task in plan.pictures}
    shown = {
        (sheet.take, *sorted(takes[use.key] for use in sheet.slots)) for sheet in plan.sheets if sheet.layout == "post"
    }
    assert shown == {(take, ("ground", min(take, 2)), ("hero", take)) for take in (1, 2, 3)}
