"""What a file says of itself, as it was read."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

# Keys of Info, and the properties of XMP that ISO 15930-7 wants to be equal to them.
SAME = {
    "Title": "title", "CreationDate": "CreateDate", "ModDate": "ModifyDate", "Creator": "CreatorTool",
    "Producer": "Producer", "Trapped": "Trapped",
}  # fmt: skip


class Identification(Struct, frozen=True):
    """``info`` and ``xmp`` by the names of their keys, without prefixes; ``claims`` are the standards, each once."""

    info: dict[str, str] = field(default_factory=dict)
    xmp: dict[str, str] = field(default_factory=dict)
    has_xmp: bool = False
    xmp_fault: str = ""
    xmp_is_packed: bool = False
    has_id: bool = True
    trapped_is_name: bool = True
    claims: tuple[str, ...] = ()

    @property
    def standard(self) -> str:
        return self.claims[0] if self.claims else ""

    def differences(self) -> Iterator[str]:
        """The keys of Info that XMP says otherwise."""
        for key, name in SAME.items():
            said, also = self.info.get(key), self.xmp.get(name)
            if said and also and not _says_the_same(said.strip(), also.strip(), is_date=key.endswith("Date")):
                yield key


def _says_the_same(first: str, second: str, *, is_date: bool) -> bool:
    if not is_date:
        return first == second
    digits = ["".join(filter(str.isdigit, text)) for text in (first, second)]
    length = min(12, *map(len, digits))  # to the minute
    return digits[0][:length] == digits[1][:length] or digits[0][14:] != digits[1][14:]  # else in another time zone
