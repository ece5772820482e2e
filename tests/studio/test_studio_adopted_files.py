"""A file put in a picture's place from the studio: what `pressrun adopt` does, and never the bytes that were sent."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from pressrun.commands.starter import write_campaign
from pressrun.commands.studio import adopted_files
from pressrun.commands.studio.gate import Visitor
from pressrun.model.settings import Settings
from pressrun.run.job import run_job

Open = Callable[..., Any]
Made = tuple[Path, str, Any]
SIDE = 1536


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """One product in one language on one layout, drawn for position only: folder, the sheet's address, the report."""
    root = tmp_path_factory.mktemp("adopting")
    write_campaign(root, "Plain")
    job = root / "jobs" / "first-run.yaml"
    text = job.read_text("utf-8").replace("  - social/story\n  - print/a5-flyer\n", "")
    where = "where: product.sku == 'MUG-350' and region.locale == 'en-GB'\nlocale: region.locale\n"
    job.write_text(text.replace("locale: region.locale\n", where), "utf-8")
    report = run_job(job, Settings(inline=True))
    return root, f"/runs/{report.run}/sheets/{report.assets[0].id}", report


def sent(kind: str = "JPEG", side: int = SIDE, mode: str = "RGB", **said: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (side, side), 120 if mode == "L" else None).save(out, kind, **said)
    return out.getvalue()


def drop(visit: Any, sheet: str, data: bytes, name: str = "retouched.jpg", **headers: str) -> Any:
    own = {"x-csrf": visit.csrf, "accept": "application/json", **headers}
    return visit.client.post(f"{sheet}/adopt?name={name}", content=data, headers=own)


def test_what_is_dropped_is_written_anew_and_stands_for_the_picture_until_it_is_taken_away(studio: Open, first: Made) -> None:
    root, sheet, report = first
    visit, exif = studio(root), Image.Exif()
    exif[0x010E] = "taken at home"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = sent(exif=exif, icc_profile=profile)
    made = drop(visit, sheet, data, "C:\\private\\retouched.jpg").json()
    assert (made["file"], made["other"]) == ("retouched.jpg", False)
    kept = visit.client.app.state.campaign.store.read(made["sha256"])
    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.format, picture.size, picture.info["icc_profile"]) == ("PNG", (SIDE, SIDE), profile)
        assert not picture.getexif()
    assert b"taken at home" in data
    assert b"taken at home" not in kept
    assert "retouched.jpg stands for it." in visit.get(f"{sheet}/picture").text
    drawn = Image.open(io.BytesIO(visit.get(f"{sheet}/branch/{made['branch']}").content)).convert("RGB")
    assert max(drawn.resize((8, 8)).getpixel((4, 2))) < 40, "it is black now"
    [line] = [line for line in visit.client.app.state.audit.lines() if line["what"] == "adopt"]
    assert (line["who"], line["file"]) == ("Mara", "retouched.jpg")
    again = run_job(root / "jobs" / "first-run.yaml", Settings(inline=True))
    assert again.assets[0].pictures[0].key == made["key"]
    assert visit.send(f"{sheet}/adopt/undo", {}).json() == {"key": report.assets[0].pictures[0].key}
    assert run_job(root / "jobs" / "first-run.yaml", Settings(inline=True)).assets[0].sha256 == report.assets[0].sha256
    assert visit.send(f"{sheet}/adopt/undo", {}).status_code == 400


@pytest.mark.parametrize(("data", "code"), [
    (b"", "picture-kind"), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture-kind"), (b"<script>", "picture-kind"),
    (sent()[:900], "picture-kind"), (b"FUJIFILMCCD-RAW" + bytes(99), "picture-kind"),
    (sent(side=512), "picture-size"),
])  # fmt: skip
def test_what_cannot_stand_for_it_is_told_and_nothing_is_kept(studio: Open, first: Made, data: bytes, code: str) -> None:
    root, sheet, _ = first
    visit = studio(root)
    before = visit.client.app.state.campaign.run("latest").journal.branches()
    answer = drop(visit, sheet, data)
    assert (answer.status_code, answer.json()["findings"][0]["code"]) == (400, code)
    assert "<_io" not in answer.text
    assert visit.client.app.state.campaign.run("latest").journal.branches() == before


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "CMYK"), ("TIFF", "CMYK"), ("GIF", "P"), ("AVIF", "RGB"), ("BMP", "RGB"), ("PNG", "1"), ("WEBP", "RGBA")],
)
def test_every_kind_that_a_row_may_name_is_taken(kind: str, mode: str) -> None:
    with Image.open(io.BytesIO(adopted_files.encoded_again(sent(kind, 40, mode), "dropped"))) as kept:
        assert (kept.format, kept.size) == ("PNG", (40, 40))
        assert kept.mode in ("RGB", "RGBA", "L")
        assert max(kept.convert("RGB").getpixel((20, 20))) in (range(200, 256) if mode == "CMYK" else range(40))


def test_a_file_or_picture_that_is_too_large_is_not_taken(studio: Open, first: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    root, sheet, _ = first
    visit = studio(root)
    monkeypatch.setattr(adopted_files, "MOST_PIXELS", SIDE * SIDE - 1)
    assert drop(visit, sheet, sent()).json()["findings"][0]["code"] == "picture-size"
    monkeypatch.setattr(adopted_files, "MOST_BYTES", 1000)
    assert "more than" in drop(visit, sheet, sent()).json()["findings"][0]["message"]


def test_only_who_may_decide_and_only_from_the_page(studio: Open, first: Made) -> None:
    root, sheet, _ = first
    owner = studio(root)
    guest = studio(root, f"/?link={owner.client.app.state.keys.signed(Visitor('Ann', 'comment', 4_000_000_000))}", owner.client.app)
    assert drop(guest, sheet, sent()).status_code == 403
    assert drop(owner, sheet, sent(), **{"x-csrf": "guessed"}).status_code == 403
    assert 'id="adopt-file"' not in guest.get(f"{sheet}/picture").text
