"""Rows fed one by one: each answered with its files, a wrong one with its fault, and the cap held over all of them."""

from __future__ import annotations

import io
import json
import subprocess
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from job_campaign import Campaign, digests
from warm_process import WarmProcess

from pressrun import run_rows
from pressrun.language import allowance
from pressrun.model.errors import InputError
from pressrun.model.settings import Settings
from pressrun.run import rows
from pressrun.run.rows import FedRow

POT = {"sku": "POT", "name": "Tea Pot", "scene": "noon", "packshot": "packshots/tin.svg"}


def fed(campaign: Campaign, *rows: Any, **settings: Any) -> list[FedRow]:
    return list(run_rows(campaign.root / campaign.job, rows, Settings(inline=True, **settings)))


def code(answer: FedRow) -> str:
    (finding,) = answer.findings
    assert finding["place"]["file"]
    assert finding["place"]["line"]
    return str(finding["code"])


def test_a_row_by_its_keys_gives_the_same_files_as_the_whole_job(fresh: Campaign, finished: Campaign) -> None:
    (answer,) = fed(fresh, {"product": "MUG", "region": "de-DE"})
    assert (answer.line, answer.status, answer.exit, answer.rows) == (1, "done", 0, ("MUG/de-DE",))
    assert answer.folder is not None
    alone, whole = digests(Path(answer.folder) / "assets"), finished.assets()
    assert alone
    assert alone.items() <= whole.items()
    assert {Path(file["path"]).is_file() for file in answer.files} == {True}
    assert {file["path"] for file in answer.files} == {f"{answer.folder}/assets/{path}" for path in alone}


def test_a_product_that_the_job_does_not_know(fresh: Campaign) -> None:
    (answer,) = fed(fresh, {"product": POT, "region": "en-GB"})
    assert answer.status == "done"
    assert {file["row"] for file in answer.files} == {"POT/en-GB"}
    manifest = fresh.manifest(Path(answer.folder or ""))
    assert manifest["counts"]["made"] == len(answer.files)
    assert fresh.lines(Path(answer.folder or ""))[0]["sources"][0] == {"rows": "product", "file": "rows", "line": 1}


def test_row_sets_that_are_not_named_stay_whole(fresh: Campaign) -> None:
    (answer,) = fed(fresh, {"product": "TIN"})
    assert answer.rows == ("TIN/en-GB", "TIN/de-DE")


def test_words_of_a_row_are_the_same_with_their_accents_apart(fresh: Campaign) -> None:
    whole, apart = (
        fed(fresh, {"product": {**POT, "sku": unicodedata.normalize(form, "TÖPF"), "name": "Té"}, "region": "en-GB"})[0]
        for form in ("NFC", "NFD")
    )
    assert whole.status == apart.status == "done"
    assert whole.rows == apart.rows == ("TÖPF/en-GB",)
    assert [file["sha256"] for file in whole.files] == [file["sha256"] for file in apart.files]


def test_columns_left_out_are_those_of_the_row_with_that_key(fresh: Campaign) -> None:
    (answer,) = fed(fresh, {"product": {"sku": "MUG", "scene": "a new scene"}, "region": "en-GB"})
    prompt = fresh.lines(Path(answer.folder or ""))[0]["pictures"][0]["prompt"]
    assert "a new scene" in prompt
    assert answer.status == "done"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("{", "bad-line"),
        ("[1]", "bad-line"),
        ('"MUG"', "bad-line"),
        ('{"product": "MUG", "product": "TIN"}', "bad-line"),
        (b'{"product": "\xff"}', "bad-line"),
        ("[" * 100_000, "bad-line"),
        ("{}" + " " * (4 * 2**20), "bad-line"),
        ("1" * 5000, "bad-line"),
        ("{" + ", ".join(['"a": 1'] * 100_000) + "}", "bad-line"),
        ('{"product": {"sku": "MUG", "name": "\\ud800"}, "region": "en-GB"}', "bad-line"),
        ('{"product": {"sku": "\\udfff"}, "region": "en-GB"}', "bad-line"),
        ('{"product": {"sku": "MUG", "\\udc80": "a"}}', "bad-line"),
        ('{"\\udbff": "MUG"}', "bad-line"),
        ({"product": {**POT, "name": "\ud800"}, "region": "en-GB"}, "bad-line"),
        ({"product": {**POT, "sku": "\0"}, "region": "en-GB"}, "unsafe-name"),
        ({f"set{number}": "MUG" for number in range(50_000)}, "unknown-rows"),
        ({"product": {"sku": "A", **{f"column{number}": "a" for number in range(50_000)}}}, "unknown-column"),
        ({"product": "M" * 1_000_000}, "unknown-row"),
        ({"product": "MUGG"}, "unknown-row"),
        ({"produkt": "MUG"}, "unknown-rows"),
        ({"product": 1.5}, "wrong-row"),
        ({"product": ["MUG"]}, "wrong-row"),
        ({"product": {"name": "no key"}}, "row-without-key"),
        ({"product": {"sku": "A", "naem": "a"}}, "unknown-column"),
        ({"product": {**POT, "packshot": "none.svg"}, "region": "en-GB"}, "missing-picture"),
        ({"product": {**POT, "packshot": "/etc/passwd"}, "region": "en-GB"}, "outside-campaign"),
        ({"product": {**POT, "sku": "../up"}, "region": "en-GB"}, "unsafe-name"),
    ],
)
def test_a_wrong_row_is_answered_and_the_others_go_on(fresh: Campaign, row: Any, expected: str) -> None:
    wrong, right = fed(fresh, row, {"product": "MUG", "region": "en-GB"})
    assert (wrong.line, wrong.status, wrong.exit, wrong.files) == (1, "wrong", 2, ())
    assert expected in {finding["code"] for finding in wrong.findings}
    assert wrong.findings[0]["place"]["line"] == 1 or wrong.findings[0]["place"]["file"] == fresh.job
    assert (right.line, right.status) == (2, "done")


def test_what_nobody_foresaw_fails_its_row_alone(fresh: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    real = rows.with_rows

    def breaks(project: Any, said: Any, place: Any) -> Any:
        if said.get("region") == "de-DE":
            raise ZeroDivisionError
        return real(project, said, place)

    monkeypatch.setattr(rows, "with_rows", breaks)
    wrong, right = fed(fresh, {"product": "MUG", "region": "de-DE"}, {"product": "MUG", "region": "en-GB"})
    assert (code(wrong), wrong.status, right.status) == ("row-failed", "failed", "done")


def test_a_line_of_any_length_takes_no_more_memory_than_a_line_may() -> None:
    class Endless(io.RawIOBase):
        """300 MB without a line end, then a line; remembers the most that was asked for at once."""

        left, most = 300 * 2**20, 0

        def readline(self, size: int | None = -1) -> bytes:
            if not self.left:
                return b""
            self.most = max(self.most, size if size and size > 0 else self.left)
            part = b"x" * min(size or self.left, self.left)
            self.left -= len(part)
            return part if self.left else part[:-4] + b"end\n"

    endless = Endless()
    (line,) = rows.bounded_lines(endless)  # type: ignore[arg-type]
    assert rows.LONGEST_LINE < len(line) <= rows.LONGEST_LINE + 2
    assert endless.most <= rows.LONGEST_LINE + 2


def test_empty_lines_are_passed_over_and_counted(fresh: Campaign) -> None:
    assert [answer.line for answer in fed(fresh, "", b" \n", '{"product": "MUG"}')] == [3]


def test_a_byte_order_mark_is_no_fault(fresh: Campaign) -> None:
    (answer,) = fed(fresh, b'\xef\xbb\xbf{"product": "MUG", "region": "en-GB"}\n')
    assert answer.status == "done"


def test_sets_that_walk_together_go_together(fresh: Campaign) -> None:
    fresh.edit(fresh.job, "expand: [product, region]", "expand: [[product, region]]")
    products = (fresh.root / "jobs/data/products.csv").read_text("utf-8").splitlines()
    (fresh.root / "jobs/data/products.csv").write_text("\n".join(products[:3]), "utf-8")
    by_key, new = fed(fresh, {"product": "TIN"}, {"product": POT})
    assert by_key.rows == ("TIN/de-DE",)
    assert code(new) == "missing-row"


def test_a_row_may_come_long_after_the_last(fresh: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    since = 0.0

    def lines() -> Iterator[dict[str, str]]:
        nonlocal since
        for product in ("MUG", "TIN"):
            yield {"product": product, "region": "en-GB"}
            since += 60 * 60

    monkeypatch.setattr(allowance, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + since))
    answers = list(run_rows(fresh.root / fresh.job, lines(), Settings(inline=True)))
    assert [answer.status for answer in answers] == ["done", "done"]


def test_a_wrong_job_is_no_answer_to_a_row(fresh: Campaign) -> None:
    fresh.edit(fresh.job, "layouts: [post, card]", "layouts: [poster]")
    with pytest.raises(InputError):
        fed(fresh, {"product": "MUG"})


def test_the_command_answers_a_line_before_it_reads_the_next(fresh: Campaign) -> None:
    command = ["-m", "pressrun", "run", fresh.job, "--rows", "-", "--jobs", "1"]
    with WarmProcess(command, cwd=fresh.root, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for key in ("MUG", "TIN"):
            process.stdin.write(json.dumps({"product": key, "region": "en-GB"}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["rows"] == [f"{key}/en-GB"]
        process.stdin.close()
        assert process.wait(timeout=60) == 0


def test_the_command_reads_a_file_of_lines(fresh: Campaign) -> None:
    lines = ['{"product": "MUG", "region": "en-GB"}', "nonsense", '{"product": {"sku": "MUG"}, "region": "de-DE"}']
    (fresh.root / "rows.jsonl").write_text("\n".join(lines), "utf-8")
    done = fresh.command("run", "--rows", "rows.jsonl", PRESSRUN_EXECUTOR="inline")
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [answer["status"] for answer in answers] == ["done", "wrong", "done"]
    assert answers[1]["findings"][0]["place"] == {"file": "rows.jsonl", "line": 2, "column": 1}
    assert done.code == 1
