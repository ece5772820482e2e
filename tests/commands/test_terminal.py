"""What reaches the terminal: no control character of anybody's, whatever its encoding, and nothing beside the door."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pressrun.commands import cli, terminal
from pressrun.commands.carry_on import command_line

SOURCE = Path(cli.__file__).parents[1]
CAMPAIGN = Path(__file__).parents[1] / "job" / "campaign"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]")
HOSTILE = {
    "colour": "\x1b[31m", "title": "\x1b]0;mine\x07", "line up": "\x1b[1A\x1b[2K", "C1": "\x9b31m", "NEL": "\x85",
    "bell": "\x07", "backspace": "a\b\b", "return": "\rok", "delete": "\x7f", "DCS": "\x90q\x9c", "override": "\u202e",
    "separator": "\u2028", "link": "\x1b]8;;http://a\x1b\\", "paste": "\x1b[200~", "vertical": "\x0b\x0c",
}  # fmt: skip


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """A command in this process: exit code, standard output, standard error."""

    def command(*arguments: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = cli.run_command(list(arguments))
        printed = capfd.readouterr()
        return code, printed.out, printed.err

    return command


def test_nothing_is_printed_beside_the_door() -> None:
    doors = {"commands/terminal.py", "providers/openai/rehearsal/server.py"}
    beside = []
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and name not in doors:
                called = ast.unparse(node.func)
                if called == "print" or re.fullmatch(r"click\.s?echo|click\.secho|sys\.std(out|err)\.write", called):
                    beside.append(f"{name}:{node.lineno}")
    assert not beside


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_cells_names_and_arguments_are_written_out(
    hostile: str, tmp_path: Path, said: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "campaign"
    shutil.copytree(CAMPAIGN, root)
    table = root / "jobs/data/products.csv"
    lines = table.read_text("utf-8").splitlines()
    cells = lines[1].split(",")
    table.write_text("\n".join([lines[0], ",".join(f'"{cell}{hostile}"' for cell in cells), *lines[2:]]), "utf-8")
    monkeypatch.chdir(root)
    for arguments in (
        ("check", "jobs/spring.yaml"), ("check", "jobs/spring.yaml", "--json"), ("plan", "jobs/spring.yaml"),
        ("check", f"jobs/{hostile}.yaml"), ("show", hostile), (f"{hostile}",), ("check", f"--{hostile}"),
        ("plan", "jobs/spring.yaml", "--only", f"'{hostile}' == nothing"),
        ("plan", "jobs/spring.yaml", "--provider", hostile), ("preflight", f"{hostile}.pdf"),
        ("preflight", f"{hostile}.pdf", "--json"),
    ):  # fmt: skip
        code, out, err = said(*arguments)
        assert not OBEYED.search(out + err), arguments
        if "--json" in arguments:
            json.loads(out)
    assert code


def test_json_keeps_what_it_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "".join(HOSTILE.values()) + "\ud800 é 😀"
    terminal.tell_json(json.dumps([hostile], ensure_ascii=False))
    out = capsys.readouterr().out
    assert not OBEYED.search(out)
    assert json.loads(out) == [hostile]


def test_a_cell_begins_no_line_of_ours(said: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    code, _, err = said("check", f"{tmp_path}/a\nerror: all is lost")
    assert code == 2
    assert not any(line.startswith("error: all is lost") for line in err.splitlines())


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252"])
def test_a_terminal_of_another_encoding(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="")
    monkeypatch.setattr(sys, "stdout", stream)
    terminal.tell("10 × 14 mm — 中 😀 \x1b[0m")
    terminal.tell_json('["中 😀 ×"]')
    stream.flush()
    text, data = stream.buffer.getvalue().decode(encoding).splitlines()  # type: ignore[attr-defined]
    assert text.endswith(r"\u4e2d \U0001f600 \x1b[0m")
    assert json.loads(data) == ["中 😀 ×"]


@pytest.mark.parametrize(("encoding", "arguments"), [("latin-1", ("plan", "jobs/spring.yaml")), ("ascii", ("doctor",))])
def test_commands_end_as_always_in_another_encoding(encoding: str, arguments: tuple[str, ...], tmp_path: Path) -> None:
    shutil.copytree(CAMPAIGN, tmp_path / "campaign")
    ended = subprocess.run(
        [sys.executable, "-m", "pressrun", *arguments], cwd=tmp_path / "campaign", capture_output=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": f"{encoding}:strict"},
    )  # fmt: skip
    assert (ended.returncode, b"Traceback" in ended.stderr) == (0, False)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["run", "jobs/a.yaml", "--only", "locale == 'de-DE'"], "run jobs/a.yaml --only \"locale == 'de-DE'\""),
        (["--only", "sku != 'X'"], "--only \"sku != 'X'\""),
        (["a b.yaml", "$HOME"], "'a b.yaml' '$HOME'"),
        (["it's $5", "say \"it's\"", "hey!'", "\\'"], None),
    ],
)
def test_the_command_that_carries_on_can_be_read_and_pasted(words: list[str], line: str | None) -> None:
    shown = command_line(words)
    assert shlex.split(shown) == words
    assert shown == (line or shlex.join(words))
