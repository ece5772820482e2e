"""Pictures that exist: which one a master takes, and that its bytes stay as they are."""

from __future__ import annotations

import io

import pytest
from openai_samples import Shelf, picture, request
from PIL import Image

from pressrun.graphics.photos.photographs import verified
from pressrun.model.errors import PictureFailed
from pressrun.model.provenance import Pixels
from pressrun.providers.library import LibraryProvider

LIBRARY = LibraryProvider()


def test_the_bytes_stay_as_they_are() -> None:
    shelf = Shelf()
    photo = picture((300, 200), "JPEG")
    made = LIBRARY.generate(request(references=(shelf.put(photo, "p.jpg"),)), shelf.read)
    assert (made.data, verified(made.data)) == (photo, Pixels("image/jpeg", (300, 200)))
    assert (made.source_type, made.cost_usd) == ("digitalCapture", 0)
    assert dict(made.said)["file"] == "p.jpg"


def test_each_master_takes_the_picture_of_its_shape() -> None:
    shelf = Shelf()
    square, tall, wide = (shelf.put(picture(size)) for size in ((90, 90), (60, 120), (200, 100)))
    for size, chosen in (((1024, 1024), square), ((1024, 1536), tall), ((1536, 1024), wide), ((3000, 1000), wide)):
        made = LIBRARY.generate(request(size=size, references=(wide, square, tall)), shelf.read)
        assert dict(made.said)["file_sha256"] == chosen.digest
    first = LibraryProvider(choose="first", source_type="digitalArt")
    made = first.generate(request(size=(1024, 1536), references=(wide, square, tall)), shelf.read)
    assert made.data == shelf.read(wide.digest)
    assert made.source_type == "digitalArt"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_lies_on_its_side_is_turned(kind: str) -> None:
    shelf = Shelf()
    lying = Image.new("RGB", (300, 200), "white")
    lying.paste("black", (0, 0, 300, 40))
    exif = lying.getexif()
    exif[0x0112] = 6  # turn it clockwise to see it
    out = io.BytesIO()
    lying.save(out, kind, exif=exif)
    made = LIBRARY.generate(request(references=(shelf.put(out.getvalue()),)), shelf.read)
    with Image.open(io.BytesIO(made.data)) as upright:
        assert upright.size == (200, 300)
        assert upright.format == kind
        assert upright.getexif().get(0x0112, 1) == 1
        assert upright.convert("L").getpixel((190, 150)) < 60
        assert upright.convert("L").getpixel((20, 150)) > 200


def mpo() -> bytes:
    """A JPEG with a second picture behind it, as telephones write them."""
    out = io.BytesIO()
    first, second = Image.new("RGB", (300, 200), "#c04020"), Image.new("RGB", (150, 100), "black")
    first.save(out, "MPO", save_all=True, append_images=[second])
    return out.getvalue()


def test_the_first_picture_of_a_telephones_jpeg_is_taken() -> None:
    shelf = Shelf()
    made = LIBRARY.generate(request(references=(shelf.put(mpo(), "IMG_0001.jpg"),)), shelf.read)
    assert (made.data, verified(made.data)) == (mpo(), Pixels("image/jpeg", (300, 200)))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "CMYK", "I;16"])
def test_a_tiff_is_taken_as_a_png(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (300, 200)).save(out, "TIFF")
    shelf = Shelf()
    made = LIBRARY.generate(request(references=(shelf.put(out.getvalue(), "scan.tif"),)), shelf.read)
    assert verified(made.data) == Pixels("image/png", (300, 200))
    with Image.open(io.BytesIO(made.data)) as picture:
        assert picture.format == "PNG"


def test_what_cannot_be_taken_says_why() -> None:
    shelf = Shelf()
    with pytest.raises(PictureFailed, match="no picture for this row"):
        LIBRARY.generate(request(), shelf.read)
    with pytest.raises(PictureFailed, match=r"notes\.txt is no PNG"):
        LIBRARY.generate(request(references=(shelf.put(b"text", "notes.txt"),)), shelf.read)


def test_words_change_no_key() -> None:
    shelf = Shelf()
    photo = shelf.put(picture())
    asked = request("one", references=(photo,))
    assert LIBRARY.key(asked) == LIBRARY.key(request("two", references=(photo,), quality="high"))
    assert LIBRARY.key(asked) != LIBRARY.key(request("one", references=(shelf.put(picture((9, 9))),)))
    assert LIBRARY.quote(asked) == 0
