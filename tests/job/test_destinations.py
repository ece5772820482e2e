"""Where a job may have prompts, pictures and keys sent: to the provider's own host, to this machine, and where the user
allows it outside the campaign."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from job_campaign import Campaign, Ended

from pressrun.model.destination import host_of, is_this_machine, masked
from pressrun.providers.openai import OpenAIProvider

Command = Callable[..., Ended]


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A user without a configuration, and the place of it."""
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "pressrun" / "config.yaml"


def codes(ended: Ended) -> set[str]:
    return {finding["code"] for finding in ended.json}


def asks(campaign: Campaign, provider: str) -> None:
    campaign.edit(campaign.job, "provider: {type: fpo}", f"provider: {{type: openai, {provider}}}")


OWN = [
    "quality: low", "base_url: https://api.openai.com/v1/", "base_url: http://127.0.0.1:8080/v1",
    "base_url: 'http://[::1]:8080/v1', price: 0", "base_url: http://localhost/v1",
    "profile: azure, base_url: https://mine.openai.azure.com/openai/v1/", "key_from: PRESSRUN_KEY",
    "key_from: TEAM_OPENAI_API_KEY", "key_from: OPENAI_API_KEY_LIVE",
]  # fmt: skip
FOREIGN = [
    "base_url: https://evil.example/v1", "base_url: https://api.openai.com.evil.example/v1",
    "base_url: https://evil.example/api.openai.com", "base_url: 'https://api.openai.com@evil.example/v1'",
    "base_url: 'https://evil.example:443/v1'", "base_url: http://169.254.169.254/latest",
    "base_url: http://127.0.0.1.evil.example/v1", "base_url: https://evilopenai.azure.com/v1, profile: azure",
    "base_url: http://10.0.0.1/v1, profile: rehearsal", "base_url: http://127.0.0.1/v1, key_from: PRESSRUN_KEY",
    "base_url: https://xn--80ak6aa92e.com/v1, profile: openai", "base_url: http://0x7f000001/v1",
]  # fmt: skip
SECRETS = ["AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "STRIPE_API_KEY", "PATH", "MY_PRESSRUN_KEY", "OPENAI_API_KEYS"]


@pytest.mark.parametrize("provider", OWN)
def test_the_providers_own_and_this_machine_need_no_word(provider: str, fresh: Campaign, here: Command) -> None:
    asks(fresh, provider)
    assert not codes(here(fresh, "check", "--json")) & {"host-not-allowed", "key-not-allowed"}


@pytest.mark.parametrize("provider", FOREIGN)
@pytest.mark.parametrize("command", ["check", "plan", "run"])
def test_another_host_is_refused_before_anything_is_sent(
    provider: str, command: str, fresh: Campaign, here: Command
) -> None:
    asks(fresh, provider)
    ended = here(fresh, command, "--json")
    assert (ended.code, codes(ended)) == (2, {"host-not-allowed"})
    assert ended.json[0]["place"]["file"] == fresh.job


@pytest.mark.parametrize("name", SECRETS)
def test_a_job_does_not_choose_among_all_secrets(
    name: str, fresh: Campaign, here: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "the-secret-itself")
    asks(fresh, f"key_from: {name}")
    ended = here(fresh, "check", "--json")
    assert (ended.code, codes(ended)) == (2, {"key-not-allowed"})
    assert "the-secret-itself" not in ended.out + ended.err


def test_the_user_allows_hosts_by_a_flag_or_in_the_configuration(fresh: Campaign, here: Command, nobody: Path) -> None:
    asks(fresh, "base_url: https://pictures.example:8443/v1, key_from: SHOP_KEY")
    assert codes(here(fresh, "check", "--json")) == {"host-not-allowed", "key-not-allowed"}
    assert codes(here(fresh, "check", "--json", "--allow-host", "pictures.example:8443")) == {"key-not-allowed"}
    nobody.parent.mkdir(parents=True)
    nobody.write_text("allow_hosts: [pictures.example]\nallow_keys: [SHOP_KEY]\n", "utf-8")
    assert not codes(here(fresh, "check", "--json")) & {"host-not-allowed", "key-not-allowed"}


def test_nothing_in_a_campaign_allows_a_host(fresh: Campaign, here: Command) -> None:
    asks(fresh, "base_url: https://evil.example/v1")
    (fresh.root / ".env").write_text("OPENAI_BASE_URL=https://evil.example/v1\nXDG_CONFIG_HOME=.\n", "utf-8")
    (fresh.root / "pressrun").mkdir()
    (fresh.root / "pressrun/config.yaml").write_text("allow_hosts: [evil.example]\n", "utf-8")
    assert codes(here(fresh, "check", "--json")) == {"host-not-allowed"}


def test_the_address_of_the_users_own_environment_is_allowed(
    fresh: Campaign, here: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "https://gateway.example/v1")
    asks(fresh, "price: 0.01")
    assert "host-not-allowed" not in codes(here(fresh, "check", "--json"))


def test_check_and_plan_say_which_key_goes_where(fresh: Campaign, here: Command) -> None:
    asks(fresh, "model: house-model, price: 0.01")
    assert "key-goes-to" in codes(here(fresh, "check", "--json"))
    for command in ("check", "plan"):
        said = here(fresh, command).out
        assert "api.openai.com" in said
        assert "OPENAI_API_KEY" in said


@pytest.mark.parametrize(
    "address",
    ["http://[", "::", "ftp://a/v1", "https://", "//a/v1", "http://a:b/v1", "http://a:99999/v1", "http://a b/v1",
     "http://a\\x1b/v1", "javascript:alert(1)", "file:///etc/passwd", "http://[::1", "http://..", "1", "https://a..b/v1"],
)  # fmt: skip
def test_a_malformed_address_is_a_finding(
    address: str, fresh: Campaign, here: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks(fresh, f'base_url: "{address}"')
    ended = here(fresh, "check", "--json")
    assert ended.code == 2
    assert all(finding["place"]["file"] == fresh.job for finding in ended.json)


def test_a_malformed_address_of_the_environment_too(
    fresh: Campaign, here: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://[")
    asks(fresh, "quality: low")
    assert here(fresh, "check", "--json").code == 2


def test_a_damaged_configuration_is_told(fresh: Campaign, here: Command, nobody: Path) -> None:
    asks(fresh, "base_url: https://pictures.example/v1")
    nobody.parent.mkdir(parents=True)
    nobody.write_text("allow_host: [pictures.example]\n", "utf-8")
    assert codes(here(fresh, "check", "--json")) == {"unknown-key"}


def test_secrets_inside_addresses_are_masked() -> None:
    said = "GET https://me:pass@a.example/v1/images?api-key=hush&x=1 failed, https://token@b.example refused"
    assert masked(said) == "GET https://…@a.example/v1/images?… failed, https://…@b.example refused"
    provider = OpenAIProvider(base_url="https://me:pass@127.0.0.1/v1?key=hush", profile="compatible")
    place = provider.account({}).place
    assert "pass" not in place
    assert "hush" not in place


def test_hosts_are_read_as_servers_are_asked() -> None:
    assert host_of("https://A.example:8080/v1") == "a.example:8080"
    assert [is_this_machine(host) for host in ("localhost:1", "127.9.9.9", "[::1]:2", "localhost.a", "1.1.1.1")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_a_slots_own_provider_is_looked_at_too(fresh: Campaign, here: Command) -> None:
    asks(fresh, "quality: low")
    job = fresh.root / fresh.job
    text = job.read_text("utf-8")
    slot = text.index("prompt:")
    indent = " " * (slot - text.rindex("\n", 0, slot) - 1)
    evil = f"provider: {{type: openai, base_url: 'https://evil.example/v1', key_from: PATH}}\n{indent}"
    job.write_text(text[:slot] + evil + text[slot:], "utf-8")
    assert codes(here(fresh, "check", "--json")) == {"host-not-allowed", "key-not-allowed"}


@pytest.mark.parametrize("name", ["runs", ".pressrun"])
def test_a_link_in_place_of_a_folder_that_is_written_to_is_told(
    name: str, fresh: Campaign, here: Command, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (fresh.root / name).symlink_to(tmp_path / "elsewhere")
    ended = here(fresh, "check", "--json")
    assert (ended.code, codes(ended)) == (0, {"linked-folder"})
