"""A server whose prices nobody knows is known before anything is made, and told once, with the line to write."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_campaign import Campaign
from warm_process import WarmProcess

from pressrun.providers.openai import OpenAIProvider
from pressrun.providers.openai.rehearsal.server import Rehearsal, serve


@pytest.fixture
def server() -> Iterator[Rehearsal]:
    with serve() as server:
        yield server


@pytest.fixture
def campaign(
    tmp_path: Path, server: Rehearsal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Campaign:
    monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.chdir(tmp_path)
    campaign = Campaign(tmp_path, capsys)
    campaign.write("quality: low, calls: 1")
    return campaign


def asked(server: Rehearsal) -> int:
    return sum(sum(counts.values()) for counts in server.settle()["requests"].values())


@pytest.mark.parametrize("command", ["run", "plan", "check"])
def test_under_a_cap_it_is_told_once_before_anything_is_made(
    campaign: Campaign, server: Rehearsal, command: str
) -> None:
    code, out, err = campaign(command, "--max-cost", "1")
    told = f"{out}{err}"
    assert code == 2
    assert told.count("[price-unknown]") == 1
    assert "3 pictures" in told
    assert "OPENAI_BASE_URL" in told
    assert "`provider: {type: openai, price: 0.04}`" in told
    assert "profile: openai" in told
    assert asked(server) == 0
    assert not list(campaign.folder.glob("runs/*"))


def test_a_budget_in_the_job_is_a_cap_as_well(campaign: Campaign) -> None:
    job = campaign.folder / "jobs/mini.yaml"
    job.write_text(job.read_text() + "budget: {usd: 5}\n")
    assert "[price-unknown]" in campaign("run")[2]


def test_an_address_in_the_job_is_in_the_line_to_write(campaign: Campaign, server: Rehearsal) -> None:
    campaign.write(f'base_url: "{server.base_url}"')
    assert f"base_url: {server.base_url}, price: 0.04" in campaign("run", "--max-cost", "1")[2]


def test_without_a_cap_it_is_a_note(campaign: Campaign) -> None:
    code, out, _ = campaign("plan")
    assert code == 0
    assert out.count("note: 3 pictures have a price nobody knows: ") == 1


@pytest.mark.parametrize(
    "flags", [("--price", "0.01"), ("--profile", "openai"), ("--profile", "rehearsal")], ids=" ".join
)
def test_what_the_hint_says_helps(campaign: Campaign, server: Rehearsal, flags: tuple[str, ...]) -> None:
    campaign.folder.joinpath(".env").write_text("OPENAI_API_KEY=none-needed\n")
    assert campaign("run", "--max-cost", "1", *flags)[0] == 0
    assert server.settle()["totals"]["count"] == 3


def test_a_model_by_the_command_line_is_the_one_that_draws(campaign: Campaign, server: Rehearsal) -> None:
    assert campaign("run", "--profile", "rehearsal", "--model", "gpt-image-2.5-flare")[0] == 0
    assert {charge["model"] for charge in server.settle()["charges"]} == {"gpt-image-2.5-flare"}


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--provider", "fpo", "--profile", "azure"), "the provider fpo has no profile"),
        (("--profile", "azuer"), "there is no profile 'azuer'"),
        (("--price", "cheap"), "--price"),
    ],
)
def test_options_that_cannot_be_are_told(campaign: Campaign, flags: tuple[str, ...], told: str) -> None:
    code, _, err = campaign("plan", *flags)
    assert code == 2
    assert told in err


def test_the_rehearsal_announces_itself(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it prints is enough: no profile, no price, no key."""
    command = ["-m", "pressrun", "fake-openai"]
    with WarmProcess(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        base_url = process.stdout.readline().strip()
        first = process.stderr.readline()
        assert f"export OPENAI_BASE_URL={base_url}" in first
        monkeypatch.setenv("OPENAI_BASE_URL", base_url)
        assert campaign("run", "--max-cost", "1")[0] == 0
        ledger = json.loads(campaign.said(["ledger", "--json"])[1])
        process.terminate()
    assert ledger["all"]["pictures"] == 3
    assert ledger["all"]["unpriced"] == 0


@pytest.mark.parametrize(
    ("address", "profile"),
    [
        ("http://127.0.0.1:8080/rehearsal/v1", "rehearsal"),
        ("http://localhost:8080/rehearsal/v1/", "rehearsal"),
        ("https://gateway.example/rehearsal/v1", "compatible"),
        ("http://127.0.0.1:8080/v1", "compatible"),
        ("https://api.openai.com/v1", "openai"),
    ],
)
def test_only_an_address_on_this_machine_says_that_it_is_a_rehearsal(address: str, profile: str) -> None:
    assert OpenAIProvider(base_url=address).server.name == profile


def test_both_of_its_addresses_lead_to_the_same(server: Rehearsal) -> None:
    assert re.sub("/rehearsal", "", server.announced_url) == server.base_url
