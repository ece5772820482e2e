"""Exports of shops have one vocabulary, whichever shop they come from; cells may be lists."""

from __future__ import annotations

import datetime as dt
import json
from array import array
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest

from pressrun import registry
from pressrun.load import load_project
from pressrun.load.shops import in_vocabulary, shops
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity
from pressrun.model.tables import ShopName
from pressrun.readers.written_table import WrittenTable

SHOPS = {
    "shopify": """Handle,Title,Body (HTML),Vendor,Type,Tags,Variant SKU,Variant Price,Variant Compare At Price,Image Src
kettle,Kettle,<p>Boils</p>,Kiln,Kettles,"steel, gift",K1,39.00,49.00,k.png
kettle,,,,,,K2,49.00,,k2.png
""",
    "woocommerce": """ID,Type,SKU,Name,Brands,Categories,Tags,Regular price,Sale price,Images
7,simple,K1,Kettle,Kiln,Kettles,"steel, gift",49.00,39.00,"k.png, k3.png"
8,simple,K2,Kettle,Kiln,Kettles,"steel, gift",49.00,,k2.png
""",
    "merchant-center": """id\ttitle\tbrand\tproduct_type\tprice\tsale_price\timage_link
K1\tKettle\tKiln\tKettles\t49.00 EUR\t39.00 EUR\tk.png
K2\tKettle\tKiln\tKettles\t49.00 EUR\t\tk2.png
""",
    "magento": """sku,name,categories,price,special_price,base_image
K1,Kettle,Kettles,49.00,39.00,k.png
K2,Kettle,Kettles,49.00,,k2.png
""",
    "prestashop": """Product ID,Image,Name,Reference,Category,Price (tax incl.)
1,k.png,Kettle,K1,Kettles,49.00
2,k2.png,Kettle,K2,Kettles,49.00
""",
}


PRODUCTS = "product: {file: data/products.csv, key: sku, types: {launch: date}}"


def offers(campaign: Callable[..., Path], table: str, options: str, name: str = "offers.csv") -> tuple[Any, list[Finding]]:
    """A row set of this table, and what loading it finds."""
    said = f", {options}" if options else ""
    added = f"{PRODUCTS}\n  offer: {{file: data/{name}, key: sku{said}}}"
    job = campaign({"jobs/job.yaml": {PRODUCTS: added}})
    (job.parent / f"data/{name}").write_text(table, "utf-8")
    try:
        project = load_project(job, registry)
    except InputError as error:
        return (), list(error.findings)
    return project.row_sets["offer"].records, list(project.notes)


@pytest.mark.parametrize("shop", SHOPS)
def test_every_shop_has_the_same_words(campaign: Callable[..., Path], shop: str) -> None:
    (reduced, plain), found = offers(campaign, SHOPS[shop], f"shop: {shop}")
    assert (reduced.sku, reduced.name, plain.name) == ("K1", "Kettle", "Kettle")
    assert (reduced.category, reduced.image) == ("Kettles", "k.png")
    assert (reduced.price, plain.price) == (Decimal("49.00"), Decimal("49.00"))
    if shop != "prestashop":
        assert (reduced.sale_price, plain.sale_price) == (Decimal("39.00"), None)
    if shop in ("shopify", "woocommerce"):
        assert (reduced.tags, plain.tags) == (("steel", "gift"), ("steel", "gift"))
    if shop == "woocommerce":
        assert reduced.images == ("k.png", "k3.png")
    if shop == "merchant-center":
        assert (reduced.currency, reduced.price.currency) == ("EUR", "EUR")
    assert "shop-columns" in [one.code for one in found]


@pytest.mark.parametrize("shop", SHOPS)
def test_a_frame_without_columns_is_told(shop: str) -> None:
    table = WrittenTable("offers", 1, (), (), array("Q"))
    _, findings = in_vocabulary(table, shop, dt.date(2027, 5, 1), {}, {})
    assert [one.code for one in findings] == ["no-shop-columns"]


def test_the_job_knows_the_shops_that_there_are() -> None:
    assert set(get_args(ShopName)) == set(shops()) == set(SHOPS)


def test_another_shop_is_told(campaign: Callable[..., Path]) -> None:
    _, found = offers(campaign, SHOPS["magento"].replace("sku,name", "code,label"), "shop: shopify")
    errors = [one for one in found if one.severity is Severity.ERROR]
    assert [(one.code, one.hint) for one in errors if one.code == "no-shop-columns"] == [
        ("no-shop-columns", "an export of shopify has Variant SKU and Title")
    ]


def test_a_comma_is_never_taken_out_of_a_fraction(campaign: Callable[..., Path]) -> None:
    table = 'id,title,price,sale_price\nA,Kettle,"1,249.00 EUR","{} EUR"\n'
    ((one,), _) = offers(campaign, table.format("1,199"), "shop: merchant-center")
    assert (one.price, one.sale_price) == (Decimal("1249.00"), Decimal("1199"))
    _, found = offers(campaign, table.format("19,99"), "shop: merchant-center")
    assert "bad-cell" in [finding.code for finding in found]
    german = "shop: merchant-center, decimals: {price: de-DE, sale_price: de-DE}"
    ((one,), _) = offers(campaign, table.format("19,99").replace("1,249.00", "1.249,00"), german)
    assert (one.price, one.sale_price, one.currency) == (Decimal("1249.00"), Decimal("19.99"), "EUR")


def test_a_parent_that_is_not_there_is_told_and_one_that_is_can_be_left_out(campaign: Callable[..., Path]) -> None:
    table = (
        "ID,SKU,Name,Regular price,Categories,Parent\n"
        "7,TS,Shirt,,Clothes,\n8,TS-S,Shirt - S,49.90,,id:7\n9,TS-M,Shirt - M,49.90,,id:70\n5,BAG,Bag,9.90,Bags,\n"
    )
    rows, found = offers(campaign, table, "shop: woocommerce")
    assert [one.has_variants for one in rows] == ["yes", "", "", ""]
    (told,) = [one for one in found if one.code == "missing-parent"]
    assert (str(told.place), told.message) == ("jobs/data/offers.csv:4:25", "no row is 'id:70', the parent of this one")
    rows, _ = offers(campaign, table, "shop: woocommerce, where: not has_variants")
    assert [(one.sku, one.category) for one in rows] == [("TS-S", "Clothes"), ("TS-M", ""), ("BAG", "Bags")]


@pytest.mark.parametrize("where", ["", ", where: sku != 'B'"])
def test_a_sale_that_is_no_lower_is_told(campaign: Callable[..., Path], where: str) -> None:
    table = 'SKU,Name,Regular price,Sale price\nA,Cup,"24,90","19,90"\nB,Jug,"24,90","29,90"\nC,Pot,"24,90",\n'
    _, found = offers(campaign, table, f"shop: woocommerce{where}")
    told = [(str(one.place), one.message) for one in found if one.code == "sale-not-lower"]
    is_told = [("jobs/data/offers.csv:3", "a sale_price of 29.90 is no lower than the price, 24.90")]
    assert told == ([] if where else is_told)


WOO_SALES = """ID,Type,SKU,Name,Short description,Description,{starts},{ends},Tax status,Regular price,Sale price
1,simple,OVER,Kettle,,Boils,2027-02-01 0:00:00,2027-02-28 23:59:59,taxable,49.00,39.00
2,simple,ON,Kettle,,Boils,2027-03-01 0:00:00,2027-03-01 23:59:59,taxable,49.00,39.00
3,simple,LATER,Kettle,,Boils,2027-03-02 0:00:00,,taxable,49.00,39.00
4,simple,ALWAYS,Kettle,,Boils,,,taxable,49.00,39.00
5,simple,NONE,Kettle,,Boils,,2020-01-01 23:59:59,taxable,49.00,
"""
DATED_SALES = {
    "woocommerce": WOO_SALES.format(starts="Date sale price starts", ends="Date sale price ends"),
    "woocommerce in another language": WOO_SALES.format(starts="Alku", ends="Loppu"),
    "merchant-center": """id\ttitle\tprice\tsale_price\tsale_price_effective_date
OVER\tKettle\t49.00 EUR\t39.00 EUR\t2027-02-01T00:00+0100/2027-02-28T23:59+0100
ON\tKettle\t49.00 EUR\t39.00 EUR\t2027-02-01T00:00+0100/2027-03-01T23:59+0100
LATER\tKettle\t49.00 EUR\t39.00 EUR\t2027-03-02/2027-03-09
ALWAYS\tKettle\t49.00 EUR\t39.00 EUR\t
NONE\tKettle\t49.00 EUR\t\t2020-02-01/2020-02-28
""",
    "magento": """sku,name,price,special_price,special_price_from_date,special_price_to_date
OVER,Kettle,49.00,39.00,2027-02-01,2027-02-28 00:00:00
ON,Kettle,49.00,39.00,2027-03-01,
LATER,Kettle,49.00,39.00,2027-03-02,
ALWAYS,Kettle,49.00,39.00,,
NONE,Kettle,49.00,,,2020-01-01
""",
}


@pytest.mark.parametrize("table", DATED_SALES)
def test_a_sale_that_is_over_or_has_not_begun_on_the_jobs_date_is_none(campaign: Callable[..., Path], table: str) -> None:
    rows, found = offers(campaign, DATED_SALES[table], f"shop: {table.split()[0]}")
    on = {row.sku for row in rows if row.sale_price == Decimal("39.00")}
    assert on == {"ON", "ALWAYS"}
    told = [one for one in found if one.code == "sale-not-on"]
    assert [one.severity for one in told] == [Severity.NOTE] * 2
    assert "ended on 2027-02-28" in told[0].message
    assert "begins on 2027-03-02" in told[1].message


def test_dates_of_a_sale_that_cannot_be_read_are_told_and_can_be_said(campaign: Callable[..., Path]) -> None:
    table = "sku,name,price,special_price,special_to_date\nA,Kettle,49.00,39.00,2/28/2027\n"
    ((one,), found) = offers(campaign, table, "shop: magento")
    assert one.sale_price == Decimal("39.00")
    (told,) = [one for one in found if one.code == "unread-sale-date"]
    assert "2/28/2027" in told.message
    ((one,), found) = offers(campaign, table, "shop: magento, dates: {sale_ends: en-US}")
    assert one.sale_price is None
    assert "sale-not-on" in [one.code for one in found]


def test_what_comes_behind_a_description_and_is_no_day_is_not_taken_for_one(campaign: Callable[..., Path]) -> None:
    table = "SKU,Name,Description,Tax status,Regular price,Sale price\nA,Kettle,Boils,taxable,49.00,39.00\n"
    ((one,), found) = offers(campaign, table, "shop: woocommerce")
    assert (one.tax_status, one.sale_price) == ("taxable", Decimal("39.00"))
    assert "sale_" not in next(one.message for one in found if one.code == "shop-columns").replace("sale_price", "")


@pytest.mark.parametrize("parent", ["TS", "id:7"])
def test_a_variant_has_what_its_parent_says(campaign: Callable[..., Path], parent: str) -> None:
    table = (
        "ID,Type,SKU,Name,Description,Regular price,Categories,Tags,Images,Parent\n"
        f"8,variation,TS-S,Shirt - S,,49.90,,,,{parent}\n"
        f"9,variation,TS-M,Shirt - M,,,,,m.jpg,{parent}\n"
        '7,variable,TS,Shirt,Soft,39.90,Clothes,"new, red","a.jpg, b.jpg",\n'
        "5,simple,BAG,Bag,,9.90,,,,\n"
    )
    rows, found = offers(campaign, table, "shop: woocommerce")
    small, medium, _, bag = rows
    assert [(one.name, one.description, one.category, one.tags, one.images) for one in (small, medium, bag)] == [
        ("Shirt - S", "Soft", "Clothes", ("new", "red"), ("a.jpg", "b.jpg")),
        ("Shirt - M", "Soft", "Clothes", ("new", "red"), ("m.jpg",)),
        ("Bag", "", "", (), ()),
    ]
    assert (small.price, medium.price) == (Decimal("49.90"), None)
    assert "what a variant leaves empty is its parent's" in next(one.message for one in found)


@pytest.mark.parametrize(
    ("cell", "options", "price", "currency"),
    [
        ("€49.00", "", "49.00", "EUR"),
        ("£1,049.00", "", "1049.00", "GBP"),
        ("1\u202f049,00\xa0€", ", decimals: {price: fr-FR}", "1049.00", "EUR"),
    ],
)
def test_a_price_may_have_its_sign(
    campaign: Callable[..., Path], cell: str, options: str, price: str, currency: str
) -> None:
    table = f'Product ID,Name,Reference,Price (tax incl.)\n1,Kettle,K1,"{cell}"\n'
    ((one,), _) = offers(campaign, table, f"shop: prestashop{options}")
    assert (one.price, one.currency) == (Decimal(price), currency)


def test_a_sign_of_many_currencies_is_told(campaign: Callable[..., Path]) -> None:
    table = "Product ID,Name,Reference,Price (tax incl.)\n1,Kettle,K1,$49.00\n"
    _, found = offers(campaign, table, "shop: prestashop")
    assert "bad-cell" in [one.code for one in found]


def test_what_an_export_has_not_is_told(campaign: Callable[..., Path]) -> None:
    _, found = offers(campaign, "Nr,Name,Photos\nK1,Kettle,k.png\n", "shop: woocommerce")
    assert "there is no SKU or Regular price or Images" in next(one.message for one in found)


def test_a_former_price_without_a_price_is_a_column_as_others_are(campaign: Callable[..., Path]) -> None:
    ((one,), _) = offers(campaign, "SKU,Title,Compare-at price\nA,Kettle,24.00\n", "shop: shopify")
    assert (one.name, one.compare_at_price) == ("Kettle", "24.00")


@pytest.mark.parametrize(
    ("shop", "row"),
    [
        ("woocommerce", '{"SKU": "A", "Name": "K", "Images": ["k.png", "k2.png"], "Tags": ["new"]}'),
        ("woocommerce", '{"SKU": "A", "Name": "K", "Images": [], "Regular price": 18.50}'),
        ("merchant-center", '{"id": "A", "title": "K", "price": {"value": "18.50", "currency": "EUR"}}'),
        ("shopify", '{"SKU": "A", "Title": "K", "Price": ["18.50"], "Compare-at price": 20}'),
    ],
)
def test_a_shop_may_export_json(campaign: Callable[..., Path], shop: str, row: str) -> None:
    rows, found = offers(campaign, f"[{row}]", f"shop: {shop}", "offers.json")
    codes = [one.code for one in found if one.code == "bad-cell" or one.severity is Severity.ERROR]
    if "Images" in row:
        ((one,), images) = rows, json.loads(row)["Images"]
        assert (one.image, one.images, codes) == (images[0] if images else "", tuple(images), [])
    else:
        assert codes == ["bad-cell"]


def test_cells_may_be_lists(campaign: Callable[..., Path]) -> None:
    table = "sku,tags,sizes\nA,\"red, blue\",S|M||L\nB,,\n"
    (full, empty), _ = offers(campaign, table, 'split: {tags: ",", sizes: "|"}')
    assert (full.tags, full.sizes) == (("red", "blue"), ("S", "M", "L"))
    assert (empty.tags, empty.sizes) == ((), ())


def test_equal_headers_are_numbered(campaign: Callable[..., Path]) -> None:
    (one,), found = offers(campaign, "sku,Image,Image,Other,Image\nA,a,b,c,d\n", "")
    assert (one.image, one.image_2, one.image_3) == ("a", "b", "d")
    assert [finding.code for finding in found].count("numbered-header") == 2


IN_OTHER_LANGUAGES = {
    "woocommerce de": """ID,Typ,Artikelnummer,"GTIN, UPC, EAN oder ISBN",Name,Veröffentlicht,Kurzbeschreibung,\
Beschreibung,Lager,Gewicht (kg),Angebotspreis,Regulärer Preis,Kategorien,Schlagwörter,Bilder,Übergeordnetes Produkt,Position,Marken
7,variable,K,4006381333931,Kessel,1,Klein,Kocht,,,"39,5","49,00",Kessel,"neu, rot","k.png, l.png",,0,Kiln
8,variation,K-S,,Kessel - S,1,,,3,"1,2",,"44,00",,,,K,1,
""",
    "woocommerce fr": """ID,Type,UGS,Nom,Publié,Description courte,Description,Stock,Poids (kg),\
Tarif promo,Tarif régulier,Catégories,Étiquettes,Images,Parent,Position,Marques
7,variable,K,Kessel,1,Klein,Kocht,,,"39,5","49,00",Kessel,"neu, rot","k.png, l.png",,0,Kiln
8,variation,K-S,Kessel - S,1,,,3,"1,2",,"44,00",,,,id:7,1,
""",
    "woocommerce es": """ID,Tipo,SKU,Nombre,Publicado,Descripción corta,Descripción,Inventario,Peso (kg),\
Precio rebajado,Precio normal,Categorías,Etiquetas,Imágenes,Superior,Posición,Marcas
7,variable,K,Kessel,1,Klein,Kocht,,,"39,5","49,00",Kessel,"neu, rot","k.png, l.png",,0,Kiln
8,variation,K-S,Kessel - S,1,,,3,"1,2",,"44,00",,,,id:7,1,
""",
    "woocommerce zh-TW": """代碼,類型,貨號,名稱,已發佈,簡短內容說明,描述,庫存,重量 (kg),折扣價,原價,分類,標籤,圖片,上層,Position,Brands
7,variable,K,Kessel,1,Klein,Kocht,,,39.5,49.00,Kessel,"neu, rot","k.png, l.png",,0,Kiln
8,variation,K-S,Kessel - S,1,,,3,1.2,,44.00,,,,id:7,1,
""",
}


@pytest.mark.parametrize("table", IN_OTHER_LANGUAGES)
def test_a_shop_that_translates_its_headers_has_the_same_words(campaign: Callable[..., Path], table: str) -> None:
    (product, variant), found = offers(campaign, IN_OTHER_LANGUAGES[table], f"shop: {table.split()[0]}")
    assert (product.sku, product.name, product.summary, product.category) == ("K", "Kessel", "Klein", "Kessel")
    assert (product.price, product.sale_price, variant.price) == (Decimal("49.00"), Decimal("39.5"), Decimal("44.00"))
    assert (product.image, product.images, product.brand) == ("k.png", ("k.png", "l.png"), "Kiln")
    assert (variant.description, variant.tags, variant.images) == ("Kocht", ("neu", "rot"), ("k.png", "l.png"))
    (note,) = [one.message for one in found if one.code == "shop-columns"]
    assert "there is no" not in note


def test_a_french_prestashop_and_google_templates_are_read(campaign: Callable[..., Path]) -> None:
    table = "Product ID;Image;Nom;Référence;Catégorie;Montant HT;Montant TTC;Quantité;État\n"
    table += '1;k.png;Kessel;K1;Kessel;"40,83 €";"49,00 €";3;1\n'
    ((one,), _) = offers(campaign, table, "shop: prestashop, decimals: {price: fr-FR}")
    assert (one.sku, one.name, one.price, one.currency, one.stock) == ("K1", "Kessel", Decimal("49.00"), "EUR", "3")
    table = "ID [id]\tTitel [title]\tPreis [price]\tBildlink [image_link]\nK1\tKessel\t49.00 EUR\tk.png\n"
    ((one,), _) = offers(campaign, table, "shop: merchant-center")
    assert (one.sku, one.name, one.price, one.image) == ("K1", "Kessel", Decimal("49.00"), "k.png")


@pytest.mark.parametrize(
    "header",
    [
        "ID,Image,Name,Reference,Category,Base price,Final price,Quantity,Status",
        "ID,Bild,Name,Artikel-Nr.,Kategorie,VK netto,VK brutto,Menge,Status",
        "Id,Immagine,Nome,Riferimento,Categoria,Prezzo base,Prezzo finale,Quantità,Stato",
        "ID,Obraz,Nazwa,Indeks,Kategoria,Cena podstawowa,Cena ostateczna,Ilość,Wyświetlany",
        "Product ID,Afbeelding,Naam,Referentie,Categorie,Prijs ex,Prijs in,Aantal,Status,Positie",  # from 1.7 on
        "Product ID,Slika,Ime,Šifra,Kategorija,Cijena bez PDV,Cijena s PDV,Količina,Stanje,Položaj",
        "Product ID,Afbeelding,Naam,Referentie,Categorie,Prijs ex,Prijs in,Aantal",  # of the newer list, in 8 and 9
    ],
)
def test_the_product_list_of_a_prestashop_is_read_in_its_language(campaign: Callable[..., Path], header: str) -> None:
    cells = "1,k.png,Kessel,K1,Kessel,40.83,49.00,3" + ",1" * (header.count(",") - 7)
    ((one,), found) = offers(campaign, f"{header}\n{cells}\n", "shop: prestashop")
    assert (one.sku, one.name, one.price, one.stock) == ("K1", "Kessel", Decimal("49.00"), "3")
    assert (one.category, one.image) == ("Kessel", "k.png")
    assert "there is no" not in next(told.message for told in found if told.code == "shop-columns")


def test_what_a_translated_export_has_not_is_told_in_its_words(campaign: Callable[..., Path]) -> None:
    _, found = offers(campaign, "Artikelnummer,Name,Beschreibung\nK1,Kessel,Kocht\n", "shop: woocommerce")
    assert "there is no Regulärer Preis or Bilder" in next(one.message for one in found)


def test_a_comma_in_a_price_of_woocommerce_that_may_be_one_of_thousands_is_told(campaign: Callable[..., Path]) -> None:
    _, found = offers(campaign, 'SKU,Name,Regular price\nK1,Kettle,"1,249"\n', "shop: woocommerce")
    assert "bad-cell" in [one.code for one in found]
    table = 'Artikelnummer,Name,Regulärer Preis\nK1,Kessel,"1.249,50"\n'
    ((one,), _) = offers(campaign, table, "shop: woocommerce, decimals: {price: de-DE}")
    assert one.price == Decimal("1249.50")


def test_what_the_job_names_itself_is_called_so(campaign: Callable[..., Path]) -> None:
    table = SHOPS["woocommerce"]
    german = table.replace("SKU,Name", "Artikelnummer,Name")
    named = "{sku: Artikelnummer, title: Name, was: Regular price}"
    ((one, _), _) = offers(campaign, german, f"shop: woocommerce, columns: {named}")
    assert (one.sku, one.title, one.was, one.sale_price) == ("K1", "Kettle", "49.00", Decimal("39.00"))
    ((one, _), found) = offers(campaign, table, "shop: woocommerce, columns: {sku: ID, price: Sale price}")
    assert (one.sku, one.name, one.price) == ("7", "Kettle", Decimal("39.00"))
    assert "hidden-column" in [told.code for told in found]
    export = SHOPS["shopify"].replace("Handle", "Slug")
    ((_, second), _) = offers(campaign, export, "shop: shopify, columns: {handle: Slug}")
    assert (second.sku, second.name) == ("K2", "Kettle")
