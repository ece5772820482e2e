"""From a pydantic error's `loc` to the path in the written file.

A `loc` mixes keys of the file with names that only pydantic knows: the tag of a discriminated union, the label of a
plain union's member, ``[key]``. Which is which can only be told along the model's own types.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import Struct
from pydantic import BaseModel, Discriminator, Tag
from pydantic.fields import FieldInfo

from pressrun.readers.yaml_source import KeyPath


class Located(Struct, frozen=True):
    """Where a `loc` leads: `path` in the file, the `owner` model whose key the last step is, and the `fork`.

    `fork` is the path at which a plain union branched (None without one), `branch` the label of the member that failed.
    `tags` are those of the union that stands there, where its members are told by a tag.
    """

    path: KeyPath
    owner: type[BaseModel] | None
    fork: KeyPath | None
    branch: str | None
    is_key: bool
    tags: tuple[str, ...] = ()


def locate(model: Any, data: Any, loc: Sequence[str | int]) -> Located:
    """Follow `loc` through the type `model` and the plain `data` that was validated."""
    path: KeyPath = ()
    kind: Any = model
    owner: type[BaseModel] | None = None
    fork: KeyPath | None = None
    branch: str | None = None
    is_key = False
    for step in loc:
        kind, discriminator = _bare(kind)
        if step == "[key]":
            is_key = True
            continue
        members = _members(kind)
        if members:
            if discriminator is not None:
                kind = _tagged(members, discriminator, step)
                continue
            if fork is None:
                fork, branch = path, str(step)
            kind = _labelled(members, str(step))
            continue
        if _is_model(kind):
            owner, path, kind = kind, (*path, step), _field_type(kind, str(step))
            data = _value_at(data, step)
            continue
        inner = _item_type(kind, step)
        if inner is not None or _value_at(data, step) is not None:
            path, kind, data, owner = (*path, step), inner, _value_at(data, step), None
    last, discriminator = _bare(kind)
    if owner is None and _is_model(last):
        owner = last
    return Located(path, owner, fork, branch, is_key, tuple(_tags(_members(last), discriminator)))


def key_names(model: type[BaseModel]) -> list[str]:
    """The keys that `model` takes in a file: aliases where it has them."""
    return [_key_of(name, info) for name, info in model.model_fields.items()]


def needed_keys(model: type[BaseModel]) -> list[str]:
    """Those of them that cannot be left out."""
    return [_key_of(name, info) for name, info in model.model_fields.items() if info.is_required()]


def _key_of(name: str, info: FieldInfo) -> str:
    alias = info.validation_alias
    return alias if isinstance(alias, str) else (info.alias or name)


def _bare(kind: Any) -> tuple[Any, Any]:
    """`kind` without ``Annotated``, ``| None`` and type aliases, and its discriminator if it has one."""
    discriminator: Any = None
    while True:
        if hasattr(kind, "__value__"):
            kind = kind.__value__
        elif get_origin(kind) is Annotated:
            kind, *extras = get_args(kind)
            for extra in extras:
                found = extra if isinstance(extra, Discriminator) else getattr(extra, "discriminator", None)
                discriminator = found if found is not None else discriminator
        elif len(rest := _members(kind)) == 1:
            kind = rest[0]
        else:
            return kind, discriminator


def _members(kind: Any) -> tuple[Any, ...]:
    if get_origin(kind) not in (Union, types.UnionType):
        return ()
    return tuple(member for member in get_args(kind) if member is not type(None))


def _tagged(members: tuple[Any, ...], discriminator: Any, tag: str | int) -> Any:
    key = getattr(discriminator, "discriminator", discriminator)
    for member in members:
        if get_origin(member) is Annotated and any(isinstance(x, Tag) and x.tag == tag for x in get_args(member)[1:]):
            return member
        if tag in _tags_of(member, key):
            return member
    return None


def _tags(members: tuple[Any, ...], discriminator: Any) -> Iterator[str]:
    key = getattr(discriminator, "discriminator", discriminator)
    for member in members:
        yield from _tags_of(member, key)


def _tags_of(member: Any, key: Any) -> tuple[str, ...]:
    bare = _bare(member)[0]
    if not (isinstance(key, str) and _is_model(bare) and key in bare.model_fields):
        return ()
    words = _bare(bare.model_fields[key].annotation)[0]
    return get_args(words) if get_origin(words) is Literal else ()


def _labelled(members: tuple[Any, ...], label: str) -> Any:
    for member in members:
        bare = _bare(member)[0]
        name = getattr(bare, "__name__", "") if get_origin(bare) is None else ""
        if name and re.search(rf"\b{re.escape(name)}\b", label):
            return member
    head = label.split("[", 1)[0]
    generic = [member for member in members if getattr(get_origin(_bare(member)[0]), "__name__", None) == head]
    return generic[0] if generic else None


def _field_type(model: type[BaseModel], key: str) -> Any:
    for name, info in model.model_fields.items():
        if key in (name, _key_of(name, info)):
            if info.discriminator is not None:
                return Annotated[info.annotation, _Discriminated(info.discriminator)]
            return Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
    return None


class _Discriminated(Struct, frozen=True):
    discriminator: Any


def _item_type(kind: Any, step: str | int) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if not isinstance(origin, type) or not arguments:
        return None
    if issubclass(origin, Mapping):
        return arguments[-1]
    if origin is tuple and arguments[-1] is not Ellipsis:
        return arguments[step] if isinstance(step, int) and step < len(arguments) else typing.Any
    return arguments[0]


def _value_at(data: Any, step: str | int) -> Any:
    try:
        return data[step]
    except (KeyError, IndexError, TypeError):
        return None


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
