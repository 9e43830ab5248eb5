"""Data files that people edit, read strictly: a misspelt key is an error and not a silence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, dataclass_transform

import msgspec

__all__ = ["TomlTable", "read_toml"]

T = TypeVar("T")
_PLACE = re.compile(r"\$\.(\w+?)s\[(\d+)\]")


# The decorator tells a type checker what msgspec does: who inherits from this is frozen as well.
@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class TomlTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Plain data that has the keys it names and no other."""


def read_toml(path: Path, type: type[T], error: Callable[[str], Exception], name: str = "") -> T:
    """Return what a TOML file holds.

    Args:
        path: the file. Some editors put a byte-order mark at its beginning.
        type: what it must be, such as a :class:`TomlTable` struct.
        error: makes what is raised from a sentence for people.
        name: what that sentence calls the file; its own name if empty.

    Raises:
        error: it cannot be read, is not TOML, or is not of the type; the sentence names the entry
            that is at fault.
    """
    name = name or path.name
    try:
        raw = _parsed(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise error(f"{name} cannot be read: {problem}.") from None
    try:
        return msgspec.convert(raw, type)
    except msgspec.ValidationError as problem:
        raise error(f"{name}{_where(raw, str(problem))}: {problem}.") from None


@lru_cache(maxsize=64)
def _parsed(text: str) -> dict[str, Any]:
    """Return what TOML says: the same files are read for each lesson, each exercise, each class,
    and Python parses slowly. What is made of it is made anew."""
    return tomllib.loads(text)


def _where(raw: dict[str, Any], problem: str) -> str:
    """Return which entry a complaint such as “… - at `$.exercises[2].fields`” is about."""
    place = _PLACE.search(problem)
    if not place:
        return ""
    kind, number = place[1], int(place[2])
    entry = raw[f"{kind}s"][number]
    id = entry.get("id") if isinstance(entry, dict) else None
    return f", {kind} {id or f'number {number + 1}'}"
