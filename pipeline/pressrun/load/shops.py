"""Product exports of shops: their headers become one vocabulary (``product.name``, ``.price``, ``.sale_price`` …),
whichever shop they come from."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from importlib import resources
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pressrun.language.currency_signs import currencies_by_sign
from pressrun.load.sale_dates import SaleDates, are_days
from pressrun.model.finding import Finding, Place, Severity
from pressrun.readers.cells import ReadAs
from pressrun.readers.table import Table
from pressrun.readers.written_table import WrittenTable, capped
from pressrun.readers.yaml_source import parse_yaml

DECIMALS = ("price", "sale_price")
OF_ONE_ARTICLE = (*DECIMALS, "gtin", "weight", "stock")  # which a row never takes from another of its product
LISTS = {"tags": ","}
_FORMER = "former_price"  # a price that a shop shows struck through, beside the one that is paid
_PICTURE_LISTS = ("woocommerce", "prestashop")  # which name all pictures of a product in one cell
_WITH_CURRENCY = ("merchant-center", "prestashop")  # which write it beside each price
_WITH_ATTRIBUTE = ("merchant-center",)  # whose templates say it in brackets behind another language's: Titel [title]
_BY_THE_SHOPS_SIGN = ("woocommerce",)  # whose prices have the shop's sign of fractions, and nothing between thousands
_LINKS = ("parent", "number")  # columns that say what belongs together, and keep their own names
_OF_PARENT = ("description", "summary", "brand", "category", "tags", "image")  # what variants may leave to it
_HAS_VARIANTS = "has_variants"  # of a row that others name as their parent: nobody buys what it says itself
_SHOWN_FIRST = ("sku", "name", "price", "image")  # what a job asks for above all
_ATTRIBUTE = re.compile(r".*\[([\w ]+)\]\s*\Z")
_FRACTION = re.compile(r"\s*([-+]?\d+),(\d{1,2}|\d{4,})\s*\Z")  # of three digits a comma may be one of thousands
_IN_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?\Z")  # other commas are of a fraction, or of another language


class ShopTable(Struct, frozen=True):
    """An export in the vocabulary: its ``table``, and the columns by which rows belong together, are decimals, and hold
    lists, as far as it has them."""

    table: WrittenTable
    fill: str | None
    decimals: tuple[str, ...]
    lists: Mapping[str, str]


@functools.cache
def shops() -> Mapping[str, Mapping[str, object]]:
    text = resources.files("pressrun.load").joinpath("shops.yaml").read_text("utf-8")
    source, _ = parse_yaml(text, "shops.yaml")
    assert source, "it is ours"
    every: Mapping[str, Mapping[str, object]] = source.data
    return every


def in_vocabulary(
    table: WrittenTable, shop: str, today: dt.date, decided: Mapping[str, ReadAs], named: Mapping[str, str]
) -> tuple[ShopTable, list[Finding]]:  # fmt: skip
    """An export whose known columns have their names of the vocabulary; the others stay, and so do those that the job
    has ``named`` itself ({name: header}), of whatever name. Cells of the columns ``decided`` are read as the job says.
    A sale that is not on ``today`` has no price. Codes: ``shop-columns`` (a note of what became what),
    ``no-shop-columns``, ``missing-parent``, ``sale-not-on``, ``unread-sale-date``."""
    numbers = {header: number for number, header in reversed(list(enumerate(table.headers)))}
    if shop in _WITH_ATTRIBUTE:
        said = {match[1]: number for header, number in numbers.items() if (match := _ATTRIBUTE.match(header))}
        numbers = {**said, **numbers}
    known = _as_called(shop, table.headers, numbers)
    links = {name: numbers.get(_first(known.get(name, ()), numbers) or "") for name in _LINKS}
    known = {name: headers for name, headers in known.items() if name not in _LINKS}
    by_job = {name: numbers[found] for name, header in named.items() if (found := _first((header.strip(),), numbers))}
    found_by_name = {name: numbers[found] for name, headers in known.items() if (found := _first(headers, numbers))}
    taken = {name: number for name, number in found_by_name.items() if number not in by_job.values()}
    taken |= {name: number for name, number in by_job.items() if name in known}
    taken |= _behind(shop, table, taken)
    if "price" not in taken:  # of which it would be the former one
        taken.pop(_FORMER, None)
    place = Place(table.file, table.header_line)
    if not {"sku", "name"} & taken.keys():
        message = f"no column of it is called as {shop} calls those of its products"
        hint = f"an export of {shop} has {known['sku'][0]} and {known['name'][0]}"
        return ShopTable(table, None, (), {}), [Finding(Severity.ERROR, "no-shop-columns", message, place, hint)]
    told = ", ".join(f"{name} is {table.headers[number]}" for name, number in taken.items() if name != _FORMER)
    headers, columns = list(table.headers), list(table.columns)
    for name, number in taken.items():
        if name not in by_job:  # which is called so when its header is looked for
            headers[number] = name
    made = _Columns(headers, columns)
    if _FORMER in taken:
        made.reduced(taken["price"], taken[_FORMER])
        told += f"; where {table.headers[taken[_FORMER]]} is higher, that is price, and what is paid sale_price"
    findings = []
    if (parent := links["parent"]) is not None and "sku" in taken:
        left = [name for name in _OF_PARENT if name in taken]
        orphans = made.of_parents(parent, taken["sku"], links["number"], [taken[name] for name in left])
        findings = capped(orphans, _orphan(table, parent, left), table.place, "rows name parents that are not there")
        told += f"; what a variant leaves empty is its parent's, in whose row {_HAS_VARIANTS} says yes"
    if shop in _BY_THE_SHOPS_SIGN:
        made.with_points([taken[name] for name in DECIMALS if name in taken and name not in decided])
    if shop in _WITH_CURRENCY and made.without_currency([taken[name] for name in DECIMALS if name in taken]):
        told += "; currency is what stands beside prices"
    if shop in _PICTURE_LISTS and "image" in taken:
        made.first_picture(taken["image"])
        told += "; image is the first of several, images are all"
    if "sale_price" in taken and (dates := SaleDates.of(made.columns, taken)):
        number = taken["sale_price"]
        off, told_of_dates = dates.off(table, number, today, decided)
        findings += told_of_dates
        made.columns[number] = ["" if row in off else cell for row, cell in enumerate(made.columns[number])]
    if missing := [known[name][0] for name in _SHOWN_FIRST if name in known and name not in taken]:
        told += f"; there is no {' or '.join(map(str, missing))}"
    fill = shops()[shop].get("fill")
    lists = {**LISTS, "images": ","}
    adapted = ShopTable(
        replace(table, headers=tuple(made.headers), columns=tuple(made.columns)),
        str(fill) if fill in taken else None,
        tuple(name for name in DECIMALS if name in taken or name in made.headers),
        {name: sign for name, sign in lists.items() if name in taken or name in made.headers},
    )
    return adapted, [Finding(Severity.NOTE, "shop-columns", f"read as an export of {shop}: {told}", place), *findings]


def sales_not_lower(table: Table) -> list[Finding]:
    """Rows of an export whose sale's price is no lower than the regular one, beside which it would be shown as if it
    were. Code: ``sale-not-lower``."""
    if not {*DECIMALS} <= {*table.columns}:
        return []
    pairs = enumerate(zip(*(table.column(name) for name in DECIMALS), strict=True))
    found = [
        (row, price, sale) for row, (price, sale) in pairs
        if isinstance(price, Decimal) and isinstance(sale, Decimal) and sale >= price
    ]  # fmt: skip

    def told(one: tuple[int, Decimal, Decimal]) -> Finding:
        message = f"a sale_price of {one[2]} is no lower than the price, {one[1]}"
        hint = "correct one of the two, or take the sale's out"
        return Finding(Severity.WARNING, "sale-not-lower", message, table.place(one[0]), hint)

    return capped(found, told, lambda one: table.place(one[0]), "sales' prices are no lower than their prices")


def _orphan(table: WrittenTable, parent: int, left: Sequence[str]) -> Callable[[int], Finding]:
    """Tells of a row whose parent is not in the table."""

    def told(row: int) -> Finding:
        message = f"no row is {table.columns[parent][row]!r}, the parent of this one"
        hint = f"export it too, or fill what this row lacks itself of {', '.join(left)}"
        return Finding(Severity.WARNING, "missing-parent", message, table.cell_places([(row, parent)])[0], hint)

    return told


def _as_called(shop: str, headers: Sequence[str], there: Mapping[str, int]) -> Mapping[str, Sequence[str]]:
    """What the columns of an export may be called, by their names of the vocabulary: as they stand, where their order
    is known; in the language of which most of its headers are; and else in English, as what is not translated stays."""
    orders = shops()[shop].get("in_order", [])
    assert isinstance(orders, list)
    for in_order in orders:
        if len(headers) == len(in_order) and headers[0] == in_order[0]:
            return {name: (header,) for name, header in zip(in_order[1:], headers[1:], strict=True) if name}
    english = shops()[shop]["columns"]
    languages = shops()[shop].get("languages", {})
    assert isinstance(english, Mapping)
    assert isinstance(languages, Mapping)
    all_of = [english, *languages.values()]
    spoken = max(all_of, key=lambda names: sum(_first(headers, there) is not None for headers in names.values()))
    return {name: (*spoken.get(name, ()), *english.get(name, ())) for name in {**english, **spoken}}


def _behind(shop: str, table: WrittenTable, taken: Mapping[str, int]) -> dict[str, int]:
    """Columns of days that stand behind another one in every language, where no header says so."""
    behind = shops()[shop].get("behind", {})
    assert isinstance(behind, Mapping)
    found: dict[str, int] = {}
    for after, names in behind.items():
        first = taken.get(after, len(table.headers)) + 1
        numbers = range(first, min(first + len(names), len(table.headers)))
        if not {*taken} & {*names} and not {*taken.values()} & {*numbers} and are_days(table.columns, numbers):
            found |= zip(names, numbers, strict=False)
    return found


def _first(headers: Sequence[str], there: Mapping[str, int]) -> str | None:
    return next((header for header in headers if header in there), None)


class _Columns(Struct):
    """Columns that are worked out from others, beside them."""

    headers: list[str]
    columns: list[Sequence[Any]]  # text; lists and records, where the export is JSON, stay what they are

    def _add(self, name: str, cells: Sequence[Any]) -> None:
        if name not in self.headers:
            self.headers.append(name)
            self.columns.append(cells)

    def reduced(self, paid: int, former: int) -> None:
        """A price that is lower than it was is a sale's; the one it was is the regular one."""
        pairs = list(zip(self.columns[paid], self.columns[former], strict=True))
        lower = [_is_higher(was, now) for now, was in pairs]
        self.columns[paid] = [was if low else now for low, (now, was) in zip(lower, pairs, strict=True)]
        self._add("sale_price", [now if low else "" for low, (now, _) in zip(lower, pairs, strict=True)])

    def of_parents(self, parent: int, sku: int, own: int | None, numbers: Sequence[int]) -> list[int]:
        """What is empty of variants is filled from the rows that they name as their parents, which are told apart.
        The rows whose parent is not there."""
        rows = {cell: at for at, cell in reversed(list(enumerate(self.columns[sku]))) if cell}
        if own is not None:
            rows |= {f"id:{cell}": at for at, cell in enumerate(self.columns[own])}
        of = [rows.get(cell) if isinstance(cell, str) and cell else None for cell in self.columns[parent]]
        for number in numbers:
            cells = self.columns[number]
            self.columns[number] = [
                cells[row] if row is not None and cell in ("", None, ()) else cell
                for cell, row in zip(cells, of, strict=True)
            ]
        parents = set(of)
        self._add(_HAS_VARIANTS, ["yes" if at in parents else "" for at in range(len(of))])
        return [at for at, row in enumerate(of) if row is None and self.columns[parent][at]]

    def without_currency(self, numbers: Sequence[int]) -> bool:
        """``19.99 EUR`` and ``€19.99`` in two columns; whether a currency was found."""
        currencies, signs = [""] * len(self.columns[0]), currencies_by_sign()
        for number in numbers:
            cells = list(self.columns[number])
            for at, cell in enumerate(cells):
                if isinstance(cell, str) and (match := _money().match(cell)):
                    cells[at] = match[2].replace(",", "") if _IN_THOUSANDS.match(match[2]) else match[2]
                    said = match[1] or match[3] or ""
                    currencies[at] = currencies[at] or signs.get(said, said)
            self.columns[number] = cells
        if any(currencies):
            self._add("currency", currencies)
        return any(currencies)

    def with_points(self, numbers: Sequence[int]) -> None:
        """``19,99`` as 19.99."""
        for number in numbers:
            self.columns[number] = [
                f"{match[1]}.{match[2]}" if isinstance(cell, str) and (match := _FRACTION.match(cell)) else cell
                for cell in self.columns[number]
            ]

    def first_picture(self, number: int) -> None:
        cells = self.columns[number]
        self._add("images", cells)
        self.columns[number] = [_first_of(cell) for cell in cells]


@functools.cache
def _money() -> re.Pattern[str]:
    currency = f"[A-Z]{{3}}|[{''.join(currencies_by_sign())}]"
    return re.compile(rf"\s*(?:({currency})\s*)?([-+]?[\d.,\u00a0\u202f]*\d)\s*({currency})?\s*\Z")


def _first_of(cell: Any) -> Any:
    if isinstance(cell, tuple):
        return cell[0] if cell else ""
    return cell.split(",")[0].strip() if isinstance(cell, str) else cell


def _is_higher(one: Any, other: Any) -> bool:
    try:
        return Decimal(str(one).strip()) > Decimal(str(other).strip())
    except InvalidOperation:
        return False
