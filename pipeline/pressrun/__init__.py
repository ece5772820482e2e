"""Pressrun: brands, templates and a CSV in; finished, checked artwork out.

load -> expand -> plan -> generate -> retouch -> compose -> plate -> typeset -> export -> check -> deliver -> manifest

A singular verb is a stage; a plural noun (layers, formats, providers, steps, checks, stores, executors) is an open
set, one file an entry; ``model`` is what flows; ``run``, ``conducting``, ``branches``, ``buying``,
``worker`` and ``studio`` conduct.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pressrun.run.rows import run_rows as run_rows
    from pressrun.run.job import run_job as run_job

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
