"""What the contact sheet says of a file, and of the run that it is of."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field


class CropShown(Struct, frozen=True):
    """Which part of a picture a layer shows: ``box`` is x, y, width and height in fractions of it, ``picture`` a small
    JPEG, PNG or WebP of the whole."""

    name: str
    picture: bytes
    box: tuple[float, float, float, float]


class Card(Struct, frozen=True):
    """One delivered or failed asset.

    `path` is relative to the page, with forward slashes. `thumb` is the digest (hex) of a JPEG, or empty. `status` is
    `made`, `reused` or `failed`. `row` is what its row is called, with " · " between the parts, `keys` the keys of
    these; `product` is the key that it is grouped by, `name` what that is called. `findings` are (severity, code,
    message), severities `error`, `warning`, `note`; what to do may follow a message on a line of its own. `prompts`
    are (slot/master, exact text), `provenance` (label, value). `texts` are (layer id, "text · 24 pt, 2 lines"): what
    follows the last " · " is set apart when it begins with a size. `direction` is the locale's, `ltr` or `rtl`.
    `previews` are (label, bytes of a small JPEG, PNG or WebP): the picture half done, where its maker showed it. Files
    with one `sheet` that follow each other are one tile, such as a press PDF and its proof; an empty one stands alone.
    """

    id: str
    path: str
    thumb: str
    layout: str
    format: str
    locale: str
    product: str
    row: str
    size: str
    status: str
    findings: tuple[tuple[str, str, str], ...]
    prompts: tuple[tuple[str, str], ...]
    provenance: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str], ...]
    direction: str
    previews: tuple[tuple[str, bytes], ...] = ()
    sheet: str = ""
    name: str = ""
    keys: str = ""
    crops: tuple[CropShown, ...] = ()


class SheetHeader(Struct, frozen=True):
    """What stands above the cards; `counts` are (status, number) and `costs` (label, sum) in the order to show,
    `provider_note` may be empty. `locales` and `layouts` say what each is called. `language` is that of the page's own
    words, one of `LANGUAGES`; labels, sums and names are in it already."""

    job: str
    brand: str
    run: str
    started: str
    counts: tuple[tuple[str, int], ...]
    costs: tuple[tuple[str, str], ...]
    provider_note: str
    locales: Mapping[str, str] = field(default_factory=dict)
    layouts: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
