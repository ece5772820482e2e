"""The XMP packet that files carry: what they are, whose, and how their pictures came to be (ISO 16684-1; IPTC Photo
Metadata 2019.1; PLUS 1.2)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from xml.sax import saxutils

from pressrun.model.file_metadata import Credit, Particulars
from pressrun.model.rendering import Metadata

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"

PLUS_WORDS = "http://ns.useplus.org/ldf/vocab/"
RELEASES = ("MR-NON", "MR-LMR", "MR-UMR", "MR-NAP"), ("PR-NON", "PR-LPR", "PR-UPR", "PR-NAP")  # the worst first
_CORE = 'xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"'
_PHOTOSHOP = 'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
_RIGHTS = 'xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"'
_PLUS = 'xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"'
_SPACES = {
    "dc": "", "Iptc4xmpExt": "", "Iptc4xmpCore": f" {_CORE}", "photoshop": f" {_PHOTOSHOP}", "xmpRights": f" {_RIGHTS}",
    "plus": f" {_PLUS}",
}  # fmt: skip

_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(text: str) -> str:
    """A text without the characters that XML 1.0 cannot hold, however written: controls, surrogates, non-characters."""
    return _UNWRITABLE.sub("", text)


def packet_within(metadata: Metadata, most: int) -> bytes:
    """A packet of so many bytes at most: as much as goes into it."""
    packet = xmp_packet(metadata)
    while len(packet) > most:
        metadata = metadata.shorter
        packet = xmp_packet(metadata)
    return packet


def xmp_packet(metadata: Metadata, extra: str = "") -> bytes:
    """An XMP packet (ISO 16684-1) as UTF-8. ``extra`` is markup for further properties of the description."""
    when = dt.datetime.fromtimestamp(metadata.date, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    source = (
        f"<Iptc4xmpExt:DigitalSourceType>{SOURCE_TYPES}{_escaped(metadata.source_type)}</Iptc4xmpExt:DigitalSourceType>"
    )

    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"{alternatives('dc:title', metadata.title, metadata.locale)}"
        f"{alternatives('dc:description', metadata.description, metadata.locale)}"
        f"<dc:creator><rdf:Seq><rdf:li>{_escaped(metadata.creator)}</rdf:li></rdf:Seq></dc:creator>"
        f"<dc:language><rdf:Bag><rdf:li>{_escaped(metadata.locale)}</rdf:li></rdf:Bag></dc:language>"
        f"<xmp:CreatorTool>Pressrun</xmp:CreatorTool><xmp:CreateDate>{when}</xmp:CreateDate>"
        f"<xmp:ModifyDate>{when}</xmp:ModifyDate><xmp:MetadataDate>{when}</xmp:MetadataDate>{source}"
        f"{''.join(_of_particulars(metadata.particulars, metadata.locale))}{extra}"
        '</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
    ).encode()


def _of_particulars(said: Particulars, locale: str) -> Iterator[str]:
    """The properties of what is said; nothing of what is not."""
    yield from (alternatives(name, text, locale) for name, text in (
        ("dc:rights", said.rights),
        ("xmpRights:UsageTerms", said.usage_terms),
        ("Iptc4xmpCore:AltTextAccessibility", said.alt_text),
    ) if text)  # fmt: skip
    if said.rights or said.usage_terms:
        yield _simple("xmpRights:Marked", "True")
    yield from (_simple(name, text) for name, text in (
        ("xmpRights:WebStatement", said.rights_url),
        ("photoshop:Credit", said.credit),
        ("photoshop:City", said.city),
        ("photoshop:State", said.region),
        ("photoshop:Country", said.country),
        ("Iptc4xmpCore:Location", said.sublocation),
        ("Iptc4xmpCore:CountryCode", said.country_code),
    ) if text)  # fmt: skip
    yield from (_listed(name, kind, texts) for name, kind, texts in (
        ("dc:subject", "Bag", said.keywords),
        ("Iptc4xmpExt:PersonInImage", "Bag", said.gathered("person")),
        ("plus:ModelReleaseID", "Bag", said.gathered("model-release-id")),
        ("plus:PropertyReleaseID", "Bag", said.gathered("property-release-id")),
    ) if texts)  # fmt: skip
    for name, kinds in zip(("model-release", "property-release"), RELEASES, strict=True):
        worst = next((kind for kind in kinds if kind in said.gathered(name)), None)
        if worst:
            yield _simple(f"plus:{'Model' if name[0] == 'm' else 'Property'}ReleaseStatus", PLUS_WORDS + worst)
    if creators := said.gathered("creator"):
        named = [_simple("plus:ImageCreatorName", one) for one in creators]
        yield _listed("plus:ImageCreator", "Seq", named, structured=True)
    if said.pictures:
        works = [_work(one, locale) for one in said.pictures]
        yield _listed("Iptc4xmpExt:ArtworkOrObject", "Bag", works, structured=True)


def _work(picture: Credit, locale: str) -> str:
    """A picture that stands on the page, as the IPTC has it for works that are seen in others."""
    told = dict(picture)
    parts = [_simple(f"Iptc4xmpExt:{name}", told[key]) for key, name in (
        ("rights", "AOCopyrightNotice"), ("credit", "AOCreditLine"), ("source", "AOSource"),
    ) if key in told]  # fmt: skip
    if "creator" in told:
        parts.append(_listed("Iptc4xmpExt:AOCreator", "Seq", told["creator"].split("\n")))
    return "".join(parts)


def _simple(name: str, text: str) -> str:
    return f"<{name}{_SPACES[name.partition(':')[0]]}>{_escaped(text)}</{name}>"


def _listed(name: str, kind: str, items: Iterable[str], structured: bool = False) -> str:
    opening = '<rdf:li rdf:parseType="Resource">' if structured else "<rdf:li>"
    each = "".join(f"{opening}{item if structured else _escaped(item)}</rdf:li>" for item in items)
    return f"<{name}{_SPACES[name.partition(':')[0]]}><rdf:{kind}>{each}</rdf:{kind}></{name}>"


def alternatives(name: str, text: str, locale: str) -> str:
    """The element of a text: in its own language, which is also that of everybody else."""
    text, language = _escaped(text), saxutils.quoteattr(writable(locale))
    items = f'<rdf:li xml:lang="x-default">{text}</rdf:li><rdf:li xml:lang={language}>{text}</rdf:li>'
    return f"<{name}{_SPACES[name.partition(':')[0]]}><rdf:Alt>{items}</rdf:Alt></{name}>"


def _escaped(text: str) -> str:
    return saxutils.escape(writable(text))
