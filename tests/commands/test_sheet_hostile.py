"""`sheet` on files that want more than they give: each is refused, or imposed, in one process that stays small."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary
from press_samples import sound
from test_preflight_hostile import HOSTILE

REFUSED = frozenset({
    "a content that unpacks to 1 GB", "a content of one stream fifty times", "a content that LZW unpacks",
    "a profile that unpacks to 400 MB", "a picture that unpacks to 2.5 GB", "a picture that says it is small",
    "forms drawn 2^20 times, each larger", "forms drawn 2^20 times in one place", "a form drawn within itself",
})  # fmt: skip
IMPOSED = frozenset({
    "a form drawn a thousand times", "a content of ten million operators", "numbers without an operator",
    "names in a ring", "pages in a ring",
})  # fmt: skip


def drawn_within_itself(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    form = pdf.make_stream(b"/Fm0 Do", Type="/XObject", Subtype="/Form", BBox=[0, 0, 9, 9])
    form.Resources = Dictionary(XObject=Dictionary({"/Fm0": form}))
    draw(page, form, 1)


def draw(page: pikepdf.Page, form: pikepdf.Object, times: int) -> None:
    name = page.add_resource(form, "/XObject")
    page.contents_add(b"%s Do " % str(name).encode() * times)


def a_thousand_times(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    draw(page, pdf.make_stream(b"0 0 1 1 re f", Type="/XObject", Subtype="/Form", BBox=[0, 0, 9, 9]), 1000)


FILES = {
    **{name: change for name, (change, _) in HOSTILE.items()},
    "a form drawn within itself": drawn_within_itself,
    "a form drawn a thousand times": a_thousand_times,
}

# The counts are a tenth of what they are, to save time; how much of one stream is held at once is as it is.
CHILD = """
import io, sys
from pathlib import Path
from pressrun.run.imposition.scheme import load_scheme
from pressrun.run.imposition.sheets import Told, sheet_file
from pressrun.run.imposition.sources import SourceFile
from pressrun.model.errors import InputError
from pressrun.readers.press_pdf import budget
budget.VISITS, budget.UNPACKED = 40_000, 200_000_000
for path in map(Path, sys.argv[1:]):
    try:
        made = sheet_file(load_scheme("a3-2up"), [SourceFile(path.name, path.read_bytes())], [], Told("job", "sheet"), io.BytesIO())
        told = [f"{len(made.imposed.sheets)} sheet"]
    except InputError as error:
        told = [one.code for one in error.findings]
    print(path.stem, *told, sep="\\t")
(most,) = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]  # its own, not its parent's
print("MB", int(most) // 1000, sep="\\t")
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What became of each file, and the megabytes that all took at the most."""
    folder = tmp_path_factory.mktemp("hostile")
    names = sorted(REFUSED | IMPOSED)
    files: list[Path] = [sound(folder / f"{name}.pdf", FILES[name], compress_streams=False) for name in names]
    done = subprocess.run([sys.executable, "-c", CHILD, *map(str, files)], capture_output=True, text=True, check=True)
    return {line.split("\t")[0]: line.split("\t")[1:] for line in done.stdout.splitlines()}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_unpacks_or_is_drawn_without_end_is_refused(name: str, told: dict[str, list[str]]) -> None:
    assert told[name] == ["too-much"]


@pytest.mark.parametrize("name", sorted(IMPOSED))
def test_what_only_repeats_itself_is_imposed_and_not_walked(name: str, told: dict[str, list[str]]) -> None:
    assert told[name] == ["1 sheet"]


def test_it_takes_little_memory(told: dict[str, list[str]]) -> None:
    assert int(told["MB"][0]) < 500
