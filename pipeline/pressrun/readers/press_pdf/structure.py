"""What stands in a file beside its pages: scripts and actions, attachments, and kinds of streams that PDF/X forbids."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf

from pressrun.readers.press_pdf.budget import Budget
from pressrun.readers.press_pdf.facts import Object
from pressrun.readers.press_pdf.keys import Keys
from pressrun.readers.press_pdf.streams import filters_of, is_lzw
from pressrun.readers.press_pdf.traits import LZW

_HARMLESS = ("GoTo", "URI")  # they only lead to places; a link itself is an annotation, and told as one
ARCHIVE_INTENT = "output intent of PDF/A"  # which nothing is wrong with
CUT_IN_PRINT = "less than the bleed is printed"
SHOWN_AREAS = ("/ViewArea", "/ViewClip", "/PrintArea", "/PrintClip")
WHOLE_AREAS = ("MediaBox", "BleedBox")  # what PDF/X lets them be


class Structure:
    """One file, looked through; every dictionary is visited once, whatever rings there are."""

    def __init__(self, pdf: pikepdf.Pdf, keys: Keys, budget: Budget) -> None:
        self.pdf, self.keys, self.budget = pdf, keys, budget

    def names(self, kind: str) -> Iterator[str]:
        """The names in one of the document's name trees."""
        for node in self._tree(self.keys.dictionary(self.keys.dictionary(self.pdf.Root, "/Names"), kind), "/Kids"):
            yield from (str(name) for name in self.keys.list(node, "/Names")[::2])

    def attachments(self) -> Iterator[str]:
        yield from self.names("/EmbeddedFiles")
        for holder in (self.pdf.Root, *(page.obj for page in self.pdf.pages)):
            for file in self.keys.dictionaries(holder, "/AF"):
                yield self.keys.text(file, "/UF") or self.keys.text(file, "/F") or "without a name"
        for page in self.pdf.pages:
            for one in self.keys.dictionaries(page.obj, "/Annots"):
                if one.get("/Subtype") == "/FileAttachment":
                    file = self.keys.dictionary(one, "/FS")
                    yield self.keys.text(file, "/UF") or self.keys.text(file, "/F") or "without a name"

    def actions(self) -> Iterator[tuple[str, str]]:
        """The kind of each action that does more than lead somewhere, and where it waits."""
        for name in self.names("/JavaScript"):
            yield "JavaScript", f"named {name}"
        for where, action in self._first_actions():
            for one in self._chain(action):
                kind = "JavaScript" if "/JS" in one else self.keys.name(one, "/S", "unknown")
                if kind not in _HARMLESS:
                    yield kind, where

    def _first_actions(self) -> Iterator[tuple[str, Object]]:
        opening = self.pdf.Root.get("/OpenAction")
        if not isinstance(opening, pikepdf.Array):  # a list is a place to begin at (ISO 32000-1, 12.3.2)
            yield "when the file is opened", opening
        for where, holder in self._holders():
            self.budget.visit()
            yield f"at {where}", holder.get("/A")
            events = self.keys.dictionary(holder, "/AA")
            for event in sorted(events.keys()):
                yield f"at {where}", events.get(event)

    def _holders(self) -> Iterator[tuple[str, Object]]:
        keys, root = self.keys, self.pdf.Root
        yield "the document", root
        for number, page in enumerate(self.pdf.pages, 1):
            yield f"page {number}", page.obj
            for one in keys.dictionaries(page.obj, "/Annots"):
                yield f"an annotation on page {number}", one
        for field in keys.dictionaries(keys.dictionary(root, "/AcroForm"), "/Fields"):
            for one in self._tree(field, "/Kids"):
                yield "a form field", one
        for one in self._outline(keys.dictionary(root, "/Outlines")):
            yield "a bookmark", one

    def _tree(self, top: Object, kids: str) -> Iterator[Object]:
        seen: set[tuple[int, int]] = set()
        waiting = [top]
        while waiting:
            node = waiting.pop()
            self.budget.visit()
            if node.objgen[0] and node.objgen in seen:
                continue
            seen.add(node.objgen)
            yield node
            waiting.extend(reversed(list(self.keys.dictionaries(node, kids))))

    def _outline(self, top: Object) -> Iterator[Object]:
        seen: set[tuple[int, int]] = set()
        waiting = [top.get("/First")]
        while waiting:
            node = waiting.pop()
            self.budget.visit()
            if not isinstance(node, pikepdf.Dictionary) or node.objgen in seen:
                continue
            seen.add(node.objgen)
            yield node
            waiting += [node.get("/Next"), node.get("/First")]

    def _chain(self, action: Object) -> Iterator[Object]:
        """An action, and those that follow it (ISO 32000, 12.6.2)."""
        seen: set[tuple[int, int]] = set()
        waiting = [action]
        while waiting:
            one = waiting.pop()
            self.budget.visit()
            if isinstance(one, pikepdf.Array):
                waiting += [part for part in one if isinstance(part, pikepdf.Dictionary)]
            if not isinstance(one, pikepdf.Dictionary) or (one.objgen[0] and one.objgen in seen):
                continue
            seen.add(one.objgen)
            yield one
            waiting.append(one.get("/Next"))

    def forbidden(self) -> Iterator[str]:
        """Kinds of objects that PDF/X forbids wherever they lie, drawn or not."""
        objects = self.pdf.objects
        self.budget.visit(len(objects))
        for one in objects:
            if not isinstance(one, pikepdf.Stream):
                continue
            filters = filters_of(one)
            if is_lzw(filters):
                yield LZW
            if "/Crypt" in filters:
                yield "encrypted stream"
            if "/F" in one and one.get("/Type") != "/EmbeddedFile":
                yield "external stream"
        for page in self.pdf.pages:
            if "/SeparationInfo" in page.obj:
                yield "preseparated"
            if "/PresSteps" in page.obj:
                yield "presentation"
            if "/Dur" in page.obj or "/S" in self.keys.dictionary(page.obj, "/Trans"):
                yield "transition"
            if any(one.get("/S") == "/GTS_PDFX" for one in self.keys.dictionaries(page.obj, "/OutputIntents")):
                yield "output intent of a page"
        if "/Collection" in self.pdf.Root:
            yield "portfolio"
        intents = self.keys.dictionaries(self.pdf.Root, "/OutputIntents")
        if any(one.get("/S") == "/GTS_PDFA1" for one in intents):
            yield ARCHIVE_INTENT
        shown = self.keys.dictionary(self.pdf.Root, "/ViewerPreferences")
        if any(self.keys.name(shown, area, "MediaBox") not in WHOLE_AREAS for area in SHOWN_AREAS if area in shown):
            yield CUT_IN_PRINT
        form = self.keys.dictionary(self.pdf.Root, "/AcroForm")
        if "/XFA" in form:
            yield "XFA"
        layers = self.keys.dictionary(self.pdf.Root, "/OCProperties")
        for configuration in (self.keys.dictionary(layers, "/D"), *self.keys.dictionaries(layers, "/Configs")):
            if len(self.keys.list(configuration, "/AS")):
                yield "automatic layers"
