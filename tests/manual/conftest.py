"""The manual, made once and without its pictures."""

from __future__ import annotations

import pytest
from manual_kit import Manual, Read

from pressrun.commands.chapters.book import chapters
from pressrun.commands.chapters.bound_files import bound
from pressrun.commands.chapters.examples import examples
from pressrun.commands.chapters.guides import guides
from pressrun.commands.cli import cli


@pytest.fixture(scope="session")
def manual() -> Manual:
    some = chapters(cli, guides(), examples())
    files = dict(bound(some, {}))
    return Manual(some, files, {name: Read(text) for name, text in files.items() if name.endswith(".html")})
