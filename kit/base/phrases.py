"""Numbers and lists in words, said the same way wherever the kit says them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def percent(share: float) -> str:
    """Return a share (0 … 1) in whole per cent: ``"82 %"``. Only nothing is 0 %, only all 100 %."""
    if 0 < share < 0.005:
        return "<1 %"
    if 0.995 <= share < 1:
        return ">99 %"
    return f"{100 * share:.0f} %"


def decimal(value: float) -> str:
    """Return a coefficient of at most 1 with two places, as statistics print it: ``".82"``."""
    text = f"{abs(value):.2f}"
    sign = "−" if value < 0 and text != "0.00" else ""
    return sign + (text[1:] if text.startswith("0") else text)


def plural(n: int, noun: str) -> str:
    """Return a number with its noun: ``"1 block"``, ``"1,388 words"``."""
    return f"{n:,} {noun if n == 1 else noun + 's'}"


def all_of(some: int, total: int, noun: str) -> str:
    """Return ``"12 of 43 blocks"``, or ``"all 43 blocks"``."""
    if some == total > 1:
        return f"all {plural(total, noun)}"
    return f"{some:,} of {plural(total, noun)}"


def join(items: Sequence[str], most: int | None = None) -> str:
    """Return the items as English lists them: ``"a, b and c"``; after ``most``, how many more
    there are."""
    if most is not None and len(items) > most + 1:
        items = [*items[:most], f"{len(items) - most} more"]
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def capital(words: str) -> str:
    """Return words that begin with a capital, whatever they began with."""
    return words[:1].upper() + words[1:]


def one_line(text: str) -> str:
    """Return text from a person with every run of white space and control characters as one
    blank, so that a name cannot break a line or a table."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())


def brief(text: str, most: int = 60) -> str:
    """Return what somebody else wrote as it may stand in a message: on one line, and no longer
    than ``most`` characters."""
    text = one_line(text[: 8 * most])
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def short(name: str) -> str:
    """Return a coder's name on one line and no longer than a picture has room for."""
    return brief(name, 24)


def where(ids: Iterable[str], most: int | None = None) -> str:
    """Return unit ids, given in text order, with runs of blocks as ranges: ``"P1, P6–P9"``;
    after ``most`` of these, how many units more there are."""
    runs: list[list[str]] = []
    for id in ids:
        if runs and _follows(runs[-1][-1], id):
            runs[-1].append(id)
        else:
            runs.append([id])
    said = [f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(run) for run in runs[:most]]
    left = sum(map(len, runs[most:])) if most else 0
    return ", ".join(said) + (f" and {left:,} more" if left else "")


def _follows(before: str, after: str) -> bool:
    one, other = (re.fullmatch(r"P(\d+)", id) for id in (before, after))
    return one is not None and other is not None and int(other[1]) == int(one[1]) + 1
