"""However many sheets are in memory at once, a run makes and tells the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from job_campaign import Campaign
from takes_kit import TWO_TAKES

from pressrun import plan
from pressrun.run.words import sheet_words

PLAIN = """
page: {trim: 20px x 20px}
target: screen
formats: [png]
layers: [{type: shape, shape: rect, fill: ink, box: {in: trim}}]
"""
WINDOWS = (7, 1000, 10**9)
Told = tuple[bytes, bytes, dict[str, str], list[str]]


def told(campaign: Campaign) -> Told:
    run = campaign.latest
    texts = sorted(path.name for path in run.iterdir() if path.is_file())
    return (run / "assets.jsonl").read_bytes(), (run / "assets.csv").read_bytes(), campaign.assets(), texts


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[Told]]:
    """By window, what a first and a second run tell. Two takes of a sheet without a picture are one file under two
    names; a row has words that cannot be worked out; and the second run has one more row."""
    found = {}
    for window in WINDOWS:
        campaign = Campaign.new(tmp_path_factory.mktemp("windows") / "campaign")
        for old, new in TWO_TAKES.items():
            campaign.edit(campaign.job, old, new)
        (campaign.root / "templates/layouts/plain.yaml").write_text(PLAIN)
        campaign.edit("jobs/spring.yaml", "layouts: [post, card]", "layouts: [post, plain]")
        campaign.edit("templates/layouts/post.yaml", "{{ copy.headline }}", "{{ copy.headline }}{{ 1 / (product.sku != 'TIN') }}")
        found[window] = []
        for more in ("", "CUP,Cup,a shelf,packshots/mug.svg\n"):
            products = Path(campaign.root / "jobs/data/products.csv")
            products.write_text(products.read_text() + more)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(plan, "MOST_KEPT", window)
                patch.setattr(sheet_words, "MOST_KEPT", window)
                campaign.run(sheets_at_once=window)
            found[window].append(told(campaign))
    return found


@pytest.mark.parametrize("window", WINDOWS[:-1])
@pytest.mark.parametrize("run", [0, 1])
def test_a_run_is_the_same_in_windows_of_any_size(runs: dict[int, list[Told]], window: int, run: int) -> None:
    assert runs[window][run] == runs[WINDOWS[-1]][run]


def test_there_was_something_to_tell_apart(runs: dict[int, list[Told]]) -> None:
    first, second = (lines for lines, *_ in runs[7])
    assert first.count(b'"status":"made"') > 7
    assert first.count(b'"status":"failed"') == 4
    assert second.count(b'"status":"reused"') >= first.count(b'"status":"made"')
    assert b'"status":"made"' in second
