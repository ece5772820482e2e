"""OpenDocument spreadsheets as a few lines of XML."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

TEXT = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
_KIND = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = {"office": "office", "table": "table", "text": "text", "style": "style", "number": "datastyle", "fo": "xsl-fo-compatible"}
_NUMBERS = """
<number:number-style style:name="N1"><number:number number:decimal-places="0" number:min-integer-digits="4"/></number:number-style>
<number:number-style style:name="N2"><number:number number:decimal-places="2" number:min-integer-digits="1"/></number:number-style>
<number:percentage-style style:name="N3"><number:number number:decimal-places="0" number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>
<number:time-style style:name="N4"><number:hours/><number:text>:</number:text><number:minutes number:style="long"/></number:time-style>
<number:time-style style:name="N5" number:truncate-on-overflow="false"><number:hours/></number:time-style>
<number:time-style style:name="N6"><number:seconds number:decimal-places="1"/></number:time-style>
<number:number-style style:name="N7"><number:number number:min-integer-digits="5"/></number:number-style>
"""
_OF_CELLS = {"ce1": "N1", "ce3": "N2", "ce4": "N3", "ce5": "N4", "ce6": "N5", "ce7": "N6", "ce8": "N7", "own": "own"}


def write_ods(path: Path, rows: Sequence[str], columns: str = "", styles: str = "") -> None:
    """A spreadsheet of these rows, each with its cells or, as ``table:table-row``, whole; the style ce1 has four
    digits, ce2 has them from it, ce3 has two decimal places and ce4 a percentage's none; ce5 is a time, ce6 a duration,
    and ce7 has tenths of seconds; ce8 has five digits, and says nothing of decimals. Of ``styles`` of numbers the one
    called "own" is that of cells with the style "own"."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"' for name, space in _SPACES.items()
    )
    written = "".join(
        row if row.startswith("<table:table-row") else f"<table:table-row>{row}</table:table-row>" for row in rows
    )
    cells = "".join(
        f'<style:style style:name="{name}" style:family="table-cell" style:data-style-name="{number}"/>'
        for name, number in _OF_CELLS.items()
    )
    cells += '<style:style style:name="ce2" style:family="table-cell" style:parent-style-name="ce1"/>'
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{_NUMBERS}{styles}{cells}</office:automatic-styles>"
        f'<office:body><office:spreadsheet><table:table table:name="Products">{columns}{written}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{_KIND}"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w") as packed:
        for name, said in (("mimetype", _KIND), ("META-INF/manifest.xml", manifest), ("content.xml", content)):
            packed.writestr(name, said)
