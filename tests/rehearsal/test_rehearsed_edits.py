"""Picture to picture: multipart and JSON, masks, and every rule about the files."""

from __future__ import annotations

import base64
import io
from typing import Any

import openai
import pytest
from PIL import Image

ASK: dict[str, Any] = {"model": "gpt-image-2", "prompt": "make it snow", "size": "1024x1024", "quality": "low"}


def png(size: tuple[int, int] = (320, 320), color: Any = (200, 30, 30), mode: str = "RGB", kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, kind)
    return out.getvalue()


def part(data: bytes | None = None, mime: str = "image/png", name: str = "a.png") -> tuple[str, bytes, str]:
    return (name, png() if data is None else data, mime)


def mask(size: tuple[int, int] = (320, 320)) -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGBA", size, (0, 0, 0, 255))
    picture.paste((0, 0, 0, 0), (0, 0, size[0] // 2, size[1]))
    picture.save(out, "PNG")
    return out.getvalue()


def opened(answer: Any) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(answer.data[0].b64_json))).convert("RGB")


def test_one_reference(start: Any) -> None:
    client, server = start()
    answer = client.images.edit(image=part(), **ASK)
    assert opened(answer).size == (1024, 1024)
    assert answer.usage.input_tokens_details.image_tokens == 100
    assert answer.usage.input_tokens_details.text_tokens == 3
    (charge,) = server.charges()["charges"]
    assert charge["endpoint"] == "/v1/images/edits"
    assert charge["usd"] == pytest.approx((100 * 8 + 3 * 5 + 196 * 30) / 1e6)


def test_sixteen_references_and_no_more(start: Any) -> None:
    client, _ = start()
    answer = client.images.edit(image=[part() for _ in range(16)], **ASK)
    assert answer.usage.input_tokens_details.image_tokens == 1600
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.edit(image=[part() for _ in range(17)], **ASK)
    assert (caught.value.code, caught.value.param) == ("array_above_max_length", "image")


def test_the_reference_shows_and_the_mask_says_where_it_changes_most(start: Any) -> None:
    client, _ = start()
    drawn = opened(client.images.edit(image=part(), mask=part(mask()), **ASK))

    def distance(x: int) -> int:
        return sum(abs(a - b) for a, b in zip(drawn.getpixel((x, 4)), (200, 30, 30), strict=True))  # type: ignore[arg-type]

    assert 0 < distance(1020) < distance(4), "soft: changed everywhere, more inside the mask"


def test_other_references_give_another_picture(start: Any) -> None:
    client, _ = start()
    first = client.images.edit(image=part(), **ASK)
    assert client.images.edit(image=part(), **ASK).data == first.data
    assert client.images.edit(image=part(png(color=(0, 0, 255))), **ASK).data != first.data


def test_fields_of_a_form_are_read_as_their_types(start: Any) -> None:
    client, server = start()
    answer = client.images.edit(
        image=part(), **ASK, n=2, output_format="webp", output_compression=40, extra_body={"moderation": "low"}
    )
    assert len(answer.data) == 2
    assert answer.output_format == "webp"
    assert server.charges()["totals"]["images"] == 2


def test_the_json_body(start: Any) -> None:
    client, _ = start()
    upload = client.files.create(file=part(), purpose="vision")
    url = "data:image/png;base64," + base64.b64encode(png()).decode()
    covering = client.files.create(file=part(mask(), name="mask.png"), purpose="vision")
    answer = client.post(
        "/images/edits",
        body=ASK | {"images": [{"file_id": upload.id}, {"image_url": url}], "mask": {"file_id": covering.id}},
        cast_to=openai.types.ImagesResponse,
    )
    assert answer.usage.input_tokens_details.image_tokens == 200
    same = client.images.edit(image=[part(), part()], mask=part(mask()), **ASK)
    assert same.data == answer.data


@pytest.mark.parametrize(
    ("images", "code"),
    [
        ([{"image_url": "https://example.com/a.png"}], "failed_to_download_image"),
        ([{"image_url": "data:image/png;base64,???"}], "invalid_base64_image"),
        ([{"file_id": "a", "image_url": "b"}], "invalid_value"),
        ("a.png", "invalid_type"),
        ([], "missing_required_parameter"),
    ],
)
def test_a_wrong_json_body(start: Any, images: Any, code: str) -> None:
    client, _ = start()
    with pytest.raises(openai.BadRequestError) as caught:
        client.post("/images/edits", body=ASK | {"images": images}, cast_to=openai.types.ImagesResponse)
    assert caught.value.code == code


def test_a_file_nobody_uploaded(start: Any) -> None:
    client, _ = start()
    with pytest.raises(openai.NotFoundError):
        client.post(
            "/images/edits", body=ASK | {"images": [{"file_id": "file-none"}]}, cast_to=openai.types.ImagesResponse
        )


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"image": png()}, "unsupported_file_mimetype", "image"),
        ({"image": [part(), part(mime="image/gif")]}, "unsupported_file_mimetype", "image[1]"),
        ({"image": part(b"not a picture")}, "invalid_image_file", "image"),
        ({"image": part(png(kind="BMP"))}, "invalid_image_file", "image"),
        ({"image": part(png() + bytes(50 * 1024 * 1024))}, "file_too_large", "image"),
        ({"mask": part(mask((321, 320)))}, "invalid_image_format", "mask"),
        ({"mask": part(png())}, "invalid_image_format", "mask"),
        ({"mask": part(mask(), "image/jpeg")}, "unsupported_file_mimetype", "mask"),
        ({"mask": part(mask() + bytes(4 * 1024 * 1024))}, "file_too_large", "mask"),
        ({"markup": part(mask())}, "unsupported_parameter", "markup"),
        ({"markup": part(mask()), "mask": part(mask()), "model": "gpt-image-2.5-flare"}, "invalid_value", "markup"),
        ({"input_fidelity": "high"}, "invalid_input_fidelity_model", "input_fidelity"),
        ({"n": 11}, "integer_above_max_value", "n"),
        ({"extra_body": {"n": "many"}}, "invalid_type", "n"),
        ({"extra_body": {"seed": "1"}}, "unknown_parameter", "seed"),
        ({"response_format": "url"}, "unknown_parameter", "response_format"),
    ],
)
def test_what_the_api_refuses_is_refused(start: Any, change: dict[str, Any], code: str, param: str) -> None:
    client, server = start()
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.edit(**{"image": part()} | ASK | change)
    assert (caught.value.code, caught.value.param) == (code, param)
    assert server.charges()["totals"]["count"] == 0


def test_what_other_models_take(start: Any) -> None:
    client, _ = start()
    assert client.images.edit(image=part(), input_fidelity="high", **ASK | {"model": "gpt-image-1.5"}).data
    assert client.images.edit(image=part(), markup=part(mask()), **ASK | {"model": "gpt-image-2.5-flare"}).data
