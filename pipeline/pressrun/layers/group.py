"""A group: layers that are moved, turned, cut out and laid on as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from pressrun.model.composition import Arranged, Composing, Contained
from pressrun.model.layout import ContainerOptions


class GroupLayer(ContainerOptions):
    """The boxes of its layers are measured from its own box."""

    type: Literal["group"] = Field(description="Layers that are moved, turned, cut out and laid on as one.")

    def arrange(self, composing: Composing, children: Sequence[Contained]) -> Arranged:
        marks = [mark for child in children for mark in child.composed(None).marks]
        return Arranged(tuple(marks), composing.rect(self))
