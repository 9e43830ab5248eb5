"""The one rule for two who change the same thing.

A change carries what it saw. Where that still stands, it is made; where what it wants stands
already, there is nothing to do; where there is something else by now, both are kept, and somebody
chooses. The rule is the same for a label, a field of an exercise, a note, a mark of a rubric, and
for whole files of two machines.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

#: How many answers that were replaced are kept of one field.
MOST_EARLIER = 5
#: A text that loses so many characters has lost something that somebody may want back.
MUCH = 20
#: How many of the answers that were handed in a record keeps.
MOST_TRIES = 20

Same = Callable[[Any, Any], bool]


def changed(there: Any, was: Any, now: Any, same: Same = operator.eq) -> tuple[Any, bool]:
    """Return what stands there after a change, and whether two have changed it: then what was
    there stays.

    Args:
        there: what stands there; None for nothing.
        was: what whoever changes it saw there.
        now: what shall be there.
        same: when two are the same.
    """
    if same(there, now) or same(was, now):
        return there, False
    if same(there, was):
        return now, False
    return there, True


def merged(
    base: Mapping, ours: Mapping, theirs: Mapping, same: Same = operator.eq
) -> tuple[dict, dict]:
    """Return ``theirs`` with what ``ours`` has changed since ``base``; and by its key, each of
    ours that found something else there."""
    made, torn = dict(theirs), {}
    for key in dict.fromkeys((*base, *ours)):
        now = ours.get(key)
        value, both = changed(theirs.get(key), base.get(key), now, same)
        if both:
            torn[key] = now
        elif value is None:
            made.pop(key, None)
        else:
            made[key] = value
    return made, torn


def merged_notes(base: Mapping, ours: Mapping, theirs: Mapping) -> dict[str, str]:
    """Return free notes as :func:`merged` does; of one that two have written, both texts."""
    made, torn = merged(base, ours, theirs)
    for subject, text in torn.items():
        there = made.get(subject)
        if text and not (there and text in there):
            made[subject] = f"{there}\n\n{text}" if there and there not in text else text
    return made


def merged_records(base: Any, ours: Any, theirs: Any) -> tuple[Any, tuple[str, ...]]:
    """Return a student's records of one exercise as one: the fields by the rule, every answer that
    was handed in; and the fields that both have changed. What ours had there is among the
    ``earlier`` answers.

    Args:
        base, ours, theirs: as a work file has them (see :mod:`kit.exercises.record`), None for
            none. What is no record stands whole against whole.
    """
    if not (isinstance(ours, dict) and isinstance(theirs, dict)):
        there, both = changed(theirs, base, ours)
        if both and isinstance(there, dict):
            kept = dict(_dict(there, "earlier"))
            return {**there, "earlier": {**kept, "?": remembered(kept.get("?", ()), ours)}}, ("?",)
        return there, ("?",) if both else ()
    base = base if isinstance(base, dict) else {}
    special = {"values", "earlier", "first", "tries", "attempts", "hints"}
    was, mine, there = (
        {key: value for key, value in one.items() if key not in special}
        for one in (base, ours, theirs)
    )
    rest, _ = merged(was, mine, there)
    values, torn = merged(_dict(base, "values"), _dict(ours, "values"), _dict(theirs, "values"))
    earlier = {field: _list(texts) for field, texts in _dict(theirs, "earlier").items()}
    for field, texts in _dict(ours, "earlier").items():
        for text in _list(texts):
            earlier[field] = remembered(earlier.get(field, ()), text)
    for field, value in torn.items():
        if value is not None:
            earlier[field] = remembered(earlier.get(field, ()), value)
    tries = list(_list(theirs.get("tries")))
    tries += [one for one in _list(ours.get("tries")) if one not in tries]
    tries.sort(key=_at)
    firsts = [record["first"] for record in (ours, theirs) if record.get("first")]
    before, ours_all, theirs_all = (_count(record, "attempts") for record in (base, ours, theirs))
    made = {
        "values": values,
        "first": min(firsts, key=_at, default=None),
        "tries": tries[-MOST_TRIES:],
        "attempts": max(theirs_all + max(ours_all - before, 0), len(tries)),
        "hints": max(_count(ours, "hints"), _count(theirs, "hints")),
        "earlier": earlier,
    }
    return {**rest, **made}, tuple(torn)


def remembered(earlier: Iterable[Any], value: Any) -> tuple[Any, ...]:
    """Return the answers that are kept of a field, with one more. Of a text and what it grew from
    the longer stays, and of too many the shortest goes."""
    kept = list(earlier)
    for n, one in enumerate(kept):
        shorter, longer = sorted((one, value), key=lambda text: len(str(text)))
        if one == value or (_texts(one, value) and not shortens(shorter, longer)):
            kept[n] = longer
            return tuple(kept)
    kept.append(value)
    if len(kept) > MOST_EARLIER:
        kept.remove(min(kept, key=lambda one: len(str(one))))
    return tuple(kept)


def shortens(old: Any, new: Any) -> bool:
    """Say whether a text of some words lost so much by a change that somebody may want it back."""
    if not isinstance(old, str) or len(old.split()) < 2:
        return False
    new = new if isinstance(new, str) else ""
    most = min(len(old), len(new))
    head = next((n for n in range(most) if old[n] != new[n]), most)
    tail = next((n for n in range(most - head) if old[-1 - n] != new[-1 - n]), most - head)
    gone = len(old) - head - tail
    return gone >= MUCH or 2 * gone > len(old)


def _texts(one: Any, other: Any) -> bool:
    return all(isinstance(text, str) and len(text.split()) > 1 for text in (one, other))


def _dict(record: Mapping, key: str) -> Mapping:
    there = record.get(key)
    return there if isinstance(there, dict) else {}


def _list(there: Any) -> Iterable:
    return there if isinstance(there, list | tuple) else ()


def _count(record: Mapping, key: str) -> int:
    there = record.get(key)
    return there if isinstance(there, int) else 0


def _at(one: Any) -> str:
    return str(one.get("at", "")) if isinstance(one, dict) else ""
