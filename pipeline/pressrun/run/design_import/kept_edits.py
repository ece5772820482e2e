"""What an import writes over what an earlier one wrote, and what people changed since: that stays as it is.

Three states of the same data meet: as it is ``now``, as the last import wrote it (``before``), and as the design says
by now (``wanted``). A key that is not as it was written was edited by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from pressrun.readers.yaml_writer import in_line


def in_lines(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A key a line, but lists and boxes on the line of theirs."""
    return {key: in_line(value) for key, value in entry.items()}


def page_in_lines(page: Mapping[str, Any]) -> dict[str, Any]:
    """Likewise a page, whose layers are written as such."""
    return {**in_lines(page), "layers": [in_lines(layer) for layer in page["layers"]]}


def update(now: Any, before: Mapping[str, Any], wanted: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """Bring a mapping up to date where nobody has edited it. Answers the keys (``box.x``) that the design has changed
    as well, and that stay."""
    for key, value in wanted.items():
        path = f"{at}{key}"
        if key not in now:
            if key not in before:
                now[key] = in_line(value)
            elif before[key] != value:
                yield path
        elif isinstance(now[key], MutableMapping) and isinstance(value, Mapping):
            was = before.get(key)
            yield from update(now[key], was if isinstance(was, Mapping) else {}, value, f"{path}.")
        elif key not in before or not _same(now[key], before[key]):
            if not _same(now[key], value) and not (key in before and _same(before[key], value)):
                yield path
        elif not _same(now[key], value):
            now[key] = in_line(value)
    for key in [key for key in before if key not in wanted and key in now]:
        if _same(now[key], before[key]):
            del now[key]


def update_layers(now: list[Any], before: list[Any], wanted: list[Any]) -> Iterator[tuple[str, str]]:
    """Likewise a list of layers, told apart by their ids. A new one goes right above the one that it lies on in the
    design; one that the design has no more goes, if nobody edited it. Answers layers with the keys that stay, and those
    that stay though they are gone (with no key)."""
    was = {layer["id"]: layer for layer in before}
    ids = [layer["id"] for layer in wanted]
    for at, layer in enumerate(wanted):
        own = _find(now, layer["id"])
        if own is not None:
            for key in update(own, was.get(layer["id"], {}), layer):
                yield layer["id"], key
        elif layer["id"] not in was:
            below = next((index for one in reversed(ids[:at]) if (index := _index(now, one)) is not None), -1)
            now.insert(below + 1, in_lines(layer))
    for gone in [name for name in was if name not in ids]:
        index = _index(now, gone)
        if index is None:
            continue
        if _same(now[index], was[gone]):
            del now[index]
        else:
            yield gone, ""


def of_pages(layout: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A layout of one page written as one of several, whose first it is; changed in place, with its comments."""
    if "layers" in layout:
        layout["pages"] = [{"id": "page-1", "layers": layout.pop("layers")}]
    return layout


def update_pages(now: list[Any], before: list[Any], wanted: list[Any]) -> Iterator[tuple[str, str]]:
    """Likewise a list of pages, with the layers of each."""
    was = {page["id"]: page for page in before}
    for page in wanted:
        own = _find(now, page["id"])
        if own is None:
            if page["id"] not in was:
                now.append(page_in_lines(page))
            continue
        outside, before_it = ({key: value for key, value in one.items() if key != "layers"}
                              for one in (page, was.get(page["id"], {})))  # fmt: skip
        for key in update(own, before_it, outside):
            yield page["id"], key
        if isinstance(own.get("layers"), list):
            yield from update_layers(own["layers"], was.get(page["id"], {}).get("layers", []), page["layers"])
    gone = was.keys() - {page["id"] for page in wanted}
    for page in [page for page in now if isinstance(page, Mapping) and page.get("id") in gone]:
        if _same(page, was[page["id"]]):
            now.remove(page)
        else:
            yield page["id"], ""


def _find(layers: list[Any], name: str) -> Any:
    index = _index(layers, name)
    return None if index is None else layers[index]


def _index(layers: list[Any], name: str) -> int | None:
    return next((at for at, layer in enumerate(layers) if isinstance(layer, Mapping) and layer.get("id") == name), None)


def _same(first: Any, second: Any) -> bool:
    """Whether two values say the same, whatever they are kept in."""
    return bool(_plain(first) == _plain(second))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
