"""Whether a picture's file is whole: told by its container, without a look at its pixels."""

from __future__ import annotations

import io
import warnings
import zlib
from collections.abc import Callable, Iterator

from PIL import TiffImagePlugin

from pressrun.graphics.iso_boxes import iso_boxes
from pressrun.graphics.pixels.jpeg_frames import frame_at

_PNG, _GIF, _BMP = b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM"
_SCAN, _END = b"\xff\xda", b"\xff\xd9"  # of a JPEG; no packed pixels look like its end (ITU-T T.81, B.1.1.5)
_STRIPS, _TILES = (273, 279), (324, 325)  # of a TIFF: where they are, and their bytes
_COMPRESSION, _DEFLATED = 259, (8, 32946)
_INFLATED = 1 << 20  # bytes at a time


def may_break_off(data: bytes) -> bool:
    """Whether a file seems to end before its picture does. A few that are whole do: let a decoder have the last
    word."""
    for begins, is_cut in _KINDS:
        if begins(data):
            try:
                return is_cut(data)
            except Exception:  # what tells of its parts is missing
                return True
    return False


def _png(data: bytes) -> bool:
    return all(kind != b"IEND" for kind, _, _ in _chunks(data))


def has_wrong_sums(data: bytes) -> bool:
    """Whether something in the pixels of a PNG, or of a TIFF that deflates them, is not as it was written, by their
    checksums, of which Pillow takes no notice."""
    seen = memoryview(data)
    if _is_tiff(data):
        try:
            deflated = _parts_of_tiff(data) if _tags_of_tiff(data).get(_COMPRESSION) in _DEFLATED else ()
            return any(not _inflates(seen[at : at + size]) for at, size in deflated)
        except Exception:  # what tells of its parts is missing, which is told by that
            return False
    if not data.startswith(_PNG):
        return False
    pixels = ((at + 4, end - 4) for kind, at, end in _chunks(data) if kind == b"IDAT")
    return any(zlib.crc32(seen[at:end]) != int.from_bytes(data[end : end + 4]) for at, end in pixels)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """A PNG's chunks that are all there: the kind of each, and where it begins and ends."""
    at = len(_PNG)
    while at + 12 <= len(data):
        following = at + 12 + int.from_bytes(data[at : at + 4])
        if following > len(data):
            return
        yield data[at + 4 : at + 8], at, following
        at = following


def _jpeg(data: bytes) -> bool:
    """What stands in front of its frame may have a smaller JPEG in it."""
    scan = data.find(_SCAN, frame_at(data))
    return scan < 0 or data.find(_END, scan) < 0


def _webp(data: bytes) -> bool:
    return 8 + int.from_bytes(data[4:8], "little") > len(data)


def _inflates(packed: memoryview) -> bool:
    try:
        stream = zlib.decompressobj()
        while packed and not stream.eof:  # of a strip that may be all of a large picture
            stream.decompress(packed, _INFLATED)
            packed = memoryview(stream.unconsumed_tail)
        return stream.eof
    except zlib.error:
        return False


def _is_tiff(data: bytes) -> bool:
    return data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def _tiff(data: bytes) -> bool:
    return any(at + size > len(data) for at, size in _parts_of_tiff(data))


def _parts_of_tiff(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each strip or tile of the first picture begins, and its bytes."""
    tags = _tags_of_tiff(data)
    where, sizes = _TILES if _TILES[0] in tags else _STRIPS
    return zip(tags[where], tags[sizes], strict=True)


def _tags_of_tiff(data: bytes) -> TiffImagePlugin.ImageFileDirectory_v2:
    file = io.BytesIO(data)
    tags = TiffImagePlugin.ImageFileDirectory_v2(file.read(16 if data[2] == 43 else 8))
    file.seek(tags.next)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # which Pillow has for lists that break off
        tags.load(file)
    return tags


def _boxed(data: bytes) -> bool:
    return any(end > len(data) for _, _, end in iso_boxes(data))


_KINDS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], bool]], ...] = (
    (lambda data: data.startswith(_PNG), _png),
    (lambda data: data.startswith(b"\xff\xd8"), _jpeg),
    (lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP", _webp),
    (_is_tiff, _tiff),
    (lambda data: data[4:8] == b"ftyp", _boxed),
    (lambda data: data.startswith(_GIF), lambda data: not data.rstrip(b"\0").endswith(b";")),
    (lambda data: data.startswith(_BMP), lambda data: int.from_bytes(data[2:6], "little") > len(data)),
)
