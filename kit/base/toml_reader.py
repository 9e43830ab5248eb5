"""Data files that people edit, read strictly: a misspelt key is an error and not a silence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, dataclass_transform

import msgspec

from kit.base.files import content, reason
from kit.base.phrases import brief

T = TypeVar("T")

MAX_BYTES = 2 * 1024 * 1024
#: How many tables and lists may lie in one another, and how large a whole number may be: far more
#: than anybody writes, and no more than every reader of TOML has to understand.
MAX_DEPTH, MAX_NUMBER = 32, 2**63
#: What is said of an entry is no longer, whatever stands in it.
MOST_SAID = 300
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
        error: it cannot be read, is not TOML, is too large or too deep, or is not of the type; the
            sentence names the entry that is at fault.
    """
    name = name or path.name
    try:
        raw = _parsed(content(path, MAX_BYTES).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as problem:  # ValueError: no UTF-8, no TOML, …
        said = "in it things lie within one another without end"
        if not isinstance(problem, RecursionError):
            said = brief(reason(problem), MOST_SAID).rstrip(".")
        raise error(f"{name} cannot be read: {said}.") from None
    if type is dict:
        raw = deepcopy(raw)  # it is parsed once for all, and may be changed
    try:
        return msgspec.convert(raw, type)
    except msgspec.ValidationError as problem:
        said = str(problem)
        raise error(f"{name}{_where(raw, said)}: {brief(said, MOST_SAID)}.") from None


@lru_cache(maxsize=64)
def _parsed(text: str) -> dict[str, Any]:
    """Return what TOML says: the same files are read for each lesson, each exercise, each class,
    and Python parses slowly. What is made of it is made anew."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:  # Python reads no number of thousands of digits
        raise ValueError("it has a number with far too many digits") from None
    _refuse_excess(raw)
    return raw


def _refuse_excess(raw: dict[str, Any]) -> None:
    level: list[Any] = [raw]
    for _ in range(MAX_DEPTH):
        inside: list[Any] = []
        for one in level:
            for value in one.values() if isinstance(one, dict) else one:
                if isinstance(value, dict | list):
                    inside.append(value)
                elif isinstance(value, int) and not -MAX_NUMBER <= value < MAX_NUMBER:
                    raise ValueError("it has a number with far too many digits")
        level = inside
    if level:
        raise ValueError(f"more than {MAX_DEPTH} tables and lists lie in one another in it")


def _where(raw: dict[str, Any], problem: str) -> str:
    """Return which entry a complaint such as “… - at `$.exercises[2].fields`” is about."""
    place = _PLACE.search(problem)
    if not place:
        return ""
    kind, number = place[1], int(place[2])
    entry = raw[f"{kind}s"][number]
    id = entry.get("id") if isinstance(entry, dict) else None
    named = brief(id, 40) if isinstance(id, str) else ""
    return f", {kind} {named or f'number {number + 1}'}"
