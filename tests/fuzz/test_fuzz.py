"""A bounded round for every reader: no traceback, no hang, no gigabyte. Longer ones are run by hand (see ``__init__``)."""

from __future__ import annotations

import random
import subprocess

import pytest
from warm_process import WarmProcess

from .inputs import input_of
from .readers import READERS
from .rounds import ROOT, found_by

INPUTS = 60


def warm(arguments: list[str]) -> WarmProcess:
    return WarmProcess(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.parametrize("reader", READERS)
def test_whatever_comes_is_read_or_refused(reader: str) -> None:
    assert [f"{found.number}: {found.what}" for found in found_by(reader, 0, INPUTS, warm)] == []


def test_an_input_is_made_from_its_number_alone() -> None:
    first, again, other = (input_of(READERS["csv"], random.Random(seed)) for seed in ("csv 1", "csv 1", "csv 2"))
    assert first == again != other
