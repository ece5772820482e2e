"""The same journal, of each kind there is."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from journals import Opener

from pressrun import registry
from pressrun.model.journal import Journal, JournalOptions


@pytest.fixture(params=list(registry.JOURNALS))
def new_options(request: pytest.FixtureRequest) -> Callable[[], JournalOptions]:
    """What the environment may say of a journal that nobody has."""
    said = request.getfixturevalue("postgres").options if request.param == "postgres" else lambda: {"type": "sqlite"}
    return lambda: registry.JOURNALS[request.param].model_validate(said())


@pytest.fixture
def options(new_options: Callable[[], JournalOptions]) -> JournalOptions:
    return new_options()


@pytest.fixture
def opener(options: JournalOptions, tmp_path: Path) -> Opener:
    """Opens the same journal each time, as other processes are sent it; there is none before the first."""
    assert not options.is_there(tmp_path)
    opener: Opener = pickle.loads(pickle.dumps(options.opener(tmp_path)))
    opener().close()
    assert options.is_there(tmp_path)
    return opener


@pytest.fixture
def journal(opener: Opener) -> Iterator[Journal]:
    journal = opener()
    yield journal
    journal.close()
