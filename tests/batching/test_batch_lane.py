"""Pictures by batch, over real HTTP with the real client: what comes, what is booked, what goes to direct calls."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

import pytest
from batch_shop import BATCH, DIRECT, barns, provider_at, tasks_for
from PIL import Image

from pressrun.generate.buy import acquire
from pressrun.generate.buy.lanes import LaneChoice
from pressrun.generate.buy.terms import Terms
from pressrun.model.errors import BudgetReached, ProviderStopped
from pressrun.model.picture import Reference
from pressrun.providers.openai import answers


def only(found: dict[str, Any]) -> Any:
    assert len(found) == 1
    return next(iter(found.values()))


def test_a_batch_costs_half_and_is_booked_to_the_nano_dollar(open_shop: Any) -> None:
    shop = open_shop()
    bought = shop.acquire(*barns(7))
    assert len(bought.made) == 7
    assert not bought.failed
    assert shop.lanes == {"batch": 7}
    assert shop.journal.spent("run") == shop.charged_usd > 0
    assert bought.saved_usd == shop.charged_usd, "half of the price is saved"
    assert [finding.code for finding in bought.notes] == ["batch-saved"]
    assert shop.listener.steps == 7
    for made in bought.made.values():
        assert shop.store.verify(made.digest)
        assert made.provenance.model == "gpt-image-2"
        assert made.provenance.take == 1
    quotes = [attempt.quoted_usd for attempt in shop.journal.attempts()]
    full = tasks_for(["barn 0"], provider_at(shop.server.base_url))[0].quoted_usd
    assert full is not None
    assert set(quotes) == {full / 2}
    assert {batch.state for batch in shop.journal.batches()} == {"settled"}
    asked = shop.asked("/v1/batches")
    again = shop.acquire(*barns(7), run="again")
    assert again.found == set(bought.made)
    assert (len(shop.charges), shop.asked("/v1/batches")) == (7, asked)


def test_where_half_the_price_is_not_confirmed_batches_are_quoted_and_booked_in_full(open_shop: Any) -> None:
    shop = open_shop()
    bought = shop.acquire(*barns(2), model="gpt-image-2.6-flare")
    full = tasks_for(["barn 0"], provider_at(shop.server.base_url, model="gpt-image-2.6-flare"))[0].quoted_usd
    assert {attempt.quoted_usd for attempt in shop.journal.attempts()} == {full}
    assert shop.journal.spent("run") == shop.charged_usd * 2
    assert bought.saved_usd == 0


def test_the_lane_is_no_part_of_what_is_asked_for(open_shop: Any) -> None:
    shop = open_shop()
    direct = shop.acquire("a barn", choice=DIRECT)
    batch = shop.acquire("a barn", choice=BATCH, run="again")
    assert direct.made.keys() == batch.found
    other = open_shop()
    by_batch = other.acquire("a barn")
    assert only(by_batch.made).digest == only(direct.made).digest
    assert only(by_batch.made).key == only(direct.made).key


@pytest.mark.parametrize(("limits", "batches"), [({"rows": 3}, 3), ({"most_bytes": 700}, 2), ({}, 1)])
def test_a_batch_holds_no_more_than_it_may(open_shop: Any, limits: dict[str, int], batches: int) -> None:
    shop = open_shop(batch_rows=limits.get("rows", 50_000), batch_bytes=limits.get("most_bytes", 200_000_000))
    shop.prove()
    bought = shop.acquire(*barns(8 if "rows" in limits else 4), **limits)
    assert not bought.failed
    assert len({charge["batch"] for charge in shop.charges}) == len(shop.journal.batches()) == batches
    assert shop.lanes["direct"] == 0
    for batch in shop.journal.batches():
        lines = shop.store.read(batch.shard["lines"])
        assert len(lines.splitlines()) == batch.shard["rows"]
        assert len(lines) <= limits.get("most_bytes", 10**9)
        assert {json.loads(line)["method"] for line in lines.splitlines()} == {"POST"}


def test_models_and_kinds_go_into_batches_of_their_own(open_shop: Any) -> None:
    shop = open_shop()
    photo = reference(shop, "red")
    provider = provider_at(shop.server.base_url)
    tasks = [
        *tasks_for(["a barn"], provider),
        *tasks_for(["a barn of another model"], provider, model="gpt-image-2.5-flare"),
        *tasks_for(["a barn like this"], provider, references=(photo,)),
    ]
    terms = Terms("run", minute=0.6)
    bought = acquire(tasks, shop.store, shop.journal, terms, lambda provider, count: BATCH, {}, shop.listener)
    assert len(bought.made) == 3
    kinds = {batch.shard["kind"] for batch in shop.journal.batches()}
    assert kinds == {
        "/v1/images/generations gpt-image-2", "/v1/images/generations gpt-image-2.5-flare",
        "/v1/images/edits gpt-image-2",
    }  # fmt: skip


def reference(shop: Any, color: str, mode: str = "RGB") -> Reference:
    out = io.BytesIO()
    picture = Image.new(mode, (64, 64), color)
    if mode == "RGBA":
        picture.putpixel((1, 1), (0, 0, 0, 0))
    picture.save(out, "PNG")
    return Reference(shop.store.put(out.getvalue()), f"{color}.png", "image/png")


def test_references_are_uploaded_once(open_shop: Any) -> None:
    shop = open_shop()
    photos = (reference(shop, "red"), reference(shop, "blue"))
    request = {"references": photos, "mask": reference(shop, "white", "RGBA")}
    bought = shop.acquire(*barns(3), request=request)
    assert len(bought.made) == 3
    assert {made.provenance.source_type for made in bought.made.values()} == {"compositeWithTrainedAlgorithmicMedia"}
    assert shop.journal.spent() == shop.charged_usd
    assert only_posts(shop) == 3 + 1  # pictures, and the lines
    shop.reopen()
    shop.acquire(*barns(3, first=3), request=request, run="second")
    assert only_posts(shop) == 3 + 2
    lines = shop.store.read(shop.journal.batches()[0].shard["lines"]).splitlines()
    body = json.loads(lines[0])["body"]
    assert [set(one) for one in body["images"]] == [{"file_id"}] * 2
    assert set(body["mask"]) == {"file_id"}


def only_posts(shop: Any) -> int:
    """Files that were uploaded, results not counted."""
    return len([path for path in (shop.folder / "server" / "files").glob("*.json")
                if json.loads(path.read_text())["purpose"] != "batch_output"])  # fmt: skip


def test_a_reference_the_provider_no_longer_has_is_uploaded_again(open_shop: Any) -> None:
    shop = open_shop()
    request = {"references": (reference(shop, "red"),)}
    shop.acquire("one", request=request)
    for path in (shop.folder / "server" / "files").iterdir():
        path.unlink()
    shop.restart_server()
    assert not shop.acquire("two", request=request, run="second").failed
    assert shop.lanes == {"batch": 2}


def test_an_expired_batch_goes_on_directly(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "batch_expired", "done": 0.4}])
    shop.prove()
    bought = shop.acquire(*barns(5))
    assert len(bought.made) == 5
    assert shop.lanes == {"batch": 2, "direct": 3}
    assert shop.journal.spent() == shop.charged_usd
    assert [finding.code for finding in bought.notes] == ["not-by-batch", "batch-saved"]
    assert len(shop.attempts("not_charged")) == 3
    assert shop.listener.steps == 5


def test_rows_that_fail(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "batch_row", "prompt": "barn 2", "times": None}])
    bought = shop.acquire("a fight [[fault:moderation]]", "lost [[fault:disconnect_after x1]]", *barns(4))
    assert len(bought.made) == 4
    codes = sorted(finding.code for finding in bought.failed.values())
    assert codes == ["perhaps-charged", "picture-refused"]
    assert shop.lanes == {"batch": 4, "direct": 1}, "three barns and the lost one; the failed one"
    assert len(shop.attempts("refused")) == 1
    assert shop.journal.spending("run").spent + shop.journal.spending("run").in_flight > shop.charged_usd * 9 / 10
    shop.reopen()
    assert len(shop.attempts("unknown")) == 1
    assert len(shop.charges) == len(bought.made) + len(shop.attempts("unknown"))
    again = shop.acquire("lost [[fault:disconnect_after x1]]", run="second")
    assert only(again.failed).code == "perhaps-charged"
    third = shop.acquire("lost [[fault:disconnect_after x1]]", run="third", retry_unknown=True)
    assert not third.failed


@pytest.mark.parametrize("fault", ["wrong_alpha", "not_a_picture", "empty"])
def test_rows_that_were_paid_and_cannot_be_used(open_shop: Any, fault: str) -> None:
    shop = open_shop(faults=[{"fault": fault, "prompt": "cursed", "charge": True}])
    bought = shop.acquire("a cursed barn", "a barn", request={"background": "transparent"})
    assert only(bought.failed).code == "picture-failed"
    assert len(bought.made) == 1
    assert shop.journal.spent() == shop.charged_usd
    assert not shop.journal.open_attempts()


def test_another_size_is_kept_and_said(open_shop: Any) -> None:
    shop = open_shop(faults=["wrong_size"])
    bought = shop.acquire("a barn")
    assert bought.notes[0].code == "picture-size"


def test_a_batch_that_is_not_taken_for_now_goes_directly(open_shop: Any) -> None:
    shop = open_shop(faults=["batch_failed"])
    bought = shop.acquire(*barns(3))
    assert len(bought.made) == 3
    assert shop.lanes == {"direct": 3}
    assert "Enqueued token limit" in bought.notes[0].message
    assert len(shop.attempts("not_charged")) == 3


def test_a_model_that_refuses_batches(open_shop: Any) -> None:
    shop = open_shop(batch_models=["gpt-image-1.5"])
    with pytest.raises(ProviderStopped, match="--lane direct") as caught:
        shop.acquire(*barns(2))
    assert "gpt-image-2" in str(caught.value)
    assert not shop.charges
    assert not shop.journal.open_attempts()
    auto = shop.acquire(*barns(2), choice=LaneChoice("batch", asked_for=False), run="second")
    assert len(auto.made) == 2
    assert shop.lanes == {"direct": 2}


def test_the_account_is_empty(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "insufficient_quota", "after": 2, "times": None}])
    with pytest.raises(ProviderStopped, match="add credit"):
        shop.acquire(*barns(4))
    assert len(shop.charges) == len(shop.attempts("charged")) == 2
    assert not shop.journal.open_attempts()
    assert shop.journal.spent() == shop.charged_usd


def test_the_cap_counts_what_is_in_batch(open_shop: Any) -> None:
    shop = open_shop()
    full = tasks_for(["barn 0"], provider_at(shop.server.base_url))[0].quoted_usd
    assert full is not None
    cap = full / 2 * 3 + Decimal("0.000001")
    bought = shop.acquire(*barns(5), cap=str(cap))
    assert len(bought.made) == 3
    assert isinstance(bought.stopped, BudgetReached)
    assert {finding.code for finding in bought.failed.values()} == {"over-budget"}
    assert shop.lanes == {"batch": 3}
    assert shop.charged_usd <= cap


def test_failed_rows_stay_within_the_budget(open_shop: Any) -> None:
    shop = open_shop(faults=[{"fault": "batch_expired", "done": 0}])
    full = tasks_for(["barn 0"], provider_at(shop.server.base_url))[0].quoted_usd
    assert full is not None
    cap = full * 2 + Decimal("0.000001")
    bought = shop.acquire(*barns(4), cap=str(cap))
    assert len(bought.made) == 2, "four by batch, two directly"
    assert isinstance(bought.stopped, BudgetReached)
    assert shop.charged_usd <= cap


def test_without_a_price_nothing_is_bought_under_a_cap(open_shop: Any) -> None:
    shop = open_shop(also_models=["gpt-image-9"])
    bought = shop.acquire("a barn", cap="5", model="gpt-image-9")
    assert only(bought.failed).code == "price-unknown"
    assert not shop.charges


def test_the_deadline_cancels_what_has_not_come(open_shop: Any) -> None:
    shop = open_shop(batch_delay=8)
    until = LaneChoice("batch", until=60.0)  # of a minute that takes 0.6 seconds
    bought = shop.acquire(*barns(40), choice=until)
    assert len(bought.made) == 40
    assert not bought.failed
    assert shop.lanes["direct"] > 0
    assert len(shop.charges) == 40
    assert shop.journal.spent() == shop.charged_usd
    assert any("cancelled" in line for line in shop.listener.said)


def test_progress_is_told(open_shop: Any) -> None:
    shop = open_shop(batch_delay=1.0)
    shop.prove()
    shop.acquire(*barns(4))
    said = " ".join(shop.listener.said)
    assert "Handed in a batch of 4 pictures" in said
    assert "of 4 done" in said
    assert "Batches saved" in said


@pytest.mark.parametrize("fault", ["truncated", "html", "error_200"])
def test_rows_with_strange_bodies_end_as_something_certain(open_shop: Any, fault: str) -> None:
    shop = open_shop(faults=[{"fault": fault, "prompt": "cursed"}])
    bought = shop.acquire("a cursed barn", "a barn")
    assert len(bought.made) + len(bought.failed) == 2
    shop.reopen()
    assert len(shop.charges) <= len(bought.made) + len(shop.attempts("unknown"))


def test_a_row_that_cannot_be_read_spoils_no_other(open_shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = open_shop()
    read, rows = answers.read_said, []

    def strange(*said: Any) -> Any:
        rows.append(said)
        if len(rows) == 1:
            raise TypeError("nobody thought of this")
        return read(*said)

    monkeypatch.setattr(answers, "read_said", strange)
    bought = shop.acquire(*barns(3))
    assert len(bought.made) == 2
    assert only(bought.failed).code == "perhaps-charged"
    assert len(shop.journal.open_attempts()) == 1


def test_line_breaks_of_every_kind_stay_within_their_row(open_shop: Any) -> None:
    shop = open_shop()
    bought = shop.acquire("a barn\u2028by the sea", "a mill\u0085on a hill", "a ferry\nat dusk", "ein Boot, schön")
    assert len(bought.made) == 4
    assert shop.lanes == {"batch": 4}
