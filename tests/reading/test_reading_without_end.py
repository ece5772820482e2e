"""Files without measure: told in little memory, before they are read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
ROOM = 190_000_000  # bytes of memory beside what the program takes itself
READ = """
import resource, sys
from pathlib import Path
from pressrun.model.errors import InputError
from pressrun.model.finding import Place

path = Path(sys.argv[1])
if path.suffix == ".jsonl":
    from pressrun.run import rows
else:
    from pressrun.readers.csv_file import read_csv
    from pressrun.readers.yaml_source import read_yaml
with open("/proc/self/statm") as statm:
    most = int(statm.read().split()[0]) * resource.getpagesize() + {room}
resource.setrlimit(resource.RLIMIT_AS, (most, most))
if path.suffix == ".jsonl":
    with path.open("rb") as opened:
        for line, text in enumerate(rows.bounded_lines(opened), 1):
            try:
                rows._parsed(text, Place("rows", line))
                print("read", line)
            except InputError as error:
                print(*(f"{one.code} {one.place}" for one in error.findings))
else:
    read = read_csv if path.suffix == ".csv" else read_yaml
    print(*(f"{one.code} {one.place}" for one in read(path, path.name)[1]))
""".replace("{room}", str(ROOM))


@pytest.mark.parametrize(
    ("name", "beginning", "piece", "times", "end", "told"),
    [
        ("cells.csv", b"", b"a," * 500_000, 150, b"", "too-large cells.csv:1"),
        ("wide.csv", b"", b"ab," * 20_000, 1, b"\n", "too-large wide.csv:1"),
        ("row.csv", b"sku,name\n", b"x" * 1_000_000, 300, b"\n", "too-large row.csv:2"),
        ("quotes.csv", b'sku,name\n1,"', b"x\n" * 500_000, 100, b"", "quotes quotes.csv:2"),
        ("hole.csv", b"sku\n", b"", 0, b"", "not-utf-8 hole.csv:1:1"),
        ("hole.yaml", b"a: b\n", b"", 0, b"", "too-large hole.yaml"),
        ("rows.jsonl", b'{"a": "', b"x" * 1_000_000, 300, b'"}\n{"a": 1}\n', "bad-line rows:1\nread 2"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value and " " not in value else "",
)
def test_what_has_no_end_is_told_in_little_memory(
    name: str, beginning: bytes, piece: bytes, times: int, end: bytes, told: str, tmp_path: Path
) -> None:
    with (tmp_path / name).open("wb") as opened:
        opened.write(beginning)
        for _ in range(times):
            opened.write(piece)
        opened.write(end)
        if not times:
            opened.truncate(1 << 30)  # a hole, which takes no room
    done = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path / name)], capture_output=True, text=True, timeout=120,
        env={"PYTHONPATH": str(HERE / "pipeline"), "PATH": "/usr/bin"},
    )  # fmt: skip
    (tmp_path / name).unlink()
    assert (done.stdout.strip(), done.stderr) == (told, "")
