"""A PostgreSQL server of our own on loopback, in a folder for the time of the tests."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

USER = "pressrun"
AS_ROOT = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}  # which it refuses
FAST = ("fsync=off", "shared_buffers=16MB", "max_connections=60", "unix_socket_directories=", "log_min_messages=fatal")


def programs() -> Path | None:
    """The folder of its programs, the newest where there are several."""
    there = [Path(found).parent for found in [shutil.which("initdb")] if found]
    there += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    return next((folder for folder in there if (folder / "initdb").exists()), None)


class PostgresServer:
    """Started when it is made, on a port that is free."""

    def __init__(self, bin: Path) -> None:
        self._bin = bin
        self.folder = Path(tempfile.mkdtemp(prefix="pressrun-postgres-"))
        if AS_ROOT:
            shutil.chown(self.folder, "postgres", "postgres")
        self.port = self.free_port()
        self._numbers = itertools.count()
        self._run("initdb", "-D", "data", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        self.start()

    @staticmethod
    def free_port() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    def start(self) -> None:
        options = [part for setting in (*FAST, f"port={self.port}", "listen_addresses=127.0.0.1") for part in ("-c", setting)]
        self.process = subprocess.Popen(
            [self._bin / "postgres", "-D", "data", *options], cwd=self.folder, **AS_ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(600):
            try:
                psycopg.connect(self.url).close()
                return
            except psycopg.OperationalError:
                assert self.process.poll() is None, "the server ended"
                time.sleep(0.05)
        raise AssertionError("the server does not answer")

    def stop(self) -> None:
        """At once: every session ends."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/postgres"

    def options(self) -> dict[str, str]:
        """Of a journal in a schema that nobody has."""
        return {"type": "postgres", "url": self.url, "schema": f"campaign-{next(self._numbers)}"}

    def sessions_cut(self, where: str = "true") -> None:
        """End sessions of Pressrun from the server's side."""
        with psycopg.connect(self.url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"  # type: ignore[arg-type]
                f" WHERE application_name = 'pressrun' AND pid <> pg_backend_pid() AND {where}".encode()
            )

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run([self._bin / program, *arguments], cwd=self.folder, capture_output=True, text=True, **AS_ROOT)
        assert done.returncode == 0, done.stderr
