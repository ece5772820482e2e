"""Bad input ends with exit code 2 and a line for each fault, where it is; and nothing is written. What a row alone names
is a fault of its row, which `check` tells with exit code 1.

Each folder in ``bad_input`` is laid over the campaign, or edits it; ``expected.txt`` names what is found.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import needed
import pytest
from job_campaign import HERE, JOB, Campaign, Ended, digests
from PIL import Image

from pressrun.graphics.color.inks import srgb_profile

Here = Callable[..., Ended]
CASES = sorted(path.name for path in (HERE / "bad_input").iterdir())
OF_ROWS = [case for case in CASES if case.startswith("svg-")]
PRODUCTS = "jobs/data/products.csv"
REFERENCES = '    references: ["{{ product.packshot }}"]\n'
TIN = "brands/testa/packshots/tin"


def assert_refused(campaign: Campaign, here: Here, expected: list[str], code: int = 2) -> None:
    """`run`, `check` and `plan` find the same, say it in lines, and leave the folder as it was."""
    before = campaign.files()
    done = here(campaign, "run", "--json")
    assert (done.code, done.found) == (code, expected)
    for finding, line in zip(done.json, done.err.splitlines(), strict=True):
        place = finding.get("place", {})
        assert place.get("file", "") in line
        assert not place.get("line") or f":{place['line']}" in line
        assert line.isprintable()
    left = campaign.files() - before
    assert {path for path in left if not path.startswith(".pressrun/journal.db")} <= {".pressrun"}
    for command in ("check", "plan"):
        assert here(campaign, command, "--json").found == expected


def assert_told(campaign: Campaign, here: Here, expected: list[str]) -> None:
    """`check` and `plan` tell what fails rows alone, `check` in a line with its place, and leave the folder as it was."""
    before = campaign.files()
    done = here(campaign, "check", "--json")
    assert (done.code, done.found) == (1, expected)
    [line] = here(campaign, "check").out.splitlines()
    assert f"{done.json[0]['place']['file']}:{done.json[0]['place']['line']}" in line
    assert line.isprintable()
    assert here(campaign, "plan").code == 0
    left = campaign.files() - before
    assert {path for path in left if not path.startswith(".pressrun/journal.db")} <= {".pressrun"}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_refused_at_its_place(case: str, fresh: Campaign, here: Here) -> None:
    fresh.overlay(HERE / "bad_input" / case)
    expected = (HERE / "bad_input" / case / "expected.txt").read_text("utf-8").splitlines()
    assert expected
    (assert_told if case in OF_ROWS else assert_refused)(fresh, here, expected)


# ------------------------------------------------------------------------------------------------------------ pictures


def encoded(kind: str) -> bytes:
    out = BytesIO()
    Image.effect_noise((64, 64), 80).save(out, kind)
    return out.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A PNG of one bit a pixel, all of them black: large decoded, small on disk."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = bytes(1 + width // 8)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PICTURES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "enormous": (".png", lambda: huge_png(20_000, 20_000), "picture-too-large"),
    "a bomb that lies about its data": (".png", lambda: huge_png(20_000, 20_000)[:300], "picture-too-large"),
    "a truncated PNG": (".png", lambda: encoded("PNG")[:-600], "broken-picture"),
    "a truncated JPEG": (".jpg", lambda: encoded("JPEG")[:-300], "broken-picture"),
    "a truncated WebP": (".webp", lambda: encoded("WEBP")[:-300], "broken-picture"),
    "nothing": (".png", lambda: b"", "broken-picture"),
    "a web page": (".jpg", lambda: b"<!DOCTYPE html><title>404</title>", "broken-picture"),
    "a kind we do not place": (".png", lambda: encoded("PPM"), "unknown-picture-kind"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_cannot_be_placed(name: str, fresh: Campaign, here: Here) -> None:
    suffix, make, code = PICTURES[name]
    (fresh.root / f"{TIN}{suffix}").write_bytes(make())
    fresh.edit(PRODUCTS, "tin.svg", f"tin{suffix}")
    fresh.edit(JOB, REFERENCES, "")  # which have faults of their own
    assert_told(fresh, here, [f"error {code} {PRODUCTS}:3"])


def test_a_picture_nobody_may_read_through_a_link(fresh: Campaign, here: Here, tmp_path: Path) -> None:
    outside = tmp_path / "secret.svg"
    shutil.copy(fresh.root / f"{TIN}.svg", outside)
    (fresh.root / f"{TIN}.svg").unlink()
    (fresh.root / f"{TIN}.svg").symlink_to(outside)
    assert_refused(fresh, here, [f"error outside-campaign {PRODUCTS}:3"])


# ------------------------------------------------------------------------------------------------------------- bytes


def test_text_that_is_not_utf_8(fresh: Campaign, here: Here) -> None:
    for name in (PRODUCTS, JOB):
        path = fresh.root / name
        kept = path.read_bytes()
        path.write_bytes(kept.replace(b"Camp Mug", "Camp Mêg".encode("latin-1")).replace(b"date:", b"\xff\xfedate:"))
        guessed = [f"error not-utf-8 {name}:2:5"]  # 'ê', or 'ę'?
        assert_refused(fresh, here, guessed if name == PRODUCTS else [f"error not-utf-8 {name}:2:1"])
        path.write_bytes(kept)


def test_control_characters_in_a_name(fresh: Campaign, here: Here) -> None:
    path = fresh.root / PRODUCTS
    path.write_bytes(path.read_bytes().replace(b"Camp Mug", b"Camp\0Mug"))
    fresh.edit(JOB, "{{ product.sku }}/", "{{ product.name }}/")
    done = here(fresh, "run", "--json")
    assert done.code == 2
    assert "\0" not in done.out + done.err
    assert {finding["place"]["file"] for finding in done.json} == {PRODUCTS}


def test_a_job_that_is_not_there(fresh: Campaign, here: Here) -> None:
    fresh.job = "jobs/sprong.yaml"
    assert here(fresh, "run", "--json").found == ["error missing-job jobs/sprong.yaml"]
    fresh.job = "jobs"
    done = here(fresh, "run", "--json")
    assert done.found == ["error missing-job jobs"]
    assert "a folder" in done.err
    assert "spring.yaml" in done.err


@pytest.mark.parametrize(
    ("only", "code"),
    [
        ("region.locale ==", "bad-expression"),
        ("region.lokale == 'x'", "unknown-column"),
        ("regio.locale == 'x'", "unknown-name"),
        ("layout == 'post'", "unknown-name"),
        ("region.locale == 'xx'", "no-rows"),
        ("__import__('os').system('x')", "unsafe-expression"),
    ],
)
def test_only_that_holds_for_nothing(warm: Campaign, here: Here, only: str, code: str) -> None:
    before = warm.files()
    done = here(warm, "run", "--json", "--only", only)
    assert done.code == 2
    assert {finding["code"] for finding in done.json} == {code}
    assert warm.files() == before


@pytest.mark.parametrize("amount", ["nan", "inf", "-1", "five"])
def test_a_cap_that_caps_nothing(warm: Campaign, here: Here, amount: str) -> None:
    done = here(warm, "run", "--max-cost", amount)
    assert done.code == 2
    assert "--max-cost" in done.err


def test_a_provider_nobody_knows(warm: Campaign, here: Here) -> None:
    done = here(warm, "run", "--json", "--provider", "opena")
    assert (done.code, done.found) == (2, ["error unknown-provider"])
    assert "openai" in done.err


# --------------------------------------------------------------------------------------------------- tools and places


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("nowhere.icc", None, "'nowhere.icc' cannot be read: there is no such file"),
        ("noise.icc", b"noise" * 900, "'noise.icc' is no ICC profile"),
        ("screen.icc", srgb_profile(), "'screen.icc' is not a CMYK profile"),
        ("../../press.icc", b"", "'../../press.icc' leads out of the brand's folder"),
    ],
)
def test_a_profile_that_cannot_be_used(name: str, data: bytes | None, why: str, fresh: Campaign, here: Here) -> None:
    fresh.edit("brands/testa/brand.yaml", "motifs:", f"print: {{profile: {name}}}\nmotifs:")
    written = (fresh.root / "brands/testa/brand.yaml").read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(written, 1) if name in text)
    if data is not None:
        (fresh.root / "brands/testa" / name).write_bytes(data)
    assert_refused(fresh, here, [f"error unusable-profile brands/testa/brand.yaml:{line}:18"])
    assert why in here(fresh, "check").err


def test_what_is_no_picture_is_told_in_the_same_words_every_time(fresh: Campaign, here: Here) -> None:
    (fresh.root / f"{TIN}.png").write_bytes(b"%PDF-1.7")
    fresh.edit(PRODUCTS, "tin.svg", "tin.png")
    fresh.edit(JOB, REFERENCES, "")
    assert "tin.png is no picture that can be read" in here(fresh, "check").out


def test_a_file_where_runs_should_go(warm: Campaign, here: Here, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    before = digests(warm.root / "runs")
    for out in (file, file / "below"):
        done = here(warm, "run", "--json", "--out", str(out))
        assert (done.code, done.found) == (2, ["error cannot-write"])
        assert str(file) in done.err
    assert file.read_text() == "mine"
    assert digests(warm.root / "runs") == before


def small_disk(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script where it may mount."""
    inside = ["unshare", "--mount", "--map-root-user", "sh", "-ec"]
    probe = "mount -t tmpfs -o size=1m tmpfs /mnt"
    if not shutil.which("unshare") or subprocess.run([*inside, probe], capture_output=True).returncode:
        needed.absent("the right to mount a small file system")
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1] / "pipeline")}
    command = [*inside, script, "sh", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)


FULL = """
mount -t tmpfs -o size="$1" tmpfs "$2"
cp -r "$3/." "$2"
cd "$2"
code=0
"$4" -m pressrun run jobs/spring.yaml --jobs 1 --json > "$5/out" 2> "$5/err" || code=$?
echo "$code" > "$5/code"
find . -path './runs/*' > "$5/left"
find . -name '*.part' >> "$5/left"
mount -o remount,size=100m "$2"
PRESSRUN_EXECUTOR=inline "$4" -m pressrun run jobs/spring.yaml --quiet
mkdir "$5/assets"
cp -r runs/latest/assets/. "$5/assets"
"""


@pytest.mark.parametrize(
    ("size", "code"), [("100k", "journal-error"), ("2m", "cannot-write"), ("4m", None), ("5m", None)]
)
def test_a_full_disk_stops_the_run_and_what_is_done_is_kept(
    size: str, code: str | None, tmp_path: Path, finished: Campaign
) -> None:
    """On a file system that is full after the fonts, in the middle of pictures, and in the middle of files."""
    disk, report = tmp_path / "disk", tmp_path / "report"
    disk.mkdir()
    report.mkdir()
    done = small_disk(FULL, size, str(disk), str(HERE / "campaign"), sys.executable, str(report))
    assert done.returncode == 0, done.stderr
    ended = Ended(int((report / "code").read_text()), (report / "out").read_text(), (report / "err").read_text())
    assert ended.code == 2, ended.err
    assert "Traceback" not in ended.err
    (finding,) = ended.json
    assert finding["code"] in ([code] if code else ["cannot-write", "journal-error"])
    assert "make room" in finding["hint"]
    assert (report / "left").read_text() == ""
    assert digests(report / "assets") == finished.assets()


READ_ONLY = """
mount --bind "$1" "$1"
mount -o remount,ro,bind "$1"
cd "$2"
"$3" -m pressrun run jobs/spring.yaml --json --out "$1"
"""


FULL_FOR_A_WHILE = """
mount -t tmpfs -o size=200k tmpfs "$1"
dd if=/dev/zero of="$1/ballast" bs=4k count=40 2> /dev/null
cd "$2"
TMPDIR="$1" PRESSRUN_EXECUTOR="$4" exec "$3" -m pressrun run jobs/spring.yaml --jobs 1 --json
"""


@pytest.mark.parametrize("executor", ["inline", "local"])
def test_a_full_temporary_folder_with_own_fonts(executor: str, fresh: Campaign, tmp_path: Path) -> None:
    fonts = HERE.parents[1] / "brands/northlight/fonts/Fraunces-Regular.ttf"
    shutil.copy(fonts, fresh.root / "brands" / "testa" / "own.ttf")
    fresh.edit("brands/testa/brand.yaml", "motifs:", "fonts: [own.ttf]\nmotifs:")
    (room := tmp_path / "room").mkdir()
    done = small_disk(FULL_FOR_A_WHILE, str(room), str(fresh.root), sys.executable, executor)
    ended = Ended(done.returncode, done.stdout, done.stderr)
    assert (ended.code, ended.found) == (2, ["error cannot-write"])
    assert str(room) in ended.json[0]["message"]
    assert "make room" in ended.json[0]["hint"]
    assert "Traceback" not in ended.err


def test_a_read_only_folder_for_runs(warm: Campaign, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    done = small_disk(READ_ONLY, str(out), str(warm.root), sys.executable)
    ended = Ended(done.returncode, done.stdout, done.stderr)
    assert (ended.code, ended.found) == (2, ["error cannot-write"])
    assert "Traceback" not in ended.err
    assert "--out" in ended.json[0]["hint"]
    assert not list(out.iterdir())


def test_a_campaign_on_a_read_only_disk(fresh: Campaign) -> None:
    done = small_disk(READ_ONLY, str(fresh.root), str(fresh.root), sys.executable)
    ended = Ended(done.returncode, done.stdout, done.stderr)
    assert (ended.code, [line.split()[0] for line in ended.found]) == (2, ["error"])
    assert "Traceback" not in ended.err


def test_an_empty_job_is_told_what_it_has_to_have(fresh: Campaign, here: Here) -> None:
    (fresh.root / JOB).write_text("# to be done\n")
    done = here(fresh, "check", "--json")
    assert done.found == [f"error empty-file {JOB}:1:1"]
    assert done.json[0]["message"].endswith("'brand', 'date', 'rows', 'locale', 'layouts', 'save_as', 'provider'")
