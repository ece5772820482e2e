"""What holds for all tests."""

from __future__ import annotations

import functools
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import needed
import pytest
from hypothesis import HealthCheck, settings

from pressrun.graphics.learned import weights as installed
from pressrun.model.learned import Weights

if TYPE_CHECKING:
    from postgres_server import PostgresServer
    from s3_server import S3Server

# No test is about pace: a machine that does something else meanwhile is no fault of the code.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
if settings.get_current_profile_name() != "ci":
    settings.load_profile("unhurried")

# What tests start hears signals as what a terminal starts does, even where `nohup` or `&` started the tests without.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(scope="session")
def kept_fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of fonts for campaigns to share, in all processes of this session: to cut one of Han takes a second."""
    root = tmp_path_factory.getbasetemp()
    return root.parent / "fonts" if "PYTEST_XDIST_WORKER" in os.environ else root / "fonts"


@pytest.fixture(scope="session", autouse=True)
def stand_ins_drawn_once() -> Iterator[None]:
    """The same request gives the same bytes, as the tests of the stand-ins show, which call `draw` itself: campaigns in
    this process, most of which ask for the same pictures, get each drawn once."""
    from pressrun.providers import fpo

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fpo, "draw", functools.lru_cache(maxsize=128)(fpo.draw))
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server that the tests of this process share; who stops it starts it again."""
    from postgres_server import PostgresServer, programs

    if (bin := programs()) is None:
        needed.absent("PostgreSQL")
    server = PostgresServer(bin)
    yield server
    server.remove()


@pytest.fixture
def weights() -> Callable[..., None]:
    """Skips where weights are not installed, for tests that are marked `heavy`."""

    def wanted(*weights: Weights) -> None:
        for one in weights:
            if lack := installed.lack_of(one):
                needed.absent(": ".join(lack), needed.HEAVY)

    return wanted


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """A server of buckets that the tests of this process share; who stops it starts it again."""
    from s3_server import S3Server, with_keys

    with_keys()
    server = S3Server()
    yield server
    server.stop()
