"""The rehearsal's art: real pictures of the asked size and format, drawn in milliseconds from a seed."""

from __future__ import annotations

import base64
import hashlib
import io

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from pressrun.providers.openai.rehearsal.protocol import Order

FORMATS = {"png": "PNG", "jpeg": "JPEG", "webp": "WEBP"}


def seed_of(order: Order, salt: str = "") -> bytes:
    """What makes a picture its own: everything that was asked; the same order gives the same pictures."""
    asked = [order.model.name, order.prompt, order.size, order.quality, order.background, salt]
    digest = hashlib.sha256("\0".join(asked).encode())
    for one in (*order.references, *((order.mask,) if order.mask else ())):
        digest.update(hashlib.sha256(one.data).digest())
    return digest.digest()


def draw(order: Order, seed: bytes, index: int, size: tuple[int, int] | None = None) -> Image.Image:
    """Picture number `index` (from 0) of an order, at its own size or another one (pixels).

    An edit shows its first reference, slightly changed everywhere and strongly where the mask is transparent: masks
    are soft, the whole picture is drawn again.
    """
    bits = hashlib.sha256(seed + index.to_bytes(2, "big")).digest()
    size = size or (order.width, order.height)
    if order.background == "transparent":
        ground = Image.new("RGBA", size, (0, 0, 0, 0))
    else:
        ground = _gradient(size, bits)
        if order.references:
            ground = _redraw(ground, order)
    _shapes(ground, bits)
    return ground


def checkerboard(picture: Image.Image) -> Image.Image:
    """The same picture on a painted checkerboard: what a model does that misunderstood `transparent`."""
    side = max(8, picture.width // 32)
    tile = Image.new("RGB", (side * 2, side * 2), (255, 255, 255))
    pen = ImageDraw.Draw(tile)
    pen.rectangle((0, 0, side - 1, side - 1), fill=(204, 204, 204))
    pen.rectangle((side, side, 2 * side - 1, 2 * side - 1), fill=(204, 204, 204))
    board = Image.new("RGB", picture.size)
    for y in range(0, picture.height, side * 2):
        for x in range(0, picture.width, side * 2):
            board.paste(tile, (x, y))
    if picture.mode == "RGBA":
        board.paste(picture, (0, 0), picture)
    return board


def partial(picture: Image.Image, index: int, count: int) -> Image.Image:
    """A preview: the later, the sharper."""
    return picture.filter(ImageFilter.BoxBlur(max(1, picture.width * (count - index) // (64 * count))))


def encode(picture: Image.Image, output_format: str, compression: int = 100) -> bytes:
    """The file. `compression` is the API's number: 100 is the best quality for jpeg and webp."""
    out = io.BytesIO()
    if output_format == "png":
        picture.save(out, "PNG", compress_level=1, compress_type=3)  # run lengths: quick, and small for flat art
    elif output_format == "gif":
        small = ImageOps.contain(picture.convert("RGB"), (256, 256))
        small.save(out, "GIF", save_all=True, append_images=[ImageOps.mirror(small)], duration=200)
    elif output_format == "svg":
        width, height = picture.size
        x, y = width // 2, height // 2
        color = f"#{picture.convert('RGB').crop((x, y, x + 1, y + 1)).tobytes().hex()}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><circle cx="{width / 2}" '
            f'cy="{height / 2}" r="{min(width, height) / 3}" fill="{color}"/></svg>'
        ).encode()
    else:
        if output_format == "jpeg" and picture.mode != "RGB":
            picture = picture.convert("RGB")
        picture.save(out, FORMATS[output_format], quality=max(1, min(compression, 95)))
    return out.getvalue()


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _gradient(size: tuple[int, int], bits: bytes) -> Image.Image:
    top, bottom = (bits[0], bits[1], bits[2]), (bits[3], bits[4], bits[5])
    ramp = Image.linear_gradient("L").resize((1, size[1]), Image.Resampling.BILINEAR)
    column = ImageOps.colorize(ramp, top, bottom)
    return column.resize(size, Image.Resampling.NEAREST)


def _redraw(ground: Image.Image, order: Order) -> Image.Image:
    first = order.references[0]
    with Image.open(io.BytesIO(first.data)) as opened:
        shown = ImageOps.fit(opened.convert("RGBA"), ground.size)
    base = ground.copy()
    base.paste(shown, (0, 0), shown)
    kept = Image.blend(base, ground, 0.12)
    if order.mask is None:
        return kept
    with Image.open(io.BytesIO(order.mask.data)) as opened:
        keep = ImageOps.fit(opened.convert("RGBA").getchannel("A"), ground.size)
    return Image.composite(kept, Image.blend(base, ground, 0.85), keep)


def _shapes(ground: Image.Image, bits: bytes) -> None:
    width, height = ground.size
    pen = ImageDraw.Draw(ground)
    for at in range(8, 23, 7):
        x, y, span = bits[at] / 255 * width, bits[at + 1] / 255 * height, (0.1 + bits[at + 2] / 1020) * width
        color = (bits[at + 3], bits[at + 4], bits[at + 5])
        box = (x - span / 2, y - span / 2, x + span / 2, y + span / 2)
        if bits[at + 6] % 2:
            pen.ellipse(box, fill=color)
        else:
            pen.rectangle(box, fill=color)
    # Wherever the others fell, one shape is always whole and inside: a transparent picture is never empty.
    middle = (width * 0.4, height * 0.4, width * 0.6, height * 0.6)
    pen.ellipse(middle, fill=(bits[29], bits[30], bits[31]))
