"""Exports of shops have one vocabulary, whichever shop they come from; cells may be lists."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest

from pressrun import registry
from pressrun.load import load_project
from pressrun.load.shops import shop_names
from pressrun.model.errors import InputError
from pressrun.model.finding import Finding, Severity
from pressrun.model.tables import ShopName

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


def offers(campaign: Callable[..., Path], table: str, options: str) -> tuple[Any, list[Finding]]:
    """A row set of this table, and what loading it finds."""
    said = f", {options}" if options else ""
    added = f"{PRODUCTS}\n  offer: {{file: data/offers.csv, key: sku{said}}}"
    job = campaign({"jobs/job.yaml": {PRODUCTS: added}})
    (job.parent / "data/offers.csv").write_text(table, "utf-8")
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


def test_the_job_knows_the_shops_that_there_are() -> None:
    assert set(get_args(ShopName)) == set(shop_names()) == set(SHOPS)


def test_another_shop_is_told(campaign: Callable[..., Path]) -> None:
    _, found = offers(campaign, SHOPS["magento"].replace("sku,name", "code,label"), "shop: shopify")
    errors = [one for one in found if one.severity is Severity.ERROR]
    assert [(one.code, one.hint) for one in errors if one.code == "no-shop-columns"] == [
        ("no-shop-columns", "an export of shopify has Variant SKU and Title")
    ]


def test_cells_may_be_lists(campaign: Callable[..., Path]) -> None:
    table = "sku,tags,sizes\nA,\"red, blue\",S|M||L\nB,,\n"
    (full, empty), _ = offers(campaign, table, 'split: {tags: ",", sizes: "|"}')
    assert (full.tags, full.sizes) == (("red", "blue"), ("S", "M", "L"))
    assert (empty.tags, empty.sizes) == ((), ())


def test_equal_headers_are_numbered(campaign: Callable[..., Path]) -> None:
    (one,), found = offers(campaign, "sku,Image,Image,Other,Image\nA,a,b,c,d\n", "")
    assert (one.image, one.image_2, one.image_3) == ("a", "b", "d")
    assert [finding.code for finding in found].count("numbered-header") == 2
