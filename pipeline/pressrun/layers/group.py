"""A group: layers that are moved, turned, cut out and laid on as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from pressrun.model.composition import Composing
from pressrun.model.containment import Arranged, Contained
from pressrun.model.layout import ContainerOptions


class GroupLayer(ContainerOptions):
    """The boxes of its layers are measured from its own box."""

    type: Literal["group"] = Field(description="Layers that are moved, turned, cut out and laid on as one.")

    def arrange(self, composing: Composing, children: Sequence[Contained]) -> Arranged:
        made = [child.composed(None) for child in children]
        return Arranged(tuple(mark for one in made for mark in one.marks), composing.rect(self))
