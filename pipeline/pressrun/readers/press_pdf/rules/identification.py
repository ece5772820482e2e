"""What a file says of itself (ISO 15930-7)."""

from __future__ import annotations

from collections.abc import Iterator

from pressrun.readers.press_pdf.facts import PressFile
from pressrun.readers.press_pdf.limits import PressLimits
from pressrun.readers.press_pdf.rules.rule import ERROR, NOTE, WARNING, Fault, file_rule
from pressrun.readers.press_pdf.structure import ARCHIVE_INTENT

CHANCE = "colours as the printer's own defaults have them, which may be warmer, duller or darker"
NEWEST = {
    "PDF/X-1a:2001": "1.3", "PDF/X-3:2002": "1.3", "PDF/X-1a:2003": "1.4", "PDF/X-3:2003": "1.4", "PDF/X-4": "1.6",
    "PDF/X-4p": "1.6",
}  # fmt: skip
KNOWN = NEWEST.keys() | {
    "PDF/X-1:1999", "PDF/X-1:2001", "PDF/X-1a:1999", "PDF/X-2:2003", "PDF/X-5g", "PDF/X-5n", "PDF/X-5pg", "PDF/X-6",
    "PDF/X-6n", "PDF/X-6p",
}  # fmt: skip
BY_INFO = ("PDF/X-1", "PDF/X-2", "PDF/X-3")
TOLD_IN_INFO = ("Title", "CreationDate", "ModDate")
TOLD_IN_XMP = ("title", "CreateDate", "ModifyDate", "MetadataDate")
DOCUMENT_IDS = ("DocumentID", "VersionID", "RenditionClass")


@file_rule("no-output-intent", ERROR, clause="ISO 15930-7, output intents", paper=CHANCE)
def no_output_intent(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    if not file.intents:
        hint = "export as PDF/X with the profile of the printing condition"
        yield Fault("no output intent says which printing condition the inks are for", hint)


@file_rule("wrong-output-intent", ERROR, clause="ISO 15930-7, output intents; ICC.1, 7.2.5", paper=CHANCE)
def wrong_output_intent(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    for intent in file.intents:
        if not intent.is_embedded:
            if not intent.is_registered:
                yield Fault("the output intent has neither a profile nor a registered condition", "embed the profile")
        elif intent.components != 4:
            kind = {1: "gray", 3: "RGB"}.get(intent.components, "broken")
            yield Fault(f"the output intent's profile is {kind}, not CMYK")
        elif intent.kind != "prtr":
            yield Fault(f"the output intent's profile is of the class '{intent.kind}', not that of printers, 'prtr'")
        elif intent.n != intent.components:
            yield Fault(f"the output intent says that its profile has {intent.n} inks; it has {intent.components}")


@file_rule("several-output-intents", ERROR, clause="ISO 15930-7, output intents", paper=CHANCE)
def several_output_intents(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    if len(file.intents) > 1:
        yield Fault(f"{len(file.intents)} output intents; a printer needs one")
    if "output intent of a page" in file.forbidden:
        yield Fault("pages have output intents of their own; a printer needs one for all")


@file_rule("no-condition-name", WARNING, clause="ISO 15930-7, output intents", paper="a proof made for another paper")
def no_condition_name(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    if any(not intent.identifier.strip() for intent in file.intents):
        yield Fault("the output intent does not name its printing condition", "set its OutputConditionIdentifier")


@file_rule("no-standard", NOTE, clause="ISO 15930-7, identification", paper="nothing by itself")
def no_standard(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    if not any(claim.startswith("PDF/X") for claim in file.identification.claims):
        yield Fault("the file does not say that it is PDF/X")


@file_rule("standards-disagree", WARNING, clause="ISO 15930-7, identification", paper="nothing by itself")
def standards_disagree(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    claimed = [claim for claim in file.identification.claims if claim.startswith("PDF/X")]
    flavours = {claim.split(":")[0] for claim in claimed}
    if len(flavours) > 1:
        yield Fault(f"the file says that it is {' and '.join(claimed)}", "export it once more, as one of them")


@file_rule("standard-not-kept", ERROR, clause="ISO 15930-1, -3, -4, -6 and -7: the PDF version that each is built on",
           paper="what the older reader does not know is left out")  # fmt: skip
def standard_not_kept(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    for claim in () if file.is_encrypted else file.identification.claims:
        newest = NEWEST.get(claim)
        if newest and _number(file.version) > _number(newest):
            yield Fault(f"the file says that it is {claim}, which ends at PDF {newest}, and is PDF {file.version}")
        for what in _breaks(claim, file):
            yield Fault(f"the file says that it is {claim}, and {what}", severity=None if claim in KNOWN else WARNING)


def _breaks(claim: str, file: PressFile) -> Iterator[str]:
    """What of a file its standard does not know."""
    flat = claim.startswith(("PDF/X-1", "PDF/X-2", "PDF/X-3", "PDF/A-1"))
    if flat and any(page.has_transparency for page in file.pages):
        yield "has transparency"
    spaces = {space.ground for page in file.pages for space in page.spaces}
    if claim.startswith("PDF/X-1") and any(space.is_rgb or space.kind == "ICCBased" for space in spaces):
        yield "has colours that are neither CMYK nor spots"
    by_device = any(space.kind in ("DeviceCMYK", "DeviceRGB") for space in spaces)
    if claim.startswith("PDF/A") and by_device and ARCHIVE_INTENT not in file.forbidden:
        yield "has no output intent for that"


@file_rule("unknown-standard", WARNING, clause="ISO 15930-7, identification", paper="nothing by itself")
def unknown_standard(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    for claim in file.identification.claims:
        if not claim.startswith("PDF/A") and claim not in KNOWN:
            yield Fault(f"the file says that it is '{claim}', which is no standard", "export it again as PDF/X-4")


@file_rule(
    "metadata-differs",
    NOTE,
    clause="ISO 15930-7, identification",
    paper="nothing; the job may be filed under another name",
)
def metadata_differs(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    keys = list(file.identification.differences())
    if keys:
        yield Fault(f"Info and XMP do not say the same of {', '.join(keys)}", "save it with a program that writes both")


@file_rule("no-metadata", None, clause="ISO 15930-7, identification", paper="nothing by itself")
def no_metadata(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    if file.identification.xmp_fault:
        yield Fault(f"the file's XMP cannot be read: {file.identification.xmp_fault}")
    elif not file.identification.has_xmp:
        yield Fault("the file has no XMP")
    elif file.identification.xmp_is_packed:
        message = "the file's XMP is packed: programs that look for it in the bytes do not find it"
        yield Fault(message, "write it as it is")


@file_rule(
    "trapped-unknown",
    None,
    clause="ISO 15930-7, identification",
    paper="white hairs between two colours, or doubled edges",
)
def trapped_unknown(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    said = file.identification.info.get("Trapped", "")
    if not file.identification.trapped_is_name:
        yield Fault("Trapped is text where a name should stand", "export it again")
    elif said not in ("True", "False"):
        yield Fault("the file does not say whether it is trapped", "set Trapped to True or False")


@file_rule(
    "no-file-id", None, clause="ISO 15930-7, file identifiers", paper="nothing; two versions of a job may be mixed up"
)
def no_file_id(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    if not file.identification.has_id:
        yield Fault("the file has no identifier (/ID) of two parts")


@file_rule(
    "no-document-id", None, clause="ISO 15930-7, identification", paper="nothing; two versions of a job may be mixed up"
)
def no_document_id(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    missing = [key for key in DOCUMENT_IDS if not file.identification.xmp.get(key)]
    if missing and file.identification.has_xmp and not file.identification.xmp_fault:
        yield Fault(f"the file's XMP has no {', '.join(missing)}")


@file_rule(
    "no-title-or-dates", None, clause="ISO 15930-7, identification", paper="nothing; the job may be filed under no name"
)
def no_title_or_dates(file: PressFile, limits: PressLimits) -> Iterator[Fault]:
    """Standards before PDF/X-4 have them in Info alone."""
    known = file.identification
    if any(claim.startswith(BY_INFO) for claim in known.claims):
        if missing := [key for key in TOLD_IN_INFO if not known.info.get(key)]:
            yield Fault(f"the file's Info has no {', '.join(missing)}")
    elif known.has_xmp and not known.xmp_fault and (missing := [key for key in TOLD_IN_XMP if not known.xmp.get(key)]):
        yield Fault(f"the file's XMP has no {', '.join(missing)}")


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
