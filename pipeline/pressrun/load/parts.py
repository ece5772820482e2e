"""Parts: files of layers with parameters, which layouts and other parts use by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pressrun.load.campaign_reader import Reader, missing, named_file, names_in
from pressrun.load.layer_list import Condition, ListedLayer
from pressrun.load.variables import Scope
from pressrun.model.arrangement import Part, PartUse
from pressrun.model.finding import Place
from pressrun.readers.nodes import Node, combined, node_of
from pressrun.readers.suggestion import did_you_mean

FOLDER = "parts"
MOST_LAYERS = 1000  # of one list of layers, so that a few parts cannot grow without end


class _PartFile(Struct, frozen=True):
    part: Part
    node: Node


class Parts:
    """Reads parts, each once. ``folder`` is the campaign's ``templates``, from which they are named; others may be in
    those kinds of layers of which ``contains`` says so."""

    def __init__(self, reader: Reader, folder: Path, contains: Callable[[str], bool]) -> None:
        self._reader, self._folder, self._contains = reader, folder, contains
        self._read: dict[str, _PartFile | None] = {}
        self._unnamed = 0

    def begin(self) -> None:
        """Begin with another layout, in which groups without an id are counted anew."""
        self._unnamed = 0

    def layers(self, entries: Iterable[Node], way: tuple[str, ...] = ()) -> list[ListedLayer]:
        """The layers of a list in which uses of parts may stand; ``way`` are the parts in which it stands itself. Those
        in a group stand behind it."""
        found: list[ListedLayer] = []
        for entry in entries:
            if "use" in entry.entries:
                found += self._used(entry, way)
            elif self._contains(str(entry.get("type"))) and entry.entries.get("layers", entry).items:
                found += self._contained(entry, way)
            else:
                found.append(ListedLayer(entry))
            if len(found) > MOST_LAYERS:
                message = f"with this part there are more than {MOST_LAYERS:,} layers"
                self._reader.error("too-large", message, entry.entries["use"].place, "use fewer parts inside of parts")
                return found[:MOST_LAYERS]
        return found

    def _contained(self, entry: Node, way: tuple[str, ...]) -> list[ListedLayer]:
        """A group, and behind it the layers that are written in it. One without an id is given one."""
        written = dict(entry.entries)
        layers = self.layers(written.pop("layers").items, way)
        if not isinstance(entry.get("id"), str):
            self._unnamed += 1
            written["id"] = Node(f"{entry.get('type')}:{self._unnamed}", entry.place)
        group = ListedLayer(replace(entry, value=written))
        return [group, *(layer if layer.inside else layer.put_in(written["id"]) for layer in layers)]

    def _used(self, entry: Node, way: tuple[str, ...]) -> list[ListedLayer]:
        use = self._reader.model(PartUse, combined(entry, entry.place.file))
        if use is None:
            return []
        at = entry.entries["use"].place
        if use.use in way:
            message = f"the part '{use.use}' uses itself: {' -> '.join([*way, use.use])}"
            self._reader.error("uses-itself", message, at, "write its layers out, or use another part")
            return []
        file = self._file(use.use, at)
        if file is None:
            return []
        declared = file.node.entries["parameters"].entries if file.part.parameters else {}
        given = self._given(use, declared, entry)
        scope = Scope(self._reader, "parameter", "unknown-parameter", declared, given)
        layers = scope.resolved(file.node.entries["layers"])
        self._tell_unused(file, scope)
        found = self.layers(layers.items, (*way, use.use))
        if use.when is None:
            return found
        when = entry.entries["when"]
        return [layer.on(Condition(use.when, when.text or when.place)) for layer in found]

    def _file(self, name: str, asked_at: Place) -> _PartFile | None:
        if name not in self._read:
            self._read[name] = self._opened(name, asked_at)
        return self._read[name]

    def _opened(self, name: str, asked_at: Place) -> _PartFile | None:
        path = named_file(self._folder, name, ".yaml") if name.startswith(f"{FOLDER}/") else None
        if path is None or not path.is_file():
            known = [f"{FOLDER}/{one}" for one in names_in(self._folder / FOLDER, ".yaml")]
            self._reader.add([missing("missing-part", "part", name, known, asked_at)])
            return None
        source = self._reader.yaml(path, asked_at)
        if source is None:
            return None
        part = self._reader.model(Part, source)
        return None if part is None else _PartFile(part, node_of(source))

    def _given(self, use: PartUse, declared: Mapping[str, Node], entry: Node) -> dict[str, Node]:
        """What a use says of the parameters; one without a default must be among them."""
        given: dict[str, Node] = {}
        for name, node in (entry.entries["with"].entries if use.with_ else {}).items():
            if name in declared:
                given[name] = node
                continue
            hint = did_you_mean(name, declared, "parameters") or "the part has no parameters"
            message = f"the part '{use.use}' has no parameter '{name}'"
            self._reader.error("unknown-parameter", message, node.key or node.place, hint)
        for name, node in declared.items():
            if name not in given and node.value is None:
                message = f"the part '{use.use}' is not told its '{name}'"
                hint = f"write with: {{{name}: …}}; it is declared in {node.key or node.place}"
                self._reader.error("missing-parameter", message, entry.entries["use"].place, hint)
                given[name] = replace(node, value="")
        return given

    def _tell_unused(self, file: _PartFile, scope: Scope) -> None:
        for name, node in (file.node.entries["parameters"].entries if file.part.parameters else {}).items():
            if name not in scope.used:
                hint = f"write ${name} in place of a value or ${{{name}}} inside a text, or delete it"
                self._reader.warn("unused-parameter", f"the parameter '{name}' is not used", node.key, hint)
