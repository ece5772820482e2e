"""`show --contact-sheet`: a part of a run as one file that goes by mail."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from chromium import chromium, until
from PIL import Image

from pressrun.commands.report import contact_part
from pressrun.commands.studio.filters import Asked, asked_by
from pressrun.decisions.returned_list import NO, YES, read_list
from pressrun.doors import opened_journal
from pressrun.manifest import runs_read
from pressrun.model.errors import InputError
from pressrun.model.run_record import RunReport

Ran = tuple[Path, RunReport]


@pytest.fixture
def here(campaign: Ran, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    return campaign[0]


def shown(page: Path) -> set[str]:
    """The paths that a page tells of."""
    found = re.search(rb'id="page-data">(.*?)</script>', page.read_bytes(), re.S)
    assert found
    rows = json.loads(found[1])["rows"]
    return {rows["words"][card[rows["fields"].index("path")]] for card in rows["cards"]}


def test_an_address_and_an_expression_choose_the_same_files(pressrun: Any, here: Path, campaign: Ran) -> None:
    layout = campaign[1].assets[0].layout
    wanted = {asset.path for asset in campaign[1].assets if asset.layout == layout}
    assert wanted < {asset.path for asset in campaign[1].assets}
    for number, said in enumerate(
        (f"layout={layout}", f"?layout={layout}", f"http://127.0.0.1:8600/runs/latest?layout={layout}",
         f"layout.name == '{layout.rpartition(chr(47))[2]}'")
    ):  # fmt: skip
        target = Path(f"{number}.html")
        result = pressrun("show", "--root", here, "--contact-sheet", said, "--to", target)
        assert result.exit_code == 0, result.output
        assert result.output.startswith(f"{target}: {len(wanted)} file")
        assert shown(target) == wanted
        assert target.read_bytes().count(b"data:image/jpeg") >= 1


def test_it_is_written_here_under_the_runs_name(pressrun: Any, here: Path, campaign: Ran) -> None:
    result = pressrun("show", "--root", here, "--contact-sheet", "status=made", "--json")
    said = json.loads(result.output)
    assert (said["path"], said["answers"]) == (f"{campaign[1].run}-part.html", f"{campaign[1].run}-part.csv")
    assert Path(said["path"]).stat().st_size == said["bytes"]
    assert said["files"] == len(campaign[1].assets)


def test_pictures_are_large_enough_to_be_judged_and_the_list_comes_back(
    pressrun: Any, here: Path, campaign: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheets = [asset for asset in campaign[1].assets if asset.status == "made" and asset.path.endswith((".png", ".jpg"))]
    for judged, edge in ((150, 720), (0, 320)):
        monkeypatch.setattr(contact_part, "JUDGED", judged)
        assert pressrun("show", "--root", here, "--contact-sheet", "status=made", "--to", "part.html").exit_code == 0
        sizes = [Image.open(io.BytesIO(base64.b64decode(one))).size
                 for one in re.findall(rb"data:image/jpeg;base64,([A-Za-z0-9+/=]+)", Path("part.html").read_bytes())]  # fmt: skip
        assert max(map(max, sizes)) == edge
    lines = list(csv.DictReader(Path("part.csv").read_text("utf-8-sig").splitlines()))
    assert {line["path"] for line in lines} == {asset.path for asset in campaign[1].assets}
    chosen = sheets[0].path
    for line in lines:
        line |= {"decision": "Abgelehnt", "comment": "zu dunkel"} if line["path"] == chosen else {}
    with Path("back.csv").open("w", newline="") as opened:
        writer = csv.DictWriter(opened, lines[0])
        writer.writeheader()
        writer.writerows(lines)
    with opened_journal(here, reading=True) as journal:
        assert journal is not None
        mailed, warnings = read_list(Path("back.csv"), here, runs_read.read_run(here / "runs" / campaign[1].run), journal)
    assert not warnings
    assert {(one.verdict, one.comment) for one in mailed} == {("reject", "zu dunkel")}


def test_the_page_is_answered_where_it_is_opened_and_the_list_comes_back(
    pressrun: Any, here: Path, campaign: Ran, tmp_path: Path
) -> None:
    assert pressrun("show", "--root", here, "--contact-sheet", "status=made", "--to", "part.html").exit_code == 0
    with chromium(tmp_path / "profile") as driver:
        driver.set_window_size(1280, 900)
        driver.execute_cdp_cmd("Page.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
        driver.get((tmp_path / "part.html").as_uri())
        for verdict, words in (("approve", ""), ("reject", '=1+1, "zu dunkel"\nund kalt')):
            driver.execute_script(
                "const [verdict] = arguments;"
                "document.querySelectorAll('#assets .card')[verdict === 'approve' ? 0 : 1].click();"
                "document.querySelector(`#detail-facts [data-verdict=${verdict}]`).click()",
                verdict,
            )  # fmt: skip
            driver.find_element("css selector", "#detail-facts textarea").send_keys(words)
            driver.execute_script("document.getElementById('detail-close').click()")
        assert driver.execute_script("return document.getElementById('answers-count').textContent").startswith("2 of ")
        driver.execute_script("document.getElementById('answers-save').click()")
        answered = tmp_path / "part-answered.csv"
        until(driver, lambda _: answered.exists(), 10)
        assert not [one for one in driver.get_log("browser") if "ERR_FILE_NOT_FOUND" not in one["message"]]
    lines = list(csv.DictReader(io.StringIO(answered.read_text("utf-8-sig"), newline="")))
    digests = {asset.path: asset.sha256 for asset in campaign[1].assets}
    assert all(digests[line["path"]] == line["sha256"] for line in lines)
    with opened_journal(here, reading=True) as journal:
        assert journal is not None
        mailed, warnings = read_list(answered, here, runs_read.read_run(here / "runs" / campaign[1].run), journal)
    assert not warnings
    assert {one.verdict for one in mailed} == {"approve", "reject"}
    assert {one.comment for one in mailed if one.verdict == "reject"} == {'=1+1, "zu dunkel"\nund kalt'}


def test_the_manual_has_every_word_that_is_a_decision() -> None:
    page = (Path(contact_part.__file__).parents[1] / "chapters/how_to/65-review-round.md").read_text()
    assert not [word for word in YES | NO if f"*{word}*" not in page]


@pytest.mark.parametrize(
    ("said", "code", "told"),
    [
        ("locle=de-DE", "unknown-name", "locale"),
        ("locale=xx", "nothing-meant", "locale=xx"),
        ("product.sku = 1", "bad-expression", "=="),
        ("nobody.knows == 1", "unknown-name", "nobody"),
    ],
)
def test_what_cannot_be_chosen_is_one_line(pressrun: Any, here: Path, said: str, code: str, told: str) -> None:
    result = pressrun("show", "--root", here, "--contact-sheet", said)
    assert isinstance(result.exception, InputError)
    [finding] = result.exception.findings
    assert finding.code == code
    assert told in f"{finding.message} {finding.hint}"
    assert not list(Path().glob("*.html"))


def test_what_is_too_much_for_a_mail_is_refused(pressrun: Any, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact_part, "MOST", 1)
    result = pressrun("show", "--root", here, "--contact-sheet", "status=made")
    assert isinstance(result.exception, InputError)
    assert result.exception.findings[0].code == "part-too-large"


def test_a_list_that_came_back_is_not_written_over(pressrun: Any, here: Path) -> None:
    for _ in range(2):  # one that nobody filled in is what would be written
        assert pressrun("show", "--root", here, "--contact-sheet", "status=made", "--to", "part.html").exit_code == 0
    page, filled = Path("part.html").read_bytes(), Path("part.csv").read_bytes() + b"filled in\r\n"
    Path("part.csv").write_bytes(filled)
    result = pressrun("show", "--root", here, "--contact-sheet", "status=made", "--to", "part.html")
    assert isinstance(result.exception, InputError)
    assert [(one.code, bool(one.hint)) for one in result.exception.findings] == [("file-exists", True)]
    assert (Path("part.html").read_bytes(), Path("part.csv").read_bytes()) == (page, filled)


@pytest.mark.parametrize("name", ["part.csv", "part.CSV"])
def test_the_page_does_not_have_the_name_of_its_list(pressrun: Any, here: Path, name: str) -> None:
    result = pressrun("show", "--root", here, "--contact-sheet", "status=made", "--to", name)
    assert isinstance(result.exception, InputError)
    assert result.exception.findings[0].code == "part-is-a-page"
    assert not [path for path in Path().iterdir() if path.suffix.lower() in (".csv", ".html")]


def test_an_address_is_read_as_the_wall_reads_it() -> None:
    assert asked_by("locale=de-DE&q=cedar&where=take+%3D%3D+1") == Asked(
        {"locale": "de-DE"}, "cedar", "take == 1"
    )  # fmt: skip
    assert asked_by("key.product=A-1").facets == {"key.product": "A-1"}
    assert asked_by("product.sku == 'a=b'") == Asked(where="product.sku == 'a=b'")
    assert asked_by("take==1") == Asked(where="take==1")
    with pytest.raises(InputError, match="no filter 'lcale'"):
        asked_by("?lcale=de")
