"""Overrides of a layout: a layer that is different under conditions becomes several, of which one is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from pressrun.language.locale_formats import is_locale, is_region, is_script, locale_code, scripts
from pressrun.load.campaign_reader import Reader
from pressrun.load.layer_list import Condition, KeysOf, LayerList, ListedLayer, joined
from pressrun.model.arrangement import Override
from pressrun.readers.nodes import Node
from pressrun.readers.suggestion import did_you_mean

MOST = 32  # alternatives of one layer


class ReadOverride(Struct, frozen=True):
    """An override and its nodes. ``own`` says that it stands in the layout itself, not in one that it extends."""

    override: Override
    node: Node
    conditions: tuple[Condition, ...]

    def change_of(self, id: str | None) -> Node | None:
        changes = self.node.entries.get("change")
        return changes.entries.get(id) if changes is not None and id is not None else None

    def excludes(self, other: ReadOverride) -> bool:
        """Whether the two never hold together, as far as locales, scripts and regions tell."""
        mine, theirs = self.override, other.override
        if mine.locale and theirs.locale and not any(_together(a, b) for a in mine.locale for b in theirs.locale):
            return True
        pairs = ((mine.script, theirs.script), (mine.region, theirs.region))
        return any(a and b and not set(a) & set(b) for a, b in pairs)


def _together(one: str, other: str) -> bool:
    """Whether a locale can be a case of both."""
    a, b = (f"{locale_code(code)}-" if is_locale(code) else f"{code}-" for code in (one, other))
    return a.startswith(b) or b.startswith(a)


def read_override(reader: Reader, override: Override, node: Node) -> ReadOverride:
    """An override with its conditions as expressions; codes that nobody knows are told."""
    conditions = []
    for key, told in (("locale", _of_locale), ("script", _of_script), ("region", _of_region)):
        codes: Sequence[str] | None = getattr(override, key)
        if codes is None:
            continue
        at = node.entries[key]
        for code, one in zip(codes, at.items or [at], strict=False):
            _check_code(reader, key, code, one)
        conditions.append(Condition(" or ".join(map(told, codes)), at.text or at.place))
    when = node.entries.get("when")
    if override.when is not None and when is not None:
        conditions.append(Condition(override.when, when.text or when.place))
    return ReadOverride(override, node, tuple(conditions))


def _of_locale(code: str) -> str:
    exact = locale_code(code) if is_locale(code) else code
    return f"locale == {exact!r} or locale.startswith({exact + '-'!r})"


def _of_script(code: str) -> str:
    return f"(locale | script) == {code!r}"


def _of_region(code: str) -> str:
    return f"(locale | region) == {str(code)!r}"


def _check_code(reader: Reader, key: str, written: str, node: Node) -> None:
    if key == "locale" and not is_locale(written):
        message = f"'{written}' is no locale that CLDR describes"
        reader.error("unknown-locale", message, node.place, "write a code like de-AT, zh-Hant or ar")
    elif key == "script" and not is_script(written):
        hint = did_you_mean(written, scripts(), "scripts") or "write its four letters, like Arab or Cyrl"
        reader.error("unknown-script", f"there is no script '{written}'", node.place, hint)
    elif key == "region" and not is_region(written):
        reader.error("unknown-region", f"there is no region '{written}'", node.place, "write its code, like GB or 419")


def check_names(reader: Reader, layers: LayerList, own: Iterable[ReadOverride]) -> None:
    """Names in a layout's own overrides are those of its layers; of inherited ones some may be gone."""
    for one in own:
        changes = one.node.entries.get("change")
        for name, change in (changes.entries if changes is not None else {}).items():
            layers.index(name, change.key or change.place)
            if "id" in change.entries:
                message = "an override cannot give a layer another id"
                reader.error("renamed-layer", message, change.entries["id"].place, "delete this key")
        for name, node in named(one.override.remove, one.node.entries.get("remove")):
            layers.index(name, node.place)


def named(names: Sequence[str], node: Node | None) -> Iterator[tuple[str, Node]]:
    """Names that stand alone or in a list, each with its node."""
    return zip(names, (node.items or [node]) if node is not None else (), strict=False)


def alternatives(
    reader: Reader, layer: ListedLayer, overrides: Sequence[ReadOverride], keys_of: KeysOf
) -> list[ListedLayer]:
    """A layer as all overrides that are for it leave it, one for each of their combinations: no two hold together."""
    gone = [one for one in overrides if layer.id is not None and layer.id in one.override.remove]
    for one in gone:
        layer = layer.on(Condition(joined(one.conditions), one.conditions[0].place, holds=False))
    touching = [one for one in overrides if one.change_of(layer.id) is not None]
    together: list[tuple[ReadOverride, ...]] = [()]
    for one in touching:
        together += [(*some, one) for some in together if not any(one.excludes(other) for other in some)]
        if len(together) > MOST:
            message = f"the layer '{layer.id}' would have more than {MOST} forms, as these overrides may hold together"
            hint = "let them exclude each other, by locale, script or region"
            reader.error("too-many-overrides", message, one.node.shown, hint)
            return [layer]
    return [_changed_layer(layer, some, touching, keys_of) for some in together]


def _changed_layer(
    layer: ListedLayer, holding: Sequence[ReadOverride], all_of_them: Sequence[ReadOverride], keys_of: KeysOf
) -> ListedLayer:
    conditions: list[Condition] = []
    for one in all_of_them:
        if one in holding:
            conditions += one.conditions
            change = one.change_of(layer.id)
            layer = layer.changed(change, keys_of) if change is not None else layer
        elif not any(one.excludes(other) for other in holding):
            conditions.append(Condition(joined(one.conditions), one.conditions[0].place, holds=False))
    return layer.on(*conditions)
