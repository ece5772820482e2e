"""What a file says of itself: identifiers, Trapped, Info and XMP that agree, intent and standard (ISO 15930-7)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

import pikepdf
from pikepdf.models.metadata import PdfMetadata, decode_pdf_date, encode_pdf_date

from pressrun.readers.press_pdf.identified import SAME
from pressrun.readers.press_pdf.repairs.repair import Done, Left, Patient, Repair
from pressrun.readers.press_pdf.structure import CUT_IN_PRINT, SHOWN_AREAS, WHOLE_AREAS

# Where XMP has what Info has.
NAMES = {"Title": "dc:title", "CreationDate": "xmp:CreateDate", "ModDate": "xmp:ModifyDate",
         "Creator": "xmp:CreatorTool", "Producer": "pdf:Producer", "Trapped": "pdf:Trapped"}  # fmt: skip
assert NAMES.keys() == SAME.keys()
TOLD = ("Title", "CreationDate", "ModDate")
IDS = ("DocumentID", "VersionID", "RenditionClass")
PDFX = "http://www.npes.org/pdfx/ns/id/"
X4 = "PDF/X-4"
TRUE, FALSE = pikepdf.Name("/True"), pikepdf.Name("/False")


def mended_identity(patient: Patient) -> Done:
    """Everything that may be said of any file without knowing more of it."""
    yield from _trapped(patient)
    yield from _shown_areas(patient)
    yield from _metadata(patient)
    if not patient.file.identification.has_id:
        own = pikepdf.String(bytes.fromhex(patient.digest[:32]))
        patient.pdf.trailer["/ID"] = pikepdf.Array([own, own])
        yield Repair("no-file-id", "an identifier (/ID) of two parts")


def _trapped(patient: Patient) -> Done:
    info = _info(patient.pdf)
    said = info.get("/Trapped")
    if said in (TRUE, FALSE):
        return
    is_trapped = said is not None and str(said).lstrip("/").casefold() == "true"
    info["/Trapped"] = TRUE if is_trapped else FALSE
    yield Repair("trapped-unknown", f"Trapped is {'True' if is_trapped else 'False'}")


def _shown_areas(patient: Patient) -> Done:
    """Programs are asked for no less than the bleed."""
    if CUT_IN_PRINT not in patient.file.forbidden:
        return
    shown = patient.pdf.Root["/ViewerPreferences"]
    less = [area for area in SHOWN_AREAS if area in shown and str(shown[area])[1:] not in WHOLE_AREAS]
    for area in less:
        del shown[area]
    named = ", ".join(area[1:] for area in less)
    yield Repair("print-area", f"{named} taken out of the viewer preferences, so that the bleed is printed")


def _metadata(patient: Patient) -> Done:
    pdf, known, info = patient.pdf, patient.file.identification, _info(patient.pdf)
    for key in ("CreationDate", "ModDate"):
        if not known.info.get(key) and not known.xmp.get(SAME[key]):
            info[f"/{key}"] = pikepdf.String(patient.date)
    broken = bool(known.xmp_fault)
    if broken:
        del pdf.Root["/Metadata"]
    missing = [key for key in IDS if broken or not known.xmp.get(key)]
    differing = [] if broken else list(known.differences())
    untold: list[str] = []
    with _xmp(pdf) as xmp:
        for key, name in NAMES.items():
            if xmp.get(name):
                if key != "Trapped":
                    _say(info, key, xmp[name])
            elif f"/{key}" in info or key == "Title":
                xmp[name] = _plain(info, key) or "untitled"
                untold += [name] if key in TOLD else []
        xmp["pdf:Trapped"] = str(info["/Trapped"])[1:]
        _say(info, "Title", xmp["dc:title"])
        for name, value in (
            ("xmp:MetadataDate", xmp.get("xmp:ModifyDate")), ("xmpMM:RenditionClass", "default"),
            ("xmpMM:DocumentID", f"uuid:{uuid.UUID(patient.digest[:32])}"), ("xmpMM:VersionID", "1"),
        ):  # fmt: skip
            if value and not xmp.get(name):
                xmp[name] = value
    if broken or not known.has_xmp:
        yield Repair("no-metadata", "XMP that says what Info says")
    else:
        if missing:
            yield Repair("no-document-id", f"{', '.join(missing)} in the XMP")
        if untold:
            yield Repair("no-title-or-dates", f"{', '.join(untold)} in the XMP")
    if differing := [key for key in differing if key != "Trapped"]:
        yield Repair("metadata-differs", f"Info says of {', '.join(differing)} what the XMP says")


def _plain(info: Any, key: str) -> str:
    said = str(info.get(f"/{key}", ""))
    try:
        return decode_pdf_date(said).isoformat() if key.endswith("Date") else said
    except ValueError:
        return ""


def _say(info: Any, key: str, value: Any) -> None:
    """Info follows XMP, which readers of PDF/X believe."""
    if isinstance(value, str):
        with suppress(ValueError):  # no date; what Info says stands
            date = encode_pdf_date(datetime.fromisoformat(value)) if key.endswith("Date") else value
            info[f"/{key}"] = pikepdf.String(date)


def identified(patient: Patient) -> Done:
    """An output intent and the name of the standard, for a file whose content keeps it already."""
    pdf, condition = patient.pdf, patient.condition
    if not patient.file.intents:
        if condition is None:
            yield Left("no output intent says which printing condition the inks are for", "name it with --condition")
            return
        profile = pikepdf.Stream(pdf, condition.profile, N=4)
        intent = pikepdf.Dictionary(
            Type=pikepdf.Name.OutputIntent, S=pikepdf.Name.GTS_PDFX, Info=pikepdf.String(condition.words),
            OutputConditionIdentifier=pikepdf.String(condition.registered or "Custom"),
            DestOutputProfile=pdf.make_indirect(profile),
        )  # fmt: skip
        if condition.registered:
            intent["/RegistryName"] = pikepdf.String("http://www.color.org")
        others = pdf.Root.get("/OutputIntents")
        pdf.Root["/OutputIntents"] = pikepdf.Array([*(others if isinstance(others, pikepdf.Array) else ()), intent])
        yield Repair("no-output-intent", f"an output intent for {condition.words}")
    if not any(claim.startswith("PDF/X") for claim in patient.file.identification.claims):
        _info(pdf)["/GTS_PDFXVersion"] = pikepdf.String(X4)
        with _xmp(pdf) as xmp:
            xmp["pdfxid:GTS_PDFXVersion"] = X4
        yield Repair("no-standard", f"the name of the standard, {X4}, which its content keeps")


@contextmanager
def _xmp(pdf: pikepdf.Pdf) -> Iterator[PdfMetadata]:
    PdfMetadata.register_xml_namespace(PDFX, "pdfxid")
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        yield xmp
    stream = pdf.Root["/Metadata"]
    stream.write(stream.read_bytes())  # unpacked, as PDF/X wants it


def _info(pdf: pikepdf.Pdf) -> Any:
    if not isinstance(pdf.trailer.get("/Info"), pikepdf.Dictionary):
        pdf.trailer["/Info"] = pdf.make_indirect(pikepdf.Dictionary())
    return pdf.trailer["/Info"]
