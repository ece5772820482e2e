"""Which tiles an address asks for, in which groups and order: an address is a colleague's work list."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct, field
from msgspec.structs import replace

from pressrun.commands.studio.campaign import OpenRun
from pressrun.commands.studio.standing_decisions import STATES, Word
from pressrun.commands.studio.tiles import Tile, first_key
from pressrun.language.names import direction, layout_name, locale_name, run_name
from pressrun.language.page_words import finding_title, page_words
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.suggestion import did_you_mean

KEY = "key."
FACETS = ("locale", "layout", "format", "finding", "decision", "branch", "cost", "theme", "status", "changed", "run")
KEPT = 12  # addresses of a run whose tiles are remembered
ORDERS = ("run", "worst")
VERSIONS = "versions"  # of a sheet, on the wall of all runs
GROUPS = ("first", VERSIONS, "locale", "layout", "decision", "none")


class Asked(Struct, frozen=True):
    """What an address says: values by facet (rows' keys as ``key.SET``), words to look for, an expression over rows,
    the order and the groups."""

    facets: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    where: str = ""
    order: str = "run"
    group: str = "first"

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """From an address; what it does not know is passed over."""
        facets = {name: value for name, value in query.items() if value and (name in FACETS or name.startswith(KEY))}
        order, group = query.get("order", "run"), query.get("group", "first")
        return cls(
            facets, query.get("q", "").strip()[:200], query.get("where", "").strip()[:500],
            order if order in ORDERS else "run", group if group in GROUPS or group.startswith(KEY) else "first",
        )  # fmt: skip

    def address(self, **other: str) -> str:
        """The same as a query, with some of it otherwise."""
        said = {**self.facets, "q": self.words, "where": self.where, "order": self.order, "group": self.group, **other}
        plain = {"order": "run", "group": "first"}
        return urlencode({name: value for name, value in said.items() if value and plain.get(name) != value})


_ADDRESS = re.compile(r"[a-z]+(\.[\w-]+)?=(?!=)")


def asked_by(said: str) -> Asked:
    """What somebody wrote to choose files: an address of a wall, or what stands behind its ``?``
    (``locale=de-DE&finding=any-error``), or else an expression over rows. Raises InputError where an address has what
    no wall knows."""
    is_address = "://" in said or said.startswith("?")
    query = said.partition("?")[2] if is_address else said
    if not is_address and not _ADDRESS.match(query):
        return Asked(where=said)
    values = dict(parse_qsl(query, keep_blank_values=True))
    known = (*FACETS, "q", "where", "order", "group")
    unknown = [name for name in values if name not in known and not name.startswith(KEY)]
    if unknown:
        message = f"walls have no filter '{unknown[0]}'"
        hint = did_you_mean(unknown[0], [*known, f"{KEY}SET"], "filters")
        raise InputError([Finding(Severity.ERROR, "unknown-name", message, Place(said), hint)])
    return Asked.of(values)


class Group(Struct, frozen=True):
    """Tiles that follow each other under one heading."""

    title: str
    tiles: Sequence[Tile]


class Option(Struct, frozen=True):
    """A value of a facet, with its name and how many tiles have it."""

    value: str
    name: str
    count: int


Options = Mapping[str, Sequence[Option]]  # by facet


class Found(Struct, frozen=True):
    """What an address finds: ``tiles`` in order, ``groups`` of them, every facet's ``options``, where the tiles of the
    whole run stand (``words`` by number)."""

    asked: Asked
    tiles: Sequence[Tile]
    groups: Sequence[Group]
    options: Options
    words: Sequence[Word]


def found(run: OpenRun, asked: Asked, language: str = "en") -> Found:
    """Raises InputError where the expression cannot be read."""
    standing, names = run.standing, run.names
    by_decision = "decision" in asked.facets or asked.group == "decision"
    key = asked.address(), language, len(names.rows), standing.version if by_decision else 0
    known = run.found.get(key)
    if known is None:
        known = run.found[key] = _sought(run, asked, language, standing.words())
        while len(run.found) > KEPT:
            run.found.pop(next(iter(run.found)))
    counts = standing.counted()
    options = {**known.options, "decision": [Option(state, state, counts[state]) for state in STATES]}
    return replace(known, words=standing.words(), options=options)


def _sought(run: OpenRun, asked: Asked, language: str, words: Sequence[Word]) -> Found:
    names = _Naming(run, language)
    values = _values(run, words)
    having = [(values[name], value) for name, value in asked.facets.items() if name in values]
    tiles = [
        tile for tile in run.shelf.tiles
        if all(value in one(tile) for one, value in having) and _says(tile, asked.words, names)
    ]  # fmt: skip
    if asked.where:
        tiles = _satisfying(run, tiles, asked.where)
    if asked.order == "worst":
        tiles.sort(key=worst_first)
    groups = list(_groups(tiles, asked, names, values))
    listed = [tile for group in groups for tile in group.tiles]
    kept = language, len(run.names.rows)
    if kept not in run.options:
        run.options[kept] = _options(run, values, names)
    return Found(asked, listed, groups, _with_asked(run.options[kept], asked, names), words)


def _with_asked(options: Options, asked: Asked, names: _Naming) -> Options:
    """What is chosen is among them, also where no tile has it."""
    chosen: dict[str, Sequence[Option]] = {}
    for facet, value in asked.facets.items():
        there = options.get(facet, ())
        if facet != "decision" and all(one.value != value for one in there):
            chosen[facet] = [*there, Option(value, names.value(facet, value), 0)]
    return {**options, **chosen}


def worst_first(tile: Tile) -> tuple[float, ...]:
    """Errors, warnings, the smallest text against its series, the weakest contrast, the lowest resolution."""
    pixels = tile.shown.pixels if tile.shown else 0
    failed = tile.status == "failed"
    return (-failed, -tile.errors, -tile.warnings, round(tile.squeeze, 3), tile.contrast, pixels)


Values = Mapping[str, Callable[[Tile], Iterable[str]]]


def _values(run: OpenRun, words: Sequence[Word]) -> Values:
    """What a tile has in each facet."""
    keys = {name for tile in run.shelf.tiles for name in tile.keys}
    of_rows = {f"{KEY}{name}": _keyed(name) for name in sorted(keys, key=_order_of_sets(run))}
    return {
        **of_rows,
        "locale": lambda tile: (tile.locale,),
        "layout": lambda tile: (tile.layout,),
        "format": lambda tile: tile.formats,
        "finding": _findings,
        "decision": lambda tile: (words[tile.number].state,),
        "branch": run.branches,
        "cost": _cost,
        "theme": lambda tile: (tile.theme,),
        "status": lambda tile: (tile.status,),
        "changed": lambda tile: ("by-hand",) if tile.changed_by_hand else (),
        "run": lambda tile: tile.runs,
    }


def _order_of_sets(run: OpenRun) -> Callable[[str], int]:
    first = list(run.shelf.tiles[0].keys) if run.shelf.tiles else []
    return lambda name: first.index(name) if name in first else len(first)


def _keyed(name: str) -> Callable[[Tile], Iterable[str]]:
    return lambda tile: (tile.keys[name],) if name in tile.keys else ()


def _findings(tile: Tile) -> Iterable[str]:
    return [*tile.codes, *dict.fromkeys(f"any-{severity}" for severity in tile.codes.values())] or ["none"]


def _is_of_many(value: str) -> bool:
    """Whether a value of findings stands for several codes, or for none."""
    return value in ("none", *(f"any-{severity}" for severity in Severity))


def _cost(tile: Tile) -> Iterable[str]:
    if tile.cost_usd is None:
        return ("unknown",)
    if not tile.cost_usd:
        return ("free",)
    return ("paid", *(f"over ${step:g}" for step in (0.05, 0.2) if tile.cost_usd > step))


def _says(tile: Tile, words: str, names: _Naming) -> bool:
    if not words:
        return True
    said = f"{tile.row} {tile.layout} {names.title(tile)} {names.caption(tile)} {tile.files[0].path}".casefold()
    return all(word in said for word in words.casefold().split())


def _satisfying(run: OpenRun, tiles: Sequence[Tile], expression: str) -> list[Tile]:
    from pressrun.expand import expand_rows, is_wanted

    project = run.project()
    rows = {row.id: row for row in expand_rows(project)}
    return [
        tile for tile in tiles
        if tile.row in rows and tile.layout in project.layouts
        and is_wanted(project, rows[tile.row], tile.layout, expression, tile.take, "where")
    ]  # fmt: skip


def _groups(tiles: Sequence[Tile], asked: Asked, names: _Naming, values: Values) -> Iterable[Group]:
    if asked.group == "none" or asked.order == "worst":
        return [Group("", tiles)] if tiles else []
    by: Callable[[Tile], str]
    title: Callable[[str, Tile], str]
    by, title = first_key, (lambda _, tile: names.title(tile))
    if asked.group == VERSIONS:
        by, title = (lambda tile: f"{tile.of}\0{tile.layout}\0{tile.take}\0{tile.condition}"), (
            lambda _, tile: f"{names.title(tile)} · {names.caption(tile)} · {layout_name(tile.layout)}"
        )  # fmt: skip
    elif asked.group in values:
        having = values[asked.group]
        by, title = (lambda tile: next(iter(having(tile)), "")), (lambda value, _: names.value(asked.group, value))
    gathered: dict[str, list[Tile]] = {}
    for tile in tiles:
        gathered.setdefault(by(tile), []).append(tile)
    return [Group(title(value, some[0]), some) for value, some in gathered.items()]


def _options(run: OpenRun, values: Values, names: _Naming) -> dict[str, list[Option]]:
    listed = {}
    for facet, having in values.items():
        counts = Counter(value for tile in run.shelf.tiles for value in having(tile)) if facet != "decision" else {}
        order = sorted(counts, key=lambda one: (not _is_of_many(one), names.value(facet, one)))
        if len(counts) > 1 or facet == "decision":
            listed[facet] = [Option(value, names.value(facet, value), counts[value]) for value in order]
    return listed


class _Naming:
    """Names of tiles and of facets' values, in a language."""

    def __init__(self, run: OpenRun, language: str) -> None:
        self._names, self._language = run.names, language
        self._telling, self._locales = run.shelf.telling, run.shelf.locales

    def title(self, tile: Tile) -> str:
        """What its group is called."""
        key = first_key(tile)
        row = self._names.row(next((name for name, one in tile.keys.items() if one == key), ""), key) or tile.row
        return row or Path(tile.of).stem  # that many rows are in

    def caption(self, tile: Tile) -> str:
        """What it is called below such a heading: the rest of its row, and its take."""
        return " · ".join(filter(None, (self.under(tile), self.take(tile))))

    def under(self, tile: Tile) -> str:
        """The same without its take."""
        return " · ".join(self._rest(tile)) or (locale_name(tile.locale, self._language) if tile.locale else tile.row)

    def take(self, tile: Tile) -> str:
        """Which take it is; nothing for the first."""
        return page_words(self._language)("take {number}", number=tile.take) if tile.take != 1 else ""

    def row(self, tile: Tile) -> str:
        """What its row is called where no heading says the first of it."""
        return " · ".join(dict.fromkeys((self.title(tile), *self._rest(tile))))

    def _rest(self, tile: Tile) -> list[str]:
        key = first_key(tile)
        return [
            self._called(name, one, tile) for name, one in tile.keys.items() if one != key and name in self._telling
        ]

    def _called(self, row_set: str, key: str, tile: Tile) -> str:
        return locale_name(key, self._language) if key == tile.locale else self._names.row(row_set, key)

    def value(self, facet: str, value: str) -> str:
        if facet.startswith(KEY):
            name = self._names.row(facet.removeprefix(KEY), value)
            return locale_name(value, self._language) if name == value and value in self._locales else name
        if facet == "locale":
            return locale_name(value, self._language)
        if facet == "run":
            return run_name(value)
        if facet == "finding" and not _is_of_many(value):
            return finding_title(value, self._language) or value.replace("-", " ").capitalize()
        return layout_name(value) if facet == "layout" else value


def rows_called(run: OpenRun, tiles: Iterable[Tile], language: str) -> dict[str, str]:
    """What the rows of tiles are called, in their order."""
    names = _Naming(run, language)
    called: dict[str, str] = {}
    for tile in tiles:
        if tile.row not in called:
            called[tile.row] = names.row(tile)
    return called


def told(run: OpenRun, tile: Tile, word: Word, language: str = "en") -> dict[str, object]:
    """A tile as a grid shows it."""
    names, isolated = _Naming(run, language), page_words(language).isolated
    at = tile.id.rpartition("/")
    return {
        "id": tile.id, "file": at[2], "of": at[0], "when": run_name(at[0]) if at[0] else "", "runs": len(tile.runs),
        "n": tile.number, "title": names.title(tile), "caption": names.caption(tile), "under": names.under(tile),
        "what": " · ".join(filter(None, (names.take(tile), isolated(layout_name(tile.layout))))),
        "layout": layout_name(tile.layout), "size": tile.size, "formats": tile.formats, "status": tile.status,
        "errors": tile.errors, "warnings": tile.warnings, "take": tile.take, "state": word.state, "who": word.who,
        "picture": bool(tile.shown), "byHand": tile.changed_by_hand, "pages": len(tile.pages),
        "direction": direction(tile.locale),
        "cost": None if tile.cost_usd is None or math.isnan(tile.cost_usd) else tile.cost_usd,
    }  # fmt: skip
