"""An address with what tracks it, and the way into a wireless network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from pydantic import Field

from pressrun.layers.code.contents.base import Content, Said, escaped, lacking, told, told_in_a_line, wrong
from pressrun.model.table_content import Written

_AS_WRITTEN = "%/:=&?~#+!$,;'@()*[]"
LONGEST_NETWORK, SHORTEST_PASSWORD, LONGEST_PASSWORD = 32, 8, 63  # IEEE 802.11


class Url(Content):
    """An address; what its parameters say of a row comes behind what it has already."""

    TEMPLATES: ClassVar[tuple[str, ...]] = ("address",)

    address: str = Field(description="The address: a template.")
    parameters: dict[str, str] = Field(
        default_factory=dict,
        description="What is added behind its `?`, by name: templates. One that is empty for a row is left out.",
    )

    def templates(self) -> Iterator[Written]:
        yield from super().templates()
        yield from (Written(text, ("parameters", name)) for name, text in self.parameters.items())

    def encoded(self, said: Said) -> str:
        address = told_in_a_line(said, "address", "the address")
        if not address:
            raise lacking("the address is empty")
        try:
            parts = urlsplit(address)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            host = ""
        if not host or parts.scheme.lower() not in ("http", "https") or any(map(str.isspace, parts.netloc)):
            raise wrong(f"'{address}' is no address of a website", "write it out: https://example.com/offer")
        try:
            host = host if host.isascii() else host.encode("idna").decode()
        except UnicodeError:
            raise wrong(f"'{host}' is no name of a website", "write it as a browser shows it") from None
        user = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
        host = f"[{host}]" if ":" in host else host
        place = f"{user}{host}:{port}" if port else f"{user}{host}"
        asked = [(name, told(said, f"parameters.{name}")) for name in self.parameters]
        asked = [(name, value) for name, value in asked if value]
        known = {name for name, _ in asked}
        kept = parts.query
        if known & {name for name, _ in parse_qsl(kept, keep_blank_values=True)}:
            others = parse_qsl(kept, keep_blank_values=True)
            kept = urlencode([pair for pair in others if pair[0] not in known], quote_via=quote)
        query = "&".join(part for part in (quote(kept, _AS_WRITTEN), urlencode(asked, quote_via=quote)) if part)
        path, fragment = quote(parts.path, _AS_WRITTEN), quote(parts.fragment, _AS_WRITTEN)
        return urlunsplit((parts.scheme.lower(), place, path, query, fragment))


class Wifi(Content):
    """A wireless network that telephones join when they read the code."""

    TEMPLATES: ClassVar[tuple[str, ...]] = ("network", "password")

    network: str = Field(description="The name of the network: a template.")
    password: str | None = Field(default=None, description="Its password: a template. An open network has none.")
    security: Literal["wpa", "wep", "open"] = Field(
        default="wpa", description="How it is guarded; `wpa` stands for WPA2 and WPA3 too."
    )
    hidden: bool = Field(default=False, description="Whether it does not tell its name.")

    def encoded(self, said: Said) -> str:
        network = told_in_a_line(said, "network", "the name of the network")
        password = told_in_a_line(said, "password", "the password of the network")
        if not network:
            raise lacking("the network has no name")
        if len(network.encode()) > LONGEST_NETWORK:
            message = f"the name of the network is longer than {LONGEST_NETWORK} bytes: '{network}'"
            raise wrong(message, "write it as the router has it")
        if self.security == "open":
            if password:
                raise wrong("an open network has no password", "take it out, or write `security: wpa`")
        elif not password:
            raise lacking("the network has no password")
        elif self.security == "wpa" and not SHORTEST_PASSWORD <= len(password.encode()) <= LONGEST_PASSWORD:
            asked = f"{SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters"
            message = f"the password of a WPA network has {asked}, and this one {len(password.encode())}"
            raise wrong(message, "write the password as the router has it")
        kind = {"wpa": "WPA", "wep": "WEP", "open": "nopass"}[self.security]
        parts = [f"T:{kind}", f"S:{_part(network)}"]
        parts += [f"P:{_part(password)}"] if password else []
        parts += ["H:true"] if self.hidden else []
        return f"WIFI:{';'.join(parts)};;"


def _part(text: str) -> str:
    return escaped(text, ';,":')
