"""How a run tells what it is doing, without knowing who listens."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """``begin`` names a phase and its number of steps; ``step`` says that some are done; ``say`` is a line of text."""

    def begin(self, phase: str, total: int) -> None: ...

    def step(self, count: int = 1) -> None: ...

    def say(self, line: str) -> None: ...


class Silence:
    """Listens to nothing: what a library call gets."""

    def begin(self, phase: str, total: int) -> None:
        pass

    def step(self, count: int = 1) -> None:
        pass

    def say(self, line: str) -> None:
        pass
