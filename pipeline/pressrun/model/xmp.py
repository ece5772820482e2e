"""The XMP packet that files carry: title, description, and how their pictures came to be."""

from __future__ import annotations

import datetime as dt
import re
from xml.sax import saxutils

from pressrun.model.rendering import Metadata

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"

_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(text: str) -> str:
    """A text without the characters that XML 1.0 cannot hold, however written: controls, surrogates, non-characters."""
    return _UNWRITABLE.sub("", text)


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
        f"{alternatives('title', metadata.title, metadata.locale)}"
        f"{alternatives('description', metadata.description, metadata.locale)}"
        f"<dc:creator><rdf:Seq><rdf:li>{_escaped(metadata.creator)}</rdf:li></rdf:Seq></dc:creator>"
        f"<dc:language><rdf:Bag><rdf:li>{_escaped(metadata.locale)}</rdf:li></rdf:Bag></dc:language>"
        f"<xmp:CreatorTool>Pressrun</xmp:CreatorTool><xmp:CreateDate>{when}</xmp:CreateDate>"
        f"<xmp:ModifyDate>{when}</xmp:ModifyDate><xmp:MetadataDate>{when}</xmp:MetadataDate>{source}{extra}"
        '</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
    ).encode()


def alternatives(name: str, text: str, locale: str) -> str:
    """The element of a text: in its own language, which is also that of everybody else."""
    text, language = _escaped(text), saxutils.quoteattr(writable(locale))
    items = f'<rdf:li xml:lang="x-default">{text}</rdf:li><rdf:li xml:lang={language}>{text}</rdf:li>'
    return f"<dc:{name}><rdf:Alt>{items}</rdf:Alt></dc:{name}>"


def _escaped(text: str) -> str:
    return saxutils.escape(writable(text))
