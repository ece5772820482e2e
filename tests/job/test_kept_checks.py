"""A check that reads what an earlier one has read tells the same again, and is worked out wherever anything may differ."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from carried_kit import Worked, worked
from job_campaign import JOB, Campaign, Ended
from table_files import rows_of

from pressrun import registry
from pressrun.model.journal import Quote
from pressrun.model.settings import Settings
from pressrun.readers.user_config import config_path
from pressrun.run.dry import dry_sheets
from pressrun.run.kept import all_read
from pressrun.run.kept.kept_checks import CHECKS, STALE_AFTER
from pressrun.stores.sqlite import SqliteJournal

__all__ = ["worked"]

Here = Callable[..., Ended]
POST, COPY = "templates/layouts/post.yaml", "jobs/data/copy.csv"
LONG = "An exceptionally long good morning to everybody who reads this far"


@pytest.fixture(autouse=True)
def nothing_is_young(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(all_read, "COARSEST_CLOCK", 0)


def afresh(campaign: Campaign, here: Here, *arguments: str) -> Ended:
    """A check that nothing is known of."""
    shutil.rmtree(campaign.root / ".pressrun/checks", ignore_errors=True)
    return here(campaign, "check", *arguments)


def test_a_check_of_the_same_is_told_again(fresh: Campaign, here: Here, worked: Worked) -> None:
    fresh.edit("jobs/data/regions.csv", "currency", "currency,country")  # which nobody uses
    told = [(here(fresh, "check"), here(fresh, "check", "--json")) for _ in range(2)]
    assert len(worked) == 1
    assert told[0] == told[1]
    assert told[0][1].json
    assert fresh.files() >= {".pressrun/checks"}
    assert here(fresh, "check", "--quiet") == Ended(0, "", "")


def test_nothing_is_imported_to_tell_it_again(fresh: Campaign, here: Here) -> None:
    told = here(fresh, "check")
    assert told.code == 0
    worked_out_with = ("numpy", "PIL", "jinja2", "typst", "pressrun.registry", "pressrun.load", "pressrun.compose")
    script = (
        "import sys\nfrom pressrun.commands import cli\n"
        f"code = cli.run_command(['check', {JOB!r}])\nprint(code, [one for one in {worked_out_with} if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=fresh.root, capture_output=True, text=True, check=True)
    assert done.stdout == f"{told.out}0 []\n"


# what differs


def _edit(file: str, old: str, new: str) -> Callable[[Campaign], None]:
    return lambda campaign: campaign.edit(file, old, new)


def _override(campaign: Campaign) -> None:
    (campaign.root / "jobs/overrides.yaml").write_text(
        "overrides: [{row: MUG/en-GB, layout: post, change: {headline: {text: " + LONG + "}}}]\n"
    )


CHANGES: dict[str, Callable[[Campaign], None]] = {
    "a cell": _edit(COPY, "Good morning", LONG),
    "a cell of a table": _edit("jobs/data/prices.csv", "11.50", "11.505"),
    "a row more": _edit("jobs/data/products.csv", "TIN,Tea Tin", "POT,,,packshots/pot.svg\nTIN,Tea Tin"),
    "a layout": _edit(POST, "lines: 2", "lines: 1, when: product.unknown"),
    "a brand": _edit("brands/testa/brand.yaml", "weight: 700", "weight: 710"),
    "a prompt": _edit("templates/prompts/scene.j2", "a place for", "{{ product.colour }} for"),
    "a job": _edit(JOB, "96x96", "16x16"),
    "a picture": _edit("brands/testa/packshots/tin.svg", "</svg>", '<image href="https://else.example/a.png"/></svg>'),
    "a logo": _edit("brands/testa/logo.svg", "<svg", "<svg id='other'"),
    "an override": _override,
    "a variable": lambda campaign: (campaign.root / ".env").write_text("PRESSRUN_LANGUAGE=none\n") and None,
    "where runs go": lambda campaign: (campaign.root / "runs").symlink_to(campaign.root.parent),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_changed_is_looked_at(fresh: Campaign, here: Here, worked: Worked, change: str) -> None:
    fresh.edit(JOB, "save_as:", "overrides: overrides.yaml\nsave_as:")
    (fresh.root / "jobs/overrides.yaml").write_text("overrides: []\n")
    before = here(fresh, "check", "--json")
    assert (before.code, here(fresh, "check", "--json"), len(worked)) == (0, before, 1)
    CHANGES[change](fresh)
    now = here(fresh, "check", "--json")
    assert len(worked) == 2
    assert now == afresh(fresh, here, "--json")


def test_a_flag_is_looked_at(fresh: Campaign, here: Here, worked: Worked) -> None:
    for flags in ((), ("--only", "region.locale == 'de-DE'"), ("--take", "2"), ("--max-cost", "1")):
        assert here(fresh, "check", *flags).code == 0
    assert len(worked) == 4


@pytest.mark.parametrize("name", ["PRESSRUN_STUDIO", "OPENAI_BASE_URL"])
def test_a_variable_of_the_process_is_looked_at(
    fresh: Campaign, here: Here, worked: Worked, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    here(fresh, "check")
    monkeypatch.setenv(name, "https://pictures.example/v1")
    here(fresh, "check")
    assert len(worked) == 2


def test_another_program_is_looked_at(
    fresh: Campaign, here: Here, worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    here(fresh, "check")
    monkeypatch.setattr(all_read, "_program", lambda: "newer, or a font more")
    here(fresh, "check")
    assert len(worked) == 2


def test_a_campaign_elsewhere_is_looked_at(fresh: Campaign, tmp_path: Path, here: Here, worked: Worked) -> None:
    """Findings may say where it is."""
    here(fresh, "check")
    here(fresh.copy(tmp_path / "elsewhere"), "check")
    assert len(worked) == 2


def test_what_people_decide_is_looked_at(warm: Campaign, here: Here, worked: Worked, say: Here) -> None:
    assert here(warm, "check", "--json") == here(warm, "check", "--json")
    assert len(worked) == 1
    assert say(warm, "reject", "MUG/en-GB/card.pdf").code == 0
    assert "note rejected" in here(warm, "check", "--json").found
    assert len(worked) == 2


@pytest.mark.parametrize("damage", ["gone", "damaged"])
def test_what_the_store_has_is_looked_at(warm: Campaign, here: Here, worked: Worked, damage: str) -> None:
    here(warm, "check")
    digest = warm.lines()[0]["pictures"][0]["sha256"]
    place = warm.root / ".pressrun/objects" / digest[:2] / digest[2:]
    data = place.read_bytes()
    place.unlink()
    if damage == "damaged":
        place.write_bytes(data[::-1])
    here(warm, "check")
    assert len(worked) == 2


def _bought(campaign: Campaign, provider: str) -> None:
    campaign.edit(JOB, "{type: fpo}", provider)
    campaign.edit(JOB, "96x96", "1024x1024")
    campaign.edit(JOB, "96x144", "1024x1536")
    campaign.edit(JOB, "144x96", "1536x1024")
    campaign.edit(JOB, "    references:", "    # references:")


def test_what_a_seller_advises_holds_for_the_day(
    fresh: Campaign, here: Here, worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    _bought(fresh, "{type: openai}")
    told = [here(fresh, "check") for _ in range(2)]
    assert (told[0].code, told[1]) == (0, told[0]), told
    assert len(worked) == 1
    tomorrow = all_read.now() + dt.timedelta(days=1)
    monkeypatch.setattr(all_read, "now", lambda: tomorrow)
    here(fresh, "check")
    assert len(worked) == 2


def test_what_is_advised_over_midnight_is_of_the_day_before(
    fresh: Campaign, here: Here, worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    _bought(fresh, "{type: openai}")
    looks, tomorrow = dry_sheets.dry_findings, all_read.now() + dt.timedelta(days=1)

    def at_midnight(*arguments: object) -> object:
        monkeypatch.setattr(all_read, "now", lambda: tomorrow)
        return looks(*arguments)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(dry_sheets, "dry_findings", at_midnight)
    for _ in range(2):
        assert here(fresh, "check").code == 0
    assert len(worked) == 2


def test_an_address_that_the_process_alone_allows_is_looked_at(
    fresh: Campaign, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "https://pictures.example/v1"
    _bought(fresh, f"{{type: openai, base_url: '{address}'}}")
    (fresh.root / ".env").write_text(f"OPENAI_BASE_URL={address}\n")  # which allows nothing
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    assert here(fresh, "check").code == 0
    monkeypatch.delenv("OPENAI_BASE_URL")
    assert here(fresh, "check").code == 2


# what is not kept


def _with_sql(campaign: Campaign) -> None:
    with contextlib.closing(sqlite3.connect(campaign.root / "jobs/shop.db")) as shop:
        shop.execute("create table prices (sku text, currency text, amount text)")
        prices = rows_of(campaign.root / "jobs/data/prices.csv")
        shop.executemany("insert into prices values (:sku, :currency, :amount)", prices)
        shop.commit()
    campaign.edit(JOB, "file: data/prices.csv,", "sql: select * from prices, url: 'sqlite:///shop.db',")


def _with_existing(campaign: Campaign) -> None:
    (campaign.root / "jobs/there").mkdir()
    shutil.copy(campaign.latest / "assets/MUG/en-GB/post.png", campaign.root / "jobs/there/post.png")
    (campaign.root / "jobs/there/assets.csv").write_text("path,row,layout\npost.png,MUG/en-GB,post\n")
    campaign.edit(JOB, "provider:", "existing: there/assets.csv\nprovider:")


def _with_hidden(campaign: Campaign) -> None:
    (campaign.root / "jobs/.old").mkdir()
    shutil.move(campaign.root / "jobs/data/products.csv", campaign.root / "jobs/.old/products.csv")
    campaign.edit(JOB, "data/products.csv", ".old/products.csv")


def _with_store_elsewhere(campaign: Campaign) -> None:
    store = json.dumps({"type": "folder", "path": str(campaign.root.parent / "objects")})
    (campaign.root / ".env").write_text(f"PRESSRUN_STORE={store}\n")


def _with_an_attempt(campaign: Campaign) -> None:
    with SqliteJournal(campaign.root / ".pressrun/journal.db") as journal:
        journal.begin_attempts([Quote("a" * 64, "openai", "model", 0, run="killed")])  # type: ignore[arg-type]


NOT_KEPT: dict[str, Callable[[Campaign], None]] = {
    "a database": _with_sql,
    "a library of what exists": _with_existing,
    "a measured brand": _edit(JOB, "provider:", "conformance: {palette: 60}\nprovider:"),
    "what is read where nothing is counted": _with_hidden,
    "a store elsewhere": _with_store_elsewhere,
    "a call that was perhaps charged": _with_an_attempt,
    "an error": _edit("jobs/data/products.csv", "packshots/tin.svg", "packshots/tan.svg"),
}


@pytest.mark.parametrize("kind", NOT_KEPT)
def test_what_may_be_answered_anew_is_asked_each_time(warm: Campaign, here: Here, worked: Worked, kind: str) -> None:
    NOT_KEPT[kind](warm)
    told = [here(warm, "check", "--json") for _ in range(3)]
    assert len(worked) == 3
    assert told[1] == told[2]


def test_with_code_that_is_not_ours_nothing_is_kept(
    fresh: Campaign, here: Here, worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "PLUG_INS", {"else": "1.0"})
    here(fresh, "check")
    here(fresh, "check")
    assert len(worked) == 2


def test_beside_what_has_just_changed_nothing_is_kept(
    warm: Campaign, here: Here, worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(all_read, "COARSEST_CLOCK", 10**18)
    here(warm, "check")
    here(warm, "check")
    assert len(worked) == 2


def test_what_changes_while_a_check_goes_on_is_not_what_it_read(
    fresh: Campaign, here: Here, worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = dry_sheets.dry_findings

    def meanwhile(*arguments: object) -> object:
        fresh.edit(COPY, "Good morning", LONG)
        return looks(*arguments)  # type: ignore[arg-type]  # as they came

    with monkeypatch.context() as patch:
        patch.setattr(dry_sheets, "dry_findings", meanwhile)
        here(fresh, "check")
    assert here(fresh, "check", "--json") == afresh(fresh, here, "--json")
    assert len(worked) == 3


@pytest.mark.parametrize("left", [b"", b"[]", b'{"recipe": 1}', b"\xff"])
def test_what_is_damaged_is_worked_out(fresh: Campaign, here: Here, worked: Worked, left: bytes) -> None:
    here(fresh, "check")
    [kept] = (fresh.root / ".pressrun/checks").iterdir()
    kept.write_bytes(left)
    here(fresh, "check")
    here(fresh, "check")
    assert len(worked) == 2


def test_a_check_is_done_although_it_cannot_be_kept(fresh: Campaign, here: Here, worked: Worked) -> None:
    (fresh.root / ".pressrun").mkdir()
    (fresh.root / ".pressrun/checks").write_text("in its way")
    assert [here(fresh, "check").code for _ in range(2)] == [0, 0]
    assert len(worked) == 2


def test_what_was_kept_long_ago_goes(fresh: Campaign, here: Here) -> None:
    folder = fresh.root / ".pressrun" / CHECKS
    folder.mkdir(parents=True)
    stale, recent = folder / "stale.json", folder / "recent.json"
    for path, age in ((stale, STALE_AFTER + 600), (recent, STALE_AFTER - 600)):
        path.write_text("{}")
        os.utime(path, (time.time() - age,) * 2)
    assert here(fresh, "check").code == 0
    assert (stale.exists(), recent.exists()) == (False, True)
    assert len([*folder.iterdir()]) == 2


@pytest.mark.parametrize("link", [".pressrun", ".pressrun/checks"])
def test_a_check_writes_nothing_where_a_link_leads(fresh: Campaign, tmp_path: Path, here: Here, link: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (fresh.root / link).parent.mkdir(exist_ok=True)
    (fresh.root / link).symlink_to(elsewhere)
    assert here(fresh, "check").code == 0
    assert list(elsewhere.iterdir()) == []


AUDITED = """
import json, sys
from pressrun.commands import cli
opened = set()
sys.addaudithook(lambda event, told: opened.add(str(told[0])) if event == "open" else None)
code = cli.run_command(sys.argv[1:])
print(json.dumps([code, sorted(opened)]))
"""


def test_a_check_opens_no_file_that_does_not_count(fresh: Campaign) -> None:
    """What Python, its packages and the system bring is told by their versions."""
    command = [sys.executable, "-c", AUDITED, "check", JOB, "--quiet"]
    done = subprocess.run(command, cwd=fresh.root, capture_output=True, text=True, check=True)
    code, opened = json.loads(done.stdout)
    assert code == 0
    read = all_read.AllRead.now(fresh.root / JOB, Settings())
    assert read
    counted = {str(fresh.root / path) for path in (*read.seen, ".env")} | {str(config_path())}
    files = {str(path) for path in (fresh.root / one for one in opened) if path.is_file()}  # not what it made and removed
    kept = str(fresh.root / ".pressrun/checks/")
    brought = (sys.prefix, sys.base_prefix, *filter(None, sys.path), "/etc/", "/usr/", "/proc/", "/dev/", "/sys/")
    assert [path for path in files - counted if not path.startswith((kept, *brought))] == []
    assert len(files & counted) > 10
