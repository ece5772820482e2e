"""The studio on a port, in this process."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from studio_samples import TOKEN


@contextlib.contextmanager
def serving(root: Path) -> Iterator[str]:
    """The studio over a campaign, on a port: its address."""
    import uvicorn

    from pressrun.commands.studio.server import app_of, close, listening

    door, app = listening("127.0.0.1", 0), app_of(root, TOKEN, "Mara")
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        door.close()
        close(app)


def until(state: Callable[[], bool]) -> None:
    """Waits for what another process does, half a minute at most."""
    for _ in range(600):
        if state():
            return
        time.sleep(0.05)
    pytest.fail("it never came to be so")
