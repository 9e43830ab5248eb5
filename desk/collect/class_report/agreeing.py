"""How far a class agrees, and on what it does not: strips, figures, and codes that are confused."""

from __future__ import annotations

from html import escape

from desk.collect.class_report.common import NOTHING_YET, kind_of, layer_of, one_code
from desk.collect.roll import Roll
from kit.base.html_page import table
from kit.base.phrases import decimal, join, percent, plural

__all__ = ["confusions", "figures", "strips"]

#: How many pairs of codes are shown for a layer.
MOST_PAIRS = 8


def strips(roll: Roll) -> str:
    """Return each layer as a strip of the article's paragraphs, darker where more differ."""
    made = "".join(_strip(roll, id) for id in roll.scales if len(layer_of(roll, id).rows) > 1)
    if not made:
        return NOTHING_YET
    return (
        "<p>Each box is a paragraph; the number in it says of how many pairs of students in a "
        "hundred the two differ there. Darker is more. A dot: there were not two students to "
        "compare.</p>" + made
    )


def _strip(roll: Roll, id: str) -> str:
    layer = layer_of(roll, id)
    boxes = []
    for block, part in layer.by_block().items():
        if part is None:
            boxes.append(f"<li style='background:#fff'><b>{block[1:]}</b>·</li>")
            continue
        light = 100 - round(55 * part)
        boxes.append(
            f"<li style='background:hsl(28 85% {light}%)'><b>{block[1:]}</b>{100 * part:.0f}</li>"
        )
    students = plural(len(layer.rows), "student")
    head = f"{escape(layer.scale.layer.title)}: {students}, {kind_of(roll, layer)}"
    return f"<h3>{head}</h3><ol class='strip'>{''.join(boxes)}</ol>"


def figures(roll: Roll) -> str:
    """Return percent and alpha of each layer."""
    rows = []
    for id, scale in roll.scales.items():
        for kind, layer in (("first", roll.first[id]), ("now", roll.now[id])):
            f = layer.figures
            if f.readers < 2:
                continue
            interval = ""
            if f.interval:
                interval = f"{decimal(f.interval.low)} to {decimal(f.interval.high)}"
            rows.append(
                (
                    f"{escape(scale.layer.title)}, {kind}",
                    f"{f.readers:,}",
                    f"{f.units:,} {'words' if scale.words else 'units'}",
                    escape(percent(f.percent)) if f.percent is not None else "",
                    decimal(f.alpha) if f.alpha is not None else "",
                    interval,
                )
            )
    note = (
        "<p>Percent: of all pairs of students, how many gave the same code (on layers of words: "
        "of those of whom at least one marked the word). Alpha takes off what chance would give; "
        "with few units, or with one code that nearly always fits, it jumps about, and the "
        "interval says how much. No mark depends on either.</p>"
    )
    heads = ("Layer", "Students", "Units", "Percent", "Alpha", "95 % interval")
    return note + table(heads, rows, numbers=range(1, 6)) if rows else NOTHING_YET


def confusions(roll: Roll) -> str:
    """Return which codes meet on the same unit or word, and how often."""
    parts, single = [], []
    for id, scale in roll.scales.items():
        if one_code(scale):
            single.append(escape(scale.layer.title))
            continue
        met = layer_of(roll, id).confusion()
        total = sum(met.values())
        unequal = [(pair, n) for pair, n in met.most_common() if pair[0] != pair[1]][:MOST_PAIRS]
        if not unequal:
            continue
        rows = [
            (escape(scale.shown(a)), escape(scale.shown(b)), f"{n:,}", escape(percent(n / total)))
            for (a, b), n in unequal
        ]
        heads = ("One says", "the other says", "Pairs", "Of all pairs")
        parts.append(f"<h3>{escape(scale.layer.title)}</h3>{table(heads, rows, numbers=(2, 3))}")
    if parts:
        parts.insert(0, "<p>Counted are pairs of students, on each unit or word anew.</p>")
    if single:
        parts.append(
            f"<p>{join(single)}: words are marked or not, and there is no code to take for "
            "another. Where students differ on that, the boxes above say.</p>"
        )
    return "".join(parts) or NOTHING_YET
