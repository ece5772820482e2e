"""Pictures that are given by their address: which addresses may be fetched, and how."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct, field

from pressrun.model.destination import host_of

PORTS = {"http": 80, "https": 443}


class CannotFetch(Exception):
    """An address that may not be fetched, or does not answer; ``remedy`` is what would make it."""

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy


class Target(Struct, frozen=True):
    """What is asked for in place of an address: its name is looked up once, so that what was looked at is what is
    asked. ``is_home`` is the server that the picture was bought of."""

    url: str
    is_home: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)


def is_address(url: str) -> bool:
    """Whether a picture could be fetched there at all."""
    try:
        return bool(host_of(url)) and "@" not in urlsplit(url).netloc
    except ValueError:
        return False


def target_of(url: str, home: str, hosts: Collection[str]) -> Target:
    """How a picture's address is fetched: from the server at ``home``, and from ``hosts`` that were named
    (``cdn.example``, ``cdn.example:8443``, or ``.cdn.example`` for all below it). Addresses of private networks must be
    named themselves. Raises CannotFetch."""
    if not is_address(url):
        raise CannotFetch("it is no address")
    parts, here = urlsplit(url), urlsplit(home)
    port = parts.port or PORTS[parts.scheme]
    if (parts.scheme, parts.hostname, port) == (here.scheme, here.hostname, here.port or PORTS.get(here.scheme)):
        return Target(url, is_home=True)
    host, name = host_of(url), parts.hostname or ""
    if not any(host == one or (one[0] == "." and host.endswith(one)) for one in hosts):
        raise CannotFetch(
            f"{parts.scheme}://{host} is not {here.scheme}://{host_of(home)}, nor named as a host that pictures lie on",
            f"write `image_hosts: [{host}]` in the job's provider, and run it again: what is paid is fetched",
        )
    if parts.scheme == "http" and here.scheme != "http":
        raise CannotFetch(f"{host} is asked over https only")
    address = _looked_up(name, port, hosts)
    shown = f"[{address}]" if ":" in address else address
    path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    return Target(f"{parts.scheme}://{shown}:{port}{path}", False, {"host": host}, {"sni_hostname": name})


def _looked_up(name: str, port: int, hosts: Collection[str]) -> str:
    try:
        found = [str(one[4][0]) for one in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise CannotFetch(f"{name} is not known: {error}") from error
    named = {urlsplit(f"//{host}").hostname for host in hosts}
    for address in found:
        meant = address in named or (name in named and _is_literal(name))
        if not meant and not ipaddress.ip_address(address.partition("%")[0]).is_global:
            said = f"{name} is {address}, of a private network"
            raise CannotFetch(said, f"if that is meant, name it as well: `image_hosts: [{name}, {address}]`")
    return found[0]


def _is_literal(name: str) -> bool:
    """Whether a name is a number, or this machine: nobody can make it lead elsewhere."""
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return name == "localhost"
