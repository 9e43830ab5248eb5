"""The kinds of control that there are: each is one file in this folder, and is found there.

Whoever reads an exercise, shows it, checks it, marks it or hands it out asks these classes. What
none of them names is refused, or left out of a hand-out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import msgspec

from kit.base.toml_reader import TomlTable
from kit.exercises.kinds.kind import Kept, Kind


def _found() -> Iterator[type[Kind]]:
    for module in sorted(one.name for one in iter_modules(__path__)):
        for value in vars(import_module(f"{__name__}.{module}")).values():
            if isinstance(value, type) and issubclass(value, Kind) and value is not Kind:
                yield value


#: Every kind, in the order in which their controls stand in a form.
KINDS: list[type[Kind]] = sorted(dict.fromkeys(_found()), key=lambda kind: kind.place)


def statuses() -> dict[str, tuple[str, ...]]:
    """Return the kinds of exercise that there are, and what ``status`` may be in each."""
    return {name: may for kind in KINDS for name, may in kind.statuses.items()}


def belonging() -> dict[str, tuple[str, ...]]:
    """Return the keys that belong to some kinds of exercise only, and to which."""
    found: dict[str, tuple[str, ...]] = {}
    for kind in KINDS:
        for key in kind.Keys.__struct_fields__ if kind.where else ():
            found[key] = (*found.get(key, ()), *kind.where)
    return found


def kept(exercise: str) -> Iterator[tuple[str, Kept]]:
    """Yield the keys that a hand-out for a mark keeps of a kind of exercise, and what of them."""
    for kind in KINDS:
        if not kind.where or exercise in kind.where:
            yield from kind.kept.items()


def controls(exercise: Any) -> list[Kind]:
    """Return the controls of an exercise, in the order of its form."""
    return [control for kind in KINDS for control in kind.of(exercise)]


def with_keys(base: type[TomlTable], name: str, module: str) -> Any:
    """Return a struct that has every kind's keys besides those of ``base``."""
    keys = {key.name: key for kind in KINDS for key in msgspec.structs.fields(kind.Keys)}
    fields = []
    for key in keys.values():
        default = key.default
        if default is msgspec.NODEFAULT:
            default = msgspec.field(default_factory=key.default_factory)
        fields.append((key.name, key.type, default))
    return msgspec.defstruct(name, fields, bases=(base,), module=module, frozen=True)


def clean(exercise: Any, values: Any) -> dict[str, Any]:
    """Return what a page sent as answers, by control, as plain JSON data. A page is not to be
    trusted: what names something that the exercise has not, is far too long, empty or of another
    type counts as no answer."""
    if not isinstance(values, Mapping):
        return {}
    kept = {one.id: one.clean(values.get(one.id)) for one in controls(exercise)}
    return {id: value for id, value in kept.items() if value}
