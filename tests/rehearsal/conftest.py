"""A server of its own for each test, and the real client."""

from __future__ import annotations

import functools
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from openai import DefaultHttpxClient, OpenAI

from pressrun.providers.openai.rehearsal.server import Rehearsal, serve

Start = Callable[..., tuple[OpenAI, Rehearsal]]


@functools.cache
def trusted() -> ssl.SSLContext:
    """Read once: it takes longer than most of these tests."""
    return httpx2.create_ssl_context()


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts servers with options; all are closed, and so are the clients, when the test ends."""
    servers: list[Rehearsal] = []
    clients: list[OpenAI] = []

    def begin(**options: Any) -> tuple[OpenAI, Rehearsal]:
        servers.append(serve(**options))
        http = DefaultHttpxClient(verify=trusted())
        base_url = servers[-1].base_url
        clients.append(OpenAI(base_url=base_url, api_key="sk-rehearsal", max_retries=0, timeout=20, http_client=http))
        return clients[-1], servers[-1]

    yield begin
    for client in clients:
        client.close()
    for server in servers:
        server.close()
