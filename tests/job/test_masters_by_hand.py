"""Masters taken out, retouched or enlarged by hand, and put back; photographs that cameras stored lying down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from job_campaign import Campaign, Ended
from PIL import ExifTags, Image
from takes_kit import journal, line, picture_of, pixels
from test_existing_assets import with_library

Say = Callable[..., Ended]
POST = "MUG/en-GB/post-1.png"


def lying(path: Path, size: tuple[int, int]) -> Path:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it clockwise to see it
    picture = Image.linear_gradient("L").convert("RGB").resize(size)
    picture.save(path, exif=exif)
    return path


def test_a_master_is_written_as_it_came_and_goes_back_enlarged(takes: Campaign, say: Say) -> None:
    said = say(takes, "picture", POST, "master.png")
    assert said.code == 0
    assert "96 x 96 px" in said.out
    assert f"pressrun adopt {POST} master.png" in said.out
    key = picture_of(takes, POST)
    with journal(takes) as opened:
        digest = opened.lookup([key])[key].digest
    out = takes.root / "master.png"
    assert out.read_bytes() == (takes.root / ".pressrun/objects" / digest[:2] / digest[2:]).read_bytes()
    with Image.open(out) as master:
        master.resize((384, 384)).save(takes.root / "large.png")
    assert f"Now: pressrun run {takes.job}" in say(takes, "adopt", POST, "large.png").out
    takes.run()
    assert pixels(takes, picture_of(takes, POST)).size == (384, 384)


def test_what_cannot_be_written_is_told(takes: Campaign, say: Say) -> None:
    (takes.root / "there.png").write_bytes(b"mine")
    for arguments, told in (
        ((POST, "there.png"), "use --force"), ((POST, "master.jpg"), "name the file master.png"),
        ((POST, "no/such/folder.png"), "cannot be written"), (("nothing", "a.png"), "no file and no picture"),
    ):  # fmt: skip
        ended = say(takes, "picture", *arguments)
        assert ended.code == 2
        assert told in ended.err
    assert (takes.root / "there.png").read_bytes() == b"mine"
    assert say(takes, "picture", POST, "there.png", "--force").code == 0


def test_a_retouched_master_is_adopted_the_way_up_it_is_seen(takes: Campaign, say: Say) -> None:
    hand = lying(takes.root / "hand.jpg", (96, 96))
    assert say(takes, "adopt", POST, str(hand)).code == 0
    takes.run()
    seen = pixels(takes, picture_of(takes, POST)).convert("L")
    assert seen.getpixel((90, 48)) < seen.getpixel((5, 48))  # type: ignore[operator]


def test_an_adopted_file_brings_what_it_says_of_itself(takes: Campaign, say: Say) -> None:
    """And keeps of the picture that it stands for what it does not say itself."""
    exif, names = Image.Exif(), []
    for artist in ("Ada Berg", None):
        exif[ExifTags.Base.Copyright] = "Studio Nord"
        if artist:
            exif[ExifTags.Base.Artist] = artist
        else:
            del exif[ExifTags.Base.Artist]
        file = takes.root / f"by-{artist}.jpg"
        Image.linear_gradient("L").convert("RGB").resize((96, 96)).save(file, exif=exif)
        assert say(takes, "adopt", POST, str(file)).code == 0
        takes.run()
        key = picture_of(takes, POST)
        with journal(takes) as opened:
            told = opened.lookup([key])[key].facts["facts"]
        names.append((told["creator"], told["rights"], told["file"]))
    assert names == [("Ada Berg", "Studio Nord", f"by-{one}.jpg") for one in ("Ada Berg", None)]


def test_a_librarys_picture_is_placed_the_way_up_it_is_seen(fresh: Campaign) -> None:
    with_library(fresh, "picture,product,slot", "lying.jpg,MUG,hero")
    lying(fresh.root / "jobs/library/lying.jpg", (96, 144))
    fresh.run()
    seen = pixels(fresh, line(fresh, "MUG/en-GB/post.png")["pictures"][0]["key"])
    assert seen.size == (144, 96)


def test_a_branch_is_chosen_in_every_shape(takes: Campaign, say: Say) -> None:
    assert say(takes, "fork", POST, "snow", "--name", "snow", "--all-masters").code == 0
    said = say(takes, "choose", POST, "snow", "--all-masters").out
    with journal(takes) as opened:
        assert set(opened.choices().values()) == {"snow"}
        assert len(opened.choices()) == said.count("is taken from 'snow'") == len(opened.branches()) > 1
    assert f"Now: pressrun run {takes.job}" in said


@pytest.mark.parametrize(
    ("command", "told"), [("approve", "--final (in high quality), or --approved-only"), ("reject", "leaves it out")]
)
def test_a_decision_says_what_follows(takes: Campaign, say: Say, command: str, told: str) -> None:
    said = say(takes, command, POST).out
    assert f"Now: pressrun run {takes.job} " in said
    assert told in said
