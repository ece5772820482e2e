"""Whose a photograph is, and who agreed to it: what it carries as XMP (IPTC Photo Metadata 2019.1, PLUS 1.2), else as
IIM, else as Exif."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

from PIL import ExifTags, Image, ImageFile, IptcImagePlugin

from pressrun.graphics.photos.heic import is_heic, told_in
from pressrun.graphics.photos.photo_xmp import xmp_in, xmp_of
from pressrun.model.file_metadata import CREDIT_NAMES, Credit

LONGEST, MOST = 500, 20  # characters of a text, and texts of a name
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DC, _PHOTOSHOP = "{http://purl.org/dc/elements/1.1/}", "{http://ns.adobe.com/photoshop/1.0/}"
_RIGHTS, _PLUS = "{http://ns.adobe.com/xap/1.0/rights/}", "{http://ns.useplus.org/ldf/xmp/1.0/}"
_IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
PROPERTIES = {
    "creator": f"{_DC}creator", "credit": f"{_PHOTOSHOP}Credit", "rights": f"{_DC}rights",
    "usage-terms": f"{_RIGHTS}UsageTerms", "rights-url": f"{_RIGHTS}WebStatement", "source": f"{_PHOTOSHOP}Source",
    "model-release": f"{_PLUS}ModelReleaseStatus", "model-release-id": f"{_PLUS}ModelReleaseID",
    "property-release": f"{_PLUS}PropertyReleaseStatus", "property-release-id": f"{_PLUS}PropertyReleaseID",
    "person": f"{_IPTC}PersonInImage",
}  # fmt: skip
_IIM = {"creator": 80, "credit": 110, "source": 115, "rights": 116}
_EXIF = {"creator": ExifTags.Base.Artist, "rights": ExifTags.Base.Copyright}


def credit_of(data: bytes) -> Credit:
    """What a picture says of its creator, licence and releases; nothing where it says nothing, or is none."""
    try:
        if is_heic(data):
            exif, packet = Image.Exif(), told_in(data)
            exif.load(packet[0])
            found = {**_from_exif(exif), **_from_xmp(xmp_in(packet[1]))}
        else:
            with Image.open(io.BytesIO(data)) as picture:
                found = {**_from_exif(picture.getexif()), **_from_iim(picture), **_from_xmp(xmp_of(picture))}
    except Exception:  # what is no picture is told elsewhere; Pillow's readers raise many kinds
        return ()
    return tuple((name, found[name]) for name in CREDIT_NAMES if found.get(name))


def _from_xmp(root: ElementTree.Element | None) -> dict[str, str]:
    if root is None:
        return {}
    found: dict[str, list[str]] = {}
    for description in root.iter(f"{_RDF}Description"):
        for name, key in PROPERTIES.items():
            if text := description.get(key):
                found.setdefault(name, []).append(text)
            for one in description.findall(key):
                found.setdefault(name, []).extend(_texts_of(one))
    return {name: _told(word.rpartition("/")[2] if name.endswith("-release") else word for word in words)
            for name, words in found.items()}  # fmt: skip


def _texts_of(element: ElementTree.Element) -> list[str]:
    """Its items, of alternatives that for everybody."""
    items = list(element.iter(f"{_RDF}li"))
    if not items:
        return [element.text or element.get(f"{_RDF}resource") or ""]
    if element.find(f"{_RDF}Alt") is not None:
        items = [one for one in items if one.get(_LANGUAGE) == "x-default"][:1] or items[:1]
    return [one.text or "" for one in items]


def _from_iim(picture: Image.Image) -> dict[str, str]:
    found = {name: _told(texts_of_iim(picture, number)) for name, number in _IIM.items()}
    return {name: text for name, text in found.items() if text}


def texts_of_iim(picture: Image.Image, number: int) -> list[str]:
    """What its IIM has in a dataset of the second record. Raises what Pillow does."""
    info = (isinstance(picture, ImageFile.ImageFile) and IptcImagePlugin.getiptcinfo(picture)) or {}
    said = info.get((2, number)) or []
    return [_decoded(one) for one in (said if isinstance(said, list) else [said])]


def _decoded(data: bytes) -> str:
    """As it looks: many write UTF-8 without a word, others what their system has."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _from_exif(exif: Image.Exif) -> dict[str, str]:
    # Pillow reads what should be ASCII as Latin-1.
    found = {name: str(exif.get(tag, "")).encode("latin-1", "ignore") for name, tag in _EXIF.items()}
    return {name: told for name, text in found.items() if (told := _told([_decoded(text.split(b"\0")[0])]))}


def _told(texts: Iterator[str] | list[str]) -> str:
    each = (" ".join(text.replace("\0", " ").split())[:LONGEST] for text in texts)
    return "\n".join(list(dict.fromkeys(filter(None, each)))[:MOST])
