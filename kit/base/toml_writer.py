"""Plain data as the text of a TOML file."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from typing import Any


def to_toml(table: Mapping[str, Any]) -> bytes:
    """Return a file that holds a table, in UTF-8.

    Args:
        table: by key, text, numbers, truth, dates, lists and tables of these. A list of tables
            becomes sections ``[[key]]`` after all else; tables elsewhere stand within their line.

    Raises:
        TypeError: a value is of no kind that TOML has.
    """
    sections = {key: value for key, value in table.items() if _is_sections(value)}
    lines = [f"{_key(key)} = {_value(one)}" for key, one in table.items() if key not in sections]
    for key, entries in sections.items():
        for entry in entries:
            lines += ["", f"[[{_key(key)}]]"]
            lines += [f"{_key(name)} = {_value(one)}" for name, one in entry.items()]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _is_sections(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, datetime.date):
        return value.isoformat()
    # JSON writes strings, numbers and truth as TOML does; only the sign DEL it leaves bare.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
