"""What every part of the report on a class says alike."""

from __future__ import annotations

from markupsafe import Markup

from desk.collect.agreement import ClassLayer
from desk.collect.roll import Roll
from kit.base.templating import render

__all__ = ["drawn", "kind_of", "layer_of"]


def drawn(name: str, **values: object) -> Markup:
    """Return a part of the report as HTML, from its template and what that needs."""
    return render(f"class_report/{name}", "desk", **values)


def layer_of(roll: Roll, id: str) -> ClassLayer:
    """Return first answers where two students or more committed any, otherwise labels as they
    are now."""
    first = roll.first[id]
    return first if len(first.rows) >= 2 else roll.now[id]


def kind_of(roll: Roll, layer: ClassLayer) -> str:
    """Say which of the two a layer holds."""
    is_first = layer is roll.first[layer.scale.layer.id]
    return "first answers" if is_first else "labels as they are now"
