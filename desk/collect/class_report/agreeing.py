"""How far a class agrees, and on what it does not: strips, figures, and codes that are confused."""

from __future__ import annotations

from markupsafe import Markup

from desk.collect.roll import Roll
from kit.base.phrases import decimal, percent
from kit.base.templating import render

#: How many pairs of codes are shown for a layer.
MOST_PAIRS = 8


def strips(roll: Roll) -> Markup:
    """Return each layer as a strip of the article's paragraphs, darker where more differ."""
    layers = [roll.layer(id) for id in roll.scales]
    made = [(layer, roll.kind_of(layer)) for layer in layers if len(layer.rows) > 1]
    return render("class_report/strips", "desk", strips=made)


def figures(roll: Roll) -> Markup:
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
                    f"{scale.layer.title}, {kind}",
                    f"{f.readers:,}",
                    f"{f.units:,} {'words' if scale.words else 'units'}",
                    percent(f.percent) if f.percent is not None else "",
                    decimal(f.alpha) if f.alpha is not None else "",
                    interval,
                )
            )
    return render("class_report/figures", "desk", rows=rows)


def confusions(roll: Roll) -> Markup:
    """Return which codes meet on the same unit or word, and how often."""
    layers, single = [], []
    for id, scale in roll.scales.items():
        if scale.one_code:
            single.append(scale.layer.title)
            continue
        met = roll.layer(id).confusion()
        total = sum(met.values())
        unequal = [(pair, n) for pair, n in met.most_common() if pair[0] != pair[1]][:MOST_PAIRS]
        rows = [
            (scale.shown(a), scale.shown(b), f"{n:,}", percent(n / total)) for (a, b), n in unequal
        ]
        if rows:
            layers.append((scale.layer.title, rows))
    return render("class_report/confusions", "desk", layers=layers, single=single)
