"""Workbooks (Office Open XML) as a few lines of XML: what Excel, Google and others write, part by part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
</Types>"""  # fmt: skip
# Styles by number: plain, five digits, a percentage (built in), a date, a duration, a text.
FORMATS = (0, 164, 10, 14, 46, 49)


def workbook(
    rows: Sequence[str], *, shared: Sequence[str] = (), merged: Sequence[str] = (), epoch_1904: bool = False,
    sheets: Sequence[tuple[str, str]] = (("Products", "visible"),), prefix: str = "", formats: Sequence[int] = FORMATS,
    digits: str = "00000",
) -> bytes:  # fmt: skip
    """A workbook whose last sheet has these rows (the XML of their cells), and whose others have a cell each."""
    out = io.BytesIO()
    p = f"{prefix}:" if prefix else ""
    main = MAIN.replace("xmlns=", f"xmlns:{prefix}=") if prefix else MAIN
    named = "".join(
        f'<{p}sheet name="{name}" sheetId="{at}" state="{state}" r:id="rId{at}"/>'
        for at, (name, state) in enumerate(sheets, 1)
    )
    targets = "".join(
        f'<Relationship Id="rId{at}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    targets += f'<Relationship Id="s" Type="{RELATIONS}/styles" Target="styles.xml"/>'
    targets += f'<Relationship Id="t" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    data = "".join(f'<{p}row r="{at}">{cells}</{p}row>' for at, cells in enumerate(rows, 1))
    spans = f'<{p}mergeCells count="{len(merged)}">' + "".join(f'<{p}mergeCell ref="{one}"/>' for one in merged)
    spans = f"{spans}</{p}mergeCells>" if merged else ""
    styles = "".join(f'<xf numFmtId="{format}"/>' for format in formats)
    properties = f'<{p}workbookPr date1904="1"/>' if epoch_1904 else ""
    other = f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'
    packages = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{packages}"><Relationship Id="r" Type="{RELATIONS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<{p}workbook {main} xmlns:r="{RELATIONS}">{properties}<{p}sheets>{named}</{p}sheets>'
        f"</{p}workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packages}">{targets}</Relationships>',
        "xl/styles.xml": f'<styleSheet {MAIN}><numFmts count="1"><numFmt numFmtId="164" formatCode={quoteattr(digits)}/></numFmts>'
        f"<cellXfs>{styles}</cellXfs></styleSheet>",
        "xl/sharedStrings.xml": f"<sst {MAIN}>{''.join(f'<si><t>{text}</t></si>' for text in shared)}</sst>",
        **{f"xl/worksheets/sheet{at}.xml": other for at in range(1, len(sheets))},
        f"xl/worksheets/sheet{len(sheets)}.xml": f"<{p}worksheet {main}><{p}sheetData>{data}</{p}sheetData>{spans}"
        f"</{p}worksheet>",
    }  # fmt: skip
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return out.getvalue()


def inline(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


def number(at: str, value: str, style: int = 0) -> str:
    return f'<c r="{at}" s="{style}"><v>{value}</v></c>'
