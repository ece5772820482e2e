"""What the command says of money: before a run, after one, and after one that could not go on."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_campaign import EACH, Campaign

from pressrun.providers.openai.rehearsal.server import Rehearsal, serve


@pytest.fixture
def server() -> Iterator[Rehearsal]:
    with serve(latency=0.02) as server:
        yield server


@pytest.fixture
def pressrun(
    tmp_path: Path, server: Rehearsal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Campaign:
    campaign = Campaign(tmp_path, capsys)
    campaign.write(f'profile: rehearsal, quality: low, calls: 1, base_url: "{server.base_url}"')
    monkeypatch.chdir(tmp_path)
    return campaign


def charged(server: Rehearsal) -> int:
    return int(server.settle()["totals"]["count"])


def test_a_plan_says_what_each_picture_costs(pressrun: Campaign) -> None:
    code, out, _ = pressrun("plan")
    assert code == 0
    assert "3  hero/square pictures, $0.0059 each" in out
    assert "To make: 3, for $0.02." in out
    assert "· $0.0059 ·" in pressrun("plan", "--prompts")[1]
    assert "hero/square pictures, $0.0030 each" in pressrun("plan", "--lane", "batch")[1].replace("0.0029", "0.0030")


def test_less_than_a_cent_is_not_told_as_nothing(pressrun: Campaign) -> None:
    assert "To make: 1, for $0.0059." in pressrun("plan", "--only", "product.sku == 'M-1'")[1]
    out = pressrun("run", "--only", "product.sku == 'M-1'")[1]
    assert "Spent $0.005" in out


def test_the_rehearsal_lists_its_faults(pressrun: Campaign) -> None:
    code, out, _ = pressrun.said(["fake-openai", "--faults"])
    assert code == 0
    assert "  insufficient_quota   429 insufficient_quota" in out
    assert "  disconnect_after     the connection closes once everything is drawn and booked" in out


def test_a_plan_says_whether_the_cap_will_do(pressrun: Campaign) -> None:
    assert "--max-cost is $0.05." in pressrun("plan", "--max-cost", "0.05")[1]
    out = pressrun("plan", "--max-cost", "0.01")[1]
    assert "--max-cost is $0.01: the run will stop before it is crossed (exit 4). Enough is --max-cost 0.02." in out


def test_a_plan_without_a_price_says_so(pressrun: Campaign, server: Rehearsal) -> None:
    pressrun.write(f'profile: rehearsal, model: house-model, base_url: "{server.base_url}"')
    out = pressrun("plan")[1]
    assert "hero/square pictures, at a price nobody knows" in out
    assert "To make: 3, for a price nobody knows." in out
    code, _, err = pressrun("plan", "--max-cost", "1")
    assert code == 2
    assert err.count("[price-unknown]") == 1
    assert "'house-model'" in err


def test_what_carries_on_after_the_budget_is_a_command_that_does(pressrun: Campaign, server: Rehearsal) -> None:
    code, out, err = pressrun("run", "--max-cost", str(EACH * 1.1))
    assert code == 4
    assert "2 pictures are missing, for $0.01" in out
    command = next(line for line in err.splitlines() if line.startswith("To carry on: pressrun "))
    arguments = shlex.split(command.removeprefix("To carry on: pressrun "))
    assert arguments == ["run", "jobs/mini.yaml", "--max-cost", "0.02"]
    assert pressrun.said(arguments)[0] == 0
    assert charged(server) == 3


def test_a_machine_is_told_which_cap_is_enough(pressrun: Campaign) -> None:
    code, out, _ = pressrun("run", "--max-cost", "0", "--json")
    assert code == 4
    assert json.loads(out)["enough_usd"] == "0.02"


@pytest.mark.parametrize("amount", ["nan", "inf", "-1", "much"])
def test_a_cap_that_is_no_amount_is_refused(pressrun: Campaign, amount: str) -> None:
    code, _, err = pressrun("run", "--max-cost", amount)
    assert code == 2
    assert "--max-cost" in err


def test_an_unknown_model_is_warned_of_with_the_nearest_name(pressrun: Campaign, server: Rehearsal) -> None:
    pressrun.write(f'profile: rehearsal, model: gpt-imgae-2, base_url: "{server.base_url}"')
    code, _, err = pressrun("run")
    assert code == 3, "this server does not know it either"
    assert "warning: nobody here knows the model 'gpt-imgae-2'" in err
    assert "did you mean 'gpt-image-2'?" in err
    assert "nothing was bought" in err


def test_an_empty_account_ends_the_run_and_what_is_paid_is_kept(pressrun: Campaign, server: Rehearsal) -> None:
    server.fault({"fault": "insufficient_quota", "after": 2})
    code, _, err = pressrun("run")
    assert code == 3
    assert "2 pictures are kept, for $0.01" in err
    assert "add credit to the account" in err
    assert "No run is finished yet.\nIn the ledger: 2 pictures charged, $0.01" in pressrun.said(["show"])[1]
    code, out, _ = pressrun("run")
    assert (code, charged(server)) == (0, 3)
    assert "3 files: 3 made" in out


def test_without_a_key_nothing_is_asked_for(pressrun: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    pressrun.write("quality: low")
    code, _, err = pressrun("run")
    assert code == 3
    assert "export OPENAI_API_KEY=…" in err
    assert not list(pressrun.folder.glob("runs/*"))


def test_a_plan_knows_what_is_on_its_way_or_in_doubt(pressrun: Campaign, server: Rehearsal) -> None:
    server.fault("disconnect_after")
    assert pressrun("run")[0] == 1
    out = pressrun("plan")[1]
    assert "warning: 1 of these pictures was asked for before, for $0.0059, and perhaps paid" in out
    assert "perhaps paid" not in pressrun("plan", "--retry-unknown")[1]
    assert pressrun("run", "--retry-unknown")[0] == 0
    assert charged(server) == 4


def test_pictures_that_came_otherwise_are_told_at_the_end(pressrun: Campaign, server: Rehearsal) -> None:
    server.fault("wrong_size")
    out = pressrun("run")[1]
    assert "came back where 1024x1024 was asked for" in out


def test_pictures_half_done_are_on_the_contact_sheet(pressrun: Campaign, server: Rehearsal) -> None:
    stream = "quality: low, stream: true, partial_images: 2"
    pressrun.write(f'profile: rehearsal, {stream}, base_url: "{server.base_url}"')
    assert pressrun("run")[0] == 0
    for again in range(2):  # what is there already keeps its previews
        page = (pressrun.folder / "runs/latest/contact-sheet.html").read_text("utf-8")
        assert all(f"hero/square, {number} of 2" in page for number in (1, 2))
        assert page.count("data:image/jpeg;base64,") >= 6, again
        assert pressrun("run")[0] == 0


def test_a_picture_paid_in_vain_says_how_to_ask_again(pressrun: Campaign, server: Rehearsal) -> None:
    server.fault("not_a_picture")
    code, out, _ = pressrun("run")
    assert code == 1
    assert "was paid for" in out
    assert "--retry-unknown" in out
    assert pressrun("run", "--retry-unknown")[0] == 0


def test_a_plan_knows_the_batches_under_way(pressrun: Campaign, tmp_path: Path, monkeypatch: Any) -> None:
    with serve(batch_delay=60) as slow:
        pressrun.write(f'profile: rehearsal, quality: low, base_url: "{slow.base_url}"')

        def interrupted(*arguments: Any) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr("pressrun.generate.buy.batches.patience.Patience.rest", interrupted)
            assert pressrun("run", "--lane", "batch")[0] == 130
        out = pressrun("plan")[1]
        assert "note: 3 of these pictures are in batches under way already, ordered for $0.0089" in out
        assert "3 pictures, quoted $0.00" in pressrun.said(["show"])[1]
