"""What a picture says of itself, for a file that is made of it: who took it, who may use it, what it shows and where.

What was true of its pixels alone (their number, which way up they lie, regions, gain maps, thumbnails) is left out.
"""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator

from msgspec import Struct
from PIL import ExifTags, Image

from pressrun.graphics.photos.heic import is_heic, told_in
from pressrun.graphics.photos.photo_credits import PROPERTIES, credit_of, texts_of_iim
from pressrun.graphics.photos.photo_xmp import xmp_in, xmp_of
from pressrun.model.xmp import PLUS_WORDS, writable

MOST_OF_A_JPEG = 65_502  # bytes of a packet in its one segment
_RDF, _DC = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}", "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP, _XMP = "{http://ns.adobe.com/photoshop/1.0/}", "{http://ns.adobe.com/xap/1.0/}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_OF_PIXELS = (
    "{http://ns.adobe.com/tiff/1.0/}", "{http://ns.adobe.com/hdr-gain-map/1.0/}", "{http://ns.adobe.com/xmp/note/}",
    "{http://ns.apple.com/HDRGainMap/1.0/}", "{http://www.metadataworkinggroup.com/schemas/regions/}",
    "{http://ns.microsoft.com/photo/1.2/}", "{http://ns.google.com/photos/1.0/", "{http://ns.adobe.com/camera-raw-settings/1.0/}",
    f"{_XMP}Thumbnails", f"{_PHOTOSHOP}ColorMode", f"{_PHOTOSHOP}ICCProfile",
    "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}ImageRegion", "{http://ns.adobe.com/exif/1.0/}Pixel",
    "{http://ns.adobe.com/exif/1.0/}ColorSpace",
)  # fmt: skip
# IIM's datasets (IPTC-IIM 4.2) that credits have no name for, as XMP has them.
_MORE = {
    5: f"{_DC}title", 25: f"{_DC}subject", 90: f"{_PHOTOSHOP}City", 95: f"{_PHOTOSHOP}State",
    101: f"{_PHOTOSHOP}Country", 105: f"{_PHOTOSHOP}Headline", 120: f"{_DC}description",
}  # fmt: skip
_KINDS = {
    f"{_DC}creator": "Seq", f"{_DC}subject": "Bag", f"{_DC}title": "Alt", f"{_DC}description": "Alt",
    f"{_DC}rights": "Alt", "{http://ns.adobe.com/xap/1.0/rights/}UsageTerms": "Alt",
}  # fmt: skip
_PREFIXES = {
    "x": "adobe:ns:meta/", "rdf": _RDF, "dc": _DC, "photoshop": _PHOTOSHOP, "xmp": _XMP,
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/", "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
}  # fmt: skip
for _prefix, _space in _PREFIXES.items():
    ElementTree.register_namespace(_prefix, _space.strip("{}"))


class CarriedWords(Struct, frozen=True):
    """An XMP packet, and Exif with artist and copyright as many programs read them first; empty where nothing is
    said."""

    xmp: bytes = b""
    exif: bytes = b""


SAYS_NOTHING = CarriedWords()


def carried_words(data: bytes) -> CarriedWords:
    """What a file says. Of a packet that no JPEG could hold whose it is, and who agreed to it, is kept."""
    credit = dict(credit_of(data))
    root, more = _told(data)
    properties = {PROPERTIES[name]: _as_written(name, text) for name, text in credit.items()} | more
    packet = _packet(root, properties)
    if len(packet) > MOST_OF_A_JPEG:
        packet = _packet(None, properties)
    exif = Image.Exif()
    for name, tag in (("creator", ExifTags.Base.Artist), ("rights", ExifTags.Base.Copyright)):
        if text := credit.get(name):
            exif[tag] = "; ".join(text.split("\n")).encode()
    return CarriedWords(packet if len(packet) <= MOST_OF_A_JPEG else b"", exif.tobytes() if len(exif) else b"")


def _told(data: bytes) -> tuple[ElementTree.Element | None, dict[str, list[str]]]:
    """Its packet, and what its IIM has."""
    try:
        if is_heic(data):
            return xmp_in(told_in(data)[1]), {}
        with Image.open(io.BytesIO(data)) as picture:
            more = {key: list(texts) for number, key in _MORE.items() if (texts := texts_of_iim(picture, number))}
            return xmp_of(picture), more
    except Exception:  # what is no picture is told elsewhere; Pillow's readers raise many kinds
        return None, {}


def _as_written(name: str, text: str) -> list[str]:
    return [f"{PLUS_WORDS}{one}" if name.endswith("-release") else one for one in text.split("\n")]


def _packet(root: ElementTree.Element | None, properties: dict[str, list[str]]) -> bytes:
    """The packet without what was true of pixels, and with what it lacks; empty where it says nothing."""
    if root is None or next(root.iter(f"{_RDF}Description"), None) is None:
        root = ElementTree.Element("{adobe:ns:meta/}xmpmeta")
        rdf = ElementTree.SubElement(root, f"{_RDF}RDF")
        ElementTree.SubElement(rdf, f"{_RDF}Description", {f"{_RDF}about": ""})
    descriptions = list(_descriptions(root))
    said: set[str] = set()
    for one in descriptions:
        for key in [key for key in one.attrib if key.startswith(_OF_PIXELS)]:
            del one.attrib[key]
        for element in [element for element in one if element.tag.startswith(_OF_PIXELS)]:
            one.remove(element)
        said |= {*one.attrib, *(element.tag for element in one)}
    for key, texts in properties.items():
        if key not in said:
            _add(descriptions[0], key, texts)
    if not properties and said <= {f"{_RDF}about"}:
        return b""
    xml = ElementTree.tostring(root, encoding="unicode")
    return f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n{xml}\n<?xpacket end="w"?>'.encode()


def _descriptions(root: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Those of the picture itself; one within a property is a structure's."""
    for rdf in root.iter(f"{_RDF}RDF"):
        yield from rdf.findall(f"{_RDF}Description")


def _add(description: ElementTree.Element, key: str, texts: Iterable[str]) -> None:
    element = ElementTree.SubElement(description, key)
    words = [writable(text) for text in texts]
    kind = _KINDS.get(key) or ("Bag" if len(words) > 1 or key.endswith(("ReleaseID", "PersonInImage")) else "")
    if not kind:
        element.text = words[0]
        return
    listed = ElementTree.SubElement(element, f"{_RDF}{kind}")
    for text in words[:1] if kind == "Alt" else words:
        item = ElementTree.SubElement(listed, f"{_RDF}li", {_LANGUAGE: "x-default"} if kind == "Alt" else {})
        item.text = text
