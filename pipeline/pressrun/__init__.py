"""Pressrun: brands, templates and a CSV in; finished, checked artwork out.

load -> expand -> plan -> generate -> retouch -> compose -> plate -> typeset -> export -> check -> deliver -> manifest

A singular verb is a stage, one file or folder of that name (``check`` is the face of ``checks/``). A plural noun is an
open set (layers, steps, providers, formats, checks, stores, executors): one file an entry, one line in ``registry``.
``run`` and ``decisions`` conduct, ``doors`` has the ways to the outside, ``commands`` talks to the terminal.
``imposition`` places finished pages on press sheets.
``language`` is what templates and expressions may say; ``readers`` and ``graphics`` are the ground floor; ``model`` is
what flows.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pressrun.run.job import run_job as run_job
    from pressrun.run.rows import run_rows as run_rows

__all__ = ["run_job", "run_rows"]


def __getattr__(name: str) -> Any:
    # Late, so that a worker that imports one stage does not import them all.
    if name == "run_job":
        from pressrun.run.job import run_job

        return run_job
    if name == "run_rows":
        from pressrun.run.rows import run_rows

        return run_rows
    raise AttributeError(name)
