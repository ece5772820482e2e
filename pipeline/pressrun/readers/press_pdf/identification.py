"""What a file says of itself: the standards that it claims, its Info dictionary and its XMP, its identifiers."""

from __future__ import annotations

from xml.etree import ElementTree

import pikepdf

from pressrun.readers.press_pdf.budget import Budget
from pressrun.readers.press_pdf.facts import Object
from pressrun.readers.press_pdf.identified import Identification
from pressrun.readers.press_pdf.keys import Keys
from pressrun.readers.press_pdf.streams import filters_of, unpacked

LONGEST_XMP = 4_000_000  # bytes
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def read_identification(pdf: pikepdf.Pdf, keys: Keys, budget: Budget) -> Identification:
    info = keys.dictionary(pdf.trailer, "/Info")
    said = {key[1:]: _plain(info.get(key)) for key in sorted(info.keys()) if _is_plain(info.get(key))}
    packet = keys.stream(pdf.Root, "/Metadata")
    xmp, fault = ({}, "") if packet is None else _properties(unpacked(packet, budget))
    claims = [xmp.get("GTS_PDFXVersion", ""), said.get("GTS_PDFXVersion", "")]
    claims.append(said.get("GTS_PDFXConformance", ""))
    if "part" in xmp:
        claims.append(f"PDF/A-{xmp['part']}{xmp.get('conformance', '').lower()}")
    written = keys.list(pdf.trailer, "/ID")
    return Identification(
        info=said,
        xmp=xmp,
        has_xmp=packet is not None,
        xmp_fault=fault,
        xmp_is_packed=packet is not None and bool(filters_of(packet)),
        has_id=len(written) == 2 and all(isinstance(one, pikepdf.String) and len(bytes(one)) for one in written),
        trapped_is_name="/Trapped" not in info or isinstance(info.get("/Trapped"), pikepdf.Name),
        claims=tuple(dict.fromkeys(claim for claim in claims if claim)),
    )


def _properties(packet: bytes) -> tuple[dict[str, str], str]:
    """The simple properties of a packet, by their local names, and why it cannot be read."""
    if len(packet) > LONGEST_XMP:
        return {}, "it is longer than any sound packet"
    try:
        root = ElementTree.fromstring(packet.strip(b"\0 \r\n\t"))
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        return {}, f"it is no XML: {str(error).splitlines()[0]}"
    found: dict[str, str] = {}
    for description in root.iter(f"{_RDF}Description"):
        for name, value in description.attrib.items():
            found.setdefault(_local(name), value)
        for child in description:
            item = next(child.iter(f"{_RDF}li"), child)
            found.setdefault(_local(child.tag), (item.text or "").strip())
    return found, ""


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _is_plain(value: Object) -> bool:
    return isinstance(value, pikepdf.String | pikepdf.Name)


def _plain(value: Object) -> str:
    return str(value).removeprefix("/") if isinstance(value, pikepdf.Name) else str(value)
