"""What every part of the report on a class says alike."""

from __future__ import annotations

from collections.abc import Iterable

from desk.collect.agreement import ClassLayer, Scale
from desk.collect.roll import Roll
from kit.base.html_page import table, typed

__all__ = ["NOTHING_YET", "bars", "kind_of", "layer_of", "one_code", "who"]

NOTHING_YET = "<p>There is not enough work yet to say anything here.</p>"


def layer_of(roll: Roll, id: str) -> ClassLayer:
    """Return first answers where two students or more committed any, otherwise labels as they
    are now."""
    first = roll.first[id]
    return first if len(first.rows) >= 2 else roll.now[id]


def kind_of(roll: Roll, layer: ClassLayer) -> str:
    """Say which of the two a layer holds."""
    is_first = layer is roll.first[layer.scale.layer.id]
    return "first answers" if is_first else "labels as they are now"


def one_code(scale: Scale) -> bool:
    """Say whether all there is to choose on a layer is to mark words or not."""
    return scale.words and len(scale.layer.codes) < 2


def who(roll: Roll, number: int) -> str:
    """Return a student's name and what stands for it, as HTML; show one of the two."""
    student = roll.students[number]
    return (
        f"<span class='name'>{typed(student.name)}</span><span class='alias'>{student.alias}</span>"
    )


def bars(heads: tuple[str, str], counts: Iterable[tuple[str, int]], caption: str) -> str:
    """Return a table of counts with a bar for each; whoever cannot see the bars has the numbers.

    Args:
        heads: what stands over names and counts.
        counts: names, as HTML, and how many.
        caption: what the table is called, as HTML.
    """
    there = list(counts)
    most = max((n for _, n in there), default=0)
    rows = [
        (
            name,
            f"{n:,}",
            f"<span class='bar' style='width:{100 * n / most:.0f}%'></span>" if n else "",
        )
        for name, n in there
    ]
    return table((*heads, ""), rows, caption=caption, kind="bars", numbers=(1,))
