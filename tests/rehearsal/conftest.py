"""A server of its own for each test, and the real client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from openai import OpenAI

from pressrun.providers.openai.rehearsal.server import Rehearsal, serve

Start = Callable[..., tuple[OpenAI, Rehearsal]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts servers with options; all are closed, and so are the clients, when the test ends."""
    servers: list[Rehearsal] = []
    clients: list[OpenAI] = []

    def begin(**options: Any) -> tuple[OpenAI, Rehearsal]:
        servers.append(serve(**options))
        clients.append(OpenAI(base_url=servers[-1].base_url, api_key="sk-rehearsal", max_retries=0, timeout=20))
        return clients[-1], servers[-1]

    yield begin
    for client in clients:
        client.close()
    for server in servers:
        server.close()
