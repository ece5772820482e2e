"""Names that would be one file are found whether sheets are kept or worked out again."""

from __future__ import annotations

import pytest
from job_campaign import Campaign, Ended

from pressrun import plan


@pytest.mark.parametrize("kept", [2, 10_000])
@pytest.mark.parametrize(
    ("save_as", "told"),
    [
        ("{{ product.sku }}/{{ layout.name }}", "MUG/de-DE in post would write MUG/post.png, as would the row MUG/en-GB"),
        ("{{ region.locale }}/{{ product.name | length }}-{{ layout.name }}", "as would the row MUG/"),
        ("{{ 'a' if region.locale == 'de-DE' else 'A' }}/{{ product.sku }}/{{ layout.name }}", "as would the row MUG/en-GB"),
    ],
    ids=["one row in two languages", "two products", "case alone"],
)
def test_two_rows_of_one_name_are_told(
    fresh: Campaign, here: object, monkeypatch: pytest.MonkeyPatch, kept: int, save_as: str, told: str
) -> None:
    monkeypatch.setattr(plan, "MOST_KEPT", kept)
    fresh.edit("jobs/spring.yaml", "{{ product.sku }}/{{ region.locale }}/{{ layout.name }}", save_as)
    done: Ended = here(fresh, "check")  # type: ignore[operator]
    assert done.code == 2
    assert "[same-file]" in done.out
    assert told in done.out
