"""Long sequences whose items are made when they are asked for, and combinations of them without a list of any."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TypeVar, overload

Item = TypeVar("Item")
Item_co = TypeVar("Item_co", covariant=True)


class MadeWhenAsked(Sequence[Item_co]):
    __slots__ = ()

    def _at(self, index: int) -> Item_co:
        """An item by its number from 0. Raises IndexError behind the last."""
        raise NotImplementedError

    @overload
    def __getitem__(self, index: int) -> Item_co: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Item_co]: ...
    def __getitem__(self, index: int | slice) -> Item_co | Sequence[Item_co]:
        if isinstance(index, slice):
            return tuple([self._at(one) for one in range(*index.indices(len(self)))])
        if index < 0 and (index := index + len(self)) < 0:
            raise IndexError(index)
        return self._at(index)

    def __iter__(self) -> Iterator[Item_co]:
        return map(self._at, range(len(self)))


class ReadThrough(Sequence[Item_co]):
    """One whose items come one after the other alone: whoever asks for one by its number has those before it go by."""

    @overload
    def __getitem__(self, index: int) -> Item_co: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Item_co]: ...
    def __getitem__(self, index: int | slice) -> Item_co | Sequence[Item_co]:
        if isinstance(index, slice):
            return tuple(self)[index]
        return next(islice(self, range(len(self))[index], None))


def lazy_product(axes: Sequence[Callable[[], Iterator[Item]]]) -> Iterator[tuple[Item, ...]]:
    """Every combination of what the axes begin to walk through when they are called, the last the fastest."""
    if not axes:
        yield ()
        return
    for before in lazy_product(axes[:-1]):
        for one in axes[-1]():
            yield (*before, one)
