"""A run that reads what an earlier one has read is not worked out again, and nobody can tell it by its record."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from carried_kit import FEW, Worked, left, the_whole_way, worked
from job_campaign import Campaign, Ended, by_status, digests
from table_files import rows_of

from pressrun.commands import cli
from pressrun.doors import Doors, get_workers_ready, may_fork
from pressrun.executors.local import beginnings
from pressrun.manifest import contact_sheet
from pressrun.model.disk import CannotWrite
from pressrun.model.journal import Quote
from pressrun.model.progress import Progress, Silence
from pressrun.model.run_record import RunReport
from pressrun.model.settings import Settings
from pressrun.run import job
from pressrun.run.kept import all_read, kept_lines, kept_runs, lines_read, settled_runs
from pressrun.run.kept.all_read import AllRead
from pressrun.run.kept.kept_runs import AskedRun, KeptRun
from pressrun.stores.sqlite import SqliteJournal

__all__ = ["worked"]


@pytest.fixture(autouse=True)
def long_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact_sheet, "BY_MAIL", FEW)


@pytest.fixture(scope="module")
def of_which_one_is_kept(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    campaign = Campaign.new(tmp_path_factory.mktemp("kept") / "campaign")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contact_sheet, "BY_MAIL", FEW)
        assert campaign.run().exit == 0
    return campaign


@pytest.fixture
def kept(of_which_one_is_kept: Campaign, tmp_path: Path) -> Campaign:
    return of_which_one_is_kept.copy(tmp_path / "kept")


def test_a_run_of_the_same_is_carried_over(kept: Campaign, tmp_path: Path, worked: Worked) -> None:
    other = kept.copy(tmp_path / "other")
    carried = kept.run()
    assert worked == []
    assert carried.counts.reused == carried.counts.planned == 18
    assert left(kept, carried) == left(other, the_whole_way(other))
    assert (kept.root / "runs/latest").resolve() == Path(carried.folder).resolve()
    with SqliteJournal(kept.root / ".pressrun/journal.db") as journal:
        assert [run.exit for run in journal.runs()] == [0, 0]


def test_what_is_printed_is_the_same(
    kept: Campaign, worked: Worked, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PRESSRUN_EXECUTOR", "inline")
    monkeypatch.chdir(kept.root)
    (kept.root / "runs").rename(kept.root.parent / "elsewhere")
    (kept.root / "runs").symlink_to(kept.root.parent / "elsewhere")  # of which a run warns
    kept.run()
    worked.clear()
    told = []
    for way in ("carried over", "the whole way"):
        if way == "the whole way":
            monkeypatch.setattr(AllRead, "now", lambda *_: None)
        code = cli.run_command(["run", kept.job])
        printed = capsys.readouterr()
        told.append((code, *(text.replace(kept.latest.resolve().name, "RUN") for text in printed)))
    assert len(worked) == 1
    assert told[0] == told[1]
    assert "runs is a link" in told[0][2]


def test_nothing_is_imported_for_it_that_files_are_made_with(kept: Campaign) -> None:
    made_with = ("numpy", "PIL", "pressrun.registry", "pressrun.load", "pressrun.generate.buy", "pressrun.model.job")
    script = (
        "import sys\nfrom pressrun.commands import cli\nfrom pressrun.manifest import contact_sheet\n"
        f"contact_sheet.BY_MAIL = {FEW}\ncode = cli.run_command(['run', {kept.job!r}, '--quiet'])\n"
        f"print(code, [name for name in {made_with} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=kept.root, capture_output=True, text=True, check=True)
    assert done.stdout == "0 []\n"


# changed in between


CHANGES: dict[str, tuple[str, str, str]] = {
    "a role of the brand": ("brands/testa/brand.yaml", "weight: 700, leading: 1.1", "weight: 700, leading: 1.2"),
    "the order of locales": ("jobs/data/regions.csv", "en-GB,GBP\nde-DE,EUR", "de-DE,EUR\nen-GB,GBP"),
    "a packshot": ("brands/testa/packshots/tin.svg", "#1F3A2E", "#1F3A2F"),
    "a word of the prompt": ("templates/prompts/scene.j2", "a place for", "a home for"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_changed_is_made(kept: Campaign, tmp_path: Path, worked: Worked, change: str) -> None:
    kept.edit(*CHANGES[change])
    other = kept.copy(tmp_path / "other")
    report = kept.run()
    assert len(worked) == 1
    assert left(kept, report) == left(other, the_whole_way(other))
    again, whole = kept.run(), the_whole_way(other)
    assert len(worked) == 3  # with two of the other
    assert left(kept, again) == left(other, whole)


def test_workers_begin_at_once_where_there_is_something_to_make(
    kept: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Path] = []
    monkeypatch.setattr(kept_runs, "get_workers_ready", lambda root, settings: begun.append(root))
    job_file = kept.root / kept.job
    assert AskedRun.of(job_file, Settings(inline=True), Silence()).report
    assert begun == []
    kept.edit(*CHANGES["a packshot"])
    assert AskedRun.of(job_file, Settings(inline=True), Silence()).report is None
    assert AskedRun.of(job_file, Settings(inline=True, take=2), Silence()).report is None  # of which nothing is known
    assert begun == [kept.root]


@pytest.mark.skipif(not beginnings.FORKS, reason="workers are spawned here")
@pytest.mark.parametrize("said", ["", "PRESSRUN_STORE=s3://prints\n", "PRESSRUN_JOURNAL=postgresql://db/prints\n"])
def test_nothing_is_forked_from_a_process_that_has_reached_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    """The threads with which it was reached would be missing: each worker would end as soon as it opens its store."""
    ways: list[bool] = []
    monkeypatch.setattr(beginnings, "get_ready", lambda *modules, forking: ways.append(forking))
    (tmp_path / ".env").write_text(said)
    get_workers_ready(tmp_path, Settings(), forking=True)
    assert (ways, may_fork(tmp_path)) == ([not said], not said)


def test_a_part_of_the_rows_is_a_run_of_its_own(kept: Campaign, worked: Worked) -> None:
    only = "region.locale == 'de-DE'"
    counts = [kept.run(only=only).counts.planned, kept.run(only=only).counts.planned, kept.run().counts.planned]
    assert (counts, len(worked)) == ([9, 9, 18], 1)


def test_another_program_works_everything_out(kept: Campaign, worked: Worked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(all_read, "_program", lambda: "newer")
    kept.run()
    assert len(worked) == 1


def test_a_decision_in_between_is_obeyed(kept: Campaign, worked: Worked, say: Callable[..., Ended]) -> None:
    kept.run()
    kept.run()
    assert len(worked) == 1  # as `say` set a variable that is for us
    assert say(kept, "reject", "MUG/en-GB/card.pdf").code == 0
    report = kept.run()
    assert len(worked) == 2
    assert (report.counts.planned, [note.code for note in report.notes]) == (16, ["rejected"])
    again = kept.run()
    assert len(worked) == 2
    assert (again.counts, again.notes) == (report.counts, report.notes)


def test_a_database_is_asked_each_time(kept: Campaign, worked: Worked) -> None:
    prices = rows_of(kept.root / "jobs/data/prices.csv")
    with contextlib.closing(sqlite3.connect(kept.root / "jobs/shop.db")) as shop:
        shop.execute("create table prices (sku text, currency text, amount text)")
        shop.executemany("insert into prices values (:sku, :currency, :amount)", prices)
        shop.commit()
        kept.edit(kept.job, "file: data/prices.csv,", "sql: select * from prices, url: 'sqlite:///shop.db',")
        assert by_status(kept.run(), "made") == set()
        shop.execute("update prices set amount = '99.00' where sku = 'MUG'")
        shop.commit()
    cards = {f"MUG/{locale}/card{ending}" for locale in ("en-GB", "de-DE") for ending in (".pdf", "-proof.png")}
    assert by_status(kept.run(), "made") == cards
    assert len(worked) == 2


def test_a_call_that_was_perhaps_charged_is_asked_about_each_time(kept: Campaign, worked: Worked) -> None:
    with SqliteJournal(kept.root / ".pressrun/journal.db") as journal:
        journal.begin_attempts([Quote("a" * 64, "openai", "model", Decimal("0.04"), run="killed")])
        assert journal.fingerprint() is None
    kept.run()
    kept.run()
    assert len(worked) == 2


# what is not there any more


def test_a_file_that_was_changed_by_hand_is_delivered_again(kept: Campaign, worked: Worked) -> None:
    before = kept.assets()
    for path in sorted((kept.latest / "assets").rglob("*.png")):
        path.unlink()
        path.write_bytes(b"by hand")
    kept.run()
    assert (worked, kept.assets()) == ([], before)


@pytest.mark.parametrize("kind", ["file", "picture", "page", "piece of the record"])
def test_an_object_that_is_damaged_is_made_again(kept: Campaign, worked: Worked, kind: str) -> None:
    before = kept.assets()
    line = kept.lines()[0]
    with SqliteJournal(kept.root / ".pressrun/journal.db") as journal:
        key = line["pictures"][0]["key"]
        name = AllRead.now(kept.root / kept.job, Settings()).name  # type: ignore[union-attr]  # it can be told
        results = journal.lookup([key, name])
    page = digests(kept.latest / "contact-sheet")["page-1.js"]
    digest = {
        "file": line["sha256"], "picture": results[key].digest, "page": page, "piece of the record": results[name].digest,
    }[kind]  # fmt: skip
    place = kept.root / ".pressrun/objects" / digest[:2] / digest[2:]
    place.chmod(0o644)
    place.write_bytes(b"not what it was")
    report = kept.run()
    assert len(worked) == 1
    assert (report.exit, kept.assets()) == (0, before)
    kept.run()
    assert len(worked) == 1


@pytest.mark.parametrize("changes", [False, True])
def test_a_record_that_another_run_lets_go_meanwhile_is_worked_out(
    kept: Campaign, tmp_path: Path, worked: Worked, monkeypatch: pytest.MonkeyPatch, changes: bool
) -> None:
    """Another process, of the same job, has a cell changed and ends while this one writes from the record."""
    for module in (kept_lines, lines_read):
        monkeypatch.setattr(module, "LINES_AT_ONCE", 5)  # so that some pieces stay where a cell changes
    (kept.root / "runs").rename(tmp_path / "elsewhere")
    (kept.root / "runs").symlink_to(tmp_path / "elsewhere")  # of which a run warns
    assert kept.run().exit == 0
    if changes:
        kept.edit("jobs/data/copy.csv", "Der Tee zieht", "Tee")
    other = kept.copy(tmp_path / "other")
    worked.clear()
    writes, told = kept_runs.written, Told()

    def let_go_meanwhile(run: KeptRun, doors: Doors, progress: Progress, asked: AskedRun | None = None) -> RunReport:
        doors.store.discard(run.own)
        return writes(run, doors, progress, asked)

    with monkeypatch.context() as patch:
        patch.setattr(kept_runs, "written", let_go_meanwhile)
        patch.setattr(job, "written", let_go_meanwhile)
        report = job.run_job(kept.root / kept.job, Settings(inline=True), told)
    assert (len(worked), len(told.said)) == (1, 1)
    assert left(kept, report) == left(other, the_whole_way(other))
    again = kept.run()
    assert len(worked) == 2  # of which one is the other's
    assert left(kept, again) == left(other, the_whole_way(other))


class Told(Silence):
    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, line: str) -> None:
        self.said.append(line)


# what is not kept


def test_a_run_is_done_although_it_cannot_be_kept(
    kept: Campaign, worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> list[str]:
        raise CannotWrite("no space is left")

    kept.edit(*CHANGES["a packshot"])
    monkeypatch.setattr(settled_runs, "lines_in_pieces", full)
    assert [kept.run().exit for _ in range(2)] == [0, 0]
    assert len(worked) == 2


def test_a_run_with_a_fault_is_not_kept(kept: Campaign, worked: Worked) -> None:
    kept.edit(
        "templates/layouts/post.yaml", "{{ copy.headline }}", "{{ copy.headline }}{{ 1 / (product.sku != 'TIN') }}"
    )
    assert [kept.run().counts.failed for _ in range(2)] == [2, 2]
    assert len(worked) == 2


def _with_merged(campaign: Campaign) -> None:
    campaign.edit(campaign.job, "provider:", "output: one-pdf\nprovider:")
    campaign.edit(campaign.job, "layouts: [post, card]", "layouts: [card]")
    campaign.edit("templates/layouts/card.yaml", "[press-pdf, proof-png]", "[press-pdf]")


def _with_existing(campaign: Campaign) -> None:
    (campaign.root / "jobs/there").mkdir()
    shutil.copy(campaign.latest / "assets/MUG/en-GB/post.png", campaign.root / "jobs/there/post.png")
    (campaign.root / "jobs/there/assets.csv").write_text("path,row,layout\npost.png,MUG/en-GB,post\n")
    campaign.edit(campaign.job, "provider:", "existing: there/assets.csv\nprovider:")


def _with_conformance(campaign: Campaign) -> None:
    campaign.edit(campaign.job, "provider:", "conformance: {palette: 60}\nprovider:")


@pytest.mark.parametrize("asks", [_with_merged, _with_existing, _with_conformance])
def test_what_is_merged_measured_or_there_before_is_worked_out_each_time(
    kept: Campaign, worked: Worked, asks: Callable[[Campaign], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_sheet, "BY_MAIL", 0)  # the merged file alone is a long run
    asks(kept)
    counts = [kept.run().counts for _ in range(2)]
    assert len(worked) == 2
    assert {one.failed for one in counts} == {0}
    assert counts[1].made == 0


def test_a_run_that_reads_what_runs_write_is_not_kept(kept: Campaign, worked: Worked) -> None:
    (kept.root / "jobs/.old").mkdir()
    shutil.move(kept.root / "jobs/data/products.csv", kept.root / "jobs/.old/products.csv")
    kept.edit(kept.job, "data/products.csv", ".old/products.csv")
    assert [kept.run().exit for _ in range(2)] == [0, 0]
    assert len(worked) == 2


def test_a_file_that_changes_while_a_run_goes_on_is_not_what_it_read(
    kept: Campaign, monkeypatch: pytest.MonkeyPatch, worked: Worked
) -> None:
    kept.edit(*CHANGES["a packshot"])
    carry_out = job.carry_out

    def meanwhile(*arguments: object) -> RunReport:
        kept.edit("brands/testa/brand.yaml", "leading: 1.1", "leading: 1.2")
        return carry_out(*arguments)  # type: ignore[arg-type]  # as they came

    with monkeypatch.context() as patch:
        patch.setattr(job, "carry_out", meanwhile)
        kept.run()
    report = kept.run()
    assert len(worked) == 2
    assert by_status(report, "made")


def test_a_short_run_is_not_kept(kept: Campaign, worked: Worked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact_sheet, "BY_MAIL", 200)
    kept.edit(*CHANGES["a packshot"])
    kept.run()
    kept.run()
    assert len(worked) == 2
