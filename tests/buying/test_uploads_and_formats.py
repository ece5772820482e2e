"""What is sent along lies at the provider once; what comes in other formats is kept as it came, and placed as pixels."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from pressrun.generate.buy.breaker import MOST_IN_A_ROW
from pressrun.model.errors import ProviderStopped
from pressrun.model.picture import Reference

BARNS = [f"a barn, number {number}" for number in range(8)]


def reference(shop: Any, color: str, mode: str = "RGB") -> Reference:
    out = io.BytesIO()
    picture = Image.new(mode, (64, 64), color)
    if mode == "RGBA":
        picture.putpixel((1, 1), (0, 0, 0, 0))
    picture.save(out, "PNG")
    return Reference(shop.store.put(out.getvalue()), f"{color}.png", "image/png")


def uploaded(shop: Any) -> int:
    return int(shop.server.charges()["requests"].get("/v1/files", {}).get("200", 0))


def test_references_are_uploaded_once_and_named_in_every_call(open_shop: Any) -> None:
    shop = open_shop()
    request = {"references": (reference(shop, "red"), reference(shop, "blue")), "mask": reference(shop, "white", "RGBA")}
    plain = shop.buy(BARNS[0], request=request)
    assert uploaded(shop) == 0
    bought = shop.buy(*BARNS, run="second", request=request, upload_references=True)
    assert plain.made.keys() <= bought.made.keys(), "how they are sent is no part of what is asked for"
    assert len(bought.made) == shop.charged == len(BARNS)
    assert uploaded(shop) == 3
    billed = {one["usage"]["input_tokens_details"]["image_tokens"] for one in shop.server.charges()["charges"]}
    assert billed == {2 * 4}
    assert shop.journal.spent() == shop.charged_usd
    shop.buy("one more", run="third", request=request, upload_references=True)
    assert uploaded(shop) == 3


def test_what_cannot_be_uploaded_goes_along(open_shop: Any) -> None:
    shop = open_shop()
    shop.server._routes[:] = [route for route in shop.server._routes if route[1] != "/v1/files"]
    bought = shop.buy(*BARNS[:2], request={"references": (reference(shop, "red"),)}, upload_references=True)
    assert len(bought.made) == 2


@pytest.mark.parametrize("kind", ["svg", "gif"])
def test_drawings_and_moving_pictures_are_kept_as_they_came(open_shop: Any, kind: str) -> None:
    shop = open_shop(also_formats=["svg", "gif"])
    bought = shop.buy("a barn", output_format=kind)
    (made,) = bought.made.values()
    original = shop.store.read(dict(made.provenance.said)["original"])
    assert original.startswith(b"<svg" if kind == "svg" else b"GIF8")
    with Image.open(io.BytesIO(shop.store.read(made.digest))) as picture:
        assert picture.format == "PNG"
        assert picture.size == ((1024, 640) if kind == "svg" else (256, 160))
        assert len(picture.convert("RGBA").getcolors(10**6) or ()) > 1
    assert shop.provider(output_format=kind).quote(shop.tasks(["a barn"], shop.provider())[0].request) is None
    assert [finding.code for finding in bought.notes] == ([] if kind == "svg" else ["picture-size"])


def test_an_account_without_them_stops_at_once(open_shop: Any) -> None:
    shop = open_shop()
    with pytest.raises(ProviderStopped) as caught:
        shop.buy(*BARNS, output_format="svg")
    assert "output_format" in str(caught.value.hint)
    assert shop.asked() <= MOST_IN_A_ROW
    assert shop.charged == 0


@pytest.mark.parametrize("options", [{"stream": True}, {"output_compression": 50}])
def test_what_no_gif_can_be_had_with_is_told(open_shop: Any, options: dict[str, Any]) -> None:
    shop = open_shop()
    provider = shop.provider(output_format="gif", **options)
    found = provider.faults(shop.tasks(["a barn"], provider)[0].request, shop.store.read)
    assert [finding.code for finding in found] == ["format-conflict"]
