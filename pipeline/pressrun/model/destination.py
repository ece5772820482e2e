"""Where a provider sends prompts, pictures and its key."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from msgspec import Struct

# Names of keys that are meant to be sent to a maker of pictures. A job file must not choose among all of somebody's
# secrets: further names are allowed outside the campaign.
_KEYS = re.compile(r"PRESSRUN_[A-Z0-9_]+|(?:[A-Z0-9]+_)*OPENAI_API_KEY(?:_[A-Z0-9_]+)?|LITELLM_(?:[A-Z0-9]+_)?API_KEY")
_CREDENTIALS = re.compile(r"(?<=://)[^/?#@\s]*@")
_QUERY = re.compile(r"(https?://[^\s?'\"]*)\?[^\s'\"]*", re.IGNORECASE)


class Destination(Struct, frozen=True):
    """``host`` as somebody allows it, with its port where one is written. ``key`` is the variable that the key is read
    from, None where none is sent. ``own``: it is the provider's own address, or one that the environment names.
    ``own_key``: it is the variable that this kind of server has its key in."""

    host: str
    key: str | None
    own: bool
    own_key: bool

    @property
    def name(self) -> str:
        """The host without its port."""
        return urlsplit(f"//{self.host}").hostname or ""

    @property
    def is_known(self) -> bool:
        """Whether nobody has to allow it: its own, or this machine where no key goes along."""
        return self.own or (self.key is None and is_this_machine(self.host))

    @property
    def key_is_meant(self) -> bool:
        return self.key is None or self.own_key or _KEYS.fullmatch(self.key) is not None


def is_this_machine(host: str) -> bool:
    """Whether a host, with or without a port, is a loopback address."""
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def host_of(address: str) -> str:
    """The host of an address, with its port if one is written. Raises ValueError, with the reason, for what is no
    address that a server can be asked at."""
    if any(character.isspace() or not character.isprintable() for character in address):
        raise ValueError("there are blanks or control characters in it")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("write it as https://host/v1")
    try:
        parts.hostname.encode("idna")
    except UnicodeError:
        raise ValueError("its host is no name that a server can have") from None
    port = parts.port  # raises ValueError itself
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return name if port is None else f"{name}:{port}"


def masked(text: str) -> str:
    """The text without what may be secret in addresses: a user's name and password, and what is asked for."""
    return _QUERY.sub(r"\1?…", _CREDENTIALS.sub("…@", text))

