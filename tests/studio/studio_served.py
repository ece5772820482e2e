"""The studio on a port, in this process."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

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
